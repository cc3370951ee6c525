/** Starts create-process.ts when the program runs from its sources. */
import { register } from 'tsx/esm/api';

register();
await import('./create-process.ts');
