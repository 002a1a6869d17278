//! S-32: the language of the bot.

use super::{Screen, home, menu};
use crate::bot::callback::Callback;
use crate::bot::error::TurnError;
use crate::bot::turn::Turn;
use crate::domain::Language;
use crate::domain::outgoing::Keyboard;
use crate::texts::Words;

/// S-32.
pub struct Languages {
    /// What the bot speaks.
    pub offered: Vec<Language>,
}

impl Screen for Languages {
    fn text(&self, words: Words<'_>) -> String {
        words.get("language-title")
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        let button = |language: &Language| {
            let key = match language {
                Language::Ru => "btn-lang-ru",
                Language::En => "btn-lang-en",
            };
            Callback::SetLanguage(*language).button(words.get(key))
        };
        Keyboard::new().row(self.offered.iter().map(button)).row([home(words)])
    }
}

/// Shows S-32.
#[expect(clippy::unused_async, reason = "screens are shown alike, whether they read or not")]
pub async fn show(turn: &mut Turn<'_>) -> Result<(), TurnError> {
    turn.show(&Languages { offered: turn.tenant.settings.languages.clone() });
    Ok(())
}

/// Stores a choice and speaks it at once.
pub async fn choose(turn: &mut Turn<'_>, chosen: Language) -> Result<(), TurnError> {
    if !turn.tenant.settings.languages.contains(&chosen) {
        return show(turn).await;
    }
    turn.tx.user_set_language(turn.user.user_id, chosen).await?;
    turn.user.language = Some(chosen);
    turn.language = chosen;
    turn.notice(turn.words().get("language-set"));
    menu::show(turn).await
}

/// /language with a code; an unknown one offers the known ones.
pub async fn choose_text(turn: &mut Turn<'_>, code: &str) -> Result<(), TurnError> {
    match code.trim().to_lowercase().parse() {
        Ok(language) => choose(turn, language).await,
        Err(_) => show(turn).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bot::screens::testing::{en, ru};

    #[test]
    fn s32_offers_what_the_bot_speaks() {
        let both = Languages { offered: Language::ALL.to_vec() };
        insta::assert_snapshot!(ru(&both), @"
            🌐 Язык / Language
            | Русский [set_language:ru] | English [set_language:en] |
            | 🏠 Главное меню [back_to_menu] |
            ");
        insta::assert_snapshot!(en(&Languages { offered: vec![Language::Ru] }), @"
            🌐 Язык / Language
            | Русский [set_language:ru] |
            | 🏠 Main menu [back_to_menu] |
            ");
    }
}
