//! Uploaded files: shared bytes in memory, one entry per file id, the oldest dropped over the cap.

use std::collections::{HashMap, VecDeque};
use std::sync::Mutex;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use serde::{Deserialize, Serialize};

use super::world::lock;

/// What a file is in a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FileKind {
    /// A compressed picture.
    Photo,
    /// Any file.
    Document,
    /// A film.
    Video,
    /// Music.
    Audio,
    /// A voice note.
    Voice,
    /// A silent film or GIF.
    Animation,
    /// A sticker.
    Sticker,
}

impl FileKind {
    /// The field of a message, and of a method, that carries it.
    pub(crate) fn field(self) -> &'static str {
        match self {
            Self::Photo => "photo",
            Self::Document => "document",
            Self::Video => "video",
            Self::Audio => "audio",
            Self::Voice => "voice",
            Self::Animation => "animation",
            Self::Sticker => "sticker",
        }
    }

    /// From the field's name.
    pub(crate) fn from_field(field: &str) -> Option<Self> {
        [Self::Photo, Self::Document, Self::Video, Self::Audio, Self::Voice, Self::Animation, Self::Sticker]
            .into_iter()
            .find(|kind| kind.field() == field)
    }

    fn folder(self) -> &'static str {
        match self {
            Self::Photo => "photos",
            Self::Document => "documents",
            Self::Video => "videos",
            Self::Audio => "music",
            Self::Voice => "voice",
            Self::Animation => "animations",
            Self::Sticker => "stickers",
        }
    }
}

/// One file as one bot knows it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct FileEntry {
    /// Number of the file in this sandbox; names the stored bytes.
    pub number: u64,
    /// The bot that may use it: ids are per bot (facts/telegram.md 4).
    pub bot: i64,
    /// What it is.
    pub kind: FileKind,
    /// The sender's name for it.
    pub name: String,
    /// MIME type.
    pub mime: String,
    /// Pixels; 0 when unknown.
    pub width: u32,
    /// Pixels; 0 when unknown.
    pub height: u32,
    /// Seconds; 0 when unknown.
    pub duration: u32,
    /// Bytes.
    pub size: usize,
    /// The content.
    #[serde(skip)]
    pub bytes: Bytes,
}

impl FileEntry {
    /// The persistent id that a bot may send again. Opaque, like Telegram's.
    pub(crate) fn file_id(&self) -> String {
        let text = format!("{}\0{}\0{}", self.kind.field(), self.bot, self.number);
        format!("BQAC{}", URL_SAFE_NO_PAD.encode(text))
    }

    /// The same for every bot.
    pub(crate) fn unique_id(&self) -> String {
        format!("AgAD{}", URL_SAFE_NO_PAD.encode(self.number.to_be_bytes()))
    }

    /// `file_path` of `getFile`.
    pub(crate) fn path(&self) -> String {
        let extension = self.name.rsplit_once('.').map_or("bin", |(_, e)| e);
        let clean: String = extension.chars().filter(char::is_ascii_alphanumeric).take(8).collect();
        format!("{}/file_{}.{}", self.kind.folder(), self.number, if clean.is_empty() { "bin" } else { &clean })
    }
}

/// All files of a sandbox.
pub(crate) struct Files {
    cap_bytes: usize,
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    last: u64,
    total: usize,
    order: VecDeque<u64>,
    by_number: HashMap<u64, FileEntry>,
}

impl Files {
    /// Keeps at most `cap_bytes` of content.
    pub(crate) fn new(cap_bytes: usize) -> Self {
        Self { cap_bytes, inner: Mutex::default() }
    }

    /// Stores a file and gives it its number.
    pub(crate) fn add(&self, mut entry: FileEntry) -> FileEntry {
        let mut inner = lock(&self.inner);
        inner.last += 1;
        entry.number = inner.last;
        entry.size = entry.bytes.len();
        inner.insert(entry.clone());
        while inner.total > self.cap_bytes && inner.order.len() > 1 {
            inner.drop_oldest();
        }
        entry
    }

    /// The file behind an id, if it is still there.
    pub(crate) fn get(&self, file_id: &str) -> Option<FileEntry> {
        let decoded = URL_SAFE_NO_PAD.decode(file_id.strip_prefix("BQAC")?).ok()?;
        let text = String::from_utf8(decoded).ok()?;
        let mut parts = text.split('\0');
        let (kind, bot, number) = (parts.next()?, parts.next()?, parts.next()?.parse().ok()?);
        let entry = lock(&self.inner).by_number.get(&number).cloned()?;
        (entry.kind.field() == kind && entry.bot.to_string() == bot).then_some(entry)
    }

    /// The file behind a `file_path` of this bot.
    pub(crate) fn by_path(&self, bot: i64, path: &str) -> Option<FileEntry> {
        let (_, name) = path.split_once("/file_")?;
        let number = name.split('.').next()?.parse().ok()?;
        let entry = lock(&self.inner).by_number.get(&number).cloned()?;
        (entry.bot == bot && entry.path() == path).then_some(entry)
    }

    /// Every entry, oldest first, with its bytes (shared, not copied).
    pub(crate) fn all(&self) -> Vec<FileEntry> {
        let inner = lock(&self.inner);
        inner.order.iter().filter_map(|number| inner.by_number.get(number).cloned()).collect()
    }

    /// Puts entries of an earlier run back.
    pub(crate) fn restore(&self, entries: Vec<FileEntry>) {
        let mut inner = lock(&self.inner);
        for entry in entries {
            inner.last = inner.last.max(entry.number);
            inner.insert(entry);
        }
    }
}

impl Inner {
    fn insert(&mut self, entry: FileEntry) {
        self.total += entry.bytes.len();
        self.order.push_back(entry.number);
        self.by_number.insert(entry.number, entry);
    }

    fn drop_oldest(&mut self) {
        if let Some(entry) = self.order.pop_front().and_then(|number| self.by_number.remove(&number)) {
            self.total -= entry.bytes.len();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(bot: i64, bytes: &'static [u8]) -> FileEntry {
        FileEntry {
            number: 0,
            bot,
            kind: FileKind::Document,
            name: "a.txt".to_owned(),
            mime: "text/plain".to_owned(),
            width: 0,
            height: 0,
            duration: 0,
            size: 0,
            bytes: Bytes::from_static(bytes),
        }
    }

    #[test]
    fn a_path_of_one_bot_is_unknown_to_another() {
        let files = Files::new(1_000);
        let stored = files.add(entry(7, b"hello"));
        assert_eq!(files.get(&stored.file_id()).unwrap().bytes, "hello");
        assert!(files.by_path(7, &stored.path()).is_some());
        assert!(files.by_path(8, &stored.path()).is_none());
        assert!(files.get("BQACnonsense").is_none());
    }

    #[test]
    fn the_oldest_files_leave_when_the_cap_is_reached() {
        let files = Files::new(10);
        let first = files.add(entry(7, b"12345678"));
        let second = files.add(entry(7, b"abcdefgh"));
        assert!(files.get(&first.file_id()).is_none());
        assert!(files.get(&second.file_id()).is_some());
    }
}
