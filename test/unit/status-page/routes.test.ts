import { expect } from 'chai';
import { RecentRoutes } from '../../../status-page/route-numbers.js';
import { listed, selectRoutes, sourceText, type Order } from '../../../status-page/route-selection.js';
import type { Route, RouteTraffic, Traffic } from '../../../status-page/shapes.d.ts';

function second(...routes: (Partial<RouteTraffic> & { readonly name: string })[]): Traffic {
  const silent = {
    requests_per_second: 0,
    errors_per_second: 0,
    p50_seconds: null,
    p95_seconds: null,
    p99_seconds: null,
  };
  return {
    at: '2026-01-09T03:04:05Z',
    interval_seconds: 1,
    total: { ...silent, in_flight: 0, connections: 0 },
    routes: routes.map((route) => ({ ...silent, statuses: {}, ...route })),
    cache: { hit_ratio: null, bytes: null, entries: null, routes: [] },
    process: { cpu_cores: 0, memory_bytes: 0, event_loop_lag_seconds: null },
  };
}

function routeAt(name: string, path: string, line: number): Route {
  const source = { file: 'gateway.yaml', line };
  return {
    name,
    source,
    match: { hosts: [], path, methods: [], headers: [] },
    access: 'public',
    rules: [],
    upstreams: ['shop'],
    respond: null,
  };
}

describe('routes on the status page', () => {
  describe('their numbers', () => {
    it('are the mean of the seconds that there are, and of ten at most', () => {
      const recent = new RecentRoutes();
      recent.add(second({ name: 'a', requests_per_second: 30, errors_per_second: 3, statuses: { '5xx': 3 } }));
      expect(recent.of('a')).to.include({ requests: 30, errors: 3 });
      recent.add(second({ name: 'a', requests_per_second: 10 }));
      expect(recent.of('a')).to.include({ requests: 20, errors: 1.5 });
      expect([...recent.of('a').statuses]).to.deep.equal([['5xx', 1.5]]);
      for (let count = 0; count < 10; count += 1) recent.add(second({ name: 'b', requests_per_second: 1 }));
      expect(recent.of('a')).to.include({ requests: 0, errors: 0 });
      expect(recent.of('b').requests).to.be.closeTo(1, 1e-9);
    });

    it('have the latency of the latest second in which there was a request', () => {
      const recent = new RecentRoutes();
      recent.add(second({ name: 'a', p50_seconds: 1, p95_seconds: 2, p99_seconds: 3 }));
      recent.add(second({ name: 'a', p50_seconds: 4, p95_seconds: 5, p99_seconds: 6 }));
      recent.add(second({ name: 'a' }));
      expect(recent.of('a')).to.include({ p50: 4, p95: 5, p99: 6 });
    });

    it('are none of a route that nobody has asked, and none after they were cleared', () => {
      const recent = new RecentRoutes();
      recent.add(second({ name: 'a', requests_per_second: 1 }));
      expect(recent.of('b')).to.include({ requests: 0, p50: null });
      recent.clear();
      expect([...recent.names]).to.deep.equal([]);
    });
  });

  it('are found in files that are named from the folder of the first one on', () => {
    const source = { file: '/etc/gatewayctl/teams/shop.yaml', line: 7 };
    expect(sourceText(source)).to.equal('/etc/gatewayctl/teams/shop.yaml:7');
    expect(sourceText(source, '/etc/gatewayctl/')).to.equal('teams/shop.yaml:7');
    expect(sourceText(source, '/srv/')).to.equal('/etc/gatewayctl/teams/shop.yaml:7');
    expect(sourceText({ file: '', line: 0 })).to.equal('');
  });

  describe('which are shown', () => {
    const all = [routeAt('b', '/b', 1), routeAt('a', '/A/x', 2), routeAt('c', '/c', 3)].map(listed);
    const recent = new RecentRoutes();
    recent.add(second({ name: 'c', requests_per_second: 5 }, { name: 'b', requests_per_second: 1, p50_seconds: 0 }));

    function names(order: Order, filter = '', limit = 100): string[] {
      return selectRoutes(all, (name) => recent.of(name), { filter, order, limit }).shown.map(
        (each) => each.route.name,
      );
    }

    it('are sorted, and those that are equal stand as in the configuration', () => {
      expect(names({ key: 'requests', descending: true })).to.deep.equal(['c', 'b', 'a']);
      expect(names({ key: 'name', descending: false })).to.deep.equal(['a', 'b', 'c']);
      expect(names({ key: 'source', descending: true })).to.deep.equal(['c', 'a', 'b']);
      expect(names({ key: 'errors', descending: true })).to.deep.equal(['b', 'a', 'c']);
    });

    it('have no latency last, when the highest come first', () => {
      expect(names({ key: 'p50', descending: true })).to.deep.equal(['b', 'a', 'c']);
    });

    it('have all words of the filter, whatever their case', () => {
      const order = { key: 'name', descending: false } as const;
      expect(names(order, '  SHOP /a/X ')).to.deep.equal(['a']);
      expect(names(order, 'yaml:3')).to.deep.equal(['c']);
      expect(names(order, 'shop nothing')).to.deep.equal([]);
    });

    it('are not more than there is place for, found among all', () => {
      const order = { key: 'requests', descending: true } as const;
      const wish = { filter: '', order, limit: 2 };
      expect(selectRoutes(all, (name) => recent.of(name), wish)).to.include({ matching: 3 });
      expect(names(order, '', 2)).to.deep.equal(['c', 'b']);
      expect(names(order, '/a', 1)).to.deep.equal(['a']);
    });
  });
});
