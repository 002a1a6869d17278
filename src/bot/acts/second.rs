//! The second pair of eyes for credits by hand above the bot's `approval_limit`, or above its
//! `approval_day_limit` together with the day's others of the same admin (decisions.md 11; reliability.md T03): one asks,
//! somebody else approves, and only then the money moves. A program is nobody's pair of eyes: what it asks for two people approve.
//!
//! A request is shown to every admin, and every card of it says how it ended, wherever that was decided (as `bot/review.rs` does
//! it for transfers).
//!
//! Who is first and who is second is decided by conditional statements of `store/manual_credits.rs`, so of two who approve at once
//! one credits, and nobody is both.

use std::time::Duration;

use super::{Hands, News, credit};
use crate::accounts::audit::{self, Act, Actor};
use crate::billing::{self, Alone, WhyTwo};
use crate::bot::review::name_of;
use crate::bot::screens::Screen as _;
use crate::bot::screens::admin::SecondCard;
use crate::bot::turn::arg;
use crate::domain::outgoing::{Keyboard, Outgoing, Track};
use crate::domain::{AuditAction, ChatId, CreditAsk, ManualCreditId, MessageId, Money, UserId};
use crate::store::{CreditAskRow, ManualCreditRow, StoreError, TenantTx, UserRow};
use crate::texts::{Arg, Words};

/// A request waits so long for the second person.
pub const WAITS: Duration = Duration::from_hours(24);
/// Whoever ends a request that nobody looked at.
const NOBODY: &str = "auto";

/// Who looks at a credit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Eyes {
    /// As the audit log names them.
    pub name: String,
    /// Whether they are a person's.
    person: bool,
}

impl Eyes {
    /// Of a person, or of whoever has a shell on the machine.
    pub fn of(actor: Actor<'_>) -> Self {
        Self { name: actor.user.map_or_else(|| "platform".to_owned(), audit::person), person: true }
    }

    /// Of a program, by its key.
    pub fn program(name: &str) -> Self {
        Self { name: name.to_owned(), person: false }
    }
}

/// What came of asking.
#[derive(Debug, Clone, PartialEq)]
pub enum Asking {
    /// The others are asked.
    Waiting(Vec<News>),
    /// The bot has too few admins for its own rule; nothing is kept.
    Alone,
    /// It was asked for or credited before.
    Before,
}

/// What came of a decision.
#[derive(Debug, Clone, PartialEq)]
pub enum Second {
    /// Credited now.
    Credited(Vec<News>),
    /// The first of two people has approved what a program asked for.
    First(Vec<News>),
    /// Refused now.
    Declined(Vec<News>),
    /// Whoever was the first cannot be the second.
    SamePerson,
    /// It was decided before, or its time is over.
    Over(Box<CreditAskRow>),
    /// There is no such request.
    Missing,
}

/// Counts a credit as approved by these eyes alone. `Some`: it needs a second person in this bot, and nothing is counted.
pub async fn why_needed(
    tx: &mut TenantTx,
    hands: &Hands<'_>,
    eyes: &Eyes,
    amount: Money,
) -> Result<Option<WhyTwo>, StoreError> {
    let day = hands.tenant.today(hands.now);
    billing::approve_alone(tx, Alone::of(&hands.tenant.settings, &eyes.name, &day), amount).await
}

/// Until when a request waits.
pub fn until(row: &CreditAskRow) -> crate::domain::UnixMs {
    row.asked_at.plus(WAITS)
}

/// Asks the bot's other admins for a credit that was prepared for `person`.
pub async fn ask(
    tx: &mut TenantTx,
    hands: &Hands<'_>,
    eyes: &Eyes,
    credit: &ManualCreditRow,
    person: &UserRow,
) -> Result<Asking, StoreError> {
    let others = hands.tenant.admins.iter().filter(|(id, _)| audit::person(*id) != eyes.name).count();
    if others < if eyes.person { 1 } else { 2 } {
        return Ok(Asking::Alone);
    }
    let first = eyes.person.then_some(eyes.name.as_str());
    if !tx.credit_ask(&credit.id, (&eyes.name, first), hands.now).await? {
        return Ok(Asking::Before);
    }
    let (object, amount) = (audit::person(person.user_id), credit.amount.to_string());
    let act = Act::new(AuditAction::CreditAsked, &object).changed(None, Some(&amount));
    note(tx, hands, eyes, act.because(Some(&credit.reason))).await?;
    let Some(row) = tx.credit_ask_get(&credit.id).await? else { return Ok(Asking::Before) };
    tracing::info!(amount = credit.amount.as_kopecks(), "a credit by hand waits for a second person");
    Ok(Asking::Waiting(cards(tx, hands, &row).await?))
}

/// Approves: as the first of two, or as the second, which credits.
pub async fn approve(
    tx: &mut TenantTx,
    hands: &Hands<'_>,
    eyes: &Eyes,
    id: &ManualCreditId,
) -> Result<Second, StoreError> {
    let Some(row) = tx.credit_ask_get(id).await? else { return Ok(Second::Missing) };
    if row.ask != CreditAsk::Waiting || hands.now >= until(&row) {
        return Ok(Second::Over(Box::new(row)));
    }
    if tx.credit_first(id, &eyes.name).await? {
        decided(tx, hands, eyes, (&row, AuditAction::CreditApproved, CreditAsk::Waiting)).await?;
        let row = CreditAskRow { first_by: Some(eyes.name.clone()), ..row };
        let mut news = closed_cards(tx, hands, id).await?;
        news.extend(cards(tx, hands, &row).await?);
        return Ok(Second::First(news));
    }
    if !tx.credit_approve(id, &eyes.name, hands.now).await? {
        let Some(row) = tx.credit_ask_get(id).await? else { return Ok(Second::Missing) };
        return Ok(if row.ask == CreditAsk::Waiting { Second::SamePerson } else { Second::Over(Box::new(row)) });
    }
    let (credit, person) = (tx.manual_credit_get(id).await?, tx.user_get(row.user_id).await?);
    let (Some(credit), Some(person)) = (credit, person) else { return Ok(Second::Missing) };
    decided(tx, hands, eyes, (&row, AuditAction::CreditApproved, CreditAsk::Approved)).await?;
    let Some(told) = credit::credit(tx, hands, &credit, &person).await? else {
        return Err(StoreError::Refused("a credit was made before it was approved".to_owned()));
    };
    let mut news = vec![told];
    news.extend(told_to_those_before(tx, hands, (&row, eyes), "second-told-approved").await?);
    news.extend(closed_cards(tx, hands, id).await?);
    Ok(Second::Credited(news))
}

/// Says no; whoever asked may take it back so, too.
pub async fn decline(
    tx: &mut TenantTx,
    hands: &Hands<'_>,
    eyes: &Eyes,
    id: &ManualCreditId,
) -> Result<Second, StoreError> {
    let Some(row) = tx.credit_ask_get(id).await? else { return Ok(Second::Missing) };
    if !tx.credit_end(id, CreditAsk::Declined, &eyes.name, hands.now).await? {
        let row = tx.credit_ask_get(id).await?.unwrap_or(row);
        return Ok(Second::Over(Box::new(row)));
    }
    decided(tx, hands, eyes, (&row, AuditAction::CreditDeclined, CreditAsk::Declined)).await?;
    let mut news = told_to_those_before(tx, hands, (&row, eyes), "second-told-declined").await?;
    news.extend(closed_cards(tx, hands, id).await?);
    Ok(Second::Declined(news))
}

/// Ends a request whose time is over. `None`: somebody decided meanwhile.
pub async fn expire(
    tx: &mut TenantTx,
    hands: &Hands<'_>,
    id: &ManualCreditId,
) -> Result<Option<Vec<News>>, StoreError> {
    let Some(row) = tx.credit_ask_get(id).await? else { return Ok(None) };
    if hands.now < until(&row) || !tx.credit_end(id, CreditAsk::Expired, NOBODY, hands.now).await? {
        return Ok(None);
    }
    let eyes = Eyes { name: "platform".to_owned(), person: false };
    decided(tx, hands, &eyes, (&row, AuditAction::CreditExpired, CreditAsk::Expired)).await?;
    let mut news = told_to_those_before(tx, hands, (&row, &eyes), "second-told-expired").await?;
    news.extend(closed_cards(tx, hands, id).await?);
    Ok(Some(news))
}

/// A request as an admin sees it.
pub async fn card(
    tx: &mut TenantTx,
    hands: &Hands<'_>,
    row: &CreditAskRow,
    reader: UserId,
) -> Result<SecondCard, StoreError> {
    let name = tx.user_get(row.user_id).await?.map(|user| name_of(&user)).unwrap_or_default();
    let mine = audit::person(reader);
    let zone = hands.tenant.zone();
    // Only what a program asked for has somebody who looked first and did not ask.
    let first = row.first_by.as_ref().filter(|first| **first != row.asked_by);
    let first = match first {
        Some(first) => Some(called(tx, first).await?),
        None => None,
    };
    let ended = match &row.decided_by {
        Some(by) => Some(called(tx, by).await?),
        None => None,
    };
    Ok(SecondCard {
        id: row.id.clone(),
        user: row.user_id,
        name,
        amount: row.amount,
        reason: row.reason.clone(),
        asker: called(tx, &row.asked_by).await?,
        until: until(row).shown(zone),
        first,
        looked: row.asked_by == mine || row.first_by.as_ref() == Some(&mine),
        state: row.ask,
        ended: ended.unwrap_or_default(),
    })
}

/// How admins know each other; a program is named by its key.
pub async fn called(tx: &mut TenantTx, name: &str) -> Result<String, StoreError> {
    let Some(id) = name.strip_prefix("user:") else { return Ok(name.to_owned()) };
    let user = match id.parse() {
        Ok(id) => tx.user_get(UserId(id)).await?,
        Err(_) => None,
    };
    Ok(user.map_or_else(|| id.to_owned(), |user| name_of(&user)))
}

/// The request for every admin who has written to the bot and has not looked yet.
async fn cards(tx: &mut TenantTx, hands: &Hands<'_>, row: &CreditAskRow) -> Result<Vec<News>, StoreError> {
    let mut news = Vec::new();
    for (admin, _) in &hands.tenant.admins {
        let name = audit::person(*admin);
        if row.asked_by == name || row.first_by.as_ref() == Some(&name) {
            continue;
        }
        let Some(user) = tx.user_get(*admin).await? else { continue };
        let shown = card(tx, hands, row, *admin).await?;
        let words = hands.words_of(&user);
        let (html, keyboard, track) = (shown.text(words), shown.keyboard(words), Track::Credit(row.id.clone()));
        let outgoing = Outgoing::Screen { html, keyboard, edit: None, track };
        news.push(News { chat: ChatId::from(*admin), outgoing });
    }
    Ok(news)
}

/// What the cards that admins have of a request say now.
async fn closed_cards(tx: &mut TenantTx, hands: &Hands<'_>, id: &ManualCreditId) -> Result<Vec<News>, StoreError> {
    let Some(row) = tx.credit_ask_get(id).await? else { return Ok(Vec::new()) };
    let mut news = Vec::new();
    for shown in tx.credit_copies(id).await? {
        news.extend(closed(tx, hands, &row, (shown.chat_id, shown.message_id)).await?);
    }
    Ok(news)
}

async fn closed(
    tx: &mut TenantTx,
    hands: &Hands<'_>,
    row: &CreditAskRow,
    (chat, message): (ChatId, MessageId),
) -> Result<Option<News>, StoreError> {
    let Some(reader) = tx.user_get(UserId(chat.0)).await? else { return Ok(None) };
    let (card, words) = (card(tx, hands, row, reader.user_id).await?, hands.words_of(&reader));
    let outgoing = Outgoing::Caption { message, html: card.text(words), keyboard: card.keyboard(words) };
    Ok(Some(News { chat, outgoing }))
}

/// A card has just arrived in an admin's chat: it is noted, and where the decision was faster than the card, what the card must
/// say now is given.
pub async fn card_arrived(
    tx: &mut TenantTx,
    hands: &Hands<'_>,
    id: &ManualCreditId,
    (chat, message): (ChatId, MessageId),
) -> Result<Option<News>, StoreError> {
    // The credit goes with the person it is for.
    let Some(row) = tx.credit_ask_get(id).await? else { return Ok(None) };
    tx.credit_copy_put(id, (chat, message), hands.now).await?;
    if row.ask == CreditAsk::Waiting {
        return Ok(None);
    }
    closed(tx, hands, &row, (chat, message)).await
}

/// What became of it, for who asked and who looked first, but not for who has just decided.
async fn told_to_those_before(
    tx: &mut TenantTx,
    hands: &Hands<'_>,
    (row, eyes): (&CreditAskRow, &Eyes),
    key: &str,
) -> Result<Vec<News>, StoreError> {
    let who = called(tx, &eyes.name).await?;
    let mut names = vec![row.asked_by.as_str()];
    names.extend(row.first_by.as_deref().filter(|first| *first != row.asked_by));
    let mut news = Vec::new();
    for name in names.into_iter().filter(|name| *name != eyes.name) {
        let id = name.strip_prefix("user:").and_then(|id| id.parse().ok()).map(UserId);
        let user = match id {
            Some(id) => tx.user_get(id).await?,
            None => None,
        };
        let Some(user) = user else { continue };
        let words = hands.words_of(&user);
        let args = arg("amount", row.amount).with("id", Arg::shown(row.user_id)).with("who", who.as_str());
        news.push(message(user.user_id, words.fmt(key, args), after(words, row.user_id)));
    }
    Ok(news)
}

fn after(words: Words<'_>, user: UserId) -> Keyboard {
    crate::bot::screens::admin::person_and_home(words, user)
}

fn message(to: UserId, html: String, keyboard: Keyboard) -> News {
    let outgoing = Outgoing::Screen { html, keyboard, edit: None, track: Track::Nothing };
    News { chat: ChatId::from(to), outgoing }
}

async fn decided(
    tx: &mut TenantTx,
    hands: &Hands<'_>,
    eyes: &Eyes,
    (row, action, became): (&CreditAskRow, AuditAction, CreditAsk),
) -> Result<(), StoreError> {
    let (object, was) = (audit::person(row.user_id), CreditAsk::Waiting.as_str());
    let act = Act::new(action, &object).changed(Some(was), Some(became.as_str()));
    note(tx, hands, eyes, act.because(Some(&row.reason))).await
}

async fn note(tx: &mut TenantTx, hands: &Hands<'_>, eyes: &Eyes, act: Act<'_>) -> Result<(), StoreError> {
    audit::record_as(tx, &eyes.name, hands.actor.door, hands.actor.corr, act, hands.now).await?;
    Ok(())
}
