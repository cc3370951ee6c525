/** The two ways in which a gateway reads requests. */
export type Engine = 'fast lane' | 'node:http';

let inUse: Engine = 'fast lane';

/** The engine that gateways of this test start with. */
export function engineInUse(): Engine {
  return inUse;
}

/**
 * Describes what must be the same on both engines, once for each: gateways that the tests start use it.
 *
 * @param describeOn is told the engine, for the few things that may differ
 */
export function onEachEngine(title: string, describeOn: (engine: Engine) => void): void {
  for (const engine of ['fast lane', 'node:http'] as const) {
    describe(`${title} (${engine})`, () => {
      before(() => void (inUse = engine));
      after(() => void (inUse = 'fast lane'));
      describeOn(engine);
    });
  }
}
