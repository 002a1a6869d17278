-- Two pairs of eyes for large transfers: who approved first, while a second person is still to look (reliability.md T03).
ALTER TABLE payments ADD COLUMN first_by TEXT;
ALTER TABLE payments ADD COLUMN first_at INTEGER;

-- The proofs of transfers are kept, too. A column is changed by another one in its place.
ALTER TABLE media ADD COLUMN kept_as TEXT NOT NULL DEFAULT 'upload' CHECK (kept_as IN ('upload', 'result', 'receipt'));
UPDATE media SET kept_as = purpose;
ALTER TABLE media DROP COLUMN purpose;
ALTER TABLE media RENAME COLUMN kept_as TO purpose;
