//! Makes the one-time link that an administrator asked for by /panel, and shows it. The platform's transaction for the link is
//! over before the person's begins: on SQLite there is one writer.

use super::turn_failed;
use crate::accounts::Identity;
use crate::accounts::links::{self, LinkError};
use crate::bot::jobs::PanelLink;
use crate::bot::screens::help;
use crate::bot::{Background, in_background};
use crate::store::JobRow;
use crate::tenants::Tenant;
use crate::worker::Workers;
use crate::worker::runner::Outcome;

/// Runs the job.
pub(super) async fn run(workers: &Workers, tenant: &Tenant, job: &JobRow, asked: &PanelLink) -> Outcome {
    let platform = &workers.platform;
    // Somebody may have stopped being an administrator since; then there is nothing to show.
    let Some((_, role)) = tenant.admins.iter().find(|(admin, _)| *admin == asked.user) else { return Outcome::Done };
    let (settings, now) = (&platform.settings.panel, platform.clock.now());
    let who = Identity::admin(&tenant.id, *role, asked.user);
    let link = match links::issue(&platform.db, settings, &who, now).await {
        Ok(path) => Ok(format!("{}{path}", workers.public_url)),
        Err(LinkError::TooMany(wait)) => Err(wait),
        Err(LinkError::Store(error)) => return Outcome::Failed(format!("{}: {error}", error.class())),
    };
    let minutes = settings.link_life.as_secs().div_ceil(60);
    let for_whom = Background { user: asked.user, corr: &job.corr, key: format!("job:{}", job.id.short()) };
    let told = in_background(platform, tenant, for_whom, async |turn| {
        match &link {
            Ok(url) => help::show_panel_link(turn, url.clone(), minutes),
            Err(wait) => help::show_too_many_links(turn, *wait),
        }
        Ok(())
    });
    match told.await {
        Ok(_) => Outcome::Done,
        Err(error) => turn_failed(&error),
    }
}
