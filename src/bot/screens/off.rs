//! Nothing can be generated at the moment: what the person reads, and what admins hear when only they or the platform's owner can
//! mend it (bot.md 9.6; platform.md 3).

use crate::bot::error::TurnError;
use crate::bot::turn::{Turn, arg};
use crate::domain::outgoing::{Keyboard, Outgoing, Track};
use crate::domain::{ChatId, MessageClass};
use crate::generation::Off;
use crate::tenants::say::{Say, say};

/// The key of what the person reads: a toast, or a screen's text.
pub(super) const fn key(why: Off) -> &'static str {
    match why {
        Off::DayLimit => "gen-day-limit",
        Off::Stopped => "gen-stopped",
        Off::Full => "gen-storage-full",
        Off::NoKey | Off::AdminLimit | Off::Spent => "gen-off",
    }
}

/// Tells every admin that a limit has stopped the bot, once a day; of the other reasons they hear otherwise.
pub(super) async fn tell_admins(turn: &mut Turn<'_>, why: Off) -> Result<(), TurnError> {
    let (word, text) = match why {
        Off::Spent => ("spent", "admin-alert-spent"),
        Off::Full => ("full", "admin-alert-storage"),
        Off::NoKey | Off::AdminLimit | Off::DayLimit | Off::Stopped => return Ok(()),
    };
    let day = turn.tenant.today(turn.now);
    for (admin, _) in &turn.tenant.admins {
        let chat = ChatId::from(*admin);
        let Some(user) = turn.tx.user_get(*admin).await? else { continue };
        let language = turn.tenant.language_of(user.language, user.language_code.as_deref());
        let html = turn.platform.texts.words(language).fmt(text, arg("corr", turn.corr.as_str()));
        let outgoing = Outgoing::Screen { html, keyboard: Keyboard::new(), edit: None, track: Track::Nothing };
        let (key, class) = (format!("{word}:{day}:{admin}"), MessageClass::MayVanish);
        let about = Say { chat, class, key, corr: &turn.corr, now: turn.now };
        // The sweep brings it: nothing may be announced before the commit.
        say(turn.tx, turn.tenant, about, &outgoing).await?;
    }
    Ok(())
}
