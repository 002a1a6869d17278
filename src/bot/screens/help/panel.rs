//! /panel: a one-time link for administrators, and the news of a log-in with the way to end it (reliability.md 3.8). Links and
//! sessions belong to the platform and the update's transaction belongs to the tenant: jobs make and end them, and show what came
//! of it by [`show_panel_link`] and [`show_signed_out`].

use std::time::Duration;

use crate::bot::callback::Callback;
use crate::bot::error::TurnError;
use crate::bot::jobs::{self, PanelLink, SignOut};
use crate::bot::screens::{Screen, home, menu};
use crate::bot::turn::{Turn, arg};
use crate::domain::outgoing::{Button, Keyboard};
use crate::texts::Words;

/// The way into the panel.
pub struct PanelEntry {
    /// Works once.
    pub url: String,
    /// For how many minutes.
    pub minutes: u64,
}

impl Screen for PanelEntry {
    fn text(&self, words: Words<'_>) -> String {
        words.fmt("panel-link-text", arg("n", self.minutes))
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        Keyboard::new().row([Button::url(words.get("btn-panel"), self.url.clone())]).row([home(words)])
    }
}

/// Asks for a link; others than administrators and those who may look are refused.
pub async fn panel_link(turn: &mut Turn<'_>) -> Result<(), TurnError> {
    let user = turn.user.user_id;
    if !turn.is_admin() && !turn.tx.viewer_is(user).await? {
        turn.notice(turn.words().get("admin-only"));
        return menu::show(turn).await;
    }
    jobs::put_panel_link(turn.tx, &PanelLink { user }, turn.incoming.update, &turn.corr, turn.now).await?;
    turn.wake_workers();
    turn.stay_silent();
    Ok(())
}

/// Somebody came into the panel as this person.
pub struct CameIn {
    /// Browser and system; empty where they are not known.
    pub device: String,
    /// The network of the address; empty where it is not known.
    pub origin: String,
    /// When, in the bot's zone.
    pub at: String,
}

impl Screen for CameIn {
    fn text(&self, words: Words<'_>) -> String {
        let unknown = words.get("entry-unknown");
        let or = |text: &String| if text.is_empty() { unknown.clone() } else { text.clone() };
        words.fmt("entry-told", arg("device", or(&self.device)).with("origin", or(&self.origin)).with("at", &self.at))
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        Keyboard::new().row([Callback::PanelSignOut.button(words.get("btn-entry-not-me"))])
    }
}

/// «🚪 Это не я»: every session of this person ends.
pub async fn sign_out(turn: &mut Turn<'_>) -> Result<(), TurnError> {
    let user = turn.user.user_id;
    jobs::put_sign_out(turn.tx, &SignOut { user }, turn.incoming.update, &turn.corr, turn.now).await?;
    turn.wake_workers();
    turn.toast(turn.words().get("entry-ending"));
    Ok(())
}

/// Every session has ended.
struct SignedOut;

impl Screen for SignedOut {
    fn text(&self, words: Words<'_>) -> String {
        words.get("entry-ended")
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        Keyboard::new().row([home(words)])
    }
}

/// Says that every session has ended, in a turn without an update.
pub fn show_signed_out(turn: &mut Turn<'_>) {
    turn.show(&SignedOut);
}

/// Says that too many links were asked for, and when the next can be had.
pub fn show_too_many_links(turn: &mut Turn<'_>, wait: Duration) {
    let minutes = wait.as_secs().div_ceil(60).max(1);
    turn.show(&TooManyLinks { minutes });
}

/// Several links in a short time: the newest one still works.
pub struct TooManyLinks {
    /// The next one can be had after so many minutes.
    pub minutes: u64,
}

impl Screen for TooManyLinks {
    fn text(&self, words: Words<'_>) -> String {
        words.fmt("panel-link-too-many", arg("n", self.minutes))
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        Keyboard::new().row([home(words)])
    }
}

/// Shows the link once it is made, in a turn without an update.
pub fn show_panel_link(turn: &mut Turn<'_>, url: String, minutes: u64) {
    turn.show(&PanelEntry { url, minutes });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bot::screens::testing::{en, ru};

    #[test]
    fn a_log_in_is_told_with_the_way_to_end_it() {
        let known = CameIn {
            device: "Chrome, Android".to_owned(),
            origin: "203.0.113.*".to_owned(),
            at: "30.11.2026 12:00".to_owned(),
        };
        insta::assert_snapshot!(ru(&known), @"
            🔐 <b>Вход в панель</b>
            Устройство: Chrome, Android
            Сеть: 203.0.113.*
            Время: 30.11.2026 12:00

            Если это не вы, нажмите кнопку: все открытые сеансы закончатся.
            | 🚪 Это не я [panel_sign_out] |
            ");
        let unknown = CameIn { device: String::new(), origin: String::new(), ..known };
        assert!(en(&unknown).contains("Device: unknown") && en(&unknown).contains("Network: unknown"));
        assert!(ru(&SignedOut).contains("закончены"));
    }

    #[test]
    fn the_panel_is_one_press_away() {
        let screen = PanelEntry { url: "https://bots.example.com/panel/enter/abc".to_owned(), minutes: 5 };
        assert!(ru(&TooManyLinks { minutes: 3 }).contains("через 3 минуты"));
        assert!(en(&TooManyLinks { minutes: 1 }).contains("in 1 minute"));
        insta::assert_snapshot!(ru(&screen), @"
            🖥 Ссылка для входа в панель. Она работает один раз и живёт 5 минут. Никому её не пересылайте.
            | 🖥 Открыть панель [https://bots.example.com/panel/enter/abc] |
            | 🏠 Главное меню [back_to_menu] |
            ");
        insta::assert_snapshot!(en(&screen), @"
            🖥 Your link to the panel. It works once and lives 5 minutes. Don't forward it to anyone.
            | 🖥 Open the panel [https://bots.example.com/panel/enter/abc] |
            | 🏠 Main menu [back_to_menu] |
            ");
    }
}
