//! The admin's menu in Telegram (bot.md 5.5, 14): who may, and which screen answers what.
//!
//! Rights are read with the user's row on every press, so a role that was given or taken a moment ago counts. Whatever changes
//! something is written into the audit log by `note`, in the same transaction.

mod answer;
mod block;
mod credit;
mod errors;
mod gallery;
mod month;
mod panel;
mod people;
mod report;
mod roles;
mod search;
mod second;
mod settings;
mod stats;
mod user;
mod user_balance;

pub use answer::{Asked, Letter};
pub use credit::{ConfirmCredit, CreditStep};
pub use gallery::Exhibit;
pub use month::MonthScreen;
pub use panel::Panel;
pub use people::PeopleList;
pub use report::{ReportScreen, show as show_report};
pub use roles::command_menus_wanted;
pub use second::{SecondCard, person_and_home};
pub use settings::SettingsScreen;
pub(super) use stats::provider;
pub use stats::{Provider, Stats};
pub use user::UserCard;

use super::{Screen, broadcasts, help, home, menu, payments};
use crate::accounts::audit::{self, Act, Actor};
use crate::bot::awaits::{AdminInput, Awaits};
use crate::bot::callback::{AdminPress, Callback};
use crate::bot::command::{AdminCommand, AdminView};
use crate::bot::error::TurnError;
use crate::bot::jobs::Question as Asking;
use crate::bot::route;
use crate::bot::turn::Turn;
use crate::bot::update::Message;
use crate::domain::outgoing::{Button, Keyboard, Outgoing, Track};
use crate::domain::{AuditDoor, MessageClass, UserId};
use crate::texts::Words;

/// Answers an admin's command; everybody else reads that it is not theirs, and nothing changes.
pub async fn command(turn: &mut Turn<'_>, command: AdminCommand) -> Result<(), TurnError> {
    if !turn.is_admin() {
        turn.notice(turn.words().get("admin-only"));
        return menu::show(turn).await;
    }
    match command {
        AdminCommand::Admin(view) => admin(turn, view).await,
        AdminCommand::BlockUser(argument) => block::by_command(turn, argument.as_deref(), true).await,
        AdminCommand::UnblockUser(argument) => block::by_command(turn, argument.as_deref(), false).await,
        AdminCommand::UserBalance(argument) => user_balance::show(turn, argument.as_deref()).await,
        AdminCommand::AddAdmin(_) if !turn.is_owner() => {
            let text = turn.words().get("owner-only");
            say(turn, text);
            Ok(())
        }
        AdminCommand::AddAdmin(argument) => roles::add(turn, argument.as_deref()).await,
        AdminCommand::SelfTest => report::ask(turn, Asking::SelfTest).await,
        AdminCommand::ConfigCheck => report::ask(turn, Asking::Config).await,
    }
}

/// `/admin …` begins anew, whatever the admin was in the middle of.
async fn admin(turn: &mut Turn<'_>, view: AdminView) -> Result<(), TurnError> {
    turn.session.reset();
    match view {
        AdminView::Panel => {
            user_mode(turn, false).await?;
            panel::show(turn).await
        }
        AdminView::User(who) => user::by_text(turn, &who).await,
        AdminView::Corr(id) => errors::by_corr(turn, &id).await,
        AdminView::LastErrors => errors::last(turn).await,
        AdminView::Preflight => report::ask(turn, Asking::Preflight).await,
        AdminView::Info => report::ask(turn, Asking::Info).await,
        AdminView::Unknown => {
            turn.notice(turn.words().get("admin-bad-user-id"));
            turn.notice(turn.words().get("admin-usage"));
            panel::show(turn).await
        }
    }
}

/// Answers a button of the menu (bot.md 4, ADM and OWNR).
pub async fn pressed(turn: &mut Turn<'_>, press: AdminPress) -> Result<(), TurnError> {
    if press == AdminPress::Reply {
        return answer::ask_reply(turn);
    }
    if !turn.is_admin() {
        turn.alert(turn.words().get("admin-only-alert"));
        return Ok(());
    }
    if press.is_owners() && !turn.is_owner() {
        turn.alert(turn.words().get("owner-only"));
        return Ok(());
    }
    if matches!(turn.session.awaits, Some(Awaits::Admin(_))) {
        turn.session.awaits = None;
    }
    match press {
        AdminPress::Stats => panel::show(turn).await,
        AdminPress::Older(word) => older(turn, &word).await,
        AdminPress::Diag(word) => match word.as_str() {
            "info" => report::ask(turn, Asking::Info).await,
            "preflight" => report::ask(turn, Asking::Preflight).await,
            "errors" => errors::last(turn).await,
            _ => route::stale(turn).await,
        },
        AdminPress::Generations => gallery::newest(turn).await,
        AdminPress::GenNav(way, from) => gallery::step(turn, way, from.as_ref()).await,
        AdminPress::GenView(id) => gallery::view(turn, id.as_ref()).await,
        AdminPress::Settings => settings::show(turn).await,
        AdminPress::ConfigCheck => report::ask(turn, Asking::Config).await,
        AdminPress::SetRate => settings::ask_rate(turn),
        AdminPress::Toggle(name) => settings::toggle(turn, &name).await,
        AdminPress::Search(None) => search::ask(turn),
        AdminPress::Search(Some(text)) => search::find(turn, &text).await,
        AdminPress::UserMode => {
            user_mode(turn, !turn.user.user_mode).await?;
            turn.session.reset();
            menu::show(turn).await
        }
        AdminPress::UserInfo(id) => user::by_id(turn, id).await,
        AdminPress::TopUp(id) => credit::begin(turn, id).await,
        AdminPress::TopUpOk(id) => credit::confirm(turn, id.as_ref()).await,
        AdminPress::Month(month) => month::show(turn, month).await,
        AdminPress::Credits => second::oldest(turn).await,
        AdminPress::CreditYes(id) => second::decide(turn, id.as_ref(), true).await,
        AdminPress::CreditNo(id) => second::decide(turn, id.as_ref(), false).await,
        AdminPress::Block(id) => block::by_press(turn, id, true).await,
        AdminPress::Unblock(id) => block::by_press(turn, id, false).await,
        AdminPress::Users(page) => people::show(turn, page).await,
        AdminPress::Write(id) => answer::ask(turn, id).await,
        AdminPress::Reply => Ok(()),
    }
}

/// `adm:*` of older messages.
async fn older(turn: &mut Turn<'_>, word: &str) -> Result<(), TurnError> {
    match word {
        "users" => people::show(turn, 0).await,
        "payments" => payments::list(turn).await,
        "broadcast" => broadcasts::show(turn).await,
        "export" => help::panel_link(turn).await,
        "close" => {
            if let Some(message) = turn.incoming.message {
                turn.push(Outgoing::Delete { message }, MessageClass::MayVanish);
            }
            Ok(())
        }
        _ => panel::show(turn).await,
    }
}

/// Takes what an admin, or a person who answers one, has written.
pub async fn typed(turn: &mut Turn<'_>, input: AdminInput, message: &Message) -> Result<(), TurnError> {
    if input == AdminInput::Reply {
        return answer::reply(turn, message.text.as_deref()).await;
    }
    if !turn.is_admin() {
        turn.session.awaits = None;
        turn.notice(turn.words().get("admin-only"));
        return menu::show(turn).await;
    }
    let text = message.text.as_deref();
    match input {
        AdminInput::Lookup => search::typed(turn, text).await,
        AdminInput::CreditAmount { user } => credit::amount_typed(turn, user, text).await,
        AdminInput::CreditReason { user, amount } => credit::reason_typed(turn, user, amount, text).await,
        AdminInput::CreditConfirm { id } => credit::again(turn, &id).await,
        AdminInput::Rate => settings::rate_typed(turn, text).await,
        AdminInput::Message { user } => answer::send(turn, user, text).await,
        AdminInput::Reply => Ok(()),
    }
}

/// «◀️ Назад» while the menu asks for something: the screen that asked.
pub async fn leave(turn: &mut Turn<'_>, input: AdminInput) -> Result<(), TurnError> {
    if !turn.is_admin() {
        return menu::show(turn).await;
    }
    match input {
        AdminInput::Lookup => panel::show(turn).await,
        AdminInput::CreditAmount { user } | AdminInput::Message { user } => user::by_id(turn, Some(user)).await,
        AdminInput::CreditReason { user, .. } => credit::begin(turn, Some(user)).await,
        AdminInput::CreditConfirm { id } => credit::reason_again(turn, &id).await,
        AdminInput::Rate => settings::show(turn).await,
        AdminInput::Reply => menu::show(turn).await,
    }
}

/// Begins or ends user mode for this admin (bot.md 14.1).
async fn user_mode(turn: &mut Turn<'_>, on: bool) -> Result<(), TurnError> {
    if turn.user.user_mode == on {
        return Ok(());
    }
    turn.tx.user_set_mode(turn.user.user_id, on).await?;
    turn.user.user_mode = on;
    let object = audit::person(turn.user.user_id);
    let word = |on: bool| Some(if on { "on" } else { "off" });
    let act = Act::new(crate::domain::AuditAction::UserMode, &object).changed(word(!on), word(on));
    note(turn, act).await
}

/// Writes an act of this admin into the audit log, in the transaction of the act.
pub(super) async fn note(turn: &mut Turn<'_>, act: Act<'_>) -> Result<(), TurnError> {
    let who = Actor { user: Some(turn.user.user_id), door: AuditDoor::Telegram, corr: &turn.corr };
    audit::record(turn.tx, who, act, turn.now).await?;
    Ok(())
}

/// «❌ Запись не найдена.»: a window on a press, a message with the way back otherwise.
fn not_found(turn: &mut Turn<'_>) {
    let text = turn.words().get("not-found");
    if turn.incoming.pressed {
        turn.alert(text);
    } else {
        say(turn, text);
    }
}

/// A text with the way back to S-40.
fn say(turn: &mut Turn<'_>, html: String) {
    let keyboard = Keyboard::new().row(nav(turn.words()));
    turn.say(html, keyboard, Track::Nothing);
}

/// «🔙» to S-40, and home.
fn nav(words: Words<'_>) -> [Button; 2] {
    [back(words), home(words)]
}

/// «🔙 Админ-меню»
pub(super) fn back(words: Words<'_>) -> Button {
    button(words, "btn-admin-back", AdminPress::Stats)
}

fn button(words: Words<'_>, key: &str, press: AdminPress) -> Button {
    Callback::Admin(press).button(words.get(key))
}

/// Buttons below a question: give up, or go back.
fn asking(words: Words<'_>) -> Keyboard {
    Keyboard::new()
        .row([Callback::Cancel.button(words.get("btn-cancel"))])
        .row([super::back(words, &Callback::BackToPreviousStep), home(words)])
}

/// A question as a screen: its text, and below it the ways out.
struct Question(String);

impl Screen for Question {
    fn text(&self, _words: Words<'_>) -> String {
        self.0.clone()
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        asking(words)
    }
}

/// What is wanted next, and what is said of it.
fn ask(turn: &mut Turn<'_>, input: AdminInput, text: String) {
    turn.session.awaits = Some(Awaits::Admin(input));
    turn.show(&Question(text));
}

/// A Telegram id as admins write it.
fn user_id(text: &str) -> Option<UserId> {
    text.trim().parse().ok().map(UserId)
}
