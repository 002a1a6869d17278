//! S-40: the panel, with the figures of bot.md 14.2 as of this moment.

use super::stats::{self, Stats};
use super::{button, home};
use crate::bot::callback::{AdminPress, Callback, KnowledgePress, PaymentsPress};
use crate::bot::error::TurnError;
use crate::bot::requirements::due_in;
use crate::bot::screens::Screen;
use crate::bot::turn::{Turn, arg};
use crate::diagnostics::requirements::{Requirement, Severity};
use crate::domain::outgoing::Keyboard;
use crate::texts::{Arg, Words};

/// S-40.
pub struct Panel {
    /// The figures.
    pub stats: Stats,
    /// What the bot needs (platform.md 3).
    pub due: Vec<Requirement>,
}

impl Screen for Panel {
    fn text(&self, words: Words<'_>) -> String {
        let mut text = self.stats.text(words);
        if self.due.is_empty() {
            return text;
        }
        text.push_str("\n\n");
        text.push_str(&words.get("req-title"));
        for requirement in &self.due {
            let icon = if requirement.severity == Severity::Blocking { "❌" } else { "⚠️" };
            let what = Arg::html(requirement.what.html(words));
            let fix = Arg::html(words.get(&requirement.fix_key()));
            text.push('\n');
            text.push_str(&words.fmt("req-line", arg("icon", icon).with("what", what).with("fix", fix)));
        }
        text
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        // The queue has something to show once transfers are reviewed; until then there is nothing behind the button.
        let waiting = self.stats.review.0;
        let queue = (waiting > 0).then(|| {
            Callback::Payments(PaymentsPress::Queue).button(words.plain("btn-admin-queue", arg("n", waiting)))
        });
        let asked = (self.stats.asked > 0).then(|| {
            Callback::Admin(AdminPress::Credits).button(words.plain("btn-admin-credits", arg("n", self.stats.asked)))
        });
        Keyboard::new()
            .row([button(words, "btn-admin-refresh", AdminPress::Stats)])
            .row([
                button(words, "btn-admin-generations", AdminPress::Generations),
                Callback::Payments(PaymentsPress::List).button(words.get("btn-admin-payments")),
            ])
            .row([button(words, "btn-admin-month", AdminPress::Month(None))])
            .row(queue)
            .row(asked)
            .row([
                button(words, "btn-admin-search", AdminPress::Search(None)),
                Callback::Knowledge(KnowledgePress::Add).button(words.get("btn-admin-knowledge")),
            ])
            .row([
                button(words, "btn-admin-settings", AdminPress::Settings),
                button(words, "btn-admin-people", AdminPress::Users(0)),
            ])
            .row([Callback::Payments(PaymentsPress::TestOcr).button(words.get("btn-admin-ocr"))])
            .row([button(words, "btn-admin-user-mode", AdminPress::UserMode)])
            .row([button(words, "btn-admin-info", AdminPress::Diag("info".to_owned()))])
            .row([
                button(words, "btn-admin-errors", AdminPress::Diag("errors".to_owned())),
                button(words, "btn-admin-preflight", AdminPress::Diag("preflight".to_owned())),
            ])
            .row([home(words)])
    }
}

/// Shows S-40 with fresh numbers.
pub(super) async fn show(turn: &mut Turn<'_>) -> Result<(), TurnError> {
    let stats = stats::gather(turn).await?;
    let (platform, tenant, now) = (turn.platform, turn.tenant, turn.now);
    let due = due_in(turn.tx, &platform.settings, platform.catalog, tenant, now).await?;
    turn.show(&Panel { stats, due });
    Ok(())
}
