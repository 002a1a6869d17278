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
  created_at BIGINT NOT NULL,
  last_used_at BIGINT,
  revoked_at BIGINT,
  CHECK ((scope = 'tenant') = (bot_instance_id IS NOT NULL))
);
CREATE UNIQUE INDEX api_keys_hash_key ON api_keys (key_hash);
CREATE INDEX api_keys_tenant ON api_keys (bot_instance_id, created_at);
SELECT botyard_platform_wall('api_keys');

-- What a write of the API answered, sealed, so that the same key gets the same answer for a day. Written with the change itself.
CREATE TABLE api_answers (
  bot_instance_id TEXT NOT NULL,
  caller TEXT NOT NULL,
  idem_key TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  status BIGINT NOT NULL,
  body BYTEA NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (bot_instance_id, caller, idem_key)
);
CREATE INDEX api_answers_age ON api_answers (created_at);
SELECT botyard_wall('api_answers');

-- The same for the platform owner's writes that belong to no tenant yet.
CREATE TABLE api_owner_answers (
  caller TEXT NOT NULL,
  idem_key TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  status BIGINT NOT NULL,
  body BYTEA NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (caller, idem_key)
);
SELECT botyard_platform_wall('api_owner_answers');

-- Where a partner wants to be told of events. The secret that signs them is sealed.
CREATE TABLE webhook_endpoints (
  bot_instance_id TEXT NOT NULL,
  id TEXT NOT NULL,
  url TEXT NOT NULL,
  secret_sealed BYTEA NOT NULL,
  events TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  failing_since BIGINT,
  disabled_at BIGINT,
  disabled_why TEXT,
  PRIMARY KEY (bot_instance_id, id)
);
SELECT botyard_wall('webhook_endpoints');

-- One event for one endpoint, and what came of telling it.
CREATE TABLE webhook_deliveries (
  bot_instance_id TEXT NOT NULL,
  id TEXT NOT NULL,
  endpoint_id TEXT NOT NULL,
  event_id TEXT NOT NULL,
  event TEXT NOT NULL,
  body TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'delivered', 'dead')),
  attempts BIGINT NOT NULL,
  status BIGINT,
  error TEXT,
  created_at BIGINT NOT NULL,
  tried_at BIGINT,
  finished_at BIGINT,
  corr TEXT NOT NULL,
  PRIMARY KEY (bot_instance_id, id),
  FOREIGN KEY (bot_instance_id, endpoint_id) REFERENCES webhook_endpoints (bot_instance_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX webhook_deliveries_event_key ON webhook_deliveries (bot_instance_id, endpoint_id, event_id);
CREATE INDEX webhook_deliveries_time ON webhook_deliveries (bot_instance_id, endpoint_id, created_at, id);
CREATE INDEX webhook_deliveries_age ON webhook_deliveries (created_at);
SELECT botyard_wall('webhook_deliveries');

-- People and bots that are not hosted (again).
CREATE TABLE banned_ids (
  kind TEXT NOT NULL CHECK (kind IN ('person', 'bot')),
  id BIGINT NOT NULL,
  reason TEXT,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (kind, id)
);
SELECT botyard_platform_wall('banned_ids');

-- A way into onboarding for a person who proved who they are; works once, and a newer one of the same person ends it.
CREATE TABLE onboarding_links (
  token_hash TEXT NOT NULL PRIMARY KEY,
  person BIGINT NOT NULL,
  source TEXT NOT NULL CHECK (source IN ('copy', 'platform_bot', 'owner')),
  from_bot TEXT,
  language TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at BIGINT,
  ended_at BIGINT
);
CREATE INDEX onboarding_links_person ON onboarding_links (person, created_at);
SELECT botyard_platform_wall('onboarding_links');

-- A browser of theirs, known by the hash of its cookie.
CREATE TABLE onboarding_visits (
  sid_hash TEXT NOT NULL PRIMARY KEY,
  person BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
SELECT botyard_platform_wall('onboarding_visits');

-- How far a person has come: the bot they are setting up, and a token whose bot still speaks elsewhere, sealed.
CREATE TABLE onboardings (
  person BIGINT NOT NULL PRIMARY KEY,
  tenant TEXT,
  waiting_sealed BYTEA,
  waiting_webhook TEXT,
  updated_at BIGINT NOT NULL
);
SELECT botyard_platform_wall('onboardings');

-- A bot that a person is about to create for the platform's manager: works once, for them alone.
CREATE TABLE pairing_codes (
  code TEXT NOT NULL PRIMARY KEY,
  person BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at BIGINT,
  bot_id BIGINT
);
CREATE INDEX pairing_codes_person ON pairing_codes (person, created_at);
SELECT botyard_platform_wall('pairing_codes');

-- A tenant that is out of service may be removed with all its rows, by the platform; of every other what is immutable stays so.
DO $$
DECLARE name TEXT;
BEGIN
  FOR name IN SELECT c.table_name FROM information_schema.columns c JOIN pg_tables t ON t.tablename = c.table_name
    WHERE t.schemaname = 'public' AND c.table_schema = 'public' AND c.column_name = 'bot_instance_id'
  LOOP
    EXECUTE format('GRANT DELETE ON %I TO botyard_platform', name);
  END LOOP;
END $$;
CREATE OR REPLACE FUNCTION transfers_are_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND EXISTS (
    SELECT 1 FROM tenants t WHERE t.bot_instance_id = OLD.bot_instance_id AND t.state = 'deleted') THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'transfers are immutable' USING ERRCODE = 'restrict_violation';
END $$;
CREATE OR REPLACE FUNCTION audit_is_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND EXISTS (
    SELECT 1 FROM tenants t WHERE t.bot_instance_id = OLD.bot_instance_id AND t.state = 'deleted') THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'the audit log is immutable' USING ERRCODE = 'restrict_violation';
END $$;
CREATE OR REPLACE FUNCTION ledger_seals_are_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND EXISTS (
    SELECT 1 FROM tenants t WHERE t.bot_instance_id = OLD.bot_instance_id AND t.state = 'deleted') THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'seals are immutable' USING ERRCODE = 'restrict_violation';
END $$;
