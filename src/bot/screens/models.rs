//! Lists of models: generation types (S-03), categories (S-04), one type (S-05), all (S-06), special tools (S-07).

mod all;
mod of_type;
mod special;
mod types;

pub use all::{AllModels, all, all_page};
pub use of_type::{CategoryModels, TypeModels, of_category, of_type, open_type};
pub use special::{Special, other, special};
pub use types::{Categories, Types, categories, types};

use super::purse::Purse;
use super::{Screen, home, names, off};
use crate::bot::callback::{Callback, PagedList};
use crate::bot::error::TurnError;
use crate::bot::turn::{Turn, arg};
use crate::catalog::{GenType, Model, callback_ref, min_price};
use crate::domain::outgoing::{Button, Keyboard};
use crate::generation::Off;
use crate::texts::Words;

/// How many models a page holds (bot.md 2.3).
pub const PAGE: usize = 40;

/// Why a model is not sold to this person (bot.md 4, outcome MODEL).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gone {
    /// Unknown, hidden, or not offered by this bot.
    Unavailable,
    /// Offered, but nothing of it can be priced.
    NoPrice,
    /// Nothing can be generated at the moment.
    Off(Off),
}

impl Screen for Gone {
    fn text(&self, words: Words<'_>) -> String {
        words.get(match self {
            Self::Unavailable => "model-unavailable",
            Self::NoPrice => "model-no-price",
            Self::Off(why) => off::key(*why),
        })
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        Keyboard::new().row([Callback::ShowModels.button(words.get("btn-models"))]).row([home(words)])
    }
}

/// A model by the ref of a button or a command, if it is sold here.
pub fn find<'a>(turn: &Turn<'a>, reference: &str) -> Result<&'a Model, Gone> {
    let model = turn.platform.catalog.model(reference).ok_or(Gone::Unavailable)?;
    if model.hidden.is_none() && !model.is_sellable() {
        return Err(Gone::NoPrice);
    }
    if !turn.tenant.offers(model) {
        return Err(Gone::Unavailable);
    }
    min_price(model, turn.tenant.markup()).map(|_| model).ok_or(Gone::NoPrice)
}

/// The generation types with a model on offer here.
pub(super) fn offered_types(turn: &Turn<'_>) -> Vec<GenType> {
    turn.platform.catalog.gen_types(|model| turn.tenant.offers(model))
}

/// The models of a type on offer here, by vendor, then title.
pub(super) fn offered_of<'a>(turn: &Turn<'a>, gen_type: GenType) -> Vec<&'a Model> {
    let mut models = turn.platform.catalog.models_of(gen_type);
    models.retain(|model| turn.tenant.offers(model));
    models
}

/// A model's button that starts a draft.
pub(super) fn start_button(words: Words<'_>, purse: &Purse, model: &Model) -> Button {
    titled_start_button(words, purse, model, names::title(words, model))
}

/// The same under a title of the list's own.
fn titled_start_button(words: Words<'_>, purse: &Purse, model: &Model, title: String) -> Button {
    let price = purse.of_model(model).map(|shown| shown.short_label(words)).unwrap_or_default();
    let label = words.plain("btn-model", arg("title", title).with("price", price));
    Callback::SelectModel(callback_ref("select_model:", model).to_owned()).button(label)
}

/// A model's button that opens its card.
fn card_button(words: Words<'_>, purse: &Purse, model: &Model) -> Button {
    titled_card_button(words, purse, model, &names::title(words, model))
}

/// The same under a title of the list's own.
fn titled_card_button(words: Words<'_>, purse: &Purse, model: &Model, title: &str) -> Button {
    let price = purse.of_model(model).map(|shown| shown.short_label(words)).unwrap_or_default();
    let label = names::model_label(words, title, &price);
    Callback::Model(callback_ref("model:", model).to_owned()).button(label)
}

/// One page of a list; a page out of range is the nearest one.
fn page_of<T>(all: &[T], page: usize) -> (&[T], usize, usize) {
    let pages = all.len().div_ceil(PAGE).max(1);
    let page = page.min(pages - 1);
    let start = (page * PAGE).min(all.len());
    (&all[start..(start + PAGE).min(all.len())], page, pages)
}

/// «◀️ 1 / 2 ▶️»; nothing when there is one page.
fn pager(words: Words<'_>, list: &PagedList, page: usize, pages: usize) -> Vec<Button> {
    if pages < 2 {
        return Vec::new();
    }
    let to = |page: usize, key: &str| Callback::Page(list.clone(), page).button(words.get(key));
    let place = words.plain("btn-page", arg("page", page + 1).with("pages", pages));
    let mut row = Vec::new();
    if page > 0 {
        row.push(to(page - 1, "btn-page-prev"));
    }
    row.push(Callback::Noop.button(place));
    if page + 1 < pages {
        row.push(to(page + 1, "btn-page-next"));
    }
    row
}

/// Says that a list is empty, with the ways on.
#[expect(clippy::unnecessary_wraps, reason = "ends a screen's function, which may fail")]
pub(super) fn nothing(turn: &mut Turn<'_>) -> Result<(), TurnError> {
    turn.show(&Empty);
    Ok(())
}

/// «❌ Модели для этого типа генерации не найдены.»
pub struct Empty;

impl Screen for Empty {
    fn text(&self, words: Words<'_>) -> String {
        words.get("models-empty")
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        Gone::Unavailable.keyboard(words)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_out_of_range_is_the_nearest_one() {
        let all: Vec<usize> = (0..95).collect();
        assert_eq!(page_of(&all, 0), (&all[..40], 0, 3));
        assert_eq!(page_of(&all, 2), (&all[80..], 2, 3));
        assert_eq!(page_of(&all, 99), (&all[80..], 2, 3));
        assert_eq!(page_of::<usize>(&[], 5), (&[][..], 0, 1));
    }
}
