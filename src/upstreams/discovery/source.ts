/** An endpoint that was found. */
export interface Found {
  /** Scheme, host and port, as `new URL(…).origin` writes them. */
  readonly origin: string;
  /** A whole number, 1 at the least. */
  readonly weight: number;
}

/** Is told what a source finds. None of it may throw. */
export interface DiscoveryObserver {
  /** All endpoints there are now, sorted by origin and without doubles. Told only when it differs from the last. */
  onEndpoints(endpoints: readonly Found[]): void;
  /**
   * The source cannot be asked: the last known endpoints stay. Told once until it works again.
   *
   * @param cause for the log; holds no secret
   */
  onFailure(cause: string): void;
  /** It can be asked again. */
  onRecovery(): void;
}

/** A source that is being asked. */
export interface Discovery {
  /** When the last good answer came, in milliseconds of the epoch; undefined = none yet. */
  readonly updatedAt: number | undefined;
  /** Stops for good, also in the middle of a request. The observer hears nothing more. */
  close(): void;
}
