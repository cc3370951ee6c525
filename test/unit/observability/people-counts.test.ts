import { expect } from 'chai';
import { Registry } from 'prom-client';
import { PeopleCounts } from '../../../src/observability/people-counts.ts';

describe('calls by role', () => {
  const known = new Set(['viewer', 'editor']);

  /** What is counted of callers with these roles. */
  async function counted(...callers: (readonly string[])[]): Promise<Record<string, number>> {
    const registry = new Registry();
    const counts = new PeopleCounts(registry);
    for (const roles of callers) counts.callsBy(known)(roles);
    const text = await registry.metrics();
    return Object.fromEntries(
      [...text.matchAll(/^gateway_calls_by_role_total\{role="(.*)"\} (\d+)$/gm)].map(([, role, value]) => [
        role,
        Number(value),
      ]),
    );
  }

  it('are counted once for each role of the caller', async () => {
    expect(await counted(['viewer'], ['viewer', 'editor'], ['editor', 'editor', 'viewer'])).to.deep.equal({
      viewer: 3,
      editor: 2,
    });
  });

  it('of callers without a role have a name that no role can have', async () => {
    expect(await counted([], [])).to.deep.equal({ _none: 2 });
  });

  it('do not become labels when the configuration does not know the role', async () => {
    expect(await counted(['a'], ['b', 'c'], ['_other'], ['_none', 'x'], ['viewer', 'd'])).to.deep.equal({
      _other: 4,
      viewer: 1,
    });
  });

  it('of somebody who is called as those without a role are told from theirs', async () => {
    expect(await counted(['_none'])).to.deep.equal({ _other: 1 });
  });
});
