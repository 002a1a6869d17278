//! Credits by hand that wait for a second admin: their list on the pages of payments and of a person, and the two buttons that
//! decide. The same acts as in the bot's chat (`bot/acts/second.rs`).

use axum::extract::Path;
use axum::response::Response;

use super::generations::unreadable;
use super::log::When;
use crate::billing::WhyTwo;
use crate::bot::acts::second::{self, Asking, Eyes, Second};
use crate::bot::acts::{Hands, News};
use crate::domain::{ManualCreditId, Money, UserId};
use crate::store::{ManualCreditRow, StoreError, TenantTx, UserRow};
use crate::web::extract::{At, OurForm};
use crate::web::failure::Failure;

/// Requests that a page lists.
const LINES: i64 = 20;

/// A request as a line.
pub(super) struct Waiting {
    pub(super) id: String,
    pub(super) user: UserId,
    pub(super) amount: Money,
    pub(super) reason: String,
    pub(super) asker: String,
    pub(super) first: Option<String>,
    pub(super) until: When,
    /// The reader may be the second person.
    pub(super) mine: bool,
}

/// What waits, all of it or for one person; nothing for those who may not decide.
pub(super) async fn waiting(at: &At, tx: &mut TenantTx, of: Option<UserId>) -> Result<Vec<Waiting>, StoreError> {
    let eyes = Eyes::of(at.actor());
    let mut lines = Vec::new();
    for row in tx.credits_waiting(LINES).await? {
        if of.is_some_and(|user| user != row.user_id) {
            continue;
        }
        let first = match row.first_by.as_ref().filter(|first| **first != row.asked_by) {
            Some(first) => Some(second::called(tx, first).await?),
            None => None,
        };
        lines.push(Waiting {
            id: row.id.short().to_owned(),
            user: row.user_id,
            amount: row.amount,
            asker: second::called(tx, &row.asked_by).await?,
            first,
            until: When::new(at.words(), at.tenant.zone(), second::until(&row), at.now),
            mine: row.asked_by != eyes.name && row.first_by.as_ref() != Some(&eyes.name),
            reason: row.reason,
        });
    }
    Ok(lines)
}

fn hands(at: &At) -> Hands<'_> {
    Hands { platform: at.platform(), tenant: &at.tenant, actor: at.actor(), now: at.now }
}

/// Asks for a credit that is above one of the bot's limits.
pub(super) async fn ask(
    at: &At,
    mut tx: TenantTx,
    credit: &ManualCreditRow,
    person: &UserRow,
    why: WhyTwo,
) -> Result<Response, Failure> {
    let card = format!("users/{}", person.user_id);
    let of_day = matches!(why, WhyTwo::Day(_));
    let hands = hands(at);
    match second::ask(&mut tx, &hands, &Eyes::of(at.actor()), credit, person).await? {
        Asking::Waiting(news) => {
            told(at, tx, &news, (&credit.id, "asked")).await?;
            Ok(at.done(&card, if of_day { "credit-asked-day" } else { "credit-asked" }))
        }
        Asking::Alone => Ok(at.problem(&card, if of_day { "credit-alone-day" } else { "credit-alone" })),
        Asking::Before => Ok(at.done(&card, "credited-before")),
    }
}

/// Records what is said, commits, and wakes the chats.
async fn told(at: &At, mut tx: TenantTx, news: &[News], (id, what): (&ManualCreditId, &str)) -> Result<(), Failure> {
    let hands = hands(at);
    for (n, one) in news.iter().enumerate() {
        let key = format!("second:{}:{what}:{}:{n}", id.short(), at.corr);
        one.record(&mut tx, &hands, key).await.map_err(unreadable)?;
    }
    tx.commit().await?;
    for one in news {
        at.platform().signals.chat(&at.tenant.id, one.chat);
    }
    Ok(())
}

/// «Approve»; with a confirmation by the bot that is some minutes old at most, because large sums move (reliability.md 3.8).
pub(in crate::web) async fn approve(
    at: At,
    Path((_, credit)): Path<(String, String)>,
    _form: OurForm,
) -> Result<Response, Failure> {
    at.confirmed_by_bot()?;
    decide(&at, &credit, true).await
}

/// «Decline».
pub(in crate::web) async fn decline(
    at: At,
    Path((_, credit)): Path<(String, String)>,
    _form: OurForm,
) -> Result<Response, Failure> {
    decide(&at, &credit, false).await
}

async fn decide(at: &At, credit: &str, yes: bool) -> Result<Response, Failure> {
    let id = ManualCreditId::from_short(credit).map_err(|_| Failure::NotFound)?;
    let (hands, eyes) = (hands(at), Eyes::of(at.actor()));
    let mut tx = at.writes().await?;
    let row = tx.credit_ask_get(&id).await?.ok_or(Failure::NotFound)?;
    let made = if yes {
        second::approve(&mut tx, &hands, &eyes, &id).await?
    } else {
        second::decline(&mut tx, &hands, &eyes, &id).await?
    };
    let card = format!("users/{}", row.user_id);
    let (news, what) = match made {
        Second::Credited(news) => (news, "credited"),
        Second::First(news) => (news, "credit-first"),
        Second::Declined(news) => (news, "credit-declined"),
        Second::SamePerson => return Ok(at.problem(&card, "credit-same-person")),
        Second::Over(_) => return Ok(at.problem(&card, "credit-over")),
        Second::Missing => return Err(Failure::NotFound),
    };
    told(at, tx, &news, (&id, what)).await?;
    Ok(at.done(&card, what))
}
