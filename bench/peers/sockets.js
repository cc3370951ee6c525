// Not a proxy that anyone should run, but a floor: what it costs on Node to move the bytes of a request and its answer
// between two raw sockets. It takes the upstream socket from a pool for each request and parses just enough of the answer,
// its Content-Length, to know when the socket is free again. Nothing else works: no chunked answers, no HEAD, no
// pipelining, and the upstream must not answer before it has the whole request.
import { connect, createServer } from 'node:net';

const [port, upstreamPort] = process.argv.slice(2);
const idle = [];

createServer({ noDelay: true }, (client) => {
  let upstream = null;
  client.on('data', (chunk) => {
    upstream ??= take(client, () => (upstream = null));
    if (!upstream.write(chunk)) client.pause();
  });
  // An answer under way is of no use to anyone now, and its socket would carry the rest of it into the next exchange.
  client.on('close', () => upstream?.destroy());
  client.on('error', () => client.destroy());
}).listen(Number(port), '127.0.0.1');

/** Takes an upstream socket for one exchange with a client. */
function take(client, onFree) {
  const socket = idle.pop() ?? connectUpstream();
  let missing = NaN;
  let head = null;

  const onData = (chunk) => {
    if (!client.write(chunk)) socket.pause();
    if (Number.isNaN(missing)) {
      head = head === null ? chunk : Buffer.concat([head, chunk]);
      missing = bytesMissing(head);
    } else {
      missing -= chunk.length;
    }
    if (missing === 0) free();
  };
  const resumeSocket = () => socket.resume();
  const resumeClient = () => client.resume();
  const fail = () => client.destroy();
  const free = () => {
    release();
    // The client may have been paused for this socket, or this socket for the client; neither hears of it any more.
    client.resume();
    socket.resume();
    idle.push(socket);
    onFree();
  };
  const release = () => {
    socket.off('data', onData).off('drain', resumeClient).off('close', fail);
    client.off('drain', resumeSocket);
  };

  socket.on('data', onData).on('drain', resumeClient).on('close', fail);
  client.on('drain', resumeSocket);
  return socket;
}

function connectUpstream() {
  const socket = connect({ port: Number(upstreamPort), host: '127.0.0.1', noDelay: true });
  socket.on('error', () => socket.destroy());
  socket.on('close', () => {
    const index = idle.indexOf(socket);
    if (index >= 0) idle.splice(index, 1);
  });
  return socket;
}

/** How much of an answer is still to come after these bytes; NaN while its head is incomplete. */
function bytesMissing(answer) {
  const end = answer.indexOf('\r\n\r\n');
  if (end < 0) return NaN;
  const length = /\r\ncontent-length: *(\d+)/i.exec(answer.latin1Slice(0, end));
  if (length === null) throw new Error('an answer without Content-Length');
  return end + 4 + Number(length[1]) - answer.length;
}
