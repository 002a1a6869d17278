//! `GET /file/…`: a result that was too large for Telegram (bot.md 10), for whoever has the signed link.
//!
//! What a provider made is never shown by us, only handed over: as an attachment, of a known harmless type or of none, and
//! in a sandbox should a browser open it all the same (reliability.md T27).

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header::{
    CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderMap, HeaderValue,
};
use axum::response::{IntoResponse as _, Response};

use super::failure::Failure;
use super::headers::SANDBOX;
use super::state::WebState;
use crate::accounts::downloads;
use crate::domain::{BotInstanceId, MediaId, MediaPurpose, UnixMs};
use crate::generation::{MediaError, extension_of};

/// Checks the link, then hands the file over.
pub(super) async fn file(
    State(state): State<WebState>,
    Path((tenant, media, until, signature)): Path<(String, String, String, String)>,
) -> Result<Response, Failure> {
    let platform = &state.platform;
    let (vault, now) = (&platform.vault, platform.clock.now());
    let id = BotInstanceId::parse(&tenant).map_err(|_| Failure::NotFound)?;
    let media = MediaId::parse(&media).map_err(|_| Failure::NotFound)?;
    let until = UnixMs(until.parse().map_err(|_| Failure::NotFound)?);
    if !downloads::is_good(vault, &id, &media, until, &signature, now) {
        // Who had a true link may know that its time is over.
        let was_ours = downloads::is_good(vault, &id, &media, until, &signature, until);
        return Err(if was_ours { Failure::FileGone } else { Failure::NotFound });
    }
    let tenant = platform.tenants.get(&id).ok_or(Failure::FileGone)?;
    let row = platform.db.tenant_read(&id).await?.media_get(&media).await?;
    let row = row.filter(|row| row.purpose == MediaPurpose::Result && row.expires_at > now).ok_or(Failure::FileGone)?;
    let Some(_place) = state.downloads.enter(&id) else {
        return Err(Failure::Away(platform.settings.server.retry_after));
    };
    let bytes = state.media.get(&tenant, &media).await.map_err(|error| unreadable(&error))?;
    let mut headers = HeaderMap::new();
    let extension = extension_of(&row.mime);
    let kind = if extension == "bin" { "application/octet-stream" } else { &row.mime };
    let name = format!("attachment; filename=\"result-{}.{extension}\"", media.short());
    let value = |text: &str| HeaderValue::from_str(text).map_err(|_| Failure::Broken);
    headers.insert(CONTENT_TYPE, value(kind)?);
    headers.insert(CONTENT_DISPOSITION, value(&name)?);
    headers.insert(CONTENT_LENGTH, HeaderValue::from(bytes.len()));
    headers.insert(CONTENT_SECURITY_POLICY, SANDBOX);
    Ok((headers, Body::from(bytes)).into_response())
}

fn unreadable(error: &MediaError) -> Failure {
    if matches!(error, MediaError::Gone) {
        return Failure::FileGone;
    }
    tracing::error!(%error, "a stored file could not be read");
    Failure::Broken
}
