/** The whole life of a user over the HTTP API, and what attackers try, on both databases alike. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import type { Database } from '../../../src/database/database.ts';
import { migrateUp } from '../../../src/database/migrations.ts';
import { openDatabase } from '../../../src/database/open.ts';
import { makeRefreshToken } from '../../../src/auth/refresh-tokens.ts';
import type { OnChange } from '../../../src/users/changes.ts';
import { cleanUp } from '../../../src/users/cleanup.ts';
import { beginAttempt, forgetFailures } from '../../../src/users/lockouts.ts';
import { openApiDocument } from '../../../src/users/openapi.ts';
import { deleteUser, findLockedUser, insertUser, updateDisabled } from '../../../src/users/repository.ts';
import { createSession, revokeSessionsOf, rotate } from '../../../src/users/sessions.ts';
import { POOL } from '../../support/embedded.ts';
import { DATABASES, failureOf, newDatabase } from '../../support/databases.ts';
import {
  cookiesOf,
  testIdentity,
  type Answer,
  type TestIdentity,
  type TestIdentityOptions,
} from '../../support/identity.ts';

const PASSWORD = 'correct horse battery';
const OTHER = 'staple battery horse';
const DAY = 86_400_000;

/** Of an answer of the API: what its document says of it. */
function conforms(answer: Answer, schema: string, transport: 'header' | 'cookie' = 'header'): void {
  const document = openApiDocument({ path: '/auth', transport, registration: 'open' });
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema(document, 'document');
  const matches = ajv.validate({ $ref: `document#/components/schemas/${schema}` }, answer.json);
  expect(matches, `${JSON.stringify(answer.json)} ${ajv.errorsText()}`).to.equal(true);
}

function expectProblem(answer: Answer, status: number, code: string): void {
  expect({ status: answer.status, code: answer.text('code') }).to.deep.equal({ status, code });
  expect(answer.header('content-type')).to.equal('application/problem+json');
  expect(answer.header('cache-control')).to.equal('no-store');
  conforms(answer, 'Problem');
}

for (const kind of DATABASES) {
  describe(`users on ${kind.name}`, () => {
    let database: Database;
    let api: TestIdentity;

    const start = (options: TestIdentityOptions = {}): TestIdentity => (api = testIdentity(database, options));
    const register = async (email = 'ann@example.com', password = PASSWORD): Promise<Answer> =>
      api.ask('POST /register', { body: { email, password } });
    const login = async (email = 'ann@example.com', password = PASSWORD, address = '192.0.2.1'): Promise<Answer> =>
      api.ask('POST /login', { body: { email, password }, address, headers: { 'user-agent': 'Browser/1' } });
    const refresh = async (token: string): Promise<Answer> =>
      api.ask('POST /refresh', { body: { refresh_token: token } });
    const me = async (token: string): Promise<number> => (await api.ask('GET /me', { token })).status;
    const liveness = async (token: string): Promise<string> => {
      const identity = await api.identityOf(token);
      return identity === undefined ? 'invalid' : api.live.check(identity);
    };
    const count = async (table: string): Promise<number> =>
      (await database.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`))[0]?.n ?? -1;

    before(async () => {
      database = await newDatabase(kind);
      await migrateUp(database);
    });
    beforeEach(async () => {
      await database.execute('TRUNCATE users, sessions, refresh_tokens, lockouts, api_keys');
      start();
    });
    after(async () => database.close());

    it('lives: registers, logs in, refreshes, changes its password, looks at its sessions, and logs out', async () => {
      const registered = await register(' Ann@Example.COM ');
      expect(registered.status).to.equal(201);
      conforms(registered, 'User');
      expect(registered.json).to.include({ email: 'ann@example.com', role: 'viewer' });

      const first = await login('ANN@example.com');
      expect(first.status).to.equal(200);
      conforms(first, 'Tokens');
      expect(first.json).to.include({ token_type: 'Bearer', expires_in: 900 });
      expect(first.header('cache-control')).to.equal('no-store');
      const phone = await login('ann@example.com', PASSWORD, '2001:db8::1');

      const second = await refresh(first.text('refresh_token'));
      expect(second.status).to.equal(200);
      expect(second.text('refresh_token')).not.to.equal(first.text('refresh_token'));
      const token = second.text('access_token');

      const caller = await api.ask('GET /me', { token });
      conforms(caller, 'Me');
      expect(caller.json).to.include({ email: 'ann@example.com', role: 'viewer' });
      const sessions = await api.ask('GET /sessions', { token });
      conforms(sessions, 'Sessions');
      expect(sessions.json).to.have.property('sessions').with.length(2);
      expect(sessions.json).to.have.deep.nested.property('sessions[0].user_agent', 'Browser/1');

      const body = { current_password: PASSWORD, new_password: OTHER };
      expect(await liveness(phone.text('access_token'))).to.equal('live');
      expect((await api.ask('POST /password', { token, body })).status).to.equal(204);
      expect(await liveness(phone.text('access_token'))).to.equal('ended');
      expect(await me(token)).to.equal(200);
      expect(await me(phone.text('access_token'))).to.equal(401);
      expect((await refresh(phone.text('refresh_token'))).status).to.equal(401);
      expectProblem(await login(), 401, 'invalid-credentials');
      const again = await login('ann@example.com', OTHER);
      expect(again.status).to.equal(200);

      const identity = await api.identityOf(again.text('access_token'));
      const target = `DELETE /sessions/${identity?.sessionId}`;
      expect(await liveness(again.text('access_token'))).to.equal('live');
      expect((await api.ask(target, { token })).status).to.equal(204);
      expect(await liveness(again.text('access_token'))).to.equal('ended');
      expect(await me(again.text('access_token'))).to.equal(401);
      expectProblem(await api.ask(target, { token }), 404, 'session-not-found');
      expectProblem(await api.ask('DELETE /sessions/nonsense', { token }), 404, 'session-not-found');

      expect((await api.ask('POST /logout', { token })).status).to.equal(204);
      expect(await me(token)).to.equal(401);
      expect((await refresh(second.text('refresh_token'))).status).to.equal(401);
    });

    it('ends every session with logout all', async () => {
      await register();
      const [one, two] = [await login(), await login()];
      const token = one.text('access_token');
      expect(await liveness(two.text('access_token'))).to.equal('live');
      expect((await api.ask('POST /logout', { token, body: { all: true } })).status).to.equal(204);
      expect(await liveness(two.text('access_token'))).to.equal('ended');
      expect([await me(token), await me(two.text('access_token'))]).to.deep.equal([401, 401]);
    });

    it("does not let anybody end somebody else's session", async () => {
      await register();
      await register('bob@example.com');
      const [ann, bob] = [await login(), await login('bob@example.com')];
      const identity = await api.identityOf(ann.text('access_token'));
      const target = `DELETE /sessions/${identity?.sessionId}`;
      expectProblem(await api.ask(target, { token: bob.text('access_token') }), 404, 'session-not-found');
      expect(await me(ann.text('access_token'))).to.equal(200);
    });

    it('does not register an address twice, in whatever case', async () => {
      await register();
      const { hashed } = api.work;
      expectProblem(await register('ANN@EXAMPLE.com', OTHER), 409, 'email-taken');
      // The same work as for a new one.
      expect(api.work.hashed).to.equal(hashed + 1);
      const results = await Promise.all(Array.from({ length: 5 }, async () => register('bob@example.com')));
      expect(results.map(({ status }) => String(status)).toSorted()).to.deep.equal(['201', '409', '409', '409', '409']);
    });

    it('answers for an unknown user as for a wrong password, after the same work', async () => {
      await register();
      await register('disabled@example.com');
      await api.administration.setDisabled('disabled@example.com', true);
      const answers = [];
      for (const email of ['ann@example.com', 'nobody@example.com', 'disabled@example.com']) {
        const { compared } = api.work;
        const password = email.startsWith('disabled') ? PASSWORD : OTHER;
        const { status, headers, json } = await login(email, password);
        expect(json).to.have.property('requestId');
        answers.push({
          status,
          headers,
          body: JSON.stringify(json).replace(/"r\d+"/, ''),
          work: api.work.compared - compared,
        });
      }
      expect(answers[0]).to.include({ status: 401, work: 1 });
      expect(answers[1]).to.deep.equal(answers[0]);
      expect(answers[2]).to.deep.equal(answers[0]);
    });

    it('takes no password that bcrypt would truncate or that is weak, and compares none', async () => {
      for (const [password, code] of [
        ['x'.repeat(73), 'password-too-long'],
        [`${'é'.repeat(36)}x`, 'password-too-long'],
        ['correct\0horse battery', 'password-invalid-character'],
        ['\ud800 horse battery staple', 'password-invalid-character'],
        ['short', 'password-too-short'],
        ['123456789012', 'password-common'],
      ]) {
        const answer = await register('ann@example.com', password);
        expectProblem(answer, 400, 'invalid-body');
        expect(answer.json).to.have.deep.nested.property('errors[0].pointer', '/password');
        expect(answer.json).to.have.deep.nested.property('errors[0].code', code);
      }
      const longest = 'x'.repeat(72);
      expect((await register('ann@example.com', longest)).status).to.equal(201);
      const { compared } = api.work;
      expect((await login('ann@example.com', `${longest}y`)).status).to.equal(401);
      expect((await login('ann@example.com', `${longest}\0`)).status).to.equal(401);
      expect(api.work.compared).to.equal(compared + 2);
      expect((await login('ann@example.com', longest)).status).to.equal(200);
    });

    it('gives a refresh token one use: a second one ends the session', async () => {
      await register();
      const first = await login();
      const second = await refresh(first.text('refresh_token'));
      expect(await liveness(second.text('access_token'))).to.equal('live');
      expectProblem(await refresh(first.text('refresh_token')), 401, 'invalid-refresh-token');
      expectProblem(await refresh(second.text('refresh_token')), 401, 'invalid-refresh-token');
      expect(await me(second.text('access_token'))).to.equal(401);
      expect(await liveness(second.text('access_token'))).to.equal('ended');
      expect((await login()).status).to.equal(200);
    });

    it('lets exactly one of many concurrent refreshes win, and that one goes on', async () => {
      await register();
      const token = (await login()).text('refresh_token');
      const answers = await Promise.all(Array.from({ length: 20 }, async () => refresh(token)));
      const winners = answers.filter(({ status }) => status === 200);
      expect(winners).to.have.length(1);
      expect(answers.filter(({ status }) => status === 401)).to.have.length(19);
      const next = await refresh(winners[0]?.text('refresh_token') ?? '');
      expect(next.status).to.equal(200);
      // Later it is a replay, however often it is tried at once.
      const replays = await Promise.all(Array.from({ length: 5 }, async () => refresh(token)));
      expect(replays.map(({ status }) => status)).to.deep.equal([401, 401, 401, 401, 401]);
      expect((await refresh(next.text('refresh_token'))).status).to.equal(401);
    });

    it('lets exactly one of two instances win', async () => {
      await register();
      const token = (await login()).text('refresh_token');
      const other = testIdentity(database);
      const body = { refresh_token: token };
      const answers = await Promise.all([
        api.ask('POST /refresh', { body }),
        other.ask('POST /refresh', { body }),
        api.ask('POST /refresh', { body }),
        other.ask('POST /refresh', { body }),
      ]);
      expect(answers.filter(({ status }) => status === 200)).to.have.length(1);
    });

    it('takes no expired refresh token, and keeps a session that is used', async () => {
      await register();
      const first = await login();
      api.clock.now += 29 * DAY;
      const second = await refresh(first.text('refresh_token'));
      expect(second.status).to.equal(200);
      api.clock.now += 29 * DAY;
      const third = await refresh(second.text('refresh_token'));
      expect(third.status).to.equal(200);
      api.clock.now += 30 * DAY;
      expectProblem(await refresh(third.text('refresh_token')), 401, 'invalid-refresh-token');
      for (const nonsense of ['', 'x', `gwr_${'A'.repeat(43)}`, "' OR 1=1 --"]) {
        expectProblem(await refresh(nonsense), 401, 'invalid-refresh-token');
      }
    });

    it('locks a client out with doubling delay, and nobody else', async () => {
      await register();
      for (let failure = 0; failure < 3; failure += 1) expect((await login(undefined, OTHER)).status).to.equal(401);
      const { compared } = api.work;
      const locked = await login();
      expectProblem(locked, 429, 'too-many-attempts');
      expect(locked.header('retry-after')).to.equal('1');
      expect(api.work.compared).to.equal(compared);
      expect((await login('ann@example.com', PASSWORD, '192.0.2.2')).status).to.equal(200);

      const waits = [];
      for (let failure = 0; failure < 3; failure += 1) {
        api.clock.now += 1000 * 2 ** failure;
        expect((await login(undefined, OTHER, '192.0.2.1')).status).to.equal(401);
        waits.push((await login()).header('retry-after'));
      }
      expect(waits).to.deep.equal(['2', '4', '8']);
    });

    it('locks an account that nobody has like any other', async () => {
      await register();
      const answers: string[][] = [[], []];
      for (const [index, email] of ['ann@example.com', 'nobody@example.com'].entries()) {
        for (let failure = 0; failure < 5; failure += 1) {
          const answer = await login(email, OTHER, '198.51.100.1');
          answers[index]?.push(`${answer.status} ${answer.header('retry-after')}`);
        }
      }
      expect(answers[0]).to.deep.equal(answers[1]);
      expect(answers[0]).to.include('429 1');
    });

    it('locks an account for everybody after many failures from anywhere', async () => {
      await register();
      for (let failure = 0; failure < 6; failure += 1) {
        expect((await login(undefined, OTHER, `198.51.100.${failure}`)).status).to.equal(401);
      }
      expectProblem(await login(undefined, PASSWORD, '203.0.113.9'), 429, 'too-many-attempts');
      api.clock.now += 1000;
      expect((await login(undefined, PASSWORD, '203.0.113.9')).status).to.equal(200);
    });

    it('counts guesses that come at once, one by one', async () => {
      await register();
      const { compared } = api.work;
      const answers = await Promise.all(Array.from({ length: 30 }, async () => login(undefined, OTHER)));
      expect(answers.filter(({ status }) => status === 401)).to.have.length(3);
      expect(answers.filter(({ status }) => status === 429)).to.have.length(27);
      expect(api.work.compared).to.equal(compared + 3);
    });

    it('takes all addresses of a /64 for one client', async () => {
      await register();
      const statuses = [];
      for (let failure = 0; failure < 4; failure += 1) {
        statuses.push((await login(undefined, OTHER, `2001:db8:0:1:${failure}::9`)).status);
      }
      expect(statuses).to.deep.equal([401, 401, 401, 429]);
      expect((await login(undefined, PASSWORD, '2001:db8:0:2::1')).status).to.equal(200);
    });

    it('locks the change of a password like a login', async () => {
      await register();
      const token = (await login()).text('access_token');
      const attempt = async (current: string): Promise<Answer> =>
        api.ask('POST /password', { token, body: { current_password: current, new_password: OTHER } });
      for (let failure = 0; failure < 3; failure += 1) {
        const answer = await attempt('wrong horse battery');
        expectProblem(answer, 400, 'invalid-body');
        expect(answer.json).to.have.deep.nested.property('errors[0].pointer', '/current_password');
      }
      expectProblem(await attempt(PASSWORD), 429, 'too-many-attempts');
      api.clock.now += 1000;
      expect((await attempt(PASSWORD)).status).to.equal(204);
    });

    it('answers 503 when bcrypt is full, and counts no failure', async () => {
      await register();
      let full = true;
      start({ busy: () => full });
      for (let attempt = 0; attempt < 5; attempt += 1) {
        const answer = await login();
        expectProblem(answer, 503, 'busy');
        expect(answer.header('retry-after')).to.equal('1');
      }
      expectProblem(await register('bob@example.com'), 503, 'busy');
      // Nothing was written for it either.
      expect(await count('lockouts')).to.equal(0);
      // The room may be taken by somebody else before it is needed.
      start({ busy: () => full, room: () => true });
      for (let attempt = 0; attempt < 5; attempt += 1) expectProblem(await login(), 503, 'busy');
      full = false;
      expect((await login()).status).to.equal(200);
    });

    it('writes nothing down for logins that bcrypt has no room for, however many come at once', async () => {
      start({ waiting: 4 });
      const invented = Array.from({ length: 50 }, (_, index) => `nobody${index}@example.com`);
      const answers = await Promise.all(invented.map(async (email) => login(email)));
      expect(answers.filter(({ status }) => status === 401)).to.have.length(6);
      expect(answers.filter(({ status }) => status === 503)).to.have.length(44);
      expect(await count('lockouts')).to.equal(12);
      expect((await login('nobody@example.com')).status).to.equal(401);
    });

    it('ends the sessions used longest ago of more than 100, at once', async () => {
      const ended: string[] = [];
      const onChange: OnChange = (change) => {
        if (change.kind === 'session') ended.push(change.sessionId);
      };
      start({ onChange, lockout: { failures: 100, accountFailures: 100 } });
      const entered = async (): Promise<Answer> => {
        api.clock.now += 1000;
        const answer = await login();
        expect(answer.status).to.equal(200);
        return answer;
      };
      const live = async (): Promise<number> => (await api.administration.findUser('ann@example.com'))?.sessions ?? -1;
      await register();
      await register('bob@example.com');
      const bob = await login('bob@example.com');
      const [first, second] = [await entered(), await entered()];
      while ((await live()) < 100) await entered();
      expect(ended).to.deep.equal([]);
      const again = await refresh(first.text('refresh_token'));
      for (const answer of [bob, again, second]) expect(await liveness(answer.text('access_token'))).to.equal('live');

      const newest = await entered();
      expect(await live()).to.equal(100);
      expect(ended).to.deep.equal([(await api.identityOf(second.text('access_token')))?.sessionId]);
      expect(await liveness(second.text('access_token'))).to.equal('ended');
      expectProblem(await refresh(second.text('refresh_token')), 401, 'invalid-refresh-token');
      for (const answer of [bob, again, newest]) expect(await me(answer.text('access_token'))).to.equal(200);

      const crowd = await Promise.all(Array.from({ length: 10 }, entered));
      expect(await live()).to.be.within(100, 110);
      await entered();
      expect(await live()).to.equal(100);
      for (const answer of crowd) expect(await me(answer.text('access_token'))).to.equal(200);
      // What had to go is soon deleted.
      api.clock.now += 2 * DAY;
      expect(await cleanUp(database, api.clock.now)).to.be.greaterThan(0);
      expect(await count('sessions')).to.equal(101);
    });

    it('hashes a password anew at the login when the cost has changed', async () => {
      await register();
      start({ cost: 5 });
      const { hashed } = api.work;
      const answers = await Promise.all([login(), login(), login()]);
      expect(answers.map(({ status }) => status)).to.deep.equal([200, 200, 200]);
      expect(api.work.hashed).to.be.greaterThan(hashed);
      const after = api.work.hashed;
      expect((await login()).status).to.equal(200);
      expect(api.work.hashed).to.equal(after);
    });

    for (const [what, change] of [
      ['has another password', async () => api.administration.setPassword('ann@example.com', OTHER)],
      ['is disabled', async () => api.administration.setDisabled('ann@example.com', true)],
      ['is removed', async () => api.administration.removeUser('ann@example.com')],
    ] as const) {
      it(`lets nobody in who ${what} while the password is compared`, async () => {
        await register();
        let changed = false;
        start({
          meanwhile: async () => {
            if (!changed) {
              changed = true;
              await change();
            }
          },
        });
        expectProblem(await login(), 401, 'invalid-credentials');
        expect([await count('sessions'), await count('refresh_tokens')]).to.deep.equal([0, 0]);
      });
    }

    it('does not take back what an administrator has done while a password is changed', async () => {
      await register();
      const token = (await login()).text('access_token');
      start({ meanwhile: async () => api.administration.setPassword('ann@example.com', 'given by an administrator') });
      const body = { current_password: PASSWORD, new_password: OTHER };
      expect((await api.ask('POST /password', { token, body })).status).to.equal(400);
      start();
      expect((await login(undefined, 'given by an administrator')).status).to.equal(200);
    });

    it('is not stopped by SQL, nor by what no text in PostgreSQL can hold', async () => {
      await register();
      for (const email of ["ann@example.com' OR '1'='1", "x'; DROP TABLE users; --@example.com", 'ann\0@example.com']) {
        expectProblem(await login(email), 400, 'invalid-body');
      }
      const headers = { 'user-agent': `\0\x1b[2J${'x'.repeat(1000)}` };
      const body = { email: 'ann@example.com', password: PASSWORD };
      const answer = await api.ask('POST /login', { body, headers });
      const sessions = await api.ask('GET /sessions', { token: answer.text('access_token') });
      expect(sessions.json).to.have.deep.nested.property('sessions[0].user_agent', `[2J${'x'.repeat(253)}`);
    });

    it('lets nobody register where registration is closed', async () => {
      start({ registration: 'closed' });
      expectProblem(await register(), 403, 'registration-closed');
      expect(await count('users')).to.equal(0);
      const added = await api.administration.addUser('ann@example.com', PASSWORD, 'admin');
      expect(added).to.include({ email: 'ann@example.com', role: 'admin', sessions: 0 });
      expect((await login()).status).to.equal(200);
    });

    it('lets register without a role, which is none', async () => {
      start({ defaultRole: undefined });
      expect((await register()).json).to.include({ role: null });
      const identity = await api.identityOf((await login()).text('access_token'));
      expect(identity?.roles).to.deep.equal(['']);
    });

    it('asks the rate limit before anything else', async () => {
      const asked: string[] = [];
      start({
        limit: ({ address }) => {
          asked.push(address);
          return { retryAfter: 7, headers: [['ratelimit-policy', '10;w=60']] };
        },
      });
      const answer = await register();
      expectProblem(answer, 429, 'too-many-requests');
      expect([answer.header('retry-after'), answer.header('ratelimit-policy')]).to.deep.equal(['7', '10;w=60']);
      expect(api.work.hashed).to.equal(0);
      await api.ask('GET /me');
      expect(asked).to.deep.equal(['192.0.2.1']);
    });

    describe('what administrators do', () => {
      it('takes effect at once here: a role at the next refresh, the token of before is over', async () => {
        await register();
        const first = await login();
        expect(await liveness(first.text('access_token'))).to.equal('live');
        expect(await api.administration.setRole('ANN@example.com', 'editor')).to.include({
          role: 'editor',
          sessions: 1,
        });
        expect(await liveness(first.text('access_token'))).to.equal('ended');
        const second = await refresh(first.text('refresh_token'));
        const identity = await api.identityOf(second.text('access_token'));
        expect(identity).to.deep.include({ roles: ['editor'], roleVersion: 2 });
        expect(await liveness(second.text('access_token'))).to.equal('live');
      });

      it('ends the sessions of a user that is disabled, who can neither log in nor refresh', async () => {
        await register();
        const first = await login();
        expect(await liveness(first.text('access_token'))).to.equal('live');
        expect(await api.administration.setDisabled('ann@example.com', true)).to.include({
          disabled: true,
          sessions: 0,
        });
        expect(await liveness(first.text('access_token'))).to.equal('ended');
        expect(await me(first.text('access_token'))).to.equal(401);
        expect((await refresh(first.text('refresh_token'))).status).to.equal(401);
        expect((await login()).status).to.equal(401);
        await api.administration.setDisabled('ann@example.com', false);
        expect((await refresh(first.text('refresh_token'))).status).to.equal(401);
        expect((await login()).status).to.equal(200);
      });

      it('ends sessions with a new password, unlocks, and removes', async () => {
        await register();
        const first = await login();
        for (let failure = 0; failure < 3; failure += 1) await login(undefined, OTHER);
        expect((await login()).status).to.equal(429);
        const user = await api.administration.findUser('ann@example.com');
        expect(await api.administration.setPassword(user?.id ?? '', OTHER)).to.include({ sessions: 0 });
        expect((await refresh(first.text('refresh_token'))).status).to.equal(401);
        const second = await login(undefined, OTHER);
        expect(second.status).to.equal(200);
        expect(await liveness(second.text('access_token'))).to.equal('live');
        expect(await api.administration.removeUser('ann@example.com')).to.equal(undefined);
        expect(await liveness(second.text('access_token'))).to.equal('ended');
        expect([await count('sessions'), await count('refresh_tokens')]).to.deep.equal([0, 0]);
      });

      it('shows sessions, and ends one or all of them: their tokens die at once', async () => {
        const { administration } = api;
        await register();
        await register('bob@example.com');
        const [one, two, other] = [await login(), await login(), await login('bob@example.com')];
        const tokens = [one, two, other].map((answer) => answer.text('access_token'));
        const livenesses = async (): Promise<string[]> => Promise.all(tokens.map(liveness));
        const ids = await Promise.all(tokens.map(async (token) => (await api.identityOf(token))?.sessionId ?? ''));
        expect(await livenesses()).to.deep.equal(['live', 'live', 'live']);
        const shown = await administration.sessionsOf('ANN@example.com');
        if ('fault' in shown) throw new Error(shown.fault);
        expect(shown.map(({ id }) => id).toSorted()).to.deep.equal(ids.slice(0, 2).toSorted());

        const unknown = { fault: 'unknown-session' };
        expect(await administration.endSessions('ann@example.com', ids[2])).to.deep.equal(unknown);
        expect(await administration.endSessions('ann@example.com', 'nonsense')).to.deep.equal(unknown);
        expect(await livenesses()).to.deep.equal(['live', 'live', 'live']);
        expect(await administration.endSessions('ann@example.com', ids[0]?.toUpperCase())).to.equal(undefined);
        expect(await administration.endSessions('ann@example.com', ids[0])).to.deep.equal(unknown);
        expect(await livenesses()).to.deep.equal(['ended', 'live', 'live']);
        expect((await refresh(one.text('refresh_token'))).status).to.equal(401);
        expect(await administration.endSessions('ann@example.com')).to.equal(undefined);
        expect(await livenesses()).to.deep.equal(['ended', 'ended', 'live']);
        expect(await administration.sessionsOf('ann@example.com')).to.deep.equal([]);
      });

      it('changes the role and locks out at once, or does neither', async () => {
        const { administration } = api;
        await register();
        const token = (await login()).text('access_token');
        expect(await liveness(token)).to.equal('live');
        await database.execute('ALTER TABLE users ADD CONSTRAINT nobody_locked_out CHECK (NOT disabled)');
        try {
          const both = administration.changeUser('ann@example.com', { role: 'admin', disabled: true });
          expect(await failureOf(both)).to.be.instanceOf(Error);
        } finally {
          await database.execute('ALTER TABLE users DROP CONSTRAINT nobody_locked_out');
        }
        const unknown = await administration.changeUser('ann@example.com', { role: 'king', disabled: true });
        expect(unknown).to.deep.equal({ fault: 'unknown-role' });
        const before = { role: 'viewer', disabled: false, sessions: 1 };
        expect(await administration.findUser('ann@example.com')).to.include(before);
        expect(await me(token)).to.equal(200);
        const after = await administration.changeUser('ann@example.com', { role: 'admin', disabled: true });
        expect(after).to.include({ role: 'admin', disabled: true, sessions: 0 });
        expect(await liveness(token)).to.equal('ended');
      });

      it('is refused with words of a closed list', async () => {
        const { administration } = api;
        await register();
        const weak = await administration.addUser('bob@example.com', 'short', 'viewer');
        expect(weak).to.deep.equal({ fault: 'password-too-short' });
        expect(await administration.addUser('bob', PASSWORD, 'viewer')).to.deep.equal({ fault: 'invalid-email' });
        expect(await administration.addUser('bob@example.com', PASSWORD, 'king')).to.deep.equal({
          fault: 'unknown-role',
        });
        expect(await administration.addUser('Ann@example.com', PASSWORD, 'viewer')).to.deep.equal({
          fault: 'email-taken',
        });
        for (const nobody of ['bob@example.com', '00000000-0000-4000-8000-000000000000', "x' --", 'a\0b@example.com']) {
          expect(await administration.findUser(nobody)).to.equal(undefined);
          expect(await administration.setRole(nobody, 'viewer')).to.deep.equal({ fault: 'unknown-user' });
          expect(await administration.setPassword(nobody, PASSWORD)).to.deep.equal({ fault: 'unknown-user' });
          expect(await administration.setDisabled(nobody, true)).to.deep.equal({ fault: 'unknown-user' });
          expect(await administration.changeUser(nobody, { disabled: true })).to.deep.equal({ fault: 'unknown-user' });
          expect(await administration.sessionsOf(nobody)).to.deep.equal({ fault: 'unknown-user' });
          expect(await administration.endSessions(nobody)).to.deep.equal({ fault: 'unknown-user' });
          expect(await administration.removeUser(nobody)).to.deep.equal({ fault: 'unknown-user' });
        }
      });

      it('lists users by pages, a part of the address and a role', async () => {
        const { administration } = api;
        for (let index = 0; index < 7; index += 1) {
          await administration.addUser(`user${index}@example.com`, PASSWORD, index % 2 === 0 ? 'viewer' : 'editor');
          // Several have the same time.
          api.clock.now += index % 3;
        }
        const emails: string[] = [];
        let after: string | undefined;
        do {
          const page = await administration.listUsers({ limit: 2, ...(after === undefined ? {} : { after }) });
          emails.push(...page.users.map(({ email }) => email));
          after = page.next;
        } while (after !== undefined);
        expect(emails.toSorted()).to.deep.equal([0, 1, 2, 3, 4, 5, 6].map((index) => `user${index}@example.com`));
        const editors = await administration.listUsers({ limit: 10, role: 'editor' });
        expect(editors.users).to.have.length(3);
        expect(editors.next).to.equal(undefined);
        const found = await administration.listUsers({ limit: 10, search: 'SER3@' });
        expect(found.users.map(({ email }) => email)).to.deep.equal(['user3@example.com']);
        expect((await administration.listUsers({ limit: 10, search: '%' })).users).to.deep.equal([]);
      });

      it('adds, lists and revokes API keys', async () => {
        const { administration, live, clock } = api;
        const expiresAt = new Date(clock.now + DAY);
        const added = await administration.addKey('ci', 'editor', expiresAt);
        if ('fault' in added) throw new Error(added.fault);
        const identity = await live.key(added.key);
        expect(identity).to.deep.include({ subject: `key:${added.record.id}`, roles: ['editor'] });
        if (identity === undefined || identity === 'unknown') throw new Error('no identity');
        expect(live.check(identity)).to.equal('live');
        expect(live.key(`${added.key.slice(0, -1)}x`)).to.equal(undefined);
        expect(await administration.listKeys()).to.deep.equal([added.record]);
        expect(await administration.addKey('ci', 'king', undefined)).to.deep.equal({ fault: 'unknown-role' });

        const eternal = await administration.addKey('eternal', 'viewer', undefined);
        if ('fault' in eternal) throw new Error(eternal.fault);
        clock.now += DAY;
        expect(await live.key(added.key)).to.equal(undefined);
        expect(await live.key(eternal.key)).to.deep.include({ roles: ['viewer'], expiresAt: Infinity });
        const revoked = await administration.revokeKey(eternal.record.id);
        expect(revoked).to.have.deep.property('revokedAt', new Date(clock.now));
        expect(live.key(eternal.key)).to.equal(undefined);
        clock.now += 1;
        expect(await administration.revokeKey(eternal.record.id)).to.deep.equal(revoked);
        expect(await administration.revokeKey('nonsense')).to.deep.equal({ fault: 'unknown-key' });
      });

      it('takes effect on another instance when what that one remembers is 5 s old', async () => {
        await register();
        const token = (await login()).text('access_token');
        const other = testIdentity(database);
        const identity = await other.identityOf(token);
        if (identity === undefined) throw new Error('no identity');
        expect(await other.live.check(identity)).to.equal('live');
        await api.administration.setDisabled('ann@example.com', true);
        expect(other.live.check(identity)).to.equal('live');
        other.clock.now += 5000;
        expect(await other.live.check(identity)).to.equal('ended');
      });
    });

    it('deletes what has expired long ago, in batches, and nothing else', async () => {
      await register();
      const tokens = [];
      for (let index = 0; index < 5; index += 1) tokens.push((await login()).text('refresh_token'));
      await login(undefined, OTHER);
      api.clock.now += 20 * DAY;
      const kept = await refresh(tokens[0] ?? '');
      expect(await cleanUp(database, api.clock.now, 2)).to.be.greaterThan(0);
      expect([await count('sessions'), await count('lockouts')]).to.deep.equal([5, 0]);
      api.clock.now += 12 * DAY;
      expect(await cleanUp(database, api.clock.now, 2)).to.equal(9);
      expect([await count('sessions'), await count('refresh_tokens')]).to.deep.equal([1, 1]);
      expect((await refresh(kept.text('refresh_token'))).status).to.equal(200);
    });

    it('deletes all that has expired, however much it is', async () => {
      const fill = async (client: string, ago: number): Promise<number> =>
        database.execute(
          `INSERT INTO lockouts (email, client, failures, forgotten_at)
           SELECT 'nobody' || i || '@example.com', $1, 1, $2 FROM generate_series(1, 500) i`,
          [client, new Date(api.clock.now - ago)],
        );
      await fill('kept', 4 * 60_000);
      await fill('gone', 6 * 60_000);
      await register();
      await login();
      const [session] = await database.query<{ id: string }>('SELECT id FROM sessions');
      await database.execute(
        `INSERT INTO refresh_tokens (hash, session_id, expires_at)
         SELECT sha256(i::text::bytea), $1, $2 FROM generate_series(1, 500) i`,
        [session?.id, new Date(api.clock.now + 30 * DAY)],
      );
      expect(await cleanUp(database, api.clock.now, 10)).to.equal(500);
      expect(await count("lockouts WHERE client = 'gone'")).to.equal(0);
      // With the tokens that would have outlived it.
      await database.execute('UPDATE sessions SET expires_at = $1', [new Date(api.clock.now - 2 * DAY)]);
      expect(await cleanUp(database, api.clock.now, 10)).to.equal(502);
      expect([await count('sessions'), await count('refresh_tokens')]).to.deep.equal([0, 0]);
    });

    describe('at the same time', () => {
      const NOW = Date.UTC(2030, 0, 1);
      const HASH = 'not looked at here';
      let wide: Database;

      before(async () => {
        wide = openDatabase({ ...(await kind.options()), pool: { ...POOL, max: 12 } });
        await wide.ready;
        await migrateUp(wide);
      });
      after(async () => wide.close());

      const added = async (email: string): Promise<string> => {
        const user = await insertUser(wide, { email, hash: HASH, role: 'viewer', now: NOW });
        if (user === 'email-taken') throw new Error(user);
        return user.id;
      };
      /** @returns the hash of the refresh token; undefined when there is no such user any more */
      const entered = async (userId: string, expiresAt = NOW + DAY): Promise<string | undefined> => {
        const { hash } = makeRefreshToken();
        const session = { userId, passwordHash: HASH, tokenHash: hash, client: '', userAgent: '', now: NOW, expiresAt };
        return (await createSession(wide, session)) === undefined ? undefined : hash;
      };
      const several = async (userId: string, much: number, expiresAt?: number): Promise<string[]> => {
        const hashes = [];
        for (let index = 0; index < much; index += 1) hashes.push((await entered(userId, expiresAt)) ?? '');
        return hashes;
      };
      const rotated = async (hash: string): Promise<string | undefined> => {
        const successor = makeRefreshToken().hash;
        const grant = await rotate(wide, { hash, successor, sessionId: undefined, now: NOW, expiresAt: NOW + DAY });
        return grant === undefined ? undefined : successor;
      };
      const rotatedOn = async (hash: string | undefined): Promise<void> => {
        for (let next = hash, turn = 0; turn < 4 && next !== undefined; turn += 1) next = await rotated(next);
      };

      const removed = async (userId: string): Promise<boolean> =>
        wide.transaction(async (transaction) => {
          const user = await findLockedUser(transaction, userId, NOW);
          return user !== undefined && deleteUser(transaction, userId);
        });

      it('removes a user whose sessions are refreshed', async () => {
        for (let round = 0; round < 100; round += 1) {
          const userId = await added(`ann${round}@example.com`);
          const hashes = await several(userId, 8);
          const [isRemoved] = await Promise.all([removed(userId), ...hashes.map(rotated)]);
          expect(isRemoved).to.equal(true);
        }
        const left = await wide.query<{ n: number }>(
          'SELECT (SELECT count(*) FROM sessions)::int + (SELECT count(*) FROM refresh_tokens)::int AS n',
        );
        expect(left).to.deep.equal([{ n: 0 }]);
      });

      it('does all that can be done with a user and its sessions, and nothing waits for itself', async () => {
        const rules = { failures: 1000, accountFailures: 1000, window: DAY, duration: 1000 };
        for (let round = 0; round < 30; round += 1) {
          const email = `bob${round}@example.com`;
          const userId = await added(email);
          await several(userId, 5, NOW - 3 * DAY);
          const hashes = await several(userId, 5);
          const clients = ['a', 'b', 'c'];
          const attempt = async (client: string): Promise<unknown> => beginAttempt(wide, { email, client }, rules, NOW);
          await Promise.all(clients.map(attempt));
          await Promise.all([
            ...hashes.map(rotatedOn),
            revokeSessionsOf(wide, userId, NOW, userId),
            revokeSessionsOf(wide, userId, NOW),
            ...[1, 2, 3].map(async () => rotatedOn(await entered(userId))),
            ...clients.map(attempt),
            forgetFailures(wide, email),
            cleanUp(wide, NOW, 2),
            cleanUp(wide, NOW, 3),
            wide.transaction(async (transaction) => {
              await updateDisabled(transaction, userId, false, NOW);
              await revokeSessionsOf(transaction, userId, NOW);
            }),
            round % 2 === 0 ? removed(userId) : undefined,
          ]);
        }
      });
    });

    describe('with cookies', () => {
      const session = (answer: Answer): { cookie: string; csrf: string } => ({
        cookie: cookiesOf(answer),
        csrf: answer.text('csrf_token'),
      });

      beforeEach(async () => {
        start({ transport: 'cookie' });
        await register();
      });

      it('keeps tokens out of the JSON, and each cookie where it belongs', async () => {
        const answer = await login();
        conforms(answer, 'Tokens', 'cookie');
        expect(JSON.stringify(answer.json)).not.to.match(/eyJ|gwr_/);
        const cookies = answer.headers.filter(([name]) => name === 'set-cookie').map(([, value]) => value);
        expect(cookies[0]).to.match(/^__Host-gw_access=eyJ.*; Path=\/; Max-Age=900; Secure; HttpOnly; SameSite=Lax$/);
        expect(cookies[1]).to.match(/^__Secure-gw_refresh=gwr_.*; Path=\/auth; .*Secure; HttpOnly; SameSite=Strict$/);
        expect(cookies[2]).to.match(/^gw_csrf=.*; Path=\/; Max-Age=2592000; Secure; SameSite=Lax$/);
      });

      it('wants the CSRF token of this very session on unsafe methods', async () => {
        const own = session(await login());
        const other = session(await login());
        const { cookie } = own;
        expect((await api.ask('GET /me', { headers: { cookie } })).status).to.equal(200);
        for (const csrf of ['', 'nonsense', other.csrf, `${own.csrf.slice(0, -2)}AA`]) {
          const headers = { cookie, 'x-csrf-token': csrf };
          for (const target of ['POST /logout', 'POST /password', 'DELETE /sessions/x']) {
            expectProblem(await api.ask(target, { headers }), 403, 'csrf-refused');
          }
        }
        expect((await api.ask('POST /refresh', { headers: { cookie } })).status).to.equal(403);
        const planted = { cookie, 'x-csrf-token': other.csrf };
        expect((await api.ask('POST /refresh', { headers: planted })).status).to.equal(401);
        // It was none of its session: the token is not used up.
        const refreshed = await api.ask('POST /refresh', { headers: { cookie, 'x-csrf-token': own.csrf } });
        expect(refreshed.status).to.equal(200);
        const next = session(refreshed);
        const headers = { cookie: next.cookie, 'x-csrf-token': next.csrf };
        const ended = await api.ask('POST /logout', { headers });
        expect(ended.status).to.equal(204);
        expect(ended.headers.filter(([, value]) => value.includes('Max-Age=0'))).to.have.length(3);
      });

      it('wants none of a caller with Authorization', async () => {
        const { cookie } = session(await login());
        const token = /gw_access=([^;]+)/.exec(cookie)?.[1] ?? '';
        expect((await api.ask('POST /logout', { token })).status).to.equal(204);
      });

      describe('logs out when the access token has expired', () => {
        interface Browser {
          readonly cookie: string;
          readonly csrf: string;
        }
        const arrived = async (): Promise<Browser> => session(await login());
        const logout = async ({ cookie, csrf }: Browser, more: object = {}, all = false): Promise<Answer> =>
          api.ask('POST /logout', { headers: { cookie, 'x-csrf-token': csrf, ...more }, body: { all } });
        const refreshed = async ({ cookie, csrf }: Browser): Promise<Browser | number> => {
          const answer = await api.ask('POST /refresh', { headers: { cookie, 'x-csrf-token': csrf } });
          return answer.status === 200 ? session(answer) : answer.status;
        };
        const cleared = ({ headers }: Answer): number =>
          headers.filter(([name, value]) => name === 'set-cookie' && value.includes('Max-Age=0')).length;

        it('by the refresh token, with the proof of its session', async () => {
          const [own, other] = [await arrived(), await arrived()];
          api.clock.now += DAY;
          const answer = await logout(own);
          expect([answer.status, cleared(answer)]).to.deep.equal([204, 3]);
          expect(await refreshed(own)).to.equal(401);
          expect(await refreshed(other)).to.be.an('object');
        });

        it('everywhere, and tokens die at once', async () => {
          const [own, other] = [await arrived(), await arrived()];
          api.clock.now += DAY;
          const next = await refreshed(other);
          if (typeof next === 'number') throw new Error(String(next));
          const token = /gw_access=([^;]+)/.exec(next.cookie)?.[1] ?? '';
          expect(await liveness(token)).to.equal('live');
          const answer = await logout(own, {}, true);
          expect([answer.status, cleared(answer)]).to.deep.equal([204, 3]);
          expect(await liveness(token)).to.equal('ended');
          expect(await refreshed(next)).to.equal(401);
        });

        it('by nobody who has not the proof, and takes no cookies away from them', async () => {
          const [own, other] = [await arrived(), await arrived()];
          api.clock.now += DAY;
          for (const [answer, status] of [
            [await logout({ ...own, csrf: '' }), 403],
            [await logout({ ...own, csrf: 'x' }), 403],
            [await logout({ ...own, csrf: other.csrf }), 403],
            [await logout(own, { origin: 'https://evil.example.com' }), 403],
            [await logout(own, { authorization: 'Bearer x.y.z' }), 401],
            // As another site sends it: no cookie of SameSite comes along, and what is set would be taken.
            [await logout({ cookie: '', csrf: '' }), 401],
            [await logout({ cookie: '', csrf: 'x' }), 401],
            [await logout({ cookie: own.cookie.replace(/__Secure[^;]+/, 'a=b'), csrf: '' }), 401],
          ] as const) {
            expect([answer.status, cleared(answer)]).to.deep.equal([status, 0]);
          }
          expect(await refreshed(own)).to.be.an('object');
          expect(await refreshed(other)).to.be.an('object');
        });

        it('of a session that has ended already: the cookies go', async () => {
          const own = await arrived();
          api.clock.now += DAY;
          expect((await logout(own)).status).to.equal(204);
          for (const browser of [own, { ...own, cookie: '' }]) {
            const answer = await logout(browser);
            expectProblem(answer, 401, 'unauthorized');
            expect(cleared(answer)).to.equal(3);
          }
          // With an access token that is good by itself, too.
          const next = await arrived();
          await api.administration.endSessions('ann@example.com');
          const answer = await logout(next);
          expect([answer.status, cleared(answer)]).to.deep.equal([401, 3]);
        });

        it('by a token that was used: its session ends, as by a refresh, and no other', async () => {
          const [own, other] = [await arrived(), await arrived()];
          const next = await refreshed(own);
          if (typeof next === 'number') throw new Error(String(next));
          api.clock.now += DAY;
          const answer = await logout(own, {}, true);
          expect([answer.status, cleared(answer)]).to.deep.equal([401, 3]);
          expect(await refreshed(next)).to.equal(401);
          expect(await refreshed(other)).to.be.an('object');
        });
      });

      it('does not clear the cookies of the refresh that has won', async () => {
        const { cookie, csrf } = session(await login());
        const headers = { cookie, 'x-csrf-token': csrf };
        const ask = async (): Promise<Answer> => api.ask('POST /refresh', { headers });
        const answers = await Promise.all([ask(), ask()]);
        const [loser] = answers.filter(({ status }) => status === 401);
        expect(answers.filter(({ status }) => status === 200)).to.have.length(1);
        expect(loser?.header('set-cookie')).to.equal(undefined);
        expect((await ask()).header('set-cookie')).to.include('Max-Age=0');
      });
    });
  });
}
