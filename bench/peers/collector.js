// A collector of spans that takes everything and keeps nothing.
import { createServer } from 'node:http';

const [port] = process.argv.slice(2);

createServer((request, response) => {
  request.resume();
  request.on('end', () => response.end('{}'));
}).listen(Number(port), '127.0.0.1');
