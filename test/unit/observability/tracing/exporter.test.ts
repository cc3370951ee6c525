import { expect } from 'chai';
import { Exporter, type DropReason } from '../../../../src/observability/tracing/exporter.ts';
import {
  attributeList,
  flagAttribute,
  numberAttribute,
  spanText,
  textAttribute,
} from '../../../../src/observability/tracing/span.ts';
import { Arrivals } from '../../../support/arrivals.ts';
import { TestCollector } from '../../../support/collector.ts';
import { closedPort } from '../../../support/upstream.ts';

/** A span that takes so many characters more than others. */
function span(name: string, more = 0): string {
  return spanText({
    traceId: '1'.repeat(32),
    spanId: '2'.repeat(16),
    parentSpanId: '',
    traceState: '',
    name: name + 'x'.repeat(more),
    kind: 2,
    start: 1,
    end: 2.5,
    attributes:
      textAttribute('text', 'a "b"\n') +
      textAttribute('none', undefined) +
      numberAttribute('number', 1) +
      flagAttribute('truth', true) +
      flagAttribute('lie', false),
    error: undefined,
  });
}

describe('the exporter of spans', () => {
  let collector: TestCollector;
  let exporter: Exporter;
  let exported: number;
  let dropped: Map<DropReason, number>;
  let faults: Arrivals<string>;

  function open(url: string): Exporter {
    exported = 0;
    dropped = new Map();
    faults = new Arrivals((why) => why);
    const opened = new Exporter(url, attributeList(textAttribute('service.name', 'shop')), {
      exported: (spans) => (exported += spans),
      dropped: (reason, spans) => dropped.set(reason, (dropped.get(reason) ?? 0) + spans),
      failed: (_url, why) => faults.push(why),
    });
    return opened;
  }

  beforeEach(async () => {
    collector = await TestCollector.start();
    exporter = open(`${collector.origin}/v1/traces`);
  });

  afterEach(async () => {
    await exporter.close();
    await collector.close();
  });

  it('sends a full batch at once, and the rest at the end', async () => {
    for (let index = 0; index < 1000; index += 1) exporter.add(span(`s${index}`));
    expect((await collector.batches.at(0)).spans).to.be.within(500, 900);
    await exporter.close();
    expect(collector.batches.items).to.have.length(2);
    const names = Array.from({ length: 1000 }, (_, index) => `s${index}`);
    expect(collector.spans.items.map(({ name }) => name)).to.deep.equal(names);
    expect([exported, dropped.size]).to.deep.equal([1000, 0]);
  });

  it('sends what is little by itself, after a while', async () => {
    exporter.add(span('lonely'));
    const { resource, attributes, startTimeUnixNano, endTimeUnixNano } = await collector.spans.at(0);
    expect(resource).to.deep.equal({ 'service.name': 'shop' });
    expect(attributes).to.deep.equal({ text: 'a "b"\n', number: 1, truth: true });
    expect([startTimeUnixNano, endTimeUnixNano]).to.deep.equal(['1000000', '2500000']);
  });

  it('drops what is too much while a collector does not answer, and never holds more than it says', async () => {
    collector.answer = () => undefined;
    // 4 MiB and a little hold less than half of them.
    for (let index = 0; index < 10_000; index += 1) exporter.add(span('s', 1000));
    expect(dropped.get('queue-full')).to.be.greaterThan(5000);
    await exporter.close();
    expect((dropped.get('queue-full') ?? 0) + (dropped.get('stopped') ?? 0)).to.equal(10_000);
    expect(exported).to.equal(0);
  });

  it('sends a batch again that a collector could not take now', async () => {
    const statuses = [503, 429, 200];
    collector.answer = (response) => void response.writeHead(statuses.shift() ?? 500).end();
    exporter.add(span('late'));
    expect((await collector.spans.at(0)).name).to.equal('late');
    expect(faults.items).to.deep.equal(['status 503', 'status 429']);
    await exporter.close();
    expect([exported, dropped.size]).to.deep.equal([1, 0]);
  });

  it('sends a batch again when its connection was cut', async () => {
    let isFirst = true;
    collector.answer = (response) => {
      if (isFirst) response.destroy();
      else response.end();
      isFirst = false;
    };
    exporter.add(span('late'));
    expect((await collector.spans.at(0)).name).to.equal('late');
  });

  it('goes on after a collector that wants another protocol, or closes within its answer', async () => {
    const answers = [
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n',
      'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{',
      'HTTP/1.1 2',
    ];
    collector.answer = (response) => {
      const answer = answers.shift();
      if (answer === undefined) response.end();
      else if (answer.includes(' 101 ')) response.socket?.write(answer);
      else response.socket?.end(answer);
    };
    exporter.add(span('switched'));
    expect(await faults.at(0)).to.equal('status 101');
    exporter.add(span('late'));
    expect((await collector.spans.at(0)).name).to.equal('late');
    await exporter.close();
    expect([exported, faults.items.length, ...dropped]).to.deep.equal([1, 3, ['refused', 1]]);
  });

  it('does not send a batch again that a collector does not want', async () => {
    collector.answer = (response) => void response.writeHead(400).end();
    exporter.add(span('bad'));
    expect(await faults.at(0)).to.equal('status 400');
    await exporter.close();
    expect([...dropped]).to.deep.equal([['refused', 1]]);
    expect(collector.batches.items).to.have.length(1);
  });

  it('counts the spans of a batch that a collector took in part', async () => {
    collector.answer = (response) => void response.end('{"partialSuccess":{"rejectedSpans":"2","errorMessage":"old"}}');
    for (let index = 0; index < 5; index += 1) exporter.add(span('s'));
    await exporter.close();
    expect([exported, ...dropped]).to.deep.equal([3, ['refused', 2]]);
  });

  it('takes no longer to close than its bound, without a collector or with one that hangs', async () => {
    collector.answer = () => undefined;
    exporter.add(span('lost'));
    await exporter.close();
    expect([...dropped]).to.deep.equal([['stopped', 1]]);
    exporter = open(`http://127.0.0.1:${await closedPort()}/v1/traces`);
    exporter.add(span('lost'));
    await exporter.close();
    expect([...dropped]).to.deep.equal([['stopped', 1]]);
  });

  it('ends a pause between two tries when it is closed', async () => {
    let status = 503;
    collector.answer = (response) => void response.writeHead(status, { 'retry-after': '30' }).end();
    exporter.add(span('s'));
    await faults.at(0);
    status = 200;
    await exporter.close();
    expect([exported, dropped.size]).to.deep.equal([1, 0]);
  });
});
