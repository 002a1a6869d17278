//! The jobs of money in.

mod compare_stars;
mod copies;
mod course;
mod credits;
mod receipt;
mod refund_stars;
mod unanswered;

use super::turn_failed;
use crate::bot::jobs::payments::{CheckReceipt, CompareStars, RefundStars, TestOcr};
use crate::store::JobRow;
use crate::tenants::Tenant;
use crate::worker::Workers;
use crate::worker::runner::Outcome;

pub(in crate::worker) use copies::{copy_arrived, remind};
pub(in crate::worker) use credits::{credit_shown, expire_credit};
pub(in crate::worker) use unanswered::answer;

/// Runs a job of this family; `None`: it is of another.
pub(super) async fn run(workers: &Workers, tenant: &Tenant, job: &JobRow) -> Option<Outcome> {
    Some(match job.kind.as_str() {
        CompareStars::KIND => compare_stars::run(workers, tenant, job).await,
        RefundStars::KIND => match serde_json::from_str::<RefundStars>(&job.payload) {
            Ok(asked) => refund_stars::run(workers, tenant, job, &asked).await,
            Err(_) => super::unreadable(),
        },
        CheckReceipt::KIND => match serde_json::from_str::<CheckReceipt>(&job.payload) {
            Ok(asked) => receipt::check(workers, tenant, job, &asked).await,
            Err(_) => super::unreadable(),
        },
        TestOcr::KIND => match serde_json::from_str::<TestOcr>(&job.payload) {
            Ok(asked) => receipt::try_ocr(workers, tenant, job, &asked).await,
            Err(_) => super::unreadable(),
        },
        _ => return None,
    })
}
