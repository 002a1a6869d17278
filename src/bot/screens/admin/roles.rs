//! `/add_admin`: the owner makes somebody an admin, at once and everywhere (bot.md 3).

use super::{say, user};
use crate::accounts::audit::Actor;
use crate::bot::acts::team::{MOST, Unfit};
use crate::bot::acts::{self, Hands};
use crate::bot::error::TurnError;
use crate::bot::jobs;
use crate::bot::turn::{Turn, arg};
use crate::domain::AuditDoor;
use crate::texts::Arg;

/// Grants the role, tells the person, and has their command menu set.
pub(super) async fn add(turn: &mut Turn<'_>, argument: Option<&str>) -> Result<(), TurnError> {
    let who = argument.unwrap_or_default().split_whitespace().next().unwrap_or_default();
    let words = turn.words();
    let row = match user::find(turn, who).await? {
        user::Found::User(row) => row,
        user::Found::Missing => {
            say(turn, words.get("add-admin-not-started"));
            return Ok(());
        }
        user::Found::Bad => {
            say(turn, words.get("admin-bad-user-id"));
            return Ok(());
        }
    };
    let actor = Actor { user: Some(turn.user.user_id), door: AuditDoor::Telegram, corr: &turn.corr };
    let hands = Hands { platform: turn.platform, tenant: turn.tenant, actor, now: turn.now };
    let news = match acts::team::admin_add(turn.tx, &hands, &row).await? {
        Ok(news) => news,
        Err(unfit) => {
            let refusal = match unfit {
                Unfit::NotStarted => words.get("add-admin-not-started"),
                Unfit::Already => words.fmt("add-admin-already", arg("id", Arg::shown(row.user_id))),
                Unfit::Managed => words.get("admin-managed"),
                Unfit::Full => words.fmt("add-admin-full", arg("n", MOST)),
                Unfit::Blocked => words.get("add-admin-blocked"),
            };
            say(turn, refusal);
            return Ok(());
        }
    };
    turn.tell_message(news.chat, news.outgoing);
    turn.wake_workers();
    say(turn, words.fmt("add-admin-done", arg("id", Arg::shown(row.user_id))));
    Ok(())
}

/// Has the workers compare the command menus with what Telegram has, where this turn may have changed them.
pub async fn command_menus_wanted(turn: &mut Turn<'_>) -> Result<(), TurnError> {
    jobs::put_command_menus(turn.tx, &turn.corr, turn.now).await?;
    turn.wake_workers();
    Ok(())
}
