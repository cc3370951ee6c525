import type { LogsConfig } from '../config/config.ts';
import { createAccessLog, type AccessEntry, type AccessLog } from './access-log.ts';
import { batchLines, createLogger, type ByteWriter, type LineWriter, type Logger } from './log.ts';

/** Where log lines go, and whether somebody reads them as they come. */
export interface LogDestination extends ByteWriter {
  readonly isTerminal: boolean;
}

/** Both logs of one process, on one destination and in one order. Everything about them can change at a reload. */
export class Logs {
  readonly logger: Logger;
  readonly #lines: LineWriter;
  readonly #destination: LogDestination;
  readonly #worker: number | undefined;
  #format: 'json' | 'pretty' = 'json';
  #access: AccessLog | undefined;

  /** @param worker which of several processes this is, for each line; undefined = the only one, or the primary */
  constructor(destination: LogDestination, worker?: number) {
    this.#lines = batchLines(destination);
    this.#destination = destination;
    this.#worker = worker;
    this.logger = createLogger({ format: () => this.#format, worker }, this.#lines);
  }

  /** Brings `logs` of a configuration into effect. */
  apply(config: LogsConfig): void {
    this.logger.level = config.level;
    this.#format = config.format ?? (this.#destination.isTerminal ? 'pretty' : 'json');
    this.#access = config.access ? createAccessLog(this.#lines, this.#format, Date.now, this.#worker) : undefined;
  }

  /** Writes the line of one request, if there is an access log. */
  access(entry: AccessEntry): void {
    this.#access?.(entry);
  }

  /** How many lines were given up, since nobody took them. */
  get droppedLines(): number {
    return this.#destination.droppedLines?.() ?? 0;
  }

  /** Hands on what it has collected. */
  flush(): void {
    this.#lines.flush();
  }

  /** The same on a crash: writes it before this returns. */
  flushSync(): void {
    this.#lines.flushSync();
  }
}
