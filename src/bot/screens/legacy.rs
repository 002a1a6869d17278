//! What older messages' buttons lead to (bot.md 4): the same screens as today's. A shortened model is taken only when it
//! is certain which one is meant.

use super::{card, history, models, wizard};
use crate::bot::callback::LegacyPress;
use crate::bot::error::TurnError;
use crate::bot::route;
use crate::bot::turn::Turn;

/// Answers a button of an older message.
pub async fn pressed(turn: &mut Turn<'_>, press: LegacyPress) -> Result<(), TurnError> {
    let catalog = turn.platform.catalog;
    match press {
        LegacyPress::CardByHash(digits) => match catalog.by_hash12(&digits) {
            Some(model) => card::show(turn, &model.id).await,
            None => route::stale(turn).await,
        },
        LegacyPress::CardByPrefix(prefix) => match catalog.by_prefix(&prefix) {
            Some(model) => card::show(turn, &model.id).await,
            None => route::stale(turn).await,
        },
        LegacyPress::SelectByPrefix(prefix) => match catalog.by_prefix(&prefix) {
            Some(model) => wizard::open(turn, &model.id).await,
            None => route::stale(turn).await,
        },
        LegacyPress::SelectLast => match turn.session.card.clone() {
            Some(model) => wizard::open(turn, &model).await,
            None => models::types(turn).await,
        },
        LegacyPress::ModeOfDraft(tier) => match wizard::draft(turn).await? {
            Some(work) => wizard::open_mode(turn, &work.model.id, tier).await,
            None => Ok(()),
        },
        LegacyPress::BackToMode => match turn.session.draft.as_ref().map(|draft| draft.model.clone()) {
            Some(model) => card::modes(turn, &model).await,
            None => models::types(turn).await,
        },
        LegacyPress::Sku(id) => wizard::open_sku(turn, &id).await,
        LegacyPress::Select(model) => wizard::open(turn, &model).await,
        LegacyPress::View(id) => history::view(turn, &id).await,
    }
}
