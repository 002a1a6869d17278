//! The scan for secrets: what they look like, what is let through, which files are looked at. No other program is asked.

use std::collections::BTreeSet;
use std::path::Path;

use regex::Regex;

use crate::cli::failure::Failure;

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
/// A value beside a name that speaks of a secret: reported where it is as random as a key is.
const NAMED: &str = r#"(?i)\b[a-z_]*(?:key|secret|passwd|password|token|credential)[a-z_]*["']?\s*[:=]+\s*["']?(?P<value>[A-Za-z0-9+/_=-]{20,})"#;
/// Bits for each character above which a value is as random as a key.
const RANDOM: f64 = 4.2;
/// How many rules there are.
pub(super) const RULES: usize = SECRETS.len() + 1;

/// A value with one of these inside was made up for a test or a manual.
const MADE_UP: &[&str] = &[
    "fake", "test", "demo", "sandbox", "example", "planted", "secret", "password", "abcdef", "ffgghh", "canary",
    "012345", "123456",
];
/// Folders that no commit carries, or that others wrote.
const SKIPPED: &[&str] = &[".git", "target", "node_modules", "data", "demo-data"];
/// Files with hashes of other people's packages.
const LOCKS: &[&str] = &["Cargo.lock", "package-lock.json"];
/// Larger files are pictures and the like.
const LARGEST: u64 = 2 * 1024 * 1024;
/// Places that are known and right: `path:line`, one a line.
const ALLOWED: &str = ".secrets-allow";

/// What a scan came to.
pub(super) struct Scan {
    pub(super) files: usize,
    pub(super) findings: Vec<String>,
}

/// Looks at every text file under a folder.
pub(super) fn scan_folder(folder: &Path) -> Result<Scan, Failure> {
    let rules: Vec<(&str, Regex)> =
        SECRETS.iter().map(|(what, pattern)| Ok((*what, Regex::new(pattern)?))).collect::<Result<_, regex::Error>>()?;
    let named = Regex::new(NAMED)?;
    let allowed = std::fs::read_to_string(folder.join(ALLOWED)).unwrap_or_default();
    let allowed: BTreeSet<&str> = allowed.lines().map(str::trim).filter(|line| !line.starts_with('#')).collect();
    let mut files = Vec::new();
    walk(folder, &mut files)?;
    let mut scan = Scan { files: 0, findings: Vec::new() };
    for path in files {
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        scan.files += 1;
        let name = path.strip_prefix(folder).unwrap_or(&path).display().to_string();
        let findings = of_text(&rules, &named, &name, &text);
        let known = |finding: &String| allowed.iter().any(|place| finding.starts_with(&format!("{place}:")));
        scan.findings.extend(findings.into_iter().filter(|finding| !known(finding)));
    }
    scan.findings.sort();
    Ok(scan)
}

fn walk(folder: &Path, found: &mut Vec<std::path::PathBuf>) -> Result<(), Failure> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let (name, kind) = (entry.file_name(), entry.file_type()?);
        let name = name.to_string_lossy();
        if kind.is_dir() && !SKIPPED.contains(&name.as_ref()) {
            walk(&entry.path(), found)?;
        } else if kind.is_file() && !LOCKS.contains(&name.as_ref()) && entry.metadata()?.len() <= LARGEST {
            found.push(entry.path());
        }
    }
    Ok(())
}

/// The findings of one file: place and kind, never the value.
fn of_text(rules: &[(&str, Regex)], named: &Regex, path: &str, text: &str) -> Vec<String> {
    let line = |at: usize| text[..at].matches('\n').count() + 1;
    let mut findings = Vec::new();
    for (what, pattern) in rules {
        for found in pattern.captures_iter(text) {
            let (Some(whole), value) = (found.get(0), found.name("value")) else { continue };
            if !value.is_some_and(|value| made_up(value.as_str())) {
                findings.push(format!("{path}:{}: {what}", line(whole.start())));
            }
        }
    }
    for found in named.captures_iter(text) {
        let (Some(whole), Some(value)) = (found.get(0), found.name("value")) else { continue };
        if is_random(value.as_str()) && !made_up(value.as_str()) {
            findings.push(format!("{path}:{}: a random value beside a secret's name", line(whole.start())));
        }
    }
    findings
}

/// Letters and digits, as random as a key: names of things have words in them.
fn is_random(value: &str) -> bool {
    let mixed = value.bytes().any(|c| c.is_ascii_digit())
        && value.bytes().any(|c| c.is_ascii_uppercase())
        && value.bytes().any(|c| c.is_ascii_lowercase());
    mixed && !value.contains('_') && bits(value) >= RANDOM
}

/// Shannon's entropy, in bits for each character.
fn bits(value: &str) -> f64 {
    let mut counts = [0u32; 256];
    value.bytes().for_each(|c| counts[usize::from(c)] += 1);
    let all = value.len() as f64;
    counts.iter().filter(|n| **n > 0).map(|n| f64::from(*n) / all).map(|p| -p * p.log2()).sum()
}

/// Whether a value says of itself that it is none, or repeats too few characters to be random.
fn made_up(value: &str) -> bool {
    let value = value.to_lowercase();
    let characters: BTreeSet<char> = value.chars().collect();
    MADE_UP.iter().any(|word| value.contains(word)) || characters.len() <= value.chars().count().min(24) / 4
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scan(text: &str) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("f"), text).unwrap();
        scan_folder(folder.path()).unwrap().findings
    }

    /// Glued at run time: the scan of the repository must not find the plants.
    fn glue(parts: &[&str]) -> String {
        parts.concat()
    }

    #[test]
    fn planted_secrets_are_found_with_their_line_and_without_their_value() {
        let token = glue(&["71", "23984650", ":AAH", "x9Kq2LmZ7vRtY4wBn8Jc", "P3sDf6GhUeQ5"]);
        assert_eq!(scan(&format!("a\nb {token} c")), ["f:2: a Telegram bot token"]);
        assert_eq!(scan(&glue(&["AK", "IA", "Q3ZRT7MPWX5KLN2V"])), ["f:1: a cloud access key"]);
        assert_eq!(scan(&glue(&["postgres", "://botyard:", "u8Jkq2zPw9", "@db:5432/x"])), ["f:1: a database password"]);
        let random = glue(&["session_", "token: ", "u8Jkq2zPw9LmZ7vRtY4wBn"]);
        assert_eq!(scan(&random), ["f:1: a random value beside a secret's name"]);
        let key = glue(&["-----BEGIN ", "PRIVATE KEY-----\n", "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC"]);
        assert_eq!(scan(&key), ["f:1: a private key"]);
        let assigned = glue(&["kie_api", "_key = \"", "9f8e7d6c5b4a39281706f5e4d3c2b1a0", "\""]);
        assert_eq!(scan(&assigned), ["f:1: a key in an assignment"]);
    }

    #[test]
    fn made_up_values_names_and_allowed_places_pass() {
        assert!(scan("postgres://user:PASSWORD@host:5432/db\ntoken = \"fake-token-of-a-test-0123456789\"").is_empty());
        assert!(scan("secret_name = \"BotyardWebhookSecretTokenHeader\"").is_empty());
        assert!(scan(&glue(&["7123984650:AAH", "x9Kq2LmZ7vRtFAKEn8JcP3sDf6GhUeQ5w"])).is_empty());
        assert!(scan(&glue(&["token = \"", &"ab".repeat(20), "\""])).is_empty());
        assert!(scan("DATABASE_URL=postgres://botyard:${POSTGRES_PASSWORD}@postgres/botyard").is_empty());
        let folder = tempfile::tempdir().unwrap();
        let random = glue(&["session_", "token: ", "u8Jkq2zPw9LmZ7vRtY4wBn"]);
        std::fs::write(folder.path().join("f"), random).unwrap();
        std::fs::write(folder.path().join(ALLOWED), "# known\nf:1\n").unwrap();
        assert!(scan_folder(folder.path()).unwrap().findings.is_empty());
    }
}
