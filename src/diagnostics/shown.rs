//! A report in words: for programs and for logs, in a reader's language. The bot has a screen of its own for it.

use serde_json::{Value, json};

use super::report::{Report, Section};
use crate::texts::{Words, key_part};

/// For programs. Field names are stable; notes and hints are in the reader's language.
pub fn as_json(report: &Report, words: Words<'_>) -> Value {
    let sections: Vec<Value> = report.sections.iter().map(|section| of_section(section, words)).collect();
    json!({
        "ok": report.trouble().is_none(),
        "status": report.verdict().as_str(),
        "sections": sections,
        "how_to_fix": report.fixes().into_iter().map(|fix| words.get(fix)).collect::<Vec<_>>(),
    })
}

fn of_section(section: &Section, words: Words<'_>) -> Value {
    json!({
        "name": section.name,
        "status": section.status.as_str(),
        "records": section.records,
        "lat_ms": section.latency_ms,
        "note": note(section, words),
        "how_to_fix": section.how_to_fix.as_deref().map(|fix| words.get(fix)),
    })
}

/// What a section says, as plain text.
pub fn note(section: &Section, words: Words<'_>) -> String {
    words.plain(&section.note.key, section.note.values.clone())
}

/// A section's name as people read it.
pub fn name(section: &Section, words: Words<'_>) -> String {
    words.find(&format!("diag-name-{}", key_part(&section.name))).unwrap_or_else(|| section.name.to_string())
}

/// One line a section, and what to do: for logs and terminals.
pub fn lines(report: &Report, words: Words<'_>) -> Vec<String> {
    let line = |section: &Section| {
        let time = section.latency_ms.map(|ms| format!(", {ms} ms")).unwrap_or_default();
        format!("{:<9} {:<14} {}{time}", section.status.as_str(), section.name, note(section, words))
    };
    let mut all: Vec<String> = report.sections.iter().map(line).collect();
    all.extend(report.fixes().into_iter().map(|fix| format!("- {}", words.get(fix))));
    all
}
