//! Where payments under review are shown, who approved them first, and what comparisons with Telegram's list of Stars found.

use super::rows::{all, maybe, row};
use super::{StoreError, TenantTx, on};
use crate::domain::{ChatId, InvoiceId, MessageId, Money, PaymentId, UnixMs, UserId};

const REVIEW_COPY_PUT: &str = "INSERT INTO review_copies (bot_instance_id, payment_id, chat_id, message_id, created_at)
     VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
const REVIEW_COPIES: &str =
    "SELECT chat_id, message_id FROM review_copies WHERE bot_instance_id = $1 AND payment_id = $2
     ORDER BY chat_id, message_id";
const REVIEWS_OF_INVOICE: &str = "SELECT COUNT(*) FROM payments
     WHERE bot_instance_id = $1 AND invoice_id = $2 AND state = 'review'";
const REVIEWS_QUEUE: &str = "SELECT p.id, p.user_id, COALESCE(u.first_name, '') AS first_name,
       COALESCE(i.requested, p.amount) AS requested, p.amount, p.flags, p.first_by, p.created_at
     FROM payments p LEFT JOIN invoices i ON i.bot_instance_id = p.bot_instance_id AND i.id = p.invoice_id
       LEFT JOIN users u ON u.bot_instance_id = p.bot_instance_id AND u.user_id = p.user_id
     WHERE p.bot_instance_id = $1 AND p.state = 'review' ORDER BY p.created_at, p.id LIMIT $2";
const REVIEW_FIRST_BY: &str = "SELECT first_by FROM payments WHERE bot_instance_id = $1 AND id = $2";
const REVIEW_FIRST_APPROVAL: &str = "UPDATE payments SET first_by = $3, first_at = $4, updated_at = $4
     WHERE bot_instance_id = $1 AND id = $2 AND state = 'review' AND first_by IS NULL";
const STARS_CHECK_GET: &str = "SELECT checked_at, listed, credited, drift FROM stars_checks WHERE bot_instance_id = $1";
const STARS_CHECK_PUT: &str = "INSERT INTO stars_checks (bot_instance_id, checked_at, listed, credited, drift)
     VALUES ($1, $2, $3, $4, $5) ON CONFLICT (bot_instance_id) DO UPDATE SET checked_at = excluded.checked_at,
       listed = excluded.listed, credited = excluded.credited, drift = excluded.drift";

row! {
    /// A message that shows a payment under review.
    pub struct ReviewCopyRow of "review_copies" by "message_id" {
        /// In this admin's chat.
        pub chat_id: ChatId,
        /// The message.
        pub message_id: MessageId,
    }
}

row! {
    /// A transfer that waits for a decision.
    pub struct ReviewLine of "payments" by "id" {
        /// Its name.
        pub id: PaymentId,
        /// Who sent the picture; 0 for somebody who was erased.
        pub user_id: UserId,
        /// Their first name; empty for somebody who was erased.
        pub first_name: String,
        /// What was asked for.
        pub requested: Money,
        /// What is to be paid and would be credited.
        pub amount: Money,
        /// What a reviewer should know.
        pub flags: String,
        /// Who approved first, where two must.
        pub first_by: Option<String>,
        /// Since when it waits.
        pub created_at: UnixMs,
    }
}

row! {
    /// What the last comparison with Telegram's list of Stars found.
    pub struct StarsCheckRow of "stars_checks" by "checked_at" {
        /// When.
        pub checked_at: UnixMs,
        /// Charges in the list.
        pub listed: i64,
        /// Charges that it brought and no update had.
        pub credited: i64,
        /// Differences that remain, one a line; empty when there are none.
        pub drift: String,
    }
}

impl TenantTx {
    /// Notes a message that shows a payment under review.
    pub async fn review_copy_put(
        &mut self,
        payment: &PaymentId,
        chat: ChatId,
        message: MessageId,
        now: UnixMs,
    ) -> Result<(), StoreError> {
        on!(self.tx, c => sqlx::query(REVIEW_COPY_PUT).bind(self.id.as_str()).bind(payment.as_str()).bind(chat.0)
            .bind(message.0).bind(now.0).execute(c).await.map(|_| ()))?;
        Ok(())
    }

    /// The messages that show a payment under review.
    pub async fn review_copies(&mut self, payment: &PaymentId) -> Result<Vec<ReviewCopyRow>, StoreError> {
        on!(self.tx, c => all(sqlx::query(REVIEW_COPIES).bind(self.id.as_str()).bind(payment.as_str()).fetch_all(c)
            .await))
    }

    /// Transfers that wait for a decision, the oldest first.
    pub async fn reviews_queue(&mut self, limit: i64) -> Result<Vec<ReviewLine>, StoreError> {
        on!(self.tx, c => all(sqlx::query(REVIEWS_QUEUE).bind(self.id.as_str()).bind(limit).fetch_all(c).await))
    }

    /// How many pictures of a request wait for a decision.
    pub async fn reviews_of_invoice(&mut self, invoice: &InvoiceId) -> Result<i64, StoreError> {
        Ok(on!(self.tx, c => sqlx::query_scalar(REVIEWS_OF_INVOICE).bind(self.id.as_str()).bind(invoice.as_str())
            .fetch_one(c).await)?)
    }

    /// Who approved a payment first, while it needs a second person.
    pub async fn review_first_by(&mut self, payment: &PaymentId) -> Result<Option<String>, StoreError> {
        let found: Option<Option<String>> = on!(self.tx, c => sqlx::query_scalar(REVIEW_FIRST_BY)
            .bind(self.id.as_str()).bind(payment.as_str()).fetch_optional(c).await)?;
        Ok(found.flatten())
    }

    /// Notes the first of two approvals. `false`: there is one, or nothing is to be decided.
    pub async fn review_first_approval(
        &mut self,
        payment: &PaymentId,
        by: &str,
        now: UnixMs,
    ) -> Result<bool, StoreError> {
        let noted = on!(self.tx, c => sqlx::query(REVIEW_FIRST_APPROVAL).bind(self.id.as_str()).bind(payment.as_str())
            .bind(by).bind(now.0).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(noted == 1)
    }

    /// What the last comparison found; `None` before the first.
    pub async fn stars_check_get(&mut self) -> Result<Option<StarsCheckRow>, StoreError> {
        on!(self.tx, c => maybe(sqlx::query(STARS_CHECK_GET).bind(self.id.as_str()).fetch_optional(c).await))
    }

    /// Keeps what a comparison found.
    pub async fn stars_check_put(&mut self, check: &StarsCheckRow) -> Result<(), StoreError> {
        on!(self.tx, c => sqlx::query(STARS_CHECK_PUT).bind(self.id.as_str()).bind(check.checked_at.0)
            .bind(check.listed).bind(check.credited).bind(&check.drift).execute(c).await.map(|_| ()))?;
        Ok(())
    }
}
