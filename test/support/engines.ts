import { closeHttp2 } from './h2-call.ts';

/** The two ways in which a gateway reads requests of HTTP/1.1. */
export type Engine = 'fast lane' | 'node:http';

/** What clients speak. With `HTTP/2` it is `call` that does, and whatever sends bytes of HTTP/1.1 does it over TLS. */
export type Wire = 'HTTP/1.1' | 'HTTP/1.1 over TLS' | 'HTTP/2';

const ENGINES: readonly Engine[] = ['fast lane', 'node:http'];

let inUse: Engine = 'fast lane';
let wire: Wire = 'HTTP/1.1';

/** The engine that gateways of this test start with. */
export function engineInUse(): Engine {
  return inUse;
}

/** Whether gateways of this test are called over TLS. */
export function isOverTls(): boolean {
  return wire !== 'HTTP/1.1';
}

/** Whether `call` speaks HTTP/2 in this test. */
export function isOverHttp2(): boolean {
  return wire === 'HTTP/2';
}

/** Describes a behaviour. It is told the engine and the wire, for the few things that may differ. */
type DescribeOn = (engine: Engine, wire: Wire) => void;

/** Describes what must be the same on both engines, once for each: gateways that the tests start use it. */
export function onEachEngine(title: string, describeOn: DescribeOn): void {
  for (const engine of ENGINES) describeWith(`${title} (${engine})`, engine, 'HTTP/1.1', describeOn);
}

/** The same for what must be the same over TLS as well: the clients of `client.ts` and `raw.ts` speak it then. */
export function onEachEngineAndTls(title: string, describeOn: DescribeOn): void {
  onEachEngine(title, describeOn);
  for (const engine of ENGINES) {
    describeWith(`${title} (${engine} over TLS)`, engine, 'HTTP/1.1 over TLS', describeOn);
  }
}

/** The same for what must be the same over HTTP/2 as well. */
export function onEachEngineAndHttp2(title: string, describeOn: DescribeOn): void {
  onEachEngine(title, describeOn);
  describeWith(`${title} (HTTP/2)`, 'fast lane', 'HTTP/2', describeOn);
}

function describeWith(title: string, engine: Engine, over: Wire, describeOn: DescribeOn): void {
  describe(title, () => {
    before(() => {
      inUse = engine;
      wire = over;
    });
    after(async () => {
      inUse = 'fast lane';
      wire = 'HTTP/1.1';
      await closeHttp2();
    });
    describeOn(engine, over);
  });
}
