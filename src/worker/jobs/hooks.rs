//! Tells one event to one of a partner's own webhooks: signed, tried again with growing pauses, given up after a while; an
//! address that takes nothing for days is told nothing more, and the partner is told that.

use std::time::Duration;

use crate::args;
use crate::clients::hooks::HookError;
use crate::domain::outbox::MessageClass;
use crate::domain::outgoing::{Keyboard, Outgoing, Track};
use crate::domain::{ChatId, HookDeliveryId, HookState};
use crate::store::{HOOK_ATTEMPTS, HookDeliveryRow, HookRow, HookTry, JobRow, TenantTx};
use crate::tenants::say::{Say, say};
use crate::tenants::tenant::TenantError;
use crate::tenants::{Tenant, hooks};
use crate::worker::Workers;
use crate::worker::context::backoff;
use crate::worker::runner::Outcome;

/// «Gone»: the partner wants no more of it.
const GONE: u16 = 410;

/// Runs the job.
pub(super) async fn run(workers: &Workers, tenant: &Tenant, job: &JobRow) -> Outcome {
    let Ok(id) = HookDeliveryId::parse(&job.payload) else {
        return super::unreadable();
    };
    match tell(workers, tenant, &id).await {
        Ok(None) => Outcome::Done,
        Ok(Some(pause)) => Outcome::Again(pause),
        Err(error) => Outcome::Failed(error.to_string()),
    }
}

/// One try. Gives when the next one is due, if there is one.
async fn tell(workers: &Workers, tenant: &Tenant, id: &HookDeliveryId) -> Result<Option<Duration>, TenantError> {
    let platform = &workers.platform;
    let mut tx = platform.db.tenant_read(&tenant.id).await?;
    let Some(told) = tx.hook_delivery_get(id).await?.filter(|told| told.state == HookState::Waiting) else {
        return Ok(None);
    };
    let Some(hook) = tx.hook_get(&told.endpoint_id).await? else { return Ok(None) };
    drop(tx);
    if hook.disabled_at.is_some() {
        let came = HookTry { state: HookState::Dead, status: None, error: Some("the webhook is switched off") };
        record(workers, tenant, (&hook, &told), &came, false).await?;
        return Ok(None);
    }
    let at = platform.clock.now();
    let signature = hooks::signature(&hooks::secret(tenant, &hook)?, &told.event_id, at, &told.body);
    let second = (at.0 / 1000).to_string();
    let headers = [
        ("webhook-id", told.event_id.as_str()),
        ("webhook-timestamp", second.as_str()),
        ("webhook-signature", signature.as_str()),
    ];
    let answer = workers.hooks.post(&hook.url, &headers, told.body.clone()).await;
    if let Ok(status @ 200..300) = answer {
        let came = HookTry { state: HookState::Delivered, status: Some(status), error: None };
        record(workers, tenant, (&hook, &told), &came, true).await?;
        return Ok(None);
    }
    failed(workers, tenant, (&hook, &told), answer).await
}

async fn failed(
    workers: &Workers,
    tenant: &Tenant,
    (hook, told): (&HookRow, &HookDeliveryRow),
    answer: Result<u16, HookError>,
) -> Result<Option<Duration>, TenantError> {
    let settings = &workers.platform.settings.api;
    let tries = told.attempts + 1;
    let refused = matches!(answer, Err(HookError::Refused(_)) | Ok(GONE));
    let state = if tries >= HOOK_ATTEMPTS || refused { HookState::Dead } else { HookState::Waiting };
    let error = match answer {
        Ok(status) => format!("it answered {status}"),
        Err(error) => error.to_string(),
    };
    let came = HookTry { state, status: answer.ok(), error: Some(&error) };
    record(workers, tenant, (hook, told), &came, false).await?;
    tracing::info!(hook = %hook.id, tries, error, "a partner's webhook did not take an event");
    let pause = backoff(tries, settings.hook_first_pause, settings.hook_longest_pause);
    Ok((state == HookState::Waiting).then_some(pause))
}

/// Notes a try, and gives an address up that takes nothing for too long or says that it wants no more.
async fn record(
    workers: &Workers,
    tenant: &Tenant,
    (hook, told): (&HookRow, &HookDeliveryRow),
    came: &HookTry<'_>,
    works: bool,
) -> Result<(), TenantError> {
    let platform = &workers.platform;
    let now = platform.clock.now();
    let mut tx = platform.db.tenant(&tenant.id).await?;
    tx.hook_delivery_tried(&told.id, came, now).await?;
    tx.hook_note(&hook.id, works, now).await?;
    let long = hook.failing_since.is_some_and(|since| now.since(since) >= platform.settings.api.hook_give_up);
    let ends = !works && (long || came.status == Some(GONE));
    let mut chats = Vec::new();
    if ends && tx.hook_disable(&hook.id, came.error.unwrap_or_default(), now).await? {
        chats = tell_admins(workers, &mut tx, tenant, hook, told).await?;
    }
    tx.commit().await?;
    for chat in chats {
        platform.signals.chat(&tenant.id, chat);
    }
    Ok(())
}

/// Those who have written to the bot; the others cannot be told.
async fn tell_admins(
    workers: &Workers,
    tx: &mut TenantTx,
    tenant: &Tenant,
    hook: &HookRow,
    told: &HookDeliveryRow,
) -> Result<Vec<ChatId>, TenantError> {
    let now = workers.platform.clock.now();
    // The address may carry a secret of the partner's: its host says enough.
    let host = url::Url::parse(&hook.url).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
    let mut chats = Vec::new();
    for (admin, _) in &tenant.admins {
        let Some(user) = tx.user_get(*admin).await? else { continue };
        let language = tenant.language_of(user.language, user.language_code.as_deref());
        let html = workers.platform.texts.words(language).fmt("hook-disabled", args![host = host.as_str()]);
        let outgoing = Outgoing::Screen { html, keyboard: Keyboard::new(), edit: None, track: Track::Nothing };
        let chat = ChatId::from(*admin);
        let key = format!("hook_disabled:{}:{}:{admin}", hook.id.short(), now.0);
        say(tx, tenant, Say { chat, class: MessageClass::MustArrive, key, corr: &told.corr, now }, &outgoing).await?;
        chats.push(chat);
    }
    Ok(chats)
}
