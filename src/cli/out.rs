//! What commands print: lines and tables for people, JSON for programs. A reader that went away (`| head`) is no error.

use std::io::{self, Write as _};

use comfy_table::{ContentArrangement, Table, presets};
use serde::Serialize;

use super::failure::Failure;

/// The process's two outputs.
pub(crate) struct Out(());

impl Out {
    /// Standard output and standard error.
    pub(crate) fn standard() -> Self {
        Self(())
    }

    /// One line of a result.
    #[expect(clippy::unused_self, reason = "whoever may print holds this value")]
    pub(crate) fn line(&self, text: &str) {
        let mut output = io::stdout().lock();
        let _ = writeln!(output, "{text}").and_then(|()| output.flush());
    }

    /// One line of trouble, on standard error.
    #[expect(clippy::unused_self, reason = "whoever may print holds this value")]
    pub(crate) fn complain(&self, text: &str) {
        let _ = writeln!(io::stderr().lock(), "{text}");
    }

    /// A table for people; without rows only what `empty` says.
    pub(crate) fn table(&self, head: &[&str], rows: &[Vec<String>], empty: &str) {
        if rows.is_empty() {
            return self.line(empty);
        }
        let mut table = Table::new();
        table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled).set_header(head);
        for row in rows {
            table.add_row(row);
        }
        for line in table.lines() {
            self.line(line.trim_end());
        }
    }

    /// JSON for programs, indented.
    pub(crate) fn json(&self, value: &impl Serialize) -> Result<(), Failure> {
        self.line(&serde_json::to_string_pretty(value)?);
        Ok(())
    }
}
