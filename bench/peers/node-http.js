// The least that a server on Node does to answer from memory: node:http, a look-up by path, fields and content that are
// there already. It neither logs nor counts, and knows nothing of freshness, conditions or variants.
import { createServer } from 'node:http';
import { KEEP_ALIVE_MS, storedAnswers } from './stored.js';

const [port, upstreamPort] = process.argv.slice(2);
const answers = await storedAnswers(upstreamPort);

createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
  const { headers, body } = answers.get(request.url);
  response.writeHead(200, headers);
  response.end(body);
}).listen(Number(port), '127.0.0.1');
