//! Composing a broadcast: a text with Telegram's marks, with a picture or without. What was written is kept as a draft and sent
//! to its author by the bot: that message is the preview, and it is what everybody gets a copy of.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use super::{hands, id};
use crate::args;
use crate::bot::acts;
use crate::bot::acts::broadcast::{Draft, Refused};
use crate::bot::screens::broadcasts::pace;
use crate::clients::media::kind::recognise;
use crate::clients::media::picture::{MAX_PIXELS, dimensions};
use crate::domain::markup::MarkupError;
use crate::domain::{ChatId, MediaId, MediaPurpose};
use crate::generation::{Stored, quota};
use crate::texts::Words;
use crate::web::extract::{At, OurForm, OurUpload};
use crate::web::failure::Failure;
use crate::web::pages::panel::generations::unreadable;
use crate::web::pages::shell::Shell;
use crate::web::pages::{html, nav};

/// How long the picture of a draft is kept; what was sent is Telegram's from then on.
const KEPT: std::time::Duration = std::time::Duration::from_hours(24 * 14);
/// Width and height together, and how much longer one side may be: more Telegram takes for no picture.
const SIDES: u32 = 10_000;
const RATIO: u32 = 20;

/// How each mark is typed, and the text that names it.
const MARKS: [(&str, &str); 8] = [
    ("<b>…</b>", "panel-broadcast-mark-bold"),
    ("<i>…</i>", "panel-broadcast-mark-italic"),
    ("<u>…</u>", "panel-broadcast-mark-under"),
    ("<s>…</s>", "panel-broadcast-mark-struck"),
    ("<code>…</code>", "panel-broadcast-mark-code"),
    ("<blockquote>…</blockquote>", "panel-broadcast-mark-quote"),
    ("<tg-spoiler>…</tg-spoiler>", "panel-broadcast-mark-spoiler"),
    ("<a href=\"https://…\">…</a>", "panel-broadcast-mark-link"),
];

/// The page.
#[derive(Template)]
#[template(path = "pages/panel/broadcast_new.html")]
struct Compose<'a> {
    shell: Shell<'a>,
    text: String,
    wrong: Option<String>,
    /// How each mark is typed, and what it is called.
    marks: Vec<(&'static str, String)>,
    /// The draft whose picture stays unless another one is chosen.
    keeps: Option<String>,
    base: String,
}

/// An empty form, or a draft's own words to change.
pub(in crate::web) async fn show(at: At) -> Result<Response, Failure> {
    if let Some(refused) = closed(&at) {
        return Ok(refused);
    }
    let from = match at.asked("from") {
        Some(from) => {
            acts::broadcast::draft(&mut at.reads().await?, &at.tenant, &id(from)?).await.map_err(unreadable)?
        }
        None => None,
    };
    let keeps = from.as_ref().and_then(|draft| draft.picture.as_ref()).and(at.asked("from")).map(str::to_owned);
    let page = view(&at, from.map(|draft| draft.text).unwrap_or_default(), None, keeps);
    Ok(html(StatusCode::OK, &page))
}

/// Why nothing can be composed here by this person now.
fn closed(at: &At) -> Option<Response> {
    if pace(at.platform(), &at.tenant).is_none() {
        return Some(at.problem("broadcasts", "broadcast-off"));
    }
    // The preview is a message to its author: whoever came by a link of the machine's own has no chat.
    at.user().is_none().then(|| at.problem("broadcasts", "broadcast-no-chat"))
}

fn view(at: &At, text: String, wrong: Option<String>, keeps: Option<String>) -> Compose<'_> {
    let shell = Shell::at(at, nav::BROADCASTS, at.words().get("panel-broadcast-new"));
    let marks = MARKS.iter().map(|(typed, key)| (*typed, at.words().get(key))).collect();
    Compose { shell, text, wrong, marks, keeps, base: at.url("") }
}

/// Keeps what was written and sends it to its author, or shows it again with what is wrong.
pub(in crate::web) async fn keep(at: At, upload: OurUpload) -> Result<Response, Failure> {
    let OurUpload { form, file } = upload;
    let Some(author) = at.user().filter(|_| closed(&at).is_none()) else {
        return Ok(closed(&at).unwrap_or_else(|| at.problem("broadcasts", "broadcast-off")));
    };
    let text = form.text("text").replace("\r\n", "\n");
    let earlier = kept(&at, &form).await?;
    let mime = file.as_ref().map(|content| picture(content));
    let full = file.is_some() && quota::storage(&mut at.reads().await?, &at.tenant).await?.is_spent();
    let wrong = match (mime, acts::broadcast::read(&text, file.is_some() || earlier.is_some())) {
        _ if full => Ok(at.words().get("panel-broadcast-no-room")),
        (Some(None), _) => Ok(at.words().get("panel-broadcast-bad-picture")),
        (_, Err(refused)) => Ok(why(at.words(), &refused)),
        (_, Ok(read)) => Err(read),
    };
    let read = match wrong {
        Err(read) => read,
        Ok(wrong) => {
            let keeps = earlier.and(Some(form.text("keeps").to_owned()));
            return Ok(html(StatusCode::UNPROCESSABLE_ENTITY, &view(&at, text, Some(wrong), keeps)));
        }
    };
    let stored = match (file, mime.flatten()) {
        (Some(content), Some(mime)) => Some(store(&at, mime, &content).await?),
        _ => None,
    };
    let mut tx = at.writes().await?;
    let mut draft = Draft { text, picture: earlier };
    if let Some(stored) = stored {
        stored.record(&mut tx, at.now.plus(KEPT), at.now).await?;
        draft.picture = Some((stored.id, stored.mime));
    }
    let id = acts::broadcast::compose(&mut tx, &hands(&at), author, &draft, &read).await.map_err(unreadable)?;
    tx.commit().await?;
    at.platform().signals.chat(&at.tenant.id, ChatId::from(author));
    Ok(at.done(&format!("broadcasts/{}", id.short()), "broadcast-kept"))
}

/// The picture of the draft that is being changed, while its file is still there.
async fn kept(at: &At, form: &OurForm) -> Result<Option<(MediaId, String)>, Failure> {
    let from = form.text("keeps");
    if from.is_empty() || form.ticked("without") {
        return Ok(None);
    }
    let mut tx = at.reads().await?;
    let draft = acts::broadcast::draft(&mut tx, &at.tenant, &id(from)?).await.map_err(unreadable)?;
    let Some((media, mime)) = draft.and_then(|draft| draft.picture) else { return Ok(None) };
    let there = tx.media_get(&media).await?.is_some_and(|row| row.expires_at > at.now);
    Ok(there.then_some((media, mime)))
}

async fn store(at: &At, mime: &str, content: &[u8]) -> Result<Stored, Failure> {
    at.state.media.put(&at.tenant, MediaPurpose::Upload, mime, content).await.map_err(|error| {
        tracing::error!(%error, "the picture of a draft could not be kept");
        Failure::Broken
    })
}

/// The MIME type of what Telegram takes as a picture. `None`: it takes this for none.
fn picture(content: &[u8]) -> Option<&'static str> {
    let found = recognise(content, "", "").ok().filter(|found| found.kind.is_picture())?;
    let size = dimensions(content, MAX_PIXELS).ok()?;
    let (short, long) = (size.width.min(size.height), size.width.max(size.height));
    (short.saturating_add(long) <= SIDES && long <= short.saturating_mul(RATIO)).then_some(found.mime)
}

/// Why it cannot be sent, in words.
fn why(words: Words<'_>, refused: &Refused) -> String {
    match refused {
        Refused::Empty => words.get("panel-broadcast-bad-empty"),
        Refused::TooLong(length, most) => words.plain("panel-broadcast-bad-long", args![n = *length, most = *most]),
        Refused::Marks(MarkupError::Open(tag)) => {
            words.plain("panel-broadcast-bad-mark", args![tag = (*tag).to_owned()])
        }
        Refused::Marks(MarkupError::Link) => words.get("panel-broadcast-bad-link"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = std::io::Cursor::new(Vec::new());
        image::RgbImage::new(width, height).write_to(&mut bytes, image::ImageFormat::Png).unwrap();
        bytes.into_inner()
    }

    #[test]
    fn only_what_telegram_takes_as_a_picture_is_one() {
        assert_eq!(picture(&png(64, 48)), Some("image/png"));
        assert_eq!(picture(&png(2_100, 100)), None, "longer than twenty times its width");
        assert_eq!(picture(&png(9_990, 600)), None, "wider and higher than ten thousand together");
        assert_eq!(picture(b"<svg xmlns='http://www.w3.org/2000/svg'/>"), None);
        assert_eq!(picture(b"GIF89a\x03\0\x02\0\0\0\0"), None);
        assert_eq!(picture(b""), None);
    }
}
