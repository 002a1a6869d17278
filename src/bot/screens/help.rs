//! S-30 help, S-31 support, S-37 a bot of one's own, /privacy, /paysupport and /panel.

mod erase;
mod panel;
mod privacy;

pub use erase::{AskErase, Erased, pressed as privacy_pressed};
pub use panel::{
    CameIn, PanelEntry, TooManyLinks, panel_link, show_panel_link, show_signed_out, show_too_many_links, sign_out,
};
pub use privacy::{PaySupport, Privacy, pay_support, privacy};

use super::{Screen, home, lines, nav};
use crate::bot::callback::{BonusPress, Callback, GuidePress};
use crate::bot::error::TurnError;
use crate::bot::jobs::{self, OnboardingLink};
use crate::bot::turn::{Turn, arg};
use crate::domain::outgoing::{Button, Keyboard};
use crate::texts::{Arg, Words};

/// S-30: only what exists is offered.
pub struct Help {
    /// Commands of administrators are named too.
    pub admin: bool,
    /// The gift wheel is offered.
    pub gift: bool,
    /// A draft lives: the way back to it.
    pub draft: bool,
}

impl Screen for Help {
    fn text(&self, words: Words<'_>) -> String {
        let mut parts = vec![words.get("help-text"), words.get("help-commands")];
        if self.admin {
            parts.push(words.get("help-admin-commands"));
        }
        parts.join("\n\n")
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        let mut keyboard = Keyboard::new();
        if self.draft {
            keyboard.push([Callback::BackToConfirmation.button(words.get("btn-continue"))]);
        }
        let guide = |press: GuidePress, key: &str| Callback::Guide(press).button(words.get(key));
        keyboard
            .row([guide(GuidePress::Start, "btn-tutorial")])
            .row([guide(GuidePress::Quick, "btn-quick")])
            .row(
                [
                    self.gift.then(|| Callback::Bonus(BonusPress::Gift).button(words.get("btn-gift"))),
                    Some(Callback::Referral.button(words.get("btn-referral"))),
                ]
                .into_iter()
                .flatten(),
            )
            .row([
                Callback::ChangeLanguage.button(words.get("btn-language")),
                Callback::CopyBot.button(words.get("btn-copy-bot")),
            ])
            .row([Callback::Support.button(words.get("btn-support"))])
            .row([home(words)])
    }
}

/// S-31.
pub struct Support {
    /// Whom to ask; `None` when nothing is set.
    pub contact: Option<String>,
    /// Their link, if the contact is one.
    pub link: Option<Button>,
}

impl Screen for Support {
    fn text(&self, words: Words<'_>) -> String {
        match &self.contact {
            Some(contact) => words.fmt("support-card", arg("support", contact)),
            None => words.get("support-missing"),
        }
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        Keyboard::new().row(self.link.clone()).row(nav(words, &Callback::Help))
    }
}

/// S-37 while nobody can be connected by the bot itself.
pub struct CopyBot {
    /// Whom to ask.
    pub support: Arg,
    /// Their link, if the contact is one.
    pub link: Option<Button>,
}

impl Screen for CopyBot {
    fn text(&self, words: Words<'_>) -> String {
        lines([
            Some(words.get("copy-bot-title")),
            Some(words.get("copy-bot-steps")),
            Some(words.fmt("copy-bot-closed", arg("support", self.support.clone()))),
        ])
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        Keyboard::new().row(self.link.clone()).row(nav(words, &Callback::Help))
    }
}

/// The button that opens a chat with the contact; `None` when the contact is a text without a name or address.
pub(super) fn support_link(words: Words<'_>, contact: &str) -> Option<Button> {
    let contact = contact.trim();
    let url = match contact.strip_prefix('@') {
        Some(name) => {
            let plain = name.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'_');
            (plain && (4..=32).contains(&name.len())).then(|| format!("https://t.me/{name}"))
        }
        None => url::Url::parse(contact).ok().filter(|url| url.scheme() == "https").map(|url| url.to_string()),
    };
    url.map(|url| Button::url(words.get("btn-support-contact"), url))
}

/// Shows S-30.
#[expect(clippy::unused_async, reason = "screens are shown alike, whether they read or not")]
pub async fn show(turn: &mut Turn<'_>) -> Result<(), TurnError> {
    let admin = turn.is_admin();
    turn.show(&Help { admin, gift: turn.tenant.settings.gift_offered(), draft: turn.session.draft.is_some() });
    Ok(())
}

/// Shows S-31.
pub fn support(turn: &mut Turn<'_>) -> Result<(), TurnError> {
    let contact = turn.tenant.settings.support_contact.trim();
    let link = support_link(turn.words(), contact);
    turn.show(&Support { contact: (!contact.is_empty()).then(|| contact.to_owned()), link });
    Ok(())
}

/// S-37 with a link into onboarding.
pub struct CopyLink {
    /// Works once; a newer one ends it.
    pub url: String,
    /// For how many minutes.
    pub minutes: u64,
}

impl Screen for CopyLink {
    fn text(&self, words: Words<'_>) -> String {
        lines([
            Some(words.get("copy-bot-title")),
            Some(words.get("copy-bot-steps")),
            Some(words.fmt("copy-bot-link", arg("n", self.minutes))),
        ])
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        let open = Button::url(words.get("btn-copy-bot-open"), self.url.clone());
        Keyboard::new().row([open]).row(nav(words, &Callback::Help))
    }
}

/// Shows S-37 once its link is made, in a turn without an update.
pub fn show_copy_link(turn: &mut Turn<'_>, url: String, minutes: u64) {
    turn.show(&CopyLink { url, minutes });
}

/// Shows S-37: the link is made by a job, because links belong to the platform and this transaction to the tenant.
pub async fn copy_bot(turn: &mut Turn<'_>) -> Result<(), TurnError> {
    if turn.platform.settings.onboarding.open {
        let job = OnboardingLink { user: turn.user.user_id, language: turn.words().lang() };
        jobs::put_onboarding_link(turn.tx, &job, turn.incoming.update, &turn.corr, turn.now).await?;
        turn.wake_workers();
        turn.stay_silent();
        return Ok(());
    }
    let link = support_link(turn.words(), &turn.tenant.settings.support_contact);
    let screen = CopyBot { support: turn.support(), link };
    turn.show(&screen);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bot::screens::testing::{en, ru, words};
    use crate::domain::Language;

    #[test]
    fn s30_explains_and_offers_what_exists() {
        insta::assert_snapshot!(ru(&Help { admin: false, gift: true, draft: false }), @"
            ❓ <b>Как это работает</b>
            1. Выберите, что создать: картинку, видео или звук.
            2. Опишите идею словами или пришлите файл.
            3. Проверьте цену и нажмите «✅ Генерировать».
            4. Результат придёт сюда, даже если закрыть чат.
            💰 Деньги списываются только после доставки результата. Не получилось — не списываются.
            🆓 Каждый день есть бесплатные генерации: FAST TOOLS.
            🆘 Остались вопросы? Напишите в поддержку.

            <b>Команды</b>
            /start — главное меню
            /models — модели по категориям
            /balance — баланс и пополнение
            /status — что сейчас в работе
            /search — поиск по базе знаний
            /ask — вопрос к базе знаний
            /cancel — отменить текущий шаг
            /language — язык
            /privacy — ваши данные
            /paysupport — вопросы по оплате
            | 🎓 Обучение [tutorial_start] |
            | ⚡ Быстрые действия [quick:menu] |
            | 🎁 Колесо удачи [claim_gift] | 🤝 Партнёрка [referral_info] |
            | 🌐 Язык [change_language] | 📋 Скопировать бота [copy_bot] |
            | 🆘 Поддержка [support_contact] |
            | 🏠 Главное меню [back_to_menu] |
            ");
        assert!(ru(&Help { admin: true, gift: false, draft: true }).contains("/panel"));
        assert!(en(&Help { admin: true, gift: false, draft: true }).contains("[back_to_confirmation]"));
    }

    #[test]
    fn s31_leads_to_the_contact() {
        let link = support_link(words(Language::Ru), "@help_desk");
        insta::assert_snapshot!(ru(&Support { contact: Some("@help_desk".to_owned()), link }), @"
            🆘 Поддержка: @help_desk
            | 💬 Написать в поддержку [https://t.me/help_desk] |
            | ◀️ Назад [help_menu] | 🏠 Главное меню [back_to_menu] |
            ");
        insta::assert_snapshot!(en(&Support { contact: None, link: None }), @"
            No support contact has been set. Write to the bot's administrator.
            | ◀️ Back [help_menu] | 🏠 Main menu [back_to_menu] |
            ");
    }

    #[test]
    fn a_contact_without_an_address_has_no_button() {
        let to = |contact: &str| support_link(words(Language::Ru), contact).is_some();
        assert!(to("@help_desk") && to(" https://example.com/help "));
        assert!(!to("") && !to("пишите Анне") && !to("@a b") && !to("http://example.com") && !to("tg:resolve"));
    }

    #[test]
    fn s37_says_honestly_what_is_not_there_yet() {
        insta::assert_snapshot!(ru(&CopyBot { support: Arg::text("@help_desk"), link: None }), @"
            📋 <b>Скопировать бота</b>
            За 5 минут у вас будет такой же бот:
            1) создайте бота
            2) подключите
            3) задайте цены и реквизиты
            Подключение временно закрыто, напишите: @help_desk
            | ◀️ Назад [help_menu] | 🏠 Главное меню [back_to_menu] |
            ");
        assert!(en(&CopyBot { support: Arg::text("@a"), link: None }).contains("@a"));
    }
}
