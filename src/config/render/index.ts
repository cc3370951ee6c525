import { renderGithub } from './github.ts';
import { renderJson } from './json.ts';
import { renderJunit } from './junit.ts';
import type { Renderer } from './report.ts';
import { renderSarif } from './sarif.ts';
import { renderText } from './text.ts';

export type { Renderer, Report } from './report.ts';

/** The formats in which a report can be written. */
export type Format = 'text' | 'json' | 'sarif' | 'github' | 'junit';

/** One renderer per format; its keys are the values of the command line's `--format`. */
export const renderers: Record<Format, Renderer> = {
  text: renderText,
  json: renderJson,
  sarif: renderSarif,
  github: renderGithub,
  junit: renderJunit,
};
