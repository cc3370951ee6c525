/**
 * Creates the files of an embedded database, in a process that ends with it: it takes seconds and 800 MB, which a
 * process that goes on would keep. The folder to create is its only argument.
 */
import { PGlite } from '@electric-sql/pglite';
import type { CreateMessage } from './messages.ts';
import { START_PARAMETERS } from './start-parameters.ts';
import { tell } from './tell.ts';

const say = (message: CreateMessage): void => void process.send?.(message);
try {
  const database = await PGlite.create(process.argv[2] ?? '', { startParams: START_PARAMETERS });
  await database.close();
  say({ kind: 'created' });
} catch (error) {
  say({ kind: 'failed', message: tell(error) });
}
process.disconnect();
