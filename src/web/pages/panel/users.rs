//! A bot's people: the list with its search, the card of one, and what an admin does for them.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};

use super::credits::{self, Waiting};
use super::generations::unreadable;
use super::log::{self, When, Work};
use super::paging::{Chip, Cursor, Pager, ROWS, address, chips};
use super::payments::{self, Paid};
use super::refused::Refused;
use crate::accounts::{Act, audit};
use crate::args;
use crate::billing::{self, Balance};
use crate::bot::acts::credit::AMOUNTS;
use crate::bot::acts::second::{Eyes, why_needed};
use crate::bot::acts::{self, Hands};
use crate::domain::transfer::Account;
use crate::domain::{ManualCreditId, Money, REASON, UnixMs, UserId};
use crate::store::{ManualCreditRow, PeopleKind, PersonLine, UserRow, WorkKind};
use crate::texts::key_part;
use crate::web::extract::{At, OurForm};
use crate::web::failure::Failure;
use crate::web::pages::shell::Shell;
use crate::web::pages::{html, nav};

/// Rows of the lists on a card.
const LINES: i64 = 8;
/// Entries of the audit log on a card.
const ENTRIES: i64 = 8;

/// A person of the list.
struct Line {
    id: UserId,
    name: String,
    username: Option<String>,
    balance: Money,
    since: When,
    seen: When,
    blocked: bool,
    lost: bool,
}

/// The list.
#[derive(Template)]
#[template(path = "pages/panel/users.html")]
struct Users<'a> {
    shell: Shell<'a>,
    asked: String,
    nobody: bool,
    kinds: Vec<Chip>,
    lines: Vec<Line>,
    pager: Pager,
    file: Option<String>,
    base: String,
}

/// `?q=42`, `?q=@name`, `?kind=blocked`.
pub(in crate::web) async fn list(at: At) -> Result<Response, Failure> {
    let asked = at.asked("q").unwrap_or_default().to_owned();
    if !asked.is_empty()
        && let Some(found) = find(&at, &asked).await?
    {
        return Ok(Redirect::to(&at.url(&format!("users/{}", found.user_id))).into_response());
    }
    let cursor = Cursor::of(&at);
    let before = (cursor.at, cursor.id.parse().unwrap_or(i64::MAX));
    // Whoever was looked for and not found is nobody of the list.
    let mut rows =
        if asked.is_empty() { at.reads().await?.people_page(kind(&at), before, ROWS + 1).await? } else { Vec::new() };
    let pager = Pager::cut(&at, &mut rows, |row| Cursor::text(row.created_at, &row.user_id.to_string()));
    let choices = [("all", "panel-users-all"), ("blocked", "panel-users-blocked"), ("lost", "panel-users-lost")];
    let page = Users {
        shell: Shell::at(&at, nav::USERS, at.words().get("panel-users")),
        nobody: !asked.is_empty(),
        asked,
        kinds: chips(&at, "kind", &choices),
        lines: rows.into_iter().map(|row| line(&at, row)).collect(),
        pager,
        file: at.may(Act::Operate).then(|| format!("{}{}", at.url("users.csv"), address(&at, &[("before", None)]))),
        base: at.url(""),
    };
    Ok(html(StatusCode::OK, &page))
}

/// Which people the address asks for.
pub(super) fn kind(at: &At) -> PeopleKind {
    match at.asked("kind") {
        Some("blocked") => PeopleKind::Blocked,
        Some("lost") => PeopleKind::Lost,
        _ => PeopleKind::All,
    }
}

fn line(at: &At, row: PersonLine) -> Line {
    let when = |moment| When::new(at.words(), at.tenant.zone(), moment, at.now);
    Line {
        id: row.user_id,
        name: full_name(&row.first_name, row.last_name.as_deref(), row.user_id),
        balance: row.posted.minus(row.held).unwrap_or(Money::ZERO),
        since: when(row.created_at),
        seen: when(row.seen_at),
        blocked: row.blocked_at.is_some(),
        lost: row.unreachable_at.is_some(),
        username: row.username,
    }
}

/// How a person is called; whoever has no name is called by their number.
fn full_name(first: &str, last: Option<&str>, id: UserId) -> String {
    let name = format!("{first} {}", last.unwrap_or_default());
    if name.trim().is_empty() { id.to_string() } else { name.trim().to_owned() }
}

/// By number or by name.
async fn find(at: &At, asked: &str) -> Result<Option<UserRow>, Failure> {
    let mut tx = at.reads().await?;
    if let Ok(id) = asked.parse() {
        return Ok(tx.user_get(UserId(id)).await?);
    }
    let name = asked.trim_start_matches('@').trim_start_matches("https://t.me/");
    Ok(tx.user_by_name(name).await?)
}

/// A line of a person's account.
struct Credit {
    what: String,
    amount: Money,
    at: When,
}

/// What an admin did to this person.
struct Deed {
    what: String,
    who: String,
    reason: Option<String>,
    at: When,
}

/// The card.
#[derive(Template)]
#[template(path = "pages/panel/user.html")]
struct Card<'a> {
    shell: Shell<'a>,
    id: UserId,
    name: String,
    username: Option<String>,
    language: String,
    since: When,
    seen: When,
    blocked: Option<When>,
    lost: Option<When>,
    admin: bool,
    balance: Balance,
    free: String,
    bank: i64,
    paid: (String, Money),
    works_total: String,
    credits: Vec<Credit>,
    /// Credits that wait for a second admin.
    waiting: Vec<Waiting>,
    payments: Vec<Paid>,
    works: Vec<Work>,
    deeds: Vec<Deed>,
    /// The reader may do something here.
    operates: bool,
    /// The next credit.
    credit: Typed,
    base: String,
}

/// A credit by hand as it is typed.
struct Typed {
    /// Names it: sent twice, it is credited once.
    operation: String,
    amount: String,
    reason: String,
    refused: Option<Refused>,
}

impl Typed {
    fn fresh() -> Self {
        let operation = ManualCreditId::random().short().to_owned();
        Self { operation, amount: String::new(), reason: String::new(), refused: None }
    }

    /// What was sent, and what of it does not fit.
    fn refused(form: &OurForm, refused: Refused) -> Self {
        Self {
            operation: form.text("operation").to_owned(),
            amount: form.text("amount").to_owned(),
            reason: form.text("reason").to_owned(),
            refused: Some(refused),
        }
    }

    /// Why this field was refused, if it was.
    fn wrong(&self, field: &str) -> Option<&str> {
        self.refused.as_ref().and_then(|refused| refused.at(field))
    }
}

/// One person.
pub(in crate::web) async fn card(at: At, Path((_, user)): Path<(String, String)>) -> Result<Response, Failure> {
    shown(&at, id(&user)?, StatusCode::OK, Typed::fresh()).await
}

async fn shown(at: &At, user: UserId, status: StatusCode, credit: Typed) -> Result<Response, Failure> {
    let words = at.words();
    let mut tx = at.reads().await?;
    let row = tx.user_get(user).await?.ok_or(Failure::NotFound)?;
    let account = Account::User(row.user_ref.clone());
    let (count, sum) = tx.payments_credited_to(row.user_id).await?;
    let credits = tx.credits_last(&account, LINES).await?;
    let free_per_day = at.tenant.settings.free_per_day.into();
    let free = billing::free_quota(&mut tx, &row.user_ref, &at.tenant.today(at.now), free_per_day).await?;
    let made = tx.works_page(WorkKind::Of(row.user_id), (UnixMs(i64::MAX), ""), LINES).await?;
    let object = audit::person(row.user_id);
    let waiting = credits::waiting(at, &mut tx, Some(row.user_id)).await?;
    let when = |moment| When::new(words, at.tenant.zone(), moment, at.now);
    let page = Card {
        name: full_name(&row.first_name, row.last_name.as_deref(), row.user_id),
        shell: Shell::at(at, nav::USERS, full_name(&row.first_name, row.last_name.as_deref(), row.user_id))
            .standing_at(at.url(&format!("users/{user}"))),
        id: row.user_id,
        language: at.tenant.language_of(row.language, row.language_code.as_deref()).code().to_owned(),
        since: when(row.created_at),
        seen: when(row.seen_at),
        blocked: row.blocked_at.map(when),
        lost: row.unreachable_at.map(when),
        admin: row.role.is_some(),
        balance: billing::balance(&mut tx, &row.user_ref).await?,
        free: words.plain("panel-user-free-of", args![left = free.left, total = free.total]),
        bank: free.bank,
        paid: (super::figures::count(count.unsigned_abs()), sum),
        works_total: super::figures::count(tx.generations_of_user(row.user_id).await?.unsigned_abs()),
        credits: credits
            .into_iter()
            .map(|credit| Credit {
                what: words.find(&format!("credit-{}", key_part(&credit.code))).unwrap_or(credit.code),
                amount: Money::kopecks(credit.amount),
                at: when(UnixMs(credit.created_at)),
            })
            .collect(),
        waiting,
        payments: payments::lines(at, tx.payments_of(row.user_id, LINES).await?),
        works: made.into_iter().map(|work| log::work(at, work)).collect(),
        deeds: tx.audit_of_object(&object, ENTRIES).await?.into_iter().map(|entry| deed(at, entry)).collect(),
        operates: at.may(Act::Operate),
        credit,
        username: row.username,
        base: at.url(""),
    };
    Ok(html(status, &page))
}

fn deed(at: &At, entry: crate::store::AuditRow) -> Deed {
    Deed {
        what: super::audit::act_name(at.words(), &entry.action),
        who: super::audit::actor_name(at.words(), &entry.actor),
        reason: entry.reason,
        at: When::new(at.words(), at.tenant.zone(), entry.at, at.now),
    }
}

fn id(text: &str) -> Result<UserId, Failure> {
    text.parse().map(UserId).map_err(|_| Failure::NotFound)
}

fn hands(at: &At) -> Hands<'_> {
    Hands { platform: at.platform(), tenant: &at.tenant, actor: at.actor(), now: at.now }
}

/// Shows the card again with the credit as it was typed, and the field of it that does not fit.
async fn refuse(at: &At, user: UserId, form: &OurForm, field: &'static str) -> Result<Response, Failure> {
    let refused = Refused::new(at.words(), field, &format!("panel-problem-credit-{field}"));
    shown(at, user, StatusCode::UNPROCESSABLE_ENTITY, Typed::refused(form, refused)).await
}

/// Credits by hand, once for each form that was shown.
pub(in crate::web) async fn credit(
    at: At,
    Path((_, user)): Path<(String, String)>,
    form: OurForm,
) -> Result<Response, Failure> {
    let user = id(&user)?;
    let card = format!("users/{user}");
    let Some(amount) = Money::parse_roubles(form.text("amount")).ok().filter(|amount| AMOUNTS.contains(amount)) else {
        return refuse(&at, user, &form, "amount").await;
    };
    let reason = form.text("reason").to_owned();
    if !REASON.contains(&reason.chars().count()) {
        return refuse(&at, user, &form, "reason").await;
    }
    let operation = ManualCreditId::from_short(form.text("operation")).map_err(|_| Failure::BadRequest)?;
    let mut tx = at.writes().await?;
    let person = tx.user_get(user).await?.ok_or(Failure::NotFound)?;
    // The form's own name: sent twice, or by two presses at once, there is one credit.
    if tx.manual_credit_get(&operation).await?.is_some() {
        return Ok(at.done(&card, "credited-before"));
    }
    let by = at.user().unwrap_or(UserId(0));
    let new = ManualCreditRow {
        id: operation.clone(),
        admin_id: by,
        user_id: user,
        amount,
        reason,
        created_at: at.now,
        credited_at: None,
    };
    if let Err(error) = tx.manual_credit_put(&new).await {
        // Another press of the same form was faster by so little that neither saw the other.
        let before = error.refused_by("manual_credits");
        return if before { Ok(at.done(&card, "credited-before")) } else { Err(error.into()) };
    }
    let hands = hands(&at);
    if let Some(why) = why_needed(&mut tx, &hands, &Eyes::of(at.actor()), amount).await? {
        return credits::ask(&at, tx, &new, &person, why).await;
    }
    let news = acts::credit::credit(&mut tx, &hands, &new, &person).await?;
    if let Some(news) = &news {
        let key = format!("credit:{}", operation.short());
        news.record(&mut tx, &hands, key).await.map_err(unreadable)?;
    }
    tx.commit().await?;
    if let Some(news) = news {
        at.platform().signals.chat(&at.tenant.id, news.chat);
    }
    Ok(at.done(&card, "credited"))
}

/// Blocks.
pub(in crate::web) async fn block(at: At, path: Path<(String, String)>, form: OurForm) -> Result<Response, Failure> {
    set_blocked(&at, &path.0.1, true, Some(form.text("reason"))).await
}

/// Lets in again.
pub(in crate::web) async fn unblock(at: At, path: Path<(String, String)>, form: OurForm) -> Result<Response, Failure> {
    set_blocked(&at, &path.0.1, false, Some(form.text("reason"))).await
}

async fn set_blocked(at: &At, user: &str, block: bool, reason: Option<&str>) -> Result<Response, Failure> {
    let user = id(user)?;
    let card = format!("users/{user}");
    let mut tx = at.writes().await?;
    let person = tx.user_get(user).await?.ok_or(Failure::NotFound)?;
    if !acts::block::set(&mut tx, &hands(at), &person, block, reason).await? {
        return Ok(at.problem(&card, "block-admin"));
    }
    tx.commit().await?;
    Ok(at.done(&card, if block { "blocked" } else { "unblocked" }))
}
