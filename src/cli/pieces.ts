import { columnsOf, visible, type Paint } from '../config/render/terminal.ts';

/** A part of a line, in one colour. */
export interface Piece {
  readonly text: string;
  readonly paint?: Paint | undefined;
}

export type Line = readonly Piece[];

/** A cell of a table: numbers stand on the right. */
export interface Cell extends Piece {
  readonly align?: 'right';
}

/** Rows whose columns stand below each other, two spaces apart. */
export function inColumns(rows: readonly (readonly Cell[])[]): Line[] {
  const widths: number[] = [];
  const shown = rows.map((cells) => cells.map((cell) => ({ ...cell, text: visible(cell.text) })));
  for (const cells of shown)
    for (const [at, { text }] of cells.entries()) widths[at] = Math.max(widths[at] ?? 0, widthOf(text));
  return shown.map((cells) =>
    cells.flatMap(({ text, align, paint }, at) => {
      const space = ' '.repeat((widths[at] ?? 0) - widthOf(text));
      const gap = { text: at === 0 ? '' : '  ' };
      return align === 'right' ? [gap, { text: space }, { text, paint }] : [gap, { text, paint }, { text: space }];
    }),
  );
}

/**
 * A line as it is written: no wider than there is room, and with nothing that a terminal would act upon but its colours.
 *
 * @param columns of the terminal
 */
export function lineText(line: Line, columns: number): string {
  let left = columns;
  let text = '';
  // Spaces at the end would only be copied along.
  const end = line.findLastIndex((piece) => piece.text.trimEnd() !== '');
  for (const piece of line.slice(0, end + 1)) {
    const [part, width] = clipped(visible(piece.text), left);
    left -= width;
    if (part !== '') text += piece.paint === undefined ? part : piece.paint(part);
  }
  return text;
}

function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += columnsOf(character);
  return width;
}

function clipped(text: string, columns: number): readonly [part: string, width: number] {
  let width = 0;
  let part = '';
  for (const character of text) {
    const next = width + columnsOf(character);
    if (next > columns) break;
    width = next;
    part += character;
  }
  return [part, width];
}
