import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { first as certificate } from '../../support/certificates.ts';
import { Http2Client } from '../../support/h2.ts';
import { RedisServer } from '../../support/redis.ts';
import { answering, Opened, RELOADED, send } from '../../support/reload.ts';
import { shakeHands, TestAuthority } from '../../support/tls.ts';
import { connections, PATIENCE, startWorkers, until, workersYaml } from './workers.ts';

const HOME = `routes:\n${answering('home')}`;
const BURST = 21;
const LIMITED = `routes:
  - { name: open, match: { path: /open }, access: public, respond: { status: 200 }, rateLimit: { requests: 1000000, per: 1h } }
  - { name: limited, match: { path: / }, access: public, respond: { status: 200 }, rateLimit: { requests: 1, per: 1h, burst: ${BURST}, by: route } }
`;

describe('two workers', function () {
  // Each test starts three processes from the sources.
  this.timeout(3 * PATIENCE);
  const opened = new Opened();

  /** How many of so many requests on each of eight connections pass. */
  async function passing(address: string, each: number): Promise<number> {
    const agents = await connections(opened, address, 8, '/open');
    const statuses = await Promise.all(
      agents.map(async (agent) => {
        const found: number[] = [];
        for (let count = 0; count < each; count += 1) found.push((await send(address, '/', { agent })).status);
        return found;
      }),
    );
    expect(new Set(statuses.flat())).to.deep.equal(new Set([200, 429]));
    return statuses.flat().filter((status) => status === 200).length;
  }

  it('answer over TLS and HTTP/2, and all of them read a certificate again that has changed', async () => {
    const folder = opened.folder();
    writeFileSync(join(folder, 'test.crt'), certificate.cert);
    writeFileSync(join(folder, 'test.key'), certificate.key);
    const server = `tls: { listen: '127.0.0.1:0', certificates: [{ cert: '${folder}/test.crt', key: '${folder}/test.key' }] }`;
    const { gateway } = await startWorkers(opened, workersYaml(HOME, { server, access: true }));
    const { tls } = await gateway.logged('serving');
    const port = Number(String(tls).split(':').at(-1));
    const clients: Http2Client[] = [];
    for (let count = 0; count < 4; count += 1) {
      const client = await Http2Client.open(port);
      opened.add(async () => client.close());
      clients.push(client);
      expect((await client.call('/')).text).to.equal('home');
    }
    await gateway.until('both have answered', () => {
      const lines = gateway.log.filter(({ path }) => path === '/');
      return new Set(lines.map(({ worker }) => worker)).size === 2 || undefined;
    });
    const names = async (): Promise<string[]> => {
      const found: string[] = [];
      for (let count = 0; count < 8; count += 1) found.push((await shakeHands(port)).names);
      return found;
    };
    expect(new Set(await names())).to.deep.equal(new Set(['IP Address:127.0.0.1, DNS:localhost']));
    const authority = await TestAuthority.create();
    await authority.write(folder, 'test', 'renewed.test');
    await gateway.logged(RELOADED);
    expect(new Set(await names())).to.deep.equal(new Set(['DNS:renewed.test']));
    for (const client of clients) expect((await client.call('/')).text).to.equal('home');
  });

  it('count limits together in Redis: what passes is the burst, and no request more', async () => {
    const redis = await RedisServer.start();
    opened.add(async () => redis.end());
    // The time-out is that of a test on a busy machine.
    const yaml = workersYaml(`redis: { url: '${redis.url}', timeout: 5s }\n${LIMITED}`);
    const { gateway, address, admin } = await startWorkers(opened, yaml);
    await until('both can ask it', async () => {
      // The first request is what connects them.
      await connections(opened, address, 2, '/open');
      return JSON.parse((await send(admin, '/readyz')).body).detail.redis === 'up';
    });
    expect(await passing(address, 8)).to.equal(BURST);
    expect(gateway.log.filter(({ code }) => code === 'workers-without-redis')).to.deep.equal([]);
    await redis.kill();
    await until('it is seen that they cannot', async () => {
      await connections(opened, address, 2, '/open');
      return JSON.parse((await send(admin, '/readyz')).body).detail.redis === 'down';
    });
    expect((await send(admin, '/readyz')).status).to.equal(200);
  });

  it('count limits apart without Redis, and say so once', async () => {
    const { gateway, address } = await startWorkers(opened, workersYaml(LIMITED));
    expect(await passing(address, 8)).to.equal(2 * BURST);
    const warnings = gateway.log.filter(({ code }) => code === 'workers-without-redis');
    expect(warnings).to.have.length(1);
    expect(warnings[0]).to.include({ level: 'warn', path: 'server.workers' });
  });
});
