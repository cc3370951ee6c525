import { byId } from './elements.js';

/** Says aloud what has changed, to whoever listens instead of looking. Numbers that change all the time are not said. */
export class Announcer {
  #region = byId('announcer', HTMLElement);
  /** @type {Map<string, string>} */
  #said = new Map();

  /**
   * Says how something is, when that is not what was said of it before. The first time nothing has changed yet.
   *
   * @param {string} topic
   * @param {string} text
   */
  tell(topic, text) {
    const before = this.#said.get(topic);
    this.#said.set(topic, text);
    if (before !== undefined && before !== text) this.#region.textContent = text;
  }
}
