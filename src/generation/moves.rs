//! Every change of a generation's state, by what it means: the table of bot.md 9.2 as functions. Each is one conditional
//! statement and gives the new row, or `None` when the generation was not where the change begins.

use super::GenerationError;
use crate::domain::{GenerationId, GenerationState as State, Money, TransferId, UnixMs};
use crate::store::{GenerationChange, GenerationRow, TenantTx};

/// At work at ours or the provider's, without results.
const WITHOUT_RESULT: [State; 5] = [State::Created, State::Submitting, State::Orphan, State::Queued, State::Running];

type Moved = Result<Option<GenerationRow>, GenerationError>;

async fn go(
    tx: &mut TenantTx,
    id: &GenerationId,
    from: &[State],
    to: State,
    change: &GenerationChange<'_>,
    now: UnixMs,
) -> Moved {
    if tx.generation_move(id, from, to, change, now).await? { Ok(tx.generation_get(id).await?) } else { Ok(None) }
}

/// The intent to call the provider.
pub(super) async fn submitting(tx: &mut TenantTx, id: &GenerationId, now: UnixMs) -> Moved {
    let change = GenerationChange { submitted_at: Some(now), ..GenerationChange::default() };
    go(tx, id, &[State::Created], State::Submitting, &change, now).await
}

/// The provider certainly did not take it: back into our own queue.
pub(super) async fn back_to_created(tx: &mut TenantTx, id: &GenerationId, now: UnixMs) -> Moved {
    go(tx, id, &[State::Submitting], State::Created, &GenerationChange::default(), now).await
}

/// Nobody knows whether the provider took it.
pub(super) async fn orphaned(tx: &mut TenantTx, id: &GenerationId, now: UnixMs) -> Moved {
    go(tx, id, &[State::Submitting], State::Orphan, &GenerationChange::default(), now).await
}

/// The provider has taken it.
pub(super) async fn accepted(tx: &mut TenantTx, id: &GenerationId, task: &str, now: UnixMs) -> Moved {
    accepted_since(tx, id, task, now, now).await
}

/// The provider had taken it, at `since`.
pub(super) async fn accepted_since(
    tx: &mut TenantTx,
    id: &GenerationId,
    task: &str,
    since: UnixMs,
    now: UnixMs,
) -> Moved {
    let change =
        GenerationChange { provider_task_id: Some(task), accepted_at: Some(since), ..GenerationChange::default() };
    go(tx, id, &[State::Submitting, State::Orphan], State::Queued, &change, now).await
}

/// The provider works on it.
pub(super) async fn running(tx: &mut TenantTx, id: &GenerationId, now: UnixMs) -> Moved {
    go(tx, id, &[State::Queued], State::Running, &GenerationChange::default(), now).await
}

/// Results are here.
pub(super) async fn delivering(tx: &mut TenantTx, id: &GenerationId, items: i64, credits: i64, now: UnixMs) -> Moved {
    let change =
        GenerationChange { items: Some(items), provider_credits: Some(credits), ..GenerationChange::default() };
    go(tx, id, &[State::Queued, State::Running], State::Delivering, &change, now).await
}

/// Telegram has the first item, and `charged` is taken.
pub(super) async fn delivered(tx: &mut TenantTx, id: &GenerationId, charged: Money, now: UnixMs) -> Moved {
    // A confirmation may come after its delivery was given up.
    let again = [State::Undelivered];
    go(tx, id, &again, State::Delivering, &GenerationChange::default(), now).await?;
    let change = GenerationChange { charged: Some(charged), finished_at: Some(now), ..GenerationChange::default() };
    go(tx, id, &[State::Delivering], State::Delivered, &change, now).await
}

/// Telegram has the first item of a result whose money was given back before.
pub(super) async fn delivered_late(tx: &mut TenantTx, id: &GenerationId, now: UnixMs) -> Moved {
    let from = [State::Failed, State::TimedOut, State::Undelivered];
    let change = GenerationChange { finished_at: Some(now), ..GenerationChange::default() };
    go(tx, id, &from, State::DeliveredLate, &change, now).await
}

/// The results could not be brought.
pub(super) async fn undelivered(tx: &mut TenantTx, id: &GenerationId, now: UnixMs) -> Moved {
    go(tx, id, &[State::Delivering], State::Undelivered, &GenerationChange::default(), now).await
}

/// The money of an undelivered result was given back.
pub(super) async fn released(tx: &mut TenantTx, id: &GenerationId, now: UnixMs) -> Moved {
    let change = GenerationChange { finished_at: Some(now), ..GenerationChange::default() };
    go(tx, id, &[State::Undelivered], State::Undelivered, &change, now).await
}

/// The results are sent once more, under `hold`.
pub(super) async fn redelivering(
    tx: &mut TenantTx,
    id: &GenerationId,
    hold: Option<&TransferId>,
    now: UnixMs,
) -> Moved {
    let change = GenerationChange { hold_id: hold, ..GenerationChange::default() };
    go(tx, id, &[State::Undelivered], State::Delivering, &change, now).await
}

/// There will be no result. What the provider took for it is known when it said so itself.
pub(super) async fn ended(
    tx: &mut TenantTx,
    id: &GenerationId,
    to: State,
    cause: &str,
    credits: Option<i64>,
    now: UnixMs,
) -> Moved {
    let change = GenerationChange {
        cause: Some(cause),
        provider_credits: credits,
        finished_at: Some(now),
        ..GenerationChange::default()
    };
    let from = if to == State::TimedOut { &WITHOUT_RESULT[3..] } else { &WITHOUT_RESULT[..] };
    go(tx, id, from, to, &change, now).await
}

/// Its person does not want it any more.
pub(super) async fn canceled(tx: &mut TenantTx, id: &GenerationId, now: UnixMs) -> Moved {
    let change = GenerationChange { finished_at: Some(now), ..GenerationChange::default() };
    go(tx, id, &WITHOUT_RESULT, State::Canceled, &change, now).await
}
