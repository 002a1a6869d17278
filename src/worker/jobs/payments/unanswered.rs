//! Checks of receipts that were given up without an outcome: their process was killed on every try, or nothing could be said on
//! the last one. Whoever sent such a picture waits still (bot.md 11.3: a notice on every outcome).

use super::receipt::for_whom;
use crate::bot::in_background;
use crate::bot::jobs::payments::{CheckReceipt, put_for_a_person};
use crate::bot::screens::payments::{self, NotChecked};
use crate::store::{JobRow, StoreError};
use crate::tenants::Tenant;
use crate::worker::Workers;

/// Answers for a job that was given up, once: its picture goes to a person; where that was given up, too, its sender is asked for
/// it again. A bot that this process does not know yet is left to another pass.
pub(in crate::worker) async fn answer(workers: &Workers, job: &JobRow) -> Result<(), StoreError> {
    let Some(tenant) = workers.platform.tenants.get(&job.tenant) else { return Ok(()) };
    match serde_json::from_str::<CheckReceipt>(&job.payload) {
        Ok(asked) if asked.to_a_person => ask_again(workers, &tenant, job, &asked).await,
        Ok(asked) => settle(workers, job, Some(&asked)).await,
        Err(_) => {
            tracing::error!(tenant = %job.tenant, job = %job.id, "nobody can be told of this receipt, its job is unreadable");
            settle(workers, job, None).await
        }
    }
}

/// Ends a job, and puts it once more for a person, if that is to be.
async fn settle(workers: &Workers, job: &JobRow, for_a_person: Option<&CheckReceipt>) -> Result<(), StoreError> {
    let platform = &workers.platform;
    let now = platform.clock.now();
    let mut tx = platform.db.tenant(&job.tenant).await?;
    let mut put = false;
    if tx.job_settle(&job.id, now).await?
        && let Some(asked) = for_a_person
    {
        put = put_for_a_person(&mut tx, asked, &job.corr, now).await?;
    }
    tx.commit().await?;
    if put {
        tracing::warn!(tenant = %job.tenant, corr = %job.corr, "the check of a receipt was given up, a person gets it");
        platform.signals.job();
    }
    Ok(())
}

async fn ask_again(workers: &Workers, tenant: &Tenant, job: &JobRow, asked: &CheckReceipt) -> Result<(), StoreError> {
    let told = in_background(&workers.platform, tenant, for_whom(job, asked), async |turn| {
        if turn.tx.job_settle(&job.id, turn.now).await? {
            payments::receipt_not_checked(turn, asked, NotChecked::NotFetched).await
        } else {
            turn.stay_silent();
            Ok(())
        }
    });
    match told.await {
        Ok(Some(())) => Ok(()),
        // Whoever sent it is not known here any more.
        Ok(None) => settle(workers, job, None).await,
        Err(error) => Err(StoreError::Failed(error.to_string())),
    }
}
