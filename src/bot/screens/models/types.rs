//! S-03, what to create, and S-04, the categories.

use super::offered_types;
use crate::billing::FreeQuota;
use crate::bot::callback::Callback;
use crate::bot::error::TurnError;
use crate::bot::screens::{Screen, home, lines, menu};
use crate::bot::turn::{Turn, arg};
use crate::catalog::{Category, GenType};
use crate::domain::outgoing::Keyboard;
use crate::texts::Words;

/// S-03: generation types that have models here.
pub struct Types {
    /// In the order of bot.md 1.3.
    pub types: Vec<GenType>,
    /// Free generations and the zone they renew in; `None` for admins and where there are none.
    pub free: Option<(FreeQuota, String)>,
}

impl Screen for Types {
    fn text(&self, words: Words<'_>) -> String {
        let free = self.free.as_ref().map(|(free, zone)| menu::free_counter(words, *free, zone));
        match free {
            Some(free) => format!("{}\n\n{free}", words.get("models-title")),
            None => words.get("models-title"),
        }
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        let types = self.types.iter().map(|t| Callback::GenType(t.slug().to_owned()).button(words.gen_type(t.slug())));
        let free = self.free.as_ref().map_or_else(
            || words.get("btn-fast-tools"),
            |(free, _)| words.plain("btn-free-left", arg("left", free.left).with("total", free.total)),
        );
        Keyboard::new()
            .pairs(types)
            .row([Callback::FreeTools.button(free)])
            .row([Callback::OtherModels.button(words.get("btn-special-tools"))])
            .row([Callback::AllModels.button(words.get("btn-all-models"))])
            .row([home(words)])
    }
}

/// S-04: categories that are not empty.
pub struct Categories {
    /// In the menu's order.
    pub categories: Vec<Category>,
}

impl Screen for Categories {
    fn text(&self, words: Words<'_>) -> String {
        lines([Some(words.get("categories-title"))])
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        let button = |c: &Category| Callback::Category(c.slug().to_owned()).button(words.get(&c.text_key()));
        Keyboard::new()
            .pairs(self.categories.iter().map(button))
            .row([Callback::ShowModels.button(words.get("btn-all-models-menu"))])
            .row([home(words)])
    }
}

/// Shows S-03. The draft is kept.
pub async fn types(turn: &mut Turn<'_>) -> Result<(), TurnError> {
    let types = offered_types(turn);
    if types.is_empty() {
        return super::nothing(turn);
    }
    let free = turn.free_quota().await?;
    let shown = !turn.acts_as_admin() && free.total > 0;
    let free = shown.then(|| (free, turn.tenant.zone_name().to_owned()));
    turn.show(&Types { types, free });
    Ok(())
}

/// Shows S-04.
pub async fn categories(turn: &mut Turn<'_>) -> Result<(), TurnError> {
    let types = offered_types(turn);
    let filled = |c: &Category| c.gen_types().any(|t| types.contains(&t));
    let categories: Vec<Category> = Category::ALL.into_iter().filter(filled).collect();
    if categories.is_empty() {
        return super::nothing(turn);
    }
    turn.show(&Categories { categories });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bot::screens::testing::{en, ru};

    #[test]
    fn s03_offers_types_two_to_a_row() {
        let types = vec![GenType::TextToImage, GenType::ImageToVideo, GenType::Upscale];
        let free = Some((FreeQuota { left: 3, total: 5, bank: 0 }, "Europe/Moscow".to_owned()));
        let screen = Types { types, free };
        insta::assert_snapshot!(ru(&screen), @"
            🤖 Выберите, что создать:

            🎁 Бесплатных осталось сегодня: 3 из 5
            ⏳ Бесплатный лимит обновится завтра в 00:00 (Europe/Moscow).
            | ✨ Текст в фото [gen_type:text-to-image] | 📸 Фото в видео [gen_type:image-to-video] |
            | ⬆️ Улучшение фото [gen_type:upscale] |
            | 🆓 FAST TOOLS 3/5 [free_tools] |
            | 🧰 Спец-инструменты [other_models] |
            | 📋 Все модели [show_all_models_list] |
            | 🏠 Главное меню [back_to_menu] |
            ");
        insta::assert_snapshot!(en(&screen), @"
            🤖 Choose what to create:

            🎁 Free today: 3 of 5 left
            ⏳ The free limit renews tomorrow at 00:00 (Europe/Moscow).
            | ✨ Text to image [gen_type:text-to-image] | 📸 Image to video [gen_type:image-to-video] |
            | ⬆️ Photo enhancement [gen_type:upscale] |
            | 🆓 FAST TOOLS 3/5 [free_tools] |
            | 🧰 Special tools [other_models] |
            | 📋 All models [show_all_models_list] |
            | 🏠 Main menu [back_to_menu] |
            ");
    }

    #[test]
    fn s04_shows_no_empty_category() {
        let screen = Categories { categories: vec![Category::Image, Category::Video, Category::Tools] };
        insta::assert_snapshot!(ru(&screen), @"
            Выберите категорию:
            | 🖼 Изображения [category:image] | 🎬 Видео [category:video] |
            | 🛠 Инструменты [category:tools] |
            | 🤖 Все модели [show_models] |
            | 🏠 Главное меню [back_to_menu] |
            ");
        insta::assert_snapshot!(en(&screen), @"
            Choose a category:
            | 🖼 Images [category:image] | 🎬 Video [category:video] |
            | 🛠 Tools [category:tools] |
            | 🤖 All models [show_models] |
            | 🏠 Main menu [back_to_menu] |
            ");
    }
}
