//! Money given by hand: at once, or above the bot's `approval_limit` and `approval_day_limit` after its
//! admins have approved (decisions.md 11).

use sha2::{Digest as _, Sha256};

use super::users::named;
use super::{note, reason};
use crate::accounts::audit::{self, Act, Actor};
use crate::args;
use crate::billing;
use crate::bot::acts::Hands;
use crate::bot::acts::second::{self, Asking, Eyes};
use crate::bot::callback::Callback;
use crate::domain::outbox::MessageClass;
use crate::domain::outgoing::{Keyboard, Outgoing, Track};
use crate::domain::transfer::Moved;
use crate::domain::{AuditAction, AuditDoor, ChatId, CreditAsk, ManualCreditId, Money, UserId};
use crate::store::{Counter, CreditAskRow, ManualCreditRow, TenantTx, UserRow};
use crate::tenants::say::{Say, say};
use crate::web::api::door::{Ask, Reply};
use crate::web::api::problem::Problem;
use crate::web::api::shape::{At, Kopecks, dto};

/// The most that is credited at once, as in the bot (bot.md 14.4).
const MOST: Money = Money::kopecks(10_000_000);

dto! {
    /// Money given by hand.
    into CreditIn {
        /// Kopecks, 1 to 10000000.
        amount_kopecks: i64,
        /// For the audit log, 3 to 200 characters.
        reason: String,
    }
}

dto! {
    /// What a credit made.
    out CreditOut {
        /// The transfer in the ledger.
        transfer_id: String,
        /// What was credited, in kopecks.
        amount_kopecks: Kopecks,
        /// What the person can spend now, in kopecks.
        available_kopecks: Kopecks,
    }
}

dto! {
    /// A credit above the bot's limit, which two of its admins must approve.
    out CreditAskOut {
        /// Ask with it how it stands.
        credit_id: String,
        /// The person's Telegram id.
        user_id: i64,
        /// What is or would be credited, in kopecks.
        amount_kopecks: Kopecks,
        /// Where it stands; only approved is credited.
        state: CreditAsk,
        /// When it was asked for.
        asked_at: At,
        /// Until when it waits.
        expires_at: At,
        /// When it was decided.
        decided_at: Option<At>,
    }
}

fn shown(row: &CreditAskRow) -> CreditAskOut {
    CreditAskOut {
        credit_id: row.id.to_string(),
        user_id: row.user_id.0,
        amount_kopecks: Kopecks(row.amount),
        state: row.ask,
        asked_at: At(row.asked_at),
        expires_at: At(second::until(row)),
        decided_at: row.decided_at.map(At),
    }
}

/// The name that a caller's key for a write gives to a credit: the same write is the same credit, for good.
fn operation(caller: &str, idem_key: &str) -> Result<ManualCreditId, Problem> {
    const LETTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
    let print = Sha256::digest(format!("{caller}\n{idem_key}"));
    let short: String = print.iter().take(16).map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect();
    ManualCreditId::from_short(&short).map_err(|_| Problem::new(500, "internal_error", "The service failed"))
}

/// How a credit stands that admins were asked for.
pub(in crate::web::api) async fn one(ask: &Ask) -> Result<Reply, Problem> {
    let id = ask.part("credit", |text| ManualCreditId::parse(text).ok())?;
    let mut tx = ask.state.platform.db.tenant_read(&ask.tenant()?.id).await?;
    Reply::ok(&shown(&tx.credit_ask_get(&id).await?.ok_or_else(Problem::not_found)?))
}

/// Credits, or asks the bot's admins. The operation is named by the caller and its key for this write, so it is done once even
/// after the kept answer is forgotten.
pub(in crate::web::api) async fn credit(ask: &Ask, tx: &mut TenantTx) -> Result<Reply, Problem> {
    let CreditIn { amount_kopecks, reason: given } = ask.body()?;
    let amount = Money::kopecks(amount_kopecks);
    if !amount.is_positive() || amount > MOST {
        return Err(Problem::wrong_body("amount_kopecks: a whole number from 1 to 10000000"));
    }
    let given = reason(&given)?;
    let person = named(ask, tx).await?;
    let prepared = ManualCreditRow {
        id: operation(&ask.caller.name(), &ask.idem_key)?,
        admin_id: UserId(0),
        user_id: person.user_id,
        amount,
        reason: given.to_owned(),
        created_at: ask.now,
        credited_at: None,
    };
    if tx.manual_credit_get(&prepared.id).await?.is_some() {
        return Err(done_before());
    }
    tx.manual_credit_put(&prepared).await?;
    let actor = Actor { user: None, door: AuditDoor::Api, corr: &ask.corr };
    let hands = Hands { platform: &ask.state.platform, tenant: ask.tenant()?, actor, now: ask.now };
    let eyes = Eyes::program(&ask.caller.name());
    if second::why_needed(tx, &hands, &eyes, amount).await?.is_some() {
        return wait(tx, &hands, (&eyes, &prepared, &person)).await;
    }
    let before = billing::balance(tx, &person.user_ref).await?.available;
    let named_by = format!("api:{}:{}", ask.caller.name(), ask.idem_key);
    let moved = billing::credit(tx, &person.user_ref, &named_by, amount, &ask.corr, ask.now).await?;
    let (Moved::Done(transfer), true) = (moved, tx.manual_credit_done(&prepared.id, ask.now).await?) else {
        return Err(done_before());
    };
    let after = billing::balance(tx, &person.user_ref).await?.available;
    let tenant = ask.tenant()?;
    tx.counter_add(&tenant.today(ask.now), Counter::ManualCredits, amount.as_kopecks()).await?;
    let (object, was, became) = (audit::person(person.user_id), before.to_string(), after.to_string());
    let act = Act::new(AuditAction::ManualCredit, &object).changed(Some(&was), Some(&became));
    note(ask, tx, act.because(Some(given))).await?;
    tell(ask, tx, &person, amount).await?;
    let out = CreditOut {
        transfer_id: transfer.to_string(),
        amount_kopecks: Kopecks(amount),
        available_kopecks: Kopecks(after),
    };
    Ok(Reply { chats: vec![ChatId::from(person.user_id)], ..Reply::with(201, &out)? })
}

fn done_before() -> Problem {
    Problem::conflict("done_before", "This credit was made before, under the same Idempotency-Key")
}

/// Above a limit: nothing moves before two admins have approved.
async fn wait(
    tx: &mut TenantTx,
    hands: &Hands<'_>,
    (eyes, prepared, person): (&Eyes, &ManualCreditRow, &UserRow),
) -> Result<Reply, Problem> {
    let news = match second::ask(tx, hands, eyes, prepared, person).await? {
        Asking::Waiting(news) => news,
        Asking::Before => return Err(done_before()),
        Asking::Alone => {
            let title =
                "Above the bot's approval_limit or approval_day_limit two of its admins must approve, and it has fewer";
            return Err(Problem::conflict("second_admin_missing", title));
        }
    };
    for (n, one) in news.iter().enumerate() {
        let key = format!("second:{}:asked:{n}", prepared.id.short());
        one.record(tx, hands, key).await?;
    }
    let row = tx.credit_ask_get(&prepared.id).await?.ok_or_else(Problem::not_found)?;
    let chats = news.into_iter().map(|one| one.chat).collect();
    Ok(Reply { chats, ..Reply::with(202, &shown(&row))? })
}

/// The person reads the same as when an admin does it in the bot.
async fn tell(ask: &Ask, tx: &mut TenantTx, person: &UserRow, amount: Money) -> Result<(), Problem> {
    let tenant = ask.tenant()?;
    let language = tenant.language_of(person.language, person.language_code.as_deref());
    let words = ask.state.platform.texts.words(language);
    let keyboard = Keyboard::new()
        .row([Callback::Balance.button(words.get("btn-balance"))])
        .row([Callback::BackToMenu.button(words.get("btn-home"))]);
    let html = words.fmt("credit-told", args![amount = amount]);
    let outgoing = Outgoing::Screen { html, keyboard, edit: None, track: Track::Nothing };
    let fact = Say {
        chat: ChatId::from(person.user_id),
        class: MessageClass::MustArrive,
        key: format!("credit:{}", ask.corr),
        corr: &ask.corr,
        now: ask.now,
    };
    say(tx, tenant, fact, &outgoing).await?;
    Ok(())
}
