//! S-01, the main menu: exactly eight rows, and the ways that lead to it (bot.md 5).

use super::{Screen, lines, referral};
use crate::billing::FreeQuota;
use crate::bot::callback::Callback;
use crate::bot::error::TurnError;
use crate::bot::turn::{Turn, arg};
use crate::domain::Money;
use crate::domain::outgoing::{Keyboard, Track};
use crate::texts::{Arg, Args, Words};

/// What the main menu shows. Lines without data are left out.
pub struct Menu {
    /// The tenant's brand; empty for the platform's neutral one.
    pub brand: String,
    /// The tenant's greeting; empty for the platform's.
    pub welcome: String,
    /// News of the tenant.
    pub whats_new: String,
    /// Free generations left today and the zone's name they renew in.
    pub free: Option<(FreeQuota, String)>,
    /// What the user can spend.
    pub available: Option<Money>,
    /// The user's link and what it gives; `None` while it gives nothing.
    pub link: Option<(String, u32)>,
    /// An admin, who generates without limits.
    pub admin: bool,
    /// An admin who looks at the bot as a user.
    pub user_mode: bool,
}

impl Screen for Menu {
    fn text(&self, words: Words<'_>) -> String {
        let or = |own: &str, key: &str| if own.is_empty() { words.get(key) } else { own.to_owned() };
        let head = words.fmt("menu-brand", arg("brand", Arg::text(or(&self.brand, "menu-brand-default"))));
        let welcome = if self.welcome.is_empty() {
            words.get("menu-welcome-default")
        } else {
            crate::texts::escape_html(&self.welcome).into_owned()
        };
        let facts = lines([
            self.free.as_ref().map(|(free, zone)| free_counter(words, *free, zone)),
            self.admin.then(|| words.get("admin-free")),
            self.available.map(|money| words.fmt("menu-balance", arg("available", money))),
            self.link.as_ref().map(|(link, bonus)| words.fmt("menu-link", arg("link", link).with("bonus", *bonus))),
            (!self.whats_new.is_empty()).then(|| crate::texts::escape_html(&self.whats_new).into_owned()),
            Some(words.get("menu-hint")),
            self.user_mode.then(|| words.get("menu-user-mode")),
        ]);
        format!("{head}\n{welcome}\n\n{facts}")
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        let of_type = |slug: &str| Callback::GenType(slug.to_owned());
        let rows = [
            ("btn-fast-tools", Callback::FreeTools),
            ("btn-menu-t2i", of_type("text-to-image")),
            ("btn-menu-i2i", of_type("image-to-image")),
            ("btn-menu-t2v", of_type("text-to-video")),
            ("btn-menu-i2v", of_type("image-to-video")),
            ("btn-menu-special", Callback::OtherModels),
            ("btn-menu-balance", Callback::Balance),
            ("btn-menu-referral", Callback::Referral),
        ];
        rows.into_iter().fold(Keyboard::new(), |all, (key, to)| all.row([to.button(words.get(key))]))
    }
}

/// «🎁 Бесплатных осталось сегодня: …», and at zero what pays then: the bank, or that models cost their price (bot.md 12.1).
pub fn free_counter(words: Words<'_>, free: FreeQuota, zone: &str) -> String {
    let args = Args::new().with("left", free.left).with("total", free.total).with("tz", zone);
    let over = match (free.left, free.bank) {
        (0, 0) => Some(words.get("free-over")),
        (0, bank) => Some(words.fmt("balance-bank", arg("bank", bank))),
        _ => None,
    };
    lines([Some(words.fmt("free-counter", args)), over])
}

/// Shows the menu as the session stands.
pub async fn show(turn: &mut Turn<'_>) -> Result<(), TurnError> {
    let admin = turn.acts_as_admin();
    let free = turn.free_quota().await?;
    let available = Some(turn.balance().await?.available);
    let settings = &turn.tenant.settings;
    let link = if settings.referral_bonus > 0 { referral::link(turn).await? } else { None };
    let menu = Menu {
        brand: settings.brand.clone(),
        welcome: settings.welcome_text.clone(),
        whats_new: settings.whats_new.clone(),
        free: (!admin && free.total > 0).then(|| (free, turn.tenant.zone_name().to_owned())),
        available,
        link: link.map(|link| (link, settings.referral_bonus)),
        admin,
        user_mode: turn.user.user_mode && turn.is_admin(),
    };
    turn.show(&menu);
    Ok(())
}

/// /start: registers the person, leaves nothing awaited; the first one may come by somebody's link.
pub async fn start(turn: &mut Turn<'_>, payload: Option<&str>) -> Result<(), TurnError> {
    turn.session.reset();
    let first = turn.tx.user_started(turn.user.user_id, turn.now).await?;
    if let Some(payload) = payload {
        referral::arrived(turn, first, payload).await?;
    }
    if turn.is_admin() {
        super::admin::command_menus_wanted(turn).await?;
    }
    show(turn).await
}

/// «🏠»: the draft is given up without a word.
pub async fn back(turn: &mut Turn<'_>) -> Result<(), TurnError> {
    turn.session.reset();
    show(turn).await
}

/// /reset.
pub async fn reset(turn: &mut Turn<'_>) -> Result<(), TurnError> {
    turn.session.reset();
    show(turn).await
}

/// «❌ Отмена» and /cancel: the draft is given up and said so; running generations go on, and the command names them.
pub async fn cancel(turn: &mut Turn<'_>, by_command: bool) -> Result<(), TurnError> {
    let had = turn.session.draft.is_some() || turn.session.awaits.is_some();
    turn.session.reset();
    turn.notice(turn.words().get(if had || !by_command { "cancelled" } else { "nothing-to-cancel" }));
    show(turn).await?;
    if by_command {
        super::progress::offer_cancels(turn).await?;
    }
    Ok(())
}

/// S-02: what still works when data is slow or broken.
pub fn minimal(words: Words<'_>) -> (String, Keyboard) {
    let button = |to: Callback, key: &str| to.button(words.get(key));
    let keyboard = Keyboard::new()
        .row([button(Callback::ShowModels, "btn-models"), button(Callback::Balance, "btn-balance")])
        .row([button(Callback::Help, "btn-help"), button(Callback::MyGenerations, "btn-my-generations")])
        .row([button(Callback::BackToMenu, "btn-refresh")]);
    (words.get("menu-minimal"), keyboard)
}

/// Ends a turn that showed nothing: the menu with «💡 Выберите действие из меню.» (bot.md 2.2).
pub async fn never_silent(turn: &mut Turn<'_>) -> Result<(), TurnError> {
    turn.notice(turn.words().get("use-menu"));
    show(turn).await?;
    Ok(())
}

/// A text and the minimal menu below it, as a new message.
pub fn fallback(turn: &mut Turn<'_>, text: String) {
    let (_, keyboard) = minimal(turn.words());
    turn.keep_pressed_message();
    turn.say(text, keyboard, Track::Nothing);
}
