//! Topping up (bot.md 5.3, 11): the amount, the ways of paying, and what becomes of a payment.
//!
//! `amount.rs` S-21 · `method.rs` S-22 · `sbp.rs` S-23 and S-25 · `receipt.rs` S-24 · `stars.rs` S-26 and what Telegram tells of
//! charges · `list.rs` and `shots.rs` S-42 · `mine.rs` one's own · `review.rs` S-51 · `ocr_test.rs` S-50 · `refund.rs`.

mod amount;
mod count;
mod list;
mod method;
mod mine;
mod ocr_test;
mod receipt;
mod refund;
mod review;
mod sbp;
mod shots;
mod stars;

pub use amount::{amount_typed, ask_amount, top_up};
pub use list::payments as list;
pub use method::methods;
pub use ocr_test::{Tried, show as show_ocr_test};
pub use receipt::{Checked, NotChecked, receipt_checked, receipt_not_checked};
pub use refund::refund_answered;
pub(crate) use review::{Reversed, reason_word, refused};
pub use review::{ReviewCard, reminder_keyboard};
pub(crate) use sbp::requisites;
pub use sbp::stray;
pub use stars::{paid, receipt, went_back};

use futures::future::BoxFuture;

use super::{Screen, home};
use crate::bot::awaits::PaymentsInput;
use crate::bot::callback::{Callback, PaymentsPress};
use crate::bot::error::TurnError;
use crate::bot::turn::{Turn, arg};
use crate::bot::update::Message;
use crate::domain::outgoing::{Keyboard, Outgoing, Track};
use crate::domain::{Money, PayMethod};
use crate::tenants::Tenant;
use crate::texts::{Arg, Words};

/// The ways of paying that this bot takes (bot.md 1.2).
pub fn payment_methods(tenant: &Tenant) -> Vec<PayMethod> {
    let settings = &tenant.settings;
    let all = [(PayMethod::Stars, settings.stars_enabled), (PayMethod::Sbp, settings.sbp_offered())];
    all.into_iter().filter_map(|(method, offered)| offered.then_some(method)).collect()
}

/// Answers a button of this family. Rights are read on every press. Boxed, so that the turn's own future stays small and the
/// compiler proves here, and not for every caller, that it may move between threads.
pub fn pressed<'a>(turn: &'a mut Turn<'_>, press: PaymentsPress) -> BoxFuture<'a, Result<(), TurnError>> {
    Box::pin(answer(turn, press))
}

async fn answer(turn: &mut Turn<'_>, press: PaymentsPress) -> Result<(), TurnError> {
    if press.for_admins() && !turn.is_admin() {
        turn.alert(turn.words().get("admin-only-alert"));
        return Ok(());
    }
    match press {
        PaymentsPress::Sbp(amount) => sbp::open(turn, amount).await,
        PaymentsPress::Stars(amount) => stars::open(turn, amount).await,
        PaymentsPress::Card(amount) => method::methods(turn, amount).await,
        PaymentsPress::Mine => mine::show(turn).await,
        PaymentsPress::Receipt(id) => mine::receipt(turn, &id).await,
        PaymentsPress::Resume(id) => sbp::resume(turn, &id).await,
        PaymentsPress::List => list::payments(turn).await,
        PaymentsPress::Screenshots => shots::newest(turn).await,
        PaymentsPress::Turn(way, from) => shots::step(turn, way, from.as_ref()).await,
        PaymentsPress::Queue => review::queue(turn).await,
        PaymentsPress::Approve(id) => review::approve(turn, &id).await,
        PaymentsPress::Reject(id) => review::ask_why(turn, &id).await,
        PaymentsPress::RejectAs(id, reason) => review::reject_as(turn, &id, reason).await,
        PaymentsPress::Refund(id) => refund::ask(turn, &id).await,
        PaymentsPress::RefundOk(id) => refund::begin(turn, &id).await,
        PaymentsPress::TestOcr => ocr_test::ask(turn),
    }
}

/// Takes what this family has asked for.
pub fn typed<'a>(
    turn: &'a mut Turn<'_>,
    input: PaymentsInput,
    message: &'a Message,
) -> BoxFuture<'a, Result<(), TurnError>> {
    Box::pin(take(turn, input, message))
}

async fn take(turn: &mut Turn<'_>, input: PaymentsInput, message: &Message) -> Result<(), TurnError> {
    match input {
        PaymentsInput::Receipt { invoice } => sbp::sent(turn, &invoice, message).await,
        _ if !turn.is_admin() => {
            turn.session.awaits = None;
            turn.notice(turn.words().get("admin-only"));
            super::menu::show(turn).await
        }
        PaymentsInput::Ocr => ocr_test::sent(turn, message).await,
        PaymentsInput::Reason { payment } => review::reason_typed(turn, &payment, message.text.as_deref()).await,
    }
}

/// «◀️ Назад» while this family asks for something: the screen that asked.
pub async fn leave(turn: &mut Turn<'_>, input: PaymentsInput) -> Result<(), TurnError> {
    match input {
        PaymentsInput::Receipt { invoice } => sbp::leave(turn, &invoice).await,
        _ if !turn.is_admin() => super::menu::show(turn).await,
        PaymentsInput::Ocr | PaymentsInput::Reason { .. } => list::payments(turn).await,
    }
}

/// Whether an amount is within the tenant's limits; they hold wherever an amount enters (bot.md 11.4).
fn allowed(tenant: &Tenant, amount: Money) -> bool {
    (tenant.settings.topup_min..=tenant.settings.topup_max).contains(&amount)
}

/// «Введите сумму от {min} до {max} ₽.»
fn range(turn: &Turn<'_>, words: Words<'_>) -> String {
    let settings = &turn.tenant.settings;
    words.plain("amount-range", arg("min", Arg::bare(settings.topup_min)).with("max", Arg::bare(settings.topup_max)))
}

/// What a person reads of money that came: how much, and the way back to what they were making (A101).
pub(crate) struct PaidScreen {
    pub(crate) amount: Money,
    pub(crate) repaid: Money,
    pub(crate) bonus: Money,
    pub(crate) available: Money,
    pub(crate) draft: bool,
}

impl Screen for PaidScreen {
    fn text(&self, words: Words<'_>) -> String {
        let ok = words.fmt("pay-ok", arg("amount", self.amount).with("available", self.available));
        let repaid = self.repaid.is_positive().then(|| words.fmt("pay-repaid", arg("amount", self.repaid)));
        let bonus = self.bonus.is_positive().then(|| words.fmt("pay-bonus", arg("amount", self.bonus)));
        super::lines([Some(ok), bonus, repaid])
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        let back = self.draft.then(|| Callback::BackToConfirmation.button(words.get("btn-back-to-generation")));
        Keyboard::new().row(back).row([home(words)])
    }
}

/// A text as a message of its own.
fn plain(html: String) -> Outgoing {
    Outgoing::Screen { html, keyboard: Keyboard::new(), edit: None, track: Track::Nothing }
}

/// A screen as a message of its own, for whoever reads these words.
pub(crate) fn as_message(screen: &impl Screen, words: Words<'_>) -> Outgoing {
    let (html, keyboard) = (screen.text(words), screen.keyboard(words));
    Outgoing::Screen { html, keyboard, edit: None, track: Track::Nothing }
}
