//! Files in calls: an upload, an id of this bot, or a link to fetch; with the size rules of facts/telegram.md 4.

use std::time::Duration;

use axum::body::Bytes;
use serde_json::{Map, Value, json};

use super::bot::Bot;
use super::error::ApiError;
use super::params::{Params, UPLOAD_CAP, Upload};
use crate::sandbox::files::{FileEntry, FileKind};
use crate::sandbox::world::World;

const PHOTO_CAP: usize = 10 * 1024 * 1024;
const PHOTO_BY_URL_CAP: usize = 5 * 1024 * 1024;
const FILE_BY_URL_CAP: usize = 20 * 1024 * 1024;
/// Sides that Telegram scales pictures to.
const SIZES: [u32; 3] = [90, 320, 800];

/// The file that `source` names: `attach://field`, a link, or a file id of this bot; or the upload under `field`.
pub(crate) async fn resolve(
    world: &World,
    bot: &Bot,
    params: &Params,
    field: &str,
    source: Option<&str>,
    kind: FileKind,
) -> Result<FileEntry, ApiError> {
    let attached = source.and_then(|text| text.strip_prefix("attach://")).unwrap_or(field);
    if let Some(upload) = params.files.get(attached) {
        return store(world, bot.id, kind, upload.clone());
    }
    let Some(source) = source.filter(|text| !text.is_empty()) else {
        return Err(ApiError::bad(format!("there is no {} in the request", kind.field())));
    };
    if source.starts_with("http://") || source.starts_with("https://") {
        let upload = fetch(world, source, kind).await?;
        return store(world, bot.id, kind, upload);
    }
    let wrong = || ApiError::bad("wrong file identifier/HTTP URL specified");
    let entry = world.files.get(source).ok_or_else(wrong)?;
    if entry.bot != bot.id {
        return Err(wrong());
    }
    if entry.kind != kind && (kind == FileKind::Photo || entry.kind == FileKind::Photo) {
        let (from, to) = (entry.kind.field(), kind.field());
        return Err(ApiError::bad(format!("can't use file of type {from} as {to}")));
    }
    Ok(entry)
}

/// Checks and stores content; also used for what people send.
pub(crate) fn store(world: &World, bot: i64, kind: FileKind, upload: Upload) -> Result<FileEntry, ApiError> {
    let size = upload.bytes.len();
    if size == 0 {
        return Err(ApiError::bad("file must be non-empty"));
    }
    if size > UPLOAD_CAP {
        return Err(ApiError::too_large());
    }
    let found = imagesize::blob_size(&upload.bytes).ok();
    let (width, height) = found.map_or((0, 0), |s| (side(s.width), side(s.height)));
    let mut mime = upload.mime;
    if let Some(real) =
        infer::get(&upload.bytes).filter(|_| mime == "application/octet-stream" || kind == FileKind::Photo)
    {
        real.mime_type().clone_into(&mut mime);
    }
    if kind == FileKind::Photo {
        check_photo(&upload.bytes, width, height)?;
    }
    let entry = FileEntry {
        number: 0,
        bot,
        kind,
        name: upload.name,
        mime,
        width,
        height,
        duration: 0,
        size,
        bytes: upload.bytes,
    };
    Ok(world.files.add(entry))
}

fn side(pixels: usize) -> u32 {
    u32::try_from(pixels).unwrap_or(u32::MAX)
}

fn check_photo(bytes: &[u8], width: u32, height: u32) -> Result<(), ApiError> {
    if bytes.len() > PHOTO_CAP {
        return Err(ApiError::bad(format!(
            "file of size {} bytes is too big for a photo; the maximum size is {PHOTO_CAP} bytes",
            bytes.len()
        )));
    }
    if width == 0 || height == 0 || !is_whole_picture(bytes) {
        return Err(ApiError::bad("IMAGE_PROCESS_FAILED"));
    }
    let (long, short) = (width.max(height), width.min(height));
    if u64::from(width) + u64::from(height) > 10_000 || long / short > 20 {
        return Err(ApiError::bad("PHOTO_INVALID_DIMENSIONS"));
    }
    Ok(())
}

/// A cheap stand-in for decoding: the kind is one that Telegram shows, and the file has its end.
fn is_whole_picture(bytes: &[u8]) -> bool {
    let tail = &bytes[bytes.len().saturating_sub(4_096)..];
    match infer::get(bytes).map(|kind| kind.mime_type()) {
        Some("image/png") => tail.windows(4).any(|w| w == b"IEND"),
        Some("image/jpeg") => tail.windows(2).any(|w| w == [0xFF, 0xD9]),
        Some("image/webp") => {
            let said = bytes.get(4..8).map_or(0, |b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]) as usize);
            bytes.len() >= said
        }
        Some("image/gif" | "image/bmp") => true,
        _ => false,
    }
}

async fn fetch(world: &World, link: &str, kind: FileKind) -> Result<Upload, ApiError> {
    let failed = || ApiError::bad("failed to get HTTP URL content");
    let url = url::Url::parse(link).map_err(|_| ApiError::bad("wrong HTTP URL specified"))?;
    // The sandbox has no internet: only addresses of this machine exist for it.
    let local = match url.host() {
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost",
        None => false,
    };
    if !local {
        return Err(failed());
    }
    let request = world.http.get(url.clone()).timeout(Duration::from_secs(20));
    let response = request.send().await.map_err(|_| failed())?;
    if !response.status().is_success() {
        return Err(failed());
    }
    let mime = response.headers().get("content-type").and_then(|v| v.to_str().ok()).unwrap_or("").to_owned();
    let cap = if kind == FileKind::Photo { PHOTO_BY_URL_CAP } else { FILE_BY_URL_CAP };
    let bytes = read_capped(response, cap).await.ok_or_else(failed)?;
    check_fetched(&mime, &bytes, kind)?;
    let name = url.path_segments().and_then(|mut s| s.next_back()).filter(|n| !n.is_empty()).unwrap_or("file");
    Ok(Upload { name: name.to_owned(), mime, bytes })
}

async fn read_capped(mut response: reqwest::Response, cap: usize) -> Option<Bytes> {
    let mut all = Vec::new();
    while let Some(chunk) = response.chunk().await.ok()? {
        all.extend_from_slice(&chunk);
        if all.len() > cap {
            return None;
        }
    }
    Some(all.into())
}

fn check_fetched(mime: &str, bytes: &[u8], kind: FileKind) -> Result<(), ApiError> {
    let wrong = || ApiError::bad("wrong type of the web page content");
    let real = infer::get(bytes).map_or("", |k| k.mime_type());
    let good = match kind {
        FileKind::Photo => real.starts_with("image/"),
        FileKind::Document => matches!(real, "image/gif" | "application/pdf" | "application/zip"),
        FileKind::Video | FileKind::Animation => real.starts_with("video/") || real == "image/gif",
        FileKind::Audio | FileKind::Voice => real.starts_with("audio/") || mime.starts_with("audio/"),
        FileKind::Sticker => real == "image/webp",
    };
    if good { Ok(()) } else { Err(wrong()) }
}

/// The fields of a message that carry this file. `params`: what the sender says of it (duration, title …).
pub(crate) fn content(entry: &FileEntry, said: &Map<String, Value>) -> Map<String, Value> {
    let mut content = Map::new();
    let field = entry.kind.field();
    if entry.kind == FileKind::Photo {
        content.insert(field.to_owned(), photo_sizes(entry));
        return content;
    }
    let number = |name: &str, other: u32| {
        let value = said.get(name);
        let value = value.and_then(|v| v.as_u64().or_else(|| v.as_str()?.parse().ok()));
        value.unwrap_or_else(|| u64::from(other))
    };
    let mut file = json!({
        "file_id": entry.file_id(),
        "file_unique_id": entry.unique_id(),
        "file_size": entry.size,
        "mime_type": entry.mime,
    });
    if entry.kind != FileKind::Voice && entry.kind != FileKind::Sticker {
        file["file_name"] = Value::from(entry.name.as_str());
    }
    match entry.kind {
        FileKind::Video | FileKind::Animation => {
            file["width"] = number("width", 640).into();
            file["height"] = number("height", 360).into();
            file["duration"] = number("duration", entry.duration).into();
        }
        FileKind::Audio | FileKind::Voice => {
            file["duration"] = number("duration", entry.duration).into();
            for name in ["title", "performer"] {
                if let (FileKind::Audio, Some(text)) = (entry.kind, said.get(name).and_then(Value::as_str)) {
                    file[name] = Value::from(text);
                }
            }
        }
        FileKind::Sticker => {
            file["width"] = entry.width.max(1).into();
            file["height"] = entry.height.max(1).into();
            file["type"] = "regular".into();
            file["is_animated"] = false.into();
            file["is_video"] = false.into();
        }
        FileKind::Photo | FileKind::Document => (),
    }
    if entry.kind == FileKind::Animation {
        // Telegram repeats an animation as a document, for older readers.
        content.insert("document".to_owned(), file.clone());
    }
    content.insert(field.to_owned(), file);
    content
}

/// Telegram's `PhotoSize`s, smallest first. All point at the same bytes: only the largest size is real here.
fn photo_sizes(entry: &FileEntry) -> Value {
    let longest = entry.width.max(entry.height).max(1);
    let size = |side: u32| {
        let scaled = |pixels: u32| (u64::from(pixels) * u64::from(side) / u64::from(longest)).max(1);
        json!({
            "file_id": entry.file_id(),
            "file_unique_id": entry.unique_id(),
            "width": scaled(entry.width),
            "height": scaled(entry.height),
            "file_size": entry.size,
        })
    };
    let mut sizes: Vec<Value> = SIZES.iter().filter(|side| **side < longest).map(|side| size(*side)).collect();
    sizes.push(size(longest));
    Value::Array(sizes)
}
