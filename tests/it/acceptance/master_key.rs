//! `sec_sealed` (reliability.md T31): the master key is changed under load, and no message is lost by it. On each database.

use std::time::{Duration, Instant};

use botyard::app::{App, StartError};
use botyard::config::{Settings, Sources};
use botyard::domain::settings::TenantSettings;
use botyard::domain::{Clock, UserId};
use botyard::sandbox::wire::ChatMessage;
use botyard::telemetry::Metrics;
use botyard::vault::MasterKey;
use serde_json::{Value, json};

use crate::cli::program::Place;
use crate::util::app::{PATIENCE, TestApp, TestBot};
use crate::util::db::{TestDb, on_each_db};

const ANNA: UserId = UserId(101);
/// As many as the drill has, and as many updates of each.
const BOTS: i64 = 30;
const ROUNDS: usize = 7;
/// The master key of every `TestApp`.
const OLD: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

/// The bot's messages to Anna that are newer than `before`.
async fn said(app: &TestApp, bot: &TestBot, before: i64) -> Vec<String> {
    let messages = app.world.messages(&bot.username, ANNA.0).await.unwrap();
    messages.iter().filter(|m| m.from_bot && m.id > before).map(|m| m.text().to_owned()).collect()
}

/// Every bot, and its greeting to Anna.
async fn greeted(app: &TestApp) -> (Vec<TestBot>, Vec<i64>) {
    app.person(ANNA.0, "Anna", "ru").await;
    let (mut bots, mut greetings) = (Vec::new(), Vec::new());
    for n in 1..=BOTS {
        let bot = app.bot(&format!("bot-{n}"), n, TenantSettings::default()).await;
        greetings.push(app.say(&bot, ANNA, "/start", "Доступно").await.id);
        app.settled(&bot, ANNA).await;
        bots.push(bot);
    }
    (bots, greetings)
}

/// Anna asks every bot for help so many times over.
async fn asks(app: &TestApp, bots: &[TestBot], rounds: usize) {
    for _ in 0..rounds {
        for bot in bots {
            app.world.send_text(&bot.username, ANNA.0, "/help").await.unwrap();
        }
    }
}

fn state<'a>(status: &'a Value, state: &str) -> &'a Value {
    let keys = status["keys"].as_array().unwrap();
    keys.iter().find(|key| key["state"] == state).unwrap_or_else(|| panic!("no {state} key: {status:#}"))
}

/// Starts on what another process left, with these master keys.
async fn start(left: &[(String, String)], first: &str, second: &str) -> Result<App, StartError> {
    let own =
        [("secrets.master_key", first), ("secrets.master_key_file", ""), ("secrets.master_key_second_file", second)];
    let own = own.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let overrides = left.iter().cloned().chain(own).collect();
    let settings = Settings::load(&Sources { overrides, ..Sources::default() }).unwrap();
    Box::pin(App::start(settings, Clock::system(), Metrics::of_process())).await
}

on_each_db! {
    async fn sec_sealed_the_master_key_is_changed_under_load_and_no_send_is_lost(test: TestDb) {
        let mut place = Place::new();
        let file = place.path().join("new.key");
        let id = MasterKey::write_new(&file).unwrap();
        let shown = file.display().to_string();
        place.set("DATABASE_URL", &test.url);
        place.set("BOTYARD_MASTER_KEY", OLD);
        place.set("BOTYARD_MASTER_KEY_SECOND_FILE", &shown);
        // The patience of a busy machine, as `util/db.rs` has it: thirty chats at once wait for SQLite's only writer.
        let more = [
            ("secrets.master_key_second_file", shown.as_str()),
            ("database.acquire_timeout", "20 s"),
            ("database.busy_timeout", "20 s"),
        ];
        let app = TestApp::start_with(&test.url, &more).await;
        let (bots, before) = greeted(&app).await;
        let unused = place.run(&["keys", "status", "--json"]).await.json();
        assert_eq!(state(&unused, "current")["data_keys"], BOTS, "{unused:#}");
        assert_eq!((&state(&unused, "new")["key"], &state(&unused, "new")["values"]), (&json!(id.to_string()), &json!(0)));

        // People write, a partner comes, and the key is changed.
        let rotate = place.run(&["keys", "rotate", "--json"]);
        let late = app.bot("late", BOTS + 1, TenantSettings::default());
        let ((), rotated, late) = futures::join!(asks(&app, &bots, ROUNDS - 2), rotate, late);
        let rotated = rotated.json();
        assert_eq!((&rotated["begun"], &rotated["to"], &rotated["left"]), (&json!(true), &json!(id.to_string()), &json!(0)));
        assert!(rotated["rewrapped"]["data_keys"].as_i64().unwrap() >= BOTS, "{rotated:#}");
        // The process takes the new key up by itself, and goes on.
        let began = Instant::now();
        while app.platform().vault.current() != id {
            assert!(began.elapsed() < PATIENCE, "the process seals with the old key still");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let after = app.bot("after", BOTS + 2, TenantSettings::default()).await;
        asks(&app, &bots, 2).await;
        for (bot, before) in bots.iter().zip(before) {
            app.taken(bot).await;
            app.settled(bot, ANNA).await;
            let said = said(&app, bot, before).await;
            assert_eq!(said.len(), ROUNDS, "{}: {said:#?}", bot.id);
            assert!(said.iter().all(|text| text.contains("/balance")), "{}: {said:#?}", bot.id);
        }
        for bot in [&late, &after] {
            app.say(bot, ANNA, "/start", "Доступно").await;
            app.settled(bot, ANNA).await;
        }
        // What the partner's bot was sealed with depends on who was first; a second run leaves nothing.
        let again = place.run(&["keys", "rotate", "--json"]).await.json();
        assert_eq!((&again["begun"], &again["left"]), (&json!(false), &json!(0)), "{again:#}");
        assert!(place.run(&["keys", "rotate"]).await.done().starts_with("nothing to do: "));
        let status = place.run(&["keys", "status", "--json"]).await.json();
        assert_eq!((&state(&status, "current")["data_keys"], &state(&status, "old")["values"]), (&json!(BOTS + 2), &json!(0)));
        app.at_rest().await;

        let left = app.leave().await;
        let refused = start(&left.settings, OLD, "").await.err().expect("the old key opens nothing");
        assert!(matches!(refused, StartError::WrongKey(_)), "{refused}");
        let told = refused.to_string();
        assert!(told.contains(&id.to_string()) && told.contains("BOTYARD_MASTER_KEY_SECOND"), "{told}");
        let new = std::fs::read_to_string(&file).unwrap();
        let app = start(&left.settings, new.trim(), "").await.unwrap();
        assert_eq!(app.platform.tenants.len(), usize::try_from(BOTS).unwrap() + 2, "it opens everything");
        for bot in [&bots[0], &bots[29], &late, &after] {
            let newest = left.world.messages(&bot.username, ANNA.0).await.unwrap().last().unwrap().id;
            left.world.send_text(&bot.username, ANNA.0, "/help").await.unwrap();
            let fresh = |m: &&ChatMessage| m.from_bot && m.id > newest && m.text().contains("/balance");
            let answer = |messages: &[ChatMessage]| messages.iter().find(fresh).cloned();
            left.world.wait_for(&bot.username, ANNA.0, PATIENCE, answer).await.unwrap();
        }
        app.stop().await;
        left.sandbox.stop().await;
    }
}
