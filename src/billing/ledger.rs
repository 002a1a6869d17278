//! Holds, captures, releases and credits in kopecks.

use crate::domain::transfer::{Account, EntryKind, IdempotencyKey, Moved};
use crate::domain::{Corr, GenerationId, Money, TransferId, UnixMs, UserRef};
use crate::store::ledger::NewTransfer;
use crate::store::{StoreError, TenantTx};

/// What a person has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Balance {
    /// «Доступно»: the only number compared with a price (bot.md 1.1).
    pub available: Money,
    /// Reserved for generations in work.
    pub held: Money,
    /// Owed after a refund of money already spent; taken off what is available, repaid first by the next top-up, and while there
    /// is any nothing is generated (decisions.md 9).
    pub debt: Money,
}

/// What came of asking to reserve money.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Held {
    /// Reserved, now or by the same fact before.
    Placed(TransferId),
    /// Too little to spend; nothing changed.
    Insufficient(Balance),
}

/// What came of asking to take a hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Captured {
    /// Taken now.
    Now,
    /// Taken by the same fact before.
    Before,
    /// The hold was given back before: nothing can be taken from it.
    Gone,
}

/// What a person can spend and what is reserved.
pub async fn balance(tx: &mut TenantTx, user: &UserRef) -> Result<Balance, StoreError> {
    let (own, owed) = (Account::User(user.clone()), Account::Debt(user.clone()));
    let [row, owed] = tx.accounts_get([&own, &owed]).await?;
    let debt = -owed.posted;
    let available = Money::kopecks(row.posted - row.held - debt);
    Ok(Balance { available, held: Money::kopecks(row.held), debt: Money::kopecks(debt) })
}

/// Reserves the price of a generation from its user. `k` counts the holds of one generation from 1.
pub async fn hold(
    tx: &mut TenantTx,
    user: &UserRef,
    generation: &GenerationId,
    k: u32,
    amount: Money,
    corr: &Corr,
    now: UnixMs,
) -> Result<Held, StoreError> {
    let before = balance(tx, user).await?;
    if before.debt.is_positive() {
        return Ok(Held::Insufficient(before));
    }
    let key = IdempotencyKey::hold(generation, k);
    let new = NewTransfer { entry: EntryKind::Hold, key: &key, amount, corr, now };
    match tx.transfer_pending(&Account::User(user.clone()), &Account::Sales, &new).await? {
        Moved::Done(id) | Moved::Exists(id) => Ok(Held::Placed(id)),
        Moved::Insufficient | Moved::AlreadyResolved | Moved::NoSuchHold => {
            Ok(Held::Insufficient(balance(tx, user).await?))
        }
    }
}

/// Takes `amount` of a generation's hold after its delivery was confirmed; the rest of the hold is freed (bot.md 9.5).
pub async fn capture(
    tx: &mut TenantTx,
    hold: &TransferId,
    generation: &GenerationId,
    amount: Money,
    corr: &Corr,
    now: UnixMs,
) -> Result<Captured, StoreError> {
    let key = IdempotencyKey::capture(generation);
    let new = NewTransfer { entry: EntryKind::Capture, key: &key, amount, corr, now };
    match tx.transfer_post(hold, generation, &new).await? {
        Moved::Done(_) => Ok(Captured::Now),
        Moved::Exists(_) => Ok(Captured::Before),
        Moved::AlreadyResolved => Ok(Captured::Gone),
        Moved::Insufficient | Moved::NoSuchHold => {
            Err(StoreError::Refused(format!("capture of {generation} does not fit its hold {hold}")))
        }
    }
}

/// Gives a generation's hold back in full. `false` when it was resolved before; then nothing moves.
pub async fn release(
    tx: &mut TenantTx,
    hold: &TransferId,
    generation: &GenerationId,
    k: u32,
    corr: &Corr,
    now: UnixMs,
) -> Result<bool, StoreError> {
    let key = IdempotencyKey::release(generation, k);
    match tx.transfer_void(hold, generation, EntryKind::Release, &key, corr, now).await? {
        Moved::Done(_) => Ok(true),
        Moved::Exists(_) | Moved::AlreadyResolved => Ok(false),
        Moved::Insufficient | Moved::NoSuchHold => {
            Err(StoreError::Refused(format!("release of {generation}: no hold {hold}")))
        }
    }
}

/// Credits a person by hand under an operation's id; the same operation twice credits once (bot.md 14.4).
pub async fn credit(
    tx: &mut TenantTx,
    user: &UserRef,
    operation: &str,
    amount: Money,
    corr: &Corr,
    now: UnixMs,
) -> Result<Moved, StoreError> {
    let key = IdempotencyKey::admin_credit(operation);
    let new = NewTransfer { entry: EntryKind::AdminCredit, key: &key, amount, corr, now };
    tx.transfer_single(&Account::Adjust, &Account::User(user.clone()), &new).await
}

/// Takes what a person who is being erased leaves behind, so that no balance stands without a person. Gives the amount.
pub async fn forfeit(tx: &mut TenantTx, user: &UserRef, corr: &Corr, now: UnixMs) -> Result<Money, StoreError> {
    let Balance { available, .. } = balance(tx, user).await?;
    if available.is_positive() {
        let key = IdempotencyKey::forfeit(user);
        let new = NewTransfer { entry: EntryKind::Forfeit, key: &key, amount: available, corr, now };
        tx.transfer_single(&Account::User(user.clone()), &Account::Adjust, &new).await?;
    }
    Ok(available)
}
