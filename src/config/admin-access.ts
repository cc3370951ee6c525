import type { AdminConfig } from './config.ts';
import type { Diagnostic } from './diagnostic.ts';
import type { GatewayDocument } from './document.types.ts';
import { isRecord } from './path.ts';
import { resolveAdmin } from './resolve.ts';

/** How a running gateway can be asked. */
export interface AdminAccess extends Pick<AdminConfig, 'listen'> {
  /** Empty = none; undefined = it cannot be read, since a variable or a file is missing, or is faulty. */
  readonly token: string | undefined;
}

/**
 * Where the admin listener is, in a configuration that may be faulty. The address does not depend on the token: who has
 * the token from elsewhere can ask without the environment of the service.
 *
 * @param document the whole, before faulty parts are taken out
 * @returns undefined when the address is not known
 */
export function adminAccess(document: unknown, diagnostics: readonly Diagnostic[]): AdminAccess | undefined {
  const isFaulty = (path: string): boolean =>
    diagnostics.some((diagnostic) => diagnostic.severity === 'error' && diagnostic.path === path);
  if (isFaulty('admin') || isFaulty('admin.listen')) return undefined;
  const written: unknown = isRecord(document) ? document['admin'] : undefined;
  const admin: NonNullable<GatewayDocument['admin']> = {};
  if (isRecord(written)) {
    const { listen, token } = written;
    if (typeof listen === 'string') admin.listen = listen;
    if (typeof token === 'string') admin.token = token;
  }
  const { listen, token } = resolveAdmin({ admin });
  return { listen, token: isFaulty('admin.token') ? undefined : token };
}
