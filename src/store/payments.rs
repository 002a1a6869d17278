//! Payments: charges of Stars, and pictures of transfers with what became of them (bot.md 11.3, 11.4). The unique indexes
//! refuse a charge, a fact or a picture that is there already.

use super::rows::{all, maybe, row};
use super::{StoreError, TenantTx, on};
use crate::domain::{Corr, InvoiceId, MediaId, Money, PayMethod, PaymentId, PaymentState, UnixMs, UserId, UserRef};

const PAYMENT_INSERT: &str = "INSERT INTO payments (bot_instance_id, id, invoice_id, user_id, user_ref, method, state, amount, stars,
       charge_id, source, attempt, media_id, file_unique_id, sha256, evidence, flags, refunds, reminded, corr, created_at,
       updated_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, 0, 0, $18, $19, $19)
     ON CONFLICT DO NOTHING";
const PAYMENT_GET: &str = "SELECT id, invoice_id, user_id, user_ref, method, state, amount, stars, charge_id, attempt, media_id,
       file_unique_id, sha256, evidence, flags, decided_by, decided_at, reason, refunds, reminded, confirmed_at, corr, created_at
     FROM payments WHERE bot_instance_id = $1 AND id = $2";
const PAYMENT_BY_CHARGE: &str = "SELECT id, invoice_id, user_id, user_ref, method, state, amount, stars, charge_id, attempt,
       media_id, file_unique_id, sha256, evidence, flags, decided_by, decided_at, reason, refunds, reminded, confirmed_at, corr,
       created_at FROM payments WHERE bot_instance_id = $1 AND charge_id = $2";
/// What is missing at the end is the first once more.
const PAYMENTS_BY_CHARGES: &str = "SELECT charge_id, state, confirmed_at FROM payments WHERE bot_instance_id = $1
       AND charge_id IN ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)";
const PAYMENT_BY_SOURCE: &str = "SELECT id, invoice_id, user_id, user_ref, method, state, amount, stars, charge_id, attempt,
       media_id, file_unique_id, sha256, evidence, flags, decided_by, decided_at, reason, refunds, reminded, confirmed_at, corr,
       created_at FROM payments WHERE bot_instance_id = $1 AND source = $2";
const PAYMENT_OF_PICTURE: &str = "SELECT id, invoice_id, user_id, user_ref, method, state, amount, stars, charge_id, attempt,
       media_id, file_unique_id, sha256, evidence, flags, decided_by, decided_at, reason, refunds, reminded, confirmed_at, corr,
       created_at FROM payments
     WHERE bot_instance_id = $1 AND state IN ('review', 'approved') AND (sha256 = $2 OR file_unique_id = $3) LIMIT 1";
const PAYMENT_DECIDE: &str =
    "UPDATE payments SET state = $4, decided_by = $5, reason = $6, decided_at = $7, updated_at = $7
     WHERE bot_instance_id = $1 AND id = $2 AND state = $3";
const PAYMENT_REFUND_BEGINS: &str = "UPDATE payments SET state = $3, refunds = refunds + 1, updated_at = $4
     WHERE bot_instance_id = $1 AND id = $2 AND state = 'approved' RETURNING refunds";
const PAYMENT_CONFIRMED: &str = "UPDATE payments SET confirmed_at = $3
     WHERE bot_instance_id = $1 AND charge_id = $2 AND confirmed_at IS NULL";
const PAYMENT_FLAG: &str = "UPDATE payments SET flags = CASE WHEN flags = '' THEN CAST($3 AS TEXT)
       ELSE flags || ',' || CAST($3 AS TEXT) END WHERE bot_instance_id = $1 AND id = $2";
const PAYMENTS_SUPERSEDE: &str = "UPDATE payments SET state = 'superseded', decided_at = $4, updated_at = $4
     WHERE bot_instance_id = $1 AND invoice_id = $2 AND id <> $3 AND state = 'review' RETURNING id";
const PAYMENTS_REVIEW_OLDEST: &str = "SELECT id, invoice_id, user_id, user_ref, method, state, amount, stars, charge_id, attempt,
       media_id, file_unique_id, sha256, evidence, flags, decided_by, decided_at, reason, refunds, reminded, confirmed_at, corr,
       created_at FROM payments WHERE bot_instance_id = $1 AND state = 'review' ORDER BY created_at, id LIMIT $2";
const PAYMENTS_REVIEW_COUNT: &str = "SELECT COUNT(*) FROM payments WHERE bot_instance_id = $1 AND state = 'review'";
const PAYMENTS_RECENT: &str = "SELECT id, invoice_id, user_id, user_ref, method, state, amount, stars, charge_id, attempt, media_id,
       file_unique_id, sha256, evidence, flags, decided_by, decided_at, reason, refunds, reminded, confirmed_at, corr, created_at
     FROM payments WHERE bot_instance_id = $1 AND state NOT IN ('duplicate', 'superseded')
     ORDER BY created_at DESC, id DESC LIMIT $2";
const PAYMENTS_WITH_PICTURE: &str = "SELECT id FROM payments WHERE bot_instance_id = $1 AND media_id IS NOT NULL
     ORDER BY created_at DESC, id DESC LIMIT $2";
const PAYMENTS_TOTALS: &str = "SELECT method, COUNT(*), CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM payments
     WHERE bot_instance_id = $1 AND state = 'approved' GROUP BY method ORDER BY method";
const PAYMENTS_CREDITED_TO: &str = "SELECT COUNT(*), CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM payments
     WHERE bot_instance_id = $1 AND user_id = $2 AND state = 'approved'";
const PAYMENT_REMINDED: &str = "UPDATE payments SET reminded = $3
     WHERE bot_instance_id = $1 AND id = $2 AND state = 'review' AND reminded < $3";
const PAYMENTS_UNCONFIRMED: &str = "SELECT charge_id FROM payments WHERE bot_instance_id = $1 AND method = 'stars'
       AND confirmed_at IS NULL AND created_at <= $2 AND state <> 'waiting' ORDER BY created_at LIMIT $3";

/// Charges that one statement looks for.
const CHARGES: usize = 20;

/// A payment to record.
#[derive(Debug, Clone)]
pub struct NewPayment<'a> {
    /// Its name.
    pub id: &'a PaymentId,
    /// For which request, where one is known.
    pub invoice_id: Option<&'a InvoiceId>,
    /// Who paid.
    pub user_id: UserId,
    /// The same person in the ledger.
    pub user_ref: &'a UserRef,
    /// How.
    pub method: PayMethod,
    /// Where it begins.
    pub state: PaymentState,
    /// What is or would be credited.
    pub amount: Money,
    /// Stars paid.
    pub stars: Option<i64>,
    /// Telegram's name for the charge.
    pub charge_id: Option<&'a str>,
    /// Names the fact: told twice, there is one row.
    pub source: &'a str,
    /// Which picture of its request, from 1.
    pub attempt: i64,
    /// The picture, sealed in the tenant's store.
    pub media_id: Option<&'a MediaId>,
    /// The same for every copy of the file at Telegram.
    pub file_unique_id: Option<&'a str>,
    /// Of the picture, in hexadecimal.
    pub sha256: Option<&'a str>,
    /// What was read in the picture, sealed.
    pub evidence: Option<&'a [u8]>,
    /// What a reviewer should know, as words with commas.
    pub flags: &'a str,
    /// The story it belongs to.
    pub corr: &'a Corr,
}

row! {
    /// A payment.
    pub struct PaymentRow of "payments" by "id" {
        /// Its name.
        pub id: PaymentId,
        /// For which request.
        pub invoice_id: Option<InvoiceId>,
        /// Who paid.
        pub user_id: UserId,
        /// The same person in the ledger.
        pub user_ref: UserRef,
        /// How.
        pub method: PayMethod,
        /// Where it stands.
        pub state: PaymentState,
        /// What is or would be credited.
        pub amount: Money,
        /// Stars paid.
        pub stars: Option<i64>,
        /// Telegram's name for the charge.
        pub charge_id: Option<String>,
        /// Which picture of its request, from 1.
        pub attempt: i64,
        /// The picture.
        pub media_id: Option<MediaId>,
        /// The same for every copy of the file at Telegram.
        pub file_unique_id: Option<String>,
        /// Of the picture, in hexadecimal.
        pub sha256: Option<String>,
        /// What was read in the picture, sealed.
        pub evidence: Option<Vec<u8>>,
        /// What a reviewer should know.
        pub flags: String,
        /// Who decided: a Telegram id, or `auto`.
        pub decided_by: Option<String>,
        /// When it was decided.
        pub decided_at: Option<UnixMs>,
        /// Why it was refused.
        pub reason: Option<String>,
        /// How often a refund was begun.
        pub refunds: i64,
        /// How often admins were reminded.
        pub reminded: i64,
        /// When Telegram's own list showed it.
        pub confirmed_at: Option<UnixMs>,
        /// The story it belongs to.
        pub corr: Corr,
        /// When it was recorded.
        pub created_at: UnixMs,
    }
}

row! {
    /// Where the payment of a charge stands.
    pub struct ChargeRow of "payments" by "charge_id" {
        /// Telegram's name for the charge.
        pub charge_id: String,
        /// Where it stands.
        pub state: PaymentState,
        /// When Telegram's own list showed it.
        pub confirmed_at: Option<UnixMs>,
    }
}

/// A decision on a payment.
#[derive(Debug, Clone, Copy)]
pub struct Decision<'a> {
    /// It must stand here.
    pub from: PaymentState,
    /// Where it goes.
    pub to: PaymentState,
    /// Who decides: a Telegram id, or `auto`.
    pub by: &'a str,
    /// Why, when it is refused.
    pub reason: Option<&'a str>,
}

impl TenantTx {
    /// Records a payment. `false`: the charge, the fact or the picture is there already.
    pub async fn payment_insert(&mut self, new: &NewPayment<'_>, now: UnixMs) -> Result<bool, StoreError> {
        let inserted = on!(self.tx, c => sqlx::query(PAYMENT_INSERT).bind(self.id.as_str()).bind(new.id.as_str())
            .bind(new.invoice_id.map(InvoiceId::as_str)).bind(new.user_id.0).bind(new.user_ref.as_str())
            .bind(new.method.as_str()).bind(new.state.as_str()).bind(new.amount.as_kopecks()).bind(new.stars)
            .bind(new.charge_id).bind(new.source).bind(new.attempt).bind(new.media_id.map(MediaId::as_str))
            .bind(new.file_unique_id).bind(new.sha256).bind(new.evidence).bind(new.flags).bind(new.corr.as_str())
            .bind(now.0).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(inserted == 1)
    }

    /// A payment by its name.
    pub async fn payment_get(&mut self, id: &PaymentId) -> Result<Option<PaymentRow>, StoreError> {
        on!(self.tx, c => maybe(sqlx::query(PAYMENT_GET).bind(self.id.as_str()).bind(id.as_str()).fetch_optional(c)
            .await))
    }

    /// The payment of a charge.
    pub async fn payment_by_charge(&mut self, charge: &str) -> Result<Option<PaymentRow>, StoreError> {
        on!(self.tx, c => maybe(sqlx::query(PAYMENT_BY_CHARGE).bind(self.id.as_str()).bind(charge).fetch_optional(c)
            .await))
    }

    /// Where the payments of these charges stand, in no order; a charge that has none is left out.
    pub async fn payments_by_charges(&mut self, charges: &[&str]) -> Result<Vec<ChargeRow>, StoreError> {
        let mut found = Vec::new();
        for some in charges.chunks(CHARGES) {
            let rows: Result<Vec<ChargeRow>, StoreError> = on!(self.tx, c => {
                let mut query = sqlx::query(PAYMENTS_BY_CHARGES).bind(self.id.as_str());
                for n in 0..CHARGES {
                    query = query.bind(*some.get(n).unwrap_or(&some[0]));
                }
                all(query.fetch_all(c).await)
            });
            found.extend(rows?);
        }
        Ok(found)
    }

    /// The payment that a fact made.
    pub async fn payment_by_source(&mut self, source: &str) -> Result<Option<PaymentRow>, StoreError> {
        on!(self.tx, c => maybe(sqlx::query(PAYMENT_BY_SOURCE).bind(self.id.as_str()).bind(source).fetch_optional(c)
            .await))
    }

    /// The payment, approved or under review, that has this picture.
    pub async fn payment_of_picture(
        &mut self,
        sha256: &str,
        file_unique_id: &str,
    ) -> Result<Option<PaymentRow>, StoreError> {
        on!(self.tx, c => maybe(sqlx::query(PAYMENT_OF_PICTURE).bind(self.id.as_str()).bind(sha256).bind(file_unique_id)
            .fetch_optional(c).await))
    }

    /// Decides a payment. `false`: it stands elsewhere, somebody was first.
    pub async fn payment_decide(
        &mut self,
        id: &PaymentId,
        decision: &Decision<'_>,
        now: UnixMs,
    ) -> Result<bool, StoreError> {
        let done = on!(self.tx, c => sqlx::query(PAYMENT_DECIDE).bind(self.id.as_str()).bind(id.as_str())
            .bind(decision.from.as_str()).bind(decision.to.as_str()).bind(decision.by).bind(decision.reason).bind(now.0)
            .execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// Begins a refund: an approved payment goes to `to`. Gives which refund it is, from 1; `None`: it is not approved.
    pub async fn payment_refund_begins(
        &mut self,
        id: &PaymentId,
        to: PaymentState,
        now: UnixMs,
    ) -> Result<Option<i64>, StoreError> {
        Ok(on!(self.tx, c => sqlx::query_scalar(PAYMENT_REFUND_BEGINS).bind(self.id.as_str()).bind(id.as_str())
            .bind(to.as_str()).bind(now.0).fetch_optional(c).await)?)
    }

    /// Notes that Telegram's own list shows a charge. `true` when that is news.
    pub async fn payment_confirmed(&mut self, charge: &str, now: UnixMs) -> Result<bool, StoreError> {
        let done = on!(self.tx, c => sqlx::query(PAYMENT_CONFIRMED).bind(self.id.as_str()).bind(charge).bind(now.0)
            .execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// Adds something that a reviewer should know. `false`: there is no such payment.
    pub async fn payment_flag(&mut self, id: &PaymentId, flag: &str) -> Result<bool, StoreError> {
        let done = on!(self.tx, c => sqlx::query(PAYMENT_FLAG).bind(self.id.as_str()).bind(id.as_str()).bind(flag)
            .execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// The other pictures of a request that was approved need no decision any more; gives them.
    pub async fn payments_supersede(
        &mut self,
        invoice: &InvoiceId,
        but: &PaymentId,
        now: UnixMs,
    ) -> Result<Vec<PaymentId>, StoreError> {
        let ids: Vec<String> = on!(self.tx, c => sqlx::query_scalar(PAYMENTS_SUPERSEDE).bind(self.id.as_str())
            .bind(invoice.as_str()).bind(but.as_str()).bind(now.0).fetch_all(c).await)?;
        ids.iter().map(|id| PaymentId::parse(id).map_err(|_| StoreError::corrupt("payments", "id", id))).collect()
    }

    /// Payments under review, oldest first.
    pub async fn payments_review_oldest(&mut self, limit: i64) -> Result<Vec<PaymentRow>, StoreError> {
        on!(self.tx, c => all(sqlx::query(PAYMENTS_REVIEW_OLDEST).bind(self.id.as_str()).bind(limit).fetch_all(c).await))
    }

    /// How many payments are under review.
    pub async fn payments_review_count(&mut self) -> Result<i64, StoreError> {
        Ok(on!(self.tx, c => sqlx::query_scalar(PAYMENTS_REVIEW_COUNT).bind(self.id.as_str()).fetch_one(c).await)?)
    }

    /// The newest payments.
    pub async fn payments_recent(&mut self, limit: i64) -> Result<Vec<PaymentRow>, StoreError> {
        on!(self.tx, c => all(sqlx::query(PAYMENTS_RECENT).bind(self.id.as_str()).bind(limit).fetch_all(c).await))
    }

    /// The newest payments that have a picture.
    pub async fn payments_with_picture(&mut self, limit: i64) -> Result<Vec<PaymentId>, StoreError> {
        let ids: Vec<String> = on!(self.tx, c => sqlx::query_scalar(PAYMENTS_WITH_PICTURE).bind(self.id.as_str())
            .bind(limit).fetch_all(c).await)?;
        ids.iter().map(|id| PaymentId::parse(id).map_err(|_| StoreError::corrupt("payments", "id", id))).collect()
    }

    /// How many payments were credited, and their sum, by method.
    pub async fn payments_totals(&mut self) -> Result<Vec<(PayMethod, i64, Money)>, StoreError> {
        let rows: Vec<(String, i64, i64)> =
            on!(self.tx, c => sqlx::query_as(PAYMENTS_TOTALS).bind(self.id.as_str()).fetch_all(c).await)?;
        let read = |(method, count, sum): (String, i64, i64)| {
            let known = PayMethod::parse(&method).ok_or_else(|| StoreError::corrupt("payments", "method", &method))?;
            Ok((known, count, Money::kopecks(sum)))
        };
        rows.into_iter().map(read).collect()
    }

    /// How many payments of a person were credited and have not gone back, and their sum.
    pub async fn payments_credited_to(&mut self, user: UserId) -> Result<(i64, Money), StoreError> {
        let (count, sum): (i64, i64) = on!(self.tx, c => sqlx::query_as(PAYMENTS_CREDITED_TO).bind(self.id.as_str())
            .bind(user.0).fetch_one(c).await)?;
        Ok((count, Money::kopecks(sum)))
    }

    /// Notes the `n`-th reminder of a payment under review. `true` only once for each.
    pub async fn payment_reminded(&mut self, id: &PaymentId, n: i64) -> Result<bool, StoreError> {
        let done = on!(self.tx, c => sqlx::query(PAYMENT_REMINDED).bind(self.id.as_str()).bind(id.as_str()).bind(n)
            .execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// Charges recorded before `before` that Telegram's own list has not shown, oldest first.
    pub async fn payments_unconfirmed(&mut self, before: UnixMs, limit: i64) -> Result<Vec<String>, StoreError> {
        Ok(on!(self.tx, c => sqlx::query_scalar(PAYMENTS_UNCONFIRMED).bind(self.id.as_str()).bind(before.0).bind(limit)
            .fetch_all(c).await)?)
    }
}
