import { expect } from 'chai';
import { WorkerSide, type WorkerGateway } from '../../../src/cluster/worker-side.ts';

describe('a worker that starts', () => {
  it('purges what its first requests have stored as soon as it can', async () => {
    const before = process.listeners('message');
    const purged: string[] = [];
    let open: () => void = () => undefined;
    const opened = new Promise<void>((resolve) => (open = resolve));
    const gateway: WorkerGateway = {
      address: '127.0.0.1:1',
      httpsAddress: undefined,
      prepare: async () => ({ commit: async () => undefined, abort: async () => undefined }),
      metrics: async () => '',
      state: () => ({ upstreams: [], health: {} }),
      purge: async (selector, scope) => {
        purged.push(`${scope} ${JSON.stringify(selector)}`);
        return { memory: 1 };
      },
      registered: () => undefined,
      removed: () => undefined,
      stop: async () => undefined,
      hurry: () => undefined,
    };
    const running = new WorkerSide(async () => {
      await opened;
      return gateway;
    }).run();
    const tell = (message: object): void => void process.emit('message', message, undefined);
    try {
      tell({ id: 1, kind: 'start', config: {}, registrations: [], worker: 1, workers: 1 });
      tell({ id: 2, kind: 'purge', selector: { tag: 'a' }, scope: 'everywhere' });
      expect(purged).to.deep.equal([]);
      open();
      tell({ kind: 'stop' });
      await running;
      expect(purged).to.deep.equal(['memory {"tag":"a"}']);
    } finally {
      for (const listener of process.listeners('message'))
        if (!before.includes(listener)) process.off('message', listener);
    }
  });
});
