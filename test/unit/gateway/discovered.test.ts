import { expect } from 'chai';
import { Discovered, type DiscoveryEvents } from '../../../src/gateway/discovered.ts';
import type { Discovery, DiscoveryObserver, Found } from '../../../src/upstreams/discovery/source.ts';
import type { Registration, Registry } from '../../../src/upstreams/registry/registry.ts';
import type { SourceView } from '../../../src/upstreams/view.ts';

const A: Found = { origin: 'http://a', weight: 1 };
const B: Found = { origin: 'http://b', weight: 1 };

/** A source that says what a test says. */
class Source implements Registry {
  readonly calls: string[] = [];
  updatedAt: number | undefined;
  #observer: DiscoveryObserver | undefined;
  readonly #first: readonly Found[] | undefined;

  /** @param first what it tells before it can be asked for anything; undefined = nothing */
  constructor(first?: readonly Found[]) {
    this.#first = first;
  }

  get observer(): DiscoveryObserver {
    if (this.#observer === undefined) throw new Error('nobody follows');
    return this.#observer;
  }

  follow(upstream: string, observer: DiscoveryObserver): Discovery {
    this.calls.push(`follow ${upstream}`);
    this.#observer = observer;
    if (this.#first !== undefined) observer.onEndpoints(this.#first);
    const read = (): number | undefined => this.updatedAt;
    return {
      get updatedAt() {
        return read();
      },
      close: () => void this.calls.push('close'),
    };
  }

  async put(): Promise<Registration> {
    return 'unavailable';
  }

  async remove(): Promise<'unavailable'> {
    return 'unavailable';
  }

  instance(): undefined {
    return undefined;
  }

  instances(): readonly [] {
    return [];
  }

  async close(): Promise<void> {}
}

describe('what is found of an upstream', () => {
  const told: string[] = [];
  const open: Discovered[] = [];
  const teller = (what: string) => (upstream: string, source: SourceView, endpoints?: number) => {
    const { kind, updatedAt, fault } = source;
    told.push([what, upstream, kind, updatedAt, fault, endpoints].filter((part) => part !== undefined).join(' '));
  };
  const events: DiscoveryEvents = { found: teller('found'), lost: teller('lost'), recovered: teller('recovered') };
  const create = (source: Source): Discovered => {
    const discovered = new Discovered({ upstream: 'up', discover: { kind: 'registry' } }, source, events);
    open.push(discovered);
    return discovered;
  };

  afterEach(() => {
    told.length = 0;
    for (const discovered of open.splice(0)) discovered.close();
  });

  it('is nothing before the source has answered', () => {
    const source = new Source();
    const discovered = create(source);
    expect([source.calls, discovered.endpoints, discovered.view]).to.deep.equal([
      ['follow up'],
      [],
      { kind: 'registry', updatedAt: undefined, fault: undefined },
    ]);
  });

  it('is known at once when the source answers at once', async () => {
    const source = new Source([A]);
    source.updatedAt = 7;
    const discovered = create(source);
    expect(discovered.endpoints).to.deep.equal([A]);
    await discovered.first;
    expect(told).to.deep.equal(['found up registry 7 1']);
  });

  it('is told to all who follow, until they do no more', async () => {
    const source = new Source();
    const discovered = create(source);
    const [one, other]: [string[], string[]] = [[], []];
    const note = (list: string[]) => (endpoints: readonly Found[]) =>
      void list.push(endpoints.map(({ origin }) => origin).join(' '));
    const leave = discovered.follow(note(one));
    discovered.follow(note(other));
    source.updatedAt = 1;
    source.observer.onEndpoints([A]);
    leave();
    source.updatedAt = 2;
    source.observer.onEndpoints([A, B]);
    source.observer.onEndpoints([]);
    expect([one, other, discovered.endpoints]).to.deep.equal([['http://a'], ['http://a', 'http://a http://b', ''], []]);
    await discovered.first;
    expect(told).to.have.length(3);
    expect(told.at(-1)).to.equal('found up registry 2 0');
  });

  it('is waited for until the source has failed', async () => {
    const source = new Source();
    const discovered = create(source);
    source.observer.onFailure('it answered 500');
    await discovered.first;
    expect(discovered.view.fault).to.equal('it answered 500');
    expect(told).to.deep.equal(['lost up registry it answered 500']);
  });

  it('is waited for no longer than until it is closed', async () => {
    const source = new Source();
    const discovered = create(source);
    discovered.close();
    await discovered.first;
    expect(source.calls).to.deep.equal(['follow up', 'close']);
  });

  it('is not waited for for ever', async () => {
    // The only way on is the patience of the gateway itself: the source says nothing.
    await create(new Source()).first;
    expect(told).to.deep.equal([]);
  });

  it('stays as it was while the source cannot be asked, and says since when', async () => {
    const source = new Source([A]);
    source.updatedAt = 7;
    const discovered = create(source);
    await discovered.first;
    source.observer.onFailure('it answered 500');
    expect([discovered.endpoints, discovered.view]).to.deep.equal([
      [A],
      { kind: 'registry', updatedAt: 7, fault: 'it answered 500' },
    ]);
    await Promise.resolve();
    source.updatedAt = 9;
    source.observer.onRecovery();
    expect(discovered.view).to.deep.equal({ kind: 'registry', updatedAt: 9, fault: undefined });
    await Promise.resolve();
    expect(told).to.deep.equal([
      'found up registry 7 1',
      'lost up registry 7 it answered 500',
      'recovered up registry 9',
    ]);
  });
});
