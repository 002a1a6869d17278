//! Texts shown to people, from `locales/<lang>/*.ftl`, by Fluent. No other file of the program holds a user's text.
//!
//! A screen takes a [`Words`] (the texts in its reader's language) and asks by key:
//!
//! ```ignore
//! let words = texts.words(user.language);
//! words.get("btn-home");                                                  // no values
//! words.fmt("insufficient", args![price = price, available = a, missing = m]); // a message: values are HTML-escaped
//! words.plain("btn-topup-for", args![amount = missing]);                  // a button, a toast, a page: not escaped
//! ```
//!
//! Messages may contain Telegram's HTML; texts of buttons (`btn-…`), commands (`cmd-…`), pages (`panel-…`, escaped by
//! their templates) and toasts never do. A number chooses the plural form, so counts are passed as numbers.
//!
//! Every look-up goes through one function, `Texts::render`. A tenant's own wording, when it comes, is laid over there:
//! `Words` would carry the tenant's `Overrides`, asked before the bundle.

mod args;
mod audit;
mod words;

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, PoisonError};

use fluent_bundle::FluentResource;
use fluent_bundle::concurrent::FluentBundle;
use rust_embed::RustEmbed;

use crate::domain::language::Language;

pub use crate::args;
pub use args::{Arg, Args, escape_html};
pub use audit::Message;
pub use words::{Words, key_part};

#[derive(RustEmbed)]
#[folder = "locales/"]
struct Locales;

/// Said when a text cannot be: a defect that the tests exclude, and which must still not show a key to anybody.
const NEUTRAL: &str = "neutral";

/// Why the texts do not load. All of these are defects of the message files, found at start and by the tests.
#[derive(Debug, thiserror::Error)]
pub enum TextError {
    /// A file that is not text.
    #[error("{file} is not UTF-8")]
    NotUtf8 {
        /// Path below `locales/`.
        file: String,
    },
    /// A file that Fluent does not read.
    #[error("{file}: {problem}")]
    Syntax {
        /// Path below `locales/`.
        file: String,
        /// The parser's words.
        problem: String,
    },
    /// Two messages of one language have the same key, or a function could not be added.
    #[error("{file}: {problem}")]
    Duplicate {
        /// Path below `locales/`.
        file: String,
        /// Which key.
        problem: String,
    },
    /// A language without the text that stands in for a missing one.
    #[error("locales/{lang} has no message `neutral`")]
    NoNeutral {
        /// The language's code.
        lang: &'static str,
    },
}

/// The texts of one language.
struct Book {
    bundle: FluentBundle<FluentResource>,
    keys: Vec<String>,
    neutral: String,
}

/// All texts in all languages, loaded once and shared.
pub struct Texts {
    books: HashMap<Language, Book>,
    reported: Mutex<HashSet<(Language, String)>>,
}

/// How the values of a text are put into it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Values {
    Escaped,
    AsTheyAre,
}

impl Texts {
    /// Reads the files that are built into the program.
    pub fn embedded() -> Result<Self, TextError> {
        let mut books = HashMap::new();
        for lang in Language::ALL {
            books.insert(lang, Book::embedded(lang)?);
        }
        Ok(Self { books, reported: Mutex::new(HashSet::new()) })
    }

    /// The texts in one language.
    pub fn words(&self, lang: Language) -> Words<'_> {
        Words::new(self, lang)
    }

    /// A message for Telegram: values are HTML-escaped unless they are [`Arg::html`].
    pub fn get(&self, lang: Language, key: &str, args: &Args) -> String {
        self.render(lang, key, args, Values::Escaped)
    }

    /// A button, a toast, a command's description or a page's text: values as they are.
    pub fn plain(&self, lang: Language, key: &str, args: &Args) -> String {
        self.render(lang, key, args, Values::AsTheyAre)
    }

    /// A text that some names have and others do not (`value-<param>-<value>`), without values.
    pub fn find(&self, lang: Language, key: &str) -> Option<String> {
        let known = |lang| self.book(lang).is_some_and(|b| b.bundle.has_message(key));
        (known(lang) || known(Language::Ru)).then(|| self.render(lang, key, &Args::new(), Values::AsTheyAre))
    }

    /// A missing English text is said in Russian (bot.md 15.3); a text missing everywhere or without one of its values is
    /// replaced by the neutral one. Both are logged once per key.
    fn render(&self, lang: Language, key: &str, args: &Args, how: Values) -> String {
        for candidate in [lang, Language::Ru] {
            let Some(book) = self.book(candidate) else { continue };
            let Some(pattern) = book.bundle.get_message(key).and_then(|m| m.value()) else { continue };
            if candidate != lang && self.first_time(lang, key) {
                tracing::warn!(key, lang = lang.code(), "a text is missing in this language and is shown in Russian");
            }
            let mut problems = Vec::new();
            let values = args.values(how == Values::Escaped);
            let text = book.bundle.format_pattern(pattern, Some(&values), &mut problems).into_owned();
            if problems.is_empty() {
                return text;
            }
            if self.first_time(lang, key) {
                tracing::error!(key, lang = lang.code(), ?problems, "a text is shown without one of its values");
            }
            return self.neutral(lang);
        }
        if self.first_time(lang, key) {
            tracing::error!(key, lang = lang.code(), "there is no such text");
        }
        self.neutral(lang)
    }

    fn book(&self, lang: Language) -> Option<&Book> {
        self.books.get(&lang)
    }

    fn neutral(&self, lang: Language) -> String {
        self.book(lang).map(|b| b.neutral.clone()).unwrap_or_default()
    }

    fn first_time(&self, lang: Language, key: &str) -> bool {
        self.reported.lock().unwrap_or_else(PoisonError::into_inner).insert((lang, key.to_owned()))
    }
}

impl Book {
    fn embedded(lang: Language) -> Result<Self, TextError> {
        let mut bundle = FluentBundle::new_concurrent(vec![lang.code().parse().unwrap_or_default()]);
        // Telegram would show the invisible isolation marks (U+2068, U+2069) of Fluent as part of the text.
        bundle.set_use_isolating(false);
        let mut keys = Vec::new();
        let folder = format!("{}/", lang.code());
        let mut files: Vec<_> = Locales::iter().filter(|f| f.starts_with(&folder) && f.ends_with(".ftl")).collect();
        files.sort();
        for file in files {
            let resource = read(&file)?;
            keys.extend(audit::keys_of(&resource));
            bundle
                .add_resource(resource)
                .map_err(|problems| TextError::Duplicate { file: file.to_string(), problem: first(&problems) })?;
        }
        keys.sort();
        let pattern = bundle.get_message(NEUTRAL).and_then(|m| m.value());
        let pattern = pattern.ok_or(TextError::NoNeutral { lang: lang.code() })?;
        let neutral = bundle.format_pattern(pattern, None, &mut Vec::new()).into_owned();
        Ok(Self { bundle, keys, neutral })
    }
}

fn read(file: &str) -> Result<FluentResource, TextError> {
    let bytes = Locales::get(file).map(|f| f.data).unwrap_or_default();
    let source = String::from_utf8(bytes.into_owned()).map_err(|_| TextError::NotUtf8 { file: file.to_owned() })?;
    FluentResource::try_new(source)
        .map_err(|(_, problems)| TextError::Syntax { file: file.to_owned(), problem: first(&problems) })
}

fn first<E: std::fmt::Display>(problems: &[E]) -> String {
    problems.first().map(ToString::to_string).unwrap_or_default()
}
