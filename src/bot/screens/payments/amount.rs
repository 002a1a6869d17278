//! S-21: how much to top up.

use super::{allowed, payment_methods, range};
use crate::bot::awaits::Awaits;
use crate::bot::callback::Callback;
use crate::bot::error::TurnError;
use crate::bot::screens::help::support_link;
use crate::bot::screens::{Screen, lines, nav};
use crate::bot::turn::{Turn, arg};
use crate::catalog::{Output, min_price};
use crate::domain::Money;
use crate::domain::outgoing::{Button, Keyboard};
use crate::texts::{Arg, Words};

/// Presets in a row.
const IN_A_ROW: usize = 3;

/// What the cheapest picture and video on sale cost.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Guide {
    pub(super) image: Option<Money>,
    pub(super) video: Option<Money>,
}

impl Guide {
    pub(super) fn of(turn: &Turn<'_>) -> Self {
        let cheapest = |output: Output| {
            let offered = turn.platform.catalog.models().iter().filter(|m| m.output == output && turn.tenant.offers(m));
            offered.filter_map(|model| min_price(model, turn.tenant.markup())).filter(|p| p.is_positive()).min()
        };
        Self { image: cheapest(Output::Image), video: cheapest(Output::Video) }
    }
}

/// S-21.
pub(super) struct AmountChoice {
    available: Money,
    min: Money,
    max: Money,
    guide: Guide,
    presets: Vec<Money>,
    draft: bool,
}

impl Screen for AmountChoice {
    fn text(&self, words: Words<'_>) -> String {
        let limits = arg("min", Arg::bare(self.min)).with("max", Arg::bare(self.max));
        let guide = match (self.guide.image, self.guide.video) {
            (Some(image), Some(video)) => Some(words.fmt("topup-guide", arg("image", image).with("video", video))),
            (Some(image), None) => Some(words.fmt("topup-guide-image", arg("image", image))),
            (None, Some(video)) => Some(words.fmt("topup-guide-video", arg("video", video))),
            (None, None) => None,
        };
        lines([
            Some(words.fmt("topup-title", arg("available", self.available))),
            Some(words.fmt("topup-choose", limits)),
            guide,
        ])
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        let mut keyboard = Keyboard::new();
        for row in self.presets.chunks(IN_A_ROW) {
            keyboard.push(row.iter().map(|amount| {
                Callback::TopUpAmount(*amount).button(words.plain("btn-amount", arg("amount", *amount)))
            }));
        }
        let back = if self.draft { Callback::BackToConfirmation } else { Callback::Balance };
        keyboard
            .row([Callback::TopUpCustom.button(words.get("btn-topup-custom"))])
            .row([Callback::Support.button(words.get("btn-support"))])
            .row(nav(words, &back))
    }
}

/// S-21 where nothing can be paid: whom to ask.
pub(super) struct TopUpOff {
    support: Arg,
    link: Option<Button>,
    draft: bool,
}

impl Screen for TopUpOff {
    fn text(&self, words: Words<'_>) -> String {
        words.fmt("topup-off", arg("support", self.support.clone()))
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        let back = if self.draft { Callback::BackToConfirmation } else { Callback::Balance };
        Keyboard::new().row(self.link.clone()).row(nav(words, &back))
    }
}

/// S-21 asks for an amount of one's own.
pub(super) struct AmountScreen {
    min: Money,
    max: Money,
}

impl Screen for AmountScreen {
    fn text(&self, words: Words<'_>) -> String {
        let limits = arg("min", Arg::bare(self.min)).with("max", Arg::bare(self.max));
        lines([Some(words.fmt("amount-range", limits)), Some(words.get("topup-ask"))])
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        Keyboard::new()
            .row([Callback::Cancel.button(words.get("btn-cancel"))])
            .row(nav(words, &Callback::BackToPreviousStep))
    }
}

/// «💳 Пополнить»: the draft is kept, whatever was asked is not.
pub async fn top_up(turn: &mut Turn<'_>) -> Result<(), TurnError> {
    turn.session.awaits = None;
    if payment_methods(turn.tenant).is_empty() {
        return off(turn);
    }
    let settings = &turn.tenant.settings;
    let screen = AmountChoice {
        available: turn.balance().await?.available,
        min: settings.topup_min,
        max: settings.topup_max,
        guide: Guide::of(turn),
        presets: settings.topup_presets.clone(),
        draft: turn.session.draft.is_some(),
    };
    turn.show(&screen);
    Ok(())
}

/// No way of paying is offered.
#[expect(clippy::unnecessary_wraps, reason = "ends a screen's function, which may fail")]
pub(super) fn off(turn: &mut Turn<'_>) -> Result<(), TurnError> {
    let link = support_link(turn.words(), &turn.tenant.settings.support_contact);
    let screen = TopUpOff { support: turn.support(), link, draft: turn.session.draft.is_some() };
    turn.show(&screen);
    Ok(())
}

/// «✏️ Другая сумма»: the next text is the amount.
pub async fn ask_amount(turn: &mut Turn<'_>) -> Result<(), TurnError> {
    if payment_methods(turn.tenant).is_empty() {
        return top_up(turn).await;
    }
    turn.session.awaits = Some(Awaits::TopUpAmount);
    let settings = &turn.tenant.settings;
    turn.show(&AmountScreen { min: settings.topup_min, max: settings.topup_max });
    Ok(())
}

/// The amount that was asked for: within the limits, or asked again with them (bot.md 5.3, S-21).
pub async fn amount_typed(turn: &mut Turn<'_>, text: Option<&str>) -> Result<(), TurnError> {
    match text.and_then(|text| Money::parse_roubles(text).ok()) {
        Some(amount) if allowed(turn.tenant, amount) => return super::methods(turn, amount).await,
        Some(amount) => turn.notice(turn.words().fmt("amount-outside", arg("amount", amount))),
        None => turn.notice(turn.words().get("amount-unread")),
    }
    ask_amount(turn).await
}

/// An amount that no limit allows: said, with S-21 (bot.md 4, AMT).
pub(super) async fn refused(turn: &mut Turn<'_>) -> Result<(), TurnError> {
    let text = range(turn, turn.words());
    turn.alert(text);
    top_up(turn).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bot::screens::testing::{en, ru};

    #[test]
    fn s21_offers_amounts_and_says_what_they_suffice_for() {
        let screen = AmountChoice {
            available: Money::kopecks(5_050),
            min: Money::kopecks(5_000),
            max: Money::kopecks(5_000_000),
            guide: Guide { image: Some(Money::kopecks(63)), video: Some(Money::kopecks(1_414)) },
            presets: vec![Money::kopecks(5_000), Money::kopecks(10_000), Money::kopecks(15_000)],
            draft: false,
        };
        insta::assert_snapshot!(ru(&screen), @"
            💳 Пополнение. Доступно: 50.50 ₽
            Выберите сумму (50–50 000 ₽).
            Ориентир: изображения от 0.63 ₽, видео от 14.14 ₽
            | 50 ₽ [topup_amount:50] | 100 ₽ [topup_amount:100] | 150 ₽ [topup_amount:150] |
            | ✏️ Другая сумма [topup_custom] |
            | 🆘 Поддержка [support_contact] |
            | ◀️ Назад [check_balance] | 🏠 Главное меню [back_to_menu] |
            ");
        assert!(en(&AmountChoice { draft: true, ..screen }).contains("[back_to_confirmation]"));
    }

    #[test]
    fn s21_without_a_method_says_whom_to_ask() {
        let screen = TopUpOff { support: Arg::text("@helper"), link: None, draft: false };
        insta::assert_snapshot!(ru(&screen), @"
            Пополнение временно недоступно. Напишите в поддержку: @helper
            | ◀️ Назад [check_balance] | 🏠 Главное меню [back_to_menu] |
            ");
        insta::assert_snapshot!(en(&TopUpOff { draft: true, ..screen }), @"
            Topping up is unavailable for now. Write to support: @helper
            | ◀️ Back [back_to_confirmation] | 🏠 Main menu [back_to_menu] |
            ");
    }
}
