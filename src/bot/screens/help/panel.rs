//! /panel: a one-time link for administrators. It is made by a job, because links belong to the platform and the update's
//! transaction belongs to the tenant; the worker shows it by [`show_panel_link`].

use std::time::Duration;

use crate::bot::error::TurnError;
use crate::bot::jobs::{self, PanelLink};
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

/// Asks for a link; others than administrators are refused.
pub async fn panel_link(turn: &mut Turn<'_>) -> Result<(), TurnError> {
    let user = turn.user.user_id;
    if !turn.tenant.is_admin(user) {
        turn.notice(turn.words().get("admin-only"));
        return menu::show(turn).await;
    }
    jobs::put_panel_link(turn.tx, &PanelLink { user }, turn.incoming.update, &turn.corr, turn.now).await?;
    turn.wake_workers();
    turn.stay_silent();
    Ok(())
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
