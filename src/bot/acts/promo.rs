//! Promo codes of admins (bot.md 12.4): made and switched off, the same from the bot and from the panel.
//!
//! A code that gives money is money that one admin brings into being, so what one person can get from it counts as a credit by
//! hand does: above the bot's limits for one person's approval it is not made (reliability.md T03).

use std::time::Duration;

use super::Hands;
use crate::accounts::audit::Act;
use crate::billing::{self, Alone, WhyTwo};
use crate::domain::{AuditAction, Money, PromoId, PromoTerms, PromoWorth, UserId};
use crate::store::{StoreError, TenantTx};

/// What came of making a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Made {
    /// It can be used.
    Now(PromoId),
    /// There is one of this name.
    Exists,
    /// One person could get more from it than one admin may give.
    TooMuch(WhyTwo),
}

/// Makes a code from what an admin `typed`.
pub async fn make(tx: &mut TenantTx, hands: &Hands<'_>, terms: &PromoTerms, typed: &str) -> Result<Made, StoreError> {
    if tx.promo_by_code(&terms.code).await?.is_some() {
        return Ok(Made::Exists);
    }
    if let Some(why) = why_too_much(tx, hands, terms).await? {
        return Ok(Made::TooMuch(why));
    }
    let days = Duration::from_hours(24 * u64::try_from(terms.days).unwrap_or(1));
    let (id, by) = (PromoId::random(), hands.actor.user.unwrap_or(UserId(0)));
    if !tx.promo_insert(&id, terms, by, hands.now.plus(days), hands.now).await? {
        return Ok(Made::Exists);
    }
    let object = object(&id);
    hands.note(tx, Act::new(AuditAction::PromoCreated, &object).changed(None, Some(typed))).await?;
    Ok(Made::Now(id))
}

/// Counts what one person can get as approved by this admin alone.
async fn why_too_much(tx: &mut TenantTx, hands: &Hands<'_>, terms: &PromoTerms) -> Result<Option<WhyTwo>, StoreError> {
    // A percent code adds to money that was paid.
    let PromoWorth::Amount(each) = terms.worth else { return Ok(None) };
    let times = terms.per_user.min(terms.total);
    let most = each.scaled(i128::from(times), 1).unwrap_or(Money::kopecks(i64::MAX));
    let (name, day) = (hands.actor.name(), hands.tenant.today(hands.now));
    billing::approve_alone(tx, Alone::of(&hands.tenant.settings, &name, &day), most).await
}

/// Switches a code off. `false`: it was off, or there is none.
pub async fn switch_off(tx: &mut TenantTx, hands: &Hands<'_>, id: &PromoId) -> Result<bool, StoreError> {
    if !tx.promo_off(id, hands.now).await? {
        return Ok(false);
    }
    let object = object(id);
    hands.note(tx, Act::new(AuditAction::PromoDisabled, &object).changed(Some("on"), Some("off"))).await?;
    Ok(true)
}

fn object(id: &PromoId) -> String {
    format!("promo:{}", id.short())
}
