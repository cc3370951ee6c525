import { byId, element, setPill } from './elements.js';
import { clock } from './format.js';
import { OUTCOMES } from './overview.js';

/** @import { Finding, LastReload } from './shapes.d.ts' */

/** How many findings are shown: whoever has more of them begins with the first. */
const LIMIT = 50;

/** How the last reload went, with what was found in the files. */
export class ReloadPart {
  #outcome = byId('reload-outcome', HTMLElement);
  #findings = byId('reload-findings', HTMLElement);
  #shown = '';

  /** @param {LastReload} reload */
  show(reload) {
    const text = JSON.stringify(reload);
    // A status comes for other reasons, too: what is being read stays as it is.
    if (text === this.#shown) return;
    this.#shown = text;
    const pill = element('span');
    const { text: said, tone } = OUTCOMES.get(reload.outcome) ?? { text: reload.outcome, tone: 'warn' };
    setPill(pill, said, tone);
    const at = element('time', { datetime: reload.at, title: reload.at }, clock(new Date(reload.at)));
    this.#outcome.replaceChildren(pill, ' ', at, reload.message === null ? '' : ` ${reload.message}`);
    const found = reload.diagnostics;
    const more = found.length - LIMIT;
    this.#findings.replaceChildren(
      ...found.slice(0, LIMIT).map(finding),
      ...(more > 0 ? [element('p', { class: 'count' }, `And ${more} more.`)] : []),
    );
    if (found.length === 0) this.#findings.append(element('p', { class: 'count' }, 'Nothing was found in the files.'));
  }
}

/** @param {Finding} found */
function finding({ severity, code, message, hint, file, line, column, frame }) {
  const pill = element('span');
  setPill(pill, severity, severity === 'error' ? 'bad' : 'warn');
  const place = `${file}:${line}:${column}`;
  return element(
    'article',
    { class: 'finding' },
    element('h3', {}, pill, ` ${message} `, element('code', {}, code)),
    element('p', { class: 'code' }, place),
    ...(frame === ''
      ? []
      : [element('pre', { tabindex: '0', role: 'region', 'aria-label': `The lines around ${place}` }, frame)]),
    ...(hint === null ? [] : [element('p', {}, element('strong', {}, 'Hint: '), hint)]),
  );
}
