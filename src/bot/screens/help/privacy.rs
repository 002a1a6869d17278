//! /privacy (S-35) and /paysupport. What «🗑 Удалить мои данные» does stands in `erase.rs`.

use std::time::Duration;

use super::support_link;
use crate::args;
use crate::bot::callback::{Callback, PaymentsPress, PrivacyPress};
use crate::bot::error::TurnError;
use crate::bot::screens::{Screen, home, lines, nav};
use crate::bot::turn::{Turn, arg};
use crate::domain::outgoing::{Button, Keyboard};
use crate::domain::{InvoiceState, Money, PayMethod};
use crate::texts::{Arg, Words};

/// S-35: what is stored, why and for how long.
pub struct Privacy {
    /// The partner's own policy.
    pub link: Option<String>,
    /// How long results and what people sent are kept.
    pub results: Duration,
    /// How long pictures of payments are kept.
    pub receipts: Duration,
    /// How long records of errors are kept.
    pub errors: Duration,
}

impl Screen for Privacy {
    fn text(&self, words: Words<'_>) -> String {
        let link = self.link.as_ref().map(|link| words.fmt("privacy-link", arg("link", link)));
        let [results, receipts, errors] = [self.results, self.receipts, self.errors].map(|long| words.span(long));
        let args = args![results = results, receipts = receipts, errors = errors];
        lines([Some(words.fmt("privacy-text", args)), link])
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        Keyboard::new()
            .row([Callback::Privacy(PrivacyPress::Ask).button(words.get("btn-privacy-delete"))])
            .row([home(words)])
    }
}

/// Invoices that /paysupport lists.
const INVOICES: i64 = 5;

/// An invoice as a line of /paysupport.
pub struct InvoiceLine {
    /// The number that people see.
    pub number: String,
    /// When it was made.
    pub at: String,
    /// What is to be credited.
    pub amount: Money,
    /// How it is paid.
    pub method: PayMethod,
    /// Where it stands.
    pub state: InvoiceState,
}

/// Where an invoice stands; of one whose money was taken back the same as its payment says.
fn invoice_state(words: Words<'_>, method: PayMethod, state: InvoiceState) -> String {
    match (state, method) {
        (InvoiceState::Closed, PayMethod::Sbp) => words.get("pay-state-reversed"),
        (InvoiceState::Closed, _) => words.get("pay-state-refunded"),
        _ => words.get(&format!("invoice-state-{}", state.as_str())),
    }
}

/// /paysupport: whom to ask about money, and what to name.
pub struct PaySupport {
    /// The last invoices, newest first.
    pub invoices: Vec<InvoiceLine>,
    /// Whom.
    pub support: Arg,
    /// Their link, if the contact is one.
    pub link: Option<Button>,
}

impl Screen for PaySupport {
    fn text(&self, words: Words<'_>) -> String {
        let mut text = vec![Some(words.fmt("paysupport", arg("support", self.support.clone())))];
        if self.invoices.is_empty() {
            text.push(Some(words.get("paysupport-none")));
        } else {
            text.push(Some(words.get("paysupport-invoices")));
        }
        text.extend(self.invoices.iter().map(|invoice| {
            let state = invoice_state(words, invoice.method, invoice.state);
            let args = arg("invoice", &invoice.number).with("date", &invoice.at).with("amount", invoice.amount);
            Some(words.fmt("paysupport-invoice", args.with("status", state)))
        }));
        lines(text)
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        Keyboard::new()
            .row(self.link.clone())
            .row([Callback::Payments(PaymentsPress::Mine).button(words.get("btn-my-payments"))])
            .row(nav(words, &Callback::Balance))
    }
}

/// Shows S-35.
pub async fn privacy(turn: &mut Turn<'_>) -> Result<(), TurnError> {
    let url = turn.tenant.settings.privacy_url.trim();
    let keep = &turn.platform.settings.retention;
    let link = (!url.is_empty()).then(|| url.to_owned());
    let screen = Privacy { link, results: keep.results, receipts: keep.receipts, errors: keep.errors };
    turn.show(&screen);
    Ok(())
}

/// Shows whom to ask about payments.
pub async fn pay_support(turn: &mut Turn<'_>) -> Result<(), TurnError> {
    let link = support_link(turn.words(), &turn.tenant.settings.support_contact);
    let zone = turn.tenant.zone().clone();
    let rows = turn.tx.invoices_of(turn.user.user_id, INVOICES).await?;
    let invoices = rows.into_iter().map(|row| InvoiceLine {
        number: row.id.short().to_owned(),
        at: row.created_at.shown(&zone),
        amount: row.amount,
        method: row.method,
        state: row.state,
    });
    let screen = PaySupport { invoices: invoices.collect(), support: turn.support(), link };
    turn.show(&screen);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bot::screens::testing::{en, ru};

    #[test]
    fn s35_says_what_is_kept_and_how_to_end_it() {
        let days = |n: u64| Duration::from_hours(24 * n);
        let screen = Privacy {
            link: Some("https://example.com/privacy".to_owned()),
            results: days(14),
            receipts: days(90),
            errors: days(30),
        };
        insta::assert_snapshot!(ru(&screen), @"
            🔒 <b>Ваши данные</b>
            <b>Что храним:</b> ваш Telegram id, имя и язык, баланс и платежи, запросы, загруженные файлы и результаты.
            <b>Зачем:</b> чтобы выполнить заказ, прислать результат ещё раз и разобраться, если что-то пошло не так.
            <b>Сколько:</b> файлы и результаты — 14 дней, скриншоты оплат — 90 дней, записи об ошибках — 30 дней, записи о деньгах — пока бот работает.
            Запросы и файлы хранятся в зашифрованном виде. Для выполнения заказа они передаются сервису генерации.
            📄 Политика конфиденциальности: https://example.com/privacy
            | 🗑 Удалить мои данные [privacy_delete] |
            | 🏠 Главное меню [back_to_menu] |
            ");
        let short = Privacy { link: None, results: days(1), receipts: days(2), errors: Duration::from_mins(1) };
        assert!(ru(&short).contains("результаты — 24 часа, скриншоты оплат — 2 дня, записи об ошибках — 1 минуту,"));
        assert!(en(&short).contains("results 24 hours, payment screenshots 2 days, error records 1 minute,"));
        assert!(en(&short).contains("[privacy_delete]"));
    }

    #[test]
    fn questions_of_money_have_an_address() {
        let none = PaySupport { invoices: Vec::new(), support: Arg::text("@help_desk"), link: None };
        insta::assert_snapshot!(ru(&none), @"
            По вопросам оплаты: @help_desk. Укажите номер счёта.
            Счетов пока нет.
            | 🧾 Мои платежи [my_payments] |
            | ◀️ Назад [check_balance] | 🏠 Главное меню [back_to_menu] |
            ");
        let line = |state| InvoiceLine {
            number: "abcdefghij".to_owned(),
            at: "22.11.2026 15:00".to_owned(),
            amount: Money::kopecks(5_017),
            method: PayMethod::Sbp,
            state,
        };
        let some = PaySupport { invoices: InvoiceState::ALL.iter().copied().map(line).collect(), ..none };
        assert!(ru(&some).contains("\n• № abcdefghij · 22.11.2026 15:00 · 50.17 ₽ · на проверке\n"), "{}", ru(&some));
        assert_eq!(en(&some).lines().filter(|line| line.contains("abcdefghij")).count(), 6);
        // The same words as of the payment.
        assert!(ru(&some).contains("50.17 ₽ · зачисление отменено"), "{}", ru(&some));
        let stars = InvoiceLine { method: PayMethod::Stars, ..line(InvoiceState::Closed) };
        assert!(ru(&PaySupport { invoices: vec![stars], ..some }).contains("50.17 ₽ · возвращён"));
    }
}
