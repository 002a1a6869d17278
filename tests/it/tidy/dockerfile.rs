//! A lint of the Dockerfile: containers cannot be built where the tests run, so the file is read instead.

use crate::util::env::root;

use super::report;

#[test]
fn the_dockerfile_keeps_the_rules() {
    let text = std::fs::read_to_string(root().join("Dockerfile")).unwrap();
    report("The Dockerfile:", "an image runs as nobody, carries no secret and says when it is ill.", &lint(&text));
}

#[test]
fn what_the_image_copies_exists_and_the_context_is_small() {
    let text = std::fs::read_to_string(root().join("Dockerfile")).unwrap();
    let ignored = std::fs::read_to_string(root().join(".dockerignore")).unwrap();
    let mut findings = Vec::new();
    for (_, words) in
        instructions(&text).iter().filter(|(name, words)| name == "COPY" && !words[0].starts_with("--from"))
    {
        let sources = words.iter().filter(|word| !word.starts_with("--")).take(words.len() - 1);
        findings.extend(sources.filter(|s| !root().join(s).exists()).map(|s| format!("COPY {s}: no such path")));
    }
    for name in ["target", ".git", "data", "demo-data", "secrets", ".env"] {
        if !ignored.lines().any(|line| line.trim_matches('/') == name) {
            findings.push(format!(".dockerignore does not leave out {name}"));
        }
    }
    report("The Docker context:", "a build must find its files, and must not send secrets and gigabytes.", &findings);
}

/// What is wrong with a Dockerfile.
fn lint(text: &str) -> Vec<String> {
    let all = instructions(text);
    let mut findings: Vec<String> = all.iter().flat_map(|(name, words)| lint_one(name, words)).collect();
    let last_stage = all.iter().rposition(|(name, _)| name == "FROM").map_or(&all[..], |at| &all[at..]);
    let value = |name: &str| last_stage.iter().rev().find(|(n, _)| n == name).map(|(_, words)| words.join(" "));
    if all.iter().filter(|(name, _)| name == "FROM").count() < 2 {
        findings.push("one stage only: the compiler would be in the image".to_owned());
    }
    match value("USER").as_deref() {
        None | Some("root" | "0" | "0:0") => findings.push("the last stage runs as root".to_owned()),
        Some(_) => {}
    }
    if value("HEALTHCHECK").is_none() {
        findings.push("no HEALTHCHECK in the last stage".to_owned());
    }
    if !value("ENTRYPOINT").is_some_and(|value| value.starts_with('[')) {
        findings.push("ENTRYPOINT is not in exec form: a shell would swallow SIGTERM".to_owned());
    }
    findings
}

fn lint_one(name: &str, words: &[String]) -> Vec<String> {
    let line = words.join(" ");
    let mut findings = Vec::new();
    let mut add = |what: &str| findings.push(format!("{name} {line}: {what}"));
    match name {
        "FROM" => {
            let image = words.iter().find(|word| !word.starts_with("--")).map_or("", String::as_str);
            let pinned =
                image.rsplit('/').next().is_some_and(|last| last.contains([':', '@'])) && !image.ends_with(":latest");
            if !pinned && !words.iter().any(|word| word == "scratch") {
                add("the image has no version");
            }
        }
        "ADD" => add("COPY says what it does; ADD may also unpack or download"),
        "ENV" | "ARG" => {
            let secret = ["KEY", "TOKEN", "SECRET", "PASSWORD"];
            let named = |word: &String| secret.iter().any(|s| word.split('=').next().is_some_and(|n| n.contains(s)));
            if words.iter().any(|word| named(word) && !word.ends_with("_FILE")) {
                add("a secret would stay in the image's history");
            }
        }
        "RUN" => {
            if line.contains("apt-get install") && !line.contains("--no-install-recommends") {
                add("apt-get without --no-install-recommends");
            }
            if line.contains("apt-get install") && !line.contains("rm -rf /var/lib/apt/lists") {
                add("the package lists stay in the layer");
            }
            if line.contains("| sh") || line.contains("| bash") {
                add("runs what it has downloaded");
            }
            if line.contains("cargo build") && !line.contains("--locked") {
                add("cargo build without --locked");
            }
        }
        _ => {}
    }
    findings
}

/// The instructions with their words; comments gone, continued lines joined.
fn instructions(text: &str) -> Vec<(String, Vec<String>)> {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with('#')).collect();
    let joined = lines.join("\n").replace("\\\n", " ");
    joined
        .lines()
        .filter_map(|line| {
            let mut words = line.split_whitespace().map(str::to_owned);
            let name = words.next()?.to_uppercase();
            Some((name, words.collect()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "FROM rust:1.95 AS build\nRUN cargo build --locked\nFROM debian:bookworm-slim\n# a comment\nUSER 10001\n\
        HEALTHCHECK CMD [\"/x\"]\nENTRYPOINT [\"/x\"]\n";

    #[test]
    fn a_good_file_has_no_findings() {
        assert_eq!(lint(GOOD), Vec::<String>::new());
    }

    #[test]
    fn each_planted_fault_is_found() {
        for (from, to) in [
            ("rust:1.95", "rust"),
            ("bookworm-slim", "latest"),
            ("USER 10001", "USER root"),
            ("USER 10001\n", ""),
            ("HEALTHCHECK CMD [\"/x\"]\n", ""),
            ("ENTRYPOINT [\"/x\"]", "ENTRYPOINT /x"),
            (" --locked", ""),
            ("# a comment", "ADD a b"),
            ("# a comment", "ENV API_KEY=x"),
            ("# a comment", "RUN apt-get install -y --no-install-recommends \\\n  curl"),
            ("# a comment", "RUN apt-get install curl && rm -rf /var/lib/apt/lists/*"),
            ("# a comment", "RUN fetch | sh"),
        ] {
            let bad = GOOD.replace(from, to);
            assert_ne!(bad, GOOD);
            assert_eq!(lint(&bad).len(), 1, "{to:?}: {:?}", lint(&bad));
        }
        assert!(!lint("FROM rust:1.95\nUSER 1\nHEALTHCHECK x\nENTRYPOINT [\"/x\"]").is_empty());
    }
}
