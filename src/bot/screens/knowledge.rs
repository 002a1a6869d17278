//! The knowledge base (bot.md 13): S-33 what was found, an article, S-34 an answer in quotes; and what admins write into it.

mod admin;
mod show;

pub use admin::{add_command, ask_article};
pub use show::{Answer, ArticleScreen, AskText, Nothing, Results};

use crate::bot::awaits::{Awaits, KnowledgeInput};
use crate::bot::callback::KnowledgePress;
use crate::bot::error::TurnError;
use crate::bot::turn::{Turn, arg};
use crate::knowledge;

/// Characters of a search or a question (bot.md 6.3).
const QUERY: std::ops::RangeInclusive<usize> = 2..=300;

/// /search.
pub async fn search_command(turn: &mut Turn<'_>, text: Option<String>) -> Result<(), TurnError> {
    command(turn, KnowledgeInput::Query, text).await
}

/// /ask.
pub async fn ask_command(turn: &mut Turn<'_>, text: Option<String>) -> Result<(), TurnError> {
    command(turn, KnowledgeInput::Question, text).await
}

async fn command(turn: &mut Turn<'_>, input: KnowledgeInput, text: Option<String>) -> Result<(), TurnError> {
    match text {
        Some(text) => typed(turn, input, Some(&text)).await,
        None => ask(turn, input),
    }
}

/// Takes what was asked for, or asks again; the command's own text comes here too.
pub async fn typed(turn: &mut Turn<'_>, input: KnowledgeInput, text: Option<&str>) -> Result<(), TurnError> {
    if input == KnowledgeInput::Article {
        return admin::typed(turn, text).await;
    }
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else {
        let what = turn.words().get(if input == KnowledgeInput::Query { "kb-what-query" } else { "kb-what-question" });
        turn.notice(turn.words().fmt("expected-text", arg("param", what)));
        return ask(turn, input);
    };
    let length = text.chars().count();
    if !QUERY.contains(&length) {
        let limits = arg("min", *QUERY.start()).with("max", *QUERY.end()).with("n", length);
        turn.notice(turn.words().fmt("text-len", limits));
        return ask(turn, input);
    }
    turn.session.awaits = None;
    if input == KnowledgeInput::Query {
        turn.session.search = Some(text.to_owned());
        return results(turn, text, 0).await;
    }
    let passages = knowledge::ask(turn.tx, text).await?;
    if passages.is_empty() {
        return nothing(turn);
    }
    turn.show(&Answer { passages });
    Ok(())
}

/// Asks for a search, a question or an article; the draft stays.
#[expect(clippy::unnecessary_wraps, reason = "ends a screen's function, which may fail")]
fn ask(turn: &mut Turn<'_>, input: KnowledgeInput) -> Result<(), TurnError> {
    turn.session.awaits = Some(Awaits::Knowledge(input));
    turn.show(&AskText { input });
    Ok(())
}

/// Shows a page of what a search finds.
async fn results(turn: &mut Turn<'_>, query: &str, page: usize) -> Result<(), TurnError> {
    let page = knowledge::search(turn.tx, query, page).await?;
    if page.total == 0 {
        return nothing(turn);
    }
    turn.show(&Results { page });
    Ok(())
}

#[expect(clippy::unnecessary_wraps, reason = "ends a screen's function, which may fail")]
fn nothing(turn: &mut Turn<'_>) -> Result<(), TurnError> {
    let link = super::help::support_link(turn.words(), &turn.tenant.settings.support_contact);
    let screen = Nothing { support: turn.support(), link };
    turn.show(&screen);
    Ok(())
}

/// Answers a button.
pub async fn pressed(turn: &mut Turn<'_>, press: KnowledgePress) -> Result<(), TurnError> {
    match press {
        KnowledgePress::Article(number) => article(turn, number).await,
        KnowledgePress::Remove(number) => admin::remove(turn, number).await,
        KnowledgePress::Add => admin::add_pressed(turn),
        KnowledgePress::Page(page) => match turn.session.search.clone() {
            Some(query) => results(turn, &query, page).await,
            None => ask(turn, KnowledgeInput::Query),
        },
    }
}

async fn article(turn: &mut Turn<'_>, number: i64) -> Result<(), TurnError> {
    let Some(row) = turn.tx.knowledge_get(number).await? else {
        turn.alert(turn.words().get("not-found"));
        return Ok(());
    };
    let admin = turn.is_admin();
    let back = turn.session.search.is_some();
    turn.show(&ArticleScreen { number, title: row.title, body: row.body, admin, back });
    Ok(())
}
