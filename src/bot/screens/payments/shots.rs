//! The pictures of transfers, one by one, for admins (bot.md 5.5, S-42).

use super::ReviewCard;
use super::as_message;
use super::receipt::Outcome;
use crate::bot::callback::{AdminPress, Callback, PaymentsPress, ScreenshotTurn};
use crate::bot::error::TurnError;
use crate::bot::review::{self, Desk};
use crate::bot::screens::{Screen, home};
use crate::bot::turn::Turn;
use crate::domain::MessageClass;
use crate::domain::PaymentId;
use crate::domain::outgoing::{Keyboard, Outgoing};
use crate::texts::Words;

/// Pictures that can be turned through.
const PICTURES: i64 = 100;

/// One picture's words and buttons.
struct Shot {
    card: ReviewCard,
}

impl Screen for Shot {
    fn text(&self, words: Words<'_>) -> String {
        self.card.text(words)
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        let turned = |way: ScreenshotTurn, key: &'static str| {
            let press = PaymentsPress::Turn(way, Some(self.card.payment.clone()));
            Callback::Payments(press).button(words.get(key))
        };
        Keyboard::new()
            .row([turned(ScreenshotTurn::Prev, "btn-gallery-newer"), turned(ScreenshotTurn::Next, "btn-gallery-older")])
            .row([Callback::Admin(AdminPress::UserInfo(Some(self.card.user))).button(words.get("btn-review-user"))])
            .row([Callback::Payments(PaymentsPress::List).button(words.get("btn-back")), home(words)])
    }
}

/// «📸 Скриншоты»: the newest.
pub(super) async fn newest(turn: &mut Turn<'_>) -> Result<(), TurnError> {
    if let Some(id) = turn.tx.payments_with_picture(1).await?.pop() {
        return show(turn, &id).await;
    }
    turn.toast(turn.words().get("shots-none"));
    Ok(())
}

/// ◀️ ▶️: the neighbour takes the place of the picture, the ends are said.
pub(super) async fn step(turn: &mut Turn<'_>, way: ScreenshotTurn, from: Option<&PaymentId>) -> Result<(), TurnError> {
    let Some(from) = from else { return newest(turn).await };
    let ids = turn.tx.payments_with_picture(PICTURES).await?;
    let Some(at) = ids.iter().position(|id| id == from) else { return newest(turn).await };
    let next = match way {
        ScreenshotTurn::Prev => at.checked_sub(1),
        ScreenshotTurn::Next => Some(at + 1),
    };
    let Some(id) = next.and_then(|at| ids.get(at)) else {
        let key = if way == ScreenshotTurn::Prev { "shots-newest" } else { "shots-oldest" };
        turn.toast(turn.words().get(key));
        return Ok(());
    };
    if let Some(message) = turn.incoming.message {
        turn.push(Outgoing::Delete { message }, MessageClass::MayVanish);
    }
    show(turn, id).await
}

async fn show(turn: &mut Turn<'_>, id: &PaymentId) -> Result<(), TurnError> {
    let words = turn.words();
    let Some(payment) = turn.tx.payment_get(id).await? else {
        let message = as_message(&Outcome { html: words.get("not-found"), support: false }, words);
        turn.push(message, MessageClass::MayVanish);
        return Ok(());
    };
    let desk = Desk::of(turn);
    let shot = Shot { card: review::card(turn.tx, &desk, &payment).await? };
    let outgoing = review::copy(turn.tx, &payment, (shot.text(words), shot.keyboard(words)), false).await?;
    turn.push(outgoing, MessageClass::MayVanish);
    Ok(())
}
