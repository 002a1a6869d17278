//! A model's parameters: what may be given for each, and how the provider calls it.

use std::collections::BTreeMap;

use super::decimal::Decimal;
use super::value::Value;

/// The largest file that a bot receives from Telegram, in MB (bot.md 7.3).
pub const MAX_FILE_MB: u32 = 20;

/// The kind of a media parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Media {
    /// Pictures; asked first.
    Image,
    /// Videos.
    Video,
    /// Recordings; asked last among media.
    Audio,
}

/// What a parameter takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ParamKind {
    /// One file or several.
    Files {
        /// Of which kind.
        media: Media,
        /// The MIME types taken, in their canonical spelling.
        mime: Vec<String>,
        /// The largest size in MB, at most [`MAX_FILE_MB`].
        max_mb: u32,
        /// How many files; 1 unless it is a list.
        max_items: usize,
        /// Whether the provider expects a JSON array, of one element too.
        list: bool,
    },
    /// Free text; lengths in Unicode characters.
    Text {
        /// The shortest.
        min: usize,
        /// The longest.
        max: usize,
    },
    /// An https address that begins with a prefix.
    Url {
        /// What it begins with.
        prefix: String,
        /// The longest, in characters.
        max: usize,
    },
    /// One of a list.
    Enum {
        /// The list, in the order of the buttons.
        values: Vec<String>,
        /// The provider's spelling where it differs.
        wire_values: BTreeMap<String, String>,
        /// Whether the provider expects a number.
        as_number: bool,
    },
    /// Yes or no.
    Bool,
    /// A number.
    Number {
        /// Whether it must be whole.
        whole: bool,
        /// The least.
        min: Decimal,
        /// The largest.
        max: Decimal,
        /// The grid, counted from `min`.
        step: Option<Decimal>,
    },
}

/// One parameter of a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Param {
    /// Its name in callbacks, drafts and conditions: `[a-z0-9_]+`.
    pub name: String,
    /// The provider's name for it.
    pub wire: String,
    /// What it takes.
    pub kind: ParamKind,
    /// Whether a request without it is refused.
    pub required: bool,
    /// The value when nothing is chosen.
    pub default: Option<Value>,
}

impl Param {
    /// The kind of file it takes, if it takes files.
    pub fn media(&self) -> Option<Media> {
        match &self.kind {
            ParamKind::Files { media, .. } => Some(*media),
            _ => None,
        }
    }

    /// Whether it takes free text or an address.
    pub fn is_text(&self) -> bool {
        matches!(self.kind, ParamKind::Text { .. } | ParamKind::Url { .. })
    }

    /// All values that a button may carry, as text: the enum's list, or yes and no. `None` for the other kinds.
    pub fn options(&self) -> Option<Vec<&str>> {
        match &self.kind {
            ParamKind::Enum { values, .. } => Some(values.iter().map(String::as_str).collect()),
            ParamKind::Bool => Some(vec!["true", "false"]),
            _ => None,
        }
    }

    /// One of [`Param::options`] as a value.
    pub fn option_value(&self, text: &str) -> Option<Value> {
        match &self.kind {
            ParamKind::Enum { values, .. } => values.iter().find(|v| *v == text).map(|v| Value::Text(v.clone())),
            ParamKind::Bool => text.parse().ok().map(Value::Bool),
            _ => None,
        }
    }
}

/// The spelling of a MIME type that the catalog uses for it: without parameters, lower case, without `x-` twins.
pub fn canonical_mime(mime: &str) -> String {
    let plain = mime.split(';').next().unwrap_or("").trim().to_ascii_lowercase();
    match plain.as_str() {
        "image/jpg" | "image/pjpeg" => "image/jpeg",
        "audio/mp3" | "audio/x-mp3" | "audio/mpeg3" => "audio/mpeg",
        "audio/x-wav" | "audio/wave" | "audio/vnd.wave" => "audio/wav",
        "audio/m4a" | "audio/x-m4a" | "audio/mp4a-latm" => "audio/mp4",
        "audio/x-flac" => "audio/flac",
        "audio/x-aac" | "audio/aacp" => "audio/aac",
        "audio/opus" | "audio/x-opus+ogg" | "application/ogg" => "audio/ogg",
        "video/x-m4v" => "video/mp4",
        other => other,
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twins_of_a_mime_type_are_one() {
        assert_eq!(canonical_mime("Audio/X-WAV"), "audio/wav");
        assert_eq!(canonical_mime("audio/ogg; codecs=opus"), "audio/ogg");
        assert_eq!(canonical_mime("image/heic"), "image/heic");
    }

    #[test]
    fn a_button_carries_only_what_the_parameter_offers() {
        let sound =
            Param { name: "sound".into(), wire: "sound".into(), kind: ParamKind::Bool, required: true, default: None };
        assert_eq!(sound.options(), Some(vec!["true", "false"]));
        assert_eq!(sound.option_value("true"), Some(Value::Bool(true)));
        assert_eq!(sound.option_value("yes"), None);
    }
}
