//! What a person does to a generation that runs or waits: gives it up, has its result sent again.

use super::status::{Line, not_found};
use super::{CanceledScreen, of_row};
use crate::bot::callback::Callback;
use crate::bot::error::TurnError;
use crate::bot::screens::names::Named;
use crate::bot::screens::{Screen, confirm, history, home, shop};
use crate::bot::turn::{Turn, arg};
use crate::domain::GenerationId;
use crate::domain::outgoing::{Keyboard, Track};
use crate::generation::{self, Canceled, Redelivery};
use crate::texts::Words;

/// Running generations that /cancel names.
const LOOK_BACK: i64 = 20;

/// What still runs after /cancel, each with its button.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Running {
    /// Newest first.
    pub active: Vec<Line>,
}

impl Screen for Running {
    fn text(&self, words: Words<'_>) -> String {
        words.get("status-active")
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        let mut keyboard = Keyboard::new();
        for line in &self.active {
            let label = words.plain("btn-cancel-of", arg("title", line.model.title(words)));
            keyboard.push([Callback::CancelGeneration(line.id.clone()).button(label)]);
        }
        keyboard.row([home(words)])
    }
}

/// «❌ Отменить» of a generation.
pub async fn cancel(turn: &mut Turn<'_>, id: &GenerationId) -> Result<(), TurnError> {
    let shop = shop(turn);
    match generation::cancel(turn.tx, &shop, turn.user.user_id, id, turn.now).await? {
        Canceled::Done { generation: row, free_used } => {
            turn.wake_workers();
            let model = Named::of(turn.platform.catalog, &row.model_id);
            let screen = CanceledScreen { model, id: row.id.clone(), free_used };
            turn.show_tracked(&screen, Track::Nothing);
        }
        Canceled::Again => turn.toast(turn.words().get("gen-canceling")),
        Canceled::Finished => turn.toast(turn.words().get("gen-finished")),
        Canceled::NotAllowed => turn.alert(turn.words().get("cancel-limit")),
        Canceled::NotFound => return not_found(turn).await,
    }
    Ok(())
}

/// /cancel touches no generation; it names those that run (bot.md 3).
pub async fn offer_cancels(turn: &mut Turn<'_>) -> Result<(), TurnError> {
    let rows = turn.tx.generations_history(turn.user.user_id, LOOK_BACK).await?;
    let active: Vec<Line> = rows
        .iter()
        .filter(|row| row.state.is_active())
        .map(|row| Line {
            model: Named::of(turn.platform.catalog, &row.model_id),
            id: row.id.clone(),
            state: row.state,
        })
        .collect();
    if !active.is_empty() {
        turn.show(&Running { active });
    }
    Ok(())
}

/// «📤 Получить ещё раз»: the stored result is sent; never a new task.
pub async fn retry_delivery(turn: &mut Turn<'_>, id: &GenerationId) -> Result<(), TurnError> {
    match generation::redeliver(turn.tx, turn.user.user_id, id, turn.now).await? {
        Redelivery::Started(row) => {
            turn.wake_workers();
            let screen = of_row(turn, &row);
            turn.show_tracked(&screen, Track::Progress(row.id.clone()));
            Ok(())
        }
        Redelivery::Sending(row) => {
            let screen = of_row(turn, &row);
            turn.show_tracked(&screen, Track::Progress(row.id.clone()));
            Ok(())
        }
        Redelivery::Delivered(row) => history::send_again(turn, &row).await,
        Redelivery::Insufficient { need, available } => confirm::insufficient(turn, need, available),
        Redelivery::NoResult => {
            turn.alert(turn.words().get("result-expired"));
            Ok(())
        }
        Redelivery::NotFound => not_found(turn).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bot::screens::testing::{named, ru};
    use crate::domain::GenerationState;

    #[test]
    fn what_still_runs_can_be_given_up_one_by_one() {
        let line = Line {
            model: named("kling-2.6/image-to-video"),
            id: GenerationId::from_short("abcdefghijkl").unwrap(),
            state: GenerationState::Running,
        };
        insta::assert_snapshot!(ru(&Running { active: vec![line] }), @"
            Сейчас в работе:
            | ❌ Отменить: Kling 2.6, из фото [cancel:abcdefghijkl] |
            | 🏠 Главное меню [back_to_menu] |
            ");
    }
}
