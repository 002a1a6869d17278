//! «◀️ Назад» inside the wizard: one question back, the other answers stay.

use super::{params, pressed, step};
use crate::bot::error::TurnError;
use crate::bot::screens::confirm;
use crate::bot::session::Stage;
use crate::bot::turn::Turn;

/// Drops the current answer and asks the previous question again (bot.md 4, `back_to_previous_step`).
pub async fn back(turn: &mut Turn<'_>) -> Result<(), TurnError> {
    let Some(mut work) = pressed(turn).await? else { return Ok(()) };
    match work.draft.stage.clone() {
        Stage::OptionPrice { param, .. } => return step::ask(turn, work, &param).await,
        Stage::Params => return confirm::offer(turn, work).await,
        Stage::Step { .. } if work.draft.editing => {
            work.draft.editing = false;
            return params::show(turn, work).await;
        }
        Stage::Step { .. } | Stage::Confirm => {}
    }
    let Some(previous) = work.draft.trail.pop() else {
        tracing::info!("UX_NO_HISTORY");
        turn.toast(turn.words().get("no-history"));
        return Ok(());
    };
    if let Stage::Step { param } = &work.draft.stage {
        work.draft.selection.remove(param);
    }
    step::ask(turn, work, &previous).await
}
