-- What a tenant's admins wrote for its people (bot.md 13), and the stems it is found by; who asked to be forgotten.
CREATE TABLE knowledge_articles (
  bot_instance_id TEXT NOT NULL REFERENCES tenants (bot_instance_id),
  number INTEGER NOT NULL,
  title TEXT NOT NULL,
  body TEXT NOT NULL,
  text_hash TEXT NOT NULL,
  added_by INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  removed_at INTEGER,
  removed_by INTEGER,
  PRIMARY KEY (bot_instance_id, number)
) STRICT;
CREATE UNIQUE INDEX knowledge_articles_text_key ON knowledge_articles (bot_instance_id, text_hash) WHERE removed_at IS NULL;

CREATE TABLE knowledge_terms (
  bot_instance_id TEXT NOT NULL,
  term TEXT NOT NULL,
  number INTEGER NOT NULL,
  weight INTEGER NOT NULL CHECK (weight > 0),
  PRIMARY KEY (bot_instance_id, term, number),
  FOREIGN KEY (bot_instance_id, number) REFERENCES knowledge_articles (bot_instance_id, number)
) STRICT;
CREATE INDEX knowledge_terms_article ON knowledge_terms (bot_instance_id, number);

-- Requests to be forgotten that are not done yet; the row goes with the person.
CREATE TABLE erasures (
  bot_instance_id TEXT NOT NULL,
  user_id INTEGER NOT NULL,
  corr TEXT NOT NULL,
  requested_at INTEGER NOT NULL,
  PRIMARY KEY (bot_instance_id, user_id),
  FOREIGN KEY (bot_instance_id, user_id) REFERENCES users (bot_instance_id, user_id)
) STRICT;

-- Who was erased, under a keyed hash that names nobody without the installation's secret: whoever comes back is no newcomer.
CREATE TABLE erased_marks (
  bot_instance_id TEXT NOT NULL REFERENCES tenants (bot_instance_id),
  mark TEXT NOT NULL,
  day TEXT NOT NULL,
  day_used INTEGER NOT NULL,
  gift INTEGER,
  erased_at INTEGER NOT NULL,
  PRIMARY KEY (bot_instance_id, mark)
) STRICT;
