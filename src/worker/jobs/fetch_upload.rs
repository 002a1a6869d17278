//! Fetches a file that a person sent for a step of the wizard into the tenant's store (bot.md 7.3): from Telegram, within the
//! size, named by its first bytes, measured by its container. The step hears once what came of it.

use bytes::Bytes;

use super::turn_failed;
use crate::bot::jobs::{FetchUpload, SentFile};
use crate::bot::screens::wizard::{self, Fetched};
use crate::bot::{Background, in_background};
use crate::catalog::Media;
use crate::clients::media::kind::{Kind, Recognised, recognise};
use crate::clients::media::{dimensions, length};
use crate::clients::telegram::TelegramError;
use crate::domain::media::MediaPurpose;
use crate::generation::{Stored, quota};
use crate::store::{JobRow, StoreError};
use crate::tenants::Tenant;
use crate::worker::Workers;
use crate::worker::runner::Outcome;

/// Runs the job.
pub(super) async fn run(workers: &Workers, tenant: &Tenant, job: &JobRow, fetch: &FetchUpload) -> Outcome {
    let media = workers.platform.catalog.model(&fetch.model).and_then(|m| m.param(&fetch.param)?.media());
    let full = match is_full(workers, tenant).await {
        Ok(full) => full,
        Err(error) => return Outcome::Failed(error.to_string()),
    };
    let (mut fetched, mut stored) = (Vec::new(), Vec::new());
    for file in &fetch.files {
        let brought = if full { Err(Trouble::Is(Fetched::NoRoom)) } else { bring(workers, tenant, file, media).await };
        fetched.push(match brought {
            Ok((kept, duration_ms)) => {
                let value = kept.value(duration_ms);
                stored.push(kept);
                Fetched::Ok(value)
            }
            Err(Trouble::Is(what)) => what,
            Err(Trouble::Passing(why)) if job.attempt < job.max_attempts => {
                discard(workers, tenant, &stored).await;
                return Outcome::Failed(why);
            }
            Err(Trouble::Passing(_)) => Fetched::NotFetched,
        });
    }
    let platform = &workers.platform;
    let expires = platform.clock.now().plus(platform.settings.retention.results);
    let for_whom = Background { user: fetch.user, corr: &job.corr, key: format!("job:{}", job.id.short()) };
    let told = in_background(platform, tenant, for_whom, async |turn| {
        for kept in &stored {
            kept.record(turn.tx, expires, turn.now).await?;
        }
        wizard::files_arrived(turn, fetch, fetched.clone()).await
    });
    match told.await {
        Ok(_) => Outcome::Done,
        Err(error) => {
            discard(workers, tenant, &stored).await;
            turn_failed(&error)
        }
    }
}

/// Whether the tenant's store has all that it may have.
async fn is_full(workers: &Workers, tenant: &Tenant) -> Result<bool, StoreError> {
    let mut tx = workers.platform.db.tenant_read(&tenant.id).await?;
    Ok(quota::storage(&mut tx, tenant).await?.is_spent())
}

/// Removes what no row refers to: the next try fetches everything anew.
async fn discard(workers: &Workers, tenant: &Tenant, stored: &[Stored]) {
    for kept in stored {
        if let Err(error) = workers.media.delete(&tenant.id, &kept.id).await {
            tracing::warn!(tenant = %tenant.id, error = %error, "a file that nobody refers to stays");
        }
    }
}

enum Trouble {
    Is(Fetched),
    Passing(String),
}

/// Fetches one file; its length in milliseconds, where the parameter is for sound or film and the file says so.
async fn bring(
    workers: &Workers,
    tenant: &Tenant,
    file: &SentFile,
    media: Option<Media>,
) -> Result<(Stored, Option<i64>), Trouble> {
    let settings = &workers.platform.settings.media;
    let cap = usize::try_from(settings.input_max).unwrap_or(20 << 20);
    let bot = tenant.bot(&workers.telegram);
    let trouble = |error: TelegramError| match error {
        TelegramError::FileTooBig => Trouble::Is(Fetched::TooBig),
        other => Trouble::Passing(other.to_string()),
    };
    let info = bot.get_file(&file.file_id).await.map_err(trouble)?;
    if info.file_size.is_some_and(|size| size > cap as u64) {
        return Err(Trouble::Is(Fetched::TooBig));
    }
    let path = info.file_path.ok_or_else(|| Trouble::Passing("Telegram gave no path".to_owned()))?;
    let bytes = bot.download(&path, cap).await.map_err(trouble)?;
    let declared = file.claimed_mime.as_deref().unwrap_or_default();
    let found = recognise(&bytes, declared, &path).map_err(|_| Trouble::Is(Fetched::WrongType))?;
    if ["image/heif", "image/heic"].contains(&found.mime) {
        return Err(Trouble::Is(Fetched::ApplePhoto));
    }
    if found.kind.is_picture() && dimensions(&bytes, u64::from(settings.pixels_max)).is_err() {
        return Err(Trouble::Is(Fetched::WrongType));
    }
    let (mime, duration_ms) = match media {
        Some(Media::Audio | Media::Video) => measured(&bytes, found, file.duration_s).await,
        Some(Media::Image) | None => (found.mime, None),
    };
    let put = workers.media.put(tenant, MediaPurpose::Upload, mime, &bytes).await;
    let kept = put.map_err(|error| Trouble::Passing(error.to_string()))?;
    Ok((kept, duration_ms))
}

/// What a container holds: its MIME type, which is a sound's where there is no picture in it, and its length, the larger of
/// the file's own and what Telegram said. Telegram's word alone is no length: senders write it.
async fn measured(bytes: &Bytes, found: Recognised, said_s: Option<i64>) -> (&'static str, Option<i64>) {
    let content = bytes.clone();
    // A reader of containers that stumbles over a file takes only this file with it.
    let read = tokio::task::spawn_blocking(move || length(&content, found.extension)).await;
    let Some(read) = read.ok().flatten() else { return (found.mime, None) };
    let mime = if found.kind == Kind::Mp4 && !read.film { "audio/mp4" } else { found.mime };
    (mime, read.ms.map(|ms| ms.max(said_s.unwrap_or(0).saturating_mul(1_000))))
}
