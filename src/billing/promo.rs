//! Promo codes (bot.md 12.4): counted, noted and credited in one transaction; a percent code waits for the next top-up.

use std::time::Duration;

use crate::domain::transfer::{Account, EntryKind, IdempotencyKey, Moved};
use crate::domain::{Corr, Money, PromoCode, PromoId, PromoWorth, UnixMs, UserRef};
use crate::store::ledger::NewTransfer;
use crate::store::{PendingPromoRow, PromoRow, PromoTriesRow, StoreError, TenantTx};

/// How redeeming is limited.
#[derive(Debug, Clone, Copy)]
pub struct PromoRules {
    /// So many wrong codes within [`PromoRules::wrong_within`] close the door for as long.
    pub wrong_codes: i64,
    /// See there.
    pub wrong_within: Duration,
    /// A percent code waits so long for a top-up.
    pub bonus_life: Duration,
}

/// What came of a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Redeemed {
    /// `promo_ok`: credited.
    Credited(Money),
    /// `promo_ok_percent`: added to the next top-up until then.
    Waits(PendingPromoRow),
    /// `promo_bad`: there is no such code.
    Bad,
    /// `promo_expired`: its time is over, or an admin has switched it off.
    Expired,
    /// `promo_used`: this person has used it as often as allowed.
    Used,
    /// `promo_over`: all uses are used.
    Over,
    /// Another percent code waits for the next top-up; this one was not used.
    AnotherWaits(PendingPromoRow),
    /// Too many wrong codes: until then none is looked at.
    Closed(UnixMs),
}

/// Until when a person's codes are not looked at, if so.
pub async fn promo_closed(tx: &mut TenantTx, user: &UserRef, now: UnixMs) -> Result<Option<UnixMs>, StoreError> {
    let tries = tx.promo_tries_get(user).await?;
    Ok(tries.map(|tries| tries.closed_until).filter(|until| *until > now))
}

/// Redeems what a person typed.
pub async fn promo_redeem(
    tx: &mut TenantTx,
    user: &UserRef,
    typed: &str,
    rules: &PromoRules,
    corr: &Corr,
    now: UnixMs,
) -> Result<Redeemed, StoreError> {
    if let Some(until) = promo_closed(tx, user, now).await? {
        return Ok(Redeemed::Closed(until));
    }
    let promo = match PromoCode::parse(typed) {
        Some(code) => tx.promo_by_code(&code).await?,
        None => None,
    };
    let Some(promo) = promo else { return wrong(tx, user, rules, now).await };
    if !promo.is_live(now) {
        return Ok(Redeemed::Expired);
    }
    if tx.promo_uses_of(&promo.id, user).await? >= promo.per_user {
        return Ok(Redeemed::Used);
    }
    if let (PromoWorth::Percent(_), Some(other)) = (promo.gives(), tx.promo_pending_get(user, now).await?) {
        return Ok(Redeemed::AnotherWaits(other));
    }
    if !tx.promo_count(&promo.id, now).await? {
        return Ok(Redeemed::Over);
    }
    // From here on the code's row is this transaction's: what others do with the code has happened or waits.
    let Some(n) = tx.promo_use(&promo.id, user, promo.per_user, now).await? else {
        tx.promo_uncount(&promo.id).await?;
        return Ok(Redeemed::Used);
    };
    give(tx, user, &promo, n, rules, corr, now).await
}

async fn give(
    tx: &mut TenantTx,
    user: &UserRef,
    promo: &PromoRow,
    n: i64,
    rules: &PromoRules,
    corr: &Corr,
    now: UnixMs,
) -> Result<Redeemed, StoreError> {
    match promo.gives() {
        PromoWorth::Amount(amount) => {
            let key = IdempotencyKey::promo(&promo.id, user, n);
            let new = NewTransfer { entry: EntryKind::Promo, key: &key, amount, corr, now };
            tx.transfer_single(&Account::Gifts, &Account::User(user.clone()), &new).await?;
            Ok(Redeemed::Credited(amount))
        }
        PromoWorth::Percent(percent) => {
            let expires_at = now.plus(rules.bonus_life);
            let pending = PendingPromoRow { promo_id: promo.id.clone(), percent, expires_at };
            if tx.promo_pending_put(user, &pending, now).await? {
                return Ok(Redeemed::Waits(pending));
            }
            // Another code of theirs began to wait a moment ago.
            tx.promo_unuse(&promo.id, user, n).await?;
            tx.promo_uncount(&promo.id).await?;
            let other = tx.promo_pending_get(user, now).await?;
            Ok(other.map_or(Redeemed::Bad, Redeemed::AnotherWaits))
        }
    }
}

/// Counts a wrong code; the last one that is allowed closes the door.
async fn wrong(tx: &mut TenantTx, user: &UserRef, rules: &PromoRules, now: UnixMs) -> Result<Redeemed, StoreError> {
    let before = tx.promo_tries_get(user).await?.filter(|tries| now.since(tries.since) < rules.wrong_within);
    let (wrong, since) = before.map_or((1, now), |tries| (tries.wrong + 1, tries.since));
    let closed_until = if wrong >= rules.wrong_codes { now.plus(rules.wrong_within) } else { UnixMs(0) };
    // Behind the door the count begins anew.
    let wrong = if closed_until > now { 0 } else { wrong };
    tx.promo_tries_put(user, &PromoTriesRow { wrong, since, closed_until }).await?;
    Ok(if closed_until > now { Redeemed::Closed(closed_until) } else { Redeemed::Bad })
}

/// What a waiting percent code adds to a top-up, in the top-up's own transaction: call it with what came of crediting the
/// top-up. Only a top-up that was credited now ([`Moved::Done`]) takes the code along, so that one told twice cannot take the next
/// one. Gives the code and what it added; `None` when none was waiting.
pub async fn promo_bonus(
    tx: &mut TenantTx,
    user: &UserRef,
    topup: (&IdempotencyKey, &Moved),
    credited: Money,
    corr: &Corr,
    now: UnixMs,
) -> Result<Option<(PromoId, Money)>, StoreError> {
    let (key, Moved::Done(_)) = topup else { return Ok(None) };
    let Some(pending) = tx.promo_pending_take(user, now).await? else { return Ok(None) };
    let Some(amount) = credited.scaled(i128::from(pending.percent), 100).filter(|amount| amount.is_positive()) else {
        return Ok(None);
    };
    let key = IdempotencyKey::promo_bonus(key);
    let new = NewTransfer { entry: EntryKind::PromoBonus, key: &key, amount, corr, now };
    tx.transfer_single(&Account::Gifts, &Account::User(user.clone()), &new).await?;
    Ok(Some((pending.promo_id, amount)))
}
