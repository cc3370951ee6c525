/** An etcd for tests: one member with its own data on a free port, so that it can be killed and started again. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Daemon, debianProgram } from './debian.ts';
import { postJson } from './discovery.ts';
import { closedPort } from './upstream.ts';

/** How long it may take to start. In milliseconds. */
const LIMIT = 15_000;

export class Etcd {
  readonly url: string;
  readonly #peer: string;
  readonly #daemon: Daemon;

  private constructor(daemon: Daemon, port: number, peerPort: number) {
    this.#daemon = daemon;
    this.url = `http://127.0.0.1:${port}`;
    this.#peer = `http://127.0.0.1:${peerPort}`;
  }

  static async start(): Promise<Etcd> {
    const etcd = new Etcd(
      new Daemon(await debianProgram('etcd', 'etcd-server')),
      await closedPort(),
      await closedPort(),
    );
    await etcd.start();
    return etcd;
  }

  /** Starts it again after it was killed, with all that it had written. */
  async start(): Promise<void> {
    const settings = {
      'data-dir': join(this.#daemon.folder, 'data'),
      'log-level': 'error',
      'listen-client-urls': this.url,
      'advertise-client-urls': this.url,
      'listen-peer-urls': this.#peer,
      'initial-advertise-peer-urls': this.#peer,
      'initial-cluster': `default=${this.#peer}`,
    };
    this.#daemon.start(Object.entries(settings).map(([name, value]) => `--${name}=${value}`));
    for (const deadline = performance.now() + LIMIT; ; await sleep(20)) {
      if (!this.#daemon.isRunning) throw new Error(`etcd did not start: ${this.#daemon.log}`);
      try {
        await this.#call('kv/range', { key: base64('/') });
        return;
      } catch (error) {
        if (performance.now() > deadline) throw error;
      }
    }
  }

  async kill(): Promise<void> {
    await this.#daemon.end();
  }

  /** @returns the revision of it */
  async put(key: string, value: string, lease?: string): Promise<string> {
    const pair = { key: base64(key), value: base64(value) };
    return revisionOf(await this.#call('kv/put', lease === undefined ? pair : { ...pair, lease }));
  }

  /** Puts many keys, in as few requests as etcd allows. */
  async putAll(pairs: readonly (readonly [key: string, value: string])[]): Promise<void> {
    for (let start = 0; start < pairs.length; start += 128) {
      const some = pairs.slice(start, start + 128);
      const success = some.map(([key, value]) => ({ request_put: { key: base64(key), value: base64(value) } }));
      await this.#call('kv/txn', { success });
    }
  }

  async delete(key: string): Promise<void> {
    await this.#call('kv/deleterange', { key: base64(key) });
  }

  /** Forgets what was before a revision. */
  async compact(revision: string): Promise<void> {
    await this.#call('kv/compaction', { revision, physical: true });
  }

  /** @returns the number of a lease, with which keys go after as many seconds */
  async grant(seconds: number): Promise<string> {
    const answer = await this.#call('lease/grant', { TTL: String(seconds) });
    if (typeof answer === 'object' && answer !== null && 'ID' in answer) return String(answer.ID);
    throw new Error('etcd granted no lease');
  }

  async #call(path: string, body: unknown): Promise<unknown> {
    return postJson(`${this.url}/v3/${path}`, body);
  }
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}

function revisionOf(answer: unknown): string {
  const [, revision] = /"revision":"(\d+)"/.exec(JSON.stringify(answer)) ?? [];
  if (revision === undefined) throw new Error('etcd told no revision');
  return revision;
}
