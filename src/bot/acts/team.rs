//! Who administers a bot: making somebody an admin (bot.md 3), by the bot's command and by the panel.

use super::{Hands, News};
use crate::accounts::audit::{self, Act};
use crate::bot::callback::{AdminPress, Callback};
use crate::bot::jobs;
use crate::bot::screens::home;
use crate::domain::outgoing::Keyboard;
use crate::domain::{AuditAction, UserId};
use crate::store::{StoreError, TenantTx, UserRow};

/// Admins that a bot may have (bot.md 1.2).
pub const MOST: usize = 20;

/// Why nobody became an admin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfit {
    /// They have not pressed /start: nothing can be said to them.
    NotStarted,
    /// They are one already.
    Already,
    /// The tenants file always wins for this bot.
    Managed,
    /// There are [`MOST`] of them.
    Full,
    /// They are blocked.
    Blocked,
}

/// Grants the role and has the person's command menu set. Gives what they are told.
pub async fn admin_add(
    tx: &mut TenantTx,
    hands: &Hands<'_>,
    person: &UserRow,
) -> Result<Result<News, Unfit>, StoreError> {
    let managed = tx.settings_get().await?.is_some_and(|settings| settings.managed);
    let unfit = if person.started_at.is_none() {
        Some(Unfit::NotStarted)
    } else if person.role.is_some() {
        Some(Unfit::Already)
    } else if managed {
        Some(Unfit::Managed)
    } else if tx.admins_list().await?.len() >= MOST {
        Some(Unfit::Full)
    } else if person.blocked_at.is_some() {
        Some(Unfit::Blocked)
    } else {
        None
    };
    if let Some(unfit) = unfit {
        return Ok(Err(unfit));
    }
    tx.admin_grant(person.user_id, hands.actor.user.unwrap_or(UserId(0)), hands.now).await?;
    let object = audit::person(person.user_id);
    hands.note(tx, Act::new(AuditAction::AdminAdded, &object).changed(Some("user"), Some("admin"))).await?;
    jobs::put_command_menus(tx, hands.actor.corr, hands.now).await?;
    let theirs = hands.words_of(person);
    let open = Callback::Admin(AdminPress::Stats).button(theirs.get("btn-admin-open"));
    Ok(Ok(News::screen(person, theirs.get("add-admin-told"), Keyboard::new().row([open]).row([home(theirs)]))))
}
