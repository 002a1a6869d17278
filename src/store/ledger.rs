//! The ledger's rows: accounts and immutable transfers (reliability.md 3.1). Only `billing/` calls this.
//!
//! How a repeated or racing call stays harmless: balances change by one conditional statement each, accounts in id order;
//! the transfer is inserted under its idempotency key; where that key turns out to be taken, the balance changes made a moment
//! ago in the same transaction are taken back and the earlier transfer is named. No statement fails on the way, because on
//! Postgres a failed statement would end the update's whole transaction.

use sha2::{Digest, Sha256};

use super::{StoreError, TenantTx, on};
use crate::domain::transfer::{Account, EntryKind, IdempotencyKey, Moved, TransferKind};
use crate::domain::{Corr, GenerationId, Money, TransferId, UnixMs};

/// No conflict target: the table has two unique indexes, and of two first movements at once the one that is not named would
/// refuse the slower and end its transaction.
const ACCOUNTS_ENSURE: &str = "INSERT INTO accounts (bot_instance_id, id, unit, posted, held, no_overdraft, created_at)
     VALUES ($1, $2, $3, 0, 0, $4, $7), ($1, $5, $3, 0, 0, $6, $7) ON CONFLICT DO NOTHING";
const ACCOUNT_GET: &str = "SELECT posted, held FROM accounts WHERE bot_instance_id = $1 AND id = $2";
const ACCOUNTS_GET: &str = "SELECT id, posted, held FROM accounts WHERE bot_instance_id = $1 AND id IN ($2, $3)";
/// Takes the row's lock and changes nothing, so that what is read stays true until the transaction ends.
const ACCOUNT_LOCK: &str =
    "UPDATE accounts SET posted = posted WHERE bot_instance_id = $1 AND id = $2 RETURNING posted, held";
const ACCOUNT_CHANGE: &str = "UPDATE accounts SET posted = posted + $3, held = held + $4
     WHERE bot_instance_id = $1 AND id = $2 AND (NOT no_overdraft OR posted + $3 - held - $4 >= 0)
     RETURNING posted";
const TRANSFER_INSERT: &str =
    "INSERT INTO transfers (bot_instance_id, id, kind, code, debit_id, credit_id, unit, amount, pending_id,
       idem_key, req_hash, corr, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT DO NOTHING RETURNING id";
const TRANSFER_AMOUNT: &str = "SELECT amount FROM transfers WHERE bot_instance_id = $1 AND idem_key = $2";
const TRANSFER_BY_KEY: &str = "SELECT id, req_hash FROM transfers WHERE bot_instance_id = $1 AND idem_key = $2";
const TRANSFER_PENDING: &str = "SELECT debit_id, credit_id, unit, amount, idem_key FROM transfers
     WHERE bot_instance_id = $1 AND id = $2 AND kind = 'pending'";
const TRANSFERS_OF_CORR: &str = "SELECT id, kind, code, amount, created_at FROM transfers
     WHERE bot_instance_id = $1 AND corr = $2 ORDER BY +created_at, id";
const HOLD_OPEN: &str =
    "SELECT count(*) FROM transfers p WHERE p.bot_instance_id = $1 AND p.id = $2 AND p.kind = 'pending'
     AND NOT EXISTS (SELECT 1 FROM transfers r WHERE r.bot_instance_id = $1 AND r.pending_id = p.id)";

/// Everything that must never be true of a tenant's ledger, one row per fault (reliability.md 3.1, "violations").
const LEDGER_VIOLATIONS: &str = "
WITH moved AS (
  SELECT account, unit, CAST(COALESCE(sum(posted), 0) AS BIGINT) AS posted, CAST(COALESCE(sum(held), 0) AS BIGINT) AS held FROM (
    SELECT debit_id AS account, unit, -amount AS posted, 0 AS held FROM transfers
      WHERE bot_instance_id = $1 AND kind IN ('single', 'post')
    UNION ALL
    SELECT credit_id, unit, amount, 0 FROM transfers WHERE bot_instance_id = $1 AND kind IN ('single', 'post')
    UNION ALL
    SELECT p.debit_id, p.unit, 0, p.amount FROM transfers p
      WHERE p.bot_instance_id = $1 AND p.kind = 'pending'
        AND NOT EXISTS (SELECT 1 FROM transfers r WHERE r.bot_instance_id = $1 AND r.pending_id = p.id)
  ) m GROUP BY account, unit
)
SELECT 'posted_differs' AS fault, a.id AS subject FROM accounts a LEFT JOIN moved m ON m.account = a.id AND m.unit = a.unit
  WHERE a.bot_instance_id = $1 AND a.posted <> COALESCE(m.posted, 0)
UNION ALL
SELECT 'held_differs', a.id FROM accounts a LEFT JOIN moved m ON m.account = a.id AND m.unit = a.unit
  WHERE a.bot_instance_id = $1 AND a.held <> COALESCE(m.held, 0)
UNION ALL
SELECT 'overdraft', id FROM accounts WHERE bot_instance_id = $1 AND no_overdraft AND posted - held < 0
UNION ALL
SELECT 'debt_above_zero', id FROM accounts WHERE bot_instance_id = $1 AND id LIKE 'debt:%' AND posted > 0
UNION ALL
SELECT 'user_may_overdraw', id FROM accounts WHERE bot_instance_id = $1 AND id LIKE 'user:%' AND NOT no_overdraft
UNION ALL
SELECT 'unit_not_zero', unit FROM accounts WHERE bot_instance_id = $1 GROUP BY unit HAVING sum(posted) <> 0
UNION ALL
SELECT 'unit_mixed', m.account FROM moved m
  WHERE NOT EXISTS (SELECT 1 FROM accounts a WHERE a.bot_instance_id = $1 AND a.id = m.account AND a.unit = m.unit)
UNION ALL
SELECT 'over_posted', r.id FROM transfers r JOIN transfers p ON p.bot_instance_id = r.bot_instance_id AND p.id = r.pending_id
  WHERE r.bot_instance_id = $1 AND (r.amount > p.amount OR p.kind <> 'pending' OR r.unit <> p.unit
    OR r.debit_id <> p.debit_id OR r.credit_id <> p.credit_id OR (r.kind = 'void' AND r.amount <> p.amount))
UNION ALL
SELECT 'resolved_twice', pending_id FROM transfers WHERE bot_instance_id = $1 AND pending_id IS NOT NULL
  GROUP BY pending_id HAVING count(*) > 1
UNION ALL
SELECT 'bank_earned_differs', b.user_ref FROM bonus_banks b WHERE b.bot_instance_id = $1 AND b.earned <>
  COALESCE((SELECT sum(e.units) FROM bonus_entries e WHERE e.bot_instance_id = $1 AND e.user_ref = b.user_ref), 0)
UNION ALL
SELECT 'bank_spent_differs', b.user_ref FROM bonus_banks b
  LEFT JOIN (SELECT f.user_ref, sum(f.bank_used) AS used, sum(CASE WHEN f.state = 'reserved' THEN f.bank_units ELSE 0 END) AS reserved
    FROM free_reservations f WHERE f.bot_instance_id = $1 AND f.bank_units > 0 GROUP BY f.user_ref) s ON s.user_ref = b.user_ref
  WHERE b.bot_instance_id = $1 AND (b.used <> COALESCE(s.used, 0) OR b.reserved <> COALESCE(s.reserved, 0))
UNION ALL
SELECT 'hold_outlives_generation', g.id FROM generations g
  WHERE g.bot_instance_id = $1 AND g.hold_id IS NOT NULL
    AND g.state IN ('delivered', 'delivered_late', 'failed', 'canceled', 'timed_out')
    AND NOT EXISTS (SELECT 1 FROM transfers r WHERE r.bot_instance_id = $1 AND r.pending_id = g.hold_id)
UNION ALL
SELECT 'delivered_without_capture', g.id FROM generations g
  WHERE g.bot_instance_id = $1 AND g.state = 'delivered' AND g.payer = 'money' AND g.price > 0
    AND NOT EXISTS (SELECT 1 FROM transfers r WHERE r.bot_instance_id = $1 AND r.pending_id = g.hold_id AND r.kind = 'post')
UNION ALL
SELECT 'capture_without_delivery', g.id FROM generations g JOIN transfers r
    ON r.bot_instance_id = g.bot_instance_id AND r.pending_id = g.hold_id AND r.kind = 'post'
  WHERE g.bot_instance_id = $1 AND g.state <> 'delivered'
UNION ALL
SELECT 'charged_differs', g.id FROM generations g LEFT JOIN transfers r
    ON r.bot_instance_id = g.bot_instance_id AND r.pending_id = g.hold_id AND r.kind = 'post'
  WHERE g.bot_instance_id = $1 AND g.charged <> COALESCE(r.amount, 0)
ORDER BY 1, 2";

/// What an account holds, in its unit's smallest part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, sqlx::FromRow)]
pub struct AccountRow {
    /// Sum of what was credited less what was debited.
    pub posted: i64,
    /// Reserved by open holds.
    pub held: i64,
}

/// A transfer as the trace of a correlation id shows it.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct TransferRow {
    /// `trf_…`.
    pub id: String,
    /// `single`, `pending`, `post`, `void`.
    pub kind: String,
    /// What for: `hold`, `capture`, …
    pub code: String,
    /// Kopecks.
    pub amount: i64,
    /// Unix ms.
    pub created_at: i64,
}

/// One fault found in a tenant's ledger.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct ViolationRow {
    /// Which rule is broken.
    pub fault: String,
    /// The account, transfer, unit or generation it is broken for.
    pub subject: String,
}

/// The parts of a transfer that all kinds share.
#[derive(Clone, Copy)]
pub struct NewTransfer<'a> {
    /// What for.
    pub entry: EntryKind,
    /// The business fact.
    pub key: &'a IdempotencyKey,
    /// Positive; anything else is refused before the first change.
    pub amount: Money,
    /// Whose story it belongs to.
    pub corr: &'a Corr,
    /// When.
    pub now: UnixMs,
}

struct Line<'a> {
    kind: TransferKind,
    debit: &'a str,
    credit: &'a str,
    unit: &'a str,
    pending: Option<&'a TransferId>,
}

#[derive(sqlx::FromRow)]
struct PendingRow {
    debit_id: String,
    credit_id: String,
    unit: String,
    amount: i64,
    idem_key: String,
}

/// A change of one account: posted and held, in kopecks.
struct Change<'a> {
    account: &'a str,
    posted: i64,
    held: i64,
}

impl TenantTx {
    /// What an account holds; zeros when nothing ever moved.
    pub async fn account_get(&mut self, account: &Account) -> Result<AccountRow, StoreError> {
        let id = account.id();
        let row: Option<AccountRow> =
            on!(self.tx, c => sqlx::query_as(ACCOUNT_GET).bind(self.id.as_str()).bind(&id).fetch_optional(c).await)?;
        Ok(row.unwrap_or_default())
    }

    /// What two accounts hold, at one moment.
    pub(crate) async fn accounts_get(&mut self, accounts: [&Account; 2]) -> Result<[AccountRow; 2], StoreError> {
        let ids = accounts.map(Account::id);
        let rows: Vec<(String, i64, i64)> = on!(self.tx, c => sqlx::query_as(ACCOUNTS_GET).bind(self.id.as_str())
            .bind(&ids[0]).bind(&ids[1]).fetch_all(c).await)?;
        let of = |id: &String| rows.iter().find(|(found, ..)| found == id);
        Ok(ids.each_ref().map(|id| {
            of(id).map_or_else(AccountRow::default, |(_, posted, held)| AccountRow { posted: *posted, held: *held })
        }))
    }

    /// What a fact moved, if it was told.
    pub(crate) async fn transfer_amount(&mut self, key: &IdempotencyKey) -> Result<Option<Money>, StoreError> {
        let amount: Option<i64> = on!(self.tx, c => sqlx::query_scalar(TRANSFER_AMOUNT).bind(self.id.as_str())
            .bind(key.as_str()).fetch_optional(c).await)?;
        Ok(amount.map(Money::kopecks))
    }

    /// Locks accounts until the transaction ends, in id order as every change of them, and gives what each holds, in the order
    /// of the question: for the few facts whose amount depends on a balance (decisions.md 9).
    ///
    /// An account that was not there yet cannot be locked, so it is read again under the locks of the others: whoever makes a
    /// debt holds the person's account.
    pub(crate) async fn accounts_lock<const N: usize>(
        &mut self,
        accounts: [&Account; N],
    ) -> Result<[AccountRow; N], StoreError> {
        let mut order: Vec<(usize, String)> = accounts.iter().map(|account| account.id()).enumerate().collect();
        order.sort_by(|a, b| a.1.cmp(&b.1));
        let mut rows = [AccountRow::default(); N];
        let mut missing = Vec::new();
        for (at, id) in order {
            let row: Option<AccountRow> = on!(self.tx, c => sqlx::query_as(ACCOUNT_LOCK).bind(self.id.as_str()).bind(&id)
                .fetch_optional(c).await)?;
            match row {
                Some(row) => rows[at] = row,
                None => missing.push(at),
            }
        }
        for at in missing {
            rows[at] = self.account_get(accounts[at]).await?;
        }
        Ok(rows)
    }

    /// Moves money at once from `debit` to `credit`.
    pub(crate) async fn transfer_single(
        &mut self,
        debit: &Account,
        credit: &Account,
        new: &NewTransfer<'_>,
    ) -> Result<Moved, StoreError> {
        self.accounts_ensure([debit, credit], new).await?;
        let (debit_id, credit_id, amount) = (debit.id(), credit.id(), new.amount.as_kopecks());
        let changes = [
            Change { account: &debit_id, posted: -amount, held: 0 },
            Change { account: &credit_id, posted: amount, held: 0 },
        ];
        let line = Line {
            kind: TransferKind::Single,
            debit: &debit_id,
            credit: &credit_id,
            unit: debit.unit().as_str(),
            pending: None,
        };
        self.apply(changes, line, new).await
    }

    /// Reserves money of `debit` for `credit`.
    pub(crate) async fn transfer_pending(
        &mut self,
        debit: &Account,
        credit: &Account,
        new: &NewTransfer<'_>,
    ) -> Result<Moved, StoreError> {
        self.accounts_ensure([debit, credit], new).await?;
        let (debit_id, credit_id) = (debit.id(), credit.id());
        let changes = [Change { account: &debit_id, posted: 0, held: new.amount.as_kopecks() }];
        let line = Line {
            kind: TransferKind::Pending,
            debit: &debit_id,
            credit: &credit_id,
            unit: debit.unit().as_str(),
            pending: None,
        };
        self.apply(changes, line, new).await
    }

    /// Takes `new.amount` of a generation's hold and frees the rest.
    pub(crate) async fn transfer_post(
        &mut self,
        hold: &TransferId,
        generation: &GenerationId,
        new: &NewTransfer<'_>,
    ) -> Result<Moved, StoreError> {
        require_positive(new)?;
        let Some(pending) = self.pending(hold, generation).await? else { return Ok(Moved::NoSuchHold) };
        let amount = new.amount.as_kopecks();
        if amount > pending.amount {
            return Ok(Moved::NoSuchHold);
        }
        let line = Line {
            kind: TransferKind::Post,
            debit: &pending.debit_id,
            credit: &pending.credit_id,
            unit: &pending.unit,
            pending: Some(hold),
        };
        // The unique index on pending_id is the gate: only who passes it may move the balances.
        let Some(id) = self.insert(&line, new).await? else { return self.resolved_before(&line, new).await };
        let changes = [
            Change { account: &pending.debit_id, posted: -amount, held: -pending.amount },
            Change { account: &pending.credit_id, posted: amount, held: 0 },
        ];
        self.change_all(changes).await?;
        Ok(Moved::Done(id))
    }

    /// Gives a generation's hold back in full.
    pub(crate) async fn transfer_void(
        &mut self,
        hold: &TransferId,
        generation: &GenerationId,
        entry: EntryKind,
        key: &IdempotencyKey,
        corr: &Corr,
        now: UnixMs,
    ) -> Result<Moved, StoreError> {
        let Some(pending) = self.pending(hold, generation).await? else { return Ok(Moved::NoSuchHold) };
        let new = NewTransfer { entry, key, amount: Money::kopecks(pending.amount), corr, now };
        let line = Line {
            kind: TransferKind::Void,
            debit: &pending.debit_id,
            credit: &pending.credit_id,
            unit: &pending.unit,
            pending: Some(hold),
        };
        let Some(id) = self.insert(&line, &new).await? else { return self.resolved_before(&line, &new).await };
        self.change_all([Change { account: &pending.debit_id, posted: 0, held: -pending.amount }]).await?;
        Ok(Moved::Done(id))
    }

    /// Whether a hold is neither posted nor voided.
    pub async fn hold_is_open(&mut self, hold: &TransferId) -> Result<bool, StoreError> {
        let n: i64 = on!(self.tx, c => sqlx::query_scalar(HOLD_OPEN).bind(self.id.as_str()).bind(hold.as_str())
            .fetch_one(c).await)?;
        Ok(n > 0)
    }

    /// What one correlation id moved, oldest first.
    pub async fn transfers_of_corr(&mut self, corr: &Corr) -> Result<Vec<TransferRow>, StoreError> {
        Ok(
            on!(self.tx, c => sqlx::query_as(TRANSFERS_OF_CORR).bind(self.id.as_str()).bind(corr.as_str()).fetch_all(c).await)?,
        )
    }

    /// Every broken rule of this tenant's ledger; empty when all is well.
    pub async fn ledger_violations(&mut self) -> Result<Vec<ViolationRow>, StoreError> {
        Ok(on!(self.tx, c => sqlx::query_as(LEDGER_VIOLATIONS).bind(self.id.as_str()).fetch_all(c).await)?)
    }

    /// Opens the accounts that are not there yet, in id order: a row that another transaction is inserting is waited for
    /// like a row that it is changing.
    async fn accounts_ensure(&mut self, mut accounts: [&Account; 2], new: &NewTransfer<'_>) -> Result<(), StoreError> {
        require_positive(new)?;
        accounts.sort_by_key(|account| account.id());
        let [first, second] = accounts;
        let ids = [first.id(), second.id()];
        Ok(
            on!(self.tx, c => sqlx::query(ACCOUNTS_ENSURE).bind(self.id.as_str()).bind(&ids[0]).bind(first.unit().as_str())
            .bind(first.no_overdraft()).bind(&ids[1]).bind(second.no_overdraft()).bind(new.now.0).execute(c).await
            .map(|_| ()))?,
        )
    }

    /// A hold, resolved or not, if it was opened for this generation: nobody's money pays for somebody else's.
    async fn pending(
        &mut self,
        hold: &TransferId,
        generation: &GenerationId,
    ) -> Result<Option<PendingRow>, StoreError> {
        let row: Option<PendingRow> = on!(self.tx, c => sqlx::query_as(TRANSFER_PENDING).bind(self.id.as_str())
            .bind(hold.as_str()).fetch_optional(c).await)?;
        Ok(row.filter(|row| IdempotencyKey::is_hold_of(&row.idem_key, generation)))
    }

    /// Balances first (the conditional updates are the row locks), then the transfer; see the head of this file.
    async fn apply<const N: usize>(
        &mut self,
        mut changes: [Change<'_>; N],
        line: Line<'_>,
        new: &NewTransfer<'_>,
    ) -> Result<Moved, StoreError> {
        changes.sort_by(|a, b| a.account.cmp(b.account));
        for at in 0..N {
            if !self.change(&changes[at]).await? {
                self.take_back(&changes[..at]).await?;
                return Ok(self.told_before(&line, new).await?.unwrap_or(Moved::Insufficient));
            }
        }
        if let Some(id) = self.insert(&line, new).await? {
            return Ok(Moved::Done(id));
        }
        self.take_back(&changes).await?;
        self.told_before(&line, new).await?.ok_or_else(|| key_reused(new.key))
    }

    async fn change(&mut self, change: &Change<'_>) -> Result<bool, StoreError> {
        let row: Option<i64> = on!(self.tx, c => sqlx::query_scalar(ACCOUNT_CHANGE).bind(self.id.as_str())
            .bind(change.account).bind(change.posted).bind(change.held).fetch_optional(c).await)?;
        Ok(row.is_some())
    }

    async fn take_back(&mut self, changes: &[Change<'_>]) -> Result<(), StoreError> {
        for change in changes {
            let back = Change { account: change.account, posted: -change.posted, held: -change.held };
            if !self.change(&back).await? {
                return Err(StoreError::Failed("a change of a moment ago could not be taken back".to_owned()));
            }
        }
        Ok(())
    }

    async fn change_all<const N: usize>(&mut self, mut changes: [Change<'_>; N]) -> Result<(), StoreError> {
        changes.sort_by(|a, b| a.account.cmp(b.account));
        for change in &changes {
            if !self.change(change).await? {
                return Err(StoreError::Failed(format!("account {} refused to resolve a hold", change.account)));
            }
        }
        Ok(())
    }

    async fn insert(&mut self, line: &Line<'_>, new: &NewTransfer<'_>) -> Result<Option<TransferId>, StoreError> {
        let id = TransferId::random();
        let hash = request_hash(line, new);
        let inserted: Option<String> = on!(self.tx, c => sqlx::query_scalar(TRANSFER_INSERT)
            .bind(self.id.as_str()).bind(id.as_str()).bind(line.kind.as_str()).bind(new.entry.as_str())
            .bind(line.debit).bind(line.credit).bind(line.unit).bind(new.amount.as_kopecks())
            .bind(line.pending.map(TransferId::as_str)).bind(new.key.as_str()).bind(&hash)
            .bind(new.corr.as_str()).bind(new.now.0).fetch_optional(c).await)?;
        Ok(inserted.map(|_| id))
    }

    /// The earlier transfer under this key, if it says the same; another request under the same key is an error.
    async fn told_before(&mut self, line: &Line<'_>, new: &NewTransfer<'_>) -> Result<Option<Moved>, StoreError> {
        let row: Option<(String, String)> = on!(self.tx, c => sqlx::query_as(TRANSFER_BY_KEY).bind(self.id.as_str())
            .bind(new.key.as_str()).fetch_optional(c).await)?;
        let Some((id, hash)) = row else { return Ok(None) };
        if hash != request_hash(line, new) {
            return Err(key_reused(new.key));
        }
        let id = TransferId::parse(&id).map_err(|_| StoreError::corrupt("transfers", "id", &id))?;
        Ok(Some(Moved::Exists(id)))
    }

    async fn resolved_before(&mut self, line: &Line<'_>, new: &NewTransfer<'_>) -> Result<Moved, StoreError> {
        Ok(self.told_before(line, new).await?.unwrap_or(Moved::AlreadyResolved))
    }
}

/// The database would refuse the amount too, but only after balances have changed, and on Postgres with the transaction.
fn require_positive(new: &NewTransfer<'_>) -> Result<(), StoreError> {
    if new.amount.is_positive() {
        Ok(())
    } else {
        Err(StoreError::Refused(format!("invalid_amount: {:?} moves {} kopecks", new.key, new.amount.as_kopecks())))
    }
}

fn key_reused(key: &IdempotencyKey) -> StoreError {
    StoreError::Refused(format!("idempotency key {key:?} was used for another request"))
}

fn request_hash(line: &Line<'_>, new: &NewTransfer<'_>) -> String {
    let mut hash = Sha256::new();
    let amount = new.amount.as_kopecks().to_string();
    let pending = line.pending.map_or("", TransferId::as_str);
    for part in [line.kind.as_str(), new.entry.as_str(), line.debit, line.credit, line.unit, &amount, pending] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    hex::encode(hash.finalize())
}
