-- Money: double entry with holds (reliability.md 3.1). The database, not the code, says no.
CREATE TABLE accounts (
  bot_instance_id TEXT NOT NULL REFERENCES tenants (bot_instance_id),
  id TEXT NOT NULL,
  unit TEXT NOT NULL,
  posted INTEGER NOT NULL,
  held INTEGER NOT NULL,
  no_overdraft INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (bot_instance_id, id),
  CONSTRAINT accounts_held_check CHECK (held >= 0),
  CONSTRAINT accounts_overdraft_check CHECK (NOT no_overdraft OR posted - held >= 0)
) STRICT;
CREATE UNIQUE INDEX accounts_unit_key ON accounts (bot_instance_id, id, unit);

CREATE TABLE transfers (
  bot_instance_id TEXT NOT NULL,
  id TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('single', 'pending', 'post', 'void')),
  code TEXT NOT NULL,
  debit_id TEXT NOT NULL,
  credit_id TEXT NOT NULL,
  unit TEXT NOT NULL,
  amount INTEGER NOT NULL,
  pending_id TEXT,
  idem_key TEXT NOT NULL,
  req_hash TEXT NOT NULL,
  corr TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (bot_instance_id, id),
  CONSTRAINT transfers_amount_check CHECK (amount > 0),
  CONSTRAINT transfers_sides_check CHECK (debit_id <> credit_id),
  CONSTRAINT transfers_pending_check CHECK ((kind IN ('post', 'void')) = (pending_id IS NOT NULL)),
  FOREIGN KEY (bot_instance_id, debit_id, unit) REFERENCES accounts (bot_instance_id, id, unit),
  FOREIGN KEY (bot_instance_id, credit_id, unit) REFERENCES accounts (bot_instance_id, id, unit),
  FOREIGN KEY (bot_instance_id, pending_id) REFERENCES transfers (bot_instance_id, id)
) STRICT;
CREATE UNIQUE INDEX transfers_idem_key ON transfers (bot_instance_id, idem_key);
CREATE UNIQUE INDEX transfers_pending_key ON transfers (bot_instance_id, pending_id) WHERE pending_id IS NOT NULL;
CREATE INDEX transfers_debit ON transfers (bot_instance_id, debit_id, created_at);
CREATE INDEX transfers_credit ON transfers (bot_instance_id, credit_id, created_at);
CREATE INDEX transfers_corr ON transfers (bot_instance_id, corr);

CREATE TRIGGER transfers_immutable_update BEFORE UPDATE ON transfers
BEGIN SELECT RAISE(ABORT, 'transfers are immutable'); END;
CREATE TRIGGER transfers_immutable_delete BEFORE DELETE ON transfers
BEGIN SELECT RAISE(ABORT, 'transfers are immutable'); END;

-- Free generations of a day (bot.md 12.1): not money, the same discipline.
CREATE TABLE free_days (
  bot_instance_id TEXT NOT NULL,
  user_ref TEXT NOT NULL,
  day TEXT NOT NULL,
  used INTEGER NOT NULL CHECK (used >= 0),
  reserved INTEGER NOT NULL CHECK (reserved >= 0),
  PRIMARY KEY (bot_instance_id, user_ref, day)
) STRICT;

CREATE TABLE free_reservations (
  bot_instance_id TEXT NOT NULL,
  generation_id TEXT NOT NULL,
  user_ref TEXT NOT NULL,
  day TEXT NOT NULL,
  units INTEGER NOT NULL CHECK (units > 0),
  state TEXT NOT NULL CHECK (state IN ('reserved', 'used', 'released')),
  created_at INTEGER NOT NULL,
  PRIMARY KEY (bot_instance_id, generation_id)
) STRICT;
