/**
 * Opens connections, has each answered once, leaves them idle, and prints the memory of a process tree before and after.
 *
 * Arguments: pid of the tree's root, URL, connections.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { SETTLE_MS } from '../cpu.ts';
import { printFigures } from '../figures.ts';
import { memory } from '../memory.ts';
import { openConnections } from './open.ts';
import { get } from './request.ts';

const [pid = '', url = '', count = ''] = process.argv.slice(2);
const before = memory(Number(pid));
const connections = await openConnections(url, get(url), Number(count));
await sleep(SETTLE_MS);
const after = memory(Number(pid));
if (connections.some(({ free }) => !free)) throw new Error('a connection was closed while it was idle');
printFigures({ before, after });
for (const connection of connections) connection.close();
