//! S-49: one message to everybody, for administrators (bot.md 14.7). Composing and the buttons stand in `broadcasts/`; the
//! sending itself is `worker/broadcast.rs`.

mod compose;
mod press;
mod standing;
mod stats;

pub use compose::{Ask, Preview, typed};
pub use press::pressed;
pub use standing::{Standing, done_text};
pub use stats::Stats;

use std::time::Duration;

use super::{Screen, admin, home, lines};
use crate::bot::callback::{BroadcastAction, BroadcastPress, Callback};
use crate::bot::error::TurnError;
use crate::bot::platform::Platform;
use crate::bot::turn::{Turn, arg};
use crate::domain::outgoing::{Button, Keyboard};
use crate::domain::{BroadcastId, BroadcastState};
use crate::store::BroadcastRow;
use crate::tenants::Tenant;
use crate::texts::Words;

/// How many the list shows.
const LISTED: i64 = 5;

/// S-49.
pub struct Broadcasts {
    /// Whom one would reach now.
    pub audience: i64,
    /// The last ones, newest first.
    pub recent: Vec<BroadcastRow>,
    /// The platform's owner allows them.
    pub allowed: bool,
}

impl Screen for Broadcasts {
    fn text(&self, words: Words<'_>) -> String {
        let line = |row: &BroadcastRow| {
            let args = arg("number", number(row)).with("state", state(words, row));
            words.fmt("broadcasts-line", args.with("sent", row.sent).with("n", row.recipients))
        };
        let recent = if self.recent.is_empty() {
            words.get("broadcasts-none")
        } else {
            lines(self.recent.iter().map(|row| Some(line(row))))
        };
        let off = (!self.allowed).then(|| words.get("broadcasts-off"));
        let head = lines([
            Some(words.get("broadcasts-title")),
            Some(words.fmt("broadcasts-audience", arg("n", self.audience))),
            off,
        ]);
        format!("{head}\n\n{recent}")
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        let mut keyboard = Keyboard::new();
        if self.allowed {
            keyboard.push([button(words, "btn-broadcast-create", BroadcastPress::Create)]);
        }
        keyboard.push([button(words, "btn-broadcast-stats", BroadcastPress::Stats)]);
        for row in &self.recent {
            let label = words.plain("btn-broadcast-item", arg("number", number(row)).with("state", state(words, row)));
            keyboard.push([act(BroadcastAction::View, &row.id).button(label)]);
        }
        keyboard.row([admin::back(words), home(words)])
    }
}

/// Shows S-49.
pub async fn show(turn: &mut Turn<'_>) -> Result<(), TurnError> {
    turn.session.awaits = None;
    let audience = turn.tx.broadcast_audience().await?;
    let recent = turn.tx.broadcasts_recent(LISTED).await?;
    turn.show(&Broadcasts { audience, recent, allowed: pace(turn.platform, turn.tenant).is_some() });
    Ok(())
}

/// The time in which one more message of a broadcast becomes possible: the slower of the installation's setting and the
/// tenant's limit. `None`: its limit is 0.
pub fn pace(platform: &Platform, tenant: &Tenant) -> Option<Duration> {
    let own = Duration::from_secs(1).checked_div(tenant.limits.broadcast_per_second)?;
    Some(own.max(platform.settings.telegram.broadcast_sends.each()))
}

/// The word for where one stands.
fn state(words: Words<'_>, row: &BroadcastRow) -> String {
    let key = match row.state {
        BroadcastState::Draft => "broadcast-state-draft",
        BroadcastState::Running if row.gathered_at.is_none() => "broadcast-state-gathering",
        BroadcastState::Running => "broadcast-state-running",
        BroadcastState::Paused => "broadcast-state-paused",
        BroadcastState::Stopped => "broadcast-state-stopped",
        BroadcastState::Done => "broadcast-state-done",
    };
    words.get(key)
}

fn number(row: &BroadcastRow) -> i64 {
    row.number.unwrap_or_default()
}

fn act(action: BroadcastAction, id: &BroadcastId) -> Callback {
    Callback::Broadcast(BroadcastPress::Act(action, id.clone()))
}

fn button(words: Words<'_>, key: &str, press: BroadcastPress) -> Button {
    Callback::Broadcast(press).button(words.get(key))
}

#[cfg(test)]
mod tests;
