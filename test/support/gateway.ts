import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { ConfigFaults, RunningGateway } from '../../src/cli/running-gateway.ts';
import { Arrivals } from './arrivals.ts';
import { first as certificate } from './certificates.ts';
import { engineInUse, isOverTls } from './engines.ts';

/** A parsed line of either log. */
export type LogLine = Readonly<Record<string, unknown>>;

/** A gateway in this process on free ports, with a file and a log of its own. */
export interface TestGateway {
  /** `http://127.0.0.1:1234`, or with https: see `onEachEngineAndTls`. */
  readonly url: string;
  readonly port: number;
  /** Of the HTTPS listener; 0 when there is none. */
  readonly tlsPort: number;
  /** Where the file is. A certificate for localhost and 127.0.0.1 is beside it: test.crt and test.key. */
  readonly folder: string;
  readonly adminUrl: string;
  readonly adminPort: number;
  readonly logs: Arrivals<LogLine>;
  /** The access line of the request that was answered with this id. */
  accessLine(requestId: string): Promise<LogLine>;
  /** Replaces the text of the file. */
  write(yaml: string): Promise<void>;
  /** Reads the file again. */
  reload(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts a gateway on a configuration. Unless the text says otherwise, it listens on free ports, its routes are public,
 * and it stops without a delay.
 */
export async function startTestGateway(yaml: string): Promise<TestGateway> {
  const folder = await mkdtemp(join(tmpdir(), 'gatewayctl-test-'));
  const file = join(folder, 'gateway.yaml');
  await writeFile(join(folder, 'test.crt'), certificate.cert);
  await writeFile(join(folder, 'test.key'), certificate.key);
  await writeFile(file, complete(yaml));
  const logs = new Arrivals<LogLine>((line) => JSON.stringify(line));
  const write = (text: string): void => {
    for (const line of text.split('\n')) if (line !== '') logs.push(JSON.parse(line));
  };
  const running = await start(file, write).catch(async (error: unknown) => {
    await rm(folder, { recursive: true });
    throw error;
  });
  const { httpsAddress = '', adminAddress } = running;
  const address = isOverTls() ? httpsAddress : running.address;
  return {
    url: `${isOverTls() ? 'https' : 'http'}://${address}`,
    port: portOf(address),
    tlsPort: portOf(httpsAddress),
    folder,
    adminUrl: `http://${adminAddress}`,
    adminPort: portOf(adminAddress),
    logs,
    accessLine: async (id) => logs.until((line) => line['requestId'] === id && 'status' in line, `the line of ${id}`),
    write: async (text) => writeFile(file, complete(text)),
    reload: async () => {
      await running.reload();
      running.flushLogs();
    },
    stop: async () => {
      await running.stop({ announce: false });
      // Its timers for the time after which it would have cut off what is left.
      running.hurry();
      await rm(folder, { recursive: true });
    },
  };
}

async function start(file: string, told: (text: string) => void): Promise<RunningGateway> {
  try {
    const write = (bytes: Buffer): void => told(bytes.toString());
    return await RunningGateway.start(file, { write, flushSync: write, isTerminal: false });
  } catch (error) {
    if (!(error instanceof ConfigFaults)) throw error;
    const faults = error.result.diagnostics.map(({ path, message }) => `${path}: ${message}`);
    throw new Error(`the configuration of this test is faulty:\n${faults.join('\n')}`, { cause: error });
  }
}

function complete(yaml: string): string {
  const document = parseDocument(yaml);
  const certificates = [{ cert: 'test.crt', key: 'test.key' }];
  const tls: [string[], unknown] = [['server', 'tls'], { listen: '127.0.0.1:0', certificates, redirectHttp: false }];
  const settings: readonly [path: string[], value: unknown][] = [
    [['version'], 1],
    [['server', 'listen'], '127.0.0.1:0'],
    [['server', 'fastLane'], engineInUse() === 'fast lane'],
    [['server', 'timeouts', 'drainDelay'], '0s'],
    [['server', 'timeouts', 'drain'], '1s'],
    [['admin', 'listen'], '127.0.0.1:0'],
    [['logs', 'level'], 'debug'],
    [['defaults', 'route', 'access'], 'public'],
    ...(isOverTls() ? [tls] : []),
  ];
  for (const [path, value] of settings) if (!document.hasIn(path)) document.setIn(path, value);
  return String(document);
}

function portOf(address: string): number {
  return Number(address.slice(address.lastIndexOf(':') + 1));
}
