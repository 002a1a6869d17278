//! The gift wheel turns: each claim of the job shows the next picture and asks to be run again, so that nothing waits in a
//! transaction and no worker is held between two pictures. The amount was credited before the first one.

use super::turn_failed;
use crate::bot::jobs::GiftSpin;
use crate::bot::screens::gift;
use crate::bot::{Background, in_background};
use crate::store::JobRow;
use crate::tenants::Tenant;
use crate::worker::Workers;
use crate::worker::runner::Outcome;

/// A little later than the job is due, so that it is found.
const AFTER: std::time::Duration = std::time::Duration::from_millis(20);

/// Runs the job: its first claim only waits, the picture that the press itself showed is the first.
pub(super) async fn run(workers: &Workers, tenant: &Tenant, job: &JobRow, spin: &GiftSpin) -> Outcome {
    let platform = &workers.platform;
    if job.attempt > 1 {
        let key = format!("job:{}:{}", job.id.short(), job.attempt);
        let for_whom = Background { user: spin.user, corr: &job.corr, key };
        let shown = in_background(platform, tenant, for_whom, async |turn| {
            gift::show_frame(turn, spin.message, job.attempt).await
        });
        if let Err(error) = shown.await {
            return turn_failed(&error);
        }
    }
    if job.attempt > gift::FRAMES {
        return Outcome::Done;
    }
    let pause = platform.settings.bonuses.gift_frame_every;
    let (signals, stop) = (platform.signals.clone(), workers.tasks.soft());
    workers.tasks.spawn("gift", async move {
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(pause + AFTER) => signals.job(),
        }
    });
    Outcome::Again(pause)
}
