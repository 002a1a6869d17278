//! Telegram's HTML: tags become entities with UTF-16 offsets, mistakes become Telegram's own errors.

use serde_json::{Value, json};

use super::error::ApiError;

/// A text without tags and its entities.
#[derive(Debug, PartialEq)]
pub(crate) struct Formatted {
    pub text: String,
    pub entities: Vec<Value>,
}

struct Open {
    tag: String,
    offset: usize,
    detail: Value,
}

struct Parser<'a> {
    source: &'a str,
    at: usize,
    text: String,
    utf16: usize,
    open: Vec<Open>,
    entities: Vec<Value>,
}

/// Parses; errors are the words after `can't parse entities: `.
pub(crate) fn parse(source: &str) -> Result<Formatted, ApiError> {
    let mut parser = Parser { source, at: 0, text: String::new(), utf16: 0, open: Vec::new(), entities: Vec::new() };
    parser.run().map_err(|why| ApiError::bad(format!("can't parse entities: {why}")))?;
    let Parser { text, entities, .. } = parser;
    Ok(trimmed(&text, entities))
}

/// A text without formatting: only its edges are trimmed, as Telegram does.
pub(crate) fn plain(source: &str, entities: Vec<Value>) -> Formatted {
    trimmed(source, entities)
}

impl Parser<'_> {
    fn run(&mut self) -> Result<(), String> {
        while let Some(c) = self.source[self.at..].chars().next() {
            match c {
                '<' => self.tag()?,
                '&' => self.character(),
                _ => self.push(c, c.len_utf8()),
            }
        }
        match self.open.last() {
            Some(open) => Err(format!("Can't find end tag corresponding to start tag \"{}\"", open.tag)),
            None => Ok(()),
        }
    }

    fn push(&mut self, c: char, source_len: usize) {
        self.text.push(c);
        self.utf16 += c.len_utf16();
        self.at += source_len;
    }

    fn character(&mut self) {
        let rest = &self.source[self.at..];
        let end = rest.bytes().take(12).position(|b| b == b';');
        let decoded = end.and_then(|end| Some((decode(&rest[1..end])?, end + 1)));
        match decoded {
            Some((c, len)) => self.push(c, len),
            // An unknown or unfinished reference stays as typed.
            None => self.push('&', 1),
        }
    }

    fn tag(&mut self) -> Result<(), String> {
        let start = self.at;
        let rest = &self.source[start + 1..];
        if let Some(rest) = rest.strip_prefix('/') {
            let end = rest.find('>').ok_or_else(|| format!("Unclosed end tag at byte offset {start}"))?;
            self.at = start + 2 + end + 1;
            return self.close(rest[..end].trim(), start);
        }
        let end = tag_end(rest).ok_or_else(|| format!("Unclosed start tag at byte offset {start}"))?;
        self.at = start + 1 + end + 1;
        self.begin(&rest[..end], start)
    }

    fn begin(&mut self, inside: &str, start: usize) -> Result<(), String> {
        let name_len = inside.find(char::is_whitespace).unwrap_or(inside.len());
        let tag = inside[..name_len].to_ascii_lowercase();
        let attributes = attributes(&inside[name_len..]);
        let find = |name: &str| attributes.iter().find(|(n, _)| n == name).map(|(_, v)| v.clone());
        let detail = match tag.as_str() {
            "b" | "strong" => json!({"type": "bold"}),
            "i" | "em" => json!({"type": "italic"}),
            "u" | "ins" => json!({"type": "underline"}),
            "s" | "strike" | "del" => json!({"type": "strikethrough"}),
            "tg-spoiler" => json!({"type": "spoiler"}),
            "span" if find("class").as_deref() == Some("tg-spoiler") => json!({"type": "spoiler"}),
            "span" => return Err(format!("Tag \"span\" must have class \"tg-spoiler\" at byte offset {start}")),
            "a" => find("href").map_or(Value::Null, |url| json!({"type": "text_link", "url": url})),
            "code" => find("class")
                .and_then(|class| class.strip_prefix("language-").map(str::to_owned))
                .map_or(json!({"type": "code"}), |language| json!({"type": "code", "language": language})),
            "pre" => json!({"type": "pre"}),
            "blockquote" if find("expandable").is_some() => json!({"type": "expandable_blockquote"}),
            "blockquote" => json!({"type": "blockquote"}),
            "tg-emoji" => {
                find("emoji-id").map_or(Value::Null, |id| json!({"type": "custom_emoji", "custom_emoji_id": id}))
            }
            _ => return Err(format!("Unsupported start tag \"{tag}\" at byte offset {start}")),
        };
        self.open.push(Open { tag, offset: self.utf16, detail });
        Ok(())
    }

    fn close(&mut self, tag: &str, start: usize) -> Result<(), String> {
        let open = self.open.pop().ok_or_else(|| format!("Unexpected end tag at byte offset {start}"))?;
        if !tag.is_empty() && !open.tag.eq_ignore_ascii_case(tag) {
            return Err(format!(
                "Unmatched end tag at byte offset {start}, expected \"</{}>\", found \"</{tag}>\"",
                open.tag
            ));
        }
        let length = self.utf16 - open.offset;
        if length == 0 || open.detail.is_null() {
            return Ok(());
        }
        let mut entity = open.detail;
        if entity["type"] == "code" {
            let in_pre = self.open.last().is_some_and(|outer| outer.tag == "pre");
            if let Some(fields) = entity.as_object_mut() {
                let language = fields.remove("language");
                // <pre><code class="language-x"> is one entity: the outer one, with the language.
                if let (true, Some(language), Some(outer)) = (in_pre, language, self.open.last_mut()) {
                    outer.detail["language"] = language;
                    return Ok(());
                }
            }
        }
        entity["offset"] = Value::from(open.offset);
        entity["length"] = Value::from(length);
        self.entities.push(entity);
        Ok(())
    }
}

/// The `>` of a start tag, not one inside quotes.
fn tag_end(rest: &str) -> Option<usize> {
    let mut quote = None;
    for (at, c) in rest.char_indices() {
        match (quote, c) {
            (None, '>') => return Some(at),
            (None, '"' | '\'') => quote = Some(c),
            (Some(q), c) if q == c => quote = None,
            _ => (),
        }
    }
    None
}

fn attributes(mut rest: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    loop {
        rest = rest.trim_start();
        let len = rest.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(rest.len());
        if len == 0 {
            return found;
        }
        let name = rest[..len].to_ascii_lowercase();
        rest = rest[len..].trim_start();
        let mut value = String::new();
        if let Some(after) = rest.strip_prefix('=') {
            let after = after.trim_start();
            let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''));
            let (raw, left) = match quote {
                Some(q) => after[1..].split_once(q).unwrap_or((&after[1..], "")),
                None => after.split_at(after.find(char::is_whitespace).unwrap_or(after.len())),
            };
            value = unescape(raw);
            rest = left;
        }
        found.push((name, value));
    }
}

fn unescape(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let decoded = rest.find(';').and_then(|end| Some((decode(&rest[1..end])?, end + 1)));
        let (c, len) = decoded.unwrap_or(('&', 1));
        out.push(c);
        rest = &rest[len..];
    }
    out.push_str(rest);
    out
}

fn decode(name: &str) -> Option<char> {
    match name {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code).filter(|c| *c != '\0')
        }
    }
}

/// Cuts blank edges off and moves the entities along; those that lose everything go.
fn trimmed(text: &str, entities: Vec<Value>) -> Formatted {
    let lead = &text[..text.len() - text.trim_start().len()];
    let cut: usize = lead.chars().map(char::len_utf16).sum();
    let kept = text.trim();
    let end: usize = kept.chars().map(char::len_utf16).sum();
    let number = |entity: &Value, name: &str| usize::try_from(entity[name].as_u64().unwrap_or(0)).unwrap_or(0);
    let mut moved: Vec<Value> = entities
        .into_iter()
        .filter_map(|mut entity| {
            let from = number(&entity, "offset");
            let to = (from + number(&entity, "length")).saturating_sub(cut).min(end);
            let from = from.saturating_sub(cut).min(end);
            entity["offset"] = Value::from(from);
            entity["length"] = Value::from(to - from);
            (to > from).then_some(entity)
        })
        .collect();
    moved.sort_by_key(|entity| (number(entity, "offset"), std::cmp::Reverse(number(entity, "length"))));
    Formatted { text: kept.to_owned(), entities: moved }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(source: &str) -> String {
        parse(source).unwrap_err().description
    }

    #[test]
    fn tags_become_entities_with_utf16_offsets() {
        let out = parse("  😀 <b>жи<i>рный</i></b> &lt;a&gt; <a href=\"http://x/?a=1&amp;b=2\">link</a>\n").unwrap();
        assert_eq!(out.text, "😀 жирный <a> link");
        assert_eq!(
            out.entities,
            vec![
                json!({"type": "bold", "offset": 3, "length": 6}),
                json!({"type": "italic", "offset": 5, "length": 4}),
                json!({"type": "text_link", "url": "http://x/?a=1&b=2", "offset": 14, "length": 4}),
            ]
        );
    }

    #[test]
    fn a_code_block_keeps_its_language() {
        let out = parse("<pre><code class=\"language-rust\">fn</code></pre>").unwrap();
        assert_eq!(out.entities, vec![json!({"type": "pre", "language": "rust", "offset": 0, "length": 2})]);
    }

    #[test]
    fn mistakes_are_refused_in_telegrams_words() {
        let head = "Bad Request: can't parse entities: ";
        assert_eq!(refusal("<b>x"), format!("{head}Can't find end tag corresponding to start tag \"b\""));
        assert_eq!(refusal("a <h1>x</h1>"), format!("{head}Unsupported start tag \"h1\" at byte offset 2"));
        assert_eq!(refusal("x</b>"), format!("{head}Unexpected end tag at byte offset 1"));
        assert_eq!(
            refusal("<b><i>x</b></i>"),
            format!("{head}Unmatched end tag at byte offset 7, expected \"</i>\", found \"</b>\"")
        );
        assert_eq!(refusal("1 < 2"), format!("{head}Unclosed start tag at byte offset 2"));
    }

    #[test]
    fn an_unknown_reference_stays_as_typed() {
        assert_eq!(parse("a &nbsp; & b &#1046;").unwrap().text, "a &nbsp; & b Ж");
    }
}
