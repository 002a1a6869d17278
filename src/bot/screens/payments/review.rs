//! S-51: a transfer under review, for its admins: the card, the reasons of a refusal, the queue (bot.md 5.5, 11.3).

use super::as_message;
use super::receipt::Outcome;
use crate::bot::awaits::{Awaits, PaymentsInput};
use crate::bot::callback::{AdminPress, Callback, PaymentsPress, RejectReason};
use crate::bot::error::TurnError;
use crate::bot::review::{self, Decided, Desk, Reviewer};
use crate::bot::screens::{Screen, home, lines, nav};
use crate::bot::turn::{Turn, arg};
use crate::domain::outgoing::{Keyboard, Outgoing};
use crate::domain::receipt::{Reading, ReceiptFlags};
use crate::domain::{AuditDoor, InvoiceId, MessageClass, Money, PaymentId, PaymentState, REASON, UserId};
use crate::store::PaymentRow;
use crate::tenants::Tenant;
use crate::texts::{Arg, Words};

/// Sums of a receipt that the card names.
const SUMS: usize = 5;

/// S-51.
#[derive(Debug, Clone)]
pub struct ReviewCard {
    /// The payment.
    pub payment: PaymentId,
    /// Its request's number.
    pub invoice: String,
    /// Who sent it.
    pub user: UserId,
    /// As they are called, where known.
    pub name: Option<String>,
    /// What is to be paid.
    pub amount: Money,
    /// What was read in the picture.
    pub reading: Option<Reading>,
    /// What is odd, as words with commas.
    pub flags: String,
    /// Who sent it has asked to be erased, which waits for the decision.
    pub erasure: bool,
    /// Which picture of its request, and how many there may be.
    pub attempt: (i64, i64),
    /// Since when it waits, in the tenant's zone.
    pub since: String,
    /// Who approved first, where two must.
    pub first: Option<String>,
    /// Where it stands.
    pub state: PaymentState,
    /// Who decided, once somebody has.
    pub decided: Option<String>,
    /// Why it was refused: a button's word or the reviewer's own.
    pub reason: Option<String>,
    /// Others that wait, where this one is decided.
    pub waiting: i64,
}

impl ReviewCard {
    fn read(&self, words: Words<'_>) -> Vec<Option<String>> {
        let Some(reading) = &self.reading else { return Vec::new() };
        let sums: Vec<String> = reading.amounts.iter().take(SUMS).map(Money::to_string).collect();
        let amounts = if sums.is_empty() {
            words.get("review-read-none")
        } else {
            words.fmt("review-read", arg("amounts", sums.join(", ")))
        };
        let matches = if reading.has_exactly(self.amount) {
            "review-amount-exact"
        } else if reading.has_about(self.amount) {
            "review-amount-about"
        } else {
            "review-amount-other"
        };
        let keywords = if reading.keywords.is_empty() { "—".to_owned() } else { reading.keywords.join(", ") };
        vec![
            Some(amounts),
            Some(words.get(matches)),
            Some(words.fmt("review-keywords", arg("words", keywords))),
            Some(words.get(if reading.phone { "review-phone-yes" } else { "review-phone-no" })),
        ]
    }

    fn verdict(&self, words: Words<'_>) -> Option<String> {
        let who = arg("who", self.decided.as_ref()?);
        Some(match self.state {
            PaymentState::Approved => words.fmt("review-approved", who),
            PaymentState::Rejected => {
                let reason = self.reason.as_deref().unwrap_or_default();
                words.fmt("review-rejected", who.with("reason", reason_word(words, reason)))
            }
            PaymentState::Refunded | PaymentState::Refunding => words.get("review-reversed"),
            _ => words.get("review-superseded"),
        })
    }
}

impl Screen for ReviewCard {
    fn text(&self, words: Words<'_>) -> String {
        let user = match &self.name {
            Some(name) => words.fmt("review-user-named", arg("id", Arg::shown(self.user)).with("name", name)),
            None => words.fmt("review-user", arg("id", Arg::shown(self.user))),
        };
        let mut all = vec![
            Some(words.fmt("review-title", arg("invoice", &self.invoice))),
            Some(user),
            Some(words.fmt("review-asked", arg("amount", self.amount))),
        ];
        all.extend(self.read(words));
        let flags = ReceiptFlags::read(&self.flags);
        all.extend(flags.into_iter().map(|flag| Some(words.get(&format!("review-flag-{}", flag.as_str())))));
        all.push(self.erasure.then(|| words.get("review-erasure")));
        all.push(Some(words.fmt("review-attempt", arg("k", self.attempt.0).with("n", self.attempt.1))));
        if let Some(verdict) = self.verdict(words) {
            all.push(Some(verdict));
        } else {
            all.push(Some(words.fmt("review-since", arg("at", &self.since))));
            all.push(self.first.as_ref().map(|who| words.fmt("review-first", arg("who", who))));
        }
        lines(all)
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        let press = |press: PaymentsPress, text: String| Callback::Payments(press).button(text);
        let person = Callback::Admin(AdminPress::UserInfo(Some(self.user))).button(words.get("btn-review-user"));
        let back = press(PaymentsPress::List, words.get("btn-back"));
        if self.decided.is_some() {
            let next = (self.waiting > 0)
                .then(|| press(PaymentsPress::Queue, words.plain("btn-admin-queue", arg("n", self.waiting))));
            return Keyboard::new().row(next).row([person]).row([back, home(words)]);
        }
        let id = &self.payment;
        Keyboard::new()
            .row([
                press(PaymentsPress::Approve(id.clone()), words.get("btn-review-approve")),
                press(PaymentsPress::Reject(id.clone()), words.get("btn-review-reject")),
            ])
            .row([person])
            .row([back, home(words)])
    }
}

/// A reason as people read it: a button's word in their language, anything else as it was written.
pub(crate) fn reason_word(words: Words<'_>, reason: &str) -> String {
    match RejectReason::parse(reason) {
        Some(RejectReason::Other) | None => reason.to_owned(),
        Some(known) => words.get(&format!("reject-reason-{}", known.word())),
    }
}

/// What the payer reads of a refusal (bot.md 15.4, `pay_rejected`).
pub(crate) fn refused(tenant: &Tenant, words: Words<'_>, payment: &PaymentRow, reason: &str, left: i64) -> Outgoing {
    let rejected = words.fmt("pay-rejected", arg("reason", reason_word(words, reason)).with("n", left));
    let invoice = payment.invoice_id.as_ref().map(InvoiceId::short).unwrap_or_default();
    let next = if left > 0 {
        words.fmt("sbp-send-again", arg("invoice", invoice))
    } else {
        let contact = tenant.settings.support_contact.trim();
        let support = if contact.is_empty() { words.get("support-none") } else { contact.to_owned() };
        words.fmt("pay-attempts-over", arg("support", support).with("invoice", invoice))
    };
    as_message(&Outcome { html: lines([Some(rejected), Some(next)]), support: true }, words)
}

/// What the payer reads when an approved transfer was taken back.
pub(crate) struct Reversed {
    pub(crate) amount: Money,
    /// What a percent code had added.
    pub(crate) bonus: Money,
    pub(crate) debt: Money,
}

impl Screen for Reversed {
    fn text(&self, words: Words<'_>) -> String {
        let debt = self.debt.is_positive().then(|| words.fmt("balance-debt", arg("debt", self.debt)));
        let bonus = self.bonus.is_positive().then(|| words.fmt("bonus-returned", arg("bonus", self.bonus)));
        lines([Some(words.fmt("sbp-reversed", arg("amount", self.amount))), bonus, debt])
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        Keyboard::new().row([Callback::Support.button(words.get("btn-support"))]).row(nav(words, &Callback::Balance))
    }
}

/// Why a transfer is refused.
struct Reasons {
    payment: PaymentId,
    invoice: String,
}

impl Screen for Reasons {
    fn text(&self, words: Words<'_>) -> String {
        words.fmt("review-why", arg("invoice", &self.invoice))
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        let reasons = RejectReason::ALL.map(|reason| {
            let press = PaymentsPress::RejectAs(self.payment.clone(), reason);
            Callback::Payments(press).button(words.get(&format!("btn-reject-{}", reason.word())))
        });
        Keyboard::new().pairs(reasons).row(nav(words, &Callback::Payments(PaymentsPress::Queue)))
    }
}

/// A reason of the reviewer's own is asked.
struct OwnReason;

impl Screen for OwnReason {
    fn text(&self, words: Words<'_>) -> String {
        words.get("review-reason-ask")
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        Keyboard::new()
            .row([Callback::Cancel.button(words.get("btn-cancel"))])
            .row(nav(words, &Callback::BackToPreviousStep))
    }
}

/// Below a reminder: the queue, and the ways on.
pub fn reminder_keyboard(words: Words<'_>, waiting: i64) -> Keyboard {
    let queue = Callback::Payments(PaymentsPress::Queue).button(words.plain("btn-admin-queue", arg("n", waiting)));
    Keyboard::new().row([queue]).row(nav(words, &Callback::Payments(PaymentsPress::List)))
}

fn reviewer(turn: &Turn<'_>) -> Reviewer {
    Reviewer { user: turn.user.user_id, door: AuditDoor::Telegram }
}

fn tell(turn: &mut Turn<'_>, decided: Decided) {
    turn.toast(decided.answer.said(turn.words()));
    for (chat, outgoing) in decided.news {
        turn.tell_message(chat, outgoing);
    }
}

/// «⏳ На проверке»: the oldest one.
pub(super) async fn queue(turn: &mut Turn<'_>) -> Result<(), TurnError> {
    let Some(oldest) = turn.tx.payments_review_oldest(1).await?.pop() else {
        turn.toast(turn.words().get("review-queue-empty"));
        return Ok(());
    };
    show(turn, &oldest).await
}

async fn show(turn: &mut Turn<'_>, payment: &PaymentRow) -> Result<(), TurnError> {
    let desk = Desk::of(turn);
    let card = review::card(turn.tx, &desk, payment).await?;
    let shown = (card.text(turn.words()), card.keyboard(turn.words()));
    let outgoing = review::copy(turn.tx, payment, shown, true).await?;
    turn.push(outgoing, MessageClass::MayVanish);
    Ok(())
}

/// «✅ Одобрить».
pub(super) async fn approve(turn: &mut Turn<'_>, id: &PaymentId) -> Result<(), TurnError> {
    let (desk, by) = (Desk::of(turn), reviewer(turn));
    let decided = review::approve(turn.tx, &desk, id, by).await?;
    tell(turn, decided);
    Ok(())
}

/// «❌ Отклонить»: why.
pub(super) async fn ask_why(turn: &mut Turn<'_>, id: &PaymentId) -> Result<(), TurnError> {
    let Some(payment) = turn.tx.payment_get(id).await? else {
        turn.toast(turn.words().get("not-found"));
        return Ok(());
    };
    if payment.state != PaymentState::Review {
        // Says who was faster.
        return approve(turn, id).await;
    }
    let invoice = payment.invoice_id.map(|id| id.short().to_owned()).unwrap_or_default();
    turn.keep_pressed_message();
    turn.show(&Reasons { payment: payment.id, invoice });
    Ok(())
}

/// A reason's button; «Другое» asks for words.
pub(super) async fn reject_as(turn: &mut Turn<'_>, id: &PaymentId, reason: RejectReason) -> Result<(), TurnError> {
    if reason == RejectReason::Other {
        let waits = turn.tx.payment_get(id).await?.is_some_and(|payment| payment.state == PaymentState::Review);
        if waits {
            turn.session.awaits = Some(Awaits::Payments(PaymentsInput::Reason { payment: id.clone() }));
            turn.show(&OwnReason);
            return Ok(());
        }
    }
    reject(turn, id, reason.word()).await
}

async fn reject(turn: &mut Turn<'_>, id: &PaymentId, reason: &str) -> Result<(), TurnError> {
    let (desk, by) = (Desk::of(turn), reviewer(turn));
    let decided = review::reject(turn.tx, &desk, id, by, reason).await?;
    let said = decided.answer.said(turn.words());
    tell(turn, decided);
    let waiting = turn.tx.payments_review_count().await?;
    turn.show(&Next { said, waiting });
    Ok(())
}

/// After a refusal: what was done, and the next one.
struct Next {
    said: String,
    waiting: i64,
}

impl Screen for Next {
    fn text(&self, _words: Words<'_>) -> String {
        self.said.clone()
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        let queue = (self.waiting > 0).then(|| {
            Callback::Payments(PaymentsPress::Queue).button(words.plain("btn-admin-queue", arg("n", self.waiting)))
        });
        Keyboard::new().row(queue).row(nav(words, &Callback::Payments(PaymentsPress::List)))
    }
}

/// The reviewer's own reason, or its rule again.
pub(super) async fn reason_typed(turn: &mut Turn<'_>, id: &PaymentId, text: Option<&str>) -> Result<(), TurnError> {
    let reason = text.map(str::trim).filter(|text| REASON.contains(&text.chars().count()));
    let Some(reason) = reason else {
        turn.show(&OwnReason);
        return Ok(());
    };
    turn.session.awaits = None;
    reject(turn, id, reason).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bot::screens::testing::{en, ru};

    fn card() -> ReviewCard {
        ReviewCard {
            payment: PaymentId::from_short("aaaaaaaaaaaa").unwrap(),
            invoice: "bbbbbbbbbb".to_owned(),
            user: UserId(101),
            name: Some("@anna".to_owned()),
            amount: Money::kopecks(5_017),
            reading: Some(Reading {
                amounts: vec![Money::kopecks(5_000)],
                keywords: vec!["успешно".to_owned(), "сбп".to_owned()],
                phone: true,
                ..Reading::default()
            }),
            flags: "near,operation".to_owned(),
            erasure: false,
            attempt: (1, 5),
            since: "30.11.2026 12:00".to_owned(),
            first: None,
            state: PaymentState::Review,
            decided: None,
            reason: None,
            waiting: 0,
        }
    }

    #[test]
    fn s51_says_what_a_reviewer_needs() {
        insta::assert_snapshot!(ru(&card()), @"
            🧾 <b>Перевод по счёту № bbbbbbbbbb</b>
            👤 101 @anna
            Запрошено: 50.17 ₽
            Распознано: 50 ₽
            ⚠️ Сумма похожа, но не совпала
            Ключевые слова: успешно, сбп
            ✅ Телефон получателя есть
            🚩 Похож на другой скриншот
            🚩 Номер операции уже был
            Попытка: 1/5
            Ждёт с 30.11.2026 12:00
            | ✅ Одобрить [pay_approve:aaaaaaaaaaaa] | ❌ Отклонить [pay_reject:aaaaaaaaaaaa] |
            | 👤 Пользователь [admin_user_info:101] |
            | ◀️ Назад [admin_payments] | 🏠 Главное меню [back_to_menu] |
            ");
        assert!(ru(&ReviewCard { erasure: true, ..card() }).contains("\n🗑 Человек попросил удалить свои данные"));
        let unread = ReviewCard { reading: None, flags: "unread".to_owned(), first: Some("@bob".to_owned()), ..card() };
        insta::assert_snapshot!(ru(&unread), @"
            🧾 <b>Перевод по счёту № bbbbbbbbbb</b>
            👤 101 @anna
            Запрошено: 50.17 ₽
            🚩 Текст не распознан
            Попытка: 1/5
            Ждёт с 30.11.2026 12:00
            ☝️ Одобрил @bob, нужен второй администратор
            | ✅ Одобрить [pay_approve:aaaaaaaaaaaa] | ❌ Отклонить [pay_reject:aaaaaaaaaaaa] |
            | 👤 Пользователь [admin_user_info:101] |
            | ◀️ Назад [admin_payments] | 🏠 Главное меню [back_to_menu] |
            ");
        assert!(en(&unread).contains("@bob"));
    }

    #[test]
    fn a_decided_one_says_who_it_was() {
        let approved =
            ReviewCard { state: PaymentState::Approved, decided: Some("@bob".to_owned()), waiting: 2, ..card() };
        insta::assert_snapshot!(ru(&approved), @"
            🧾 <b>Перевод по счёту № bbbbbbbbbb</b>
            👤 101 @anna
            Запрошено: 50.17 ₽
            Распознано: 50 ₽
            ⚠️ Сумма похожа, но не совпала
            Ключевые слова: успешно, сбп
            ✅ Телефон получателя есть
            🚩 Похож на другой скриншот
            🚩 Номер операции уже был
            Попытка: 1/5
            ✅ Одобрено: @bob
            | ⏳ На проверке (2) [pay_queue] |
            | 👤 Пользователь [admin_user_info:101] |
            | ◀️ Назад [admin_payments] | 🏠 Главное меню [back_to_menu] |
            ");
        let refused =
            ReviewCard { state: PaymentState::Rejected, reason: Some("notfound".to_owned()), waiting: 0, ..approved };
        assert!(ru(&refused).contains("❌ Отклонено: @bob — перевод не поступил"), "{}", ru(&refused));
        assert!(ru(&ReviewCard { reason: Some("<нет>".to_owned()), ..refused }).contains("&lt;нет&gt;"));
    }

    #[test]
    fn reasons_are_offered() {
        let screen =
            Reasons { payment: PaymentId::from_short("aaaaaaaaaaaa").unwrap(), invoice: "bbbbbbbbbb".to_owned() };
        insta::assert_snapshot!(ru(&screen), @"
            ❓ Почему отклоняем перевод по счёту № bbbbbbbbbb?
            | Сумма [pay_reject_as:aaaaaaaaaaaa:amount] | Не поступило [pay_reject_as:aaaaaaaaaaaa:notfound] |
            | Не читается [pay_reject_as:aaaaaaaaaaaa:unreadable] | Дубликат [pay_reject_as:aaaaaaaaaaaa:duplicate] |
            | Другое [pay_reject_as:aaaaaaaaaaaa:other] |
            | ◀️ Назад [pay_queue] | 🏠 Главное меню [back_to_menu] |
            ");
        assert!(ru(&OwnReason).contains("200"));
        assert!(
            ru(&Reversed { amount: Money::kopecks(5_017), bonus: Money::ZERO, debt: Money::kopecks(5_000) })
                .contains("Долг")
        );
    }
}
