/** Marks text with a colour. */
export type Paint = (text: string) => string;

/** The few colours that reports use. */
export interface Palette {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly red: Paint;
  readonly green: Paint;
  readonly yellow: Paint;
  readonly cyan: Paint;
}

/**
 * Gives the colours to write with.
 *
 * @param color false for a pipe or a file: every paint then returns its text as it is
 * @returns paints that wrap a text in the SGR sequences of ECMA-48
 */
export function palette(color: boolean): Palette {
  // Each attribute is switched off by its own code, so that paints can be nested.
  const paint = (on: number, off: number): Paint =>
    color ? (text) => `\u001b[${on}m${text}\u001b[${off}m` : (text) => text;
  return {
    bold: paint(1, 22),
    dim: paint(2, 22),
    red: paint(31, 39),
    green: paint(32, 39),
    yellow: paint(33, 39),
    cyan: paint(36, 39),
  };
}

/**
 * What must not reach a terminal as it is: controls (C0, DEL, C1), which begin escape sequences; format characters,
 * among them those that reverse the reading direction; line and paragraph separators; half surrogate pairs.
 */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/**
 * Makes text from a configuration file safe to write into a terminal or a log, as one line.
 *
 * @param text anything
 * @returns the text with a `·` for each character that a terminal would act upon instead of showing it
 */
export function visible(text: string): string {
  return text.replace(UNPRINTABLE, '·');
}

const WIDE =
  /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Emoji_Presentation}\uff01-\uff60]/u;
const COMBINING = /\p{M}/u;

/**
 * How many columns a terminal gives to one visible character: a close reading of Unicode's East Asian Width (UAX #11)
 * that needs no table.
 *
 * @param character one code point
 */
export function columnsOf(character: string): number {
  if (character <= '\u007f') return 1;
  if (COMBINING.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}
