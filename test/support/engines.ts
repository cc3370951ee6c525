/** The two ways in which a gateway reads requests. */
export type Engine = 'fast lane' | 'node:http';

const ENGINES: readonly Engine[] = ['fast lane', 'node:http'];

let inUse: Engine = 'fast lane';
let encrypted = false;

/** The engine that gateways of this test start with. */
export function engineInUse(): Engine {
  return inUse;
}

/** Whether gateways of this test are called over TLS. */
export function isOverTls(): boolean {
  return encrypted;
}

/**
 * Describes what must be the same on both engines, once for each: gateways that the tests start use it.
 *
 * @param describeOn is told the engine, for the few things that may differ
 */
export function onEachEngine(title: string, describeOn: (engine: Engine) => void): void {
  for (const engine of ENGINES) describeWith(`${title} (${engine})`, engine, false, describeOn);
}

/** The same for what must be the same over TLS as well: the clients of `client.ts` and `raw.ts` speak it then. */
export function onEachEngineAndTls(title: string, describeOn: (engine: Engine) => void): void {
  onEachEngine(title, describeOn);
  for (const engine of ENGINES) describeWith(`${title} (${engine} over TLS)`, engine, true, describeOn);
}

function describeWith(title: string, engine: Engine, tls: boolean, describeOn: (engine: Engine) => void): void {
  describe(title, () => {
    before(() => {
      inUse = engine;
      encrypted = tls;
    });
    after(() => {
      inUse = 'fast lane';
      encrypted = false;
    });
    describeOn(engine);
  });
}
