//! The provider's words made fit for a user: one short line without links, ids and names that are not ours to show.

use std::fmt;

/// A text that came from the provider, cleaned. It may echo a prompt: `Debug` shows its length only.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Words(String);

impl Words {
    /// The text, for the one user or admin it concerns; never for a log.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whole, for a result that is a text.
    pub(super) fn whole(text: String) -> Self {
        Self(text)
    }

    /// One line of at most `limit` characters without links, ids and the provider's own words; `None` if nothing
    /// readable is left.
    pub(super) fn cleaned(text: &str, limit: usize) -> Option<Self> {
        let mut shown = String::new();
        for word in without_tags(text).split_whitespace().filter(|word| !names_provider(word)) {
            if !shown.is_empty() {
                shown.push(' ');
            }
            shown.push_str(word);
        }
        let shown = shown.trim_matches(|c: char| !c.is_alphanumeric() && !"«\"'([.!?)]»".contains(c));
        if shown.chars().filter(|c| c.is_alphabetic()).count() < 4 {
            return None;
        }
        if shown.chars().count() <= limit {
            return Some(Self(shown.to_owned()));
        }
        let cut: String = shown.chars().take(limit.saturating_sub(1)).collect();
        Some(Self(format!("{}…", cut.trim_end())))
    }
}

impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Words({} chars)", self.0.chars().count())
    }
}

/// `prompt` out of "input.prompt: This field is required", "`prompt` is required", "missing required field: prompt".
pub(super) fn missing_field(msg: &str) -> Option<String> {
    const NOT_FIELDS: [&str; 12] =
        ["this", "field", "fields", "parameter", "parameters", "input", "it", "value", "is", "are", "required", "the"];
    let lower = msg.to_lowercase();
    let after = |mark: &str| lower.split_once(mark).map(|(_, rest)| rest.split_whitespace().next().unwrap_or(""));
    let before = |mark: &str| lower.split_once(mark).map(|(head, _)| head.split_whitespace().last().unwrap_or(""));
    let marks = [" is required", " is missing", " cannot be empty", " can't be empty", " must not be empty"];
    let named = |word: &str| {
        let name = word.trim_matches(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        let name = name.rsplit('.').next().unwrap_or(name);
        let plain = !name.is_empty()
            && name.len() <= 40
            && name.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'_');
        (plain && !NOT_FIELDS.contains(&name)).then(|| name.to_owned())
    };
    let missing = marks.iter().any(|mark| lower.contains(mark)) || lower.contains("missing");
    if !missing {
        return None;
    }
    lower
        .split_whitespace()
        .find(|word| word.contains("input."))
        .and_then(named)
        .or_else(|| {
            ["field:", "field(s):", "fields:", "parameter:", "missing:", "required:"]
                .iter()
                .find_map(|mark| named(after(mark)?))
        })
        .or_else(|| marks.iter().find_map(|mark| named(before(mark)?)))
        .or_else(|| lower.split_once(": this field").and_then(|(head, _)| named(head.split_whitespace().last()?)))
}

fn without_tags(text: &str) -> String {
    let mut depth = 0u32;
    text.chars()
        .filter(|c| match c {
            '<' => {
                depth += 1;
                false
            }
            '>' if depth > 0 => {
                depth -= 1;
                false
            }
            _ => depth == 0 && (!c.is_control() || c.is_whitespace()),
        })
        .collect()
}

/// Links, ids, and words that only the provider uses.
fn names_provider(word: &str) -> bool {
    const OWN: [&str; 16] = [
        "kie",
        "kieai",
        "kie.ai",
        "redpanda",
        "redpandaai",
        "playground",
        "recordinfo",
        "createtask",
        "taskid",
        "task_id",
        "api",
        "apikey",
        "callbackurl",
        "fal",
        "fal.ai",
        "replicate",
    ];
    let plain = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    let bare = plain.strip_suffix("'s").unwrap_or(&plain);
    let id = bare.len() >= 16
        && bare.bytes().any(|c| c.is_ascii_digit())
        && bare.bytes().all(|c| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_' | b':'));
    OWN.contains(&bare)
        || bare.contains("://")
        || bare.contains("www.")
        || bare.contains('@')
        || bare.contains("kie.ai")
        || bare.contains("redpanda")
        || id
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hint(msg: &str) -> Option<String> {
        Words::cleaned(msg, 140).map(|words| words.0)
    }

    #[test]
    fn a_hint_is_short_and_without_the_providers_words() {
        assert_eq!(
            hint(
                "KIE API: aspect_ratio must be one of 1:1, 16:9 (see https://docs.kie.ai/x) task 0f3b2c1d9e8f7a6b5c4d"
            ),
            Some("aspect_ratio must be one of 1:1, 16:9 (see task".to_owned())
        );
        assert_eq!(hint("<html><b>Playground</b> prompt too long</html>"), Some("prompt too long".to_owned()));
        assert_eq!(hint("kie.ai https://kie.ai 422"), None);
        assert_eq!(hint(""), None);
        let long = hint(&"слово ".repeat(100)).unwrap();
        assert!(long.chars().count() <= 140 && long.ends_with('…'), "{long}");
    }

    #[test]
    fn a_missing_field_is_named() {
        for (msg, field) in [
            ("input.image_url: This field is required", Some("image_url")),
            ("`prompt` is required", Some("prompt")),
            ("prompt cannot be empty", Some("prompt")),
            ("Missing required field: aspect_ratio", Some("aspect_ratio")),
            ("This field is required", None),
            ("duration must be 5 or 10", None),
        ] {
            assert_eq!(missing_field(msg).as_deref(), field, "{msg}");
        }
    }
}
