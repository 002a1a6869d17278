//! Rules about the Rust sources that no compiler lint covers.

use super::files::{Source, rust};
use super::lexer::{Kind, Token};
use super::report;

const ALL: &[&str] = &["src", "tests", "benches"];
const LONGEST: usize = 500;

#[test]
fn every_file_opens_by_saying_what_it_is_for() {
    let findings: Vec<String> = rust(ALL).into_iter().filter(|s| !s.text.starts_with("//! ")).map(|s| s.path).collect();
    report(
        "These files do not open with `//! …`:",
        "a reader decides by the first line whether to read on.",
        &findings,
    );
}

#[test]
fn no_file_is_longer_than_500_lines() {
    let findings: Vec<String> = rust(ALL)
        .iter()
        .map(|source| (source.text.lines().count(), &source.path))
        .filter(|(lines, _)| *lines > LONGEST)
        .map(|(lines, path)| format!("{path}: {lines} lines"))
        .collect();
    report("These files are too long:", "two things live in one; split by noun (style.md 2).", &findings);
}

#[test]
fn nothing_is_silenced_for_good() {
    report(
        "`allow` silences a lint here:",
        "`#[expect(lint, reason = \"…\")]` says why and speaks up when it is no longer needed.",
        &find(ALL, |source| at(&source.tokens(), silences)),
    );
}

#[test]
fn nothing_shipped_is_left_for_later_or_falls_over() {
    report(
        "Shipped code stops the process, or is not written yet:",
        "an unexpected value must become an error with a name; a panic costs a user's update its reason.",
        &find(&["src"], |source| at(&source.shipped(), falls_over)),
    );
}

#[test]
fn only_config_reads_the_environment() {
    report(
        "The environment is read outside src/config/ (in tests: outside tests/it/util/env.rs):",
        "every setting is in one table with its default and its error message (platform.md 2).",
        &find(ALL, |source| {
            let home = source.path.starts_with("src/config/") || source.path == "tests/it/util/env.rs";
            if home { Vec::new() } else { at(&source.tokens(), reads_environment) }
        }),
    );
}

#[test]
fn only_the_store_speaks_sql() {
    report(
        "The database library is named outside src/store/:",
        "a tenant's rows are safe because there is one way to them (architecture.md 1).",
        &find(&["src"], |source| {
            if is_store(&source.path) { Vec::new() } else { at(&source.shipped(), |t, at| t[at].is_word("sqlx")) }
        }),
    );
}

#[test]
fn what_the_master_key_seals_is_known_to_its_change() {
    let known =
        ["src/tenants/archive.rs", "src/tenants/master_key.rs", "src/tenants/onboard.rs", "src/tenants/provision.rs"];
    report(
        "The master key seals something here that src/tenants/master_key.rs and src/store/platform_sealed.rs may not know:",
        "what a change of the master key leaves behind is lost with the old key; teach them first, then name the file here.",
        &find(&["src"], |source| {
            let home = source.path.starts_with("src/vault/") || known.contains(&source.path.as_str());
            if home { Vec::new() } else { at(&source.shipped(), seals_with_master_key) }
        }),
    );
}

/// Whether a source belongs to the one module that speaks SQL.
pub(crate) fn is_store(path: &str) -> bool {
    path.starts_with("src/store/") || path == "src/store.rs"
}

fn find(folders: &[&str], lines: impl Fn(&Source) -> Vec<usize>) -> Vec<String> {
    let sources = rust(folders);
    sources.iter().flat_map(|s| lines(s).into_iter().map(|line| format!("{}:{line}", s.path))).collect()
}

fn at(tokens: &[Token], matches: impl Fn(&[Token], usize) -> bool) -> Vec<usize> {
    (0..tokens.len()).filter(|at| matches(tokens, *at)).map(|at| tokens[at].line).collect()
}

/// `#[allow(`, `#![allow(`, and the same inside `cfg_attr`.
fn silences(tokens: &[Token], at: usize) -> bool {
    let before = at.checked_sub(1).map(|before| &tokens[before].kind);
    tokens[at].is_word("allow")
        && tokens.get(at + 1).is_some_and(|next| next.is_mark('('))
        && matches!(before, Some(Kind::Mark('[' | ',')))
}

/// `.unwrap()`, `.expect("…")`, and the macros that stop. A method of ours may have these names if it takes something else.
fn falls_over(tokens: &[Token], at: usize) -> bool {
    let Some(word) = tokens[at].word() else { return false };
    let mark = |ahead: usize, mark| tokens.get(at + ahead).is_some_and(|token| token.is_mark(mark));
    let called = at > 0 && (tokens[at - 1].is_mark('.') || tokens[at - 1].is_mark(':')) && mark(1, '(');
    match word {
        "unwrap" | "unwrap_err" => called && mark(2, ')'),
        "expect" | "expect_err" => called && tokens.get(at + 2).is_some_and(|token| token.text().is_some()),
        "todo" | "unimplemented" | "panic" => mark(1, '!'),
        _ => false,
    }
}

/// `env::var`, `env::vars`, `env::var_os`, `env::set_var` and an imported `var_os(`. `env!` is the compiler's and fine.
fn reads_environment(tokens: &[Token], at: usize) -> bool {
    let names = ["var", "vars", "var_os", "vars_os", "set_var", "remove_var"];
    tokens[at].is_word("env")
        && tokens.get(at + 1).is_some_and(|t| t.is_mark(':'))
        && tokens.get(at + 3).and_then(Token::word).is_some_and(|word| names.contains(&word))
}

/// `vault.wrap(`, `vault.seal_platform(`.
fn seals_with_master_key(tokens: &[Token], at: usize) -> bool {
    let called = at > 0 && tokens[at - 1].is_mark('.') && tokens.get(at + 1).is_some_and(|token| token.is_mark('('));
    called && tokens[at].word().is_some_and(|word| ["wrap", "rewrap", "seal_platform"].contains(&word))
}

#[cfg(test)]
mod tests {
    use super::super::lexer::{tokens, without_tests};
    use super::*;

    #[test]
    fn planted_faults_are_found() {
        assert_eq!(at(&tokens("#[allow(x)]\n#![allow(y)]\n#[cfg_attr(a, allow(z))]"), silences), [1, 2, 3]);
        assert_eq!(at(&tokens("a.unwrap();\nb.expect(\"c\");\ntodo!()\n;panic!(\"d\")"), falls_over), [1, 2, 3, 4]);
        assert_eq!(at(&tokens("std::env::var(\"A\");\nenv::var_os(x)"), reads_environment), [1, 2]);
        assert_eq!(at(&tokens("v.wrap(a, b);\nv.seal_platform(c, d);\nwrap(e)"), seals_with_master_key), [1, 2]);
    }

    #[test]
    fn what_only_looks_like_a_fault_is_not() {
        assert!(at(&tokens("#[expect(x)] fn allow() {} // #[allow(x)]"), silences).is_empty());
        assert!(
            at(&tokens("a.unwrap_or(1); #[expect(lint)] fn unwrap() {} \"todo!()\"; vault.unwrap(key)"), falls_over)
                .is_empty()
        );
        let tests = without_tests(&tokens("#[cfg(test)] mod tests { fn a() { b.unwrap() } }"));
        assert!(at(&tests, falls_over).is_empty());
        assert!(at(&tokens("env!(\"A\"); std::env::args(); std::env::temp_dir()"), reads_environment).is_empty());
    }
}
