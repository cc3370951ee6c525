/** Whoever was told that it is registered, is: also when the gateway is killed in the next moment. */
import { writeFileSync } from 'node:fs';
import { Agent } from 'node:http';
import { join } from 'node:path';
import { expect } from 'chai';
import { createKey } from '../../../src/auth/key-folder.ts';
import { migrateUp } from '../../../src/database/migrations.ts';
import { openDatabase, type DatabaseOptions } from '../../../src/database/open.ts';
import { call, type Answered } from '../../support/client.ts';
import { DATABASES } from '../../support/databases.ts';
import { newDataDir, POOL } from '../../support/embedded.ts';
import { TestProcess } from '../../support/process.ts';
import { Opened, until, yaml } from '../../support/reload.ts';

const PASSWORD = 'correct horse battery';
const REGISTRATIONS = 1000;
/** So many at once, each on a connection of its own. */
const CLIENTS = 8;

function configOf({ url, dataDir }: DatabaseOptions, keys: string): string {
  return yaml(`database: { ${url === '' ? `dataDir: "${dataDir}"` : `url: "${url}"`} }
identity:
  registration: open
  tokens: { issuer: "https://gateway.test", audience: "https://api.test", algorithm: ES256, keys: "${keys}" }
  passwords: { bcryptCost: 4 }
  rateLimit: { requests: 100000, per: 1m }
routes:
  - { name: open, match: { path: /open }, access: public, respond: { status: 200, body: open } }
`);
}

async function post(address: string, path: string, email: string, agent?: Agent): Promise<Answered> {
  return call(`http://${address}/auth${path}`, {
    method: 'POST',
    headers: ['content-type', 'application/json'],
    body: JSON.stringify({ email, password: PASSWORD }),
    ...(agent === undefined ? {} : { agent }),
  });
}

for (const kind of DATABASES) {
  describe(`a gateway that is killed while users register on ${kind.name}`, function () {
    this.timeout(120_000);
    const opened = new Opened();

    /** Starts the gateway, and waits until its database can be asked. */
    async function serve(file: string): Promise<{ readonly gateway: TestProcess; readonly address: string }> {
      const gateway = TestProcess.gatewayctl(['serve', '-c', file], (close) => opened.add(close));
      const { address } = await gateway.serving();
      await gateway.logged('the database can be asked');
      return { gateway, address };
    }

    it('has everybody who was told so, and nobody in part', async () => {
      const options = { ...(await kind.options()), pool: POOL };
      const keys = newDataDir();
      await createKey(keys, 'ES256', Date.now() - 60_000);
      if (options.url !== '') {
        const database = openDatabase(options);
        await migrateUp(database);
        await database.close();
      }
      const file = join(opened.folder(), 'gateway.yaml');
      writeFileSync(file, configOf(options, keys));

      const first = await serve(file);
      const sent: string[] = [];
      const acknowledged: string[] = [];
      const refused: number[] = [];
      const client = async (): Promise<void> => {
        const agent = new Agent({ keepAlive: true, maxSockets: 1 });
        try {
          while (sent.length < REGISTRATIONS) {
            const email = `user${sent.length}@example.com`;
            sent.push(email);
            const { status } = await post(first.address, '/register', email, agent);
            if (status === 201) acknowledged.push(email);
            else refused.push(status);
            if (acknowledged.length === REGISTRATIONS / 2) first.gateway.kill('SIGKILL');
          }
        } catch {
          // Nobody answers any more.
        } finally {
          agent.destroy();
        }
      };
      await Promise.all(Array.from({ length: CLIENTS }, client));
      expect(await first.gateway.end()).to.deep.equal({ code: null, signal: 'SIGKILL' });
      expect(refused).to.deep.equal([]);
      // It was killed in the middle.
      expect(acknowledged.length).to.be.within(REGISTRATIONS / 2, REGISTRATIONS - 1);

      const second = await serve(file);
      const database = openDatabase(options);
      opened.add(async () => database.close());
      await database.ready;
      const rows = await database.query<{ email: string }>('SELECT email FROM users');
      const found = new Set(rows.map(({ email }) => email));
      expect(acknowledged.filter((email) => !found.has(email))).to.deep.equal([]);
      // Of those whose answer did not arrive some are there: as many as there were connections, at the most.
      expect(rows.length)
        .to.equal(found.size)
        .and.to.be.at.most(acknowledged.length + CLIENTS);
      expect(sent).to.include.members([...found]);

      // Each of those who are there can log in, and nobody can register once more.
      const last = [...found].filter((email) => !acknowledged.slice(0, -20).includes(email));
      for (const email of last) {
        expect((await post(second.address, '/login', email)).status, email).to.equal(200);
        expect((await post(second.address, '/register', email)).status, email).to.equal(409);
      }
      await until('a new user can register', async () => {
        const { status } = await post(second.address, '/register', 'new@example.com');
        return status === 201;
      });
      await database.close();
      second.gateway.kill('SIGTERM');
      expect(await second.gateway.end()).to.deep.equal({ code: 0, signal: null });
    });
  });
}
