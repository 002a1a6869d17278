//! Payments in Stars: invoices, pre-checkout, refunds, transactions (facts/telegram.md 5).

use std::sync::Arc;

use serde_json::{Map, Value, json};
use tokio::sync::oneshot;

use super::send::extras;
use super::{Outcome, chat_id};
use crate::domain::TransferId;
use crate::sandbox::telegram::bot::{Bot, Checkout};
use crate::sandbox::telegram::chat::user_json;
use crate::sandbox::telegram::error::{ApiError, Reply};
use crate::sandbox::telegram::params::Params;
use crate::sandbox::telegram::updates::Queue;
use crate::sandbox::wire::Person;
use crate::sandbox::world::World;

/// A checked invoice: what the message shows, and the payload it hides.
fn invoice(params: &Params) -> Result<(Value, String), ApiError> {
    let text = |name: &str, most: usize| {
        let value = params.text(name).unwrap_or_default();
        let length = value.chars().count();
        if (1..=most).contains(&length) {
            Ok(value)
        } else {
            Err(ApiError::bad(format!("parameter \"{name}\" must be of 1-{most} characters")))
        }
    };
    let (title, description) = (text("title", 32)?, text("description", 255)?);
    let payload = params.text("payload").unwrap_or_default();
    if !(1..=128).contains(&payload.len()) {
        return Err(ApiError::bad("INVOICE_PAYLOAD_INVALID"));
    }
    if params.text("currency").as_deref() != Some("XTR") {
        return Err(ApiError::bad("CURRENCY_INVALID: the sandbox takes Stars (XTR) only"));
    }
    if params.text("provider_token").is_some_and(|token| !token.is_empty()) {
        return Err(ApiError::bad("PAYMENT_PROVIDER_INVALID"));
    }
    let prices: Vec<Value> = params.nested("prices")?.unwrap_or_default();
    let amount = match prices.as_slice() {
        [only] => only["amount"].as_i64().filter(|stars| (1..=100_000).contains(stars)),
        _ => None,
    };
    let amount = amount.ok_or_else(|| ApiError::bad("STARS_INVOICE_INVALID"))?;
    let shown = json!({
        "title": title,
        "description": description,
        "start_parameter": params.text("start_parameter").unwrap_or_default(),
        "currency": "XTR",
        "total_amount": amount,
    });
    Ok((shown, payload))
}

/// `sendInvoice`.
pub(super) fn send_invoice(world: &World, bot: &Bot, params: &Params) -> Outcome {
    let chat = chat_id(params)?;
    let (shown, payload) = invoice(params)?;
    let mut extras = extras(params)?;
    if extras.markup.is_none() {
        let label = format!("⭐️ {}", shown["total_amount"]);
        extras.markup = Some(json!({"inline_keyboard": [[{"text": label, "pay": true}]]}));
    }
    let mut content = Map::new();
    content.insert("invoice".to_owned(), shown);
    let message = bot.post(world, chat, content, extras)?;
    // The payload is the bot's secret: it stands beside the chat, not in the message.
    bot.state().profile.insert(payload_key(chat, message["message_id"].as_i64().unwrap_or(0)), Value::from(payload));
    Ok(message.into())
}

fn payload_key(chat: i64, message: i64) -> String {
    format!("payload|{chat}|{message}")
}

/// `createInvoiceLink`.
pub(super) fn invoice_link(params: &Params) -> Outcome {
    invoice(params)?;
    Ok(Value::from(format!("https://t.me/${}", TransferId::random().short())).into())
}

/// A person presses Pay: asks the bot, and on its word moves the Stars. `Err` is what the person is told.
pub(crate) async fn pay(world: &Arc<World>, bot: &Arc<Bot>, person: &Person, message: i64) -> Result<Value, String> {
    let (shown, payload) = {
        let state = bot.state();
        let shown =
            state.chats.get(&person.id).and_then(|chat| chat.message(message)).map(|m| m.json["invoice"].clone());
        let payload = state.profile.get(&payload_key(person.id, message)).cloned();
        (shown.unwrap_or(Value::Null), payload.unwrap_or(Value::Null))
    };
    if shown.is_null() || payload.is_null() {
        return Err("this message is not an invoice".to_owned());
    }
    let query = TransferId::random().short().to_owned();
    let (sender, receiver) = oneshot::channel();
    bot.state().checkouts.insert(query.clone(), Checkout { at: world.clock.now().0, answer: sender });
    let body = json!({
        "id": query,
        "from": user_json(person),
        "currency": "XTR",
        "total_amount": shown["total_amount"],
        "invoice_payload": payload,
    });
    bot.push_update(world, "pre_checkout_query", body, Queue::Checkout(person.id));
    let answer = tokio::time::timeout(world.settings.telegram.checkout_life, receiver).await;
    bot.state().checkouts.remove(&query);
    match answer {
        Ok(Ok(Ok(()))) => Ok(paid(world, bot, person, &shown, &payload)),
        Ok(Ok(Err(why))) => Err(why),
        _ => Err("the bot did not answer in time".to_owned()),
    }
}

fn paid(world: &Arc<World>, bot: &Arc<Bot>, person: &Person, shown: &Value, payload: &Value) -> Value {
    let charge = format!("stx{}", TransferId::random().short());
    let payment = json!({
        "currency": "XTR",
        "total_amount": shown["total_amount"],
        "invoice_payload": payload,
        "telegram_payment_charge_id": charge,
        "provider_payment_charge_id": format!("{}_{}", person.id, bot.id),
    });
    let source = json!({
        "type": "user",
        "transaction_type": "invoice_payment",
        "user": user_json(person),
        "invoice_payload": payload,
    });
    let entry = json!({"id": charge, "amount": shown["total_amount"], "date": world.seconds(), "source": source});
    bot.state().stars.push(entry);
    let mut content = Map::new();
    content.insert("successful_payment".to_owned(), payment.clone());
    bot.receive(world, person, content);
    payment
}

/// `answerPreCheckoutQuery`.
pub(super) fn answer_checkout(world: &World, bot: &Bot, params: &Params) -> Outcome {
    let id = params.text("pre_checkout_query_id").unwrap_or_default();
    let ok = params.flag("ok");
    let why = params.text("error_message").unwrap_or_default();
    if !ok && why.is_empty() {
        return Err(ApiError::bad("error message must be specified when ok is False"));
    }
    let life = i64::try_from(world.settings.telegram.checkout_life.as_millis()).unwrap_or(i64::MAX);
    let now = world.clock.now().0;
    let waiting = bot.state().checkouts.remove(&id).filter(|checkout| now - checkout.at <= life);
    let checkout =
        waiting.ok_or_else(|| ApiError::bad("query is too old and response timeout expired or query ID is invalid"))?;
    let _ = checkout.answer.send(if ok { Ok(()) } else { Err(why) });
    Ok(Value::Bool(true).into())
}

/// `refundStarPayment`.
pub(super) fn refund(world: &Arc<World>, bot: &Arc<Bot>, params: &Params) -> Outcome {
    let charge = params.text("telegram_payment_charge_id").unwrap_or_default();
    let user = params.int("user_id").unwrap_or(0);
    let entry = {
        let mut state = bot.state();
        let of_user = |entry: &&Value| entry["id"] == charge.as_str() && entry["source"]["user"]["id"] == user;
        let entry = state.stars.iter().find(of_user).cloned().ok_or_else(|| ApiError::bad("CHARGE_NOT_FOUND"))?;
        if state.refunded.contains(&charge) {
            return Err(ApiError::bad("CHARGE_ALREADY_REFUNDED"));
        }
        state.refunded.push(charge.clone());
        let receiver = entry["source"].clone();
        state
            .stars
            .push(json!({"id": charge, "amount": entry["amount"], "date": world.seconds(), "receiver": receiver}));
        entry
    };
    if let Some(person) = world.person(user) {
        let mut content = Map::new();
        let refunded = json!({
            "currency": "XTR",
            "total_amount": entry["amount"],
            "invoice_payload": entry["source"]["invoice_payload"],
            "telegram_payment_charge_id": charge,
        });
        content.insert("refunded_payment".to_owned(), refunded);
        bot.receive(world, &person, content);
    }
    Ok(Value::Bool(true).into())
}

/// `getStarTransactions`: in the order they happened.
pub(super) fn transactions(bot: &Bot, params: &Params) -> Reply {
    let offset = usize::try_from(params.int("offset").unwrap_or(0)).unwrap_or(0);
    let limit = usize::try_from(params.int("limit").unwrap_or(100).clamp(1, 100)).unwrap_or(100);
    let state = bot.state();
    let page: Vec<Value> = state.stars.iter().skip(offset).take(limit).cloned().collect();
    json!({"transactions": page}).into()
}

/// `getMyStarBalance`.
pub(super) fn balance(bot: &Bot) -> Reply {
    let state = bot.state();
    let sum: i64 = state
        .stars
        .iter()
        .map(|entry| {
            let amount = entry["amount"].as_i64().unwrap_or(0);
            if entry.get("receiver").is_some() { -amount } else { amount }
        })
        .sum();
    json!({"amount": sum}).into()
}
