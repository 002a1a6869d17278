//! Fetches a file that a person sent for a step of the wizard into the tenant's store (bot.md 7.3): from Telegram, within the
//! size, named by its first bytes. The step hears once what came of it.

use super::turn_failed;
use crate::bot::jobs::FetchUpload;
use crate::bot::screens::wizard::{self, Fetched};
use crate::bot::{Background, in_background};
use crate::clients::media::dimensions;
use crate::clients::media::kind::{Kind, recognise};
use crate::clients::telegram::TelegramError;
use crate::domain::media::MediaPurpose;
use crate::generation::Stored;
use crate::store::JobRow;
use crate::tenants::Tenant;
use crate::worker::Workers;
use crate::worker::runner::Outcome;

/// Runs the job.
pub(super) async fn run(workers: &Workers, tenant: &Tenant, job: &JobRow, fetch: &FetchUpload) -> Outcome {
    let (fetched, stored) = match bring(workers, tenant, fetch).await {
        Ok(stored) => (Fetched::Ok(stored.value(fetch.duration_s.map(|s| s * 1000))), Some(stored)),
        Err(Trouble::TooBig) => (Fetched::TooBig, None),
        Err(Trouble::WrongType) => (Fetched::WrongType, None),
        Err(Trouble::Passing(why)) if job.attempt < job.max_attempts => return Outcome::Failed(why),
        Err(Trouble::Passing(_)) => (Fetched::NotFetched, None),
    };
    let platform = &workers.platform;
    let expires = platform.clock.now().plus(platform.settings.retention.results);
    let for_whom = Background { user: fetch.user, corr: &job.corr, key: format!("job:{}", job.id.short()) };
    let told = in_background(platform, tenant, for_whom, async |turn| {
        if let Some(stored) = &stored {
            stored.record(turn.tx, expires, turn.now).await?;
        }
        wizard::file_arrived(turn, fetch, fetched.clone()).await
    });
    match told.await {
        Ok(_) => Outcome::Done,
        Err(error) => turn_failed(&error),
    }
}

enum Trouble {
    TooBig,
    WrongType,
    Passing(String),
}

async fn bring(workers: &Workers, tenant: &Tenant, fetch: &FetchUpload) -> Result<Stored, Trouble> {
    let settings = &workers.platform.settings.media;
    let cap = usize::try_from(settings.input_max).unwrap_or(20 << 20);
    let own = tenant.api_url.as_deref().and_then(|url| url::Url::parse(url).ok());
    let bot = workers.telegram.bot(&tenant.token, own.as_ref());
    let trouble = |error: TelegramError| match error {
        TelegramError::FileTooBig => Trouble::TooBig,
        other => Trouble::Passing(other.to_string()),
    };
    let info = bot.get_file(&fetch.file_id).await.map_err(trouble)?;
    if info.file_size.is_some_and(|size| size > cap as u64) {
        return Err(Trouble::TooBig);
    }
    let path = info.file_path.ok_or_else(|| Trouble::Passing("Telegram gave no path".to_owned()))?;
    let bytes = bot.download(&path, cap).await.map_err(trouble)?;
    let declared = fetch.claimed_mime.as_deref().unwrap_or_default();
    let found = recognise(&bytes, declared, &path).map_err(|_| Trouble::WrongType)?;
    if found.kind == Kind::Other {
        return Err(Trouble::WrongType);
    }
    if found.kind.is_picture() && dimensions(&bytes, u64::from(settings.pixels_max)).is_err() {
        return Err(Trouble::WrongType);
    }
    let put = workers.media.put(tenant, MediaPurpose::Upload, found.mime, &bytes).await;
    put.map_err(|error| Trouble::Passing(error.to_string()))
}
