//! S-22: how to pay an amount, and what it suffices for.

use super::amount::{self, Guide};
use super::{allowed, payment_methods};
use crate::billing::stars_price;
use crate::bot::callback::{Callback, PaymentsPress};
use crate::bot::error::TurnError;
use crate::bot::screens::{Screen, lines, nav};
use crate::bot::turn::{Turn, arg};
use crate::domain::outgoing::Keyboard;
use crate::domain::{Money, PayMethod};
use crate::texts::Words;

/// S-22.
pub(super) struct Methods {
    amount: Money,
    guide: Guide,
    /// Its price in Stars, where they are taken.
    stars: Option<i64>,
    sbp: bool,
}

impl Methods {
    /// «Хватит примерно на …»: whole pictures and videos at the cheapest price.
    fn enough(&self, words: Words<'_>) -> Option<String> {
        let times = |price: Option<Money>| {
            let n = self.amount.as_kopecks().checked_div(price?.as_kopecks())?;
            (n > 0).then_some(n)
        };
        let images = times(self.guide.image).map(|n| words.plain("count-images", arg("n", n)));
        let videos = times(self.guide.video).map(|n| words.plain("count-videos", arg("n", n)));
        match (images, videos) {
            (Some(images), Some(videos)) => {
                Some(words.fmt("method-enough", arg("images", images).with("videos", videos)))
            }
            (Some(images), None) => Some(words.fmt("method-enough-images", arg("images", images))),
            (None, Some(videos)) => Some(words.fmt("method-enough-videos", arg("videos", videos))),
            (None, None) => None,
        }
    }
}

impl Screen for Methods {
    fn text(&self, words: Words<'_>) -> String {
        lines([Some(words.fmt("method-title", arg("amount", self.amount))), self.enough(words)])
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        let stars = self.stars.map(|xtr| {
            let press = Callback::Payments(PaymentsPress::Stars(self.amount));
            press.button(words.plain("btn-stars", arg("xtr", xtr)))
        });
        let sbp = self.sbp.then(|| {
            let press = Callback::Payments(PaymentsPress::Sbp(self.amount));
            press.button(words.plain("btn-sbp", arg("amount", self.amount)))
        });
        Keyboard::new().row(stars).row(sbp).row(nav(words, &Callback::TopUp))
    }
}

/// An amount was chosen: checked before anything is offered for it.
pub async fn methods(turn: &mut Turn<'_>, amount: Money) -> Result<(), TurnError> {
    turn.session.awaits = None;
    if !allowed(turn.tenant, amount) {
        return amount::refused(turn).await;
    }
    let offered = payment_methods(turn.tenant);
    let stars = offered.contains(&PayMethod::Stars).then(|| stars_price(amount, turn.tenant.settings.stars_rate));
    let screen =
        Methods { amount, guide: Guide::of(turn), stars: stars.flatten(), sbp: offered.contains(&PayMethod::Sbp) };
    if screen.stars.is_none() && !screen.sbp {
        return amount::off(turn);
    }
    turn.show(&screen);
    Ok(())
}

/// A way of paying that is off by now: said, with those that are on.
pub(super) async fn gone(turn: &mut Turn<'_>, amount: Money) -> Result<(), TurnError> {
    turn.alert(turn.words().get("method-off"));
    methods(turn, amount).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bot::screens::testing::{en, ru};

    #[test]
    fn s22_offers_what_is_on_and_says_what_the_amount_suffices_for() {
        let screen = Methods {
            amount: Money::kopecks(9_999),
            guide: Guide { image: Some(Money::kopecks(63)), video: Some(Money::kopecks(1_414)) },
            stars: Some(160),
            sbp: true,
        };
        insta::assert_snapshot!(ru(&screen), @"
            Сумма: 99.99 ₽
            Хватит примерно на 158 изображений или 7 видео
            | ⭐ Telegram Stars — 160 [pay_stars:99.99] |
            | 🏦 СБП — 99.99 ₽ [pay_sbp:99.99] |
            | ◀️ Назад [topup_balance] | 🏠 Главное меню [back_to_menu] |
            ");
        let one = Methods { sbp: false, guide: Guide::default(), ..screen };
        insta::assert_snapshot!(en(&one), @"
            Amount: 99.99 ₽
            | ⭐ Telegram Stars — 160 [pay_stars:99.99] |
            | ◀️ Back [topup_balance] | 🏠 Main menu [back_to_menu] |
            ");
    }
}
