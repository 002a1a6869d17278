//! From a text to stems: what an article is kept under and a query is looked for by.

use std::collections::BTreeMap;
use std::ops::Range;

use rust_stemmers::{Algorithm, Stemmer};

use super::stop_words::is_stop_word;

/// A word of a title weighs as much as so many in the body (bot.md 13).
const TITLE: i64 = 3;
/// Distinct stems of a query that are looked for: as many as the store's statement takes.
pub(super) const QUERY: usize = crate::store::KNOWLEDGE_TERMS;
/// Longer stems are cut: nobody types them twice the same way.
const LONGEST: usize = 40;

/// A meaningful word: where it stands, in bytes, and its stem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) at: Range<usize>,
    pub(super) stem: String,
}

/// The meaningful words of a text, in order.
pub(super) fn words(text: &str) -> Vec<Word> {
    let mut found = Vec::new();
    let mut begin = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (begin, c.is_alphanumeric()) {
            (None, true) => begin = Some(at),
            (Some(from), false) => {
                if let Some(stem) = stem(&text[from..at]) {
                    found.push(Word { at: from..at, stem });
                }
                begin = None;
            }
            _ => {}
        }
    }
    found
}

/// A word's stem; `None` for a stop word and a single letter.
fn stem(word: &str) -> Option<String> {
    let plain: String = word.to_lowercase().chars().map(|c| if c == 'ё' { 'е' } else { c }).collect();
    let single = plain.chars().count() == 1 && !plain.chars().all(char::is_numeric);
    if single || is_stop_word(&plain) {
        return None;
    }
    let algorithm = if plain.chars().any(|c| ('а'..='я').contains(&c)) {
        Some(Algorithm::Russian)
    } else if plain.bytes().all(|b| b.is_ascii_lowercase()) {
        Some(Algorithm::English)
    } else {
        None
    };
    let stem = match algorithm {
        Some(algorithm) => Stemmer::create(algorithm).stem(&plain).into_owned(),
        None => plain,
    };
    Some(stem.chars().take(LONGEST).collect())
}

/// What an article is kept under: each stem and how much it weighs there.
pub(super) fn of_article(title: &str, body: &str) -> BTreeMap<String, i64> {
    let mut weights = BTreeMap::new();
    for (text, weight) in [(title, TITLE), (body, 1)] {
        for word in words(text) {
            *weights.entry(word.stem).or_insert(0) += weight;
        }
    }
    weights
}

/// What a query is looked for by: its distinct stems, in order.
pub(super) fn of_query(query: &str) -> Vec<String> {
    let mut stems: Vec<String> = Vec::new();
    for word in words(query) {
        if stems.len() < QUERY && !stems.contains(&word.stem) {
            stems.push(word.stem);
        }
    }
    stems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_a_word_are_one_stem_in_both_languages() {
        for (one, other) in [
            ("оплата", "оплатой"),
            ("оплаты", "Оплату"),
            ("генерации", "генерация"),
            ("ёлка", "елками"),
            ("зачёт", "ЗАЧЕТА"),
            ("payment", "payments"),
            ("generating", "Generated"),
        ] {
            assert_eq!(of_query(one), of_query(other), "{one} and {other}");
            assert_eq!(of_query(one).len(), 1, "{one}");
        }
        assert_ne!(of_query("оплата"), of_query("плата"));
    }

    #[test]
    fn what_says_nothing_is_not_looked_for() {
        assert!(of_query("а как же это? И в, the of — !").is_empty());
        assert_eq!(of_query("Как мне пополнить баланс, как?"), of_query("пополнить баланс"));
        assert_eq!(of_query("5 ₽ за 4K"), ["5", "4k"]);
    }

    #[test]
    fn a_title_weighs_three_times_the_body() {
        let weights = of_article("Возврат оплаты", "Оплата возвращается сразу. Оплату видно в истории.");
        let of = |word: &str| weights[&of_query(word)[0]];
        assert_eq!((of("оплата"), of("возврат"), of("история")), (5, 3, 1));
    }

    #[test]
    fn a_query_has_a_bound() {
        let long = (0..100).map(|n| format!("слово{n}")).collect::<Vec<_>>().join(" ");
        assert_eq!(of_query(&long).len(), QUERY);
    }

    #[test]
    fn a_word_knows_its_place() {
        let text = "Про оплату, да";
        let words = words(text);
        assert_eq!(words.iter().map(|w| &text[w.at.clone()]).collect::<Vec<_>>(), ["оплату"]);
    }
}
