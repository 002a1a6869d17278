//! Files for the wizard. A file is fetched by a job, never inside the update's transaction: the step says that it is on its
//! way, and [`file_arrived`] goes on when the worker has it (decisions.md 19).

use super::input::{again, refusal};
use super::{Work, answered, pressed, step};
use crate::bot::error::TurnError;
use crate::bot::jobs::{self, FetchUpload};
use crate::bot::screens::models::find;
use crate::bot::session::Stage;
use crate::bot::turn::{Turn, arg};
use crate::bot::update::{Message, TelegramFile};
use crate::catalog::{
    FileValue, Media, Model, Param, ParamKind, QuantityError, Refusal, Selection, Value, check_file, is_needed,
    quantity,
};
use crate::domain::outgoing::{Keyboard, Track};
use crate::texts::Words;

/// What became of fetching a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fetched {
    /// It is in the tenant's store.
    Ok(FileValue),
    /// It is larger than Telegram gives to bots or than the model takes.
    TooBig,
    /// Its first bytes are of another kind than it was sent as.
    WrongType,
    /// It could not be downloaded, although it was tried again.
    NotFetched,
}

/// Takes a message at a step that waits for a file.
pub(super) async fn input(
    turn: &mut Turn<'_>,
    work: Work<'_>,
    param: &Param,
    message: &Message,
) -> Result<(), TurnError> {
    let ParamKind::Files { media, max_mb, max_items, .. } = &param.kind else { return Ok(()) };
    let words = turn.words();
    let sent = match media {
        Media::Image => message.picture(),
        Media::Video => message.film(),
        Media::Audio => message.sound(),
    };
    let Some(file) = sent else {
        return again(turn, work, refusal(words, param, &Refusal::ExpectedFile(*media))).await;
    };
    if is_apple_photo(file) {
        return again(turn, work, words.get("file-as-photo")).await;
    }
    if file.file_size.is_some_and(|bytes| bytes > i64::from(*max_mb) * 1024 * 1024) {
        return again(turn, work, refusal(words, param, &Refusal::FileTooBig { max_mb: *max_mb })).await;
    }
    let have = files_of(&work.draft.selection, param).len();
    if *max_items > 1 && have >= *max_items {
        return again(turn, work, refusal(words, param, &Refusal::TooManyFiles { max: *max_items })).await;
    }
    fetch(turn, work, param, file, message.media_group_id.as_deref()).await
}

/// Puts the job and says so; the parts of an album are told of once.
async fn fetch(
    turn: &mut Turn<'_>,
    mut work: Work<'_>,
    param: &Param,
    file: &TelegramFile,
    album: Option<&str>,
) -> Result<(), TurnError> {
    let job = FetchUpload {
        user: turn.user.user_id,
        model: work.model.id.clone(),
        param: param.name.clone(),
        file_id: file.file_id.clone(),
        file_unique_id: file.file_unique_id.clone(),
        claimed_mime: file.mime_type.clone(),
        size: file.file_size,
        duration_s: file.duration,
    };
    jobs::put(turn.tx, &job, turn.incoming.update, &turn.corr, turn.now).await?;
    turn.wake_workers();
    let same_album = album.is_some() && turn.session.album.as_deref() == album;
    work.draft.fetching = if same_album { work.draft.fetching.saturating_add(1) } else { 1 };
    turn.session.album = album.map(str::to_owned);
    turn.session.draft = Some(work.draft);
    if same_album {
        turn.stay_silent();
    } else {
        turn.say(turn.words().get("step-fetching"), Keyboard::new(), Track::Nothing);
    }
    Ok(())
}

fn is_apple_photo(file: &TelegramFile) -> bool {
    file.mime_type.as_deref().is_some_and(|mime| {
        let mime = mime.to_ascii_lowercase();
        mime.contains("heic") || mime.contains("heif")
    })
}

fn files_of<'s>(selection: &'s Selection, param: &Param) -> &'s [FileValue] {
    selection.get(&param.name).map(Value::files).unwrap_or_default()
}

/// Goes on when a file has been fetched, in a turn without an update ([`crate::bot::in_background`]). The worker calls it
/// exactly once per job, whatever came of it. A file for a draft or step that is gone is dropped without a word.
pub async fn file_arrived(turn: &mut Turn<'_>, job: &FetchUpload, fetched: Fetched) -> Result<(), TurnError> {
    let Some(mut draft) = turn.session.draft.clone() else { return Ok(()) };
    let waits = matches!(&draft.stage, Stage::Step { param } if *param == job.param);
    let Ok(model) = find(turn, &draft.model) else { return Ok(()) };
    let Some(param) = model.param(&job.param).filter(|_| waits && model.id == job.model) else { return Ok(()) };
    draft.fetching = draft.fetching.saturating_sub(1);
    let more = draft.fetching > 0;
    let work = Work { draft, model };
    let words = turn.words();
    match fetched {
        Fetched::Ok(file) => match accept(model, param, &work.draft.selection, file) {
            Ok(value) => taken(turn, work, param, value, more).await,
            Err(problem) => again(turn, work, problem.words(words, param)).await,
        },
        Fetched::TooBig => {
            let ParamKind::Files { max_mb, .. } = &param.kind else { return Ok(()) };
            again(turn, work, refusal(words, param, &Refusal::FileTooBig { max_mb: *max_mb })).await
        }
        Fetched::WrongType => again(turn, work, Problem::Format.words(words, param)).await,
        Fetched::NotFetched => again(turn, work, words.get("file-not-fetched")).await,
    }
}

/// Why a fetched file is not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Problem {
    Refused(Refusal),
    Format,
    TooLong(i64),
    NoDuration,
}

impl Problem {
    fn words(&self, words: Words<'_>, param: &Param) -> String {
        let ParamKind::Files { media, mime, .. } = &param.kind else { return String::new() };
        match self {
            Self::Refused(refused) => refusal(words, param, refused),
            Self::Format => words.fmt("file-bad-format", arg("formats", crate::bot::screens::names::formats(mime))),
            Self::TooLong(seconds) => words.fmt("audio-too-long", arg("n", *seconds)),
            Self::NoDuration if *media == Media::Audio => words.get("file-no-duration-audio"),
            Self::NoDuration => words.get("file-no-duration"),
        }
    }
}

/// The parameter's value with the file, if the model takes it.
fn accept(model: &Model, param: &Param, selection: &Selection, file: FileValue) -> Result<Value, Problem> {
    let ParamKind::Files { max_items, .. } = &param.kind else {
        return Err(Problem::Refused(Refusal::NotAllowed));
    };
    let have = files_of(selection, param);
    check_file(param, have.len(), &file.mime, file.bytes).map_err(|refused| match refused {
        Refusal::ExpectedFile(_) => Problem::Format,
        other => Problem::Refused(other),
    })?;
    let mut files = if *max_items > 1 { have.to_vec() } else { Vec::new() };
    files.push(file);
    let value = Value::Files(files);
    match quantity(model, &selection.clone().with(&param.name, value.clone())) {
        Err(QuantityError::TooLong { param: of, max_seconds }) if of == param.name => {
            Err(Problem::TooLong(max_seconds))
        }
        Err(QuantityError::UnknownDuration { param: of }) if of == param.name => Err(Problem::NoDuration),
        _ => Ok(value),
    }
}

/// A single file answers the step; a list shows its counter once the last file on its way is there.
async fn taken(
    turn: &mut Turn<'_>,
    mut work: Work<'_>,
    param: &Param,
    value: Value,
    more: bool,
) -> Result<(), TurnError> {
    work.draft.selection.set(&param.name, value);
    let list = matches!(&param.kind, ParamKind::Files { max_items, .. } if *max_items > 1);
    if !list {
        return answered(turn, work, &param.name).await;
    }
    if more {
        turn.session.draft = Some(work.draft);
        return Ok(());
    }
    step::ask(turn, work, &param.name).await
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bot::screens::testing::{model, words};
    use crate::domain::Language;

    fn file(mime: &str, bytes: i64, duration_ms: Option<i64>) -> FileValue {
        let (media, sha256) = ("med_a".to_owned(), "00".to_owned());
        FileValue { media, mime: mime.to_owned(), bytes, sha256, duration_ms }
    }

    fn accepted(id: &str, param: &str, have: &Selection, file: FileValue) -> Result<usize, Problem> {
        let model = model(id);
        accept(model, model.param(param).unwrap(), have, file).map(|value| value.files().len())
    }

    #[test]
    fn a_list_grows_and_a_single_file_is_replaced() {
        let one = Selection::new().with("image_urls", Value::Files(vec![file("image/png", 9, None)]));
        assert_eq!(accepted("seedream/4.5-edit", "image_urls", &one, file("image/jpeg", 9, None)), Ok(2));
        let one = Selection::new().with("image_input", Value::Files(vec![file("image/png", 9, None)]));
        assert_eq!(accepted("kling-2.6/image-to-video", "image_input", &one, file("image/jpeg", 9, None)), Ok(1));
    }

    #[test]
    fn a_recording_is_measured_before_it_is_taken() {
        let none = Selection::new();
        let of = |ms| accepted("infinitalk/from-audio", "audio_input", &none, file("audio/mpeg", 9, ms));
        assert_eq!(of(Some(15_000)), Ok(1));
        assert_eq!(of(Some(15_001)), Err(Problem::TooLong(15)));
        assert_eq!(of(None), Err(Problem::NoDuration));
    }

    #[test]
    fn another_format_is_told_apart_from_a_file_too_big() {
        let none = Selection::new();
        let of = |mime, bytes| accepted("kling-2.6/image-to-video", "image_input", &none, file(mime, bytes, None));
        assert_eq!(of("image/gif", 9), Err(Problem::Format));
        assert!(matches!(of("image/png", 21 * 1024 * 1024), Err(Problem::Refused(Refusal::FileTooBig { .. }))));
    }

    #[test]
    fn every_problem_has_words_in_both_languages() {
        let param = model("infinitalk/from-audio").param("audio_input").unwrap();
        for language in Language::ALL {
            let words = words(language);
            for problem in
                [Problem::Format, Problem::TooLong(15), Problem::NoDuration, Problem::Refused(Refusal::NotAllowed)]
            {
                assert_ne!(problem.words(words, param), words.get("neutral"), "{problem:?}");
            }
        }
    }
}
