/** Starts server-thread.ts when the program runs from its sources: a thread needs a loader for TypeScript of its own. */
import { register } from 'tsx/esm/api';

register();
await import('./server-thread.ts');
