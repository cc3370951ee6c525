import { keyRing } from '../auth/key-ring.ts';
import { secretSigningKeys, type SigningKeys } from '../auth/signing-keys.ts';
import type { DatabaseConfig, TokensConfig } from '../config/people-config.ts';

/** Which keys the built-in identity signs with. */
export type SigningSettings =
  | { readonly kind: 'secret'; readonly secret: string }
  | {
      readonly kind: 'folder';
      readonly folder: string;
      readonly algorithm: 'RS256' | 'ES256';
      readonly makesFirstKey: boolean;
    };

/** Signing keys that several generations of the gateway hold. */
export interface HeldKeys extends SigningKeys {
  /** Fails with KeyRingFault when there is none to sign with. */
  readonly ready: Promise<void>;
  close(): void;
}

/** With a database of their own several instances may run, and keys that each made for itself would be of no use. */
export function signingSettings(
  { algorithm, keys, secret }: TokensConfig,
  database: Pick<DatabaseConfig, 'url'>,
): SigningSettings {
  if (algorithm === 'HS256' || keys === undefined) return { kind: 'secret', secret: secret ?? '' };
  return { kind: 'folder', folder: keys, algorithm, makesFirstKey: database.url === '' };
}

/** @param onFault told when a folder of keys can no longer be used */
export function holdKeys(settings: SigningSettings, onFault: (message: string) => void): HeldKeys {
  if (settings.kind === 'folder') return keyRing({ ...settings, now: Date.now, onFault });
  return { ...secretSigningKeys(settings.secret), ready: Promise.resolve(), close: () => undefined };
}
