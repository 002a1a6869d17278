//! What came in parts is whole now, as far as anybody knows: the parts of an album, a text that Telegram cut
//! (decisions.md 19).

use super::turn_failed;
use crate::bot::jobs::{Gather, Gathered};
use crate::bot::screens::wizard;
use crate::bot::{Background, in_background};
use crate::store::JobRow;
use crate::tenants::Tenant;
use crate::worker::Workers;
use crate::worker::runner::Outcome;

/// Runs the job.
pub(super) async fn run(workers: &Workers, tenant: &Tenant, job: &JobRow, gather: &Gather) -> Outcome {
    let by = job.id.short();
    let for_whom = Background { user: gather.user, corr: &job.corr, key: format!("job:{by}") };
    let told = in_background(&workers.platform, tenant, for_whom, async |turn| match &gather.what {
        Gathered::Album(id) => wizard::album_gathered(turn, id, by).await,
        Gathered::Text(update) => wizard::text_gathered(turn, *update).await,
    });
    match told.await {
        Ok(_) => Outcome::Done,
        Err(error) => turn_failed(&error),
    }
}
