//! S-09: a model's price variants, one row each.

use super::{price_label, unavailable};
use crate::bot::callback::Callback;
use crate::bot::error::TurnError;
use crate::bot::screens::models::find;
use crate::bot::screens::purse::Purse;
use crate::bot::screens::{Screen, names, nav, wizard};
use crate::bot::turn::{Turn, arg};
use crate::catalog::{Model, callback_ref, callback_ref_before};
use crate::domain::outgoing::Keyboard;
use crate::texts::Words;

/// S-09.
pub struct Modes<'a> {
    /// The model.
    pub model: &'a Model,
    /// Whose prices.
    pub purse: Purse,
}

impl Screen for Modes<'_> {
    fn text(&self, words: Words<'_>) -> String {
        words.fmt("modes-title", arg("title", names::title(words, self.model)))
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        let mut keyboard = Keyboard::new();
        for (n, tier) in self.model.modes() {
            let reference = callback_ref_before("select_mode:", self.model, &format!(":{n}")).to_owned();
            let price = price_label(words, self.purse.of_tier(self.model, n));
            let values = names::tier(words, self.model, tier);
            let label = words.plain("btn-mode", arg("values", values).with("price", price));
            keyboard.push([Callback::SelectMode(reference, n).button(label)]);
        }
        let parent = Callback::BackToModel(callback_ref("back_to_model:", self.model).to_owned());
        keyboard.row(nav(words, &parent))
    }
}

/// Shows the variants; a model with a single one starts at once.
pub async fn modes(turn: &mut Turn<'_>, reference: &str) -> Result<(), TurnError> {
    match find(turn, reference) {
        Ok(model) if model.modes().count() == 1 => wizard::open(turn, reference).await,
        Ok(model) => show(turn, model).await,
        Err(gone) => unavailable(turn, gone),
    }
}

/// Shows S-09.
pub(in crate::bot::screens) async fn show(turn: &mut Turn<'_>, model: &Model) -> Result<(), TurnError> {
    let purse = Purse::of(turn).await?;
    turn.show(&Modes { model, purse });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bot::screens::testing::{catalog, en, model, person, ru};

    #[test]
    fn s09_lists_every_variant_with_its_price() {
        let screen = Modes { model: model("kling-2.6/image-to-video"), purse: person() };
        insta::assert_snapshot!(ru(&screen), @"");
        insta::assert_snapshot!(en(&screen), @"");
        let free = Modes { model: model("ideogram/v3-text-to-image"), purse: person() };
        insta::assert_snapshot!(ru(&free), @"");
    }

    #[test]
    fn every_variant_of_every_model_has_a_live_button() {
        for model in catalog().models().iter().filter(|m| m.is_sellable()) {
            let drawn = ru(&Modes { model, purse: person() });
            assert_eq!(drawn.matches("select_mode:").count(), model.modes().count(), "{}", model.id);
        }
    }
}
