//! S-36: what a first generation takes, in four short pages. The draft is kept: the way back to it is on every page.

use crate::bot::callback::{Callback, GuidePress, LAST_PAGE};
use crate::bot::error::TurnError;
use crate::bot::screens::{Screen, home};
use crate::bot::turn::Turn;
use crate::domain::outgoing::Keyboard;
use crate::texts::Words;

/// A page of S-36.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tutorial {
    /// What it is about.
    Intro,
    /// From 1 to [`LAST_PAGE`].
    Page(u8),
    /// Where to go from here.
    End,
}

impl Screen for Tutorial {
    fn text(&self, words: Words<'_>) -> String {
        words.get(match self {
            Self::Intro => "tutorial-intro",
            Self::Page(1) => "tutorial-1",
            Self::Page(2) => "tutorial-2",
            Self::Page(3) => "tutorial-3",
            Self::Page(_) => "tutorial-4",
            Self::End => "tutorial-end",
        })
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        let to = |press: GuidePress, key: &str| Callback::Guide(press).button(words.get(key));
        let keyboard = Keyboard::new();
        match self {
            Self::Intro => keyboard.row([to(GuidePress::Step(1), "btn-tutorial-begin")]),
            Self::Page(n) => {
                let back = if *n > 1 { GuidePress::Step(n - 1) } else { GuidePress::Start };
                let next = if *n < LAST_PAGE { GuidePress::Step(n + 1) } else { GuidePress::Complete };
                keyboard.row([to(back, "btn-back-short"), to(next, "btn-next")])
            }
            Self::End => keyboard.row([Callback::ShowModels.button(words.get("btn-tutorial-models"))]),
        }
        .row([home(words)])
    }
}

/// Shows a page.
#[expect(clippy::unnecessary_wraps, reason = "ends a screen's function, which may fail")]
pub(super) fn show(turn: &mut Turn<'_>, page: Tutorial) -> Result<(), TurnError> {
    turn.show(&page);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bot::screens::testing::{en, ru};

    #[test]
    fn s36_leads_from_the_first_page_to_the_models_and_back() {
        insta::assert_snapshot!(ru(&Tutorial::Intro), @"
            🎓 <b>Обучение</b>
            Четыре коротких шага — и вы знаете, как получить первую картинку или видео.
            | ▶️ Начать [tutorial_step1] |
            | 🏠 Главное меню [back_to_menu] |
            ");
        let keys = |page| ru(&page).lines().filter(|line| line.starts_with('|')).collect::<Vec<_>>().join("\n");
        insta::assert_snapshot!(keys(Tutorial::Page(1)), @"
            | ◀️ [tutorial_start] | ▶️ Далее [tutorial_step2] |
            | 🏠 Главное меню [back_to_menu] |
            ");
        insta::assert_snapshot!(keys(Tutorial::Page(4)), @"
            | ◀️ [tutorial_step3] | ▶️ Далее [tutorial_complete] |
            | 🏠 Главное меню [back_to_menu] |
            ");
        insta::assert_snapshot!(keys(Tutorial::End), @"
            | 🤖 К моделям [show_models] |
            | 🏠 Главное меню [back_to_menu] |
            ");
        for page in (1..=LAST_PAGE).map(Tutorial::Page).chain([Tutorial::Intro, Tutorial::End]) {
            assert_ne!(ru(&page), en(&page));
        }
    }
}
