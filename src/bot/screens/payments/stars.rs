//! S-26: an invoice in Telegram Stars, and what Telegram tells of charges (bot.md 11.4).

use super::{PaidScreen, allowed, amount, as_message, count, method, payment_methods};
use crate::billing::{self, Charge, Charged, Paid, Payer, WentBack};
use crate::bot::callback::Callback;
use crate::bot::error::TurnError;
use crate::bot::screens::{Screen, nav};
use crate::bot::turn::{Turn, arg};
use crate::bot::update::StarsPayment;
use crate::domain::outbox::MessageClass;
use crate::domain::outgoing::{Keyboard, Outgoing};
use crate::domain::{Money, PayMethod};
use crate::texts::{Arg, Words};

/// Below the invoice: what to press, and the ways back.
struct Hint {
    amount: Money,
}

impl Screen for Hint {
    fn text(&self, words: Words<'_>) -> String {
        words.get("stars-hint")
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        Keyboard::new().row(nav(words, &Callback::TopUpAmount(self.amount)))
    }
}

/// «↩️ Возврат {xtr} ⭐ выполнен.»
struct Returned {
    stars: i64,
    /// What a percent code had added.
    bonus: Money,
    debt: Money,
}

impl Screen for Returned {
    fn text(&self, words: Words<'_>) -> String {
        let debt = self.debt.is_positive().then(|| words.fmt("balance-debt", arg("debt", self.debt)));
        let bonus = self.bonus.is_positive().then(|| words.fmt("bonus-returned", arg("bonus", self.bonus)));
        super::super::lines([Some(words.fmt("stars-returned", arg("xtr", self.stars))), bonus, debt])
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        Keyboard::new().row(nav(words, &Callback::Balance))
    }
}

/// «⭐ Telegram Stars»: a request is opened and its invoice sent.
pub(super) async fn open(turn: &mut Turn<'_>, amount: Money) -> Result<(), TurnError> {
    turn.session.awaits = None;
    if !allowed(turn.tenant, amount) {
        return amount::refused(turn).await;
    }
    if !payment_methods(turn.tenant).contains(&PayMethod::Stars) {
        return method::gone(turn, amount).await;
    }
    let life = turn.platform.settings.payments.invoice_life;
    let user = turn.user.clone();
    let payer =
        Payer { user_id: user.user_id, user_ref: &user.user_ref, corr: &turn.corr.clone(), now: turn.now, life };
    let rate = turn.tenant.settings.stars_rate;
    let Some(invoice) = billing::open_stars(turn.tx, &payer, amount, rate).await? else {
        return method::gone(turn, amount).await;
    };
    let (words, brand) = (turn.words(), turn.tenant.settings.brand.trim());
    let description = if brand.is_empty() {
        words.get("stars-description-plain")
    } else {
        words.plain("stars-description", arg("brand", brand))
    };
    let title = words.plain("stars-title", arg("amount", amount));
    let stars = invoice.stars.unwrap_or_default();
    turn.keep_pressed_message();
    turn.push(Outgoing::Invoice { invoice: invoice.id, title, description, stars }, MessageClass::MayVanish);
    turn.show(&Hint { amount });
    Ok(())
}

/// Telegram says that Stars were paid: credited at once, whatever else is (bot.md 2.1, row 3).
pub async fn paid(turn: &mut Turn<'_>, paid: &StarsPayment) -> Result<(), TurnError> {
    let charge = Charge {
        id: &paid.telegram_payment_charge_id,
        payload: &paid.invoice_payload,
        stars: paid.total_amount,
        listed: false,
    };
    if paid.is_recurring {
        // Subscriptions are never sold here; money that came for one is credited, and admins look at it.
        tracing::warn!("a recurring charge came, though no subscription is sold");
    }
    receipt(turn, &charge).await
}

/// Credits a charge and says so. For charges that Telegram's own list brought, too.
pub async fn receipt(turn: &mut Turn<'_>, charge: &Charge<'_>) -> Result<(), TurnError> {
    let rate = turn.tenant.settings.stars_rate;
    let (user, corr) = (turn.user.clone(), turn.corr.clone());
    match billing::charge_stars(turn.tx, &user, charge, rate, &corr, turn.now).await? {
        Charged::Credited { amount, top_up, unknown, .. } => {
            tracing::info!(amount = amount.as_kopecks(), unknown, "Stars were credited");
            count::credited(turn, PayMethod::Stars, amount).await?;
            let screen = PaidScreen {
                amount,
                repaid: top_up.repaid,
                bonus: top_up.bonus,
                available: turn.balance().await?.available,
                draft: turn.session.draft.is_some(),
            };
            let message = as_message(&screen, turn.words());
            turn.push(message, MessageClass::MustArrive);
            if unknown {
                tell_of_unknown(turn, charge, "admin-stars-unknown-credited").await?;
            }
            Ok(())
        }
        Charged::Waiting(_) => {
            tracing::warn!("a charge that no request explains waits for Telegram's own list");
            let every = turn.words().span(turn.platform.settings.payments.stars_check_every);
            turn.notice(turn.words().fmt("stars-waiting", arg("time", every)));
            tell_of_unknown(turn, charge, "admin-stars-unknown").await
        }
        Charged::Before => {
            turn.stay_silent();
            Ok(())
        }
        Charged::Nothing => {
            tracing::error!(stars = charge.stars, "a charge is worth nothing here");
            turn.stay_silent();
            tell_of_unknown(turn, charge, "admin-stars-unknown").await
        }
    }
}

async fn tell_of_unknown(turn: &mut Turn<'_>, charge: &Charge<'_>, key: &'static str) -> Result<(), TurnError> {
    let (user, stars) = (turn.user.user_id, charge.stars);
    let make = |words: Words<'_>| {
        let args = arg("user", Arg::shown(user)).with("xtr", stars);
        super::plain(words.fmt(key, args))
    };
    turn.tell_admins(make).await
}

/// Telegram says that Stars went back.
pub async fn went_back(turn: &mut Turn<'_>, back: &StarsPayment) -> Result<(), TurnError> {
    let charge = &back.telegram_payment_charge_id;
    let corr = turn.corr.clone();
    match billing::stars_went_back(turn.tx, charge, &corr, turn.now).await? {
        went @ (WentBack::Taken(_) | WentBack::Settled) => {
            tracing::info!(stars = back.total_amount, "Stars went back");
            if let WentBack::Taken(taken) = went {
                count::went_back(turn, PayMethod::Stars, taken.money()).await?;
            }
            returned(turn, Some(charge), back.total_amount).await
        }
        WentBack::Before => {
            turn.stay_silent();
            Ok(())
        }
        WentBack::Unknown => {
            tracing::error!("Stars of an unknown charge went back");
            turn.stay_silent();
            Ok(())
        }
    }
}

/// Says that Stars went back, in the person's own chat.
pub(super) async fn returned(turn: &mut Turn<'_>, charge: Option<&str>, stars: i64) -> Result<(), TurnError> {
    let bonus = match charge {
        Some(charge) => billing::bonus_of(turn.tx, Paid::Stars(charge)).await?,
        None => Money::ZERO,
    };
    let screen = Returned { stars, bonus, debt: turn.balance().await?.debt };
    let message = as_message(&screen, turn.words());
    turn.push(message, MessageClass::MustArrive);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bot::screens::testing::{en, ru};

    #[test]
    fn money_that_came_leads_back_to_the_generation() {
        let screen = PaidScreen {
            amount: Money::kopecks(10_000),
            repaid: Money::ZERO,
            bonus: Money::kopecks(1_500),
            available: Money::kopecks(12_345),
            draft: true,
        };
        insta::assert_snapshot!(ru(&screen), @"
            ✅ Оплата получена: +100 ₽. Доступно: 123.45 ₽.
            🎁 Бонус по промокоду: +15 ₽
            | ▶️ Вернуться к генерации [back_to_confirmation] |
            | 🏠 Главное меню [back_to_menu] |
            ");
        let repaid = PaidScreen { repaid: Money::kopecks(3_000), bonus: Money::ZERO, draft: false, ..screen };
        insta::assert_snapshot!(ru(&repaid), @"
            ✅ Оплата получена: +100 ₽. Доступно: 123.45 ₽.
            Из них 30 ₽ закрыли долг.
            | 🏠 Главное меню [back_to_menu] |
            ");
        assert!(en(&repaid).contains("30 ₽"));
    }

    #[test]
    fn s26_says_what_to_press_and_a_refund_what_came_back() {
        insta::assert_snapshot!(ru(&Hint { amount: Money::kopecks(5_000) }), @"
            Нажмите «Оплатить» в счёте выше.
            | ◀️ Назад [topup_amount:50] | 🏠 Главное меню [back_to_menu] |
            ");
        insta::assert_snapshot!(ru(&Returned { stars: 160, bonus: Money::ZERO, debt: Money::kopecks(3_000) }), @"
            ↩️ Возврат 160 ⭐ выполнен.
            ⚠️ Долг: 30 ₽. Следующее пополнение сначала закроет его.
            | ◀️ Назад [check_balance] | 🏠 Главное меню [back_to_menu] |
            ");
    }
}
