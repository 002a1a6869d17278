-- How far Telegram's list of a bot's Stars was read (bot.md 11.4): it is long, only grows, and is given oldest first. `settled` lines
-- from its beginning need no second look, `charges` of them are charges. `whole_to` says how far the reading of the whole list that
-- is going on has come, and `whole_since` when it began; `whole_at` is when the last one that came to the end began. `credited` is what
-- the comparison that is going on has credited, `strangers` the charges of people who are not known here, one a line.
CREATE TABLE stars_courses (
  bot_instance_id TEXT NOT NULL PRIMARY KEY REFERENCES tenants (bot_instance_id),
  settled BIGINT NOT NULL CHECK (settled >= 0),
  charges BIGINT NOT NULL CHECK (charges >= 0),
  whole_to BIGINT,
  whole_since BIGINT NOT NULL,
  whole_at BIGINT NOT NULL,
  credited BIGINT NOT NULL,
  strangers TEXT NOT NULL
);
SELECT botyard_wall('stars_courses');

-- Months that are over, with the terms and totals that then held (decisions.md 26): written once, never changed. The next month
-- begins where the last one ended, whatever zone the bot has by then. `moved` is JSON: each kind of movement, how often, how many
-- kopecks.
CREATE TABLE closed_months (
  bot_instance_id TEXT NOT NULL REFERENCES tenants (bot_instance_id),
  month TEXT NOT NULL,
  begins BIGINT NOT NULL,
  ends BIGINT NOT NULL CHECK (ends >= begins),
  zone TEXT NOT NULL,
  fee_basis_points BIGINT NOT NULL CHECK (fee_basis_points >= 0),
  rate BIGINT NOT NULL CHECK (rate >= 0),
  delivered BIGINT NOT NULL,
  failed BIGINT NOT NULL,
  provider_credits BIGINT NOT NULL,
  moved TEXT NOT NULL,
  closed_at BIGINT NOT NULL,
  PRIMARY KEY (bot_instance_id, month)
);
SELECT botyard_wall('closed_months', 'SELECT, INSERT');
-- A bot that leaves takes them along, as in 0015_programs.
GRANT DELETE ON closed_months TO botyard_platform;

-- Tasks that ended here before the provider said their end: they count against the day's credits until it does (decisions.md 8).
CREATE INDEX generations_without_bill ON generations (bot_instance_id, accepted_at)
  WHERE state IN ('failed', 'canceled', 'timed_out') AND provider_task_id IS NOT NULL AND provider_credits IS NULL;
