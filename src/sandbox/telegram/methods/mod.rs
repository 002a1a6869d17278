//! The methods of the fake Bot API by name. A method that is not here answers 404, as Telegram does.

mod albums;
mod callbacks;
mod commands;
mod edit;
mod info;
mod send;
mod stars;
mod updates;
mod webhook;

use std::sync::Arc;

use super::bot::Bot;
use super::error::{ApiError, Reply};
use super::params::Params;
use crate::sandbox::files::FileKind;
use crate::sandbox::world::World;

type Outcome = Result<Reply, ApiError>;

/// Telegram's spelling of every method known here.
const METHODS: [&str; 46] = [
    "answerCallbackQuery",
    "answerInlineQuery",
    "answerPreCheckoutQuery",
    "close",
    "copyMessage",
    "createInvoiceLink",
    "deleteMessage",
    "deleteMessages",
    "deleteMyCommands",
    "deleteWebhook",
    "editMessageCaption",
    "editMessageMedia",
    "editMessageReplyMarkup",
    "editMessageText",
    "getChat",
    "getChatMenuButton",
    "getFile",
    "getManagedBotToken",
    "getMe",
    "getMyCommands",
    "getMyDescription",
    "getMyName",
    "getMyShortDescription",
    "getMyStarBalance",
    "getStarTransactions",
    "getUpdates",
    "getWebhookInfo",
    "logOut",
    "refundStarPayment",
    "sendAnimation",
    "sendAudio",
    "sendChatAction",
    "sendDocument",
    "sendInvoice",
    "sendMediaGroup",
    "sendMessage",
    "sendPhoto",
    "sendSticker",
    "sendVideo",
    "sendVoice",
    "setChatMenuButton",
    "setMyCommands",
    "setMyDescription",
    "setMyName",
    "setMyShortDescription",
    "setWebhook",
];

/// Telegram's spelling of a method typed in any case; `None` if there is no such method.
pub(crate) fn canonical(method: &str) -> Option<&'static str> {
    METHODS.iter().find(|name| name.eq_ignore_ascii_case(method)).copied()
}

/// Carries out a call. `method` comes from [`canonical`].
pub(crate) async fn run(world: &Arc<World>, bot: &Arc<Bot>, method: &str, params: Params) -> Outcome {
    let p = &params;
    match method {
        "sendMessage" => send::message(world, bot, p),
        "sendPhoto" => send::file(world, bot, p, FileKind::Photo).await,
        "sendDocument" => send::file(world, bot, p, FileKind::Document).await,
        "sendVideo" => send::file(world, bot, p, FileKind::Video).await,
        "sendAudio" => send::file(world, bot, p, FileKind::Audio).await,
        "sendVoice" => send::file(world, bot, p, FileKind::Voice).await,
        "sendAnimation" => send::file(world, bot, p, FileKind::Animation).await,
        "sendSticker" => send::file(world, bot, p, FileKind::Sticker).await,
        "sendMediaGroup" => albums::send(world, bot, p).await,
        "sendChatAction" => send::chat_action(world, bot, p),
        "copyMessage" => send::copy(world, bot, p),
        "editMessageText" => edit::text(world, bot, p),
        "editMessageCaption" => edit::caption(world, bot, p),
        "editMessageReplyMarkup" => edit::markup(world, bot, p),
        "editMessageMedia" => edit::media(world, bot, p).await,
        "deleteMessage" => edit::delete(world, bot, p),
        "deleteMessages" => edit::delete_many(world, bot, p),
        "answerCallbackQuery" => callbacks::answer(world, bot, p),
        "sendInvoice" => stars::send_invoice(world, bot, p),
        "createInvoiceLink" => stars::invoice_link(p),
        "answerPreCheckoutQuery" => stars::answer_checkout(world, bot, p),
        "refundStarPayment" => stars::refund(world, bot, p),
        "getStarTransactions" => Ok(stars::transactions(bot, p)),
        "getMyStarBalance" => Ok(stars::balance(bot)),
        "setWebhook" => webhook::set(world, bot, p),
        "deleteWebhook" => Ok(webhook::delete(world, bot, p)),
        "getWebhookInfo" => Ok(webhook::info(bot)),
        "getUpdates" => updates::get(world, bot, p).await,
        "setMyCommands" => commands::set(world, bot, p),
        "getMyCommands" => commands::get(bot, p),
        "deleteMyCommands" => commands::delete(world, bot, p),
        "getFile" => info::file(world, bot, p),
        "getMe" => Ok(info::me(bot)),
        "getManagedBotToken" => info::managed_token(world, bot, p),
        "getChat" => info::chat(world, bot, p),
        "logOut" | "close" | "answerInlineQuery" => Ok(serde_json::Value::Bool(true).into()),
        other => info::profile(world, bot, p, other),
    }
}

/// The chat a call is for. `@names` are public chats, and there are none here.
fn chat_id(params: &Params) -> Result<i64, ApiError> {
    match params.text("chat_id") {
        None => Err(ApiError::bad("chat_id is empty")),
        Some(_) => params.int("chat_id").ok_or_else(|| ApiError::bad("chat not found")),
    }
}

pub(crate) use commands::seen_by as commands_seen_by;
pub(crate) use stars::pay;
