/** A DNS server for tests: dnsmasq on a free port, which answers for `test.` and asks nobody else. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Resolver } from 'node:dns/promises';
import { Daemon, debianProgram } from './debian.ts';
import { closedPort } from './upstream.ts';

/** How long it may take to start. In milliseconds. */
const LIMIT = 10_000;

/** What a server answers. */
export interface Zone {
  /** Addresses of both families, by name. */
  readonly hosts?: Readonly<Record<string, readonly string[]>>;
  /** As `--srv-host` has them: `name,target,port,priority,weight`. */
  readonly srv?: readonly string[];
  /** Of all addresses, in seconds. */
  readonly ttl?: number;
}

export class Dnsmasq {
  /** As `Resolver.setServers` has it. */
  readonly server: string;
  readonly #port: number;
  readonly #daemon: Daemon;
  #served = 0;

  private constructor(daemon: Daemon, port: number) {
    this.#daemon = daemon;
    this.#port = port;
    this.server = `127.0.0.1:${port}`;
  }

  static async create(): Promise<Dnsmasq> {
    return new Dnsmasq(new Daemon(await debianProgram('dnsmasq', 'dnsmasq-base')), await closedPort());
  }

  /** Answers this from now on. It is started anew, since it reads SRV records only then. */
  async serve({ hosts = {}, srv = [], ttl = 1 }: Zone): Promise<void> {
    await this.stop();
    this.#served += 1;
    const ready = `ready-${this.#served}.test`;
    const lines = Object.entries(hosts).flatMap(([name, addresses]) => addresses.map((each) => `${each} ${name}`));
    const file = join(this.#daemon.folder, 'hosts');
    await writeFile(file, `${lines.join('\n')}\n127.0.0.1 ${ready}\n`);
    this.#daemon.start([
      '--no-daemon',
      '--conf-file=/dev/null',
      '--no-resolv',
      '--no-hosts',
      '--log-queries',
      `--port=${this.#port}`,
      '--listen-address=127.0.0.1',
      '--bind-interfaces',
      '--local=/test/',
      `--local-ttl=${ttl}`,
      `--addn-hosts=${file}`,
      ...srv.map((record) => `--srv-host=${record}`),
    ]);
    for (const deadline = performance.now() + LIMIT; ;) {
      if (!this.#daemon.isRunning) throw new Error(`dnsmasq did not start: ${this.#daemon.log}`);
      const resolver = new Resolver({ timeout: 50, tries: 1 });
      resolver.setServers([this.server]);
      try {
        await resolver.resolve4(ready);
        return;
      } catch (error) {
        if (performance.now() > deadline) throw error;
      }
    }
  }

  /** How often a record was asked for since it serves this. */
  queries(type: 'A' | 'AAAA' | 'SRV', name: string): number {
    return this.#daemon.log.split(`query[${type}] ${name} from`).length - 1;
  }

  async stop(): Promise<void> {
    await this.#daemon.end();
  }

  /** Stops it in its tracks: what is asked then is never answered. */
  freeze(): void {
    this.#daemon.signal('SIGSTOP');
  }
}
