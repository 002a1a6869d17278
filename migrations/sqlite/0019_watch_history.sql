-- What looks at Telegram found, when it changed: the panel's history of a bot's connection (platform.md 6). The newest are kept.
CREATE TABLE watch_events (
  bot_instance_id TEXT NOT NULL REFERENCES tenants (bot_instance_id),
  at INTEGER NOT NULL,
  trouble TEXT,
  pending INTEGER,
  error TEXT,
  PRIMARY KEY (bot_instance_id, at)
) STRICT;
