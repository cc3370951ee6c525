/** Fields that nearly every answer has and that hardly ever change: as text, with their line ends. */
export class FieldLines {
  #second = -1;
  #date = '';
  #timeout = -1;
  #keepAlive = '';

  /** Date: RFC 9110 section 6.6.1. It changes once a second. */
  get date(): string {
    const second = Math.trunc(Date.now() / 1000);
    if (second !== this.#second) {
      this.#second = second;
      this.#date = `date: ${new Date(second * 1000).toUTCString()}\r\n`;
    }
    return this.#date;
  }

  /**
   * Connection and Keep-Alive, which tell clients when not to send on a connection any more.
   *
   * @param timeout for how long the connection stays, in milliseconds; 0 = for ever
   */
  keepAlive(timeout: number): string {
    if (timeout !== this.#timeout) {
      this.#timeout = timeout;
      const seconds = Math.trunc(timeout / 1000);
      this.#keepAlive = `connection: keep-alive\r\n${seconds === 0 ? '' : `keep-alive: timeout=${seconds}\r\n`}`;
    }
    return this.#keepAlive;
  }
}
