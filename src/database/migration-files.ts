import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** The migrations of this version: beside `src` and `dist` alike. */
export const MIGRATIONS = fileURLToPath(new URL('../../migrations/', import.meta.url));

const FILE = /^(\d{4}-[a-z0-9-]+)\.(up|down)\.sql$/;

/** One step of the schema. */
export interface Migration {
  /** `0001-users`. */
  readonly name: string;
  /** The SQL that makes the step, and what takes it back. */
  readonly up: string;
  readonly down: string;
}

/**
 * The migrations of a folder, in their order.
 *
 * @throws Error when one is not whole: that is a mistake in the package
 */
export async function readMigrations(folder = MIGRATIONS): Promise<readonly Migration[]> {
  const texts = new Map<string, { up?: string; down?: string }>();
  for (const file of (await readdir(folder)).toSorted()) {
    const [, name, direction] = FILE.exec(file) ?? [];
    if (name === undefined) {
      if (file.endsWith('.sql')) throw new Error(`${file} is no name of a migration: 0001-users.up.sql is one`);
      continue;
    }
    const text = await readFile(`${folder}/${file}`, 'utf8');
    texts.set(name, { ...texts.get(name), [direction === 'up' ? 'up' : 'down']: text });
  }
  return [...texts].map(([name, { up, down }]) => {
    if (up === undefined || down === undefined) throw new Error(`the migration ${name} lacks its up or its down file`);
    return { name, up, down };
  });
}
