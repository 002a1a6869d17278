//! Requests to top up: what is to be paid, and the tail of kopecks that tells one open transfer from another (bot.md 11.3, 11.4;
//! decisions.md 11).

use std::time::Duration;

use crate::domain::payment::shuffled_tails;
use crate::domain::{Corr, Factor, InvoiceId, Money, PayMethod, UnixMs, UserId, UserRef};
use crate::store::{InvoiceRow, NewInvoice, StoreError, TenantTx};

/// The most Stars that one invoice may ask for; Telegram refuses more.
const STARS_MOST: i64 = 100_000;
/// Open requests of one person that are looked at: more than there can be.
const OPEN_READ: i64 = 200;
/// How many roubles above what was asked for are searched for a free tail.
const ROUBLES: i64 = 20;

/// Who tops up.
#[derive(Debug, Clone, Copy)]
pub struct Payer<'a> {
    /// The person.
    pub user_id: UserId,
    /// The same in the ledger.
    pub user_ref: &'a UserRef,
    /// The story it belongs to.
    pub corr: &'a Corr,
    /// When.
    pub now: UnixMs,
    /// How long an invoice may be paid.
    pub life: Duration,
}

/// Where a transfer goes, and how many a person may have open.
#[derive(Clone, Copy)]
pub struct SbpTerms<'a> {
    /// The requisites of today, sealed.
    pub requisites: &'a [u8],
    /// Whether sealed requisites of an earlier request are those of today.
    pub same: &'a (dyn Fn(&[u8]) -> bool + Send + Sync),
    /// Open transfers of one person; a further one ends the oldest.
    pub most_open: u32,
}

/// The price in Stars: ⌈amount × rate⌉. `None` where Telegram would not take it.
pub fn stars_price(amount: Money, rate: Factor) -> Option<i64> {
    let whole = i128::from(amount.as_kopecks()) * i128::from(rate.as_ten_thousandths());
    let unit = i128::from(Factor::SCALE) * 100;
    let stars = i64::try_from(whole.div_euclid(unit) + i128::from(whole.rem_euclid(unit) > 0)).ok()?;
    (1..=STARS_MOST).contains(&stars).then_some(stars)
}

/// What Stars are worth: XTR ÷ rate, rounded down to kopecks (bot.md 11.4, unknown payload).
pub fn stars_worth(stars: i64, rate: Factor) -> Option<Money> {
    let unit = i128::from(Factor::SCALE) * 100;
    let kopecks = (i128::from(stars) * unit).checked_div(i128::from(rate.as_ten_thousandths()))?;
    i64::try_from(kopecks).ok().map(Money::kopecks)
}

/// Opens a request to be paid in Stars; `None` where Telegram would not take the amount. It keeps its own rate.
pub async fn open_stars(
    tx: &mut TenantTx,
    payer: &Payer<'_>,
    amount: Money,
    rate: Factor,
) -> Result<Option<InvoiceRow>, StoreError> {
    let Some(stars) = stars_price(amount, rate) else { return Ok(None) };
    let id = InvoiceId::random();
    let new = NewInvoice {
        id: &id,
        user_id: payer.user_id,
        user_ref: payer.user_ref,
        method: PayMethod::Stars,
        requested: amount,
        amount,
        stars: Some(stars),
        rate: Some(rate.as_ten_thousandths()),
        requisites: None,
        corr: payer.corr,
        expires_at: payer.now.plus(payer.life),
    };
    tx.invoice_insert(&new, payer.now).await?;
    tx.invoice_get(&id).await
}

/// Opens a request to be paid by a transfer, or gives the person's open one of the same amount with a whole term before it. One
/// whose requisites are not today's is left to its time and another opened: the old card may be blocked. The amount to pay is
/// what was asked for and 1 to 99 kopecks that no other open transfer of the tenant has; `None` when even the next roubles are
/// full.
pub async fn open_sbp(
    tx: &mut TenantTx,
    payer: &Payer<'_>,
    requested: Money,
    terms: SbpTerms<'_>,
) -> Result<Option<InvoiceRow>, StoreError> {
    let open = tx.invoices_open_sbp_of(payer.user_id, payer.now, OPEN_READ).await?;
    let same =
        |row: &&InvoiceRow| row.requested == requested && (terms.same)(row.requisites.as_deref().unwrap_or_default());
    if let Some(same) = open.iter().find(same)
        && tx.invoice_extend(&same.id, payer.now.plus(payer.life), payer.now).await?
    {
        return tx.invoice_get(&same.id).await;
    }
    make_room(tx, &open, terms.most_open, payer.now).await?;
    let most = Money::kopecks(requested.as_kopecks() + ROUBLES * 100);
    let taken = tx.invoice_amounts_taken(requested, most).await?;
    let tails = shuffled_tails();
    let amounts: Vec<Money> = (0..ROUBLES)
        .flat_map(|rouble| tails.iter().map(move |tail| Money::kopecks(requested.as_kopecks() + rouble * 100 + tail)))
        .filter(|amount| !taken.contains(amount))
        .collect();
    let id = InvoiceId::random();
    for amount in amounts {
        let new = NewInvoice {
            id: &id,
            user_id: payer.user_id,
            user_ref: payer.user_ref,
            method: PayMethod::Sbp,
            requested,
            amount,
            stars: None,
            rate: None,
            requisites: Some(terms.requisites),
            corr: payer.corr,
            expires_at: payer.now.plus(payer.life),
        };
        // Another replica may have taken the tail a moment ago: then the next one.
        if tx.invoice_insert(&new, payer.now).await? {
            return tx.invoice_get(&id).await;
        }
    }
    Ok(None)
}

/// Ends the oldest of a person's open requests so that one more is within `most`: first those without a picture. Each has a tail
/// of its own, and one person with many would leave none to others.
async fn make_room(tx: &mut TenantTx, open: &[InvoiceRow], most: u32, now: UnixMs) -> Result<(), StoreError> {
    let over = (open.len() + 1).saturating_sub(usize::try_from(most).unwrap_or(usize::MAX));
    let (without, with): (Vec<_>, Vec<_>) = open.iter().rev().partition(|invoice| invoice.attempts == 0);
    for invoice in without.into_iter().chain(with).take(over) {
        tx.invoice_end(&invoice.id, now).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_in_stars_are_rounded_up_and_worths_down() {
        let rate = Factor::ten_thousandths(16_000);
        for (kopecks, stars) in [(5_000, 80), (10_000, 160), (15_000, 240), (9_999, 160)] {
            assert_eq!(stars_price(Money::kopecks(kopecks), rate), Some(stars), "{kopecks}");
        }
        assert_eq!(stars_worth(80, rate), Some(Money::kopecks(5_000)));
        assert_eq!(stars_worth(1, rate), Some(Money::kopecks(62)));
        assert_eq!(stars_price(Money::kopecks(5_000_000), Factor::ten_thousandths(1_000_000)), None);
        assert_eq!(stars_price(Money::ZERO, rate), None);
    }
}
