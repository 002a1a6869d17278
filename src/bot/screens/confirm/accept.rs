//! «✅ Генерировать»: the offer of the pressed message becomes a generation, once (bot.md 9.1).

use super::{Insufficient, insufficient, offer, refused};
use crate::bot::error::TurnError;
use crate::bot::screens::models::find;
use crate::bot::screens::wizard::{self, Work};
use crate::bot::screens::{card, off, payments, progress, shop};
use crate::bot::session::{Draft, Stage};
use crate::bot::turn::{Turn, arg};
use crate::catalog::GenType;
use crate::domain::outgoing::Track;
use crate::domain::{Money, QuoteId};
use crate::generation::{self, Accepted, Buyer, Order, Press, WhichQuote};

/// Starts the generation that the pressed message offers.
pub async fn accept(turn: &mut Turn<'_>) -> Result<(), TurnError> {
    let Some(message) = turn.incoming.message else { return no_offer(turn).await };
    let by_message = WhichQuote::Message(turn.incoming.chat, message);
    let accepted = match (press(turn, by_message).await?, offered_here(turn)) {
        // The confirmation was sent but its id is not recorded yet: the session knows which offer it shows.
        (Accepted::NoQuote, Some(quote)) => press(turn, WhichQuote::Id(quote)).await?,
        (accepted, _) => accepted,
    };
    match accepted {
        Accepted::PriceChanged { .. } | Accepted::Expired(_) | Accepted::NotSold(_) if elsewhere(turn) => {
            no_offer(turn).await
        }
        Accepted::Started(row) => {
            ends_its_draft(turn);
            turn.wake_workers();
            let screen = progress::of_row(turn, &row);
            turn.show_tracked(&screen, Track::Progress(row.id.clone()));
            Ok(())
        }
        Accepted::Already(row) => {
            turn.toast(turn.words().get("already-running"));
            progress::show_row(turn, &row, Track::Progress(row.id.clone())).await
        }
        Accepted::Joined(row) => {
            ends_its_draft(turn);
            turn.toast(turn.words().get("already-running"));
            progress::show_row(turn, &row, Track::Nothing).await
        }
        Accepted::PriceChanged { was, now, order } => {
            let args = arg("before", was).with("after", now);
            turn.notice(turn.words().fmt("price-changed", args));
            again(turn, order).await
        }
        Accepted::Expired(order) => {
            turn.notice(turn.words().get("quote-renewed"));
            again(turn, order).await
        }
        Accepted::Insufficient { need, available } if elsewhere(turn) => {
            let topup_min = turn.tenant.settings.topup_min;
            turn.show(&Insufficient { need, available, topup_min, draft: false });
            Ok(())
        }
        Accepted::Insufficient { need, available } => insufficient(turn, need, available),
        Accepted::Debt(debt) => {
            let below = Money::kopecks(-debt.as_kopecks());
            let text = turn.words().plain("debt-blocks", arg("balance", below));
            turn.alert(text);
            payments::top_up(turn).await
        }
        Accepted::ParallelLimit(running) => {
            let text = turn.words().plain("parallel-limit", arg("n", running));
            turn.alert(text);
            Ok(())
        }
        Accepted::Off(why) => {
            turn.alert(turn.words().get(off::key(why)));
            off::tell_admins(turn, why).await
        }
        Accepted::NotSold(unsold) => match wizard::draft(turn).await? {
            Some(work) => refused(turn, work, unsold).await,
            None => Ok(()),
        },
        Accepted::NoQuote => no_offer(turn).await,
    }
}

/// Whether another request is being made than the one that the pressed message offers: whatever becomes of the older offer, the
/// present draft stays as it is (bot.md 16, A28).
fn elsewhere(turn: &Turn<'_>) -> bool {
    let (Some(anchor), Some(message)) = (turn.session.anchor, turn.incoming.message) else { return false };
    turn.session.draft.is_some() && !anchor.holds(message)
}

/// The request has become a generation: there is no draft of it any more.
fn ends_its_draft(turn: &mut Turn<'_>) {
    if !elsewhere(turn) {
        turn.session.draft = None;
        turn.session.anchor = None;
    }
}

async fn press(turn: &mut Turn<'_>, which: WhichQuote) -> Result<Accepted, TurnError> {
    let (shop, acts_as_admin) = (shop(turn), turn.acts_as_admin());
    let buyer = Buyer { user: &turn.user, acts_as_admin };
    let press = Press { which, buyer, corr: &turn.corr, now: turn.now };
    Ok(generation::accept(turn.tx, &shop, &press).await?)
}

/// The offer of the draft, when the pressed message is the one that shows it.
fn offered_here(turn: &Turn<'_>) -> Option<QuoteId> {
    let draft = turn.session.draft.as_ref().filter(|draft| draft.stage == Stage::Confirm)?;
    let holds = turn.session.anchor?.holds(turn.incoming.message?);
    draft.quote.clone().filter(|_| holds)
}

/// The order is offered anew, at today's price.
async fn again(turn: &mut Turn<'_>, order: Order) -> Result<(), TurnError> {
    let model = match find(turn, &order.model) {
        Ok(model) => model,
        Err(gone) => {
            turn.session.draft = None;
            return card::unavailable(turn, gone);
        }
    };
    let gen_type: GenType = order.gen_type;
    let known = turn.session.draft.clone().filter(|draft| draft.model == order.model);
    let mut draft = known.unwrap_or_else(|| Draft::new(model, gen_type, order.selection.clone(), false));
    draft.selection = order.selection;
    offer(turn, Work { draft, model }).await
}

/// No offer belongs to the message: told as for any button of an older step; a current one gets a new offer.
async fn no_offer(turn: &mut Turn<'_>) -> Result<(), TurnError> {
    match wizard::pressed(turn).await? {
        Some(work) => wizard::show_current(turn, work).await,
        None => Ok(()),
    }
}
