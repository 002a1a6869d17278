//! S-20, the balance, and S-21, topping it up.

use super::{Screen, home, lines, menu, nav};
use crate::billing::FreeQuota;
use crate::bot::callback::Callback;
use crate::bot::error::TurnError;
use crate::bot::turn::{Turn, arg};
use crate::domain::Money;
use crate::domain::outgoing::{Button, Keyboard};
use crate::tenants::Tenant;
use crate::texts::{Arg, Words};

/// A way of paying.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {}

/// The ways of paying that this bot really takes. None is built into this release: Stars and SBP come with theirs.
pub fn payment_methods(_tenant: &Tenant) -> Vec<Method> {
    Vec::new()
}

/// S-20.
pub struct BalanceScreen {
    /// What can be spent.
    pub available: Money,
    /// What is reserved for generations in work.
    pub held: Money,
    /// Free generations and their zone; `None` for admins and where there are none.
    pub free: Option<(FreeQuota, String)>,
    /// Generates without limits.
    pub admin: bool,
    /// A draft lives: the way back to it.
    pub draft: bool,
}

impl Screen for BalanceScreen {
    fn text(&self, words: Words<'_>) -> String {
        lines([
            Some(words.fmt("balance-available", arg("available", self.available))),
            self.held.is_positive().then(|| words.fmt("balance-held", arg("held", self.held))),
            self.free.as_ref().map(|(free, zone)| menu::free_counter(words, *free, zone)),
            self.admin.then(|| words.get("admin-free")),
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
            .row([Callback::MyGenerations.button(words.get("btn-my-generations"))])
            .row([Callback::Help.button(words.get("btn-help"))])
            .row([home(words)])
    }
}

/// S-21 where nothing can be paid: whom to ask.
pub struct TopUpOff {
    /// Whom.
    pub support: Arg,
    /// Their link, if the contact is one.
    pub link: Option<Button>,
    /// A draft lives: the way back to it.
    pub draft: bool,
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

/// Shows S-20.
pub async fn show(turn: &mut Turn<'_>) -> Result<(), TurnError> {
    let (balance, free, admin) = (turn.balance().await?, turn.free_quota().await?, turn.acts_as_admin());
    let free = (!admin && free.total > 0).then(|| (free, turn.tenant.zone_name().to_owned()));
    let draft = turn.session.draft.is_some();
    turn.show(&BalanceScreen { available: balance.available, held: balance.held, free, admin, draft });
    Ok(())
}

/// «💳 Пополнить»: the draft is kept.
pub async fn top_up(turn: &mut Turn<'_>) -> Result<(), TurnError> {
    methods(turn, turn.tenant.settings.topup_min).await
}

/// An amount was chosen: checked before anything is offered for it (bot.md 4, AMT).
#[expect(clippy::unused_async, reason = "screens are shown alike, whether they read or not")]
pub async fn methods(turn: &mut Turn<'_>, amount: Money) -> Result<(), TurnError> {
    let (least, most) = (turn.tenant.settings.topup_min, turn.tenant.settings.topup_max);
    if !(least..=most).contains(&amount) {
        let text = turn.words().plain("amount-range", arg("min", Arg::bare(least)).with("max", Arg::bare(most)));
        turn.alert(text);
    }
    // Every method that exists gets its row here; without one, the person is told whom to ask.
    if let Some(never) = payment_methods(turn.tenant).first() {
        match *never {}
    }
    let link = super::help::support_link(turn.words(), &turn.tenant.settings.support_contact);
    let screen = TopUpOff { support: turn.support(), link, draft: turn.session.draft.is_some() };
    turn.show(&screen);
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
            free: Some((FreeQuota { left: 0, total: 5 }, "Europe/Moscow".to_owned())),
            admin: false,
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
            | 💳 Пополнить [topup_balance] |
            | 🆓 FAST TOOLS [free_tools] |
            | 📚 Мои генерации [my_generations] |
            | ❓ Помощь [help_menu] |
            | 🏠 Главное меню [back_to_menu] |
            ");
        insta::assert_snapshot!(en(&balance()), @"
            💰 Available: 50.50 ₽
            🔒 In work: 14.14 ₽
            🎁 Free today: 0 of 5 left
            ⏳ The free limit renews tomorrow at 00:00 (Europe/Moscow).
            💳 Today's limit is used up — models are available at their regular price.
            | 💳 Top up [topup_balance] |
            | 🆓 FAST TOOLS [free_tools] |
            | 📚 My generations [my_generations] |
            | ❓ Help [help_menu] |
            | 🏠 Main menu [back_to_menu] |
            ");
    }

    #[test]
    fn s20_leaves_out_what_there_is_nothing_of_and_leads_back_to_a_draft() {
        let screen = BalanceScreen { held: Money::ZERO, free: None, admin: true, draft: true, ..balance() };
        insta::assert_snapshot!(ru(&screen), @"
            💰 Доступно: 50.50 ₽
            🎁 Админ: безлимитные генерации (квота не расходуется).
            | ▶️ Продолжить [back_to_confirmation] |
            | 💳 Пополнить [topup_balance] |
            | 🆓 FAST TOOLS [free_tools] |
            | 📚 Мои генерации [my_generations] |
            | ❓ Помощь [help_menu] |
            | 🏠 Главное меню [back_to_menu] |
            ");
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
