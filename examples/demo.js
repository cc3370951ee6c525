/**
 * `npm start`: a small upstream and the gateway in front of it, on examples/quickstart.yaml.
 * Everything is on loopback; Ctrl-C stops both.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';

const UPSTREAM_PORT = 9001;
const gatewayctl = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const config = fileURLToPath(new URL('quickstart.yaml', import.meta.url));

/** Answers every request with what it received, so that one sees what the gateway changed. */
const upstream = createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8');
  request.on('data', (chunk) => (body += chunk));
  request.on('end', () => {
    const name = /^\/greetings\/(.+)$/.exec(request.url ?? '')?.[1];
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify(
        {
          ...(name === undefined ? {} : { message: `Hello, ${decodeURIComponent(name)}!` }),
          received: { method: request.method, path: request.url, headers: request.headers, body },
        },
        undefined,
        2,
      ) + '\n',
    );
  });
});

upstream.on('error', (error) => {
  process.stderr.write(`The demo upstream cannot listen on port ${UPSTREAM_PORT}: ${error.message}\n`);
  process.exitCode = 1;
});
upstream.listen(UPSTREAM_PORT, '127.0.0.1');
await once(upstream, 'listening');

const gateway = spawn(process.execPath, [gatewayctl, 'serve', '-c', config], {
  // In a group of its own: Ctrl-C reaches this process, which passes it on once. A second one would cut requests off.
  detached: true,
  stdio: ['ignore', 'pipe', 'inherit'],
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => gateway.kill(signal));
gateway.on('exit', (code) => {
  upstream.close();
  upstream.closeAllConnections();
  process.exitCode = code ?? 1;
});

let serving = false;
for await (const chunk of gateway.stdout) {
  process.stdout.write(chunk);
  if (serving || !String(chunk).includes('"serving"')) continue;
  serving = true;
  process.stdout.write(`
The gateway serves ${config}

  curl http://127.0.0.1:8080/hello/you        through the gateway to the demo upstream
  curl http://127.0.0.1:9901/readyz           is it ready?
  curl http://127.0.0.1:9901/metrics          what does it count?
  http://127.0.0.1:9901/                      all of it on a page, in a browser

Change the file while it runs: it is reloaded when you save. Ctrl-C stops both.

`);
}
