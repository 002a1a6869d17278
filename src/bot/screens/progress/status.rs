//! S-17: what runs, and how far one of it is.

use std::time::Duration;

use super::{can_cancel, clock, my_generations, stage_of};
use crate::bot::callback::Callback;
use crate::bot::error::TurnError;
use crate::bot::screens::names::Named;
use crate::bot::screens::{Screen, failure, home, lines, menu, result};
use crate::bot::turn::{Turn, arg};
use crate::catalog::{QuantityRule, min_price};
use crate::domain::outgoing::{Keyboard, Track};
use crate::domain::{GenerationId, GenerationState, Money, Payer};
use crate::generation::{self, Job, Stage};
use crate::store::GenerationRow;
use crate::texts::Words;

/// Running generations that a list shows.
const SHOWN: usize = 5;
/// How far back the last finished one is looked for.
const LOOK_BACK: i64 = 20;

/// S-17 of one generation that goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// The model.
    pub model: Named,
    /// Which generation.
    pub id: GenerationId,
    /// When it was confirmed, in the tenant's zone.
    pub created: String,
    /// Time since then.
    pub elapsed: Duration,
    /// Where it stands.
    pub state: GenerationState,
    /// How far its message is.
    pub stage: Stage,
    /// Who pays.
    pub payer: Payer,
    /// What is reserved.
    pub price: Money,
    /// What was taken.
    pub charged: Money,
}

impl Status {
    fn charge(&self, words: Words<'_>) -> String {
        match (self.payer, self.state) {
            (Payer::Free, _) => words.get("charge-free"),
            (Payer::Admin | Payer::DryRun, _) => words.get("charge-admin"),
            (Payer::Money, GenerationState::Delivered) => words.plain("charge-done", arg("price", self.charged)),
            (Payer::Money, state) if state.is_final() => words.get("charge-none"),
            (Payer::Money, _) => words.plain("charge-held", arg("price", self.price)),
        }
    }

    fn delivery(&self, words: Words<'_>) -> String {
        words.get(match self.state {
            GenerationState::Delivering => "delivery-sending",
            GenerationState::Delivered | GenerationState::DeliveredLate => "delivery-done",
            GenerationState::Undelivered => "delivery-failed",
            _ => "delivery-waiting",
        })
    }
}

impl Screen for Status {
    fn text(&self, words: Words<'_>) -> String {
        lines([
            Some(words.get("status-title")),
            Some(words.fmt("status-model", arg("title", self.model.title(words)))),
            Some(words.fmt("status-created", arg("at", self.created.as_str()))),
            Some(words.fmt("status-elapsed", arg("elapsed", clock(self.elapsed)))),
            Some(words.fmt("status-stage", arg("stage", state(words, self.state)))),
            Some(words.fmt("status-delivery", arg("delivery", self.delivery(words)))),
            Some(words.fmt("status-charge", arg("charge", self.charge(words)))),
            Some(words.fmt("progress-id", arg("gid", self.id.short()))),
        ])
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        let mut row = vec![Callback::OpenResult(self.id.clone()).button(words.get("btn-refresh"))];
        if can_cancel(self.stage) {
            row.push(Callback::CancelGeneration(self.id.clone()).button(words.get("btn-cancel-generation")));
        }
        Keyboard::new().row(row).row([my_generations(words)]).row([home(words)])
    }
}

/// One line of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The model.
    pub model: Named,
    /// Which generation.
    pub id: GenerationId,
    /// Where it stands.
    pub state: GenerationState,
}

/// S-17 of everything that runs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StatusList {
    /// What runs, newest first.
    pub active: Vec<Line>,
    /// What ended last.
    pub last: Option<Line>,
}

impl Screen for StatusList {
    fn text(&self, words: Words<'_>) -> String {
        let line = |key: &str, line: &Line| {
            let args = arg("title", line.model.title(words)).with("stage", state(words, line.state));
            words.fmt(key, args)
        };
        let head = words.get(if self.active.is_empty() { "status-none" } else { "status-active" });
        let active = self.active.iter().map(|of| Some(line("status-line", of)));
        let all = lines(std::iter::once(Some(head)).chain(active));
        match &self.last {
            Some(last) => format!("{all}\n\n{}", line("status-last", last)),
            None => all,
        }
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        let mut keyboard = Keyboard::new();
        for line in &self.active {
            let label = words.plain("btn-status-of", arg("title", line.model.title(words)));
            keyboard.push([Callback::OpenResult(line.id.clone()).button(label)]);
        }
        keyboard.row([my_generations(words)]).row([home(words)])
    }
}

/// A state in words.
pub(in crate::bot::screens) fn state(words: Words<'_>, state: GenerationState) -> String {
    words.get(&format!("state-{}", state.as_str().replace('_', "-")))
}

/// /status.
pub async fn list(turn: &mut Turn<'_>) -> Result<(), TurnError> {
    let rows = turn.tx.generations_history(turn.user.user_id, LOOK_BACK).await?;
    let line = |row: &GenerationRow| Line {
        model: Named::of(turn.platform.catalog, &row.model_id),
        id: row.id.clone(),
        state: row.state,
    };
    let screen = StatusList {
        active: rows.iter().filter(|row| row.state.is_active()).take(SHOWN).map(line).collect(),
        last: rows.iter().find(|row| !row.state.is_active()).map(line),
    };
    turn.show(&screen);
    Ok(())
}

/// /status with an id, in either form.
pub async fn by_text(turn: &mut Turn<'_>, text: &str) -> Result<(), TurnError> {
    let text = text.trim().to_lowercase();
    match GenerationId::from_short(&text).or_else(|_| GenerationId::parse(&text)) {
        Ok(id) => open(turn, &id).await,
        Err(_) => not_found(turn).await,
    }
}

/// «📊 Статус»: how far it is, or its end. Asks the provider again at once.
pub async fn open(turn: &mut Turn<'_>, id: &GenerationId) -> Result<(), TurnError> {
    let admin = turn.is_admin();
    let found = turn.tx.generation_get(id).await?;
    let Some(row) = found.filter(|row| admin || row.user_id == turn.user.user_id) else {
        return not_found(turn).await;
    };
    let stage = stage_of(turn, &row);
    if matches!(stage, Stage::Done | Stage::Ended) || row.state == GenerationState::Undelivered {
        return show_end(turn, &row).await;
    }
    let watch = Job::Watch { generation: id.clone() };
    if turn.tx.job_wake(&watch.dedupe_key(), turn.now).await? {
        turn.wake_workers();
    }
    let screen = Status {
        model: Named::of(turn.platform.catalog, &row.model_id),
        id: row.id.clone(),
        created: row.created_at.shown(turn.tenant.zone()),
        elapsed: turn.now.since(row.created_at),
        state: row.state,
        stage,
        payer: row.payer,
        price: row.price,
        charged: row.charged,
    };
    // The progress message itself turns into its status and is edited on from there.
    turn.show_tracked(&screen, Track::Nothing);
    Ok(())
}

/// The end of a generation: S-18, S-19, or that it was given up.
pub(super) async fn show_end(turn: &mut Turn<'_>, row: &GenerationRow) -> Result<(), TurnError> {
    let model = Named::of(turn.platform.catalog, &row.model_id);
    let (id, corr) = (row.id.clone(), row.corr.clone());
    match row.state {
        GenerationState::Canceled => turn.show(&super::CanceledScreen { model, id, free_used: false }),
        GenerationState::Failed | GenerationState::TimedOut => {
            let stored = row.cause.as_deref().unwrap_or_default();
            let ending = generation::Failure::read(turn.tenant, stored).into();
            turn.show(&failure::Failure { model, id, corr, ending });
        }
        GenerationState::Undelivered => {
            let price = generation::price_anew(turn.tx, row).await?;
            turn.show(&failure::Failure { model, id, corr, ending: failure::Ending::Undelivered { price } });
        }
        _ => {
            let screen = after_result(turn, row).await?;
            turn.show(&screen);
        }
    }
    Ok(())
}

/// S-18 of a delivered row.
async fn after_result(turn: &mut Turn<'_>, row: &GenerationRow) -> Result<result::AfterResult, TurnError> {
    let catalog = turn.platform.catalog;
    let model = catalog.model(&row.model_id);
    let unlimited = model.and_then(|model| min_price(model, turn.tenant.markup()));
    let by_picture = model.is_some_and(|model| matches!(model.pricing.quantity, QuantityRule::Images { .. }));
    let fewer = by_picture && (1..row.units).contains(&row.items);
    Ok(result::AfterResult {
        model: Named::of(catalog, &row.model_id),
        id: row.id.clone(),
        payer: row.payer,
        charged: row.charged,
        available: turn.balance().await?.available,
        shortfall: fewer.then_some((row.items, row.units)),
        unlimited_from: unlimited.filter(|_| row.payer == Payer::Free),
        late: row.state == GenerationState::DeliveredLate,
    })
}

/// «❌ Запись не найдена.»: on a button as an alert, on a command above the menu.
pub(in crate::bot::screens) async fn not_found(turn: &mut Turn<'_>) -> Result<(), TurnError> {
    turn.alert(turn.words().get("not-found"));
    if turn.incoming.pressed { Ok(()) } else { menu::show(turn).await }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bot::screens::testing::{en, named, ru, words};
    use crate::domain::Language;

    fn status(stands: GenerationState, stage: Stage) -> Status {
        Status {
            model: named("kling-2.6/image-to-video"),
            id: GenerationId::from_short("abcdefghijkl").unwrap(),
            created: "22.11.2026 18:30".to_owned(),
            elapsed: Duration::from_secs(605),
            state: stands,
            stage,
            payer: Payer::Money,
            price: Money::kopecks(8643),
            charged: Money::ZERO,
        }
    }

    #[test]
    fn s17_tells_one_generation() {
        insta::assert_snapshot!(ru(&status(GenerationState::Running, Stage::Background)), @"
            📊 <b>Статус генерации</b>
            🤖 Модель: Kling 2.6, из фото
            🕒 Создано: 22.11.2026 18:30
            ⏱ Прошло: 10:05
            📍 Этап: обрабатывается
            📤 Доставка: ждёт результата
            💰 Списание: 86.43 ₽ в резерве, спишу после доставки
            🧾 <code>abcdefghijkl</code>
            | 🔄 Обновить [open_result:abcdefghijkl] | ❌ Отменить [cancel:abcdefghijkl] |
            | 📚 Мои генерации [my_generations] |
            | 🏠 Главное меню [back_to_menu] |
            ");
        insta::assert_snapshot!(en(&status(GenerationState::Delivering, Stage::Delivering)), @"
            📊 <b>Generation status</b>
            🤖 Model: Kling 2.6 (photo)
            🕒 Created: 22.11.2026 18:30
            ⏱ Elapsed: 10:05
            📍 Stage: being delivered
            📤 Delivery: sending
            💰 Charge: 86.43 ₽ reserved, charged after delivery
            🧾 <code>abcdefghijkl</code>
            | 🔄 Refresh [open_result:abcdefghijkl] |
            | 📚 My generations [my_generations] |
            | 🏠 Main menu [back_to_menu] |
            ");
    }

    #[test]
    fn s17_lists_what_runs_and_what_ended_last() {
        let line =
            |state| Line { model: named("z-image"), id: GenerationId::from_short("abcdefghijkl").unwrap(), state };
        let screen =
            StatusList { active: vec![line(GenerationState::Running)], last: Some(line(GenerationState::Delivered)) };
        insta::assert_snapshot!(ru(&screen), @"
            Сейчас в работе:
            • Z-Image — обрабатывается

            Последняя: Z-Image — доставлена
            | 📊 Z-Image [open_result:abcdefghijkl] |
            | 📚 Мои генерации [my_generations] |
            | 🏠 Главное меню [back_to_menu] |
            ");
        insta::assert_snapshot!(en(&StatusList::default()), @"
            Nothing is being generated now.
            | 📚 My generations [my_generations] |
            | 🏠 Main menu [back_to_menu] |
            ");
    }

    #[test]
    fn every_state_has_words_in_both_languages() {
        for language in Language::ALL {
            for of in GenerationState::ALL {
                assert_ne!(state(words(language), *of), words(language).get("neutral"), "{of:?}");
            }
        }
    }
}
