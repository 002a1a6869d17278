//! S-20, the balance.

use super::admin::{self, Provider};
use super::{Screen, home, lines, menu};
use crate::billing::FreeQuota;
use crate::bot::callback::{BonusPress, Callback, PaymentsPress};
use crate::bot::error::TurnError;
use crate::bot::turn::{Turn, arg};
use crate::domain::Money;
use crate::domain::outgoing::Keyboard;
use crate::texts::Words;

/// S-20.
pub struct BalanceScreen {
    /// What can be spent.
    pub available: Money,
    /// What is reserved for generations in work.
    pub held: Money,
    /// What is owed after a refund.
    pub debt: Money,
    /// Free generations and their zone; `None` for admins and where there are none.
    pub free: Option<(FreeQuota, String)>,
    /// Earned free generations; not shown to admins, who need none.
    pub bank: i64,
    /// For whoever generates without limits: what there is to generate with.
    pub admin: Option<Provider>,
    /// A draft lives: the way back to it.
    pub draft: bool,
}

impl Screen for BalanceScreen {
    fn text(&self, words: Words<'_>) -> String {
        // The counter of a used-up day names the bank itself.
        let said = self.free.as_ref().is_some_and(|(free, _)| free.left == 0 && free.bank > 0);
        lines([
            Some(words.fmt("balance-available", arg("available", self.available))),
            self.held.is_positive().then(|| words.fmt("balance-held", arg("held", self.held))),
            self.debt.is_positive().then(|| words.fmt("balance-debt", arg("debt", self.debt))),
            self.free.as_ref().map(|(free, zone)| menu::free_counter(words, *free, zone)),
            (self.admin.is_none() && !said).then(|| words.fmt("balance-bank", arg("bank", self.bank))),
            self.admin.is_some().then(|| words.get("admin-free")),
            self.admin.as_ref().map(|provider| provider.line(words)),
        ])
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        let mut keyboard = Keyboard::new();
        if self.draft {
            keyboard.push([Callback::BackToConfirmation.button(words.get("btn-continue"))]);
        }
        keyboard
            .row([Callback::TopUp.button(words.get("btn-topup"))])
            .row([Callback::FreeTools.button(words.get("btn-fast-tools"))])
            .row([
                Callback::Bonus(BonusPress::Promo).button(words.get("btn-promo")),
                Callback::Bonus(BonusPress::Mine).button(words.get("btn-bonuses")),
            ])
            .row([
                Callback::MyGenerations.button(words.get("btn-my-generations")),
                Callback::Payments(PaymentsPress::Mine).button(words.get("btn-my-payments")),
            ])
            .row([Callback::Help.button(words.get("btn-help"))])
            .row([home(words)])
    }
}

/// Shows S-20.
pub async fn show(turn: &mut Turn<'_>) -> Result<(), TurnError> {
    let (balance, free, admin) = (turn.balance().await?, turn.free_quota().await?, turn.acts_as_admin());
    let bank = free.bank;
    let free = (!admin && free.total > 0).then(|| (free, turn.tenant.zone_name().to_owned()));
    let draft = turn.session.draft.is_some();
    let admin = if admin { Some(admin::provider(turn).await?) } else { None };
    turn.show(&BalanceScreen {
        available: balance.available,
        held: balance.held,
        debt: balance.debt,
        free,
        bank,
        admin,
        draft,
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bot::screens::testing::{en, ru};

    fn balance() -> BalanceScreen {
        BalanceScreen {
            available: Money::kopecks(5_050),
            held: Money::kopecks(1_414),
            debt: Money::ZERO,
            free: Some((FreeQuota { left: 0, total: 5, bank: 0 }, "Europe/Moscow".to_owned())),
            bank: 10,
            admin: None,
            draft: false,
        }
    }

    #[test]
    fn s20_shows_what_can_be_spent_and_what_is_reserved() {
        insta::assert_snapshot!(ru(&balance()), @"
            💰 Доступно: 50.50 ₽
            🔒 В работе: 14.14 ₽
            🎁 Бесплатных осталось сегодня: 0 из 5
            ⏳ Бесплатный лимит обновится завтра в 00:00 (Europe/Moscow).
            💳 Лимит на сегодня исчерпан — модели доступны по обычной цене.
            🎟 Бонусные генерации: 10
            | 💳 Пополнить [topup_balance] |
            | 🆓 FAST TOOLS [free_tools] |
            | 🎟 Промокод [promo_codes] | 🎁 Мои бонусы [my_bonuses] |
            | 📚 Мои генерации [my_generations] | 🧾 Мои платежи [my_payments] |
            | ❓ Помощь [help_menu] |
            | 🏠 Главное меню [back_to_menu] |
            ");
        insta::assert_snapshot!(en(&balance()), @"
            💰 Available: 50.50 ₽
            🔒 In work: 14.14 ₽
            🎁 Free today: 0 of 5 left
            ⏳ The free limit renews tomorrow at 00:00 (Europe/Moscow).
            💳 Today's limit is used up — models are available at their regular price.
            🎟 Bonus generations: 10
            | 💳 Top up [topup_balance] |
            | 🆓 FAST TOOLS [free_tools] |
            | 🎟 Promo code [promo_codes] | 🎁 My bonuses [my_bonuses] |
            | 📚 My generations [my_generations] | 🧾 My payments [my_payments] |
            | ❓ Help [help_menu] |
            | 🏠 Main menu [back_to_menu] |
            ");
    }

    #[test]
    fn s20_leaves_out_what_there_is_nothing_of_and_leads_back_to_a_draft() {
        let screen =
            BalanceScreen { held: Money::ZERO, free: None, admin: Some(Provider::Unknown), draft: true, ..balance() };
        insta::assert_snapshot!(ru(&screen), @"
            💰 Доступно: 50.50 ₽
            🎁 Админ: безлимитные генерации (квота не расходуется).
            🔌 Ресурс генераций: временно недоступен
            | ▶️ Продолжить [back_to_confirmation] |
            | 💳 Пополнить [topup_balance] |
            | 🆓 FAST TOOLS [free_tools] |
            | 🎟 Промокод [promo_codes] | 🎁 Мои бонусы [my_bonuses] |
            | 📚 Мои генерации [my_generations] | 🧾 Мои платежи [my_payments] |
            | ❓ Помощь [help_menu] |
            | 🏠 Главное меню [back_to_menu] |
            ");
    }

    #[test]
    fn s20_says_what_is_owed_and_that_a_top_up_repays_it_first() {
        let screen = BalanceScreen { available: Money::kopecks(-3_000), debt: Money::kopecks(3_000), ..balance() };
        let shown = ru(&screen);
        assert!(shown.starts_with("💰 Доступно: −30 ₽\n"), "{shown}");
        assert!(shown.contains("⚠️ Долг: 30 ₽. Следующее пополнение сначала закроет его."), "{shown}");
    }
}
