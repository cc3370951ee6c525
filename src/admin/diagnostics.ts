import { closed, TEXT, type Part } from '../users/openapi.ts';

/** The schema of a finding in a configuration, for all operations that show some. */
export const DIAGNOSTICS = {
  Diagnostic: closed({
    code: { type: 'string', description: 'Stable: docs/diagnostics.md has all of them.' },
    severity: { enum: ['error', 'warning'] },
    message: TEXT,
    hint: { type: ['string', 'null'], description: 'What to write instead.' },
    file: TEXT,
    path: { type: 'string', description: 'The key, as `routes[0].match.path`; empty for the whole file.' },
    line: { type: 'integer', minimum: 1 },
    column: { type: 'integer', minimum: 1, description: 'In characters.' },
    length: { type: 'integer', minimum: 1, description: 'How much is at fault, in characters.' },
    frame: { type: 'string', description: 'The lines around it with numbers and a caret, secrets masked.' },
  }),
} as const satisfies Readonly<Record<string, Part>>;
