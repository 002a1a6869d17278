//! S-09: a model's price variants, one row each.

use super::{tier_label, unavailable};
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
            let price = tier_label(words, &self.purse, self.model, n);
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
        insta::assert_snapshot!(ru(&screen), @"
            💰 Варианты: Kling 2.6, из фото
            | без звука · 10 с — 86.43 ₽ [select_mode:kling-2.6/image-to-video:0] |
            | без звука · 5 с — 43.21 ₽ [select_mode:kling-2.6/image-to-video:1] |
            | со звуком · 5 с — 86.43 ₽ [select_mode:kling-2.6/image-to-video:2] |
            | со звуком · 10 с — 172.85 ₽ [select_mode:kling-2.6/image-to-video:3] |
            | ◀️ Назад [back_to_model:kling-2.6/image-to-video] | 🏠 Главное меню [back_to_menu] |
            ");
        insta::assert_snapshot!(en(&screen), @"
            💰 Options: Kling 2.6 (photo)
            | no sound · 10 s — 86.43 ₽ [select_mode:kling-2.6/image-to-video:0] |
            | no sound · 5 s — 43.21 ₽ [select_mode:kling-2.6/image-to-video:1] |
            | with sound · 5 s — 86.43 ₽ [select_mode:kling-2.6/image-to-video:2] |
            | with sound · 10 s — 172.85 ₽ [select_mode:kling-2.6/image-to-video:3] |
            | ◀️ Back [back_to_model:kling-2.6/image-to-video] | 🏠 Main menu [back_to_menu] |
            ");
        let free = Modes { model: model("ideogram/v3-text-to-image"), purse: person() };
        insta::assert_snapshot!(ru(&free), @"
            💰 Варианты: Ideogram V3
            | Быстро — 🎁 0 ₽ [select_mode:ideogram/v3-text-to-image:0] |
            | Сбалансированно — 5.50 ₽ [select_mode:ideogram/v3-text-to-image:1] |
            | Качественно — 7.86 ₽ [select_mode:ideogram/v3-text-to-image:2] |
            | ◀️ Назад [back_to_model:ideogram/v3-text-to-image] | 🏠 Главное меню [back_to_menu] |
            ");
    }

    #[test]
    fn every_variant_of_every_model_has_a_live_button() {
        for model in catalog().models().iter().filter(|m| m.is_sellable()) {
            let drawn = ru(&Modes { model, purse: person() });
            assert_eq!(drawn.matches("select_mode:").count(), model.modes().count(), "{}", model.id);
        }
    }
}
