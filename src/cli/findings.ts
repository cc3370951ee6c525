import type { ShownDiagnostic } from '../config/render/shown.ts';
import { palette, visible } from '../config/render/terminal.ts';
import { block } from '../config/render/text.ts';

/** Findings that a running gateway tells, each as `validate` prints it. @param color whether they may have colours */
export function findings(diagnostics: readonly ShownDiagnostic[], color: boolean): readonly string[] {
  return diagnostics.map(({ frame, hint, ...diagnostic }) => {
    const lines = frame === '' ? [] : frame.split('\n').map(visible);
    return block({ ...diagnostic, ...(hint === null ? {} : { hint }) }, lines, palette(color));
  });
}
