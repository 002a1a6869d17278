-- Two pairs of eyes for large transfers: who approved first, while a second person is still to look (reliability.md T03).
ALTER TABLE payments ADD COLUMN first_by TEXT;
ALTER TABLE payments ADD COLUMN first_at BIGINT;

-- The proofs of transfers are kept, too.
ALTER TABLE media DROP CONSTRAINT media_purpose_check;
ALTER TABLE media ADD CONSTRAINT media_purpose_check CHECK (purpose IN ('upload', 'result', 'receipt'));
-- SQLite's column has a default, because a column that is added must have one: the two schemas say the same.
ALTER TABLE media ALTER COLUMN purpose SET DEFAULT 'upload';
