import type { Case } from './cases.ts';
import { memoryPerConnection } from './client.ts';
import type { Contender, Running } from './contenders/contender.ts';
import type { LoadOptions } from './load-result.ts';
import { measure, type Measurement } from './measure.ts';
import { withCountAtOrigin } from './origin-count.ts';
import type { Processes } from './processes.ts';
import { progress } from './progress.ts';
import type { Sample } from './stats.ts';

/** Connections enough to warm a contender up without making it grow for those whose memory is measured after that. */
const FEW_CONNECTIONS = 64;

/** How often everything is started and measured. */
export interface Plan extends LoadOptions {
  readonly starts: number;
  readonly rounds: number;
  /** Seconds of load before a contender's first slice, so that its code is compiled and its connections are open. */
  readonly warmup: number;
}

/** One measurement, and when it was taken. Slices of the same start and round belong together. */
export interface Slice extends Measurement {
  readonly contender: string;
  readonly start: number;
  readonly round: number;
}

/** Everything measured. */
export interface Measurements {
  readonly slices: readonly Slice[];
  /** KiB per idle connection, for cases that ask for it. */
  readonly memory: readonly Sample[];
}

/**
 * Measures contenders in short slices that alternate, so that whatever else changes on the machine meets all of them
 * alike, and with several fresh starts, as one process can differ from the next for its whole life.
 */
export async function interleave(
  contenders: readonly Contender[],
  benchCase: Case,
  plan: Plan,
  upstreamPort: number,
  processes: Processes,
): Promise<Measurements> {
  const slices: Slice[] = [];
  const memory: Sample[] = [];
  const measuresMemory = benchCase.figures.includes('memory');
  const connections = measuresMemory ? Math.min(plan.connections, FEW_CONNECTIONS) : plan.connections;
  for (let start = 1; start <= plan.starts; start += 1) {
    const running = await startAll(contenders, { upstreamPort, connections: plan.connections, processes });
    for (const [name, contender] of running) {
      progress(`${benchCase.name} start ${start}/${plan.starts}: warming up ${name}`);
      await measure(name, contender, benchCase, { ...plan, seconds: plan.warmup, connections }, processes);
    }
    // Before anything else has opened as many: memory that a process has taken once, it rarely gives back.
    for (const [contender, instance] of measuresMemory ? running : []) {
      const value = await memoryPerConnection(instance, benchCase, plan.connections, processes);
      memory.push({ contender, start, round: 0, value });
      progress(`${benchCase.name} start ${start}/${plan.starts}: ${contender} ${value.toFixed(1)} KiB/connection`);
    }
    for (let round = 1; round <= plan.rounds; round += 1) {
      for (const [contender, instance] of rotate([...running], round - 1)) {
        const measurement = await withCountAtOrigin(contender, benchCase, upstreamPort, async () =>
          measure(contender, instance, benchCase, plan, processes),
        );
        const slice = { contender, start, round, ...measurement };
        slices.push(slice);
        progress(`${benchCase.name} start ${start}/${plan.starts} round ${round}/${plan.rounds}: ${describe(slice)}`);
      }
    }
    await Promise.all(Array.from(running.values(), stop));
  }
  return { slices, memory };
}

/** One after the other: a start that shares the machine with nine others could be taken for one that fails. */
async function startAll(
  contenders: readonly Contender[],
  setup: Parameters<Contender['start']>[0],
): Promise<Map<string, Running>> {
  const running = new Map<string, Running>();
  for (const contender of contenders) running.set(contender.name, await contender.start(setup));
  return running;
}

async function stop({ child, others = [] }: Running): Promise<void> {
  await child.stop();
  await Promise.all(others.map((other) => other.stop()));
}

function rotate<T>(items: readonly T[], by: number): T[] {
  const cut = by % items.length;
  return [...items.slice(cut), ...items.slice(0, cut)];
}

function describe({ contender, cpuMicrosecondsPerRequest, requestsPerSecond, errors }: Slice): string {
  const failed = errors === 0 ? '' : `, ${errors} ERRORS`;
  return `${contender} ${cpuMicrosecondsPerRequest.toFixed(1)} µs/request, ${requestsPerSecond.toFixed(0)}/s${failed}`;
}
