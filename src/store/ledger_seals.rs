//! The ledger's proof as rows: transfers sealed into a chain, sums that the chain has seen, and what the last check found
//! (reliability.md 3.1, "Tamper evidence"; decisions.md 10). What a link says is `billing/chain.rs`'s matter.

use super::rows::{all, maybe, one, row};
use super::{StoreError, TenantTx, on};
use crate::domain::UnixMs;

const LEDGER_HEAD: &str = "SELECT seq, hash, reached, walked FROM ledger_heads WHERE bot_instance_id = $1";
const LEDGER_HEAD_ENSURE: &str = "INSERT INTO ledger_heads (bot_instance_id, seq, hash, reached, walked)
     VALUES ($1, 0, '', 0, 0) ON CONFLICT (bot_instance_id) DO NOTHING";
/// Changes nothing and takes the row's lock: of two sealers the second continues from what the first committed.
const LEDGER_HEAD_LOCK: &str =
    "UPDATE ledger_heads SET seq = seq WHERE bot_instance_id = $1 RETURNING seq, hash, reached, walked";
const LEDGER_HEAD_PUT: &str =
    "UPDATE ledger_heads SET seq = $2, hash = $3, reached = $4, walked = $5 WHERE bot_instance_id = $1";
const LEDGER_UNSEALED: &str =
    "SELECT t.id, t.kind, t.code, t.debit_id AS debit, t.credit_id AS credit, t.unit, t.amount,
       t.pending_id AS pending, t.idem_key AS key, t.req_hash, t.corr, t.created_at, COALESCE(p.amount, 0) AS was_held
     FROM transfers t LEFT JOIN transfers p ON p.bot_instance_id = t.bot_instance_id AND p.id = t.pending_id
     WHERE t.bot_instance_id = $1 AND t.created_at >= $2
       AND NOT EXISTS (SELECT 1 FROM ledger_seals s WHERE s.bot_instance_id = $1 AND s.transfer_id = t.id)
     ORDER BY t.created_at, t.id LIMIT $3";
const LEDGER_COUNTS: &str = "SELECT (SELECT COUNT(*) FROM transfers t WHERE t.bot_instance_id = $1),
       (SELECT COUNT(*) FROM ledger_seals s WHERE s.bot_instance_id = $1)";
const LEDGER_SEAL_PUT: &str =
    "INSERT INTO ledger_seals (bot_instance_id, seq, transfer_id, hash) VALUES ($1, $2, $3, $4)";
const LEDGER_SEAL_GET: &str = "SELECT hash FROM ledger_seals WHERE bot_instance_id = $1 AND seq = $2";
const LEDGER_SEALS_AFTER: &str = "SELECT s.seq, s.hash, s.transfer_id, t.kind, t.code, t.debit_id AS debit,
       t.credit_id AS credit, t.unit, t.amount, t.pending_id AS pending, t.idem_key AS key, t.req_hash, t.corr, t.created_at
     FROM ledger_seals s LEFT JOIN transfers t ON t.bot_instance_id = s.bot_instance_id AND t.id = s.transfer_id
     WHERE s.bot_instance_id = $1 AND s.seq > $2 ORDER BY s.seq LIMIT $3";
const LEDGER_SUM_ADD: &str =
    "INSERT INTO ledger_sums (bot_instance_id, account_id, posted, held) VALUES ($1, $2, $3, $4)
     ON CONFLICT (bot_instance_id, account_id) DO UPDATE SET posted = ledger_sums.posted + excluded.posted,
       held = ledger_sums.held + excluded.held";
/// One statement, so that balance, sums and what came since are of one moment.
const LEDGER_DRIFT: &str = "
WITH fresh AS (
  SELECT t.kind, t.debit_id, t.amount, COALESCE(p.amount, 0) AS was_held FROM transfers t
    LEFT JOIN transfers p ON p.bot_instance_id = t.bot_instance_id AND p.id = t.pending_id
    WHERE t.bot_instance_id = $1 AND t.debit_id = $2 AND t.created_at >= $3
      AND NOT EXISTS (SELECT 1 FROM ledger_seals s WHERE s.bot_instance_id = $1 AND s.transfer_id = t.id)
  UNION ALL
  SELECT t.kind, t.debit_id, t.amount, 0 FROM transfers t
    WHERE t.bot_instance_id = $1 AND t.credit_id = $2 AND t.created_at >= $3
      AND NOT EXISTS (SELECT 1 FROM ledger_seals s WHERE s.bot_instance_id = $1 AND s.transfer_id = t.id)
)
SELECT CAST(a.posted - COALESCE(c.posted, 0) - COALESCE((SELECT SUM(CASE WHEN f.kind NOT IN ('single', 'post') THEN 0
         WHEN f.debit_id = $2 THEN -f.amount ELSE f.amount END) FROM fresh f), 0) AS BIGINT) AS posted,
       CAST(a.held - COALESCE(c.held, 0) - COALESCE((SELECT SUM(CASE WHEN f.debit_id <> $2 THEN 0
         WHEN f.kind = 'pending' THEN f.amount ELSE -f.was_held END) FROM fresh f), 0) AS BIGINT) AS held
FROM accounts a LEFT JOIN ledger_sums c ON c.bot_instance_id = a.bot_instance_id AND c.account_id = a.id
WHERE a.bot_instance_id = $1 AND a.id = $2";
const LEDGER_CHECK_GET: &str =
    "SELECT checked_at, full_at, sealed, faults, detail, turns FROM ledger_checks WHERE bot_instance_id = $1";
const LEDGER_CHECK_PUT: &str =
    "INSERT INTO ledger_checks (bot_instance_id, checked_at, full_at, sealed, faults, detail, turns)
     VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (bot_instance_id) DO UPDATE SET checked_at = excluded.checked_at,
       full_at = excluded.full_at, sealed = excluded.sealed, faults = excluded.faults, detail = excluded.detail,
       turns = excluded.turns";
/// A whole ledger may take longer than a person's statement may.
const LEDGER_PATIENCE_POSTGRES: &str = "SELECT set_config('statement_timeout', '60s', true)";

row! {
    /// The chain's last link.
    pub struct LedgerHead of "ledger_heads" by "seq" {
        /// How many transfers are sealed.
        pub seq: i64,
        /// The last link's hash; empty before the first.
        pub hash: String,
        /// When the youngest sealed transfer was made.
        pub reached: UnixMs,
        /// The last link that the rolling walk compared with its transfer.
        pub walked: i64,
    }
}

row! {
    /// A transfer that is not sealed yet.
    pub struct UnsealedRow of "transfers" by "id" {
        /// `trf_…`.
        pub id: String,
        /// `single`, `pending`, `post`, `void`.
        pub kind: String,
        /// What for.
        pub code: String,
        /// The paying account.
        pub debit: String,
        /// The receiving account.
        pub credit: String,
        /// What the amount counts.
        pub unit: String,
        /// In the unit's smallest part.
        pub amount: i64,
        /// The hold it resolves.
        pub pending: Option<String>,
        /// The business fact.
        pub key: String,
        /// What was asked for under that key.
        pub req_hash: String,
        /// Whose story it belongs to.
        pub corr: String,
        /// When.
        pub created_at: UnixMs,
        /// What that hold had reserved; 0 without one.
        pub was_held: i64,
    }
}

row! {
    /// A link and the transfer it is of; without one nothing but the link is left.
    pub struct SealRow of "ledger_seals" by "seq" {
        /// Its number; the first is 1.
        pub seq: i64,
        /// What it says.
        pub hash: String,
        /// The transfer's id.
        pub transfer_id: String,
        /// The transfer's parts, as in [`UnsealedRow`].
        pub kind: Option<String>,
        /// See there.
        pub code: Option<String>,
        /// See there.
        pub debit: Option<String>,
        /// See there.
        pub credit: Option<String>,
        /// See there.
        pub unit: Option<String>,
        /// See there.
        pub amount: Option<i64>,
        /// See there.
        pub pending: Option<String>,
        /// See there.
        pub key: Option<String>,
        /// See there.
        pub req_hash: Option<String>,
        /// See there.
        pub corr: Option<String>,
        /// See there.
        pub created_at: Option<UnixMs>,
    }
}

row! {
    /// What an account shows beyond what its transfers come to; both are 0 when all is well.
    pub struct LedgerDrift of "accounts" by "id" {
        /// Of `posted`.
        pub posted: i64,
        /// Of `held`.
        pub held: i64,
    }
}

row! {
    /// What the last check of a tenant's ledger found.
    pub struct LedgerCheckRow of "ledger_checks" by "checked_at" {
        /// When.
        pub checked_at: UnixMs,
        /// When every rule was last asked about every row.
        pub full_at: UnixMs,
        /// Transfers sealed by then.
        pub sealed: i64,
        /// Faults; 0 is green.
        pub faults: i64,
        /// The first of them, one a line.
        pub detail: String,
        /// How often it turned from green to red.
        pub turns: i64,
    }
}

impl TenantTx {
    /// The chain's last link; `None`: nothing was ever sealed.
    pub async fn ledger_head(&mut self) -> Result<Option<LedgerHead>, StoreError> {
        on!(self.tx, c => maybe(sqlx::query(LEDGER_HEAD).bind(self.id.as_str()).fetch_optional(c).await))
    }

    /// The same, locked until the transaction ends: who seals holds it.
    pub async fn ledger_head_lock(&mut self) -> Result<LedgerHead, StoreError> {
        on!(self.tx, c => sqlx::query(LEDGER_HEAD_ENSURE).bind(self.id.as_str()).execute(c).await.map(|_| ()))?;
        on!(self.tx, c => one(sqlx::query(LEDGER_HEAD_LOCK).bind(self.id.as_str()).fetch_one(c).await))
    }

    /// Moves the chain's last link.
    pub async fn ledger_head_put(&mut self, head: &LedgerHead) -> Result<(), StoreError> {
        on!(self.tx, c => sqlx::query(LEDGER_HEAD_PUT).bind(self.id.as_str()).bind(head.seq).bind(&head.hash)
            .bind(head.reached.0).bind(head.walked).execute(c).await.map(|_| ()))?;
        Ok(())
    }

    /// At most `n` transfers that are not sealed yet and were made at or after `since`, oldest first.
    pub async fn ledger_unsealed(&mut self, since: UnixMs, n: i64) -> Result<Vec<UnsealedRow>, StoreError> {
        on!(self.tx, c => all(sqlx::query(LEDGER_UNSEALED).bind(self.id.as_str()).bind(since.0).bind(n).fetch_all(c)
            .await))
    }

    /// How many transfers there are, and how many links.
    pub async fn ledger_counts(&mut self) -> Result<(i64, i64), StoreError> {
        Ok(on!(self.tx, c => sqlx::query_as(LEDGER_COUNTS).bind(self.id.as_str()).fetch_one(c).await)?)
    }

    /// Writes a link.
    pub async fn ledger_seal_put(&mut self, seq: i64, transfer: &str, hash: &str) -> Result<(), StoreError> {
        on!(self.tx, c => sqlx::query(LEDGER_SEAL_PUT).bind(self.id.as_str()).bind(seq).bind(transfer).bind(hash)
            .execute(c).await.map(|_| ()))?;
        Ok(())
    }

    /// A link's hash.
    pub async fn ledger_seal_get(&mut self, seq: i64) -> Result<Option<String>, StoreError> {
        Ok(on!(self.tx, c => sqlx::query_scalar(LEDGER_SEAL_GET).bind(self.id.as_str()).bind(seq).fetch_optional(c)
            .await)?)
    }

    /// At most `n` links after number `after`, with their transfers.
    pub async fn ledger_seals_after(&mut self, after: i64, n: i64) -> Result<Vec<SealRow>, StoreError> {
        on!(self.tx, c => all(sqlx::query(LEDGER_SEALS_AFTER).bind(self.id.as_str()).bind(after).bind(n).fetch_all(c)
            .await))
    }

    /// Adds what newly sealed transfers did to an account.
    pub async fn ledger_sum_add(&mut self, account: &str, posted: i64, held: i64) -> Result<(), StoreError> {
        on!(self.tx, c => sqlx::query(LEDGER_SUM_ADD).bind(self.id.as_str()).bind(account).bind(posted).bind(held)
            .execute(c).await.map(|_| ()))?;
        Ok(())
    }

    /// By how much an account differs from its transfers, of which those made before `since` are all sealed. `None`: there is
    /// no such account.
    pub async fn ledger_drift(&mut self, account: &str, since: UnixMs) -> Result<Option<LedgerDrift>, StoreError> {
        on!(self.tx, c => maybe(sqlx::query(LEDGER_DRIFT).bind(self.id.as_str()).bind(account).bind(since.0)
            .fetch_optional(c).await))
    }

    /// What the last check found; `None` before the first.
    pub async fn ledger_check_get(&mut self) -> Result<Option<LedgerCheckRow>, StoreError> {
        on!(self.tx, c => maybe(sqlx::query(LEDGER_CHECK_GET).bind(self.id.as_str()).fetch_optional(c).await))
    }

    /// Keeps what a check found.
    pub async fn ledger_check_put(&mut self, check: &LedgerCheckRow) -> Result<(), StoreError> {
        on!(self.tx, c => sqlx::query(LEDGER_CHECK_PUT).bind(self.id.as_str()).bind(check.checked_at.0)
            .bind(check.full_at.0).bind(check.sealed).bind(check.faults).bind(&check.detail).bind(check.turns).execute(c)
            .await.map(|_| ()))?;
        Ok(())
    }

    /// Lets the statements of this transaction take as long as a whole ledger needs, on a server that limits them.
    pub async fn ledger_be_patient(&mut self) -> Result<(), StoreError> {
        if let super::Tx::Postgres(tx) = &mut self.tx {
            sqlx::query(LEDGER_PATIENCE_POSTGRES).execute(&mut **tx).await?;
        }
        Ok(())
    }
}
