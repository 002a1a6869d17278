//! Which screen answers what: commands, buttons, and texts or files that a step waits for. The compiler knows every button.

use super::awaits::{Awaits, gives_up};
use super::callback::{Callback, PagedList};
use super::command::Command;
use super::error::TurnError;
use super::screens::{
    admin, balance, bonuses, broadcasts, card, confirm, free, guide, help, history, knowledge, language, legacy, menu,
    models, payments, progress, referral, tokens, wizard,
};
use super::session::{Album, ListPlace};
use super::turn::Turn;
use super::update::Message;
use crate::catalog::{Category, GenType};

/// Answers a message of a private chat; of an album that no step collects, the first part only (bot.md 2.2).
pub async fn message(turn: &mut Turn<'_>, message: &Message) -> Result<(), TurnError> {
    if let Some(paid) = &message.successful_payment {
        return payments::paid(turn, paid).await;
    }
    if let Some(back) = &message.refunded_payment {
        return payments::went_back(turn, back).await;
    }
    let Some(id) = message.media_group_id.clone() else { return one_message(turn, message).await };
    let known = turn.session.album.as_ref().is_some_and(|album| album.id == id);
    if known && !wizard::collects(turn) {
        turn.stay_silent();
        return Ok(());
    }
    one_message(turn, message).await?;
    if turn.session.album.as_ref().is_none_or(|album| album.id != id) {
        turn.session.album = Some(Album { id, files: Vec::new(), wrong: Vec::new() });
    }
    Ok(())
}

async fn one_message(turn: &mut Turn<'_>, message: &Message) -> Result<(), TurnError> {
    if tokens::is_in(message) {
        return tokens::refuse(turn);
    }
    if let Some(text) = message.text.as_deref() {
        match Command::parse(text) {
            Some(Ok(known)) => return command(turn, known).await,
            Some(Err(_)) => {
                turn.notice(turn.words().get("unknown-command"));
                return menu::show(turn).await;
            }
            None => {}
        }
    }
    if let Some(awaits) = turn.session.awaits.clone() {
        return typed(turn, awaits, message).await;
    }
    if turn.session.draft.is_some() {
        return wizard::input(turn, message).await;
    }
    if payments::stray(turn, message).await? {
        return Ok(());
    }
    if turn.session.expired_at.take().is_some() {
        turn.notice(turn.words().get("session-expired"));
    } else {
        turn.notice(turn.words().get("use-menu"));
    }
    menu::show(turn).await
}

/// Answers what was asked outside the wizard (bot.md 6.3).
async fn typed(turn: &mut Turn<'_>, awaits: Awaits, message: &Message) -> Result<(), TurnError> {
    // Whatever an admin composes is what they want to send, «стоп» too.
    let composing = matches!(awaits, Awaits::Broadcast(_));
    if !composing && message.text.as_deref().is_some_and(gives_up) {
        return menu::cancel(turn, false).await;
    }
    match awaits {
        Awaits::TopUpAmount => payments::amount_typed(turn, message.text.as_deref()).await,
        Awaits::Knowledge(input) => knowledge::typed(turn, input, message.text.as_deref()).await,
        Awaits::Promo(input) => bonuses::typed(turn, input, message.text.as_deref()).await,
        Awaits::Broadcast(_) => broadcasts::typed(turn, message).await,
        Awaits::Admin(input) => admin::typed(turn, input, message).await,
        Awaits::Payments(input) => payments::typed(turn, input, message).await,
    }
}

/// «◀️ Назад» while something is asked outside the wizard: the screen that asked (bot.md 4).
async fn leave_question(turn: &mut Turn<'_>, awaits: Awaits) -> Result<(), TurnError> {
    match awaits {
        Awaits::TopUpAmount => payments::top_up(turn).await,
        Awaits::Knowledge(_) => help::show(turn).await,
        Awaits::Promo(input) => bonuses::leave(turn, input).await,
        Awaits::Broadcast(_) => broadcasts::show(turn).await,
        Awaits::Admin(input) => admin::leave(turn, input).await,
        Awaits::Payments(input) => payments::leave(turn, input).await,
    }
}

/// Answers a command (bot.md 3).
pub async fn command(turn: &mut Turn<'_>, command: Command) -> Result<(), TurnError> {
    match command {
        Command::Start(payload) => menu::start(turn, payload.as_deref()).await,
        Command::Help => help::show(turn).await,
        Command::Balance => balance::show(turn).await,
        Command::Models => models::categories(turn).await,
        Command::Generate(None) => {
            turn.notice(turn.words().get("generate-start"));
            models::types(turn).await
        }
        Command::Generate(Some(model))
            if models::find(turn, &model).is_err_and(|gone| gone == models::Gone::Unavailable) =>
        {
            turn.notice(turn.words().get("model-unavailable"));
            models::types(turn).await
        }
        Command::Generate(Some(model)) => wizard::open(turn, &model).await,
        Command::Status(None) => progress::list(turn).await,
        Command::Status(Some(id)) => progress::by_text(turn, &id).await,
        Command::Reset => menu::reset(turn).await,
        Command::Cancel => menu::cancel(turn, true).await,
        Command::Language(None) => language::show(turn).await,
        Command::Language(Some(code)) => language::choose_text(turn, &code).await,
        Command::Privacy => help::privacy(turn).await,
        Command::PaySupport => help::pay_support(turn).await,
        Command::Payments => payments::list(turn).await,
        Command::Panel => help::panel_link(turn).await,
        Command::Search(text) => knowledge::search_command(turn, text).await,
        Command::Ask(text) => knowledge::ask_command(turn, text).await,
        Command::Add(text) => knowledge::add_command(turn, text).await,
        Command::Admin(command) => admin::command(turn, command).await,
    }
}

/// Answers a button (bot.md 4).
pub async fn callback(turn: &mut Turn<'_>, callback: Callback) -> Result<(), TurnError> {
    match callback {
        Callback::BackToMenu => menu::back(turn).await,
        Callback::Cancel => menu::cancel(turn, false).await,
        Callback::Help => help::show(turn).await,
        Callback::Support => help::support(turn),
        Callback::CopyBot => help::copy_bot(turn).await,
        Callback::PanelSignOut => help::sign_out(turn).await,
        Callback::ChangeLanguage => language::show(turn).await,
        Callback::SetLanguage(chosen) => language::choose(turn, chosen).await,
        Callback::Noop => Ok(()),
        Callback::Referral => referral::show(turn).await,
        Callback::Bonus(press) => bonuses::pressed(turn, press).await,
        Callback::Balance => balance::show(turn).await,
        Callback::TopUp => payments::top_up(turn).await,
        Callback::TopUpAmount(amount) => payments::methods(turn, amount).await,
        Callback::TopUpCustom => payments::ask_amount(turn).await,
        Callback::Payments(press) => payments::pressed(turn, press).await,
        Callback::Knowledge(press) => knowledge::pressed(turn, press).await,
        Callback::Guide(press) => guide::pressed(turn, press).await,
        Callback::Privacy(press) => help::privacy_pressed(turn, press).await,
        Callback::Legacy(press) => legacy::pressed(turn, press).await,
        Callback::Broadcast(press) => broadcasts::pressed(turn, press).await,
        Callback::Admin(press) => admin::pressed(turn, press).await,
        catalog @ (Callback::Page(..)
        | Callback::ShowModels
        | Callback::AllModels
        | Callback::OtherModels
        | Callback::SpecialTools
        | Callback::GenType(_)
        | Callback::Category(_)
        | Callback::TypeHeader(_)
        | Callback::BackToModels
        | Callback::Categories
        | Callback::FreeTools
        | Callback::Model(_)
        | Callback::BackToModel(_)
        | Callback::Modes(_)
        | Callback::Info(_)
        | Callback::Example(_)) => browse(turn, catalog).await,
        flow => draft_or_generation(turn, flow).await,
    }
}

async fn browse(turn: &mut Turn<'_>, callback: Callback) -> Result<(), TurnError> {
    match callback {
        Callback::ShowModels => models::types(turn).await,
        Callback::AllModels => models::all(turn, None, 0).await,
        Callback::Page(PagedList::All, page) => models::all_page(turn, page).await,
        Callback::Page(PagedList::GenType(slug), page) => match GenType::parse(&slug) {
            Some(gen_type) => models::of_type(turn, gen_type, page).await,
            None => stale(turn).await,
        },
        Callback::GenType(slug) => match GenType::parse(&slug) {
            Some(gen_type) => models::open_type(turn, gen_type).await,
            None => stale(turn).await,
        },
        Callback::Category(name) => category(turn, &name).await,
        Callback::TypeHeader(code) => models::all(turn, Some(code), 0).await,
        Callback::OtherModels => models::other(turn).await,
        Callback::SpecialTools => models::special(turn).await,
        Callback::Categories => models::categories(turn).await,
        Callback::BackToModels => back_to_models(turn).await,
        Callback::FreeTools => free::show(turn).await,
        Callback::Model(model) | Callback::BackToModel(model) => card::show(turn, &model).await,
        Callback::Modes(model) => card::modes(turn, &model).await,
        Callback::Info(model) => card::info(turn, &model).await,
        Callback::Example(model) => card::example(turn, &model).await,
        _ => stale(turn).await,
    }
}

/// A category by its slug; what is none leads to all of them.
async fn category(turn: &mut Turn<'_>, name: &str) -> Result<(), TurnError> {
    if let Some(category) = Category::parse(name) {
        return models::of_category(turn, category).await;
    }
    turn.toast(turn.words().get("category-unknown"));
    models::categories(turn).await
}

async fn back_to_models(turn: &mut Turn<'_>) -> Result<(), TurnError> {
    match turn.session.list.clone() {
        Some(ListPlace::GenType(gen_type)) => models::of_type(turn, gen_type, 0).await,
        Some(ListPlace::Category(name)) => match Category::parse(&name) {
            Some(category) => models::of_category(turn, category).await,
            None => models::categories(turn).await,
        },
        Some(ListPlace::All(header, page)) => models::all(turn, header, page).await,
        Some(ListPlace::Special) => models::special(turn).await,
        Some(ListPlace::Free) => free::show(turn).await,
        None => models::types(turn).await,
    }
}

async fn draft_or_generation(turn: &mut Turn<'_>, callback: Callback) -> Result<(), TurnError> {
    match callback {
        Callback::SelectModel(model) => wizard::open(turn, &model).await,
        Callback::SelectMode(model, tier) => wizard::open_mode(turn, &model, tier).await,
        Callback::Sku(hash) => wizard::open_sku(turn, &hash).await,
        Callback::BackToPreviousStep => match turn.session.awaits.take() {
            Some(awaits) => leave_question(turn, awaits).await,
            None => wizard::back(turn).await,
        },
        Callback::ShowParameters => wizard::params(turn).await,
        Callback::EditParam(name) => wizard::edit(turn, &name).await,
        Callback::SetParam(name, chosen) => wizard::set(turn, &name, &chosen).await,
        Callback::ConfirmParam(name, chosen) => wizard::confirm_value(turn, &name, &chosen).await,
        Callback::AddImage => wizard::add_media(turn).await,
        Callback::ImageDone => wizard::media_done(turn).await,
        Callback::SkipMedia => wizard::skip_media(turn).await,
        Callback::BackToConfirmation => confirm::show(turn).await,
        Callback::ShowPriceConfirmation => wizard::to_confirmation(turn).await,
        Callback::ConfirmGenerate => confirm::accept(turn).await,
        Callback::RetryGenerate(id) | Callback::RepeatGenerate(id) => history::repeat(turn, &id).await,
        Callback::GenerateAgain => history::again(turn).await,
        Callback::CancelGeneration(id) => progress::cancel(turn, &id).await,
        Callback::OpenResult(id) => progress::open(turn, &id).await,
        Callback::RetryDelivery(id) => progress::retry_delivery(turn, &id).await,
        Callback::MyGenerations => history::newest(turn).await,
        Callback::ViewGeneration(id) => history::view(turn, &id).await,
        Callback::History(id, turned) => history::turn_page(turn, &id, turned).await,
        _ => stale(turn).await,
    }
}

/// A button that nothing answers any more: said so, with the menu (bot.md 4, STALE).
pub async fn stale(turn: &mut Turn<'_>) -> Result<(), TurnError> {
    // The span of the update says whose button and the head of its data.
    tracing::warn!("UNKNOWN_CALLBACK");
    turn.toast(turn.words().get("stale-button"));
    menu::show(turn).await
}
