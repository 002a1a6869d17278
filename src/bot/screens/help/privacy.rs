//! /privacy (S-35) and /paysupport.

use super::support_link;
use crate::bot::callback::Callback;
use crate::bot::error::TurnError;
use crate::bot::screens::{Screen, home, lines, nav};
use crate::bot::turn::{Turn, arg};
use crate::domain::outgoing::{Button, Keyboard};
use crate::texts::{Arg, Words};

/// S-35: what is stored, why and for how long.
pub struct Privacy {
    /// The partner's own policy.
    pub link: Option<String>,
    /// Whom to ask for one's data to be removed.
    pub support: Arg,
}

impl Screen for Privacy {
    fn text(&self, words: Words<'_>) -> String {
        let text = words.get("privacy-text");
        let tail = lines([
            Some(words.fmt("privacy-contact", arg("support", self.support.clone()))),
            self.link.as_ref().map(|link| words.fmt("privacy-link", arg("link", link))),
        ]);
        format!("{text}\n\n{tail}")
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        Keyboard::new().row([Callback::Support.button(words.get("btn-support"))]).row([home(words)])
    }
}

/// /paysupport: whom to ask about money. There are no invoices before there are payment methods.
pub struct PaySupport {
    /// Whom.
    pub support: Arg,
    /// Their link, if the contact is one.
    pub link: Option<Button>,
}

impl Screen for PaySupport {
    fn text(&self, words: Words<'_>) -> String {
        lines([Some(words.fmt("paysupport", arg("support", self.support.clone()))), Some(words.get("paysupport-none"))])
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        Keyboard::new().row(self.link.clone()).row(nav(words, &Callback::Balance))
    }
}

/// Shows S-35.
pub async fn privacy(turn: &mut Turn<'_>) -> Result<(), TurnError> {
    let url = turn.tenant.settings.privacy_url.trim();
    let screen = Privacy { link: (!url.is_empty()).then(|| url.to_owned()), support: turn.support() };
    turn.show(&screen);
    Ok(())
}

/// Shows whom to ask about payments.
pub async fn pay_support(turn: &mut Turn<'_>) -> Result<(), TurnError> {
    let link = support_link(turn.words(), &turn.tenant.settings.support_contact);
    let screen = PaySupport { support: turn.support(), link };
    turn.show(&screen);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bot::screens::testing::{en, ru};

    #[test]
    fn s35_says_what_is_kept_and_whom_to_ask() {
        let screen = Privacy { link: Some("https://example.com/privacy".to_owned()), support: Arg::text("@help_desk") };
        insta::assert_snapshot!(ru(&screen), @"
            🔒 <b>Ваши данные</b>
            <b>Что храним:</b> ваш Telegram id, имя и язык, баланс и платежи, запросы, загруженные файлы и результаты.
            <b>Зачем:</b> чтобы выполнить заказ, прислать результат ещё раз и разобраться, если что-то пошло не так.
            <b>Сколько:</b> файлы и результаты — 14 дней, скриншоты оплат — 90 дней, записи об ошибках — 30 дней, записи о деньгах — пока бот работает.
            Запросы и файлы хранятся в зашифрованном виде. Для выполнения заказа они передаются сервису генерации.

            🗑 Чтобы удалить ваши данные, напишите: @help_desk
            📄 Политика конфиденциальности: https://example.com/privacy
            | 🆘 Поддержка [support_contact] |
            | 🏠 Главное меню [back_to_menu] |
            ");
        assert!(en(&Privacy { link: None, ..screen }).contains("@help_desk"));
    }

    #[test]
    fn questions_of_money_have_an_address() {
        insta::assert_snapshot!(ru(&PaySupport { support: Arg::text("@help_desk"), link: None }), @"
            По вопросам оплаты: @help_desk. Укажите номер счёта.
            Счетов пока нет.
            | ◀️ Назад [check_balance] | 🏠 Главное меню [back_to_menu] |
            ");
    }
}
