/** What becomes of a gateway with users whose database is away, comes back, or is of no use. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { Agent } from 'node:http';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import { createKey } from '../../../src/auth/key-folder.ts';
import type { Database } from '../../../src/database/database.ts';
import { EmbeddedDatabase } from '../../../src/database/embedded/embedded-database.ts';
import { migrateDown, migrateUp } from '../../../src/database/migrations.ts';
import { openDatabase } from '../../../src/database/open.ts';
import { within } from '../../support/arrivals.ts';
import { call, expectProblem, type Answered } from '../../support/client.ts';
import { createdDataDir, newDataDir, POOL } from '../../support/embedded.ts';
import { startTestGateway, type LogLine, type TestGateway } from '../../support/gateway.ts';
import { postgres, type PostgresServer } from '../../support/postgres.ts';
import { TestProcess } from '../../support/process.ts';
import { Opened, metricOf, send, yaml } from '../../support/reload.ts';

const PERSON = { email: 'ann@example.com', password: 'correct horse battery' };
const CAN = 'the database can be asked';
const CANNOT = 'the database cannot be asked';
const STACK = /\n\s+at /;
/** How long a test waits for what takes seconds; in milliseconds. */
const LIMIT = 40_000;

const OPEN = '  - { name: open, match: { path: /open }, access: public, respond: { status: 200, body: open } }\n';
const MINE =
  '  - { name: mine, match: { path: /mine }, access: authenticated, respond: { status: 200, body: mine } }\n';

/** Where the database is: a URL, or a folder. */
type Where = { readonly url: string } | { readonly dataDir: string };

function databaseYaml(where: Where): string {
  const [[name, value] = []] = Object.entries(where);
  return `database: { ${name}: "${value}", pool: { connectTimeout: 1s, statementTimeout: 1s } }\n`;
}

/** @param keys undefined = the default */
function identityYaml(keys: string | undefined): string {
  return `identity:
  registration: open
  tokens: { issuer: "https://gateway.test", audience: "https://api.test", algorithm: ES256${keys === undefined ? '' : `, keys: "${keys}"`} }
  passwords: { bcryptCost: 4 }
  rateLimit: { requests: 100000, per: 1m }
  lockout: { failures: 100000, accountFailures: 100000 }
`;
}

function usersYaml(where: Where, keys: string | undefined): string {
  return `${databaseYaml(where)}${identityYaml(keys)}routes:\n${OPEN}${MINE}`;
}

/** Asks again and again until something holds. */
async function eventually(what: string, holds: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + LIMIT;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`it did not come about that ${what}`);
    await pause(20);
  }
}

async function newKeys(): Promise<string> {
  const folder = newDataDir();
  await createKey(folder, 'ES256', Date.now() - 60_000);
  return folder;
}

async function post(gateway: Pick<TestGateway, 'url'>, path: string, body: object): Promise<Answered> {
  return call(`${gateway.url}/auth${path}`, {
    method: 'POST',
    headers: ['content-type', 'application/json'],
    body: JSON.stringify(body),
  });
}

async function mine(gateway: TestGateway, token: string): Promise<Answered> {
  return call(`${gateway.url}/mine`, { headers: ['authorization', `Bearer ${token}`] });
}

function memberOf(text: string, name: string): unknown {
  const body: unknown = JSON.parse(text);
  return typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined;
}

async function login(gateway: TestGateway): Promise<{ readonly token: string; readonly refreshToken: string }> {
  const answer = await post(gateway, '/login', PERSON);
  expect(answer.status, answer.text).to.equal(200);
  return {
    token: String(memberOf(answer.text, 'access_token')),
    refreshToken: String(memberOf(answer.text, 'refresh_token')),
  };
}

function expectAway(answer: Answered): void {
  expectProblem(answer, 'database-unavailable');
  expect(answer.header('retry-after')).to.equal('5');
}

/** How readyz says that the database fares. */
async function health(gateway: TestGateway): Promise<unknown> {
  const answer = await call(`${gateway.adminUrl}/readyz`);
  expect([answer.status, memberOf(answer.text, 'status')]).to.deep.equal([200, 'ready']);
  const detail = memberOf(answer.text, 'detail');
  return typeof detail === 'object' && detail !== null ? Reflect.get(detail, 'database') : undefined;
}

async function works(gateway: TestGateway): Promise<boolean> {
  const answer = await post(gateway, '/login', PERSON);
  if (answer.status === 200) return true;
  expectAway(answer);
  return false;
}

/** The first line after another one that says this. */
async function lineAfter({ logs }: TestGateway, earlier: LogLine | undefined, message: string): Promise<LogLine> {
  const from = earlier === undefined ? -1 : logs.items.indexOf(earlier);
  return logs.until((line) => line['msg'] === message && logs.items.indexOf(line) > from, `another line “${message}”`);
}

describe('a gateway whose PostgreSQL goes away', function () {
  this.timeout(LIMIT * 1.5);
  const opened = new Opened();
  let server: PostgresServer;

  before(async () => (server = await postgres()));
  after(async () => server.start());

  async function withDatabase<Result>(url: string, work: (database: Database) => Promise<Result>): Promise<Result> {
    const database = openDatabase({ url, dataDir: '', pool: POOL });
    try {
      return await work(database);
    } finally {
      await database.close();
    }
  }

  async function migratedUrl(): Promise<string> {
    const url = await server.createDatabase();
    await withDatabase(url, migrateUp);
    return url;
  }

  async function start(text: string): Promise<TestGateway> {
    const gateway = await startTestGateway(text);
    opened.add(async () => gateway.stop());
    return gateway;
  }

  it('goes on with what needs no database and with those it knows, and with everything once it is back', async () => {
    const gateway = await start(usersYaml({ url: await migratedUrl() }, await newKeys()));
    expect(await health(gateway)).to.equal('ready');
    expect((await post(gateway, '/register', PERSON)).status).to.equal(201);
    const { token, refreshToken } = await login(gateway);
    const unseen = (await login(gateway)).token;
    expect((await mine(gateway, token)).status).to.equal(200);

    const seen = { open: new Map<number, number>(), mine: new Map<number, number>(), login: new Map<number, number>() };
    let going = true;
    const traffic = async (name: keyof typeof seen, ask: (agent: Agent) => Promise<Answered>): Promise<void> => {
      const agent = new Agent({ keepAlive: true });
      while (going) {
        const { status } = await ask(agent);
        seen[name].set(status, (seen[name].get(status) ?? 0) + 1);
      }
      agent.destroy();
    };
    const headers = ['authorization', `Bearer ${token}`];
    const callers = [
      traffic('open', async (agent) => call(`${gateway.url}/open`, { agent })),
      traffic('mine', async (agent) => call(`${gateway.url}/mine`, { agent, headers })),
      traffic('login', async () => post(gateway, '/login', PERSON)),
    ];
    const more = async (name: keyof typeof seen, status: number): Promise<void> => {
      const goal = (seen[name].get(status) ?? 0) + 20;
      await eventually(`20 more times ${status} for ${name}`, async () => (seen[name].get(status) ?? 0) >= goal);
    };
    let away: LogLine | undefined;
    try {
      await Promise.all([more('open', 200), more('mine', 200), more('login', 200)]);
      await server.stop();
      away = await lineAfter(gateway, undefined, CANNOT);
      await Promise.all([more('open', 200), more('mine', 200), more('login', 503)]);

      expectAway(await mine(gateway, unseen));
      expectAway(await post(gateway, '/login', PERSON));
      expectAway(await post(gateway, '/register', { ...PERSON, email: 'bob@example.com' }));
      expectAway(await post(gateway, '/refresh', { refresh_token: refreshToken }));
      expect((await mine(gateway, token)).status).to.equal(200);
      expect(await health(gateway)).to.be.oneOf(['unreachable', 'lost', 'refused']);
      await server.start();
      await Promise.all([more('open', 200), more('mine', 200), more('login', 200)]);
    } finally {
      going = false;
      await server.start();
      await within(Promise.all(callers), 'the traffic to end');
    }
    expect([...seen.open.keys(), ...seen.mine.keys()]).to.deep.equal([200, 200]);
    expect([...seen.login.keys()]).to.have.members([200, 503]);
    // For a second after a failure nobody asks again for whom nothing is known.
    await eventually('a new token is taken', async () => (await mine(gateway, unseen)).status === 200);
    expect((await post(gateway, '/refresh', { refresh_token: refreshToken })).status).to.equal(200);
    expect(await health(gateway)).to.equal('ready');
    expect(await lineAfter(gateway, undefined, CAN)).to.include({ level: 'info' });
    expect(away).to.include({ level: 'warn' });
    expect(away['why']).to.be.a('string').and.to.include(`127.0.0.1:${server.port}`);
    await lineAfter(gateway, away, CAN);
    expect(JSON.stringify(gateway.logs.items)).to.not.match(/request failed|"level":"error"/);
  });

  it('answers as well when PostgreSQL is stopped in its tracks', async () => {
    const gateway = await start(usersYaml({ url: await migratedUrl() }, await newKeys()));
    expect((await post(gateway, '/register', PERSON)).status).to.equal(201);
    const { token } = await login(gateway);
    expect((await mine(gateway, token)).status).to.equal(200);
    await server.freeze();
    try {
      const logins = Promise.all([1, 2, 3].map(async () => post(gateway, '/login', PERSON)));
      expect((await call(`${gateway.url}/open`)).status).to.equal(200);
      expect((await mine(gateway, token)).status).to.equal(200);
      for (const answer of await logins) expectAway(answer);
      expectAway(await post(gateway, '/register', { ...PERSON, email: 'bob@example.com' }));
      expect(await health(gateway)).to.be.oneOf(['timeout', 'unreachable']);
    } finally {
      await server.thaw();
    }
    await eventually('users can log in again', async () => works(gateway));
  });

  it('starts while PostgreSQL is down, and has users once it comes up', async () => {
    const text = usersYaml({ url: await migratedUrl() }, await newKeys());
    await server.stop();
    let gateway: TestGateway;
    try {
      gateway = await start(text);
      expect((await call(`${gateway.url}/open`)).status).to.equal(200);
      expectAway(await post(gateway, '/register', PERSON));
      expectAway(await post(gateway, '/login', PERSON));
      expectProblem(await mine(gateway, 'no-token'), 'unauthorized');
      expect(await health(gateway)).to.equal('unreachable');
    } finally {
      await server.start();
    }
    await eventually('somebody has registered', async () => {
      const answer = await post(gateway, '/register', PERSON);
      if (answer.status === 503) expectAway(answer);
      return answer.status === 201;
    });
    expect((await mine(gateway, (await login(gateway)).token)).status).to.equal(200);
    expect(await health(gateway)).to.equal('ready');
    await lineAfter(gateway, await lineAfter(gateway, undefined, CANNOT), CAN);
  });

  it('looks at the schema anew when somebody takes migrations back while it serves', async () => {
    const url = await migratedUrl();
    const gateway = await start(usersYaml({ url }, await newKeys()));
    expect((await post(gateway, '/register', PERSON)).status).to.equal(201);
    await withDatabase(url, async (database) => migrateDown(database, { to: 'all' }));
    expectAway(await post(gateway, '/login', PERSON));
    expect(await health(gateway)).to.equal('schema');
    await withDatabase(url, migrateUp);
    await eventually('somebody has registered', async () => (await post(gateway, '/register', PERSON)).status === 201);
  });

  it('waits for the schema when PostgreSQL comes up with an older one', async () => {
    const url = await server.createDatabase();
    const text = usersYaml({ url }, await newKeys());
    await server.stop();
    let gateway: TestGateway;
    try {
      gateway = await start(text);
    } finally {
      await server.start();
    }
    await eventually('the schema was looked at', async () => {
      expectAway(await post(gateway, '/register', PERSON));
      return (await health(gateway)) === 'schema';
    });
    const told = await gateway.logs.until(({ health: found }) => found === 'schema', 'a line about the schema');
    expect(told['why']).to.include('gatewayctl migrate up');
    await withDatabase(url, migrateUp);
    await eventually('somebody has registered', async () => (await post(gateway, '/register', PERSON)).status === 201);
    expect(await health(gateway)).to.equal('ready');
  });

  describe('at the start', () => {
    async function serve(text: string): Promise<{ readonly code: number | null; readonly stderr: string }> {
      const file = join(opened.folder(), 'gateway.yaml');
      writeFileSync(file, yaml(text));
      const gateway = TestProcess.gatewayctl(['serve', '-c', file], (close) => opened.add(close));
      const { code } = await gateway.end();
      expect(gateway.stderr).to.not.match(STACK);
      expect(gateway.log.map(({ msg }) => msg)).to.not.include('serving');
      return { code, stderr: gateway.stderr };
    }

    it('ends with 1 on an older schema, and says what to type', async () => {
      const { code, stderr } = await serve(usersYaml({ url: await server.createDatabase() }, await newKeys()));
      expect(code).to.equal(1);
      expect(stderr)
        .to.match(/^gatewayctl: .*\n$/)
        .and.to.include('older')
        .and.to.include('0001-users');
      expect(stderr).to.include('gatewayctl migrate up');
    });

    it('ends with 1 on a newer schema, and says which migration is too new', async () => {
      const url = await migratedUrl();
      await withDatabase(url, async (database) =>
        database.execute("INSERT INTO gatewayctl_migrations (name) VALUES ('9999-future')"),
      );
      const { code, stderr } = await serve(usersYaml({ url }, await newKeys()));
      expect(code).to.equal(1);
      expect(stderr)
        .to.match(/^gatewayctl: .*\n$/)
        .and.to.include('newer')
        .and.to.include('9999-future');
      expect(stderr).to.include('gatewayctl migrate down');
    });

    it('ends with 1 when there is no key to sign with, and says what to type', async () => {
      const url = await migratedUrl();
      const empty = newDataDir();
      mkdirSync(empty, { mode: 0o700 });
      for (const folder of [empty, newDataDir()]) {
        const { code, stderr } = await serve(usersYaml({ url }, folder));
        expect(code).to.equal(1);
        expect(stderr)
          .to.match(/^gatewayctl: .*\n$/)
          .and.to.include(folder)
          .and.to.include('gatewayctl keys create');
      }
    });

    it('ends with 2 on a URL that is none, and does not show its password', async () => {
      const keys = await newKeys();
      for (const url of ['mysql://ann:hunter2@127.0.0.1/users', 'postgres://ann:hunter2@127.0.0.1:99999/users']) {
        const { code, stderr } = await serve(usersYaml({ url }, keys));
        expect(code, stderr).to.equal(2);
        expect(stderr).to.include('database').and.to.not.include('hunter2');
      }
    });
  });

  describe('on a reload', () => {
    const RESTART = 'gateway_config_restart_required';
    const KEPT = 'a changed setting takes effect after a restart only';
    const PUBLIC = `routes:\n${OPEN}`;

    async function restartRequired({ adminUrl }: TestGateway): Promise<number | undefined> {
      return metricOf(new URL(adminUrl).host, RESTART);
    }

    async function reloadWith(gateway: TestGateway, text: string): Promise<void> {
      await gateway.write(text);
      await gateway.reload();
    }

    it('gets users, loses them, and has the same ones again', async () => {
      const withUsers = usersYaml({ url: await migratedUrl() }, await newKeys());
      const gateway = await start(PUBLIC);
      expect(await health(gateway)).to.equal(undefined);
      expectProblem(await post(gateway, '/register', PERSON), 'route-not-found');
      await reloadWith(gateway, withUsers);
      expect((await post(gateway, '/register', PERSON)).status).to.equal(201);
      const { token } = await login(gateway);
      expect((await mine(gateway, token)).status).to.equal(200);
      expect((await call(`${gateway.url}/open`)).status).to.equal(200);

      await reloadWith(gateway, PUBLIC);
      expectProblem(await post(gateway, '/login', PERSON), 'route-not-found');
      expectProblem(await call(`${gateway.url}/.well-known/jwks.json`), 'route-not-found');
      expectProblem(await mine(gateway, token), 'route-not-found');
      expect((await call(`${gateway.url}/open`)).status).to.equal(200);

      await reloadWith(gateway, withUsers);
      await login(gateway);
      expect((await mine(gateway, token)).status).to.equal(200);
    });

    it('needs no restart for a database that nothing has needed before', async () => {
      const gateway = await start(PUBLIC);
      await reloadWith(gateway, usersYaml({ url: await migratedUrl() }, await newKeys()));
      expect((await post(gateway, '/register', PERSON)).status).to.equal(201);
      expect(await restartRequired(gateway)).to.equal(0);
      expect(gateway.logs.items.map(({ msg }) => msg)).to.not.include(KEPT);
    });

    it('keeps its database when another one is configured, and says so', async () => {
      const [url, other, keys] = [await migratedUrl(), await migratedUrl(), await newKeys()];
      const gateway = await start(usersYaml({ url }, keys));
      expect((await post(gateway, '/register', PERSON)).status).to.equal(201);
      const { token } = await login(gateway);
      expect(await restartRequired(gateway)).to.equal(0);
      await reloadWith(gateway, usersYaml({ url: other }, keys));
      expect(await lineAfter(gateway, undefined, KEPT)).to.deep.include({ level: 'warn', settings: ['database'] });
      expect(await restartRequired(gateway)).to.equal(1);
      expect((await mine(gateway, token)).status).to.equal(200);
      await login(gateway);
      const count = async (database: Database): Promise<number> => database.execute('SELECT 1 FROM users');
      expect([await withDatabase(url, count), await withDatabase(other, count)]).to.deep.equal([1, 0]);
      await reloadWith(gateway, usersYaml({ url }, keys));
      expect(await restartRequired(gateway)).to.equal(0);
    });

    it('goes on as before when there is no key to sign with, and has users once there is one', async () => {
      const url = await migratedUrl();
      const keys = newDataDir();
      const gateway = await start(PUBLIC);
      await reloadWith(gateway, usersYaml({ url }, keys));
      const failed = await lineAfter(gateway, undefined, 'reload failed: the former configuration goes on');
      expect(JSON.stringify(failed)).to.include('gatewayctl keys create');
      expect((await call(`${gateway.url}/open`)).status).to.equal(200);
      expectProblem(await post(gateway, '/register', PERSON), 'route-not-found');
      await createKey(keys, 'ES256', Date.now() - 60_000);
      await gateway.reload();
      expect((await post(gateway, '/register', PERSON)).status).to.equal(201);
    });

    it('lets nobody wait for an embedded database that is being made', async () => {
      const gateway = await start(PUBLIC);
      await reloadWith(gateway, usersYaml({ dataDir: newDataDir() }, undefined));
      expectAway(await post(gateway, '/register', PERSON));
      expect((await call(`${gateway.url}/open`)).status).to.equal(200);
      await eventually(
        'somebody has registered',
        async () => (await post(gateway, '/register', PERSON)).status === 201,
      );
    });

    it('answers 503 for users when an embedded database is of no use, and says why', async () => {
      const dataDir = newDataDir();
      mkdirSync(dirname(dataDir), { recursive: true });
      writeFileSync(dataDir, 'a file');
      const gateway = await start(PUBLIC);
      await reloadWith(gateway, usersYaml({ dataDir }, newDataDir()));
      for (const path of ['/register', '/login']) expectAway(await post(gateway, path, PERSON));
      expect((await call(`${gateway.url}/open`)).status).to.equal(200);
      await gateway.logs.until(
        (line) => line['level'] !== 'info' && 'msg' in line && JSON.stringify(line).includes(dataDir),
        'a line that names the folder',
      );
    });
  });

  it('follows a key that is added to the folder without a reload, and takes what the old one has signed', async () => {
    const keys = await newKeys();
    const gateway = await start(usersYaml({ url: await migratedUrl() }, keys));
    expect((await post(gateway, '/register', PERSON)).status).to.equal(201);
    const old = (await login(gateway)).token;
    const { kid } = await createKey(keys, 'ES256', Date.now() - 30_000);
    await eventually('the new key is published', async () =>
      (await call(`${gateway.url}/.well-known/jwks.json`)).text.includes(kid),
    );
    const fresh = (await login(gateway)).token;
    const [header = ''] = fresh.split('.');
    expect(memberOf(Buffer.from(header, 'base64url').toString(), 'kid')).to.equal(kid);
    expect([(await mine(gateway, old)).status, (await mine(gateway, fresh)).status]).to.deep.equal([200, 200]);
    expect(gateway.logs.items.map(({ msg }) => msg)).to.not.include('configuration reloaded');
  });

  it('leaves no connection behind when the gateway stops', async () => {
    const url = await migratedUrl();
    const gateway = await startTestGateway(usersYaml({ url }, await newKeys()));
    await within(gateway.stop(), 'a gateway to stop that nobody has asked');
    const second = await startTestGateway(usersYaml({ url }, await newKeys()));
    expect((await post(second, '/register', PERSON)).status).to.equal(201);
    await login(second);
    const connections = async (): Promise<number> =>
      withDatabase(server.url, async (database) =>
        database.execute('SELECT 1 FROM pg_stat_activity WHERE datname = $1', [new URL(url).pathname.slice(1)]),
      );
    expect(await connections()).to.be.greaterThan(0);
    await within(second.stop(), 'the gateway to stop');
    await eventually('no connection is left', async () => (await connections()) === 0);
    expect(second.logs.items.map(({ msg }) => msg)).to.not.include(CANNOT);
  });

  it('stops while PostgreSQL is away', async () => {
    const gateway = await startTestGateway(usersYaml({ url: await migratedUrl() }, await newKeys()));
    await server.stop();
    try {
      expectAway(await post(gateway, '/login', PERSON));
      await within(gateway.stop(), 'the gateway to stop');
    } finally {
      await server.start();
    }
  });
});

describe('a gateway whose embedded database takes its time', function () {
  this.timeout(LIMIT * 1.5);
  const opened = new Opened();

  function serve(text: string): TestProcess {
    const file = join(opened.folder(), 'gateway.yaml');
    writeFileSync(file, yaml(text));
    return TestProcess.gatewayctl(['serve', '-c', file], (close) => opened.add(close));
  }

  it('answers what needs no database meanwhile, and has users when it is there', async () => {
    const dataDir = newDataDir();
    const gateway = await startTestGateway(usersYaml({ dataDir }, undefined));
    try {
      expect((await call(`${gateway.url}/open`)).status).to.equal(200);
      expectAway(await post(gateway, '/register', PERSON));
      expect(await health(gateway)).to.equal('starting');
      expectProblem(await mine(gateway, 'no-token'), 'unauthorized');
      await eventually('somebody has registered', async () => {
        const answer = await post(gateway, '/register', PERSON);
        if (answer.status === 503) expectAway(answer);
        return answer.status === 201;
      });
      expect((await mine(gateway, (await login(gateway)).token)).status).to.equal(200);
      expect(await health(gateway)).to.equal('ready');
      await lineAfter(gateway, undefined, CAN);
    } finally {
      await within(gateway.stop(), 'the gateway to stop');
    }
    // Nobody holds the folder any more.
    const database = new EmbeddedDatabase({ dataDir, pool: POOL });
    try {
      await database.ready;
      expect(database.owned).to.equal(true);
      expect(await database.execute('SELECT 1 FROM users')).to.equal(1);
    } finally {
      await database.close();
    }
  });

  it('stops while it is made', async () => {
    const gateway = serve(usersYaml({ dataDir: newDataDir() }, undefined));
    const { address } = await gateway.serving();
    expect((await send(address, '/open')).status).to.equal(200);
    gateway.kill('SIGTERM');
    expect(await gateway.end()).to.deep.equal({ code: 0, signal: null });
    expect(gateway.stderr).to.equal('');
  });

  for (const [what, breaks] of [
    [
      'a file where its folder should be',
      async () => {
        const dataDir = newDataDir();
        mkdirSync(dirname(dataDir), { recursive: true });
        writeFileSync(dataDir, 'a file');
        return dataDir;
      },
    ],
    [
      'files that are not of PostgreSQL',
      async () => {
        const dataDir = await createdDataDir();
        writeFileSync(join(dataDir, 'postgres/PG_VERSION'), 'garbage\n');
        return dataDir;
      },
    ],
    [
      'files of which some are missing',
      async () => {
        const dataDir = await createdDataDir();
        rmSync(join(dataDir, 'postgres/global'), { recursive: true });
        return dataDir;
      },
    ],
  ] as const) {
    it(`ends with 1 when it finds ${what}, and says so`, async () => {
      const dataDir = await breaks();
      const gateway = serve(usersYaml({ dataDir }, newDataDir()));
      expect(await gateway.end()).to.deep.equal({ code: 1, signal: null });
      expect(gateway.stderr).to.match(/^gatewayctl: .*\n$/);
      expect(gateway.stderr)
        .to.include(dataDir)
        .and.to.match(/database/)
        .and.to.not.match(STACK);
      expect(gateway.log.at(-1)).to.include({ msg: 'stopped' });
    });
  }

  it('ends with 1 when its keys cannot be written, and says where', async () => {
    const dataDir = newDataDir();
    mkdirSync(dirname(dataDir), { recursive: true });
    writeFileSync(dataDir, 'a file');
    const gateway = serve(usersYaml({ dataDir }, undefined));
    expect(await gateway.end()).to.deep.equal({ code: 1, signal: null });
    expect(gateway.stderr)
      .to.match(/^gatewayctl: .*\n$/)
      .and.to.include(dataDir);
  });
});
