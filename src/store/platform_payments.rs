//! Money in, over all tenants: requests whose time is over, reviews that wait, tenants whose Stars are to be compared, and the
//! fingerprints of receipts (decisions.md 11, 12).

use super::rows::{all, row};
use super::{PlatformTx, StoreError, on};
use crate::domain::{BotInstanceId, Corr, ManualCreditId, PaymentId, UnixMs};

/// Whoever claims a picture holds its request's row: what this waited for is compared again, in the words outside the subselect.
const INVOICES_EXPIRE: &str = "UPDATE invoices SET state = 'expired', updated_at = $1
     WHERE (bot_instance_id, id) IN (SELECT i.bot_instance_id, i.id FROM invoices i
       WHERE i.state = 'open' AND i.expires_at <= $1 ORDER BY i.expires_at LIMIT $2)
       AND state = 'open' AND expires_at <= $1";
const REFUNDS_OPEN: &str = "SELECT bot_instance_id AS tenant, id, refunds AS n, corr FROM payments
     WHERE state = 'refunding' AND updated_at <= $1 ORDER BY updated_at LIMIT $2";
const REVIEWS_WAITING: &str = "SELECT bot_instance_id AS tenant, id, reminded FROM payments
     WHERE state = 'review' AND (reminded = 0 AND created_at <= $1 OR reminded = 1 AND created_at <= $2)
     ORDER BY created_at LIMIT $3";
const CREDITS_OVERDUE: &str = "SELECT bot_instance_id AS tenant, id FROM manual_credits
     WHERE ask = 'awaiting_approval' AND asked_at <= $1 ORDER BY asked_at LIMIT $2";
const STARS_DUE: &str = "SELECT t.bot_instance_id FROM tenants t LEFT JOIN stars_checks s ON s.bot_instance_id = t.bot_instance_id
     WHERE t.state <> 'deleted' AND (COALESCE(s.checked_at, t.created_at) <= $2
       OR COALESCE(s.checked_at, 0) <= $1 AND EXISTS (SELECT 1 FROM invoices i WHERE i.bot_instance_id = t.bot_instance_id
         AND i.method = 'stars' AND i.created_at > $3))
     ORDER BY t.bot_instance_id LIMIT $4";
const RECEIPT_PRINT_PUT: &str =
    "INSERT INTO receipt_prints (payment_id, bot_instance_id, file_print, picture_print, shade, part0,
       part1, part2, part3, part4, operation_print, operation_parts, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT (payment_id) DO NOTHING";
const RECEIPT_PRINTS_LIKE: &str =
    "SELECT payment_id, bot_instance_id AS tenant, file_print, picture_print, shade, operation_print,
       operation_parts FROM receipt_prints WHERE payment_id <> $1 AND (file_print = $2 OR picture_print = $3 OR part0 = $4 OR part1 = $5
       OR part2 = $6 OR part3 = $7 OR part4 = $8 OR operation_print = $9)
     ORDER BY CASE WHEN file_print = $2 OR picture_print = $3 OR operation_print = $9 THEN 0 ELSE 1 END, created_at DESC
     LIMIT 500";

row! {
    /// A charge of Stars that was taken back here, and of which Telegram has not answered.
    pub struct OpenRefundRow of "payments" by "id" {
        /// Whose.
        pub tenant: BotInstanceId,
        /// Which.
        pub id: PaymentId,
        /// Which refund of it, from 1.
        pub n: i64,
        /// The payment's story.
        pub corr: Corr,
    }
}

row! {
    /// A payment whose admins are to be reminded.
    pub struct WaitingReviewRow of "payments" by "id" {
        /// Whose.
        pub tenant: BotInstanceId,
        /// Which.
        pub id: PaymentId,
        /// Reminders so far.
        pub reminded: i64,
    }
}

row! {
    /// A credit by hand for which nobody was a second person in time.
    pub struct OverdueCreditRow of "manual_credits" by "id" {
        /// Whose.
        pub tenant: BotInstanceId,
        /// Which.
        pub id: ManualCreditId,
    }
}

row! {
    /// A receipt's fingerprints.
    pub struct ReceiptPrintRow of "receipt_prints" by "payment_id" {
        /// Which payment's.
        pub payment_id: PaymentId,
        /// Whose.
        pub tenant: BotInstanceId,
        /// Of Telegram's name for the file.
        pub file_print: String,
        /// Of the bytes.
        pub picture_print: String,
        /// How the picture looks, masked: distances are kept, the look is not told.
        pub shade: Option<i64>,
        /// Of the bank's number for the operation.
        pub operation_print: Option<String>,
        /// Of its three parts, with commas; `None`: not read, or kept before there were parts.
        pub operation_parts: Option<String>,
    }
}

impl ReceiptPrintRow {
    /// Whether both say a number of the operation, and another one: at most one of three parts is the same. Two receipts of one
    /// bank look the same but for some letters, so their looks alone say nothing.
    pub fn is_of_another_operation(&self, other: &Self) -> bool {
        let (Some(own), Some(other)) = (&self.operation_parts, &other.operation_parts) else { return false };
        own.split(',').zip(other.split(',')).filter(|(own, other)| own == other).count() < 2
    }

    /// The parts of a look that an index finds near ones by: four of 13 bits and one of 12.
    pub fn parts(shade: i64) -> [i64; 5] {
        std::array::from_fn(|n| (shade.cast_unsigned() >> (13 * n) & 0x1fff).cast_signed())
    }
}

impl PlatformTx {
    /// Open requests whose time is over at `now` expire. Gives how many.
    pub async fn invoices_expire(&mut self, now: UnixMs, limit: i64) -> Result<u64, StoreError> {
        Ok(on!(self.tx, c => sqlx::query(INVOICES_EXPIRE).bind(now.0).bind(limit).execute(c).await
            .map(|d| d.rows_affected()))?)
    }

    /// Refunds of Stars that stand since before a moment.
    pub async fn refunds_open(&mut self, before: UnixMs, limit: i64) -> Result<Vec<OpenRefundRow>, StoreError> {
        on!(self.tx, c => all(sqlx::query(REFUNDS_OPEN).bind(before.0).bind(limit).fetch_all(c).await))
    }

    /// Payments under review whose first or second reminder is due: recorded before the one or the other moment.
    pub async fn reviews_waiting(
        &mut self,
        first: UnixMs,
        second: UnixMs,
        limit: i64,
    ) -> Result<Vec<WaitingReviewRow>, StoreError> {
        on!(self.tx, c => all(sqlx::query(REVIEWS_WAITING).bind(first.0).bind(second.0).bind(limit).fetch_all(c).await))
    }

    /// Credits by hand that were asked for at or before a moment and wait for a second person still.
    pub async fn credits_overdue(&mut self, before: UnixMs, limit: i64) -> Result<Vec<OverdueCreditRow>, StoreError> {
        on!(self.tx, c => all(sqlx::query(CREDITS_OVERDUE).bind(before.0).bind(limit).fetch_all(c).await))
    }

    /// Tenants whose Stars were compared last before `often` and who had invoices after `recent`, and all before `daily`.
    pub async fn stars_due(
        &mut self,
        often: UnixMs,
        daily: UnixMs,
        recent: UnixMs,
        limit: i64,
    ) -> Result<Vec<BotInstanceId>, StoreError> {
        let ids: Vec<String> = on!(self.tx, c => sqlx::query_scalar(STARS_DUE).bind(often.0).bind(daily.0)
            .bind(recent.0).bind(limit).fetch_all(c).await)?;
        let read =
            |id: &String| BotInstanceId::parse(id).map_err(|_| StoreError::corrupt("tenants", "bot_instance_id", id));
        ids.iter().map(read).collect()
    }

    /// Keeps a receipt's fingerprints.
    pub async fn receipt_print_put(&mut self, print: &ReceiptPrintRow, now: UnixMs) -> Result<(), StoreError> {
        let parts = print.shade.map(ReceiptPrintRow::parts);
        let part = |n: usize| parts.map(|parts| parts[n]);
        on!(self.tx, c => sqlx::query(RECEIPT_PRINT_PUT).bind(print.payment_id.as_str()).bind(print.tenant.as_str())
            .bind(&print.file_print).bind(&print.picture_print).bind(print.shade).bind(part(0)).bind(part(1))
            .bind(part(2)).bind(part(3)).bind(part(4)).bind(print.operation_print.as_deref())
            .bind(print.operation_parts.as_deref()).bind(now.0).execute(c)
            .await.map(|_| ()))?;
        Ok(())
    }

    /// Other receipts that share a fingerprint with this one, or a part of its look.
    pub async fn receipt_prints_like(&mut self, print: &ReceiptPrintRow) -> Result<Vec<ReceiptPrintRow>, StoreError> {
        let parts = print.shade.map(ReceiptPrintRow::parts);
        let part = |n: usize| parts.map(|parts| parts[n]);
        on!(self.tx, c => all(sqlx::query(RECEIPT_PRINTS_LIKE).bind(print.payment_id.as_str()).bind(&print.file_print)
            .bind(&print.picture_print).bind(part(0)).bind(part(1)).bind(part(2)).bind(part(3)).bind(part(4))
            .bind(print.operation_print.as_deref()).fetch_all(c).await))
    }
}
