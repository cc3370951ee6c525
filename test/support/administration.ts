/** An administration in memory, which fails as it is told to. */
import type { Administration, AdministrationFault, ApiKeyRecord, UserRecord } from '../../src/users/administration.ts';

export class FakeAdministration implements Administration {
  users: UserRecord[] = [];
  keys: ApiKeyRecord[] = [];
  /** What every change is refused with. */
  fault: AdministrationFault | undefined;
  /** The names of what was called, with what it was called with. */
  readonly calls: (readonly unknown[])[] = [];

  add(user: Partial<UserRecord>): UserRecord {
    const id = `00000000-0000-4000-8000-${String(this.users.length).padStart(12, '0')}`;
    const email = `user${this.users.length}@example.com`;
    const createdAt = new Date('2026-07-22T10:15:00.123Z');
    const added = { id, email, role: 'viewer', disabled: false, createdAt, sessions: 0, ...user };
    this.users.push(added);
    return added;
  }

  async addUser(email: string, password: string, role: string): ReturnType<Administration['addUser']> {
    this.calls.push(['addUser', email, password, role]);
    return this.#refused() ?? this.add({ email, role });
  }

  async listUsers(options: Parameters<Administration['listUsers']>[0]): ReturnType<Administration['listUsers']> {
    this.calls.push(['listUsers', options]);
    const { search = '', role, limit, after = '0' } = options;
    const found = this.users.filter(
      (user) => user.email.includes(search) && (role === undefined || user.role === role),
    );
    const end = Number(after) + limit;
    return { users: found.slice(Number(after), end), next: end < found.length ? String(end) : undefined };
  }

  async findUser(emailOrId: string): Promise<UserRecord | undefined> {
    return this.users.find(({ id, email }) => id === emailOrId || email === emailOrId);
  }

  async setRole(emailOrId: string, role: string): ReturnType<Administration['setRole']> {
    this.calls.push(['setRole', emailOrId, role]);
    return this.#change(emailOrId, { role });
  }

  async setPassword(emailOrId: string, password: string): ReturnType<Administration['setPassword']> {
    this.calls.push(['setPassword', emailOrId, password]);
    return this.#change(emailOrId, {});
  }

  async setDisabled(emailOrId: string, disabled: boolean): ReturnType<Administration['setDisabled']> {
    this.calls.push(['setDisabled', emailOrId, disabled]);
    return this.#change(emailOrId, { disabled });
  }

  async changeUser(
    emailOrId: string,
    change: Parameters<Administration['changeUser']>[1],
    expects: Parameters<Administration['changeUser']>[2] = () => true,
  ): ReturnType<Administration['changeUser']> {
    this.calls.push(['changeUser', emailOrId, change]);
    const user = await this.findUser(emailOrId);
    if (user !== undefined && !expects(user)) return { fault: 'changed-meanwhile' };
    return this.#change(emailOrId, change);
  }

  async sessionsOf(emailOrId: string): ReturnType<Administration['sessionsOf']> {
    this.calls.push(['sessionsOf', emailOrId]);
    const user = this.#change(emailOrId, {});
    return 'fault' in user ? user : [];
  }

  async endSessions(emailOrId: string, sessionId?: string): ReturnType<Administration['endSessions']> {
    this.calls.push(['endSessions', emailOrId, sessionId]);
    const user = this.#change(emailOrId, {});
    if ('fault' in user) return user;
    return sessionId === undefined ? undefined : { fault: 'unknown-session' };
  }

  async removeUser(emailOrId: string): ReturnType<Administration['removeUser']> {
    this.calls.push(['removeUser', emailOrId]);
    const changed = this.#change(emailOrId, {});
    return 'fault' in changed ? changed : undefined;
  }

  async addKey(name: string, role: string, expiresAt: Date | undefined): ReturnType<Administration['addKey']> {
    this.calls.push(['addKey', name, role, expiresAt]);
    const createdAt = new Date('2026-07-22T10:15:00.123Z');
    const record = { id: '00000000000001', name, role, createdAt, expiresAt, revokedAt: undefined };
    return this.#refused() ?? { key: 'gw_secret', record };
  }

  async listKeys(): Promise<readonly ApiKeyRecord[]> {
    return this.keys;
  }

  async revokeKey(id: string): ReturnType<Administration['revokeKey']> {
    this.calls.push(['revokeKey', id]);
    const key = this.keys.find((each) => each.id === id);
    if (key === undefined) return { fault: 'unknown-key' };
    return this.#refused() ?? { ...key, revokedAt: new Date('2026-07-23T00:00:00Z') };
  }

  #change(emailOrId: string, change: Partial<UserRecord>): UserRecord | { fault: AdministrationFault } {
    const user = this.users.find(({ id, email }) => id === emailOrId || email === emailOrId);
    if (user === undefined) return { fault: 'unknown-user' };
    return this.#refused() ?? { ...user, ...change };
  }

  #refused(): { fault: AdministrationFault } | undefined {
    return this.fault === undefined ? undefined : { fault: this.fault };
  }
}
