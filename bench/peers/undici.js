// The least that an honest HTTP proxy on Node does: node:http in front, undici's dispatch behind. Headers pass as raw
// arrays, without those of the single hop; a slow side slows the other; a client that leaves ends the upstream request.
// It neither logs nor counts, matches no routes and retries nothing.
import { createServer } from 'node:http';
import { Pool } from 'undici';

const [port, upstreamPort] = process.argv.slice(2);
const pool = new Pool(`http://127.0.0.1:${upstreamPort}`, { connections: 256 });

const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

createServer((request, response) => {
  const hasBody = 'content-length' in request.headers || 'transfer-encoding' in request.headers;
  const options = {
    path: request.url,
    method: request.method,
    headers: endToEnd(request.rawHeaders),
    body: hasBody ? request : null,
  };
  pool.dispatch(options, new Exchange(response));
}).listen(Number(port), '127.0.0.1');

/** Carries one answer from undici to the client. */
class Exchange {
  #response;
  #abort = () => {};
  #resume = () => {};

  constructor(response) {
    this.#response = response;
    // Also emitted after a complete answer, when there is nothing left to abort.
    response.once('close', () => {
      if (!response.writableFinished) this.#abort(new Error('the client has left'));
    });
  }

  onConnect(abort) {
    if (this.#response.destroyed) abort(new Error('the client has left'));
    else this.#abort = abort;
  }

  onHeaders(status, rawHeaders, resume, statusText) {
    // An interim answer. Node sends its own where it is needed.
    if (status < 200) return true;
    const headers = rawHeaders.map((bytes) => bytes.toString('latin1'));
    this.#response.writeHead(status, statusText, endToEnd(headers));
    this.#resume = resume;
    this.#response.on('drain', resume);
    return true;
  }

  onData(chunk) {
    return this.#response.write(chunk);
  }

  onComplete() {
    // From here on, what would be resumed is the next answer on the same upstream connection.
    this.#response.off('drain', this.#resume);
    this.#response.end();
  }

  onError() {
    if (this.#response.headersSent) this.#response.destroy();
    else this.#response.writeHead(502).end();
  }
}

/** Leaves out the headers that are meant for one connection, and those that `Connection` names. RFC 9110, 7.6.1. */
function endToEnd(rawHeaders) {
  let named;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    if (rawHeaders[index].toLowerCase() !== 'connection') continue;
    named ??= new Set();
    for (const name of rawHeaders[index + 1].split(',')) named.add(name.trim().toLowerCase());
  }
  const kept = [];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index].toLowerCase();
    if (!HOP_BY_HOP.has(name) && !named?.has(name)) kept.push(rawHeaders[index], rawHeaders[index + 1]);
  }
  return kept;
}
