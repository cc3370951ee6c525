/** The clients that docs/registry.md gives away, run as they are. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { within } from '../../support/arrivals.ts';
import { RegistryAdmin } from '../../support/registry.ts';

const TOKEN = 'the-registry-token';
/** In seconds; it is renewed each second. */
const TTL = '3';

function example(name: string): string {
  return fileURLToPath(new URL(`../../../examples/registry/${name}`, import.meta.url));
}

/** A client that runs. */
class Client {
  stderr = '';
  readonly #child;
  readonly #ended;

  constructor([program, file]: readonly [string, string], args: readonly string[], token = TOKEN) {
    this.#child = spawn(program, [file, ...args], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, REGISTRY_TOKEN: token },
    });
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    this.#ended = once(this.#child, 'close');
  }

  /** Waits until something was said. */
  async says(pattern: RegExp): Promise<void> {
    while (!pattern.test(this.stderr)) await within(once(this.#child.stderr, 'data'), `${pattern} in ${this.stderr}`);
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** @returns its exit code, or what ended it */
  async end(): Promise<unknown> {
    const [code, signal]: unknown[] = await within(this.#ended, 'the end of the client');
    return code ?? signal;
  }

  async close(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }
}

for (const [name, command] of [
  ['register.mjs', [process.execPath, example('register.mjs')]],
  ['register.sh', ['bash', example('register.sh')]],
] as const) {
  describe(`examples/registry/${name}`, () => {
    const admin = new RegistryAdmin();
    const clients: Client[] = [];

    beforeEach(async () => {
      admin.registryToken = TOKEN;
      await admin.open();
    });
    afterEach(async () => {
      for (const client of clients.splice(0)) await client.close();
      await admin.close();
    });

    const run = (args: readonly string[], token?: string): Client => {
      const client = new Client(command, args, token);
      clients.push(client);
      return client;
    };
    const ORDERS = ['orders', 'orders-1', 'http://a.test:9001', TTL];

    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      it(`registers, renews, and deregisters on ${signal}`, async () => {
        const client = run([admin.url, ...ORDERS]);
        await admin.registry.done.at(1);
        const [instance] = admin.registry.instances('orders');
        expect(instance).to.deep.include({ id: 'orders-1', origin: 'http://a.test:9001', weight: 1, metadata: {} });
        client.kill(signal);
        expect(await client.end()).to.equal(0);
        expect(admin.registry.done.items.slice(0, 2)).to.deep.equal(['created orders-1', 'renewed orders-1']);
        expect(admin.registry.done.items.at(-1)).to.equal('removed orders-1');
        expect(admin.registry.instances('orders')).to.deep.equal([]);
        expect(client.stderr).to.equal('');
      });
    }

    it('goes on when the gateway goes and comes back without knowing it', async () => {
      const { port } = admin;
      const client = run([admin.url, ...ORDERS]);
      await admin.registry.done.at(0);
      await admin.close();
      await client.says(/ECONNREFUSED|[Cc]onnect|UND_ERR_SOCKET|ECONNRESET/);
      await admin.open(port);
      expect(await admin.registry.done.at(0)).to.equal('created orders-1');
      client.kill('SIGTERM');
      expect(await client.end()).to.equal(0);
      expect(admin.registry.done.items.at(-1)).to.equal('removed orders-1');
    });

    it('says so when it is refused, and ends all the same', async () => {
      const client = run([admin.url, ...ORDERS], 'wrong');
      await client.says(/401/);
      client.kill('SIGTERM');
      expect(await client.end()).to.equal(0);
      expect(admin.registry.done.items).to.deep.equal([]);
      expect(client.stderr).to.not.include('wrong');
    });

    it('tells how it is used', async () => {
      const client = run(['http://127.0.0.1:1', 'orders']);
      expect(await client.end()).to.equal(2);
      expect(client.stderr).to.match(/^usage: REGISTRY_TOKEN=/);
    });
  });
}
