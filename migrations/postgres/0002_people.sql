-- The people of a tenant, what they are in the middle of, and what was heard and said.
CREATE TABLE users (
  bot_instance_id TEXT NOT NULL REFERENCES tenants (bot_instance_id),
  user_id BIGINT NOT NULL,
  user_ref TEXT NOT NULL,
  username TEXT,
  first_name TEXT NOT NULL,
  last_name TEXT,
  language_code TEXT,
  language TEXT,
  user_mode BOOLEAN NOT NULL,
  created_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL,
  previous_seen_at BIGINT,
  started_at BIGINT,
  unreachable_at BIGINT,
  blocked_at BIGINT,
  PRIMARY KEY (bot_instance_id, user_id)
);
CREATE UNIQUE INDEX users_ref_key ON users (bot_instance_id, user_ref);
SELECT botyard_wall('users');

-- One per person; `sealed` holds draft, awaited input and anchor. Written with a version check (bot.md 6.1).
CREATE TABLE sessions (
  bot_instance_id TEXT NOT NULL,
  user_id BIGINT NOT NULL,
  version BIGINT NOT NULL,
  sealed BYTEA NOT NULL,
  touched_at BIGINT NOT NULL,
  PRIMARY KEY (bot_instance_id, user_id),
  FOREIGN KEY (bot_instance_id, user_id) REFERENCES users (bot_instance_id, user_id)
);
SELECT botyard_wall('sessions');

-- The inbox: one row per handled update; a second insert is a duplicate.
CREATE TABLE updates (
  bot_instance_id TEXT NOT NULL,
  update_id BIGINT NOT NULL,
  corr TEXT NOT NULL,
  received_at BIGINT NOT NULL,
  PRIMARY KEY (bot_instance_id, update_id)
);
CREATE INDEX updates_age ON updates (received_at);
SELECT botyard_wall('updates');

-- The outbox: what will be said, recorded with what made it true. `id` grows with time; a chat is served in its order.
CREATE TABLE outbox (
  bot_instance_id TEXT NOT NULL,
  id TEXT NOT NULL,
  chat_id BIGINT NOT NULL,
  class TEXT NOT NULL CHECK (class IN ('idempotent', 'must_arrive', 'may_vanish')),
  sealed BYTEA NOT NULL,
  dedupe_key TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'in_doubt', 'dropped', 'dead')),
  attempt BIGINT NOT NULL,
  repeats BIGINT NOT NULL,
  run_at BIGINT NOT NULL,
  lease_until BIGINT,
  message_id BIGINT,
  generation_id TEXT,
  quote_id TEXT,
  corr TEXT NOT NULL,
  error TEXT,
  created_at BIGINT NOT NULL,
  sent_at BIGINT,
  PRIMARY KEY (bot_instance_id, id)
);
CREATE UNIQUE INDEX outbox_dedupe_key ON outbox (bot_instance_id, dedupe_key);
CREATE INDEX outbox_chat ON outbox (bot_instance_id, chat_id, id) WHERE state IN ('queued', 'sending');
CREATE INDEX outbox_queued ON outbox (bot_instance_id, run_at) WHERE state = 'queued';
CREATE INDEX outbox_sending ON outbox (bot_instance_id, chat_id, id) WHERE state = 'sending';
CREATE INDEX outbox_corr ON outbox (bot_instance_id, corr);
SELECT botyard_wall('outbox');

-- Long work: claimed, run outside a transaction, completed or retried (reliability.md 3.3).
CREATE TABLE jobs (
  bot_instance_id TEXT NOT NULL,
  id TEXT NOT NULL,
  lane TEXT NOT NULL,
  kind TEXT NOT NULL,
  dedupe_key TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('ready', 'running', 'done', 'dead')),
  run_at BIGINT NOT NULL,
  lease_until BIGINT,
  attempt BIGINT NOT NULL,
  max_attempts BIGINT NOT NULL,
  payload TEXT NOT NULL,
  corr TEXT NOT NULL,
  error TEXT,
  created_at BIGINT NOT NULL,
  finished_at BIGINT,
  PRIMARY KEY (bot_instance_id, id)
);
CREATE UNIQUE INDEX jobs_dedupe_key ON jobs (bot_instance_id, dedupe_key) WHERE state IN ('ready', 'running');
CREATE INDEX jobs_ready ON jobs (lane, bot_instance_id, run_at) WHERE state = 'ready';
CREATE INDEX jobs_due ON jobs (lane, run_at) WHERE state = 'ready';
CREATE INDEX jobs_running ON jobs (lease_until) WHERE state = 'running';
CREATE INDEX jobs_finished ON jobs (finished_at) WHERE finished_at IS NOT NULL;
CREATE INDEX jobs_corr ON jobs (bot_instance_id, corr);
SELECT botyard_wall('jobs');

-- What went wrong, under a correlation id, without a word a user wrote (platform.md 5).
CREATE TABLE error_log (
  bot_instance_id TEXT NOT NULL,
  id TEXT NOT NULL,
  corr TEXT NOT NULL,
  stage TEXT NOT NULL,
  handler TEXT NOT NULL,
  class TEXT NOT NULL,
  message TEXT NOT NULL,
  update_id BIGINT,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (bot_instance_id, id)
);
CREATE INDEX error_log_time ON error_log (bot_instance_id, created_at);
CREATE INDEX error_log_corr ON error_log (bot_instance_id, corr);
CREATE INDEX error_log_age ON error_log (created_at);
SELECT botyard_wall('error_log');

-- Figures of the panel, kept in the transaction that makes them (decisions.md 25).
CREATE TABLE daily_counters (
  bot_instance_id TEXT NOT NULL,
  day TEXT NOT NULL,
  name TEXT NOT NULL,
  value BIGINT NOT NULL,
  PRIMARY KEY (bot_instance_id, day, name)
);
CREATE INDEX daily_counters_day ON daily_counters (day);
SELECT botyard_wall('daily_counters');
