-- Reports that were made, what Telegram said of each bot, and what admins were told of (platform.md 3, 5).

-- Boot reports and billing preflights of a tenant; the newest of each kind are kept. `report` is JSON.
CREATE TABLE reports (
  bot_instance_id TEXT NOT NULL REFERENCES tenants (bot_instance_id),
  id TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('boot', 'preflight')),
  asked_by TEXT NOT NULL CHECK (asked_by IN ('start', 'bot', 'http', 'cli', 'panel')),
  verdict TEXT NOT NULL CHECK (verdict IN ('READY', 'DEGRADED', 'FAIL')),
  report TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (bot_instance_id, id)
);
CREATE INDEX reports_kind ON reports (bot_instance_id, kind, id);
SELECT botyard_wall('reports');

-- The same of processes and over all tenants.
CREATE TABLE platform_reports (
  id TEXT NOT NULL PRIMARY KEY,
  instance TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('boot', 'preflight')),
  asked_by TEXT NOT NULL CHECK (asked_by IN ('start', 'bot', 'http', 'cli', 'panel')),
  verdict TEXT NOT NULL CHECK (verdict IN ('READY', 'DEGRADED', 'FAIL')),
  report TEXT NOT NULL,
  at BIGINT NOT NULL
);
CREATE INDEX platform_reports_kind ON platform_reports (kind, id);
SELECT botyard_platform_wall('platform_reports');

-- What the last look at Telegram found. `trouble` is what is wrong, `told` what of it admins know already.
CREATE TABLE watches (
  bot_instance_id TEXT NOT NULL PRIMARY KEY REFERENCES tenants (bot_instance_id),
  checked_at BIGINT NOT NULL,
  url TEXT,
  pending BIGINT,
  last_error TEXT,
  last_error_at BIGINT,
  trouble TEXT,
  trouble_at BIGINT,
  told TEXT,
  set_at BIGINT
);
CREATE INDEX watches_age ON watches (checked_at);
SELECT botyard_wall('watches');

-- The story of a correlation id is read by it (platform.md 5).
CREATE INDEX invoices_corr ON invoices (bot_instance_id, corr);
CREATE INDEX payments_corr ON payments (bot_instance_id, corr);
CREATE INDEX audit_log_corr ON audit_log (bot_instance_id, corr);

-- When admins were told of a class of errors last: once in a while is enough.
CREATE TABLE alerts (
  bot_instance_id TEXT NOT NULL REFERENCES tenants (bot_instance_id),
  class TEXT NOT NULL,
  told_at BIGINT NOT NULL,
  PRIMARY KEY (bot_instance_id, class)
);
SELECT botyard_wall('alerts');
