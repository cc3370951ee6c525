import { expect } from 'chai';
import { apiKeyIdentity, makeApiKey } from '../../../src/auth/api-keys.ts';
import { BUILT_IN, type Identity } from '../../../src/auth/identity.ts';
import type { Queries } from '../../../src/database/database.ts';
import { DatabaseUnavailable } from '../../../src/database/failures.ts';
import { compileGateway } from '../../../src/gateway/compile.ts';
import type { Gateway, OpenExchange } from '../../../src/gateway/gateway.ts';
import { UNLISTED } from '../../../src/roster.ts';
import { LostAccess, type LostAccessOptions } from '../../../src/gateway/lost-access.ts';
import { createResources } from '../../../src/gateway/resources.ts';
import { Metrics } from '../../../src/observability/metrics.ts';
import { live, type Live } from '../../../src/users/live.ts';
import { within } from '../../support/arrivals.ts';
import { configOf } from '../../support/load.ts';

const TEXT = `version: 1
routes:
  - { name: here, match: { path: /here }, respond: { status: 200 }, access: public }
`;
const START = Date.UTC(2030, 0, 1);
/** What clocks may differ by. */
const TOLERANCE = 30_000;
const SESSION = '00000000-0000-4000-8000-000000000001';
const USER = '00000000-0000-4000-8000-000000000002';
const UPGRADE: OpenExchange['upgrade'] = {
  protocol: 'websocket',
  accept: () => {
    throw new Error('nothing is accepted here');
  },
};

const away: Queries = {
  query: async () => {
    throw new DatabaseUnavailable('unreachable', 'away');
  },
  execute: async () => 0,
};

/** A database that knows one session, and gives it this role version. */
const withSession = (version: () => number): Queries => ({
  query: async () => JSON.parse(JSON.stringify([{ id: SESSION, user_id: USER, role_version: version() }])),
  execute: async () => 0,
});

const foreign: Identity = {
  issuer: 'corporate',
  subject: 'ann',
  roles: [],
  roleVersion: 0,
  scopes: [],
  claims: {},
  expiresAt: START + 60_000,
  credential: 'token',
};
const own: Identity = { ...foreign, issuer: BUILT_IN, subject: USER, sessionId: SESSION, roleVersion: 1 };

describe('looking for lost access', () => {
  const stops: (() => void)[] = [];
  let clock = { now: START };
  let gateway: Gateway;
  let errors: unknown[] = [];

  beforeEach(async () => {
    clock = { now: START };
    errors = [];
    gateway = await newGateway();
  });
  afterEach(() => {
    for (const stop of stops.splice(0)) stop();
  });

  async function newGateway(): Promise<Gateway> {
    const metrics = new Metrics({ inFlight: () => 0, connections: async () => 0 });
    return compileGateway(await configOf(TEXT), createResources(), metrics);
  }

  function start(known: Live | undefined, options: Partial<LostAccessOptions> = {}): LostAccess {
    const lostAccess = new LostAccess({
      gateways: () => [gateway],
      live: () => known,
      onError: (error) => errors.push(error),
      now: () => clock.now,
      ...options,
    });
    stops.push(() => lostAccess.stop());
    return lostAccess;
  }

  function liveOn(database: Queries): Live {
    return live({ database, now: () => clock.now, clock: () => clock.now });
  }

  function open(identity: Identity | undefined, upgrade?: OpenExchange['upgrade'], on = gateway): { cuts: number } {
    const exchange = {
      place: UNLISTED,
      route: undefined,
      identity,
      hasClient: true,
      upgrade,
      cuts: 0,
      cut: () => void (exchange.cuts += 1),
      farewell: () => false,
    };
    on.enter(exchange);
    return exchange;
  }

  for (const [whose, identity] of [
    ['of another issuer', foreign],
    ['of the built-in identity', own],
  ] as const) {
    it(`ends a WebSocket whose token ${whose} has expired, tolerance included, and no other exchange`, async () => {
      const lostAccess = start(liveOn(withSession(() => 1)));
      const socket = open(identity, UPGRADE);
      const events = open(identity);
      clock.now = identity.expiresAt + TOLERANCE - 1;
      await lostAccess.look();
      expect([socket.cuts, events.cuts]).to.deep.equal([0, 0]);
      clock.now += 1;
      await lostAccess.look();
      expect([socket.cuts, events.cuts, errors]).to.deep.equal([1, 0, []]);
    });
  }

  it('ends a WebSocket whose token has expired when there are neither users nor keys', async () => {
    const lostAccess = start(undefined);
    const socket = open(foreign, UPGRADE);
    await lostAccess.look();
    expect(socket.cuts).to.equal(0);
    clock.now = foreign.expiresAt + TOLERANCE;
    await lostAccess.look();
    expect(socket.cuts).to.equal(1);
  });

  it('ends every exchange of a session that is gone or whose user has another role, and leaves those of others', async () => {
    let version = 1;
    const lostAccess = start(liveOn(withSession(() => version)));
    const mine = [open(own), open(own, UPGRADE)];
    const others = [open(undefined), open(undefined, UPGRADE), open(foreign), open(foreign, UPGRADE)];
    const gone = open({ ...own, sessionId: '00000000-0000-4000-8000-000000000009' });
    await lostAccess.look();
    expect([gone.cuts, ...mine.map(({ cuts }) => cuts)]).to.deep.equal([1, 0, 0]);
    version = 2;
    // What was learnt holds for 5 s.
    clock.now += 5_000;
    await lostAccess.look();
    expect(mine.map(({ cuts }) => cuts)).to.deep.equal([1, 1]);
    expect(others.map(({ cuts }) => cuts)).to.deep.equal([0, 0, 0, 0]);
  });

  it('ends every exchange of a key that has expired', async () => {
    const { id, hash } = makeApiKey();
    const rows = JSON.stringify([{ id, role: 'viewer', hash, expires_at: START + 1000 }]);
    const database: Queries = {
      query: async () =>
        JSON.parse(rows, (name, value: unknown) => (name === 'expires_at' ? new Date(Number(value)) : value)),
      execute: async () => 0,
    };
    const lostAccess = start(liveOn(database));
    const identity = apiKeyIdentity({ id, role: 'viewer', expiresAt: START + 1000 });
    const [socket, events] = [open(identity, UPGRADE), open(identity)];
    clock.now += 999;
    await lostAccess.look();
    expect([socket.cuts, events.cuts, errors]).to.deep.equal([0, 0, []]);
    clock.now += 1;
    await lostAccess.look();
    expect([socket.cuts, events.cuts]).to.deep.equal([1, 1]);
  });

  it('cuts nothing off while the database cannot be asked, however long that is', async () => {
    const lostAccess = start(liveOn(away));
    const events = open({ ...own, expiresAt: START });
    const key = open(apiKeyIdentity({ id: '00000000000001', role: 'viewer', expiresAt: Infinity }), UPGRADE);
    for (const hours of [0, 1, 24, 24 * 365]) {
      clock.now = START + hours * 3_600_000;
      await lostAccess.look();
    }
    expect([events.cuts, key.cuts, errors]).to.deep.equal([0, 0, []]);
  });

  it('looks at gateways, too, that another one has replaced', async () => {
    const old = await newGateway();
    const lostAccess = start(undefined, { gateways: () => [gateway, old] });
    const [now, before] = [open(foreign, UPGRADE), open(foreign, UPGRADE, old)];
    clock.now = foreign.expiresAt + TOLERANCE;
    await lostAccess.look();
    expect([now.cuts, before.cuts]).to.deep.equal([1, 1]);
  });

  it('tells of a bug, and looks again the next time', async () => {
    let broken = true;
    const known = liveOn({
      query: async () => {
        if (broken) throw new Error('a bug');
        return [];
      },
      execute: async () => 0,
    });
    const lostAccess = start(known);
    const events = open(own);
    await lostAccess.look();
    expect(errors.map(String)).to.deep.equal(['Error: a bug']);
    expect(events.cuts).to.equal(0);
    broken = false;
    await lostAccess.look();
    expect([events.cuts, errors.length]).to.deep.equal([1, 1]);
  });

  it('looks by itself, until it is stopped', async () => {
    let looks = 0;
    let told: () => void = () => undefined;
    const looked = new Promise<void>((resolve) => (told = resolve));
    const first = start(undefined, {
      gateways: () => {
        looks += 1;
        return [];
      },
    });
    first.stop();
    start(undefined, {
      gateways: () => {
        told();
        return [];
      },
    });
    await within(looked, 'the first look');
    // The one that was stopped began before.
    expect(looks).to.equal(0);
  });
});
