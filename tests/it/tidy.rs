//! What the project promises about its own text. Each rule is one test whose failure says why the rule is there; the rules walk
//! the folders, so a new file is under them from its first line.

mod compose;
mod dependencies;
mod dockerfile;
mod files;
mod imports;
mod lexer;
mod schema;
mod secrets;
mod settings;
mod sources;
pub(crate) mod sql;
mod templates;
mod texts;
mod walls;
mod workflow;

/// Fails with every finding on a line of its own and the reason the rule exists.
fn report(rule: &str, why: &str, findings: &[String]) {
    assert!(findings.is_empty(), "{rule}\n  {}\n  Why: {why}\n", findings.join("\n  "));
}
