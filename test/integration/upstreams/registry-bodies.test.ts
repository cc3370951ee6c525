/** What an instance may say of itself when it registers. */
import { expect } from 'chai';
import { expectProblem, type Answered } from '../../support/client.ts';
import { json, RegistryAdmin } from '../../support/registry.ts';

const A = 'http://a.test:9001';
const ONE = '/upstreams/orders/instances/one';

/** The pointers and codes of an `invalid-body`. */
function faultsOf(answer: Answered): readonly string[] {
  const { code, errors } = json(answer);
  expect([answer.status, code]).to.deep.equal([400, 'invalid-body']);
  if (!Array.isArray(errors)) throw new Error('it has no errors');
  return errors.map(({ pointer, code: fault, detail }: Record<string, unknown>) => {
    expect(detail)
      .to.be.a('string')
      .that.matches(/^(?:must|is|has) /);
    return `${String(pointer)} ${String(fault)}`;
  });
}

describe('the body of a registration', () => {
  const admin = new RegistryAdmin();

  beforeEach(async () => admin.open());
  afterEach(async () => admin.close());

  it('names every fault of a body at once, each at its place', async () => {
    const metadata = { '': 'x', 'a/b~c': 1, long: 'x'.repeat(257), ['k'.repeat(65)]: 'y', fine: 'z' };
    const answer = await admin.put('one', { url: 'http://a/path', weight: 0, metadata, ttl: '2h', 'x/y': 1 });
    expect(faultsOf(answer)).to.deep.equal([
      '/url invalid-origin',
      '/weight out-of-range',
      '/metadata/ invalid-name',
      '/metadata/a~1b~0c wrong-type',
      '/metadata/long too-long',
      `/metadata/${'k'.repeat(65)} invalid-name`,
      '/ttl out-of-range',
      '/x~1y unknown-member',
    ]);
    const many = Object.fromEntries(Array.from({ length: 33 }, (_, index) => [`k${index}`, '']));
    expect(faultsOf(await admin.put('one', { url: A, metadata: many }))).to.deep.equal(['/metadata too-many']);
    expect(admin.registry.instances('orders')).to.deep.equal([]);
  });

  for (const [member, code, values] of [
    [
      'url',
      'invalid-origin',
      [
        '',
        'a.test:9001',
        '//a.test',
        'ftp://a.test',
        'http://',
        'http://a.test/path',
        'http://a.test?q',
        'http://a.test/#f',
        'http://user:pass@a.test',
        'http://a.test:0',
        'http://a.test:65536',
        'http://a.test:',
        'http://[::1',
        'http://[zz]',
        'http://999.1.1.1',
        'http://a\ntest',
        ' http://a.test',
        'http://a.test\\@b.test',
        `http://${'a'.repeat(300)}`,
      ],
    ],
    ['url', 'wrong-type', [1, null, [A], { href: A }, true]],
    ['weight', 'wrong-type', ['1', 1.5, null, true, []]],
    ['weight', 'out-of-range', [0, -1, 1_000_001]],
    ['metadata', 'wrong-type', [null, 'x', 1, ['a']]],
    ['ttl', 'wrong-type', [30, null, ['30s']]],
    ['ttl', 'invalid-duration', ['', '30', 's', '0s', '1.5s', '-1s', '30 s', 'off', '1h30m', '030s']],
    ['ttl', 'out-of-range', ['999ms', '3601s', '1d', '61m', '3600001ms']],
  ] as const) {
    it(`refuses a ${member} with ${code}`, async () => {
      for (const value of values)
        expect(faultsOf(await admin.put('one', { url: A, [member]: value })), JSON.stringify(value)).to.deep.equal([
          `/${member} ${code}`,
        ]);
    });
  }

  it('takes what is just inside', async () => {
    const metadata = Object.fromEntries(
      Array.from({ length: 32 }, (_, n) => [`${n}`.padEnd(64, 'k'), 'x'.repeat(256)]),
    );
    for (const body of [
      { url: A, ttl: '1s', weight: 1_000_000 },
      { url: A, ttl: '1h' },
      { url: A, ttl: '1000ms' },
      { url: 'http://[::1]:65535' },
      { url: A, metadata },
      { url: A, metadata: { a: '😀'.repeat(256) } },
      { url: A, metadata: JSON.parse('{"__proto__":"x","constructor":"y"}') },
    ]) {
      const answer = await admin.put('one', body);
      expect(answer.status, answer.text).to.be.oneOf([200, 201]);
    }
    expect(Object.entries(admin.registry.instances('orders')[0]?.metadata ?? {})).to.deep.equal([
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]);
  });

  it('takes JSON, in UTF-8, of a bounded size, without anything twice', async () => {
    for (const [body, faults] of [
      ['', ['/url required']],
      ['{}', ['/url required']],
      ['{', [' invalid-json']],
      ['[]', [' wrong-type']],
      ['null', [' wrong-type']],
      [Buffer.from([0x7b, 0xff, 0x7d]), [' invalid-json']],
      [`{"url":"${A}","url":"http://b.test"}`, [' duplicate-member']],
      [`{"url":"${A}","metadata":{"a":"1","a":"2"}}`, [' duplicate-member']],
    ] as const)
      expect(faultsOf(await admin.ask(`PUT ${ONE}`, { body })), String(body)).to.deep.equal(faults);
    const large = JSON.stringify({ url: A, metadata: { a: 'x'.repeat(16 * 1024) } });
    expectProblem(await admin.ask(`PUT ${ONE}`, { body: large }), 'body-too-large');
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/json; charset=latin1']) {
      const answer = await admin.ask(`PUT ${ONE}`, { body: '{}', headers: ['content-type', type] });
      expectProblem(answer, 'unsupported-media-type');
      expect(answer.header('accept')).to.equal('application/json');
    }
    expect(admin.registry.done.items).to.deep.equal([]);
  });
});
