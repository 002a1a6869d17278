-- One message to everybody (bot.md 14.7), and what the platform's owner allows a tenant (platform.md 3).

-- JSON; what is not in it has the platform's default.
ALTER TABLE tenants ADD COLUMN limits TEXT NOT NULL DEFAULT '{}';

-- `number` is given at the confirmation, which also fixes who gets it. Until `gathered_at` the recipients are being written
-- down, slice by slice; `reached` is the last person of the walk that is under way: gathering, then one walk for each try.
-- A worker holds it by `lease_until` on the database's clock; `epoch` grows with each claim, so a stale worker writes nothing.
CREATE TABLE broadcasts (
  bot_instance_id TEXT NOT NULL REFERENCES tenants (bot_instance_id),
  id TEXT NOT NULL,
  number BIGINT,
  state TEXT NOT NULL CHECK (state IN ('draft', 'running', 'paused', 'stopped', 'done')),
  kind TEXT NOT NULL CHECK (kind IN ('text', 'photo', 'video', 'animation', 'document')),
  admin_id BIGINT NOT NULL,
  source_chat BIGINT NOT NULL,
  source_message BIGINT NOT NULL,
  recipients BIGINT NOT NULL,
  sent BIGINT NOT NULL,
  unreachable BIGINT NOT NULL,
  failed BIGINT NOT NULL,
  reached BIGINT NOT NULL,
  tries BIGINT NOT NULL,
  run_at BIGINT NOT NULL,
  rows_left BOOLEAN NOT NULL,
  pause_reason TEXT,
  progress_chat BIGINT,
  progress_message BIGINT,
  progress_at BIGINT NOT NULL,
  epoch BIGINT NOT NULL,
  lease_until BIGINT,
  corr TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  confirmed_at BIGINT,
  gathered_at BIGINT,
  finished_at BIGINT,
  PRIMARY KEY (bot_instance_id, id),
  CHECK ((state = 'draft') = (number IS NULL))
);
CREATE UNIQUE INDEX broadcasts_number_key ON broadcasts (bot_instance_id, number);
CREATE UNIQUE INDEX broadcasts_unfinished_key ON broadcasts (bot_instance_id) WHERE state IN ('running', 'paused');
CREATE INDEX broadcasts_due ON broadcasts (run_at) WHERE rows_left;
SELECT botyard_wall('broadcasts');

-- Who is still owed the message: a row goes when its person has got it, cannot be reached, or has had all tries.
CREATE TABLE broadcast_recipients (
  bot_instance_id TEXT NOT NULL,
  broadcast_id TEXT NOT NULL,
  user_id BIGINT NOT NULL,
  tries BIGINT NOT NULL,
  PRIMARY KEY (bot_instance_id, broadcast_id, user_id),
  FOREIGN KEY (bot_instance_id, broadcast_id) REFERENCES broadcasts (bot_instance_id, id)
);
CREATE INDEX broadcast_recipients_walk ON broadcast_recipients (bot_instance_id, broadcast_id, tries, user_id);
SELECT botyard_wall('broadcast_recipients');

-- Whom a broadcast would reach now: counted and walked without touching the table.
CREATE INDEX users_reachable ON users (bot_instance_id, user_id)
  WHERE started_at IS NOT NULL AND blocked_at IS NULL AND unreachable_at IS NULL;

-- What the task of a generation will take at the provider, in hundredths of a credit: with it the day's spending has a hard
-- stop although the provider names the amount only at the end (platform.md 3).
ALTER TABLE generations ADD COLUMN expected_credits BIGINT NOT NULL DEFAULT 0;

-- A tenant's work by state: its queue before the provider, what is in flight, and what that will take.
CREATE INDEX generations_active ON generations (bot_instance_id, state)
  WHERE state IN ('created', 'submitting', 'orphan', 'queued', 'running', 'delivering');
CREATE INDEX generations_waiting ON generations (bot_instance_id) WHERE state = 'created';
