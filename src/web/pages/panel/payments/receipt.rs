//! The picture of a transfer, for whoever decides on it. What a stranger sent is handed over and never trusted: of a known kind
//! of picture or none, as an attachment (a page may still draw it), in a sandbox should a browser open it all the same
//! (reliability.md T27). Who has looked is in the audit log, once for each person.

use axum::body::Body;
use axum::extract::Path;
use axum::http::header::{
    CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderMap, HeaderValue,
};
use axum::response::{IntoResponse as _, Response};

use super::payment_id;
use crate::accounts::audit::{self, Act as Deed};
use crate::bot::review;
use crate::domain::{AuditAction, MediaPurpose};
use crate::generation::{MediaError, extension_of};
use crate::store::TenantTx;
use crate::web::extract::At;
use crate::web::failure::Failure;
use crate::web::headers::SANDBOX;

/// Entries of a payment's log in which one's own look is found.
const ENTRIES: i64 = 50;

/// The picture.
pub(in crate::web) async fn picture(at: At, Path((_, id)): Path<(String, String)>) -> Result<Response, Failure> {
    let mut tx = at.writes().await?;
    let payment = tx.payment_get(&payment_id(&id)?).await?.ok_or(Failure::NotFound)?;
    let media = match &payment.media_id {
        Some(media) => tx.media_get(media).await?,
        None => None,
    };
    let kept = media.filter(|media| media.purpose == MediaPurpose::Receipt && media.expires_at > at.now);
    let kept = kept.ok_or(Failure::NotFound)?;
    looked(&at, &mut tx, &review::object(&payment.id)).await?;
    tx.commit().await?;
    let Some(_place) = at.state.downloads.enter(&at.tenant.id) else {
        return Err(Failure::Away(at.platform().settings.server.retry_after));
    };
    let bytes = at.state.media.get(&at.tenant, &kept.id).await.map_err(|error| unreadable(&error))?;
    let kind = match extension_of(&kept.mime) {
        "jpg" | "png" | "webp" => kept.mime.as_str(),
        _ => "application/octet-stream",
    };
    let name = format!("attachment; filename=\"receipt-{}.{}\"", payment.id.short(), extension_of(kind));
    let value = |text: &str| HeaderValue::from_str(text).map_err(|_| Failure::Broken);
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, value(kind)?);
    headers.insert(CONTENT_DISPOSITION, value(&name)?);
    headers.insert(CONTENT_LENGTH, HeaderValue::from(bytes.len()));
    headers.insert(CONTENT_SECURITY_POLICY, SANDBOX);
    Ok((headers, Body::from(bytes)).into_response())
}

/// Notes that this person has seen the picture, unless that is noted already.
async fn looked(at: &At, tx: &mut TenantTx, object: &str) -> Result<(), Failure> {
    let me = at.user().map_or_else(|| "platform".to_owned(), audit::person);
    let viewed = AuditAction::ReceiptViewed.as_str();
    let before = tx.audit_of_object(object, ENTRIES).await?;
    if !before.iter().any(|entry| entry.action == viewed && entry.actor == me) {
        audit::record(tx, at.actor(), Deed::new(AuditAction::ReceiptViewed, object), at.now).await?;
    }
    Ok(())
}

fn unreadable(error: &MediaError) -> Failure {
    if matches!(error, MediaError::Gone) {
        return Failure::NotFound;
    }
    tracing::error!(%error, "a receipt could not be read");
    Failure::Broken
}
