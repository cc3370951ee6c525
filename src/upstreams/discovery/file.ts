import { stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { isMap, isScalar, isSeq, parseDocument } from 'yaml';
import { readSource } from '../../config/source.ts';
import { keepAsking } from './asking.ts';
import { targetOf } from './endpoints.ts';
import { Fault, kindOf } from './fault.ts';
import { isRecord } from './shape.ts';
import type { Discovery, DiscoveryObserver, Found } from './source.ts';

export interface FileOptions {
  /** A YAML or JSON file; its path. */
  readonly file: string;
}

/**
 * How often the file is looked at. There are no notifications: they miss the swap of a link to a parent folder, which is
 * how Kubernetes updates a ConfigMap, so that looking would be needed beside them, and it costs one `stat`. In
 * milliseconds.
 */
const INTERVAL = 1000;
/** A change counts once nothing has changed for this long: copies write in several steps. In milliseconds. */
const SETTLE = 100;

/**
 * The endpoints in a file that holds a list as `targets` has it. `[]` means no endpoints. An empty file is a failure: it
 * is what a file looks like before it is written. After a failure the file is looked at as often as ever, since that
 * costs nothing and whoever mends it waits.
 */
export function discoverFile({ file }: FileOptions, observer: DiscoveryObserver): Discovery {
  let seen: string | undefined;
  let isFirst = true;
  const backoff = { first: INTERVAL, most: INTERVAL };
  return keepAsking(
    async (tell, signal) => {
      const before = await look(file);
      // The first one is not waited for: nobody is served before it.
      const settles = !isFirst;
      isFirst = false;
      if (before instanceof Fault) {
        seen = undefined;
        return before;
      }
      if (before === seen) return INTERVAL;
      if (settles) {
        await sleep(SETTLE, undefined, { signal });
        if ((await look(file)) !== before) return SETTLE;
      }
      const found = await read(file);
      // Written while it was read: it is read again.
      if ((await look(file)) !== before) return SETTLE;
      // Bad or good: it is not read again before it changes.
      seen = before;
      if (found instanceof Fault) return found;
      tell(found);
      return INTERVAL;
    },
    observer,
    backoff,
  );
}

/** Which file the path leads to, its size, and when it changed. */
async function look(file: string): Promise<string | Fault> {
  try {
    const stats = await stat(file, { bigint: true });
    // Reading a pipe might never end.
    if (!stats.isFile()) return new Fault(`${file} is not a file`);
    const { dev, ino, size, mtimeNs, ctimeNs } = stats;
    return `${dev} ${ino} ${size} ${mtimeNs} ${ctimeNs}`;
  } catch (error) {
    return new Fault(`${file} cannot be read: ${kindOf(error)}`);
  }
}

async function read(file: string): Promise<readonly Found[] | Fault> {
  const source = await readSource(file, file);
  if ('fault' in source) return new Fault(`${file} cannot be read: ${source.fault.message}`);
  const list = parse(source.text);
  if (!Array.isArray(list)) return new Fault(`${file} holds no list of origins; [] stands for no endpoints`);
  const found: Found[] = [];
  for (const [index, entry] of list.entries()) {
    const target = targetOf(entry);
    if (target === undefined || !hasOnlyKnown(entry))
      return new Fault(`entry ${index + 1} of ${file} is neither an origin nor { url, weight }`);
    found.push(target);
  }
  return found;
}

/** Somebody writes it by hand, and `wieght` would otherwise go unnoticed. */
function hasOnlyKnown(entry: unknown): boolean {
  return !isRecord(entry) || Object.keys(entry).every((name) => name === 'url' || name === 'weight');
}

function parse(text: string): unknown {
  try {
    // Far quicker than YAML, of which JSON is a part: a list that a program writes may be long.
    return JSON.parse(text);
  } catch {
    return parseYaml(text);
  }
}

/** @returns undefined when it is not YAML either */
function parseYaml(text: string): unknown {
  try {
    // The parser's own check for doubles is quadratic.
    const document = parseDocument(text, {
      prettyErrors: false,
      logLevel: 'error',
      schema: 'core',
      uniqueKeys: false,
    });
    const { contents, errors } = document;
    if (errors.length > 0) return undefined;
    // A dash that was forgotten makes two endpoints one.
    const isDouble = isSeq(contents) && contents.items.some((item) => isMap(item) && hasDoubles(item.items));
    return isDouble ? undefined : document.toJS();
  } catch {
    // Too many aliases.
    return undefined;
  }
}

function hasDoubles(pairs: readonly { readonly key: unknown }[]): boolean {
  return new Set(pairs.map(({ key }) => (isScalar(key) ? key.value : key))).size < pairs.length;
}
