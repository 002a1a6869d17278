//! `admin_search`: a number or `@name` is a person; other words are looked up in the knowledge base (bot.md 14.3).

use super::{ask as ask_for, not_found, user};
use crate::bot::awaits::AdminInput;
use crate::bot::error::TurnError;
use crate::bot::screens::knowledge;
use crate::bot::turn::{Turn, arg};

/// Asks whom to look for.
#[expect(clippy::unnecessary_wraps, reason = "ends a screen's function, which may fail")]
pub(super) fn ask(turn: &mut Turn<'_>) -> Result<(), TurnError> {
    let text = turn.words().get("admin-search-ask");
    ask_for(turn, AdminInput::Lookup, text);
    Ok(())
}

/// What was written; anything but a text is asked for again.
pub(super) async fn typed(turn: &mut Turn<'_>, text: Option<&str>) -> Result<(), TurnError> {
    let Some(text) = text else {
        let words = turn.words();
        turn.notice(words.fmt("expected-text", arg("param", words.get("param-search"))));
        return ask(turn);
    };
    turn.session.awaits = None;
    find(turn, text).await
}

/// Looks.
pub(super) async fn find(turn: &mut Turn<'_>, text: &str) -> Result<(), TurnError> {
    match user::find(turn, text).await? {
        user::Found::User(row) => user::show(turn, &row).await,
        user::Found::Missing => {
            not_found(turn);
            Ok(())
        }
        user::Found::Bad => knowledge::search_command(turn, Some(text.to_owned())).await,
    }
}
