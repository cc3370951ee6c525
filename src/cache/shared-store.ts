import type { SharedScript } from './shared-scripts.ts';

/** Why the store gave no answer. */
export interface NoAnswer {
  /**
   * - `timeout`: there was none in time
   * - `away`: there was nobody to ask, or the connection broke
   * - `refused`: the answer was an error
   */
  readonly reason: 'timeout' | 'away' | 'refused';
}

export type SharedReply = Buffer | number | null;

/** The store itself. Nothing of it rejects, or takes longer than commands may take. */
export interface SharedStore {
  /** Of messages, as scripts have to name it. */
  readonly channel: string;
  /** @param since when the asking began, as performance.now() tells it: what belongs together shares one timeout */
  run(
    script: SharedScript,
    keys: readonly string[],
    args: readonly (string | number | Buffer)[],
    since?: number,
  ): Promise<readonly SharedReply[] | NoAnswer>;
  /** Removes what has a key of that pattern and a field that is selected. @returns undefined when all were looked at */
  sweep(pattern: string, field: string, isSelected: (value: Buffer) => boolean): Promise<NoAnswer | undefined>;
  /** @param onListening told each time that listening begins. @returns what ends it */
  subscribe(onMessage: (message: string) => void, onListening: () => void): () => void;
}
