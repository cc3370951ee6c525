import type { GatewayConfig } from '../config/config.ts';
import type { Prepared } from '../gateway/generations.ts';

/** What follows a configuration. */
interface Preparing {
  /** @throws when it cannot; then nothing has changed */
  prepare(config: GatewayConfig): Promise<Prepared>;
}

/**
 * Makes all parts ready for a configuration, so that all of them take it over or none does.
 *
 * @param serving the one of them that can still refuse when it is to take over
 * @throws what the first that refuses says; then all have given up
 */
export async function prepareAll(
  config: GatewayConfig,
  serving: Preparing,
  others: readonly Preparing[],
): Promise<Prepared> {
  const ready: Prepared[] = [];
  const abort = async (): Promise<void> => {
    await Promise.all(ready.map(async (each) => each.abort()));
  };
  try {
    for (const part of others) ready.push(await part.prepare(config));
    const first = await serving.prepare(config);
    return {
      commit: async () => {
        try {
          await first.commit();
        } catch (error) {
          await abort();
          throw error;
        }
        for (const each of ready) await each.commit();
      },
      abort: async () => {
        await first.abort();
        await abort();
      },
    };
  } catch (error) {
    await abort();
    throw error;
  }
}
