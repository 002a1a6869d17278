-- What admins do: who changed what, credits made by hand, the tenant's command menus, and figures for the admin's panel.

-- Every act of an admin, each chained to the one before it (reliability.md T39). Written once, never changed.
CREATE TABLE audit_log (
  bot_instance_id TEXT NOT NULL REFERENCES tenants (bot_instance_id),
  seq BIGINT NOT NULL,
  at BIGINT NOT NULL,
  actor TEXT NOT NULL,
  door TEXT NOT NULL,
  action TEXT NOT NULL,
  object TEXT NOT NULL,
  was TEXT,
  became TEXT,
  reason TEXT,
  corr TEXT NOT NULL,
  prev_hash TEXT NOT NULL,
  hash TEXT NOT NULL,
  PRIMARY KEY (bot_instance_id, seq)
);
CREATE INDEX audit_log_object ON audit_log (bot_instance_id, object, seq);
SELECT botyard_wall('audit_log', 'SELECT, INSERT');

CREATE FUNCTION audit_is_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit log is immutable' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER audit_log_immutable BEFORE UPDATE OR DELETE ON audit_log FOR EACH ROW EXECUTE FUNCTION audit_is_immutable();

-- The chain's last link, apart: it orders writers, and says when entries were cut off the end.
CREATE TABLE audit_heads (
  bot_instance_id TEXT NOT NULL PRIMARY KEY REFERENCES tenants (bot_instance_id),
  seq BIGINT NOT NULL,
  hash TEXT NOT NULL
);
SELECT botyard_wall('audit_heads', 'SELECT, INSERT, UPDATE');

-- A credit that an admin prepared; its id is the ledger's idempotency key (bot.md 14.4).
CREATE TABLE manual_credits (
  bot_instance_id TEXT NOT NULL,
  id TEXT NOT NULL,
  admin_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  amount BIGINT NOT NULL CHECK (amount > 0),
  reason TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  credited_at BIGINT,
  PRIMARY KEY (bot_instance_id, id),
  FOREIGN KEY (bot_instance_id, user_id) REFERENCES users (bot_instance_id, user_id)
);
SELECT botyard_wall('manual_credits');

-- Which admin wrote to a person last: that person's answer goes there (decisions.md 23).
CREATE TABLE admin_talks (
  bot_instance_id TEXT NOT NULL,
  user_id BIGINT NOT NULL,
  admin_id BIGINT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (bot_instance_id, user_id),
  FOREIGN KEY (bot_instance_id, user_id) REFERENCES users (bot_instance_id, user_id)
);
SELECT botyard_wall('admin_talks');

-- Command menus as Telegram has them, so that none is set twice (decisions.md 21). Chat 0 is everybody.
CREATE TABLE command_menus (
  bot_instance_id TEXT NOT NULL REFERENCES tenants (bot_instance_id),
  chat_id BIGINT NOT NULL,
  fingerprint TEXT NOT NULL,
  set_at BIGINT NOT NULL,
  PRIMARY KEY (bot_instance_id, chat_id)
);
SELECT botyard_wall('command_menus');

-- Generations confirmed by day and model.
CREATE TABLE model_days (
  bot_instance_id TEXT NOT NULL REFERENCES tenants (bot_instance_id),
  day TEXT NOT NULL,
  model_id TEXT NOT NULL,
  value BIGINT NOT NULL,
  PRIMARY KEY (bot_instance_id, day, model_id)
);
SELECT botyard_wall('model_days');

-- The provider's balance as it was last read, in hundredths of a credit; none when it could not be read.
CREATE TABLE provider_credits (
  bot_instance_id TEXT NOT NULL PRIMARY KEY REFERENCES tenants (bot_instance_id),
  credits BIGINT,
  checked_at BIGINT NOT NULL
);
SELECT botyard_wall('provider_credits');

-- What the checks write and read back, to see whether the tenant's rows can be written.
CREATE TABLE storage_probes (
  bot_instance_id TEXT NOT NULL PRIMARY KEY REFERENCES tenants (bot_instance_id),
  value TEXT NOT NULL
);
SELECT botyard_wall('storage_probes');

-- Who made somebody an admin in the bot; none for those of the file or the command line, which also take them away.
ALTER TABLE admins ADD COLUMN granted_by BIGINT;

-- Settings that were changed in the bot or the panel, with when: the tenants file leaves them alone (platform.md 2).
ALTER TABLE tenants ADD COLUMN changed TEXT NOT NULL DEFAULT '{}';

CREATE INDEX users_name ON users (bot_instance_id, lower(username)) WHERE username IS NOT NULL;
CREATE INDEX users_time ON users (bot_instance_id, created_at, user_id);
CREATE INDEX users_lost ON users (bot_instance_id, unreachable_at) WHERE unreachable_at IS NOT NULL;
CREATE INDEX users_blocked ON users (bot_instance_id, blocked_at) WHERE blocked_at IS NOT NULL;
CREATE INDEX generations_of_tenant_at_work ON generations (bot_instance_id, created_at)
  WHERE state IN ('created', 'submitting', 'orphan', 'queued', 'running', 'delivering');
CREATE INDEX generations_of_tenant_waiting ON generations (bot_instance_id, created_at) WHERE state = 'undelivered';

-- People by the last day they were seen, from what is stored: a day's number moves on with each of them (bot.md 14.2).
SET LOCAL ROLE botyard_platform;
INSERT INTO daily_counters (bot_instance_id, day, name, value)
  SELECT bot_instance_id, to_char(to_timestamp(seen_at / 1000.0) AT TIME ZONE 'UTC', 'YYYY-MM-DD'), 'last_seen', COUNT(*)
  FROM users GROUP BY 1, 2;
RESET ROLE;
