//! Brings a task's results into the tenant's store (bot.md 10): safe downloads, a second try with a fresh record for what was
//! broken, pages and empty bodies never taken for media. Files are written here; rows are written with the move to
//! `delivering`.

use super::GenerationError;
use super::ctx::Ctx;
use super::items::ItemKind;
use super::media::Stored;
use crate::clients::kie::{KieApi, RecordState, TaskId, Words};
use crate::clients::media::DownloadError;
use crate::domain::{GenerationId, MediaPurpose, Secret, UnixMs};
use crate::store::TenantTx;
use crate::tenants::Tenant;

/// A result in our store, without a row yet.
pub(super) struct Fetched {
    kind: ItemKind,
    stored: Stored,
}

/// What came of fetching.
pub(super) enum Results {
    /// At least one usable result, in the provider's order.
    Here(Vec<Fetched>),
    /// Network trouble: later.
    Later,
    /// Nothing usable, and there never will be.
    Broken,
}

/// A task and who may ask for it.
pub(super) struct Source<'a> {
    pub(super) tenant: &'a Tenant,
    pub(super) key: &'a Secret,
    pub(super) api: KieApi,
    pub(super) task: &'a TaskId,
}

/// Fetches what a finished task has made.
pub(super) async fn results(
    ctx: &Ctx<'_>,
    source: &Source<'_>,
    urls: &[String],
    text: Option<&Words>,
) -> Result<Results, GenerationError> {
    if urls.is_empty() {
        return Ok(match text.map(Words::as_str).filter(|text| !text.trim().is_empty()) {
            Some(text) => Results::Here(vec![keep_text(ctx, source, text).await?]),
            None => Results::Broken,
        });
    }
    let mut places: Vec<Place> = urls.iter().map(|_| Place::Lost(DownloadError::Empty)).collect();
    fill(ctx, source, urls, &mut places).await?;
    if places.iter().any(|place| matches!(place, Place::Lost(_)))
        && let Some(fresh) = fresh_links(ctx, source).await.filter(|fresh| fresh.len() == urls.len())
    {
        fill(ctx, source, &fresh, &mut places).await?;
    }
    let later = places.iter().any(|place| matches!(place, Place::Lost(why) if is_passing(*why)));
    let here: Vec<Fetched> = places.into_iter().filter_map(Place::here).collect();
    if later {
        discard(ctx, source.tenant, here).await;
        return Ok(Results::Later);
    }
    Ok(if here.is_empty() { Results::Broken } else { Results::Here(here) })
}

enum Place {
    Here(Fetched),
    Lost(DownloadError),
}

impl Place {
    fn here(self) -> Option<Fetched> {
        match self {
            Self::Here(fetched) => Some(fetched),
            Self::Lost(_) => None,
        }
    }
}

/// Trouble that a later try may not meet.
fn is_passing(error: DownloadError) -> bool {
    matches!(error, DownloadError::Unavailable(_) | DownloadError::TooSlow)
}

/// Fetches what is not here yet.
async fn fill(
    ctx: &Ctx<'_>,
    source: &Source<'_>,
    urls: &[String],
    places: &mut [Place],
) -> Result<(), GenerationError> {
    for (place, url) in places.iter_mut().zip(urls) {
        if matches!(place, Place::Here(_)) {
            continue;
        }
        let _lane = ctx.downloads.enter(&source.tenant.id).await;
        *place = match ctx.downloader.fetch(url).await {
            Ok(file) => {
                let kind = ItemKind::of(&file, &ctx.settings.delivery);
                let stored = ctx.media.put(source.tenant, MediaPurpose::Result, file.mime, &file.bytes).await?;
                Place::Here(Fetched { kind, stored })
            }
            Err(why) => {
                tracing::warn!(task = %source.task, error = %why, "a result was not fetched");
                Place::Lost(why)
            }
        };
    }
    Ok(())
}

async fn fresh_links(ctx: &Ctx<'_>, source: &Source<'_>) -> Option<Vec<String>> {
    match ctx.kie.record(source.key, source.api, source.task).await.ok()?.state {
        RecordState::Success { urls, .. } => Some(urls),
        RecordState::Waiting | RecordState::Running | RecordState::Fail { .. } => None,
    }
}

async fn keep_text(ctx: &Ctx<'_>, source: &Source<'_>, text: &str) -> Result<Fetched, GenerationError> {
    let mime = "text/plain; charset=utf-8";
    let stored = ctx.media.put(source.tenant, MediaPurpose::Result, mime, text.as_bytes()).await?;
    Ok(Fetched { kind: ItemKind::Text, stored })
}

/// Writes the rows of fetched results.
pub(super) async fn record(
    tx: &mut TenantTx,
    generation: &GenerationId,
    fetched: &[Fetched],
    expires_at: UnixMs,
    now: UnixMs,
) -> Result<(), GenerationError> {
    for (item, fetched) in (0..).zip(fetched) {
        fetched.stored.record(tx, expires_at, now).await?;
        tx.item_insert(generation, item, fetched.kind.word(), Some(&fetched.stored.id), now).await?;
    }
    Ok(())
}

/// Writes the rows of results that were fetched once more, into the items that they were.
pub(super) async fn record_again(
    tx: &mut TenantTx,
    generation: &GenerationId,
    fetched: &[Fetched],
    expires_at: UnixMs,
    now: UnixMs,
) -> Result<(), GenerationError> {
    for (item, fetched) in (0..).zip(fetched) {
        fetched.stored.record(tx, expires_at, now).await?;
        tx.item_set_media(generation, item, &fetched.stored.id).await?;
    }
    Ok(())
}

/// Removes files that no row will refer to.
pub(super) async fn discard(ctx: &Ctx<'_>, tenant: &Tenant, fetched: Vec<Fetched>) {
    for fetched in fetched {
        if let Err(error) = ctx.media.delete(&tenant.id, &fetched.stored.id).await {
            tracing::warn!(tenant = %tenant.id, error = %error, "a file that nobody refers to stays");
        }
    }
}
