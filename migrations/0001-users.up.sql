-- Users, sessions, refresh tokens, lockouts and API keys.

CREATE TABLE users (
  id            uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
  email         text        NOT NULL,
  password_hash text        NOT NULL,
  role          text        NOT NULL,
  role_version  integer     NOT NULL DEFAULT 1,
  disabled      boolean     NOT NULL DEFAULT false,
  created_at    timestamptz NOT NULL DEFAULT now(),
  updated_at    timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT users_email_key UNIQUE (email)
);
COMMENT ON TABLE users IS 'Who can log in with a password.';
COMMENT ON COLUMN users.email IS 'Normalised by the gateway before it is stored and before it is looked up.';
COMMENT ON COLUMN users.role IS 'A name from the configuration, not a reference: roles are not kept here.';
COMMENT ON COLUMN users.role_version IS 'Goes up with every change of role and when the user is disabled: tokens that carry an older one are refused.';

-- Lists of users are paged in this order.
CREATE INDEX users_created_at_idx ON users (created_at, id);

CREATE TABLE sessions (
  id           uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id      uuid        NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  created_at   timestamptz NOT NULL DEFAULT now(),
  last_used_at timestamptz NOT NULL DEFAULT now(),
  expires_at   timestamptz NOT NULL,
  revoked_at   timestamptz,
  client       text        NOT NULL DEFAULT '',
  user_agent   text        NOT NULL DEFAULT ''
);
COMMENT ON TABLE sessions IS 'One login of a user, and the family of all refresh tokens that came from it. A revoked one is kept until it expires, so that a token of it that is used again is still known for what it is.';
COMMENT ON COLUMN sessions.client IS 'The address that logged in.';

CREATE INDEX sessions_user_id_idx ON sessions (user_id, created_at);
CREATE INDEX sessions_expires_at_idx ON sessions (expires_at);

CREATE TABLE refresh_tokens (
  hash       bytea       PRIMARY KEY,
  session_id uuid        NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  used_at    timestamptz
);
COMMENT ON TABLE refresh_tokens IS 'Only hashes: what is stored opens nothing. A token is used up by UPDATE … SET used_at = now() WHERE hash = $1 AND used_at IS NULL, in one statement with the INSERT of its successor: the row lock lets exactly one of two concurrent refreshes win. A used one is kept, since its second use is what tells of a theft.';

CREATE INDEX refresh_tokens_session_id_idx ON refresh_tokens (session_id);
CREATE INDEX refresh_tokens_expires_at_idx ON refresh_tokens (expires_at);

CREATE TABLE lockouts (
  email        text        NOT NULL,
  client       text        NOT NULL,
  failures     integer     NOT NULL DEFAULT 0,
  locked_until timestamptz,
  forgotten_at timestamptz NOT NULL,
  PRIMARY KEY (email, client)
);
COMMENT ON TABLE lockouts IS 'Failed logins. Keyed by text and not by user: an e-mail address that nobody has is locked out like any other, or the difference would tell who is registered.';
COMMENT ON COLUMN lockouts.client IS 'The address that failed, of IPv6 its /64; empty = from anywhere: the row of the account alone.';
COMMENT ON COLUMN lockouts.forgotten_at IS 'From then on it is as if there were no row.';

CREATE INDEX lockouts_forgotten_at_idx ON lockouts (forgotten_at);

CREATE TABLE api_keys (
  id         text        PRIMARY KEY,
  name       text        NOT NULL,
  role       text        NOT NULL,
  hash       bytea       NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz,
  revoked_at timestamptz,
  CONSTRAINT api_keys_hash_key UNIQUE (hash)
);
COMMENT ON TABLE api_keys IS 'Only hashes: a key is shown once, when it is made. A key has 256 random bits, so a plain SHA-256 is enough. A revoked one is kept for the list.';
