//! Payments: listed, one, given back. Never the picture of a transfer or what was read in it.

use super::users::page;
use super::{note, reason, user_id};
use crate::accounts::audit::{Act, Actor};
use crate::billing::TakenBack;
use crate::bot::acts::Hands;
use crate::bot::acts::refund::{self, Begun};
use crate::bot::review::{self, Desk, TookBack};
use crate::domain::{AuditAction, AuditDoor, PayMethod, PaymentId, PaymentState};
use crate::store::{PaymentRow, TenantTx, Wanted};
use crate::web::api::cursor;
use crate::web::api::door::{Ask, Reply};
use crate::web::api::problem::Problem;
use crate::web::api::shape::{At, Kopecks, Page, dto};

dto! {
    /// One payment.
    out PaymentOut {
        /// Its name.
        id: String,
        /// Telegram id of who paid.
        user_id: i64,
        /// How.
        method: PayMethod,
        /// Where it stands.
        state: PaymentState,
        /// What is or would be credited, in kopecks.
        amount_kopecks: Kopecks,
        /// Stars paid.
        stars: Option<i64>,
        /// Who decided: a Telegram id, or auto.
        decided_by: Option<String>,
        /// When that was.
        decided_at: Option<At>,
        /// Its story, as logs and messages have it.
        corr: String,
        /// When it was recorded.
        created_at: At,
    }
}

dto! {
    /// Why a payment is given back.
    into RefundIn {
        /// For the audit log, 3 to 200 characters.
        reason: Option<String>,
    }
}

dto! {
    /// A payment that is given back.
    out RefundOut {
        /// The payment.
        id: String,
        /// Where it stands now: refunding until Telegram took the Stars back; refunded: a transfer goes back through the bank.
        state: PaymentState,
        /// What was taken from the person's balance, the bonus of a promo code included, in kopecks.
        taken_kopecks: Kopecks,
        /// What the person owes because it was spent, in kopecks.
        owed_kopecks: Kopecks,
    }
}

fn shown(row: &PaymentRow) -> PaymentOut {
    PaymentOut {
        id: row.id.to_string(),
        user_id: row.user_id.0,
        method: row.method,
        state: row.state,
        amount_kopecks: Kopecks(row.amount),
        stars: row.stars,
        decided_by: row.decided_by.clone(),
        decided_at: row.decided_at.map(At),
        corr: row.corr.to_string(),
        created_at: At(row.created_at),
    }
}

fn id(text: &str) -> Option<PaymentId> {
    PaymentId::parse(text).ok()
}

/// The newest first.
pub(in crate::web::api) async fn list(ask: &Ask) -> Result<Reply, Problem> {
    let (after, limit) = (cursor::by_text(ask.query("cursor"))?, ask.limit()?);
    let wanted = Wanted {
        user: ask.wanted("user", "a Telegram id", user_id)?,
        state: ask.wanted("state", "one of the states", PaymentState::parse)?,
    };
    let mut tx = ask.state.platform.db.tenant_read(&ask.tenant()?.id).await?;
    let (rows, more) = page(tx.payments_listed(&after, wanted, limit + 1).await?, limit);
    let next = rows.last().filter(|_| more).map(|row| cursor::after(row.created_at, row.id.as_str()));
    Reply::ok(&Page { items: rows.iter().map(shown).collect(), next })
}

/// One.
pub(in crate::web::api) async fn one(ask: &Ask) -> Result<Reply, Problem> {
    let id = ask.part("payment", id)?;
    let mut tx = ask.state.platform.db.tenant_read(&ask.tenant()?.id).await?;
    Reply::ok(&shown(&tx.payment_get(&id).await?.ok_or_else(Problem::not_found)?))
}

/// Gives a payment back: the balance now; Stars by a job, a transfer by whoever runs the bank. The same steps as the owner's
/// buttons in the bot.
pub(in crate::web::api) async fn refund(ask: &Ask, tx: &mut TenantTx) -> Result<Reply, Problem> {
    let RefundIn { reason: given } = ask.body()?;
    let why = given.as_deref().map(reason).transpose()?;
    let payment = tx.payment_get(&ask.part("payment", id)?).await?.ok_or_else(Problem::not_found)?;
    match payment.method {
        PayMethod::Stars => stars_back(ask, tx, &payment, why).await,
        PayMethod::Sbp => transfer_back(ask, tx, &payment, why).await,
    }
}

fn wrong_state(payment: &PaymentRow) -> Problem {
    let problem = Problem::conflict("wrong_state", "Only an approved payment can be given back");
    problem.detail(format!("it is {}", payment.state.as_str()))
}

async fn stars_back(ask: &Ask, tx: &mut TenantTx, payment: &PaymentRow, why: Option<&str>) -> Result<Reply, Problem> {
    let actor = Actor { user: None, door: AuditDoor::Api, corr: &ask.corr };
    let hands = Hands { platform: &ask.state.platform, tenant: ask.tenant()?, actor, now: ask.now };
    match refund::stars(tx, &hands, &ask.caller.name(), payment, why).await? {
        Begun::Now(taken) => Ok(Reply { jobs: true, ..given_back(payment, PaymentState::Refunding, taken)? }),
        Begun::Before => Err(wrong_state(payment)),
        Begun::Erased => {
            let problem = Problem::conflict("person_erased", "Whoever paid has erased their data");
            Err(problem.detail("only Telegram's support can return these Stars: @TelegramSupport"))
        }
    }
}

async fn transfer_back(
    ask: &Ask,
    tx: &mut TenantTx,
    payment: &PaymentRow,
    why: Option<&str>,
) -> Result<Reply, Problem> {
    let tenant = ask.tenant()?;
    let desk = Desk { platform: &ask.state.platform, tenant, corr: ask.corr.clone(), now: ask.now };
    let (taken, news) = match review::take_back(tx, &desk, &payment.id).await? {
        TookBack::Now { taken, news, .. } => (taken, news),
        TookBack::Decided(payment) => return Err(wrong_state(&payment)),
        TookBack::Missing => return Err(Problem::not_found()),
    };
    noted(ask, tx, payment, why).await?;
    let chats = review::record(tx, &desk, &news, &format!("reversed:{}", payment.id)).await?;
    Ok(Reply { chats, ..given_back(payment, PaymentState::Refunded, taken)? })
}

async fn noted(ask: &Ask, tx: &mut TenantTx, payment: &PaymentRow, why: Option<&str>) -> Result<(), Problem> {
    let (object, amount) = (review::object(&payment.id), payment.amount.to_string());
    let act = Act::new(AuditAction::PaymentRefunded, &object).changed(Some(&amount), Some("0"));
    note(ask, tx, act.because(why)).await
}

fn given_back(payment: &PaymentRow, state: PaymentState, taken: TakenBack) -> Result<Reply, Problem> {
    let out = RefundOut {
        id: payment.id.to_string(),
        state,
        taken_kopecks: Kopecks(taken.taken),
        owed_kopecks: Kopecks(taken.owed),
    };
    Reply::with(202, &out)
}
