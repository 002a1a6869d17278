-- The platform owner's own log and the models they have checked (platform.md 6, decisions.md 22).

-- Acts that span tenants, each chained to the one before it like a tenant's own (reliability.md T39). Acts that concern one
-- tenant stand in that tenant's `audit_log`. Written once, never changed.
CREATE TABLE platform_audit (
  seq INTEGER NOT NULL PRIMARY KEY,
  at INTEGER NOT NULL,
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
  origin TEXT
) STRICT;
CREATE INDEX platform_audit_time ON platform_audit (at, seq);
CREATE TRIGGER platform_audit_immutable_update BEFORE UPDATE ON platform_audit
BEGIN SELECT RAISE(ABORT, 'the audit log is immutable'); END;
CREATE TRIGGER platform_audit_immutable_delete BEFORE DELETE ON platform_audit
BEGIN SELECT RAISE(ABORT, 'the audit log is immutable'); END;

-- The chain's last link: one row, which orders writers and says when entries were cut off the end.
CREATE TABLE platform_audit_head (
  name TEXT NOT NULL PRIMARY KEY,
  seq INTEGER NOT NULL,
  hash TEXT NOT NULL
) STRICT;

-- What only the platform's owner does to one bot, by time: the owner's page reads it beside their own log.
CREATE INDEX audit_log_owner ON audit_log (at, bot_instance_id, seq) WHERE action IN
  ('bot_suspended', 'limits_changed', 'job_requeued', 'support_looked', 'generations_stopped', 'generations_started');

-- Models that the provider does not list and the owner has checked all the same: partners may offer them.
CREATE TABLE checked_models (
  model_id TEXT NOT NULL PRIMARY KEY,
  checked_at INTEGER NOT NULL,
  checked_by TEXT NOT NULL
) STRICT;
