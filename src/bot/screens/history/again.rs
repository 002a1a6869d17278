//! An order once more: with everything as it was, or with a new request (bot.md 4, `gen_repeat:`, `generate_again`).

use super::empty;
use crate::bot::error::TurnError;
use crate::bot::screens::models::find;
use crate::bot::screens::progress::not_found;
use crate::bot::screens::{card, wizard};
use crate::bot::turn::Turn;
use crate::catalog::{Model, Selection};
use crate::domain::GenerationId;
use crate::generation::history;

/// The same order at today's price; it starts only when confirmed. Files that are no longer kept are asked for again.
pub async fn repeat(turn: &mut Turn<'_>, id: &GenerationId) -> Result<(), TurnError> {
    let found = turn.tx.generation_get(id).await?;
    let Some(row) = found.filter(|row| row.user_id == turn.user.user_id) else { return not_found(turn).await };
    let order = history::repeat(turn.tx, turn.tenant, &row, turn.now).await?.order;
    let model = match find(turn, &order.model) {
        Ok(model) => model,
        Err(gone) => return card::unavailable(turn, gone),
    };
    turn.keep_pressed_message();
    wizard::resume(turn, model, order.gen_type, order.selection).await
}

/// Model and parameters of the last finished generation; the request and files are asked again.
pub async fn again(turn: &mut Turn<'_>) -> Result<(), TurnError> {
    let Some(row) = history::last_ended(turn.tx, turn.user.user_id).await? else { return empty(turn) };
    let order = history::order_of(turn.tenant, &row)?;
    let model = match find(turn, &order.model) {
        Ok(model) => model,
        Err(gone) => return card::unavailable(turn, gone),
    };
    turn.keep_pressed_message();
    wizard::resume(turn, model, order.gen_type, settings(model, &order.selection)).await
}

/// What is neither a text nor a file.
fn settings(model: &Model, selection: &Selection) -> Selection {
    let kept = |name: &str| model.param(name).is_some_and(|p| !p.is_text() && p.media().is_none());
    let values = selection.iter().filter(|(name, _)| kept(name));
    values.map(|(name, value)| (name.to_owned(), value.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bot::screens::testing::model;
    use crate::catalog::Value;

    #[test]
    fn once_more_keeps_the_settings_and_asks_for_the_request() {
        let chosen = Selection::new()
            .with("prompt", Value::Text("waves".into()))
            .with("sound", Value::Bool(true))
            .with("duration", Value::Text("10".into()));
        let kept = settings(model("kling-2.6/text-to-video"), &chosen);
        assert_eq!(kept, Selection::new().with("sound", Value::Bool(true)).with("duration", Value::Text("10".into())));
    }
}
