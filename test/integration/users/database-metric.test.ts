/** How the metrics tell of the database, from before there is one to after nothing needs it any more. */
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import { createKey } from '../../../src/auth/key-folder.ts';
import { migrateUp } from '../../../src/database/migrations.ts';
import { openDatabase } from '../../../src/database/open.ts';
import { call } from '../../support/client.ts';
import { newDataDir, POOL } from '../../support/embedded.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { postgres, type PostgresServer } from '../../support/postgres.ts';
import { Opened } from '../../support/reload.ts';

const PUBLIC = 'routes: [{ name: own, match: { path: / }, respond: { status: 200 } }]\n';
/** How long a test waits for what takes seconds; in milliseconds. */
const LIMIT = 40_000;

/** The value of the series; undefined when there is none. */
async function databaseUp({ adminUrl }: TestGateway): Promise<number | undefined> {
  const { text } = await call(`${adminUrl}/metrics`);
  expect(text).to.match(/^# TYPE gateway_database_up gauge$/m);
  const value = /^gateway_database_up (\S+)$/m.exec(text)?.[1];
  return value === undefined ? undefined : Number(value);
}

/** What is told of the connections to the database. */
async function poolOf({ adminUrl }: TestGateway): Promise<Record<string, number>> {
  const { text } = await call(`${adminUrl}/metrics`);
  const found = [...text.matchAll(/^gateway_database_pool_(\S+) (\d+)$/gm)];
  return Object.fromEntries(found.map(([, name, value]) => [name, Number(value)]));
}

/** Asks for something that needs the database, until the series has a value. */
async function becomes(gateway: TestGateway, value: number): Promise<void> {
  const deadline = performance.now() + LIMIT;
  while ((await databaseUp(gateway)) !== value) {
    if (performance.now() > deadline) throw new Error(`gateway_database_up has not become ${value}`);
    await call(`${gateway.url}/auth/login`, {
      method: 'POST',
      headers: ['content-type', 'application/json'],
      body: '{"email":"ann@example.com","password":"correct horse battery"}',
    });
    await pause(50);
  }
}

describe('gateway_database_up', function () {
  this.timeout(LIMIT * 1.5);
  const opened = new Opened();
  let server: PostgresServer;

  before(async () => (server = await postgres()));
  after(async () => server.start());

  it('is there while a configuration needs a database, and tells the last that was heard of it', async () => {
    const url = await server.createDatabase();
    const database = openDatabase({ url, dataDir: '', pool: POOL });
    try {
      await migrateUp(database);
    } finally {
      await database.close();
    }
    const keys = newDataDir();
    await createKey(keys, 'ES256', Date.now() - 60_000);
    const withUsers = `
database: { url: "${url}", pool: { connectTimeout: 1s, statementTimeout: 1s } }
identity:
  tokens: { issuer: "https://gateway.test", audience: "https://api.test", algorithm: ES256, keys: "${keys}" }
  passwords: { bcryptCost: 4 }
  rateLimit: { requests: 100000, per: 1m }
  lockout: { failures: 100000, accountFailures: 100000 }
${PUBLIC}`;
    const gateway = await startTestGateway(PUBLIC);
    opened.add(async () => gateway.stop());
    expect(await databaseUp(gateway)).to.equal(undefined);
    expect(await poolOf(gateway)).to.deep.equal({});

    await gateway.write(withUsers);
    await gateway.reload();
    await becomes(gateway, 1);
    const pool = await poolOf(gateway);
    expect(pool).to.include({ 'connections{state="used"}': 0, waiting: 0 });
    expect(pool['connections{state="idle"}']).to.be.greaterThan(0);
    try {
      await server.stop();
      await becomes(gateway, 0);
    } finally {
      await server.start();
    }
    await becomes(gateway, 1);

    await gateway.write(PUBLIC);
    await gateway.reload();
    expect(await databaseUp(gateway)).to.equal(undefined);
  });

  it('is 0 from the start when the database has not been there yet', async () => {
    const url = await server.createDatabase();
    await server.stop();
    try {
      const gateway = await startTestGateway(`database: { url: "${url}" }\napiKeys: {}\n${PUBLIC}`);
      opened.add(async () => gateway.stop());
      expect(await databaseUp(gateway)).to.equal(0);
    } finally {
      await server.start();
    }
  });
});
