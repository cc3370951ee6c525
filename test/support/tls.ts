import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { createAuthority, createCertificate, type CertificatePair } from '../../src/cli/dev-certificates.ts';
import { within } from './arrivals.ts';

/** An authority of a test, and the certificates that it signs. */
export class TestAuthority {
  readonly #pair: CertificatePair;

  private constructor(pair: CertificatePair) {
    this.#pair = pair;
  }

  static async create(): Promise<TestAuthority> {
    return new TestAuthority(await createAuthority('test authority', new Date()));
  }

  get cert(): string {
    return this.#pair.cert;
  }

  async sign(...hosts: string[]): Promise<CertificatePair> {
    return createCertificate(this.#pair, hosts, new Date());
  }

  /** Writes a certificate and its key into a folder: `name.crt` and `name.key`. */
  async write(folder: string, name: string, ...hosts: string[]): Promise<CertificatePair> {
    const pair = await this.sign(...hosts);
    await writeFile(join(folder, `${name}.key`), pair.key);
    await writeFile(join(folder, `${name}.crt`), pair.cert);
    return pair;
  }
}

/** What a handshake came to. */
export interface Handshake {
  /** The names that the certificate is for: `DNS:localhost`. */
  readonly names: string;
  readonly fingerprint: string;
  readonly protocol: string | null;
  /** False when none was chosen. */
  readonly alpn: string | false | null;
}

/** Shakes hands, and gives the connection. Whose the certificate is makes no difference. */
export async function secureSocket(port: number, options: ConnectionOptions = {}): Promise<TLSSocket> {
  const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...options });
  const secured = new Promise<void>((resolve, reject) => {
    socket.once('secureConnect', resolve);
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('the connection closed within the handshake')));
  });
  await within(secured, 'a TLS handshake');
  socket.on('error', () => undefined);
  return socket;
}

/** Shakes hands, and closes the connection. */
export async function shakeHands(port: number, options: ConnectionOptions = {}): Promise<Handshake> {
  const socket = await secureSocket(port, options);
  const { subjectaltname = '', fingerprint256 } = socket.getPeerCertificate();
  const shaken = {
    names: subjectaltname,
    fingerprint: fingerprint256,
    protocol: socket.getProtocol(),
    alpn: socket.alpnProtocol,
  };
  // In order, so that the other side sees the end of the handshake before that of the connection.
  const gone = once(socket, 'close');
  socket.resume().end();
  await within(gone, 'a connection to close');
  return shaken;
}

/** Sends a request for / on a connection, and gives what comes until it ends; empty when it is refused. */
export async function ask(socket: TLSSocket): Promise<string> {
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
  socket.write('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
  await within(new Promise((resolve) => socket.once('close', resolve)), 'the end of a connection');
  return text;
}

export async function closed(socket: TLSSocket): Promise<void> {
  if (socket.closed) return;
  const gone = new Promise((resolve) => socket.once('close', resolve));
  socket.destroy();
  await within(gone, 'a connection to close');
}
