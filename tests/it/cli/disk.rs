//! `f_disk_full` (reliability.md F16): a process whose database finds no room takes nothing, says so, and goes on when there is
//! room again, without being started anew.

use std::time::{Duration, Instant};

use botyard::sandbox::wire::{ChatMessage, Person};
use botyard::sandbox::{Sandbox, SandboxClient};
use serde_json::json;

use super::program::{PATIENCE, Place, Running, sandbox_with_a_bot};
use crate::web::diag::{TOKEN, ask};
use crate::web::site::Client;

const ANNA: i64 = 101;

/// A process with a bot that takes webhooks.
async fn serving(sandbox: &Sandbox, token: &str) -> (Place, Running, Client) {
    let mut place = Place::beside(sandbox);
    place.set("BOTYARD_ADMIN_TOKEN", TOKEN);
    place.run_with(&["tenant", "add", "first", "--admin", "41", "--offline"], token).await.done();
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    place.set("WEBHOOK_BASE_URL", &format!("http://{port}"));
    let listen = format!("server.listen={port}");
    let running = place
        .start(&["serve", "--set", &listen, "--set", "admin.listen=127.0.0.1:0", "--set", "jobs.poll_every=100ms"])
        .await;
    (place, running, Client::new(port))
}

async fn becomes(client: &Client, status: u16) {
    let began = Instant::now();
    loop {
        let answer = client.get("/ready").await;
        if answer.status == status {
            return;
        }
        assert!(began.elapsed() < PATIENCE, "/ready stays {}: {}", answer.status, answer.body);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

async fn heard(world: &SandboxClient, part: &str) -> Vec<ChatMessage> {
    world.wait_text("first_bot", ANNA, part, PATIENCE).await.unwrap();
    let all = world.messages("first_bot", ANNA).await.unwrap();
    all.into_iter().filter(|message| message.from_bot && message.text().contains(part)).collect()
}

#[tokio::test]
async fn f_disk_full() {
    let (sandbox, token) = sandbox_with_a_bot().await;
    let world = sandbox.client();
    let (place, running, client) = serving(&sandbox, &token).await;
    becomes(&client, 200).await;
    world.add_person(&Person::new(ANNA, "Anna", "ru")).await.unwrap();
    world.send_text("first_bot", ANNA, "/start").await.unwrap();
    heard(&world, "Доступно").await;

    running.room(Some(4_096)).await;
    becomes(&client, 503).await;
    let ready = client.get("/ready").await.json();
    assert!(ready["reasons"].as_array().unwrap().contains(&json!("database")), "{ready}");
    assert_eq!(client.get("/live").await.status, 200);
    for path in ["billing_preflight", "billing_preflight?tenant=first"] {
        let told = ask(&client, path).await;
        assert_eq!((told.status, &told.json()["error"]), (503, &json!("billing_preflight_failed")), "{}", told.body);
    }
    for path in
        ["boot", "ready", "last_errors", "requirements", "last_errors?tenant=first", "requirements?tenant=first"]
    {
        let told = ask(&client, path).await;
        assert!(matches!(told.status, 200 | 503) && told.json().is_object(), "{path}: {} {}", told.status, told.body);
    }
    // What comes meanwhile is not taken, and Telegram keeps it.
    world.send_text("first_bot", ANNA, "что-нибудь").await.unwrap();
    tokio::time::sleep(Duration::from_secs(2)).await;

    running.room(None).await;
    becomes(&client, 200).await;
    // Telegram comes again when it was asked to, and longer after each refusal.
    let late = world.wait_text("first_bot", ANNA, "Выберите действие", PATIENCE * 3).await;
    assert!(late.is_ok(), "{late:?}; its log: {}", running.log());
    world.send_text("first_bot", ANNA, "/help").await.unwrap();
    heard(&world, "/balance").await;
    assert_eq!(heard(&world, "Выберите действие").await.len(), 1, "what came meanwhile is answered once");
    assert_eq!(ask(&client, "billing_preflight?tenant=first").await.status, 200);
    let (code, _) = running.stop().await;
    assert_eq!(code, Some(0));

    let database = format!("sqlite:{}", place.path().join("data/botyard.db").display());
    let pool = sqlx::SqlitePool::connect(&database).await.unwrap();
    let whole: String = sqlx::query_scalar("PRAGMA integrity_check").fetch_one(&pool).await.unwrap();
    // Each message was handled once: those from before, those from meanwhile, those from after.
    let updates: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM updates").fetch_one(&pool).await.unwrap();
    assert_eq!((whole.as_str(), updates), ("ok", 3));
    pool.close().await;
    sandbox.stop().await;
}
