-- Money in: requests to top up, what was paid or claimed for them, and what Telegram's list of Stars says (bot.md 11).

-- No row refers to a person's: who is erased leaves rows of money behind, under the ledger's random name.
--
-- A request to top up. `amount` is to be paid and credited; for SBP it is what was asked for and a tail of kopecks of its own.
CREATE TABLE invoices (
  bot_instance_id TEXT NOT NULL,
  id TEXT NOT NULL,
  user_id BIGINT NOT NULL,
  user_ref TEXT NOT NULL,
  method TEXT NOT NULL CHECK (method IN ('stars', 'sbp')),
  requested BIGINT NOT NULL CHECK (requested > 0),
  amount BIGINT NOT NULL CHECK (amount > 0),
  stars BIGINT,
  rate BIGINT,
  requisites BYTEA,
  state TEXT NOT NULL CHECK (state IN ('open', 'review', 'approved', 'rejected', 'closed', 'expired')),
  attempts BIGINT NOT NULL,
  corr TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (bot_instance_id, id),
  CONSTRAINT invoices_terms_check CHECK ((method = 'stars') = (stars IS NOT NULL) AND (method = 'stars') = (rate IS NOT NULL)
    AND (method = 'sbp') = (requisites IS NOT NULL))
);
CREATE UNIQUE INDEX invoices_tail_key ON invoices (bot_instance_id, amount)
  WHERE method = 'sbp' AND state IN ('open', 'review');
CREATE INDEX invoices_user ON invoices (bot_instance_id, user_id, created_at);
CREATE INDEX invoices_open ON invoices (expires_at) WHERE state = 'open';
CREATE INDEX invoices_recent ON invoices (bot_instance_id, created_at) WHERE method = 'stars';
SELECT botyard_wall('invoices');

-- What was paid: a charge in Stars, or a picture of a transfer and what became of it. `source` names the fact: told twice,
-- there is one row.
CREATE TABLE payments (
  bot_instance_id TEXT NOT NULL,
  id TEXT NOT NULL,
  invoice_id TEXT,
  user_id BIGINT NOT NULL,
  user_ref TEXT NOT NULL,
  method TEXT NOT NULL CHECK (method IN ('stars', 'sbp')),
  state TEXT NOT NULL CHECK (state IN
    ('waiting', 'review', 'approved', 'rejected', 'duplicate', 'superseded', 'refunding', 'refunded')),
  amount BIGINT NOT NULL CHECK (amount > 0),
  stars BIGINT,
  charge_id TEXT,
  source TEXT NOT NULL,
  attempt BIGINT NOT NULL,
  media_id TEXT,
  file_unique_id TEXT,
  sha256 TEXT,
  evidence BYTEA,
  flags TEXT NOT NULL,
  decided_by TEXT,
  decided_at BIGINT,
  reason TEXT,
  refunds BIGINT NOT NULL,
  reminded BIGINT NOT NULL,
  confirmed_at BIGINT,
  corr TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (bot_instance_id, id),
  CONSTRAINT payments_charge_check CHECK ((method = 'stars') = (charge_id IS NOT NULL)),
  FOREIGN KEY (bot_instance_id, invoice_id) REFERENCES invoices (bot_instance_id, id)
);
CREATE UNIQUE INDEX payments_charge_key ON payments (bot_instance_id, charge_id) WHERE charge_id IS NOT NULL;
CREATE UNIQUE INDEX payments_source_key ON payments (bot_instance_id, source);
CREATE UNIQUE INDEX payments_picture_key ON payments (bot_instance_id, sha256)
  WHERE sha256 IS NOT NULL AND state IN ('review', 'approved');
CREATE UNIQUE INDEX payments_file_key ON payments (bot_instance_id, file_unique_id)
  WHERE file_unique_id IS NOT NULL AND state IN ('review', 'approved');
CREATE UNIQUE INDEX payments_invoice_key ON payments (bot_instance_id, invoice_id)
  WHERE method = 'sbp' AND state = 'approved';
CREATE INDEX payments_time ON payments (bot_instance_id, created_at);
CREATE INDEX payments_user ON payments (bot_instance_id, user_id, created_at);
CREATE INDEX payments_of_invoice ON payments (bot_instance_id, invoice_id);
CREATE INDEX payments_review ON payments (bot_instance_id, created_at) WHERE state = 'review';
SELECT botyard_wall('payments');

-- Where a payment under review is shown to its admins, so that the decision of one is seen in the others' chats.
CREATE TABLE review_copies (
  bot_instance_id TEXT NOT NULL,
  payment_id TEXT NOT NULL,
  chat_id BIGINT NOT NULL,
  message_id BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (bot_instance_id, payment_id, chat_id, message_id),
  FOREIGN KEY (bot_instance_id, payment_id) REFERENCES payments (bot_instance_id, id)
);
SELECT botyard_wall('review_copies');

-- What the last comparison with Telegram's list of Stars found (decisions.md 12).
CREATE TABLE stars_checks (
  bot_instance_id TEXT NOT NULL PRIMARY KEY REFERENCES tenants (bot_instance_id),
  checked_at BIGINT NOT NULL,
  listed BIGINT NOT NULL,
  credited BIGINT NOT NULL,
  drift TEXT NOT NULL
);
SELECT botyard_wall('stars_checks');

-- Fingerprints of receipts of all tenants, keyed: which picture it was cannot be told from them (decisions.md 11). The five
-- parts of `shade` let near ones be found by an index: of five parts at least one is equal when at most four bits differ.
CREATE TABLE receipt_prints (
  payment_id TEXT NOT NULL PRIMARY KEY,
  bot_instance_id TEXT,
  file_print TEXT NOT NULL,
  picture_print TEXT NOT NULL,
  shade BIGINT,
  part0 BIGINT,
  part1 BIGINT,
  part2 BIGINT,
  part3 BIGINT,
  part4 BIGINT,
  operation_print TEXT,
  created_at BIGINT NOT NULL
);
CREATE INDEX receipt_prints_file ON receipt_prints (file_print);
CREATE INDEX receipt_prints_picture ON receipt_prints (picture_print);
CREATE INDEX receipt_prints_part0 ON receipt_prints (part0);
CREATE INDEX receipt_prints_part1 ON receipt_prints (part1);
CREATE INDEX receipt_prints_part2 ON receipt_prints (part2);
CREATE INDEX receipt_prints_part3 ON receipt_prints (part3);
CREATE INDEX receipt_prints_part4 ON receipt_prints (part4);
CREATE INDEX receipt_prints_operation ON receipt_prints (operation_print) WHERE operation_print IS NOT NULL;
SELECT botyard_platform_wall('receipt_prints');
