import type { TracingConfig } from './config.ts';
import type { GatewayDocument } from './document.types.ts';

/** Where a collector takes traces, below its address (OTLP 1.x, "OTLP/HTTP Request"). */
const TRACES = '/v1/traces';

/** @returns undefined when nothing is exported */
export function resolveTracing({ tracing }: GatewayDocument): TracingConfig | undefined {
  if (tracing === undefined) return undefined;
  const { otlp, serviceName = 'gateway', sampleRatio = 1 } = tracing;
  return { url: tracesUrl(otlp), serviceName, sampleRatio };
}

/** Some give a collector's address, and some all of the URL. */
function tracesUrl(otlp: string): string {
  const url = new URL(otlp);
  const path = url.pathname.replace(/\/+$/, '');
  url.pathname = path.endsWith(TRACES) ? path : path + TRACES;
  return url.href;
}
