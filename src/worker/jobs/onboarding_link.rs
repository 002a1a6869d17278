//! Makes the link into onboarding that a person asked for by «Copy bot», and shows it. As with the panel's link, the platform's
//! transaction is over before the person's begins.

use super::turn_failed;
use crate::accounts::onboarding;
use crate::bot::jobs::OnboardingLink;
use crate::bot::screens::help;
use crate::bot::{Background, in_background};
use crate::domain::LinkSource;
use crate::store::JobRow;
use crate::tenants::Tenant;
use crate::worker::Workers;
use crate::worker::runner::Outcome;

/// Runs the job.
pub(super) async fn run(workers: &Workers, tenant: &Tenant, job: &JobRow, asked: &OnboardingLink) -> Outcome {
    let platform = &workers.platform;
    let (settings, now) = (&platform.settings.onboarding, platform.clock.now());
    let source = (LinkSource::Copy, Some(&tenant.id));
    let path = match onboarding::issue(&platform.db, settings, asked.user, source, asked.language, now).await {
        Ok(path) => path,
        Err(error) => return Outcome::Failed(format!("{}: {error}", error.class())),
    };
    let url = format!("{}{path}", workers.public_url);
    let minutes = settings.link_life.as_secs().div_ceil(60);
    let for_whom = Background { user: asked.user, corr: &job.corr, key: format!("job:{}", job.id.short()) };
    let told = in_background(platform, tenant, for_whom, async |turn| {
        help::show_copy_link(turn, url.clone(), minutes);
        Ok(())
    });
    match told.await {
        Ok(_) => Outcome::Done,
        Err(error) => turn_failed(&error),
    }
}
