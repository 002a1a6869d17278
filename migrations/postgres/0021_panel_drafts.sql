-- What is composed in the panel is kept until it is sent, sealed with the key of its bot (decisions.md 23).
ALTER TABLE broadcasts ADD COLUMN draft_sealed BYTEA;
