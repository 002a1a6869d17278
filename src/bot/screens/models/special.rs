//! S-07: what is neither of the four main ways: upscalers, background removal, speech.

use super::{card_button, nothing};
use crate::bot::callback::Callback;
use crate::bot::error::TurnError;
use crate::bot::screens::purse::Purse;
use crate::bot::screens::{Screen, card, nav};
use crate::bot::session::ListPlace;
use crate::bot::turn::Turn;
use crate::catalog::{GenType, Model};
use crate::domain::outgoing::Keyboard;
use crate::texts::Words;

/// The types that have rows of their own in the main menu.
const MAIN: [GenType; 4] = [GenType::TextToImage, GenType::ImageToImage, GenType::TextToVideo, GenType::ImageToVideo];

/// S-07.
pub struct Special<'a> {
    /// The tools, type by type.
    pub models: Vec<&'a Model>,
    /// Whose prices.
    pub purse: Purse,
}

impl Special<'_> {
    /// Types with more than one of these tools.
    fn types(&self) -> impl Iterator<Item = GenType> {
        let count = |gen_type: GenType| self.models.iter().filter(|m| m.gen_type == gen_type).count();
        GenType::ALL.into_iter().filter(move |gen_type| count(*gen_type) > 1)
    }
}

impl Screen for Special<'_> {
    fn text(&self, words: Words<'_>) -> String {
        words.get("special-title")
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        let types = self.types().map(|t| Callback::GenType(t.slug().to_owned()).button(words.gen_type(t.slug())));
        Keyboard::new()
            .pairs(self.models.iter().map(|model| card_button(words, &self.purse, model)))
            .pairs(types.collect::<Vec<_>>())
            .row(nav(words, &Callback::ShowModels))
    }
}

/// «🧰 Спец-инструменты» of the main menu: the card of the tenant's target when it is on offer, else the list. The draft
/// is cleared.
pub async fn other(turn: &mut Turn<'_>) -> Result<(), TurnError> {
    turn.session.clear_for(None);
    let target = turn.tenant.settings.other_models_target.trim();
    let found = turn.platform.catalog.model(target).filter(|model| turn.tenant.offers(model));
    match found {
        Some(model) => card::show_model(turn, model, true).await,
        None => special(turn).await,
    }
}

/// Shows S-07.
pub async fn special(turn: &mut Turn<'_>) -> Result<(), TurnError> {
    let offered = turn.platform.catalog.models().iter();
    let mut models: Vec<&Model> =
        offered.filter(|model| !MAIN.contains(&model.gen_type) && turn.tenant.offers(model)).collect();
    if models.is_empty() {
        return nothing(turn);
    }
    models.sort_by(|a, b| (a.gen_type, &a.vendor, &a.title).cmp(&(b.gen_type, &b.vendor, &b.title)));
    turn.session.list = Some(ListPlace::Special);
    let purse = Purse::of(turn).await?;
    turn.show(&Special { models, purse });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bot::screens::testing::{en, model, person, ru};

    #[test]
    fn s07_lists_tools_and_the_types_that_have_several() {
        let models =
            vec![model("sora-watermark-remover"), model("topaz/image-upscale"), model("recraft/crisp-upscale")];
        let screen = Special { models, purse: person() };
        insta::assert_snapshot!(ru(&screen), @"
            🧰 Спец-инструменты
            | Sora, без водяного знака • от 7.86 ₽ [model:sora-watermark-remover] |
            | Topaz, улучшение фото • от 7.86 ₽ [model:topaz/image-upscale] |
            | Recraft Crisp, улучшение фото • от 0.39 ₽ [model:recraft/crisp-upscale] |
            | ⬆️ Улучшение фото [gen_type:upscale] |
            | ◀️ Назад [show_models] | 🏠 Главное меню [back_to_menu] |
            ");
        insta::assert_snapshot!(en(&screen), @"
            🧰 Special tools
            | Sora watermark remover • from 7.86 ₽ [model:sora-watermark-remover] |
            | Topaz image upscale • from 7.86 ₽ [model:topaz/image-upscale] |
            | Recraft Crisp upscale • from 0.39 ₽ [model:recraft/crisp-upscale] |
            | ⬆️ Photo enhancement [gen_type:upscale] |
            | ◀️ Back [show_models] | 🏠 Main menu [back_to_menu] |
            ");
    }
}
