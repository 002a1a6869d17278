-- Money in: requests to top up, what was paid or claimed for them, and what Telegram's list of Stars says (bot.md 11).

-- No row refers to a person's: who is erased leaves rows of money behind, under the ledger's random name.
--
-- A request to top up. `amount` is to be paid and credited; for SBP it is what was asked for and a tail of kopecks of its own.
CREATE TABLE invoices (
  bot_instance_id TEXT NOT NULL,
  id TEXT NOT NULL,
  user_id INTEGER NOT NULL,
  user_ref TEXT NOT NULL,
  method TEXT NOT NULL CHECK (method IN ('stars', 'sbp')),
  requested INTEGER NOT NULL CHECK (requested > 0),
  amount INTEGER NOT NULL CHECK (amount > 0),
  stars INTEGER,
  rate INTEGER,
  requisites BLOB,
  state TEXT NOT NULL CHECK (state IN ('open', 'review', 'approved', 'rejected', 'closed', 'expired')),
  attempts INTEGER NOT NULL,
  corr TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (bot_instance_id, id),
  CONSTRAINT invoices_terms_check CHECK ((method = 'stars') = (stars IS NOT NULL) AND (method = 'stars') = (rate IS NOT NULL)
    AND (method = 'sbp') = (requisites IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX invoices_tail_key ON invoices (bot_instance_id, amount)
  WHERE method = 'sbp' AND state IN ('open', 'review');
CREATE INDEX invoices_user ON invoices (bot_instance_id, user_id, created_at);
CREATE INDEX invoices_open ON invoices (expires_at) WHERE state = 'open';
CREATE INDEX invoices_recent ON invoices (bot_instance_id, created_at) WHERE method = 'stars';

-- What was paid: a charge in Stars, or a picture of a transfer and what became of it. `source` names the fact: told twice,
-- there is one row.
CREATE TABLE payments (
  bot_instance_id TEXT NOT NULL,
  id TEXT NOT NULL,
  invoice_id TEXT,
  user_id INTEGER NOT NULL,
  user_ref TEXT NOT NULL,
  method TEXT NOT NULL CHECK (method IN ('stars', 'sbp')),
  state TEXT NOT NULL CHECK (state IN
    ('waiting', 'review', 'approved', 'rejected', 'duplicate', 'superseded', 'refunding', 'refunded')),
  amount INTEGER NOT NULL CHECK (amount > 0),
  stars INTEGER,
  charge_id TEXT,
  source TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  media_id TEXT,
  file_unique_id TEXT,
  sha256 TEXT,
  evidence BLOB,
  flags TEXT NOT NULL,
  decided_by TEXT,
  decided_at INTEGER,
  reason TEXT,
  refunds INTEGER NOT NULL,
  reminded INTEGER NOT NULL,
  confirmed_at INTEGER,
  corr TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (bot_instance_id, id),
  CONSTRAINT payments_charge_check CHECK ((method = 'stars') = (charge_id IS NOT NULL)),
  FOREIGN KEY (bot_instance_id, invoice_id) REFERENCES invoices (bot_instance_id, id)
) STRICT;
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

-- Where a payment under review is shown to its admins, so that the decision of one is seen in the others' chats.
CREATE TABLE review_copies (
  bot_instance_id TEXT NOT NULL,
  payment_id TEXT NOT NULL,
  chat_id INTEGER NOT NULL,
  message_id INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (bot_instance_id, payment_id, chat_id, message_id),
  FOREIGN KEY (bot_instance_id, payment_id) REFERENCES payments (bot_instance_id, id)
) STRICT;

-- What the last comparison with Telegram's list of Stars found (decisions.md 12).
CREATE TABLE stars_checks (
  bot_instance_id TEXT NOT NULL PRIMARY KEY REFERENCES tenants (bot_instance_id),
  checked_at INTEGER NOT NULL,
  listed INTEGER NOT NULL,
  credited INTEGER NOT NULL,
  drift TEXT NOT NULL
) STRICT;

-- Fingerprints of receipts of all tenants, keyed: which picture it was cannot be told from them (decisions.md 11). The five
-- parts of `shade` let near ones be found by an index: of five parts at least one is equal when at most four bits differ.
CREATE TABLE receipt_prints (
  payment_id TEXT NOT NULL PRIMARY KEY,
  bot_instance_id TEXT,
  file_print TEXT NOT NULL,
  picture_print TEXT NOT NULL,
  shade INTEGER,
  part0 INTEGER,
  part1 INTEGER,
  part2 INTEGER,
  part3 INTEGER,
  part4 INTEGER,
  operation_print TEXT,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX receipt_prints_file ON receipt_prints (file_print);
CREATE INDEX receipt_prints_picture ON receipt_prints (picture_print);
CREATE INDEX receipt_prints_part0 ON receipt_prints (part0);
CREATE INDEX receipt_prints_part1 ON receipt_prints (part1);
CREATE INDEX receipt_prints_part2 ON receipt_prints (part2);
CREATE INDEX receipt_prints_part3 ON receipt_prints (part3);
CREATE INDEX receipt_prints_part4 ON receipt_prints (part4);
CREATE INDEX receipt_prints_operation ON receipt_prints (operation_print) WHERE operation_print IS NOT NULL;
