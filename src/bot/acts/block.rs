//! Blocking a person and letting them in again (bot.md 3, 4).

use super::Hands;
use crate::accounts::audit::{self, Act};
use crate::domain::AuditAction;
use crate::store::{StoreError, TenantTx, UserRow};

/// Characters of a reason that are kept.
const REASON: usize = 200;

/// Blocks or lets in; what is so already stays so. `false`: an admin cannot be blocked. The draft is given up, running
/// generations finish.
pub async fn set(
    tx: &mut TenantTx,
    hands: &Hands<'_>,
    person: &UserRow,
    block: bool,
    reason: Option<&str>,
) -> Result<bool, StoreError> {
    if block && person.role.is_some() {
        return Ok(false);
    }
    let changed =
        if block { tx.user_block(person.user_id, hands.now).await? } else { tx.user_unblock(person.user_id).await? };
    if changed && block {
        tx.session_forget(person.user_id).await?;
        tx.quotes_close_open_of(person.user_id).await?;
    }
    if changed {
        let reason: String = reason.unwrap_or_default().trim().chars().take(REASON).collect();
        let object = audit::person(person.user_id);
        let (action, was, became) = if block {
            (AuditAction::UserBlocked, "free", "blocked")
        } else {
            (AuditAction::UserUnblocked, "blocked", "free")
        };
        let act = Act::new(action, &object).changed(Some(was), Some(became));
        hands.note(tx, act.because((!reason.is_empty()).then_some(reason.as_str()))).await?;
    }
    Ok(true)
}
