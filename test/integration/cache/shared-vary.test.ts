import { expect } from 'chai';
import * as fc from 'fast-check';
import type { StoredAnswer } from '../../../src/cache/answer.ts';
import { answerOf, placeOf } from '../../support/answers.ts';
import { RedisServer } from '../../support/redis.ts';
import { listening, SharingCache } from '../../support/shared-caches.ts';

type Fields = Readonly<Record<string, string>>;

describe('fields by which answers vary that gateways share', function () {
  // Redis may have to be fetched.
  this.timeout(120_000);
  let server: RedisServer;
  let caches: readonly [here: SharingCache, there: SharingCache];

  before(async () => {
    server = await RedisServer.start();
  });

  after(async () => server.end());

  beforeEach(async () => {
    caches = [new SharingCache(server.url), new SharingCache(server.url)];
    await listening(server, 2);
  });

  afterEach(async () => {
    await Promise.all(caches.map((cache) => cache.close()));
    await server.call('FLUSHALL');
  });

  const plain = (body: string): StoredAnswer => answerOf(body);
  const varied = (body: string, ...vary: string[]): StoredAnswer => answerOf(body, { vary });

  it('are forgotten by all once no answer has named them for a while, whoever has stored it', async () => {
    const place = placeOf('/a');
    const [here, there] = caches;
    await here.fill(place, varied('wide', 'x'), { fields: { x: '1' } });
    for (let count = 0; count < 8; count += 1)
      await (count % 2 === 0 ? here : there).fill(place, plain(`plain ${count}`), { fields: { x: `${count}` } });
    for (const cache of caches)
      expect((await cache.recall(place, { x: 'another' }))?.body.toString()).to.equal('plain 7');
  });

  it('do not bring back what is older than the answers without them', async () => {
    const place = placeOf('/a');
    const [here, there] = caches;
    await here.fill(place, varied('old', 'x'), { fields: { x: '1' } });
    for (let count = 0; count < 8; count += 1) await here.fill(place, plain('new'));
    await here.fill(place, varied('other', 'x'), { fields: { x: '2' } });
    expect((await there.recall(place, { x: '2' }))?.body.toString()).to.equal('other');
    expect(await there.recall(place, { x: '1' })).to.equal(undefined);
  });

  it('are told apart when several variants are fetched at once, of which none is known', async () => {
    const place = placeOf('/a');
    const [here, there] = caches;
    await here.fill(place, varied('one', 'x'), {
      fields: { x: '1' },
      meanwhile: async () => there.fill(place, varied('two', 'x'), { fields: { x: '2' } }),
    });
    expect((await there.recall(place, { x: '1' }))?.body.toString()).to.equal('one');
    expect((await here.recall(place, { x: '2' }))?.body.toString()).to.equal('two');
  });

  it('keep an answer from all requests that differ in what it varies by', async () => {
    const names = ['x', 'y'];
    const requests: readonly Fields[] = ['1', '2'].flatMap((x) => [{ x }, { x, y: '1' }, { x, y: '2' }]);
    const step = fc.record({
      who: fc.nat(1),
      vary: fc.subarray(names),
      asked: fc.array(fc.constantFrom(...requests), { minLength: 1, maxLength: 10 }),
    });
    let runs = 0;
    const property = fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 4 }), async (steps) => {
      const place = placeOf(`/${(runs += 1)}`);
      const stored: { vary: readonly string[]; fields: Fields }[] = [];
      const check = (found: StoredAnswer | undefined, fields: Fields): void => {
        if (found === undefined) return;
        const answer = stored[Number(found.body.toString())];
        if (answer === undefined) throw new Error('it was never stored');
        for (const name of answer.vary) expect(fields[name], name).to.equal(answer.fields[name]);
      };
      for (const { who, vary, asked } of steps) {
        const cache = caches[who === 0 ? 0 : 1];
        for (const fields of asked) {
          await cache.fill(place, varied(String(stored.push({ vary, fields }) - 1), ...vary), { fields });
          for (const request of requests) for (const each of caches) check(each.find(place, request), request);
        }
        for (const request of requests) for (const each of caches) check(await each.recall(place, request), request);
      }
    });
    await fc.assert(property, { numRuns: 30 });
  });
});
