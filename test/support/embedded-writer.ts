/**
 * A process that opens an embedded database, or comes as a guest, and inserts rows until it is killed. Each line of its
 * output is the number of a row that was acknowledged; what it is told meanwhile goes to its other output. When the
 * database is away it tries again. Arguments: the folder, the first number, how many.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { EmbeddedDatabase } from '../../src/database/embedded/embedded-database.ts';
import { DatabaseUnavailable } from '../../src/database/failures.ts';
import { POOL } from './embedded.ts';

const [dataDir = '', first = '0', count = '0'] = process.argv.slice(2);
const onProgress = (text: string): void => void process.stderr.write(`${text}\n`);
const database = new EmbeddedDatabase({ dataDir, pool: POOL, onProgress });
await database.ready;

/** A row that is there already was inserted by the attempt before, whose answer was lost. */
async function insert(number: number): Promise<void> {
  try {
    await database.execute('INSERT INTO numbers VALUES ($1) ON CONFLICT DO NOTHING', [number]);
  } catch (error) {
    if (!(error instanceof DatabaseUnavailable)) throw error;
    await sleep(5);
    await insert(number);
  }
}

await database.execute('CREATE TABLE IF NOT EXISTS numbers (number integer PRIMARY KEY)');
process.stdout.write(`${database.owned ? 'owner' : 'guest'}\n`);
for (let number = Number(first); number < Number(first) + Number(count); number += 1) {
  await insert(number);
  process.stdout.write(`${number}\n`);
}
await database.close();
