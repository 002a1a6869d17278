//! The calls as a server sees them, and what a misbehaving server makes of them.

use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use bytes::Bytes;
use serde_json::{Value, json};

use super::*;
use crate::clients::testing::{Peer, Server, quick_http, raw_peer};
use crate::domain::{ChatId, MessageId, Secret};

const TOKEN: &str = "123456789:CANARYbbccddeeffgghhiijjkkllmmnnoop";

fn token() -> BotToken {
    BotToken::parse(TOKEN).unwrap()
}

fn telegram(base: &Url) -> Telegram {
    Telegram::new(quick_http(), base.clone())
}

async fn ok(result: Value) -> Server {
    Server::fixed(200, json!({"ok": true, "result": result}).to_string()).await
}

#[tokio::test]
async fn a_message_is_html_without_previews() {
    let server = ok(json!({"message_id": 77, "date": 1, "chat": {"id": 5, "type": "private"}})).await;
    let (telegram, token) = (telegram(&server.url), token());
    let keyboard = InlineKeyboard::new().row([Button::callback("Меню", "back_to_menu")]);
    let extra = Extra { keyboard: Some(&keyboard), reply_to: Some(MessageId(3)), silent: true };
    let sent = telegram.bot(&token, None).send_message(ChatId(5), "<b>Привет</b>", extra).await;
    assert_eq!(sent, Ok(MessageId(77)));
    let seen = server.last();
    assert_eq!(seen.path, format!("/bot{TOKEN}/sendMessage"));
    assert_eq!(seen.headers["user-agent"], concat!("Botyard/", env!("CARGO_PKG_VERSION")));
    assert_eq!(
        seen.json(),
        json!({
            "chat_id": 5, "text": "<b>Привет</b>", "parse_mode": "HTML", "link_preview_options": {"is_disabled": true},
            "reply_markup": {"inline_keyboard": [[{"text": "Меню", "callback_data": "back_to_menu"}]]},
            "reply_parameters": {"message_id": 3, "allow_sending_without_reply": true}, "disable_notification": true,
        })
    );
}

#[tokio::test]
async fn the_platforms_own_calls_carry_what_telegram_expects() {
    let server = ok(json!(true)).await;
    let (telegram, token) = (telegram(&server.url), token());
    let bot = telegram.bot(&token, None);
    bot.edit_message_text(ChatId(5), MessageId(6), "x", None).await.unwrap();
    assert_eq!(server.last().json()["message_id"], 6);
    bot.answer_callback_query("42", Some("Готово"), false).await.unwrap();
    assert_eq!(server.last().json(), json!({"callback_query_id": "42", "text": "Готово"}));
    bot.delete_message(ChatId(5), MessageId(6)).await.unwrap();
    assert_eq!(server.last().json(), json!({"chat_id": 5, "message_id": 6}));
    let secret = Secret::new("s3cret");
    let hook =
        Webhook { url: "https://h/webhook/one", secret: &secret, allowed_updates: &["message"], max_connections: 8 };
    bot.set_webhook(hook).await.unwrap();
    assert_eq!(
        server.last().json(),
        json!({"url": "https://h/webhook/one", "secret_token": "s3cret", "allowed_updates": ["message"], "max_connections": 8})
    );
    bot.delete_webhook().await.unwrap();
    assert_eq!(server.last().body, "{}");
    let commands = [BotCommand { command: "start".into(), description: "Меню".into() }];
    bot.set_my_commands(&commands, CommandScope::Chat { chat_id: ChatId(9) }, Some("ru")).await.unwrap();
    assert_eq!(
        server.last().json(),
        json!({"commands": [{"command": "start", "description": "Меню"}], "scope": {"type": "chat", "chat_id": 9}, "language_code": "ru"})
    );
    assert!(server.seen().iter().all(|seen| seen.method == "POST"));
}

#[tokio::test]
async fn what_telegram_tells_is_read_with_its_newer_fields() {
    let (token, http) = (token(), telegram(&"http://127.0.0.1:1/".parse().unwrap()));
    let server = ok(json!({"id": 1, "is_bot": true, "first_name": "B", "username": "b_bot", "can_manage_bots": true, "new": {"a": [1]}})).await;
    let me = http.bot(&token, Some(&server.url)).get_me().await.unwrap();
    assert!(me.username == "b_bot" && me.can("can_manage_bots") && !me.can("can_fly"), "{me:?}");
    let server = ok(json!({"url": "", "has_custom_certificate": false, "pending_update_count": 3})).await;
    let info = http.bot(&token, Some(&server.url)).get_webhook_info().await.unwrap();
    assert_eq!(info, WebhookInfo { pending_update_count: 3, ..WebhookInfo::default() });
    let server = Server::fixed(200, r#"{"ok":true,"result":[{"update_id":9,"brand_new":{"x":1.50}}]}"#).await;
    let updates =
        http.bot(&token, Some(&server.url)).get_updates(Some(9), Duration::from_secs(1), &["message"]).await.unwrap();
    assert_eq!(updates[0].get(), r#"{"update_id":9,"brand_new":{"x":1.50}}"#);
    assert_eq!(server.last().json(), json!({"offset": 9, "timeout": 1, "limit": 100, "allowed_updates": ["message"]}));
}

#[tokio::test]
async fn the_librarys_payloads_go_the_same_way() {
    let server = ok(json!(true)).await;
    let (telegram, token) = (telegram(&server.url), token());
    let payload = teloxide_core::payloads::AnswerPreCheckoutQuery::new("7".to_owned().into(), true);
    telegram.bot(&token, None).call(&payload).await.unwrap();
    assert_eq!(server.last().path, format!("/bot{TOKEN}/answerPreCheckoutQuery"));
    assert_eq!(server.last().json(), json!({"pre_checkout_query_id": "7", "ok": true}));
}

#[tokio::test]
async fn files_go_as_multipart_and_come_back_under_a_cap() {
    let server = Server::start(|seen| match seen.path.as_str() {
        path if path.ends_with("/sendMediaGroup") => {
            json!({"ok": true, "result": [{"message_id": 1}, {"message_id": 2}]}).to_string().into_response()
        }
        path if path.ends_with("/getFile") => {
            json!({"ok": true, "result": {"file_id": "f", "file_unique_id": "u", "file_path": "photos/a b.jpg"}})
                .to_string()
                .into_response()
        }
        path if path.ends_with("/photos/a%20b.jpg") => vec![7u8; 1_000].into_response(),
        _ => (StatusCode::NOT_FOUND, r#"{"ok":false,"error_code":404,"description":"Not Found: no file"}"#)
            .into_response(),
    })
    .await;
    let (telegram, token) = (telegram(&server.url), token());
    let bot = telegram.bot(&token, None);
    let fields = json!({"chat_id": 5, "media": [{"type": "photo", "media": "attach://one"}], "caption": "подпись"});
    let file = |name: &str| InputFile {
        field: name.into(),
        file_name: format!("{name}.png"),
        mime: "image/png".into(),
        bytes: Bytes::from_static(b"\x89PNG\r\n\x00\xff"),
    };
    let sent: Vec<Sent> =
        bot.upload("sendMediaGroup", fields.as_object().unwrap(), vec![file("one"), file("two")]).await.unwrap();
    assert_eq!(sent.iter().map(|one| one.message_id.0).collect::<Vec<_>>(), [1, 2]);
    let body = server.last().body;
    let text = String::from_utf8_lossy(&body);
    for part in ["name=\"chat_id\"\r\n\r\n5\r", "\"media\":\"attach://one\"", "подпись", "filename=\"two.png\""]
    {
        assert!(text.contains(part), "{part} in {text}");
    }
    assert!(body.windows(8).any(|w| w == b"\x89PNG\r\n\x00\xff"));
    let path = bot.get_file("f").await.unwrap().file_path.unwrap();
    assert_eq!(bot.download(&path, 1_000).await.unwrap().len(), 1_000);
    assert_eq!(bot.download(&path, 999).await, Err(TelegramError::FileTooBig));
    assert!(matches!(bot.download("photos/gone.jpg", 9).await, Err(TelegramError::Rejected { code: 404, .. })));
    let before = server.seen().len();
    for hostile in ["/var/lib/bot/file.jpg", "../../botX/getMe", "a//b", ""] {
        assert!(matches!(bot.download(hostile, 9).await, Err(TelegramError::Rejected { .. })), "{hostile}");
    }
    assert_eq!(server.seen().len(), before, "a hostile path never leaves");
}

#[tokio::test]
async fn a_mirror_below_a_path_is_called_below_it() {
    let server = ok(json!(true)).await;
    let (telegram, token) = (telegram(&server.url.join("mirror/tg/").unwrap()), token());
    telegram.bot(&token, None).call_raw::<bool>("GetMe", &()).await.unwrap();
    assert_eq!(server.last().path, format!("/mirror/tg/bot{TOKEN}/getMe"));
    for odd in ["", "../x", "get Me", "getMe?x=1"] {
        let outcome = telegram.bot(&token, None).call_raw::<bool>(odd, &()).await;
        assert_eq!(outcome, Err(TelegramError::NotSent(Why::Unbuilt)));
    }
}

#[tokio::test]
async fn not_sent_and_in_doubt_are_told_apart() {
    let token = token();
    for (peer, not_sent) in [(Peer::Refuse, true), (Peer::ReadThenClose, false), (Peer::Hang, false)] {
        let peer_at = raw_peer(peer).await;
        let outcome = telegram(&peer_at.url).bot(&token, None).get_me().await.unwrap_err();
        assert_eq!(matches!(outcome, TelegramError::NotSent(_)), not_sent, "{peer:?}: {outcome:?}");
        assert_eq!(matches!(outcome, TelegramError::InDoubt(_)), !not_sent, "{peer:?}: {outcome:?}");
        assert_eq!(outcome.certainly_not_sent(), not_sent);
        assert_eq!(peer_at.requests(), usize::from(!not_sent), "sent once, never repeated");
    }
    let server = Server::fixed(502, "<html>Bad Gateway</html>").await;
    let outcome = telegram(&server.url).bot(&token, None).get_me().await;
    assert_eq!(outcome, Err(TelegramError::InDoubt(Why::Server(502))));
    assert_eq!(server.seen().len(), 1);
}

/// Everything that tracing says while the guard lives.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn no_error_no_debug_and_no_trace_holds_the_token() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber =
        tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(move || writer.clone()).finish();
    let guard = tracing::subscriber::set_default(subscriber);
    let token = token();
    let mut printed = String::new();
    for peer in [Peer::Refuse, Peer::ReadThenClose, Peer::Hang, Peer::Say("HTTP/1.1 200 OK\r\n\r\nnot json")] {
        let peer = raw_peer(peer).await;
        let error = telegram(&peer.url).bot(&token, None).get_me().await.unwrap_err();
        writeln!(printed, "{error} {error:?} {:?}", std::error::Error::source(&error).map(ToString::to_string))
            .unwrap();
    }
    for code in [302, 400, 401, 403, 404, 409, 413, 429, 500] {
        let said = json!({"ok": false, "error_code": code, "description": format!("bad /bot{TOKEN}/getMe {TOKEN}")});
        let server = Server::fixed(code, said.to_string()).await;
        let error = telegram(&server.url).bot(&token, None).get_me().await.unwrap_err();
        writeln!(printed, "{error} {error:?}").unwrap();
    }
    let dead = telegram(&"http://no-such-host.invalid".parse().unwrap());
    let handle = dead.bot(&token, None);
    let error = handle.download("photos/x.jpg", 10).await.unwrap_err();
    writeln!(printed, "{error} {error:?} {dead:?} {handle:?}").unwrap();
    drop(guard);
    printed += &String::from_utf8_lossy(&log.0.lock().unwrap());
    assert!(printed.contains("refused") && printed.contains("TRACE"), "the test must have something to look at");
    assert!(!printed.contains("CANARY"), "{printed}");
}
