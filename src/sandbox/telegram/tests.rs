//! Bot API tests over real HTTP: raw calls, teloxide's types, webhooks, faults.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse as _;
use axum::routing::post;
use serde_json::{Value, json};
use teloxide_core::prelude::*;
use teloxide_core::types::{
    InlineKeyboardButton, InlineKeyboardMarkup, InputFile, InputMedia, InputMediaPhoto, ParseMode,
};

use crate::sandbox::wire::{CallFilter, Drop, FaultAnswer, Person, TelegramFault};
use crate::sandbox::{Sandbox, SandboxClient, SandboxSettings};

const TOKEN: &str = "7000000001:AAtesttesttesttesttesttesttesttest1";
const ANNA: i64 = 501;

struct Scene {
    sandbox: Sandbox,
    world: SandboxClient,
    bot: teloxide_core::Bot,
    http: reqwest::Client,
}

async fn scene() -> Scene {
    scene_with(SandboxSettings::default()).await
}

async fn scene_with(settings: SandboxSettings) -> Scene {
    let sandbox = Sandbox::start(settings).await.unwrap();
    let world = sandbox.client();
    world.register_bot(TOKEN, "first_bot", "First").await.unwrap();
    world.add_person(&Person::new(ANNA, "Анна", "ru")).await.unwrap();
    let bot = teloxide_core::Bot::new(TOKEN).set_api_url(sandbox.telegram_url().parse().unwrap());
    #[expect(clippy::disallowed_methods, reason = "a test speaks to the sandbox")]
    let http = reqwest::Client::new();
    Scene { sandbox, world, bot, http }
}

impl Scene {
    async fn call(&self, method: &str, body: Value) -> (u16, Value) {
        let url = format!("{}/bot{TOKEN}/{method}", self.sandbox.base_url);
        let response = self.http.post(url).json(&body).send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap())
    }

    async fn refusal(&self, method: &str, body: Value) -> String {
        let (status, answer) = self.call(method, body).await;
        assert_eq!(answer["ok"], false, "{method} should be refused: {answer}");
        assert_eq!(answer["error_code"], status);
        answer["description"].as_str().unwrap().to_owned()
    }

    async fn start(&self) {
        self.world.send_text("first_bot", ANNA, "/start").await.unwrap();
    }
}

type Received = Arc<Mutex<Vec<(HeaderMap, Value)>>>;

/// A webhook that remembers what it got and answers as `answers` says, one after the other, then 200.
async fn webhook(answers: Vec<(u16, HeaderMap, String)>) -> (String, Received) {
    let received = Received::default();
    let answers = Arc::new(Mutex::new(std::collections::VecDeque::from(answers)));
    let seen = Arc::clone(&received);
    let handler = move |headers: HeaderMap, axum::Json(body): axum::Json<Value>| {
        seen.lock().unwrap().push((headers, body));
        let next = answers.lock().unwrap().pop_front();
        async move {
            match next {
                Some((status, headers, body)) => (StatusCode::from_u16(status).unwrap(), headers, body).into_response(),
                None => StatusCode::OK.into_response(),
            }
        }
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let app = axum::Router::new().route("/hook", post(handler));
    #[expect(clippy::disallowed_methods, reason = "a test's own server")]
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    (url, received)
}

async fn until(received: &Received, count: usize) -> Vec<(HeaderMap, Value)> {
    for _ in 0..500 {
        let got = received.lock().unwrap().clone();
        if got.len() >= count {
            return got;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("only {} of {count} webhook requests came", received.lock().unwrap().len());
}

fn small_picture() -> Vec<u8> {
    let mut out = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_pixel(40, 30, image::Rgb([200, 80, 40])).write_to(&mut out, image::ImageFormat::Png).unwrap();
    out.into_inner()
}

#[tokio::test]
async fn teloxide_reads_what_the_sandbox_answers() {
    let s = scene().await;
    s.start().await;
    let me = s.bot.get_me().await.unwrap();
    assert_eq!(me.username(), "first_bot");
    let keyboard = InlineKeyboardMarkup::new([[InlineKeyboardButton::callback("Да", "yes")]]);
    let chat = ChatId(ANNA);
    let sent = s.bot.send_message(chat, "<b>Привет</b>, Анна").parse_mode(ParseMode::Html).reply_markup(keyboard).await;
    let sent = sent.unwrap();
    assert_eq!(sent.text(), Some("Привет, Анна"));
    assert_eq!(sent.entities().unwrap().len(), 1);
    assert!(sent.reply_markup().is_some());
    let edited = s.bot.edit_message_text(chat, sent.id, "Иначе").await.unwrap();
    assert_eq!(edited.text(), Some("Иначе"));
    let photo = s.bot.send_photo(chat, InputFile::memory(small_picture())).caption("кадр").await.unwrap();
    let size = photo.photo().unwrap().last().unwrap();
    assert_eq!((size.width, size.height), (40, 30));
    let again = s.bot.send_photo(chat, InputFile::file_id(size.file.id.clone())).await.unwrap();
    assert_eq!(again.photo().unwrap().last().unwrap().file.unique_id, size.file.unique_id);
    let album = (0..2).map(|_| InputMedia::Photo(InputMediaPhoto::new(InputFile::memory(small_picture()))));
    let album = s.bot.send_media_group(chat, album).await.unwrap();
    assert_eq!(album.len(), 2);
    assert!(album[0].media_group_id().is_some());
    let file = s.bot.get_file(size.file.id.clone()).await.unwrap();
    let url = format!("{}/file/bot{TOKEN}/{}", s.sandbox.base_url, file.path);
    let bytes = s.http.get(url).send().await.unwrap().bytes().await.unwrap();
    assert_eq!(bytes, small_picture());
    let document = s.bot.send_document(chat, InputFile::memory("text").file_name("a.txt")).await.unwrap();
    assert_eq!(document.document().unwrap().file_name.as_deref(), Some("a.txt"));
    s.bot.get_chat(chat).await.unwrap();
    s.bot.delete_message(chat, sent.id).await.unwrap();
    let info = s.bot.get_webhook_info().await.unwrap();
    assert_eq!(info.pending_update_count, 1);
    let updates = s.bot.get_updates().await.unwrap();
    assert!(matches!(&updates[0].kind, teloxide_core::types::UpdateKind::Message(m) if m.text() == Some("/start")));
}

#[tokio::test]
async fn the_front_door_answers_as_telegram_does() {
    let s = scene().await;
    let get = |path: String| s.http.get(format!("{}{path}", s.sandbox.base_url)).send();
    let wrong = get("/bot7000000001:AAwrongwrongwrongwrongwrongwrongwro/getMe".to_owned()).await.unwrap();
    assert_eq!(wrong.status(), 401);
    assert_eq!(wrong.json::<Value>().await.unwrap()["description"], "Unauthorized");
    let unknown = get(format!("/bot{TOKEN}/sendTelepathy")).await.unwrap();
    assert_eq!(unknown.status(), 404);
    assert_eq!(unknown.json::<Value>().await.unwrap()["description"], "Not Found: method not found");
    let form =
        s.http.post(format!("{}/bot{TOKEN}/GETME", s.sandbox.base_url)).form(&[("a", "b")]).send().await.unwrap();
    assert_eq!(form.json::<Value>().await.unwrap()["result"]["username"], "first_bot");
}

#[tokio::test]
async fn bad_messages_are_refused_in_telegrams_words() {
    let s = scene().await;
    let refused = |text: &str| s.refusal("sendMessage", json!({"chat_id": ANNA, "text": text, "parse_mode": "HTML"}));
    assert_eq!(refused("x").await, "Bad Request: chat not found");
    s.start().await;
    assert_eq!(refused(" <b> </b>").await, "Bad Request: message text is empty");
    assert_eq!(refused(&"я".repeat(4_097)).await, "Bad Request: message is too long");
    assert!(refused("<b>x").await.starts_with("Bad Request: can't parse entities: Can't find end tag"));
    let data = "x".repeat(65);
    let markup = json!({"inline_keyboard": [[{"text": "x", "callback_data": data}]]});
    let long = s.refusal("sendMessage", json!({"chat_id": ANNA, "text": "x", "reply_markup": markup})).await;
    assert_eq!(long, "Bad Request: BUTTON_DATA_INVALID");
    let (_, good) = s.call("sendMessage", json!({"chat_id": ANNA, "text": "x"})).await;
    let id = good["result"]["message_id"].clone();
    let same = s.refusal("editMessageText", json!({"chat_id": ANNA, "message_id": id, "text": "x"})).await;
    assert!(same.starts_with("Bad Request: message is not modified"));
    let gone = s.refusal("editMessageText", json!({"chat_id": ANNA, "message_id": 9_999, "text": "y"})).await;
    assert_eq!(gone, "Bad Request: message to edit not found");
    s.world.block("first_bot", ANNA, true).await.unwrap();
    assert_eq!(refused("x").await, "Forbidden: bot was blocked by the user");
}

#[tokio::test]
async fn a_photo_must_be_a_picture_and_a_file_id_belongs_to_its_bot() {
    let s = scene().await;
    s.start().await;
    let other = "7000000002:AAtesttesttesttesttesttesttesttest2";
    s.world.register_bot(other, "second_bot", "Second").await.unwrap();
    s.world.send_text("second_bot", ANNA, "/start").await.unwrap();
    let chat = ChatId(ANNA);
    let junk = s.bot.send_photo(chat, InputFile::memory("not a picture")).await.unwrap_err().to_string();
    assert!(junk.contains("IMAGE_PROCESS_FAILED"), "{junk}");
    let mut cut = small_picture();
    cut.truncate(cut.len() - 8);
    assert!(s.bot.send_photo(chat, InputFile::memory(cut)).await.is_err());
    let photo = s.bot.send_photo(chat, InputFile::memory(small_picture())).await.unwrap();
    let id = photo.photo().unwrap()[0].file.id.clone();
    let second = teloxide_core::Bot::new(other).set_api_url(s.sandbox.telegram_url().parse().unwrap());
    assert!(second.send_photo(chat, InputFile::file_id(id)).await.is_err());
}

#[tokio::test]
async fn a_press_is_answered_once_and_only_while_it_lives() {
    let s = scene().await;
    s.start().await;
    let markup = json!({"inline_keyboard": [[{"text": "Да", "callback_data": "yes"}]]});
    s.call("sendMessage", json!({"chat_id": ANNA, "text": "?", "reply_markup": markup})).await;
    let pressing = s.world.press_label("first_bot", ANNA, "Да");
    let answering = async {
        let query = loop {
            let (_, got) = s.call("getUpdates", json!({"timeout": 5})).await;
            let found = got["result"].as_array().unwrap().iter().find_map(|u| u.get("callback_query").cloned());
            if let Some(query) = found {
                break query;
            }
        };
        assert_eq!(query["data"], "yes");
        let answer = json!({"callback_query_id": query["id"], "text": "Готово", "show_alert": true});
        assert_eq!(s.call("answerCallbackQuery", answer.clone()).await.0, 200);
        s.refusal("answerCallbackQuery", answer).await
    };
    let (pressed, twice) = tokio::join!(pressing, answering);
    let pressed = pressed.unwrap();
    assert_eq!((pressed.answered, pressed.text.as_deref(), pressed.show_alert), (true, Some("Готово"), true));
    assert!(twice.contains("query is too old"), "{twice}");
    assert!(s.world.press("first_bot", ANNA, 1, "yes").await.is_err());
}

#[tokio::test]
async fn a_webhook_gets_its_secret_is_retried_and_may_answer_with_a_method() {
    let mut wait = HeaderMap::new();
    wait.insert("retry-after", "1".parse().unwrap());
    let mut json_kind = HeaderMap::new();
    json_kind.insert("content-type", "application/json".parse().unwrap());
    let method = json!({"method": "sendMessage", "chat_id": ANNA, "text": "из ответа"}).to_string();
    let (url, received) =
        webhook(vec![(500, HeaderMap::new(), String::new()), (503, wait, String::new()), (200, json_kind, method)])
            .await;
    let s = scene().await;
    let set = json!({"url": url, "secret_token": "s3cret_-", "max_connections": 7});
    assert_eq!(s.call("setWebhook", set).await.1["description"], "Webhook was set");
    let began = std::time::Instant::now();
    s.start().await;
    let first = until(&received, 1).await;
    assert_eq!(first[0].0["x-telegram-bot-api-secret-token"], "s3cret_-");
    s.world.wait_text("first_bot", ANNA, "из ответа", Duration::from_secs(10)).await.unwrap();
    let all = until(&received, 3).await;
    assert!(began.elapsed() >= Duration::from_millis(1_200), "200 ms, then the second asked for");
    assert!(all.iter().all(|(_, update)| update["update_id"] == all[0].1["update_id"]));
    let (_, info) = s.call("getWebhookInfo", json!({})).await;
    assert_eq!(info["result"]["pending_update_count"], 0);
    assert_eq!(info["result"]["last_error_message"], "Wrong response from the webhook: 503 Service Unavailable");
    assert!(info["result"].get("secret_token").is_none());
    let polled = s.refusal("getUpdates", json!({})).await;
    assert!(polled.starts_with("Conflict: can't use getUpdates"), "{polled}");
}

#[tokio::test]
async fn updates_of_one_chat_arrive_in_order_and_one_at_a_time() {
    let (url, received) = webhook(Vec::new()).await;
    let s = scene().await;
    s.call("setWebhook", json!({"url": url})).await;
    for n in 0..20 {
        s.world.send_text("first_bot", ANNA, &format!("n{n}")).await.unwrap();
    }
    let all = until(&received, 20).await;
    let texts: Vec<_> = all.iter().map(|(_, u)| u["message"]["text"].as_str().unwrap().to_owned()).collect();
    assert_eq!(texts, (0..20).map(|n| format!("n{n}")).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_webhook_url_and_secret_follow_the_rules() {
    let s = scene().await;
    let set = |url: &str, secret: &str| s.refusal("setWebhook", json!({"url": url, "secret_token": secret}));
    assert!(set("http://example.org/x", "a").await.contains("HTTPS URL must be provided"));
    assert!(set("https://example.org:444/x", "a").await.contains("ports 80, 88, 443 or 8443"));
    assert!(set("https://example.org/x", "пароль").await.contains("unallowed characters"));
    assert_eq!(s.call("setWebhook", json!({"url": "https://example.org/x"})).await.0, 200);
    let (_, same) = s.call("setWebhook", json!({"url": "https://example.org/x"})).await;
    assert_eq!(same["description"], "Webhook is already set");
    let (status, soon) = s.call("setWebhook", json!({"url": "https://example.org/y"})).await;
    assert_eq!((status, &soon["parameters"]["retry_after"]), (429, &json!(1)));
}

#[tokio::test]
async fn the_latest_poller_wins() {
    let mut settings = SandboxSettings::default();
    settings.telegram.conflict_delay = Duration::from_millis(50);
    let s = scene_with(settings).await;
    let first = s.call("getUpdates", json!({"timeout": 20}));
    let second = async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        s.call("getUpdates", json!({"timeout": 20})).await
    };
    let talk = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        s.start().await;
    };
    let (lost, won, ()) = tokio::join!(first, second, talk);
    assert_eq!(lost.0, 409);
    assert!(lost.1["description"].as_str().unwrap().contains("terminated by other getUpdates request"));
    assert_eq!(won.1["result"][0]["message"]["text"], "/start");
    let after = won.1["result"][0]["update_id"].as_i64().unwrap() + 1;
    assert_eq!(s.call("getUpdates", json!({"offset": after})).await.1["result"], json!([]));
}

#[tokio::test]
async fn injected_faults_hit_the_calls_they_name() {
    let s = scene().await;
    s.start().await;
    let fault = |answer: FaultAnswer| TelegramFault {
        bot: Some("first_bot".to_owned()),
        method: Some("sendMessage".to_owned()),
        answer,
        ..TelegramFault::default()
    };
    let flood = FaultAnswer { status: Some(429), retry_after: Some(3), ..FaultAnswer::default() };
    s.world.inject_telegram(&fault(flood)).await.unwrap();
    let (status, body) = s.call("sendMessage", json!({"chat_id": ANNA, "text": "a"})).await;
    assert_eq!((status, &body["parameters"]["retry_after"]), (429, &json!(3)));
    for (drop, text) in [(Drop::Before, "never"), (Drop::After, "happened")] {
        s.world.inject_telegram(&fault(FaultAnswer { drop: Some(drop), ..FaultAnswer::default() })).await.unwrap();
        let url = format!("{}/bot{TOKEN}/sendMessage", s.sandbox.base_url);
        let lost = s.http.post(url).json(&json!({"chat_id": ANNA, "text": text})).send().await;
        assert!(lost.is_err(), "the connection should have been dropped");
    }
    let texts: Vec<_> =
        s.world.messages("first_bot", ANNA).await.unwrap().iter().map(|m| m.text().to_owned()).collect();
    assert_eq!(texts, ["/start", "happened"]);
    let filter = CallFilter { method: Some("sendmessage".to_owned()), ..CallFilter::default() };
    let calls = s.world.calls(&filter).await.unwrap();
    assert_eq!(calls.iter().map(|call| call.status).collect::<Vec<_>>(), [429, 0, 0]);
    assert!(!serde_json::to_string(&calls).unwrap().contains("AAtest"), "a token must never be recorded");
}

#[tokio::test]
async fn stars_are_paid_once_and_refunded_once() {
    let s = scene().await;
    s.start().await;
    let invoice = json!({"chat_id": ANNA, "title": "Пополнение", "description": "100", "payload": "inv_1",
        "provider_token": "", "currency": "XTR", "prices": [{"label": "Stars", "amount": 50}]});
    let (_, sent) = s.call("sendInvoice", invoice).await;
    let paying = s.world.pay("first_bot", ANNA, sent["result"]["message_id"].as_i64().unwrap());
    let approving = async {
        let query = loop {
            let (_, got) = s.call("getUpdates", json!({"timeout": 5})).await;
            let list = got["result"].as_array().unwrap().clone();
            if let Some(query) = list.iter().find_map(|u| u.get("pre_checkout_query").cloned()) {
                break query;
            }
        };
        assert_eq!(query["invoice_payload"], "inv_1");
        s.call("answerPreCheckoutQuery", json!({"pre_checkout_query_id": query["id"], "ok": true})).await
    };
    let (paid, _) = tokio::join!(paying, approving);
    let charge = paid.unwrap()["telegram_payment_charge_id"].clone();
    let (_, list) = s.call("getStarTransactions", json!({})).await;
    assert_eq!(list["result"]["transactions"][0]["id"], charge);
    let refund = json!({"user_id": ANNA, "telegram_payment_charge_id": charge});
    assert_eq!(s.call("refundStarPayment", refund.clone()).await.0, 200);
    assert_eq!(s.refusal("refundStarPayment", refund).await, "Bad Request: CHARGE_ALREADY_REFUNDED");
    assert_eq!(s.call("getMyStarBalance", json!({})).await.1["result"]["amount"], 0);
}

#[tokio::test]
async fn commands_are_seen_by_scope_and_language() {
    let s = scene().await;
    let list = |name: &str| json!([{"command": name, "description": "x"}]);
    s.call("setMyCommands", json!({"commands": list("any")})).await;
    s.call("setMyCommands", json!({"commands": list("russian"), "language_code": "ru"})).await;
    s.call("setMyCommands", json!({"commands": list("admin"), "scope": {"type": "chat", "chat_id": 502}})).await;
    for (user, language, seen) in [(ANNA, "ru", "russian"), (502, "ru", "admin"), (503, "en", "any")] {
        s.world.add_person(&Person::new(user, "P", language)).await.unwrap();
        let chat = s.world.chat("first_bot", user).await.unwrap();
        assert_eq!(chat.commands[0]["command"], seen);
    }
    let wrong = s.refusal("setMyCommands", json!({"commands": list("Большая")})).await;
    assert_eq!(wrong, "Bad Request: BOT_COMMAND_INVALID");
}

#[tokio::test]
async fn too_many_cold_tokens_are_told_to_wait_and_warm_ones_are_not() {
    let mut settings = SandboxSettings::default();
    settings.telegram.cold_tokens = Some((2, Duration::from_mins(1)));
    let s = scene_with(settings).await;
    let mut answers = Vec::new();
    for n in [1, 2, 3, 1] {
        let token = format!("700000000{n}:AAtesttesttesttesttesttesttesttest1");
        s.world.register_bot(&token, &format!("bot_{n}"), "B").await.unwrap();
        let url = format!("{}/bot{token}/getMe", s.sandbox.base_url);
        answers.push(s.http.get(url).send().await.unwrap().status().as_u16());
    }
    assert_eq!(answers, [200, 200, 429, 200]);
}

#[tokio::test]
async fn the_world_survives_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let settings = SandboxSettings { data: Some(folder.path().to_owned()), ..SandboxSettings::default() };
    let s = scene_with(settings.clone()).await;
    s.start().await;
    s.bot.send_photo(ChatId(ANNA), InputFile::memory(small_picture())).caption("остаётся").await.unwrap();
    let before = s.world.messages("first_bot", ANNA).await.unwrap();
    s.sandbox.stop().await;
    let sandbox = Sandbox::start(settings).await.unwrap();
    let world = sandbox.client();
    let after = world.messages("first_bot", ANNA).await.unwrap();
    assert_eq!(serde_json::to_value(&before).unwrap(), serde_json::to_value(&after).unwrap());
    assert_eq!(world.file(after[1].file_id().unwrap()).await.unwrap(), small_picture());
    assert_eq!(world.bots().await.unwrap()[0].pending, 1);
}
