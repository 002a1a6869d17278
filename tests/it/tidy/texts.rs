//! Rules about the texts that sources and pages ask for: the key exists, and gets the values it takes.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use botyard::domain::Language;
use botyard::texts::Texts;

use super::files::rust;
use super::lexer::{Token, group_end, tokens};
use super::report;

type Needs = BTreeMap<String, BTreeSet<String>>;

const WHY: &str = "a person would see «Что-то пошло не так» in place of that text.";

#[test]
fn sources_ask_for_texts_that_exist_with_the_values_they_take() {
    let needs = needs();
    let findings: Vec<String> = rust(&["src"])
        .iter()
        .flat_map(|source| {
            asked(&source.shipped(), &needs).into_iter().map(|(line, what)| format!("{}:{line}: {what}", source.path))
        })
        .collect();
    report("These texts cannot be said:", WHY, &findings);
}

#[test]
fn pages_ask_for_texts_that_exist() {
    let needs = needs();
    let mut findings = Vec::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
    pages(&root, &mut |path, page| {
        for call in ["words.get(\"", "words.plain(\"", "words.fmt(\""] {
            for part in page.split(call).skip(1) {
                let key = part.split('"').next().unwrap_or_default();
                if !needs.contains_key(key) {
                    findings.push(format!("{}: there is no text {key}", path.display()));
                }
            }
        }
    });
    report("These pages ask for texts that are missing:", WHY, &findings);
}

/// A text that nothing shows is kept true by nobody, and its translation is work for nothing.
#[test]
fn every_text_is_asked_for() {
    let mut asked = Asked::default();
    for source in rust(&["src"]) {
        let tokens = source.shipped();
        tokens.iter().filter_map(Token::text).for_each(|text| asked.note(text));
        // `Words::named`: a family and a name.
        for three in tokens.windows(3).filter(|three| three[0].is_word("named") && three[1].is_mark('(')) {
            three[2].text().into_iter().for_each(|family| asked.note(&format!("{family}-{{}}")));
        }
    }
    pages(&Path::new(env!("CARGO_MANIFEST_DIR")).join("templates"), &mut |_, page| {
        page.split('"').for_each(|part| asked.note(part));
    });
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("locales/ru");
    let mut findings = Vec::new();
    let mut files = Vec::new();
    pages(&root, &mut |path, file| files.push((path.display().to_string(), file.to_owned())));
    let inside: String = files.iter().map(|(_, file)| file.as_str()).collect();
    for (path, file) in &files {
        for key in file.lines().filter_map(|line| line.split_once(" =").map(|(key, _)| key)).filter(|key| is_key(key)) {
            let in_another = inside.contains(&format!("{{ {key} }}"));
            if !in_another && !asked.covers(key) {
                findings.push(format!("{path}: {key}"));
            }
        }
    }
    report("Nothing asks for these texts:", "a text without a reader is wrong one day and nobody sees it.", &findings);
}

/// What sources and pages ask for: whole keys, and keys with computed parts, as `panel-problem-{}`.
#[derive(Default)]
struct Asked {
    whole: BTreeSet<String>,
    computed: BTreeSet<Vec<String>>,
}

impl Asked {
    fn note(&mut self, text: &str) {
        if is_key(text) {
            self.whole.insert(text.to_owned());
            return;
        }
        let parts: Vec<String> = text
            .split('{')
            .enumerate()
            .map(|(n, part)| {
                let fixed = if n == 0 { part } else { part.split_once('}').map_or(part, |(_, fixed)| fixed) };
                fixed.to_owned()
            })
            .collect();
        let known = |part: &String| part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        let says = parts.iter().any(|part| part.chars().filter(char::is_ascii_lowercase).count() >= 3);
        if parts.len() > 1 && says && parts.iter().all(known) {
            self.computed.insert(parts);
        }
    }

    fn covers(&self, key: &str) -> bool {
        self.whole.contains(key) || self.computed.iter().any(|parts| fits(parts, key))
    }
}

/// Whether a key is these parts in their order with something between them, and around them where a part is empty.
fn fits(parts: &[String], key: &str) -> bool {
    let [first, between @ .., last] = parts else { return false };
    let Some(rest) = key.strip_prefix(first.as_str()).and_then(|rest| rest.strip_suffix(last.as_str())) else {
        return false;
    };
    let mut rest = rest;
    for part in between {
        match rest.get(1..).and_then(|later| later.split_once(part.as_str())) {
            Some((_, after)) => rest = after,
            None => return false,
        }
    }
    !rest.is_empty()
}

fn is_key(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

#[test]
fn a_text_that_nothing_asks_for_is_found() {
    let mut asked = Asked::default();
    for text in ["whole-key", "panel-problem-{}", "req-{name}-fix", "{}-{}", "Some {text}", "panel-{a}-{b}-end"] {
        asked.note(text);
    }
    for key in ["whole-key", "panel-problem-x", "req-a-b-fix", "panel-a-b-end"] {
        assert!(asked.covers(key), "{key}");
    }
    for key in ["whole", "panel-problem-", "req-fix", "some-text", "panel-end", "other-end"] {
        assert!(!asked.covers(key), "{key}");
    }
}

fn needs() -> Needs {
    Texts::embedded().unwrap().messages(Language::Ru).into_iter().map(|m| (m.key, m.values)).collect()
}

fn pages(folder: &Path, visit: &mut impl FnMut(&Path, &str)) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for path in entries.map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            pages(&path, visit);
        } else {
            visit(&path, &std::fs::read_to_string(&path).unwrap());
        }
    }
}

/// What is wrong with the look-ups of a source: `….fmt("key", args![…])`, `….plain("key", args![…])`, `words.get("key")`.
/// A key that is computed is not judged here.
fn asked(tokens: &[Token], needs: &Needs) -> Vec<(usize, String)> {
    let mut wrong = Vec::new();
    for at in 1..tokens.len().saturating_sub(3) {
        let Some(method) = tokens[at + 1].word().filter(|_| tokens[at].is_mark('.')) else { continue };
        let ours = match method {
            "fmt" | "plain" => true,
            "get" | "find" => tokens[at - 1].word().is_some_and(|word| matches!(word, "words" | "w")),
            _ => false,
        };
        let Some(key) = tokens[at + 3].text().filter(|_| ours && tokens[at + 2].is_mark('(')) else { continue };
        let given = given(&tokens[at + 3..group_end(tokens, at + 2)]);
        let problem = match (needs.get(key), given) {
            (None, _) => format!("there is no text {key}"),
            (Some(needed), _) if method == "get" && !needed.is_empty() => format!("{key} takes {needed:?}"),
            (Some(needed), Some(given)) if *needed != given => format!("{key} takes {needed:?} and gets {given:?}"),
            _ => continue,
        };
        wrong.push((tokens[at].line, problem));
    }
    wrong
}

/// The names inside `args![…]`, if it stands there.
fn given(call: &[Token]) -> Option<BTreeSet<String>> {
    let open = (0..call.len().saturating_sub(2))
        .find(|&at| call[at].is_word("args") && call[at + 1].is_mark('!') && call[at + 2].is_mark('['))?
        + 2;
    let mut names = BTreeSet::new();
    let (mut at, end) = (open + 1, group_end(call, open).saturating_sub(1));
    let mut begins = true;
    while at < end {
        if begins && call[at + 1].is_mark('=') {
            names.extend(call[at].word().map(str::to_owned));
        }
        begins = call[at].is_mark(',');
        let opens = ['(', '[', '{'].into_iter().any(|mark| call[at].is_mark(mark));
        at = if opens { group_end(call, at) } else { at + 1 };
    }
    Some(names)
}

#[test]
fn a_wrong_key_and_wrong_values_are_found() {
    let needs: Needs = [("plain-one", vec![]), ("two", vec!["n", "price"])]
        .into_iter()
        .map(|(key, values)| (key.to_owned(), values.into_iter().map(str::to_owned).collect()))
        .collect();
    let found = |source: &str| asked(&tokens(source), &needs).into_iter().map(|(_, what)| what).collect::<Vec<_>>();
    assert!(found("fn f() { words.get(\"plain-one\"); map.get(\"other\"); }").is_empty());
    assert!(found("fn f() { self.words.fmt(\"two\", args![n = g(1, x = 2), price = a.b(c)]); x }").is_empty());
    assert!(found("fn f() { words.plain(\"two\", args![price = if a == b { 1 } else { 2 }, n = 1,]); x }").is_empty());
    assert!(found("fn f() { words.fmt(\"two\", args); words.fmt(&key, args![a = 1]); x }").is_empty());
    assert_eq!(found("fn f() { self.words.get(\"no\"); x }"), ["there is no text no"]);
    assert_eq!(found("fn f() { words.get(\"two\"); x }"), ["two takes {\"n\", \"price\"}"]);
    assert_eq!(
        found("fn f() { words.fmt(\"two\", args![n = 1, prise = 2]); x }"),
        ["two takes {\"n\", \"price\"} and gets {\"n\", \"prise\"}"]
    );
}
