import { createHmac, hkdfSync, timingSafeEqual, type KeyObject } from 'node:crypto';

/** Proofs that a request was made by a page that can read the gateway's cookies, and not by another site. */
export interface CsrfTokens {
  /** The token of a session: the same each time, as long as the key is. */
  tokenFor(sessionId: string): string;
  /** The session that a token is for; undefined when nobody here has made it. */
  sessionOf(token: string): string | undefined;
}

export interface CsrfKeys {
  /** What a new token is made with. All instances must have it: the key that signs access tokens will do. */
  readonly current: () => KeyObject;
  /** With which a token may have been made, the current one included: asked for each token, since keys come and go. */
  readonly all: () => readonly KeyObject[];
}

const SHAPE = /^([\da-f-]{36})\.([\w-]{43})$/;

/**
 * Tokens that are bound to a session by an HMAC: one that somebody planted, or has from a session of their own, is worth
 * nothing in another. Nothing is stored, so that every instance can verify them, with the database down as well.
 */
export function csrfTokens(keys: CsrfKeys): CsrfTokens {
  // What was derived of a key goes with it.
  const derived = new WeakMap<KeyObject, Buffer>();
  const derivedOf = (key: KeyObject): Buffer => {
    const known = derived.get(key) ?? derive(key);
    derived.set(key, known);
    return known;
  };
  const macOf = (sessionId: string, key: KeyObject): Buffer =>
    createHmac('sha256', derivedOf(key)).update(sessionId).digest();
  return {
    tokenFor(sessionId) {
      return `${sessionId}.${macOf(sessionId, keys.current()).toString('base64url')}`;
    },
    sessionOf(token) {
      const [, sessionId, mac] = SHAPE.exec(token) ?? [];
      if (sessionId === undefined || mac === undefined) return undefined;
      const given = Buffer.from(mac, 'base64url');
      return keys.all().some((key) => timingSafeEqual(macOf(sessionId, key), given)) ? sessionId : undefined;
    },
  };
}

/** A key of its own: what is made with it says nothing about signatures that are made with the key itself. */
function derive(key: KeyObject): Buffer {
  const bytes = key.type === 'secret' ? key.export() : key.export({ type: 'pkcs8', format: 'der' });
  return Buffer.from(hkdfSync('sha256', bytes, '', 'gatewayctl csrf', 32));
}
