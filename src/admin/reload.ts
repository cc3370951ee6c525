import type { Router } from '@koa/router';
import type { ConfigState, NotReloaded, ReloadOutcome } from '../gateway/config-state.ts';
import type { Logger } from '../observability/log.ts';
import { closed, reference, TEXT, type Part } from '../users/openapi.ts';
import {
  addOperation,
  bodyOf,
  callerOf,
  readTarget,
  type CallContext,
  type ProblemAnswer,
  type Result,
} from './call.ts';
import { conditionsOf, holds, IF_MATCH } from './conditions.ts';
import { configTag } from './config.ts';
import type { Area, Described } from './openapi.ts';

export interface ReloadOptions {
  /** Told who wanted it. */
  readonly logger: Pick<Logger, 'info'>;
  readonly configuration: ConfigState;
  /**
   * Reads the configuration again.
   *
   * @param mayReplace asked just before the files are read
   * @returns what came of a reading that began after the call
   */
  reload(mayReplace: () => boolean): Promise<ReloadOutcome | NotReloaded>;
  readonly problem: ProblemAnswer;
}

const RELOAD: Described = {
  method: 'POST',
  path: '/reload',
  summary: 'Read the configuration again, now, and answer when that is over',
  parameters: [IF_MATCH],
  successes: [{ status: 200, schema: 'Reloaded', description: 'What is in the files serves' }],
  problems: ['invalid-request', 'invalid-body', 'precondition-failed', 'reload-refused', 'reload-failed'],
};

const SCHEMAS = {
  Reloaded: closed({
    outcome: { enum: ['reloaded', 'unchanged'] },
    hash: TEXT,
    diagnostics: { type: 'array', items: reference('Diagnostic'), description: 'Warnings, at most 100.' },
  }),
} as const satisfies Readonly<Record<string, Part>>;

/** In seconds: what hinders a configuration, such as an address that is taken, is seldom over at once. */
const RETRY = 5;

/**
 * Adds the reload. Whoever calls it has shown the admin token already, when there is one; without one everybody who
 * reaches the listener may reload, which takes over nothing but what is in the files.
 *
 * @returns what the OpenAPI document says of it
 */
export function reloadRoutes(router: Router, options: ReloadOptions): Area {
  addOperation(router, RELOAD, async (context) => answer(context, options), options.problem);
  return {
    tag: { name: 'reload', description: 'Another configuration' },
    operations: { reload: RELOAD },
    schemas: SCHEMAS,
  };
}

async function answer(context: CallContext, { logger, configuration, ...options }: ReloadOptions): Promise<Result> {
  const caller = callerOf(context);
  const query = readTarget(context, []);
  if ('problem' in query) return query;
  const conditions = conditionsOf(context);
  if ('problem' in conditions) return conditions;
  const body = await bodyOf(context.req);
  if (body === undefined) return { problem: 'invalid-request' };
  if (body.length > 0) return { problem: 'invalid-body', detail: 'a reload takes no body: the files are read' };
  const outcome = await options.reload(() => holds(conditions, tagsOf(configuration)));
  if (outcome === 'not-to-be-replaced')
    return { problem: 'precondition-failed', detail: 'another configuration serves' };
  if (outcome === 'stopping') return failed('the gateway stops');
  const { kind, message, hash, diagnostics } = outcome;
  logger.info({ outcome: kind, hash, ...caller }, 'configuration reloaded by an administrator');
  if (kind === 'refused') return { problem: 'reload-refused', detail: message, diagnostics };
  if (kind === 'failed') return failed(message);
  return { json: { outcome: kind, hash, diagnostics } };
}

/** What names the configuration that serves: its hash, and the entity tag of its files. */
function tagsOf(configuration: ConfigState): readonly string[] {
  return [`"${configuration.config.hash}"`, configTag(configuration)];
}

function failed(detail: string | undefined): Result {
  return { problem: 'reload-failed', detail, headers: [['retry-after', String(RETRY)]] };
}
