//! Price offers: what S-14 shows and what the press of its button is held to (bot.md 8.1, step 6).

use super::GenerationError;
use super::deal::Deal;
use super::order::Order;
use super::shop::{Buyer, Plan, Shop, Unsold};
use crate::billing::{Balance, FreeQuota};
use crate::domain::{ChatId, MessageId, Money, Payer, QuoteId, QuoteState, UnixMs};
use crate::store::{QuoteRow, TenantTx};

/// Where an offer is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The chat.
    pub chat: ChatId,
    /// The confirmation, when its id is known already (it is edited).
    pub message: Option<MessageId>,
}

/// An offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    /// Its name.
    pub id: QuoteId,
    /// What is offered, and its full price in `sold`.
    pub deal: Deal,
    /// Who pays.
    pub payer: Payer,
    /// What the person pays: 0 unless the payer is money.
    pub price: Money,
    /// Free generations that it takes when the payer is the free quota.
    pub units: i64,
    /// The person's free generations of today, before this one.
    pub free: FreeQuota,
    /// What the person has.
    pub balance: Balance,
    /// Until when it can be confirmed.
    pub expires_at: UnixMs,
}

impl Quote {
    /// What could be spent after it; negative when that is too little (S-15).
    pub fn after(&self) -> Money {
        self.balance.available.minus(self.price).unwrap_or(self.balance.available)
    }

    /// What is missing to pay for it, if anything.
    pub fn missing(&self) -> Option<Money> {
        self.price.minus(self.balance.available).filter(|missing| missing.is_positive())
    }
}

/// Makes an offer and withdraws the person's earlier open ones. Valid for `generation.quote_life`.
pub async fn make(
    tx: &mut TenantTx,
    shop: &Shop<'_>,
    buyer: &Buyer<'_>,
    place: Place,
    order: Order,
    now: UnixMs,
) -> Result<Result<Quote, Unsold>, GenerationError> {
    let plan = match shop.plan(tx, buyer, order, now).await? {
        Ok(plan) => plan,
        Err(why) => return Ok(Err(why)),
    };
    let (id, expires_at) = (QuoteId::random(), now.plus(shop.settings.generation.quote_life));
    let sealed = plan.deal.seal(shop.tenant)?;
    let fingerprint = plan.deal.order.fingerprint(&shop.tenant.id, buyer.user.user_id);
    tx.quotes_close_open_of(buyer.user.user_id).await?;
    tx.quote_insert(&QuoteRow {
        id: id.clone(),
        user_id: buyer.user.user_id,
        chat_id: place.chat,
        message_id: place.message,
        model_id: plan.deal.order.model.clone(),
        gen_type: plan.deal.order.gen_type.slug().to_owned(),
        sealed,
        fingerprint,
        price: plan.price,
        units: plan.deal.sold.units,
        payer: plan.payer,
        state: QuoteState::Open,
        generation_id: None,
        created_at: now,
        expires_at,
    })
    .await?;
    let Plan { deal, payer, price, free, balance } = plan;
    Ok(Ok(Quote { id, units: deal.sold.units, deal, payer, price, free, balance, expires_at }))
}

/// What an order would cost the buyer now, without making an offer of it: for S-13, S-15 and buttons that show a price.
pub async fn preview(
    tx: &mut TenantTx,
    shop: &Shop<'_>,
    buyer: &Buyer<'_>,
    order: Order,
    now: UnixMs,
) -> Result<Result<(Payer, Money), Unsold>, GenerationError> {
    Ok(shop.plan(tx, buyer, order, now).await?.map(|plan| (plan.payer, plan.price)))
}

/// The order of a stored offer, to offer it again.
pub fn order_of(shop: &Shop<'_>, quote: &QuoteRow) -> Result<Order, GenerationError> {
    Ok(Deal::open(shop.tenant, &quote.sealed)?.order)
}
