-- The way in for programs, and the way out to them: keys of the API, answers kept for repeated writes, partners' own webhooks;
-- and the way in for new partners.

-- Keys of the API, known by the hash of their text. A tenant's opens its own rows, the platform's is the owner's.
CREATE TABLE api_keys (
  id TEXT NOT NULL PRIMARY KEY,
  key_hash TEXT NOT NULL,
  scope TEXT NOT NULL CHECK (scope IN ('tenant', 'platform')),
  bot_instance_id TEXT,
  name TEXT NOT NULL,
  rights TEXT NOT NULL,
  made_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  last_used_at INTEGER,
  revoked_at INTEGER,
  CHECK ((scope = 'tenant') = (bot_instance_id IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX api_keys_hash_key ON api_keys (key_hash);
CREATE INDEX api_keys_tenant ON api_keys (bot_instance_id, created_at);

-- What a write of the API answered, sealed, so that the same key gets the same answer for a day. Written with the change itself.
CREATE TABLE api_answers (
  bot_instance_id TEXT NOT NULL,
  caller TEXT NOT NULL,
  idem_key TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  status INTEGER NOT NULL,
  body BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (bot_instance_id, caller, idem_key)
) STRICT;
CREATE INDEX api_answers_age ON api_answers (created_at);

-- The same for the platform owner's writes that belong to no tenant yet.
CREATE TABLE api_owner_answers (
  caller TEXT NOT NULL,
  idem_key TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  status INTEGER NOT NULL,
  body BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (caller, idem_key)
) STRICT;

-- Where a partner wants to be told of events. The secret that signs them is sealed.
CREATE TABLE webhook_endpoints (
  bot_instance_id TEXT NOT NULL,
  id TEXT NOT NULL,
  url TEXT NOT NULL,
  secret_sealed BLOB NOT NULL,
  events TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  failing_since INTEGER,
  disabled_at INTEGER,
  disabled_why TEXT,
  PRIMARY KEY (bot_instance_id, id)
) STRICT;

-- One event for one endpoint, and what came of telling it.
CREATE TABLE webhook_deliveries (
  bot_instance_id TEXT NOT NULL,
  id TEXT NOT NULL,
  endpoint_id TEXT NOT NULL,
  event_id TEXT NOT NULL,
  event TEXT NOT NULL,
  body TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'delivered', 'dead')),
  attempts INTEGER NOT NULL,
  status INTEGER,
  error TEXT,
  created_at INTEGER NOT NULL,
  tried_at INTEGER,
  finished_at INTEGER,
  corr TEXT NOT NULL,
  PRIMARY KEY (bot_instance_id, id),
  FOREIGN KEY (bot_instance_id, endpoint_id) REFERENCES webhook_endpoints (bot_instance_id, id) ON DELETE CASCADE
) STRICT;
CREATE UNIQUE INDEX webhook_deliveries_event_key ON webhook_deliveries (bot_instance_id, endpoint_id, event_id);
CREATE INDEX webhook_deliveries_time ON webhook_deliveries (bot_instance_id, endpoint_id, created_at, id);
CREATE INDEX webhook_deliveries_age ON webhook_deliveries (created_at);

-- People and bots that are not hosted (again).
CREATE TABLE banned_ids (
  kind TEXT NOT NULL CHECK (kind IN ('person', 'bot')),
  id INTEGER NOT NULL,
  reason TEXT,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (kind, id)
) STRICT;

-- A way into onboarding for a person who proved who they are; works once, and a newer one of the same person ends it.
CREATE TABLE onboarding_links (
  token_hash TEXT NOT NULL PRIMARY KEY,
  person INTEGER NOT NULL,
  source TEXT NOT NULL CHECK (source IN ('copy', 'platform_bot', 'owner')),
  from_bot TEXT,
  language TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at INTEGER,
  ended_at INTEGER
) STRICT;
CREATE INDEX onboarding_links_person ON onboarding_links (person, created_at);

-- A browser of theirs, known by the hash of its cookie.
CREATE TABLE onboarding_visits (
  sid_hash TEXT NOT NULL PRIMARY KEY,
  person INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT;

-- How far a person has come: the bot they are setting up, and a token whose bot still speaks elsewhere, sealed.
CREATE TABLE onboardings (
  person INTEGER NOT NULL PRIMARY KEY,
  tenant TEXT,
  waiting_sealed BLOB,
  waiting_webhook TEXT,
  updated_at INTEGER NOT NULL
) STRICT;

-- A bot that a person is about to create for the platform's manager: works once, for them alone.
CREATE TABLE pairing_codes (
  code TEXT NOT NULL PRIMARY KEY,
  person INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at INTEGER,
  bot_id INTEGER
) STRICT;
CREATE INDEX pairing_codes_person ON pairing_codes (person, created_at);

-- A tenant that is out of service may be removed with all its rows; of every other what is immutable stays so.
DROP TRIGGER transfers_immutable_delete;
CREATE TRIGGER transfers_immutable_delete BEFORE DELETE ON transfers
WHEN NOT EXISTS (SELECT 1 FROM tenants t WHERE t.bot_instance_id = OLD.bot_instance_id AND t.state = 'deleted')
BEGIN SELECT RAISE(ABORT, 'transfers are immutable'); END;
DROP TRIGGER audit_log_immutable_delete;
CREATE TRIGGER audit_log_immutable_delete BEFORE DELETE ON audit_log
WHEN NOT EXISTS (SELECT 1 FROM tenants t WHERE t.bot_instance_id = OLD.bot_instance_id AND t.state = 'deleted')
BEGIN SELECT RAISE(ABORT, 'the audit log is immutable'); END;
DROP TRIGGER ledger_seals_immutable_delete;
CREATE TRIGGER ledger_seals_immutable_delete BEFORE DELETE ON ledger_seals
WHEN NOT EXISTS (SELECT 1 FROM tenants t WHERE t.bot_instance_id = OLD.bot_instance_id AND t.state = 'deleted')
BEGIN SELECT RAISE(ABORT, 'seals are immutable'); END;
