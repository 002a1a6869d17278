//! How an item of a result is sent, by what its bytes are (bot.md 10, first table). Stored with the item.

use crate::clients::media::{Downloaded, Kind, dimensions};
use crate::config;
use crate::domain::outgoing::FileKind;

/// Width and height together, and the longer side by the shorter, of a picture that is sent as one.
const PHOTO_SIDES: u32 = 10_000;
const PHOTO_RATIO: u32 = 20;

/// How an item is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ItemKind {
    /// As a file of this kind.
    File(FileKind),
    /// As a message with its text; a long one as a document.
    Text,
    /// As a message with a link of ours: too large for Telegram.
    Link,
    /// No file at all: the message that says that it was simulated (dry run).
    Simulated,
}

impl ItemKind {
    const ALL: [Self; 9] = [
        Self::File(FileKind::Photo),
        Self::File(FileKind::Video),
        Self::File(FileKind::Audio),
        Self::File(FileKind::Voice),
        Self::File(FileKind::Animation),
        Self::File(FileKind::Document),
        Self::Text,
        Self::Link,
        Self::Simulated,
    ];

    /// The stored word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::File(FileKind::Photo) => "photo",
            Self::File(FileKind::Video) => "video",
            Self::File(FileKind::Audio) => "audio",
            Self::File(FileKind::Voice) => "voice",
            Self::File(FileKind::Animation) => "animation",
            Self::File(FileKind::Document) => "document",
            Self::Text => "text",
            Self::Link => "link",
            Self::Simulated => "simulated",
        }
    }

    /// Reads a stored word; one that is not known is sent as a document.
    pub fn read(word: &str) -> Self {
        Self::ALL.into_iter().find(|kind| kind.word() == word).unwrap_or(Self::File(FileKind::Document))
    }

    /// How a fetched file is sent, within the sizes of `rules`.
    pub fn of(file: &Downloaded, rules: &config::Delivery) -> Self {
        let size = u64::try_from(file.bytes.len()).unwrap_or(u64::MAX);
        if size > rules.file_max {
            return Self::Link;
        }
        Self::File(match file.kind {
            Kind::Jpeg | Kind::Png | Kind::Webp if size <= rules.photo_max && is_photo(&file.bytes) => FileKind::Photo,
            Kind::Mp4 | Kind::Webm | Kind::Mov => FileKind::Video,
            Kind::Mp3 | Kind::M4a | Kind::Wav | Kind::Flac => FileKind::Audio,
            Kind::OggOpus => FileKind::Voice,
            Kind::Gif => FileKind::Animation,
            Kind::Text | Kind::Json => return Self::Text,
            Kind::Jpeg | Kind::Png | Kind::Webp | Kind::Ogg | Kind::Other => FileKind::Document,
        })
    }
}

/// Whether Telegram shows these bytes as a picture.
fn is_photo(bytes: &[u8]) -> bool {
    let Ok(size) = dimensions(bytes, u64::MAX) else { return false };
    let (long, short) = (size.width.max(size.height), size.width.min(size.height));
    long.saturating_add(short) <= PHOTO_SIDES && long <= short.saturating_mul(PHOTO_RATIO)
}

/// The extension of a file of ours for people, by its stored MIME type.
pub fn extension_of(mime: &str) -> &'static str {
    match mime.split(';').next().unwrap_or_default().trim() {
        "image/jpeg" => "jpg",
        "image/png" => "png",
        "image/webp" => "webp",
        "image/gif" => "gif",
        "video/mp4" => "mp4",
        "video/webm" => "webm",
        "video/quicktime" => "mov",
        "audio/mpeg" => "mp3",
        "audio/mp4" => "m4a",
        "audio/wav" => "wav",
        "audio/flac" => "flac",
        "audio/ogg" => "ogg",
        "text/plain" => "txt",
        "application/json" => "json",
        "application/pdf" => "pdf",
        "application/zip" => "zip",
        _ => "bin",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;

    fn file(kind: Kind, bytes: Vec<u8>) -> Downloaded {
        Downloaded { bytes: Bytes::from(bytes), kind, mime: "image/png", extension: "png" }
    }

    fn of(file: &Downloaded) -> ItemKind {
        ItemKind::of(file, &config::Settings::load(&config::Sources::default()).unwrap().delivery)
    }

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
        bytes.extend(width.to_be_bytes());
        bytes.extend(height.to_be_bytes());
        bytes.extend([8, 2, 0, 0, 0, 0, 0, 0, 0]);
        bytes
    }

    #[test]
    fn a_picture_that_telegram_would_refuse_is_a_document() {
        let sent = |width, height| of(&file(Kind::Png, png(width, height))).word();
        assert_eq!(sent(1024, 1024), "photo");
        assert_eq!(sent(5_000, 5_000), "photo");
        assert_eq!(sent(5_001, 5_000), "document");
        assert_eq!(sent(2_000, 100), "photo");
        assert_eq!(sent(2_001, 100), "document");
        let mut heavy = png(10, 10);
        heavy.resize((10 << 20) + 1, 0);
        assert_eq!(of(&file(Kind::Png, heavy)).word(), "document");
    }

    #[test]
    fn every_content_is_sent_by_its_method() {
        let sent = |kind| of(&file(kind, vec![0; 10])).word();
        let table = [
            (Kind::Mp4, "video"),
            (Kind::Webm, "video"),
            (Kind::Mov, "video"),
            (Kind::Mp3, "audio"),
            (Kind::M4a, "audio"),
            (Kind::Wav, "audio"),
            (Kind::Flac, "audio"),
            (Kind::OggOpus, "voice"),
            (Kind::Ogg, "document"),
            (Kind::Gif, "animation"),
            (Kind::Text, "text"),
            (Kind::Json, "text"),
            (Kind::Other, "document"),
        ];
        for (kind, word) in table {
            assert_eq!(sent(kind), word, "{kind:?}");
        }
        assert_eq!(of(&file(Kind::Mp4, vec![0; (50 << 20) + 1])), ItemKind::Link);
    }

    #[test]
    fn words_are_read_back() {
        for kind in ItemKind::ALL {
            assert_eq!(ItemKind::read(kind.word()), kind);
        }
        assert_eq!(ItemKind::read("?"), ItemKind::File(FileKind::Document));
    }
}
