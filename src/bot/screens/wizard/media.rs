//! Files for the wizard. A file is fetched by a job, never inside the update's transaction: the step says that it is on its
//! way, and [`files_arrived`] goes on when the worker has it. The parts of an album are put aside first and answered once
//! (decisions.md 19).

mod arrived;

pub use arrived::{Fetched, files_arrived};

use super::input::{again, refusal};
use super::{Work, answered, pressed, step};
use crate::bot::error::TurnError;
use crate::bot::jobs::{self, Asked, FetchUpload, Gather, Gathered, SentFile};
use crate::bot::screens::models::find;
use crate::bot::session::{Album, Stage, Unfit};
use crate::bot::turn::{Turn, arg};
use crate::bot::update::{Message, TelegramFile};
use crate::catalog::{FileValue, Media, Param, ParamKind, Refusal, Selection, Value, is_needed};
use crate::domain::outgoing::{Keyboard, Track};
use crate::texts::Words;

/// Takes a message at a step that waits for a file.
pub(super) async fn input(
    turn: &mut Turn<'_>,
    work: Work<'_>,
    param: &Param,
    message: &Message,
) -> Result<(), TurnError> {
    let sent = fitting(param, message, files_of(&work.draft.selection, param).len());
    if let Some(album) = &message.media_group_id {
        return collect(turn, work, album, sent).await;
    }
    match sent {
        Ok(file) => {
            let by = turn.incoming.update.to_string();
            fetch(turn, work, param, (vec![file], Vec::new()), &by).await?;
            on_its_way(turn);
            Ok(())
        }
        Err(Unfit::Kind) if work.draft.fetching > 0 => {
            on_its_way(turn);
            Ok(())
        }
        Err(unfit) => {
            let said = unfit_words(turn.words(), param, unfit);
            again(turn, work, said).await
        }
    }
}

fn on_its_way(turn: &mut Turn<'_>) {
    turn.say(turn.words().get("step-fetching"), Keyboard::new(), Track::Nothing);
}

/// The file of a message, if it may be one for the parameter.
fn fitting(param: &Param, message: &Message, have: usize) -> Result<SentFile, Unfit> {
    let ParamKind::Files { media, max_mb, max_items, .. } = &param.kind else { return Err(Unfit::Kind) };
    let sent = match media {
        Media::Image => message.picture(),
        Media::Video => message.film(),
        Media::Audio => message.sound(),
    };
    let file = sent.ok_or(Unfit::Kind)?;
    if is_apple_photo(file) {
        return Err(Unfit::ApplePhoto);
    }
    if file.file_size.is_some_and(|bytes| bytes > i64::from(*max_mb) * 1024 * 1024) {
        return Err(Unfit::TooBig);
    }
    if *max_items > 1 && have >= *max_items {
        return Err(Unfit::TooMany);
    }
    Ok(file.into())
}

fn is_apple_photo(file: &TelegramFile) -> bool {
    file.mime_type.as_deref().is_some_and(|mime| {
        let mime = mime.to_ascii_lowercase();
        mime.contains("heic") || mime.contains("heif")
    })
}

/// Why a file is not fetched, in words.
fn unfit_words(words: Words<'_>, param: &Param, unfit: Unfit) -> String {
    let ParamKind::Files { media, max_mb, max_items, .. } = &param.kind else { return String::new() };
    match unfit {
        Unfit::Kind => refusal(words, param, &Refusal::ExpectedFile(*media)),
        Unfit::ApplePhoto => words.get("file-as-photo"),
        Unfit::TooBig => refusal(words, param, &Refusal::FileTooBig { max_mb: *max_mb }),
        Unfit::TooMany => refusal(words, param, &Refusal::TooManyFiles { max: *max_items }),
    }
}

/// Puts a part of an album aside. Telegram sends the next part when this one is acknowledged, so nothing can wait for it here:
/// a job looks at what has come a moment later.
async fn collect(
    turn: &mut Turn<'_>,
    work: Work<'_>,
    id: &str,
    sent: Result<SentFile, Unfit>,
) -> Result<(), TurnError> {
    let known = turn.session.album.take().filter(|album| album.id == id);
    let mut album = known.unwrap_or_else(|| Album { id: id.to_owned(), files: Vec::new(), wrong: Vec::new() });
    match sent {
        Ok(file) => album.files.push(file),
        Err(unfit) if !album.wrong.contains(&unfit) => album.wrong.push(unfit),
        Err(_) => {}
    }
    turn.session.album = Some(album);
    turn.session.draft = Some(work.draft);
    turn.stay_silent();
    let job = Gather { user: turn.user.user_id, what: Gathered::Album(id.to_owned()) };
    let by = turn.incoming.update.to_string();
    let asked = Asked { by: &by, corr: &turn.corr, run_at: turn.now.plus(turn.platform.settings.bot.album_wait) };
    jobs::put_gather(turn.tx, &job, asked, turn.now).await?;
    Ok(())
}

/// No more parts of an album are expected: what has come of it is fetched together. `by` names the job that says so.
pub async fn album_gathered(turn: &mut Turn<'_>, id: &str, by: &str) -> Result<(), TurnError> {
    let Some(album) = turn.session.album.as_mut().filter(|album| album.id == id) else { return Ok(()) };
    let (files, wrong) = (std::mem::take(&mut album.files), std::mem::take(&mut album.wrong));
    let Some(draft) = turn.session.draft.clone() else { return Ok(()) };
    let Ok(model) = find(turn, &draft.model) else { return Ok(()) };
    let work = Work { draft, model };
    let Some((param, _)) = file_step(&work) else { return Ok(()) };
    if files.is_empty() {
        for unfit in &wrong {
            turn.notice(unfit_words(turn.words(), param, *unfit));
        }
        return if wrong.is_empty() { Ok(()) } else { step::ask(turn, work, &param.name).await };
    }
    fetch(turn, work, param, (files, wrong), by).await
}

/// Puts the job that fetches as many files as the parameter takes.
async fn fetch(
    turn: &mut Turn<'_>,
    mut work: Work<'_>,
    param: &Param,
    (mut files, mut wrong): (Vec<SentFile>, Vec<Unfit>),
    by: &str,
) -> Result<(), TurnError> {
    let ParamKind::Files { max_items, .. } = &param.kind else { return Ok(()) };
    let have = if *max_items > 1 { files_of(&work.draft.selection, param).len() } else { 0 };
    if files.len() > max_items.saturating_sub(have) {
        files.truncate(max_items.saturating_sub(have));
        wrong.push(Unfit::TooMany);
    }
    let (user, model, param) = (turn.user.user_id, work.model.id.clone(), param.name.clone());
    let job = FetchUpload { user, model, param, files, wrong };
    let asked = Asked { by, corr: &turn.corr, run_at: turn.now };
    jobs::put(turn.tx, &job, asked, turn.now).await?;
    turn.wake_workers();
    work.draft.fetching = work.draft.fetching.saturating_add(1);
    turn.session.draft = Some(work.draft);
    Ok(())
}

fn files_of<'s>(selection: &'s Selection, param: &Param) -> &'s [FileValue] {
    selection.get(&param.name).map(Value::files).unwrap_or_default()
}

/// `add_image`, `add_audio`, `add_video`: one more file, or another one.
pub async fn add_media(turn: &mut Turn<'_>) -> Result<(), TurnError> {
    let Some(work) = pressed(turn).await? else { return Ok(()) };
    let words = turn.words();
    let Some((param, max)) = file_step(&work) else { return not_here(turn, work).await };
    let have = files_of(&work.draft.selection, param).len();
    if max > 1 && have >= max {
        turn.toast(words.plain("media-limit", arg("max", max)));
        return Ok(());
    }
    if max > 1 {
        turn.notice(words.fmt("step-ask-more-images", arg("n", max - have)));
    }
    step::ask(turn, work, &param.name).await
}

/// `image_done`: what was sent is all.
pub async fn media_done(turn: &mut Turn<'_>) -> Result<(), TurnError> {
    let Some(work) = pressed(turn).await? else { return Ok(()) };
    let Some((param, _)) = file_step(&work) else { return not_here(turn, work).await };
    if files_of(&work.draft.selection, param).is_empty() && is_needed(work.model, work.draft.gen_type, param) {
        turn.alert(turn.words().get("param-required"));
        return Ok(());
    }
    answered(turn, work, &param.name).await
}

/// `skip_image` and its kin: an optional file is left out.
pub async fn skip_media(turn: &mut Turn<'_>) -> Result<(), TurnError> {
    let Some(mut work) = pressed(turn).await? else { return Ok(()) };
    let Some((param, _)) = file_step(&work) else { return not_here(turn, work).await };
    if is_needed(work.model, work.draft.gen_type, param) {
        turn.alert(turn.words().get("param-required"));
        return Ok(());
    }
    work.draft.selection.remove(&param.name);
    answered(turn, work, &param.name).await
}

/// The file parameter that the draft stands at, and how many files it takes.
fn file_step<'a>(work: &Work<'a>) -> Option<(&'a Param, usize)> {
    let param = work.param().filter(|_| matches!(work.draft.stage, Stage::Step { .. }))?;
    match &param.kind {
        ParamKind::Files { max_items, .. } => Some((param, *max_items)),
        _ => None,
    }
}

async fn not_here(turn: &mut Turn<'_>, work: Work<'_>) -> Result<(), TurnError> {
    turn.toast(turn.words().get("stale-button"));
    super::show_current(turn, work).await
}
