//! S-28: a person's link and what came of it; and what a /start by somebody's link brings (bot.md 12.2).

use super::{Screen, lines, nav};
use crate::billing::{self, Invited};
use crate::bot::callback::{BonusPress, Callback};
use crate::bot::error::TurnError;
use crate::bot::turn::{Turn, arg};
use crate::domain::outgoing::{Button, Keyboard};
use crate::domain::{ChatId, ReferralCode};
use crate::store::{Invitations, UserRow};
use crate::texts::Words;

/// S-28.
pub struct Referral {
    /// The person's link; `None` until Telegram has told the bot's name.
    pub link: Option<String>,
    /// What each side is given; 0: nothing at present.
    pub bonus: u32,
    /// What came of the link.
    pub came: Invitations,
    /// Earned and not used.
    pub bank: i64,
}

impl Screen for Referral {
    fn text(&self, words: Words<'_>) -> String {
        let how = match self.bonus {
            0 => words.get("referral-off"),
            bonus => words.fmt("referral-how", arg("bonus", bonus)),
        };
        let came = arg("invited", self.came.invited).with("activated", self.came.activated).with("bank", self.bank);
        let link = self.link.as_ref().map(|link| words.fmt("referral-link", arg("link", link)));
        let parts = [Some(words.get("referral-title")), Some(how), Some(words.fmt("referral-stats", came)), link];
        parts.into_iter().flatten().collect::<Vec<_>>().join("\n\n")
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        let text = if self.bonus > 0 { words.get("referral-share") } else { String::new() };
        Keyboard::new()
            .row(self.link.as_ref().and_then(|link| share(words, link, &text)))
            .row([Callback::Bonus(BonusPress::Mine).button(words.get("btn-bonuses"))])
            .row(nav(words, &Callback::Help))
    }
}

/// «📤 Поделиться»: Telegram asks whom to send the link to.
fn share(words: Words<'_>, link: &str, text: &str) -> Option<Button> {
    let url = url::Url::parse_with_params("https://t.me/share/url", [("url", link), ("text", text)]).ok()?;
    // Some apps show the `+` of a form as it stands; a plus of the text itself is written otherwise.
    Some(Button::url(words.get("btn-share"), url.to_string().replace('+', "%20")))
}

/// The person's own link; `None` until Telegram has told the bot's name.
pub async fn link(turn: &mut Turn<'_>) -> Result<Option<String>, TurnError> {
    let Some(bot) = turn.tenant.username.as_deref() else { return Ok(None) };
    let token = billing::referral_token(turn.tx, &turn.user.user_ref, turn.now).await?;
    Ok(Some(format!("https://t.me/{bot}?start=ref_{token}")))
}

/// Shows S-28; the draft is cleared (bot.md 6.2).
pub async fn show(turn: &mut Turn<'_>) -> Result<(), TurnError> {
    turn.session.clear_for(None);
    let link = link(turn).await?;
    let came = turn.tx.referrals_of(&turn.user.user_ref).await?;
    let bank = turn.free_quota().await?.bank;
    turn.show(&Referral { link, bonus: turn.tenant.settings.referral_bonus, came, bank });
    Ok(())
}

/// A /start by somebody's link: both sides are told, above the menu and in the inviter's chat. `first`: the person's first ever.
pub async fn arrived(turn: &mut Turn<'_>, first: bool, payload: &str) -> Result<(), TurnError> {
    let Some(code) = ReferralCode::parse(payload) else { return Ok(()) };
    let bonus = i64::from(turn.tenant.settings.referral_bonus);
    match billing::invite(turn.tx, &turn.user, first, &code, bonus, &turn.corr, turn.now).await? {
        Invited::Counted(inviter) if bonus > 0 => {
            turn.notice(turn.words().fmt("ref-welcome", arg("n", bonus)));
            notify(turn, &inviter, bonus);
        }
        Invited::Counted(_) | Invited::Nobody => {}
        Invited::Oneself => turn.notice(turn.words().get("referral-self")),
        Invited::NotNew => turn.notice(turn.words().get("referral-existing")),
    }
    Ok(())
}

/// «🎉 По вашей ссылке пришёл новый пользователь», in the inviter's language.
fn notify(turn: &mut Turn<'_>, inviter: &UserRow, bonus: i64) {
    let language = turn.tenant.language_of(inviter.language, inviter.language_code.as_deref());
    let words = turn.platform.texts.words(language);
    let keyboard = Keyboard::new()
        .row([Callback::Bonus(BonusPress::Mine).button(words.get("btn-bonuses"))])
        .row([super::home(words)]);
    let html = lines([Some(words.fmt("ref-notice", arg("n", bonus)))]);
    turn.tell(ChatId::from(inviter.user_id), html, keyboard);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bot::screens::testing::{en, ru};

    fn screen() -> Referral {
        Referral {
            link: Some("https://t.me/art_bot?start=ref_AbC123xYz456".to_owned()),
            bonus: 10,
            came: Invitations { invited: 3, activated: 1 },
            bank: 21,
        }
    }

    #[test]
    fn s28_tells_the_invited_from_the_active_and_shows_the_link() {
        insta::assert_snapshot!(ru(&screen()), @"
            🤝 <b>Партнёрка</b>

            1. Отправьте другу свою ссылку.
            2. Друг впервые запускает бота.
            3. Вы оба получаете по 10 бонусных генераций.

            👥 Приглашено: 3
            ✅ Активировались: 1
            🎟 Осталось бонусных: 21

            🔗 Ваша ссылка: <code>https://t.me/art_bot?start=ref_AbC123xYz456</code>
            | 📤 Поделиться [https://t.me/share/url?url=https%3A%2F%2Ft.me%2Fart_bot%3Fstart%3Dref_AbC123xYz456&text=%D0%A1%D0%BE%D0%B7%D0%B4%D0%B0%D0%B2%D0%B0%D0%B9%20%D0%BA%D0%B0%D1%80%D1%82%D0%B8%D0%BD%D0%BA%D0%B8%2C%20%D0%B2%D0%B8%D0%B4%D0%B5%D0%BE%20%D0%B8%20%D0%B7%D0%B2%D1%83%D0%BA%20%D0%BF%D1%80%D1%8F%D0%BC%D0%BE%20%D0%B2%20Telegram.%20%D0%9F%D0%BE%20%D0%BC%D0%BE%D0%B5%D0%B9%20%D1%81%D1%81%D1%8B%D0%BB%D0%BA%D0%B5%20%E2%80%94%20%D0%B1%D0%BE%D0%BD%D1%83%D1%81%D0%BD%D1%8B%D0%B5%20%D0%B3%D0%B5%D0%BD%D0%B5%D1%80%D0%B0%D1%86%D0%B8%D0%B8%3A] |
            | 🎁 Мои бонусы [my_bonuses] |
            | ◀️ Назад [help_menu] | 🏠 Главное меню [back_to_menu] |
            ");
        insta::assert_snapshot!(en(&Referral { bonus: 1, ..screen() }), @"
            🤝 <b>Referral</b>

            1. Send your link to a friend.
            2. Your friend starts the bot for the first time.
            3. Both of you receive 1 bonus generation.

            👥 Invited: 3
            ✅ Active: 1
            🎟 Bonus ones left: 21

            🔗 Your link: <code>https://t.me/art_bot?start=ref_AbC123xYz456</code>
            | 📤 Share [https://t.me/share/url?url=https%3A%2F%2Ft.me%2Fart_bot%3Fstart%3Dref_AbC123xYz456&text=Create%20pictures%2C%20videos%20and%20sound%20right%20in%20Telegram.%20My%20link%20gives%20bonus%20generations%3A] |
            | 🎁 My bonuses [my_bonuses] |
            | ◀️ Back [help_menu] | 🏠 Main menu [back_to_menu] |
            ");
    }

    #[test]
    fn s28_without_a_bonus_or_a_name_promises_nothing() {
        insta::assert_snapshot!(ru(&Referral { link: None, bonus: 0, ..screen() }), @"
            🤝 <b>Партнёрка</b>

            Бонусы за приглашения сейчас отключены, но ссылкой можно делиться.

            👥 Приглашено: 3
            ✅ Активировались: 1
            🎟 Осталось бонусных: 21
            | 🎁 Мои бонусы [my_bonuses] |
            | ◀️ Назад [help_menu] | 🏠 Главное меню [back_to_menu] |
            ");
    }
}
