//! Erases a person who asked for it (platform.md 7, `user erase`): the files first, then what is left of the balance, then
//! every row that names them. The ledger stays, under a name that leads nowhere any more.

use std::time::Duration;

use crate::billing;
use crate::bot::error::TurnError;
use crate::bot::returned;
use crate::bot::screens::Screen as _;
use crate::bot::screens::help::Erased;
use crate::domain::outbox::MessageClass;
use crate::domain::outgoing::{Outgoing, Track};
use crate::domain::{ChatId, MediaId, UserId};
use crate::generation::history::files_of_offer;
use crate::store::{Counter, JobRow, TenantTx};
use crate::tenants::Tenant;
use crate::tenants::say::{Say, say};
use crate::vault::Column;
use crate::worker::Workers;
use crate::worker::runner::Outcome;

/// Runs the job.
pub(super) async fn run(workers: &Workers, tenant: &Tenant, job: &JobRow) -> Outcome {
    match erase(workers, tenant, job).await {
        Ok(None) => Outcome::Done,
        Ok(Some(wait)) => Outcome::Again(wait),
        Err(error) => super::turn_failed(&error),
    }
}

/// Erases; or how long to wait for what is still in work.
async fn erase(workers: &Workers, tenant: &Tenant, job: &JobRow) -> Result<Option<Duration>, TurnError> {
    let platform = &workers.platform;
    let wait = platform.settings.jobs.backoff_max;
    let mut tx = platform.db.tenant(&tenant.id).await?;
    let Some(user) = tx.erasure_of(&job.corr).await? else { return Ok(None) };
    if tx.erasure_waits_for(user).await? > 0 {
        return Ok(Some(wait));
    }
    let files = files(&mut tx, tenant, user).await?;
    tx.rollback().await?;
    // Bytes first: a row without bytes is found again, bytes without a row are not.
    for file in &files {
        if let Err(error) = workers.media.delete(&tenant.id, file).await {
            tracing::warn!(tenant = %tenant.id, error = %error, "a file of a person could not be erased");
            return Ok(Some(wait));
        }
    }
    // The chat's lock: nothing of theirs is handled meanwhile.
    let chat = ChatId::from(user);
    let mut tx = platform.db.tenant_chat(&tenant.id, chat).await?;
    if tx.erasure_waits_for(user).await? > 0 {
        return Ok(Some(wait));
    }
    let Some(row) = tx.user_get(user).await? else { return Ok(None) };
    let now = platform.clock.now();
    for file in &files {
        tx.media_delete(file).await?;
    }
    let mark = returned::mark(&mut tx, platform, tenant, &row).await?;
    tx.erased_mark_put(&mark).await?;
    billing::forfeit(&mut tx, &row.user_ref, &job.corr, now).await?;
    // Whoever is gone is counted no more: neither among all people nor among those seen lately.
    tx.counter_add(&tenant.today(row.created_at), Counter::NewUsers, -1).await?;
    tx.counter_add(&tenant.today(row.seen_at), Counter::LastSeen, -1).await?;
    tx.erasure_finish(user).await?;
    let words = platform.texts.words(tenant.language_of(row.language, row.language_code.as_deref()));
    let (html, keyboard) = (Erased.text(words), Erased.keyboard(words));
    let outgoing = Outgoing::Screen { html, keyboard, edit: None, track: Track::Nothing };
    let key = format!("erased:{}", job.corr.as_str());
    say(&mut tx, tenant, Say { chat, class: MessageClass::MustArrive, key, corr: &job.corr, now }, &outgoing).await?;
    tx.commit().await?;
    platform.signals.chat(&tenant.id, chat);
    tracing::info!(tenant = %tenant.id, corr = %job.corr, files = files.len(), "a person was erased at their wish");
    Ok(None)
}

/// The files that are known to be theirs: results, and uploads of offers and of the draft. An upload that no offer names
/// is removed with its age like every other.
async fn files(tx: &mut TenantTx, tenant: &Tenant, user: UserId) -> Result<Vec<MediaId>, TurnError> {
    let mut files = tx.erasure_results(user).await?;
    for sealed in tx.erasure_orders(user).await? {
        // An offer of an older shape names no file that is still kept.
        files.extend(files_of_offer(tenant, &sealed).unwrap_or_default());
    }
    if let Some(row) = tx.session_load(user).await? {
        let open = tenant.open(Column::Session, &row.sealed)?;
        let session: crate::bot::session::Session = serde_json::from_slice(&open).unwrap_or_default();
        let names = session.draft.iter().flat_map(|draft| draft.selection.iter()).flat_map(|(_, value)| value.files());
        files.extend(names.filter_map(|file| MediaId::parse(&file.media).ok()));
    }
    files.sort();
    files.dedup();
    let mut kept = Vec::new();
    for file in files {
        if tx.media_get(&file).await?.is_some() {
            kept.push(file);
        }
    }
    Ok(kept)
}
