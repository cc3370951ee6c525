import type { User } from './repository.ts';
import type { UserSession } from './sessions.ts';

/** A user as the APIs show it. */
export function shownUser({ id, email, role, createdAt }: Pick<User, 'id' | 'email' | 'role' | 'createdAt'>): object {
  return { id, email, role: role === '' ? null : role, created_at: createdAt.toISOString() };
}

/** A session as the APIs show it. */
export function shownSession(session: UserSession): object {
  return {
    id: session.id,
    created_at: session.createdAt.toISOString(),
    last_used_at: session.lastUsedAt.toISOString(),
    expires_at: session.expiresAt.toISOString(),
    client: session.client,
    user_agent: session.userAgent,
  };
}
