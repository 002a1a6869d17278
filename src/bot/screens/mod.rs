//! Screens: each a struct with what it shows, rendered to Telegram HTML and a keyboard of typed buttons.
//!
//! To add one, copy the shape of `menu.rs`: a struct of plain values, `impl Screen`, and a function that gathers the values
//! from a [`Turn`](super::turn) and shows it. Words come from `locales/`, never from here.

pub mod admin;
pub mod balance;
pub mod bonuses;
pub mod broadcasts;
pub mod card;
pub mod confirm;
pub mod failure;
pub mod free;
pub mod gift;
pub mod guide;
pub mod help;
pub mod history;
pub mod knowledge;
pub mod language;
pub mod legacy;
pub mod menu;
pub mod models;
pub mod names;
mod off;
pub mod payments;
pub mod progress;
pub mod promos;
pub mod purse;
pub mod referral;
pub mod result;
#[cfg(test)]
pub(crate) mod testing;
pub mod tokens;
pub mod wizard;

use super::callback::Callback;
use super::turn::Turn;
use crate::domain::outgoing::{Button, Keyboard};
use crate::generation::Shop;
use crate::texts::Words;

/// A screen as data.
pub trait Screen {
    /// Telegram HTML; values are escaped by the texts.
    fn text(&self, words: Words<'_>) -> String;

    /// The buttons below.
    fn keyboard(&self, words: Words<'_>) -> Keyboard;
}

/// What selling needs to know of this bot.
pub(crate) fn shop<'a>(turn: &Turn<'a>) -> Shop<'a> {
    Shop { tenant: turn.tenant, catalog: turn.platform.catalog, settings: &turn.platform.settings }
}

/// «🏠 Главное меню»
pub fn home(words: Words<'_>) -> Button {
    Callback::BackToMenu.button(words.get("btn-home"))
}

/// «◀️ Назад»
pub fn back(words: Words<'_>, to: &Callback) -> Button {
    to.button(words.get("btn-back"))
}

/// «◀️ Назад» + «🏠 Главное меню» as the last row (bot.md 5, "nav").
pub fn nav(words: Words<'_>, parent: &Callback) -> [Button; 2] {
    [back(words, parent), home(words)]
}

/// Lines joined by line breaks; empty ones are left out, so that missing data never shows as a hole.
pub fn lines(parts: impl IntoIterator<Item = Option<String>>) -> String {
    parts.into_iter().flatten().filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}
