//! Reports in the chat: `/admin info`, `/admin preflight`, `/selftest` (S-45), `/config_check` (S-46). They ask the outside
//! world, so a job makes them; its turn shows what came of it by [`show`].

use super::{Screen, nav};
use crate::bot::error::TurnError;
use crate::bot::jobs::{self, Diagnose, Question};
use crate::bot::turn::{Turn, arg};
use crate::diagnostics::{Report, Section, Status};
use crate::domain::outgoing::Keyboard;
use crate::texts::{Arg, Words, key_part};

/// A report as it is shown.
pub struct ReportScreen {
    /// What was asked.
    pub question: Question,
    /// What was found.
    pub report: Report,
}

impl Screen for ReportScreen {
    fn text(&self, words: Words<'_>) -> String {
        let verdict = || {
            let word = self.report.verdict().as_str().to_lowercase();
            arg("verdict", words.get(&format!("diag-verdict-{word}")))
        };
        let title = match self.question {
            Question::Preflight => words.fmt("diag-preflight", verdict()),
            Question::Info => words.fmt("diag-info", verdict()),
            Question::SelfTest => words.get("diag-selftest"),
            Question::Config => words.get("diag-config"),
        };
        let mut text = vec![title, String::new()];
        text.extend(self.report.sections.iter().map(|section| self.line(words, section)));
        let fixes = self.report.fixes();
        if !fixes.is_empty() {
            text.extend([String::new(), words.get("diag-fixes")]);
            text.extend(fixes.into_iter().map(|fix| words.fmt("diag-fix-line", arg("fix", words.get(fix)))));
        }
        text.join("\n")
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        Keyboard::new().row(nav(words))
    }
}

impl ReportScreen {
    fn line(&self, words: Words<'_>, section: &Section) -> String {
        let name = words.find(&format!("diag-name-{}", key_part(&section.name)));
        let name = name.unwrap_or_else(|| section.name.to_string());
        let status = words.get(&format!("diag-status-{}", section.status.as_str().to_lowercase()));
        let args =
            arg("icon", icon(section.status)).with("name", name).with("note", Arg::html(section.note.html(words)));
        match (self.question, section.latency_ms) {
            (Question::SelfTest | Question::Config, _) => words.fmt("diag-short", args),
            (_, None) => words.fmt("diag-line", args.with("status", status)),
            (_, Some(ms)) => words.fmt("diag-line-timed", args.with("status", status).with("ms", ms)),
        }
    }
}

/// ✅ well, ⚠️ to be looked at, ⚪ not set or not known, ❌ does not work.
const fn icon(status: Status) -> &'static str {
    match status {
        Status::Ok => "✅",
        Status::Unknown => "⚪",
        Status::Degraded => "⚠️",
        Status::Fail => "❌",
    }
}

/// Has the workers make a report; it comes as a message of its own.
pub(super) async fn ask(turn: &mut Turn<'_>, question: Question) -> Result<(), TurnError> {
    let asked = Diagnose { user: turn.user.user_id, question };
    jobs::put_diagnose(turn.tx, &asked, turn.incoming.update, &turn.corr, turn.now).await?;
    turn.wake_workers();
    if turn.incoming.pressed {
        turn.toast(turn.words().get("diag-wait"));
    } else {
        turn.stay_silent();
    }
    Ok(())
}

/// Shows a report, in a turn without an update; whoever is no admin any more sees nothing.
pub fn show(turn: &mut Turn<'_>, question: Question, report: Report) {
    if turn.is_admin() {
        turn.show(&ReportScreen { question, report });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bot::screens::testing::{en, ru};
    use crate::diagnostics::Finding;
    use crate::texts::Args;

    fn sample(question: Question) -> ReportScreen {
        let db = Section { latency_ms: Some(2), ..Finding::ok("diag-note-answers", Args::new()).section("db") };
        let ledger = Finding::ok("diag-note-ledger", Args::new().with("n", 1));
        let ledger = ledger.but(Status::Fail, "diag-fix-ledger").section("ledger");
        let late = Finding { status: Status::Unknown, ..Finding::ok("diag-note-timeout", Args::new()) };
        let late = Section { latency_ms: Some(5_000), ..late.section("users") };
        ReportScreen { question, report: Report { sections: vec![db, ledger, late] } }
    }

    #[test]
    fn a_report_says_how_each_section_stands_and_what_to_do() {
        insta::assert_snapshot!(ru(&sample(Question::Preflight)), @"
            💳 <b>Preflight</b>: FAIL

            ✅ <b>База данных</b> — OK: отвечает · 2 мс
            ❌ <b>Журнал денег</b> — FAIL: нарушений 1
            ⚪ <b>Пользователи</b> — UNKNOWN: не ответило вовремя · 5000 мс

            💡 <b>Что сделать</b>
            • Журнал денег расходится с балансами: остановите пополнения и передайте отчёт тому, кто обслуживает платформу.
            | 🔙 Админ-меню [admin_stats] | 🏠 Главное меню [back_to_menu] |
            ");
        insta::assert_snapshot!(en(&sample(Question::SelfTest)), @"
            🧪 <b>Self-test</b>

            ✅ Database: answers
            ❌ Ledger: violations 1
            ⚪ Users: did not answer in time

            💡 <b>How to fix</b>
            • The ledger and the balances differ: stop top-ups and give this report to whoever runs the platform.
            | 🔙 Admin menu [admin_stats] | 🏠 Main menu [back_to_menu] |
            ");
    }
}
