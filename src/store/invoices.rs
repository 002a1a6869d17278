//! Requests to top up (bot.md 11.3, 11.4; decisions.md 11). States change by one conditional statement each.

use super::rows::{all, maybe, row};
use super::{StoreError, TenantTx, on};
use crate::domain::{Corr, InvoiceId, InvoiceState, Money, PayMethod, UnixMs, UserId, UserRef};

/// No conflict target: of the open transfers only one may have an amount, and a name is given once.
const INVOICE_INSERT: &str =
    "INSERT INTO invoices (bot_instance_id, id, user_id, user_ref, method, requested, amount, stars, rate,
       requisites, state, attempts, corr, created_at, expires_at, updated_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'open', 0, $11, $12, $13, $12) ON CONFLICT DO NOTHING";
const INVOICE_GET: &str =
    "SELECT id, user_id, user_ref, method, requested, amount, stars, rate, requisites, state, attempts, corr,
       created_at, expires_at FROM invoices WHERE bot_instance_id = $1 AND id = $2";
const INVOICES_OPEN_SBP_OF: &str =
    "SELECT id, user_id, user_ref, method, requested, amount, stars, rate, requisites, state, attempts,
       corr, created_at, expires_at FROM invoices
     WHERE bot_instance_id = $1 AND user_id = $2 AND method = 'sbp' AND state = 'open' AND expires_at > $3
     ORDER BY created_at DESC, id LIMIT $4";
/// Those that expired lately, too: who paid then has a picture to show.
const INVOICES_PROVABLE_OF: &str =
    "SELECT id, user_id, user_ref, method, requested, amount, stars, rate, requisites, state, attempts,
       corr, created_at, expires_at FROM invoices
     WHERE bot_instance_id = $1 AND user_id = $2 AND method = 'sbp' AND state IN ('open', 'expired') AND expires_at > $4
     ORDER BY CASE WHEN state = 'open' AND expires_at > $3 THEN 0 ELSE 1 END, created_at DESC, id LIMIT $5";
const INVOICES_OF: &str =
    "SELECT id, user_id, user_ref, method, requested, amount, stars, rate, requisites, state, attempts, corr,
       created_at, expires_at FROM invoices WHERE bot_instance_id = $1 AND user_id = $2
     ORDER BY created_at DESC, id LIMIT $3";
const INVOICE_AMOUNTS_TAKEN: &str = "SELECT amount FROM invoices WHERE bot_instance_id = $1 AND method = 'sbp'
       AND state IN ('open', 'review') AND amount > $2 AND amount < $3";
const INVOICE_ATTEMPT: &str = "UPDATE invoices SET attempts = attempts + 1, updated_at = $4
     WHERE bot_instance_id = $1 AND id = $2 AND state IN ('open', 'review', 'expired') AND attempts < $3
     RETURNING attempts";
const INVOICE_MOVE: &str = "UPDATE invoices SET state = $3, updated_at = $4
     WHERE bot_instance_id = $1 AND id = $2 AND state IN ($5, $6, $7)";
/// Whoever holds a request's row decides on its pictures; the others wait and find what was decided.
const INVOICE_LOCK: &str = "UPDATE invoices SET updated_at = $3 WHERE bot_instance_id = $1 AND id = $2";
const INVOICE_REOPEN: &str = "UPDATE invoices SET state = 'open', updated_at = $4,
       expires_at = CASE WHEN expires_at < $3 THEN $3 ELSE expires_at END
     WHERE bot_instance_id = $1 AND id = $2 AND state = 'review'";
const INVOICE_EXTEND: &str = "UPDATE invoices SET updated_at = $4,
       expires_at = CASE WHEN expires_at < $3 THEN $3 ELSE expires_at END
     WHERE bot_instance_id = $1 AND id = $2 AND state = 'open' AND expires_at > $4";
const INVOICE_END: &str = "UPDATE invoices SET state = 'expired', expires_at = $3, updated_at = $3
     WHERE bot_instance_id = $1 AND id = $2 AND state = 'open'";
/// Its sum was free for others since it expired.
const INVOICE_REVIVE: &str = "UPDATE invoices SET state = 'review', updated_at = $3
     WHERE bot_instance_id = $1 AND id = $2 AND state = 'expired' AND NOT EXISTS (SELECT 1 FROM invoices o
       WHERE o.bot_instance_id = $1 AND o.amount = invoices.amount AND o.method = 'sbp' AND o.state IN ('open', 'review'))";

/// A request to record, open.
#[derive(Debug, Clone)]
pub struct NewInvoice<'a> {
    /// Its name.
    pub id: &'a InvoiceId,
    /// Whose.
    pub user_id: UserId,
    /// The same person in the ledger.
    pub user_ref: &'a UserRef,
    /// How it will be paid.
    pub method: PayMethod,
    /// What was asked for.
    pub requested: Money,
    /// What is to be paid and will be credited.
    pub amount: Money,
    /// Its price in Stars, for Stars.
    pub stars: Option<i64>,
    /// Stars for a rouble when it was made, in ten-thousandths.
    pub rate: Option<i64>,
    /// Where a transfer goes, sealed: as it was when it was made.
    pub requisites: Option<&'a [u8]>,
    /// The story it belongs to.
    pub corr: &'a Corr,
    /// From then on it cannot be paid.
    pub expires_at: UnixMs,
}

row! {
    /// A request to top up.
    pub struct InvoiceRow of "invoices" by "id" {
        /// Its name.
        pub id: InvoiceId,
        /// Whose.
        pub user_id: UserId,
        /// The same person in the ledger.
        pub user_ref: UserRef,
        /// How it is paid.
        pub method: PayMethod,
        /// What was asked for.
        pub requested: Money,
        /// What is to be paid and will be credited.
        pub amount: Money,
        /// Its price in Stars, for Stars.
        pub stars: Option<i64>,
        /// Stars for a rouble when it was made, in ten-thousandths.
        pub rate: Option<i64>,
        /// Where a transfer goes, sealed.
        pub requisites: Option<Vec<u8>>,
        /// Where it stands.
        pub state: InvoiceState,
        /// Pictures that were checked for it.
        pub attempts: i64,
        /// The story it belongs to.
        pub corr: Corr,
        /// When it was made.
        pub created_at: UnixMs,
        /// From then on it cannot be paid.
        pub expires_at: UnixMs,
    }
}

impl TenantTx {
    /// Records a request. `false`: an open transfer has this amount already.
    pub async fn invoice_insert(&mut self, new: &NewInvoice<'_>, now: UnixMs) -> Result<bool, StoreError> {
        let inserted = on!(self.tx, c => sqlx::query(INVOICE_INSERT).bind(self.id.as_str()).bind(new.id.as_str())
            .bind(new.user_id.0).bind(new.user_ref.as_str()).bind(new.method.as_str()).bind(new.requested.as_kopecks())
            .bind(new.amount.as_kopecks()).bind(new.stars).bind(new.rate).bind(new.requisites).bind(new.corr.as_str())
            .bind(now.0).bind(new.expires_at.0).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(inserted == 1)
    }

    /// A request by its name.
    pub async fn invoice_get(&mut self, id: &InvoiceId) -> Result<Option<InvoiceRow>, StoreError> {
        on!(self.tx, c => maybe(sqlx::query(INVOICE_GET).bind(self.id.as_str()).bind(id.as_str()).fetch_optional(c)
            .await))
    }

    /// A person's transfers that wait for their proof at `now`, newest first.
    pub async fn invoices_open_sbp_of(
        &mut self,
        user: UserId,
        now: UnixMs,
        limit: i64,
    ) -> Result<Vec<InvoiceRow>, StoreError> {
        on!(self.tx, c => all(sqlx::query(INVOICES_OPEN_SBP_OF).bind(self.id.as_str()).bind(user.0).bind(now.0)
            .bind(limit).fetch_all(c).await))
    }

    /// A person's transfers that a picture may prove at `now`: those that wait for it, newest first, then those that expired after
    /// `since`.
    pub async fn invoices_provable_of(
        &mut self,
        user: UserId,
        now: UnixMs,
        since: UnixMs,
        limit: i64,
    ) -> Result<Vec<InvoiceRow>, StoreError> {
        on!(self.tx, c => all(sqlx::query(INVOICES_PROVABLE_OF).bind(self.id.as_str()).bind(user.0).bind(now.0)
            .bind(since.0).bind(limit).fetch_all(c).await))
    }

    /// A person's requests, newest first.
    pub async fn invoices_of(&mut self, user: UserId, limit: i64) -> Result<Vec<InvoiceRow>, StoreError> {
        on!(self.tx, c => all(sqlx::query(INVOICES_OF).bind(self.id.as_str()).bind(user.0).bind(limit).fetch_all(c)
            .await))
    }

    /// The amounts between two that open transfers have, both ends excluded.
    pub async fn invoice_amounts_taken(&mut self, above: Money, below: Money) -> Result<Vec<Money>, StoreError> {
        let taken: Vec<i64> = on!(self.tx, c => sqlx::query_scalar(INVOICE_AMOUNTS_TAKEN).bind(self.id.as_str())
            .bind(above.as_kopecks()).bind(below.as_kopecks()).fetch_all(c).await)?;
        Ok(taken.into_iter().map(Money::kopecks).collect())
    }

    /// Counts one more picture, unless `most` were checked before or the request is decided; gives which one it is.
    pub async fn invoice_attempt(&mut self, id: &InvoiceId, most: i64, now: UnixMs) -> Result<Option<i64>, StoreError> {
        Ok(on!(self.tx, c => sqlx::query_scalar(INVOICE_ATTEMPT).bind(self.id.as_str()).bind(id.as_str()).bind(most)
            .bind(now.0).fetch_optional(c).await)?)
    }

    /// Moves a request from one of at most three states to another. `false`: it is in neither.
    pub async fn invoice_move(
        &mut self,
        id: &InvoiceId,
        from: &[InvoiceState],
        to: InvoiceState,
        now: UnixMs,
    ) -> Result<bool, StoreError> {
        let from = |at: usize| from.get(at).map(|state| state.as_str());
        let moved = on!(self.tx, c => sqlx::query(INVOICE_MOVE).bind(self.id.as_str()).bind(id.as_str())
            .bind(to.as_str()).bind(now.0).bind(from(0)).bind(from(1)).bind(from(2)).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(moved == 1)
    }

    /// Holds a request until the end of the transaction. `false`: there is no such request.
    pub async fn invoice_lock(&mut self, id: &InvoiceId, now: UnixMs) -> Result<bool, StoreError> {
        let held = on!(self.tx, c => sqlx::query(INVOICE_LOCK).bind(self.id.as_str()).bind(id.as_str()).bind(now.0)
            .execute(c).await.map(|d| d.rows_affected()))?;
        Ok(held == 1)
    }

    /// Opens a request under review again, until `expires_at` at least. `false`: it is not under review.
    pub async fn invoice_reopen(
        &mut self,
        id: &InvoiceId,
        expires_at: UnixMs,
        now: UnixMs,
    ) -> Result<bool, StoreError> {
        let opened = on!(self.tx, c => sqlx::query(INVOICE_REOPEN).bind(self.id.as_str()).bind(id.as_str())
            .bind(expires_at.0).bind(now.0).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(opened == 1)
    }

    /// Lets an open request live until `expires_at` at least. `false`: it is not open any more.
    pub async fn invoice_extend(
        &mut self,
        id: &InvoiceId,
        expires_at: UnixMs,
        now: UnixMs,
    ) -> Result<bool, StoreError> {
        let extended = on!(self.tx, c => sqlx::query(INVOICE_EXTEND).bind(self.id.as_str()).bind(id.as_str())
            .bind(expires_at.0).bind(now.0).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(extended == 1)
    }

    /// An open request expires before its time. `false`: it is not open.
    pub async fn invoice_end(&mut self, id: &InvoiceId, now: UnixMs) -> Result<bool, StoreError> {
        let ended = on!(self.tx, c => sqlx::query(INVOICE_END).bind(self.id.as_str()).bind(id.as_str()).bind(now.0)
            .execute(c).await.map(|d| d.rows_affected()))?;
        Ok(ended == 1)
    }

    /// Puts an expired request under review. `false`: another open one has its amount by now, or it is not expired.
    pub async fn invoice_revive(&mut self, id: &InvoiceId, now: UnixMs) -> Result<bool, StoreError> {
        let revived = on!(self.tx, c => sqlx::query(INVOICE_REVIVE).bind(self.id.as_str()).bind(id.as_str()).bind(now.0)
            .execute(c).await.map(|d| d.rows_affected()))?;
        Ok(revived == 1)
    }
}
