//! S-05: the models of one generation type, or of one category in the same style.

use super::{PagedList, nothing, offered_of, page_of, pager, start_button, titled_start_button};
use crate::bot::callback::Callback;
use crate::bot::error::TurnError;
use crate::bot::screens::purse::Purse;
use crate::bot::screens::{Screen, lines, names, nav};
use crate::bot::session::ListPlace;
use crate::bot::turn::{Turn, arg};
use crate::catalog::{Category, GenType, Model};
use crate::domain::outgoing::Keyboard;
use crate::texts::Words;

/// S-05.
pub struct TypeModels<'a> {
    /// Of which type.
    pub gen_type: GenType,
    /// All of its models here.
    pub models: Vec<&'a Model>,
    /// Which page, from 0.
    pub page: usize,
    /// Models of «🖼️ Редактирование фото», offered beside image to image.
    pub edits: usize,
    /// Whose prices.
    pub purse: Purse,
}

impl Screen for TypeModels<'_> {
    fn text(&self, words: Words<'_>) -> String {
        let slug = self.gen_type.slug();
        lines([
            Some(words.fmt("models-of-title", arg("title", words.gen_type(slug)))),
            words.gen_type_desc(slug).map(|text| words.fmt("models-of-description", arg("description", text))),
            free_line(words, &self.purse, &self.models),
            Some(words.fmt("models-of-count", arg("n", self.models.len()))),
        ])
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        let titled: Vec<_> = self.models.iter().zip(names::short_titles(words, &self.models)).collect();
        let (models, page, pages) = page_of(&titled, self.page);
        let slug = self.gen_type.slug().to_owned();
        let mut keyboard = Keyboard::new()
            .pairs(models.iter().map(|(model, title)| titled_start_button(words, &self.purse, model, title.clone())))
            .row(pager(words, &PagedList::GenType(slug), page, pages));
        if self.edits > 0 {
            let label = words.plain("btn-edit-photo", arg("n", self.edits));
            keyboard.push([Callback::GenType(GenType::ImageEdit.slug().to_owned()).button(label)]);
        }
        keyboard.row(nav(words, &Callback::ShowModels))
    }
}

/// S-05 of a category.
pub struct CategoryModels<'a> {
    /// Which.
    pub category: Category,
    /// Its models here, type by type.
    pub models: Vec<&'a Model>,
    /// Whose prices.
    pub purse: Purse,
}

impl Screen for CategoryModels<'_> {
    fn text(&self, words: Words<'_>) -> String {
        lines([
            Some(words.fmt("category-screen", arg("title", words.get(&self.category.text_key())))),
            free_line(words, &self.purse, &self.models),
            Some(words.fmt("models-of-count", arg("n", self.models.len()))),
        ])
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        Keyboard::new()
            .pairs(self.models.iter().map(|model| start_button(words, &self.purse, model)))
            .row(nav(words, &Callback::Categories))
    }
}

/// «🎁 БЕСПЛАТНО: 3», when something in the list is free now.
fn free_line(words: Words<'_>, purse: &Purse, models: &[&Model]) -> Option<String> {
    let free = models.iter().any(|model| purse.is_free_now(model));
    free.then(|| words.fmt("models-of-free", arg("left", purse.free.usable())))
}

/// Chooses a type: the draft is cleared, the type becomes the active one (bot.md 6.2).
pub async fn open_type(turn: &mut Turn<'_>, gen_type: GenType) -> Result<(), TurnError> {
    turn.session.clear_for(Some(gen_type));
    of_type(turn, gen_type, 0).await
}

/// Shows a page of a type.
pub async fn of_type(turn: &mut Turn<'_>, gen_type: GenType, page: usize) -> Result<(), TurnError> {
    let models = offered_of(turn, gen_type);
    let edits = if gen_type == GenType::ImageToImage { offered_of(turn, GenType::ImageEdit).len() } else { 0 };
    if models.is_empty() && edits == 0 {
        return nothing(turn);
    }
    turn.session.list = Some(ListPlace::GenType(gen_type));
    let purse = Purse::of(turn).await?;
    turn.show(&TypeModels { gen_type, models, page, edits, purse });
    Ok(())
}

/// Shows a category.
pub async fn of_category(turn: &mut Turn<'_>, category: Category) -> Result<(), TurnError> {
    let mut models: Vec<&Model> = Vec::new();
    for model in category.gen_types().flat_map(|gen_type| offered_of(turn, gen_type)) {
        if model.gen_type.category() == category && !models.iter().any(|m| m.id == model.id) {
            models.push(model);
        }
    }
    if models.is_empty() {
        return nothing(turn);
    }
    turn.session.list = Some(ListPlace::Category(category.slug().to_owned()));
    let purse = Purse::of(turn).await?;
    turn.show(&CategoryModels { category, models, purse });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bot::screens::testing::{admin, broke, catalog, en, model, person, ru};
    use crate::catalog::Model;

    #[test]
    fn s05_lists_models_with_the_least_price() {
        let models = vec![model("z-image"), model("seedream/4.5-text-to-image"), model("ideogram/v3-text-to-image")];
        let screen = TypeModels { gen_type: GenType::TextToImage, models, page: 0, edits: 0, purse: person() };
        insta::assert_snapshot!(ru(&screen), @"
            <b>✨ Текст в фото</b>
            📝 Опишите картинку словами — нарисую её с нуля.
            🎁 БЕСПЛАТНО: 3
            🤖 Доступные нейросети (3):
            | Z-Image • 🎁 [select_model:z-image] |
            | Seedream 4.5 • от 5.11 ₽ [select_model:seedream/4.5-text-to-image] |
            | Ideogram V3 • 🎁 [select_model:ideogram/v3-text-to-image] |
            | ◀️ Назад [show_models] | 🏠 Главное меню [back_to_menu] |
            ");
        insta::assert_snapshot!(en(&screen), @"
            <b>✨ Text to image</b>
            📝 Describe a picture in words and I'll draw it from scratch.
            🎁 FREE: 3
            🤖 Available models (3):
            | Z-Image • 🎁 [select_model:z-image] |
            | Seedream 4.5 • from 5.11 ₽ [select_model:seedream/4.5-text-to-image] |
            | Ideogram V3 • 🎁 [select_model:ideogram/v3-text-to-image] |
            | ◀️ Back [show_models] | 🏠 Main menu [back_to_menu] |
            ");
    }

    #[test]
    fn s05_tells_an_admin_that_all_is_free_and_says_the_price_where_nothing_free_is_left() {
        let of = |purse| TypeModels {
            gen_type: GenType::ImageToImage,
            models: vec![model("z-image")],
            page: 0,
            edits: 8,
            purse,
        };
        insta::assert_snapshot!(ru(&of(admin())), @"
            <b>🎨 Фото в фото</b>
            📝 Пришлите фото и скажите, во что его превратить: другой стиль, образ или фон.
            🤖 Доступные нейросети (1):
            | Z-Image • 0 ₽ [select_model:z-image] |
            | 🖼️ Редактирование фото (8) [gen_type:image-edit] |
            | ◀️ Назад [show_models] | 🏠 Главное меню [back_to_menu] |
            ");
        insta::assert_snapshot!(ru(&of(broke())), @"
            <b>🎨 Фото в фото</b>
            📝 Пришлите фото и скажите, во что его превратить: другой стиль, образ или фон.
            🤖 Доступные нейросети (1):
            | Z-Image • от 0.63 ₽ [select_model:z-image] |
            | 🖼️ Редактирование фото (8) [gen_type:image-edit] |
            | ◀️ Назад [show_models] | 🏠 Главное меню [back_to_menu] |
            ");
    }

    #[test]
    fn no_category_is_longer_than_a_page() {
        for category in Category::ALL {
            let of = |m: &&Model| m.is_sellable() && m.gen_type.category() == category;
            assert!(catalog().models().iter().filter(of).count() <= super::super::PAGE, "{category:?}");
        }
    }
}
