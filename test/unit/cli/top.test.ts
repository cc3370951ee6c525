/** One snapshot of what a server says that is a gateway or not. */
import { createServer, type Server } from 'node:http';
import { expect } from 'chai';
import { top } from '../../../src/cli/top.ts';
import { member } from '../../../src/upstreams/discovery/shape.ts';
import { outcomeOf, type Outcome } from '../../support/commands.ts';
import { portOf } from '../../support/upstream.ts';

const TRAFFIC = {
  at: '2026-07-22T10:00:05.000Z',
  interval_seconds: 1,
  total: {
    requests_per_second: 1,
    errors_per_second: 0,
    p50_seconds: null,
    p95_seconds: null,
    p99_seconds: null,
    in_flight: 0,
    connections: 0,
  },
  routes: [],
  cache: { hit_ratio: null, bytes: null, entries: null, routes: [] },
  process: { cpu_cores: 0, memory_bytes: 0, event_loop_lag_seconds: null },
};

function event(name: string, data: unknown): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}

const BEGIN = event('status', { ready: true }) + event('upstreams', { upstreams: [] });

describe('gatewayctl top where there is no terminal', () => {
  let server: Server;
  let admin = '';
  let status = 200;
  let type = 'text/event-stream';
  let parts: readonly string[] = [];
  let ends = true;
  let open = 0;

  before(async () => {
    server = createServer((_request, response) => {
      open += 1;
      response.on('close', () => (open -= 1));
      response.writeHead(status, { 'content-type': type });
      for (const part of parts) response.write(part);
      if (ends) response.end();
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    admin = `http://127.0.0.1:${portOf(server)}`;
  });
  beforeEach(() => {
    status = 200;
    type = 'text/event-stream';
    parts = [];
    ends = true;
  });
  after(async () => new Promise<void>((done) => server.close(() => done())));

  const run = async (...told: readonly string[]): Promise<Outcome> => {
    parts = told;
    return outcomeOf(() => top({ once: true, sort: 'requests', format: 'json', admin, config: 'gateway.yaml' }));
  };
  const fails = async (message: string, ...told: readonly string[]): Promise<void> => {
    const { code, stdout, message: said } = await run(...told);
    expect({ code, stdout }).to.deep.equal({ code: 1, stdout: '' });
    expect(said).to.include(message);
  };

  it('reads as far as the first traffic, and no further', async () => {
    ends = false;
    const { code, stdout } = await run(BEGIN, event('later', { kind: 1 }), event('traffic', TRAFFIC));
    expect(code).to.equal(0);
    expect(JSON.parse(stdout)).to.deep.equal({ status: { ready: true }, upstreams: [], traffic: TRAFFIC });
    while (open > 0) await new Promise((resolve) => setImmediate(resolve));
  });

  it('takes events apart wherever they are cut', async () => {
    ends = false;
    const whole = BEGIN + event('traffic', { ...TRAFFIC, at: 'zwölf' });
    const { code, stdout } = await run(...(whole.match(/[^]{1,7}/g) ?? []));
    expect(code).to.equal(0);
    expect(member(JSON.parse(stdout), 'traffic', 'at')).to.equal('zwölf');
  });

  it('says when the gateway ended before there was anything', async () => {
    await fails('ended its live view before', BEGIN);
  });

  it('takes nothing for a gateway that is none', async () => {
    await fails('no event with JSON', 'event: traffic\ndata: {\n\n');
    await fails('is no traffic', BEGIN, event('traffic', { at: 3 }));
    await fails('no list of upstreams', event('upstreams', { upstreams: [{ name: 'orders' }] }));
    type = 'text/html';
    await fails('no stream of events', '<html>');
  });

  it('says what to do when there are too many readers', async () => {
    status = 503;
    await fails('has as many readers as it may have: close a status page, or another top');
  });

  it('says when the connection breaks off', async () => {
    const broken = createServer((request) =>
      request.socket.end('HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: 9\r\n\r\n: x'),
    );
    await new Promise<void>((done) => broken.listen(0, '127.0.0.1', done));
    try {
      const origin = `http://127.0.0.1:${portOf(broken)}`;
      const flags = { once: true, sort: 'requests', format: 'json', admin: origin, config: 'gateway.yaml' } as const;
      const { code, message } = await outcomeOf(() => top(flags));
      expect({ code, message: message.split(';')[0] }).to.deep.equal({
        code: 1,
        message: `${origin} cannot be reached: ECONNRESET`,
      });
    } finally {
      await new Promise((done) => broken.close(done));
    }
  });

  it('gives up on a gateway that says nothing', async () => {
    ends = false;
    await fails('said nothing for 5 s', BEGIN);
  });
});
