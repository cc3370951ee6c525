import { problemOf, readWhole } from '../forwarding/buffered-body.ts';
import type { Verifier } from '../auth/verifier.ts';
import type { Exchange } from '../exchange.ts';
import type { JwkSet } from '../auth/jwk-set.ts';
import { jwksAnswer } from '../users/answers.ts';
import type { IdentityApi } from '../users/http.ts';
import type { IdentityAnswer } from '../users/problems.ts';
import { tokenHolder } from '../users/credentials.ts';
import type { Handler } from './stage.ts';

export interface IdentityOptions {
  /** Where the service's routes begin. */
  readonly path: string;
  readonly api: IdentityApi;
  readonly verifier: Verifier;
  readonly usesCookies: boolean;
  /** The header of API keys, in lower case; undefined when none is accepted. */
  readonly keyHeader: string | undefined;
}

/** A client that sends a few hundred bytes does not pause for long; in milliseconds. */
const BODY_IDLE = 10_000;

/** Answers the requests to the built-in identity. */
export function answerIdentity(options: IdentityOptions): Handler {
  const { path, api } = options;
  return async (exchange) => {
    const body = exchange.body && (await readWhole(exchange.body, BODY_IDLE, (bytes) => exchange.hold(bytes)));
    if (typeof body === 'string') {
      if (body !== 'aborted') exchange.fail(problemOf(body));
      return;
    }
    const answer = await api.handle({
      method: exchange.method,
      path: exchange.path.slice(path.length),
      header: (name) => exchange.header(name),
      client: exchange.client,
      authority: exchange.client.forwardedHost,
      body,
      identity: await tokenHolder(exchange, options),
      requestId: exchange.id,
    });
    write(exchange, answer);
  };
}

/** Answers with the public keys of the built-in identity. */
export function answerJwks(keys: { readonly jwks: JwkSet }): Handler {
  return (exchange) => {
    if (exchange.method !== 'GET' && exchange.method !== 'HEAD') {
      exchange.fail('method-not-allowed', { headers: ['allow', 'GET, HEAD'] });
      return;
    }
    write(exchange, jwksAnswer(keys.jwks));
  };
}

function write(exchange: Exchange, { status, headers, body, problem }: IdentityAnswer): void {
  const bytes = Buffer.from(body, 'utf8');
  const { response } = exchange;
  exchange.problem = problem;
  response.head(status, [
    ...headers.flat(),
    // RFC 9110 section 8.6: a 204 has none.
    ...(status === 204 ? [] : ['content-length', String(bytes.length)]),
  ]);
  if (bytes.length > 0) response.write(bytes);
  response.end();
}
