//! S-23 and S-25: where to send a transfer, and the picture that proves it (bot.md 5.3, 11.3). The picture is looked at by a job.

use super::{allowed, amount, method, payment_methods};
use crate::billing::{self, Payer, SbpTerms};
use crate::bot::awaits::{Awaits, PaymentsInput};
use crate::bot::callback::{Callback, PaymentsPress};
use crate::bot::error::TurnError;
use crate::bot::jobs::SentFile;
use crate::bot::jobs::payments::{CheckReceipt, put_check};
use crate::bot::screens::{Screen, home, lines, nav};
use crate::bot::turn::{Turn, arg};
use crate::bot::update::Message;
use crate::domain::outgoing::{Keyboard, Track};
use crate::domain::settings::Requisites;
use crate::domain::{InvoiceId, InvoiceState, Money, PayMethod, PaymentId};
use crate::store::InvoiceRow;
use crate::tenants::Tenant;
use crate::texts::Words;
use crate::vault::Column;

/// Requests that S-25 asks about.
const ASKED: i64 = 3;

/// S-23.
pub(super) struct Transfer {
    pub(super) number: String,
    pub(super) requested: Money,
    pub(super) amount: Money,
    pub(super) to: Requisites,
}

impl Screen for Transfer {
    fn text(&self, words: Words<'_>) -> String {
        let args = arg("invoice", &self.number)
            .with("amount", self.amount)
            .with("phone", &self.to.phone)
            .with("bank", &self.to.bank)
            .with("holder", &self.to.holder);
        lines([Some(words.fmt("sbp-invoice", args)), Some(words.get("sbp-tail"))])
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        Keyboard::new()
            .row([Callback::Support.button(words.get("btn-support"))])
            .row(nav(words, &Callback::TopUpAmount(self.requested)))
            .row([Callback::Cancel.button(words.get("btn-cancel"))])
    }
}

/// S-25.
pub(super) struct Stray {
    /// Numbers and amounts, newest first.
    pub(super) invoices: Vec<(InvoiceId, Money)>,
}

impl Screen for Stray {
    fn text(&self, words: Words<'_>) -> String {
        match self.invoices.as_slice() {
            [(id, amount)] => words.fmt("sbp-stray", arg("invoice", id.short()).with("amount", *amount)),
            _ => words.get("sbp-stray-which"),
        }
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        let alone = self.invoices.len() == 1;
        let mut keyboard = Keyboard::new();
        for (id, amount) in &self.invoices {
            let label = if alone {
                words.get("btn-stray-yes")
            } else {
                words.plain("btn-stray-of", arg("invoice", id.short()).with("amount", *amount))
            };
            keyboard.push([Callback::Payments(PaymentsPress::Resume(id.clone())).button(label)]);
        }
        keyboard.row([Callback::BackToMenu.button(words.get("btn-stray-no"))]).row([home(words)])
    }
}

/// «🏦 СБП»: a request is opened, or the open one of this amount shown again, and its picture awaited.
pub(super) async fn open(turn: &mut Turn<'_>, amount: Money) -> Result<(), TurnError> {
    turn.session.awaits = None;
    if !allowed(turn.tenant, amount) {
        return amount::refused(turn).await;
    }
    if !payment_methods(turn.tenant).contains(&PayMethod::Sbp) {
        return method::gone(turn, amount).await;
    }
    let to = serde_json::to_vec(&turn.tenant.settings.sbp_requisites)?;
    let sealed = turn.tenant.seal(Column::Requisites, &to)?;
    let user = turn.user.clone();
    let (corr, life) = (turn.corr.clone(), turn.platform.settings.payments.invoice_life);
    let payer = Payer { user_id: user.user_id, user_ref: &user.user_ref, corr: &corr, now: turn.now, life };
    let tenant = turn.tenant;
    let same = |of: &[u8]| tenant.open(Column::Requisites, of).is_ok_and(|opened| as_today(tenant, &opened));
    let most_open = turn.platform.settings.payments.open_invoices;
    let terms = SbpTerms { requisites: &sealed, same: &same, most_open };
    match billing::open_sbp(turn.tx, &payer, amount, terms).await? {
        Some(invoice) => ask(turn, &invoice),
        None => method::gone(turn, amount).await,
    }
}

/// Whether opened requisites are those that the bot has now.
fn as_today(tenant: &Tenant, opened: &[u8]) -> bool {
    serde_json::from_slice::<Requisites>(opened).is_ok_and(|opened| opened == tenant.settings.sbp_requisites)
}

/// Where a request's transfer goes: as it was when the request was made.
pub(crate) fn requisites(tenant: &Tenant, invoice: &InvoiceRow) -> Result<Requisites, TurnError> {
    let sealed = invoice.requisites.as_deref().unwrap_or_default();
    Ok(serde_json::from_slice(&tenant.open(Column::Requisites, sealed)?)?)
}

/// Shows S-23 and awaits the picture.
fn ask(turn: &mut Turn<'_>, invoice: &InvoiceRow) -> Result<(), TurnError> {
    let screen = Transfer {
        number: invoice.id.short().to_owned(),
        requested: invoice.requested,
        amount: invoice.amount,
        to: requisites(turn.tenant, invoice)?,
    };
    turn.session.awaits = Some(Awaits::Payments(PaymentsInput::Receipt { invoice: invoice.id.clone() }));
    turn.show(&screen);
    Ok(())
}

/// A message while a picture is awaited: the picture, or what is awaited once more; only a picture counts.
pub(super) async fn sent(turn: &mut Turn<'_>, invoice: &InvoiceId, message: &Message) -> Result<(), TurnError> {
    if let Some(picture) = message.picture() {
        return check(turn, invoice, SentFile::from(picture)).await;
    }
    let Some(open) = payable(turn, invoice).await? else { return closed(turn).await };
    turn.notice(turn.words().get("expected-screenshot"));
    ask(turn, &open)
}

/// «◀️ Назад» from S-23: S-22 with its amount.
pub(super) async fn leave(turn: &mut Turn<'_>, invoice: &InvoiceId) -> Result<(), TurnError> {
    match turn.tx.invoice_get(invoice).await? {
        Some(invoice) => method::methods(turn, invoice.requested).await,
        None => amount::top_up(turn).await,
    }
}

/// The person's own transfer request.
async fn own(turn: &mut Turn<'_>, id: &InvoiceId) -> Result<Option<InvoiceRow>, TurnError> {
    let (user, found) = (turn.user.user_id, turn.tx.invoice_get(id).await?);
    Ok(found.filter(|row| row.user_id == user && row.method == PayMethod::Sbp))
}

/// The same, while it may be paid.
async fn payable(turn: &mut Turn<'_>, id: &InvoiceId) -> Result<Option<InvoiceRow>, TurnError> {
    let now = turn.now;
    Ok(own(turn, id).await?.filter(|row| match row.state {
        InvoiceState::Open => row.expires_at > now,
        InvoiceState::Review => true,
        _ => false,
    }))
}

/// The same, while a picture may come for it: after its time, too, for it may have been paid in time.
async fn provable(turn: &mut Turn<'_>, id: &InvoiceId) -> Result<Option<InvoiceRow>, TurnError> {
    let takes = [InvoiceState::Open, InvoiceState::Review, InvoiceState::Expired];
    Ok(own(turn, id).await?.filter(|row| takes.contains(&row.state)))
}

async fn closed(turn: &mut Turn<'_>) -> Result<(), TurnError> {
    turn.session.awaits = None;
    turn.alert(turn.words().get("sbp-closed"));
    amount::top_up(turn).await
}

/// Takes a picture for a request: the job looks at it, the outcome is a message of its own.
async fn check(turn: &mut Turn<'_>, id: &InvoiceId, file: SentFile) -> Result<(), TurnError> {
    let Some(invoice) = provable(turn, id).await? else { return closed(turn).await };
    turn.session.awaits = None;
    turn.session.stray = None;
    if invoice.attempts >= i64::from(turn.tenant.settings.sbp_max_attempts) {
        super::receipt::over(turn, id);
        return Ok(());
    }
    let (update, corr, now) = (turn.incoming.update, turn.corr.clone(), turn.now);
    let (user, payment) = (turn.user.user_id, PaymentId::random());
    let job = CheckReceipt { user, invoice: invoice.id, payment, file, accepted_at: now, to_a_person: false };
    put_check(turn.tx, &job, update, &corr, now).await?;
    turn.wake_workers();
    turn.say(turn.words().get("sbp-checking"), Keyboard::new(), Track::Nothing);
    Ok(())
}

/// A picture that nothing awaits, of somebody with an open transfer, or one whose time was over lately: whether it is its proof.
/// `false`: there is none (S-25).
pub async fn stray(turn: &mut Turn<'_>, message: &Message) -> Result<bool, TurnError> {
    let Some(picture) = message.picture() else { return Ok(false) };
    let since = turn.now.minus(turn.platform.settings.payments.invoice_life);
    let open = turn.tx.invoices_provable_of(turn.user.user_id, turn.now, since, ASKED).await?;
    if open.is_empty() {
        return in_review(turn).await;
    }
    turn.session.stray = Some(SentFile::from(picture));
    turn.session.expired_at = None;
    let invoices = open.into_iter().map(|row| (row.id, row.amount)).collect();
    turn.show(&Stray { invoices });
    Ok(true)
}

/// A second picture of what is under review already: said, not taken for something else. `false`: nothing is.
async fn in_review(turn: &mut Turn<'_>) -> Result<bool, TurnError> {
    let newest = turn.tx.invoices_of(turn.user.user_id, ASKED).await?;
    let of_transfer = |row: &&InvoiceRow| row.method == PayMethod::Sbp && row.state == InvoiceState::Review;
    let Some(row) = newest.iter().find(of_transfer) else { return Ok(false) };
    let args = arg("invoice", row.id.short()).with("amount", row.amount);
    let text = turn.words().fmt("sbp-in-review", args);
    turn.say(text, Keyboard::new().row(nav(turn.words(), &Callback::Payments(PaymentsPress::Mine))), Track::Nothing);
    Ok(true)
}

/// «✅ Да»: the waiting picture is the proof; when it waits no more, it is asked for.
pub(super) async fn resume(turn: &mut Turn<'_>, id: &InvoiceId) -> Result<(), TurnError> {
    let (user, known) = (turn.user.user_id, turn.tx.invoice_get(id).await?);
    if known.is_none_or(|invoice| invoice.user_id != user || invoice.method != PayMethod::Sbp) {
        turn.alert(turn.words().get("not-found"));
        return Ok(());
    }
    if let Some(file) = turn.session.stray.take() {
        return check(turn, id, file).await;
    }
    match payable(turn, id).await? {
        Some(invoice) => ask(turn, &invoice),
        None => closed(turn).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bot::screens::testing::{en, ru};

    #[test]
    fn s23_says_where_and_how_much() {
        let to = Requisites {
            phone: "+7 900 000-11-22".to_owned(),
            bank: "Банк <А>".to_owned(),
            holder: "Анна А.".to_owned(),
        };
        let screen = Transfer {
            number: "aaaaaaaaaa".to_owned(),
            requested: Money::kopecks(5_000),
            amount: Money::kopecks(5_017),
            to,
        };
        insta::assert_snapshot!(ru(&screen), @"
            🏦 Счёт № aaaaaaaaaa
            Сумма: <code>50.17 ₽</code>
            Телефон: <code>+7 900 000-11-22</code>
            Банк: Банк &lt;А&gt;
            Получатель: Анна А.
            Переведите ровно эту сумму и пришлите скриншот (фото или файл).
            По копейкам мы узнаём ваш перевод, они тоже зачислятся.
            | 🆘 Поддержка [support_contact] |
            | ◀️ Назад [topup_amount:50] | 🏠 Главное меню [back_to_menu] |
            | ❌ Отмена [cancel] |
            ");
        assert!(en(&screen).contains("[topup_amount:50]"));
    }

    #[test]
    fn s25_asks_about_one_or_which_of_several() {
        let invoice = |n: &str| InvoiceId::from_short(&n.repeat(10)).unwrap();
        let one = Stray { invoices: vec![(invoice("a"), Money::kopecks(5_017))] };
        insta::assert_snapshot!(ru(&one), @"
            Это скриншот оплаты счёта № aaaaaaaaaa на 50.17 ₽?
            | ✅ Да [pay_resume:aaaaaaaaaa] |
            | ❌ Нет [back_to_menu] |
            | 🏠 Главное меню [back_to_menu] |
            ");
        let two =
            Stray { invoices: vec![(invoice("a"), Money::kopecks(5_017)), (invoice("b"), Money::kopecks(10_001))] };
        insta::assert_snapshot!(ru(&two), @"
            Это скриншот оплаты? Выберите счёт.
            | ✅ № aaaaaaaaaa — 50.17 ₽ [pay_resume:aaaaaaaaaa] |
            | ✅ № bbbbbbbbbb — 100.01 ₽ [pay_resume:bbbbbbbbbb] |
            | ❌ Нет [back_to_menu] |
            | 🏠 Главное меню [back_to_menu] |
            ");
        assert!(en(&two).contains("[pay_resume:bbbbbbbbbb]"));
    }
}
