//! The panel's lists as files, with the filters of their pages: read and written page after page, each taking is audited.

use axum::response::Response;

use super::{errors, generations, payments, users};
use crate::accounts::audit::{self, Act as Deed};
use crate::billing::settlement::roubles;
use crate::domain::{AuditAction, BotInstanceId, Money, PayMethod, PaymentState, UnixMs, UserId};
use crate::store::{Db, ErrorRow, PaymentLine, PeopleKind, PersonLine, TenantTx, WorkKind, WorkLine};
use crate::web::csv;
use crate::web::extract::At;
use crate::web::failure::Failure;

/// Rows that are read at once.
const STEP: i64 = 500;

/// Which list.
#[derive(Clone)]
enum List {
    People(PeopleKind),
    Works(WorkKind),
    Payments(Option<PaymentState>, Option<PayMethod>),
    Errors(Option<String>, Option<UserId>, UnixMs),
}

/// Where the next page begins.
type Key = (UnixMs, String);

/// `users.csv`.
pub(in crate::web) async fn users(at: At) -> Result<Response, Failure> {
    let kind = users::kind(&at);
    file(&at, List::People(kind), "users").await
}

/// `generations.csv`.
pub(in crate::web) async fn generations(at: At) -> Result<Response, Failure> {
    let kind = generations::kind(&at);
    file(&at, List::Works(kind), "generations").await
}

/// `payments.csv`.
pub(in crate::web) async fn payments(at: At) -> Result<Response, Failure> {
    let (state, method) = payments::wanted(&at);
    file(&at, List::Payments(state, method), "payments").await
}

/// `errors.csv`.
pub(in crate::web) async fn errors(at: At) -> Result<Response, Failure> {
    let user = errors::user(&at).map_err(|_| Failure::BadRequest)?;
    let list = List::Errors(at.asked("class").map(str::to_owned), user, errors::since(&at));
    file(&at, list, "errors").await
}

/// Taking a list out wants a confirmation by the bot that is some minutes old at most (reliability.md 3.8).
async fn file(at: &At, list: List, name: &str) -> Result<Response, Failure> {
    at.confirmed_by_bot()?;
    let mut tx = at.writes().await?;
    audit::record(&mut tx, at.actor(), Deed::new(AuditAction::Exported, name), at.now).await?;
    tx.commit().await?;
    let head: &[&str] = match list {
        List::People(_) => {
            &["user", "username", "name", "since", "seen", "balance_rub", "held_rub", "blocked", "unreachable"]
        }
        List::Works(_) => {
            &["id", "at", "user", "model", "payer", "price_rub", "charged_rub", "state", "provider_credits"]
        }
        List::Payments(..) => &["id", "at", "user", "method", "state", "amount_rub", "stars", "flags", "corr"],
        List::Errors(..) => &["id", "at", "corr", "class", "stage", "handler"],
    };
    let file = format!("{name}-{}-{}.csv", at.tenant.id, at.tenant.today(at.now));
    let rest = Rest {
        db: at.platform().db.clone(),
        tenant: at.tenant.id.clone(),
        list,
        next: Some((UnixMs(i64::MAX), String::new())),
    };
    csv::file(&file, csv::line(head), futures::stream::unfold(rest, Rest::write))
}

/// What of a list is still to be written.
struct Rest {
    db: Db,
    tenant: BotInstanceId,
    list: List,
    next: Option<Key>,
}

impl Rest {
    async fn write(mut self) -> Option<(Result<String, Failure>, Self)> {
        let before = self.next.take()?;
        let page = match self.db.tenant_read(&self.tenant).await {
            Ok(mut tx) => read(&mut tx, &self.list, &before).await,
            Err(error) => Err(error.into()),
        };
        match page {
            Ok((text, next)) if !text.is_empty() => {
                self.next = next;
                Some((Ok(text), self))
            }
            Ok(_) => None,
            Err(failure) => Some((Err(failure), self)),
        }
    }
}

/// One page of lines, and where the next one begins.
async fn read(tx: &mut TenantTx, list: &List, (at, id): &Key) -> Result<(String, Option<Key>), Failure> {
    Ok(match list {
        List::People(kind) => {
            let rows = tx.people_page(*kind, (*at, id.parse().unwrap_or(i64::MAX)), STEP).await?;
            (rows.iter().map(person).collect(), after(&rows, |row| (row.created_at, row.user_id.to_string())))
        }
        List::Works(kind) => {
            let rows = tx.works_page(*kind, (*at, id), STEP).await?;
            (rows.iter().map(work).collect(), after(&rows, |row| (row.created_at, row.id.as_str().to_owned())))
        }
        List::Payments(state, method) => {
            let rows = tx.payments_page((*state, *method), (*at, id), STEP).await?;
            (rows.iter().map(payment).collect(), after(&rows, |row| (row.created_at, row.id.as_str().to_owned())))
        }
        List::Errors(class, user, since) => {
            let rows = tx.errors_page((class.as_deref(), *user), *since, (*at, id), STEP).await?;
            (rows.iter().map(error).collect(), after(&rows, |row| (row.created_at, row.id.as_str().to_owned())))
        }
    })
}

/// The key behind a full page; a page that is not full is the last.
fn after<T>(rows: &[T], key: impl Fn(&T) -> Key) -> Option<Key> {
    let full = rows.len() >= usize::try_from(STEP).unwrap_or(usize::MAX);
    rows.last().filter(|_| full).map(key)
}

fn moment(at: UnixMs) -> String {
    at.timestamp().to_string()
}

fn maybe(at: Option<UnixMs>) -> String {
    at.map_or_else(String::new, moment)
}

fn person(row: &PersonLine) -> String {
    let name = format!("{} {}", row.first_name, row.last_name.as_deref().unwrap_or_default());
    csv::line([
        row.user_id.to_string(),
        row.username.clone().unwrap_or_default(),
        name.trim().to_owned(),
        moment(row.created_at),
        moment(row.seen_at),
        roubles(row.posted.minus(row.held).unwrap_or(Money::ZERO)),
        roubles(row.held),
        maybe(row.blocked_at),
        maybe(row.unreachable_at),
    ])
}

fn work(row: &WorkLine) -> String {
    csv::line([
        row.id.as_str().to_owned(),
        moment(row.created_at),
        row.user_id.to_string(),
        row.model_id.clone(),
        row.payer.as_str().to_owned(),
        roubles(row.price),
        roubles(row.charged),
        row.state.as_str().to_owned(),
        // Hundredths of a credit, written like kopecks.
        row.provider_credits.map_or_else(String::new, |credits| roubles(Money::kopecks(credits))),
    ])
}

fn payment(row: &PaymentLine) -> String {
    csv::line([
        row.id.as_str().to_owned(),
        moment(row.created_at),
        row.user_id.to_string(),
        row.method.as_str().to_owned(),
        row.state.as_str().to_owned(),
        roubles(row.amount),
        row.stars.map_or_else(String::new, |stars| stars.to_string()),
        row.flags.clone(),
        row.corr.to_string(),
    ])
}

fn error(row: &ErrorRow) -> String {
    csv::line([
        row.id.as_str().to_owned(),
        moment(row.created_at),
        row.corr.to_string(),
        row.class.clone(),
        row.stage.clone(),
        row.handler.clone(),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_numbers_to_a_spreadsheet() {
        assert_eq!(roubles(Money::kopecks(123_456)), "1234.56");
        assert_eq!(roubles(Money::kopecks(-5)), "-0.05");
    }
}
