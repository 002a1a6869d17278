//! Imports go down: a module may name those of lower layers, and of its own layer only along the arrows of [`ARROWS`].

use super::files::{Source, rust};
use super::lexer::{Token, group_end};
use super::report;

/// From the bottom up (architecture.md 2). A module may use every module of a row above its own in this table.
const LAYERS: &[&[&str]] = &[
    &["config", "domain", "texts", "telemetry", "lifecycle", "signals"],
    &["catalog", "clients", "locks", "store", "vault"],
    &["accounts", "billing", "broadcast", "diagnostics", "generation", "knowledge", "tenants"],
    &["bot"],
    &["web", "worker"],
    &["app"],
    &["cli"],
];

/// Who may use whom inside one layer: (from, to).
const ARROWS: &[(&str, &str)] = &[
    ("config", "domain"),
    ("texts", "domain"),
    ("signals", "domain"),
    ("telemetry", "config"),
    ("telemetry", "domain"),
    ("lifecycle", "config"),
    ("lifecycle", "domain"),
    ("generation", "accounts"),
    ("generation", "billing"),
    ("generation", "tenants"),
];

/// The fake Telegram and provider: used by `cli`, and itself nothing but plain types.
const SANDBOX: &str = "sandbox";
const SANDBOX_USERS: &[&str] = &["cli"];
const SANDBOX_USES: &[&str] = &["config", "domain", "lifecycle", "telemetry"];

#[test]
fn imports_go_down() {
    let findings: Vec<String> = rust(&["src"]).iter().flat_map(findings_of).collect();
    report(
        "An import goes up, or to a sibling without an arrow in tests/it/tidy/imports.rs:",
        "whoever reads a module must not have to know what is built on top of it; a cycle of modules is one big module.",
        &findings,
    );
}

#[test]
fn every_module_has_a_layer() {
    let known = |module: &String| LAYERS.iter().flat_map(|layer| layer.iter()).any(|name| name == module);
    let strays: Vec<String> = rust(&["src"])
        .iter()
        .filter_map(|source| module_of(&source.path))
        .filter(|module| module != SANDBOX && !known(module))
        .collect();
    report("A module of src/ stands in no layer:", "imports_go_down checks only what it knows.", &strays);
}

fn findings_of(source: &Source) -> Vec<String> {
    let Some(from) = module_of(&source.path) else { return Vec::new() };
    uses(&source.shipped())
        .into_iter()
        .filter_map(|(to, line)| objection(&from, &to).map(|why| format!("{}:{line}: {why}", source.path)))
        .collect()
}

/// The top module a file belongs to; `None` for the two roots, which may name everything.
fn module_of(path: &str) -> Option<String> {
    let inner = path.strip_prefix("src/")?;
    let top = inner.split('/').next()?.trim_end_matches(".rs");
    (!matches!(top, "lib" | "main")).then(|| top.to_owned())
}

/// Why `from` may not use `to`, if so.
fn objection(from: &str, to: &str) -> Option<String> {
    let layer = |module: &str| LAYERS.iter().position(|names| names.contains(&module));
    if from == to {
        return None;
    }
    if to == SANDBOX || from == SANDBOX {
        let fine = if to == SANDBOX { SANDBOX_USERS.contains(&from) } else { SANDBOX_USES.contains(&to) };
        return (!fine)
            .then(|| format!("{from} uses {to}: the sandbox is cli's and the tests', and rests on plain types only"));
    }
    // A name that is no module is a macro or item of the root.
    let (high, low) = (layer(from)?, layer(to)?);
    match high.cmp(&low) {
        std::cmp::Ordering::Greater => None,
        std::cmp::Ordering::Equal if ARROWS.contains(&(from, to)) => None,
        std::cmp::Ordering::Equal => Some(format!("{from} uses its sibling {to}")),
        std::cmp::Ordering::Less => Some(format!("{from} uses {to}, which stands above it")),
    }
}

/// Every `crate::x` of the tokens, in `use` trees with braces too, as (x, line).
fn uses(tokens: &[Token]) -> Vec<(String, usize)> {
    let mut found = Vec::new();
    for at in 0..tokens.len() {
        if !is_crate_path(tokens, at) {
            continue;
        }
        let first = at + 3;
        let Some(token) = tokens.get(first) else { continue };
        if let Some(word) = token.word() {
            found.push((word.to_owned(), token.line));
        } else if token.is_mark('{') {
            found.extend(heads(&tokens[first + 1..group_end(tokens, first) - 1]));
        }
    }
    found
}

fn is_crate_path(tokens: &[Token], at: usize) -> bool {
    let root = tokens[at].is_word("crate") || tokens[at].is_word("botyard");
    root && tokens.get(at + 1).is_some_and(|t| t.is_mark(':')) && tokens.get(at + 2).is_some_and(|t| t.is_mark(':'))
}

/// The first names of a brace list: `a::{b, c}, d` gives a and d.
fn heads(list: &[Token]) -> Vec<(String, usize)> {
    let mut found = Vec::new();
    let mut at = 0;
    let mut expected = true;
    while at < list.len() {
        match list[at].word() {
            Some(word) if expected => {
                found.push((word.to_owned(), list[at].line));
                expected = false;
                at += 1;
            }
            _ if list[at].is_mark('{') => at = group_end(list, at),
            _ => {
                expected |= list[at].is_mark(',');
                at += 1;
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> Vec<String> {
        findings_of(&Source { path: path.to_owned(), text: text.to_owned(), is_test: false })
    }

    #[test]
    fn an_upward_import_is_found_in_every_form() {
        assert_eq!(
            found("src/store/a.rs", "\nuse crate::bot::Screen;"),
            ["src/store/a.rs:2: store uses bot, which stands above it"]
        );
        assert_eq!(found("src/store/a.rs", "use crate::{domain::{Money, web}, billing::Hold};").len(), 1);
        assert_eq!(found("src/domain/a.rs", "fn f() -> crate::store::Db { todo() }").len(), 1);
        assert_eq!(found("src/billing/mod.rs", "pub(crate) use crate :: web :: x;").len(), 1);
    }

    #[test]
    fn a_sibling_needs_an_arrow() {
        assert_eq!(
            found("src/billing/a.rs", "use crate::generation::Gen;"),
            ["src/billing/a.rs:1: billing uses its sibling generation"]
        );
        assert!(found("src/generation/a.rs", "use crate::billing::Hold;").is_empty());
    }

    #[test]
    fn the_sandbox_is_out_of_reach() {
        assert_eq!(found("src/worker/a.rs", "use crate::sandbox::Fake;").len(), 1);
        assert_eq!(found("src/sandbox/a.rs", "use crate::store::Db;").len(), 1);
        assert!(found("src/cli/demo.rs", "use crate::sandbox::Fake;").is_empty());
    }

    #[test]
    fn comments_texts_tests_and_downward_imports_are_fine() {
        let text = "// use crate::web::x;\nconst A: &str = \"crate::web::x\";\nuse crate::domain::Money;
            #[cfg(test)] mod tests { use crate::web::x; }";
        assert!(found("src/store/a.rs", text).is_empty());
        assert!(found("src/lib.rs", "use crate::web::x;").is_empty());
    }
}
