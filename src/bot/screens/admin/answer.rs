//! Writing to a person through the bot, and their answer coming back to the admin who wrote (decisions.md 23). What is
//! written is said, and kept nowhere else.

use super::{Question, ask as ask_for, button, not_found, user};
use crate::accounts::audit::Actor;
use crate::bot::acts::letter::MOST;
use crate::bot::acts::{self, Hands};
use crate::bot::awaits::{AdminInput, Awaits};
use crate::bot::callback::AdminPress;
use crate::bot::error::TurnError;
use crate::bot::screens::{Screen, home, menu};
use crate::bot::turn::{Turn, arg};
use crate::domain::outgoing::Keyboard;
use crate::domain::{AuditDoor, ChatId, UserId};
use crate::texts::{Arg, Words};

/// A letter as the person reads it, with the way to answer.
pub struct Letter {
    /// What the admin wrote.
    pub text: String,
}

impl Screen for Letter {
    fn text(&self, words: Words<'_>) -> String {
        words.fmt("letter", arg("text", &self.text))
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        Keyboard::new().row([button(words, "btn-letter-reply", AdminPress::Reply)]).row([home(words)])
    }
}

/// What the person answered, as the admin reads it.
pub struct Asked {
    /// Who.
    pub user: UserId,
    /// As Telegram shows them.
    pub name: String,
    /// What they wrote.
    pub text: String,
}

impl Screen for Asked {
    fn text(&self, words: Words<'_>) -> String {
        let args = arg("id", Arg::shown(self.user)).with("name", &self.name).with("text", &self.text);
        words.fmt("letter-answer", args)
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        let id = Some(self.user);
        Keyboard::new()
            .row([
                button(words, "btn-user-write", AdminPress::Write(id)),
                button(words, "btn-user-card", AdminPress::UserInfo(id)),
            ])
            .row([home(words)])
    }
}

/// «✉️ Написать»: asks for the text.
pub(super) async fn ask(turn: &mut Turn<'_>, id: Option<UserId>) -> Result<(), TurnError> {
    let row = match id {
        Some(id) => turn.tx.user_get(id).await?,
        None => None,
    };
    let Some(row) = row else {
        not_found(turn);
        return Ok(());
    };
    if row.unreachable_at.is_some() {
        turn.alert(turn.words().get("letter-unreachable"));
        return Ok(());
    }
    let text = turn.words().fmt("letter-ask", arg("id", Arg::shown(row.user_id)));
    ask_for(turn, AdminInput::Message { user: row.user_id }, text);
    Ok(())
}

/// Sends it.
pub(super) async fn send(turn: &mut Turn<'_>, user: UserId, text: Option<&str>) -> Result<(), TurnError> {
    let Some(text) = fitting(turn, text) else { return ask(turn, Some(user)).await };
    let Some(row) = turn.tx.user_get(user).await? else {
        turn.session.awaits = None;
        not_found(turn);
        return Ok(());
    };
    turn.session.awaits = None;
    let actor = Actor { user: Some(turn.user.user_id), door: AuditDoor::Telegram, corr: &turn.corr };
    let hands = Hands { platform: turn.platform, tenant: turn.tenant, actor, now: turn.now };
    let news = acts::letter::write(turn.tx, &hands, &row, text).await?;
    turn.tell_message(news.chat, news.outgoing);
    turn.notice(turn.words().fmt("letter-sent", arg("id", Arg::shown(user))));
    user::show(turn, &row).await
}

/// «↩️ Ответить» below a letter: the next text goes to the admin who wrote.
#[expect(clippy::unnecessary_wraps, reason = "ends a screen's function, which may fail")]
pub(super) fn ask_reply(turn: &mut Turn<'_>) -> Result<(), TurnError> {
    let text = turn.words().get("letter-reply-ask");
    turn.keep_pressed_message();
    turn.session.awaits = Some(Awaits::Admin(AdminInput::Reply));
    turn.show(&Question(text));
    Ok(())
}

/// The answer goes back.
pub(super) async fn reply(turn: &mut Turn<'_>, text: Option<&str>) -> Result<(), TurnError> {
    let Some(text) = fitting(turn, text) else { return ask_reply(turn) };
    turn.session.awaits = None;
    let me = turn.user.user_id;
    let admin = match turn.tx.talk_with(me).await? {
        Some(admin) => turn.tx.user_get(admin).await?.filter(|row| row.role.is_some()),
        None => None,
    };
    let Some(admin) = admin else {
        // The admin is one no more: the support contact is who remains.
        let support = turn.support();
        turn.notice(turn.words().fmt("support-card", arg("support", support)));
        return menu::show(turn).await;
    };
    let theirs = turn.platform.texts.words(turn.tenant.language_of(admin.language, admin.language_code.as_deref()));
    let name = turn.user.username.as_ref().map_or_else(|| turn.user.first_name.clone(), |name| format!("@{name}"));
    let asked = Asked { user: me, name, text };
    turn.tell(ChatId::from(admin.user_id), asked.text(theirs), asked.keyboard(theirs));
    turn.notice(turn.words().get("letter-reply-sent"));
    menu::show(turn).await
}

/// A text that can be passed on; what is wrong with another is said.
fn fitting(turn: &mut Turn<'_>, text: Option<&str>) -> Option<String> {
    let words = turn.words();
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else {
        turn.notice(words.fmt("expected-text", arg("param", words.get("param-message"))));
        return None;
    };
    let n = text.chars().count();
    if n > MOST {
        turn.notice(words.fmt("text-len", arg("min", 1).with("max", MOST).with("n", n)));
        return None;
    }
    Some(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bot::screens::testing::{en, ru};

    #[test]
    fn a_letter_can_be_answered_and_shows_what_was_written_as_it_is() {
        insta::assert_snapshot!(ru(&Letter { text: "Привет <b>".to_owned() }), @"
            ✉️ <b>Сообщение от администратора</b>

            Привет &lt;b&gt;
            | ↩️ Ответить [admin_reply] |
            | 🏠 Главное меню [back_to_menu] |
            ");
        let asked = Asked { user: UserId(101), name: "@anna".to_owned(), text: "Спасибо & пока".to_owned() };
        insta::assert_snapshot!(en(&asked), @"
            ↩️ <b>Answer of user</b> <code>101</code> (@anna)

            Спасибо &amp; пока
            | ✉️ Write [admin_write:101] | 👤 User [admin_user_info:101] |
            | 🏠 Main menu [back_to_menu] |
            ");
    }
}
