//! Invitations (bot.md 12.2): a person's first ever /start by somebody's link gives both sides earned generations, once.

use super::quota::bank_add;
use crate::domain::referral::new_token;
use crate::domain::transfer::IdempotencyKey;
use crate::domain::{Corr, ReferralCode, UnixMs, UserRef};
use crate::store::{StoreError, TenantTx, UserRow};

/// What an invitation came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Invited {
    /// Counted now: both sides have what the tenant gives.
    Counted(Box<UserRow>),
    /// The person's own link.
    Oneself,
    /// The person is not new.
    NotNew,
    /// Nobody's link, or that of somebody blocked: an ordinary /start.
    Nobody,
}

/// The token of a person's link; the first call makes it.
pub async fn referral_token(tx: &mut TenantTx, user: &UserRef, now: UnixMs) -> Result<String, StoreError> {
    loop {
        if let Some(token) = tx.referral_link_get(user).await? {
            return Ok(token);
        }
        tx.referral_link_put(user, &new_token(), now).await?;
    }
}

/// Counts an invitation: `first` says whether this is the invited person's first /start ever. `bonus` is what each side is
/// given; 0 counts the invitation alone.
pub async fn invite(
    tx: &mut TenantTx,
    guest: &UserRow,
    first: bool,
    code: &ReferralCode,
    bonus: i64,
    corr: &Corr,
    now: UnixMs,
) -> Result<Invited, StoreError> {
    let Some(inviter) = inviter(tx, code).await? else { return Ok(Invited::Nobody) };
    if inviter.user_ref == guest.user_ref {
        return Ok(Invited::Oneself);
    }
    if inviter.blocked_at.is_some() {
        return Ok(Invited::Nobody);
    }
    if !first || !tx.referral_put(&guest.user_ref, &inviter.user_ref, now).await? {
        return Ok(Invited::NotNew);
    }
    if bonus > 0 {
        let mut sides = [(&inviter.user_ref, true), (&guest.user_ref, false)];
        // Rows of the bank are changed in one order, so that two invitations at once wait for each other and never for ever.
        sides.sort_by(|a, b| a.0.as_str().cmp(b.0.as_str()));
        for (side, inviter_side) in sides {
            let key = IdempotencyKey::referral(&guest.user_ref, inviter_side);
            bank_add(tx, side, bonus, &key, corr, now).await?;
        }
    }
    Ok(Invited::Counted(Box::new(inviter)))
}

/// Whose link it is: a token of ours, else the person that an earlier form names.
async fn inviter(tx: &mut TenantTx, code: &ReferralCode) -> Result<Option<UserRow>, StoreError> {
    if let Some(owner) = tx.referral_link_owner(&code.token).await? {
        return Ok(Some(owner));
    }
    match code.user {
        Some(user) => tx.user_get(user).await,
        None => Ok(None),
    }
}
