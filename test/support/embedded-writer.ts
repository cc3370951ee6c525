/**
 * A process that opens an embedded database, or comes as a guest, and inserts rows until it is killed. Each line of its
 * output is the number of a row that was acknowledged. Arguments: the folder, the first number, how many.
 */
import { EmbeddedDatabase } from '../../src/database/embedded/embedded-database.ts';
import { POOL } from './embedded.ts';

const [dataDir = '', first = '0', count = '0'] = process.argv.slice(2);
const database = new EmbeddedDatabase({ dataDir, pool: POOL });
await database.ready;
await database.execute('CREATE TABLE IF NOT EXISTS numbers (number integer PRIMARY KEY)');
process.stdout.write(`${database.owned ? 'owner' : 'guest'}\n`);
for (let number = Number(first); number < Number(first) + Number(count); number += 1) {
  await database.execute('INSERT INTO numbers VALUES ($1)', [number]);
  process.stdout.write(`${number}\n`);
}
await database.close();
