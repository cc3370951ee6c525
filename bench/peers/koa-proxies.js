import { Agent } from 'node:http';
import Koa from 'koa';
import proxy from 'koa-proxies';

const [port, upstreamPort] = process.argv.slice(2);

// Without an agent of its own, http-proxy opens a connection for each request.
const agent = new Agent({ keepAlive: true, maxFreeSockets: 256 });
const app = new Koa();
app.use(proxy('/', { target: `http://127.0.0.1:${upstreamPort}`, agent, logs: false }));
// A client that leaves rejects the promise of its exchange; Koa would print each.
app.silent = true;
app.listen(Number(port), '127.0.0.1');
