//! Walks the project: the Rust sources, and every file that a commit would carry.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::util::env::root;

use super::lexer::{Token, test_modules, tokens, without_tests};

/// One Rust source.
pub(crate) struct Source {
    /// From the project's folder, with `/`.
    pub(crate) path: String,
    pub(crate) text: String,
    /// Only tests compile it: it stands in `tests/`, or its parent declares it under `#[cfg(test)]`.
    pub(crate) is_test: bool,
}

impl Source {
    /// All of its tokens.
    pub(crate) fn tokens(&self) -> Vec<Token> {
        tokens(&self.text)
    }

    /// Its tokens without what only tests compile.
    pub(crate) fn shipped(&self) -> Vec<Token> {
        if self.is_test { Vec::new() } else { without_tests(&tokens(&self.text)) }
    }

    /// The folder of its child modules: `src/a/` for `src/a.rs` and for `src/a/mod.rs`, `src/` for the roots.
    fn children(&self) -> String {
        let stem = self.path.strip_suffix(".rs").unwrap_or(&self.path);
        let (folder, name) = stem.rsplit_once('/').unwrap_or(("", stem));
        if matches!(name, "mod" | "lib" | "main") { format!("{folder}/") } else { format!("{stem}/") }
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
    let mut sources: Vec<Source> = found.iter().map(|path| read(path)).collect();
    let of_tests: Vec<String> = sources
        .iter()
        .flat_map(|source| {
            let folder = source.children();
            test_modules(&source.tokens()).into_iter().map(move |module| format!("{folder}{module}"))
        })
        .collect();
    for source in &mut sources {
        source.is_test |= of_tests
            .iter()
            .any(|module| source.path.strip_prefix(module).is_some_and(|rest| rest == ".rs" || rest.starts_with('/')));
    }
    sources
}

fn read(path: &Path) -> Source {
    let text = std::fs::read_to_string(path).unwrap();
    let path = relative(path);
    Source { is_test: path.starts_with("tests/"), path, text }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn children_stand_where_rust_looks_for_them() {
        let children = |path: &str| Source { path: path.to_owned(), text: String::new(), is_test: false }.children();
        assert_eq!(children("src/lib.rs"), "src/");
        assert_eq!(children("src/a.rs"), "src/a/");
        assert_eq!(children("src/a/mod.rs"), "src/a/");
    }

    #[test]
    fn a_file_declared_for_tests_only_is_a_test() {
        let sources = rust(&["src"]);
        let tests: Vec<&str> =
            sources.iter().filter(|source| source.is_test).map(|source| source.path.as_str()).collect();
        assert!(tests.contains(&"src/config/tests.rs") && !tests.contains(&"src/config/mod.rs"), "{tests:?}");
        assert!(tests.len() < sources.len() / 4, "{tests:?}");
    }
}
