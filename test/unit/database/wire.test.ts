import { expect } from 'chai';
import { serialize } from 'pg-protocol';
import { DemandReader, fatalMessage, queryMessage, type Demand } from '../../../src/database/embedded/wire.ts';

const STARTUP = serialize.startup({ user: 'postgres' });
const BATCH = Buffer.concat([
  serialize.parse({ text: 'SELECT $1', name: '', types: [] }),
  serialize.bind({ values: ['x'] }),
  serialize.execute(),
  serialize.sync(),
]);

function demands(chunks: readonly Buffer[]): Demand[] {
  const reader = new DemandReader();
  const found: Demand[] = [];
  for (const chunk of chunks) {
    reader.push(chunk);
    for (let demand = reader.next(); demand !== undefined; demand = reader.next()) {
      found.push(demand);
      if (demand.kind === 'end') return found;
    }
  }
  return found;
}

const texts = (found: readonly Demand[]): string[] =>
  found.map((demand) => (demand.kind === 'batch' ? Buffer.from(demand.bytes).toString('hex') : demand.kind));

describe("the framing of PostgreSQL's protocol", () => {
  const all = Buffer.concat([serialize.requestSsl(), STARTUP, BATCH, serialize.query('SELECT 1'), serialize.end()]);
  const expected = [
    'refuse-encryption',
    STARTUP.toString('hex'),
    BATCH.toString('hex'),
    serialize.query('SELECT 1').toString('hex'),
    'end',
  ];

  it('tells what belongs together, in one piece and byte by byte', () => {
    expect(texts(demands([all]))).to.deep.equal(expected);
    expect(texts(demands([...all].map((byte) => Buffer.from([byte]))))).to.deep.equal(expected);
  });

  it('gives nothing before it is complete', () => {
    expect(demands([STARTUP.subarray(0, -1)])).to.deep.equal([]);
    expect(demands([STARTUP, BATCH.subarray(0, -1)])).to.have.length(1);
  });

  it('ends with what it cannot be, and with a cancel request', () => {
    expect(texts(demands([Buffer.from('GET / HTTP/1.1\r\n')]))).to.deep.equal(['end']);
    expect(texts(demands([serialize.cancel(1, 2)]))).to.deep.equal(['end']);
    expect(texts(demands([STARTUP, Buffer.from('Q\0\0\0\0')])).at(-1)).to.equal('end');
    expect(texts(demands([STARTUP, Buffer.from('Q\x7f\0\0\0')])).at(-1)).to.equal('end');
  });

  it('writes a query as pg does, and an error that ends the session', () => {
    expect(queryMessage('ROLLBACK')).to.deep.equal(serialize.query('ROLLBACK'));
    const message = Buffer.from(fatalMessage('57P01', 'going'));
    expect(message.toString('latin1', 5)).to.equal('SFATAL\0VFATAL\0C57P01\0Mgoing\0\0');
    expect(message.readInt32BE(1)).to.equal(message.length - 1);
  });
});
