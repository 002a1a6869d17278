//! A partner's own webhooks: added with a secret that is shown once, listed with what they were told, told again.

use super::note;
use super::users::page;
use crate::accounts::audit::Act;
use crate::clients::hooks::check;
use crate::domain::{AuditAction, HookDeliveryId, HookEvent, HookId, HookState};
use crate::store::{HookDeliveryRow, HookRow, TenantTx};
use crate::tenants::hooks;
use crate::web::api::cursor;
use crate::web::api::door::{Ask, Reply};
use crate::web::api::problem::Problem;
use crate::web::api::shape::{At, Page, dto};

/// Characters of an address.
const URL: usize = 500;

dto! {
    /// Where events are told.
    out WebhookOut {
        /// Its name.
        id: String,
        /// The address.
        url: String,
        /// Which events.
        events: Vec<HookEvent>,
        /// When it was added.
        created_at: At,
        /// Since when it takes nothing.
        failing_since: Option<At>,
        /// Since when it is told nothing.
        disabled_at: Option<At>,
        /// Why not.
        disabled_why: Option<String>,
    }
}

dto! {
    /// All of them, the oldest first.
    out WebhooksOut {
        /// At most ten.
        items: Vec<WebhookOut>,
    }
}

dto! {
    /// Where events are to be told.
    into WebhookIn {
        /// https, a public address, at most 500 characters.
        url: String,
        /// Which events, at least one.
        events: Vec<HookEvent>,
    }
}

dto! {
    /// A webhook that was added.
    out WebhookAddedOut {
        /// It.
        webhook: WebhookOut,
        /// What its events are signed with (Standard Webhooks). Shown once.
        secret: String,
    }
}

dto! {
    /// One event for one webhook.
    out DeliveryOut {
        /// Its name.
        id: String,
        /// The event's own name: the webhook-id that the webhook reads.
        event_id: String,
        /// Which event.
        event: HookEvent,
        /// Where it stands.
        state: HookState,
        /// How often it was tried.
        attempts: i64,
        /// What the webhook answered last.
        status: Option<i64>,
        /// What went wrong last.
        error: Option<String>,
        /// When the event was.
        created_at: At,
        /// When it was last tried.
        tried_at: Option<At>,
    }
}

dto! {
    /// What was removed or changed.
    out WebhookStateOut {
        /// Its name.
        id: String,
        /// Whether events are told there.
        enabled: bool,
    }
}

fn shown(row: &HookRow) -> WebhookOut {
    WebhookOut {
        id: row.id.to_string(),
        url: row.url.clone(),
        events: row.events.split(',').filter_map(HookEvent::parse).collect(),
        created_at: At(row.created_at),
        failing_since: row.failing_since.map(At),
        disabled_at: row.disabled_at.map(At),
        disabled_why: row.disabled_why.clone(),
    }
}

fn told(row: &HookDeliveryRow) -> DeliveryOut {
    DeliveryOut {
        id: row.id.to_string(),
        event_id: row.event_id.clone(),
        event: row.event,
        state: row.state,
        attempts: row.attempts,
        status: row.status,
        error: row.error.clone(),
        created_at: At(row.created_at),
        tried_at: row.tried_at.map(At),
    }
}

fn id(text: &str) -> Option<HookId> {
    HookId::parse(text).ok()
}

async fn named(ask: &Ask, tx: &mut TenantTx) -> Result<HookRow, Problem> {
    tx.hook_get(&ask.part("hook", id)?).await?.ok_or_else(Problem::not_found)
}

/// All.
pub(in crate::web::api) async fn list(ask: &Ask) -> Result<Reply, Problem> {
    let mut tx = ask.state.platform.db.tenant_read(&ask.tenant()?.id).await?;
    Reply::ok(&WebhooksOut { items: tx.hooks_all().await?.iter().map(shown).collect() })
}

/// One.
pub(in crate::web::api) async fn one(ask: &Ask) -> Result<Reply, Problem> {
    let mut tx = ask.state.platform.db.tenant_read(&ask.tenant()?.id).await?;
    Reply::ok(&shown(&named(ask, &mut tx).await?))
}

/// Adds one.
pub(in crate::web::api) async fn add(ask: &Ask, tx: &mut TenantTx) -> Result<Reply, Problem> {
    let WebhookIn { url, events } = ask.body()?;
    if events.is_empty() {
        return Err(Problem::wrong_body("events: at least one"));
    }
    if url.chars().count() > URL {
        return Err(Problem::wrong_body("url: at most 500 characters"));
    }
    check(&url, &ask.state.platform.settings.media.allow)
        .map_err(|refusal| Problem::wrong_body(format!("url: {refusal}")))?;
    let added = hooks::add(tx, ask.tenant()?, &url, &events, ask.now).await?;
    let Some(added) = added else {
        return Err(Problem::conflict("too_many", "There are ten webhooks already: remove one first"));
    };
    let row = tx.hook_get(&added.id).await?.ok_or_else(Problem::not_found)?;
    changed(ask, tx, &row, None, Some("added")).await?;
    let out = WebhookAddedOut { webhook: shown(&row), secret: added.secret.expose().to_owned() };
    Reply::with(201, &out)
}

/// Removes one with its log.
pub(in crate::web::api) async fn remove(ask: &Ask, tx: &mut TenantTx) -> Result<Reply, Problem> {
    let row = named(ask, tx).await?;
    tx.hook_delete(&row.id).await?;
    changed(ask, tx, &row, Some("added"), None).await?;
    Reply::ok(&WebhookStateOut { id: row.id.to_string(), enabled: false })
}

/// Tells one again that was given up.
pub(in crate::web::api) async fn enable(ask: &Ask, tx: &mut TenantTx) -> Result<Reply, Problem> {
    ask.body::<super::NothingIn>()?;
    let row = named(ask, tx).await?;
    if tx.hook_enable(&row.id).await? {
        changed(ask, tx, &row, Some("disabled"), Some("enabled")).await?;
    }
    Reply::ok(&WebhookStateOut { id: row.id.to_string(), enabled: true })
}

async fn changed(
    ask: &Ask,
    tx: &mut TenantTx,
    row: &HookRow,
    was: Option<&str>,
    became: Option<&str>,
) -> Result<(), Problem> {
    let object = format!("webhook:{}", row.id.short());
    note(ask, tx, Act::new(AuditAction::WebhookChanged, &object).changed(was, became)).await
}

/// What one was told, the newest first.
pub(in crate::web::api) async fn deliveries(ask: &Ask) -> Result<Reply, Problem> {
    let (after, limit) = (cursor::by_text(ask.query("cursor"))?, ask.limit()?);
    let mut tx = ask.state.platform.db.tenant_read(&ask.tenant()?.id).await?;
    let hook = named(ask, &mut tx).await?;
    let (rows, more) = page(tx.hook_deliveries_listed(&hook.id, &after, limit + 1).await?, limit);
    let next = rows.last().filter(|_| more).map(|row| cursor::after(row.created_at, row.id.as_str()));
    Reply::ok(&Page { items: rows.iter().map(told).collect(), next })
}

/// Tells an event once more, whatever became of it.
pub(in crate::web::api) async fn redeliver(ask: &Ask, tx: &mut TenantTx) -> Result<Reply, Problem> {
    ask.body::<super::NothingIn>()?;
    let hook = named(ask, tx).await?;
    let delivery = ask.part("delivery", |text| HookDeliveryId::parse(text).ok())?;
    let row = tx.hook_delivery_get(&delivery).await?.filter(|row| row.endpoint_id == hook.id);
    let row = row.ok_or_else(Problem::not_found)?;
    if hook.disabled_at.is_some() {
        return Err(Problem::conflict("disabled", "The webhook is switched off: enable it first"));
    }
    if tx.hook_delivery_again(&row.id).await? {
        tx.hook_job_put(&row.id, &row.corr, ask.now).await?;
    }
    let row = tx.hook_delivery_get(&delivery).await?.ok_or_else(Problem::not_found)?;
    Ok(Reply { jobs: true, ..Reply::with(202, &told(&row))? })
}
