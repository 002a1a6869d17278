//! The texts in one reader's language, and names of things by their catalog's ids.

use std::fmt;
use std::time::Duration;

use super::{Args, Texts};
use crate::args;
use crate::domain::language::Language;

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// The texts in one language. Cheap to copy; what every screen takes.
#[derive(Clone, Copy)]
pub struct Words<'a> {
    texts: &'a Texts,
    lang: Language,
}

impl fmt::Debug for Words<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Words({})", self.lang.code())
    }
}

impl<'a> Words<'a> {
    pub(super) fn new(texts: &'a Texts, lang: Language) -> Self {
        Self { texts, lang }
    }

    /// The language.
    pub fn lang(self) -> Language {
        self.lang
    }

    /// A text without values.
    pub fn get(self, key: &str) -> String {
        self.texts.get(self.lang, key, &Args::new())
    }

    /// A message with values, which are HTML-escaped.
    #[expect(clippy::needless_pass_by_value, reason = "`words.fmt(key, args![…])` reads better than a borrow of it")]
    pub fn fmt(self, key: &str, args: Args) -> String {
        self.texts.get(self.lang, key, &args)
    }

    /// A button, a toast or a page's text with values, which stay as they are.
    #[expect(clippy::needless_pass_by_value, reason = "`words.plain(key, args![…])` reads better than a borrow of it")]
    pub fn plain(self, key: &str, args: Args) -> String {
        self.texts.plain(self.lang, key, &args)
    }

    /// A text that may not exist.
    pub fn find(self, key: &str) -> Option<String> {
        self.texts.find(self.lang, key)
    }

    /// A gen type's title by its slug (bot.md 1.3), emoji included.
    pub fn gen_type(self, slug: &str) -> String {
        self.named("gen-type", slug)
    }

    /// One sentence on what a gen type does.
    pub fn gen_type_desc(self, slug: &str) -> Option<String> {
        self.find(&format!("gen-type-{}-desc", key_part(slug)))
    }

    /// A model's title in this language by its id; the catalog's own `title` where it needs no translation.
    pub fn model_title(self, model: &str, title: &str) -> String {
        self.find(&format!("title-{}", key_part(model))).unwrap_or_else(|| title.to_owned())
    }

    /// A sentence on a model; one without it shows its gen type's (bot.md 5, S-01).
    pub fn model_desc(self, model: &str) -> Option<String> {
        self.find(&format!("about-{}", key_part(model)))
    }

    /// One to three sample prompts for a gen type; none for those that take no text.
    pub fn examples(self, gen_type: &str) -> Vec<String> {
        let slug = key_part(gen_type);
        (1..=3).filter_map(|n| self.find(&format!("example-{slug}-{n}"))).collect()
    }

    /// A parameter's label: `aspect_ratio` → «Соотношение сторон».
    pub fn param(self, name: &str) -> String {
        self.named("param", name)
    }

    /// What to write or send for a parameter, where the label does not say it all.
    pub fn param_hint(self, name: &str) -> Option<String> {
        self.find(&format!("hint-{}", key_part(name)))
    }

    /// A choice as people read it: `image_size`, `portrait_16_9` → «Вертикальный 9:16»; without a name of its own, as it is.
    pub fn value(self, param: &str, value: &str) -> String {
        let part = key_part(value);
        if let Some(text) = self.find(&format!("value-{}-{part}", key_part(param))) {
            return text;
        }
        match value {
            "true" => self.get("value-yes"),
            "false" => self.get("value-no"),
            _ => value.to_owned(),
        }
    }

    /// How long ago something was: «только что», «5 минут назад», «3 дня назад».
    pub fn ago(self, passed: Duration) -> String {
        match passed.as_secs() {
            0..60 => self.get("ago-now"),
            secs @ 60..3_600 => self.plain("ago-minutes", args![n = secs / 60]),
            secs @ 3_600..86_400 => self.plain("ago-hours", args![n = secs / 3_600]),
            secs => self.plain("ago-days", args![n = secs / 86_400]),
        }
    }

    /// How long something takes or lasts, in the largest unit that says it whole: «14 дней», «24 часа», «15 минут». A day is said
    /// in hours, as people say it.
    pub fn span(self, long: Duration) -> String {
        let secs = long.as_secs();
        let (key, unit) = match secs {
            _ if secs >= 2 * DAY && secs.is_multiple_of(DAY) => ("span-days", DAY),
            _ if secs >= HOUR && secs.is_multiple_of(HOUR) => ("span-hours", HOUR),
            _ if secs >= MINUTE && secs.is_multiple_of(MINUTE) => ("span-minutes", MINUTE),
            _ => ("span-seconds", 1),
        };
        self.plain(key, args![n = secs / unit])
    }

    /// How large a file may be, in whole units: «10 МБ», «16 КБ».
    pub fn size(self, bytes: u64) -> String {
        let (key, unit) = if bytes >= 1 << 20 { ("size-mb", 1 << 20) } else { ("size-kb", 1 << 10) };
        self.plain(key, args![n = bytes / unit])
    }

    fn named(self, family: &str, name: &str) -> String {
        self.find(&format!("{family}-{}", key_part(name))).unwrap_or_else(|| name.replace(['_', '-'], " "))
    }
}

/// An id as it stands in a key: lower case, everything but letters and digits a dash (`Veo_3.1/fast` → `veo-3-1-fast`).
pub fn key_part(id: &str) -> String {
    id.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect()
}
