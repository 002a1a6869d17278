-- One message to everybody (bot.md 14.7), and what the platform's owner allows a tenant (platform.md 3).

-- JSON; what is not in it has the platform's default.
ALTER TABLE tenants ADD COLUMN limits TEXT NOT NULL DEFAULT '{}';

-- `number` is given at the confirmation, which also fixes who gets it. Until `gathered_at` the recipients are being written
-- down, slice by slice; `reached` is the last person of the walk that is under way: gathering, then one walk for each try.
-- A worker holds it by `lease_until` on the database's clock; `epoch` grows with each claim, so a stale worker writes nothing.
CREATE TABLE broadcasts (
  bot_instance_id TEXT NOT NULL REFERENCES tenants (bot_instance_id),
  id TEXT NOT NULL,
  number INTEGER,
  state TEXT NOT NULL CHECK (state IN ('draft', 'running', 'paused', 'stopped', 'done')),
  kind TEXT NOT NULL CHECK (kind IN ('text', 'photo', 'video', 'animation', 'document')),
  admin_id INTEGER NOT NULL,
  source_chat INTEGER NOT NULL,
  source_message INTEGER NOT NULL,
  recipients INTEGER NOT NULL,
  sent INTEGER NOT NULL,
  unreachable INTEGER NOT NULL,
  failed INTEGER NOT NULL,
  reached INTEGER NOT NULL,
  tries INTEGER NOT NULL,
  run_at INTEGER NOT NULL,
  rows_left INTEGER NOT NULL,
  pause_reason TEXT,
  progress_chat INTEGER,
  progress_message INTEGER,
  progress_at INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  lease_until INTEGER,
  corr TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  confirmed_at INTEGER,
  gathered_at INTEGER,
  finished_at INTEGER,
  PRIMARY KEY (bot_instance_id, id),
  CHECK ((state = 'draft') = (number IS NULL))
) STRICT;
CREATE UNIQUE INDEX broadcasts_number_key ON broadcasts (bot_instance_id, number);
CREATE UNIQUE INDEX broadcasts_unfinished_key ON broadcasts (bot_instance_id) WHERE state IN ('running', 'paused');
CREATE INDEX broadcasts_due ON broadcasts (run_at) WHERE rows_left;

-- Who is still owed the message: a row goes when its person has got it, cannot be reached, or has had all tries.
CREATE TABLE broadcast_recipients (
  bot_instance_id TEXT NOT NULL,
  broadcast_id TEXT NOT NULL,
  user_id INTEGER NOT NULL,
  tries INTEGER NOT NULL,
  PRIMARY KEY (bot_instance_id, broadcast_id, user_id),
  FOREIGN KEY (bot_instance_id, broadcast_id) REFERENCES broadcasts (bot_instance_id, id)
) STRICT;
CREATE INDEX broadcast_recipients_walk ON broadcast_recipients (bot_instance_id, broadcast_id, tries, user_id);

-- Whom a broadcast would reach now: counted and walked without touching the table.
CREATE INDEX users_reachable ON users (bot_instance_id, user_id)
  WHERE started_at IS NOT NULL AND blocked_at IS NULL AND unreachable_at IS NULL;

-- What the task of a generation will take at the provider, in hundredths of a credit: with it the day's spending has a hard
-- stop although the provider names the amount only at the end (platform.md 3).
ALTER TABLE generations ADD COLUMN expected_credits INTEGER NOT NULL DEFAULT 0;

-- A tenant's work by state: its queue before the provider, what is in flight, and what that will take.
CREATE INDEX generations_active ON generations (bot_instance_id, state)
  WHERE state IN ('created', 'submitting', 'orphan', 'queued', 'running', 'delivering');
CREATE INDEX generations_waiting ON generations (bot_instance_id) WHERE state = 'created';
