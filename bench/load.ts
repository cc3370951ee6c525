import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Case } from './cases.ts';
import type { Running } from './contenders/contender.ts';
import { readLoadResult, type LoadOptions, type LoadResult } from './load-result.ts';
import type { Processes } from './processes.ts';

const SCRIPT = fileURLToPath(new URL('load.lua', import.meta.url));

/**
 * Loads a contender with the requests of a case, by wrk with one thread: a fixed number of connections, each sending its next
 * request when the answer to the last is complete.
 *
 * @param name of the contender
 */
export async function load(
  name: string,
  { url, headers = [] }: Pick<Running, 'url' | 'headers'>,
  benchCase: Case,
  { seconds, connections }: LoadOptions,
  processes: Processes,
): Promise<LoadResult> {
  const { method, body, paths } = benchCase;
  const folder = processes.folder('wrk');
  const bodyFile = join(folder, 'body');
  writeFileSync(bodyFile, body?.text ?? '');
  const type = body === undefined ? [] : [`Content-Type: ${body.type}`];
  const wrk = await processes.start({
    program: 'wrk',
    args: [
      '--threads=1',
      `--connections=${connections}`,
      `--duration=${seconds}s`,
      '--timeout=10s',
      '--latency',
      `--script=${SCRIPT}`,
      ...[...headers, ...(benchCase.headers ?? []), ...type].map((header) => `--header=${header}`),
      url,
      '--',
      method,
      bodyFile,
      kindOf(name, benchCase),
      ...paths,
    ],
    output: join(folder, 'output.log'),
  });
  const code = await wrk.ended;
  const output = wrk.output();
  if (code !== 0) throw new Error(`wrk ended with ${code}:\n${output}`);
  return readLoadResult('wrk', output);
}

/** What load.lua makes of the paths. */
function kindOf(name: string, { chunkedPostFor, distinct = false }: Case): 'chunked-post' | 'distinct' | 'plain' {
  if (chunkedPostFor.includes(name)) return 'chunked-post';
  return distinct ? 'distinct' : 'plain';
}
