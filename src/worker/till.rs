//! What money in needs from time to time, whoever asks or not: invoices and requests for a second admin whose time is over,
//! receipts that nobody has answered, reminders of reviews, refunds that Telegram has not answered, comparisons with Telegram's own
//! list of Stars, and months that are over (bot.md 11.3, 11.4; decisions.md 11, 12, 26). Safe to run everywhere at once: each part
//! is one conditional statement or a job with a key.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::jobs::payments::{answer, expire_credit, remind};
use super::{Workers, months};
use crate::bot::acts::second;
use crate::bot::jobs::payments::{CheckReceipt, CompareStars, RefundStars, put_compare, put_refund};
use crate::domain::{BotInstanceId, Corr};
use crate::store::{StoreError, WaitingReviewRow};

/// A refund that Telegram has not answered for so long is told to it again, unless its job goes on.
const REFUND_STANDS: Duration = Duration::from_mins(10);
/// Rows of one kind in one pass.
const ROWS: i64 = 200;

/// Looks for what is due until the soft stop.
pub async fn run(workers: Arc<Workers>) {
    let stop = workers.tasks.soft();
    loop {
        if let Err(error) = pass(&workers).await {
            tracing::warn!(error = %error, "what is due of payments was not looked for");
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(workers.platform.settings.payments.sweep_every) => {}
        }
    }
}

/// One pass over what is due.
pub async fn pass(workers: &Workers) -> Result<(), StoreError> {
    let platform = &workers.platform;
    let (settings, now) = (&platform.settings.payments, platform.clock.now());
    let mut tx = platform.db.platform().await?;
    let expired = tx.invoices_expire(now, ROWS).await?;
    let overdue = tx.credits_overdue(now.minus(second::WAITS), ROWS).await?;
    let (often, daily) = (now.minus(settings.stars_check_every), now.minus(settings.stars_check_all_every));
    let recent = now.minus(settings.invoice_life * 2);
    let due = tx.stars_due(often, daily, recent, ROWS).await?;
    let (first, second) = (now.minus(settings.review_reminder), now.minus(settings.review_second_reminder));
    let refunds = tx.refunds_open(now.minus(REFUND_STANDS), ROWS).await?;
    let waiting = tx.reviews_waiting(first, second, ROWS).await?;
    let unanswered = tx.jobs_dead_of(CheckReceipt::KIND, ROWS).await?;
    tx.commit().await?;
    let mut by_tenant: BTreeMap<BotInstanceId, Vec<WaitingReviewRow>> = BTreeMap::new();
    for row in waiting {
        by_tenant.entry(row.tenant.clone()).or_default().push(row);
    }
    for (tenant, rows) in &by_tenant {
        remind(workers, tenant, rows).await?;
    }
    for job in &unanswered {
        // One that cannot be answered keeps nobody else from an answer.
        if let Err(error) = answer(workers, job).await {
            tracing::warn!(tenant = %job.tenant, error = %error, "a receipt that was given up was not answered");
        }
    }
    for credit in &overdue {
        expire_credit(workers, credit).await?;
    }
    if expired > 0 {
        tracing::info!(invoices = expired, "invoices expired");
    }
    let mut asked = !due.is_empty();
    for refund in refunds {
        // A dead job does not stand in the way of a new one, a waiting one does.
        let mut tx = platform.db.tenant(&refund.tenant).await?;
        let again = RefundStars { payment: refund.id, n: refund.n };
        asked |= put_refund(&mut tx, &again, &refund.corr, now).await?;
        tx.commit().await?;
    }
    for tenant in due {
        let mut tx = platform.db.tenant(&tenant).await?;
        put_compare(&mut tx, &CompareStars {}, &Corr::random(), now).await?;
        tx.commit().await?;
    }
    if asked {
        platform.signals.job();
    }
    months::close(workers).await
}
