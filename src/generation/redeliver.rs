//! An undelivered result is sent once more: its person wrote, or pressed «📤 Получить ещё раз» (bot.md 9.2, 9.5). Never
//! makes a new task at the provider.

use super::GenerationError;
use super::jobs::Job;
use super::moves;
use super::queue;
use super::settle::holds_of;
use crate::billing::{self, Held};
use crate::domain::{GenerationId, GenerationState as State, Money, Payer, UnixMs, UserId};
use crate::store::{GenerationRow, TenantTx};

/// What came of it.
#[derive(Debug)]
pub enum Redelivery {
    /// On its way: `Job::Deliver` is put.
    Started(Box<GenerationRow>),
    /// It was delivered before: show it from the history, free of charge.
    Delivered(Box<GenerationRow>),
    /// On its way already.
    Sending(Box<GenerationRow>),
    /// Its money went back after a day, and there is too little for a new hold (S-15).
    Insufficient {
        /// The original price.
        need: Money,
        /// What can be spent.
        available: Money,
    },
    /// There is no result to send.
    NoResult,
    /// No such generation of this person.
    NotFound,
}

/// Sends an undelivered result of `user` again; holds the original price anew when it was given back.
pub async fn redeliver(
    tx: &mut TenantTx,
    user: UserId,
    generation: &GenerationId,
    now: UnixMs,
) -> Result<Redelivery, GenerationError> {
    let Some(row) = tx.generation_get(generation).await?.filter(|row| row.user_id == user) else {
        return Ok(Redelivery::NotFound);
    };
    match row.state {
        State::Delivered | State::DeliveredLate => return Ok(Redelivery::Delivered(Box::new(row))),
        State::Delivering => return Ok(Redelivery::Sending(Box::new(row))),
        State::Undelivered => {}
        _ => return Ok(Redelivery::NoResult),
    }
    let mut hold = row.hold_id.clone();
    if price_anew(tx, &row).await?.is_some() {
        let k = holds_of(tx, &row).await?.saturating_add(1);
        match billing::hold(tx, &row.user_ref, &row.id, k, row.price, &row.corr, now).await? {
            Held::Placed(id) => hold = Some(id),
            Held::Insufficient(balance) => {
                return Ok(Redelivery::Insufficient { need: row.price, available: balance.available });
            }
        }
    }
    let Some(row) = moves::redelivering(tx, generation, hold.as_ref(), now).await? else {
        return Ok(Redelivery::NotFound);
    };
    queue::put(tx, &Job::Deliver { generation: row.id.clone() }, &row.corr, now).await?;
    Ok(Redelivery::Started(Box::new(row)))
}

/// What getting an undelivered result costs now: its original price, when its hold was given back. For the button
/// «📤 Получить результат — {price}».
pub async fn price_anew(tx: &mut TenantTx, row: &GenerationRow) -> Result<Option<Money>, GenerationError> {
    if row.state != State::Undelivered || row.payer != Payer::Money {
        return Ok(None);
    }
    let held = match &row.hold_id {
        Some(hold) => tx.hold_is_open(hold).await?,
        None => false,
    };
    Ok((!held).then_some(row.price))
}

/// The person wrote: every undelivered result that is still paid for is sent again. Gives how many.
pub async fn redeliver_waiting(tx: &mut TenantTx, user: UserId, now: UnixMs) -> Result<usize, GenerationError> {
    let mut started = 0;
    for row in tx.generations_undelivered(user).await? {
        if price_anew(tx, &row).await?.is_none() {
            started += usize::from(matches!(redeliver(tx, user, &row.id, now).await?, Redelivery::Started(_)));
        }
    }
    Ok(started)
}
