import { byId, element, setText } from './elements.js';
import { clock } from './format.js';

/** @import { Configuration, Route } from './shapes.d.ts' */

/** The configuration that serves, as its files were when it was read. It is asked for when somebody wants to see it. */
export class ConfigurationPart {
  #read;
  #toggle = byId('configuration-toggle', HTMLButtonElement);
  #state = byId('configuration-state', HTMLElement);
  #files = byId('configuration-files', HTMLElement);
  #hash = '';

  /** @param {() => Promise<Configuration>} read asks the gateway for it */
  constructor(read) {
    this.#read = read;
    this.#toggle.addEventListener('click', () => {
      if (this.#isOpen) this.close();
      else void this.#open();
    });
  }

  /** @param {string} hash of what serves now: files that are shown follow it */
  serves(hash) {
    if (this.#isOpen && hash !== this.#hash) void this.#open();
  }

  /** Shows no file any more, and keeps none. */
  close() {
    this.#setOpen(false);
    this.#hash = '';
    this.#files.replaceChildren();
    setText(this.#state, '');
  }

  /** @param {Route['source']} source a line, which is shown and marked */
  async showLine({ file, line }) {
    await this.#open();
    for (const mark of this.#files.querySelectorAll('.mark')) mark.remove();
    // A route names its file from the folder of the configuration on.
    const isIt = (/** @type {string} */ path) => path === file || path.endsWith(`/${file}`);
    const shown = [...this.#files.children].find((each) => isIt(each.getAttribute('data-path') ?? ''));
    if (shown !== undefined) markLine(shown, line);
  }

  get #isOpen() {
    return this.#toggle.getAttribute('aria-expanded') === 'true';
  }

  /** @param {boolean} isOpen */
  #setOpen(isOpen) {
    this.#toggle.setAttribute('aria-expanded', String(isOpen));
    setText(this.#toggle, isOpen ? 'Hide the files' : 'Show the files');
    this.#files.hidden = !isOpen;
  }

  async #open() {
    this.#setOpen(true);
    try {
      const { hash, files, loaded_at: loadedAt } = await this.#read();
      // It may have been closed meanwhile, or is there already.
      if (!this.#isOpen || hash === this.#hash) return;
      this.#hash = hash;
      this.#files.replaceChildren(...files.map(({ path, text }) => fileElement(path, text)));
      setText(this.#state, `${hash}, read ${clock(new Date(loadedAt))}`);
    } catch (error) {
      setText(this.#state, `It cannot be shown: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

/**
 * @param {string} path
 * @param {string} text
 */
function fileElement(path, text) {
  const lines = text.replace(/\n$/, '').split('\n');
  // One text for all numbers and one for all lines: files have many thousands of them.
  const numbers = element(
    'span',
    { class: 'gutter', 'aria-hidden': 'true' },
    lines.map((_, index) => index + 1).join('\n'),
  );
  return element(
    'figure',
    { 'data-path': path },
    element('figcaption', { class: 'code' }, path),
    element(
      'pre',
      { class: 'file', tabindex: '0', role: 'region', 'aria-label': path },
      numbers,
      element('code', {}, lines.join('\n')),
    ),
  );
}

/**
 * @param {Element} file
 * @param {number} line from 1
 */
function markLine(file, line) {
  const box = file.querySelector('pre');
  const code = box?.querySelector('code');
  if (!box || !code) return;
  const count = (code.textContent ?? '').split('\n').length;
  // Lines do not wrap: all of them are of one height.
  const height = code.getBoundingClientRect().height / count;
  const mark = element('span', { class: 'mark', 'aria-hidden': 'true' });
  mark.style.height = `${height}px`;
  mark.style.top = `${code.offsetTop + (line - 1) * height}px`;
  box.append(mark);
  box.scrollTop = Math.max(0, (line - 4) * height);
  box.scrollIntoView({ block: 'center' });
  box.focus({ preventScroll: true });
}
