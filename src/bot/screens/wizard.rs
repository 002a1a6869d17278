//! The wizard: what a model needs is asked step by step, priced at every step, and agreed to before it starts (bot.md 7).
//!
//! A step's buttons are valid only in the message that shows it (the anchor). Every function here takes the draft out of
//! the session as `Work`, changes it, and hands it to the one that shows the next screen, which puts it back.

mod back;
mod input;
mod media;
mod open;
mod option;
mod params;
mod set;
mod step;

pub use back::back;
pub use input::{input, text_gathered};
pub use media::{Fetched, add_media, album_gathered, files_arrived, media_done, skip_media};
pub(super) use open::resume;
pub use open::{open, open_mode, open_sku};
pub use option::{OptionPrice, confirm_value};
pub(super) use params::show as show_params;
pub use params::{Params, edit, params, to_confirmation};
pub use set::set;
pub use step::Step;

use super::models::find;
use super::{card, confirm, menu};
use crate::bot::error::TurnError;
use crate::bot::session::{Draft, Stage};
use crate::bot::turn::Turn;
use crate::catalog::{Model, Param, next_step};

/// A draft taken out of the session, with its model.
pub(super) struct Work<'a> {
    pub(super) draft: Draft,
    pub(super) model: &'a Model,
}

impl<'a> Work<'a> {
    /// The parameter that the draft stands at, if it stands at one.
    fn param(&self) -> Option<&'a Param> {
        match &self.draft.stage {
            Stage::Step { param } | Stage::OptionPrice { param, .. } => self.model.param(param),
            Stage::Params | Stage::Confirm => None,
        }
    }
}

/// The session's draft. `None` when there is none or its model is gone; the person has been told then.
pub(super) async fn draft<'a>(turn: &mut Turn<'a>) -> Result<Option<Work<'a>>, TurnError> {
    let Some(draft) = turn.session.draft.clone() else {
        turn.session.expired_at = None;
        turn.notice(turn.words().get("session-expired"));
        menu::show(turn).await?;
        return Ok(None);
    };
    match find(turn, &draft.model) {
        Ok(model) => Ok(Some(Work { draft, model })),
        Err(gone) => {
            turn.session.draft = None;
            card::unavailable(turn, gone)?;
            Ok(None)
        }
    }
}

/// The draft that a pressed button belongs to (bot.md 4, STEP). `None` when the press was answered: no draft, or the button
/// of an older message, which gets a toast and the current step below.
pub(super) async fn pressed<'a>(turn: &mut Turn<'a>) -> Result<Option<Work<'a>>, TurnError> {
    let Some(work) = draft(turn).await? else { return Ok(None) };
    let holds = match (turn.session.anchor, turn.incoming.message) {
        (Some(anchor), Some(message)) => anchor.holds(message),
        _ => true,
    };
    if holds {
        return Ok(Some(work));
    }
    turn.toast(turn.words().get("stale-button"));
    turn.keep_pressed_message();
    show_current(turn, work).await?;
    Ok(None)
}

/// Whether the next message is for a step that takes files.
pub fn collects(turn: &Turn<'_>) -> bool {
    let Some(draft) = turn.session.draft.as_ref().filter(|_| turn.session.awaits.is_none()) else { return false };
    let Stage::Step { param } = &draft.stage else { return false };
    let model = turn.platform.catalog.model(&draft.model);
    model.and_then(|model| model.param(param)).is_some_and(|param| param.media().is_some())
}

/// Shows the screen that the draft stands at.
pub(super) async fn show_current(turn: &mut Turn<'_>, work: Work<'_>) -> Result<(), TurnError> {
    match work.draft.stage.clone() {
        Stage::Step { param } => step::ask(turn, work, &param).await,
        Stage::OptionPrice { param, value } => option::ask(turn, work, &param, value).await,
        Stage::Params => params::show(turn, work).await,
        Stage::Confirm => confirm::offer(turn, work).await,
    }
}

/// A parameter has been answered: the next one is asked, or the order is shown; after an edit the list of parameters.
async fn answered(turn: &mut Turn<'_>, mut work: Work<'_>, param: &str) -> Result<(), TurnError> {
    work.draft.fetching = 0;
    work.draft.begun = None;
    if work.draft.editing {
        work.draft.editing = false;
        return params::show(turn, work).await;
    }
    work.draft.trail.retain(|asked| asked != param);
    work.draft.trail.push(param.to_owned());
    go_on(turn, work).await
}

/// Asks what is still open, or shows the order.
pub(super) async fn go_on(turn: &mut Turn<'_>, mut work: Work<'_>) -> Result<(), TurnError> {
    let next = next_step(work.model, work.draft.gen_type, &mut work.draft.selection).map(|p| p.name.clone());
    match next {
        Some(param) => step::ask(turn, work, &param).await,
        None => confirm::offer(turn, work).await,
    }
}

/// Asks one parameter.
pub(super) async fn ask(turn: &mut Turn<'_>, work: Work<'_>, param: &str) -> Result<(), TurnError> {
    step::ask(turn, work, param).await
}
