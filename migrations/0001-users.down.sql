-- All users, sessions and API keys are lost.

DROP TABLE api_keys;
DROP TABLE lockouts;
DROP TABLE refresh_tokens;
DROP TABLE sessions;
DROP TABLE users;
