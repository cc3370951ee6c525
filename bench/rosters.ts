/*
 * What a Set costs for what comes and goes with every request, beside a Roster: `npx tsx bench/rosters.ts`. 64 things are
 * in it at a time, each with 100 numbers of its own, and three million come and go. After the first collection of old
 * objects, as any program has them, the dead tables of a Set keep what was in them alive.
 */
import { PerformanceObserver, performance } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Roster, UNLISTED, type Listed } from '../src/roster.ts';

const AT_ONCE = 64;
const ALL = 3_000_000;
const NUMBERS: readonly number[] = Array.from({ length: 100 }, (_, index) => index);

interface Thing extends Listed {
  readonly numbers: readonly number[];
}

interface Keeper {
  add(thing: Thing): unknown;
  delete(thing: Thing): unknown;
}

setFlagsFromString('--expose-gc');
const collect: unknown = runInNewContext('gc');

for (const [name, keeper] of [
  ['Set', new Set<Thing>()],
  ['Roster', new Roster<Thing>()],
] as const) {
  let collections = 0;
  let pauses = 0;
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) [collections, pauses] = [collections + 1, pauses + duration];
  });
  observer.observe({ entryTypes: ['gc'] });
  const before = performance.now();
  comeAndGo(keeper);
  const taken = performance.now() - before;
  // What was observed is told in a later turn.
  await new Promise((resolve) => setTimeout(resolve, 100));
  observer.disconnect();
  const each = ((taken * 1000) / ALL).toFixed(2);
  process.stdout.write(
    `${name.padEnd(8)}${each} µs each, ${collections} collections, ${Math.round(pauses)} ms of ${Math.round(taken)} ms\n`,
  );
}

function comeAndGo(keeper: Keeper): void {
  const inside: Thing[] = [];
  for (let count = 0; count < ALL; count += 1) {
    if (count === 100_000 && typeof collect === 'function') collect();
    const thing = { place: UNLISTED, numbers: NUMBERS.slice() };
    const oldest = inside[count % AT_ONCE];
    if (oldest !== undefined) keeper.delete(oldest);
    inside[count % AT_ONCE] = thing;
    keeper.add(thing);
  }
}
