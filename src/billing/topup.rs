//! Money in and back out: top-ups, refunds, and what is owed in between (bot.md 11.2; decisions.md 9).
//!
//! A refund takes what the person can spend, never what is held; the rest becomes a debt. The next top-up repays it first. The
//! amounts depend on balances, so the accounts are locked before they are read.

use super::promo::promo_bonus;
use crate::domain::transfer::{Account, EntryKind, IdempotencyKey, Moved};
use crate::domain::{Corr, HookEvent, InvoiceId, Money, PayMethod, UnixMs, UserRef};
use crate::store::ledger::NewTransfer;
use crate::store::{NewHookEvent, StoreError, TenantTx};

/// What was paid: names the fact in the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paid<'a> {
    /// A charge of Stars, by Telegram's name for it.
    Stars(&'a str),
    /// An approved transfer for this request.
    Sbp(&'a InvoiceId),
}

impl Paid<'_> {
    /// The idempotency key of the credit.
    pub fn key(&self) -> IdempotencyKey {
        match self {
            Self::Stars(charge) => IdempotencyKey::topup_stars(charge),
            Self::Sbp(invoice) => IdempotencyKey::topup_sbp(invoice),
        }
    }

    fn account(&self) -> Account {
        match self {
            Self::Stars(_) => Account::ExtStars,
            Self::Sbp(_) => Account::ExtSbp,
        }
    }

    fn entry(&self) -> EntryKind {
        match self {
            Self::Stars(_) => EntryKind::TopupStars,
            Self::Sbp(_) => EntryKind::TopupSbp,
        }
    }
}

/// What came of a top-up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TopUp {
    /// `false`: the same fact was credited before, nothing moved.
    pub credited: bool,
    /// What of it repaid a debt.
    pub repaid: Money,
    /// What a waiting promo code added.
    pub bonus: Money,
}

/// What came of a refund, the bonus of a percent code with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TakenBack {
    /// From what the person could spend.
    pub taken: Money,
    /// What they owe for it now.
    pub owed: Money,
    /// What of both a percent code had added to the top-up.
    pub bonus: Money,
}

impl TakenBack {
    /// The top-up itself, without its bonus.
    pub fn money(&self) -> Money {
        Money::kopecks(self.taken.as_kopecks() + self.owed.as_kopecks() - self.bonus.as_kopecks())
    }
}

/// Credits what was paid, once for each fact, and repays a debt first.
pub async fn top_up(
    tx: &mut TenantTx,
    user: &UserRef,
    paid: Paid<'_>,
    amount: Money,
    corr: &Corr,
    now: UnixMs,
) -> Result<TopUp, StoreError> {
    let (person, owed, from) = (Account::User(user.clone()), Account::Debt(user.clone()), paid.account());
    let [debt, _, _, _] = tx.accounts_lock([&owed, &from, &Account::Gifts, &person]).await?;
    let key = paid.key();
    let new = NewTransfer { entry: paid.entry(), key: &key, amount, corr, now };
    let moved = tx.transfer_single(&from, &person, &new).await?;
    if !matches!(moved, Moved::Done(_)) {
        return Ok(TopUp { credited: false, repaid: Money::ZERO, bonus: Money::ZERO });
    }
    let added = promo_bonus(tx, user, (&key, &moved), amount, corr, now).await?;
    let bonus = added.map_or(Money::ZERO, |(_, bonus)| bonus);
    let repaid = Money::kopecks((-debt.posted).clamp(0, amount.as_kopecks()));
    if repaid.is_positive() {
        let key = key.part("debt");
        let new = NewTransfer { entry: EntryKind::DebtRepaid, key: &key, amount: repaid, corr, now };
        require_done(&tx.transfer_single(&person, &owed, &new).await?, "a debt was not repaid")?;
    }
    tell_partner(tx, user, (paid, &key), amount, corr, now).await?;
    Ok(TopUp { credited: true, repaid, bonus })
}

/// The partner's own webhooks learn of it.
async fn tell_partner(
    tx: &mut TenantTx,
    user: &UserRef,
    (paid, key): (Paid<'_>, &IdempotencyKey),
    amount: Money,
    corr: &Corr,
    now: UnixMs,
) -> Result<(), StoreError> {
    let person = tx.user_by_ref(user).await?.map(|row| row.user_id);
    let method = match paid {
        Paid::Stars(_) => PayMethod::Stars,
        Paid::Sbp(_) => PayMethod::Sbp,
    };
    let data = serde_json::json!({
        "user_id": person, "method": method, "amount_kopecks": amount.as_kopecks(), "corr": corr,
    });
    let event = HookEvent::PaymentCredited;
    tx.hook_event_put(&NewHookEvent { event, fact: key.as_str(), data: &data, corr }, now).await?;
    Ok(())
}

/// Takes a charge of Stars back: the `n`-th refund of it. Whoever calls makes sure that each `n` is told once: the payment's
/// state is the gate, because the parts depend on the balance.
pub async fn refund_stars(
    tx: &mut TenantTx,
    user: &UserRef,
    charge: &str,
    n: i64,
    amount: Money,
    corr: &Corr,
    now: UnixMs,
) -> Result<TakenBack, StoreError> {
    let (paid, key) = (Paid::Stars(charge), IdempotencyKey::stars_refund(charge, n));
    take_back(tx, user, paid, &NewTransfer { entry: EntryKind::StarsRefund, key: &key, amount, corr, now }).await
}

/// Takes an approved transfer back that was approved by mistake. The payment's state is the gate.
pub async fn reverse_sbp(
    tx: &mut TenantTx,
    user: &UserRef,
    invoice: &InvoiceId,
    amount: Money,
    corr: &Corr,
    now: UnixMs,
) -> Result<TakenBack, StoreError> {
    let (paid, key) = (Paid::Sbp(invoice), IdempotencyKey::sbp_reversal(invoice));
    take_back(tx, user, paid, &NewTransfer { entry: EntryKind::SbpReversal, key: &key, amount, corr, now }).await
}

/// Gives back what a refund of Stars took, because Telegram refused it. Repays what is owed first, like every money that comes.
pub async fn refund_undone(
    tx: &mut TenantTx,
    user: &UserRef,
    charge: &str,
    n: i64,
    amount: Money,
    corr: &Corr,
    now: UnixMs,
) -> Result<bool, StoreError> {
    let (person, owed, from) = (Account::User(user.clone()), Account::Debt(user.clone()), Account::ExtStars);
    let bonus = bonus_of(tx, Paid::Stars(charge)).await?;
    let [debt, _, _, _] = tx.accounts_lock([&owed, &from, &Account::Gifts, &person]).await?;
    let key = IdempotencyKey::stars_refund(charge, n).part("undone");
    let new = NewTransfer { entry: EntryKind::StarsRefundUndone, key: &key, amount, corr, now };
    if !matches!(tx.transfer_single(&from, &person, &new).await?, Moved::Done(_)) {
        return Ok(false);
    }
    if bonus.is_positive() {
        let key = key.part("bonus");
        let new = NewTransfer { entry: EntryKind::PromoBonus, key: &key, amount: bonus, corr, now };
        require_done(&tx.transfer_single(&Account::Gifts, &person, &new).await?, "a bonus did not come again")?;
    }
    let came = amount.as_kopecks().saturating_add(bonus.as_kopecks());
    let repaid = Money::kopecks((-debt.posted).clamp(0, came));
    if repaid.is_positive() {
        let key = key.part("debt");
        let new = NewTransfer { entry: EntryKind::DebtRepaid, key: &key, amount: repaid, corr, now };
        require_done(&tx.transfer_single(&person, &owed, &new).await?, "a debt was not repaid")?;
    }
    Ok(true)
}

/// What a percent code added to a top-up: it goes where its top-up goes, and a refund takes it, too.
pub async fn bonus_of(tx: &mut TenantTx, paid: Paid<'_>) -> Result<Money, StoreError> {
    let key = IdempotencyKey::promo_bonus(&paid.key());
    Ok(tx.transfer_amount(&key).await?.unwrap_or(Money::ZERO))
}

/// The shared half of two refunds that name their facts: first the money, then what a percent code added to it.
async fn take_back(
    tx: &mut TenantTx,
    user: &UserRef,
    paid: Paid<'_>,
    refund: &NewTransfer<'_>,
) -> Result<TakenBack, StoreError> {
    let (person, owed, to) = (Account::User(user.clone()), Account::Debt(user.clone()), paid.account());
    let bonus = bonus_of(tx, paid).await?;
    let [_, _, _, own] = tx.accounts_lock([&owed, &to, &Account::Gifts, &person]).await?;
    let free = own.posted - own.held;
    let money = take(tx, user, free, &to, refund).await?;
    let mut back =
        TakenBack { taken: money, owed: Money::kopecks(refund.amount.as_kopecks() - money.as_kopecks()), bonus };
    if bonus.is_positive() {
        let key = refund.key.part("bonus");
        let with = NewTransfer { entry: EntryKind::PromoBonusBack, key: &key, amount: bonus, ..*refund };
        let taken = take(tx, user, free - money.as_kopecks(), &Account::Gifts, &with).await?;
        back.taken = Money::kopecks(money.as_kopecks() + taken.as_kopecks());
        back.owed = Money::kopecks(back.owed.as_kopecks() + bonus.as_kopecks() - taken.as_kopecks());
    }
    Ok(back)
}

/// Moves the amount of `what` to `to`: what is `free` from the person, the rest as a debt. Gives what the person had. The
/// accounts are locked.
async fn take(
    tx: &mut TenantTx,
    user: &UserRef,
    free: i64,
    to: &Account,
    what: &NewTransfer<'_>,
) -> Result<Money, StoreError> {
    let (person, owed) = (Account::User(user.clone()), Account::Debt(user.clone()));
    let taken = Money::kopecks(free.clamp(0, what.amount.as_kopecks()));
    let rest = Money::kopecks(what.amount.as_kopecks() - taken.as_kopecks());
    if rest.is_positive() {
        let key = what.key.part("debt");
        let new = NewTransfer { key: &key, amount: rest, ..*what };
        require_done(&tx.transfer_single(&owed, to, &new).await?, "a debt was not recorded")?;
    }
    if taken.is_positive() {
        let new = NewTransfer { amount: taken, ..*what };
        require_done(&tx.transfer_single(&person, to, &new).await?, "a refund took less than there was")?;
    }
    Ok(taken)
}

fn require_done(moved: &Moved, what: &str) -> Result<(), StoreError> {
    match moved {
        Moved::Done(_) => Ok(()),
        _ => Err(StoreError::Refused(format!("{what}: {moved:?}"))),
    }
}
