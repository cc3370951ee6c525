import { expect } from 'chai';
import { WorkerFault } from '../../../src/cluster/fault.ts';
import { rollOut, type Participant } from '../../../src/cluster/roll-out.ts';

type Step = 'prepare' | 'commit';

/** What became of a roll-out: what each worker was told, in order, and what the one who asked heard. */
interface Outcome {
  readonly told: readonly string[];
  readonly lost: readonly string[];
  readonly error: unknown;
}

const refusal = new WorkerFault('refused', { isRefusal: true });
const silence = new WorkerFault('silent', { isRefusal: false });

/** Rolls out to workers a, b and c, of which some fail. */
async function run(failing: Readonly<Record<string, WorkerFault>>, names = ['a', 'b', 'c']): Promise<Outcome> {
  const told: string[] = [];
  const lost: string[] = [];
  const step = async (name: string, what: Step): Promise<void> => {
    told.push(`${name} ${what}`);
    await Promise.resolve();
    const fault = failing[`${name} ${what}`];
    if (fault !== undefined) throw fault;
  };
  const workers = names.map((name): Participant<string> & { readonly name: string } => ({
    name,
    prepare: async () => step(name, 'prepare'),
    commit: async () => step(name, 'commit'),
    abort: async () => void told.push(`${name} abort`),
  }));
  const options = {
    decided: () => void told.push('decided'),
    lost: ({ name }: { name: string }) => void lost.push(name),
  };
  try {
    const { commit } = await rollOut('config', workers, options);
    await commit();
    return { told, lost, error: undefined };
  } catch (error) {
    return { told, lost, error };
  }
}

const PREPARED = ['a prepare', 'b prepare', 'c prepare'];
const ALL_GIVE_UP = ['a abort', 'b abort', 'c abort'];

describe('rolling a configuration out', () => {
  it('lets all prepare, one commit, and then the others', async () => {
    const { told, lost, error } = await run({});
    expect(told).to.deep.equal([...PREPARED, 'a commit', 'decided', 'b commit', 'c commit']);
    expect([lost, error]).to.deep.equal([[], undefined]);
  });

  for (const [how, fault] of [
    ['refuses', refusal],
    ['is silent', silence],
  ] as const) {
    it(`lets nobody commit when one ${how}`, async () => {
      const { told, lost, error } = await run({ 'b prepare': fault });
      expect(told).to.deep.equal([...PREPARED, ...ALL_GIVE_UP]);
      expect([lost, error]).to.deep.equal([[], fault]);
    });
  }

  it('lets the others give up when the first refuses', async () => {
    const { told, lost, error } = await run({ 'a commit': refusal });
    expect(told).to.deep.equal([...PREPARED, 'a commit', 'b abort', 'c abort']);
    expect([lost, error]).to.deep.equal([[], refusal]);
  });

  it('does not keep a first one that could not bind: it would share that address with nobody', async () => {
    const taken = new WorkerFault('taken', { isRefusal: true, code: 'EADDRINUSE' });
    const { told, lost, error } = await run({ 'a commit': taken });
    expect(told).to.deep.equal([...PREPARED, 'a commit', 'b abort', 'c abort']);
    expect([lost, error]).to.deep.equal([['a'], taken]);
  });

  it('does not keep a first one that may have committed or not', async () => {
    const { told, lost, error } = await run({ 'a commit': silence });
    expect(told).to.deep.equal([...PREPARED, 'a commit', 'b abort', 'c abort']);
    expect([lost, error]).to.deep.equal([['a'], silence]);
  });

  it('goes on without another one that does not follow, once it is decided', async () => {
    const { told, lost, error } = await run({ 'b commit': refusal });
    expect(told).to.include.members(['decided', 'c commit']);
    expect([lost, error]).to.deep.equal([['b'], undefined]);
  });

  it('is decided at once when there is nobody to ask: whoever starts next begins with it', async () => {
    expect((await run({}, [])).told).to.deep.equal(['decided']);
  });

  it('tells all to give up when it is not wanted any more', async () => {
    const told: string[] = [];
    const worker = {
      prepare: async () => undefined,
      commit: async () => void told.push('commit'),
      abort: async () => void told.push('abort'),
    };
    const { abort } = await rollOut('config', [worker, worker], { decided: () => undefined, lost: () => undefined });
    await abort();
    expect(told).to.deep.equal(['abort', 'abort']);
  });
});
