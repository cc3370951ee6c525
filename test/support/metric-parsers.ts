/** What others make of the gateway's metrics: Prometheus' own linter, and the reference parser of OpenMetrics. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text as read } from 'node:stream/consumers';
import { join } from 'node:path';
import { debianPackage, debianProgram, type Program } from './debian.ts';

/** What `promtool check metrics` has to say of a text; empty when nothing. */
export async function promtoolFindings(text: string): Promise<string> {
  const promtool = await debianProgram('promtool', 'prometheus');
  const { code, stdout, stderr } = await pipe(promtool, ['check', 'metrics'], text);
  return code === 0 ? '' : stdout + stderr;
}

/** A metric as the parser sees it. */
export interface ParsedFamily {
  readonly name: string;
  readonly type: string;
  readonly unit: string;
  readonly samples: readonly {
    readonly name: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly value: number | string;
    /** Null = none. */
    readonly exemplar: { readonly labels: Readonly<Record<string, string>>; readonly value: number } | null;
  }[];
}

const PARSE = `
import json, sys
from prometheus_client.openmetrics.parser import text_string_to_metric_families
finite = lambda value: value if abs(value) < float('inf') else str(value)
exemplar = lambda it: {'labels': it.labels, 'value': it.value} if it else None
sample = lambda it: {'name': it.name, 'labels': it.labels, 'value': finite(it.value), 'exemplar': exemplar(it.exemplar)}
family = lambda it: {'name': it.name, 'type': it.type, 'unit': it.unit, 'samples': [sample(each) for each in it.samples]}
print(json.dumps([family(it) for it in text_string_to_metric_families(sys.stdin.read())]))
`;

/**
 * Reads OpenMetrics.
 *
 * @throws with what the parser objects to
 */
export async function parseOpenMetrics(text: string): Promise<readonly ParsedFamily[]> {
  const root = await debianPackage('python3-prometheus-client');
  const python = await debianProgram('python3', 'python3-prometheus-client');
  const env = { ...python.env, PYTHONPATH: join(root, 'usr/lib/python3/dist-packages') };
  const { code, stdout, stderr } = await pipe({ ...python, env }, ['-c', PARSE], text);
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

async function pipe(
  { file, env }: Program,
  args: readonly string[],
  input: string,
): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
  const child = spawn(file, args, { env: { PATH: process.env['PATH'], ...env } });
  // One that objects to the beginning may be gone before the rest is written.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const [stdout, stderr] = await Promise.all([read(child.stdout), read(child.stderr), once(child, 'close')]);
  return { code: child.exitCode, stdout, stderr };
}
