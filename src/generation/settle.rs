//! Where a generation's money is settled: taken with the first confirmed delivery, given back with every other end
//! (bot.md 9.2, 9.5). All in the caller's transaction, together with what makes it true. Every function may be told the same
//! again; a delivered generation never changes.

use super::GenerationError;
use super::cause::{Failure, FailureKind};
use super::deal::{Deal, Kept};
use super::jobs::{Job, News};
use super::moves;
use super::queue;
use crate::billing::{self, Balance, Captured};
use crate::domain::transfer::TransferKind;
use crate::domain::{GenerationId, GenerationState as State, HookEvent, MessageId, Money, Payer, UnixMs};
use crate::store::{Counter, GenerationRow, NewHookEvent, StoreError, TenantTx};
use crate::tenants::Tenant;

/// An item that Telegram has confirmed.
#[derive(Debug, Clone, Copy)]
pub struct Confirmed<'a> {
    /// Which item.
    pub item: i64,
    /// The message that carries it.
    pub message: MessageId,
    /// Telegram's file in it, where it is one.
    pub file_id: Option<&'a str>,
}

/// What a confirmation meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    /// The first one: the money is taken, the generation is delivered. S-18 follows when all items are out.
    FirstConfirmed(Charged),
    /// A further item.
    Further,
    /// The first item of a result that came after its money was given back: free.
    Late,
    /// Told before, or nothing that is waited for.
    Nothing,
}

/// What a delivery cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charged {
    /// Who paid.
    pub payer: Payer,
    /// What was taken; 0 unless the payer is money.
    pub amount: Money,
    /// «Получено {k} из {n}»: fewer pictures came than were ordered.
    pub shortfall: Option<(i64, i64)>,
    /// What the person has now.
    pub balance: Balance,
}

/// Telegram has an item: the first one settles the generation.
pub async fn delivered(
    tx: &mut TenantTx,
    tenant: &Tenant,
    generation: &GenerationId,
    confirmed: Confirmed<'_>,
    now: UnixMs,
) -> Result<Delivery, GenerationError> {
    let Confirmed { item, message, file_id } = confirmed;
    if !tx.item_sent(generation, item, message, file_id, now).await? {
        return Ok(Delivery::Nothing);
    }
    settle_sent(tx, tenant, generation, now).await
}

/// The same where the item's message is noted already, in this transaction: by `outbox_sent`.
pub async fn settle_sent(
    tx: &mut TenantTx,
    tenant: &Tenant,
    generation: &GenerationId,
    now: UnixMs,
) -> Result<Delivery, GenerationError> {
    if !tx.items_of(generation).await?.iter().any(|item| item.message_id.is_some()) {
        return Ok(Delivery::Nothing);
    }
    let Some(row) = tx.generation_get(generation).await? else { return Ok(Delivery::Nothing) };
    match row.state {
        State::Delivering => charge(tx, tenant, row, now).await,
        // The money of an undelivered result may have gone back meanwhile: then it is free.
        State::Undelivered if row.finished_at.is_none() => charge(tx, tenant, row, now).await,
        State::Undelivered | State::Failed | State::TimedOut => {
            let late = moves::delivered_late(tx, generation, now).await?;
            Ok(late.map_or(Delivery::Further, |_| Delivery::Late))
        }
        State::Delivered | State::DeliveredLate => Ok(Delivery::Further),
        _ => Ok(Delivery::Nothing),
    }
}

async fn charge(
    tx: &mut TenantTx,
    tenant: &Tenant,
    row: GenerationRow,
    now: UnixMs,
) -> Result<Delivery, GenerationError> {
    let deal = Kept::open(tenant, &row.sealed)?.deal;
    let due = if row.payer == Payer::Money { deal.price_of_part(row.items) } else { Money::ZERO };
    let Some(row) = moves::delivered(tx, &row.id, due, now).await? else { return Ok(Delivery::Further) };
    let amount = take(tx, &row, &deal, due, now).await?;
    let day = tenant.today(now);
    tx.counter_add(&day, Counter::Delivered, 1).await?;
    if row.payer == Payer::Free {
        tx.counter_add(&day, Counter::FreeUsed, deal.units_of_part(row.items)).await?;
    }
    if amount.is_positive() {
        tx.counter_add(&day, Counter::Revenue, amount.as_kopecks()).await?;
    }
    tell_partner(tx, &row, amount, now).await?;
    let balance = billing::balance(tx, &row.user_ref).await?;
    let shortfall = deal.shortfall(row.items);
    Ok(Delivery::FirstConfirmed(Charged { payer: row.payer, amount, shortfall, balance }))
}

/// The partner's own webhooks learn of it; nothing of what was asked for or made goes out.
async fn tell_partner(tx: &mut TenantTx, row: &GenerationRow, amount: Money, now: UnixMs) -> Result<(), StoreError> {
    let data = serde_json::json!({
        "generation_id": row.id, "user_id": row.user_id, "model": row.model_id, "kind": row.gen_type, "payer": row.payer,
        "charged_kopecks": amount.as_kopecks(), "results": row.items, "corr": row.corr,
    });
    let event = HookEvent::GenerationDelivered;
    tx.hook_event_put(&NewHookEvent { event, fact: row.id.as_str(), data: &data, corr: &row.corr }, now).await?;
    Ok(())
}

/// Takes the hold or uses the free reservation. Gives what was taken.
async fn take(
    tx: &mut TenantTx,
    row: &GenerationRow,
    deal: &Deal,
    due: Money,
    now: UnixMs,
) -> Result<Money, GenerationError> {
    match (row.payer, &row.hold_id) {
        (Payer::Money, Some(hold)) => match billing::capture(tx, hold, &row.id, due, &row.corr, now).await? {
            Captured::Now | Captured::Before => Ok(due),
            // Given back by a transaction of this moment: the caller's repeat sees what that has made of the state.
            Captured::Gone => Err(StoreError::Refused(format!("the hold of {} is gone", row.id)).into()),
        },
        (Payer::Free, _) => {
            billing::free_resolve(tx, &row.id, deal.units_of_part(row.items)).await?;
            Ok(Money::ZERO)
        }
        _ => Ok(Money::ZERO),
    }
}

/// Ends a generation without a result: money and free generations go back, its person is told (`Job::Tell`). `None` when it
/// is not at work any more; then nothing changes.
pub async fn fail(
    tx: &mut TenantTx,
    tenant: &Tenant,
    generation: &GenerationId,
    failure: &Failure,
    now: UnixMs,
) -> Result<Option<GenerationRow>, GenerationError> {
    end(tx, tenant, generation, &Ending { failure, credits: None, quiet: false }, now).await
}

/// How a generation ends without a result.
pub(super) struct Ending<'a> {
    pub(super) failure: &'a Failure,
    /// What the provider took, in hundredths of a credit, where it said the end itself.
    pub(super) credits: Option<i64>,
    /// Its person was told the like a moment ago.
    pub(super) quiet: bool,
}

/// The whole of [`fail`].
pub(super) async fn end(
    tx: &mut TenantTx,
    tenant: &Tenant,
    generation: &GenerationId,
    ending: &Ending<'_>,
    now: UnixMs,
) -> Result<Option<GenerationRow>, GenerationError> {
    let Ending { failure, credits, quiet } = *ending;
    let to = if failure.kind == FailureKind::TimedOut { State::TimedOut } else { State::Failed };
    let cause = failure.stored(tenant)?;
    let Some(row) = moves::ended(tx, generation, to, &cause, credits, now).await? else { return Ok(None) };
    give_back(tx, &row, 0, now).await?;
    tx.counter_add(&tenant.today(now), Counter::Failed, 1).await?;
    if to == State::TimedOut {
        tx.counter_add(&tenant.today(now), Counter::TimedOut, 1).await?;
    }
    if !quiet {
        queue::put(tx, &Job::Tell { generation: row.id.clone(), news: News::Ended }, &row.corr, now).await?;
    }
    Ok(Some(row))
}

/// All attempts to send the results failed: the hold stays (bot.md 9.2). `None`: it is not being delivered. A result that
/// was paid for anew after its day had passed gets no second day: its money goes back at once.
pub async fn undelivered(
    tx: &mut TenantTx,
    generation: &GenerationId,
    now: UnixMs,
) -> Result<Option<GenerationRow>, GenerationError> {
    let row = moves::undelivered(tx, generation, now).await?;
    if let Some(row) = row.as_ref().filter(|row| row.finished_at.is_some()) {
        give_back(tx, row, 0, now).await?;
    }
    Ok(row)
}

/// An undelivered result has waited long enough: its money goes back, the result stays (bot.md 9.2). `false`: it is not
/// undelivered, or its money went back before.
pub async fn release_undelivered(
    tx: &mut TenantTx,
    generation: &GenerationId,
    now: UnixMs,
) -> Result<bool, GenerationError> {
    let Some(row) = moves::released(tx, generation, now).await? else { return Ok(false) };
    give_back(tx, &row, 0, now).await
}

/// Ends a generation of a bot that is out of service: nobody is told, all of it goes back.
pub(super) async fn of_deleted(tx: &mut TenantTx, row: &GenerationRow, now: UnixMs) -> Result<(), GenerationError> {
    let cause = FailureKind::Internal.word();
    if let Some(row) = moves::ended(tx, &row.id, State::Failed, cause, None, now).await? {
        give_back(tx, &row, 0, now).await?;
        return Ok(());
    }
    // Results that were on their way, or waited for their person.
    moves::undelivered(tx, &row.id, now).await?;
    release_undelivered(tx, &row.id, now).await?;
    Ok(())
}

/// Gives a hold back, or all but `used` free generations. `false`: settled before, or there was nothing to settle.
pub(super) async fn give_back(
    tx: &mut TenantTx,
    row: &GenerationRow,
    used: i64,
    now: UnixMs,
) -> Result<bool, GenerationError> {
    match (row.payer, &row.hold_id) {
        (Payer::Money, Some(hold)) => {
            let k = holds_of(tx, row).await?;
            Ok(billing::release(tx, hold, &row.id, k, &row.corr, now).await?)
        }
        (Payer::Free, _) => Ok(billing::free_resolve(tx, &row.id, used).await?),
        _ => Ok(false),
    }
}

/// How many holds a generation has had: the number in the keys of its last one (bot.md 11.2).
pub(super) async fn holds_of(tx: &mut TenantTx, row: &GenerationRow) -> Result<u32, GenerationError> {
    let moved = tx.transfers_of_corr(&row.corr).await?;
    let holds = moved.iter().filter(|transfer| transfer.kind == TransferKind::Pending.as_str()).count();
    Ok(u32::try_from(holds).unwrap_or(u32::MAX))
}
