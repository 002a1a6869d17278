//! The buttons of broadcasts. Each is checked against the broadcast's state; a press that comes too late says the state.

use super::compose::ask;
use super::{Standing, Stats, pace, show, state};
use crate::accounts::audit::Actor;
use crate::bot::acts::broadcast::{Change, Started};
use crate::bot::acts::{self, Hands};
use crate::bot::awaits::{Awaits, BroadcastInput};
use crate::bot::callback::{BroadcastAction, BroadcastPress};
use crate::bot::error::TurnError;
use crate::bot::turn::{Turn, arg};
use crate::domain::outgoing::{Outgoing, Track};
use crate::domain::{AuditDoor, BroadcastId, BroadcastState, MessageClass};
use crate::store::BroadcastRow;

/// How many the figures go back.
const COUNTED: i64 = 10;

/// Answers a button of broadcasts (bot.md 4, ADM).
pub async fn pressed(turn: &mut Turn<'_>, press: BroadcastPress) -> Result<(), TurnError> {
    if !turn.is_admin() {
        turn.alert(turn.words().get("admin-only-alert"));
        return Ok(());
    }
    match press {
        BroadcastPress::List => show(turn).await,
        BroadcastPress::Create => create(turn).await,
        BroadcastPress::Stats => {
            let rows = turn.tx.broadcasts_recent(COUNTED).await?;
            turn.show(&Stats { rows, zone: turn.tenant.zone().clone(), now: turn.now });
            Ok(())
        }
        BroadcastPress::Act(action, id) => act(turn, action, &id).await,
    }
}

async fn create(turn: &mut Turn<'_>) -> Result<(), TurnError> {
    if pace(turn.platform, turn.tenant).is_none() {
        turn.alert(turn.words().get("broadcasts-off"));
    } else if turn.tx.broadcast_unfinished().await?.is_some() {
        turn.toast(turn.words().get("broadcast-finish-first"));
    } else {
        ask(turn, None);
    }
    Ok(())
}

async fn act(turn: &mut Turn<'_>, action: BroadcastAction, id: &BroadcastId) -> Result<(), TurnError> {
    let Some(row) = turn.tx.broadcast_get(id).await? else {
        turn.alert(turn.words().get("not-found"));
        return Ok(());
    };
    match action {
        BroadcastAction::View if row.state == BroadcastState::Draft => not_now(turn, &row),
        BroadcastAction::View => return standing(turn, id).await,
        BroadcastAction::Test | BroadcastAction::Edit | BroadcastAction::Confirm
            if row.state != BroadcastState::Draft =>
        {
            not_now(turn, &row);
        }
        // A draft belongs to the one who composes it, and only while they do.
        BroadcastAction::Test | BroadcastAction::Edit | BroadcastAction::Confirm if !composes(turn, id) => {
            turn.alert(turn.words().get("broadcast-draft-gone"));
        }
        BroadcastAction::Test => {
            let copy = Outgoing::Copy { from: row.source_chat, message: row.source_message, preview_of: None };
            turn.push(copy, MessageClass::MayVanish);
            turn.toast(turn.words().get("broadcast-tested"));
        }
        BroadcastAction::Edit => ask(turn, None),
        BroadcastAction::Confirm => return confirm(turn, id).await,
        BroadcastAction::Pause => return change(turn, &row, Change::Pause).await,
        BroadcastAction::Resume => return change(turn, &row, Change::Resume).await,
        BroadcastAction::Stop => return change(turn, &row, Change::Stop).await,
    }
    Ok(())
}

fn composes(turn: &Turn<'_>, id: &BroadcastId) -> bool {
    matches!(&turn.session.awaits, Some(Awaits::Broadcast(BroadcastInput { draft: Some(draft) })) if draft == id)
}

/// «🚀 Отправить»: recipients are fixed as they are now.
async fn confirm(turn: &mut Turn<'_>, id: &BroadcastId) -> Result<(), TurnError> {
    let actor = Actor { user: Some(turn.user.user_id), door: AuditDoor::Telegram, corr: &turn.corr };
    let hands = Hands { platform: turn.platform, tenant: turn.tenant, actor, now: turn.now };
    match acts::broadcast::start(turn.tx, &hands, id, turn.now).await? {
        Started::Nobody => {
            turn.alert(turn.words().get("broadcast-nobody"));
            return Ok(());
        }
        Started::Refused => {
            turn.toast(turn.words().get("broadcast-finish-first"));
            return Ok(());
        }
        Started::Yes(_) => {}
    }
    turn.session.awaits = None;
    turn.wake_workers();
    standing(turn, id).await
}

/// Holds, continues or ends one that is under way.
async fn change(turn: &mut Turn<'_>, row: &BroadcastRow, to: Change) -> Result<(), TurnError> {
    let actor = Actor { user: Some(turn.user.user_id), door: AuditDoor::Telegram, corr: &turn.corr };
    let hands = Hands { platform: turn.platform, tenant: turn.tenant, actor, now: turn.now };
    if !acts::broadcast::change(turn.tx, &hands, &row.id, to).await? {
        not_now(turn, row);
        return Ok(());
    }
    turn.wake_workers();
    standing(turn, &row.id).await
}

/// Shows where it stands, in the message that is kept up to date from now on.
async fn standing(turn: &mut Turn<'_>, id: &BroadcastId) -> Result<(), TurnError> {
    let Some(row) = turn.tx.broadcast_get(id).await? else { return Ok(()) };
    let track = if row.state.is_unfinished() { Track::Broadcast(id.clone()) } else { Track::Nothing };
    if let Some(message) = turn.edit_target().filter(|_| row.state.is_unfinished()) {
        turn.tx.broadcast_set_progress(id, turn.incoming.chat, message).await?;
    }
    let screen = Standing { row, zone: turn.tenant.zone().clone(), now: turn.now };
    turn.show_tracked(&screen, track);
    Ok(())
}

fn not_now(turn: &mut Turn<'_>, row: &BroadcastRow) {
    let text = turn.words().plain("broadcast-not-now", arg("state", state(turn.words(), row)));
    turn.toast(text);
}
