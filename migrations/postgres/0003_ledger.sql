-- Money: double entry with holds (reliability.md 3.1). The database, not the code, says no.
CREATE TABLE accounts (
  bot_instance_id TEXT NOT NULL REFERENCES tenants (bot_instance_id),
  id TEXT NOT NULL,
  unit TEXT NOT NULL,
  posted BIGINT NOT NULL,
  held BIGINT NOT NULL,
  no_overdraft BOOLEAN NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (bot_instance_id, id),
  CONSTRAINT accounts_held_check CHECK (held >= 0),
  CONSTRAINT accounts_overdraft_check CHECK (NOT no_overdraft OR posted - held >= 0)
);
CREATE UNIQUE INDEX accounts_unit_key ON accounts (bot_instance_id, id, unit);
SELECT botyard_wall('accounts', 'SELECT, INSERT, UPDATE');

CREATE TABLE transfers (
  bot_instance_id TEXT NOT NULL,
  id TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('single', 'pending', 'post', 'void')),
  code TEXT NOT NULL,
  debit_id TEXT NOT NULL,
  credit_id TEXT NOT NULL,
  unit TEXT NOT NULL,
  amount BIGINT NOT NULL,
  pending_id TEXT,
  idem_key TEXT NOT NULL,
  req_hash TEXT NOT NULL,
  corr TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (bot_instance_id, id),
  CONSTRAINT transfers_amount_check CHECK (amount > 0),
  CONSTRAINT transfers_sides_check CHECK (debit_id <> credit_id),
  CONSTRAINT transfers_pending_check CHECK ((kind IN ('post', 'void')) = (pending_id IS NOT NULL)),
  FOREIGN KEY (bot_instance_id, debit_id, unit) REFERENCES accounts (bot_instance_id, id, unit),
  FOREIGN KEY (bot_instance_id, credit_id, unit) REFERENCES accounts (bot_instance_id, id, unit),
  FOREIGN KEY (bot_instance_id, pending_id) REFERENCES transfers (bot_instance_id, id)
);
CREATE UNIQUE INDEX transfers_idem_key ON transfers (bot_instance_id, idem_key);
CREATE UNIQUE INDEX transfers_pending_key ON transfers (bot_instance_id, pending_id) WHERE pending_id IS NOT NULL;
CREATE INDEX transfers_debit ON transfers (bot_instance_id, debit_id, created_at);
CREATE INDEX transfers_credit ON transfers (bot_instance_id, credit_id, created_at);
CREATE INDEX transfers_corr ON transfers (bot_instance_id, corr);
SELECT botyard_wall('transfers', 'SELECT, INSERT');

CREATE FUNCTION transfers_are_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'transfers are immutable' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER transfers_immutable BEFORE UPDATE OR DELETE ON transfers FOR EACH ROW EXECUTE FUNCTION transfers_are_immutable();

-- Free generations of a day (bot.md 12.1): not money, the same discipline.
CREATE TABLE free_days (
  bot_instance_id TEXT NOT NULL,
  user_ref TEXT NOT NULL,
  day TEXT NOT NULL,
  used BIGINT NOT NULL CHECK (used >= 0),
  reserved BIGINT NOT NULL CHECK (reserved >= 0),
  PRIMARY KEY (bot_instance_id, user_ref, day)
);
SELECT botyard_wall('free_days');

CREATE TABLE free_reservations (
  bot_instance_id TEXT NOT NULL,
  generation_id TEXT NOT NULL,
  user_ref TEXT NOT NULL,
  day TEXT NOT NULL,
  units BIGINT NOT NULL CHECK (units > 0),
  state TEXT NOT NULL CHECK (state IN ('reserved', 'used', 'released')),
  created_at BIGINT NOT NULL,
  PRIMARY KEY (bot_instance_id, generation_id)
);
SELECT botyard_wall('free_reservations');
