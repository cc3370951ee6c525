import type { Router } from '@koa/router';
import type { ConfigState, ReloadOutcome } from '../gateway/config-state.ts';
import { closed, reference, TEXT, TIME, type Part } from '../users/openapi.ts';
import type { Health } from './admin.ts';
import { addOperation, readTarget, type CallContext, type ProblemAnswer, type Result } from './call.ts';
import { DIAGNOSTICS } from './diagnostics.ts';
import type { Area, Described } from './openapi.ts';
import type { ShownStatus } from './shown-status.ts';

/** What is asked for a status. */
export interface StatusOptions {
  /** Of the program. */
  readonly version: string;
  /** When the process began to serve, or to look after those that do; in milliseconds of the epoch. */
  readonly startedAt: number;
  readonly configuration: ConfigState;
  /** Why the gateway is not ready for requests; undefined when it is. */
  notReady(): string | undefined;
  health(): Health;
}

const STATUS: Described = {
  method: 'GET',
  path: '/status',
  summary: 'How the gateway fares: what to look at first',
  parameters: [],
  successes: [{ status: 200, schema: 'Status', description: 'Also of a gateway that is not ready' }],
  problems: [],
};

const NULLABLE_TEXT: Part = { type: ['string', 'null'] };
const COUNT: Part = { type: 'integer', minimum: 0 };

const SCHEMAS = {
  ...DIAGNOSTICS,
  Status: closed({
    version: { type: 'string', description: 'Of the program.' },
    started_at: TIME,
    ready: { type: 'boolean', description: 'Whether requests should be sent here, as `/readyz` says it.' },
    reason: {
      ...NULLABLE_TEXT,
      description: 'Why it is not ready: `draining` from the beginning of a stop until the admin listener closes.',
    },
    health: closed({
      database: { ...NULLABLE_TEXT, description: '`ready`, or why it cannot be asked; null = there is none.' },
      redis: { enum: ['up', 'down', null], description: 'null = there is none.' },
      workers: {
        oneOf: [
          {
            type: 'object',
            additionalProperties: { enum: ['starting', 'serving', 'not answering', 'ended'] },
          },
          { type: 'null' },
        ],
        description: 'What each does, by its number; null = one process serves.',
      },
    }),
    config: closed({
      hash: { type: 'string', description: 'Of what serves, with the contents of the files that it names.' },
      file: { type: 'string', description: 'As it was named at the start.' },
      loaded_at: TIME,
      routes: COUNT,
      upstreams: COUNT,
      restart_required: {
        type: 'array',
        items: TEXT,
        description: 'Changed settings that do not count before a restart.',
      },
    }),
    last_reload: reference('LastReload'),
  }),
  LastReload: closed({
    at: TIME,
    outcome: { enum: ['started', 'reloaded', 'unchanged', 'refused', 'failed'] },
    message: { ...NULLABLE_TEXT, description: 'Why it was refused or failed.' },
    diagnostics: { type: 'array', items: reference('Diagnostic'), description: 'Errors first, at most 100.' },
  }),
} as const satisfies Readonly<Record<string, Part>>;

/** The body of `GET /api/v1/status`. */
export function shownStatus({ version, startedAt, configuration, ...options }: StatusOptions): ShownStatus {
  const reason = options.notReady();
  const { database, redis, workers } = options.health();
  const { config, file, loadedAt, restartRequired, lastReload } = configuration;
  return {
    version,
    started_at: timeText(startedAt),
    ready: reason === undefined,
    reason: reason ?? null,
    health: { database: database ?? null, redis: redis ?? null, workers: workers ?? null },
    config: {
      hash: config.hash,
      file,
      loaded_at: timeText(loadedAt),
      routes: config.routes.length,
      upstreams: config.upstreams.length,
      restart_required: restartRequired,
    },
    last_reload: shownOutcome(lastReload),
  };
}

/**
 * Adds the status. Whoever calls it has shown the admin token already, when there is one; without one everybody who
 * reaches the listener sees it.
 *
 * @returns what the OpenAPI document says of it
 */
export function statusRoutes(router: Router, options: StatusOptions & { readonly problem: ProblemAnswer }): Area {
  const answer = async (context: CallContext): Promise<Result> => {
    const query = readTarget(context, []);
    return 'problem' in query ? query : { json: shownStatus(options) };
  };
  addOperation(router, STATUS, answer, options.problem);
  return {
    tag: { name: 'status', description: 'How the gateway fares' },
    operations: { getStatus: STATUS },
    schemas: SCHEMAS,
  };
}

function shownOutcome({ at, kind, message, diagnostics }: ReloadOutcome): ShownStatus['last_reload'] {
  return { at: timeText(at), outcome: kind, message: message ?? null, diagnostics };
}

function timeText(time: number): string {
  return new Date(time).toISOString();
}
