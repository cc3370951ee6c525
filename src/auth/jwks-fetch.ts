/** Why a key set could not be fetched. */
export type FetchFault = 'unreachable' | 'timeout' | 'status' | 'redirect' | 'too-large';

const MAX_BYTES = 1024 * 1024;
const MAX_REDIRECTS = 3;

/** 127.0.0.0/8 and ::1, as URL writes them, and the name that means them (RFC 6761 section 6.3). */
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/**
 * The URL of a key set. Whoever can change the answer can sign tokens, so that it is https, or http to this machine.
 *
 * @returns undefined for any other
 */
export function jwksUrl(text: string): URL | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  return isTrusted(url) && url.username === '' && url.password === '' ? url : undefined;
}

function isTrusted({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || (protocol === 'http:' && LOOPBACK.test(hostname));
}

/**
 * Fetches the text of a key set: 1 MiB at the most, over redirects within the same origin only.
 *
 * @param url see {@link jwksUrl}
 * @param timeout for all of it, in milliseconds
 */
export async function fetchJwkSet(url: URL, timeout: number): Promise<{ readonly text: string } | FetchFault> {
  const signal = AbortSignal.timeout(timeout);
  try {
    let target = url;
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
      const headers = { accept: 'application/jwk-set+json, application/json' };
      const response = await fetch(target, { redirect: 'manual', signal, headers });
      const { status } = response;
      if (status === 200) return await textOf(response);
      await response.body?.cancel();
      if (![301, 302, 303, 307, 308].includes(status)) return 'status';
      const location = response.headers.get('location');
      if (location === null || !URL.canParse(location, target.href)) return 'redirect';
      target = new URL(location, target);
      if (target.origin !== url.origin) return 'redirect';
    }
    return 'redirect';
  } catch {
    return signal.aborted ? 'timeout' : 'unreachable';
  }
}

async function textOf(response: Response): Promise<{ readonly text: string } | FetchFault> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const { body } = response;
  if (body === null) return { text: '' };
  // Counted as it comes: Content-Length is only what somebody says. Leaving the loop cancels the rest.
  for await (const chunk of body) {
    length += chunk.length;
    if (length > MAX_BYTES) return 'too-large';
    chunks.push(chunk);
  }
  return { text: Buffer.concat(chunks).toString('utf8') };
}
