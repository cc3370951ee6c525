/** Users, keys and migrations as an operator types them: the real program, on both databases alike. */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { runCli, type CliResult } from '../../support/cli.ts';
import { DATABASES, type DatabaseKind } from '../../support/databases.ts';
import { createdDataDir } from '../../support/embedded.ts';
import { TestProcess } from '../../support/process.ts';

const PASSWORD = 'correct horse battery';
const OTHER = 'staple battery horse';
const ADA = 'ada@example.com';
const BOB = 'bob@example.com';
const UNUSABLE = 'is no password: a b c';

interface ShownUser {
  readonly id: string;
  readonly email: string;
  readonly role: string;
  readonly disabled: boolean;
  readonly sessions: number;
}

interface ShownKey {
  readonly id: string;
  readonly name: string;
  readonly state: string;
}

interface ShownSigningKey {
  readonly kid: string;
  readonly state: string;
  readonly file: string;
}

/** A folder with a gateway.yaml, in which commands are typed. */
class Place {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async create(database: DatabaseKeys): Promise<Place> {
    const place = new Place(await mkdtemp(join(tmpdir(), 'gatewayctl-cli-')));
    await place.write('gateway.yaml', configuration(database));
    return place;
  }

  static async on(kind: DatabaseKind): Promise<Place> {
    const { url, dataDir } = await kind.options();
    return Place.create(url === '' ? { dataDir } : { url });
  }

  async write(name: string, text: string): Promise<void> {
    await writeFile(join(this.folder, name), text);
  }

  async run(line: string, stdin?: string): Promise<CliResult> {
    return this.runWords(line.split(' '), stdin);
  }

  async runWords(words: readonly string[], stdin = ''): Promise<CliResult> {
    return runCli(words, { cwd: this.folder, stdin });
  }

  /** Runs what has to succeed, and gives what it printed. */
  async done(line: string, stdin?: string): Promise<string> {
    const { code, stdout, stderr } = await this.run(line, stdin);
    expect(code, `${line}: ${stderr}`).to.equal(0);
    return stdout;
  }

  async users(more = ''): Promise<readonly ShownUser[]> {
    const { users }: { users: readonly ShownUser[] } = JSON.parse(await this.done(`user list --format json${more}`));
    return users;
  }

  async keys(): Promise<readonly ShownKey[]> {
    const { keys }: { keys: readonly ShownKey[] } = JSON.parse(await this.done('key list --format json'));
    return keys;
  }

  async signingKeys(): Promise<readonly ShownSigningKey[]> {
    const { keys }: { keys: readonly ShownSigningKey[] } = JSON.parse(await this.done('keys list --format json'));
    return keys;
  }

  async close(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** The `database` of a configuration. */
type DatabaseKeys = { readonly url: string } | { readonly dataDir: string };

function configuration(database: DatabaseKeys): string {
  return `version: 1
server: { listen: 127.0.0.1:0 }
admin: { listen: 127.0.0.1:0 }
database: ${JSON.stringify(database)}
identity:
  tokens: { issuer: https://gateway.example.com, audience: https://api.example.com, keys: keys/ }
  passwords: { bcryptCost: 4 }
apiKeys: {}
roles:
  viewer: ['orders:read']
  editor: { inherits: [viewer], permissions: ['orders:write'] }
  admin: ['*']
routes:
  - name: orders
    match: { path: /orders }
    access: { roles: [viewer] }
    respond: { status: 200, body: orders }
`;
}

/** Expects that a command was refused, said why on standard error, and printed nothing else. */
function expectRefused({ code, stdout, stderr }: CliResult, expected: number, why: string): void {
  expect(stderr).to.include(why);
  expect({ code, stdout }).to.deep.equal({ code: expected, stdout: '' });
  // A bug would show as a stack.
  expect(stderr).not.to.match(/^\s+at /m);
}

for (const kind of DATABASES) {
  const isServer = kind.name === 'PostgreSQL';

  describe(`the program on ${kind.name}`, function () {
    // Each command is a process from the sources, and opens the embedded database on its own.
    this.timeout(60_000);
    let place: Place;

    before(async () => {
      place = await Place.on(kind);
    });
    after(async () => place.close());

    it('needs the schema of this version', async () => {
      if (!isServer) {
        // The embedded database brings itself up to date.
        expect(await place.users()).to.deep.equal([]);
        expect(await place.done('migrate status')).to.match(/^applied +0001-users /);
        return;
      }
      const status = await place.run('migrate status');
      expect(status.code).to.equal(3);
      expect(status.stdout).to.equal('pending  0001-users\n');
      expect(status.stderr).to.include('gatewayctl migrate up');
      expectRefused(await place.run('user list'), 1, '0001-users is pending; type gatewayctl migrate up');
      expect(await place.done('migrate up --dry-run')).to.include('CREATE TABLE users');
      expect((await place.run('migrate status')).code).to.equal(3);
      const up = await place.run('migrate up');
      expect(up.code).to.equal(0);
      expect(up.stderr).to.include('applied 0001-users');
      expect(await place.done('migrate status')).to.match(/^applied +0001-users /);
      const again = await place.run('migrate up');
      expect(again.code).to.equal(0);
      expect(again.stderr).to.include('the schema is current');
    });

    it('adds a user, and changes what can be changed', async () => {
      const added = await place.done(`user add Ada@Example.com --role viewer --password-stdin`, `${PASSWORD}\n`);
      expect(added).to.equal(`added ${ADA} with the role viewer\n`);
      const shown = await place.done(`user show ${ADA}`);
      expect(shown)
        .to.match(/^email +ada@example\.com$/m)
        .and.match(/^state +enabled$/m);
      expect(await place.done(`user set-role ${ADA} editor`)).to.equal(`${ADA} has the role editor now\n`);
      const changed = await place.done(`user set-password ${ADA} --password-stdin`, OTHER);
      expect(changed).to.equal(`${ADA} has a new password\n`);
      expect(await place.done(`user disable ${ADA}`)).to.equal(`${ADA} is disabled now\n`);
      const user: ShownUser = JSON.parse(await place.done(`user show ${ADA} --format json`));
      expect(user).to.include({ email: ADA, role: 'editor', disabled: true, sessions: 0 });
      expect(await place.done(`user enable ${user.id}`)).to.equal(`${ADA} is enabled now\n`);
    });

    it('lists users, and removes one for good', async () => {
      await place.done(`user add ${BOB} --role viewer --password-stdin`, PASSWORD);
      expect((await place.users()).map(({ email }) => email)).to.deep.equal([ADA, BOB]);
      expect((await place.users(' --role editor')).map(({ email }) => email)).to.deep.equal([ADA]);
      const table = await place.done('user list --search bob');
      expect(table)
        .to.match(/^EMAIL +ROLE +STATE/)
        .and.match(/^bob@example\.com +viewer +enabled/m);
      expectRefused(await place.run(`user remove ${BOB}`), 2, 'add --yes');
      expect(await place.done(`user remove ${BOB} --yes`)).to.equal(`removed ${BOB}\n`);
      expectRefused(await place.run(`user show ${BOB}`), 1, `there is no user "${BOB}"`);
      expect((await place.users()).map(({ email }) => email)).to.deep.equal([ADA]);
    });

    it('takes no schema back that nobody has agreed to', async () => {
      const refused = await place.run('migrate down');
      expectRefused(refused, 1, 'add --yes');
      expect(refused.stderr).to.include('gatewayctl migrate down --dry-run');
      expect(await place.done('migrate down --dry-run')).to.include('DROP TABLE');
      expect((await place.users()).map(({ email }) => email)).to.deep.equal([ADA]);
    });

    it('takes no password from its arguments', async () => {
      const before = await place.users();
      const words = ['user', 'add', BOB, '--role', 'viewer'];
      const positional = await place.runWords([...words, UNUSABLE], PASSWORD);
      expectRefused(positional, 2, 'too many arguments');
      expect(positional.stderr).not.to.include(UNUSABLE);
      expectRefused(
        await place.runWords([...words, '--password', UNUSABLE], PASSWORD),
        2,
        "unknown option '--password'",
      );
      const joined = await place.runWords([...words, `--password-stdin=${UNUSABLE}`], PASSWORD);
      expectRefused(joined, 2, 'unknown option');
      expect(joined.stderr).not.to.include(UNUSABLE);
      expectRefused(await place.runWords(['user', 'set-password', ADA, UNUSABLE], PASSWORD), 2, 'too many arguments');
      expect(await place.users()).to.deep.equal(before);
    });

    describe('while the gateway runs', () => {
      const closers: (() => unknown)[] = [];
      let gateway: TestProcess;
      let address = '';

      before(async () => {
        // On PostgreSQL nobody makes the first key but the operator; the embedded database's gateway would, too.
        if (isServer) await place.done('keys create');
        gateway = TestProcess.gatewayctl(['serve'], (close) => closers.push(close), { cwd: place.folder });
        ({ address } = await gateway.serving());
        await gateway.logged('the database can be asked');
      });
      after(async () => {
        for (const close of closers) await close();
      });

      const ask = async (path: string, headers: Readonly<Record<string, string>>): Promise<number> => {
        const answer = await fetch(`http://${address}${path}`, { headers });
        await answer.arrayBuffer();
        return answer.status;
      };
      const login = async (email: string, password: string): Promise<{ status: number; token: string }> => {
        const answer = await fetch(`http://${address}/auth/login`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ email, password }),
        });
        const { access_token: token = '' }: { access_token?: string } = JSON.parse(await answer.text());
        return { status: answer.status, token };
      };
      const orders = async (token: string): Promise<number> => ask('/orders', { authorization: `Bearer ${token}` });

      it('refuses what cannot be, says why, and changes nothing', async () => {
        const before = await place.users();
        const add = async (email: string, role: string, password: string): Promise<CliResult> =>
          place.run(`user add ${email} --role ${role} --password-stdin`, password);
        for (const [email, role, password, code, why] of [
          [BOB, 'viewr', PASSWORD, 1, 'did you mean "viewer"?'],
          ['ADA@example.com', 'viewer', PASSWORD, 1, 'already'],
          ['nobody', 'viewer', PASSWORD, 1, 'expected an e-mail address'],
          [BOB, 'viewer', 'eleven char', 1, 'at least 12 characters'],
          [BOB, 'viewer', 'x'.repeat(73), 1, 'at most 72 bytes'],
          [BOB, 'viewer', `${'ä'.repeat(36)}x`, 1, 'at most 72 bytes'],
          [BOB, 'viewer', 'a NUL \0 inside of it', 1, 'NUL'],
          [BOB, 'viewer', '', 2, 'standard input is empty'],
        ] as const) {
          const refused = await add(email, role, password);
          expectRefused(refused, code, why);
          if (password !== '') expect(refused.stderr).not.to.include(password);
        }
        expectRefused(await place.run(`user set-role ${BOB} viewer`), 1, `there is no user "${BOB}"`);
        expectRefused(await place.run(`user add ${BOB} --role viewer`), 2, '--password-stdin');
        expect(await place.users()).to.deep.equal(before);
      });

      it('makes API keys that are shown once, lists and revokes them', async () => {
        const made = await place.run('key add ci --role viewer --expires 90d');
        expect(made.code).to.equal(0);
        expect(made.stdout).to.match(/^gw_[0-9A-Za-z]{14}_[0-9A-Za-z]{49}\n$/);
        const key = made.stdout.trim();
        expect(made.stderr).to.include('it is shown this once').and.not.include(key);
        const [, id = '', secret = ''] = key.split('_');
        for (const list of [await place.done('key list'), await place.done('key list --format json')]) {
          expect(list).to.include(id).and.include('active').and.not.include(secret);
        }
        expectRefused(await place.run('key add ci --role viewr'), 1, 'did you mean "viewer"?');
        expectRefused(await place.run('key add ci --role viewer --expires soon'), 2, '--expires soon');
        expectRefused(await place.run('key revoke 00000000000000'), 1, 'there is no API key');
        expect(await place.done(`key revoke ${id}`)).to.equal(`revoked the API key ci (${id})\n`);
        expect(await place.keys()).to.have.deep.nested.property('[0].state', 'revoked');
      });

      it('locks a user out, and lets the user in again', async () => {
        // The password of `user set-password`, and no longer that of `user add`.
        expect((await login(ADA, PASSWORD)).status).to.equal(401);
        const used = await login(ADA, OTHER);
        const unused = await login(ADA, OTHER);
        expect([used.status, unused.status]).to.deep.equal([200, 200]);
        expect(await orders(used.token)).to.equal(200);
        expect(await place.done(`user disable ${ADA}`)).to.equal(`${ADA} is disabled now\n`);
        expect((await login(ADA, OTHER)).status).to.equal(401);
        // The identity asks the database each time; routes do when they have not seen a session before.
        expect(await ask('/auth/me', { authorization: `Bearer ${used.token}` })).to.equal(401);
        expect(await orders(unused.token)).to.equal(401);
        await place.done(`user enable ${ADA}`);
        expect((await login(ADA, OTHER)).status).to.equal(200);
        // What was ended stays ended.
        expect(await ask('/auth/me', { authorization: `Bearer ${used.token}` })).to.equal(401);
      });

      it('adds a user, who can log in at once', async () => {
        expect((await login(BOB, PASSWORD)).status).to.equal(401);
        await place.done(`user add ${BOB} --role viewer --password-stdin`, PASSWORD);
        const { status, token } = await login(BOB, PASSWORD);
        expect(status).to.equal(200);
        expect(await orders(token)).to.equal(200);
        expect((await place.users(' --search bob'))[0]).to.include({ email: BOB, sessions: 1 });
      });

      it('makes an API key that is good at once', async () => {
        const key = (await place.done('key add billing --role viewer')).trim();
        expect(await ask('/orders', { 'x-api-key': key })).to.equal(200);
        const unused = (await place.done('key add unused --role viewer')).trim();
        await place.done(`key revoke ${unused}`);
        expect(await ask('/orders', { 'x-api-key': unused })).to.equal(401);
      });

      // The folder is looked at every ten seconds, on both databases alike.
      const once = isServer ? it : (): void => undefined;
      once('withdraws a signing key that has leaked, while it serves', async () => {
        const { token } = await login(ADA, OTHER);
        expect(await orders(token)).to.equal(200);
        const [lost, ...others] = await place.signingKeys();
        expect(others).to.deep.equal([]);
        const revoked = await place.run(`keys revoke ${lost?.kid} --yes`);
        expect(revoked.code).to.equal(0);
        const deadline = Date.now() + 12_000;
        while ((await orders(token)) === 200 && Date.now() < deadline) await sleep(200);
        expect(await orders(token)).to.equal(401);
        expect(await orders((await login(ADA, OTHER)).token)).to.equal(200);
        const [made] = await place.signingKeys();
        expect(made?.kid).to.not.equal(lost?.kid);
      });

      it('stops when it is told to, and commands go on working', async () => {
        gateway.kill('SIGINT');
        expect(await gateway.end()).to.deep.equal({ code: 0, signal: null });
        expect((await place.users()).map(({ email }) => email)).to.deep.equal([ADA, BOB]);
      });
    });
  });
}

describe('the program without a database', function () {
  this.timeout(60_000);
  let place: Place;

  beforeEach(async () => {
    place = await Place.create({ url: 'postgres://u:hunter2@127.0.0.1:1/shop' });
  });
  afterEach(async () => place.close());

  it('makes, lists and rotates signing keys in files for nobody else', async () => {
    expectRefused(await place.run('keys list'), 1, 'type gatewayctl keys create');
    expect(await place.done('keys create')).to.match(/^made .*\.pem \(RS256\), which signs from /);
    const [first] = await place.signingKeys();
    expect(first).to.include({ state: 'signing' });
    expectRefused(await place.run('keys create'), 1, 'type gatewayctl keys rotate');
    const rotated = await place.run('keys rotate');
    expect(rotated.code).to.equal(0);
    expect(rotated.stderr).to.include('it is published for 1h before it signs');
    const keys = await place.signingKeys();
    expect(keys.map(({ state }) => state)).to.deep.equal(['signing', 'next']);
    expect(keys[0]?.kid).to.equal(first?.kid);
    expectRefused(await place.run('keys rotate'), 1, 'is there already');
    expectRefused(await place.run('keys revoke nope --yes'), 1, 'look with gatewayctl keys list');
    expectRefused(await place.run(`keys revoke ${first?.kid}`), 2, 'add --yes');
    expect(await readdir(join(place.folder, 'keys'))).to.have.length(2);
    expect((await stat(join(place.folder, 'keys'))).mode & 0o777).to.equal(0o700);
    for (const { file } of keys) {
      expect((await stat(file)).mode & 0o777, file).to.equal(0o600);
      expect(await readFile(file, 'utf8')).to.match(/^-----BEGIN PRIVATE KEY-----\n/);
    }
    const revoked = await place.done(`keys revoke ${first?.kid} --yes`);
    expect(revoked)
      .to.match(/^made .*\.pem \(RS256\), which signs at once$/m)
      .and.include(`removed ${first?.file}\n`);
    expect((await place.signingKeys()).map(({ state }) => state)).to.deep.equal(['signing', 'next']);
  });

  it('names what the file lacks for users and API keys, and creates no database', async () => {
    await place.write(
      'bare.yaml',
      'version: 1\nroutes: [{ name: a, match: { path: / }, access: public, respond: { status: 200 } }]\n',
    );
    for (const line of ['user list', 'user show a@example.com', 'user disable a@example.com', 'user remove a --yes'])
      expectRefused(await place.run(`${line} -c bare.yaml`), 2, 'the configuration has no identity');
    for (const line of ['key list', 'key add ci --role viewer', 'key revoke 00000000000000'])
      expectRefused(await place.run(`${line} -c bare.yaml`), 2, 'add apiKeys: {}');
    expect(await readdir(place.folder)).to.have.members(['bare.yaml', 'gateway.yaml']);
  });

  it('lists roles with all that they inherit and grant', async () => {
    const { roles }: { roles: readonly object[] } = JSON.parse(await place.done('role list --format json'));
    expect(roles).to.deep.equal([
      { name: 'viewer', inherits: [], permissions: ['orders:read'] },
      { name: 'editor', inherits: ['viewer'], permissions: ['orders:write', 'orders:read'] },
      { name: 'admin', inherits: [], permissions: ['*'] },
    ]);
    expect(await place.done('role list')).to.match(/^editor +viewer +orders:write, orders:read$/m);
  });

  it('says which database cannot be reached, and hides its password', async () => {
    for (const line of ['user list', 'key list', 'migrate status']) {
      const refused = await place.run(line);
      expectRefused(refused, 1, '127.0.0.1:1/shop');
      expect(refused.stderr).not.to.include('hunter2');
    }
  });

  it('exits with 2 for a configuration that is missing or faulty', async () => {
    await place.write('faulty.yaml', 'version: 1\nidentiti: {}\n');
    for (const line of ['user list', 'key list', 'keys list', 'role list', 'migrate status']) {
      expectRefused(await place.run(`${line} -c missing.yaml`), 2, 'missing.yaml');
      expectRefused(await place.run(`${line} -c faulty.yaml`), 2, 'faulty.yaml:2:1 error  unknown-key');
    }
  });

  it('shows the help of a group that is typed alone, and exits with 2', async () => {
    for (const group of ['user', 'key', 'keys', 'role', 'migrate']) {
      expectRefused(await place.run(group), 2, `Usage: gatewayctl ${group} [options] [command]`);
    }
  });

  it('knows what was probably meant, and exits with 2', async () => {
    for (const [line, meant] of [
      ['usr', 'user'],
      ['user ad', 'add'],
      ['migrate stats', 'status'],
      ['help user lst', 'list'],
      ['user help enabel', 'enable'],
    ] as const) {
      expectRefused(await place.run(line), 2, `(Did you mean ${meant}?)`);
    }
    expectRefused(await place.run('help nonsense'), 2, "unknown command 'nonsense'");
  });

  it('shows the help of a command below another one, however it is asked for', async () => {
    const help = await place.done('user add --help');
    expect(help)
      .to.match(/^Usage: gatewayctl user add \[options\] <email>\n/)
      .and.include('Examples:');
    expect(await place.done('help user add')).to.equal(help);
    expect(await place.done('user help add')).to.equal(help);
    expect(await place.done('help user')).to.equal(await place.done('user --help'));
  });
});

describe('docs/users.md', function () {
  this.timeout(60_000);
  const page = new URL('../../../docs/users.md', import.meta.url);
  const run = promisify(execFile);

  /** The first block of a language below a heading. */
  function blockOf(text: string, heading: string, language: string): string {
    const [, section = ''] = text.split(`\n## ${heading}\n`);
    const [, block] = new RegExp(`\\n\`\`\`${language}\\n(.*?)\\n\`\`\`\\n`, 's').exec(section) ?? [];
    if (block === undefined) throw new Error(`no block of ${language} below ${heading}`);
    return block;
  }

  it('uses no variable that is not set before', async () => {
    const text = await readFile(page, 'utf8');
    // Secrets come from the environment.
    const given = ['DATABASE_URL', 'GATEWAYCTL_TOKEN'];
    for (const [, block = ''] of text.matchAll(/^```sh\n(.*?)^```$/gms)) {
      for (const { 1: name = '', index } of block.matchAll(/\$([A-Z_]+)/g)) {
        if (given.includes(name)) continue;
        expect(block.slice(0, index), `$${name}`).to.match(new RegExp(`^${name}=`, 'm'));
      }
    }
  });

  it('has calls of the HTTP API that work in their order', async () => {
    await run('bash', ['-c', 'command -v curl jq']).catch(async () =>
      run('apt-get', ['install', '-y', '--no-install-recommends', 'curl', 'jq']),
    );
    const text = await readFile(page, 'utf8');
    const closers: (() => unknown)[] = [];
    const dataDir = await createdDataDir();
    const place = await Place.create({ dataDir });
    try {
      const example = blockOf(text, 'In one minute', 'yaml');
      const database = JSON.stringify({ dataDir });
      await place.write(
        'gateway.yaml',
        example.replace('version: 1\n', `version: 1\nserver: { listen: 127.0.0.1:0 }\ndatabase: ${database}\n`),
      );
      const gateway = TestProcess.gatewayctl(['serve'], (close) => closers.push(close), { cwd: place.folder });
      const { address } = await gateway.serving();
      await gateway.logged('the database can be asked');
      const calls = blockOf(text, 'The HTTP API', 'sh').replace('127.0.0.1:8080', address);
      // A call that fails, or a variable that is not set, ends the script.
      const strict = 'set -euo pipefail; curl() { command curl -sS --fail-with-body "$@"; }\n';
      const { stdout } = await run('bash', ['-c', `${strict}${calls}`], { cwd: place.folder });
      expect(stdout).to.include('"openapi":"3.1');
    } finally {
      for (const close of closers) await close();
      await place.close();
    }
  });
});
