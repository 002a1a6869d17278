//! The story of a whole paid generation (platform.md 5): everything is there, and the bot, the panel, the API, `/__diag` and the
//! command line tell the same one.

use botyard::accounts::{Identity, links};
use botyard::domain::settings::TenantSettings;
use botyard::domain::{AdminRole, ApiRight, Corr, Language, Money, PanelScope, UserId};
use serde_json::Value;

use crate::cli::program::Place;
use crate::store::world::within;
use crate::util::app::{OWNER, PATIENCE, TestApp, TestBot};
use crate::util::db::{TestDb, on_each_db};
use crate::web::diag::{TOKEN, ask};
use crate::web::site::Client;

const ANNA: UserId = UserId(101);

/// A paid picture from the press to its delivery; gives the id of its story.
async fn buy(app: &TestApp, bot: &TestBot) -> Corr {
    app.say(bot, ANNA, "/start", "Доступно").await;
    app.credit(bot, ANNA, Money::kopecks(10_000)).await;
    app.say(bot, ANNA, "/generate seedream/4.5-text-to-image", "Шаг 1").await;
    app.say(bot, ANNA, "Канарейка над полем", "Шаг 2").await;
    app.press(bot, ANNA, "16:9", "Шаг 3").await;
    app.press_data(bot, ANNA, "quality:basic", "Проверьте заказ").await;
    let before = app.version(bot, ANNA).await;
    app.press_only(bot, ANNA, "✅ Генерировать").await;
    app.hear(bot, ANNA, before, "94.89 ₽").await;
    app.settled(bot, ANNA).await;
    let began = std::time::Instant::now();
    while app.platform().db.platform().await.unwrap().jobs_open_count().await.unwrap() > 0 {
        assert!(began.elapsed() < PATIENCE, "work is left");
        tokio::time::sleep(std::time::Duration::from_millis(30)).await;
    }
    let db = &app.platform().db;
    within(db, &bot.id, async |tx| tx.generations_history(ANNA, 1).await.unwrap()[0].corr.clone()).await
}

/// Kind and words of each step.
fn told(story: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    story["steps"].as_array().unwrap().iter().map(|step| (text(&step["kind"]), text(&step["what"]))).collect()
}

/// Whoever runs the bot, in the panel.
async fn panel(app: &TestApp, bot: &TestBot) -> Client {
    let platform = app.platform();
    let who = Identity::admin(&bot.id, AdminRole::Owner, OWNER);
    let path = links::issue(&platform.db, &platform.settings.panel, &who, platform.clock.now()).await.unwrap();
    let client = Client::new(app.app.address);
    let page = client.get(&path).await;
    assert_eq!(client.post(&path, &[("form_token", &page.field("form_token"))]).await.status, 303);
    client
}

on_each_db! {
    async fn the_whole_story_of_a_paid_generation_is_one_in_every_place(test: TestDb) {
        let app = TestApp::start_with(&test.url, &[("admin.token", TOKEN)]).await;
        let bot = app.bot("first", 1, TenantSettings::default()).await;
        let other = app.bot("other", 2, TenantSettings::default()).await;
        app.person(OWNER.0, "Olga", "ru").await;
        app.person(ANNA.0, "Anna", "ru").await;
        for bot in [&bot, &other] {
            app.say(bot, OWNER, "/start", "Доступно").await;
        }
        let corr = buy(&app, &bot).await;
        let (platform, client) = (app.platform(), Client::new(app.app.address));

        let diag = ask(&client, &format!("corr/{corr}?tenant=first")).await;
        assert_eq!(diag.status, 200, "{}", diag.body);
        let steps = told(&diag.json());
        let of = |kind: &str| steps.iter().filter(|(of, _)| of == kind).count();
        assert_eq!((of("update"), of("decision")), (1, 1), "the press, and the order: {steps:#?}");
        assert_eq!(of("ledger"), 2, "held and taken: {steps:#?}");
        assert_eq!(of("provider"), 3, "submitted, accepted, ended: {steps:#?}");
        assert!(of("job") >= 3, "submit, watch, deliver: {steps:#?}");
        assert!(of("message") >= 2, "the order's card and the picture: {steps:#?}");
        assert_eq!(of("error"), 0);
        assert_eq!((steps[0].0.as_str(), steps[1].0.as_str()), ("update", "decision"), "in its order: {steps:#?}");
        let details: Vec<Value> = diag.json()["steps"].as_array().unwrap().iter().map(|s| s["detail"].clone()).collect();
        let task = details.iter().find_map(|d| d["provider_task_id"].as_str()).expect("the provider's task is named");
        assert_eq!(app.world.kie_tasks().await.unwrap()[0].task_id, task);
        assert_eq!(details.iter().filter(|d| d["kopecks"] == 511).count(), 2, "{details:#?}");
        assert!(details.iter().any(|d| d["state"] == "sent" && d["message_id"].is_i64()), "{details:#?}");
        assert!(!diag.body.contains("Канарейка") && !diag.body.contains("Anna"), "nothing that a person wrote");

        let scope = PanelScope::Tenant(bot.id.clone());
        let key = botyard::accounts::keys::issue(&platform.db, &scope, "a test", &[ApiRight::Read], "test", platform.clock.now());
        let bearer = format!("Bearer {}", key.await.unwrap().text.expose());
        let headers = [("authorization", bearer.as_str())];
        let api = client.send(reqwest::Method::GET, &format!("/api/v1/corr/{corr}"), &headers, None).await;
        assert_eq!(told(&api.json()), steps, "the API");

        let mut place = Place::new();
        place.set("DATABASE_URL", &test.url);
        place.set("BOTYARD_MASTER_KEY", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");
        let command = ["corr", &corr.as_str().to_lowercase(), "--tenant", "first"];
        assert_eq!(told(&place.run(&[&command[..], &["--json"]].concat()).await.json()), steps, "the command line");
        let lines = place.run(&command).await.done();
        assert!(steps.iter().all(|(_, what)| lines.contains(what)), "{lines}");
        place.run(&["corr", corr.as_str(), "--tenant", "other"]).await.refused(1);
        place.run(&["corr", "what", "--tenant", "first"]).await.refused(2);

        let page = panel(&app, &bot).await.get(&format!("/panel/t/first/trace/{corr}")).await.body;
        assert_eq!(page.matches("<li class=\"step-").count(), steps.len(), "the panel: {page}");
        assert!(page.contains(task), "{page}");
        for raw in [": done,", ": sent,", "задание задание", "обновление</span>"] {
            assert!(!page.contains(raw), "«{raw}» is no word for people: {page}");
        }

        let mut tx = platform.db.tenant_read(&bot.id).await.unwrap();
        let story = botyard::diagnostics::trace::trace(&mut tx, &corr).await.unwrap();
        drop(tx);
        let said = app.say(&bot, OWNER, &format!("/admin corr {corr}"), corr.as_str()).await;
        let russian = platform.texts.words(Language::Ru);
        for step in story.steps.iter().take(10) {
            let what = russian.plain(&step.said.key, step.said.values.clone());
            assert!(said.text().contains(&what), "the bot: «{what}» is not in {}", said.text());
        }
        app.say(&other, OWNER, &format!("/admin corr {corr}"), "не найдена").await;
        let foreign = ask(&client, &format!("corr/{corr}?tenant=other")).await;
        assert_eq!(foreign.status, 404, "nothing of it is the other bot's");
        app.finish().await;
    }
}
