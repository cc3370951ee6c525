import { expect } from 'chai';
import * as fc from 'fast-check';
import { createAccessLog, type AccessEntry } from '../../../src/observability/access-log.ts';

const ENTRY: AccessEntry = {
  requestId: 'id',
  client: '127.0.0.1',
  method: 'GET',
  path: '/a',
  route: 'any',
  status: 200,
  duration: 0.001234,
  upstream: '',
  attempts: 0,
  cache: '',
  bytes: 2,
  traceId: undefined,
  about: '',
  problem: undefined,
  error: undefined,
};

function lineOf(entry: AccessEntry, time = 0, format: 'json' | 'pretty' = 'json'): string {
  let text = '';
  const log = createAccessLog({ write: (line) => (text += line) }, format, () => time);
  log(entry);
  return text;
}

describe('an access line', () => {
  it('is one line of JSON that says what it was given, whatever that is', () => {
    const text = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.constantFrom('\u2028', '"', '\\', '\r\n', '\u001b[31m'),
    );
    fc.assert(
      fc.property(text, text, text, (client, path, error) => {
        const line = lineOf({ ...ENTRY, client, path, error });
        expect(line.indexOf('\n')).to.equal(line.length - 1);
        const parsed: unknown = JSON.parse(line);
        // A lone half of a surrogate pair is written as an escape, and comes back as it was.
        expect(parsed).to.include({ client, path, error });
      }),
    );
  });

  it('says the time to the millisecond, also when it goes back', () => {
    let now = 0;
    const lines: string[] = [];
    const log = createAccessLog({ write: (line) => lines.push(line) }, 'json', () => now);
    for (now of [1_700_000_000_000, 1_700_000_000_007, 1_700_000_000_999, 1_700_000_001_000, 1_699_999_999_001])
      log(ENTRY);
    expect(lines.map((line) => /"time":"([^"]*)"/.exec(line)?.[1])).to.deep.equal([
      '2023-11-14T22:13:20.000Z',
      '2023-11-14T22:13:20.007Z',
      '2023-11-14T22:13:20.999Z',
      '2023-11-14T22:13:21.000Z',
      '2023-11-14T22:13:19.001Z',
    ]);
  });

  it('says how the cache was used, where there is one', () => {
    expect(lineOf({ ...ENTRY, upstream: 'orders', attempts: 1, cache: 'revalidated' })).to.include(
      ',"upstream":"orders","attempts":1,"cache":"revalidated","bytes":2}',
    );
    expect(lineOf({ ...ENTRY, cache: 'hit' })).to.include('"duration":0.001234,"cache":"hit","bytes":2}');
    expect(lineOf(ENTRY)).to.not.include('cache');
  });

  it('has the code of a problem, where the gateway answered with one', () => {
    expect(lineOf({ ...ENTRY, status: 404, problem: 'route-not-found' })).to.include(
      '"bytes":2,"problem":"route-not-found"}',
    );
    expect(lineOf(ENTRY)).to.not.include('problem');
  });

  it('for people holds nothing that a terminal would act upon', () => {
    const line = lineOf({ ...ENTRY, path: '/\u001b[31mred\r\nforged', error: 'a\nb\u0007\u009b2J' }, 0, 'pretty');
    expect(line).to.not.match(/[\0-\x09\x0b-\x1f\x7f-\x9f]/);
    expect(line.indexOf('\n')).to.equal(line.length - 1);
  });
});
