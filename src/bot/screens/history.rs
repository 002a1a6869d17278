//! S-38: what a person has made, newest first, and making it once more.

mod again;
mod view;

pub use again::{again, repeat};
pub(super) use view::{send_again, send_kept};
pub use view::{show_fetched, view};

use super::names::Named;
use super::progress::{not_found, state};
use super::{Screen, home, lines, names};
use crate::bot::callback::{Callback, Turned};
use crate::bot::error::TurnError;
use crate::bot::turn::{Turn, arg};
use crate::domain::outgoing::Keyboard;
use crate::domain::{GenerationId, GenerationState, Money, Payer};
use crate::generation::history::{self, Page, Step};
use crate::texts::Words;

/// Characters of a prompt that a record shows.
const PROMPT: usize = 200;

/// One record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The model.
    pub model: Named,
    /// Which generation.
    pub id: GenerationId,
    /// Its place, newest first, from 1.
    pub place: i64,
    /// How many there are, at most 100.
    pub total: i64,
    /// When it was confirmed, in the tenant's zone.
    pub created: String,
    /// The request.
    pub prompt: Option<String>,
    /// Who paid.
    pub payer: Payer,
    /// What it cost.
    pub price: Money,
    /// How many results it has.
    pub results: i64,
    /// Where it stands.
    pub state: GenerationState,
}

impl Record {
    /// Whether there are results to show.
    fn has_results(&self) -> bool {
        matches!(self.state, GenerationState::Delivered | GenerationState::DeliveredLate)
    }
}

impl Screen for Record {
    fn text(&self, words: Words<'_>) -> String {
        let money = match self.payer {
            Payer::Money => words.fmt("history-price", arg("price", self.price)),
            Payer::Free => words.get("history-free"),
            Payer::Admin | Payer::DryRun => words.get("admin-free-short"),
        };
        let prompt = self.prompt.as_ref().map(|text| names::cut(text, PROMPT));
        lines([
            Some(words.fmt("history-place", arg("i", self.place).with("n", self.total))),
            Some(self.created.clone()),
            Some(words.fmt("progress-model", arg("title", self.model.title(words)))),
            prompt.map(|prompt| words.fmt("history-prompt", arg("prompt", prompt))),
            Some(money),
            Some(words.fmt("history-results", arg("k", self.results))),
            Some(words.fmt("history-state", arg("state", state(words, self.state)))),
        ])
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        let turn = |turned, key: &str| Callback::History(self.id.clone(), turned).button(words.get(key));
        let mut keyboard =
            Keyboard::new().row([turn(Turned::Prev, "btn-history-older"), turn(Turned::Next, "btn-history-newer")]);
        if self.has_results() {
            keyboard.push([Callback::ViewGeneration(self.id.clone()).button(words.get("btn-show-result"))]);
        }
        if self.state.is_active() || self.state == GenerationState::Undelivered {
            keyboard.push([Callback::OpenResult(self.id.clone()).button(words.get("btn-status"))]);
        }
        keyboard
            .row([Callback::RepeatGenerate(self.id.clone()).button(words.get("btn-history-repeat"))])
            .row([home(words)])
    }
}

/// «📚 Мои генерации»: the newest record.
pub async fn newest(turn: &mut Turn<'_>) -> Result<(), TurnError> {
    match history::newest(turn.tx, turn.user.user_id).await? {
        Some(page) => show(turn, &page),
        None => empty(turn),
    }
}

/// Older or newer; the ends say so.
pub async fn turn_page(turn: &mut Turn<'_>, id: &GenerationId, turned: Turned) -> Result<(), TurnError> {
    let (step, end) = match turned {
        Turned::Prev => (Step::Older, "history-first"),
        Turned::Next => (Step::Newer, "history-last"),
    };
    match history::turn(turn.tx, turn.user.user_id, id, step).await? {
        history::Turned::Page(page) => show(turn, &page),
        history::Turned::End => {
            turn.toast(turn.words().get(end));
            Ok(())
        }
        history::Turned::NotFound => not_found(turn).await,
    }
}

fn show(turn: &mut Turn<'_>, page: &Page) -> Result<(), TurnError> {
    let screen = record(turn, page)?;
    turn.show(&screen);
    Ok(())
}

fn record(turn: &Turn<'_>, page: &Page) -> Result<Record, TurnError> {
    let row = &page.row;
    let order = history::order_of(turn.tenant, row)?;
    let model = turn.platform.catalog.model(&row.model_id);
    Ok(Record {
        model: Named::of(turn.platform.catalog, &row.model_id),
        id: row.id.clone(),
        place: page.index,
        total: page.total,
        created: row.created_at.shown(turn.tenant.zone()),
        prompt: model.and_then(|model| order.summary(model).prompt),
        payer: row.payer,
        price: if row.state == GenerationState::Delivered { row.charged } else { row.price },
        results: row.items,
        state: row.state,
    })
}

/// «❌ У вас пока нет сохранённых генераций.»
struct NoRecords;

impl Screen for NoRecords {
    fn text(&self, words: Words<'_>) -> String {
        words.get("history-empty")
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        Keyboard::new().row([Callback::ShowModels.button(words.get("btn-models"))]).row([home(words)])
    }
}

#[expect(clippy::unnecessary_wraps, reason = "ends a screen's function, which may fail")]
fn empty(turn: &mut Turn<'_>) -> Result<(), TurnError> {
    turn.show(&NoRecords);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bot::screens::testing::{en, named, ru};

    fn sample(state: GenerationState) -> Record {
        Record {
            model: named("z-image"),
            id: GenerationId::from_short("abcdefghijkl").unwrap(),
            place: 2,
            total: 7,
            created: "22.11.2026 18:30".to_owned(),
            prompt: Some(format!("кот <b>{}", "в шляпе ".repeat(60))),
            payer: Payer::Money,
            price: Money::kopecks(63),
            results: 1,
            state,
        }
    }

    #[test]
    fn s38_shows_a_record() {
        let short = Record { prompt: Some("Рыжий кот".to_owned()), ..sample(GenerationState::Delivered) };
        insta::assert_snapshot!(ru(&short), @"
            📚 № 2 из 7
            22.11.2026 18:30
            🤖 Z-Image
            📝 Рыжий кот
            💰 0.63 ₽
            Результатов: 1
            Статус: доставлена
            | ◀️ [gen_history:abcdefghijkl:prev] | ▶️ [gen_history:abcdefghijkl:next] |
            | 👁️ Показать результат [gen_view:abcdefghijkl] |
            | 🔁 Повторить [gen_repeat:abcdefghijkl] |
            | 🏠 Главное меню [back_to_menu] |
            ");
        insta::assert_snapshot!(en(&Record { payer: Payer::Free, prompt: None, ..short }), @"
            📚 № 2 of 7
            22.11.2026 18:30
            🤖 Z-Image
            🎁 Free
            Results: 1
            Status: delivered
            | ◀️ [gen_history:abcdefghijkl:prev] | ▶️ [gen_history:abcdefghijkl:next] |
            | 👁️ Show the result [gen_view:abcdefghijkl] |
            | 🔁 Repeat [gen_repeat:abcdefghijkl] |
            | 🏠 Main menu [back_to_menu] |
            ");
    }

    #[test]
    fn results_are_offered_only_where_there_are_any_and_prompts_are_cut() {
        for state in GenerationState::ALL {
            let drawn = ru(&sample(*state));
            let delivered = matches!(state, GenerationState::Delivered | GenerationState::DeliveredLate);
            assert_eq!(drawn.contains("gen_view:"), delivered, "{state:?}");
            assert!(drawn.contains("кот &lt;b&gt;") && drawn.chars().count() < 700, "{drawn}");
        }
        insta::assert_snapshot!(ru(&NoRecords), @"
            ❌ У вас пока нет сохранённых генераций.
            | 🤖 Модели [show_models] |
            | 🏠 Главное меню [back_to_menu] |
            ");
    }
}
