//! People of a bot: listed, one, blocked, let in.

use super::{note, reason, user_id};
use crate::accounts::audit::{self, Act};
use crate::billing;
use crate::domain::{AdminRole, AuditAction};
use crate::store::{TenantTx, UserRow};
use crate::web::api::cursor;
use crate::web::api::door::{Ask, Reply};
use crate::web::api::problem::Problem;
use crate::web::api::shape::{At, Kopecks, Page, dto};

dto! {
    /// A person of the bot.
    out UserOut {
        /// Their Telegram id.
        id: i64,
        /// Their @name without the sign.
        username: Option<String>,
        /// Their first name.
        first_name: String,
        /// What they are to the bot, if more than a user.
        role: Option<AdminRole>,
        /// When they came.
        created_at: At,
        /// When they last wrote.
        seen_at: At,
        /// Since when the bot does not answer them.
        blocked_at: Option<At>,
        /// Since when the bot cannot reach them.
        unreachable_at: Option<At>,
    }
}

dto! {
    /// A person with their purse.
    out UserCardOut {
        /// Who.
        user: UserOut,
        /// What they can spend, in kopecks.
        available_kopecks: Kopecks,
        /// What is reserved for work, in kopecks.
        held_kopecks: Kopecks,
        /// What they owe after a refund of spent money, in kopecks.
        debt_kopecks: Kopecks,
        /// How many generations they ordered.
        generations: i64,
    }
}

dto! {
    /// Why somebody is blocked or let in.
    into BlockIn {
        /// For the audit log, 3 to 200 characters.
        reason: Option<String>,
    }
}

dto! {
    /// Whether a person is blocked now.
    out BlockOut {
        /// Their Telegram id.
        id: i64,
        /// Whether the bot does not answer them.
        blocked: bool,
    }
}

fn shown(row: &UserRow) -> UserOut {
    UserOut {
        id: row.user_id.0,
        username: row.username.clone(),
        first_name: row.first_name.clone(),
        role: row.role,
        created_at: At(row.created_at),
        seen_at: At(row.seen_at),
        blocked_at: row.blocked_at.map(At),
        unreachable_at: row.unreachable_at.map(At),
    }
}

/// The newest first.
pub(in crate::web::api) async fn list(ask: &Ask) -> Result<Reply, Problem> {
    let (after, limit) = (cursor::by_number(ask.query("cursor"))?, ask.limit()?);
    let mut tx = ask.state.platform.db.tenant_read(&ask.tenant()?.id).await?;
    let rows = tx.users_listed(&after, limit + 1).await?;
    let (rows, more) = page(rows, limit);
    let next = rows.last().filter(|_| more).map(|row| cursor::after(row.created_at, &row.user_id.to_string()));
    Reply::ok(&Page { items: rows.iter().map(shown).collect(), next })
}

/// The rows of a page that was asked for with one row more, and whether that one is there.
pub(super) fn page<T>(mut rows: Vec<T>, limit: i64) -> (Vec<T>, bool) {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = rows.len() > limit;
    rows.truncate(limit);
    (rows, more)
}

/// One.
pub(in crate::web::api) async fn one(ask: &Ask) -> Result<Reply, Problem> {
    let mut tx = ask.state.platform.db.tenant_read(&ask.tenant()?.id).await?;
    let row = named(ask, &mut tx).await?;
    let purse = billing::balance(&mut tx, &row.user_ref).await?;
    let generations = tx.generations_of_user(row.user_id).await?;
    Reply::ok(&UserCardOut {
        user: shown(&row),
        available_kopecks: Kopecks(purse.available),
        held_kopecks: Kopecks(purse.held),
        debt_kopecks: Kopecks(purse.debt),
        generations,
    })
}

pub(super) async fn named(ask: &Ask, tx: &mut TenantTx) -> Result<UserRow, Problem> {
    let id = ask.part("user", user_id)?;
    tx.user_get(id).await?.ok_or_else(Problem::not_found)
}

/// Blocks.
pub(in crate::web::api) async fn block(ask: &Ask, tx: &mut TenantTx) -> Result<Reply, Problem> {
    set_blocked(ask, tx, true).await
}

/// Lets in again.
pub(in crate::web::api) async fn unblock(ask: &Ask, tx: &mut TenantTx) -> Result<Reply, Problem> {
    set_blocked(ask, tx, false).await
}

/// The same rules as the bot's own button: an admin is not blocked, the draft is given up, running work finishes.
async fn set_blocked(ask: &Ask, tx: &mut TenantTx, block: bool) -> Result<Reply, Problem> {
    let BlockIn { reason: given } = ask.body()?;
    let given = given.as_deref().map(reason).transpose()?;
    let row = named(ask, tx).await?;
    if block && row.role.is_some() {
        return Err(Problem::conflict("is_admin", "Admins of the bot cannot be blocked"));
    }
    let changed = if block { tx.user_block(row.user_id, ask.now).await? } else { tx.user_unblock(row.user_id).await? };
    if changed && block {
        tx.session_forget(row.user_id).await?;
        tx.quotes_close_open_of(row.user_id).await?;
    }
    if changed {
        let object = audit::person(row.user_id);
        let (action, was, became) = if block {
            (AuditAction::UserBlocked, "free", "blocked")
        } else {
            (AuditAction::UserUnblocked, "blocked", "free")
        };
        note(ask, tx, Act::new(action, &object).changed(Some(was), Some(became)).because(given)).await?;
    }
    Reply::ok(&BlockOut { id: row.user_id.0, blocked: block })
}
