//! The press of «✅ Генерировать»: quote → hold → generation → job, in the update's transaction (bot.md 9.1). The provider
//! is called only after its commit.
//!
//! A quote becomes a generation once: one conditional update is the gate, and whoever does not pass it is shown what the
//! first has made. Call it under the chat's lock (`Db::tenant_chat`), so that a person's presses come one after another.

use super::GenerationError;
use super::deal::{Deal, Kept};
use super::jobs::Job;
use super::order::Order;
use super::shop::{Buyer, Off, Plan, Shop, Unsold};
use super::stage::Stage;
use super::{queue, quota};
use crate::billing::{self, Held};
use crate::domain::{ChatId, Corr, GenerationId, MessageId, Money, Payer, QuoteId, QuoteState, TransferId, UnixMs};
use crate::store::{Counter, GenerationRow, NewGeneration, QuoteRow, TenantTx};

/// Which offer is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WhichQuote {
    /// The one shown by the pressed message.
    Message(ChatId, MessageId),
    /// This one.
    Id(QuoteId),
}

/// One press.
pub struct Press<'a> {
    /// Of which offer.
    pub which: WhichQuote,
    /// By whom.
    pub buyer: Buyer<'a>,
    /// Whose story the generation and its money belong to.
    pub corr: &'a Corr,
    /// When.
    pub now: UnixMs,
}

impl Press<'_> {
    /// The pressed message: the confirmation becomes the progress message (it is edited).
    fn message(&self) -> Option<MessageId> {
        match &self.which {
            WhichQuote::Message(_, message) => Some(*message),
            WhichQuote::Id(_) => None,
        }
    }
}

/// What came of a press.
#[derive(Debug)]
pub enum Accepted {
    /// A new generation: S-16. The caller wakes the workers after the commit.
    Started(Box<GenerationRow>),
    /// This offer became that generation before: its S-16, «Генерация уже запущена».
    Already(Box<GenerationRow>),
    /// An equal order of a moment ago is still at work: its S-16; this offer is closed.
    Joined(Box<GenerationRow>),
    /// S-14 again, «Цена изменилась: было {was}, стало {now}»: make a new offer of the order.
    PriceChanged {
        /// What the offer said.
        was: Money,
        /// What it would cost now.
        now: Money,
        /// What was ordered.
        order: Order,
    },
    /// S-14 again: the offer is too old, or another one took its place.
    Expired(Order),
    /// S-15; the offer stays.
    Insufficient {
        /// The price.
        need: Money,
        /// What can be spent.
        available: Money,
    },
    /// The person owes money after a refund; nothing is generated until a top-up repays it (decisions.md 9).
    Debt(Money),
    /// `parallel_limit`: so many are at work.
    ParallelLimit(i64),
    /// `gen_off`.
    Off(Off),
    /// It cannot be sold any more.
    NotSold(Unsold),
    /// No such offer of this person.
    NoQuote,
}

/// Confirms an offer. One transaction, the caller's.
pub async fn accept(tx: &mut TenantTx, shop: &Shop<'_>, press: &Press<'_>) -> Result<Accepted, GenerationError> {
    let found = match &press.which {
        WhichQuote::Message(chat, message) => tx.quote_by_message(*chat, *message).await?,
        WhichQuote::Id(id) => tx.quote_get(id).await?,
    };
    let Some(quote) = found.filter(|quote| quote.user_id == press.buyer.user.user_id) else {
        return Ok(Accepted::NoQuote);
    };
    if let Some(generation) = &quote.generation_id {
        return already(tx, generation).await;
    }
    let order = Deal::open(shop.tenant, &quote.sealed)?.order;
    if quote.state != QuoteState::Open || quote.expires_at <= press.now {
        return Ok(Accepted::Expired(order));
    }
    if let Some(why) = shop.off(tx, &press.buyer, press.now).await? {
        return Ok(Accepted::Off(why));
    }
    let plan = match shop.plan(tx, &press.buyer, order, press.now).await? {
        Ok(plan) => plan,
        Err(why) => return Ok(Accepted::NotSold(why)),
    };
    if matches!(plan.payer, Payer::Money | Payer::Free) && plan.balance.debt.is_positive() {
        return Ok(Accepted::Debt(plan.balance.debt));
    }
    if plan.price != quote.price {
        return Ok(Accepted::PriceChanged { was: quote.price, now: plan.price, order: plan.deal.order });
    }
    let spends = plan.payer != Payer::DryRun;
    if spends && plan.deal.sold.credits > quota::room(tx, shop.tenant, press.now).await?.credits.left() {
        return Ok(Accepted::Off(Off::Spent));
    }
    if let Some(refused) = crowd(tx, shop, &quote, press.now).await? {
        return Ok(refused);
    }
    if plan.price > plan.balance.available {
        return Ok(Accepted::Insufficient { need: plan.price, available: plan.balance.available });
    }
    start(tx, shop, press, &quote, plan).await
}

async fn already(tx: &mut TenantTx, generation: &GenerationId) -> Result<Accepted, GenerationError> {
    let row = tx.generation_get(generation).await?;
    Ok(row.map_or(Accepted::NoQuote, |row| Accepted::Already(Box::new(row))))
}

/// An equal order at work is joined; too many at work are too many.
async fn crowd(
    tx: &mut TenantTx,
    shop: &Shop<'_>,
    quote: &QuoteRow,
    now: UnixMs,
) -> Result<Option<Accepted>, GenerationError> {
    let rules = &shop.settings.generation;
    let young = now.minus(rules.join_within);
    if let Some(twin) = tx.generation_equal_active(quote.user_id, &quote.fingerprint, young).await? {
        if tx.quote_join(&quote.id, &twin.id).await? {
            return Ok(Some(Accepted::Joined(Box::new(twin))));
        }
        // The twin is what another press of a moment ago has made of this very offer.
        return Ok(Some(Accepted::Already(Box::new(twin))));
    }
    let running = tx.generations_at_work(quote.user_id, now.minus(rules.hard_limit)).await?;
    let full = running >= i64::from(shop.tenant.settings.max_parallel);
    Ok(full.then_some(Accepted::ParallelLimit(running)))
}

async fn start(
    tx: &mut TenantTx,
    shop: &Shop<'_>,
    press: &Press<'_>,
    quote: &QuoteRow,
    plan: Plan,
) -> Result<Accepted, GenerationError> {
    let id = GenerationId::random();
    if !tx.quote_use(&quote.id, &id, press.message(), press.now).await? {
        // Another press passed the gate while this one was deciding.
        let winner = tx.quote_get(&quote.id).await?.and_then(|quote| quote.generation_id);
        return match winner {
            Some(generation) => already(tx, &generation).await,
            None => Ok(Accepted::Expired(plan.deal.order)),
        };
    }
    let today = shop.tenant.today(press.now);
    if let Some(why) = count(tx, shop, plan.payer, &today).await? {
        tx.quote_reopen(&quote.id, &id).await?;
        return Ok(Accepted::Off(why));
    }
    let hold = match reserve(tx, shop, press, &id, &plan).await? {
        Ok(hold) => hold,
        Err(refused) => {
            // Only money and free generations are refused here: there is no admin's to take back.
            tx.counter_add(&today, Counter::Generations, -1).await?;
            tx.quote_reopen(&quote.id, &id).await?;
            return Ok(refused);
        }
    };
    insert(tx, shop, press, quote, &id, plan, hold.as_ref()).await?;
    tx.model_day_add(&today, &quote.model_id).await?;
    queue::put(tx, &Job::Submit { generation: id.clone() }, press.corr, press.now).await?;
    let row = tx.generation_get(&id).await?;
    Ok(row.map_or(Accepted::NoQuote, |row| Accepted::Started(Box::new(row))))
}

/// Counts an order of today; what it is told of the day's limits holds until this transaction's end. `Some`: others took the last
/// one at this moment.
async fn count(tx: &mut TenantTx, shop: &Shop<'_>, payer: Payer, today: &str) -> Result<Option<Off>, GenerationError> {
    if payer == Payer::DryRun {
        tx.counter_add(today, Counter::Generations, 1).await?;
        return Ok(None);
    }
    let most = i64::from(shop.tenant.limits.generations_per_day);
    if !tx.counter_add_within(today, Counter::Generations, 1, most).await? {
        return Ok(Some(Off::DayLimit));
    }
    let most = i64::from(shop.settings.generation.admin_free_per_day);
    let on_the_shared_key = payer == Payer::Admin && shop.tenant.provider_key.is_none();
    if on_the_shared_key && !tx.counter_add_within(today, Counter::AdminFree, 1, most).await? {
        tx.counter_add(today, Counter::Generations, -1).await?;
        return Ok(Some(Off::AdminLimit));
    }
    Ok(None)
}

async fn insert(
    tx: &mut TenantTx,
    shop: &Shop<'_>,
    press: &Press<'_>,
    quote: &QuoteRow,
    id: &GenerationId,
    plan: Plan,
    hold: Option<&TransferId>,
) -> Result<(), GenerationError> {
    let kept = Kept::new(plan.deal);
    let (order, order_credits) = (&kept.deal.order, kept.deal.sold.credits);
    let new = NewGeneration {
        id,
        user_id: press.buyer.user.user_id,
        user_ref: &press.buyer.user.user_ref,
        chat_id: quote.chat_id,
        quote_id: &quote.id,
        model_id: &order.model,
        gen_type: order.gen_type.slug(),
        sealed: &kept.seal(shop.tenant)?,
        fingerprint: &quote.fingerprint,
        payer: plan.payer,
        price: plan.price,
        units: kept.deal.sold.units,
        hold_id: hold,
        callback_hash: &kept.token_hash(),
        progress_message_id: press.message(),
        progress_stage: Stage::Start.word(),
        corr: press.corr,
    };
    tx.generation_insert(&new, press.now).await?;
    if plan.payer != Payer::DryRun {
        tx.generation_expect(id, order_credits).await?;
    }
    Ok(())
}

/// Holds the price or reserves the free generations. The inner error is the answer when somebody was faster.
async fn reserve(
    tx: &mut TenantTx,
    shop: &Shop<'_>,
    press: &Press<'_>,
    id: &GenerationId,
    plan: &Plan,
) -> Result<Result<Option<TransferId>, Accepted>, GenerationError> {
    let user = &press.buyer.user.user_ref;
    match plan.payer {
        Payer::Admin | Payer::DryRun => Ok(Ok(None)),
        Payer::Money => match billing::hold(tx, user, id, 1, plan.price, press.corr, press.now).await? {
            Held::Placed(hold) => Ok(Ok(Some(hold))),
            Held::Insufficient(balance) => {
                Ok(Err(Accepted::Insufficient { need: plan.price, available: balance.available }))
            }
        },
        Payer::Free => {
            let (day, limit) = (shop.tenant.today(press.now), i64::from(shop.tenant.settings.free_per_day));
            if billing::free_reserve(tx, id, user, &day, plan.deal.sold.units, limit, press.now).await? {
                return Ok(Ok(None));
            }
            let (now, order) = (plan.deal.sold.price, plan.deal.order.clone());
            Ok(Err(Accepted::PriceChanged { was: Money::ZERO, now, order }))
        }
    }
}
