/**
 * The embedded database, on a thread of its own: a statement that takes a second must not stop the event loop that
 * serves requests for as long.
 */
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import type { ServerMessage, ServerRequest, ServerSource } from './messages.ts';
import { START_PARAMETERS } from './start-parameters.ts';
import { tell } from './tell.ts';
import { Turns } from './turns.ts';

const { cluster, socket, transactionIdle }: ServerSource = workerData;
const say = (message: ServerMessage): void => parentPort?.postMessage(message);
try {
  const database = await PGlite.create(cluster, { startParams: START_PARAMETERS });
  const turns = new Turns(
    {
      execute: async (messages, answer) => database.execProtocolRawStream(messages, { onRawData: answer }),
      isInTransaction: () => database.isInTransaction(),
    },
    transactionIdle,
  );
  await turns.listen(socket, join(cluster, 's'));
  const stop = async (): Promise<void> => {
    await turns.close();
    await database.close();
    say({ kind: 'stopped' });
  };
  parentPort?.on('message', (request: ServerRequest) => {
    if (request === 'ping') say({ kind: 'pong' });
    else void stop();
  });
  say({ kind: 'listening' });
} catch (error) {
  say({ kind: 'failed', message: tell(error) });
}
