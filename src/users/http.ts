import type { Identity } from '../auth/identity.ts';
import { DatabaseUnavailable } from '../database/failures.ts';
import type { Caller, Issued, Origin } from './account-results.ts';
import type { Accounts } from './accounts.ts';
import {
  busy,
  CHALLENGE,
  DATABASE_RETRY,
  faulty,
  invalidEmail,
  json,
  locked,
  noContent,
  retryAfter,
  unauthorized,
  weakPassword,
} from './answers.ts';
import { clearCookies, cookieIn, CSRF_HEADER, REFRESH_COOKIE, setCookies } from './cookies.ts';
import type { CsrfTokens } from './csrf.ts';
import { readFields, type FieldValues } from './json-fields.ts';
import { openApiDocument, type OpenApiOptions } from './openapi.ts';
import { operations, takesAccess, type Operation, type OperationName } from './operations.ts';
import { problemAnswer, type Header, type IdentityAnswer } from './problems.ts';
import { shownSession, shownUser } from './shown.ts';

/** A request to the identity API, whichever engine has read it. */
export interface IdentityRequest {
  readonly method: string;
  /** Below the identity's own path, with its slash: `/login`. */
  readonly path: string;
  /** By its lower-case name. */
  header(name: string): string | undefined;
  readonly client: { readonly address: string; readonly scheme: 'http' | 'https' };
  /** What the client calls this gateway: a host, with its port unless it is the scheme's own. */
  readonly authority: string;
  /** Whole; one of more than `MAX_BODY_BYTES` is answered 413, so that no more of it than that need be read. */
  readonly body: Buffer | undefined;
  /** Of what was verified: Authorization or, with cookies, the access token; undefined when there was nothing valid. */
  readonly identity: Identity | undefined;
  readonly requestId: string;
}

/** @returns how long to wait, in seconds; 0 = it may pass. `headers` go into the answer either way */
export type RateLimit = (client: { readonly address: string }) => RateVerdict | Promise<RateVerdict>;

export interface RateVerdict {
  readonly retryAfter: number;
  readonly headers?: readonly Header[];
}

export interface IdentityApiParts {
  readonly accounts: Accounts;
  /** Needed for cookies alone. */
  readonly csrf: CsrfTokens;
  /** For operations that guess or cost; undefined = no limit. */
  readonly limit?: RateLimit | undefined;
  /**
   * Whether pages of another origin may act by the refresh cookie: those that CORS lets in with credentials. Undefined =
   * pages of the gateway's own origin alone.
   *
   * @param origin as the Origin header has it
   */
  readonly mayAct?: ((origin: string) => boolean) | undefined;
}

export interface IdentityApi {
  /** Answers a request; HEAD is answered as GET, and the server leaves the body out. What it throws is a bug. */
  handle(request: IdentityRequest): Promise<IdentityAnswer>;
}

/** What an operation does once its body has been read and its credentials were seen. */
type Handler = (call: Call) => Promise<IdentityAnswer> | IdentityAnswer;

interface Call {
  readonly request: IdentityRequest;
  readonly values: FieldValues;
  /** What `{id}` stands for. */
  readonly id: string;
  readonly origin: Origin;
}

const EMPTY_OBJECT = Buffer.from('{}');

/**
 * The HTTP API of the built-in identity. Where registration is closed, `register` is 403 and not 404: that there is such
 * a path is no secret, and an operator who looks for the reason finds it.
 */
export function identityApi(options: OpenApiOptions, parts: IdentityApiParts): IdentityApi {
  const { path: prefix, transport } = options;
  const { accounts, csrf, limit, mayAct = () => false } = parts;
  const table = operations(transport);
  const document = JSON.stringify(openApiDocument(options));
  const usesCookies = transport === 'cookie';
  const cleared = usesCookies ? clearCookies(prefix) : [];

  const tokens = (issued: Issued): IdentityAnswer => {
    const { accessToken, refreshToken, expiresIn, refreshExpiresIn, sessionId } = issued;
    if (!usesCookies)
      return json(200, {
        access_token: accessToken,
        refresh_token: refreshToken,
        token_type: 'Bearer',
        expires_in: expiresIn,
      });
    const csrfToken = csrf.tokenFor(sessionId);
    const cookies = {
      access: { token: accessToken, maxAge: expiresIn },
      refresh: { token: refreshToken, maxAge: refreshExpiresIn },
      csrf: csrfToken,
    };
    const body = { token_type: 'Cookie', expires_in: expiresIn, csrf_token: csrfToken };
    return json(200, body, setCookies(cookies, prefix));
  };

  const refreshTokenOf = (request: IdentityRequest): string => cookieIn(request.header('cookie'), REFRESH_COOKIE) ?? '';
  /** The session that the CSRF token of a request is for; undefined when it has no valid one. */
  const provenSession = (request: IdentityRequest): string | undefined =>
    csrf.sessionOf(request.header(CSRF_HEADER) ?? '');

  /**
   * With cookies alone. They are cleared only for who has shown a CSRF token: a request of another site comes without
   * the cookies (SameSite), so that none of them being there does not say that there are none to lose, and browsers take
   * what is set in the answer to a form of another site.
   */
  const logoutByRefresh = async ({ request, values }: Call): Promise<IdentityAnswer> => {
    const { requestId, identity } = request;
    const sessionId = provenSession(request);
    if (sessionId === undefined) return problemAnswer('csrf-refused', requestId);
    const result = await accounts.logoutByRefresh(refreshTokenOf(request), sessionId, values.flag('all'));
    if (result === undefined) return noContent(cleared);
    return result.fault === 'foreign-session'
      ? problemAnswer('csrf-refused', requestId)
      : unauthorized(identity, requestId, cleared);
  };

  const handlers: Record<OperationName, Handler> = {
    async register({ request: { requestId }, values }) {
      const result = await accounts.register(values.text('email'), values.text('password'));
      if ('user' in result) return json(201, shownUser(result.user));
      switch (result.fault) {
        case 'registration-closed':
        case 'email-taken':
          return problemAnswer(result.fault, requestId);
        case 'busy':
          return busy(requestId);
        case 'invalid-email':
          return invalidEmail(requestId);
        case 'password-too-short':
        case 'password-too-long':
        case 'password-invalid-character':
        case 'password-common':
          return weakPassword('/password', result.fault, requestId);
      }
    },

    async login({ request: { requestId }, values, origin }) {
      const result = await accounts.login(values.text('email'), values.text('password'), origin);
      if ('issued' in result) return tokens(result.issued);
      switch (result.fault) {
        case 'invalid-email':
          return invalidEmail(requestId);
        case 'invalid-credentials':
          return problemAnswer(result.fault, requestId, { headers: [CHALLENGE] });
        case 'locked':
          return locked(result.retryAfter, requestId);
        case 'busy':
          return busy(requestId);
      }
    },

    async refresh({ request, values }) {
      const { requestId } = request;
      let token = values.text('refresh_token');
      let sessionId: string | undefined;
      if (usesCookies) {
        token = refreshTokenOf(request);
        // The access token has expired, as a rule: the session is the one that the CSRF token is for.
        sessionId = provenSession(request);
      }
      const result = await accounts.refresh(token, sessionId);
      if ('issued' in result) return tokens(result.issued);
      // The cookies of the one that was first must not be taken away by the one that was beaten, nor by another site: see
      // logoutByRefresh.
      const headers = result.fault === 'beaten' || sessionId === undefined ? [] : cleared;
      return problemAnswer('invalid-refresh-token', requestId, { headers: [CHALLENGE, ...headers] });
    },

    async logout(call) {
      const { request, values } = call;
      const { identity, requestId } = request;
      if (identity === undefined) return logoutByRefresh(call);
      const fault = await accounts.logout(identity, values.flag('all'));
      if (fault === undefined) return noContent(cleared);
      // Cookies that came with their proof, and are of no use any more.
      return unauthorized(identity, requestId, request.header('authorization') === undefined ? cleared : []);
    },

    async changePassword({ request: { identity, requestId }, values, origin }) {
      const [current, next] = [values.text('current_password'), values.text('new_password')];
      const result = await accounts.changePassword(identity, current, next, origin);
      if (result === undefined) return noContent();
      switch (result.fault) {
        case 'unauthorized':
          return unauthorized(identity, requestId);
        case 'invalid-credentials':
          // Not 401: a client would refresh its tokens and try the wrong password again.
          return faulty([{ pointer: '/current_password', code: 'wrong-password', detail: 'is wrong' }], requestId);
        case 'locked':
          return locked(result.retryAfter, requestId);
        case 'busy':
          return busy(requestId);
        case 'password-too-short':
        case 'password-too-long':
        case 'password-invalid-character':
        case 'password-common':
          return weakPassword('/new_password', result.fault, requestId);
      }
    },

    async getMe({ request: { identity, requestId } }) {
      const caller = await accounts.me(identity);
      return caller === undefined ? unauthorized(identity, requestId) : json(200, shownCaller(caller));
    },

    async listSessions({ request: { identity, requestId } }) {
      const found = await accounts.sessions(identity);
      if (found === undefined) return unauthorized(identity, requestId);
      return json(200, {
        sessions: found.sessions.map((session) => ({
          ...shownSession(session),
          current: session.id === found.current,
        })),
      });
    },

    async endSession({ request: { identity, requestId }, id }) {
      const result = await accounts.endSession(identity, id);
      if (result === undefined) return noContent(identity?.sessionId === id ? cleared : []);
      return result.fault === 'unauthorized'
        ? unauthorized(identity, requestId)
        : problemAnswer('session-not-found', requestId);
    },

    getOpenApi: () => ({
      status: 200,
      headers: [
        ['content-type', 'application/json'],
        ['cache-control', 'no-cache'],
      ],
      body: document,
    }),
  };

  const routes = Object.entries(table).map(([name, operation]) => ({ name, operation, pattern: patternOf(operation) }));

  /** Whether a page of another origin says that it has sent a request. Other clients send no Origin. */
  const isForeign = (request: IdentityRequest): boolean => {
    const origin = request.header('origin');
    const own = `${request.client.scheme}://${request.authority}`;
    return origin !== undefined && origin.toLowerCase() !== own.toLowerCase() && !mayAct(origin);
  };

  /** What is wrong with who sends a request, as far as nobody has to be asked; undefined = nothing. */
  const refusal = (operation: Operation, request: IdentityRequest): IdentityAnswer | undefined => {
    const { identity, requestId } = request;
    const refused = (): IdentityAnswer => problemAnswer('csrf-refused', requestId);
    if (takesAccess(operation) && identity !== undefined) {
      // Authorization needs no proof: no other site can send it.
      if (!usesCookies || operation.method === 'GET' || request.header('authorization') !== undefined) return undefined;
      return provenSession(request) === identity.sessionId ? undefined : refused();
    }
    switch (operation.credentials) {
      case 'none':
        return undefined;
      case 'access':
        return unauthorized(identity, requestId);
      case 'access-or-refresh-cookie':
        // Cookies count only where there is no Authorization.
        if (request.header('authorization') !== undefined) return unauthorized(identity, requestId);
        if (provenSession(request) === undefined && refreshTokenOf(request) === '')
          return unauthorized(identity, requestId);
        break;
      case 'refresh-cookie':
        if (!isForeign(request) && refreshTokenOf(request) === '') return undefined;
        break;
    }
    return isForeign(request) || provenSession(request) === undefined ? refused() : undefined;
  };

  /**
   * Whether a page of another site can make a browser send this without being asked for first (CORS): it must not use up
   * the limit of whoever looks at that page. It is refused by all operations that are limited, before anything is done
   * for it: their bodies have members that must be there, and the refresh cookie needs its proof.
   */
  const isUnasked = (operation: Operation, request: IdentityRequest): boolean =>
    operation.credentials === 'refresh-cookie'
      ? isForeign(request) || provenSession(request) === undefined
      : 'fault' in readFields(EMPTY_OBJECT, request.header('content-type'), []);

  const answer = async (name: OperationName, id: string, request: IdentityRequest): Promise<IdentityAnswer> => {
    const operation = table[name];
    const { requestId, client } = request;
    const counts = operation.limited && !isUnasked(operation, request);
    const verdict = counts ? await limit?.(client) : undefined;
    const headers = verdict?.headers ?? [];
    if (verdict !== undefined && verdict.retryAfter > 0) {
      return problemAnswer('too-many-requests', requestId, { headers: [retryAfter(verdict.retryAfter), ...headers] });
    }
    const answered = await answerAllowed(name, operation, id, request);
    return { ...answered, headers: [...answered.headers, ...headers] };
  };

  const answerAllowed = async (
    name: OperationName,
    operation: Operation,
    id: string,
    request: IdentityRequest,
  ): Promise<IdentityAnswer> => {
    const { requestId, client } = request;
    const refused = refusal(operation, request);
    if (refused !== undefined) return refused;
    const read = readFields(
      operation.body === undefined ? undefined : request.body,
      request.header('content-type'),
      operation.body ?? [],
    );
    if ('errors' in read) return faulty(read.errors, requestId);
    if ('fault' in read) {
      return read.fault === 'too-large'
        ? problemAnswer('body-too-large', requestId)
        : problemAnswer('unsupported-media-type', requestId, { headers: [['accept', 'application/json']] });
    }
    const origin = { address: client.address, userAgent: request.header('user-agent') ?? '' };
    return handlers[name]({ request, values: read.values, id, origin });
  };

  return {
    async handle(request) {
      const { requestId, path } = request;
      const method = request.method === 'HEAD' ? 'GET' : request.method;
      const matching = routes.flatMap(({ name, operation, pattern }) => {
        const match = pattern.exec(path);
        return match === null ? [] : [{ name, operation, id: match[1] ?? '' }];
      });
      if (matching.length === 0) return problemAnswer('route-not-found', requestId);
      const chosen = matching.find(({ operation }) => operation.method === method);
      if (chosen === undefined || !isOperation(chosen.name, table)) {
        const allowed = matching.map(({ operation }) => (operation.method === 'GET' ? 'GET, HEAD' : operation.method));
        return problemAnswer('method-not-allowed', requestId, { headers: [['allow', allowed.join(', ')]] });
      }
      try {
        return await answer(chosen.name, chosen.id, request);
      } catch (error) {
        if (!(error instanceof DatabaseUnavailable)) throw error;
        return problemAnswer('database-unavailable', requestId, { headers: [retryAfter(DATABASE_RETRY)] });
      }
    },
  };
}

function isOperation(name: string, table: Readonly<Record<OperationName, Operation>>): name is OperationName {
  return Object.hasOwn(table, name);
}

/** Paths have neither dots nor anything else that a pattern would read, but for `/openapi.json`. */
function patternOf({ path }: Operation): RegExp {
  return new RegExp(`^${path.replace('.', '\\.').replace('{id}', '([^/]+)')}$`);
}

function shownCaller(caller: Caller): object {
  return { ...shownUser(caller), session_id: caller.sessionId };
}
