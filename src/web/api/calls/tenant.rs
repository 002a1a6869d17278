//! The bot itself: how it stands, pause, resume.

use super::{note, reason};
use crate::accounts::audit::Act;
use crate::domain::{AuditAction, TenantState};
use crate::store::{TenantRow, TenantTx};
use crate::web::api::door::{Ask, Reply};
use crate::web::api::problem::Problem;
use crate::web::api::shape::{At, dto};

dto! {
    /// A hosted bot.
    out TenantOut {
        /// Its name here.
        id: String,
        /// Whether it serves people.
        state: TenantState,
        /// Why it does not, where that was said.
        state_reason: Option<String>,
        /// The bot's own Telegram id.
        bot_id: i64,
        /// The bot's @name without the sign, once Telegram told it.
        bot_username: Option<String>,
        /// The partner's own name.
        partner_id: String,
        /// Telegram id of its owner.
        owner_id: Option<i64>,
        /// What people read as its name.
        brand: String,
        /// The zone of its days.
        time_zone: String,
        /// Whether Telegram takes its token; null until that was looked at.
        token_ok: Option<bool>,
        /// Whether its updates arrive here; null until that was looked at.
        updates_ok: Option<bool>,
        /// When that was looked at.
        checked_at: Option<At>,
        /// When it was added.
        created_at: At,
    }
}

dto! {
    /// Why a bot stops.
    into PauseIn {
        /// Told to its admins, 3 to 200 characters.
        reason: Option<String>,
    }
}

/// How the bot stands.
pub(in crate::web::api) async fn get(ask: &Ask) -> Result<Reply, Problem> {
    Reply::ok(&shown(ask, &stored(ask).await?)?)
}

/// Stops it.
pub(in crate::web::api) async fn pause(ask: &Ask, tx: &mut TenantTx) -> Result<Reply, Problem> {
    let PauseIn { reason: given } = ask.body()?;
    let given = given.as_deref().map(reason).transpose()?;
    change(ask, tx, TenantState::Paused, given).await
}

/// Lets it serve again.
pub(in crate::web::api) async fn resume(ask: &Ask, tx: &mut TenantTx) -> Result<Reply, Problem> {
    let PauseIn { reason: given } = ask.body()?;
    let given = given.as_deref().map(reason).transpose()?;
    change(ask, tx, TenantState::Active, given).await
}

/// Pauses or resumes; a bot that is so already stays so. What the platform's owner suspended, and what was never live, is not
/// changed by this.
async fn change(ask: &Ask, tx: &mut TenantTx, to: TenantState, why: Option<&str>) -> Result<Reply, Problem> {
    let state = tx.state_get().await?.ok_or_else(Problem::not_found)?;
    if !matches!(state, TenantState::Active | TenantState::Paused) {
        let problem = Problem::conflict("wrong_state", "The bot is in a state that this does not change");
        return Err(problem.detail(format!("it is {}", state.as_str())));
    }
    if state != to {
        moved(ask, tx, state, to, why).await?;
    }
    Ok(Reply { tenants: true, ..Reply::ok(&StateOut { state: to })? })
}

/// Moves the bot to a state and writes that down.
pub(super) async fn moved(
    ask: &Ask,
    tx: &mut TenantTx,
    from: TenantState,
    to: TenantState,
    why: Option<&str>,
) -> Result<(), Problem> {
    let kept = why.filter(|_| to != TenantState::Active);
    if !tx.state_move(from, to, kept, ask.now).await? {
        return Err(Problem::conflict("moved", "Somebody else changed the bot at this moment: look again"));
    }
    // What only the platform's owner does is also on the owner's page, by the name of the act.
    let owners = from == TenantState::Suspended || to == TenantState::Suspended;
    let action = if owners { AuditAction::BotSuspended } else { AuditAction::StateChanged };
    let act = Act::new(action, "tenant").changed(Some(from.as_str()), Some(to.as_str()));
    note(ask, tx, act.because(why)).await
}

dto! {
    /// The state that a bot has now.
    out StateOut {
        /// Whether it serves people.
        state: TenantState,
    }
}

async fn stored(ask: &Ask) -> Result<TenantRow, Problem> {
    let id = &ask.tenant()?.id;
    let row = ask.state.platform.db.platform_read().await?.tenant_get(id).await?;
    row.ok_or_else(Problem::not_found)
}

/// A stored bot as programs see it.
pub(super) fn shown(ask: &Ask, row: &TenantRow) -> Result<TenantOut, Problem> {
    let live = ask.state.platform.tenants.get(&row.tenant).ok_or_else(Problem::not_found)?;
    let token_ok = row.token_checked_at.map(|_| row.token_error.is_none());
    Ok(TenantOut {
        id: row.tenant.to_string(),
        state: row.state,
        state_reason: row.state_reason.clone(),
        bot_id: row.bot_id.0,
        bot_username: row.bot_username.clone(),
        partner_id: row.partner_id.clone(),
        owner_id: live.owner().map(|user| user.0),
        brand: live.settings.brand.clone(),
        time_zone: live.zone_name().to_owned(),
        token_ok,
        updates_ok: row.webhook_checked_at.map(|_| token_ok == Some(true) && row.webhook_error.is_none()),
        checked_at: row.webhook_checked_at.map(At),
        created_at: At(row.created_at),
    })
}
