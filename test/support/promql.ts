/** What expressions of PromQL name, and the tool that judges them. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { debianProgram } from './debian.ts';
import { listAt, at, documentOf, textOf } from './deployed.ts';

const run = promisify(execFile);

const WORDS = new Set('and or unless by without on ignoring group_left group_right bool offset inf nan'.split(' '));

/** A series that an expression asks for, with the labels by which it chooses. */
export interface Selected {
  readonly name: string;
  readonly labels: readonly string[];
}

/** Runs promtool. @returns what it prints @throws with that when it ends with another code than 0 */
export async function promtool(...args: readonly string[]): Promise<string> {
  const { file, env } = await debianProgram('promtool', 'prometheus');
  try {
    const { stdout, stderr } = await run(file, args, { env: { ...process.env, ...env } });
    return stdout + stderr;
  } catch (error) {
    const printed = [at(error, 'stdout'), at(error, 'stderr')].map(String).join('');
    throw new Error(`promtool ${args.join(' ')}:\n${printed}`, { cause: error });
  }
}

/** The series that an expression names. It has to be one that promtool takes. */
export function selectedBy(expression: string): readonly Selected[] {
  const plain = expression
    .replaceAll(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, '""')
    .replaceAll(/\[[^\]]*\]/g, ' ')
    .replaceAll(/\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g, ' ')
    .replaceAll(/\b\d[\w.]*/g, ' ');
  return [...plain.matchAll(/([A-Za-z_:][\w:]*)(\s*\()?(?:\{([^}]*)\})?/g)]
    .filter(([, name = '', call]) => call === undefined && !WORDS.has(name.toLowerCase()))
    .filter(({ index }) => !isInBraces(plain, index))
    .map(([, name = '', , matchers = '']) => ({
      name,
      labels: [...matchers.matchAll(/(\w+)\s*[=!]/g)].map(([, label = '']) => label),
    }));
}

function isInBraces(text: string, index: number): boolean {
  return text.lastIndexOf('{', index) > text.lastIndexOf('}', index);
}

/** The labels of each series that a gateway shows or a rule records; those that Prometheus adds are among them. */
export function knownSeries(): ReadonlyMap<string, ReadonlySet<string>> {
  const known = new Map([['up', new Set(['job', 'instance'])]]);
  const add = (name: string, type: string, labels: readonly string[]): void => {
    const all = ['job', 'instance', ...labels];
    if (type !== 'histogram') known.set(name, new Set(all));
    else {
      for (const suffix of ['sum', 'count']) known.set(`${name}_${suffix}`, new Set(all));
      known.set(`${name}_bucket`, new Set([...all, 'le']));
    }
  };
  const rows = textOf('docs/metrics.md').matchAll(/^\| `(gateway_\w+)` +\| (\w+) +\|([^|]*)\|/gm);
  for (const [, name = '', type = '', labels = ''] of rows)
    add(
      name,
      type,
      [...labels.matchAll(/`(\w+)`/g)].map(([, label = '']) => label),
    );
  for (const { name, type, labels } of defaultMetrics()) add(name, type, [...labels, 'worker']);
  for (const rule of recorded()) {
    const name = String(at(rule, 'record'));
    // The level, as `job_route`, is what is left of the labels.
    known.set(name, new Set([...(name.split(':')[0] ?? '').split('_'), ...Object.keys(at(rule, 'labels') ?? {})]));
  }
  return known;
}

/** The rules that record. */
export function recorded(): readonly unknown[] {
  return listAt(documentOf('deploy/prometheus/recording.yml'), 'groups').flatMap((group) => listAt(group, 'rules'));
}

/** What is wrong with the names in an expression; empty when nothing is. */
export function unknownIn(expression: string, known: ReadonlyMap<string, ReadonlySet<string>>): readonly string[] {
  return selectedBy(expression).flatMap(({ name, labels }) => {
    const has = known.get(name);
    if (has === undefined) return [`${name} does not exist`];
    return labels.filter((label) => !has.has(label)).map((label) => `${name} has no label ${label}`);
  });
}

/** Those of Node and of the process, which prom-client collects. */
function defaultMetrics(): readonly { name: string; type: string; labels: readonly string[] }[] {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  try {
    return registry.getMetricsAsArray().map((metric) => {
      const labels: unknown = at(metric, 'labelNames');
      const texts = Array.isArray(labels) ? labels.filter((label) => typeof label === 'string') : [];
      return { name: metric.name, type: String(metric.type), labels: texts };
    });
  } finally {
    registry.clear();
  }
}
