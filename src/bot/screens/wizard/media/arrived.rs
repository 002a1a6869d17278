//! What a worker has fetched for a step: taken if the model takes it, or told what is wrong with it.

use super::{files_of, unfit_words};
use crate::bot::error::TurnError;
use crate::bot::jobs::FetchUpload;
use crate::bot::screens::models::find;
use crate::bot::screens::off;
use crate::bot::screens::wizard::input::refusal;
use crate::bot::screens::wizard::{Work, answered, show_current, step};
use crate::bot::session::{Stage, Unfit};
use crate::bot::turn::{Turn, arg};
use crate::catalog::{
    FileValue, Media, Model, Param, ParamKind, QuantityError, Refusal, Selection, Value, check_file, quantity,
};
use crate::generation::Off;
use crate::texts::Words;

/// What became of fetching a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fetched {
    /// It is in the tenant's store.
    Ok(FileValue),
    /// It is larger than Telegram gives to bots or than the model takes.
    TooBig,
    /// A picture in a format that only Apple's devices make.
    ApplePhoto,
    /// Its first bytes are of another kind than it was sent as.
    WrongType,
    /// It could not be downloaded, although it was tried again.
    NotFetched,
    /// The tenant's store has no room for it.
    NoRoom,
}

/// Goes on when files have been fetched, in a turn without an update ([`crate::bot::in_background`]). The worker calls it exactly
/// once per job, whatever came of it. Files for a draft or step that is gone are dropped without a word.
pub async fn files_arrived(turn: &mut Turn<'_>, job: &FetchUpload, fetched: Vec<Fetched>) -> Result<(), TurnError> {
    let Some(mut draft) = turn.session.draft.clone() else { return Ok(()) };
    let waits = matches!(&draft.stage, Stage::Step { param } if *param == job.param);
    let Ok(model) = find(turn, &draft.model) else { return Ok(()) };
    let Some(param) = model.param(&job.param).filter(|_| waits && model.id == job.model) else { return Ok(()) };
    draft.fetching = draft.fetching.saturating_sub(1);
    let words = turn.words();
    let mut said: Vec<String> = job.wrong.iter().map(|unfit| unfit_words(words, param, *unfit)).collect();
    let mut any = false;
    if fetched.contains(&Fetched::NoRoom) {
        off::tell_admins(turn, Off::Full).await?;
    }
    for file in fetched {
        match take(model, param, &draft.selection, file) {
            Ok(value) => {
                draft.selection.set(&param.name, value);
                any = true;
            }
            Err(problem) => said.push(problem.words(words, param)),
        }
    }
    let mut told = Vec::new();
    for problem in said {
        if !told.contains(&problem) {
            turn.notice(problem.clone());
            told.push(problem);
        }
    }
    let list = matches!(&param.kind, ParamKind::Files { max_items, .. } if *max_items > 1);
    let work = Work { draft, model };
    if any && !list {
        return answered(turn, work, &param.name).await;
    }
    if any && work.draft.fetching > 0 {
        // More is on its way: that one shows the step.
        turn.session.draft = Some(work.draft);
        return Ok(());
    }
    if any { step::ask(turn, work, &param.name).await } else { show_current(turn, work).await }
}

fn take(model: &Model, param: &Param, selection: &Selection, fetched: Fetched) -> Result<Value, Problem> {
    match fetched {
        Fetched::Ok(file) => accept(model, param, selection, file),
        Fetched::TooBig => Err(Problem::Unfit(Unfit::TooBig)),
        Fetched::ApplePhoto => Err(Problem::Unfit(Unfit::ApplePhoto)),
        Fetched::WrongType => Err(Problem::Format),
        Fetched::NotFetched => Err(Problem::NotFetched),
        Fetched::NoRoom => Err(Problem::NoRoom),
    }
}

/// Why a fetched file is not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Problem {
    Refused(Refusal),
    Unfit(Unfit),
    NotFetched,
    NoRoom,
    Format,
    TooLong(i64),
    NoDuration,
}

impl Problem {
    fn words(&self, words: Words<'_>, param: &Param) -> String {
        let ParamKind::Files { media, mime, .. } = &param.kind else { return String::new() };
        match self {
            Self::Refused(refused) => refusal(words, param, refused),
            Self::Unfit(unfit) => unfit_words(words, param, *unfit),
            Self::NotFetched => words.get("file-not-fetched"),
            Self::NoRoom => words.get(off::key(Off::Full)),
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
            for problem in [
                Problem::Format,
                Problem::TooLong(15),
                Problem::NoDuration,
                Problem::NotFetched,
                Problem::NoRoom,
                Problem::Refused(Refusal::NotAllowed),
                Problem::Unfit(Unfit::TooMany),
            ] {
                assert_ne!(problem.words(words, param), words.get("neutral"), "{problem:?}");
            }
        }
    }
}
