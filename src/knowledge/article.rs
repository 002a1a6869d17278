//! A new article: its first line is the title, the rest the body; the same text is not kept twice (bot.md 13).

use sha2::{Digest, Sha256};

use super::passages::shortened;
use super::terms;
use crate::domain::{UnixMs, UserId};
use crate::store::{NewArticle, StoreError, TenantTx};

/// Characters that an article needs.
pub const TEXT_MIN: usize = 20;
/// Characters that an article may have.
pub const BODY_MAX: usize = 8_000;
/// Characters of a first line that is a title.
pub const TITLE_MAX: usize = 120;

/// An article that fits the limits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// One line.
    pub title: String,
    /// The rest; empty when there was one line.
    pub body: String,
    /// Equal for texts that differ in nothing but spaces.
    pub hash: String,
}

impl Draft {
    /// Reads a text. `None`: shorter or longer than the limits. A first line that is too long for a title stays in the body.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        if !(TEXT_MIN..=BODY_MAX).contains(&text.chars().count()) {
            return None;
        }
        let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
        let first = first.trim();
        let (title, body) = if first.chars().count() <= TITLE_MAX {
            (first.to_owned(), rest.trim().to_owned())
        } else {
            (shortened(first, TITLE_MAX), text.to_owned())
        };
        let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
        Some(Self { title, body, hash: hex::encode(Sha256::digest(flat.as_bytes())) })
    }
}

/// What became of a new article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Added {
    /// It is there, under this number.
    New {
        /// Its number in the tenant's base.
        number: i64,
        /// Its title.
        title: String,
    },
    /// The same text is there already.
    Same,
    /// Shorter than [`TEXT_MIN`] or longer than [`BODY_MAX`].
    Length,
}

/// Adds an article.
pub async fn add(tx: &mut TenantTx, text: &str, by: UserId, now: UnixMs) -> Result<Added, StoreError> {
    let Some(draft) = Draft::read(text) else { return Ok(Added::Length) };
    let new = NewArticle { title: &draft.title, body: &draft.body, text_hash: &draft.hash, added_by: by };
    let terms: Vec<(String, i64)> = terms::of_article(&draft.title, &draft.body).into_iter().collect();
    match tx.knowledge_add(&new, &terms, now).await? {
        Some(number) => Ok(Added::New { number, title: draft.title }),
        None => Ok(Added::Same),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_is_the_title() {
        let draft = Draft::read("  Возврат денег \n\nДеньги возвращаются сами.\n").unwrap();
        assert_eq!((draft.title.as_str(), draft.body.as_str()), ("Возврат денег", "Деньги возвращаются сами."));
        let draft = Draft::read("Одна строка, которой хватает").unwrap();
        assert_eq!((draft.title.as_str(), draft.body.as_str()), ("Одна строка, которой хватает", ""));
    }

    #[test]
    fn a_first_line_too_long_for_a_title_stays_in_the_body() {
        let line = "слово ".repeat(30);
        let draft = Draft::read(&format!("{line}\nещё")).unwrap();
        assert!(draft.title.chars().count() <= TITLE_MAX && draft.title.ends_with('…'), "{}", draft.title);
        assert!(draft.body.starts_with(line.trim()) && draft.body.ends_with("ещё"));
    }

    #[test]
    fn limits_count_characters() {
        assert_eq!(Draft::read(&"я".repeat(19)), None);
        assert!(Draft::read(&"я".repeat(20)).is_some());
        assert!(Draft::read(&"я".repeat(8_000)).is_some());
        assert_eq!(Draft::read(&"я".repeat(8_001)), None);
    }

    #[test]
    fn texts_that_differ_in_spaces_only_are_the_same() {
        let hash = |text: &str| Draft::read(text).unwrap().hash;
        assert_eq!(hash("Заголовок\nтело статьи, слово"), hash(" Заголовок \n\n тело  статьи, слово "));
        assert_ne!(hash("Заголовок\nтело статьи, слово"), hash("Заголовок\nтело статьи, слова"));
    }
}
