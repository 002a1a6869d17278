//! What a finished task gives: links, and the bytes behind them, made from the prompt when asked for.

use bytes::Bytes;
use serde_json::{Value, json};

use super::picture::{self, Format};
use super::sound;
use super::task::{End, Kind, Task};
use crate::sandbox::wire::Outcome;

/// Three seconds of a slow zoom into a painted landscape, made once with ffmpeg (see `assets/README.md`).
const FILM: &[u8] = include_bytes!("../assets/film.mp4");

/// How many outputs a request asks for.
pub(super) fn count(kind: Kind, request: &Value) -> u32 {
    let input = request.get("input").unwrap_or(request);
    let asked = ["num_images", "max_images", "nVariants", "n"].iter().find_map(|name| {
        let value = input.get(*name)?;
        value.as_u64().or_else(|| value.as_str()?.parse().ok())
    });
    match kind {
        Kind::Image => u32::try_from(asked.unwrap_or(1).clamp(1, 6)).unwrap_or(1),
        Kind::Video | Kind::Audio | Kind::Text => 1,
    }
}

/// Links of a successful task; none before, and none for an empty result.
pub(super) fn links(base: &str, task: &Task) -> Vec<String> {
    let failed = matches!(task.end, Some(End::Fail(..)));
    if failed || task.fault.outcome == Outcome::Empty || task.kind == Kind::Text {
        return Vec::new();
    }
    let usual = task.kind.extension(&task.request);
    let extension = |n: u32| task.fault.files.get(n as usize).map_or(usual, |file| file.extension.as_str());
    (0..task.outputs).map(|n| format!("{base}/files/results/{}-{n}.{}", task.id, extension(n))).collect()
}

/// A still beside a song or film.
pub(super) fn cover(base: &str, task: &Task, number: usize) -> String {
    format!("{base}/files/results/{}-{number}.jpg", task.id)
}

/// The first characters of a text.
pub(super) fn short(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}

/// `resultObject` of speech recognition.
pub(super) fn transcript(task: &Task) -> Value {
    if task.fault.outcome == Outcome::Empty {
        return json!({});
    }
    let words = ["Привет!", "Это", "расшифровка", "из", "песочницы."];
    let spoken: Vec<Value> = words
        .iter()
        .enumerate()
        .map(|(n, word)| json!({"text": word, "start": n as f64 * 0.5, "end": n as f64 * 0.5 + 0.4, "type": "word"}))
        .collect();
    json!({
        "language_code": "rus",
        "language_probability": 0.98,
        "text": words.join(" "),
        "words": spoken,
    })
}

/// MIME type and bytes of a result file; `None` for a name that the task does not have.
pub(super) fn make(task: &Task, number: usize, name: &str, side: u32) -> Option<(String, Bytes)> {
    if let Some(given) = task.fault.files.get(number) {
        return Some((given.mime.clone(), given.bytes().into()));
    }
    let (mime, bytes) = draw(task, number, name, side)?;
    Some((mime.to_owned(), bytes))
}

fn draw(task: &Task, number: usize, name: &str, side: u32) -> Option<(&'static str, Bytes)> {
    let seed = seed(&format!("{}\0{}\0{number}", task.prompt(), task.id));
    let extension = name.rsplit_once('.').map_or("", |(_, e)| e);
    if number >= task.outputs as usize {
        return None;
    }
    match (task.kind, extension) {
        (_, "jpg") => Some(("image/jpeg", drawn(task, seed, side, Format::Jpeg)?)),
        (Kind::Image, "png") => Some(("image/png", drawn(task, seed, side, Format::Png)?)),
        (Kind::Audio, "wav") => Some(("audio/wav", sound::melody(seed).into())),
        (Kind::Video, "mp4") => Some(("video/mp4", Bytes::from_static(FILM))),
        _ => None,
    }
}

fn drawn(task: &Task, seed: u64, side: u32, format: Format) -> Option<Bytes> {
    let (width, height) = size(task, side);
    picture::draw(&task.prompt(), seed, width, height, format).map(Bytes::from)
}

/// FNV-1a: the same prompt and task always give the same picture.
pub(super) fn seed(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Pixels by the request's aspect ratio, the longer side being `side`.
fn size(task: &Task, side: u32) -> (u32, u32) {
    let named = ["aspect_ratio", "aspectRatio", "image_size", "size"];
    let asked = named.iter().find_map(|name| task.field(name)?.as_str());
    let usual = if task.kind == Kind::Video { (16, 9) } else { (1, 1) };
    let (w, h) = asked.and_then(ratio).unwrap_or(usual);
    let scaled = |part: u32, whole: u32| (side * part / whole).max(16);
    if w >= h { (side, scaled(h, w)) } else { (scaled(w, h), side) }
}

/// `16:9`, `1024x768`, `portrait_16_9` (which is 9:16), `square_hd`, `landscape`.
fn ratio(text: &str) -> Option<(u32, u32)> {
    let pair = |text: &str, by: char| {
        let (a, b) = text.split_once(by)?;
        let (a, b): (u32, u32) = (a.parse().ok()?, b.parse().ok()?);
        (a > 0 && b > 0 && a.max(b) / a.min(b) <= 20).then_some((a, b))
    };
    if text.starts_with("square") {
        return Some((1, 1));
    }
    if let Some(rest) = text.strip_prefix("portrait") {
        let (a, b) = pair(rest.trim_start_matches('_'), '_').unwrap_or((9, 16));
        return Some((a.min(b), a.max(b)));
    }
    if let Some(rest) = text.strip_prefix("landscape") {
        let (a, b) = pair(rest.trim_start_matches('_'), '_').unwrap_or((16, 9));
        return Some((a.max(b), a.min(b)));
    }
    pair(text, ':').or_else(|| pair(text, 'x'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_a_ratio_is_understood() {
        for (text, wanted) in [
            ("16:9", Some((16, 9))),
            ("1024x768", Some((1024, 768))),
            ("portrait_16_9", Some((9, 16))),
            ("landscape_4_3", Some((4, 3))),
            ("landscape", Some((16, 9))),
            ("square_hd", Some((1, 1))),
            ("auto", None),
            ("1:0", None),
        ] {
            assert_eq!(ratio(text), wanted, "{text}");
        }
    }
}
