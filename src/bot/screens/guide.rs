//! For those who do not know yet what to press: the tutorial (S-36) and the quick actions (S-47).

mod quick;
mod tutorial;

pub use quick::{Quick, QuickAction, QuickExamples};
pub use tutorial::Tutorial;

use crate::bot::callback::GuidePress;
use crate::bot::error::TurnError;
use crate::bot::turn::Turn;

/// Answers a button.
pub async fn pressed(turn: &mut Turn<'_>, press: GuidePress) -> Result<(), TurnError> {
    match press {
        GuidePress::Start => tutorial::show(turn, Tutorial::Intro),
        GuidePress::Step(page) => tutorial::show(turn, Tutorial::Page(page)),
        GuidePress::Complete => tutorial::show(turn, Tutorial::End),
        GuidePress::Quick => quick::menu(turn),
        GuidePress::Action(scenario) => quick::action(turn, scenario).await,
        GuidePress::Examples(scenario) => quick::examples(turn, scenario),
    }
}
