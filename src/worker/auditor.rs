//! Checks the ledgers of all tenants beside the work on them (decisions.md 10): seals what is new, compares, keeps the result
//! where preflight and panel read it, and tells the bot's admins and the platform's owners when a ledger turns red. Follows the
//! chains of their audit logs, too (reliability.md T39). One process does it for all.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Workers;
use super::singleton::Role;
use crate::accounts::audit;
use crate::args;
use crate::billing;
use crate::domain::outgoing::{Keyboard, Outgoing, Track};
use crate::domain::{BotInstanceId, ChatId, Corr, MessageClass, UnixMs, UserId};
use crate::store::{StoreError, TenantTx};
use crate::tenants::Tenant;
use crate::tenants::say::{Say, say};
use crate::tenants::tenant::TenantError;
use crate::texts::Words;

/// Tenants in one pass; the others wait for the next one, those first that waited longest.
const TENANTS: i64 = 500;

/// Checks from time to time until the soft stop.
pub async fn run(workers: Arc<Workers>) {
    let stop = workers.tasks.soft();
    let role = Role::new(&workers, "auditor");
    loop {
        if stop.run_until_cancelled(tokio::time::sleep(workers.platform.settings.ledger.check_every)).await.is_none() {
            return role.give_back().await;
        }
        match role.take().await {
            Ok(true) => {
                let both = async {
                    pass(&workers).await;
                    logs(&workers).await;
                };
                let _ = stop.run_until_cancelled(role.while_held(Box::pin(both))).await;
            }
            Ok(false) => {}
            Err(error) => tracing::warn!(error = %error, "the auditor's lease could not be asked for"),
        }
    }
}

/// One pass over the ledgers that are due. One that cannot be checked does not keep the others from it.
pub async fn pass(workers: &Workers) {
    let platform = &workers.platform;
    let full_before = platform.clock.now().minus(platform.settings.ledger.full_every);
    let due = async {
        let mut tx = platform.db.platform_read().await?;
        Ok::<_, StoreError>((tx.ledgers_due(full_before, TENANTS).await?, tx.ledgers_stand().await?))
    };
    let (due, stand) = match due.await {
        Ok(found) => found,
        Err(error) => return tracing::warn!(error = %error, "ledgers that are due were not looked for"),
    };
    for id in due {
        let checked_whole = stand.iter().find(|row| row.tenant == id).map(|row| row.full_at);
        let whole = checked_whole.is_none_or(|at| at <= full_before);
        if let Err(error) = one(workers, &id, whole).await {
            tracing::warn!(tenant = %id, error = %error, "a ledger was not checked");
        }
    }
    let red = stand.iter().filter(|row| row.faults > 0).count();
    metrics::gauge!("botyard_ledgers_red").set(red as f64);
}

/// One pass over the audit logs that are due.
pub async fn logs(workers: &Workers) {
    let (platform, now) = (&workers.platform, workers.platform.clock.now());
    let full_before = now.minus(platform.settings.ledger.full_every);
    let due = async { platform.db.platform_read().await?.audits_due(full_before, TENANTS).await };
    let due = match due.await {
        Ok(due) => due,
        Err(error) => return tracing::warn!(error = %error, "audit logs that are due were not looked for"),
    };
    for id in due {
        match audit::check(&platform.db, &id, full_before, now).await {
            Ok((found, before)) => {
                let was_red = before.is_some_and(|before| before.broken_at.is_some());
                if let Some(entry) = found.broken_at.filter(|_| !was_red) {
                    tracing::error!(tenant = %id, entry, "AUDIT_BROKEN");
                    if let Err(error) = broken(workers, &id, entry, now).await {
                        tracing::error!(tenant = %id, error = %error, "nobody was told that an audit log is broken");
                    }
                }
            }
            Err(error) => tracing::warn!(tenant = %id, error = %error, "an audit log was not checked"),
        }
    }
}

async fn one(workers: &Workers, id: &BotInstanceId, whole: bool) -> Result<(), TenantError> {
    let platform = &workers.platform;
    let now = platform.clock.now();
    let checked = billing::check(&platform.db, &platform.vault, id, whole, now).await?;
    let mut tx = platform.db.tenant(id).await?;
    let mut head = tx.ledger_head_lock().await?;
    head.walked = checked.walked;
    tx.ledger_head_put(&head).await?;
    tx.ledger_check_put(&checked.row).await?;
    let mut told = Vec::new();
    if checked.turned_red {
        tracing::error!(tenant = %id, faults = checked.row.faults, detail = checked.row.detail, "LEDGER_RED");
        if let Some(tenant) = platform.tenants.get(id) {
            let (row, zone) = (&checked.row, tenant.zone());
            let (at, turn) = (row.checked_at.shown(zone), format!("ledger_red:{}", row.turns));
            let make = |words: Words<'_>, corr: &Corr| {
                words.fmt("admin-ledger-red", args![n = row.faults, at = at.as_str(), corr = corr.as_str()])
            };
            told = alarm(workers, &mut tx, &tenant, (&turn, row.checked_at), make).await?;
        }
    }
    tx.commit().await?;
    for chat in told {
        platform.signals.chat(id, chat);
    }
    Ok(())
}

/// An audit log that held does not hold any more.
async fn broken(workers: &Workers, id: &BotInstanceId, entry: i64, now: UnixMs) -> Result<(), TenantError> {
    let platform = &workers.platform;
    let Some(tenant) = platform.tenants.get(id) else { return Ok(()) };
    let make =
        |words: Words<'_>, corr: &Corr| words.fmt("admin-audit-broken", args![entry = entry, corr = corr.as_str()]);
    let mut tx = platform.db.tenant(id).await?;
    let turn = format!("audit_broken:{entry}:{}", now.0);
    let told = alarm(workers, &mut tx, &tenant, (&turn, now), make).await?;
    tx.commit().await?;
    for chat in told {
        platform.signals.chat(id, chat);
    }
    Ok(())
}

/// Tells whoever can do something about it and has pressed /start here: once for each turn to red.
async fn alarm(
    workers: &Workers,
    tx: &mut TenantTx,
    tenant: &Tenant,
    (turn, now): (&str, UnixMs),
    make: impl Fn(Words<'_>, &Corr) -> String,
) -> Result<Vec<ChatId>, TenantError> {
    let platform = &workers.platform;
    let owners = platform.settings.owner.ids.iter().copied();
    let people: BTreeSet<UserId> = tenant.admins.iter().map(|(id, _)| *id).chain(owners).collect();
    let corr = Corr::random();
    let mut told = Vec::new();
    for person in people {
        let Some(user) = tx.user_get(person).await? else { continue };
        let words = platform.texts.words(tenant.language_of(user.language, user.language_code.as_deref()));
        let html = make(words, &corr);
        let outgoing = Outgoing::Screen { html, keyboard: Keyboard::new(), edit: None, track: Track::Nothing };
        let (chat, key) = (ChatId::from(person), format!("{turn}:{person}"));
        let about = Say { chat, class: MessageClass::MustArrive, key, corr: &corr, now };
        say(tx, tenant, about, &outgoing).await?;
        told.push(chat);
    }
    Ok(told)
}
