-- Earned free generations, invitations, the gift wheel and promo codes (bot.md 12). Amounts move in the ledger; these rows say
-- that each happened, once. People are named as the ledger names them, so erasing that name anonymises them too.
ALTER TABLE free_reservations ADD COLUMN bank_units BIGINT NOT NULL DEFAULT 0
  CONSTRAINT free_reservations_bank_check CHECK (bank_units >= 0 AND bank_units <= units);
ALTER TABLE free_reservations ADD COLUMN bank_used BIGINT NOT NULL DEFAULT 0
  CONSTRAINT free_reservations_used_check CHECK (bank_used >= 0 AND bank_used <= bank_units);

-- What a person has earned and not used: earned by the entries below, reserved and used by the reservations above.
CREATE TABLE bonus_banks (
  bot_instance_id TEXT NOT NULL,
  user_ref TEXT NOT NULL,
  earned BIGINT NOT NULL,
  used BIGINT NOT NULL CHECK (used >= 0),
  reserved BIGINT NOT NULL CHECK (reserved >= 0),
  PRIMARY KEY (bot_instance_id, user_ref),
  CONSTRAINT bonus_banks_overdraft_check CHECK (earned - used - reserved >= 0)
);
SELECT botyard_wall('bonus_banks');

CREATE TABLE bonus_entries (
  bot_instance_id TEXT NOT NULL,
  idem_key TEXT NOT NULL,
  user_ref TEXT NOT NULL,
  units BIGINT NOT NULL CHECK (units > 0),
  corr TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (bot_instance_id, idem_key)
);
CREATE INDEX bonus_entries_user ON bonus_entries (bot_instance_id, user_ref);
SELECT botyard_wall('bonus_entries', 'SELECT, INSERT');

CREATE TABLE referral_links (
  bot_instance_id TEXT NOT NULL,
  user_ref TEXT NOT NULL,
  token TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (bot_instance_id, user_ref)
);
CREATE UNIQUE INDEX referral_links_token_key ON referral_links (bot_instance_id, token);
SELECT botyard_wall('referral_links');

CREATE TABLE referrals (
  bot_instance_id TEXT NOT NULL,
  invited_ref TEXT NOT NULL,
  inviter_ref TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (bot_instance_id, invited_ref),
  CONSTRAINT referrals_sides_check CHECK (invited_ref <> inviter_ref)
);
CREATE INDEX referrals_inviter ON referrals (bot_instance_id, inviter_ref);
CREATE INDEX referrals_time ON referrals (bot_instance_id, created_at);
SELECT botyard_wall('referrals', 'SELECT, INSERT');

CREATE TABLE gifts (
  bot_instance_id TEXT NOT NULL,
  user_ref TEXT NOT NULL,
  amount BIGINT NOT NULL CHECK (amount > 0),
  created_at BIGINT NOT NULL,
  PRIMARY KEY (bot_instance_id, user_ref)
);
SELECT botyard_wall('gifts', 'SELECT, INSERT');

CREATE TABLE promo_codes (
  bot_instance_id TEXT NOT NULL,
  id TEXT NOT NULL,
  code TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('amount', 'percent')),
  worth BIGINT NOT NULL CHECK (worth > 0),
  total BIGINT NOT NULL,
  per_user BIGINT NOT NULL,
  used BIGINT NOT NULL CHECK (used >= 0),
  created_by BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  off_at BIGINT,
  PRIMARY KEY (bot_instance_id, id),
  CONSTRAINT promo_codes_total_check CHECK (used <= total)
);
CREATE UNIQUE INDEX promo_codes_code_key ON promo_codes (bot_instance_id, code);
CREATE INDEX promo_codes_time ON promo_codes (bot_instance_id, created_at);
SELECT botyard_wall('promo_codes');

CREATE TABLE promo_uses (
  bot_instance_id TEXT NOT NULL,
  promo_id TEXT NOT NULL,
  user_ref TEXT NOT NULL,
  n BIGINT NOT NULL CHECK (n > 0),
  created_at BIGINT NOT NULL,
  PRIMARY KEY (bot_instance_id, promo_id, user_ref, n),
  FOREIGN KEY (bot_instance_id, promo_id) REFERENCES promo_codes (bot_instance_id, id)
);
CREATE INDEX promo_uses_time ON promo_uses (bot_instance_id, created_at);
SELECT botyard_wall('promo_uses');

-- A percent code that waits for its person's next top-up: at most one.
CREATE TABLE promo_pending (
  bot_instance_id TEXT NOT NULL,
  user_ref TEXT NOT NULL,
  promo_id TEXT NOT NULL,
  percent BIGINT NOT NULL CHECK (percent > 0),
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (bot_instance_id, user_ref),
  FOREIGN KEY (bot_instance_id, promo_id) REFERENCES promo_codes (bot_instance_id, id)
);
SELECT botyard_wall('promo_pending');

-- Wrong codes of a person: how many since when, and until when no code of theirs is looked at.
CREATE TABLE promo_tries (
  bot_instance_id TEXT NOT NULL,
  user_ref TEXT NOT NULL,
  wrong BIGINT NOT NULL,
  since BIGINT NOT NULL,
  closed_until BIGINT NOT NULL,
  PRIMARY KEY (bot_instance_id, user_ref)
);
SELECT botyard_wall('promo_tries');
