//! Decisions on transfers under review (bot.md 11.3, S-51): one way for the bot's chat and for the panel. Whoever decides first
//! has decided; the payer hears it, and every admin's copy of the picture says who it was.
//!
//! Each function works in the caller's transaction and gives what is to be said in which chats; a turn says it with
//! [`Turn::tell_message`], everybody else with [`record`].

use super::error::TurnError;
use super::platform::Platform;
use super::receive::load_session;
use super::screens::payments::{PaidScreen, ReviewCard, as_message, refused};
use super::turn::{Turn, arg};
use crate::accounts::audit::{self, Act, Actor};
use crate::billing::{self, Alone, Approval, BY_ITSELF, Rejection, Reversal, TakenBack};
use crate::domain::outgoing::{Keyboard, Outgoing, Track};
use crate::domain::transfer::Account;
use crate::domain::{
    AuditAction, AuditDoor, ChatId, Corr, MessageClass, PayMethod, PaymentId, PaymentState, UnixMs, UserId,
};
use crate::store::{Counter, PaymentRow, StoreError, TenantTx, UserRow};
use crate::tenants::Tenant;
use crate::tenants::say::{Say, say};
use crate::texts::Words;

/// Where decisions are made: the shared parts, whose bot, in which story, when.
#[derive(Clone)]
pub struct Desk<'a> {
    /// Shared parts.
    pub platform: &'a Platform,
    /// Whose bot.
    pub tenant: &'a Tenant,
    /// The story.
    pub corr: Corr,
    /// When.
    pub now: UnixMs,
}

impl<'a> Desk<'a> {
    /// Of a turn.
    pub fn of(turn: &Turn<'a>) -> Self {
        Self { platform: turn.platform, tenant: turn.tenant, corr: turn.corr.clone(), now: turn.now }
    }

    pub(super) fn words_of(&self, user: &UserRow) -> Words<'a> {
        self.platform.texts.words(self.tenant.language_of(user.language, user.language_code.as_deref()))
    }
}

/// Who decides, and by which door.
#[derive(Debug, Clone, Copy)]
pub struct Reviewer {
    /// Telegram's id.
    pub user: UserId,
    /// By which door.
    pub door: AuditDoor,
}

/// What whoever decided is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Credited now.
    Approved,
    /// Approved, and somebody else must, too.
    First,
    /// The same, and there is nobody else in this bot who could.
    Alone,
    /// The same person approved first.
    SamePerson,
    /// Refused now.
    Rejected,
    /// Taken back now.
    Reversed,
    /// Its request is closed: nothing can be credited by it.
    Closed,
    /// Somebody was faster: who, and when.
    Already(String, String),
    /// There is no such transfer.
    Missing,
}

impl Answer {
    /// In the decider's language.
    pub fn said(&self, words: Words<'_>) -> String {
        match self {
            Self::Approved => words.get("review-done-approved"),
            Self::First => words.get("review-done-first"),
            Self::Alone => words.get("review-alone"),
            Self::SamePerson => words.get("review-same-person"),
            Self::Rejected => words.get("review-done-rejected"),
            Self::Reversed => words.get("review-done-reversed"),
            Self::Closed => words.get("review-invoice-closed"),
            Self::Already(who, at) => words.plain("review-already", arg("who", who).with("at", at)),
            Self::Missing => words.get("not-found"),
        }
    }
}

/// Something to say, and where.
pub type News = (ChatId, Outgoing);

/// What came of a decision.
#[derive(Debug, Clone, PartialEq)]
pub struct Decided {
    /// For whoever decided.
    pub answer: Answer,
    /// For everybody else.
    pub news: Vec<News>,
}

impl Decided {
    fn only(answer: Answer) -> Self {
        Self { answer, news: Vec::new() }
    }
}

/// A payment as the audit log names it.
pub fn object(payment: &PaymentId) -> String {
    format!("payment:{payment}")
}

/// Records what a decision says, each under `key` and its number. Gives the chats to wake after the commit.
pub async fn record(tx: &mut TenantTx, desk: &Desk<'_>, news: &[News], key: &str) -> Result<Vec<ChatId>, TurnError> {
    for (n, (chat, outgoing)) in news.iter().enumerate() {
        let (class, corr, now) = (MessageClass::MustArrive, &desk.corr, desk.now);
        say(tx, desk.tenant, Say { chat: *chat, class, key: format!("{key}:{n}"), corr, now }, outgoing).await?;
    }
    Ok(news.iter().map(|(chat, _)| *chat).collect())
}

/// Approves a transfer: credited once, whoever approves how often. Above what the bot lets one admin
/// approve a second person must.
pub async fn approve(tx: &mut TenantTx, desk: &Desk<'_>, id: &PaymentId, by: Reviewer) -> Result<Decided, TurnError> {
    let (who, approver, day) = (by.user.to_string(), audit::person(by.user), desk.tenant.today(desk.now));
    let alone = Alone::of(&desk.tenant.settings, &approver, &day);
    let credited = match billing::approve(tx, id, &who, alone, &desk.corr, desk.now).await? {
        Approval::Credited(credited) => credited,
        Approval::First(payment) => {
            note(tx, desk, by, AuditAction::PaymentApproved, &payment, Some("first of two")).await?;
            let news = closed_copies(tx, desk, std::slice::from_ref(&payment.id)).await?;
            let answer = if desk.tenant.admins.len() < 2 { Answer::Alone } else { Answer::First };
            return Ok(Decided { answer, news });
        }
        Approval::SamePerson => return Ok(Decided::only(Answer::SamePerson)),
        Approval::Decided(payment) => return Ok(Decided::only(already(tx, desk, &payment).await?)),
        Approval::Closed => return Ok(Decided::only(Answer::Closed)),
        Approval::Missing => return Ok(Decided::only(Answer::Missing)),
    };
    let payment = &credited.payment;
    self::credited(tx, desk, payment).await?;
    note(tx, desk, by, AuditAction::PaymentApproved, payment, None).await?;
    let mut news = Vec::new();
    if let Some(user) = tx.user_get(payment.user_id).await? {
        let rules = &desk.platform.settings.session;
        let (session, _) = load_session(tx, desk.tenant, user.user_id, desk.now, rules).await?;
        let screen = PaidScreen {
            amount: payment.amount,
            repaid: credited.top_up.repaid,
            bonus: credited.top_up.bonus,
            available: billing::balance(tx, &payment.user_ref).await?.available,
            draft: session.draft.is_some(),
        };
        news.push((ChatId::from(user.user_id), as_message(&screen, desk.words_of(&user))));
    }
    let mut decided = vec![payment.id.clone()];
    decided.extend(credited.superseded.iter().cloned());
    news.extend(closed_copies(tx, desk, &decided).await?);
    tracing::info!(amount = payment.amount.as_kopecks(), "a transfer was approved");
    Ok(Decided { answer: Answer::Approved, news })
}

/// Refuses a transfer; `reason` is one of the buttons' words, or the reviewer's own.
pub async fn reject(
    tx: &mut TenantTx,
    desk: &Desk<'_>,
    id: &PaymentId,
    by: Reviewer,
    reason: &str,
) -> Result<Decided, TurnError> {
    let most = i64::from(desk.tenant.settings.sbp_max_attempts);
    let limits = (most, desk.platform.settings.payments.invoice_life);
    let (payment, left) = match billing::reject(tx, id, &by.user.to_string(), reason, limits, desk.now).await? {
        Rejection::Rejected(payment, left) => (payment, left),
        Rejection::Decided(payment) => return Ok(Decided::only(already(tx, desk, &payment).await?)),
        Rejection::Missing => return Ok(Decided::only(Answer::Missing)),
    };
    keep_receipt(tx, desk, &payment).await?;
    note(tx, desk, by, AuditAction::PaymentRejected, &payment, Some(reason)).await?;
    let mut news = Vec::new();
    if let Some(user) = tx.user_get(payment.user_id).await? {
        let words = desk.words_of(&user);
        news.push((ChatId::from(user.user_id), refused(desk.tenant, words, &payment, reason, left)));
    }
    news.extend(closed_copies(tx, desk, std::slice::from_ref(&payment.id)).await?);
    tracing::info!(left, "a transfer was refused");
    Ok(Decided { answer: Answer::Rejected, news })
}

/// Takes an approved transfer back: what the payer can spend, the rest is owed.
pub async fn reverse(
    tx: &mut TenantTx,
    desk: &Desk<'_>,
    id: &PaymentId,
    by: Reviewer,
    reason: &str,
) -> Result<Decided, TurnError> {
    let (payment, news) = match take_back(tx, desk, id).await? {
        TookBack::Now { payment, news, .. } => (payment, news),
        TookBack::Decided(payment) => return Ok(Decided::only(already(tx, desk, &payment).await?)),
        TookBack::Missing => return Ok(Decided::only(Answer::Missing)),
    };
    note(tx, desk, by, AuditAction::PaymentRefunded, &payment, Some(reason)).await?;
    Ok(Decided { answer: Answer::Reversed, news })
}

/// What came of taking an approved transfer back.
pub enum TookBack {
    /// Taken back now.
    Now {
        /// As it is now.
        payment: Box<PaymentRow>,
        /// From the person's balance, and what they owe.
        taken: TakenBack,
        /// What is to be said.
        news: Vec<News>,
    },
    /// It is not approved, or was taken back before.
    Decided(Box<PaymentRow>),
    /// There is no such transfer.
    Missing,
}

/// The whole of [`reverse`] but for the audit log: a program with its key is no reviewer, and writes its own line.
pub async fn take_back(tx: &mut TenantTx, desk: &Desk<'_>, id: &PaymentId) -> Result<TookBack, TurnError> {
    let (payment, taken) = match billing::reverse(tx, id, &desk.corr, desk.now).await? {
        Reversal::Reversed(payment, taken) => (payment, taken),
        Reversal::Decided(payment) => return Ok(TookBack::Decided(payment)),
        Reversal::Missing => return Ok(TookBack::Missing),
    };
    // Out of the figures on the day on which it went back, like a refund of Stars.
    let today = desk.tenant.today(desk.now);
    tx.counter_add(&today, Counter::TopUpSbp, -payment.amount.as_kopecks()).await?;
    tx.counter_add(&today, Counter::Payments, -1).await?;
    let mut news = Vec::new();
    if let Some(user) = tx.user_get(payment.user_id).await? {
        let debt = billing::balance(tx, &payment.user_ref).await?.debt;
        let screen = super::screens::payments::Reversed { amount: payment.amount, bonus: taken.bonus, debt };
        news.push((ChatId::from(user.user_id), as_message(&screen, desk.words_of(&user))));
    }
    news.extend(closed_copies(tx, desk, std::slice::from_ref(&payment.id)).await?);
    Ok(TookBack::Now { payment, taken, news })
}

/// What follows from a credited transfer, whoever approved it: the day's figures, and how long its picture is kept.
pub(super) async fn credited(tx: &mut TenantTx, desk: &Desk<'_>, payment: &PaymentRow) -> Result<(), TurnError> {
    let today = desk.tenant.today(desk.now);
    tx.counter_add(&today, Counter::TopUpSbp, payment.amount.as_kopecks()).await?;
    tx.counter_add(&today, Counter::Payments, 1).await?;
    let (payments, _) = tx.paid_total(&Account::User(payment.user_ref.clone())).await?;
    if payments == 1 {
        tx.counter_add(&today, Counter::Payers, 1).await?;
    }
    keep_receipt(tx, desk, payment).await
}

/// A receipt is kept for so long after the decision (bot.md 11.3).
async fn keep_receipt(tx: &mut TenantTx, desk: &Desk<'_>, payment: &PaymentRow) -> Result<(), TurnError> {
    if let Some(media) = &payment.media_id {
        let until = desk.now.plus(desk.platform.settings.retention.receipts);
        tx.media_keep_until(media, until).await?;
    }
    Ok(())
}

async fn note(
    tx: &mut TenantTx,
    desk: &Desk<'_>,
    by: Reviewer,
    action: AuditAction,
    payment: &PaymentRow,
    reason: Option<&str>,
) -> Result<(), StoreError> {
    let (object, amount) = (object(&payment.id), payment.amount.to_string());
    let act = Act::new(action, &object).changed(Some("review"), Some(payment.state.as_str()));
    let act = if action == AuditAction::PaymentRefunded { act.changed(Some(&amount), Some("0")) } else { act };
    let who = Actor { user: Some(by.user), door: by.door, corr: &desk.corr };
    audit::record(tx, who, act.because(reason), desk.now).await?;
    Ok(())
}

async fn already(tx: &mut TenantTx, desk: &Desk<'_>, payment: &PaymentRow) -> Result<Answer, TurnError> {
    let who = decider(tx, payment).await?;
    let at = payment.decided_at.map(|at| at.shown(desk.tenant.zone())).unwrap_or_default();
    Ok(Answer::Already(who, at))
}

/// Who decided a payment, as admins know each other.
pub(super) async fn decider(tx: &mut TenantTx, payment: &PaymentRow) -> Result<String, StoreError> {
    match payment.decided_by.as_deref() {
        Some(BY_ITSELF) => Ok("🤖".to_owned()),
        Some(id) => admin_name(tx, id).await,
        None => Ok("—".to_owned()),
    }
}

async fn admin_name(tx: &mut TenantTx, id: &str) -> Result<String, StoreError> {
    let user = match id.parse() {
        Ok(id) => tx.user_get(UserId(id)).await?,
        Err(_) => None,
    };
    Ok(user.map_or_else(|| id.to_owned(), |user| name_of(&user)))
}

/// `@name`, else what Telegram shows, else the number.
pub(super) fn name_of(user: &UserRow) -> String {
    match &user.username {
        Some(name) => format!("@{name}"),
        None if user.first_name.trim().is_empty() => user.user_id.to_string(),
        None => user.first_name.clone(),
    }
}

/// S-51 of a payment.
pub async fn card(tx: &mut TenantTx, desk: &Desk<'_>, payment: &PaymentRow) -> Result<ReviewCard, TurnError> {
    let invoice = match &payment.invoice_id {
        Some(id) => tx.invoice_get(id).await?,
        None => None,
    };
    let user = tx.user_get(payment.user_id).await?;
    let reading = match &payment.evidence {
        Some(sealed) => serde_json::from_slice(&desk.tenant.open(crate::vault::Column::Receipt, sealed)?).ok(),
        None => None,
    };
    let first = match tx.review_first_by(&payment.id).await? {
        Some(id) => Some(admin_name(tx, &id).await?),
        None => None,
    };
    let decided = match payment.state {
        PaymentState::Review => None,
        _ => Some(decider(tx, payment).await?),
    };
    let erasure = decided.is_none() && tx.erasure_is_requested(payment.user_id).await?;
    let waiting = if decided.is_some() { tx.payments_review_count().await? } else { 0 };
    Ok(ReviewCard {
        payment: payment.id.clone(),
        invoice: invoice.as_ref().map_or_else(String::new, |invoice| invoice.id.short().to_owned()),
        user: payment.user_id,
        name: user.as_ref().map(name_of),
        amount: payment.amount,
        reading,
        flags: payment.flags.clone(),
        erasure,
        attempt: (payment.attempt, i64::from(desk.tenant.settings.sbp_max_attempts)),
        since: payment.created_at.shown(desk.tenant.zone()),
        first,
        state: payment.state,
        decided,
        reason: payment.reason.clone(),
        waiting,
    })
}

/// A payment's picture with S-51 below it, or S-51 alone where the picture is gone.
pub(super) async fn copy(
    tx: &mut TenantTx,
    payment: &PaymentRow,
    (caption, keyboard): (String, Keyboard),
    review: bool,
) -> Result<Outgoing, StoreError> {
    let kept = match &payment.media_id {
        Some(media) => tx.media_get(media).await?,
        None => None,
    };
    let review = review.then(|| payment.id.clone());
    if let Some(media) = kept {
        return Ok(Outgoing::Picture { media: media.id, mime: media.mime, caption, keyboard, review, draft: None });
    }
    let track = review.map_or(Track::Nothing, Track::Review);
    Ok(Outgoing::Screen { html: caption, keyboard, edit: None, track })
}

/// S-51 for every admin who has written to the bot.
pub(super) async fn copies_for_all(
    tx: &mut TenantTx,
    desk: &Desk<'_>,
    payment: &PaymentRow,
) -> Result<Vec<News>, TurnError> {
    use super::screens::Screen as _;
    let card = card(tx, desk, payment).await?;
    let mut news = Vec::new();
    for (admin, _) in &desk.tenant.admins {
        let Some(user) = tx.user_get(*admin).await? else { continue };
        let words = desk.words_of(&user);
        let shown = copy(tx, payment, (card.text(words), card.keyboard(words)), true).await?;
        news.push((ChatId::from(*admin), shown));
    }
    Ok(news)
}

/// What admins' copies of payments say now.
pub(super) async fn closed_copies(
    tx: &mut TenantTx,
    desk: &Desk<'_>,
    payments: &[PaymentId],
) -> Result<Vec<News>, TurnError> {
    let mut news = Vec::new();
    for id in payments {
        let Some(payment) = tx.payment_get(id).await?.filter(|payment| payment.method == PayMethod::Sbp) else {
            continue;
        };
        let card = card(tx, desk, &payment).await?;
        for shown in tx.review_copies(id).await? {
            news.push((shown.chat_id, closed(tx, desk, &card, (shown.chat_id, shown.message_id)).await?));
        }
    }
    Ok(news)
}

async fn closed(
    tx: &mut TenantTx,
    desk: &Desk<'_>,
    card: &ReviewCard,
    (chat, message): (ChatId, crate::domain::MessageId),
) -> Result<Outgoing, TurnError> {
    use super::screens::Screen as _;
    let words = match tx.user_get(UserId(chat.0)).await? {
        Some(user) => desk.words_of(&user),
        None => desk.platform.texts.words(desk.tenant.settings.default_language),
    };
    Ok(Outgoing::Caption { message, html: card.text(words), keyboard: card.keyboard(words) })
}

/// A copy of S-51 has just arrived in an admin's chat: it is noted, and where the decision was faster than the copy, what the copy
/// must say now is given.
pub async fn copy_arrived(
    tx: &mut TenantTx,
    desk: &Desk<'_>,
    id: &PaymentId,
    (chat, message): (ChatId, crate::domain::MessageId),
) -> Result<Option<News>, TurnError> {
    tx.review_copy_put(id, chat, message, desk.now).await?;
    let Some(payment) = tx.payment_get(id).await?.filter(|payment| payment.state != PaymentState::Review) else {
        return Ok(None);
    };
    let card = card(tx, desk, &payment).await?;
    Ok(Some((chat, closed(tx, desk, &card, (chat, message)).await?)))
}
