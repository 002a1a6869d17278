//! A model: its card (S-08), its price variants (S-09), its parameters and sample prompts (S-10).

mod info;
mod modes;

pub use info::{Example, Info, example, info};
pub(super) use modes::show as show_modes;
pub use modes::{Modes, modes};

use super::models::{Gone, find};
use super::purse::{Purse, unit_word};
use super::{Screen, home, lines, names};
use crate::bot::callback::Callback;
use crate::bot::error::TurnError;
use crate::bot::turn::{Turn, arg};
use crate::catalog::{Media, Model, Param, ParamKind, callback_ref, is_needed, min_price};
use crate::domain::outgoing::Keyboard;
use crate::texts::Words;

/// S-08.
pub struct Card<'a> {
    /// The model.
    pub model: &'a Model,
    /// Whose prices.
    pub purse: Purse,
    /// Opened by «🧰 Спец-инструменты»: the whole list is one press away.
    pub special: bool,
}

impl Card<'_> {
    fn can_pay(&self) -> bool {
        let least = min_price(self.model, self.purse.markup);
        least.is_none_or(|price| price <= self.purse.available)
    }

    fn availability(&self, words: Words<'_>) -> Option<String> {
        let (purse, least) = (&self.purse, min_price(self.model, self.purse.markup)?);
        Some(if purse.admin {
            words.get("admin-free-short")
        } else if purse.is_free_now(self.model) {
            match purse.free.left {
                0 => words.fmt("avail-bank", arg("n", purse.free.bank)),
                left => words.fmt("avail-free", arg("left", left).with("total", purse.free.total)),
            }
        } else if self.can_pay() && least.is_positive() {
            words.fmt("avail-count", arg("n", purse.available.as_kopecks() / least.as_kopecks()))
        } else {
            words.get("avail-none")
        })
    }

    fn price(&self, words: Words<'_>) -> Option<String> {
        let price = min_price(self.model, self.purse.markup)?;
        let unit = unit_word(words, self.model.pricing.quantity.unit());
        Some(match unit {
            Some(unit) => words.fmt("card-price-unit", arg("price", price).with("unit", unit)),
            None => words.fmt("card-price", arg("price", price)),
        })
    }
}

impl Screen for Card<'_> {
    fn text(&self, words: Words<'_>) -> String {
        let model = self.model;
        lines([
            Some(words.fmt("card-title", arg("title", names::title(words, model)))),
            Some(words.fmt("card-type", arg("type", words.gen_type(model.gen_type.slug())))),
            names::description(words, model).map(|text| crate::texts::escape_html(&text).into_owned()),
            Some(words.fmt("card-input", arg("required", inputs(words, model)))),
            Some(words.fmt("card-output", arg("output", names::output(words, model.output)))),
            self.price(words),
            self.availability(words),
        ])
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        let to = |prefix: &str| callback_ref(prefix, self.model).to_owned();
        let modes = self.model.modes().count();
        let mut keyboard =
            Keyboard::new().row([Callback::SelectModel(to("select_model:")).button(words.get("btn-generate"))]);
        if modes > 1 {
            let label = words.plain("btn-modes", arg("n", modes));
            keyboard.push([Callback::Modes(to("modes:")).button(label)]);
        }
        keyboard.push([
            Callback::Example(to("example:")).button(words.get("btn-example")),
            Callback::Info(to("info:")).button(words.get("btn-info")),
        ]);
        let must_pay = !self.purse.admin && !self.purse.is_free_now(self.model);
        if must_pay && !self.can_pay() {
            keyboard.push([Callback::TopUp.button(words.get("btn-topup"))]);
        }
        if self.special {
            keyboard.push([Callback::SpecialTools.button(words.get("btn-all-special"))]);
        }
        keyboard.row([Callback::BackToModels.button(words.get("btn-back-to-models"))]).row([home(words)])
    }
}

/// What a model needs, in words: «изображение, текст».
fn inputs(words: Words<'_>, model: &Model) -> String {
    let mut kinds: Vec<String> = Vec::new();
    for param in model.params.iter().filter(|p| is_needed(model, model.gen_type, p)) {
        if let Some(kind) = kind_word(words, param)
            && !kinds.contains(&kind)
        {
            kinds.push(kind);
        }
    }
    if kinds.is_empty() { words.get("kind-text") } else { kinds.join(", ") }
}

fn kind_word(words: Words<'_>, param: &Param) -> Option<String> {
    let key = match &param.kind {
        ParamKind::Files { media: Media::Image, max_items: 1, .. } => "kind-image",
        ParamKind::Files { media: Media::Image, .. } => "kind-images",
        ParamKind::Files { media: Media::Video, .. } => "kind-video",
        ParamKind::Files { media: Media::Audio, .. } => "kind-audio",
        ParamKind::Text { .. } => "kind-text",
        ParamKind::Url { .. } => "kind-link",
        ParamKind::Enum { .. } | ParamKind::Bool | ParamKind::Number { .. } => return None,
    };
    Some(words.get(key))
}

/// Opens a card.
pub async fn show(turn: &mut Turn<'_>, reference: &str) -> Result<(), TurnError> {
    match find(turn, reference) {
        Ok(model) => show_model(turn, model, false).await,
        Err(gone) => unavailable(turn, gone),
    }
}

/// Shows a model's card.
pub(super) async fn show_model(turn: &mut Turn<'_>, model: &Model, special: bool) -> Result<(), TurnError> {
    let purse = Purse::of(turn).await?;
    turn.session.card = Some(model.id.clone());
    turn.show(&Card { model, purse, special });
    Ok(())
}

/// The outcome MODEL of bot.md 4: said, with the way to the models; no draft is made.
#[expect(clippy::unnecessary_wraps, reason = "ends a screen's function, which may fail")]
pub(super) fn unavailable(turn: &mut Turn<'_>, gone: Gone) -> Result<(), TurnError> {
    turn.show(&gone);
    Ok(())
}

/// The price of a variant as lists of them say it: «14.15 ₽ за секунду» where it is for a part of the whole.
pub(super) fn tier_label(words: Words<'_>, purse: &Purse, model: &Model, tier: usize) -> String {
    let Some(shown) = purse.of_tier(model, tier) else { return String::new() };
    let price = shown.label(words);
    match unit_word(words, model.pricing.quantity.unit()).filter(|_| shown.is_money()) {
        Some(unit) => words.plain("price-unit", arg("price", price).with("unit", unit)),
        None => price,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bot::screens::testing::{admin, broke, catalog, en, model, person, ru};

    fn card(id: &str, purse: Purse) -> Card<'static> {
        Card { model: model(id), purse, special: false }
    }

    #[test]
    fn s08_says_what_a_model_takes_gives_and_costs() {
        insta::assert_snapshot!(ru(&card("z-image", person())), @"
            🪪 <b>Z-Image</b>
            Тип: ✨ Текст в фото
            Быстрая и недорогая модель: удобно пробовать идеи.
            📥 Вход: текст
            📤 Выход: изображение
            💰 от 0.63 ₽
            🎁 Бесплатно: 3 из 5
            | 🚀 Сгенерировать [select_model:z-image] |
            | 📸 Пример [example:z-image] | ℹ️ Инфо [info:z-image] |
            | 🔙 Назад к моделям [back_to_models] |
            | 🏠 Главное меню [back_to_menu] |
            ");
        insta::assert_snapshot!(en(&card("z-image", person())), @"
            🪪 <b>Z-Image</b>
            Type: ✨ Text to image
            A fast, low-priced model: good for trying ideas out.
            📥 Input: text
            📤 Output: image
            💰 from 0.63 ₽
            🎁 Free: 3 of 5
            | 🚀 Generate [select_model:z-image] |
            | 📸 Example [example:z-image] | ℹ️ Info [info:z-image] |
            | 🔙 Back to models [back_to_models] |
            | 🏠 Main menu [back_to_menu] |
            ");
        insta::assert_snapshot!(ru(&card("kling-2.6/image-to-video", person())), @"
            🪪 <b>Kling 2.6, из фото</b>
            Тип: 📸 Фото в видео
            Оживляет фото, при желании со звуком и речью.
            📥 Вход: текст, изображение
            📤 Выход: видео
            💰 от 43.21 ₽
            ✅ Доступно: 2 генерации
            | 🚀 Сгенерировать [select_model:kling-2.6/image-to-video] |
            | 💰 Варианты и цены (4) [modes:kling-2.6/image-to-video] |
            | 📸 Пример [example:kling-2.6/image-to-video] | ℹ️ Инфо [info:kling-2.6/image-to-video] |
            | 🔙 Назад к моделям [back_to_models] |
            | 🏠 Главное меню [back_to_menu] |
            ");
    }

    #[test]
    fn s08_offers_to_top_up_where_the_money_does_not_reach() {
        insta::assert_snapshot!(ru(&Card { special: true, ..card("infinitalk/from-audio", broke()) }), @"
            🪪 <b>InfiniteTalk, живой портрет</b>
            Тип: 👄 Синхронизация губ
            Портрет говорит под запись до 15 секунд.
            📥 Вход: изображение, аудио, текст
            📤 Выход: видео
            💰 от 2.36 ₽ за сек.
            ❌ Недостаточно средств
            | 🚀 Сгенерировать [select_model:infinitalk/from-audio] |
            | 💰 Варианты и цены (2) [modes:infinitalk/from-audio] |
            | 📸 Пример [example:infinitalk/from-audio] | ℹ️ Инфо [info:infinitalk/from-audio] |
            | 💳 Пополнить [topup_balance] |
            | 🧰 Все спец-инструменты [special_tools] |
            | 🔙 Назад к моделям [back_to_models] |
            | 🏠 Главное меню [back_to_menu] |
            ");
        assert!(ru(&card("infinitalk/from-audio", admin())).contains("Админ: бесплатно"));
    }

    #[test]
    fn the_card_of_seedream_says_from_five_eleven() {
        assert!(ru(&card("seedream/4.5-text-to-image", person())).contains("💰 от 5.11 ₽"));
    }

    #[test]
    fn every_model_has_a_card_without_dead_buttons() {
        for model in catalog().models().iter().filter(|m| m.is_sellable()) {
            for purse in [person(), broke(), admin()] {
                for special in [false, true] {
                    let screen = Card { model, purse, special };
                    assert!(ru(&screen).contains("select_model:"), "{}", model.id);
                    assert!(en(&screen).contains("back_to_menu"), "{}", model.id);
                }
            }
        }
    }
}
