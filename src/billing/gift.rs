//! The gift wheel (bot.md 12.3): its amount is fixed by the row that says it was turned, and credited with it.

use rand::RngExt as _;

use crate::domain::transfer::{Account, EntryKind, IdempotencyKey};
use crate::domain::{Corr, Money, UnixMs, UserRef};
use crate::store::ledger::NewTransfer;
use crate::store::{StoreError, TenantTx};

/// Turns the wheel for a person: a whole number of kopecks from `least` to `most`, each as likely. `None`: it was turned before,
/// or `most` gives nothing.
pub async fn gift(
    tx: &mut TenantTx,
    user: &UserRef,
    least: Money,
    most: Money,
    corr: &Corr,
    now: UnixMs,
) -> Result<Option<Money>, StoreError> {
    if !most.is_positive() {
        return Ok(None);
    }
    let (most, least) = (most.as_kopecks(), least.as_kopecks().clamp(1, most.as_kopecks()));
    let amount = Money::kopecks(rand::rng().random_range(least..=most));
    if !tx.gift_put(user, amount, now).await? {
        return Ok(None);
    }
    let key = IdempotencyKey::gift(user);
    let new = NewTransfer { entry: EntryKind::Gift, key: &key, amount, corr, now };
    tx.transfer_single(&Account::Gifts, &Account::User(user.clone()), &new).await?;
    Ok(Some(amount))
}
