//! Walks the project: the Rust sources, and every file that a commit would carry.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::util::env::root;

use super::lexer::{Token, tokens, without_tests};

/// One Rust source.
pub(crate) struct Source {
    /// From the project's folder, with `/`.
    pub(crate) path: String,
    pub(crate) text: String,
}

impl Source {
    /// All of its tokens.
    pub(crate) fn tokens(&self) -> Vec<Token> {
        tokens(&self.text)
    }

    /// Its tokens without what only tests compile.
    pub(crate) fn shipped(&self) -> Vec<Token> {
        if self.is_test() { Vec::new() } else { without_tests(&tokens(&self.text)) }
    }

    /// A file that only tests compile: in `tests/`, or a module file named `tests`.
    pub(crate) fn is_test(&self) -> bool {
        self.path.starts_with("tests/") || self.path.ends_with("/tests.rs") || self.path.contains("/tests/")
    }
}

/// The Rust sources under the named folders of the project; a folder that is not there yet has none.
pub(crate) fn rust(folders: &[&str]) -> Vec<Source> {
    let mut found = Vec::new();
    for folder in folders {
        walk(&root().join(folder), &mut found);
    }
    found.retain(|path| path.extension().is_some_and(|extension| extension == "rs"));
    assert!(!found.is_empty(), "no Rust source under {folders:?}: the rule would check nothing");
    found.iter().map(|path| Source { path: relative(path), text: std::fs::read_to_string(path).unwrap() }).collect()
}

/// Every file that git tracks or would track.
pub(crate) fn carried() -> Vec<PathBuf> {
    let listing = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard", "-z"])
        .current_dir(root())
        .output()
        .expect("git lists the files of the project");
    assert!(listing.status.success(), "{}", String::from_utf8_lossy(&listing.stderr));
    let names = String::from_utf8(listing.stdout).unwrap();
    let files: Vec<PathBuf> =
        names.split_terminator('\0').map(|name| root().join(name)).filter(|path| path.is_file()).collect();
    assert!(files.len() > 10, "git lists only {} files", files.len());
    files
}

/// A path as findings show it.
pub(crate) fn relative(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).to_string_lossy().replace('\\', "/")
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            walk(&path, found);
        } else {
            found.push(path);
        }
    }
}
