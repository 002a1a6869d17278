//! A person's own payments, from the balance and from /paysupport; each opens as a receipt again.

use super::list::{method_word, state_word};
use super::review::reason_word;
use crate::bot::callback::{Callback, PaymentsPress};
use crate::bot::error::TurnError;
use crate::bot::screens::{Screen, lines, nav};
use crate::bot::turn::{Turn, arg};
use crate::domain::outgoing::Keyboard;
use crate::domain::{InvoiceId, Money, PayMethod, PaymentId};
use crate::store::OwnPaymentRow;
use crate::texts::{Arg, Words};

/// Payments that are listed.
const LISTED: i64 = 10;

/// A payment, and when it came in the tenant's zone.
type Shown = (OwnPaymentRow, String);

/// A transfer that waits for its picture, and until when.
type Open = (InvoiceId, Money, String);

/// The list, newest first.
pub(super) struct Mine {
    /// What can still be paid: where to send it is lost from the chat sooner than its time is over.
    pub(super) open: Vec<Open>,
    pub(super) payments: Vec<Shown>,
}

impl Screen for Mine {
    fn text(&self, words: Words<'_>) -> String {
        let rows = self.payments.iter().map(|(row, at)| {
            let args = arg("amount", row.amount)
                .with("method", method_word(words, row.method))
                .with("state", state_word(words, row.method, row.state))
                .with("at", at);
            Some(words.fmt("mine-line", args))
        });
        let open = self.open.iter().map(|(_, amount, until)| {
            let method = method_word(words, PayMethod::Sbp);
            let state = words.get("invoice-state-open");
            let args = arg("amount", *amount).with("method", method).with("state", state).with("at", until);
            Some(words.fmt("mine-open", args))
        });
        let none = (self.payments.is_empty() && self.open.is_empty()).then(|| words.get("mine-none"));
        let hint = (!self.payments.is_empty()).then(|| words.get("mine-hint"));
        lines([Some(words.get("mine-title"))].into_iter().chain(open).chain(rows).chain([none, hint]))
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        let receipts: Vec<_> = self
            .payments
            .iter()
            .map(|(row, at)| {
                let day = at.split(' ').next().unwrap_or(at);
                let label = words.plain("btn-receipt", arg("amount", row.amount).with("at", day));
                Callback::Payments(PaymentsPress::Receipt(row.id.clone())).button(label)
            })
            .collect();
        let mut keyboard = Keyboard::new();
        for (id, amount, _) in &self.open {
            let pay = Callback::Payments(PaymentsPress::Resume(id.clone()));
            keyboard.push([pay.button(words.plain("btn-pay-open", arg("amount", *amount)))]);
        }
        keyboard.pairs(receipts).row(nav(words, &Callback::Balance))
    }
}

/// One payment in full.
pub(super) struct Receipt {
    pub(super) payment: Shown,
    /// Whom to ask about it.
    pub(super) support: Arg,
}

impl Screen for Receipt {
    fn text(&self, words: Words<'_>) -> String {
        let (row, at) = &self.payment;
        let stars = row.stars.map(|stars| words.fmt("receipt-stars", arg("xtr", stars)));
        let charge = row.charge_id.as_ref().map(|charge| words.fmt("receipt-charge", arg("charge", charge)));
        let reason =
            row.reason.as_ref().map(|reason| words.fmt("receipt-reason", arg("reason", reason_word(words, reason))));
        lines([
            Some(words.fmt("receipt-title", arg("number", row.id.short()))),
            Some(words.fmt("receipt-amount", arg("amount", row.amount))),
            stars,
            Some(words.fmt("receipt-method", arg("method", method_word(words, row.method)))),
            Some(words.fmt("receipt-at", arg("at", at))),
            Some(words.fmt("receipt-state", arg("state", state_word(words, row.method, row.state)))),
            reason,
            charge,
            Some(words.fmt("receipt-support", arg("support", self.support.clone()))),
        ])
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        Keyboard::new().row(nav(words, &Callback::Payments(PaymentsPress::Mine)))
    }
}

/// Shows the list.
pub(super) async fn show(turn: &mut Turn<'_>) -> Result<(), TurnError> {
    let zone = turn.tenant.zone().clone();
    let rows = turn.tx.own_payments(turn.user.user_id, LISTED).await?;
    let payments = rows.into_iter().map(|row| {
        let at = row.created_at.shown(&zone);
        (row, at)
    });
    let payments = payments.collect();
    let (user, now) = (turn.user.user_id, turn.now);
    let open = turn.tx.invoices_provable_of(user, now, now, LISTED).await?.into_iter().map(|row| {
        let until = row.expires_at.shown(&zone);
        (row.id, row.amount, until)
    });
    let open = open.collect();
    turn.show(&Mine { open, payments });
    Ok(())
}

/// Shows a receipt; somebody else's is none.
pub(super) async fn receipt(turn: &mut Turn<'_>, id: &PaymentId) -> Result<(), TurnError> {
    let Some(row) = turn.tx.own_payment(turn.user.user_id, id).await? else {
        turn.toast(turn.words().get("not-found"));
        return show(turn).await;
    };
    let at = row.created_at.shown(turn.tenant.zone());
    turn.show(&Receipt { payment: (row, at), support: turn.support() });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bot::screens::testing::{en, ru};
    use crate::domain::{PaymentState, UnixMs};

    fn payment(state: PaymentState) -> Shown {
        let row = OwnPaymentRow {
            id: PaymentId::parse("pay_abcdefghijkl").unwrap(),
            method: PayMethod::Stars,
            state,
            amount: Money::kopecks(5_000),
            stars: Some(80),
            charge_id: Some("stx<1>".to_owned()),
            reason: None,
            created_at: UnixMs(0),
        };
        (row, "22.11.2026 15:00".to_owned())
    }

    #[test]
    fn own_payments_are_listed_and_open_again() {
        insta::assert_snapshot!(ru(&Mine { open: Vec::new(), payments: vec![payment(PaymentState::Approved), payment(PaymentState::Refunded)] }), @"
            🧾 <b>Мои платежи</b>
            • 50 ₽ · Stars · зачислен · 22.11.2026 15:00
            • 50 ₽ · Stars · возвращён · 22.11.2026 15:00
            Нажмите на платёж, чтобы открыть чек.
            | 🧾 50 ₽ · 22.11.2026 [my_payment:abcdefghijkl] | 🧾 50 ₽ · 22.11.2026 [my_payment:abcdefghijkl] |
            | ◀️ Назад [check_balance] | 🏠 Главное меню [back_to_menu] |
            ");
        let open =
            (InvoiceId::from_short(&"a".repeat(10)).unwrap(), Money::kopecks(10_023), "23.11.2026 15:00".to_owned());
        insta::assert_snapshot!(ru(&Mine { open: vec![open], payments: Vec::new() }), @"
            🧾 <b>Мои платежи</b>
            • 100.23 ₽ · СБП · ждёт оплаты · до 23.11.2026 15:00
            | ▶️ Оплатить 100.23 ₽ [pay_resume:aaaaaaaaaa] |
            | ◀️ Назад [check_balance] | 🏠 Главное меню [back_to_menu] |
            ");
        insta::assert_snapshot!(en(&Mine { open: Vec::new(), payments: Vec::new() }), @"
            🧾 <b>My payments</b>
            No payments yet.
            | ◀️ Back [check_balance] | 🏠 Main menu [back_to_menu] |
            ");
    }

    #[test]
    fn a_receipt_says_everything_that_support_asks_for() {
        let receipt = Receipt { payment: payment(PaymentState::Approved), support: Arg::text("@help_desk") };
        insta::assert_snapshot!(ru(&receipt), @"
            🧾 <b>Платёж № abcdefghijkl</b>
            Сумма: 50 ₽
            Оплачено: 80 ⭐
            Способ: Stars
            Когда: 22.11.2026 15:00
            Состояние: зачислен
            Номер операции: <code>stx&lt;1&gt;</code>
            Вопросы по оплате: @help_desk
            | ◀️ Назад [my_payments] | 🏠 Главное меню [back_to_menu] |
            ");
        let shown = en(&receipt);
        assert!(shown.contains("stx&lt;1&gt;") && shown.contains("[my_payments]"), "{shown}");
    }
}
