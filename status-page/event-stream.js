/** @typedef {{ readonly type: string, readonly data: string }} StreamEvent */

/**
 * Takes an event stream apart (WHATWG HTML, section 9.2.6). `EventSource` would do that, and can send no token.
 */
export class EventStreamParser {
  #rest = '';
  #type = '';
  /** @type {string[]} */
  #data = [];

  /**
   * @param {string} text what came next, cut anywhere
   * @returns {StreamEvent[]} those that it completed
   */
  push(text) {
    const events = [];
    const lines = (this.#rest + text).split(/\r\n|\n|\r(?!$)/);
    // A carriage return at the end may be half of a line end.
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      const event = this.#line(line);
      if (event !== undefined) events.push(event);
    }
    return events;
  }

  /**
   * @param {string} line
   * @returns {StreamEvent | undefined}
   */
  #line(line) {
    if (line === '') return this.#dispatch();
    const colon = line.indexOf(':');
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (name === 'event') this.#type = value;
    if (name === 'data') this.#data.push(value);
    return undefined;
  }

  #dispatch() {
    const event = { type: this.#type || 'message', data: this.#data.join('\n') };
    const isEmpty = this.#data.length === 0;
    this.#type = '';
    this.#data = [];
    return isEmpty ? undefined : event;
  }
}
