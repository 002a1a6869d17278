-- A credit by hand above the bot's approval_limit waits for a second person (decisions.md 11): where it stands, who asked and by
-- when, whose eyes were the first, who ended it.
ALTER TABLE manual_credits ADD COLUMN ask TEXT CHECK (ask IN ('awaiting_approval', 'approved', 'declined', 'expired'));
ALTER TABLE manual_credits ADD COLUMN asked_by TEXT;
ALTER TABLE manual_credits ADD COLUMN asked_at INTEGER;
ALTER TABLE manual_credits ADD COLUMN first_by TEXT;
ALTER TABLE manual_credits ADD COLUMN decided_by TEXT;
ALTER TABLE manual_credits ADD COLUMN decided_at INTEGER;
CREATE INDEX manual_credits_asked ON manual_credits (asked_at) WHERE ask = 'awaiting_approval';
