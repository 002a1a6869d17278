//! No machine's path and no registry's host in any file that a commit carries. That no file carries a secret is `botyard
//! verify`'s to find, which has the rules: `cli::verify` runs it over this checkout.

use regex::Regex;

use super::files::{carried, relative};
use super::report;

#[test]
fn no_file_names_a_machine_or_a_registry_host() {
    report(
        "A path of somebody's machine, or the host of a package registry:",
        "the project must work where it is cloned, with the registries set up there.",
        &scan_all(&rules(&places()), |path| path != "Cargo.lock"),
    );
}

/// Hosts and folders; put together here, so that this file does not find itself.
fn places() -> Vec<(&'static str, &'static str)> {
    vec![
        ("a home folder", concat!(r"(?:^|[\s`'", "\"(=:])", r"/(?:root|home/[a-z]\w*|Users/\w+)", r"/")),
        ("a workplace's folder", concat!(r"(?:^|[\s`'", "\"(=:])", r"/work", r"/(?:main|wt|shared|repo|\.library)\b")),
        ("a registry's host", concat!(r"\b(?:deb|security|snapshot|ftp)", r"\.debian\.org\b")),
        ("a registry's host", concat!(r"\b(?:index|static)", r"\.crates\.io\b")),
        ("a registry's host", concat!(r"\b(?:files\.pythonhosted\.org|pypi", r"\.(?:org|python\.org))\b")),
        ("a registry's host", concat!(r"\bregistry\.(?:npmjs|yarnpkg|npmmirror)", r"\.(?:org|com)\b")),
        ("a registry's host", concat!(r"\bproxy", r"\.golang\.org\b")),
    ]
}

fn rules(list: &[(&'static str, &'static str)]) -> Vec<(&'static str, Regex)> {
    list.iter().map(|(what, pattern)| (*what, Regex::new(pattern).unwrap())).collect()
}

fn scan_all(rules: &[(&'static str, Regex)], wanted: impl Fn(&str) -> bool) -> Vec<String> {
    let mut findings = Vec::new();
    for path in carried().iter().map(|path| (relative(path), path)).filter(|(name, _)| wanted(name)) {
        let text = String::from_utf8_lossy(&std::fs::read(path.1).unwrap()).into_owned();
        findings.extend(scan(rules, &path.0, &text));
    }
    findings
}

/// The findings of one file: place and kind.
fn scan(rules: &[(&'static str, Regex)], path: &str, text: &str) -> Vec<String> {
    let mut findings = Vec::new();
    for (what, pattern) in rules {
        for found in pattern.find_iter(text) {
            let line = text[..found.start()].matches('\n').count() + 1;
            findings.push(format!("{path}:{line}: {what}"));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Glued at run time: the scan of the repository must not find the plants.
    fn glue(parts: &[&str]) -> String {
        parts.concat()
    }

    #[test]
    fn planted_places_are_found() {
        let rules = rules(&places());
        for plant in [
            glue(&["see /ro", "ot/.cargo"]),
            glue(&["/ho", "me/ann/botyard"]),
            glue(&["cd /wo", "rk/main"]),
            glue(&["http://de", "b.debian.org/x"]),
            glue(&["https://registry.", "npmjs.org/htmx"]),
        ] {
            assert_eq!(scan(&rules, "f", &plant).len(), 1, "{plant}");
        }
        assert!(scan(&rules, "f", "GET /homepage/ and src/root/ and /workers/").is_empty());
    }
}
