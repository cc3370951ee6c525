import type { Router } from '@koa/router';
import type { ConfigState } from '../gateway/config-state.ts';
import { closed, TEXT, TIME, type Part } from '../users/openapi.ts';
import { addOperation, readTarget, type CallContext, type ProblemAnswer, type Result } from './call.ts';
import { answerTagged, conditionsOf, ETAG, IF_NONE_MATCH, NOT_MODIFIED, tagOf } from './conditions.ts';
import type { Area, Described } from './openapi.ts';

export interface ConfigOptions {
  readonly configuration: ConfigState;
  readonly problem: ProblemAnswer;
}

const CONFIG: Described = {
  method: 'GET',
  path: '/config',
  summary: 'The files of the configuration that serves, secrets masked',
  parameters: [IF_NONE_MATCH],
  successes: [
    { status: 200, schema: 'Config', description: 'As they were when it was read', headers: ETAG },
    NOT_MODIFIED,
  ],
  problems: ['invalid-request', 'precondition-failed'],
};

const SCHEMAS = {
  Config: closed({
    hash: { type: 'string', description: 'Of what serves. In quotes it is what If-Match of a reload takes.' },
    file: { type: 'string', description: 'The first of them, as it was named at the start.' },
    loaded_at: TIME,
    files: { type: 'array', items: closed({ path: TEXT, text: TEXT }) },
  }),
} as const satisfies Readonly<Record<string, Part>>;

/**
 * Adds the texts of the configuration. Whoever calls it has shown the admin token already, when there is one; without one
 * everybody who reaches the listener sees them.
 *
 * @returns what the OpenAPI document says of it
 */
export function configRoutes(router: Router, { configuration, problem }: ConfigOptions): Area {
  const answer = async (context: CallContext): Promise<Result> => {
    const query = readTarget(context, []);
    if ('problem' in query) return query;
    const conditions = conditionsOf(context);
    return 'problem' in conditions ? conditions : answerTagged(conditions, shownConfig(configuration));
  };
  addOperation(router, CONFIG, answer, problem);
  return {
    tag: { name: 'configuration', description: 'What serves, and how another one takes over' },
    operations: { getConfig: CONFIG },
    schemas: SCHEMAS,
  };
}

type Reading = Pick<ConfigState, 'config' | 'file' | 'loadedAt' | 'files'>;

/** The body of `GET /api/v1/config`. */
function shownConfig({ config, file, loadedAt, files }: Reading): object {
  return {
    hash: config.hash,
    file,
    loaded_at: new Date(loadedAt).toISOString(),
    files: [...files].map(([path, text]) => ({ path, text })),
  };
}

/** By the files that were read: each reading has others. */
const tags = new WeakMap<Reading['files'], string>();

/** The entity tag of that body, worked out once for each reading: the files may be many. */
export function configTag(reading: Reading): string {
  const tag = tags.get(reading.files) ?? tagOf(shownConfig(reading));
  tags.set(reading.files, tag);
  return tag;
}
