//! S-06: every model of the bot under the headers of its family.

use super::{PagedList, nothing, page_of, pager, titled_card_button};
use crate::bot::callback::Callback;
use crate::bot::error::TurnError;
use crate::bot::screens::purse::Purse;
use crate::bot::screens::{Screen, names, nav};
use crate::bot::session::ListPlace;
use crate::bot::turn::{Turn, arg};
use crate::catalog::{HEADER_CODES, Model};
use crate::domain::outgoing::Keyboard;
use crate::texts::Words;

/// S-06.
pub struct AllModels<'a> {
    /// The models, header by header.
    pub models: Vec<&'a Model>,
    /// Only of this header.
    pub header: Option<&'static str>,
    /// Which page, from 0.
    pub page: usize,
    /// Whose prices.
    pub purse: Purse,
}

impl Screen for AllModels<'_> {
    fn text(&self, words: Words<'_>) -> String {
        words.fmt("models-all", arg("n", self.models.len()))
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        let (models, page, pages) = page_of(&self.models, self.page);
        let mut keyboard = Keyboard::new();
        for family in models.chunk_by(|a, b| a.gen_type.header_code() == b.gen_type.header_code()) {
            let code = family[0].gen_type.header_code();
            let label = words.get(&format!("header-{}", code.replace('_', "-")));
            keyboard.push([Callback::TypeHeader(code.to_owned()).button(label)]);
            let titled = family.iter().zip(names::short_titles(words, family));
            let buttons = titled.map(|(model, title)| titled_card_button(words, &self.purse, model, &title));
            keyboard = keyboard.pairs(buttons);
        }
        let parent = if self.header.is_some() { Callback::AllModels } else { Callback::ShowModels };
        keyboard.row(pager(words, &PagedList::All, page, pages)).row(nav(words, &parent))
    }
}

/// Shows all models, or those of one header code; an unknown code means all (bot.md 4).
pub async fn all(turn: &mut Turn<'_>, header: Option<String>, page: usize) -> Result<(), TurnError> {
    let header = header.and_then(|code| HEADER_CODES.into_iter().find(|known| *known == code));
    let offered = turn.platform.catalog.models().iter().filter(|model| turn.tenant.offers(model));
    let mut models: Vec<&Model> =
        offered.filter(|model| header.is_none_or(|code| model.gen_type.header_code() == code)).collect();
    if models.is_empty() {
        return nothing(turn);
    }
    sort(&mut models);
    turn.session.list = Some(ListPlace::All(header.map(str::to_owned), page));
    let purse = Purse::of(turn).await?;
    turn.show(&AllModels { models, header, page, purse });
    Ok(())
}

/// Turns to another page of the list shown last.
pub async fn all_page(turn: &mut Turn<'_>, page: usize) -> Result<(), TurnError> {
    let header = match &turn.session.list {
        Some(ListPlace::All(header, _)) => header.clone(),
        _ => None,
    };
    all(turn, header, page).await
}

/// Headers in their order; inside one by vendor, then title.
fn sort(models: &mut [&Model]) {
    let place = |model: &Model| HEADER_CODES.iter().position(|code| *code == model.gen_type.header_code());
    models.sort_by(|a, b| (place(a), &a.vendor, &a.title).cmp(&(place(b), &b.vendor, &b.title)));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bot::screens::testing::{catalog, en, model, person, ru};

    #[test]
    fn s06_groups_models_under_their_headers() {
        let mut models =
            vec![model("topaz/image-upscale"), model("z-image"), model("google/imagen4"), model("qwen/image-edit")];
        sort(&mut models);
        let screen = AllModels { models, header: None, page: 0, purse: person() };
        insta::assert_snapshot!(ru(&screen), @"
            🤖 Все модели (4)
            Цены в рублях
            | ✨ Текст в фото [type_header:t2i] |
            | Imagen 4 • от 6.29 ₽ [model:google/imagen4] | Z-Image • 🎁 [model:z-image] |
            | 🎨 Фото в фото и редактирование [type_header:i2i] |
            | Qwen Image • от 4.71 ₽ [model:qwen/image-edit] |
            | ⬆️ Улучшение качества [type_header:upscale] |
            | Topaz • от 7.86 ₽ [model:topaz/image-upscale] |
            | ◀️ Назад [show_models] | 🏠 Главное меню [back_to_menu] |
            ");
        insta::assert_snapshot!(en(&screen), @"
            🤖 All models (4)
            Prices in roubles
            | ✨ Text to image [type_header:t2i] |
            | Imagen 4 • from 6.29 ₽ [model:google/imagen4] |
            | Z-Image • 🎁 [model:z-image] |
            | 🎨 Image to image and editing [type_header:i2i] |
            | Qwen Image Edit • from 4.71 ₽ [model:qwen/image-edit] |
            | ⬆️ Quality enhancement [type_header:upscale] |
            | Topaz image upscale • from 7.86 ₽ [model:topaz/image-upscale] |
            | ◀️ Back [show_models] | 🏠 Main menu [back_to_menu] |
            ");
    }

    #[test]
    fn a_page_holds_forty_models_and_stays_below_a_hundred_buttons() {
        let mut models: Vec<&Model> = catalog().models().iter().filter(|m| m.is_sellable()).collect();
        sort(&mut models);
        let total = models.len();
        let mut seen = 0;
        for page in 0..total.div_ceil(super::super::PAGE) {
            let screen = AllModels { models: models.clone(), header: None, page, purse: person() };
            let words = crate::bot::screens::testing::words(crate::domain::Language::Ru);
            let keyboard = screen.keyboard(words);
            assert!(keyboard.buttons().count() <= 100);
            assert!(
                keyboard.buttons().all(|b| b.text.len() <= 64),
                "{:?}",
                keyboard.buttons().map(|b| &b.text).collect::<Vec<_>>()
            );
            seen += ru(&screen).matches("model:").count();
        }
        assert_eq!(seen, total);
    }
}
