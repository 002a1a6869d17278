//! The packages the project rests on: their licences, where they come from, and which must not be there (deny.toml).

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::util::env::{root, scratch};

use super::report;

#[test]
fn every_package_has_a_licence_of_the_list_and_comes_from_the_registry() {
    let rules = rules();
    let allowed: BTreeSet<&str> =
        rules["licenses"]["allow"].as_array().unwrap().iter().filter_map(toml::Value::as_str).collect();
    let banned: BTreeSet<&str> =
        rules["bans"]["deny"].as_array().unwrap().iter().filter_map(|entry| entry["crate"].as_str()).collect();
    let packages = packages();
    assert!(packages.len() > 100, "cargo metadata names only {} packages", packages.len());
    let findings: Vec<String> = packages.iter().filter_map(|package| objection(package, &allowed, &banned)).collect();
    report("Packages against deny.toml:", "a licence or a source nobody chose is found before a release.", &findings);
}

#[test]
fn a_planted_yanked_version_fails_the_audit() {
    let folder = tempfile::tempdir_in(scratch()).unwrap();
    let entry = |yanked: &str| {
        format!("\u{3}head\0etag\0{}\0{{\"name\": \"ring\", \"vers\": \"9.9.9\", \"yanked\": {yanked}}}\0", "9.9.9")
    };
    let lock = folder.path().join("Cargo.lock");
    std::fs::write(
        &lock,
        "[[package]]\nname = \"ring\"\nversion = \"9.9.9\"\nsource = \"registry+x\"\n\n[[package]]\nname = \"own\"\nversion = \"0.1.0\"\n",
    )
    .unwrap();
    let cache = folder.path().join("registry/index/any/.cache/ri/ng");
    std::fs::create_dir_all(&cache).unwrap();

    std::fs::write(cache.join("ring"), entry("true")).unwrap();
    assert_eq!(audit(folder.path(), &lock).0, Some(1));
    std::fs::write(cache.join("ring"), entry("false")).unwrap();
    assert_eq!(audit(folder.path(), &lock).0, Some(0));
    std::fs::remove_file(cache.join("ring")).unwrap();
    let (code, output) = audit(folder.path(), &lock);
    assert_eq!(code, Some(2), "{output}");
    assert!(output.contains("not in the index copy: ring 9.9.9"), "{output}");
}

fn audit(cargo_home: &Path, lock: &Path) -> (Option<i32>, String) {
    let run = Command::new("bash")
        .arg(root().join("tools/audit"))
        .arg(lock)
        .env("CARGO_HOME", cargo_home)
        .env("BOTYARD_AUDIT_OFFLINE", "1")
        .output()
        .unwrap();
    (run.status.code(), String::from_utf8_lossy(&run.stdout).into_owned())
}

fn rules() -> toml::Table {
    toml::from_str(&std::fs::read_to_string(root().join("deny.toml")).unwrap()).unwrap()
}

/// What is built on this kind of machine: a clone that has only built has fetched no more (tools/audit looks at all of them).
fn packages() -> Vec<Value> {
    let platform = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
    let narrow: &[&str] = if cfg!(target_os = "linux") { &["--filter-platform", &platform] } else { &[] };
    let run = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version=1", "--locked", "--offline", "--quiet"])
        .args(narrow)
        .current_dir(root())
        .output()
        .unwrap();
    assert!(run.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&run.stderr));
    let metadata: Value = serde_json::from_slice(&run.stdout).unwrap();
    metadata["packages"].as_array().unwrap().clone()
}

fn objection(package: &Value, allowed: &BTreeSet<&str>, banned: &BTreeSet<&str>) -> Option<String> {
    let name = package["name"].as_str().unwrap_or_default();
    let place = format!("{name} {}", package["version"].as_str().unwrap_or_default());
    let licence = package["license"].as_str().unwrap_or_default();
    if banned.contains(name) {
        return Some(format!("{place}: banned by deny.toml"));
    }
    if !permits(licence, allowed) {
        return Some(format!("{place}: licence {licence:?} is not in deny.toml"));
    }
    let ours = package["source"].is_null() && name == env!("CARGO_PKG_NAME");
    let registry = package["source"].as_str().is_some_and(|source| source.starts_with("registry+"));
    (!ours && !registry).then(|| format!("{place}: does not come from the registry"))
}

/// Whether a licence expression can be met with allowed licences: one side of OR, both of AND; `WITH` belongs to its name.
fn permits(expression: &str, allowed: &BTreeSet<&str>) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let (met, used) = any_of(&words, allowed);
    met && used == words.len()
}

fn any_of(words: &[&str], allowed: &BTreeSet<&str>) -> (bool, usize) {
    let (mut met, mut at) = all_of(words, allowed);
    while words.get(at) == Some(&"OR") {
        let (also, used) = all_of(&words[at + 1..], allowed);
        met |= also;
        at += 1 + used;
    }
    (met, at)
}

fn all_of(words: &[&str], allowed: &BTreeSet<&str>) -> (bool, usize) {
    let (mut met, mut at) = one(words, allowed);
    while words.get(at) == Some(&"AND") {
        let (also, used) = one(&words[at + 1..], allowed);
        met &= also;
        at += 1 + used;
    }
    (met, at)
}

fn one(words: &[&str], allowed: &BTreeSet<&str>) -> (bool, usize) {
    match words {
        [] => (false, 0),
        ["(", inner @ ..] => {
            let (met, used) = any_of(inner, allowed);
            (met && inner.get(used) == Some(&")"), used + 2)
        }
        [name, "WITH", exception, ..] => (allowed.contains(format!("{name} WITH {exception}").as_str()), 3),
        [name, ..] => (allowed.contains(name), 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_licence_expression_is_met_by_one_side_of_or_and_both_of_and() {
        let allowed = BTreeSet::from(["MIT", "ISC", "Apache-2.0 WITH LLVM-exception"]);
        for fine in
            ["MIT", "MIT OR GPL-3.0", "GPL-3.0/MIT", "(MIT OR X) AND ISC", "Apache-2.0 WITH LLVM-exception OR X"]
        {
            assert!(permits(fine, &allowed), "{fine}");
        }
        for bad in ["", "GPL-3.0", "MIT AND X", "(MIT OR X) AND (X)", "Apache-2.0", "MIT MIT", "(MIT"] {
            assert!(!permits(bad, &allowed), "{bad}");
        }
    }

    #[test]
    fn planted_packages_are_refused() {
        let allowed = BTreeSet::from(["MIT"]);
        let banned = BTreeSet::from(["openssl"]);
        let package = |name: &str, licence: &str, source: &str| serde_json::json!({"name": name, "version": "1.0.0", "license": licence, "source": source});
        assert!(objection(&package("a", "MIT", "registry+x"), &allowed, &banned).is_none());
        assert!(objection(&package("a", "AGPL-3.0", "registry+x"), &allowed, &banned).is_some());
        assert!(objection(&package("a", "MIT", "git+x"), &allowed, &banned).is_some());
        assert!(objection(&package("openssl", "MIT", "registry+x"), &allowed, &banned).is_some());
    }
}
