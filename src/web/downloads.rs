//! Results that are too large for Telegram, behind a signed link (bot.md 10). Always as an attachment: what a model made is
//! never shown as a page of ours (reliability.md T27).

use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, HeaderValue};
use axum::response::{IntoResponse as _, Response};

use super::failure::Failure;
use super::state::WebState;
use crate::accounts::downloads;
use crate::domain::{BotInstanceId, MediaId, UnixMs};
use crate::generation::extension_of;

/// Serves the file of a good link; a bad, late or foreign one is a page that does not exist.
pub(super) async fn file(
    State(state): State<WebState>,
    Path((tenant, media, until, signature)): Path<(String, String, String, String)>,
) -> Result<Response, Failure> {
    let platform = &state.platform;
    let id = BotInstanceId::parse(&tenant).map_err(|_| Failure::NotFound)?;
    let media = MediaId::parse(&media).map_err(|_| Failure::NotFound)?;
    let until = UnixMs(until.parse().map_err(|_| Failure::NotFound)?);
    let now = platform.clock.now();
    if !downloads::is_good(&platform.vault, &id, &media, until, &signature, now) {
        return Err(Failure::NotFound);
    }
    let tenant = platform.tenants.get(&id).ok_or(Failure::NotFound)?;
    let mut tx = platform.db.tenant_read(&id).await?;
    let row = tx.media_get(&media).await?.ok_or(Failure::NotFound)?;
    drop(tx);
    let bytes = state.media.get(&tenant, &media).await.map_err(|_| Failure::NotFound)?;
    let name = format!("attachment; filename=\"{}.{}\"", media.short(), extension_of(&row.mime));
    let mut response = bytes.into_response();
    let header = |text: &str| HeaderValue::from_str(text).map_err(|_| Failure::Broken);
    response.headers_mut().insert(CONTENT_TYPE, header(&row.mime)?);
    response.headers_mut().insert(CONTENT_DISPOSITION, header(&name)?);
    Ok(response)
}
