import { ask, Refused } from './ask.js';
import { EventStreamParser } from './event-stream.js';

/** @import { StreamEvent } from './event-stream.js' */

/**
 * How the page hears of the gateway.
 *
 * @typedef {{ readonly kind: 'connecting' | 'open' | 'locked' }
 *   | { readonly kind: 'lost', readonly since: Date | undefined, readonly why: string, readonly again: Date }} Connection
 */

/** In milliseconds; the pause doubles with each attempt that fails. */
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 10_000;
/** Something comes each second: after so long a silence nobody is there any more. */
const SILENCE = 10_000;

/** The stream of events: it comes back by itself when the gateway does. */
export class Live {
  #token;
  #onEvent;
  #onConnection;
  /** @type {AbortController | undefined} */
  #controller;
  /** @type {Date | undefined} */
  #heard;
  #attempts = 0;
  #timer = 0;
  /** Whether the next attempt is a matter of time. */
  #isWaiting = false;

  /**
   * @param {{
   *   readonly token: () => string,
   *   readonly onEvent: (event: StreamEvent) => void,
   *   readonly onConnection: (connection: Connection) => void,
   * }} options
   */
  constructor({ token, onEvent, onConnection }) {
    this.#token = token;
    this.#onEvent = onEvent;
    this.#onConnection = onConnection;
  }

  /** Connects at once, whatever there was before. */
  start() {
    this.#stop();
    const controller = new AbortController();
    this.#controller = controller;
    this.#listen(controller).catch((error) => {
      // What was stopped says nothing any more.
      if (this.#controller === controller) this.#lost(error);
    });
  }

  /** Tries again at once, where it would only do so later. */
  retry() {
    if (this.#isWaiting) this.start();
  }

  #stop() {
    clearTimeout(this.#timer);
    this.#isWaiting = false;
    this.#controller?.abort();
    this.#controller = undefined;
  }

  /** @param {AbortController} controller */
  async #listen(controller) {
    this.#watch(controller);
    const { body } = await ask('api/v1/live', this.#token(), controller.signal);
    if (body === null) throw new Error('the gateway sent nothing');
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    const parser = new EventStreamParser();
    let isOpen = false;
    for (;;) {
      const { done, value } = await reader.read();
      if (this.#controller !== controller) return;
      if (done) throw new Error('the gateway ended the stream');
      this.#watch(controller);
      for (const event of parser.push(value)) {
        this.#heard = new Date();
        if (!isOpen) this.#onConnection({ kind: 'open' });
        isOpen = true;
        this.#attempts = 0;
        this.#onEvent(event);
      }
    }
  }

  /** @param {AbortController} controller */
  #watch(controller) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => controller.abort(new Error('the gateway is silent')), SILENCE);
  }

  /** @param {unknown} error */
  #lost(error) {
    this.#stop();
    if (error instanceof Refused && error.status === 401) {
      this.#onConnection({ kind: 'locked' });
      return;
    }
    const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** this.#attempts);
    this.#attempts += 1;
    // A fetch that fails says no more than that, in words that differ from browser to browser.
    const why = error instanceof TypeError || !(error instanceof Error) ? 'nobody answers' : error.message;
    this.#onConnection({ kind: 'lost', since: this.#heard, why, again: new Date(Date.now() + pause) });
    this.#isWaiting = true;
    this.#timer = setTimeout(() => this.start(), pause);
  }
}
