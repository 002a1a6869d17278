//! No secret, no machine's path and no registry's host in any file that a commit carries.

use regex::Regex;

use super::files::{carried, relative};
use super::report;

/// What a secret looks like. `value` is the group that must look made up to be let through.
const SECRETS: &[(&str, &str)] = &[
    ("a private key", r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----\s+(?P<value>[A-Za-z0-9+/=]{16,})"),
    ("a Telegram bot token", r"\b\d{8,10}:(?P<value>[A-Za-z0-9_-]{35})\b"),
    ("a cloud access key", r"\b(?:AKIA|ASIA)(?P<value>[0-9A-Z]{16})\b"),
    ("a code host's token", r"\b(?:gh[pousr]_|github_pat_|glpat-)(?P<value>[A-Za-z0-9_]{20,})"),
    ("a chat service's token", r"\bxox[abprs]-(?P<value>[A-Za-z0-9-]{20,})"),
    ("a payment service's key", r"\b[sr]k_live_(?P<value>[A-Za-z0-9]{16,})"),
    ("a model provider's key", r"\bsk-(?:proj-|ant-)?(?P<value>[A-Za-z0-9_-]{32,})"),
    ("a cloud API key", r"\bAIza(?P<value>[A-Za-z0-9_-]{35})\b"),
    ("a signed web token", r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.(?P<value>[A-Za-z0-9_-]{20,})"),
    ("a database password", r"\b(?:postgres(?:ql)?|rediss?|mysql)://[^\s:/@{}$<>]*:(?P<value>[^\s@{}$<>/…*]{8,})@"),
    (
        "a key in an assignment",
        r#"(?i)\b[a-z_]*(?:api_?key|secret|master_?key|password|token)[a-z_]*["']?\s*[:=]+\s*["'](?P<value>[A-Za-z0-9+/_=-]{32,})["']"#,
    ),
];

/// A value with one of these inside was made up for a test or a manual; no real key has them but by an unlikely chance.
const MADE_UP: &[&str] = &[
    "fake", "test", "demo", "sandbox", "example", "planted", "secret", "password", "abcdef", "ffgghh", "canary",
    "012345", "123456",
];

#[test]
fn no_file_carries_a_secret() {
    report(
        "Something here looks like a real secret:",
        "history keeps it for ever. A made-up value has `fake`, `test` or `example` in its middle.",
        &scan_all(&rules(SECRETS), |_| true),
    );
}

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

/// The findings of one file: place and kind, never the value.
fn scan(rules: &[(&'static str, Regex)], path: &str, text: &str) -> Vec<String> {
    let mut findings = Vec::new();
    for (what, pattern) in rules {
        for found in pattern.captures_iter(text) {
            if found.name("value").is_some_and(|value| made_up(value.as_str())) {
                continue;
            }
            let line = text[..found.get(0).unwrap().start()].matches('\n').count() + 1;
            findings.push(format!("{path}:{line}: {what}"));
        }
    }
    findings
}

/// Whether a value says of itself that it is none, or repeats too few characters to be random.
fn made_up(value: &str) -> bool {
    let value = value.to_lowercase();
    let mut characters: Vec<char> = value.chars().collect();
    characters.sort_unstable();
    characters.dedup();
    MADE_UP.iter().any(|word| value.contains(word)) || characters.len() <= value.chars().count().min(24) / 4
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<String> {
        scan(&rules(SECRETS), "f", text)
    }

    /// Glued at run time: the scan of the repository must not find the plants.
    fn glue(parts: &[&str]) -> String {
        parts.concat()
    }

    #[test]
    fn planted_secrets_are_found_with_their_line_and_without_their_value() {
        let token = glue(&["71", "23984650", ":AAH", "x9Kq2LmZ7vRtY4wBn8Jc", "P3sDf6GhUeQ5"]);
        assert_eq!(token.len(), 46);
        assert_eq!(kinds(&format!("a\nb {token} c")), ["f:2: a Telegram bot token"]);
        let key = glue(&["-----BEGIN ", "PRIVATE KEY-----\n", "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC"]);
        assert_eq!(kinds(&key), ["f:1: a private key"]);
        assert_eq!(kinds(&glue(&["AK", "IA", "Q3ZRT7MPWX5KLN2V"])), ["f:1: a cloud access key"]);
        assert_eq!(
            kinds(&glue(&["postgres", "://botyard:", "u8Jkq2zPw9", "@db:5432/x"])),
            ["f:1: a database password"]
        );
        let assigned = glue(&["kie_api", "_key = \"", "9f8e7d6c5b4a39281706f5e4d3c2b1a0", "\""]);
        assert_eq!(kinds(&assigned), ["f:1: a key in an assignment"]);
    }

    #[test]
    fn made_up_values_pass() {
        assert!(kinds(&glue(&["7123984650:AAH", "x9Kq2LmZ7vRtFAKEn8JcP3sDf6GhUeQ5w"])).is_empty());
        assert!(kinds(&glue(&["token = \"", &"ab".repeat(20), "\""])).is_empty());
        assert!(kinds("postgres://user:PASSWORD@host:5432/db").is_empty());
        assert!(kinds("DATABASE_URL=postgres://botyard:${POSTGRES_PASSWORD}@postgres/botyard").is_empty());
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
