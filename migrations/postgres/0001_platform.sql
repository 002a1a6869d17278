-- What has no tenant yet or spans all tenants, and the tenants themselves.
--
-- Two roles without BYPASSRLS serve every request (decisions.md 1): botyard_tenant sees the rows of the tenant named by
-- the setting app.tenant, botyard_platform sees all rows and is used by store/platform*.rs alone.
DO $$
DECLARE r TEXT;
BEGIN
  FOREACH r IN ARRAY ARRAY['botyard_tenant', 'botyard_platform'] LOOP
    BEGIN
      IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = r) THEN
        EXECUTE format('CREATE ROLE %I NOLOGIN NOBYPASSRLS', r);
      END IF;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
    END;
    IF NOT pg_has_role(current_user, r, 'MEMBER') THEN
      EXECUTE format('GRANT %I TO %I', r, current_user);
    END IF;
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', current_schema(), r);
  END LOOP;
END $$;

-- Puts the walls around a tenant's table: forced row-level security for both roles. A policy holds for the members of its role
-- as well, and the login role is one; so each policy asks which role is set now, and a transaction that set none sees nothing.
CREATE FUNCTION botyard_wall(name TEXT, verbs TEXT DEFAULT 'SELECT, INSERT, UPDATE, DELETE') RETURNS void LANGUAGE plpgsql AS $$
DECLARE own TEXT := 'bot_instance_id = current_setting(''app.tenant'', true) AND current_user = ''botyard_tenant''';
BEGIN
  EXECUTE format('CREATE POLICY tenant ON %I TO botyard_tenant USING (%s) WITH CHECK (%s)', name, own, own);
  EXECUTE format('GRANT %s ON %I TO botyard_tenant', verbs, name);
  PERFORM botyard_platform_wall(name, verbs);
END $$;

-- The same for a table of the platform's own: no tenant may look into it at all.
CREATE FUNCTION botyard_platform_wall(name TEXT, verbs TEXT DEFAULT 'SELECT, INSERT, UPDATE, DELETE') RETURNS void
LANGUAGE plpgsql AS $$
DECLARE all_rows TEXT := 'current_user = ''botyard_platform''';
BEGIN
  EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
  EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
  EXECUTE format('CREATE POLICY platform ON %I TO botyard_platform USING (%s) WITH CHECK (%s)', name, all_rows, all_rows);
  EXECUTE format('GRANT %s ON %I TO botyard_platform', verbs, name);
END $$;

CREATE TABLE platform_meta (
  key TEXT NOT NULL PRIMARY KEY,
  value BYTEA NOT NULL
);
SELECT botyard_platform_wall('platform_meta');

-- The database's clock in milliseconds: leases are measured with it and with nothing else (decisions.md 18).
CREATE VIEW db_clock WITH (security_invoker = true) AS
  SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT) AS ms;
GRANT SELECT ON db_clock TO botyard_tenant, botyard_platform;

-- Singletons: a token's poller, the sweeper. The epoch grows with each grant; times are the database's.
CREATE TABLE leases (
  name TEXT NOT NULL PRIMARY KEY,
  holder TEXT NOT NULL,
  epoch BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
SELECT botyard_platform_wall('leases');

-- Readiness writes and reads one row per process through the serving pool (reliability.md, F11).
CREATE TABLE heartbeats (
  instance TEXT NOT NULL PRIMARY KEY,
  started_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL
);
SELECT botyard_platform_wall('heartbeats');

CREATE TABLE panel_links (
  token_hash TEXT NOT NULL PRIMARY KEY,
  scope TEXT NOT NULL CHECK (scope IN ('tenant', 'platform')),
  bot_instance_id TEXT,
  role TEXT NOT NULL,
  subject TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at BIGINT,
  CHECK ((scope = 'tenant') = (bot_instance_id IS NOT NULL))
);
SELECT botyard_platform_wall('panel_links');

CREATE TABLE panel_sessions (
  sid TEXT NOT NULL PRIMARY KEY,
  scope TEXT NOT NULL CHECK (scope IN ('tenant', 'platform')),
  bot_instance_id TEXT,
  role TEXT NOT NULL,
  subject TEXT NOT NULL,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  revoked_at BIGINT,
  CHECK ((scope = 'tenant') = (bot_instance_id IS NOT NULL))
);
SELECT botyard_platform_wall('panel_sessions');

CREATE TABLE tenants (
  bot_instance_id TEXT NOT NULL PRIMARY KEY,
  partner_id TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('draft', 'active', 'paused', 'suspended', 'deleted')),
  state_reason TEXT,
  origin TEXT NOT NULL CHECK (origin IN ('file', 'cli', 'panel')),
  paused_by_file BOOLEAN NOT NULL,
  managed BOOLEAN NOT NULL,
  bot_id BIGINT NOT NULL,
  bot_username TEXT,
  token_fingerprint TEXT NOT NULL,
  token_sealed BYTEA NOT NULL,
  webhook_secret_sealed BYTEA NOT NULL,
  provider_key_sealed BYTEA,
  data_key_wrapped BYTEA NOT NULL,
  telegram_api_url TEXT,
  settings TEXT NOT NULL,
  settings_at BIGINT NOT NULL,
  version BIGINT NOT NULL,
  token_checked_at BIGINT,
  token_error TEXT,
  webhook_url TEXT,
  webhook_checked_at BIGINT,
  webhook_error TEXT,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX tenants_bot_key ON tenants (bot_id) WHERE state <> 'deleted';
CREATE UNIQUE INDEX tenants_token_key ON tenants (token_fingerprint) WHERE state <> 'deleted';
SELECT botyard_wall('tenants');

CREATE TABLE admins (
  bot_instance_id TEXT NOT NULL REFERENCES tenants (bot_instance_id),
  user_id BIGINT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('owner', 'admin')),
  added_at BIGINT NOT NULL,
  PRIMARY KEY (bot_instance_id, user_id)
);
SELECT botyard_wall('admins');
