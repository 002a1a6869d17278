-- What a tenant's admins wrote for its people (bot.md 13), and the stems it is found by; who asked to be forgotten.
CREATE TABLE knowledge_articles (
  bot_instance_id TEXT NOT NULL REFERENCES tenants (bot_instance_id),
  number BIGINT NOT NULL,
  title TEXT NOT NULL,
  body TEXT NOT NULL,
  text_hash TEXT NOT NULL,
  added_by BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  removed_at BIGINT,
  removed_by BIGINT,
  PRIMARY KEY (bot_instance_id, number)
);
CREATE UNIQUE INDEX knowledge_articles_text_key ON knowledge_articles (bot_instance_id, text_hash) WHERE removed_at IS NULL;
SELECT botyard_wall('knowledge_articles');

CREATE TABLE knowledge_terms (
  bot_instance_id TEXT NOT NULL,
  term TEXT NOT NULL,
  number BIGINT NOT NULL,
  weight BIGINT NOT NULL CHECK (weight > 0),
  PRIMARY KEY (bot_instance_id, term, number),
  FOREIGN KEY (bot_instance_id, number) REFERENCES knowledge_articles (bot_instance_id, number)
);
CREATE INDEX knowledge_terms_article ON knowledge_terms (bot_instance_id, number);
SELECT botyard_wall('knowledge_terms');

-- Requests to be forgotten that are not done yet; the row goes with the person.
CREATE TABLE erasures (
  bot_instance_id TEXT NOT NULL,
  user_id BIGINT NOT NULL,
  corr TEXT NOT NULL,
  requested_at BIGINT NOT NULL,
  PRIMARY KEY (bot_instance_id, user_id),
  FOREIGN KEY (bot_instance_id, user_id) REFERENCES users (bot_instance_id, user_id)
);
SELECT botyard_wall('erasures');

-- Who was erased, under a keyed hash that names nobody without the installation's secret: whoever comes back is no newcomer.
CREATE TABLE erased_marks (
  bot_instance_id TEXT NOT NULL REFERENCES tenants (bot_instance_id),
  mark TEXT NOT NULL,
  day TEXT NOT NULL,
  day_used BIGINT NOT NULL,
  gift BIGINT,
  erased_at BIGINT NOT NULL,
  PRIMARY KEY (bot_instance_id, mark)
);
SELECT botyard_wall('erased_marks');
