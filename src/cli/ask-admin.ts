import type { ListenConfig } from '../config/config.ts';
import { formatListen } from '../config/listen.ts';
import { visible } from '../config/render/terminal.ts';
import { Fault } from '../upstreams/discovery/fault.ts';
import { askJson } from '../upstreams/discovery/http.ts';
import { ExitError } from './exit.ts';
import { readAdminConfig, TOKEN_VARIABLE } from './read-config.ts';

/** Where to ask, and what to say when that fails. */
export interface AdminAddress {
  readonly url: string;
  /** Empty = none. */
  readonly token: string;
  /** Where the token comes from, or has to. */
  readonly tokenSource: string;
  /** What to look at when nobody answers there. */
  readonly advice: string;
}

/** What a command asks a running gateway. */
export interface AdminQuestion {
  readonly path: string;
  /** Sent with POST, as JSON. */
  readonly body?: unknown;
  /** When not the one that goes with the body. */
  readonly method?: 'POST';
  /** Beside that with the token. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What it is about, for people: an older gateway knows none. */
  readonly what: string;
  /** For the whole answer, in milliseconds. */
  readonly timeout: number;
  /** Beside 200, those whose JSON says something that the command can use. */
  readonly statuses?: readonly number[];
}

/**
 * Where the admin listener of the running gateway is, and the token for it.
 *
 * @param admin its URL; undefined = that of the configuration
 * @param config the path of the configuration
 * @throws ExitError 2 when it is not known
 */
export async function adminAddress(admin: string | undefined, config: string): Promise<AdminAddress> {
  return admin === undefined ? addressIn(config) : addressOf(admin);
}

/**
 * Asks the admin listener.
 *
 * @throws ExitError 1 when it gives no answer that can be used, 2 when the token cannot be sent
 */
export async function askAdmin(
  address: AdminAddress,
  { path, body, method, headers, what, timeout, statuses }: AdminQuestion,
): Promise<{ readonly status: number; readonly json: unknown }> {
  const url = new URL(address.url + path);
  const question = { url, headers: { ...headers, ...authorizationFor(address) }, body, method, statuses };
  const answer = await askJson(question, timeout, new AbortController().signal);
  if (answer instanceof Fault) throw new ExitError(1, adminFailure(answer, address, what));
  return answer;
}

/** @throws ExitError 2 when the token cannot be sent */
export function authorizationFor({ token, tokenSource }: AdminAddress): Readonly<Record<string, string>> {
  // RFC 9110 section 5.5: a field value is text without controls.
  if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(token)) {
    throw new ExitError(2, `${tokenSource} has a character that cannot be sent: expected the token, on one line`);
  }
  return token === '' ? {} : { authorization: `Bearer ${token}` };
}

/** What is said of an answer that is not what was asked for. @param is such as `no list of upstreams` */
export function unexpected({ url, advice }: AdminAddress, is: string): string {
  const { origin } = new URL(url);
  return `${origin} answered something that is ${is}: expected the admin listener of a gateway of this version; ${advice}`;
}

/** The address in a configuration. One that stands for every interface is asked over loopback. */
async function addressIn(file: string): Promise<AdminAddress> {
  const own = process.env[TOKEN_VARIABLE] ?? '';
  const { listen, token } = await readAdminConfig(file, own);
  const advice = `is gatewayctl serve running? admin.listen is ${formatListen(listen)} in ${file}`;
  if (listen.port === 0) {
    throw new ExitError(
      2,
      `admin.listen is ${formatListen(listen)} in ${file}, which is any free port: name the one that gatewayctl serve printed with --admin http://127.0.0.1:PORT`,
    );
  }
  return {
    url: `http://${formatListen(reachable(listen))}`,
    token,
    tokenSource: own === '' ? `admin.token in ${file}` : TOKEN_VARIABLE,
    advice,
  };
}

function reachable({ host, port }: ListenConfig): ListenConfig {
  if (host === '::') return { host: '::1', port };
  return { host: host === '' || host === '0.0.0.0' ? '127.0.0.1' : host, port };
}

function addressOf(admin: string): AdminAddress {
  const url = URL.canParse(admin) ? new URL(admin) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol) || url.search !== '' || url.hash !== '') {
    throw new ExitError(2, `--admin: found ${quoted(admin)}, expected a URL such as http://127.0.0.1:9901`);
  }
  return {
    url: url.href.replace(/\/+$/, ''),
    token: process.env[TOKEN_VARIABLE] ?? '',
    tokenSource: TOKEN_VARIABLE,
    advice: 'is gatewayctl serve running, and is this its admin listener? it is what --admin says',
  };
}

/** What is said when there is no answer that can be used. @param what it is about, for people */
export function adminFailure({ cause, status }: Fault, address: AdminAddress, what: string): string {
  const { token, tokenSource, advice } = address;
  const { origin } = new URL(address.url);
  if (status === 401) {
    return token === ''
      ? `${origin} wants the admin token, and there is none in ${tokenSource}: set ${TOKEN_VARIABLE} to the admin.token of the gateway`
      : `${origin} does not accept the token in ${tokenSource}: set ${TOKEN_VARIABLE} to the admin.token that the gateway runs with`;
  }
  if (status === 404)
    return `${origin} knows no ${what}: expected the admin listener of a gateway of this version; ${advice}`;
  if (status === 421)
    return `${origin} does not answer to that name: an admin listener on loopback has to be called 127.0.0.1, localhost or [::1]`;
  return `${cause}; ${advice}`;
}

/** A text that somebody typed, as it is told back to them. */
export function quoted(name: string): string {
  return visible(JSON.stringify(name));
}
