-- Offers, generations and their files.
CREATE TABLE quotes (
  bot_instance_id TEXT NOT NULL,
  id TEXT NOT NULL,
  user_id BIGINT NOT NULL,
  chat_id BIGINT NOT NULL,
  message_id BIGINT,
  model_id TEXT NOT NULL,
  gen_type TEXT NOT NULL,
  sealed BYTEA NOT NULL,
  fingerprint TEXT NOT NULL,
  price BIGINT NOT NULL CHECK (price >= 0),
  units BIGINT NOT NULL CHECK (units >= 1),
  payer TEXT NOT NULL CHECK (payer IN ('money', 'free', 'admin', 'dry_run')),
  state TEXT NOT NULL CHECK (state IN ('open', 'used', 'closed')),
  generation_id TEXT,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (bot_instance_id, id),
  FOREIGN KEY (bot_instance_id, user_id) REFERENCES users (bot_instance_id, user_id)
);
CREATE INDEX quotes_message ON quotes (bot_instance_id, chat_id, message_id);
CREATE INDEX quotes_open ON quotes (bot_instance_id, user_id) WHERE state = 'open';
SELECT botyard_wall('quotes');

CREATE TABLE generations (
  bot_instance_id TEXT NOT NULL,
  id TEXT NOT NULL,
  user_id BIGINT NOT NULL,
  user_ref TEXT NOT NULL,
  chat_id BIGINT NOT NULL,
  quote_id TEXT NOT NULL,
  model_id TEXT NOT NULL,
  gen_type TEXT NOT NULL,
  sealed BYTEA NOT NULL,
  fingerprint TEXT NOT NULL,
  payer TEXT NOT NULL CHECK (payer IN ('money', 'free', 'admin', 'dry_run')),
  price BIGINT NOT NULL CHECK (price >= 0),
  units BIGINT NOT NULL CHECK (units >= 1),
  charged BIGINT NOT NULL CHECK (charged >= 0),
  hold_id TEXT,
  state TEXT NOT NULL CHECK (state IN ('created', 'submitting', 'orphan', 'queued', 'running', 'delivering', 'delivered',
    'delivered_late', 'undelivered', 'failed', 'canceled', 'timed_out')),
  cause TEXT,
  callback_hash TEXT NOT NULL,
  provider_task_id TEXT,
  provider_credits BIGINT,
  submitted_at BIGINT,
  accepted_at BIGINT,
  finished_at BIGINT,
  late_noticed_at BIGINT,
  progress_message_id BIGINT,
  progress_stage TEXT NOT NULL,
  items BIGINT NOT NULL,
  corr TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (bot_instance_id, id),
  FOREIGN KEY (bot_instance_id, user_id) REFERENCES users (bot_instance_id, user_id),
  FOREIGN KEY (bot_instance_id, quote_id) REFERENCES quotes (bot_instance_id, id),
  FOREIGN KEY (bot_instance_id, hold_id) REFERENCES transfers (bot_instance_id, id)
);
CREATE UNIQUE INDEX generations_quote_key ON generations (bot_instance_id, quote_id);
CREATE UNIQUE INDEX generations_callback_key ON generations (bot_instance_id, callback_hash);
CREATE INDEX generations_user ON generations (bot_instance_id, user_id, created_at, id);
CREATE INDEX generations_time ON generations (bot_instance_id, created_at);
CREATE INDEX generations_corr ON generations (bot_instance_id, corr);
CREATE INDEX generations_open ON generations (updated_at)
  WHERE state IN ('created', 'submitting', 'orphan', 'queued', 'running', 'delivering');
CREATE INDEX generations_undelivered ON generations (updated_at) WHERE state = 'undelivered';
SELECT botyard_wall('generations');

-- Files in the tenant's private store, sealed; the row says what the file is.
CREATE TABLE media (
  bot_instance_id TEXT NOT NULL,
  id TEXT NOT NULL,
  purpose TEXT NOT NULL CHECK (purpose IN ('upload', 'result')),
  mime TEXT NOT NULL,
  size BIGINT NOT NULL,
  sha256 TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (bot_instance_id, id)
);
CREATE INDEX media_expiry ON media (expires_at);
SELECT botyard_wall('media');

CREATE TABLE generation_items (
  bot_instance_id TEXT NOT NULL,
  generation_id TEXT NOT NULL,
  item BIGINT NOT NULL,
  kind TEXT NOT NULL,
  media_id TEXT,
  message_id BIGINT,
  file_id TEXT,
  sent_at BIGINT,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (bot_instance_id, generation_id, item),
  FOREIGN KEY (bot_instance_id, generation_id) REFERENCES generations (bot_instance_id, id),
  FOREIGN KEY (bot_instance_id, media_id) REFERENCES media (bot_instance_id, id)
);
CREATE INDEX generation_items_media ON generation_items (bot_instance_id, media_id) WHERE media_id IS NOT NULL;
SELECT botyard_wall('generation_items');
