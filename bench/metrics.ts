/**
 * Reads a metric that has no labels.
 *
 * @param adminUrl of a gateway
 * @returns its value, 0 while there is none
 */
export async function readMetric(adminUrl: string, name: string): Promise<number> {
  const text = await (await fetch(`${adminUrl}/metrics`)).text();
  return Number(new RegExp(`^${name} (.+)$`, 'm').exec(text)?.[1] ?? 0);
}
