//! S-19: how a generation ended without a result, or a result without arriving (bot.md 9.6); and the notice of a late one.

use super::names::Named;
use super::{Screen, home, lines};
use crate::bot::callback::Callback;
use crate::bot::turn::arg;
use crate::domain::outgoing::Keyboard;
use crate::domain::{Corr, GenerationId, Language, Money};
use crate::generation::{self, FailureKind};
use crate::texts::Words;

/// Characters of the provider's words that a person sees.
const HINT: usize = 140;

/// What S-19 is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// There is no result, for this reason.
    Failed {
        /// Which.
        kind: FailureKind,
        /// What is wrong with the parameters, in cleaned words.
        hint: Option<String>,
        /// The label-giving name of the parameter that was missing.
        missing: Option<String>,
    },
    /// The result waits: it could not be sent.
    Undelivered {
        /// What getting it costs, when its money was given back after a day.
        price: Option<Money>,
    },
}

impl From<generation::Failure> for Ending {
    fn from(failure: generation::Failure) -> Self {
        Self::Failed { kind: failure.kind, hint: failure.hint, missing: failure.missing }
    }
}

/// S-19.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The model.
    pub model: Named,
    /// Which generation.
    pub id: GenerationId,
    /// Under which its story is found.
    pub corr: Corr,
    /// How it ended.
    pub ending: Ending,
}

impl Failure {
    fn reason(&self, words: Words<'_>) -> String {
        let (kind, hint, missing) = match &self.ending {
            Ending::Undelivered { .. } => return words.get("undelivered"),
            Ending::Failed { kind, hint, missing } => (kind, hint, missing),
        };
        match kind {
            FailureKind::BadParams => {
                let missing = missing.as_ref().map(|name| words.plain("fill-param", arg("param", words.param(name))));
                let readable = hint.clone().filter(|hint| is_in(words.lang(), hint));
                let hint = missing.or(readable).unwrap_or_else(|| words.get("bad-params-plain"));
                let hint = super::names::cut(hint.trim(), HINT);
                let dot = if hint.ends_with(['.', '!', '?', '…']) { "" } else { "." };
                words.fmt("bad-params", arg("hint", format!("{hint}{dot}")))
            }
            FailureKind::Unsafe => words.get("unsafe"),
            FailureKind::UnreadableInput => words.get("input-unreadable"),
            FailureKind::Busy => words.get("busy"),
            FailureKind::NoCredits | FailureKind::KeyRefused | FailureKind::ModelOff | FailureKind::Spent => {
                words.get("gen-off")
            }
            FailureKind::Failed => words.get("gen-failed"),
            FailureKind::EmptyResult => words.get("empty-result"),
            FailureKind::Orphan => words.get("orphan"),
            FailureKind::TimedOut => words.get("timed-out"),
            FailureKind::Internal => words.fmt("temp-error", arg("corr", self.corr.as_str())),
        }
    }
}

/// Whether the provider's words are in the reader's language: no screen mixes two (bot.md 15.3).
fn is_in(language: Language, words: &str) -> bool {
    let cyrillic = words.chars().any(|c| ('\u{400}'..'\u{500}').contains(&c));
    cyrillic == (language == Language::Ru)
}

impl Screen for Failure {
    fn text(&self, words: Words<'_>) -> String {
        let ids = arg("gid", self.id.short()).with("corr", self.corr.as_str());
        lines([
            Some(self.reason(words)),
            Some(words.fmt("progress-model", arg("title", self.model.title(words)))),
            Some(words.fmt("failure-ids", ids)),
        ])
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        let mut keyboard = Keyboard::new();
        match &self.ending {
            Ending::Failed { kind, .. } if kind.can_retry() => {
                keyboard.push([Callback::RetryGenerate(self.id.clone()).button(words.get("btn-retry"))]);
            }
            Ending::Failed { .. } => {}
            Ending::Undelivered { price: None } => {
                keyboard.push([Callback::RetryDelivery(self.id.clone()).button(words.get("btn-redeliver"))]);
            }
            Ending::Undelivered { price: Some(price) } => {
                let label = words.plain("btn-redeliver-price", arg("price", *price));
                keyboard.push([Callback::RetryDelivery(self.id.clone()).button(label)]);
            }
        }
        keyboard.row([Callback::Support.button(words.get("btn-support"))]).row([home(words)])
    }
}

/// «⏳ Генерация занимает больше обычного…», once per generation, as a message of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LateNotice {
    /// The model.
    pub model: Named,
    /// Which generation.
    pub id: GenerationId,
}

impl Screen for LateNotice {
    fn text(&self, words: Words<'_>) -> String {
        lines([
            Some(words.get("late-notice")),
            Some(words.fmt("progress-model", arg("title", self.model.title(words)))),
        ])
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        Keyboard::new().row([Callback::OpenResult(self.id.clone()).button(words.get("btn-status"))]).row([home(words)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bot::screens::testing::{en, named, ru};

    fn failure(ending: Ending) -> Failure {
        let id = GenerationId::from_short("abcdefghijkl").unwrap();
        Failure { model: named("z-image"), id, corr: Corr::parse("0123456789AB").unwrap(), ending }
    }

    fn failed(kind: FailureKind) -> Failure {
        failure(Ending::Failed { kind, hint: None, missing: None })
    }

    #[test]
    fn s19_says_why_and_offers_to_try_again() {
        insta::assert_snapshot!(ru(&failed(FailureKind::Unsafe)), @"
            🚫 Запрос отклонён правилами безопасности. Измените описание или файл. Деньги не списаны.
            🤖 Z-Image
            🧾 <code>abcdefghijkl</code> · Лог: <code>0123456789AB</code>
            | 🔁 Повторить [retry_generate:abcdefghijkl] |
            | 🆘 Поддержка [support_contact] |
            | 🏠 Главное меню [back_to_menu] |
            ");
        insta::assert_snapshot!(en(&failed(FailureKind::TimedOut)), @"
            ⌛ No result within 15 minutes. You have not been charged.
            🤖 Z-Image
            🧾 <code>abcdefghijkl</code> · Log: <code>0123456789AB</code>
            | 🔁 Try again [retry_generate:abcdefghijkl] |
            | 🆘 Support [support_contact] |
            | 🏠 Main menu [back_to_menu] |
            ");
    }

    #[test]
    fn every_cause_has_words_and_a_retry_where_it_makes_sense() {
        for kind in FailureKind::ALL {
            assert_eq!(ru(&failed(kind)).contains("retry_generate:"), kind.can_retry(), "{kind:?}");
            assert!(en(&failed(kind)).contains("support_contact"), "{kind:?}");
        }
    }

    #[test]
    fn refused_parameters_are_told_in_clean_words() {
        let of = |hint: Option<&str>, missing: Option<&str>| {
            let (hint, missing) = (hint.map(str::to_owned), missing.map(str::to_owned));
            ru(&failure(Ending::Failed { kind: FailureKind::BadParams, hint, missing }))
        };
        assert!(of(Some("длина <6>"), None).starts_with("🧩 Параметры не подошли: длина &lt;6&gt;. Деньги"));
        // The provider's English is no text for a Russian reader, and the other way round.
        assert!(of(Some("duration <6>"), None).starts_with("🧩 Параметры не подошли: проверьте значения"));
        assert!(of(None, Some("prompt")).starts_with("🧩 Параметры не подошли: Заполните: Описание. Деньги"));
        assert!(of(None, None).contains("Деньги не списаны."));
        assert!(of(Some(&"я".repeat(500)), None).chars().count() < 500);
    }

    #[test]
    fn s19_of_a_result_that_waits() {
        insta::assert_snapshot!(ru(&failure(Ending::Undelivered { price: None })), @"
            ⚠️ Результат готов, но не отправился. Он сохранён, деньги пока не списаны.
            🤖 Z-Image
            🧾 <code>abcdefghijkl</code> · Лог: <code>0123456789AB</code>
            | 📤 Получить ещё раз [retry_delivery:abcdefghijkl] |
            | 🆘 Поддержка [support_contact] |
            | 🏠 Главное меню [back_to_menu] |
            ");
        insta::assert_snapshot!(ru(&failure(Ending::Undelivered { price: Some(Money::kopecks(1414)) })), @"
            ⚠️ Результат готов, но не отправился. Он сохранён, деньги пока не списаны.
            🤖 Z-Image
            🧾 <code>abcdefghijkl</code> · Лог: <code>0123456789AB</code>
            | 📤 Получить результат — 14.14 ₽ [retry_delivery:abcdefghijkl] |
            | 🆘 Поддержка [support_contact] |
            | 🏠 Главное меню [back_to_menu] |
            ");
    }

    #[test]
    fn a_late_one_is_announced_with_the_way_to_its_status() {
        let id = GenerationId::from_short("abcdefghijkl").unwrap();
        insta::assert_snapshot!(ru(&LateNotice { model: named("z-image"), id }), @"
            ⏳ Генерация занимает больше обычного. Можно закрыть чат — пришлю результат сюда.
            🤖 Z-Image
            | 📊 Статус [open_result:abcdefghijkl] |
            | 🏠 Главное меню [back_to_menu] |
            ");
    }
}
