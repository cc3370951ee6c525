/** One label: its value may hold anything, with the escapes of OpenMetrics. */
const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"/g;

/** The labels of a series: `route` and `result` of `gateway_cache_requests_total{route="shop",result="hit"}`. */
export function labelsOf(series: string): Readonly<Record<string, string>> {
  const labels: Record<string, string> = {};
  for (const [, name = '', value = ''] of series.matchAll(LABEL))
    labels[name] = value.replace(/\\(.)/g, (_, char: string) => (char === 'n' ? '\n' : char));
  return labels;
}
