import type { Context } from 'koa';
import { openMetricsText, prometheusText, type Family } from '../observability/exposition.ts';

const PROMETHEUS = 'text/plain; version=0.0.4; charset=utf-8';
const OPEN_METRICS = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

/** Answers with metrics: in OpenMetrics whoever prefers that, and in the text format of Prometheus everybody else. */
export function answerMetrics(context: Context, families: readonly Family[]): void {
  const wantsOpenMetrics = prefersOpenMetrics(context.get('accept'));
  context.vary('accept');
  context.set('content-type', wantsOpenMetrics ? OPEN_METRICS : PROMETHEUS);
  context.body = wantsOpenMetrics ? openMetricsText(families) : prometheusText(families);
}

/**
 * Whether OpenMetrics is named in an Accept field (RFC 9110 section 12.5.1), and not below plain text. The parameters that
 * scrapers send with it differ from one to the other: only another version than 1.0.0 stands against it.
 */
function prefersOpenMetrics(accept: string): boolean {
  let open = 0;
  let plain = 0;
  for (const range of accept.toLowerCase().split(',')) {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim());
    const valueOf = (name: string): string | undefined =>
      parameters.find((parameter) => parameter.startsWith(`${name}=`))?.slice(name.length + 1);
    const quality = Number(valueOf('q') ?? 1);
    if (type === 'text/plain') plain = Math.max(plain, quality);
    if (type === 'application/openmetrics-text' && (valueOf('version') ?? '1.0.0') === '1.0.0')
      open = Math.max(open, quality);
  }
  return open > 0 && open >= plain;
}
