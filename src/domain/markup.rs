//! A text with Telegram's marks, as a person types it: `<b>`, `<i>`, `<u>`, `<s>`, `<code>`, `<blockquote>`, `<tg-spoiler>` and
//! links. Everything else is letters: «1 < 2» needs no care. What is typed is read once, and both what Telegram gets and what a
//! page shows are made from that reading, so no markup of a person's own reaches either.

use std::fmt::Write as _;

/// A mark of Telegram's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Bold.
    Bold,
    /// Italic.
    Italic,
    /// Underlined.
    Under,
    /// Struck through.
    Struck,
    /// Of one width.
    Code,
    /// A quotation.
    Quote,
    /// Hidden until pressed.
    Spoiler,
}

impl Mark {
    const ALL: [Self; 7] =
        [Self::Bold, Self::Italic, Self::Under, Self::Struck, Self::Code, Self::Quote, Self::Spoiler];

    /// Its tag.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Bold => "b",
            Self::Italic => "i",
            Self::Under => "u",
            Self::Struck => "s",
            Self::Code => "code",
            Self::Quote => "blockquote",
            Self::Spoiler => "tg-spoiler",
        }
    }
}

/// Letters with the same marks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Run {
    /// The letters.
    pub text: String,
    /// Their marks, from the outside in.
    pub marks: Vec<Mark>,
    /// Where they lead.
    pub link: Option<String>,
}

/// A text that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marked {
    /// In order.
    pub runs: Vec<Run>,
    html: String,
}

/// Why a text cannot be sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MarkupError {
    /// A mark is not closed, or closed in another order.
    #[error("the mark <{0}> is not closed in its order")]
    Open(&'static str),
    /// A link that is none of http, https, tg.
    #[error("a link leads nowhere")]
    Link,
}

enum Tag {
    Opens(Mark),
    Closes(Mark),
    Link(String),
    LinkEnds,
}

#[derive(Clone, Copy, PartialEq)]
enum Opened {
    Mark(Mark),
    Link,
}

impl Opened {
    const fn tag(self) -> &'static str {
        match self {
            Self::Mark(mark) => mark.tag(),
            Self::Link => "a",
        }
    }
}

impl Marked {
    /// Reads what was typed.
    pub fn parse(typed: &str) -> Result<Self, MarkupError> {
        let mut reading = Reading::default();
        let mut rest = typed;
        while let Some(c) = rest.chars().next() {
            if let Some((tag, length)) = tag(rest) {
                reading.tag(tag)?;
                rest = rest.get(length..).unwrap_or_default();
            } else if let Some((letter, length)) = entity(rest) {
                reading.letter(letter);
                rest = rest.get(length..).unwrap_or_default();
            } else {
                reading.letter(c);
                rest = rest.get(c.len_utf8()..).unwrap_or_default();
            }
        }
        match reading.open.last() {
            Some(open) => Err(MarkupError::Open(open.tag())),
            None => Ok(Self { runs: reading.runs, html: reading.html }),
        }
    }

    /// As Telegram takes it.
    pub fn html(&self) -> &str {
        &self.html
    }

    /// How long it is to Telegram, which counts in UTF-16.
    pub fn length(&self) -> usize {
        self.runs.iter().map(|run| run.text.encode_utf16().count()).sum()
    }

    /// Whether there is nothing to read.
    pub fn is_blank(&self) -> bool {
        self.runs.iter().all(|run| run.text.trim().is_empty())
    }
}

#[derive(Default)]
struct Reading {
    runs: Vec<Run>,
    html: String,
    open: Vec<Opened>,
    link: Option<String>,
}

impl Reading {
    fn letter(&mut self, letter: char) {
        let marks = || -> Vec<Mark> {
            self.open.iter().filter_map(|open| if let Opened::Mark(mark) = open { Some(*mark) } else { None }).collect()
        };
        let marks = marks();
        match self.runs.last_mut().filter(|run| run.marks == marks && run.link == self.link) {
            Some(run) => run.text.push(letter),
            None => self.runs.push(Run { text: letter.to_string(), marks, link: self.link.clone() }),
        }
        match letter {
            '<' => self.html.push_str("&lt;"),
            '>' => self.html.push_str("&gt;"),
            '&' => self.html.push_str("&amp;"),
            letter => self.html.push(letter),
        }
    }

    fn tag(&mut self, tag: Tag) -> Result<(), MarkupError> {
        match tag {
            Tag::Opens(mark) => self.opened(Opened::Mark(mark), &format!("<{}>", mark.tag())),
            Tag::Link(to) => {
                let known = ["http://", "https://", "tg://"].iter().any(|scheme| to.starts_with(scheme));
                if !known || to.chars().any(|c| c.is_whitespace() || c.is_control()) || self.link.is_some() {
                    return Err(MarkupError::Link);
                }
                let shown = to.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
                self.opened(Opened::Link, &format!("<a href=\"{shown}\">"));
                self.link = Some(to);
            }
            Tag::Closes(mark) => self.closed(Opened::Mark(mark))?,
            Tag::LinkEnds => {
                self.closed(Opened::Link)?;
                self.link = None;
            }
        }
        Ok(())
    }

    fn opened(&mut self, what: Opened, html: &str) {
        self.open.push(what);
        self.html.push_str(html);
    }

    fn closed(&mut self, what: Opened) -> Result<(), MarkupError> {
        if self.open.pop() != Some(what) {
            return Err(MarkupError::Open(what.tag()));
        }
        let _ = write!(self.html, "</{}>", what.tag());
        Ok(())
    }
}

/// The tag that a text begins with, and its length.
fn tag(text: &str) -> Option<(Tag, usize)> {
    let inside = text.strip_prefix('<')?;
    let (inside, _) = inside.split_once('>')?;
    let length = inside.len() + 2;
    let mark = |name: &str| Mark::ALL.into_iter().find(|mark| mark.tag().eq_ignore_ascii_case(name));
    let tag = match inside.strip_prefix('/') {
        Some("a" | "A") => Tag::LinkEnds,
        Some(name) => Tag::Closes(mark(name)?),
        None => match inside.strip_prefix("a ").or_else(|| inside.strip_prefix("A ")) {
            Some(rest) => Tag::Link(href(rest)?),
            None => Tag::Opens(mark(inside)?),
        },
    };
    Some((tag, length))
}

fn href(attribute: &str) -> Option<String> {
    let value = attribute.trim().strip_prefix("href=")?;
    let quoted = |quote: char| value.strip_prefix(quote)?.strip_suffix(quote);
    Some(quoted('"').or_else(|| quoted('\''))?.replace("&amp;", "&"))
}

/// A letter that is written as an entity, and its length.
fn entity(text: &str) -> Option<(char, usize)> {
    let known = [("&lt;", '<'), ("&gt;", '>'), ("&amp;", '&'), ("&quot;", '"')];
    known.into_iter().find(|(name, _)| text.starts_with(name)).map(|(name, letter)| (letter, name.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html(typed: &str) -> String {
        Marked::parse(typed).unwrap().html().to_owned()
    }

    #[test]
    fn marks_stay_and_everything_else_is_letters() {
        assert_eq!(html("<b>Скидка</b> 1 < 2 & <div>"), "<b>Скидка</b> 1 &lt; 2 &amp; &lt;div&gt;");
        assert_eq!(html("a &lt; b &amp;amp; c"), "a &lt; b &amp;amp; c");
        assert_eq!(html("<script>alert(1)</script>"), "&lt;script&gt;alert(1)&lt;/script&gt;");
        assert_eq!(html("<a href='https://e.org/?a=1&b=2'>x</a>"), "<a href=\"https://e.org/?a=1&amp;b=2\">x</a>");
    }

    #[test]
    fn a_reading_knows_which_letters_have_which_marks() {
        let read = Marked::parse("a<b>b<i>c</i></b><a href=\"https://e.org\">d</a>").unwrap();
        let runs: Vec<(&str, usize, bool)> =
            read.runs.iter().map(|run| (run.text.as_str(), run.marks.len(), run.link.is_some())).collect();
        assert_eq!(runs, [("a", 0, false), ("b", 1, false), ("c", 2, false), ("d", 0, true)]);
        assert_eq!((read.length(), read.is_blank()), (4, false));
        assert!(Marked::parse(" <b> </b>\n").unwrap().is_blank());
    }

    #[test]
    fn what_telegram_would_refuse_is_refused_here_with_the_reason() {
        assert_eq!(Marked::parse("<b>a").unwrap_err(), MarkupError::Open("b"));
        assert_eq!(Marked::parse("<b><i>a</b></i>").unwrap_err(), MarkupError::Open("b"));
        assert_eq!(Marked::parse("a</a>").unwrap_err(), MarkupError::Open("a"));
        for link in ["javascript:alert(1)", "e.org", "https://e.org/ x", ""] {
            assert_eq!(Marked::parse(&format!("<a href=\"{link}\">a</a>")).unwrap_err(), MarkupError::Link, "{link}");
        }
    }

    #[test]
    fn what_was_read_reads_the_same_again() {
        for typed in ["<b>x</b> & <i>y</i>", "a < b > c", "<a href=\"tg://user?id=1&x\">z</a>", "&lt;b&gt;"] {
            let once = html(typed);
            assert_eq!(html(&once), once);
        }
    }
}
