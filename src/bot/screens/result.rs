//! S-18, the last message of a delivery, and the captions of what is delivered (bot.md 5.2, 10).

use super::names::Named;
use super::{Screen, lines, names};
use crate::bot::callback::Callback;
use crate::bot::turn::arg;
use crate::domain::outgoing::Keyboard;
use crate::domain::{GenerationId, Money, Payer};
use crate::generation::Summary;
use crate::texts::Words;

/// The longest caption that Telegram takes.
const CAPTION: usize = 1024;

/// What S-18 says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AfterResult {
    /// The model.
    pub model: Named,
    /// Which generation.
    pub id: GenerationId,
    /// Who paid.
    pub payer: Payer,
    /// What was taken.
    pub charged: Money,
    /// What can be spent now.
    pub available: Money,
    /// k of n pictures came.
    pub shortfall: Option<(i64, i64)>,
    /// After a free one: what the model costs without the daily limit.
    pub unlimited_from: Option<Money>,
    /// It came after the money had been given back.
    pub late: bool,
}

impl Screen for AfterResult {
    fn text(&self, words: Words<'_>) -> String {
        let title = || arg("title", self.model.title(words));
        let done = match self.payer {
            _ if self.late => words.fmt("result-free", title().with("available", self.available)),
            Payer::Money => {
                words.fmt("result-done", title().with("price", self.charged).with("available", self.available))
            }
            Payer::Free => words.fmt("result-free", title().with("available", self.available)),
            Payer::Admin => words.fmt("result-admin", title()),
            Payer::DryRun => words.get("dry-run"),
        };
        let part = self.shortfall.map(|(k, n)| match self.payer {
            Payer::Money => words.fmt("result-partial", arg("k", k).with("n", n).with("amount", self.charged)),
            Payer::Free | Payer::Admin | Payer::DryRun => words.fmt("result-partial-free", arg("k", k).with("n", n)),
        });
        lines([
            self.late.then(|| words.get("result-late")),
            Some(done),
            part,
            self.unlimited_from.map(|price| words.fmt("result-unlimited", arg("price", price))),
        ])
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        let mut keyboard = Keyboard::new()
            .row([Callback::GenerateAgain.button(words.get("btn-again"))])
            .row([Callback::RepeatGenerate(self.id.clone()).button(words.get("btn-repeat"))]);
        if self.unlimited_from.is_some() {
            keyboard.push([Callback::TopUp.button(words.get("btn-topup"))]);
        }
        keyboard
            .row([Callback::MyGenerations.button(words.get("btn-my-generations"))])
            .row([Callback::BackToMenu.button(words.get("btn-back-to-menu"))])
    }
}

/// «{title} · {up to three parameters}», at most 1024 characters once rendered (bot.md 10). Telegram HTML.
pub fn caption(words: Words<'_>, model: &Named, summary: &Summary) -> String {
    let title = names::cut(&model.title(words), 200);
    let params: Vec<String> = summary
        .params
        .iter()
        .take(3)
        .map(|(name, value)| {
            let value = names::cut(&words.value(name, value), 40);
            words.plain("caption-param", arg("label", words.param(name)).with("value", value))
        })
        .collect();
    if params.is_empty() {
        return words.fmt("caption", arg("title", title));
    }
    let room = CAPTION - title.chars().count() - 8;
    let params = names::cut(&params.join(", "), room);
    words.fmt("caption-params", arg("title", title).with("params", params))
}

/// The heading of a text result: «📝 {title}:». Telegram HTML.
pub fn text_title(words: Words<'_>, model: &Named) -> String {
    words.fmt("result-text-title", arg("title", model.title(words)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bot::screens::testing::{en, named, ru, words};
    use crate::domain::Language;

    fn after(payer: Payer) -> AfterResult {
        AfterResult {
            model: named("z-image"),
            id: GenerationId::from_short("abcdefghijkl").unwrap(),
            payer,
            charged: Money::kopecks(63),
            available: Money::kopecks(9_937),
            shortfall: None,
            unlimited_from: None,
            late: false,
        }
    }

    #[test]
    fn s18_says_what_was_taken_and_what_is_left() {
        insta::assert_snapshot!(ru(&after(Payer::Money)), @"
            ✅ Z-Image · 0.63 ₽ · Баланс: 99.37 ₽
            | 🔄 Сгенерировать ещё [generate_again] |
            | 🔁 Повторить с теми же параметрами [gen_repeat:abcdefghijkl] |
            | 📚 Мои генерации [my_generations] |
            | ◀️ Вернуться в меню [back_to_menu] |
            ");
        insta::assert_snapshot!(en(&after(Payer::Money)), @"
            ✅ Z-Image · 0.63 ₽ · Balance: 99.37 ₽
            | 🔄 Generate more [generate_again] |
            | 🔁 Repeat with the same parameters [gen_repeat:abcdefghijkl] |
            | 📚 My generations [my_generations] |
            | ◀️ Back to the menu [back_to_menu] |
            ");
    }

    #[test]
    fn s18_of_a_free_a_partial_a_late_and_an_admin_s_result() {
        let free = AfterResult { unlimited_from: Some(Money::kopecks(63)), ..after(Payer::Free) };
        insta::assert_snapshot!(ru(&free), @"
            ✅ Z-Image · бесплатно · Баланс: 99.37 ₽
            Без лимита — от 0.63 ₽
            | 🔄 Сгенерировать ещё [generate_again] |
            | 🔁 Повторить с теми же параметрами [gen_repeat:abcdefghijkl] |
            | 💳 Пополнить [topup_balance] |
            | 📚 Мои генерации [my_generations] |
            | ◀️ Вернуться в меню [back_to_menu] |
            ");
        let part = AfterResult { shortfall: Some((3, 4)), charged: Money::kopecks(1179), ..after(Payer::Money) };
        insta::assert_snapshot!(ru(&part), @"
            ✅ Z-Image · 11.79 ₽ · Баланс: 99.37 ₽
            Получено 3 из 4, списано 11.79 ₽
            | 🔄 Сгенерировать ещё [generate_again] |
            | 🔁 Повторить с теми же параметрами [gen_repeat:abcdefghijkl] |
            | 📚 Мои генерации [my_generations] |
            | ◀️ Вернуться в меню [back_to_menu] |
            ");
        assert!(ru(&AfterResult { late: true, ..after(Payer::Money) }).starts_with("🎁 Результат пришёл с опозданием"));
        assert!(ru(&after(Payer::Admin)).starts_with("✅ Z-Image · Админ: бесплатно"));
        assert!(ru(&after(Payer::DryRun)).starts_with("✅ Тестовый режим"));
    }

    #[test]
    fn a_caption_names_the_model_and_three_parameters_and_fits() {
        let of = |n: usize, value: &str| {
            let params = (0..n).map(|_| ("aspect_ratio".to_owned(), value.to_owned())).collect();
            caption(words(Language::Ru), &named("z-image"), &Summary { params, ..Summary::default() })
        };
        assert_eq!(of(0, ""), "Z-Image");
        assert_eq!(of(1, "9:16"), "Z-Image · Соотношение сторон: 9:16");
        let long = of(9, &"<&>".repeat(500));
        assert!(long.chars().count() < 1024 + 500 && long.matches("Соотношение").count() == 3, "{long}");
    }
}
