//! What a person writes or sends while the wizard waits (bot.md 6.3, 7.3): taken, or told what is expected; the step and
//! the earlier answers stay.

use super::{Work, answered, draft, media, open, set, show_current};
use crate::bot::awaits::gives_up;
use crate::bot::error::TurnError;
use crate::bot::jobs::{self, Asked, Gather, Gathered};
use crate::bot::screens::menu;
use crate::bot::screens::models::find;
use crate::bot::session::{BegunText, Stage};
use crate::bot::turn::{Turn, arg};
use crate::bot::update::Message;
use crate::catalog::{Media, Param, ParamKind, Refusal, Value, check_offer, check_text, next_step, offered_values};
use crate::domain::UpdateId;
use crate::texts::Words;

/// The longest text that is put together of parts; every parameter takes less.
const JOINED_MAX: usize = 20_000;
/// Characters of a message that is full.
const FULL_PART: usize = 4_096;

/// Answers a message while a draft lives.
pub async fn input(turn: &mut Turn<'_>, message: &Message) -> Result<(), TurnError> {
    let Some(work) = draft(turn).await? else { return Ok(()) };
    let asked = work.param().filter(|_| matches!(work.draft.stage, Stage::Step { .. }));
    let prompt = asked.is_some_and(|p| matches!(p.kind, ParamKind::Text { .. }));
    if !prompt && message.text.as_deref().is_some_and(gives_up) {
        return menu::cancel(turn, false).await;
    }
    let Some(param) = asked else {
        return match work.draft.stage {
            // S-15 before the first question: what is written meanwhile belongs to it as little as to the menu.
            Stage::Confirm
                if next_step(work.model, work.draft.gen_type, &mut work.draft.selection.clone()).is_some() =>
            {
                turn.notice(words_of_payment(turn));
                open::continue_or_pay(turn, work).await
            }
            _ => expect_button(turn, work).await,
        };
    };
    match &param.kind {
        ParamKind::Files { .. } => media::input(turn, work, param, message).await,
        ParamKind::Enum { .. } | ParamKind::Bool => choice(turn, work, param, message.text.as_deref()).await,
        ParamKind::Text { .. } | ParamKind::Url { .. } | ParamKind::Number { .. } => {
            text(turn, work, param, message).await
        }
    }
}

/// A text, number or address: checked before it is stored.
async fn text(turn: &mut Turn<'_>, mut work: Work<'_>, param: &Param, message: &Message) -> Result<(), TurnError> {
    let words = turn.words();
    let Some(text) = message.text.as_deref() else {
        let voice = message.voice.is_some();
        let said = if voice { words.get("voice-unsupported") } else { refusal(words, param, &Refusal::ExpectedText) };
        return again(turn, work, said).await;
    };
    let begun = work.draft.begun.take();
    let whole = begun.map_or_else(|| text.to_owned(), |begun| joined(&begun.text, text));
    if goes_on(turn, param, text, &whole) {
        return wait_for_more(turn, work, whole).await;
    }
    text_taken(turn, work, param, &whole).await
}

/// Whether a text may be the first part of a longer one: Telegram cuts at 4,096 characters.
fn goes_on(turn: &Turn<'_>, param: &Param, part: &str, whole: &str) -> bool {
    let from = usize::try_from(turn.platform.settings.bot.text_join_length).unwrap_or(4_000);
    matches!(param.kind, ParamKind::Text { .. }) && part.chars().count() >= from && whole.chars().count() < JOINED_MAX
}

/// Two parts of a text. Telegram's apps cut at white space, which is lost, or in the middle of a word when a part is full.
fn joined(first: &str, rest: &str) -> String {
    let between = if first.chars().count().is_multiple_of(FULL_PART) { "" } else { "\n" };
    format!("{first}{between}{rest}")
}

/// Puts a text aside until it is whole: the next part is joined to it, and when none comes, a job goes on with it.
async fn wait_for_more(turn: &mut Turn<'_>, mut work: Work<'_>, text: String) -> Result<(), TurnError> {
    let update = turn.incoming.update;
    work.draft.begun = Some(BegunText { text, update });
    turn.session.draft = Some(work.draft);
    turn.stay_silent();
    let job = Gather { user: turn.user.user_id, what: Gathered::Text(update) };
    let run_at = turn.now.plus(turn.platform.settings.bot.text_join_wait);
    let asked = Asked { by: &update.to_string(), corr: &turn.corr, run_at };
    jobs::put_gather(turn.tx, &job, asked, turn.now).await?;
    Ok(())
}

/// No more parts of a text are expected. Nothing happens when a later part came after `update`.
pub async fn text_gathered(turn: &mut Turn<'_>, update: UpdateId) -> Result<(), TurnError> {
    let Some(mut draft) = turn.session.draft.clone() else { return Ok(()) };
    let Some(begun) = draft.begun.take().filter(|begun| begun.update == update) else { return Ok(()) };
    let Ok(model) = find(turn, &draft.model) else { return Ok(()) };
    let work = Work { draft, model };
    if let Some(param) = work.param().filter(|p| matches!(p.kind, ParamKind::Text { .. })) {
        return text_taken(turn, work, param, &begun.text).await;
    }
    turn.session.draft = Some(work.draft);
    Ok(())
}

async fn text_taken(turn: &mut Turn<'_>, mut work: Work<'_>, param: &Param, text: &str) -> Result<(), TurnError> {
    match check_text(param, text) {
        Ok(value) => {
            work.draft.selection.set(&param.name, value);
            answered(turn, work, &param.name).await
        }
        Err(refused) => {
            let said = refusal(turn.words(), param, &refused);
            again(turn, work, said).await
        }
    }
}

/// A choice typed instead of pressed: its value or its label, in any case.
async fn choice(turn: &mut Turn<'_>, work: Work<'_>, param: &Param, text: Option<&str>) -> Result<(), TurnError> {
    let words = turn.words();
    let typed = text.and_then(|text| check_text(param, text).ok().or_else(|| labelled(words, &work, param, text)));
    let Some(value) = typed else {
        return again(turn, work, refusal(words, param, &Refusal::ExpectedButton)).await;
    };
    match check_offer(work.model, &work.draft.selection, param, &value) {
        Ok(()) => set::take(turn, work, param, Some(value)).await,
        Err(refused) => again(turn, work, refusal(words, param, &refused)).await,
    }
}

fn labelled(words: Words<'_>, work: &Work<'_>, param: &Param, text: &str) -> Option<Value> {
    let plain = |text: &str| {
        let text: String = text.to_lowercase().chars().filter(|c| c.is_alphanumeric() || c.is_whitespace()).collect();
        text.trim().to_owned()
    };
    let typed = plain(text);
    let same = |value: &&str| !typed.is_empty() && plain(&words.value(&param.name, value)) == typed;
    let offered = offered_values(work.model, param, &work.draft.selection);
    offered.into_iter().find(same).and_then(|value| param.option_value(value))
}

/// S-12, S-13 and S-14 take buttons only.
/// «👆 Выберите вариант кнопкой: 💳 Пополнить.»
fn words_of_payment(turn: &Turn<'_>) -> String {
    let words = turn.words();
    words.fmt("expected-button", arg("param", words.get("btn-topup")))
}

async fn expect_button(turn: &mut Turn<'_>, work: Work<'_>) -> Result<(), TurnError> {
    let words = turn.words();
    let what = match &work.draft.stage {
        Stage::Step { param } | Stage::OptionPrice { param, .. } => words.param(param),
        Stage::Params => words.get("btn-show-price"),
        Stage::Confirm => words.get("btn-confirm-generate"),
    };
    again(turn, work, words.fmt("expected-button", arg("param", what))).await
}

/// Says what is wrong, and asks again below it.
pub(super) async fn again(turn: &mut Turn<'_>, work: Work<'_>, said: String) -> Result<(), TurnError> {
    turn.notice(said);
    show_current(turn, work).await
}

/// A refusal in words (bot.md 15.4). Telegram HTML.
pub(super) fn refusal(words: Words<'_>, param: &Param, refused: &Refusal) -> String {
    let named = || arg("param", words.param(&param.name));
    match refused {
        Refusal::ExpectedText => words.fmt("expected-text", named()),
        Refusal::ExpectedButton => words.fmt("expected-button", named()),
        Refusal::ExpectedFile(Media::Image) => words.fmt("expected-image", named()),
        Refusal::ExpectedFile(Media::Video) => words.fmt("expected-video", named()),
        Refusal::ExpectedFile(Media::Audio) => words.fmt("expected-audio", named()),
        Refusal::TextLength { min, max, now } => {
            words.fmt("text-len", arg("min", *min).with("max", *max).with("n", *now))
        }
        Refusal::NumberRange { min, max, step } => {
            let args = arg("min", min.to_string()).with("max", max.to_string());
            match step {
                Some(step) => words.fmt("number-step", args.with("step", step.to_string())),
                None => words.fmt("number-range", args),
            }
        }
        Refusal::UrlPrefix { prefix } => words.fmt("url-bad", arg("prefix", prefix)),
        Refusal::NotAllowed => words.get("value-invalid"),
        Refusal::NoTier => words.get("no-tier"),
        Refusal::Required => words.get("param-required"),
        Refusal::FileTooBig { max_mb } => words.fmt("file-too-big", arg("mb", *max_mb)),
        Refusal::TooManyFiles { max } => words.fmt("media-limit", arg("max", *max)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bot::screens::testing::{model, words};
    use crate::bot::session::Draft;
    use crate::catalog::{GenType, Selection};
    use crate::domain::Language;

    #[test]
    fn a_label_typed_in_any_case_is_the_choice() {
        let model = model("kling-2.6/text-to-video");
        let work = Work { draft: Draft::new(model, GenType::TextToVideo, Selection::new(), false), model };
        let sound = model.param("sound").unwrap();
        let of = |text: &str| labelled(words(Language::Ru), &work, sound, text);
        assert_eq!(of("✅ да"), Some(Value::Bool(true)));
        assert_eq!(of("НЕТ"), Some(Value::Bool(false)));
        assert_eq!(of("наверное"), None);
        assert_eq!(of("✅"), None);
    }

    #[test]
    fn every_refusal_has_words_in_both_languages() {
        let param = model("z-image").param("prompt").unwrap();
        let number = crate::catalog::Decimal::whole(1);
        let all = [
            Refusal::ExpectedText,
            Refusal::ExpectedButton,
            Refusal::ExpectedFile(Media::Image),
            Refusal::ExpectedFile(Media::Video),
            Refusal::ExpectedFile(Media::Audio),
            Refusal::TextLength { min: 1, max: 2, now: 3 },
            Refusal::NumberRange { min: number, max: number, step: None },
            Refusal::NumberRange { min: number, max: number, step: Some(number) },
            Refusal::UrlPrefix { prefix: "https://sora.chatgpt.com/".to_owned() },
            Refusal::NotAllowed,
            Refusal::NoTier,
            Refusal::Required,
            Refusal::FileTooBig { max_mb: 10 },
            Refusal::TooManyFiles { max: 8 },
        ];
        for language in Language::ALL {
            let words = words(language);
            for refused in &all {
                assert_ne!(refusal(words, param, refused), words.get("neutral"), "{refused:?}");
            }
        }
    }
}
