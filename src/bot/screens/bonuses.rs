//! S-39: what a person has been given, and the question for a promo code (bot.md 5.4, 12.4).

use super::{Screen, lines, nav};
use crate::billing::{self, PromoRules, Redeemed};
use crate::bot::awaits::{Awaits, PromoInput};
use crate::bot::callback::{BonusPress, Callback};
use crate::bot::error::TurnError;
use crate::bot::screens::{gift, promos};
use crate::bot::turn::{Turn, arg};
use crate::domain::outgoing::Keyboard;
use crate::domain::{Money, UnixMs};
use crate::texts::Words;

/// The gift wheel as one person finds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wheel {
    /// The tenant has none.
    Off,
    /// It can be turned.
    Ready,
    /// It was turned and gave this.
    Turned(Money),
}

/// S-39.
pub struct Bonuses {
    /// Earned and not used.
    pub bank: i64,
    /// A percent code waits until then.
    pub percent: Option<(i64, String)>,
    /// The gift wheel.
    pub wheel: Wheel,
    /// People who came by the link.
    pub invited: i64,
    /// A draft lives: the way back to it.
    pub draft: bool,
}

impl Screen for Bonuses {
    fn text(&self, words: Words<'_>) -> String {
        let percent =
            self.percent.as_ref().map(|(p, date)| words.fmt("bonuses-percent", arg("p", *p).with("date", date)));
        let wheel = match self.wheel {
            Wheel::Off => None,
            Wheel::Ready => Some(words.get("bonuses-wheel-ready")),
            Wheel::Turned(amount) => Some(words.fmt("bonuses-wheel-turned", arg("amount", amount))),
        };
        let facts = lines([
            Some(words.fmt("balance-bank", arg("bank", self.bank))),
            percent,
            wheel,
            Some(words.fmt("bonuses-invited", arg("n", self.invited))),
        ]);
        format!("{}\n\n{facts}", words.get("bonuses-title"))
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        let bonus = |press: BonusPress, key: &str| Callback::Bonus(press).button(words.get(key));
        Keyboard::new()
            .row(self.draft.then(|| Callback::BackToConfirmation.button(words.get("btn-continue"))))
            .row([bonus(BonusPress::Promo, "btn-promo")])
            .row((self.wheel == Wheel::Ready).then(|| bonus(BonusPress::Gift, "btn-gift")))
            .row([Callback::Referral.button(words.get("btn-referral"))])
            .row(nav(words, &Callback::Balance))
    }
}

/// S-39 asks for a code.
pub struct PromoQuestion;

impl Screen for PromoQuestion {
    fn text(&self, words: Words<'_>) -> String {
        words.get("promo-ask")
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        Keyboard::new()
            .row(nav(words, &Callback::BackToPreviousStep))
            .row([Callback::Cancel.button(words.get("btn-cancel"))])
    }
}

/// Answers a button of bonuses and promo codes.
pub async fn pressed(turn: &mut Turn<'_>, press: BonusPress) -> Result<(), TurnError> {
    match press {
        BonusPress::Gift => gift::claim(turn).await,
        BonusPress::Promo => ask(turn).await,
        BonusPress::Mine => show(turn).await,
        admins => promos::pressed(turn, admins).await,
    }
}

/// Answers what was typed.
pub async fn typed(turn: &mut Turn<'_>, input: PromoInput, text: Option<&str>) -> Result<(), TurnError> {
    match input {
        PromoInput::Code => code_typed(turn, text).await,
        PromoInput::Terms => promos::terms_typed(turn, text).await,
    }
}

/// «◀️ Назад» from a question: the screen that asked.
pub async fn leave(turn: &mut Turn<'_>, input: PromoInput) -> Result<(), TurnError> {
    match input {
        PromoInput::Code => show(turn).await,
        PromoInput::Terms => promos::pressed(turn, BonusPress::Codes).await,
    }
}

/// Shows S-39.
pub async fn show(turn: &mut Turn<'_>) -> Result<(), TurnError> {
    turn.session.awaits = None;
    let user = turn.user.user_ref.clone();
    let won = turn.tx.gift_get(&user).await?;
    let wheel = match won {
        Some(amount) => Wheel::Turned(amount),
        None if turn.tenant.settings.gift_offered() => Wheel::Ready,
        None => Wheel::Off,
    };
    let pending = turn.tx.promo_pending_get(&user, turn.now).await?;
    let screen = Bonuses {
        bank: turn.free_quota().await?.bank,
        percent: pending.map(|pending| (pending.percent, date(turn, pending.expires_at))),
        wheel,
        invited: turn.tx.referrals_of(&user).await?.invited,
        draft: turn.session.draft.is_some(),
    };
    turn.show(&screen);
    Ok(())
}

/// «🎟 Промокод»: the next text is a code, unless too many wrong ones were typed.
async fn ask(turn: &mut Turn<'_>) -> Result<(), TurnError> {
    if let Some(until) = billing::promo_closed(turn.tx, &turn.user.user_ref, turn.now).await? {
        turn.alert(wait(turn, until));
        return Ok(());
    }
    turn.session.awaits = Some(Awaits::Promo(PromoInput::Code));
    turn.show(&PromoQuestion);
    Ok(())
}

async fn code_typed(turn: &mut Turn<'_>, text: Option<&str>) -> Result<(), TurnError> {
    let words = turn.words();
    let Some(text) = text else {
        turn.notice(words.get("promo-bad"));
        return ask(turn).await;
    };
    let settings = &turn.platform.settings.bonuses;
    let rules = PromoRules {
        wrong_codes: settings.wrong_codes.into(),
        wrong_within: settings.wrong_within,
        bonus_life: settings.percent_life,
    };
    let redeemed = billing::promo_redeem(turn.tx, &turn.user.user_ref, text, &rules, &turn.corr, turn.now).await?;
    let said = match &redeemed {
        Redeemed::Credited(amount) => words.fmt("promo-ok", arg("amount", *amount)),
        Redeemed::Waits(pending) => {
            words.fmt("promo-ok-percent", arg("p", pending.percent).with("date", date(turn, pending.expires_at)))
        }
        Redeemed::Bad => words.get("promo-bad"),
        Redeemed::Expired => words.get("promo-expired"),
        Redeemed::Used => words.get("promo-used"),
        Redeemed::Over => words.get("promo-over"),
        Redeemed::AnotherWaits(pending) => {
            words.fmt("promo-waits", arg("p", pending.percent).with("date", date(turn, pending.expires_at)))
        }
        Redeemed::Closed(until) => wait(turn, *until),
    };
    turn.notice(said);
    // A typing error is corrected at once; everything else ends the question.
    if redeemed == Redeemed::Bad { ask(turn).await } else { show(turn).await }
}

/// «⏳ Слишком много попыток, попробуйте через {n} мин.»
fn wait(turn: &Turn<'_>, until: UnixMs) -> String {
    let minutes = until.since(turn.now).as_secs().div_ceil(60).max(1);
    turn.words().plain("promo-wait", arg("n", minutes))
}

fn date(turn: &Turn<'_>, at: UnixMs) -> String {
    at.shown(turn.tenant.zone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bot::screens::testing::{en, ru};

    #[test]
    fn s39_shows_what_there_is_and_what_can_be_had() {
        let screen = Bonuses {
            bank: 10,
            percent: Some((15, "22.12.2026 15:00".to_owned())),
            wheel: Wheel::Ready,
            invited: 2,
            draft: true,
        };
        insta::assert_snapshot!(ru(&screen), @"
            🎁 <b>Мои бонусы</b>

            🎟 Бонусные генерации: 10
            💫 Промокод: +15 % к следующему пополнению до 22.12.2026 15:00
            🎰 Колесо удачи: можно крутить
            👥 Приглашено друзей: 2
            | ▶️ Продолжить [back_to_confirmation] |
            | 🎟 Промокод [promo_codes] |
            | 🎁 Колесо удачи [claim_gift] |
            | 🤝 Партнёрка [referral_info] |
            | ◀️ Назад [check_balance] | 🏠 Главное меню [back_to_menu] |
            ");
        let little =
            Bonuses { bank: 0, percent: None, wheel: Wheel::Turned(Money::kopecks(1_234)), invited: 0, draft: false };
        insta::assert_snapshot!(en(&little), @"
            🎁 <b>My bonuses</b>

            🎟 Bonus generations: 0
            🎰 Wheel of fortune: you won 12.34 ₽
            👥 Friends invited: 0
            | 🎟 Promo code [promo_codes] |
            | 🤝 Referral [referral_info] |
            | ◀️ Back [check_balance] | 🏠 Main menu [back_to_menu] |
            ");
        assert!(!ru(&Bonuses { wheel: Wheel::Off, ..little }).contains("Колесо"));
    }

    #[test]
    fn the_question_for_a_code_can_be_left_and_given_up() {
        insta::assert_snapshot!(ru(&PromoQuestion), @"
            🎟 Введите промокод:
            | ◀️ Назад [back_to_previous_step] | 🏠 Главное меню [back_to_menu] |
            | ❌ Отмена [cancel] |
            ");
    }
}
