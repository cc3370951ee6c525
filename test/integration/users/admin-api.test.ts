/** What administrators do with users over HTTP, on both databases alike, and what attackers try at that port. */
import { Agent } from 'node:http';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import { AdminListener } from '../../../src/admin/admin.ts';
import type { Database } from '../../../src/database/database.ts';
import { DatabaseUnavailable } from '../../../src/database/failures.ts';
import { migrateUp } from '../../../src/database/migrations.ts';
import { PROBLEMS, type ProblemCode } from '../../../src/errors.ts';
import { createLogger } from '../../../src/observability/log.ts';
import type { Administration } from '../../../src/users/administration.ts';
import { MAX_BODY_BYTES } from '../../../src/users/json-fields.ts';
import { adminOptions } from '../../support/admin.ts';
import { FakeAdministration } from '../../support/administration.ts';
import { call, expectProblem, type Answered, type CallOptions } from '../../support/client.ts';
import { DATABASES, newDatabase } from '../../support/databases.ts';
import { testIdentity, type TestIdentity } from '../../support/identity.ts';

const TOKEN = 'a-token-for-tests';
const PASSWORD = 'correct horse battery';
const NOBODY = '00000000-0000-4000-8000-000000000000';
const LISTEN = { host: '127.0.0.1', port: 0 };

interface Ask extends Omit<CallOptions, 'method'> {
  /** Of the Authorization; empty = none. */
  readonly token?: string;
  /** Of the body. */
  readonly type?: string;
}

/** An admin listener over an administration, both of which a test may change. */
class Admin {
  administration: Administration | undefined;
  token = TOKEN;
  /** What was logged as an error. */
  readonly errors: string[] = [];
  /** What was logged of changes: parsed, without the time. */
  readonly changes: object[] = [];
  #listener: AdminListener | undefined;

  async open(): Promise<void> {
    const lines = { write: (line: string) => this.#log(line) };
    const options = await adminOptions({
      logger: createLogger({ format: () => 'json' }, lines),
      config: () => ({ listen: LISTEN, token: this.token, registryToken: '' }),
      administration: () => this.administration,
    });
    this.#listener = await AdminListener.open(LISTEN, options);
  }

  async close(): Promise<void> {
    await this.#listener?.close();
  }

  /** What was logged of changes since it was asked for last. */
  takeChanges(): readonly object[] {
    return this.changes.splice(0);
  }

  #log(line: string): void {
    const { time, ...told }: Record<string, unknown> = JSON.parse(line);
    expect(time).to.be.a('string');
    if (told['level'] === 'info') this.changes.push(told);
    else this.errors.push(line);
  }

  /** @param target `GET /users`, below /api/v1 */
  async ask(target: string, { token = TOKEN, type = 'application/json', headers = [], ...more }: Ask = {}) {
    const [method = '', path = ''] = target.split(' ');
    const answer = await call(`http://127.0.0.1:${this.#listener?.address.port}/api/v1${path}`, {
      ...more,
      method,
      headers: [
        ...(token === '' ? [] : ['authorization', `Bearer ${token}`]),
        ...(more.body === undefined || type === '' ? [] : ['content-type', type]),
        ...headers,
      ],
    });
    expect(answer.header('cache-control'), target).to.equal('no-store');
    return answer;
  }
}

/** A value within a value of JSON; undefined when there is none. */
function at(value: unknown, ...names: readonly string[]): unknown {
  let found = value;
  for (const name of names) {
    if (typeof found !== 'object' || found === null) return undefined;
    found = Reflect.get(found, name);
  }
  return found;
}

function objectAt(value: unknown, ...names: readonly string[]): object {
  const found = at(value, ...names);
  if (typeof found !== 'object' || found === null) throw new Error(`no object at ${names.join(' ')}`);
  return found;
}

function listAt(value: unknown, name: string): readonly unknown[] {
  const found = at(value, name);
  if (!Array.isArray(found)) throw new Error(`no list at ${name}`);
  return found;
}

function json(answer: Answered): unknown {
  expect(answer.header('content-type')).to.match(/^application\/(?:problem\+)?json/);
  return JSON.parse(answer.text);
}

function detailOf(answer: Answered): string {
  return String(at(json(answer), 'detail'));
}

/** The pointers and codes of an `invalid-body`. */
function faultsOf(answer: Answered): readonly string[] {
  expect([answer.status, at(json(answer), 'code')]).to.deep.equal([400, 'invalid-body']);
  return listAt(json(answer), 'errors').map((error) => `${String(at(error, 'pointer'))} ${String(at(error, 'code'))}`);
}

function emailsIn(answer: Answered): readonly string[] {
  expect(answer.status).to.equal(200);
  return listAt(json(answer), 'users').map((user) => String(at(user, 'email')));
}

function cursor(text: string): string {
  return Buffer.from(text).toString('base64url');
}

for (const kind of DATABASES) {
  describe(`the administrators' API on ${kind.name}`, () => {
    const admin = new Admin();
    let database: Database;
    let identity: TestIdentity;
    let document: object;

    const conforms = (answer: Answered, schema: string): unknown => {
      const ajv = new Ajv2020({ strict: false, validateFormats: false });
      ajv.addSchema(document, 'document');
      const value = json(answer);
      const matches = ajv.validate({ $ref: `document#/components/schemas/${schema}` }, value);
      expect(matches, `${answer.text} ${ajv.errorsText()}`).to.equal(true);
      return value;
    };
    const refuses = (answer: Answered, code: ProblemCode): void => {
      expectProblem(answer, code);
      conforms(answer, 'Problem');
    };
    const add = async (email: string, role = 'viewer'): Promise<string> => {
      const user = await identity.administration.addUser(email, PASSWORD, role);
      if ('fault' in user) throw new Error(user.fault);
      return user.id;
    };
    const login = async (email: string): Promise<string> => {
      const headers = { 'user-agent': 'Browser/1' };
      const answer = await identity.ask('POST /login', { body: { email, password: PASSWORD }, headers });
      expect(answer.status).to.equal(200);
      return answer.text('access_token');
    };
    const liveness = async (token: string): Promise<string> => {
      const found = await identity.identityOf(token);
      return found === undefined ? 'invalid' : identity.live.check(found);
    };
    const sessionIn = async (token: string): Promise<string> => (await identity.identityOf(token))?.sessionId ?? '';

    before(async () => {
      database = await newDatabase(kind);
      await migrateUp(database);
      await admin.open();
      document = objectAt(json(await admin.ask('GET /openapi.json')));
    });
    beforeEach(async () => {
      await database.execute('TRUNCATE users, sessions, refresh_tokens, lockouts, api_keys');
      identity = testIdentity(database);
      admin.administration = identity.administration;
    });
    // Nothing of what anybody sends may be a bug.
    afterEach(() => expect(admin.errors).to.deep.equal([]));
    after(async () => {
      await admin.close();
      await database.close();
    });

    describe('with 25 users', () => {
      const emails = Array.from({ length: 25 }, (_, index) => `user${index}@example.com`);

      beforeEach(async () => {
        for (const [index, email] of emails.entries()) {
          await add(email, index % 5 === 0 ? 'editor' : 'viewer');
          // Several have the same time.
          identity.clock.now += index % 3;
        }
      });

      it('lists all of them, page by page, each once', async () => {
        const whole = await admin.ask('GET /users');
        expect(at(conforms(whole, 'Users'), 'next')).to.equal(null);
        expect(emailsIn(whole).toSorted()).to.deep.equal(emails.toSorted());
        const found: string[] = [];
        const sizes: number[] = [];
        let after: unknown = '';
        while (typeof after === 'string') {
          const page = await admin.ask(
            `GET /users?limit=7${after === '' ? '' : `&after=${encodeURIComponent(after)}`}`,
          );
          conforms(page, 'Users');
          found.push(...emailsIn(page));
          sizes.push(emailsIn(page).length);
          after = at(json(page), 'next');
        }
        expect(sizes).to.deep.equal([7, 7, 7, 4]);
        expect(found).to.deep.equal(emailsIn(whole));
        expect(emailsIn(await admin.ask('GET /users?limit=500'))).to.have.length(25);
        expect(emailsIn(await admin.ask('GET /users?limit=1'))).to.have.length(1);
      });

      it('finds them by a part of the address, a role, and both', async () => {
        expect(emailsIn(await admin.ask('GET /users?search=USER7%40'))).to.deep.equal(['user7@example.com']);
        expect(emailsIn(await admin.ask('GET /users?search=user2'))).to.have.length(6);
        expect(emailsIn(await admin.ask('GET /users?role=editor'))).to.have.length(5);
        expect(emailsIn(await admin.ask('GET /users?role=editor&search=user2'))).to.deep.equal(['user20@example.com']);
        expect(emailsIn(await admin.ask('GET /users?role='))).to.deep.equal([]);
        expect(emailsIn(await admin.ask('GET /users?role=king'))).to.deep.equal([]);
        expect(emailsIn(await admin.ask('GET /users?search='))).to.have.length(25);
        // A plus is a blank, as in forms.
        expect(emailsIn(await admin.ask('GET /users?search=user7+'))).to.deep.equal([]);
      });

      it('is not stopped by SQL or wildcards in what is looked for', async () => {
        for (const text of ["' OR 1=1 --", '%', '_', "'; DROP TABLE users; --", '\\', '$1']) {
          const answer = await admin.ask(`GET /users?search=${encodeURIComponent(text)}`);
          expect(emailsIn(answer), text).to.deep.equal([]);
          expect(emailsIn(await admin.ask(`GET /users?role=${encodeURIComponent(text)}`)), text).to.deep.equal([]);
          refuses(await admin.ask(`GET /users?after=${encodeURIComponent(text)}`), 'invalid-query');
          for (const method of ['GET', 'DELETE'])
            refuses(await admin.ask(`${method} /users/${encodeURIComponent(text)}`), 'user-not-found');
          const path = `/users/${encodeURIComponent(emails[0] ?? '')}/sessions/${encodeURIComponent(text)}`;
          refuses(await admin.ask(`DELETE ${path}`), 'session-not-found');
        }
        expect(emailsIn(await admin.ask('GET /users'))).to.have.length(25);
      });
    });

    it('takes no query parameter that is not known or has another value than it may have', async () => {
      await add('ann@example.com');
      for (const [query, detail] of [
        ['limit=0', 'limit: found "0", expected a whole number from 1 to 500'],
        ['limit=501', 'limit: found "501", expected a whole number from 1 to 500'],
        ['limit=', 'limit: found "", expected a whole number from 1 to 500'],
        ['limit=1e2', 'limit: found "1e2", expected a whole number from 1 to 500'],
        ['limit=-1', 'limit: found "-1", expected a whole number from 1 to 500'],
        ['limit=%201', 'limit: found " 1", expected a whole number from 1 to 500'],
        ['limit=1&limit=2', 'limit: found twice, expected once'],
        ['limt=1', '"limt": found a parameter that is not known here, expected search, role, limit, after'],
        ['__proto__=1', '"__proto__": found a parameter that is not known here, expected search, role, limit, after'],
        ['search[]=1', '"search[]": found a parameter that is not known here, expected search, role, limit, after'],
        ['search=%00', 'search: found "\\u0000", expected a text without NUL'],
        ['role=a%00', 'role: found "a\\u0000", expected the name of a role'],
        ['search=%zz', 'the query: found "search=%zz", expected UTF-8 that is percent-encoded'],
        ['search=%ff', 'the query: found "search=%ff", expected UTF-8 that is percent-encoded'],
        ['after=', 'after: found "", expected next of the page before'],
        [`after=${'A'.repeat(100)}`, `after: found "${'A'.repeat(64)}…", expected next of the page before`],
      ] as const) {
        const answer = await admin.ask(`GET /users?${query}`);
        refuses(answer, 'invalid-query');
        expect(detailOf(answer), query).to.equal(detail);
      }
      const good = cursor(`2026-02-28T23:59:59.999999Z ${NOBODY}`);
      expect((await admin.ask(`GET /users?after=${good}`)).status).to.equal(200);
      for (const after of [
        cursor(`2026-02-30T00:00:00.000000Z ${NOBODY}`),
        cursor(`2026-13-01T00:00:00.000000Z ${NOBODY}`),
        cursor(`2026-01-01T24:00:00.000000Z ${NOBODY}`),
        cursor(`2026-01-01T23:59:60.000000Z ${NOBODY}`),
        cursor(`0000-01-01T00:00:00.000000Z ${NOBODY}`),
        cursor(`2026-01-01T00:00:00.000000Z ${'-'.repeat(36)}`),
        cursor(`2026-01-01T00:00:00.000000Z' OR 1=1 --`),
        `${good}!`,
        `${good}=`,
      ]) {
        refuses(await admin.ask(`GET /users?after=${encodeURIComponent(after)}`), 'invalid-query');
      }
      // It would look as if it ended one session.
      const token = await login('ann@example.com');
      const answer = await admin.ask(`DELETE /users/ann@example.com/sessions?session=${NOBODY}`);
      refuses(answer, 'invalid-query');
      expect(detailOf(answer)).to.equal('"session": found a parameter that is not known here, expected none');
      expect(await liveness(token)).to.equal('live');
    });

    it('shows a user by id and by address, however it is written', async () => {
      const id = await add('ann+a@example.com');
      await login('ann+a@example.com');
      for (const name of [id, id.toUpperCase(), 'ann+a@example.com', 'ANN%2Ba%40Example.COM']) {
        const user = await admin.ask(`GET /users/${name}`);
        expect(user.status, name).to.equal(200);
        expect(conforms(user, 'User')).to.deep.equal({
          id,
          email: 'ann+a@example.com',
          role: 'viewer',
          disabled: false,
          created_at: new Date(identity.clock.now).toISOString(),
          sessions: 1,
        });
      }
      identity = testIdentity(database, { defaultRole: undefined });
      await identity.ask('POST /register', { body: { email: 'bob@example.com', password: PASSWORD } });
      expect(at(conforms(await admin.ask('GET /users/bob@example.com'), 'User'), 'role')).to.equal(null);
      expect(emailsIn(await admin.ask('GET /users?role='))).to.deep.equal(['bob@example.com']);
    });

    it('takes a slash in an address for a part of it when it is encoded, and only then', async () => {
      await add('a/b@example.com');
      const user = await admin.ask('GET /users/a%2Fb@example.com');
      expect(at(conforms(user, 'User'), 'email')).to.equal('a/b@example.com');
      refuses(await admin.ask('GET /users/a/b@example.com'), 'route-not-found');
      expect((await admin.ask('GET /users/a%2fb@example.com/sessions')).status).to.equal(200);
      expect((await admin.ask('DELETE /users/a%2Fb@example.com')).status).to.equal(204);
    });

    it('finds nobody where nobody is', async () => {
      for (const name of [NOBODY, 'nobody@example.com', 'x', '%00', 'a%00@example.com', '%F0%9F%92%A9', '__proto__']) {
        for (const target of [
          `GET /users/${name}`,
          `DELETE /users/${name}`,
          `GET /users/${name}/sessions`,
          `DELETE /users/${name}/sessions`,
          `DELETE /users/${name}/sessions/${NOBODY}`,
        ])
          refuses(await admin.ask(target), 'user-not-found');
        refuses(await admin.ask(`PATCH /users/${name}`, { body: '{"disabled":true}' }), 'user-not-found');
      }
    });

    it('refuses what is no percent-encoding, and does not take it for a name', async () => {
      await add('%zz@example.com');
      for (const name of ['%zz@example.com', '%', '%ff', '%c0%af']) {
        for (const target of [
          `GET /users/${name}`,
          `DELETE /users/${name}`,
          `DELETE /users/${NOBODY}/sessions/${name}`,
        ])
          refuses(await admin.ask(target), 'invalid-target');
      }
      expect((await admin.ask('GET /users/%25zz@example.com')).status).to.equal(200);
    });

    it('gives another role: the token of before is over, its session is not', async () => {
      await add('ann@example.com');
      const token = await login('ann@example.com');
      expect(await liveness(token)).to.equal('live');
      const answer = await admin.ask('PATCH /users/ann@example.com', { body: '{"role":"admin"}' });
      expect(answer.status).to.equal(200);
      expect(conforms(answer, 'User')).to.include({ role: 'admin', disabled: false, sessions: 1 });
      expect(await liveness(token)).to.equal('ended');
    });

    it('locks a user out, who loses all sessions at once, and lets one in again', async () => {
      await add('ann@example.com');
      const token = await login('ann@example.com');
      expect(await liveness(token)).to.equal('live');
      const locked = await admin.ask('PATCH /users/ann@example.com', { body: '{"disabled":true}' });
      expect(conforms(locked, 'User')).to.include({ role: 'viewer', disabled: true, sessions: 0 });
      expect(await liveness(token)).to.equal('ended');
      const body = { email: 'ann@example.com', password: PASSWORD };
      expect((await identity.ask('POST /login', { body })).status).to.equal(401);
      const free = await admin.ask('PATCH /users/ann@example.com', { body: '{"disabled":false}' });
      expect(conforms(free, 'User')).to.include({ disabled: false, sessions: 0 });
      expect(await liveness(await login('ann@example.com'))).to.equal('live');
    });

    it('changes both at once, and nothing when one of them is faulty', async () => {
      await add('ann@example.com');
      const token = await login('ann@example.com');
      for (const [body, faults] of [
        ['{"disabled":true,"role":"king"}', ['/role unknown-role']],
        ['{"disabled":true,"role":""}', ['/role unknown-role']],
        ['{"disabled":true,"role":"__proto__"}', ['/role unknown-role']],
        ['{"disabled":true,"role":"viewer\\u0000"}', ['/role unknown-role']],
        ['{"disabled":true,"role":null}', ['/role wrong-type']],
        ['{"role":"admin","disabled":"yes"}', ['/disabled wrong-type']],
        ['{"role":["admin"],"disabled":1}', ['/role wrong-type', '/disabled wrong-type']],
        ['{"role":"admin","email":"x@example.com"}', ['/email unknown-member']],
        ['{"role":"admin","disabled":true,"role":"viewer"}', [' duplicate-member']],
        ['{"role":"admin","r\\u006fle":"viewer"}', [' duplicate-member']],
        ['{"role":"admin","__proto__":{"disabled":true}}', ['/__proto__ unknown-member']],
        ['{"__proto__":{"role":"admin"}}', ['/__proto__ unknown-member']],
        ['{}', [' required']],
        ['', [' required']],
        ['[]', [' wrong-type']],
        ['null', [' wrong-type']],
        ['"role"', [' wrong-type']],
        ['{"role":"admin"', [' invalid-json']],
        ['{"role":"admin"}\0', [' invalid-json']],
        ['\ufeff{"role":"admin"}', [' invalid-json']],
        [Buffer.from([0x7b, 0xff, 0x7d]), [' invalid-json']],
      ] as const) {
        const answer = await admin.ask('PATCH /users/ann@example.com', { body });
        expect(faultsOf(answer), String(body)).to.deep.equal(faults);
        conforms(answer, 'Problem');
      }
      expect(faultsOf(await admin.ask('PATCH /users/ann@example.com'))).to.deep.equal([' required']);
      const before = { role: 'viewer', disabled: false, sessions: 1 };
      expect(json(await admin.ask('GET /users/ann@example.com'))).to.include(before);
      expect(await liveness(token)).to.equal('live');
      const both = await admin.ask('PATCH /users/ann@example.com', { body: '{"role":"admin","disabled":true}' });
      expect(conforms(both, 'User')).to.include({ role: 'admin', disabled: true, sessions: 0 });
      expect(await liveness(token)).to.equal('ended');
    });

    it('changes and removes a user that is as it was seen, and no other', async () => {
      const id = await add('ann@example.com');
      const tagOf = async (): Promise<string> => (await admin.ask(`GET /users/${id}`)).header('etag') ?? '';
      const first = await tagOf();
      expect(first).to.match(/^"[\w-]+"$/);
      const change = async (role: string, tag: string): Promise<Answered> =>
        admin.ask(`PATCH /users/${id}`, { body: JSON.stringify({ role }), headers: ['if-match', tag] });
      const changed = await change('editor', first);
      expect(changed.status, changed.text).to.equal(200);
      expect(changed.header('etag'))
        .to.equal(await tagOf())
        .and.not.equal(first);
      admin.takeChanges();
      for (const tag of [first, `W/${await tagOf()}`, '"x"']) {
        expectProblem(await change('viewer', tag), 'precondition-failed');
        const removal = await admin.ask(`DELETE /users/${id}`, { headers: ['if-match', tag] });
        expectProblem(removal, 'precondition-failed');
      }
      for (const headers of [
        ['if-match', ''],
        ['if-match', 'x'],
        ['if-none-match', '"x'],
      ])
        refuses(await admin.ask(`DELETE /users/${id}`, { headers }), 'invalid-request');
      expectProblem(await admin.ask(`DELETE /users/${id}`, { headers: ['if-none-match', '*'] }), 'precondition-failed');
      expect(admin.takeChanges()).to.deep.equal([]);
      expect(at(json(await admin.ask(`GET /users/${id}`)), 'role')).to.equal('editor');
      // What would not be done without the condition is refused for its own sake (RFC 9110 section 13.2.1).
      expect(faultsOf(await change('none', first))).to.deep.equal(['/role unknown-role']);
      const nobody = await admin.ask(`DELETE /users/${NOBODY}`, { headers: ['if-match', first] });
      expectProblem(nobody, 'user-not-found');
      expect((await change('viewer', '*')).status).to.equal(200);
      expect((await change('editor', `"x", ${await tagOf()}`)).status).to.equal(200);
      const removed = await admin.ask(`DELETE /users/${id}`, { headers: ['if-match', await tagOf()] });
      expect(removed.status).to.equal(204);
    });

    it('lets one of those who change the same user at once do it', async () => {
      const id = await add('ann@example.com');
      const headers = ['if-match', (await admin.ask(`GET /users/${id}`)).header('etag') ?? ''];
      const answers = await Promise.all(
        ['editor', 'editor', 'editor', 'editor'].map(async (role) =>
          admin.ask(`PATCH /users/${id}`, { body: JSON.stringify({ role }), headers }),
        ),
      );
      expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).to.deep.equal([200, 412, 412, 412]);
    });

    it('does not send a user again to those who know it', async () => {
      const id = await add('ann@example.com');
      const tag = (await admin.ask(`GET /users/${id}`)).header('etag') ?? '';
      const ask = async (): Promise<Answered> =>
        admin.ask(`GET /users/ANN@example.com`, { headers: ['if-none-match', tag] });
      expect(await ask()).to.include({ status: 304, text: '' });
      // The number of sessions is a part of what is shown.
      await login('ann@example.com');
      expect(await ask()).to.include({ status: 200 });
    });

    it('takes bodies of JSON alone', async () => {
      await add('ann@example.com');
      for (const type of ['', 'text/plain', 'application/x-www-form-urlencoded', 'application/merge-patch+json']) {
        const answer = await admin.ask('PATCH /users/ann@example.com', { body: '{"role":"admin"}', type });
        refuses(answer, 'unsupported-media-type');
        expect(answer.header('accept')).to.equal('application/json');
      }
      expect(json(await admin.ask('GET /users/ann@example.com'))).to.include({ role: 'viewer' });
    });

    it('takes bodies of 16 KiB and no more, on a connection that goes on', async () => {
      await add('ann@example.com');
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      const ports = new Set<unknown>();
      try {
        const body = '{"role":"admin"}';
        for (const [size, headers] of [
          [17 * 1024, []],
          [MAX_BODY_BYTES + 1, ['transfer-encoding', 'chunked']],
          [1024 * 1024, []],
        ] as const) {
          const answer = await admin.ask('PATCH /users/ann@example.com', { body: body.padEnd(size), headers, agent });
          refuses(answer, 'body-too-large');
          expect(at(json(await admin.ask('GET /users/ann@example.com', { agent })), 'role')).to.equal('viewer');
          for (const sockets of [...Object.values(agent.freeSockets), ...Object.values(agent.sockets)])
            for (const socket of sockets ?? []) ports.add(at(socket, 'localPort'));
        }
        expect(ports.size).to.equal(1);
        const whole = await admin.ask('PATCH /users/ann@example.com', { body: body.padEnd(MAX_BODY_BYTES), agent });
        expect(at(conforms(whole, 'User'), 'role')).to.equal('admin');
      } finally {
        agent.destroy();
      }
    });

    it('shows and ends sessions: tokens die at once, those of others do not', async () => {
      await add('ann@example.com');
      await add('bob@example.com');
      const [one, two, other] = [
        await login('ann@example.com'),
        await login('ann@example.com'),
        await login('bob@example.com'),
      ];
      for (const token of [one, two, other]) expect(await liveness(token)).to.equal('live');
      const shown = listAt(conforms(await admin.ask('GET /users/ann@example.com/sessions'), 'Sessions'), 'sessions');
      expect(shown.map((session) => String(at(session, 'id'))).toSorted()).to.deep.equal(
        [await sessionIn(one), await sessionIn(two)].toSorted(),
      );
      expect(shown[0]).to.include({ client: '192.0.2.1', user_agent: 'Browser/1' });

      // Of somebody else.
      const foreign = `DELETE /users/ann@example.com/sessions/${await sessionIn(other)}`;
      refuses(await admin.ask(foreign), 'session-not-found');
      for (const nonsense of [NOBODY, 'x', '%00', "'"])
        refuses(await admin.ask(`DELETE /users/ann@example.com/sessions/${nonsense}`), 'session-not-found');
      expect(await liveness(other)).to.equal('live');

      const target = `DELETE /users/ann@example.com/sessions/${await sessionIn(one)}`;
      const ended = await admin.ask(target);
      expect([ended.status, ended.text]).to.deep.equal([204, '']);
      expect([await liveness(one), await liveness(two)]).to.deep.equal(['ended', 'live']);
      refuses(await admin.ask(target), 'session-not-found');

      const three = await login('ann@example.com');
      expect(await liveness(three)).to.equal('live');
      expect((await admin.ask('DELETE /users/ann@example.com/sessions')).status).to.equal(204);
      expect([await liveness(two), await liveness(three), await liveness(other)]).to.deep.equal([
        'ended',
        'ended',
        'live',
      ]);
      expect(json(await admin.ask('GET /users/ann@example.com/sessions'))).to.deep.equal({ sessions: [] });
      expect((await admin.ask('DELETE /users/ann@example.com/sessions')).status).to.equal(204);
    });

    it('writes a line of each change, and none of what was refused', async () => {
      const id = await add('ann@example.com');
      await login('ann@example.com');
      const session = await sessionIn(await login('ann@example.com'));
      admin.takeChanges();
      const line = (answer: Answered, change: object): object => ({
        level: 'info',
        msg: 'user changed by an administrator',
        user: id,
        change,
        requestId: answer.header('x-request-id'),
        client: '127.0.0.1',
      });
      const ids = new Set<unknown>();
      for (const [target, body, change] of [
        ['PATCH /users/ann@example.com', '{"role":"admin"}', { role: { from: 'viewer', to: 'admin' } }],
        [`DELETE /users/${id}/sessions/${session}`, undefined, { ended: session }],
        ['DELETE /users/Ann@example.com/sessions', undefined, { ended: 'all sessions' }],
        [
          `PATCH /users/${id}`,
          '{"disabled":true,"role":"viewer"}',
          { role: { from: 'admin', to: 'viewer' }, disabled: { from: false, to: true } },
        ],
        [`PATCH /users/${id}`, '{"disabled":false}', { disabled: { from: true, to: false } }],
        ['DELETE /users/ann@example.com', undefined, { removed: true }],
      ] as const) {
        const answer = await admin.ask(target, body === undefined ? {} : { body });
        expect(answer.status, target).to.be.oneOf([200, 204]);
        expect(admin.takeChanges(), target).to.deep.equal([line(answer, change)]);
        ids.add(answer.header('x-request-id'));
      }
      expect(ids.size).to.equal(6);
      expect([...ids].every((each) => typeof each === 'string' && each.length > 20)).to.equal(true);

      await add('bob@example.com');
      for (const [target, body] of [
        ['PATCH /users/bob@example.com', '{"role":"king"}'],
        ['PATCH /users/bob@example.com', '{}'],
        ['PATCH /users/nobody@example.com', '{"role":"admin"}'],
        [`DELETE /users/${id}`, undefined],
        [`DELETE /users/${id}/sessions`, undefined],
        [`DELETE /users/bob@example.com/sessions/${session}`, undefined],
        ['GET /users', undefined],
        ['GET /users/bob@example.com', undefined],
        ['GET /users/bob@example.com/sessions', undefined],
      ] as const)
        await admin.ask(target, body === undefined ? {} : { body });
      await admin.ask('DELETE /users/bob@example.com', { token: 'wrong' });
      expect(admin.takeChanges()).to.deep.equal([]);
    });

    it('removes a user, with all that is theirs', async () => {
      const id = await add('ann@example.com');
      await add('bob@example.com');
      const token = await login('ann@example.com');
      expect(await liveness(token)).to.equal('live');
      const removed = await admin.ask(`DELETE /users/${id}`);
      expect([removed.status, removed.text]).to.deep.equal([204, '']);
      expect(await liveness(token)).to.equal('ended');
      refuses(await admin.ask(`DELETE /users/${id}`), 'user-not-found');
      expect(emailsIn(await admin.ask('GET /users'))).to.deep.equal(['bob@example.com']);
    });

    it('answers 503 with Retry-After while there is no database, and says nothing of it', async () => {
      const closed = await newDatabase(kind);
      await closed.close();
      admin.administration = testIdentity(closed).administration;
      for (const target of [
        'GET /users',
        'GET /users/ann@example.com',
        'DELETE /users/ann@example.com',
        'GET /users/ann@example.com/sessions',
        'DELETE /users/ann@example.com/sessions',
        `DELETE /users/ann@example.com/sessions/${NOBODY}`,
      ]) {
        const answer = await admin.ask(target);
        refuses(answer, 'database-unavailable');
        expect(answer.header('retry-after'), target).to.equal('5');
      }
      const change = await admin.ask('PATCH /users/ann@example.com', { body: '{"role":"admin"}' });
      refuses(change, 'database-unavailable');
      expect((await admin.ask('GET /openapi.json')).status).to.equal(200);
    });
  });
}

describe("the administrators' API", () => {
  const admin = new Admin();
  let users: FakeAdministration;

  const TARGETS = [
    'GET /users',
    'GET /users/ann@example.com',
    'PATCH /users/ann@example.com',
    'DELETE /users/ann@example.com',
    'GET /users/ann@example.com/sessions',
    'DELETE /users/ann@example.com/sessions',
    `DELETE /users/ann@example.com/sessions/${NOBODY}`,
  ];

  before(async () => admin.open());
  beforeEach(() => {
    users = new FakeAdministration();
    users.add({ email: 'ann@example.com' });
    admin.administration = users;
    admin.token = TOKEN;
  });
  afterEach(() => expect(admin.errors).to.deep.equal([]));
  after(async () => admin.close());

  it('wants the token, before it looks at anything else', async () => {
    for (const target of [...TARGETS, 'GET /openapi.json', 'GET /users?limit=x', 'PUT /users', 'GET /users/%zz']) {
      for (const token of ['', 'wrong', `${TOKEN}x`, TOKEN.slice(0, -1), TOKEN.toUpperCase()]) {
        const answer = await admin.ask(target, { token });
        expectProblem(answer, 'unauthorized');
        expect(answer.header('www-authenticate')).to.equal('Bearer realm="gatewayctl admin"');
      }
      const answer = await admin.ask(target, { token: '', headers: ['cookie', `token=${TOKEN}`] });
      expectProblem(answer, 'unauthorized');
    }
    expect(users.calls).to.deep.equal([]);
  });

  it('takes the scheme of the token in any case, and nothing else for it', async () => {
    for (const scheme of ['bearer', 'BEARER', 'bEaReR', 'Bearer ']) {
      const headers = ['authorization', `${scheme} ${TOKEN}`];
      expect((await admin.ask('GET /users', { token: '', headers })).status, scheme).to.equal(200);
    }
    users.calls.length = 0;
    for (const text of [
      `bearer ${TOKEN.toUpperCase()}`,
      `bearer${TOKEN}`,
      `xbearer ${TOKEN}`,
      `bearer, bearer ${TOKEN}`,
      `bearer ${TOKEN}, bearer ${TOKEN}`,
      `bearer\t${TOKEN}`,
      'bearer',
      TOKEN,
    ])
      expectProblem(await admin.ask('GET /users', { token: '', headers: ['authorization', text] }), 'unauthorized');
    expect(users.calls).to.deep.equal([]);
  });

  it('writes a line, too, of a change of which nobody knows whether it took effect', async () => {
    const [ann] = users.users;
    users.removeUser = async () => {
      throw new DatabaseUnavailable('lost', 'the connection broke');
    };
    admin.takeChanges();
    const answer = await admin.ask('DELETE /users/ann@example.com');
    expectProblem(answer, 'database-unavailable');
    expect(admin.takeChanges()).to.deep.equal([
      {
        level: 'info',
        msg: 'user changed by an administrator',
        user: ann?.id,
        change: { removed: true },
        outcome: 'unknown',
        requestId: answer.header('x-request-id'),
        client: '127.0.0.1',
      },
    ]);
  });

  it('writes neither addresses nor secrets of a change', async () => {
    admin.takeChanges();
    for (const target of TARGETS.filter((each) => !each.startsWith('GET')))
      await admin.ask(target, target.startsWith('PATCH') ? { body: '{"role":"admin"}' } : {});
    const text = JSON.stringify(admin.takeChanges());
    expect(text).to.include('user changed').and.not.include('@').and.not.include(TOKEN);
  });

  it('lets nobody at users while there is no admin token', async () => {
    admin.token = '';
    for (const target of TARGETS) {
      for (const token of ['', ' ', 'anything']) {
        expectProblem(await admin.ask(target, { token, body: '{"role":"admin"}' }), 'admin-token-required');
      }
    }
    expect(users.calls).to.deep.equal([]);
    admin.administration = undefined;
    expectProblem(await admin.ask('GET /users'), 'admin-token-required');
    expect((await admin.ask('GET /openapi.json', { token: '' })).status).to.equal(200);
  });

  it('says so when the gateway has no users', async () => {
    admin.administration = undefined;
    for (const target of TARGETS) expectProblem(await admin.ask(target), 'identity-not-configured');
    expect((await admin.ask('GET /openapi.json')).status).to.equal(200);
  });

  it('is not for pages of other sites, nor for names that point here', async () => {
    for (const headers of [
      ['host', 'evil.example.com'],
      ['host', 'localhost.evil.example.com'],
      ['origin', 'https://evil.example.com'],
      ['origin', 'null'],
      ['origin', 'http://127.0.0.1:1'],
    ]) {
      for (const target of TARGETS)
        expectProblem(await admin.ask(target, { headers, body: '{"role":"admin"}' }), 'misdirected-request');
    }
    expect(users.calls).to.deep.equal([]);
  });

  it('answers 405 with what a path takes', async () => {
    for (const [path, allow] of [
      ['/users', 'GET, HEAD'],
      ['/users/ann@example.com', 'DELETE, GET, HEAD, PATCH'],
      ['/users/ann@example.com/sessions', 'DELETE, GET, HEAD'],
      ['/users/ann@example.com/sessions/x', 'DELETE'],
      ['/openapi.json', 'GET, HEAD'],
    ] as const) {
      for (const method of ['PUT', 'OPTIONS', 'POST']) {
        const answer = await admin.ask(`${method} ${path}`);
        expectProblem(answer, 'method-not-allowed');
        expect(answer.header('allow'), `${method} ${path}`).to.equal(allow);
        expect(answer.header('access-control-allow-origin')).to.equal(undefined);
      }
    }
    for (const path of [
      '/users/',
      '/Users',
      '/users/x/',
      '/users/x/sessions/',
      '/users/x/sessions/y/z',
      '/openapiXjson',
    ])
      expectProblem(await admin.ask(`GET ${path}`), 'route-not-found');
    expect(users.calls).to.deep.equal([]);
  });

  it('answers HEAD as GET, without the body', async () => {
    for (const path of ['/users', '/users/ann@example.com', '/users/ann@example.com/sessions', '/openapi.json']) {
      const whole = await admin.ask(`GET ${path}`);
      const head = await admin.ask(`HEAD ${path}`);
      expect([head.status, head.text], path).to.deep.equal([200, '']);
      expect(head.header('content-length')).to.equal(String(whole.body.length));
    }
    expect((await admin.ask('HEAD /users/nobody@example.com')).status).to.equal(404);
  });

  it('answers a bug with a problem that says nothing, and logs it', async () => {
    users.findUser = async () => {
      throw new TypeError('a bug at 127.0.0.1');
    };
    expectProblem(await admin.ask('GET /users/ann@example.com'), 'internal-error');
    expect(admin.errors.join('')).to.include('a bug at 127.0.0.1');
    admin.errors.length = 0;
  });

  describe('the OpenAPI document', () => {
    let document: unknown;

    beforeEach(async () => {
      document = json(await admin.ask('GET /openapi.json'));
    });

    it('is one of OpenAPI 3.1: what must be there is', () => {
      expect(document).to.have.property('openapi', '3.1.0');
      expect(document).to.have.nested.property('info.title');
      expect(document).to.have.nested.property('info.version');
      expect(document).to.have.nested.property('servers[0].url', '/api/v1');
      const ids: string[] = [];
      for (const [path, methods] of Object.entries(objectAt(document, 'paths'))) {
        for (const [method, described] of Object.entries(objectAt(methods))) {
          const target = `${method} ${path}`;
          if (listAt(described, 'tags').includes('users')) ids.push(String(at(described, 'operationId')));
          expect(at(described, 'summary'), target).to.be.a('string').that.matches(/./);
          const statuses = Object.keys(objectAt(described, 'responses'));
          expect(statuses, target).to.include.members(['400', '401', '421']);
          expect(
            statuses.some((status) => status.startsWith('2')),
            target,
          ).to.equal(true);
          for (const status of statuses)
            expect(at(described, 'responses', status, 'description'), target)
              .to.be.a('string')
              .that.matches(/./);
          const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
          const parameters = path.includes('{') || path === '/users' ? listAt(described, 'parameters') : [];
          const inPath = parameters.filter((parameter) => at(parameter, 'in') === 'path');
          expect(inPath.map((parameter) => at(parameter, 'name'))).to.deep.equal(named);
        }
      }
      expect(ids.toSorted()).to.deep.equal([
        'changeUser',
        'endSession',
        'endSessions',
        'getUser',
        'listSessions',
        'listUsers',
        'removeUser',
      ]);
    });

    it('has schemas that are valid, and no reference that leads nowhere', () => {
      const text = JSON.stringify(document);
      const references = new Set([...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference]) => reference ?? ''));
      const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, validateFormats: false });
      const schemas = Object.entries(objectAt(document, 'components', 'schemas'));
      for (const [name, schema] of schemas) ajv.addSchema(objectAt(schema), `#/components/schemas/${name}`);
      for (const reference of references) expect(ajv.getSchema(reference), reference).to.be.a('function');
      // Each is used. That of an event is named in words: OpenAPI 3.1 has none for what a stream is made of.
      references.add('#/components/schemas/Traffic');
      expect(schemas.map(([name]) => `#/components/schemas/${name}`).toSorted()).to.deep.equal(
        [...references].toSorted(),
      );
      for (const methods of Object.values(objectAt(document, 'paths')))
        for (const described of Object.values(objectAt(methods)))
          for (const parameter of Array.isArray(at(described, 'parameters')) ? listAt(described, 'parameters') : [])
            expect(ajv.compile(objectAt(parameter, 'schema'))).to.be.a('function');
    });

    it('has no path that nothing answers, and says of bodies what is taken', async () => {
      const ajv = new Ajv2020({ strict: true, validateFormats: false });
      for (const [path, methods] of Object.entries(objectAt(document, 'paths'))) {
        for (const [method, described] of Object.entries(objectAt(methods))) {
          const target = `${method.toUpperCase()} ${path.replace('{id}', 'ann@example.com').replace('{session}', 'x')}`;
          // It does not end by itself, and has tests of its own.
          if (path === '/live') continue;
          const answer = await admin.ask(target);
          if (answer.status !== 204)
            expect(at(json(answer), 'code'), target).not.to.be.oneOf(['route-not-found', 'method-not-allowed']);
          expect(Object.keys(objectAt(described, 'responses')), target).to.include(String(answer.status));
          const body = at(described, 'requestBody');
          if (body === undefined || !path.startsWith('/users')) continue;
          const validate = ajv.compile(objectAt(body, 'content', 'application/json', 'schema'));
          expect([validate({}), validate({ unknown: 1 }), validate({ role: 'x' })]).to.deep.equal([false, false, true]);
        }
      }
    });

    it('names every problem that the gateway has for it, and no other', () => {
      const codes = at(document, 'components', 'schemas', 'Problem', 'properties', 'code', 'enum');
      expect(codes).to.be.an('array').that.includes.members(['admin-token-required', 'session-not-found']);
      expect(Object.keys(PROBLEMS)).to.include.members(Array.isArray(codes) ? codes : []);
    });
  });
});
