//! What a person may send: right answers to a step, and everything else.

use botyard::sandbox::SandboxClient;
use rand::RngExt as _;
use rand::rngs::StdRng;
use serde_json::json;

use super::shown::Shown;

/// One thing to send.
#[derive(Debug, Clone)]
pub(super) enum Input {
    Text(String),
    /// Message content word for word: stickers, contacts, what Telegram invents next.
    Content(&'static str, serde_json::Value),
    /// A file: Telegram's kind, name, bytes.
    File(&'static str, &'static str, Vec<u8>),
    /// Several pictures as one album.
    Album(usize),
}

/// A film that a player would open, as the sandbox's provider makes them.
const FILM: &[u8] = include_bytes!("../../../src/sandbox/assets/film.mp4");

impl Input {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// For the report.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Text(text) => format!("«{}»", text.chars().take(40).collect::<String>()),
            Self::Content(name, _) => format!("[{name}]"),
            Self::File(kind, name, _) => format!("[{kind} {name}]"),
            Self::Album(n) => format!("[album of {n}]"),
        }
    }

    /// Words of the robot's that may come back.
    pub(super) fn words(&self) -> Option<String> {
        match self {
            Self::Text(text) if !text.starts_with('/') => Some(text.trim().to_owned()),
            _ => None,
        }
    }

    pub(super) async fn send(&self, world: &SandboxClient, bot: &str, user: i64) {
        match self {
            Self::Text(text) => drop(world.send_text(bot, user, text).await.unwrap()),
            Self::Content(_, content) => drop(world.send_content(bot, user, content).await.unwrap()),
            Self::File(kind, name, bytes) => {
                world.send_file(bot, user, kind, name, bytes.clone(), "").await.unwrap();
            }
            Self::Album(n) => {
                let files = (0..*n).map(|k| (format!("{k}.png"), picture(k))).collect();
                world.send_files(bot, user, "photo", files, "").await.unwrap();
            }
        }
    }
}

/// A small picture; each shade is another file.
pub(super) fn picture(shade: usize) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let shade = u8::try_from(shade % 256).unwrap();
    image::RgbImage::from_pixel(48, 48, image::Rgb([shade, 90, 200]))
        .write_to(&mut bytes, image::ImageFormat::Png)
        .unwrap();
    bytes.into_inner()
}

/// Two seconds of silence.
fn sound() -> Vec<u8> {
    let samples = 16_000_u32;
    let mut wav = Vec::new();
    wav.extend_from_slice(b"RIFF");
    wav.extend_from_slice(&(36 + samples * 2).to_le_bytes());
    wav.extend_from_slice(b"WAVEfmt ");
    for (value, bytes) in [(16, 4), (1, 2), (1, 2), (8_000, 4), (16_000, 4), (2, 2), (16, 2)] {
        wav.extend_from_slice(&u32::to_le_bytes(value)[..bytes]);
    }
    wav.extend_from_slice(b"data");
    wav.extend_from_slice(&(samples * 2).to_le_bytes());
    wav.resize(wav.len() + samples as usize * 2, 0);
    wav
}

/// The right answer to a wizard's step that waits for words or a file; `None` for other screens.
pub(super) fn answer(step: &Shown) -> Option<Input> {
    let plain = step.plain();
    let title = plain.lines().next().unwrap_or_default();
    if !title.starts_with("📝 ") && !title.starts_with("✏️ ") {
        return None;
    }
    plain.lines().skip(1).find_map(|line| {
        let mut chars = line.chars();
        Some(match chars.next()? {
            '✍' => Input::text("robot-17"),
            '🔢' => Input::text(least(&plain)),
            '🔗' => Input::text(format!(
                "{}robot-17",
                line.split_whitespace().find(|w| w.starts_with("https"))?.trim_end_matches('…')
            )),
            '🖼' => Input::File("photo", "p.png", picture(7)),
            '🎤' => Input::File("audio", "a.wav", sound()),
            '🎬' => Input::File("video", "v.mp4", FILM.to_vec()),
            _ => return None,
        })
    })
}

/// The first number of the line with the limits.
fn least(text: &str) -> String {
    let limits = text.lines().find(|line| line.starts_with('📏')).unwrap_or_default();
    let number = limits.split_whitespace().find(|word| word.starts_with(|c: char| c.is_ascii_digit()));
    number.unwrap_or("1").trim_end_matches([',', '.']).to_owned()
}

/// The words of decisions that robots type, right and wrong.
const WORDS: [&str; 24] = [
    "robot-17",
    "1",
    "0",
    "-5",
    "3.5",
    "50",
    "99,99",
    "1e9",
    "999999999999999999999999",
    "NaN",
    "٣٤",
    "16:9",
    "да",
    "yes",
    "отмена",
    "стоп",
    "<b>x</b> & <i>y",
    "https://example.com/a?b=c&d",
    "https://",
    "@nobody",
    "WELCOME 50 100 1 30",
    "🙂🙃",
    "{$x} { $price }",
    "robot-17\nrobot-18\n\nrobot-19",
];

/// Something at random: texts, files, stickers, numbers, what Telegram has besides.
pub(super) fn wrong(dice: &mut StdRng) -> Input {
    match dice.random_range(0..20) {
        0..11 => Input::text(WORDS[dice.random_range(0..WORDS.len())]),
        11 => Input::text("robot ".repeat(dice.random_range(1..600))),
        12 => Input::Content(
            "sticker",
            json!({"sticker": {"file_id": "s", "file_unique_id": "s", "width": 1, "height": 1,
            "type": "regular", "is_animated": false, "is_video": false}}),
        ),
        13 => Input::Content("contact", json!({"contact": {"phone_number": "15550100", "first_name": "R"}})),
        14 => Input::Content("location", json!({"location": {"latitude": 1.0, "longitude": 2.0}})),
        15 => Input::Content("a kind of the future", json!({"hologram": {"depth": 3}})),
        16 => Input::File("photo", "p.png", picture(dice.random_range(0..256))),
        17 => Input::File("document", "page.png", b"<html><body>no picture</body></html>".to_vec()),
        18 => Input::File("voice", "v.ogg", b"OggS-not-really".to_vec()),
        _ => Input::Album(dice.random_range(2..5)),
    }
}
