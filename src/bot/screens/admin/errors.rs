//! `/admin corr` and `/admin last_errors`: what went wrong in this bot, by its log. Nothing that a user wrote is in there.

use super::{nav, say};
use crate::bot::error::TurnError;
use crate::bot::screens::{Screen, lines};
use crate::bot::turn::{Turn, arg};
use crate::diagnostics::hints;
use crate::diagnostics::trace::{Step, trace};
use crate::domain::Corr;
use crate::domain::outgoing::Keyboard;
use crate::store::ErrorRow;
use crate::texts::{Arg, Words};

/// Steps of a story that fit into a message.
const STEPS: usize = 25;
/// Errors that the list shows.
const LISTED: i64 = 10;

/// The list.
pub(super) struct LastErrors {
    /// The lines, newest first, with their moments in the tenant's zone.
    errors: Vec<(ErrorRow, String)>,
}

impl Screen for LastErrors {
    fn text(&self, words: Words<'_>) -> String {
        if self.errors.is_empty() {
            return words.get("errors-none");
        }
        let line = |(row, at): &(ErrorRow, String)| {
            let args = arg("corr", row.corr.as_str()).with("stage", &row.stage).with("handler", &row.handler);
            Some(words.fmt("errors-line", args.with("class", &row.class).with("at", at)))
        };
        lines([Some(words.get("errors-title"))].into_iter().chain(self.errors.iter().map(line)))
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        Keyboard::new().row(nav(words))
    }
}

/// One error, with the rest of its story.
pub(super) struct CorrScreen {
    /// What went wrong, oldest first.
    errors: Vec<(ErrorRow, String)>,
    /// What happened in it, with moments in the tenant's zone.
    story: Vec<(Step, String)>,
    /// Whose.
    corr: Corr,
}

impl Screen for CorrScreen {
    fn text(&self, words: Words<'_>) -> String {
        let mut all = Vec::new();
        if !self.errors.is_empty() {
            all.push(Some(words.get("error-title")));
        }
        for (row, at) in &self.errors {
            all.extend([
                Some(words.fmt("error-id", arg("corr", row.corr.as_str()))),
                Some(words.fmt("error-stage", arg("stage", &row.stage).with("handler", &row.handler))),
                Some(words.fmt("error-class", arg("class", &row.class))),
                Some(words.fmt("error-at", arg("at", at))),
                Some(words.fmt("error-hint", arg("hint", words.get(hints::of_class(&row.class))))),
            ]);
        }
        all.push(Some(words.fmt("trace-title", arg("corr", self.corr.as_str()))));
        for (step, at) in self.story.iter().take(STEPS) {
            let what = Arg::html(step.said.html(words));
            all.push(Some(words.fmt("trace-line", arg("at", at).with("what", what))));
        }
        let more = self.story.len().saturating_sub(STEPS);
        all.push((more > 0).then(|| words.fmt("trace-more", arg("n", more))));
        lines(all)
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        Keyboard::new().row(nav(words))
    }
}

/// `/admin last_errors`.
pub(super) async fn last(turn: &mut Turn<'_>) -> Result<(), TurnError> {
    let errors = turn.tx.errors_last(LISTED).await?;
    let screen = LastErrors { errors: dated(turn, errors) };
    turn.show(&screen);
    Ok(())
}

/// `/admin corr <id>`, in any case.
pub(super) async fn by_corr(turn: &mut Turn<'_>, id: &str) -> Result<(), TurnError> {
    let found = match Corr::parse(id) {
        Some(corr) => Some((turn.tx.errors_of_corr(&corr).await?, trace(turn.tx, &corr).await?)),
        None => None,
    };
    match found {
        Some((errors, story)) if !story.steps.is_empty() => {
            let zone = turn.tenant.zone();
            let moment = |step: Step| {
                let at = step.at.shown(zone);
                (step, at)
            };
            let steps = story.steps.into_iter().map(moment).collect();
            let screen = CorrScreen { errors: dated(turn, errors), story: steps, corr: story.corr };
            turn.show(&screen);
        }
        _ => {
            let text = turn.words().get("error-none");
            say(turn, text);
        }
    }
    Ok(())
}

fn dated(turn: &Turn<'_>, errors: Vec<ErrorRow>) -> Vec<(ErrorRow, String)> {
    errors
        .into_iter()
        .map(|row| {
            let at = row.created_at.shown(turn.tenant.zone());
            (row, at)
        })
        .collect()
}
