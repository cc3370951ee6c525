/** The ids are compared in as many bits as a number holds exactly. */
const RANGE = 2 ** 52;

/**
 * Whether a trace is recorded, by its id alone: every service that has the same share comes to the same answer, and one
 * with a larger share records all that one with a smaller one does (OpenTelemetry, TraceIdRatioBased). The random part of
 * an id are its last 56 bits (Trace Context level 2, section 3.2.2.3): an id is in when they are at or above a threshold.
 *
 * @param ratio the share of the traces that is recorded, from 0 to 1
 */
export function ratioSampler(ratio: number): (traceId: string) => boolean {
  const threshold = (1 - ratio) * RANGE;
  return (traceId) => Number.parseInt(traceId.slice(18, 31), 16) >= threshold;
}
