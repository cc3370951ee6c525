import { expect } from 'chai';
import { Fault } from '../../../src/upstreams/discovery/fault.ts';
import { askJson, follow } from '../../../src/upstreams/discovery/http.ts';
import { TestUpstream } from '../../support/upstream.ts';

describe('a request to a source of endpoints', () => {
  let server: TestUpstream;
  let closing: AbortController;

  beforeEach(async () => {
    server = await TestUpstream.start(() => undefined);
    closing = new AbortController();
  });

  afterEach(async () => {
    await server.close();
  });

  function causeOf(outcome: unknown): string {
    if (outcome instanceof Fault) return outcome.cause;
    throw new Error(`no failure but ${JSON.stringify(outcome)}`);
  }

  /** Follows until a message comes, and gives that. */
  async function followed(limits: { readonly open: number; readonly most: number }): Promise<unknown> {
    return follow({ url: new URL(server.origin) }, limits, closing.signal, ([message]) => ({ message }));
  }

  it('is given up when no answer comes in time', async () => {
    const outcome = await askJson({ url: new URL(server.origin) }, 50, closing.signal);
    expect(causeOf(outcome)).to.equal(`${server.origin} did not answer within 0.05 s`);
    await (await server.requests.at(0)).over();
  });

  it('is given up when the answer does not end in time', async () => {
    server.answer = ({ response }) => void response.write('[');
    const outcome = await askJson({ url: new URL(server.origin) }, 50, closing.signal);
    expect(causeOf(outcome)).to.equal(`${server.origin} did not answer within 0.05 s`);
    await (await server.requests.at(0)).over();
  });

  it('is given up when a stream does not begin in time', async () => {
    expect(causeOf(await followed({ open: 50, most: 5000 }))).to.equal(`${server.origin} did not answer within 0.05 s`);
    await (await server.requests.at(0)).over();
  });

  it('ends a stream after its time, which is no failure', async () => {
    server.answer = ({ response }) => response.flushHeaders();
    expect(await followed({ open: 5000, most: 50 })).to.equal('over');
    await (await server.requests.at(0)).over();
  });

  it('ends a stream with what its reader has found', async () => {
    server.answer = ({ response }) => void response.write('\n{"a": 1}\n');
    expect(await followed({ open: 5000, most: 5000 })).to.deep.equal({ message: { a: 1 } });
    await (await server.requests.at(0)).over();
  });

  it('is over at once when it is not wanted any more', async () => {
    const asked = askJson({ url: new URL(server.origin) }, 5000, closing.signal);
    const request = await server.requests.at(0);
    closing.abort();
    expect(causeOf(await asked)).to.equal(`${server.origin} cannot be reached: ABORT_ERR`);
    await request.over();
  });
});
