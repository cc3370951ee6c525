/** Waits that come to an end as soon as somebody is in a hurry. */
export class Hurry {
  readonly #controller = new AbortController();

  get isOn(): boolean {
    return this.#controller.signal.aborted;
  }

  /** Ends all waits, those to come included. */
  begin(): void {
    this.#controller.abort();
  }

  /** Waits for so many milliseconds, or until something has come about or somebody is in a hurry. */
  async wait(milliseconds: number, until?: Promise<unknown>): Promise<void> {
    const { signal } = this.#controller;
    if (signal.aborted || milliseconds === 0) return;
    let over: () => void = () => undefined;
    const timeIsUp = new Promise<void>((done) => (over = done));
    const timer = setTimeout(over, milliseconds);
    signal.addEventListener('abort', over);
    await (until === undefined ? timeIsUp : Promise.race([timeIsUp, until]));
    signal.removeEventListener('abort', over);
    // A timer that is left would keep the process from ending.
    clearTimeout(timer);
  }
}
