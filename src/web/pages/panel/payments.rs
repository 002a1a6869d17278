//! Money that came in: the list with what waits for a decision, one payment, Stars sent back.

pub(in crate::web) mod receipt;
pub(in crate::web) mod review;

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;

use super::credits::{self, Waiting};
use super::log::When;
use super::paging::{Chip, Cursor, Pager, ROWS, address, chips};
use crate::accounts::Act;
use crate::args;
use crate::billing::{self, Balance};
use crate::bot::acts::refund::Begun;
use crate::bot::acts::{self, Hands};
use crate::domain::{Money, PayMethod, PaymentId, PaymentState, UserId};
use crate::store::PaymentLine;
use crate::texts::Words;
use crate::web::extract::{At, OurForm};
use crate::web::failure::Failure;
use crate::web::pages::shell::Shell;
use crate::web::pages::{html, nav};

/// A payment as a line.
pub(in crate::web::pages) struct Paid {
    pub(in crate::web::pages) id: String,
    pub(in crate::web::pages) amount: Money,
    pub(in crate::web::pages) stars: Option<i64>,
    pub(in crate::web::pages) method: String,
    pub(in crate::web::pages) person: String,
    pub(in crate::web::pages) state: String,
    pub(in crate::web::pages) class: &'static str,
    pub(in crate::web::pages) when: When,
}

/// The lines of a list.
pub(in crate::web::pages) fn lines(at: &At, rows: Vec<PaymentLine>) -> Vec<Paid> {
    let words = at.words();
    let paid = |row: PaymentLine| Paid {
        id: row.id.short().to_owned(),
        amount: row.amount,
        stars: row.stars,
        method: method(words, row.method),
        person: person(words, row.user_id, row.first_name),
        state: state(words, row.method, row.state),
        class: class(row.state),
        when: When::new(words, at.tenant.zone(), row.created_at, at.now),
    };
    rows.into_iter().map(paid).collect()
}

fn method(words: Words<'_>, method: PayMethod) -> String {
    words.get(&format!("pay-method-{}", method.as_str()))
}

/// Of a transfer only the credit is taken back: the money itself goes by the bank, and the panel knows nothing of it.
fn state(words: Words<'_>, method: PayMethod, state: PaymentState) -> String {
    if (method, state) == (PayMethod::Sbp, PaymentState::Refunded) {
        return words.get("panel-payment-taken-back");
    }
    words.get(&format!("pay-state-{}", state.as_str()))
}

fn person(words: Words<'_>, id: UserId, name: String) -> String {
    match (id.0, name.trim().is_empty()) {
        (0, _) => words.get("panel-erased"),
        (_, true) => id.to_string(),
        _ => name,
    }
}

const fn class(state: PaymentState) -> &'static str {
    match state {
        PaymentState::Approved => "ok",
        PaymentState::Rejected | PaymentState::Duplicate => "fail",
        PaymentState::Waiting | PaymentState::Review | PaymentState::Refunding => "warn",
        PaymentState::Superseded | PaymentState::Refunded => "busy",
    }
}

/// A method's sum.
struct Total {
    name: String,
    sum: Money,
    count: String,
}

/// The list.
#[derive(Template)]
#[template(path = "pages/panel/payments.html")]
struct Till<'a> {
    shell: Shell<'a>,
    states: Vec<Chip>,
    methods: Vec<Chip>,
    totals: Vec<Total>,
    payments: Vec<Paid>,
    /// Credits that wait for a second admin.
    waiting: Vec<Waiting>,
    /// Transfers under review, the oldest first, and how many there are; only where the list begins.
    queue: Vec<review::Waiting>,
    queue_all: i64,
    /// The newest first, of one state or method: as a file.
    file: Option<String>,
    /// What the last comparison with Telegram's list of Stars found.
    checked: Option<String>,
    pager: Pager,
    operates: bool,
    base: String,
}

/// Which payments the address asks for.
pub(super) fn wanted(at: &At) -> (Option<PaymentState>, Option<PayMethod>) {
    (at.asked("state").and_then(PaymentState::parse), at.asked("method").and_then(PayMethod::parse))
}

/// `?state=review&method=sbp`.
pub(in crate::web) async fn list(at: At) -> Result<Response, Failure> {
    let words = at.words();
    let cursor = Cursor::of(&at);
    let mut tx = at.reads().await?;
    let mut rows = tx.payments_page(wanted(&at), (cursor.at, &cursor.id), ROWS + 1).await?;
    let pager = Pager::cut(&at, &mut rows, |row| Cursor::text(row.created_at, row.id.as_str()));
    let totals = tx.payments_totals().await?;
    let begins = at.asked("before").is_none();
    let (queue, queue_all) = if begins { review::queue(&at, &mut tx).await? } else { (Vec::new(), 0) };
    let checked = tx.stars_check_get().await?.map(|check| {
        let differences = check.drift.lines().count();
        words.plain("panel-stars-checked", args![at = check.checked_at.shown(at.tenant.zone()), n = differences])
    });
    let states = [
        ("all", "panel-payments-all"),
        ("review", "pay-state-review"),
        ("approved", "pay-state-approved"),
        ("rejected", "pay-state-rejected"),
        ("refunded", "panel-payments-back"),
    ];
    let methods = [("all", "panel-methods-all"), ("stars", "pay-method-stars"), ("sbp", "pay-method-sbp")];
    let page = Till {
        shell: Shell::at(&at, nav::PAYMENTS, words.get("panel-payments")),
        states: chips(&at, "state", &states),
        methods: chips(&at, "method", &methods),
        totals: totals
            .into_iter()
            .map(|(of, n, sum)| Total { name: method(words, of), sum, count: super::figures::count(n.unsigned_abs()) })
            .collect(),
        payments: lines(&at, rows),
        waiting: credits::waiting(&at, &mut tx, None).await?,
        queue,
        queue_all,
        file: at.may(Act::Operate).then(|| format!("{}{}", at.url("payments.csv"), address(&at, &[("before", None)]))),
        checked,
        pager,
        operates: at.may(Act::Operate),
        base: at.url(""),
    };
    Ok(html(StatusCode::OK, &page))
}

/// The page of one.
#[derive(Template)]
#[template(path = "pages/panel/payment.html")]
struct Card<'a> {
    shell: Shell<'a>,
    id: String,
    amount: Money,
    stars: Option<i64>,
    method: String,
    state: String,
    class: &'static str,
    user: UserId,
    created: When,
    decided: Option<(String, When)>,
    reason: Option<String>,
    flags: Vec<String>,
    charge: Option<String>,
    corr: String,
    balance: Balance,
    /// The reader may send the Stars back: what that means.
    refund: Option<String>,
    /// What a transfer has beside.
    transfer: Option<review::Transfer>,
    base: String,
}

/// Who decided: by name, where the bot's people know each other by it.
fn decider(transfer: Option<&review::Transfer>, stored: Option<String>) -> Option<String> {
    transfer.and_then(|transfer| transfer.decided.clone()).or(stored)
}

fn payment_id(text: &str) -> Result<PaymentId, Failure> {
    PaymentId::from_short(text).map_err(|_| Failure::NotFound)
}

/// One payment.
pub(in crate::web) async fn card(at: At, Path((_, id)): Path<(String, String)>) -> Result<Response, Failure> {
    shown(&at, &payment_id(&id)?, None).await
}

/// The page, with a form of it that did not fit as it was typed.
async fn shown(at: &At, id: &PaymentId, typed: Option<review::Typed>) -> Result<Response, Failure> {
    let status = if typed.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let words = at.words();
    let mut tx = at.reads().await?;
    let row = tx.payment_get(id).await?.ok_or(Failure::NotFound)?;
    let balance = billing::balance(&mut tx, &row.user_ref).await?;
    let when = |moment| When::new(words, at.tenant.zone(), moment, at.now);
    let mut transfer = review::of(at, &mut tx, &row, balance.available).await?;
    if let Some(transfer) = &mut transfer {
        transfer.typed = typed;
    }
    let returns = row.method == PayMethod::Stars
        && row.state == PaymentState::Approved
        && !row.user_id.is_erased()
        && at.may(Act::Own);
    let back = match &row.charge_id {
        Some(charge) if returns => row.amount.plus(billing::bonus_of(&mut tx, billing::Paid::Stars(charge)).await?),
        _ => None,
    };
    let page = Card {
        shell: Shell::at(at, nav::PAYMENTS, words.plain("panel-payment-title", args![amount = row.amount]))
            .standing_at(at.url(&format!("payments/{}", row.id.short()))),
        id: row.id.short().to_owned(),
        amount: row.amount,
        stars: row.stars,
        method: method(words, row.method),
        state: state(words, row.method, row.state),
        class: class(row.state),
        user: row.user_id,
        created: when(row.created_at),
        decided: decider(transfer.as_ref(), row.decided_by).zip(row.decided_at).map(|(by, at)| (by, when(at))),
        reason: transfer.as_ref().map_or(row.reason, |transfer| transfer.reason.clone()),
        flags: review::flags(words, &row.flags),
        transfer,
        charge: row.charge_id,
        corr: row.corr.to_string(),
        refund: back.map(|back| {
            let after = balance.available.minus(back).unwrap_or(Money::ZERO);
            words.plain("panel-refund-hint", args![amount = back, after = after])
        }),
        balance,
        base: at.url(""),
    };
    Ok(html(status, &page))
}

/// Sends Stars back; the owner's, with a confirmation by the bot that is some minutes old at most.
pub(in crate::web) async fn refund(
    at: At,
    Path((_, id)): Path<(String, String)>,
    _form: OurForm,
) -> Result<Response, Failure> {
    at.confirmed_by_bot()?;
    let id = payment_id(&id)?;
    let page = format!("payments/{}", id.short());
    let mut tx = at.writes().await?;
    let payment = tx.payment_get(&id).await?.ok_or(Failure::NotFound)?;
    let hands = Hands { platform: at.platform(), tenant: &at.tenant, actor: at.actor(), now: at.now };
    match acts::refund::stars(&mut tx, &hands, &at.actor().name(), &payment, None).await? {
        Begun::Now(_) => {}
        Begun::Before => return Ok(at.problem(&page, "refund-before")),
        Begun::Erased => return Ok(at.problem(&page, "refund-erased")),
    }
    tx.commit().await?;
    at.platform().signals.job();
    Ok(at.done(&page, "refund-begun"))
}
