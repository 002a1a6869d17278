//! Transfers by SBP: the queue of those under review, what was read in a picture beside what is expected, and what a bot's admins
//! decide (bot.md 11.3). The decisions are the bot's own (`bot/review.rs`): whoever decides first, here or in the chat, has
//! decided, and every copy of the picture says so.

use axum::extract::Path;
use axum::response::Response;

use super::super::log::When;
use super::super::refused::Refused;
use super::{payment_id, person};
use crate::accounts::Act;
use crate::args;
use crate::billing::{self, Paid};
use crate::bot::acts::Hands;
use crate::bot::acts::letter::{self, MOST};
use crate::bot::acts::second::called;
use crate::bot::callback::RejectReason;
use crate::bot::error::TurnError;
use crate::bot::review::{self, Answer, Decided, Desk, Reviewer};
use crate::bot::screens::payments::{ReviewCard, reason_word, requisites};
use crate::domain::receipt::{Reading, ReceiptFlags};
use crate::domain::{AuditAction, AuditDoor, Money, PayMethod, PaymentId, PaymentState, REASON, UserId};
use crate::store::{PaymentRow, StoreError, TenantTx};
use crate::texts::Words;
use crate::web::extract::{At, OurForm};
use crate::web::failure::Failure;

/// Transfers that the queue shows at once; what is behind them comes up as they are decided.
const QUEUE: i64 = 10;
/// Entries of a transfer's log in which it is looked for who took it back.
const ENTRIES: i64 = 50;
/// Sums of a picture that are named.
const SUMS: usize = 5;

/// A transfer that waits.
pub(super) struct Waiting {
    pub(super) id: String,
    pub(super) person: String,
    pub(super) requested: Money,
    pub(super) amount: Money,
    pub(super) when: When,
    pub(super) flags: Vec<String>,
    /// Somebody approved it, and a second person must.
    pub(super) second: bool,
}

/// Those that wait longest, and how many there are.
pub(super) async fn queue(at: &At, tx: &mut TenantTx) -> Result<(Vec<Waiting>, i64), StoreError> {
    let words = at.words();
    let rows = tx.reviews_queue(QUEUE).await?;
    let count = if rows.is_empty() { 0 } else { tx.payments_review_count().await? };
    let waiting = rows.into_iter().map(|row| Waiting {
        id: row.id.short().to_owned(),
        person: person(words, row.user_id, row.first_name),
        requested: row.requested,
        amount: row.amount,
        when: When::new(words, at.tenant.zone(), row.created_at, at.now),
        flags: flags(words, &row.flags),
        second: row.first_by.is_some(),
    });
    Ok((waiting.collect(), count))
}

/// What is odd about a picture, in words.
pub(super) fn flags(words: Words<'_>, stored: &str) -> Vec<String> {
    let known = ReceiptFlags::read(stored).into_iter();
    known.map(|flag| words.get(&format!("review-flag-{}", flag.as_str()))).collect()
}

/// One thing that is compared.
pub(super) struct Compared {
    pub(super) what: String,
    pub(super) expected: String,
    pub(super) read: String,
    /// `ok`, `warn` or `fail`.
    pub(super) class: &'static str,
}

/// A reason of a refusal that can be chosen.
pub(super) struct Reason {
    pub(super) word: &'static str,
    pub(super) name: String,
}

/// What a reader who decides needs.
pub(super) struct Deciding {
    /// Two people must approve.
    pub(super) second: bool,
    pub(super) reasons: Vec<Reason>,
}

/// What was typed into a form of a transfer's page that did not fit.
pub(super) struct Typed {
    /// The form: `reject` or `reverse`.
    form: &'static str,
    /// The chosen reason.
    reason: String,
    /// The reason in one's own words.
    own: String,
    refused: Refused,
}

impl Typed {
    fn new(at: &At, form: &'static str, sent: &OurForm) -> Self {
        let own = if form == "reverse" { "reason" } else { "own" };
        let key = if form == "reverse" { "panel-problem-reverse-reason" } else { "panel-problem-review-reason" };
        Self {
            form,
            reason: sent.text("reason").to_owned(),
            own: sent.text(own).to_owned(),
            refused: Refused::new(at.words(), form, key),
        }
    }
}

/// A credit that was taken back, as the audit log has it.
pub(super) struct Reversed {
    pub(super) who: String,
    pub(super) when: When,
    pub(super) why: Option<String>,
}

/// Who took a transfer's credit back.
async fn reversed(at: &At, tx: &mut TenantTx, row: &PaymentRow) -> Result<Option<Reversed>, StoreError> {
    if row.state != PaymentState::Refunded {
        return Ok(None);
    }
    let entries = tx.audit_of_object(&review::object(&row.id), ENTRIES).await?;
    let taken = AuditAction::PaymentRefunded.as_str();
    let Some(entry) = entries.into_iter().find(|entry| entry.action == taken) else { return Ok(None) };
    Ok(Some(Reversed {
        who: called(tx, &entry.actor).await?,
        when: When::new(at.words(), at.tenant.zone(), entry.at, at.now),
        why: entry.reason,
    }))
}

/// What a transfer's page has beside the facts of every payment.
pub(super) struct Transfer {
    pub(super) invoice: String,
    pub(super) requested: Option<Money>,
    pub(super) attempt: (i64, i64),
    /// Who approved first, where two must.
    pub(super) first: Option<String>,
    /// Who decided, and why it was refused.
    pub(super) decided: Option<String>,
    pub(super) reason: Option<String>,
    /// The picture is kept, and the reader may see it.
    pub(super) picture: bool,
    /// What was read beside what is expected; empty where nothing was read.
    pub(super) compared: Vec<Compared>,
    /// The reader may decide now.
    pub(super) decides: Option<Deciding>,
    /// The reader may take it back: what that means.
    pub(super) reverse: Option<String>,
    /// Who took it back, when and why, if it was.
    pub(super) reversed: Option<Reversed>,
    /// The payer can be written to.
    pub(super) writes: bool,
    /// The transfer that waits longest, apart from this one.
    pub(super) next: Option<String>,
    /// A form that was sent and did not fit.
    pub(super) typed: Option<Typed>,
}

impl Transfer {
    /// Why this form was refused, if it was.
    pub(super) fn wrong(&self, form: &str) -> Option<&str> {
        self.typed.as_ref().and_then(|typed| typed.refused.at(form))
    }

    /// What was typed into this form before.
    pub(super) fn own(&self, form: &str) -> &str {
        self.typed.as_ref().filter(|typed| typed.form == form).map_or("", |typed| typed.own.as_str())
    }

    /// Whether this reason was chosen before.
    pub(super) fn chosen(&self, reason: &str) -> bool {
        self.typed.as_ref().is_some_and(|typed| typed.form == "reject" && typed.reason == reason)
    }
}

/// The part of a transfer's page; `None` for another payment. `available` is what its payer can spend.
pub(super) async fn of(
    at: &At,
    tx: &mut TenantTx,
    row: &PaymentRow,
    available: Money,
) -> Result<Option<Transfer>, Failure> {
    if row.method != PayMethod::Sbp {
        return Ok(None);
    }
    let words = at.words();
    let card = review::card(tx, &desk(at), row).await.map_err(unmade)?;
    let invoice = match &row.invoice_id {
        Some(id) => tx.invoice_get(id).await?,
        None => None,
    };
    let kept = match &row.media_id {
        Some(media) => tx.media_get(media).await?.is_some_and(|media| media.expires_at > at.now),
        None => false,
    };
    let back = match &row.invoice_id {
        Some(id) => row.amount.plus(billing::bonus_of(tx, Paid::Sbp(id)).await?),
        None => None,
    };
    let payer = tx.user_get(row.user_id).await?;
    let phone = invoice.as_ref().and_then(|invoice| requisites(&at.tenant, invoice).ok()).map(|to| to.phone);
    let next = tx.reviews_queue(2).await?.into_iter().map(|row| row.id).find(|id| *id != row.id);
    let limit = at.tenant.settings.approval_limit;
    let two = card.first.is_some();
    let decides = row.state == PaymentState::Review && at.may(Act::Operate);
    Ok(Some(Transfer {
        requested: invoice.map(|invoice| invoice.requested),
        compared: card.reading.as_ref().map(|read| compared(words, &card, read, phone)).unwrap_or_default(),
        invoice: card.invoice,
        attempt: card.attempt,
        first: card.first,
        decided: card.decided,
        reason: card.reason.as_deref().map(|reason| reason_word(words, reason)),
        picture: kept && at.may(Act::Operate),
        decides: decides
            .then(|| Deciding { second: two || (limit.is_positive() && row.amount > limit), reasons: reasons(words) }),
        reverse: back.filter(|_| row.state == PaymentState::Approved && at.may(Act::Own)).map(|back| {
            let owed = back.minus(available).filter(|owed| owed.is_positive()).unwrap_or(Money::ZERO);
            words.plain("panel-reverse-hint", args![amount = back, owed = owed])
        }),
        reversed: reversed(at, tx, row).await?,
        writes: at.may(Act::Operate) && payer.is_some_and(|payer| payer.unreachable_at.is_none()),
        next: next.map(|id| id.short().to_owned()),
        typed: None,
    }))
}

fn reasons(words: Words<'_>) -> Vec<Reason> {
    let known = RejectReason::ALL.into_iter().filter(|reason| *reason != RejectReason::Other);
    known.map(|reason| Reason { word: reason.word(), name: reason_word(words, reason.word()) }).collect()
}

/// The same that S-51 says, line by line.
fn compared(words: Words<'_>, card: &ReviewCard, read: &Reading, phone: Option<String>) -> Vec<Compared> {
    let dash = || words.get("panel-dash");
    let sums: Vec<String> = read.amounts.iter().take(SUMS).map(Money::to_string).collect();
    let (amount, class) = if read.has_exactly(card.amount) {
        ("review-amount-exact", "ok")
    } else if read.has_about(card.amount) {
        ("review-amount-about", "warn")
    } else {
        ("review-amount-other", "fail")
    };
    let sums = if sums.is_empty() { dash() } else { sums.join(", ") };
    let mut all = vec![
        Compared {
            what: words.get("panel-review-amount"),
            expected: card.amount.to_string(),
            read: format!("{sums} · {}", words.get(amount)),
            class,
        },
        Compared {
            what: words.get("panel-review-phone"),
            expected: phone.unwrap_or_else(dash),
            read: words.get(if read.phone { "review-phone-yes" } else { "review-phone-no" }),
            class: if read.phone { "ok" } else { "warn" },
        },
        Compared {
            what: words.get("panel-review-keywords"),
            expected: words.get("panel-review-keywords-any"),
            read: if read.keywords.is_empty() { dash() } else { read.keywords.join(", ") },
            class: if read.keywords.is_empty() { "warn" } else { "ok" },
        },
    ];
    if let Some(operation) = &read.operation {
        all.push(Compared {
            what: words.get("panel-review-operation"),
            expected: words.get("panel-review-operation-new"),
            read: operation.clone(),
            class: if card.flags.contains("operation") { "fail" } else { "ok" },
        });
    }
    all
}

fn desk(at: &At) -> Desk<'_> {
    Desk { platform: at.platform(), tenant: &at.tenant, corr: at.corr.clone(), now: at.now }
}

fn reviewer(at: &At) -> Reviewer {
    Reviewer { user: at.user().unwrap_or(UserId(0)), door: AuditDoor::Panel }
}

fn page_of(id: &PaymentId) -> String {
    format!("payments/{}", id.short())
}

/// Approves. Above the bot's limit, where two people must, the confirmation by the bot is some minutes old at most.
pub(in crate::web) async fn approve(
    at: At,
    Path((_, id)): Path<(String, String)>,
    _form: OurForm,
) -> Result<Response, Failure> {
    let id = payment_id(&id)?;
    let mut tx = at.writes().await?;
    let payment = transfer(&mut tx, &id).await?;
    let limit = at.tenant.settings.approval_limit;
    let two = tx.review_first_by(&id).await?.is_some();
    if two || (limit.is_positive() && payment.amount > limit) {
        at.confirmed_by_bot()?;
    }
    let decided = review::approve(&mut tx, &desk(&at), &id, reviewer(&at)).await.map_err(unmade)?;
    finish(&at, tx, &id, decided).await
}

/// Refuses: for one of the known reasons, or for one in the reviewer's own words.
pub(in crate::web) async fn reject(
    at: At,
    Path((_, id)): Path<(String, String)>,
    form: OurForm,
) -> Result<Response, Failure> {
    let id = payment_id(&id)?;
    let mut tx = at.writes().await?;
    transfer(&mut tx, &id).await?;
    let own = form.text("own");
    let known = RejectReason::parse(form.text("reason")).filter(|reason| *reason != RejectReason::Other);
    let reason = match known {
        _ if REASON.contains(&own.chars().count()) => own,
        Some(known) if own.is_empty() => known.word(),
        _ => {
            drop(tx);
            return super::shown(&at, &id, Some(Typed::new(&at, "reject", &form))).await;
        }
    };
    let decided = review::reject(&mut tx, &desk(&at), &id, reviewer(&at), reason).await.map_err(unmade)?;
    finish(&at, tx, &id, decided).await
}

/// Takes an approved one back: the owner's, with a confirmation by the bot that is some minutes old at most.
pub(in crate::web) async fn reverse(
    at: At,
    Path((_, id)): Path<(String, String)>,
    form: OurForm,
) -> Result<Response, Failure> {
    at.confirmed_by_bot()?;
    let id = payment_id(&id)?;
    let mut tx = at.writes().await?;
    transfer(&mut tx, &id).await?;
    let reason = form.text("reason");
    if !REASON.contains(&reason.chars().count()) {
        drop(tx);
        return super::shown(&at, &id, Some(Typed::new(&at, "reverse", &form))).await;
    }
    let decided = review::reverse(&mut tx, &desk(&at), &id, reviewer(&at), reason).await.map_err(unmade)?;
    finish(&at, tx, &id, decided).await
}

/// Writes to the payer; the answer comes to the writer's chat with the bot.
pub(in crate::web) async fn ask(
    at: At,
    Path((_, id)): Path<(String, String)>,
    form: OurForm,
) -> Result<Response, Failure> {
    let id = payment_id(&id)?;
    let page = page_of(&id);
    let mut tx = at.writes().await?;
    let payment = transfer(&mut tx, &id).await?;
    let text = form.text("text").to_owned();
    if text.is_empty() || text.chars().count() > MOST {
        return Ok(at.problem(&page, "letter-text"));
    }
    let payer = tx.user_get(payment.user_id).await?.filter(|payer| payer.unreachable_at.is_none());
    let Some(payer) = payer else { return Ok(at.problem(&page, "letter-unreachable")) };
    let hands = Hands { platform: at.platform(), tenant: &at.tenant, actor: at.actor(), now: at.now };
    let news = letter::write(&mut tx, &hands, &payer, text).await?;
    let key = format!("letter:{}", at.corr);
    news.record(&mut tx, &hands, key).await.map_err(super::super::generations::unreadable)?;
    tx.commit().await?;
    at.platform().signals.chat(&at.tenant.id, news.chat);
    Ok(at.done(&page, "written"))
}

/// A transfer of this bot; a payment in Stars is none.
async fn transfer(tx: &mut TenantTx, id: &PaymentId) -> Result<PaymentRow, Failure> {
    let found = tx.payment_get(id).await?.filter(|payment| payment.method == PayMethod::Sbp);
    found.ok_or(Failure::NotFound)
}

/// Records what a decision says, and says on the page what came of it.
async fn finish(at: &At, mut tx: TenantTx, id: &PaymentId, decided: Decided) -> Result<Response, Failure> {
    let page = page_of(id);
    let done = match decided.answer {
        Answer::Approved => "review-approved",
        Answer::First => "review-first",
        Answer::Alone => "review-alone",
        Answer::Rejected => "review-rejected",
        Answer::Reversed => "review-reversed",
        Answer::SamePerson => return Ok(at.problem(&page, "review-same-person")),
        Answer::Closed => return Ok(at.problem(&page, "review-closed")),
        Answer::Already(..) => return Ok(at.problem(&page, "review-already")),
        Answer::Missing => return Err(Failure::NotFound),
    };
    let key = format!("review:{}", at.corr);
    let chats = review::record(&mut tx, &desk(at), &decided.news, &key).await.map_err(unmade)?;
    tx.commit().await?;
    for chat in chats {
        at.platform().signals.chat(&at.tenant.id, chat);
    }
    Ok(at.done(&page, done))
}

/// A decision that could not be made; nothing of it was kept.
fn unmade(error: TurnError) -> Failure {
    match error {
        TurnError::Store(error) => error.into(),
        other => {
            tracing::error!(class = other.class(), error = %other, "a transfer cannot be decided on");
            Failure::Broken
        }
    }
}
