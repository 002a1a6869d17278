-- What each admin has approved alone on a day of the bot's zone, in kopecks: above the bot's approval_day_limit a second person
-- looks (reliability.md T03).
CREATE TABLE approved_alone (
  bot_instance_id TEXT NOT NULL REFERENCES tenants (bot_instance_id),
  day TEXT NOT NULL,
  approver TEXT NOT NULL,
  amount INTEGER NOT NULL CHECK (amount > 0),
  PRIMARY KEY (bot_instance_id, day, approver)
) STRICT;
