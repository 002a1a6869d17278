-- The people of a tenant, what they are in the middle of, and what was heard and said.
CREATE TABLE users (
  bot_instance_id TEXT NOT NULL REFERENCES tenants (bot_instance_id),
  user_id INTEGER NOT NULL,
  user_ref TEXT NOT NULL,
  username TEXT,
  first_name TEXT NOT NULL,
  last_name TEXT,
  language_code TEXT,
  language TEXT,
  user_mode INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL,
  previous_seen_at INTEGER,
  started_at INTEGER,
  unreachable_at INTEGER,
  blocked_at INTEGER,
  PRIMARY KEY (bot_instance_id, user_id)
) STRICT;
CREATE UNIQUE INDEX users_ref_key ON users (bot_instance_id, user_ref);

-- One per person; `sealed` holds draft, awaited input and anchor. Written with a version check (bot.md 6.1).
CREATE TABLE sessions (
  bot_instance_id TEXT NOT NULL,
  user_id INTEGER NOT NULL,
  version INTEGER NOT NULL,
  sealed BLOB NOT NULL,
  touched_at INTEGER NOT NULL,
  PRIMARY KEY (bot_instance_id, user_id),
  FOREIGN KEY (bot_instance_id, user_id) REFERENCES users (bot_instance_id, user_id)
) STRICT;

-- The inbox: one row per handled update; a second insert is a duplicate.
CREATE TABLE updates (
  bot_instance_id TEXT NOT NULL,
  update_id INTEGER NOT NULL,
  corr TEXT NOT NULL,
  received_at INTEGER NOT NULL,
  PRIMARY KEY (bot_instance_id, update_id)
) STRICT;
CREATE INDEX updates_age ON updates (received_at);

-- The outbox: what will be said, recorded with what made it true. `id` grows with time; a chat is served in its order.
CREATE TABLE outbox (
  bot_instance_id TEXT NOT NULL,
  id TEXT NOT NULL,
  chat_id INTEGER NOT NULL,
  class TEXT NOT NULL CHECK (class IN ('idempotent', 'must_arrive', 'may_vanish')),
  sealed BLOB NOT NULL,
  dedupe_key TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'in_doubt', 'dropped', 'dead')),
  attempt INTEGER NOT NULL,
  repeats INTEGER NOT NULL,
  run_at INTEGER NOT NULL,
  lease_until INTEGER,
  message_id INTEGER,
  generation_id TEXT,
  quote_id TEXT,
  corr TEXT NOT NULL,
  error TEXT,
  created_at INTEGER NOT NULL,
  sent_at INTEGER,
  PRIMARY KEY (bot_instance_id, id)
) STRICT;
CREATE UNIQUE INDEX outbox_dedupe_key ON outbox (bot_instance_id, dedupe_key);
CREATE INDEX outbox_chat ON outbox (bot_instance_id, chat_id, id) WHERE state IN ('queued', 'sending');
CREATE INDEX outbox_queued ON outbox (bot_instance_id, run_at) WHERE state = 'queued';
CREATE INDEX outbox_sending ON outbox (bot_instance_id, chat_id, id) WHERE state = 'sending';
CREATE INDEX outbox_corr ON outbox (bot_instance_id, corr);

-- Long work: claimed, run outside a transaction, completed or retried (reliability.md 3.3).
CREATE TABLE jobs (
  bot_instance_id TEXT NOT NULL,
  id TEXT NOT NULL,
  lane TEXT NOT NULL,
  kind TEXT NOT NULL,
  dedupe_key TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('ready', 'running', 'done', 'dead')),
  run_at INTEGER NOT NULL,
  lease_until INTEGER,
  attempt INTEGER NOT NULL,
  max_attempts INTEGER NOT NULL,
  payload TEXT NOT NULL,
  corr TEXT NOT NULL,
  error TEXT,
  created_at INTEGER NOT NULL,
  finished_at INTEGER,
  PRIMARY KEY (bot_instance_id, id)
) STRICT;
CREATE UNIQUE INDEX jobs_dedupe_key ON jobs (bot_instance_id, dedupe_key) WHERE state IN ('ready', 'running');
CREATE INDEX jobs_ready ON jobs (lane, bot_instance_id, run_at) WHERE state = 'ready';
CREATE INDEX jobs_due ON jobs (lane, run_at) WHERE state = 'ready';
CREATE INDEX jobs_running ON jobs (lease_until) WHERE state = 'running';
CREATE INDEX jobs_finished ON jobs (finished_at) WHERE finished_at IS NOT NULL;
CREATE INDEX jobs_corr ON jobs (bot_instance_id, corr);

-- What went wrong, under a correlation id, without a word a user wrote (platform.md 5).
CREATE TABLE error_log (
  bot_instance_id TEXT NOT NULL,
  id TEXT NOT NULL,
  corr TEXT NOT NULL,
  stage TEXT NOT NULL,
  handler TEXT NOT NULL,
  class TEXT NOT NULL,
  message TEXT NOT NULL,
  update_id INTEGER,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (bot_instance_id, id)
) STRICT;
CREATE INDEX error_log_time ON error_log (bot_instance_id, created_at);
CREATE INDEX error_log_corr ON error_log (bot_instance_id, corr);
CREATE INDEX error_log_age ON error_log (created_at);

-- Figures of the panel, kept in the transaction that makes them (decisions.md 25).
CREATE TABLE daily_counters (
  bot_instance_id TEXT NOT NULL,
  day TEXT NOT NULL,
  name TEXT NOT NULL,
  value INTEGER NOT NULL,
  PRIMARY KEY (bot_instance_id, day, name)
) STRICT;
CREATE INDEX daily_counters_day ON daily_counters (day);
