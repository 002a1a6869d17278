-- How far the audit log's chain was followed and what was found (reliability.md T39): up to entry `seq`, whose hash was `hash`;
-- `full_at` is when it was last followed from its beginning.
CREATE TABLE audit_checks (
  bot_instance_id TEXT NOT NULL PRIMARY KEY REFERENCES tenants (bot_instance_id),
  seq INTEGER NOT NULL,
  hash TEXT NOT NULL,
  checked_at INTEGER NOT NULL,
  full_at INTEGER NOT NULL,
  broken_at INTEGER
) STRICT;

-- Where a credit that waits for a second person is shown to admins, so that its end is seen in every chat (decisions.md 11).
CREATE TABLE credit_copies (
  bot_instance_id TEXT NOT NULL,
  chat_id INTEGER NOT NULL,
  message_id INTEGER NOT NULL,
  credit_id TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (bot_instance_id, chat_id, message_id),
  FOREIGN KEY (bot_instance_id, credit_id) REFERENCES manual_credits (bot_instance_id, id)
) STRICT;
CREATE INDEX credit_copies_credit ON credit_copies (bot_instance_id, credit_id);
