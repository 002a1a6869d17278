//! The knowledge base: its articles, a new one, removing one, and what a user's question would find (bot.md 13).

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;

use super::log::When;
use super::paging::{Pager, ROWS};
use crate::accounts::Act;
use crate::accounts::audit::{self, Act as Deed};
use crate::domain::{AuditAction, UserId};
use crate::knowledge::{self, Added};
use crate::web::extract::{At, OurForm};
use crate::web::failure::Failure;
use crate::web::pages::shell::Shell;
use crate::web::pages::{html, nav};

/// An article in the list.
struct Line {
    number: i64,
    title: String,
    when: When,
}

/// The page.
#[derive(Template)]
#[template(path = "pages/panel/knowledge.html")]
struct Knowledge<'a> {
    shell: Shell<'a>,
    asked: String,
    found: Vec<knowledge::Passage>,
    lines: Vec<Line>,
    pager: Pager,
    typed: String,
    operates: bool,
    base: String,
}

/// `?ask=…` shows what a question finds.
pub(in crate::web) async fn list(at: At) -> Result<Response, Failure> {
    show(&at, StatusCode::OK, "").await
}

async fn show(at: &At, status: StatusCode, typed: &str) -> Result<Response, Failure> {
    let asked: String = at.asked("ask").unwrap_or_default().chars().take(300).collect();
    let before = at.asked("before").and_then(|number| number.parse().ok()).unwrap_or(i64::MAX);
    let mut tx = at.reads().await?;
    let found = if asked.is_empty() { Vec::new() } else { knowledge::ask(&mut tx, &asked).await? };
    let mut rows = tx.knowledge_page(before, ROWS + 1).await?;
    let pager = Pager::cut(at, &mut rows, |row| row.number.to_string());
    let line = |row: crate::store::ArticleLine| Line {
        number: row.number,
        title: row.title,
        when: When::new(at.words(), at.tenant.zone(), row.added_at, at.now),
    };
    let page = Knowledge {
        shell: Shell::at(at, nav::KNOWLEDGE, at.words().get("panel-knowledge")),
        asked,
        found,
        lines: rows.into_iter().map(line).collect(),
        pager,
        typed: typed.to_owned(),
        operates: at.may(Act::Operate),
        base: at.url(""),
    };
    Ok(html(status, &page))
}

/// Adds an article; one that does not fit is shown again with what was typed.
pub(in crate::web) async fn add(at: At, form: OurForm) -> Result<Response, Failure> {
    let text = form.text("text").replace("\r\n", "\n");
    let by = at.user().unwrap_or(UserId(0));
    let mut tx = at.writes().await?;
    match knowledge::add(&mut tx, &text, by, at.now).await? {
        Added::New { number, .. } => {
            let object = format!("article:{number}");
            audit::record(&mut tx, at.actor(), Deed::new(AuditAction::ArticleAdded, &object), at.now).await?;
            tx.commit().await?;
            Ok(at.done("knowledge", "article-added"))
        }
        Added::Same => Ok(at.problem("knowledge", "article-same")),
        Added::Length => {
            drop(tx);
            show(&at, StatusCode::UNPROCESSABLE_ENTITY, &text).await
        }
    }
}

/// The page of one.
#[derive(Template)]
#[template(path = "pages/panel/article.html")]
struct Article<'a> {
    shell: Shell<'a>,
    number: i64,
    title: String,
    body: String,
    operates: bool,
    base: String,
}

fn number(text: &str) -> Result<i64, Failure> {
    text.parse().map_err(|_| Failure::NotFound)
}

/// One article.
pub(in crate::web) async fn card(at: At, Path((_, id)): Path<(String, String)>) -> Result<Response, Failure> {
    let row = at.reads().await?.knowledge_get(number(&id)?).await?.ok_or(Failure::NotFound)?;
    let page = Article {
        shell: Shell::at(&at, nav::KNOWLEDGE, row.title.clone()),
        number: row.number,
        title: row.title,
        body: row.body,
        operates: at.may(Act::Operate),
        base: at.url(""),
    };
    Ok(html(StatusCode::OK, &page))
}

/// Removes one.
pub(in crate::web) async fn remove(
    at: At,
    Path((_, id)): Path<(String, String)>,
    _form: OurForm,
) -> Result<Response, Failure> {
    let number = number(&id)?;
    let mut tx = at.writes().await?;
    if !tx.knowledge_remove(number, at.user().unwrap_or(UserId(0)), at.now).await? {
        return Err(Failure::NotFound);
    }
    let object = format!("article:{number}");
    audit::record(&mut tx, at.actor(), Deed::new(AuditAction::ArticleRemoved, &object), at.now).await?;
    tx.commit().await?;
    Ok(at.done("knowledge", "article-removed"))
}
