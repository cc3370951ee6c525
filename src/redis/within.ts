/** What stands in place of an answer that did not come in time. */
export const LATE = Symbol('late');

/**
 * Gives what a promise gives, or {@link LATE} after so many milliseconds. When the process itself was busy for longer,
 * an answer that has arrived meanwhile still counts: timers are looked at before sockets are.
 */
export async function within<Value>(promise: Promise<Value>, milliseconds: number): Promise<Value | typeof LATE> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<typeof LATE>((resolve) => {
    timer = setTimeout(() => setImmediate(resolve, LATE), milliseconds);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
