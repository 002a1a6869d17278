//! What a file is. The first bytes decide, then the declared type, then the extension (bot.md 10). Pages never pass.

use super::picture;

/// What a file is, as far as sending it differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names are the formats' own")]
pub enum Kind {
    Jpeg,
    Png,
    Webp,
    Gif,
    Mp4,
    Webm,
    Mov,
    Mp3,
    M4a,
    Wav,
    Flac,
    /// Ogg with Opus: a voice message.
    OggOpus,
    /// Ogg with something else.
    Ogg,
    Text,
    Json,
    /// Anything else: a document.
    Other,
}

impl Kind {
    /// Whether it is a picture, a film or a sound.
    pub fn is_media(self) -> bool {
        !matches!(self, Self::Text | Self::Json | Self::Other)
    }

    /// Whether it is a still picture.
    pub fn is_picture(self) -> bool {
        matches!(self, Self::Jpeg | Self::Png | Self::Webp)
    }

    fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Jpeg => ("image/jpeg", "jpg"),
            Self::Png => ("image/png", "png"),
            Self::Webp => ("image/webp", "webp"),
            Self::Gif => ("image/gif", "gif"),
            Self::Mp4 => ("video/mp4", "mp4"),
            Self::Webm => ("video/webm", "webm"),
            Self::Mov => ("video/quicktime", "mov"),
            Self::Mp3 => ("audio/mpeg", "mp3"),
            Self::M4a => ("audio/mp4", "m4a"),
            Self::Wav => ("audio/wav", "wav"),
            Self::Flac => ("audio/flac", "flac"),
            Self::OggOpus | Self::Ogg => ("audio/ogg", "ogg"),
            Self::Text => ("text/plain; charset=utf-8", "txt"),
            Self::Json => ("application/json", "json"),
            Self::Other => ("application/octet-stream", "bin"),
        }
    }
}

/// A kind with its names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recognised {
    /// What it is.
    pub kind: Kind,
    /// Its content type.
    pub mime: &'static str,
    /// Its extension, without the dot.
    pub extension: &'static str,
}

impl From<Kind> for Recognised {
    fn from(kind: Kind) -> Self {
        let (mime, extension) = kind.names();
        Self { kind, mime, extension }
    }
}

/// HTML, SVG or XML.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a page, not media")]
pub struct Markup;

/// Says what `bytes` are; `declared` (a content type) and `path` (of a URL or file) help only where the bytes are silent.
pub fn recognise(bytes: &[u8], declared: &str, path: &str) -> Result<Recognised, Markup> {
    if let Some(kind) = by_magic(bytes) {
        return Ok(kind.into());
    }
    if is_markup(bytes) {
        return Err(Markup);
    }
    let declared = declared.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if let Some(found) = infer::get(bytes).filter(|found| found.matcher_type() != infer::MatcherType::Text) {
        // Known, and none of ours: a document under its own name, whatever it was declared to be.
        return Ok(Recognised { kind: Kind::Other, mime: found.mime_type(), extension: found.extension() });
    }
    if is_text(bytes) {
        if ["text/html", "application/xhtml+xml", "image/svg+xml", "text/xml", "application/xml"]
            .contains(&declared.as_str())
        {
            return Err(Markup);
        }
        return Ok(if is_json(bytes) { Kind::Json } else { Kind::Text }.into());
    }
    Ok(if is_named_mp3(bytes, &declared, path) { Kind::Mp3 } else { Kind::Other }.into())
}

fn by_magic(bytes: &[u8]) -> Option<Kind> {
    let at = |offset: usize, magic: &[u8]| bytes.get(offset..offset + magic.len()) == Some(magic);
    let picture = |kind| {
        // A header that a reader of pictures does not understand belongs to something else in disguise.
        Some(if picture::dimensions(bytes, u64::MAX).is_ok() { kind } else { Kind::Other })
    };
    if at(0, b"\xff\xd8\xff") {
        picture(Kind::Jpeg)
    } else if at(0, b"\x89PNG\r\n\x1a\n") {
        if at(12, b"IHDR") { picture(Kind::Png) } else { Some(Kind::Other) }
    } else if at(0, b"GIF87a") || at(0, b"GIF89a") {
        picture(Kind::Gif)
    } else if at(0, b"RIFF") && at(8, b"WEBP") {
        picture(Kind::Webp)
    } else if at(0, b"RIFF") && at(8, b"WAVE") {
        Some(Kind::Wav)
    } else if at(4, b"ftyp") {
        by_brand(bytes.get(8..12)?)
    } else if at(4, b"moov") || at(4, b"mdat") || at(4, b"wide") {
        Some(Kind::Mov)
    } else if at(0, b"\x1a\x45\xdf\xa3") {
        let head = &bytes[..bytes.len().min(256)];
        head.windows(7).any(|window| window == b"\x42\x82\x84webm").then_some(Kind::Webm)
    } else if at(0, b"fLaC") {
        Some(Kind::Flac)
    } else if at(0, b"OggS") {
        Some(if at(28, b"OpusHead") { Kind::OggOpus } else { Kind::Ogg })
    } else if at(0, b"ID3") || is_mp3_frame(bytes) {
        Some(Kind::Mp3)
    } else {
        None
    }
}

/// The brand of an ISO media file. HEIC and AVIF pictures are `None`: they have names, but Telegram shows them as files.
fn by_brand(brand: &[u8]) -> Option<Kind> {
    match brand {
        b"qt  " => Some(Kind::Mov),
        b"M4A " | b"M4B " | b"F4A " => Some(Kind::M4a),
        b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"mif1" | b"msf1" | b"avif" | b"avis" | b"crx " | b"jp2 " => {
            None
        }
        _ => Some(Kind::Mp4),
    }
}

/// An MPEG audio frame of layer III: sync bits, then a layer, a bit rate and a sample rate that exist.
fn is_mp3_frame(bytes: &[u8]) -> bool {
    matches!(bytes, [0xff, b, c, ..] if b & 0xe6 == 0xe2 && b & 0x18 != 0x08 && c >> 4 != 0xf && c >> 4 != 0 && c & 0x0c != 0x0c)
}

/// A tag, a declaration or an instruction where the text begins, in UTF-8 or UTF-16.
fn is_markup(bytes: &[u8]) -> bool {
    let head: Vec<u8> = bytes.iter().take(4_096).copied().filter(|byte| *byte != 0).collect();
    let head = [&b"\xef\xbb\xbf"[..], b"\xff\xfe", b"\xfe\xff"]
        .iter()
        .find_map(|mark| head.strip_prefix(*mark))
        .unwrap_or(&head);
    // Browsers skip white space before the first tag; skipping every control byte errs on the safe side.
    let skipped = head.iter().take_while(|byte| **byte <= b' ').count();
    matches!(&head[skipped..], [b'<', next, ..] if next.is_ascii_alphabetic() || b"!?/%".contains(next))
}

fn is_text(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_ok_and(|text| !text.chars().any(|c| c.is_control() && !c.is_ascii_whitespace()))
}

fn is_json(bytes: &[u8]) -> bool {
    matches!(bytes.trim_ascii_start(), [b'{' | b'[', ..])
        && serde_json::from_slice::<serde::de::IgnoredAny>(bytes).is_ok()
}

/// Only MPEG audio may begin with anything, for players look for its first frame; every other format that is sent as media
/// has a header, and without one it is a document whatever its name.
fn is_named_mp3(bytes: &[u8], declared: &str, path: &str) -> bool {
    let unspecific = ["", "application/octet-stream", "binary/octet-stream"].contains(&declared);
    let extension = path.rsplit('/').next().and_then(|name| name.rsplit_once('.')).map(|(_, extension)| extension);
    let named = declared == "audio/mpeg" || (unspecific && extension.is_some_and(|it| it.eq_ignore_ascii_case("mp3")));
    named && bytes.iter().take(4_096).enumerate().any(|(at, _)| is_mp3_frame(&bytes[at..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The smallest headers that are what they say.
    const SAMPLES: [(&[u8], Kind); 21] = [
        (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xc0\x00\x11\x08\x00\x02\x00\x03\x03\x01\x22\x00\x02\x11\x01\x03\x11\x01", Kind::Jpeg),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR\x00\x00\x00\x03\x00\x00\x00\x02\x08\x02\x00\x00\x00", Kind::Png),
        (b"GIF89a\x03\x00\x02\x00\x80\x00\x00", Kind::Gif),
        (b"RIFF\x24\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x00\x00\x00\x00\x02\x00\x00\x01\x00\x00", Kind::Webp),
        (b"RIFF\x24\x00\x00\x00WAVEfmt \x10\x00\x00\x00", Kind::Wav),
        (b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00", Kind::Mp4),
        (b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00", Kind::Mp4),
        (b"\x00\x00\x00\x14ftypqt  \x00\x00\x02\x00", Kind::Mov),
        (b"\x00\x00\x00\x08wide\x00\x00\x00\x00mdat", Kind::Mov),
        (b"\x00\x00\x00\x1cftypM4A \x00\x00\x02\x00", Kind::M4a),
        (b"\x1a\x45\xdf\xa3\x01\x00\x00\x00\x00\x00\x00\x1f\x42\x86\x81\x01\x42\x82\x84webm", Kind::Webm),
        (b"fLaC\x00\x00\x00\x22", Kind::Flac),
        (b"OggS\x00\x02\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x13OpusHead", Kind::OggOpus),
        (b"OggS\x00\x02\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x1e\x01vorbis", Kind::Ogg),
        (b"ID3\x04\x00\x00\x00\x00\x00\x00", Kind::Mp3),
        (b"\xff\xfb\x90\x64\x00", Kind::Mp3),
        ("Привет".as_bytes(), Kind::Text),
        (b"{\"a\": [1]}", Kind::Json),
        (b"{not json", Kind::Text),
        (b"%PDF-1.7\n\x00", Kind::Other),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00", Kind::Other),
    ];

    #[test]
    fn the_first_bytes_decide_whatever_the_declared_type() {
        for (bytes, kind) in SAMPLES {
            for declared in ["", "text/plain", "image/png", "video/mp4"] {
                let found = recognise(bytes, declared, "/x.mp4").unwrap();
                assert_eq!(found.kind, kind, "{declared} {}", String::from_utf8_lossy(bytes));
            }
        }
    }

    #[test]
    fn names_help_where_the_bytes_are_silent() {
        let stream = b"\x00\x01\x02\x03\xff\xfb\x90\x64";
        let kind = |bytes: &[u8], declared: &str, path: &str| recognise(bytes, declared, path).unwrap().kind;
        assert_eq!(kind(stream, "audio/mpeg", "/x"), Kind::Mp3);
        assert_eq!(kind(stream, "", "/a/b.MP3"), Kind::Mp3);
        assert_eq!(kind(stream, "video/mp4", "/b.mp3"), Kind::Other);
        assert_eq!(kind(b"\x00\x01\x02", "audio/mpeg", "/b.mp3"), Kind::Other, "no frame, no music");
        assert_eq!(kind(stream, "video/mp4", "/x.mp4"), Kind::Other, "a film has a header");
    }

    /// T27: none of these may pass as media.
    #[test]
    fn egress_polyglot() {
        let wide = |text: &str, mark: &[u8]| {
            [mark.to_vec(), text.encode_utf16().flat_map(u16::to_le_bytes).collect()].concat()
        };
        let samples: Vec<(Vec<u8>, bool)> = vec![
            (b"<html><body>502</body></html>".to_vec(), true),
            (b"\xef\xbb\xbf<!DOCTYPE html>".to_vec(), true),
            (b"\n\t  \x0b\x0c<HTML>".to_vec(), true),
            (b"\x00\x00<script>alert(1)</script>".to_vec(), true),
            (b"<!-- x --><svg onload=alert(1)>".to_vec(), true),
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(), true),
            (b"<?xml version='1.0'?><svg/>".to_vec(), true),
            (b"<?php system('id'); ?>".to_vec(), true),
            (b"<Error><Code>AccessDenied</Code></Error>".to_vec(), true),
            (b"</script><script>".to_vec(), true),
            (b"<%eval request%>".to_vec(), true),
            (wide("<html>", b"\xff\xfe"), true),
            (wide("<svg>", b""), true),
            (b"MZ\x90\x00\x03\x00\x00\x00".to_vec(), false),
            (b"\x7fELF\x02\x01\x01\x00".to_vec(), false),
            (b"PK\x03\x04\x14\x00\x00\x00".to_vec(), false),
            (b"%PDF-1.4 <script>".to_vec(), false),
            (b"#!/bin/sh\nrm -rf /".to_vec(), false),
            (b"alert(document.domain)//".to_vec(), false),
            (b"GIF89a".to_vec(), false),
            (b"\xff\xd8\xff<html><script>alert(1)</script>".to_vec(), false),
            (b"\x89PNG\r\n\x1a\n<svg onload=alert(1)>".to_vec(), false),
            (b"RIFF\x00\x00\x00\x00WEBP<script>".to_vec(), false),
        ];
        for (bytes, refused) in samples {
            for declared in ["video/mp4", "image/png", "audio/mpeg", ""] {
                let found = recognise(&bytes, declared, "/result.mp4");
                let shown = String::from_utf8_lossy(&bytes);
                assert_eq!(found.is_err(), refused, "{shown}: {found:?}");
                assert!(found.is_err() || !found.unwrap().kind.is_media(), "{shown} passes as media: {found:?}");
            }
        }
        assert_eq!(recognise(b"Not found", "text/html; charset=utf-8", "/"), Err(Markup));
    }
}
