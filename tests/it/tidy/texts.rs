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
