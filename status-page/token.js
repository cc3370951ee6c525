import { byId, setText } from './elements.js';

const KEY = 'gatewayctl-admin-token';

/** The admin token: typed in by whoever looks, kept by this tab alone and sent nowhere but to this gateway. */
export class Token {
  #section = byId('login', HTMLElement);
  #input = byId('token', HTMLInputElement);
  #error = byId('login-error', HTMLElement);
  #forget = byId('forget', HTMLButtonElement);

  /**
   * @param {() => void} onChange told of a token that was typed in
   * @param {() => void} onForget told that there is none any more
   */
  constructor(onChange, onForget) {
    byId('login-form', HTMLFormElement).addEventListener('submit', (event) => {
      event.preventDefault();
      const token = this.#input.value.trim();
      // The configuration takes no others: not all clients could send them in a header field.
      const isToken = /^[!-~]+$/.test(token);
      setText(this.#error, isToken ? '' : 'A token has neither spaces nor letters beyond those of ASCII.');
      if (!isToken) return;
      sessionStorage.setItem(KEY, token);
      onChange();
    });
    this.#forget.addEventListener('click', () => {
      this.#remove();
      onForget();
    });
  }

  /** Empty when there is none. */
  get value() {
    return sessionStorage.getItem(KEY) ?? '';
  }

  /** Asks for a token, and says so when the one that was sent is wrong. */
  ask() {
    const wasWrong = this.value !== '';
    this.#remove();
    this.#section.hidden = false;
    setText(this.#error, wasWrong ? 'The gateway does not take this token.' : '');
    this.#input.setAttribute('aria-invalid', String(wasWrong));
    this.#input.value = '';
    this.#input.focus();
  }

  /** The gateway has taken what was sent. */
  accepted() {
    const hadFocus = this.#section.contains(document.activeElement);
    this.#section.hidden = true;
    this.#input.value = '';
    this.#forget.hidden = this.value === '';
    // The focus was in the form, and would be nowhere.
    if (hadFocus) byId('main', HTMLElement).focus();
  }

  #remove() {
    sessionStorage.removeItem(KEY);
    this.#forget.hidden = true;
  }
}
