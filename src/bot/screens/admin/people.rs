//! Everybody, newest first, a page at a time: each button opens S-43.

use super::{button, nav};
use crate::bot::callback::{AdminPress, Callback};
use crate::bot::error::TurnError;
use crate::bot::screens::{Screen, names};
use crate::bot::turn::{Turn, arg};
use crate::domain::UserId;
use crate::domain::outgoing::{Button, Keyboard};
use crate::store::Counter;
use crate::texts::Words;

/// People on a page (bot.md 2.3).
const PAGE: usize = 40;

/// A page of people.
pub struct PeopleList {
    /// How many there are.
    pub total: i64,
    /// Which page, from 0.
    pub page: usize,
    /// How many pages there are.
    pub pages: usize,
    /// Ids and names.
    pub people: Vec<(UserId, String)>,
}

impl Screen for PeopleList {
    fn text(&self, words: Words<'_>) -> String {
        words.fmt("admin-people-list", arg("n", self.total))
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        let person = |(id, name): &(UserId, String)| {
            let label = names::cut(&format!("{name} · {id}"), 40);
            Callback::Admin(AdminPress::UserInfo(Some(*id))).button(label)
        };
        Keyboard::new().pairs(self.people.iter().map(person)).row(self.pager(words)).row(nav(words))
    }
}

impl PeopleList {
    fn pager(&self, words: Words<'_>) -> Vec<Button> {
        if self.pages < 2 {
            return Vec::new();
        }
        let place = words.plain("btn-page", arg("page", self.page + 1).with("pages", self.pages));
        let mut row = Vec::new();
        if self.page > 0 {
            row.push(button(words, "btn-page-prev", AdminPress::Users(self.page - 1)));
        }
        row.push(Callback::Noop.button(place));
        if self.page + 1 < self.pages {
            row.push(button(words, "btn-page-next", AdminPress::Users(self.page + 1)));
        }
        row
    }
}

/// Shows a page; one out of range is the nearest one.
pub(super) async fn show(turn: &mut Turn<'_>, page: usize) -> Result<(), TurnError> {
    let total = turn.tx.counters_total().await?.get(Counter::NewUsers);
    let pages = usize::try_from(total).unwrap_or(0).div_ceil(PAGE).max(1);
    let page = page.min(pages - 1);
    let skip = i64::try_from(page * PAGE).unwrap_or(0);
    let rows = turn.tx.users_page(i64::try_from(PAGE).unwrap_or(40), skip).await?;
    let people = rows
        .into_iter()
        .map(|row| {
            let name = row.username.map_or(row.first_name, |name| format!("@{name}"));
            (row.user_id, name)
        })
        .collect();
    turn.show(&PeopleList { total, page, pages, people });
    Ok(())
}
