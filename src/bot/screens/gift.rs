//! S-29, the gift wheel: the amount is credited before the first picture is shown; the rest is shown by a job (bot.md 12.3).

use super::{Screen, nav};
use crate::billing;
use crate::bot::callback::{BonusPress, Callback};
use crate::bot::error::TurnError;
use crate::bot::jobs::{GiftSpin, put_gift_spin};
use crate::bot::turn::{Turn, arg};
use crate::domain::outgoing::{Keyboard, Outgoing, Track};
use crate::domain::{MessageClass, MessageId, Money};
use crate::texts::Words;

/// Pictures of the turning wheel, before the amount.
pub const FRAMES: i64 = 3;

/// The wheel while it turns: the n-th picture, from 1.
pub struct Turning(pub i64);

impl Screen for Turning {
    fn text(&self, words: Words<'_>) -> String {
        words.get(match self.0 {
            1 => "gift-frame-1",
            2 => "gift-frame-2",
            _ => "gift-frame-3",
        })
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        Keyboard::new().row([super::home(words)])
    }
}

/// What the wheel gave.
pub struct Won {
    /// How much.
    pub amount: Money,
    /// What can be spent now.
    pub available: Money,
}

impl Screen for Won {
    fn text(&self, words: Words<'_>) -> String {
        words.fmt("gift-won", arg("amount", self.amount).with("available", self.available))
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        Keyboard::new()
            .row([Callback::ShowModels.button(words.get("btn-spend"))])
            .row(nav(words, &Callback::Bonus(BonusPress::Mine)))
    }
}

/// «🎁 Колесо удачи»: credits once, shows the first picture and leaves the others to the job.
pub async fn claim(turn: &mut Turn<'_>) -> Result<(), TurnError> {
    let settings = &turn.tenant.settings;
    if !settings.gift_offered() {
        turn.alert(turn.words().get("gift-off"));
        return Ok(());
    }
    let (least, most) = (settings.gift_min, settings.gift_max);
    if billing::gift(turn.tx, &turn.user.user_ref, least, most, &turn.corr, turn.now).await?.is_none() {
        turn.alert(turn.words().get("gift-used"));
        return Ok(());
    }
    let spin = GiftSpin { user: turn.user.user_id, message: turn.edit_target() };
    turn.show(&Turning(1));
    put_gift_spin(turn.tx, &spin, &turn.corr, turn.now).await?;
    turn.wake_workers();
    Ok(())
}

/// The job's part: the n-th picture, or after the last one what was won, in place of the picture before.
pub async fn show_frame(turn: &mut Turn<'_>, message: Option<MessageId>, frame: i64) -> Result<(), TurnError> {
    if frame <= FRAMES {
        edit(turn, message, &Turning(frame));
        return Ok(());
    }
    let Some(amount) = turn.tx.gift_get(&turn.user.user_ref).await? else { return Ok(()) };
    let available = turn.balance().await?.available;
    edit(turn, message, &Won { amount, available });
    Ok(())
}

fn edit(turn: &mut Turn<'_>, message: Option<MessageId>, screen: &impl Screen) {
    let (html, keyboard) = (screen.text(turn.words()), screen.keyboard(turn.words()));
    turn.push(Outgoing::Screen { html, keyboard, edit: message, track: Track::Nothing }, MessageClass::Idempotent);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bot::screens::testing::{en, ru};

    #[test]
    fn s29_turns_and_then_says_what_was_won() {
        let frames: Vec<String> = (1..=FRAMES).map(|n| ru(&Turning(n))).collect();
        assert!(frames.iter().all(|frame| frame.contains("🎰 <b>Колесо удачи") && frame.contains("[back_to_menu]")));
        assert!(frames.windows(2).all(|pair| pair[0] != pair[1]));
        let won = Won { amount: Money::kopecks(1_234), available: Money::kopecks(6_234) };
        insta::assert_snapshot!(ru(&won), @"
            🎉 Вы выиграли 12.34 ₽! Баланс: 62.34 ₽
            | 🚀 Потратить [show_models] |
            | ◀️ Назад [my_bonuses] | 🏠 Главное меню [back_to_menu] |
            ");
        assert!(en(&won).contains("12.34 ₽"));
    }
}
