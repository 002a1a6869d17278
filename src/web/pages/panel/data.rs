//! The bot as a whole: carried away as one archive, or taken out of service for good (platform.md 7). Both want a fresh
//! confirmation by the bot; what happens is said before.
//!
//! An archive is made while it is downloaded and kept nowhere. Asking for it gives its key, shown once, and a ticket: signed for
//! this bot and this session, good for some minutes and for one download. The key is made from the ticket, so nothing secret is
//! stored between the two.

use std::time::Duration;

use askama::Template;
use axum::body::Body;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, HeaderMap, HeaderValue};
use axum::response::{IntoResponse as _, Response};

use super::settings::{Tab, tabs};
use crate::accounts::archives::{self, Ticket};
use crate::accounts::audit::{self, Act as Deed};
use crate::args;
use crate::domain::{AuditAction, TenantState};
use crate::generation;
use crate::locks::{LockKey, Purpose};
use crate::tenants::archive::{self, ArchiveError};
use crate::web::extract::{At, OurForm};
use crate::web::failure::Failure;
use crate::web::pages::shell::{Shell, name_of};
use crate::web::pages::{html, nav};
use crate::web::tar;

/// How long a ticket is good.
const GOOD_FOR: Duration = Duration::from_mins(10);

/// The page.
#[derive(Template)]
#[template(path = "pages/panel/data.html")]
struct Data<'a> {
    shell: Shell<'a>,
    tabs: Vec<Tab>,
    /// How long the rows of a deleted bot are kept, in words.
    rows: String,
    /// What is to be typed to delete it.
    asked: String,
    button: String,
    /// The bot is in service: what changes meanwhile may be missing.
    active: bool,
    /// The tenants file declares it, so it would come back.
    managed: bool,
    /// An archive that was asked for: its key, and the address that gives it once.
    ready: Option<(String, String)>,
    base: String,
}

/// How long the rows of a deleted bot are kept, in words.
fn kept(at: &At) -> String {
    at.words().span(at.platform().settings.retention.deleted_tenants)
}

/// What can be done with the whole.
pub(in crate::web) async fn show(at: At) -> Result<Response, Failure> {
    Ok(html(StatusCode::OK, &view(&at, None).await?))
}

async fn view(at: &At, ready: Option<(String, String)>) -> Result<Data<'_>, Failure> {
    let managed = at.reads().await?.settings_get().await?.is_some_and(|settings| settings.managed);
    Ok(Data {
        shell: Shell::at(at, nav::SETTINGS, at.words().get("panel-data")),
        tabs: tabs(at, "data"),
        rows: at.words().plain("panel-delete-rows", args![time = kept(at)]),
        asked: at.words().plain("panel-delete-type", args![id = at.tenant.id.as_str()]),
        button: at.words().plain("panel-delete-button", args![name = name_of(at)]),
        active: at.tenant.state == TenantState::Active,
        managed,
        ready,
        base: at.url(""),
    })
}

/// Gives a ticket for one archive, and its key.
pub(in crate::web) async fn export(at: At, _form: OurForm) -> Result<Response, Failure> {
    at.confirmed_by_bot()?;
    let mut tx = at.writes().await?;
    audit::record(&mut tx, at.actor(), Deed::new(AuditAction::Exported, "archive"), at.now).await?;
    tx.commit().await?;
    let ticket = Ticket::issue(&at.platform().vault, &at.tenant.id, &at.session.id, at.now.plus(GOOD_FOR));
    let key = archives::key(&at.platform().vault, &at.tenant.id, &ticket);
    let address = format!("{}?ticket={}", at.url("data/archive.tar"), ticket.text());
    Ok(html(StatusCode::OK, &view(&at, Some((key.expose().to_owned(), address))).await?))
}

/// The archive of a ticket, once.
pub(in crate::web) async fn download(at: At) -> Result<Response, Failure> {
    let platform = at.platform();
    let given = at.asked("ticket").ok_or(Failure::BadRequest)?;
    let ticket = Ticket::read(&platform.vault, &at.tenant.id, &at.session.id, given).ok_or(Failure::LinkUnknown)?;
    if at.now > ticket.until() {
        return Err(Failure::LinkExpired);
    }
    let Some(place) = at.state.downloads.enter(&at.tenant.id) else {
        return Err(Failure::Away(platform.settings.server.retry_after));
    };
    let used = LockKey::new(&at.tenant.id, Purpose::Archive(ticket.name().to_owned()));
    if !platform.locks.once(&used, GOOD_FOR).await {
        return Err(Failure::LinkUsed);
    }
    let folder = tar::Folder::new(&platform.settings.files.data.join("archives").join(ticket.name()));
    let key = archives::key(&platform.vault, &at.tenant.id, &ticket);
    let media = &at.state.media;
    archive::export_under(&platform.db, &platform.vault, media, &at.tenant, folder.path(), &key, at.now)
        .await
        .map_err(|error| broken(&error))?;
    let mut headers = HeaderMap::new();
    let name = format!("attachment; filename=\"{}-{}.tar\"", at.tenant.id, at.tenant.today(at.now));
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-tar"));
    headers.insert(CONTENT_DISPOSITION, HeaderValue::from_str(&name).map_err(|_| Failure::Broken)?);
    let content = tar::stream(folder, place).map_err(|error| {
        tracing::error!(%error, "an archive could not be read back");
        Failure::Broken
    })?;
    Ok((headers, Body::from_stream(content)).into_response())
}

fn broken(error: &ArchiveError) -> Failure {
    tracing::error!(%error, "an archive could not be made");
    Failure::Broken
}

/// What is seen when the bot is gone, by who signed in through it.
#[derive(Template)]
#[template(path = "pages/panel/gone.html")]
struct Gone<'a> {
    shell: Shell<'a>,
    lead: String,
    /// Telegram was not told: the token is to be revoked by hand.
    untold: bool,
}

/// Takes the bot out of service: only for who types its id.
pub(in crate::web) async fn delete(at: At, form: OurForm) -> Result<Response, Failure> {
    at.confirmed_by_bot()?;
    if form.text("confirm") != at.tenant.id.as_str() {
        return Ok(at.problem("data", "delete-id"));
    }
    let platform = at.platform();
    let mut tx = at.writes().await?;
    if tx.settings_get().await?.is_some_and(|settings| settings.managed) {
        return Ok(at.problem("data", "delete-managed"));
    }
    let act = Deed::new(AuditAction::BotDeleted, at.tenant.id.as_str());
    audit::record(&mut tx, at.actor(), act.changed(Some(at.tenant.state.as_str()), Some("deleted")), at.now).await?;
    tx.commit().await?;
    let told = archive::offboard(&platform.db, &at.state.telegram, &at.tenant, at.now).await;
    let told = told.map_err(|error| broken(&error))?;
    // What is at work ends now, its money goes back; the sweeper would find it, too.
    generation::sweep::of_deleted(&platform.db, at.now).await?;
    platform.tenants.refresh_one(&platform.db, &platform.vault, &at.tenant.id).await.map_err(|error| {
        tracing::error!(%error, "the list of bots could not be read anew");
        Failure::Broken
    })?;
    let page = Gone {
        shell: Shell::outside(at.words(), at.words().get("panel-gone")),
        lead: at.words().plain("panel-gone-lead", args![time = kept(&at)]),
        untold: !told,
    };
    Ok(html(StatusCode::OK, &page))
}
