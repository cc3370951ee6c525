/** The examples do what they say: each is checked, and served. */
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { isMap, parse, parseDocument, type Document } from 'yaml';
import type { GatewayConfig, RouteConfig } from '../src/config/config.ts';
import type { IdentityConfig } from '../src/config/people-config.ts';
import { loadConfig, type LoadResult } from '../src/config/load.ts';
import { createdDataDir } from './support/embedded.ts';
import { TestProcess } from './support/process.ts';
import { echoes, Opened, send, type TestGateway } from './support/reload.ts';
import { ask, secureSocket } from './support/tls.ts';

const EXAMPLES = fileURLToPath(new URL('../examples', import.meta.url));
const DEMO = join(EXAMPLES, 'demo.js');
const BUILT = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));

const files = readdirSync(EXAMPLES, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.yaml'));
/** What is included by others has no version of its own. */
const complete = files.filter((file) => parsed(file)['version'] !== undefined);

function parsed(file: string): Record<string, unknown> {
  const value: unknown = parse(readFileSync(join(EXAMPLES, file), 'utf8'));
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

async function load(file: string): Promise<LoadResult> {
  return loadConfig(file, { env: () => undefined });
}

describe('the examples', () => {
  const opened = new Opened();

  it('are there', () => {
    expect(complete).to.include.members(['quickstart.yaml', 'reference.yaml']);
    expect(complete.length).to.be.at.least(3);
  });

  for (const file of complete.filter((name) => name !== 'reference.yaml')) {
    it(`${file} is valid, and every route of it answers`, async function () {
      this.timeout(60_000);
      const { diagnostics, config: original } = await load(join(EXAMPLES, file));
      expect(diagnostics).to.deep.equal([]);
      const upstream = await opened.upstream('example');
      const copy = onFreePorts(opened.folder(), upstream.origin);
      if (original?.identity !== undefined) setDataDir(join(copy, file), await createdDataDir());
      const gateway = await opened.gateway(join(copy, file));
      const { config } = await load(join(copy, file));
      if (config === undefined || original === undefined) throw new Error('it does not load');
      expect(config.routes.map(({ name }) => name)).to.deep.equal(original.routes.map(({ name }) => name));
      const token = config.identity === undefined ? undefined : await tokenOfNewUser(gateway, config.identity);
      for (const route of config.routes) await callRoute(gateway, route, config, token);
      const { httpsAddress } = gateway.running;
      expect(httpsAddress !== undefined).to.equal(config.server.tls !== undefined);
      if (httpsAddress === undefined) return;
      const answer = await ask(await secureSocket(Number(httpsAddress.split(':')[1])));
      expect(answer)
        .to.match(/^HTTP\/1\.1 200 [^]*example GET \/$/)
        .and.to.contain('strict-transport-security: ');
    });
  }

  it('reference.yaml uses the whole language, and nothing is wrong with it', async () => {
    const { diagnostics } = await load(join(EXAMPLES, 'reference.yaml'));
    expect(diagnostics.filter(({ severity }) => severity === 'error')).to.deep.equal([]);
    const warnings = diagnostics.filter(({ severity }) => severity === 'warning').map(({ code, path }) => [code, path]);
    // Its timeouts are the defaults, and its retries would take longer: said of the route and of the default.
    const expected = ['retries-exceed-timeout', 'upstreams.orders.retry'];
    expect(warnings).to.deep.equal([expected, expected]);
  });

  it('the demo of npm start prints a line for curl that works', async function () {
    this.timeout(30_000);
    for (const port of [8080, 9001, 9901]) await mustBeFree(port);
    readFileSync(BUILT);
    const demo = new TestProcess([DEMO], (close) => opened.add(close));
    const line = await demo.until(
      'a line for curl',
      () => /^ *curl (http:\/\/\S+\/hello\/\S+)/m.exec(demo.stdout)?.[1],
    );
    const url = new URL(line);
    const { status, body } = await send(url.host, url.pathname);
    expect(status).to.equal(200);
    expect(JSON.parse(body)).to.include({ message: 'Hello, you!' });
    for (const [, address = '', path = ''] of demo.stdout.matchAll(/^ *curl http:\/\/([^/\s]+)(\S*)/gm)) {
      expect((await send(address, path)).status).to.equal(200);
    }
    const page = /^ *http:\/\/([^/\s]+)(\/) .* browser$/m.exec(demo.stdout);
    expect((await send(page?.[1] ?? '', page?.[2] ?? '')).headers['content-type']).to.include('text/html');
    demo.kill('SIGINT');
    expect(await demo.end()).to.deep.equal({ code: 0, signal: null });
  });

  /** Calls a route as a client of it would. */
  async function callRoute(
    gateway: TestGateway,
    route: RouteConfig,
    config: GatewayConfig,
    token: string | undefined,
  ): Promise<void> {
    const { match, action, websocket, access } = route;
    const path = match.path.replaceAll(/:[a-z]\w*/gi, 'x').replace(/\*\w+$/, 'a/b');
    const [host = gateway.address] = match.hosts;
    const headers = { ...Object.fromEntries(match.headers), host: host.replace(/^\*/, 'any') };
    const [method = 'GET'] = match.methods;
    if (websocket !== undefined) {
      expect(await echoes(await opened.webSocket(gateway.address, path), 'hello'), route.name).to.equal(true);
      return;
    }
    if (access.kind !== 'public') {
      expect((await send(gateway.address, path, { method, headers })).status, route.name).to.equal(401);
      Object.assign(headers, { authorization: `Bearer ${token ?? ''}` });
    }
    const answer = await send(gateway.address, path, { method, headers });
    // A new user is no administrator.
    if (access.kind === 'rules' && access.rules.some(({ roles }) => roles.includes('admin'))) {
      expect(answer.status, route.name).to.equal(403);
      return;
    }
    expect(answer.status, `${route.name}: ${answer.body}`).to.equal(action.kind === 'respond' ? action.status : 200);
    for (const [name, value] of [...config.responseHeaders.set, ...route.responseHeaders.set]) {
      if (!value.includes('{{')) expect(answer.headers[name.toLowerCase()], route.name).to.equal(value);
    }
    if (action.kind === 'upstream') expect(answer.body, route.name).to.match(new RegExp(`^example ${method} /`));
  }
});

/** To create a database takes seconds: a created one is used. */
function setDataDir(path: string, dataDir: string): void {
  const document = parseDocument(readFileSync(path, 'utf8'));
  document.setIn(['database', 'dataDir'], dataDir);
  writeFileSync(path, String(document));
}

/** Registers a user and logs in, once the embedded database is there. */
async function tokenOfNewUser(gateway: TestGateway, { path }: IdentityConfig): Promise<string> {
  await gateway.log.next('the database can be asked', 0);
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ email: 'ada@example.com', password: 'correct horse battery' });
  expect((await send(gateway.address, `${path}/register`, { method: 'POST', headers, body })).status).to.equal(201);
  const login = await send(gateway.address, `${path}/login`, { method: 'POST', headers, body });
  const tokens: unknown = JSON.parse(login.body);
  return String(typeof tokens === 'object' && tokens !== null ? Reflect.get(tokens, 'access_token') : undefined);
}

/** A copy of all examples, in which everything listens on free ports and leads to one upstream. */
function onFreePorts(folder: string, origin: string): string {
  cpSync(EXAMPLES, folder, { recursive: true });
  for (const file of files) {
    const path = join(folder, file);
    const document = parseDocument(readFileSync(path, 'utf8'));
    if (!isMap(document.contents)) continue;
    if (complete.includes(file)) {
      document.setIn(['server', 'listen'], '127.0.0.1:0');
      document.setIn(['admin', 'listen'], '127.0.0.1:0');
      if (document.hasIn(['server', 'tls'])) {
        document.setIn(['server', 'tls', 'listen'], '127.0.0.1:0');
        // Its routes are called over plain HTTP, too.
        document.setIn(['server', 'tls', 'redirectHttp'], false);
      }
      document.setIn(['server', 'timeouts', 'drain'], '1s');
    }
    redirect(document, origin, folder);
    writeFileSync(path, String(document));
  }
  return folder;
}

/** A file of endpoints leads there, too. Other sources do not run here: their upstreams have targets instead. */
function redirect(document: Document, origin: string, folder: string): void {
  const upstreams: unknown = document.get('upstreams');
  if (!isMap(upstreams)) return;
  for (const { key } of upstreams.items) {
    const upstream = ['upstreams', String(key)];
    const file: unknown = document.getIn([...upstream, 'discover', 'file']);
    if (typeof file === 'string') writeFileSync(join(folder, file), `- ${origin}\n`);
    else {
      document.deleteIn([...upstream, 'discover']);
      document.setIn([...upstream, 'targets'], [origin]);
    }
  }
}

async function mustBeFree(port: number): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', () => reject(new Error(`the demo needs port ${port}, and something listens there`)));
    server.listen(port, '127.0.0.1', resolve);
  });
  await new Promise((resolve) => server.close(resolve));
}
