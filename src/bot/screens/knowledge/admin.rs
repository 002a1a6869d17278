//! What admins do with the knowledge base: add an article, remove one (bot.md 13).

use super::{ask, results};
use crate::accounts::audit::Act;
use crate::bot::awaits::KnowledgeInput;
use crate::bot::callback::{Callback, KnowledgePress};
use crate::bot::error::TurnError;
use crate::bot::screens::{admin, help, home, menu};
use crate::bot::turn::{Turn, arg};
use crate::domain::AuditAction;
use crate::domain::outgoing::{Keyboard, Track};
use crate::knowledge::{self, Added, BODY_MAX, TEXT_MIN};

/// /add: others than admins are refused.
pub async fn add_command(turn: &mut Turn<'_>, text: Option<String>) -> Result<(), TurnError> {
    if !turn.is_admin() {
        turn.notice(turn.words().get("admin-only"));
        return menu::show(turn).await;
    }
    match text {
        Some(text) => typed(turn, Some(&text)).await,
        None => ask_article(turn),
    }
}

/// «📝 Добавить знание».
pub(super) fn add_pressed(turn: &mut Turn<'_>) -> Result<(), TurnError> {
    if refused(turn) { Ok(()) } else { ask_article(turn) }
}

/// Asks an admin for an article.
pub fn ask_article(turn: &mut Turn<'_>) -> Result<(), TurnError> {
    ask(turn, KnowledgeInput::Article)
}

/// Takes an article, or says the limits and asks again. Rights are read anew: they may have ended since the question.
pub(super) async fn typed(turn: &mut Turn<'_>, text: Option<&str>) -> Result<(), TurnError> {
    if !turn.is_admin() {
        turn.session.awaits = None;
        return help::show(turn).await;
    }
    let words = turn.words();
    let Some(text) = text else {
        turn.notice(words.fmt("expected-text", arg("param", words.get("kb-what-article"))));
        return ask_article(turn);
    };
    let (said, number) = match knowledge::add(turn.tx, text, turn.user.user_id, turn.now).await? {
        Added::Length => {
            let limits = arg("min", TEXT_MIN).with("max", BODY_MAX).with("n", text.trim().chars().count());
            turn.notice(words.fmt("text-len", limits));
            return ask_article(turn);
        }
        Added::Same => (words.get("kb-same"), None),
        Added::New { number, title } => {
            let object = format!("article:{number}");
            admin::note(turn, Act::new(AuditAction::ArticleAdded, &object)).await?;
            (words.fmt("kb-added", arg("title", title).with("id", number.to_string())), Some(number))
        }
    };
    turn.session.awaits = None;
    let open = |number| Callback::Knowledge(KnowledgePress::Article(number)).button(words.get("btn-kb-open"));
    let keyboard = Keyboard::new()
        .row(number.map(open))
        .row([Callback::Knowledge(KnowledgePress::Add).button(words.get("btn-kb-add"))])
        .row([home(words)]);
    turn.say(said, keyboard, Track::Nothing);
    Ok(())
}

/// `kb_del:`: the article is found no more; its row says who removed it and when.
pub(super) async fn remove(turn: &mut Turn<'_>, number: i64) -> Result<(), TurnError> {
    if refused(turn) {
        return Ok(());
    }
    if !turn.tx.knowledge_remove(number, turn.user.user_id, turn.now).await? {
        turn.alert(turn.words().get("not-found"));
        return Ok(());
    }
    let object = format!("article:{number}");
    admin::note(turn, Act::new(AuditAction::ArticleRemoved, &object)).await?;
    turn.notice(turn.words().fmt("kb-removed", arg("id", number.to_string())));
    match turn.session.search.clone() {
        Some(query) => results(turn, &query, 0).await,
        None => ask(turn, KnowledgeInput::Query),
    }
}

/// Whether a press was refused: only admins may.
fn refused(turn: &mut Turn<'_>) -> bool {
    let admin = turn.is_admin();
    if !admin {
        turn.alert(turn.words().get("admin-only-alert"));
    }
    !admin
}
