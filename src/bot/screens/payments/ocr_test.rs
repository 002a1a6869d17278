//! S-50: an admin tries how a picture is read; nothing of it is kept, credited or logged (bot.md 14.6).

use crate::bot::awaits::{Awaits, PaymentsInput};
use crate::bot::callback::{Callback, PaymentsPress};
use crate::bot::error::TurnError;
use crate::bot::jobs::SentFile;
use crate::bot::jobs::payments::{TestOcr, put_ocr_test};
use crate::bot::screens::{Screen, home, lines, nav};
use crate::bot::turn::{Turn, arg};
use crate::bot::update::Message;
use crate::domain::Money;
use crate::domain::outgoing::{Keyboard, Track};
use crate::domain::receipt::{AutoTerms, Reading, ReceiptFlags, Verdict, verdict};
use crate::texts::Words;

/// Characters of the text that are shown.
const SHOWN: usize = 300;

/// What came of reading a picture for an admin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tried {
    /// Read; the text is shown once and forgotten.
    Read(String),
    /// There is nothing to read with.
    Absent,
    /// It could not be read, or is no picture.
    Unreadable,
    /// Telegram did not give it.
    NotFetched,
}

/// Asks for a picture.
struct Ask;

impl Screen for Ask {
    fn text(&self, words: Words<'_>) -> String {
        words.get("ocr-ask")
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        Keyboard::new()
            .row([Callback::Cancel.button(words.get("btn-cancel"))])
            .row(nav(words, &Callback::BackToPreviousStep))
    }
}

/// S-50.
pub(super) struct OcrTest {
    /// The beginning of the text and what was read in it; or why not.
    pub(super) found: Result<(String, Reading), &'static str>,
    /// For an amount that it names, this is what would be decided.
    pub(super) verdict: Verdict,
}

impl Screen for OcrTest {
    fn text(&self, words: Words<'_>) -> String {
        let (text, reading) = match &self.found {
            Ok(found) => found,
            Err(why) => return words.get(why),
        };
        let sums: Vec<String> = reading.amounts.iter().map(Money::to_string).collect();
        let or_dash = |list: &[String]| if list.is_empty() { "—".to_owned() } else { list.join(", ") };
        let phone = if reading.phone { "review-phone-yes" } else { "review-phone-no" };
        let would = match self.verdict {
            Verdict::Approve => "ocr-would-approve",
            Verdict::Review => "ocr-would-review",
        };
        lines([
            Some(words.get("ocr-title")),
            Some(words.fmt("ocr-text", arg("text", if text.is_empty() { "—" } else { text.as_str() }))),
            Some(words.fmt("review-read", arg("amounts", or_dash(&sums)))),
            Some(words.fmt("review-keywords", arg("words", or_dash(&reading.keywords)))),
            Some(words.get(phone)),
            Some(words.get(would)),
        ])
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        let again = Callback::Payments(PaymentsPress::TestOcr).button(words.get("btn-ocr-again"));
        let back = Callback::Admin(crate::bot::callback::AdminPress::Stats).button(words.get("btn-back"));
        Keyboard::new().row([again]).row([back, home(words)])
    }
}

/// «🧪 Тест OCR».
#[expect(clippy::unnecessary_wraps, reason = "answers a button like the others of its family")]
pub(super) fn ask(turn: &mut Turn<'_>) -> Result<(), TurnError> {
    turn.session.awaits = Some(Awaits::Payments(PaymentsInput::Ocr));
    turn.show(&Ask);
    Ok(())
}

/// A picture, or what is awaited once more.
pub(super) async fn sent(turn: &mut Turn<'_>, message: &Message) -> Result<(), TurnError> {
    let Some(picture) = message.picture() else {
        turn.notice(turn.words().get("expected-screenshot"));
        return ask(turn);
    };
    turn.session.awaits = None;
    let job = TestOcr { user: turn.user.user_id, file: SentFile::from(picture) };
    let (update, corr, now) = (turn.incoming.update, turn.corr.clone(), turn.now);
    put_ocr_test(turn.tx, &job, update, &corr, now).await?;
    turn.wake_workers();
    turn.say(turn.words().get("sbp-checking"), Keyboard::new(), Track::Nothing);
    Ok(())
}

/// Shows what was read.
pub fn show(turn: &mut Turn<'_>, tried: Tried) {
    let settings = &turn.tenant.settings;
    let found = match tried {
        Tried::Read(text) => {
            let reading = Reading::of(&text, &settings.sbp_requisites.phone);
            Ok((text.trim().chars().take(SHOWN).collect::<String>(), reading))
        }
        Tried::Absent => Err("ocr-absent"),
        Tried::Unreadable => Err("ocr-unreadable"),
        Tried::NotFetched => Err("sbp-not-fetched"),
    };
    let terms = AutoTerms {
        allowed: settings.sbp_auto_approve,
        limit: settings.sbp_auto_limit,
        second_above: settings.approval_limit,
        blocked: false,
    };
    let would = |reading: &Reading| {
        let approves = |sum: &Money| verdict(Some(reading), *sum, &ReceiptFlags::default(), terms) == Verdict::Approve;
        if reading.amounts.iter().any(approves) { Verdict::Approve } else { Verdict::Review }
    };
    let verdict = found.as_ref().map_or(Verdict::Review, |(_, reading)| would(reading));
    turn.show(&OcrTest { found, verdict });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bot::screens::testing::{en, ru};

    #[test]
    fn s50_shows_what_was_read_and_what_would_be_decided() {
        let text = "Перевод <по> СБП\n50,17 ₽".to_owned();
        let reading = Reading::of(&text, "");
        let screen = OcrTest { found: Ok((text, reading)), verdict: Verdict::Approve };
        insta::assert_snapshot!(ru(&screen), @"
            🧪 <b>Тест OCR</b>
            Текст: Перевод &lt;по&gt; СБП
            50,17 ₽
            Распознано: 50.17 ₽
            Ключевые слова: сбп
            ❌ Телефона получателя нет
            Решение: ✅ зачислится само
            | 🔁 Ещё раз [admin_test_ocr] |
            | ◀️ Назад [admin_stats] | 🏠 Главное меню [back_to_menu] |
            ");
        let absent = OcrTest { found: Err("ocr-absent"), verdict: Verdict::Review };
        assert!(ru(&absent).contains("Tesseract") && en(&absent).contains("Tesseract"));
    }
}
