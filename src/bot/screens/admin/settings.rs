//! S-44: what an admin can see of the settings, and the two that the owner changes here.

use serde_json::Value;

use super::{Act, ask as ask_for, button, nav, note, say};
use crate::bot::awaits::AdminInput;
use crate::bot::callback::{AdminPress, BonusPress, BroadcastPress, Callback};
use crate::bot::error::TurnError;
use crate::bot::route;
use crate::bot::screens::{Screen, lines};
use crate::bot::turn::{Turn, arg};
use crate::domain::outgoing::Keyboard;
use crate::domain::settings::TenantSettings;
use crate::domain::{AuditAction, Factor};
use crate::tenants::change::{self, Changed};
use crate::texts::{Arg, Words};

/// The switch that the owner flips here.
const HIDE_PROMPTS: &str = "hide_prompts";
/// The number that the owner sets here.
const RATE: &str = "currency_rate";

/// S-44.
pub struct SettingsScreen {
    /// The settings as they are stored now.
    pub settings: TenantSettings,
    /// Whom users ask for help, or that nothing is set.
    pub support: Arg,
}

impl Screen for SettingsScreen {
    fn text(&self, words: Words<'_>) -> String {
        let on = |on: bool| words.get(if on { "switch-on" } else { "switch-off" });
        let settings = &self.settings;
        lines([
            Some(words.get("settings-title")),
            Some(words.get("settings-commands")),
            Some(words.fmt("settings-support", arg("support", self.support.clone()))),
            Some(words.fmt(
                "settings-methods",
                arg("stars", on(settings.stars_enabled)).with("sbp", on(settings.sbp_offered())),
            )),
            Some(words.fmt("settings-rate", arg("rate", Arg::shown(settings.currency_rate)))),
            Some(words.fmt("settings-hide", arg("state", on(settings.hide_prompts)))),
        ])
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        let state = words.get(if self.settings.hide_prompts { "switch-on" } else { "switch-off" });
        let hide = words.plain("btn-settings-hide", arg("state", state));
        Keyboard::new()
            .row([button(words, "btn-settings-rate", AdminPress::SetRate)])
            .row([Callback::Admin(AdminPress::Toggle(HIDE_PROMPTS.to_owned())).button(hide)])
            .row([button(words, "btn-settings-check", AdminPress::ConfigCheck)])
            .row([
                Callback::Broadcast(BroadcastPress::List).button(words.get("btn-settings-broadcast")),
                Callback::Bonus(BonusPress::Codes).button(words.get("btn-settings-promo")),
            ])
            .row([button(words, "btn-settings-panel", AdminPress::Older("export".to_owned()))])
            .row(nav(words))
    }
}

/// Shows S-44 with what is stored now.
pub(super) async fn show(turn: &mut Turn<'_>) -> Result<(), TurnError> {
    let settings = change::current(turn.tx).await?;
    let screen = SettingsScreen { settings, support: turn.support() };
    turn.show(&screen);
    Ok(())
}

/// «💱 Курс».
#[expect(clippy::unnecessary_wraps, reason = "ends a screen's function, which may fail")]
pub(super) fn ask_rate(turn: &mut Turn<'_>) -> Result<(), TurnError> {
    let text = turn.words().get("settings-rate-ask");
    ask_for(turn, AdminInput::Rate, text);
    Ok(())
}

/// The rate, or its rule again.
pub(super) async fn rate_typed(turn: &mut Turn<'_>, text: Option<&str>) -> Result<(), TurnError> {
    if !turn.is_owner() {
        turn.session.awaits = None;
        let text = turn.words().get("owner-only");
        say(turn, text);
        return Ok(());
    }
    let rate = text.and_then(|text| text.trim().replace(',', ".").parse::<Factor>().ok());
    let Some(rate) = rate else {
        turn.notice(turn.words().get("settings-rate-bad"));
        return ask_rate(turn);
    };
    match set(turn, RATE, Value::from(rate.to_string())).await? {
        Set::Wrong => {
            turn.notice(turn.words().get("settings-rate-bad"));
            ask_rate(turn)
        }
        Set::Done | Set::Not => {
            turn.session.awaits = None;
            show(turn).await
        }
    }
}

/// «🙈»: the one switch there is; another name is a button of nobody's.
pub(super) async fn toggle(turn: &mut Turn<'_>, name: &str) -> Result<(), TurnError> {
    if name != HIDE_PROMPTS {
        return route::stale(turn).await;
    }
    let now = change::current(turn.tx).await?.hide_prompts;
    set(turn, HIDE_PROMPTS, Value::from(!now)).await?;
    show(turn).await
}

/// What came of setting something.
enum Set {
    Done,
    /// It stays; the reason is said.
    Not,
    /// The value breaks its rule.
    Wrong,
}

async fn set(turn: &mut Turn<'_>, name: &str, value: Value) -> Result<Set, TurnError> {
    match change::change(turn.tx, name, value, turn.now).await? {
        Changed::Done { was, became, .. } => {
            let object = format!("setting:{name}");
            let act = Act::new(AuditAction::SettingChanged, &object).changed(Some(&was), Some(&became));
            note(turn, act).await?;
            turn.notice(turn.words().get("settings-done"));
            Ok(Set::Done)
        }
        Changed::Managed => {
            turn.notice(turn.words().get("admin-managed"));
            Ok(Set::Not)
        }
        Changed::Wrong(_) => Ok(Set::Wrong),
        // Decided anew on fresh data, like a session that moved.
        Changed::Lost => Err(TurnError::SessionMoved),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bot::screens::testing::{en, ru};

    #[test]
    fn s44_shows_the_switches_as_they_stand() {
        let settings = TenantSettings::default();
        insta::assert_snapshot!(ru(&SettingsScreen { settings, support: Arg::text("@help") }), @"
            ⚙️ <b>Настройки</b>
            Команды: /payments, /block_user, /unblock_user, /user_balance, /add_admin, /add, /selftest, /config_check, /panel
            🆘 Поддержка: @help
            💳 Telegram Stars: вкл · СБП: выкл
            💱 1 USD = 78.57 ₽
            🙈 Скрывать запросы: выкл
            | 💱 Курс [admin_set_currency_rate] |
            | 🙈 Скрывать запросы: выкл [admin_toggle:hide_prompts] |
            | 🧩 Проверка конфигурации [admin_config_check] |
            | 📢 Рассылка [admin_broadcast] | 🎁 Промокоды [admin_promocodes] |
            | 🖥 Панель [adm:export] |
            | 🔙 Админ-меню [admin_stats] | 🏠 Главное меню [back_to_menu] |
            ");
        let settings = TenantSettings { hide_prompts: true, ..TenantSettings::default() };
        insta::assert_snapshot!(en(&SettingsScreen { settings, support: Arg::text("@help") }), @"
            ⚙️ <b>Settings</b>
            Commands: /payments, /block_user, /unblock_user, /user_balance, /add_admin, /add, /selftest, /config_check, /panel
            🆘 Support: @help
            💳 Telegram Stars: on · SBP: off
            💱 1 USD = 78.57 ₽
            🙈 Hide prompts: on
            | 💱 Rate [admin_set_currency_rate] |
            | 🙈 Hide prompts: on [admin_toggle:hide_prompts] |
            | 🧩 Configuration check [admin_config_check] |
            | 📢 Broadcast [admin_broadcast] | 🎁 Promo codes [admin_promocodes] |
            | 🖥 Panel [adm:export] |
            | 🔙 Admin menu [admin_stats] | 🏠 Main menu [back_to_menu] |
            ");
    }
}
