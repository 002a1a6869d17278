//! Control API and chat page over real HTTP.

use std::time::Duration;

use serde_json::{Value, json};

use crate::sandbox::wire::{PageLink, Person};
use crate::sandbox::{Sandbox, SandboxClient, SandboxClientError, SandboxSettings};

const TOKEN: &str = "7000000001:AAtesttesttesttesttesttesttesttest1";
const ANNA: i64 = 501;

async fn scene() -> (Sandbox, SandboxClient, reqwest::Client) {
    let settings = SandboxSettings {
        people: vec![Person::new(ANNA, "Анна", "ru")],
        links: vec![PageLink { label: "Panel".to_owned(), url: "http://127.0.0.1:1/".to_owned() }],
        ..SandboxSettings::default()
    };
    let sandbox = Sandbox::start(settings).await.unwrap();
    let world = sandbox.client();
    world.register_bot(TOKEN, "first_bot", "First").await.unwrap();
    #[expect(clippy::disallowed_methods, reason = "a test speaks to the sandbox")]
    let http = reqwest::Client::new();
    (sandbox, world, http)
}

async fn call(sandbox: &Sandbox, http: &reqwest::Client, method: &str, body: Value) -> Value {
    let url = format!("{}/bot{TOKEN}/{method}", sandbox.base_url);
    http.post(url).json(&body).send().await.unwrap().json().await.unwrap()
}

#[tokio::test]
async fn the_page_and_everything_it_names_are_served_by_the_sandbox_alone() {
    let (sandbox, _world, http) = scene().await;
    let page = http.get(&sandbox.base_url).send().await.unwrap();
    let policy = page.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.contains("default-src 'self'") && !policy.contains("unsafe"), "{policy}");
    let html = page.text().await.unwrap();
    let local = html.split(['"', '\'']).filter(|part| part.starts_with("/assets/") || *part == "/favicon.svg");
    let mut names: Vec<String> = local.map(str::to_owned).collect();
    let script = http.get(format!("{}/assets/app.js", sandbox.base_url)).send().await.unwrap().text().await.unwrap();
    names.extend(script.split('\'').filter_map(|part| part.strip_prefix("./")).map(|name| format!("/assets/{name}")));
    assert!(names.len() >= 7, "{names:?}");
    for name in names {
        let answer = http.get(format!("{}{name}", sandbox.base_url)).send().await.unwrap();
        assert!(answer.status().is_success(), "{name}");
        assert!(!answer.bytes().await.unwrap().is_empty(), "{name}");
    }
    assert!(!html.contains("style=") && !html.contains("onclick") && !html.contains("https://"));
    let info: Value =
        http.get(format!("{}/sandbox/info", sandbox.base_url)).send().await.unwrap().json().await.unwrap();
    assert_eq!(info["links"][0]["label"], "Panel");
}

#[tokio::test]
async fn the_event_stream_tells_of_messages_edits_and_deletions() {
    let (sandbox, world, http) = scene().await;
    let mut stream = http.get(format!("{}/sandbox/events?user={ANNA}", sandbox.base_url)).send().await.unwrap();
    world.send_text("first_bot", ANNA, "привет").await.unwrap();
    let sent = call(&sandbox, &http, "sendMessage", json!({"chat_id": ANNA, "text": "a"})).await;
    let id = sent["result"]["message_id"].clone();
    call(&sandbox, &http, "sendChatAction", json!({"chat_id": ANNA, "action": "typing"})).await;
    call(&sandbox, &http, "editMessageText", json!({"chat_id": ANNA, "message_id": id, "text": "b"})).await;
    call(&sandbox, &http, "deleteMessage", json!({"chat_id": ANNA, "message_id": id})).await;
    let mut seen = String::new();
    while !seen.contains("\"delete\"") {
        let chunk = tokio::time::timeout(Duration::from_secs(5), stream.chunk()).await.unwrap().unwrap().unwrap();
        seen.push_str(&String::from_utf8_lossy(&chunk));
    }
    let kinds: Vec<Value> = seen
        .lines()
        .filter_map(|line| line.strip_prefix("data: "))
        .map(|data| serde_json::from_str::<Value>(data).unwrap()["kind"].clone())
        .collect();
    assert_eq!(kinds, ["message", "message", "typing", "edit", "delete"]);
}

#[tokio::test]
async fn an_album_of_a_person_arrives_as_messages_of_one_group() {
    let (sandbox, world, http) = scene().await;
    let files = vec![("a.txt".to_owned(), b"one".to_vec()), ("b.txt".to_owned(), b"two".to_vec())];
    let sent = world.send_files("first_bot", ANNA, "document", files, "подпись").await.unwrap();
    assert_eq!(sent[0].json["media_group_id"], sent[1].json["media_group_id"]);
    assert_eq!((sent[0].text(), sent[1].text()), ("подпись", ""));
    let updates = call(&sandbox, &http, "getUpdates", json!({})).await;
    assert_eq!(updates["result"].as_array().unwrap().len(), 2);
    let id = updates["result"][1]["message"]["document"]["file_id"].clone();
    let file = call(&sandbox, &http, "getFile", json!({"file_id": id})).await;
    let path = file["result"]["file_path"].as_str().unwrap();
    let bytes = http.get(format!("{}/file/bot{TOKEN}/{path}", sandbox.base_url)).send().await.unwrap();
    assert_eq!(bytes.bytes().await.unwrap(), "two");
}

#[tokio::test]
async fn an_update_can_be_repeated_with_the_same_number() {
    let (sandbox, world, http) = scene().await;
    let update = json!({"update_id": 7_777, "message": {"chat": {"id": ANNA}}});
    world.push_update("first_bot", &update).await.unwrap();
    let first = call(&sandbox, &http, "getUpdates", json!({})).await;
    assert_eq!(first["result"][0]["update_id"], 7_777);
    call(&sandbox, &http, "getUpdates", json!({"offset": 7_778})).await;
    world.push_update("first_bot", &update).await.unwrap();
    let again = call(&sandbox, &http, "getUpdates", json!({})).await;
    assert_eq!(again["result"], first["result"]);
}

#[tokio::test]
async fn refusals_say_what_is_wrong_and_a_wait_that_fails_shows_the_chat() {
    let (_sandbox, world, _http) = scene().await;
    assert!(world.register_bot("not a token", "x", "X").await.unwrap_err().to_string().contains("looks like"));
    let unknown = world.send_text("nobody_bot", ANNA, "x").await.unwrap_err().to_string();
    assert!(unknown.contains("no such bot"), "{unknown}");
    world.send_text("first_bot", ANNA, "вопрос").await.unwrap();
    let missing = world.wait_text("first_bot", ANNA, "ответ", Duration::from_millis(50)).await.unwrap_err();
    assert!(matches!(&missing, SandboxClientError::TimedOut(_, chat) if chat.contains("вопрос")), "{missing}");
    world.block("first_bot", ANNA, true).await.unwrap();
    assert!(world.send_text("first_bot", ANNA, "x").await.is_err());
}

#[tokio::test]
async fn stopping_ends_every_connection_and_frees_the_address() {
    let (sandbox, _world, http) = scene().await;
    let base = sandbox.base_url.clone();
    let _open = http.get(format!("{base}/sandbox/events")).send().await.unwrap();
    tokio::time::timeout(Duration::from_secs(2), sandbox.stop()).await.unwrap();
    assert!(http.get(&base).send().await.is_err());
}
