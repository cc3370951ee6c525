import { Connection } from './connection.ts';

/** How many connections are opened at a time: few enough for every contender's queue of those not yet accepted. */
const AT_A_TIME = 64;

/**
 * Opens connections and has each answered once. What they carry later then costs no connection set-up, nor does a slow
 * one count as the answer's latency.
 *
 * @throws when one is refused, lost, or not answered with 200
 */
export async function openConnections(url: string, request: Buffer, count: number): Promise<Connection[]> {
  const connections: Connection[] = [];
  const openOthers = async (): Promise<void> => {
    while (connections.length < count) {
      const connection = new Connection(url, request);
      connections.push(connection);
      if (!(await connection.opened())) throw new Error(`connection ${connections.length} of ${count} was refused`);
      const outcome = await new Promise((resolve) => connection.ask(resolve));
      if (outcome !== 'answered') throw new Error(`first request on a connection: ${String(outcome)}`);
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, openOthers));
  return connections;
}
