-- How far Telegram's list of a bot's Stars was read (bot.md 11.4): it is long, only grows, and is given oldest first. `settled` lines
-- from its beginning need no second look, `charges` of them are charges. `whole_to` says how far the reading of the whole list that
-- is going on has come, and `whole_since` when it began; `whole_at` is when the last one that came to the end began. `credited` is what
-- the comparison that is going on has credited, `strangers` the charges of people who are not known here, one a line.
CREATE TABLE stars_courses (
  bot_instance_id TEXT NOT NULL PRIMARY KEY REFERENCES tenants (bot_instance_id),
  settled INTEGER NOT NULL CHECK (settled >= 0),
  charges INTEGER NOT NULL CHECK (charges >= 0),
  whole_to INTEGER,
  whole_since INTEGER NOT NULL,
  whole_at INTEGER NOT NULL,
  credited INTEGER NOT NULL,
  strangers TEXT NOT NULL
) STRICT;

-- Months that are over, with the terms and totals that then held (decisions.md 26): written once, never changed. The next month
-- begins where the last one ended, whatever zone the bot has by then. `moved` is JSON: each kind of movement, how often, how many
-- kopecks.
CREATE TABLE closed_months (
  bot_instance_id TEXT NOT NULL REFERENCES tenants (bot_instance_id),
  month TEXT NOT NULL,
  begins INTEGER NOT NULL,
  ends INTEGER NOT NULL CHECK (ends >= begins),
  zone TEXT NOT NULL,
  fee_basis_points INTEGER NOT NULL CHECK (fee_basis_points >= 0),
  rate INTEGER NOT NULL CHECK (rate >= 0),
  delivered INTEGER NOT NULL,
  failed INTEGER NOT NULL,
  provider_credits INTEGER NOT NULL,
  moved TEXT NOT NULL,
  closed_at INTEGER NOT NULL,
  PRIMARY KEY (bot_instance_id, month)
) STRICT;

-- Tasks that ended here before the provider said their end: they count against the day's credits until it does (decisions.md 8).
CREATE INDEX generations_without_bill ON generations (bot_instance_id, accepted_at)
  WHERE state IN ('failed', 'canceled', 'timed_out') AND provider_task_id IS NOT NULL AND provider_credits IS NULL;
