import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

/**
 * What `node` is told so that it runs `gatewayctl`, in any folder: the program as it was built, when whoever started the
 * tests has just built it, as `npm test` does; else the sources, which take seconds longer to start.
 */
export const PROGRAM: readonly string[] =
  process.env['TEST_PROGRAM'] === 'built'
    ? [fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))]
    : [
        '--import',
        pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href,
        fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url)),
      ];
