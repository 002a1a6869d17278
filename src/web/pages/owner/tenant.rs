//! One bot in the platform owner's hands: suspend it with a reason, let it go again, set what it is allowed.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use serde_json::{Map, Value};

use crate::accounts::audit::{self, Act as Deed};
use crate::bot::acts::suspension;
use crate::domain::settings::TenantLimits;
use crate::domain::{AuditAction, BotInstanceId, REASON, TenantState};
use crate::store::TenantRow;
use crate::tenants::provision;
use crate::texts::key_part;
use crate::web::extract::{Desk, OurForm};
use crate::web::failure::Failure;
use crate::web::pages::panel::generations::unreadable;
use crate::web::pages::panel::standing::{state_key, state_light};
use crate::web::pages::shell::Shell;
use crate::web::pages::{html, nav};

/// A limit.
struct Limit {
    name: &'static str,
    label: String,
    value: u64,
}

/// The page.
#[derive(Template)]
#[template(path = "pages/owner/tenant.html")]
struct Tenant<'a> {
    shell: Shell<'a>,
    id: String,
    name: String,
    state: String,
    state_class: &'static str,
    reason: Option<String>,
    suspended: bool,
    partner: String,
    limits: Vec<Limit>,
}

fn named(text: &str) -> Result<BotInstanceId, Failure> {
    BotInstanceId::parse(text).map_err(|_| Failure::NotFound)
}

async fn row(desk: &Desk, id: &BotInstanceId) -> Result<TenantRow, Failure> {
    let row = desk.platform().db.platform_read().await?.tenant_get(id).await?;
    row.filter(|row| row.state != TenantState::Deleted).ok_or(Failure::NotFound)
}

/// One bot.
pub(in crate::web) async fn show(desk: Desk, Path(id): Path<String>) -> Result<Response, Failure> {
    let row = row(&desk, &named(&id)?).await?;
    let words = desk.words();
    let limits: TenantLimits = serde_json::from_str(&row.limits).unwrap_or_default();
    let Ok(Value::Object(limits)) = serde_json::to_value(&limits) else { return Err(Failure::Broken) };
    let live = desk.platform().tenants.get(&row.tenant);
    let brand = live.map(|tenant| tenant.settings.brand.clone()).filter(|brand| !brand.is_empty());
    let page = Tenant {
        shell: Shell::over(&desk, nav::TENANTS, row.tenant.to_string()),
        name: brand.unwrap_or_else(|| row.tenant.to_string()),
        id: row.tenant.to_string(),
        state: words.get(state_key(row.state)),
        state_class: state_light(row.state).class(),
        reason: row.state_reason,
        suspended: row.state == TenantState::Suspended,
        partner: row.partner_id,
        limits: TenantLimits::NAMES
            .iter()
            .map(|name| Limit {
                name,
                label: words.get(&format!("panel-limit-{}", key_part(name))),
                value: limits.get(*name).and_then(Value::as_u64).unwrap_or_default(),
            })
            .collect(),
    };
    Ok(html(StatusCode::OK, &page))
}

fn back(id: &BotInstanceId, what: &str) -> Response {
    Redirect::to(&format!("/panel/owner/bots/{id}?{what}")).into_response()
}

/// Suspends it: its people read that it does not work, its admins why.
pub(in crate::web) async fn suspend(desk: Desk, Path(id): Path<String>, form: OurForm) -> Result<Response, Failure> {
    let reason = form.text("reason");
    if !REASON.contains(&reason.chars().count()) {
        return Ok(back(&named(&id)?, "problem=reason"));
    }
    let id = named(&id)?;
    let before = row(&desk, &id).await?.state;
    if before == TenantState::Suspended {
        return Ok(back(&id, "done=suspended"));
    }
    change(&desk, &id, before, TenantState::Suspended, Some(reason)).await?;
    Ok(back(&id, "done=suspended"))
}

/// Lets it go again.
pub(in crate::web) async fn release(desk: Desk, Path(id): Path<String>, _form: OurForm) -> Result<Response, Failure> {
    let id = named(&id)?;
    row(&desk, &id).await?;
    change(&desk, &id, TenantState::Suspended, TenantState::Active, None).await?;
    Ok(back(&id, "done=released"))
}

async fn change(
    desk: &Desk,
    id: &BotInstanceId,
    from: TenantState,
    to: TenantState,
    reason: Option<&str>,
) -> Result<(), Failure> {
    let platform = desk.platform();
    let mut tx = desk.over_one(id).await?;
    if tx.state_change([from, from], to, reason, desk.now).await? {
        let act = Deed::new(AuditAction::BotSuspended, "bot").changed(Some(from.as_str()), Some(to.as_str()));
        audit::record(&mut tx, desk.actor(), act.because(reason), desk.now).await?;
        let mut told = Vec::new();
        if let Some(tenant) = platform.tenants.get(id) {
            let by = desk.actor();
            told =
                suspension::tell(&mut tx, (platform, &tenant), (to, reason), by, desk.now).await.map_err(unreadable)?;
        }
        tx.commit().await?;
        for chat in told {
            platform.signals.chat(id, chat);
        }
        tracing::info!(tenant = %id, state = to.as_str(), "the platform's owner changed a bot's state");
    }
    platform.tenants.refresh_one(&platform.db, &platform.vault, id).await.map_err(unreadable)
}

/// What it is allowed.
pub(in crate::web) async fn limits(desk: Desk, Path(id): Path<String>, form: OurForm) -> Result<Response, Failure> {
    let id = named(&id)?;
    let row = row(&desk, &id).await?;
    let before: TenantLimits = serde_json::from_str(&row.limits).unwrap_or_default();
    let typed: Map<String, Value> = TenantLimits::NAMES
        .iter()
        .map(|name| ((*name).to_owned(), form.text(name).parse::<u64>().map_or(Value::Null, Value::from)))
        .collect();
    let Ok(after) = before.patched(&typed) else { return Ok(back(&id, "problem=limits")) };
    if after == before {
        return Ok(back(&id, "done=same"));
    }
    let platform = desk.platform();
    let mut tx = desk.over().await?;
    provision::put_limits(&mut tx, &id, &after, desk.now).await.map_err(unreadable)?;
    let (was, became) = (before.unlike(&after), after.unlike(&before));
    let act = Deed::new(AuditAction::LimitsChanged, "limits").changed(Some(&was), Some(&became));
    audit::record_over(&mut tx, Some(&id), desk.actor(), act, desk.now).await?;
    tx.commit().await?;
    platform.tenants.refresh_one(&platform.db, &platform.vault, &id).await.map_err(unreadable)?;
    Ok(back(&id, "done=saved"))
}
