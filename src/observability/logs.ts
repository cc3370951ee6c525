import type { LogsConfig } from '../config/config.ts';
import { createAccessLog, type AccessEntry, type AccessLog } from './access-log.ts';
import { batchLines, createLogger, type LineWriter, type Logger } from './log.ts';

/** Where the text of log lines goes, and whether somebody reads it as it comes. */
export interface LogDestination {
  write(text: string): unknown;
  flushSync(): void;
  readonly isTerminal: boolean;
}

/** Both logs of one process, on one destination and in one order. Everything about them can change at a reload. */
export class Logs {
  readonly logger: Logger;
  readonly #lines: LineWriter;
  readonly #isTerminal: boolean;
  #format: 'json' | 'pretty' = 'json';
  #access: AccessLog | undefined;

  constructor(destination: LogDestination) {
    this.#lines = batchLines(destination);
    this.#isTerminal = destination.isTerminal;
    this.logger = createLogger({ format: () => this.#format }, this.#lines);
  }

  /** Brings `logs` of a configuration into effect. */
  apply(config: LogsConfig): void {
    this.logger.level = config.level;
    this.#format = config.format ?? (this.#isTerminal ? 'pretty' : 'json');
    this.#access = config.access ? createAccessLog(this.#lines, this.#format) : undefined;
  }

  /** Writes the line of one request, if there is an access log. */
  access(entry: AccessEntry): void {
    this.#access?.(entry);
  }

  /** Writes what is left, synchronously. */
  flush(): void {
    this.#lines.flush();
  }
}
