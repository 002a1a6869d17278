//! Pausing a bot and letting it go on, by one press on its first page (decisions.md 15).

use axum::response::Response;

use super::generations::unreadable;
use crate::accounts::audit::{self, Act as Deed};
use crate::domain::{AuditAction, TenantState};
use crate::web::extract::{At, OurForm};
use crate::web::failure::Failure;

/// Pauses: users read that the bot rests, payments are credited, work in hand finishes.
pub(in crate::web) async fn pause(at: At, _form: OurForm) -> Result<Response, Failure> {
    change(&at, [TenantState::Active, TenantState::Draft], TenantState::Paused, AuditAction::BotPaused, "paused").await
}

/// Ends a pause, whoever made it; a suspension is the platform owner's.
pub(in crate::web) async fn resume(at: At, _form: OurForm) -> Result<Response, Failure> {
    change(&at, [TenantState::Paused, TenantState::Paused], TenantState::Active, AuditAction::BotResumed, "resumed")
        .await
}

async fn change(
    at: &At,
    from: [TenantState; 2],
    to: TenantState,
    action: AuditAction,
    done: &str,
) -> Result<Response, Failure> {
    let was = at.tenant.state;
    let mut tx = at.writes().await?;
    if !tx.state_change(from, to, None, at.now).await? {
        return Ok(at.problem("", "state"));
    }
    let act = Deed::new(action, "bot").changed(Some(was.as_str()), Some(to.as_str()));
    audit::record(&mut tx, at.actor(), act, at.now).await?;
    tx.commit().await?;
    let platform = at.platform();
    platform.tenants.refresh_one(&platform.db, &platform.vault, &at.tenant.id).await.map_err(unreadable)?;
    Ok(at.done("", done))
}
