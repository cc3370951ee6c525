/** The whole life of a user through a running gateway, on both databases alike. */
import { createPublicKey, verify } from 'node:crypto';
import { expect } from 'chai';
import jwt from 'jsonwebtoken';
import { call, expectProblem } from '../../support/client.ts';
import { DATABASES } from '../../support/databases.ts';
import {
  at,
  AUDIENCE,
  IdentityGateway,
  ISSUER,
  partOf,
  PASSWORD,
  type JsonAnswer,
} from '../../support/identity-gateway.ts';
import { forge, rs256 } from '../../support/tokens.ts';

const ANN = 'ann@example.com';
const BOB = 'bob@example.com';
const OTHER = 'staple battery horse';

const accessOf = (answer: JsonAnswer): string => answer.member('access_token');
const refreshOf = (answer: JsonAnswer): string => answer.member('refresh_token');

function sessionOf(answer: JsonAnswer): string {
  return String(partOf(accessOf(answer), 'claims')['sid']);
}

/** Of an answer: all that may not differ between two that must look alike. */
function looks({ status, rawHeaders, json }: JsonAnswer): object {
  const own = /^(?:date|x-request-id)$/i;
  const headers = rawHeaders.flatMap((name, index) =>
    index % 2 === 0 && !own.test(name) ? [[name, rawHeaders[index + 1]]] : [],
  );
  return { status, headers, body: { ...Object(json), requestId: 'any' } };
}

for (const kind of DATABASES) {
  describe(`users of a gateway on ${kind.name}`, () => {
    let own: IdentityGateway;

    before(async () => {
      own = await IdentityGateway.start(kind, { identity: { lockout: { failures: 3, accountFailures: 1000 } } });
    });
    after(async () => own.stop());
    beforeEach(async () => own.empty());

    /** Registers somebody and logs in. */
    async function arrive(email = ANN): Promise<JsonAnswer> {
      expect((await own.register(email)).status).to.equal(201);
      return entered(email);
    }

    async function entered(email = ANN, password = PASSWORD): Promise<JsonAnswer> {
      const answer = await own.login(email, password);
      expect(answer.status, answer.text).to.equal(200);
      return answer;
    }

    /** Waits until so many requests are open at once, and everything of them has come. */
    async function inFlight(count: number): Promise<void> {
      const deadline = performance.now() + 8000;
      const { adminUrl } = own.gateway;
      while (!(await call(`${adminUrl}/metrics`)).text.includes(`\ngateway_requests_in_flight ${count}\n`)) {
        if (performance.now() > deadline) throw new Error(`waited in vain for ${count} requests`);
      }
      // What was sent to this process by itself is there after two more questions, which came later.
      for (let more = 0; more < 2; more += 1) await call(`${adminUrl}/metrics`);
    }

    async function me(token: string): Promise<number> {
      return (await own.ask('GET /auth/me', { token })).status;
    }

    it('registers somebody, who logs in and uses a route as far as the default role goes', async () => {
      const registered = await own.register(ANN);
      expect(registered.status).to.equal(201);
      expect(registered.header('content-type')).to.equal('application/json');
      expect(registered.header('cache-control')).to.equal('no-store');
      expect(registered.json).to.have.all.keys('id', 'email', 'role', 'created_at');
      expect(registered.json).to.include({ email: ANN, role: 'viewer' });

      const login = await entered();
      expect(login.header('cache-control')).to.equal('no-store');
      expect(login.json).to.have.all.keys('access_token', 'refresh_token', 'token_type', 'expires_in');
      expect(login.json).to.include({ token_type: 'Bearer', expires_in: 900 });

      const token = accessOf(login);
      expect(await own.use(token)).to.equal(200);
      const request = await own.upstream.requests.at(0);
      expect(request.header('x-user')).to.equal(registered.member('id'));
      expect(request.header('authorization')).to.equal(`Bearer ${token}`);
      expectProblem(await own.ask('GET /reports/1', { token }), 'forbidden');
      expectProblem(await own.ask('GET /orders/1'), 'unauthorized');

      const caller = await own.ask('GET /auth/me', { token });
      expect(caller.status).to.equal(200);
      expect(caller.json).to.include({
        id: registered.member('id'),
        email: ANN,
        role: 'viewer',
        session_id: sessionOf(login),
      });
      expect(own.upstream.requests.items).to.have.length(1);
    });

    it('knows an address in whatever way it is written', async () => {
      const registered = await own.register('  Ann@EXAMPLE.com ');
      expect(registered.member('email')).to.equal(ANN);
      expectProblem(await own.register('ANN@example.COM', OTHER), 'email-taken');
      expect((await own.login('aNN@Example.com')).status).to.equal(200);
    });

    it('signs tokens that anybody can verify with what jwks.json says', async () => {
      const token = accessOf(await arrive());
      const answer = await own.ask('GET /.well-known/jwks.json');
      expect(answer.status).to.equal(200);
      expect(answer.header('content-type')).to.equal('application/jwk-set+json');
      expect(answer.header('access-control-allow-origin')).to.equal('*');
      const keys = at(answer.json, 'keys');
      expect(keys).to.have.length(1);
      const published = at(keys, '0');
      expect(published).to.have.all.keys('kty', 'kid', 'use', 'alg', 'n', 'e');
      const header = partOf(token, 'header');
      expect(header).to.deep.equal({ alg: 'RS256', typ: 'at+jwt', kid: at(published, 'kid') });

      const key = createPublicKey({
        key: { kty: 'RSA', n: String(at(published, 'n')), e: String(at(published, 'e')) },
        format: 'jwk',
      });
      const [head = '', claims = '', signature = ''] = token.split('.');
      const signed = Buffer.from(`${head}.${claims}`);
      expect(verify('sha256', signed, key, Buffer.from(signature, 'base64url'))).to.equal(true);
      expect(jwt.verify(token, key, { algorithms: ['RS256'], issuer: ISSUER, audience: AUDIENCE })).to.include({
        role: 'viewer',
      });
      expectProblem(await own.ask('POST /.well-known/jwks.json'), 'method-not-allowed');
    });

    it('serves its OpenAPI document', async () => {
      const answer = await own.ask('GET /auth/openapi.json');
      expect(answer.status).to.equal(200);
      expect(answer.header('content-type')).to.equal('application/json');
      expect(String(at(answer.json, 'openapi'))).to.match(/^3\.1\./);
      expect(at(answer.json, 'paths')).to.include.keys('/login', '/register', '/sessions/{id}');
      expect(at(answer.json, 'servers', '0', 'url')).to.equal('/auth');
      const head = await own.ask('HEAD /auth/openapi.json');
      expect([head.status, head.text, head.header('content-length')]).to.deep.equal([
        200,
        '',
        String(answer.body.length),
      ]);
    });

    it('changes the refresh token each time; the access token of before is good until it expires', async () => {
      const first = await arrive();
      const second = await own.refresh(refreshOf(first));
      expect(second.status).to.equal(200);
      expect(refreshOf(second)).not.to.equal(refreshOf(first));
      expect(accessOf(second)).not.to.equal(accessOf(first));
      expect(sessionOf(second)).to.equal(sessionOf(first));
      expect(await own.use(accessOf(first))).to.equal(200);
      expect(await own.use(accessOf(second))).to.equal(200);
      const claims = partOf(accessOf(first), 'claims');
      const header = partOf(accessOf(first), 'header');
      const signer = rs256(own.key.privateKey);
      const now = Math.trunc(Date.now() / 1000);
      // The same token but for its age: so it is the age that counts.
      expect(await own.use(forge(header, { ...claims, exp: now + 60 }, signer))).to.equal(200);
      expect(await own.use(forge(header, { ...claims, exp: now - 60 }, signer))).to.equal(401);
      expect(await own.use(accessOf(first))).to.equal(200);
    });

    it('ends the session when a refresh token is used again, on routes at once', async () => {
      const first = await arrive();
      const second = await own.refresh(refreshOf(first));
      const bystander = await entered();
      expect(await own.use(accessOf(second))).to.equal(200);
      expectProblem(await own.refresh(refreshOf(first)), 'invalid-refresh-token');
      expect(await own.use(accessOf(second))).to.equal(401);
      expect(await own.use(accessOf(first))).to.equal(401);
      expect(await me(accessOf(second))).to.equal(401);
      expectProblem(await own.refresh(refreshOf(second)), 'invalid-refresh-token');
      expect(await own.use(accessOf(bystander))).to.equal(200);
    });

    it('lets exactly one of twenty refreshes at once win, who goes on', async () => {
      const first = await arrive();
      let refreshes: Promise<JsonAnswer>[] = [];
      await own.database.transaction(async (transaction) => {
        // As long as this one has the token, none of them gets at it: so all of them are there at once.
        await transaction.query('SELECT 1 FROM refresh_tokens FOR UPDATE');
        refreshes = Array.from({ length: 20 }, async () => own.refresh(refreshOf(first)));
        await inFlight(20);
      });
      const answers = await Promise.all(refreshes);
      const winners = answers.filter(({ status }) => status === 200);
      expect(winners).to.have.length(1);
      for (const answer of answers) if (answer.status !== 200) expectProblem(answer, 'invalid-refresh-token');
      const [winner] = winners;
      if (winner === undefined) throw new Error('nobody won');
      expect(await own.use(accessOf(winner))).to.equal(200);
      expect((await own.refresh(refreshOf(winner))).status).to.equal(200);
    });

    it('shows sessions, and ends one of them', async () => {
      await own.register(ANN);
      const phone = await own.login(ANN, PASSWORD, { client: '192.0.2.7', headers: ['user-agent', 'Phone/1'] });
      const here = await entered();
      const token = accessOf(here);
      const list = await own.ask('GET /auth/sessions', { token });
      expect(list.status).to.equal(200);
      const sessions = at(list.json, 'sessions');
      expect(sessions).to.have.length(2);
      expect(at(sessions, '0')).to.include({ id: sessionOf(here), current: true, client: '127.0.0.1' });
      expect(at(sessions, '1')).to.include({
        id: sessionOf(phone),
        current: false,
        client: '192.0.2.7',
        user_agent: 'Phone/1',
      });

      expect(await own.use(accessOf(phone))).to.equal(200);
      const stranger = accessOf(await arrive(BOB));
      const target = `DELETE /auth/sessions/${sessionOf(phone)}`;
      expectProblem(await own.ask(target, { token: stranger }), 'session-not-found');
      expect(await own.use(accessOf(phone))).to.equal(200);
      const ended = await own.ask(target, { token });
      expect([ended.status, ended.text, ended.header('content-length')]).to.deep.equal([204, '', undefined]);
      expect(await own.use(accessOf(phone))).to.equal(401);
      expectProblem(await own.refresh(refreshOf(phone)), 'invalid-refresh-token');
      expectProblem(await own.ask(target, { token }), 'session-not-found');
      expect(await own.use(token)).to.equal(200);
    });

    it('ends all other sessions when the password is changed', async () => {
      const here = await arrive();
      const there = await entered();
      expect(await own.use(accessOf(there))).to.equal(200);
      const token = accessOf(here);
      const change = async (current: string): Promise<JsonAnswer> =>
        own.ask('POST /auth/password', { token, body: { current_password: current, new_password: OTHER } });
      const wrong = await change('battery horse staple');
      expect([wrong.status, at(wrong.json, 'errors', '0', 'pointer')]).to.deep.equal([400, '/current_password']);
      expect(await own.use(accessOf(there))).to.equal(200);
      expect((await change(PASSWORD)).status).to.equal(204);
      expect(await own.use(accessOf(there))).to.equal(401);
      expectProblem(await own.refresh(refreshOf(there)), 'invalid-refresh-token');
      expect(await own.use(token)).to.equal(200);
      expect((await own.refresh(refreshOf(here))).status).to.equal(200);
      const gone = await own.login(ANN);
      expectProblem(gone, 'invalid-credentials');
      const line = await own.gateway.accessLine(gone.header('x-request-id') ?? '');
      expect(line).to.include({ route: '_identity', problem: 'invalid-credentials' });
      await entered(ANN, OTHER);
    });

    it('logs out of this session alone', async () => {
      const here = await arrive();
      const there = await entered();
      expect(await own.use(accessOf(here))).to.equal(200);
      const answer = await own.ask('POST /auth/logout', { token: accessOf(here) });
      expect([answer.status, answer.text]).to.deep.equal([204, '']);
      expect(await own.use(accessOf(here))).to.equal(401);
      expect(await me(accessOf(here))).to.equal(401);
      expectProblem(await own.ask('POST /auth/logout', { token: accessOf(here) }), 'unauthorized');
      expectProblem(await own.refresh(refreshOf(here)), 'invalid-refresh-token');
      expect(await own.use(accessOf(there))).to.equal(200);
    });

    it('logs out of all sessions', async () => {
      const here = await arrive();
      const there = await entered();
      const stranger = await arrive(BOB);
      expect(await own.use(accessOf(there))).to.equal(200);
      const answer = await own.ask('POST /auth/logout', { token: accessOf(here), body: { all: true } });
      expect(answer.status).to.equal(204);
      expect([await own.use(accessOf(here)), await own.use(accessOf(there))]).to.deep.equal([401, 401]);
      expect(await own.use(accessOf(stranger))).to.equal(200);
    });

    it('answers for an unknown user as for a wrong password', async () => {
      await own.register(ANN);
      const wrong = await own.login(ANN, OTHER);
      expectProblem(wrong, 'invalid-credentials');
      expect(wrong.header('www-authenticate')).to.equal('Bearer realm="gatewayctl"');
      const unknown = await own.login('zoe@example.com', OTHER);
      expect(looks(unknown)).to.deep.equal(looks(wrong));
      await own.register(BOB);
      await own.database.execute('UPDATE users SET disabled = true WHERE email = $1', [BOB]);
      expect(looks(await own.login(BOB))).to.deep.equal(looks(wrong));
    });

    it('locks a client out of an account, and nobody else, known or not', async () => {
      await own.register(ANN);
      const stranger = await arrive(BOB);
      for (const email of [ANN, 'zoe@example.com']) {
        const attacker = { client: '192.0.2.66' };
        for (let failure = 0; failure < 3; failure += 1) {
          expectProblem(await own.login(email, OTHER, attacker), 'invalid-credentials');
        }
        // The first lock is a second; made longer, so that it lasts however slow this machine is.
        const locked = `UPDATE lockouts SET locked_until = locked_until + interval '1 hour' WHERE client = $1`;
        expect(await own.database.execute(locked, [attacker.client])).to.be.greaterThan(0);
        const answer = await own.login(email, PASSWORD, attacker);
        expectProblem(answer, 'too-many-attempts');
        expect(Number(answer.header('retry-after'))).to.be.within(3000, 3601);
        expect((await own.login(BOB, PASSWORD, attacker)).status).to.equal(200);
      }
      expect((await own.login(ANN, PASSWORD, { client: '192.0.2.67' })).status).to.equal(200);
      expect(await own.use(accessOf(stranger))).to.equal(200);
    });

    describe('and its administrators', () => {
      it('need the token', async () => {
        const users = await own.ask('GET /api/v1/users', { token: 'none' });
        expect(users.status).to.equal(404);
        expect((await own.askAdmin('GET /users', { token: 'wrong' })).status).to.equal(401);
        expect((await own.askAdmin('GET /users', { token: accessOf(await arrive()) })).status).to.equal(401);
      });

      it('see users, and give them roles: the token of before is over at once', async () => {
        const login = await arrive();
        expect(await own.use(accessOf(login))).to.equal(200);
        const list = await own.askAdmin('GET /users');
        expect(list.status).to.equal(200);
        const user = at(list.json, 'users', '0');
        expect(user).to.include({ email: ANN, role: 'viewer', disabled: false, sessions: 1 });
        const target = `PATCH /users/${String(at(user, 'id'))}`;
        expect((await own.askAdmin(target, { body: { role: 'editor' } })).json).to.include({ role: 'editor' });
        expect(await own.use(accessOf(login))).to.equal(401);
        const token = accessOf(await own.refresh(refreshOf(login)));
        expect(await own.use(token)).to.equal(200);
        expect((await own.ask('GET /reports/1', { token })).status).to.equal(200);
        expect((await own.askAdmin(target, { body: { role: 'root' } })).status).to.equal(400);
      });

      it('lock users out at once, and let them in again', async () => {
        const login = await arrive();
        const stranger = await arrive(BOB);
        expect(await own.use(accessOf(login))).to.equal(200);
        const target = `PATCH /users/${ANN}`;
        expect((await own.askAdmin(target, { body: { disabled: true } })).status).to.equal(200);
        expect(await own.use(accessOf(login))).to.equal(401);
        expectProblem(await own.login(ANN), 'invalid-credentials');
        expectProblem(await own.refresh(refreshOf(login)), 'invalid-refresh-token');
        expect(await own.use(accessOf(stranger))).to.equal(200);
        expect((await own.askAdmin(target, { body: { disabled: false } })).status).to.equal(200);
        expect(await own.use(accessOf(login))).to.equal(401);
        expect(await own.use(accessOf(await entered()))).to.equal(200);
      });

      it('end sessions, one or all, and remove users', async () => {
        const [one, two, three] = [await arrive(), await entered(), await entered()];
        for (const login of [one, two, three]) expect(await own.use(accessOf(login))).to.equal(200);
        const list = await own.askAdmin(`GET /users/${ANN}/sessions`);
        expect(at(list.json, 'sessions')).to.have.length(3);
        expect((await own.askAdmin(`DELETE /users/${ANN}/sessions/${sessionOf(one)}`)).status).to.equal(204);
        expect([await own.use(accessOf(one)), await own.use(accessOf(two))]).to.deep.equal([401, 200]);
        expect((await own.askAdmin(`DELETE /users/${ANN}/sessions`)).status).to.equal(204);
        expect([await own.use(accessOf(two)), await own.use(accessOf(three))]).to.deep.equal([401, 401]);
        const again = await entered();
        expect(await own.use(accessOf(again))).to.equal(200);
        expect((await own.askAdmin(`DELETE /users/${ANN}`)).status).to.equal(204);
        expect(await own.use(accessOf(again))).to.equal(401);
        expectProblem(await own.login(ANN), 'invalid-credentials');
        expectProblem(await own.askAdmin(`GET /users/${ANN}`), 'user-not-found');
      });
    });
  });

  describe(`users of a gateway on ${kind.name} that registers nobody`, () => {
    let own: IdentityGateway;

    before(async () => {
      own = await IdentityGateway.start(kind, { identity: { registration: 'closed', defaultRole: undefined } });
    });
    after(async () => own.stop());

    it('are made by others', async () => {
      expectProblem(await own.register(ANN), 'registration-closed');
      expectProblem(await own.login(ANN), 'invalid-credentials');
      expect((await own.ask('GET /auth/openapi.json')).status).to.equal(200);
      expect(await own.database.query('SELECT 1 FROM users')).to.have.length(0);
    });
  });
}
