-- The ledger's proof: transfers sealed into a chain per tenant, sums that the chain has seen, and what the last check found
-- (reliability.md 3.1, "Tamper evidence"; decisions.md 10).

CREATE INDEX transfers_time ON transfers (bot_instance_id, created_at);

-- A transfer's link: a keyed hash of what it says and of the link before it. Written once, never changed.
CREATE TABLE ledger_seals (
  bot_instance_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  transfer_id TEXT NOT NULL,
  hash TEXT NOT NULL,
  PRIMARY KEY (bot_instance_id, seq),
  FOREIGN KEY (bot_instance_id, transfer_id) REFERENCES transfers (bot_instance_id, id)
) STRICT;
CREATE UNIQUE INDEX ledger_seals_transfer ON ledger_seals (bot_instance_id, transfer_id);

CREATE TRIGGER ledger_seals_immutable_update BEFORE UPDATE ON ledger_seals
BEGIN SELECT RAISE(ABORT, 'seals are immutable'); END;
CREATE TRIGGER ledger_seals_immutable_delete BEFORE DELETE ON ledger_seals
BEGIN SELECT RAISE(ABORT, 'seals are immutable'); END;

-- The chain's last link, apart: it puts sealers in order, and says when links were cut off the end. `reached` is the time of
-- the youngest sealed transfer, `walked` the last link that was compared with its transfer.
CREATE TABLE ledger_heads (
  bot_instance_id TEXT NOT NULL PRIMARY KEY REFERENCES tenants (bot_instance_id),
  seq INTEGER NOT NULL,
  hash TEXT NOT NULL,
  reached INTEGER NOT NULL,
  walked INTEGER NOT NULL
) STRICT;

-- What the sealed transfers come to, by account: what came since is added when a balance is compared.
CREATE TABLE ledger_sums (
  bot_instance_id TEXT NOT NULL,
  account_id TEXT NOT NULL,
  posted INTEGER NOT NULL,
  held INTEGER NOT NULL,
  PRIMARY KEY (bot_instance_id, account_id),
  FOREIGN KEY (bot_instance_id, account_id) REFERENCES accounts (bot_instance_id, id)
) STRICT;

-- What the last check of a tenant's ledger found. `turns` counts the turns from green to red.
CREATE TABLE ledger_checks (
  bot_instance_id TEXT NOT NULL PRIMARY KEY REFERENCES tenants (bot_instance_id),
  checked_at INTEGER NOT NULL,
  full_at INTEGER NOT NULL,
  sealed INTEGER NOT NULL,
  faults INTEGER NOT NULL,
  detail TEXT NOT NULL,
  turns INTEGER NOT NULL
) STRICT;
