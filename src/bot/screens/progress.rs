//! S-16, the one message that follows a generation, and S-17, its status (bot.md 5.2, 9.2, 9.4).

mod actions;
mod status;

pub use actions::{Running, cancel, offer_cancels, retry_delivery};
pub use status::{Line, Status, StatusList, by_text, list, open};
pub(super) use status::{not_found, state};

use std::time::Duration;

use super::names::Named;
use super::{Screen, home, lines};
use crate::bot::callback::Callback;
use crate::bot::error::TurnError;
use crate::bot::turn::{Turn, arg};
use crate::catalog::Output;
use crate::domain::outgoing::{Button, Keyboard, Track};
use crate::domain::{GenerationId, Money, Payer};
use crate::generation::{self, Stage};
use crate::store::GenerationRow;
use crate::texts::Words;

/// S-16: sent once, then edited by the workers as the generation goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// The model.
    pub model: Named,
    /// Which generation.
    pub id: GenerationId,
    /// How far it is.
    pub stage: Stage,
    /// Time since the provider took it.
    pub elapsed: Duration,
    /// Its place in our own queue, from 1, where that is known.
    pub place: Option<i64>,
    /// Who pays.
    pub payer: Payer,
    /// What is reserved.
    pub price: Money,
}

impl Progress {
    fn stage_line(&self, words: Words<'_>) -> String {
        match (self.stage, self.place) {
            (Stage::Start | Stage::Queued, Some(place)) => words.fmt("stage-queued-place", arg("place", place)),
            (Stage::Start, None) => words.get("stage-start"),
            (Stage::Queued, None) => words.get("stage-queued"),
            (Stage::Running, _) => words.fmt("stage-running", arg("elapsed", clock(self.elapsed))),
            (Stage::Background, _) => words.get("stage-background"),
            (Stage::Delivering, _) => words.get("stage-delivering"),
            (Stage::Done, _) => words.get("stage-done"),
            (Stage::Ended, _) => words.get("stage-ended"),
        }
    }
}

impl Screen for Progress {
    fn text(&self, words: Words<'_>) -> String {
        let money = match self.payer {
            Payer::Money => words.fmt("progress-price", arg("price", self.price)),
            Payer::Free => words.get("progress-free"),
            Payer::Admin => words.get("admin-free-short"),
            Payer::DryRun => words.fmt("progress-price", arg("price", Money::ZERO)),
        };
        let about = lines([
            Some(words.fmt("progress-model", arg("title", self.model.title(words)))),
            (self.stage != Stage::Ended).then_some(money),
            Some(words.fmt("progress-id", arg("gid", self.id.short()))),
        ]);
        format!("{}\n\n{about}", self.stage_line(words))
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        let mut row = Vec::new();
        if !matches!(self.stage, Stage::Done | Stage::Ended) {
            row.push(Callback::OpenResult(self.id.clone()).button(words.get("btn-status")));
        }
        if can_cancel(self.stage) {
            row.push(Callback::CancelGeneration(self.id.clone()).button(words.get("btn-cancel-generation")));
        }
        Keyboard::new().row(row).row([my_generations(words)]).row([home(words)])
    }
}

/// S-16 at its end: given up by the person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CanceledScreen {
    /// The model.
    pub model: Named,
    /// Which generation.
    pub id: GenerationId,
    /// The provider had begun, so the free generation counts as used.
    pub free_used: bool,
}

impl Screen for CanceledScreen {
    fn text(&self, words: Words<'_>) -> String {
        let said = words.get(if self.free_used { "gen-canceled-free" } else { "gen-canceled" });
        let about = lines([
            Some(words.fmt("progress-model", arg("title", self.model.title(words)))),
            Some(words.fmt("progress-id", arg("gid", self.id.short()))),
        ]);
        format!("{said}\n\n{about}")
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        Keyboard::new()
            .row([Callback::RepeatGenerate(self.id.clone()).button(words.get("btn-retry"))])
            .row([my_generations(words)])
            .row([home(words)])
    }
}

/// Whether «❌ Отменить» is offered: until results are on their way.
pub(super) fn can_cancel(stage: Stage) -> bool {
    matches!(stage, Stage::Start | Stage::Queued | Stage::Running | Stage::Background)
}

/// «📚 Мои генерации»
pub(super) fn my_generations(words: Words<'_>) -> Button {
    Callback::MyGenerations.button(words.get("btn-my-generations"))
}

/// `m:ss`.
pub fn clock(elapsed: Duration) -> String {
    let seconds = elapsed.as_secs();
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

/// How far a row is.
pub(super) fn stage_of(turn: &Turn<'_>, row: &GenerationRow) -> Stage {
    let output = turn.platform.catalog.model(&row.model_id).map_or(Output::Image, |model| model.output);
    Stage::of(row, output, &turn.platform.settings.generation, turn.now)
}

/// S-16 of a row.
pub(super) fn of_row(turn: &Turn<'_>, row: &GenerationRow) -> Progress {
    Progress {
        model: Named::of(turn.platform.catalog, &row.model_id),
        id: row.id.clone(),
        stage: stage_of(turn, row),
        elapsed: generation::age(row, turn.now),
        place: None,
        payer: row.payer,
        price: row.price,
    }
}

/// Shows what a row stands at: S-16 while it goes on, its end otherwise.
pub(super) async fn show_row(turn: &mut Turn<'_>, row: &GenerationRow, track: Track) -> Result<(), TurnError> {
    match stage_of(turn, row) {
        Stage::Done | Stage::Ended => status::show_end(turn, row).await,
        _ => {
            let screen = of_row(turn, row);
            turn.show_tracked(&screen, track);
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bot::screens::testing::{en, named, ru};

    fn progress(stage: Stage) -> Progress {
        Progress {
            model: named("kling-2.6/image-to-video"),
            id: GenerationId::from_short("abcdefghijkl").unwrap(),
            stage,
            elapsed: Duration::from_secs(83),
            place: None,
            payer: Payer::Money,
            price: Money::kopecks(8643),
        }
    }

    #[test]
    fn s16_says_how_far_it_is() {
        insta::assert_snapshot!(ru(&progress(Stage::Running)), @"
            ⏳ Обрабатываю запрос (1:23)

            🤖 Kling 2.6, из фото
            💰 86.43 ₽
            🧾 <code>abcdefghijkl</code>
            | 📊 Статус [open_result:abcdefghijkl] | ❌ Отменить [cancel:abcdefghijkl] |
            | 📚 Мои генерации [my_generations] |
            | 🏠 Главное меню [back_to_menu] |
            ");
        insta::assert_snapshot!(en(&Progress { payer: Payer::Free, ..progress(Stage::Start) }), @"
            🚀 Starting the generation

            🤖 Kling 2.6 (photo)
            🎁 Free
            🧾 <code>abcdefghijkl</code>
            | 📊 Status [open_result:abcdefghijkl] | ❌ Cancel it [cancel:abcdefghijkl] |
            | 📚 My generations [my_generations] |
            | 🏠 Main menu [back_to_menu] |
            ");
        insta::assert_snapshot!(ru(&Progress { payer: Payer::Admin, ..progress(Stage::Done) }), @"
            ✅ Готово

            🤖 Kling 2.6, из фото
            Админ: бесплатно
            🧾 <code>abcdefghijkl</code>
            | 📚 Мои генерации [my_generations] |
            | 🏠 Главное меню [back_to_menu] |
            ");
    }

    #[test]
    fn every_stage_has_words_and_only_work_that_goes_on_can_be_cancelled() {
        let all = [
            Stage::Start,
            Stage::Queued,
            Stage::Running,
            Stage::Background,
            Stage::Delivering,
            Stage::Done,
            Stage::Ended,
        ];
        let cancel = all.map(|stage| ru(&progress(stage)).contains("[cancel:abcdefghijkl]"));
        assert_eq!(cancel, [true, true, true, true, false, false, false]);
        let placed = Progress { place: Some(7), ..progress(Stage::Start) };
        assert!(ru(&placed).starts_with("📥 Задача в очереди, место: 7"));
    }

    #[test]
    fn s16_given_up_says_what_it_cost() {
        let of = |free_used| CanceledScreen {
            model: named("z-image"),
            id: GenerationId::from_short("abcdefghijkl").unwrap(),
            free_used,
        };
        insta::assert_snapshot!(ru(&of(false)), @"
            ❌ Отменено. Деньги не списаны.

            🤖 Z-Image
            🧾 <code>abcdefghijkl</code>
            | 🔁 Повторить [gen_repeat:abcdefghijkl] |
            | 📚 Мои генерации [my_generations] |
            | 🏠 Главное меню [back_to_menu] |
            ");
        assert!(ru(&of(true)).contains("считается использованной"));
    }
}
