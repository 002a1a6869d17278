//! Blocking a person and letting them in again, by command or by the card's button (bot.md 3, 4).

use super::{not_found, say, user};
use crate::accounts::audit::Actor;
use crate::bot::acts::{self, Hands};
use crate::bot::error::TurnError;
use crate::bot::turn::{Turn, arg};
use crate::domain::{AuditDoor, UserId};
use crate::store::UserRow;
use crate::texts::Arg;

/// `/block_user 42 spam`, `/unblock_user 42`.
pub(super) async fn by_command(turn: &mut Turn<'_>, argument: Option<&str>, block: bool) -> Result<(), TurnError> {
    let Some((row, rest)) = user::named(turn, argument).await? else { return Ok(()) };
    let text = if set(turn, &row, block, Some(rest)).await? {
        turn.words().fmt(said(block), arg("id", Arg::shown(row.user_id)))
    } else {
        turn.words().get("block-admin")
    };
    say(turn, text);
    Ok(())
}

/// «🚫», «✅» on the card, which is shown again.
pub(super) async fn by_press(turn: &mut Turn<'_>, id: Option<UserId>, block: bool) -> Result<(), TurnError> {
    let row = match id {
        Some(id) => turn.tx.user_get(id).await?,
        None => None,
    };
    let Some(row) = row else {
        not_found(turn);
        return Ok(());
    };
    if !set(turn, &row, block, None).await? {
        turn.alert(turn.words().get("block-admin"));
        return Ok(());
    }
    turn.toast(turn.words().plain(said(block), arg("id", Arg::shown(row.user_id))));
    user::by_id(turn, id).await
}

fn said(block: bool) -> &'static str {
    if block { "user-blocked-done" } else { "user-unblocked-done" }
}

async fn set(turn: &mut Turn<'_>, row: &UserRow, block: bool, reason: Option<&str>) -> Result<bool, TurnError> {
    let actor = Actor { user: Some(turn.user.user_id), door: AuditDoor::Telegram, corr: &turn.corr };
    let hands = Hands { platform: turn.platform, tenant: turn.tenant, actor, now: turn.now };
    Ok(acts::block::set(turn.tx, &hands, row, block, reason).await?)
}
