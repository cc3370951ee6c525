import { expect } from 'chai';
import { AdminListener } from '../../../src/admin/admin.ts';
import type { AdminConfig } from '../../../src/config/config.ts';
import { adminOptions } from '../../support/admin.ts';
import { call, expectProblem } from '../../support/client.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { RawClient } from '../../support/raw.ts';

describe('the admin listener', () => {
  let gateway: TestGateway;

  before(async () => {
    gateway = await startTestGateway(`
admin: { token: a-token-for-tests }
routes:
  - { name: own, match: { path: "/*rest" }, respond: { status: 200, body: own } }
`);
  });

  after(async () => gateway.stop());

  it('says that the gateway is alive and ready', async () => {
    const health = await call(`${gateway.adminUrl}/healthz`);
    expect([health.status, JSON.parse(health.text)]).to.deep.equal([200, { status: 'ok' }]);
    const ready = await call(`${gateway.adminUrl}/readyz`);
    expect([ready.status, JSON.parse(ready.text)]).to.deep.equal([200, { status: 'ready' }]);
  });

  it('answers HEAD as GET', async () => {
    const answer = await call(`${gateway.adminUrl}/healthz`, { method: 'HEAD' });
    expect([answer.status, answer.text]).to.deep.equal([200, '']);
  });

  it('gives metrics as Prometheus reads them', async () => {
    const answer = await call(`${gateway.adminUrl}/metrics`);
    expect(answer.status).to.equal(200);
    expect(answer.header('content-type')).to.match(/^text\/plain; version=0\.0\.4/);
    expect(answer.text).to.contain('# TYPE gateway_requests_total counter');
  });

  it('is not to be reached through the listener for clients', async () => {
    for (const path of ['/healthz', '/readyz', '/metrics'])
      expect((await call(gateway.url + path)).text).to.equal('own');
  });

  it('answers 404 and 405 with problems', async () => {
    expectProblem(await call(`${gateway.adminUrl}/nowhere`), 'route-not-found');
    expectProblem(await call(`${gateway.adminUrl}/healthz/`), 'route-not-found');
    expectProblem(await call(`${gateway.adminUrl}/Healthz`), 'route-not-found');
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      const answer = await call(`${gateway.adminUrl}/healthz`, { method });
      expectProblem(answer, 'method-not-allowed');
      expect(answer.header('allow')).to.equal('GET, HEAD');
    }
  });

  describe('on loopback', () => {
    for (const host of ['localhost', 'LOCALHOST:9901', '127.0.0.1', '127.0.0.1:9901', '127.1.2.3', '[::1]:9901']) {
      it(`answers when it is called ${host}`, async () => {
        expect((await call(`${gateway.adminUrl}/healthz`, { headers: ['host', host] })).status).to.equal(200);
      });
    }

    for (const host of [
      'evil.example.com',
      'evil.example.com:9901',
      'localhost.evil.example.com',
      '127.0.0.1.evil.example.com',
      'evil.example.com#localhost',
      'localhost@evil.example.com',
      '10.0.0.1',
      '0.0.0.0',
      '',
    ]) {
      it(`refuses every path when it is called ${JSON.stringify(host)}`, async () => {
        for (const path of ['/healthz', '/metrics', '/api/v1/anything', '/nowhere']) {
          const answer = await call(gateway.adminUrl + path, { headers: ['host', host] });
          expectProblem(answer, 'misdirected-request');
          expect(answer.text).to.not.contain('gateway_');
        }
      });
    }

    it('goes by the Host that it was given, not by one that a proxy claims', async () => {
      const headers = ['host', 'evil.example.com', 'x-forwarded-host', 'localhost', 'forwarded', 'host=localhost'];
      expectProblem(await call(`${gateway.adminUrl}/metrics`, { headers }), 'misdirected-request');
    });
  });

  describe('under /api', () => {
    const paths = ['/api', '/api/', '/api/v1/nowhere'];

    it('wants the token', async () => {
      for (const path of paths) {
        for (const headers of [
          [],
          ['authorization', 'Bearer wrong'],
          ['authorization', 'Bearer '],
          ['authorization', 'a-token-for-tests'],
          ['authorization', 'Basic a-token-for-tests'],
          ['authorization', 'Bearer a-token-for-tests-and-more'],
          ['authorization', 'Bearer a-token'],
        ]) {
          const answer = await call(gateway.adminUrl + path, { headers });
          expectProblem(answer, 'unauthorized');
          expect(answer.header('www-authenticate')).to.equal('Bearer realm="gatewayctl admin"');
        }
      }
    });

    it('says what there is to those who have it', async () => {
      for (const path of paths) {
        const answer = await call(gateway.adminUrl + path, { headers: ['authorization', 'Bearer a-token-for-tests'] });
        expectProblem(answer, 'route-not-found');
      }
    });

    it('is not needed for health and metrics', async () => {
      for (const path of ['/healthz', '/readyz', '/metrics'])
        expect((await call(gateway.adminUrl + path)).status).to.equal(200);
    });
  });

  it('outlives a client that sends garbage', async () => {
    const client = await RawClient.open(gateway.adminPort);
    await client.send('garbage\r\n\r\n');
    await client.ended();
    await client.close();
    expect((await call(`${gateway.adminUrl}/healthz`)).status).to.equal(200);
  });
});

describe('what an admin listener says of its health', () => {
  const TOKEN = 'a-token-for-tests';
  const health = { database: 'no rights for user gateway at db.internal', redis: 'down' } as const;
  let host: string;
  let listener: AdminListener;

  const detail = async (...headers: string[]): Promise<unknown> => {
    const answer = await call(`http://127.0.0.1:${listener.address.port}/readyz`, { headers });
    expect(answer.status).to.equal(200);
    return JSON.parse(answer.text).detail;
  };

  before(async () => {
    const config = (): AdminConfig => ({ listen: { host, port: 0 }, token: TOKEN, registryToken: 'another' });
    const options = await adminOptions({ config, health: () => health });
    listener = await AdminListener.open({ host: '127.0.0.1', port: 0 }, options);
  });
  after(async () => listener.close());

  for (const each of ['0.0.0.0', '::', '', '10.0.0.1'])
    it(`is for those with the token when it listens on ${JSON.stringify(each)}`, async () => {
      host = each;
      expect(await detail()).to.equal(undefined);
      expect(await detail('authorization', 'Bearer another')).to.equal(undefined);
      expect(await detail('authorization', `Bearer ${TOKEN}`)).to.deep.equal(health);
    });

  for (const each of ['127.0.0.1', '::1', 'localhost'])
    it(`is for everybody on this machine when it listens on ${each}`, async () => {
      host = each;
      expect(await detail()).to.deep.equal(health);
    });
});
