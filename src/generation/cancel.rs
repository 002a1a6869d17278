//! The press of «❌ Отменить» (bot.md 9.4; decisions.md 8): free before the provider took the task; after that money goes
//! back too, but the task goes on counting as running, a free generation stays used, and a day has only so many of these.

use super::GenerationError;
use super::moves;
use super::settle;
use super::shop::Shop;
use crate::domain::{GenerationId, GenerationState as State, UnixMs, UserId};
use crate::store::{Counter, GenerationRow, TenantTx};

/// What came of it.
#[derive(Debug)]
pub enum Canceled {
    /// «❌ Отменено. Деньги не списаны.»
    Done {
        /// The row as it is now.
        generation: Box<GenerationRow>,
        /// A free generation was used up: the provider had begun.
        free_used: bool,
    },
    /// The second press of a moment ago: nothing more to say.
    Again,
    /// «Генерация уже завершена.»
    Finished,
    /// Results are on their way, or the day's cancels after acceptance are used up: it can't be cancelled any more.
    NotAllowed,
    /// No such generation of this person.
    NotFound,
}

/// Cancels a generation of `user`.
pub async fn cancel(
    tx: &mut TenantTx,
    shop: &Shop<'_>,
    user: UserId,
    generation: &GenerationId,
    now: UnixMs,
) -> Result<Canceled, GenerationError> {
    let rules = &shop.settings.generation;
    let Some(row) = tx.generation_get(generation).await?.filter(|row| row.user_id == user) else {
        return Ok(Canceled::NotFound);
    };
    match row.state {
        State::Created | State::Submitting | State::Orphan | State::Queued | State::Running => {}
        State::Delivering => return Ok(Canceled::NotAllowed),
        State::Canceled if row.finished_at.is_some_and(|at| now.since(at) < rules.cancel_once_within) => {
            return Ok(Canceled::Again);
        }
        _ => return Ok(Canceled::Finished),
    }
    let accepted = row.accepted_at.is_some();
    if accepted {
        let today = tx.generations_canceled_late(user, shop.day_start(now)).await?;
        if today >= i64::from(rules.cancels_per_day) {
            return Ok(Canceled::NotAllowed);
        }
    }
    let Some(row) = moves::canceled(tx, generation, now).await? else { return Ok(Canceled::Finished) };
    // What was accepted in between counts as accepted.
    let accepted = accepted || row.accepted_at.is_some();
    let spent = if accepted { row.units } else { 0 };
    let settled = settle::give_back(tx, &row, spent, now).await?;
    let free_used = settled && accepted && row.payer == crate::domain::Payer::Free;
    let today = shop.tenant.today(now);
    tx.counter_add(&today, Counter::Canceled, 1).await?;
    if free_used {
        tx.counter_add(&today, Counter::FreeUsed, spent).await?;
    }
    Ok(Canceled::Done { generation: Box::new(row), free_used })
}
