//! What the tests of screens share: sample people, and a screen as text: its message, then its rows of buttons.

use std::fmt::Write as _;
use std::sync::OnceLock;

use super::Screen;
use super::names::Named;
use super::purse::Purse;
use crate::billing::FreeQuota;
use crate::bot::callback::Callback;
use crate::catalog::{Catalog, Markup, Model};
use crate::domain::outgoing::Press;
use crate::domain::{Language, Money};
use crate::texts::{Texts, Words};

/// All texts.
pub(crate) fn words(language: Language) -> Words<'static> {
    static TEXTS: OnceLock<Texts> = OnceLock::new();
    TEXTS.get_or_init(|| Texts::embedded().unwrap()).words(language)
}

/// The catalog on sale.
pub(crate) fn catalog() -> &'static Catalog {
    Catalog::embedded().unwrap()
}

/// A model of the catalog.
pub(crate) fn model(id: &str) -> &'static Model {
    catalog().model(id).unwrap()
}

/// A model as a record names it.
pub(crate) fn named(id: &str) -> Named {
    Named::of(catalog(), id)
}

/// Has 100 ₽ and 3 of 5 free generations.
pub(crate) fn person() -> Purse {
    Purse {
        admin: false,
        free: FreeQuota { left: 3, total: 5, bank: 0 },
        available: Money::kopecks(10_000),
        markup: Markup::ONE,
    }
}

/// Has neither money nor free generations.
pub(crate) fn broke() -> Purse {
    Purse { free: FreeQuota { left: 0, total: 5, bank: 0 }, available: Money::ZERO, ..person() }
}

/// Pays nothing.
pub(crate) fn admin() -> Purse {
    Purse { admin: true, ..person() }
}

/// A screen in Russian.
pub(crate) fn ru(screen: &impl Screen) -> String {
    drawn(screen, Language::Ru)
}

/// A screen in English.
pub(crate) fn en(screen: &impl Screen) -> String {
    drawn(screen, Language::En)
}

/// Draws a screen, and holds every screen to what Telegram and we promise: data that reads back, at most 64 bytes, at most
/// 100 buttons, a text that fits, and nothing that is missing.
fn drawn(screen: &impl Screen, language: Language) -> String {
    let words = words(language);
    let (text, keyboard) = (screen.text(words), screen.keyboard(words));
    let neutral = words.get("neutral");
    assert!(!text.is_empty() && text.chars().count() <= 3900, "{text}");
    assert!(!text.contains(&neutral), "{text}");
    assert!(keyboard.buttons().count() <= 100);
    let mut out = text;
    for row in &keyboard.0 {
        out.push_str("\n|");
        for button in row {
            assert!(!button.text.is_empty() && button.text != neutral, "{button:?}");
            let to = match &button.press {
                Press::Callback(data) => {
                    assert!((1..=64).contains(&data.len()), "{data}");
                    let read = Callback::parse(data);
                    assert_eq!(read.map(|c| c.data()).as_deref(), Some(data.as_str()), "a dead button");
                    data.clone()
                }
                Press::Url(url) => {
                    assert!(
                        url.starts_with("https://") || url.starts_with("tg://") || url.starts_with("http://"),
                        "{url}"
                    );
                    url.clone()
                }
            };
            let _ = write!(out, " {} [{to}] |", button.text);
        }
    }
    out
}
