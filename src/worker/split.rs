//! Long texts in parts: at most 3900 characters each, cut at a line's end where there is one, open tags closed and opened
//! again (bot.md 2.3).

/// What one message holds, with room for the tags that are closed at its end.
pub(super) const PART: usize = 3900;

/// Cuts Telegram HTML into messages.
pub(super) fn split(html: &str, longest: usize) -> Vec<String> {
    if html.chars().count() <= longest {
        return vec![html.to_owned()];
    }
    let mut parts = Vec::new();
    let mut open: Vec<String> = Vec::new();
    let mut part = String::new();
    let mut length = 0;
    for line in html.split_inclusive('\n') {
        for piece in pieces(line, longest / 2) {
            let chars = piece.chars().count();
            if length + chars > longest && !part.trim().is_empty() {
                parts.push(close(&part, &open));
                part = open.iter().fold(String::new(), |all, tag| all + "<" + tag + ">");
                length = part.chars().count();
            }
            track(&piece, &mut open);
            part.push_str(&piece);
            length += chars;
        }
    }
    if !part.trim().is_empty() {
        parts.push(close(&part, &open));
    }
    parts
}

fn close(part: &str, open: &[String]) -> String {
    let mut text = part.trim_end().to_owned();
    for tag in open.iter().rev() {
        let name = tag.split(' ').next().unwrap_or(tag);
        text.push_str("</");
        text.push_str(name);
        text.push('>');
    }
    text
}

/// A line in pieces of at most `longest` characters that cut no tag and no entity in two.
fn pieces(line: &str, longest: usize) -> Vec<String> {
    let mut pieces = vec![String::new()];
    let mut length = 0;
    let mut rest = line;
    while let Some(c) = rest.chars().next() {
        let end = match c {
            '<' => rest.find('>').map_or(rest.len(), |at| at + 1),
            '&' => rest.find(';').filter(|at| *at < 12).map_or(1, |at| at + 1),
            c => c.len_utf8(),
        };
        let (token, tail) = rest.split_at(end);
        let chars = token.chars().count();
        if length + chars > longest && length > 0 {
            pieces.push(String::new());
            length = 0;
        }
        if let Some(last) = pieces.last_mut() {
            last.push_str(token);
        }
        length += chars;
        rest = tail;
    }
    pieces
}

fn track(piece: &str, open: &mut Vec<String>) {
    let mut rest = piece;
    while let Some(at) = rest.find('<') {
        let Some(end) = rest[at..].find('>') else { return };
        let tag = &rest[at + 1..at + end];
        if let Some(name) = tag.strip_prefix('/') {
            if let Some(last) = open.iter().rposition(|t| t.split(' ').next() == Some(name)) {
                open.remove(last);
            }
        } else {
            open.push(tag.to_owned());
        }
        rest = &rest[at + end + 1..];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_text_stays_whole() {
        assert_eq!(split("<b>hi</b>", 100), ["<b>hi</b>"]);
    }

    #[test]
    fn a_long_text_is_cut_at_lines_with_tags_repaired() {
        let text = format!("<b>{}\n{}</b>\n{}", "a".repeat(30), "b".repeat(30), "c".repeat(30));
        let parts = split(&text, 60);
        // The second line with its repaired tags and the third are 68 characters together.
        assert_eq!(parts.len(), 3, "{parts:?}");
        assert_eq!(parts[0], format!("<b>{}</b>", "a".repeat(30)));
        assert_eq!(parts[1], format!("<b>{}</b>", "b".repeat(30)));
        assert_eq!(parts[2], "c".repeat(30));
    }

    #[test]
    fn one_endless_line_is_cut_between_entities() {
        let text = "&lt;".repeat(100);
        let parts = split(&text, 50);
        assert!(parts.len() > 1);
        assert_eq!(parts.concat(), text);
        assert!(
            parts.iter().all(|p| p.chars().count() <= 50 && p.starts_with("&lt;") && p.ends_with(';')),
            "{parts:?}"
        );
    }
}
