import { pino } from 'pino';
import { expect } from 'chai';
import type { GatewayConfig } from '../../../src/config/config.ts';
import type { Diagnostic } from '../../../src/config/diagnostic.ts';
import { compileGateway } from '../../../src/gateway/compile.ts';
import type { Gateway } from '../../../src/gateway/gateway.ts';
import { Generations, type GenerationsOptions } from '../../../src/gateway/generations.ts';
import { ConfigState } from '../../../src/gateway/config-state.ts';
import type { Loaded } from '../../../src/gateway/load.ts';
import { logDiagnostics, Reloader, type ReloaderOptions } from '../../../src/gateway/reload.ts';
import { createResources, type Resources } from '../../../src/gateway/resources.ts';
import { Metrics } from '../../../src/observability/metrics.ts';
import { configOf } from '../../support/load.ts';

const configFor = async (name: string): Promise<GatewayConfig> =>
  configOf(`version: 1
upstreams:\n  ${name}: { targets: [http://127.0.0.1:1] }
routes:\n  - { name: ${name}, match: { path: /${name} }, upstream: ${name}, access: public }\n`);

const loaded = (config: GatewayConfig | undefined, diagnostics: readonly Diagnostic[] = []): Loaded => ({
  config,
  diagnostics,
  shown: [],
  secrets: [],
  written: new Map(),
  sources: new Map(),
  watch: { files: [], globs: [], folder: '.' },
});

/** A promise that is kept when the test says so. */
class Later<Value> {
  keep: (value: Value) => void = () => undefined;
  readonly promise = new Promise<Value>((resolve) => (this.keep = resolve));
}

interface Setting {
  readonly reloader: Reloader;
  readonly state: ConfigState;
  readonly generations: Generations;
  readonly resources: Resources;
  readonly swapped: Gateway[];
  readonly messages: string[];
}

type Options = Partial<ReloaderOptions> & Partial<Pick<GenerationsOptions, 'bind'>>;

async function create({ bind = async () => () => undefined, ...options }: Options): Promise<Setting> {
  const resources = createResources();
  const metrics = new Metrics({ inFlight: () => 0, connections: async () => 0 });
  const swapped: Gateway[] = [];
  const messages: string[] = [];
  const logger = pino({}, { write: (line) => messages.push(String(messageOf(line))) });
  const first = await compileGateway(await configFor('first'), resources, metrics);
  const generations = new Generations(first, { resources, metrics, bind, swap: (gateway) => swapped.push(gateway) });
  const reading = { ...loaded(first.config), secrets: ['s3cret-of-the-file'] };
  const state = new ConfigState('gateway.yaml', first.config, reading);
  const reloader = new Reloader(state, {
    metrics,
    logger,
    users: resources.stores.users,
    load: async () => loaded(undefined),
    prepare: async (config) => generations.prepare(config),
    watch: async () => undefined,
    ...options,
  });
  return { reloader, state, generations, resources, swapped, messages };
}

function messageOf(line: string): unknown {
  const { msg }: { msg?: unknown } = JSON.parse(line);
  return msg;
}

describe('the reloader', () => {
  it('loads once more after changes during a slow reload, so that the newest one wins', async () => {
    const configs = [await configFor('second'), await configFor('third')];
    const loads: Later<Loaded>[] = [];
    const { reloader, generations, swapped, resources } = await create({
      load: async () => {
        const load = new Later<Loaded>();
        loads.push(load);
        return load.promise;
      },
    });
    const all = [reloader.reload(), reloader.reload(), reloader.reload()];
    expect(loads).to.have.length(1);
    loads[0]?.keep(loaded(configs[0]));
    while (loads.length < 2) await Promise.resolve();
    loads[1]?.keep(loaded(configs[1]));
    await Promise.all(all);
    expect(loads).to.have.length(2);
    expect(swapped.map(({ config }) => config.hash)).to.deep.equal(configs.map(({ hash }) => hash));
    expect([generations.current, generations.all.length]).to.deep.equal([swapped.at(-1), 1]);
    expect(resources.connections.size).to.equal(1);
    await generations.close();
    expect(resources.connections.size).to.equal(0);
  });

  it('loses no call, at whatever moment of the former reload’s end it comes', async () => {
    const config = await configFor('first');
    for (let delay = 0; delay < 12; delay += 1) {
      let loads = 0;
      let second: Promise<unknown> | undefined;
      const call = (turns: number): void => {
        if (turns > 0) queueMicrotask(() => call(turns - 1));
        else second = reloader.reload();
      };
      const { reloader, generations } = await create({
        load: async () => {
          loads += 1;
          if (loads === 1) queueMicrotask(() => call(delay));
          return loaded(config);
        },
      });
      await reloader.reload();
      while (second === undefined) await Promise.resolve();
      await second;
      expect(loads, `called ${delay} turns later`).to.equal(2);
      await generations.close();
    }
  });

  it('goes on after whatever fails, and gives back what it took', async () => {
    const config = await configFor('second');
    const failing: Options[] = [
      { load: async () => Promise.reject(new Error('load')) },
      { load: async () => loaded(config), watch: async () => Promise.reject(new Error('watch')) },
      { load: async () => loaded(config), bind: async () => Promise.reject(new Error('bind')) },
    ];
    for (const options of failing) {
      const { reloader, generations, resources, swapped, messages } = await create(options);
      const { current } = generations;
      await reloader.reload();
      expect([generations.current, swapped, resources.connections.size]).to.deep.equal([current, [], 1]);
      expect(messages).to.deep.equal(['reload failed: the former configuration goes on']);
      await generations.close();
      expect(resources.connections.size).to.equal(0);
    }
  });

  it('gives each caller what came of a reading that began after the call, and none of an earlier one', async () => {
    const loads: Later<Loaded>[] = [];
    const { reloader, state, generations } = await create({
      load: async () => {
        const load = new Later<Loaded>();
        loads.push(load);
        return load.promise;
      },
    });
    const early = reloader.reload();
    const late = [reloader.reload(), reloader.reload()];
    loads[0]?.keep(loaded(undefined));
    expect(await early).to.include({ kind: 'refused', hash: state.config.hash });
    // Whoever waited for the first one does not wait for the second.
    expect(loads).to.have.length(2);
    const later = reloader.reload();
    const second = await configFor('second');
    loads[1]?.keep(loaded(second));
    for (const outcome of await Promise.all(late)) expect(outcome).to.include({ kind: 'reloaded', hash: second.hash });
    while (loads.length < 3) await Promise.resolve();
    loads[2]?.keep(loaded(second));
    expect(await later).to.include({ kind: 'unchanged', hash: second.hash });
    expect(state.lastReload).to.equal(await later);
    await generations.close();
  });

  it('asks a caller what may be replaced when it is that one’s turn, and reads nothing for nobody', async () => {
    let loads = 0;
    const second = await configFor('second');
    const { reloader, state, generations } = await create({
      load: async () => {
        loads += 1;
        return loaded(second);
      },
    });
    const { hash } = state.config;
    const mayReplace = (): boolean => state.config.hash === hash;
    expect(await reloader.reload(() => false)).to.equal('not-to-be-replaced');
    expect(loads).to.equal(0);
    const [one, two] = await Promise.all([reloader.reload(mayReplace), reloader.reload(mayReplace)]);
    expect(one).to.include({ kind: 'reloaded' });
    expect(two).to.equal('not-to-be-replaced');
    expect(await reloader.reload()).to.include({ kind: 'unchanged' });
    expect(loads).to.equal(2);
    await reloader.stop();
    expect(await reloader.reload()).to.equal('stopping');
    await generations.close();
  });

  it('says why it failed without the secrets of the configuration that serves', async () => {
    const { reloader, generations } = await create({
      load: async () => Promise.reject(new Error('http://u:passw0rd@h and s3cret-of-the-file')),
    });
    expect(await reloader.reload()).to.include({
      kind: 'failed',
      message: 'http://u:••••••••@h and ••••••••••••••••••: the former configuration goes on',
    });
    await generations.close();
  });

  it('says why it failed without the secrets of the configuration that could not take over', async () => {
    const config = await configFor('second');
    const { reloader, generations } = await create({
      load: async () => ({ ...loaded(config), secrets: ['n3w-secret'] }),
      bind: async () => Promise.reject(new Error('n3w-secret and s3cret-of-the-file')),
    });
    expect(await reloader.reload()).to.include({
      kind: 'failed',
      message: '•••••••••• and ••••••••••••••••••: the former configuration goes on',
    });
    await generations.close();
  });

  it('shows what was refused without the secrets of the configuration that serves', async () => {
    const place = { file: 'gateway.yaml', path: '', line: 1, column: 1, length: 1 };
    const said = 'says s3cret-of-the-file';
    const { reloader, generations } = await create({
      load: async () => ({
        ...loaded(undefined),
        shown: [{ code: 'yaml-syntax', severity: 'error', message: said, hint: said, frame: said, ...place }],
      }),
    });
    const masked = 'says ••••••••••••••••••';
    const outcome = await reloader.reload();
    expect(outcome)
      .to.have.nested.property('diagnostics[0]')
      .that.includes({ message: masked, hint: masked, frame: masked });
    await generations.close();
  });

  it('gives a reload up that is under way when it stops, and begins no other', async () => {
    const load = new Later<Loaded>();
    let loads = 0;
    let binds = 0;
    let told = false;
    const { reloader, generations, swapped, resources, messages } = await create({
      load: async (signal) => {
        loads += 1;
        signal.addEventListener('abort', () => (told = true));
        return load.promise;
      },
      bind: async () => {
        binds += 1;
        return () => undefined;
      },
    });
    const reloading = reloader.reload();
    const stopped = reloader.stop();
    load.keep(loaded(await configFor('second')));
    await Promise.all([reloading, stopped]);
    await reloader.reload();
    expect([loads, binds, told, swapped, messages]).to.deep.equal([1, 0, true, [], []]);
    await generations.close();
    expect(resources.connections.size).to.equal(0);
  });

  it('tells the watcher when reading began, so that what changed since counts', async () => {
    const before = Date.now();
    let began = 0;
    const { reloader, generations } = await create({
      watch: async (_list, since) => {
        began = since;
      },
      load: async () => {
        expect(began).to.equal(0);
        return loaded(undefined);
      },
    });
    await reloader.reload();
    expect(began).to.be.within(before, Date.now());
    await generations.close();
  });
});

describe('the log of diagnostics', () => {
  const finding = (severity: 'error' | 'warning', line: number): Diagnostic => ({
    code: 'unknown-key',
    severity,
    message: `${severity} ${line}`,
    file: 'gateway.yaml',
    path: 'a.b',
    line,
    column: 3,
    length: 1,
  });
  const logged = (diagnostics: readonly Diagnostic[]): Record<string, unknown>[] => {
    const lines: Record<string, unknown>[] = [];
    logDiagnostics(
      diagnostics,
      pino({ base: null, timestamp: false }, { write: (line) => lines.push(JSON.parse(line)) }),
    );
    return lines;
  };

  it('tells the place of each at its level, errors first', () => {
    expect(logged([finding('warning', 1), finding('error', 2)])).to.deep.equal([
      { level: 50, code: 'unknown-key', at: 'gateway.yaml:2:3', path: 'a.b', msg: 'error 2' },
      { level: 40, code: 'unknown-key', at: 'gateway.yaml:1:3', path: 'a.b', msg: 'warning 1' },
    ]);
  });

  it('is bounded, and says how much it leaves out', () => {
    const warnings = Array.from({ length: 60 }, (_, index) => finding('warning', index));
    const errors = Array.from({ length: 60 }, (_, index) => finding('error', index));
    const lines = logged([...warnings, ...errors]);
    expect(lines).to.have.length(101);
    expect(lines.filter(({ level }) => level === 50)).to.have.length(60);
    expect(lines.at(-1)).to.include({ level: 40, findings: 20 });
  });
});
