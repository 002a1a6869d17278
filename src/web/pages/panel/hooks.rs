//! A partner's own webhooks (platform.md 6): where events are told, signed as Standard Webhooks has it; what was told lately, a
//! test, a new secret, an end. The secret is shown once. What sends data out or changes a secret wants a fresh confirmation.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;

use super::generations::unreadable;
use super::log::When;
use super::settings::{Tab, tabs};
use crate::accounts::Act;
use crate::accounts::audit::{self, Act as Deed};
use crate::args;
use crate::clients::hooks::check;
use crate::domain::{AuditAction, HookDeliveryId, HookEvent, HookId, HookState, UnixMs};
use crate::store::{After, HookDeliveryRow, HookRow, TenantTx};
use crate::tenants::hooks::{self, MOST};
use crate::texts::key_part;
use crate::web::extract::{At, OurForm};
use crate::web::failure::Failure;
use crate::web::pages::shell::Shell;
use crate::web::pages::{html, nav};

/// Characters of an address.
const URL: usize = 500;
/// Deliveries on the page of one.
const TOLD: i64 = 30;

/// One of them.
struct Line {
    id: String,
    url: String,
    events: Vec<String>,
    state: String,
    class: &'static str,
    since: When,
    /// Why it is told nothing.
    why: Option<String>,
    off: bool,
}

/// An event as a box to tick.
struct Event {
    word: &'static str,
    name: String,
    ticked: bool,
}

/// The list.
#[derive(Template)]
#[template(path = "pages/panel/hooks.html")]
struct Hooks<'a> {
    shell: Shell<'a>,
    tabs: Vec<Tab>,
    lines: Vec<Line>,
    events: Vec<Event>,
    url: String,
    wrong: Option<String>,
    full: bool,
    owns: bool,
    base: String,
}

/// One event that was told.
struct Told {
    id: String,
    event: String,
    state: String,
    class: &'static str,
    attempts: String,
    said: String,
    when: When,
    ended: bool,
}

/// One of them.
#[derive(Template)]
#[template(path = "pages/panel/hook.html")]
struct Hook<'a> {
    shell: Shell<'a>,
    line: Line,
    told: Vec<Told>,
    /// A secret that was made just now: this page is the only place that shows it.
    secret: Option<String>,
    owns: bool,
    base: String,
}

fn event_name(at: &At, event: HookEvent) -> String {
    at.words().get(&format!("panel-hook-event-{}", key_part(event.as_str())))
}

fn line(at: &At, row: &HookRow) -> Line {
    let (key, class) = match (row.disabled_at, row.failing_since) {
        (Some(_), _) => ("panel-hook-off", "fail"),
        (None, Some(_)) => ("panel-hook-failing", "warn"),
        (None, None) => ("panel-hook-good", "ok"),
    };
    let since = row.disabled_at.or(row.failing_since).unwrap_or(row.created_at);
    Line {
        id: row.id.short().to_owned(),
        url: row.url.clone(),
        events: row.events.split(',').filter_map(HookEvent::parse).map(|event| event_name(at, event)).collect(),
        state: at.words().get(key),
        class,
        since: When::new(at.words(), at.tenant.zone(), since, at.now),
        why: row.disabled_why.clone(),
        off: row.disabled_at.is_some(),
    }
}

/// All of them.
pub(in crate::web) async fn list(at: At) -> Result<Response, Failure> {
    let rows = at.reads().await?.hooks_all().await?;
    Ok(html(StatusCode::OK, &view(&at, &rows, "https://", &HookEvent::SUBSCRIBED, None)))
}

fn view<'a>(at: &'a At, rows: &[HookRow], url: &str, ticked: &[HookEvent], wrong: Option<String>) -> Hooks<'a> {
    Hooks {
        shell: Shell::at(at, nav::SETTINGS, at.words().get("panel-hooks")),
        tabs: tabs(at, "webhooks"),
        lines: rows.iter().map(|row| line(at, row)).collect(),
        events: HookEvent::SUBSCRIBED
            .iter()
            .map(|one| Event { word: one.as_str(), name: event_name(at, *one), ticked: ticked.contains(one) })
            .collect(),
        url: url.to_owned(),
        wrong,
        full: i64::try_from(rows.len()).unwrap_or(i64::MAX) >= MOST,
        owns: at.may(Act::Own),
        base: at.url(""),
    }
}

/// Adds one and shows its secret, once.
pub(in crate::web) async fn add(at: At, form: OurForm) -> Result<Response, Failure> {
    at.confirmed_by_bot()?;
    let url = form.text("url");
    let events: Vec<HookEvent> = HookEvent::SUBSCRIBED
        .iter()
        .copied()
        .filter(|event| form.ticked(&format!("event.{}", event.as_str())))
        .collect();
    let mut tx = at.writes().await?;
    let wrong = if url.chars().count() > URL || check(url, &at.platform().settings.media.allow).is_err() {
        Some(at.words().get("panel-hook-wrong-url"))
    } else if events.is_empty() {
        Some(at.words().get("panel-hook-wrong-events"))
    } else {
        None
    };
    if let Some(wrong) = wrong {
        let rows = tx.hooks_all().await?;
        return Ok(html(StatusCode::UNPROCESSABLE_ENTITY, &view(&at, &rows, url, &events, Some(wrong))));
    }
    let Some(added) = hooks::add(&mut tx, &at.tenant, url, &events, at.now).await.map_err(unreadable)? else {
        return Ok(at.problem("webhooks", "hooks-full"));
    };
    note(&at, &mut tx, &added.id, None, Some("added")).await?;
    tx.commit().await?;
    card(&at, &added.id, Some(added.secret.expose().to_owned())).await
}

async fn note(at: &At, tx: &mut TenantTx, id: &HookId, was: Option<&str>, became: Option<&str>) -> Result<(), Failure> {
    let object = format!("webhook:{}", id.short());
    let act = Deed::new(AuditAction::WebhookChanged, &object).changed(was, became);
    audit::record(tx, at.actor(), act, at.now).await?;
    Ok(())
}

fn id(text: &str) -> Result<HookId, Failure> {
    HookId::from_short(text).map_err(|_| Failure::NotFound)
}

async fn named(tx: &mut TenantTx, text: &str) -> Result<HookRow, Failure> {
    tx.hook_get(&id(text)?).await?.ok_or(Failure::NotFound)
}

/// One, with what it was told lately.
pub(in crate::web) async fn show(at: At, Path((_, hook)): Path<(String, String)>) -> Result<Response, Failure> {
    card(&at, &id(&hook)?, None).await
}

async fn card(at: &At, id: &HookId, secret: Option<String>) -> Result<Response, Failure> {
    let mut tx = at.reads().await?;
    let row = tx.hook_get(id).await?.ok_or(Failure::NotFound)?;
    let newest = After { at: UnixMs(i64::MAX), key: String::new() };
    let told = tx.hook_deliveries_listed(id, &newest, TOLD).await?;
    let shell = Shell::at(at, nav::SETTINGS, at.words().get("panel-hook"));
    let page = Hook {
        shell: if secret.is_some() { shell } else { shell.refreshing() },
        line: line(at, &row),
        told: told.iter().map(|row| of(at, row)).collect(),
        secret,
        owns: at.may(Act::Own),
        base: at.url(""),
    };
    Ok(html(StatusCode::OK, &page))
}

fn of(at: &At, row: &HookDeliveryRow) -> Told {
    let words = at.words();
    let (key, class) = match row.state {
        HookState::Waiting => ("panel-hook-told-waiting", "busy"),
        HookState::Delivered => ("panel-hook-told-delivered", "ok"),
        HookState::Dead => ("panel-hook-told-dead", "fail"),
    };
    Told {
        id: row.id.short().to_owned(),
        event: event_name(at, row.event),
        state: words.get(key),
        class,
        attempts: words.plain("panel-hook-attempts", args![n = row.attempts]),
        said: row.error.clone().or_else(|| row.status.map(|status| status.to_string())).unwrap_or_default(),
        when: When::new(words, at.tenant.zone(), row.created_at, at.now),
        ended: row.state != HookState::Waiting,
    }
}

/// Tells it an event that says nothing but that it is a test.
pub(in crate::web) async fn test(
    at: At,
    Path((_, hook)): Path<(String, String)>,
    _form: OurForm,
) -> Result<Response, Failure> {
    let mut tx = at.writes().await?;
    let row = named(&mut tx, &hook).await?;
    let here = format!("webhooks/{hook}");
    if row.disabled_at.is_some() {
        return Ok(at.problem(&here, "hook-off"));
    }
    tx.hook_test_put(&row.id, &at.corr, at.now).await?;
    tx.commit().await?;
    at.platform().signals.job();
    Ok(at.done(&here, "hook-test"))
}

/// Gives it another secret and shows that, once. What is sent from now on is signed with it.
pub(in crate::web) async fn rotate(
    at: At,
    Path((_, hook)): Path<(String, String)>,
    _form: OurForm,
) -> Result<Response, Failure> {
    at.confirmed_by_bot()?;
    let id = id(&hook)?;
    let mut tx = at.writes().await?;
    let secret = hooks::rotate(&mut tx, &at.tenant, &id).await.map_err(unreadable)?.ok_or(Failure::NotFound)?;
    note(&at, &mut tx, &id, Some("secret"), Some("another secret")).await?;
    tx.commit().await?;
    card(&at, &id, Some(secret.expose().to_owned())).await
}

/// Tells it again, after it was given up.
pub(in crate::web) async fn enable(
    at: At,
    Path((_, hook)): Path<(String, String)>,
    _form: OurForm,
) -> Result<Response, Failure> {
    let mut tx = at.writes().await?;
    let row = named(&mut tx, &hook).await?;
    let here = format!("webhooks/{hook}");
    if !tx.hook_enable(&row.id).await? {
        return Ok(at.done(&here, "same"));
    }
    note(&at, &mut tx, &row.id, Some("disabled"), Some("enabled")).await?;
    tx.commit().await?;
    Ok(at.done(&here, "hook-on"))
}

/// Tells an event once more, whatever became of it.
pub(in crate::web) async fn again(
    at: At,
    Path((_, hook, delivery)): Path<(String, String, String)>,
    _form: OurForm,
) -> Result<Response, Failure> {
    let mut tx = at.writes().await?;
    let row = named(&mut tx, &hook).await?;
    let delivery = HookDeliveryId::from_short(&delivery).map_err(|_| Failure::NotFound)?;
    let told = tx.hook_delivery_get(&delivery).await?.filter(|told| told.endpoint_id == row.id);
    let told = told.ok_or(Failure::NotFound)?;
    let here = format!("webhooks/{hook}");
    if row.disabled_at.is_some() {
        return Ok(at.problem(&here, "hook-off"));
    }
    if tx.hook_delivery_again(&told.id).await? {
        tx.hook_job_put(&told.id, &told.corr, at.now).await?;
    }
    tx.commit().await?;
    at.platform().signals.job();
    Ok(at.done(&here, "hook-again"))
}

/// Removes one with its log.
pub(in crate::web) async fn remove(
    at: At,
    Path((_, hook)): Path<(String, String)>,
    _form: OurForm,
) -> Result<Response, Failure> {
    at.confirmed_by_bot()?;
    let mut tx = at.writes().await?;
    let row = named(&mut tx, &hook).await?;
    tx.hook_delete(&row.id).await?;
    note(&at, &mut tx, &row.id, Some("added"), None).await?;
    tx.commit().await?;
    Ok(at.done("webhooks", "hook-removed"))
}
