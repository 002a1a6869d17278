-- What has no tenant yet or spans all tenants, and the tenants themselves.
CREATE TABLE platform_meta (
  key TEXT NOT NULL PRIMARY KEY,
  value BLOB NOT NULL
) STRICT;

-- The database's clock in milliseconds: leases are measured with it and with nothing else (decisions.md 18).
CREATE VIEW db_clock AS SELECT CAST(unixepoch('subsec') * 1000 AS INTEGER) AS ms;

-- Singletons: a token's poller, the sweeper. The epoch grows with each grant; times are the database's.
CREATE TABLE leases (
  name TEXT NOT NULL PRIMARY KEY,
  holder TEXT NOT NULL,
  epoch INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT;

-- Readiness writes and reads one row per process through the serving pool (reliability.md, F11).
CREATE TABLE heartbeats (
  instance TEXT NOT NULL PRIMARY KEY,
  started_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL
) STRICT;

CREATE TABLE panel_links (
  token_hash TEXT NOT NULL PRIMARY KEY,
  scope TEXT NOT NULL CHECK (scope IN ('tenant', 'platform')),
  bot_instance_id TEXT,
  role TEXT NOT NULL,
  subject TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at INTEGER,
  CHECK ((scope = 'tenant') = (bot_instance_id IS NOT NULL))
) STRICT;

CREATE TABLE panel_sessions (
  sid TEXT NOT NULL PRIMARY KEY,
  scope TEXT NOT NULL CHECK (scope IN ('tenant', 'platform')),
  bot_instance_id TEXT,
  role TEXT NOT NULL,
  subject TEXT NOT NULL,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  revoked_at INTEGER,
  CHECK ((scope = 'tenant') = (bot_instance_id IS NOT NULL))
) STRICT;

CREATE TABLE tenants (
  bot_instance_id TEXT NOT NULL PRIMARY KEY,
  partner_id TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('draft', 'active', 'paused', 'suspended', 'deleted')),
  state_reason TEXT,
  origin TEXT NOT NULL CHECK (origin IN ('file', 'cli', 'panel')),
  paused_by_file INTEGER NOT NULL,
  managed INTEGER NOT NULL,
  bot_id INTEGER NOT NULL,
  bot_username TEXT,
  token_fingerprint TEXT NOT NULL,
  token_sealed BLOB NOT NULL,
  webhook_secret_sealed BLOB NOT NULL,
  provider_key_sealed BLOB,
  data_key_wrapped BLOB NOT NULL,
  telegram_api_url TEXT,
  settings TEXT NOT NULL,
  settings_at INTEGER NOT NULL,
  version INTEGER NOT NULL,
  token_checked_at INTEGER,
  token_error TEXT,
  webhook_url TEXT,
  webhook_checked_at INTEGER,
  webhook_error TEXT,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX tenants_bot_key ON tenants (bot_id) WHERE state <> 'deleted';
CREATE UNIQUE INDEX tenants_token_key ON tenants (token_fingerprint) WHERE state <> 'deleted';

CREATE TABLE admins (
  bot_instance_id TEXT NOT NULL REFERENCES tenants (bot_instance_id),
  user_id INTEGER NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('owner', 'admin')),
  added_at INTEGER NOT NULL,
  PRIMARY KEY (bot_instance_id, user_id)
) STRICT;
