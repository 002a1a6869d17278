//! What the two languages are made of, read from the message files: words of one that must not stand in a text of the other, and
//! nouns with their plural forms.

use std::collections::BTreeSet;

use botyard::catalog::Catalog;
use botyard::domain::Language;
use botyard::texts::Texts;
use regex::Regex;

use crate::util::env::root;

/// A noun's forms for 1, 2 and 5 (Russian), or for 1 and 2 (English: the last two are equal).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Noun {
    language: &'static str,
    one: String,
    few: String,
    many: String,
}

/// The two languages as the robot knows them.
pub(super) struct Lexicon {
    english: BTreeSet<String>,
    nouns: BTreeSet<Noun>,
    keys: BTreeSet<String>,
    /// The texts that stand in for a missing one.
    pub(super) neutral: Vec<String>,
    number: Regex,
    latin: Regex,
    /// Commands, people, the robot's own name, links: the same in every language.
    named: Regex,
    key: Regex,
}

/// The panel's words are no texts of the bot.
const ELSEWHERE: [&str; 1] = ["panel.ftl"];

/// Nouns that texts write beside numbers of their own without counting them, so that no message has all their forms.
const UNCOUNTED: [(&str, [&str; 3]); 6] = [
    ("ru", ["символ", "символа", "символов"]),
    ("ru", ["модель", "модели", "моделей"]),
    ("ru", ["пользователь", "пользователя", "пользователей"]),
    ("en", ["character", "characters", "characters"]),
    ("en", ["model", "models", "models"]),
    ("en", ["user", "users", "users"]),
];

/// Words of Russian after which a number's noun stands in the genitive.
const GENITIVE: [&str; 8] = ["до", "от", "из", "более", "больше", "меньше", "длиннее", "короче"];

impl Lexicon {
    pub(super) fn read(texts: &Texts) -> Self {
        let (ru, en) = (values("ru"), values("en"));
        let mut shared = latin_words(&ru);
        for model in Catalog::embedded().unwrap().models() {
            shared.extend(latin_words(&format!("{model:?}")));
        }
        let keys = Language::ALL.iter().flat_map(|l| texts.messages(*l)).map(|m| m.key);
        Self {
            english: latin_words(&en).difference(&shared).cloned().collect(),
            nouns: nouns("ru", &ru).into_iter().chain(nouns("en", &en)).chain(uncounted()).collect(),
            keys: keys.filter(|key| key.contains('-')).collect(),
            neutral: Language::ALL.iter().map(|l| texts.words(*l).get("neutral")).collect(),
            number: Regex::new(r"(?:^|[^\d.,:/])(\d{1,9})[ \u{a0}](\p{L}[^\n]*)").unwrap(),
            latin: Regex::new(r"[A-Za-z]{4,}").unwrap(),
            named: Regex::new(r"\b[Rr]obot\b|https?:\S+|[/@#][A-Za-z]\w*|[\w.]+@[\w.]+").unwrap(),
            key: Regex::new(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)+").unwrap(),
        }
    }

    /// An English word of ours in a Russian text, a Cyrillic letter in an English one.
    pub(super) fn foreign(&self, language: Language, text: &str) -> Option<String> {
        let text = &*self.named.replace_all(text, " ");
        match language {
            Language::Ru => {
                let words = self.latin.find_iter(text).map(|found| found.as_str().to_lowercase());
                words.into_iter().find(|word| self.english.contains(word))
            }
            Language::En => text
                .split_whitespace()
                .find(|word| word.chars().any(|c| ('\u{400}'..'\u{500}').contains(&c)))
                .filter(|word| *word != "Русский" && *word != "Язык")
                .map(str::to_owned),
        }
    }

    /// A key where its text should be.
    pub(super) fn raw_key(&self, text: &str) -> Option<String> {
        self.key.find_iter(text).map(|k| k.as_str()).find(|k| self.keys.contains(*k)).map(str::to_owned)
    }

    /// A number with the wrong form of the noun after it.
    pub(super) fn wrong_plural(&self, language: Language, text: &str) -> Option<String> {
        text.lines().flat_map(|line| self.numbers(line)).find_map(|(n, genitive, rest)| {
            let starts =
                |form: &str| rest.strip_prefix(form).is_some_and(|after| !after.starts_with(char::is_alphabetic));
            let mut own = self.nouns.iter().filter(|noun| noun.language == language.code()).peekable();
            let known = |noun: &&Noun| [&noun.one, &noun.few, &noun.many].iter().any(|form| starts(form));
            own.peek()?;
            let nouns: Vec<&Noun> = own.filter(known).collect();
            let form = if genitive { genitive_form } else { form };
            let right = nouns.is_empty() || nouns.iter().any(|noun| starts(form(noun, language, n)));
            (!right).then(|| format!("{n} {}", rest.split_whitespace().next().unwrap_or_default()))
        })
    }

    /// The numbers of a line, whether the word before asks for the genitive, and what stands after.
    fn numbers<'t>(&self, line: &'t str) -> Vec<(u64, bool, &'t str)> {
        let mut found = Vec::new();
        let mut at = 0;
        while let Some(hit) = self.number.captures_at(line, at) {
            let (number, rest) = (hit.get(1).unwrap(), hit.get(2).unwrap());
            let before = line[..number.start()].split_whitespace().next_back().unwrap_or_default().to_lowercase();
            found.push((number.as_str().parse().unwrap_or(0), GENITIVE.contains(&before.as_str()), rest.as_str()));
            at = rest.start();
        }
        found
    }
}

fn form(noun: &Noun, language: Language, n: u64) -> &str {
    let (tens, units) = (n % 100, n % 10);
    match language {
        Language::En if n == 1 => &noun.one,
        Language::En => &noun.many,
        Language::Ru if units == 1 && tens != 11 => &noun.one,
        Language::Ru if (2..5).contains(&units) && !(12..15).contains(&tens) => &noun.few,
        Language::Ru => &noun.many,
    }
}

/// After «до», «от»: «до 1 символа», «до 1024 символов». The genitive of one is spelled as the form for two.
fn genitive_form(noun: &Noun, language: Language, n: u64) -> &str {
    match language {
        Language::En => form(noun, language, n),
        Language::Ru if n % 10 == 1 && n % 100 != 11 => &noun.few,
        Language::Ru => &noun.many,
    }
}

fn uncounted() -> impl Iterator<Item = Noun> {
    UNCOUNTED.into_iter().map(|(language, [one, few, many])| Noun {
        language,
        one: one.to_owned(),
        few: few.to_owned(),
        many: many.to_owned(),
    })
}

/// The values of a language's messages, without keys and comments.
fn values(language: &str) -> String {
    let key = Regex::new(r"(?m)^(?:#.*|-?[a-z][\w-]* =)").unwrap();
    let mut files: Vec<_> = std::fs::read_dir(root().join("locales").join(language)).unwrap().flatten().collect();
    files.sort_by_key(std::fs::DirEntry::file_name);
    let mut all = String::new();
    for file in files {
        if !ELSEWHERE.contains(&file.file_name().to_string_lossy().as_ref()) {
            all.push_str(&key.replace_all(&std::fs::read_to_string(file.path()).unwrap(), ""));
        }
    }
    all
}

fn latin_words(text: &str) -> BTreeSet<String> {
    let word = Regex::new("[A-Za-z]{4,}").unwrap();
    let placeable = Regex::new(r"\{ ?\$\w+ ?(?:\}|->)|<[^>]*>|/\w+|https?:\S+|\[\w+\]").unwrap();
    word.find_iter(&placeable.replace_all(text, " ")).map(|found| found.as_str().to_lowercase()).collect()
}

fn nouns(language: &'static str, values: &str) -> Vec<Noun> {
    let forms = if language == "ru" {
        r"\[one\] ([^\n\[{]+)\n\s*\[few\] ([^\n\[{]+)\n\s*\*\[many\] ([^\n\[{}]+)"
    } else {
        r"\[one\] ([^\n\[{]+)\n\s*\*\[other\] (([^\n\[{}]+))"
    };
    let noun = |hit: regex::Captures<'_>| {
        let form = |n: usize| hit[n].trim().to_owned();
        Noun { language, one: form(1), few: form(2), many: form(3) }
    };
    Regex::new(forms).unwrap().captures_iter(values).map(noun).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lexicon() -> Lexicon {
        Lexicon::read(&Texts::embedded().unwrap())
    }

    #[test]
    fn a_word_of_the_other_language_is_seen() {
        let known = lexicon();
        assert_eq!(known.foreign(Language::Ru, "Баланс: available 5 ₽").as_deref(), Some("available"));
        assert_eq!(known.foreign(Language::Ru, "FAST TOOLS: Seedream 4.5 Text to Image, /help"), None);
        assert_eq!(known.foreign(Language::En, "Balance: 5 монет").as_deref(), Some("монет"));
        assert_eq!(known.foreign(Language::En, "Русский"), None);
    }

    #[test]
    fn a_wrong_plural_is_seen() {
        let known = lexicon();
        let wrong = |text: &str| known.wrong_plural(Language::Ru, text);
        assert_eq!(wrong("2 файлов").as_deref(), Some("2 файлов"));
        assert_eq!(wrong("из 11 файл").as_deref(), Some("11 файл"));
        assert_eq!(wrong("до 1024 символа").as_deref(), Some("1024 символа"));
        assert_eq!(wrong("до 21 символов").as_deref(), Some("21 символов"));
        for right in ["1 файл", "2 файла", "5 файлов", "21 файл, 3 файла", "до 1024 символов", "от 21 символа"]
        {
            assert_eq!(wrong(right), None, "{right}");
        }
        assert_eq!(known.wrong_plural(Language::En, "1 files").as_deref(), Some("1 files"));
    }

    #[test]
    fn a_raw_key_is_seen() {
        let known = lexicon();
        assert_eq!(known.raw_key("→ btn-home").as_deref(), Some("btn-home"));
        assert_eq!(known.raw_key("z-image, text-to-image"), None);
    }
}
