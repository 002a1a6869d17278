//! `f_tg_409_401` (reliability.md F27) where updates are fetched: another program that fetches them too pauses that bot, its admin
//! is told once, and the other bots go on.

use std::time::{Duration, Instant};

use botyard::sandbox::wire::{CallFilter, FaultAnswer, Person, TelegramFault};
use botyard::sandbox::{Sandbox, SandboxSettings};

use super::program::{PATIENCE, Place, fake_token};

const OLGA: i64 = 41;

#[tokio::test]
async fn f_tg_409_401_a_conflict_pauses_that_bot_and_its_admin_is_told_once() {
    let sandbox = Sandbox::start(SandboxSettings::default()).await.unwrap();
    let world = sandbox.client();
    let place = Place::beside(&sandbox);
    world.add_person(&Person::new(OLGA, "Olga", "ru")).await.unwrap();
    for (n, name) in [(1, "first"), (2, "other")] {
        let token = fake_token(n);
        world.register_bot(&token, &format!("{name}_bot"), name).await.unwrap();
        place.run_with(&["tenant", "add", name, "--admin", "41"], &token).await.done();
    }
    let running =
        place.start(&["serve", "--set", "server.listen=127.0.0.1:0", "--set", "admin.listen=127.0.0.1:0"]).await;
    let say = async |bot: &str, text: &str, part: &str| {
        let before = world.messages(bot, OLGA).await.unwrap().len();
        world.send_text(bot, OLGA, text).await.unwrap();
        let news = |all: &[botyard::sandbox::wire::ChatMessage]| {
            all.iter().skip(before).find(|m| m.from_bot && m.text().contains(part)).cloned()
        };
        world.wait_for(bot, OLGA, PATIENCE, news).await.unwrap()
    };
    for bot in ["first_bot", "other_bot"] {
        say(bot, "/start", "Доступно").await;
    }
    let refused = async || {
        let asked = CallFilter {
            method: Some("getUpdates".to_owned()),
            bot: Some("first_bot".to_owned()),
            ..CallFilter::default()
        };
        world.calls(&asked).await.unwrap().iter().filter(|call| call.status == 409).count()
    };
    let description =
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running";
    let fault = TelegramFault {
        bot: Some("first_bot".to_owned()),
        method: Some("getUpdates".to_owned()),
        chat_id: None,
        answer: FaultAnswer { status: Some(409), description: Some(description.to_owned()), ..FaultAnswer::default() },
        times: 10_000,
    };
    world.inject_telegram(&fault).await.unwrap();
    // What is fetched now is answered; the next time another program is there.
    world.send_text("first_bot", OLGA, "/help").await.unwrap();
    world.wait_text("first_bot", OLGA, "забирает другая программа", PATIENCE).await.unwrap();
    let began = Instant::now();
    while refused().await == 0 {
        assert!(began.elapsed() < PATIENCE, "nobody was refused");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    for _ in 0..3 {
        say("other_bot", "/help", "/balance").await;
    }
    assert_eq!(refused().await, 1, "the bot that is disputed pauses");
    let told = |all: Vec<botyard::sandbox::wire::ChatMessage>| {
        all.iter().filter(|m| m.from_bot && m.text().contains("забирает другая программа")).count()
    };
    assert_eq!(told(world.messages("first_bot", OLGA).await.unwrap()), 1);
    assert_eq!(told(world.messages("other_bot", OLGA).await.unwrap()), 0, "it is not the other one's matter");
    let database = format!("sqlite:{}", place.path().join("data/botyard.db").display());
    let pool = sqlx::SqlitePool::connect(&database).await.unwrap();
    let found: Vec<(String, Option<String>)> =
        sqlx::query_as("SELECT bot_instance_id, trouble FROM watches WHERE trouble IS NOT NULL")
            .fetch_all(&pool)
            .await
            .unwrap();
    assert_eq!(found, [("first".to_owned(), Some("polling_conflict".to_owned()))]);
    pool.close().await;
    assert_eq!(running.stop().await.0, Some(0));
    sandbox.stop().await;
}
