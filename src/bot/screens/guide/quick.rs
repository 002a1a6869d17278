//! S-47: a wish instead of a model: each leads to the two cheapest models that fit.

use crate::bot::callback::{Callback, GuidePress, Scenario};
use crate::bot::error::TurnError;
use crate::bot::screens::models::{offered_of, start_button};
use crate::bot::screens::purse::Purse;
use crate::bot::screens::{Screen, nav};
use crate::bot::turn::Turn;
use crate::catalog::{GenType, Model, min_price};
use crate::domain::outgoing::Keyboard;
use crate::texts::{Words, escape_html};

/// Models that a wish is offered.
const OFFERED: usize = 2;

fn gen_type(scenario: Scenario) -> GenType {
    match scenario {
        Scenario::Post | Scenario::Cover | Scenario::Logo => GenType::TextToImage,
        Scenario::Vertical => GenType::TextToVideo,
        Scenario::Clip => GenType::ImageToVideo,
    }
}

/// S-47: the wishes that a model of this bot can fulfil.
pub struct Quick {
    /// In the menu's order.
    pub scenarios: Vec<Scenario>,
}

impl Screen for Quick {
    fn text(&self, words: Words<'_>) -> String {
        words.get("quick-title")
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        let mut keyboard = Keyboard::new();
        for scenario in &self.scenarios {
            keyboard.push([Callback::Guide(GuidePress::Action(*scenario)).button(label(words, *scenario))]);
        }
        keyboard.row(nav(words, &Callback::Help))
    }
}

fn label(words: Words<'_>, scenario: Scenario) -> String {
    words.get(&format!("btn-quick-{}", scenario.id()))
}

/// S-47 of one wish.
pub struct QuickAction<'a> {
    /// Which.
    pub scenario: Scenario,
    /// The models that fit, cheapest first.
    pub models: Vec<&'a Model>,
    /// Whose prices.
    pub purse: Purse,
}

impl Screen for QuickAction<'_> {
    fn text(&self, words: Words<'_>) -> String {
        let title = escape_html(&label(words, self.scenario)).into_owned();
        format!("<b>{title}</b>\n{}", words.get("quick-choose"))
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        let examples = Callback::Guide(GuidePress::Examples(self.scenario)).button(words.get("btn-quick-examples"));
        Keyboard::new()
            .pairs(self.models.iter().map(|model| start_button(words, &self.purse, model)))
            .row([examples])
            .row(nav(words, &Callback::Guide(GuidePress::Quick)))
    }
}

/// S-47: what one may write for a wish.
pub struct QuickExamples {
    /// Which.
    pub scenario: Scenario,
}

impl Screen for QuickExamples {
    fn text(&self, words: Words<'_>) -> String {
        let title = escape_html(&label(words, self.scenario)).into_owned();
        let samples = (1..=3).map(|n| words.get(&format!("quick-{}-{n}", self.scenario.id())));
        let samples: Vec<String> = samples.map(|text| format!("<code>{}</code>", escape_html(&text))).collect();
        format!("<b>{title}</b>\n{}\n\n{}", words.get("quick-copy"), samples.join("\n\n"))
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        Keyboard::new().row(nav(words, &Callback::Guide(GuidePress::Action(self.scenario))))
    }
}

/// The models that fit a wish, cheapest first.
fn fitting<'a>(turn: &Turn<'a>, scenario: Scenario) -> Vec<&'a Model> {
    let markup = turn.tenant.markup();
    let mut models = offered_of(turn, gen_type(scenario));
    models.sort_by_key(|model| (min_price(model, markup), &model.vendor, &model.title));
    models.truncate(OFFERED);
    models
}

/// Shows the wishes; the draft is kept.
pub(super) fn menu(turn: &mut Turn<'_>) -> Result<(), TurnError> {
    let scenarios: Vec<Scenario> = Scenario::ALL.into_iter().filter(|s| !fitting(turn, *s).is_empty()).collect();
    if scenarios.is_empty() {
        return crate::bot::screens::models::nothing(turn);
    }
    turn.show(&Quick { scenarios });
    Ok(())
}

/// Shows the models for a wish; one that nothing fits any more is the menu again.
pub(super) async fn action(turn: &mut Turn<'_>, scenario: Scenario) -> Result<(), TurnError> {
    let models = fitting(turn, scenario);
    if models.is_empty() {
        return menu(turn);
    }
    let purse = Purse::of(turn).await?;
    turn.show(&QuickAction { scenario, models, purse });
    Ok(())
}

/// Shows what one may write.
#[expect(clippy::unnecessary_wraps, reason = "ends a screen's function, which may fail")]
pub(super) fn examples(turn: &mut Turn<'_>, scenario: Scenario) -> Result<(), TurnError> {
    turn.show(&QuickExamples { scenario });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bot::screens::testing::{en, model, person, ru};

    #[test]
    fn s47_offers_wishes_then_models_then_examples() {
        insta::assert_snapshot!(ru(&Quick { scenarios: Scenario::ALL.to_vec() }), @"
            ⚡ <b>Быстрые действия</b>
            Что нужно сделать?
            | 📝 Пост для соцсетей [quick:action:post] |
            | 📱 Вертикальное видео [quick:action:vertical] |
            | 🎬 Обложка видео [quick:action:cover] |
            | 🔷 Логотип [quick:action:logo] |
            | 🎞 Короткий ролик [quick:action:clip] |
            | ◀️ Назад [help_menu] | 🏠 Главное меню [back_to_menu] |
            ");
        let models = vec![model("z-image"), model("seedream/4.5-text-to-image")];
        insta::assert_snapshot!(ru(&QuickAction { scenario: Scenario::Logo, models, purse: person() }), @"
            <b>🔷 Логотип</b>
            Выберите модель или посмотрите примеры запросов.
            | Z-Image • 🎁 [select_model:z-image] |
            | Seedream 4.5 • от 5.11 ₽ [select_model:seedream/4.5-text-to-image] |
            | 📝 Примеры [quick:examples:logo] |
            | ◀️ Назад [quick:menu] | 🏠 Главное меню [back_to_menu] |
            ");
        for scenario in Scenario::ALL {
            let drawn = ru(&QuickExamples { scenario });
            assert_eq!(drawn.matches("<code>").count(), 3, "{drawn}");
            assert_ne!(drawn, en(&QuickExamples { scenario }));
        }
    }
}
