import type { Diagnostic } from '../diagnostic.ts';
import type { LoadResult } from '../load.ts';
import { frame, splitLines } from './frame.ts';
import { palette } from './terminal.ts';

/** A finding as programs and people elsewhere see it: with the text that it is about. */
export interface ShownDiagnostic extends Omit<Diagnostic, 'hint'> {
  readonly hint: string | null;
  /** The lines around it with their numbers and a caret, secrets masked; empty when there is nothing to show. */
  readonly frame: string;
}

/** How many findings are shown: whoever has more of them asks `validate`. */
export const MAX_SHOWN = 100;

/** The findings of a configuration, errors first, at most {@link MAX_SHOWN} of them. */
export function shownDiagnostics({
  diagnostics,
  sources,
}: Pick<LoadResult, 'diagnostics' | 'sources'>): ShownDiagnostic[] {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const warnings = diagnostics.filter(({ severity }) => severity === 'warning');
  const linesOf = new Map<string, readonly string[]>();
  return [...errors, ...warnings].slice(0, MAX_SHOWN).map(({ hint = null, ...diagnostic }) => {
    const { file } = diagnostic;
    const lines = linesOf.get(file) ?? splitLines(sources.get(file) ?? '');
    linesOf.set(file, lines);
    return { ...diagnostic, hint, frame: frame(lines, diagnostic, palette(false)).join('\n') };
  });
}
