//! Pieces of an article: whole sentences for an answer, and what stands around a hit.

use std::collections::BTreeMap;

use super::terms::words;

/// Cuts a text into passages of whole sentences, each at most `most` characters, in order, with what they say of the query. A
/// sentence longer than that is cut after a word.
pub(super) fn cut(text: &str, weights: &BTreeMap<String, f64>, most: usize) -> Vec<(String, f64)> {
    let mut passages: Vec<String> = Vec::new();
    let mut open = String::new();
    for sentence in sentences(text) {
        if !open.is_empty() && length(&open) + 1 + length(sentence) > most {
            passages.push(std::mem::take(&mut open));
        }
        if !open.is_empty() {
            open.push(' ');
        }
        open.push_str(sentence);
        if length(&open) > most {
            passages.push(shortened(&std::mem::take(&mut open), most));
        }
    }
    passages.extend((!open.is_empty()).then_some(open));
    passages.into_iter().map(|passage| (score(&passage, weights), passage)).map(|(s, p)| (p, s)).collect()
}

/// The weights of the distinct stems that a passage has.
fn score(passage: &str, weights: &BTreeMap<String, f64>) -> f64 {
    let stems: std::collections::BTreeSet<String> = words(passage).into_iter().map(|word| word.stem).collect();
    stems.iter().filter_map(|stem| weights.get(stem)).sum()
}

/// Sentences end with `.`, `!`, `?` or `…` before a space, or with the line.
fn sentences(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for line in text.lines() {
        let mut begin = 0;
        let mut ended = false;
        for (at, c) in line.char_indices() {
            if ended && c.is_whitespace() {
                found.push(line[begin..at].trim());
                begin = at;
            }
            ended = matches!(c, '.' | '!' | '?' | '…') || ended && matches!(c, '»' | '"' | ')');
        }
        found.push(line[begin..].trim());
    }
    found.retain(|sentence| !sentence.is_empty());
    found
}

/// About `most` characters around the first word that was looked for, or the beginning; «…» where something is left out.
pub(super) fn around(text: &str, weights: &BTreeMap<String, f64>, most: usize) -> String {
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let hit = words(&flat).into_iter().find(|word| weights.contains_key(&word.stem));
    let hit = hit.map_or(0, |word| length(&flat[..word.at.start]));
    let all: Vec<char> = flat.chars().collect();
    if all.len() <= most {
        return flat;
    }
    let mut from = hit.saturating_sub(most / 2).min(all.len() - most);
    let mut to = from + most;
    // Whole words only, unless there is no space near.
    if from > 0 {
        from = (from..hit).find(|&at| all[at] == ' ').map_or(from, |at| at + 1);
    }
    if to < all.len() {
        to = (hit + 1..to).rev().find(|&at| all[at] == ' ').unwrap_or(to);
    }
    let middle: String = all[from..to].iter().collect();
    format!("{}{middle}{}", if from > 0 { "…" } else { "" }, if to < all.len() { "…" } else { "" })
}

/// At most `most` characters, cut after a word, with «…».
pub(super) fn shortened(text: &str, most: usize) -> String {
    if length(text) <= most {
        return text.to_owned();
    }
    let head: String = text.chars().take(most - 1).collect();
    let end = head.rfind(char::is_whitespace).filter(|at| *at > head.len() / 2).unwrap_or(head.len());
    format!("{}…", head[..end].trim_end())
}

fn length(text: &str) -> usize {
    text.chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::terms::of_query;

    fn weights(query: &str) -> BTreeMap<String, f64> {
        of_query(query).into_iter().map(|stem| (stem, 1.0)).collect()
    }

    #[test]
    fn a_passage_is_whole_sentences_within_its_length() {
        let text = "Первое предложение. Второе — о возврате! Третье (последнее).\nНовая строка";
        assert_eq!(
            sentences(text),
            ["Первое предложение.", "Второе — о возврате!", "Третье (последнее).", "Новая строка"]
        );
        let passages = cut(text, &weights("возврат"), 45);
        let texts: Vec<&str> = passages.iter().map(|(text, _)| text.as_str()).collect();
        assert_eq!(texts, ["Первое предложение. Второе — о возврате!", "Третье (последнее). Новая строка"]);
        assert!(passages[0].1 > 0.0 && passages[1].1 == 0.0);
        assert!(cut(&"слово ".repeat(300), &weights("слово"), 400).iter().all(|(text, _)| length(text) <= 400));
        assert_eq!(cut("Версия 2.5 вышла. Да", &weights(""), 18)[0].0, "Версия 2.5 вышла.");
    }

    #[test]
    fn a_hit_is_shown_with_what_stands_around_it() {
        let text = format!("{}нужное слово {}", "начало ".repeat(40), "конец ".repeat(40));
        let shown = around(&text, &weights("нужным"), 100);
        assert!(shown.starts_with('…') && shown.ends_with('…') && shown.contains("нужное слово"), "{shown}");
        assert!(length(&shown) <= 102, "{shown}");
        assert!(!shown.contains("…ачало") && !shown.ends_with("коне…"), "{shown}");
        assert_eq!(around("Коротко\nо деле", &weights("дело"), 100), "Коротко о деле");
        assert_eq!(length(&around(&"я".repeat(300), &weights("нет"), 100)), 101);
    }
}
