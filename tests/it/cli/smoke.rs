//! `botyard smoke` says GO, and STOP with the right reason for each part broken on purpose (platform.md 5).

use botyard::sandbox::wire::CallFilter;
use botyard::store::DbKind;
use tokio::sync::Mutex;

use super::program::{Place, fake_token, sandbox_with_a_bot};
use crate::util::db::{TestDb, on_each_db};

/// One run at a time: on PostgreSQL all use one name. Where each test is a process, the runner sees to it.
static ALONE: Mutex<()> = Mutex::const_new(());

async fn smoke(test: &TestDb, more: &[&str]) -> (Option<i32>, serde_json::Value, String) {
    let _alone = ALONE.lock().await;
    let mut place = Place::new();
    place.set("DATABASE_URL", &test.url);
    if let Some(redis) = crate::util::env::read(crate::util::env::REDIS)
        && test.db.kind() == DbKind::Postgres
    {
        place.set("REDIS_URL", &redis);
    }
    let mut args = vec!["smoke", "--json"];
    args.extend(more);
    let ran = place.run_long(&args).await;
    let left: Vec<_> = place.files().into_iter().filter(|path| path.display().to_string().contains("smoke-")).collect();
    assert!(left.is_empty(), "{left:?}");
    let told = serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error}: {ran:#?}"));
    (ran.code, told, ran.err)
}

/// The parts that are missing something, and what.
fn missing(told: &serde_json::Value) -> Vec<(String, String)> {
    let parts = told["parts"].as_array().unwrap();
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    parts.iter().filter(|p| p["ok"] == false).map(|p| (text(&p["part"]), text(&p["missing"]))).collect()
}

/// A part is broken on purpose: the run says STOP, names the part, and says what is missing.
async fn stops(test: &TestDb, plant: &str, part: &str, reason: &str) {
    let (code, told, err) = smoke(test, &["--plant", plant, "--wait", "6"]).await;
    assert_eq!((code, &told["verdict"]), (Some(1), &"STOP".into()), "{plant}: {told:#}");
    let missing = missing(&told);
    assert!(missing[0].0 == part && missing[0].1.contains(reason), "{plant}: {missing:?} {err}");
}

on_each_db! {
    async fn smoke_says_go_and_stop_where_there_is_no_database(test: TestDb) {
        let (code, told, err) = smoke(&test, &[]).await;
        assert_eq!((code, &told["verdict"]), (Some(0), &"GO".into()), "{told:#} {err}");
        stops(&test, "database", "A", "database").await;
    }

    async fn smoke_stops_where_no_picture_comes(test: TestDb) {
        stops(&test, "provider", "B", "the picture").await;
    }

    async fn smoke_stops_where_a_payment_counts_twice(test: TestDb) {
        stops(&test, "payment", "C", "the same payment told twice").await;
    }

    async fn smoke_stops_where_an_admin_pays(test: TestDb) {
        stops(&test, "admin", "D", "an admin's generation is not free").await;
    }

    async fn smoke_stops_where_two_bots_share_their_money(test: TestDb) {
        stops(&test, "money", "E", "data: money of one bot").await;
    }

    async fn smoke_stops_where_two_bots_share_their_errors(test: TestDb) {
        stops(&test, "errors", "E", "errors: the second bot has the first one's").await;
    }

    async fn smoke_stops_where_two_bots_share_their_locks(test: TestDb) {
        stops(&test, "locks", "E", "locks: one bot's lock keeps the other waiting").await;
    }

    async fn smoke_stops_where_a_session_opens_another_bots_pages(test: TestDb) {
        stops(&test, "session", "E", "pages: the second bot's owner gets 200").await;
    }
}

/// `--live`, with a Bot API server of the test's own in the place of the cloud.
#[tokio::test]
async fn smoke_live_repeats_a_and_e_with_a_given_bot() {
    let (sandbox, token) = sandbox_with_a_bot().await;
    let live = async |token: Option<&str>, more: &[&str]| {
        let mut place = Place::new();
        place.set("TELEGRAM_API_URL", &sandbox.base_url);
        if let Some(token) = token {
            place.set("SMOKE_BOT_TOKEN", token);
        }
        let args = ["smoke", "--live", "--token-env", "SMOKE_BOT_TOKEN", "--json"];
        place.run_long(&[&args[..], more].concat()).await
    };
    let told = live(Some(&token), &[]).await;
    assert_eq!(told.code, Some(0), "{told:#?}");
    let parts = told.json();
    let played: Vec<_> = parts["parts"].as_array().unwrap().iter().map(|p| p["part"].as_str().unwrap()).collect();
    assert_eq!((played, &parts["verdict"]), (vec!["A", "E"], &"GO".into()));
    let calls =
        sandbox.client().calls(&CallFilter { bot: Some("first_bot".to_owned()), ..CallFilter::default() }).await;
    let methods: Vec<String> = calls.unwrap().into_iter().map(|call| call.method).collect();
    assert!(methods.contains(&"getMe".to_owned()) && !methods.contains(&"sendMessage".to_owned()), "{methods:?}");
    let unknown = live(Some(&fake_token(77)), &["--wait", "6"]).await;
    let told: serde_json::Value = serde_json::from_str(&unknown.out).unwrap();
    assert_eq!((unknown.code, missing(&told)[0].0.as_str()), (Some(1), "A"), "{told:#}");
    assert!(missing(&told)[0].1.contains("Telegram refuses the token"), "{told:#}");
    assert!(!unknown.err.contains("AAfake") && !unknown.out.contains("AAfake"));
    assert!(live(None, &[]).await.refused(2).contains("SMOKE_BOT_TOKEN is not set"));
    sandbox.stop().await;
}
