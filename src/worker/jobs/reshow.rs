//! Brings a result once more from the provider, because nothing is kept of it here, and shows it (bot.md 10).

use super::generation::context;
use super::{failed, turn_failed};
use crate::bot::jobs::Reshow;
use crate::bot::screens::history;
use crate::bot::{Background, in_background};
use crate::generation::{self, Refetched};
use crate::store::JobRow;
use crate::tenants::Tenant;
use crate::worker::Workers;
use crate::worker::runner::Outcome;

/// Runs the job.
pub(super) async fn run(workers: &Workers, tenant: &Tenant, job: &JobRow, asked: &Reshow) -> Outcome {
    match generation::refetch(&context(workers), tenant, &asked.generation).await {
        Ok(Refetched::Later) if job.attempt < job.max_attempts => {
            return Outcome::Failed("the provider gave nothing now".to_owned());
        }
        Ok(_) => {}
        Err(error) => return failed(&error),
    }
    let for_whom = Background { user: asked.user, corr: &job.corr, key: format!("job:{}", job.id.short()) };
    let told = in_background(&workers.platform, tenant, for_whom, async |turn| {
        history::show_fetched(turn, &asked.generation).await
    });
    match told.await {
        Ok(_) => Outcome::Done,
        Err(error) => turn_failed(&error),
    }
}
