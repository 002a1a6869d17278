//! `f_task_panic` (reliability.md F31): every supervised task of the process panics, is counted and goes on; one that cannot stop
//! panicking makes `/ready` red.

use std::time::{Duration, Instant};

use botyard::domain::settings::TenantSettings;
use botyard::domain::{UnixMs, UserId};
use botyard::lifecycle::TaskHealth;
use botyard::store::Db;

use super::PATIENCE;
use crate::util::app::TestApp;
use crate::util::db::{TestDb, on_each_db};
use crate::web::site::Client;

const ANNA: UserId = UserId(101);

fn supervised(app: &TestApp) -> Vec<TaskHealth> {
    app.app.tasks().health().tasks.into_iter().filter(|task| task.supervised).collect()
}

/// Has a task panic once more, and waits until it runs again.
async fn panic_once(app: &TestApp, name: &str) {
    let of = |app: &TestApp| supervised(app).into_iter().find(|task| task.name == name).unwrap();
    let before = of(app);
    app.app.tasks().poison(name);
    let began = Instant::now();
    loop {
        let now = of(app);
        if now.panics == before.panics + 1 && now.restarts == before.restarts + 1 && now.running == 1 {
            return;
        }
        assert!(began.elapsed() < PATIENCE, "{name} did not come back: {now:?}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Every process that says that it lives: name, start, last sign.
async fn alive(db: &Db) -> Vec<(String, UnixMs, UnixMs)> {
    let rows = db.platform_read().await.unwrap().replicas().await.unwrap();
    rows.into_iter().map(|row| (row.instance, row.started_at, row.seen_at)).collect()
}

/// Waits until the one process there is has said something new.
async fn sign_after(db: &Db, before: Option<&(String, UnixMs, UnixMs)>) -> (String, UnixMs, UnixMs) {
    let began = Instant::now();
    loop {
        let mut found = alive(db).await;
        assert!(found.len() < 2, "one process serves: {found:?}");
        if let Some(sign) = found.pop()
            && before.is_none_or(|before| sign.2 > before.2)
        {
            return sign;
        }
        assert!(began.elapsed() < PATIENCE, "no new sign of life after {before:?}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

on_each_db! {
    /// decisions.md 16, without anybody who asks whether it is ready.
    async fn a_process_says_that_it_lives_until_it_stops(test: TestDb) {
        let app = TestApp::start_with(&test.url, &[("leases.instance_heartbeat", "30 ms")]).await;
        let first = sign_after(&test.db, None).await;
        assert_eq!(first.0, app.app.workers.instance);
        let second = sign_after(&test.db, Some(&first)).await;
        assert_eq!((&second.0, second.1), (&first.0, first.1), "the same process, begun once");
        sign_after(&test.db, Some(&second)).await;
        let app = app.restart().await;
        let next = sign_after(&test.db, None).await;
        assert_eq!(next.0, app.app.workers.instance, "whoever stopped is not listed");
        assert!(next.0 != first.0 && next.1 >= second.2, "{next:?} after {first:?}");
        app.app.stop().await;
        app.sandbox.stop().await;
        assert_eq!(alive(&test.db).await, []);
    }

    async fn f_task_panic(test: TestDb) {
        let app = TestApp::start(&test.url).await;
        let bot = app.bot("first", 1, TenantSettings::default()).await;
        app.person(ANNA.0, "Anna", "ru").await;
        app.say(&bot, ANNA, "/start", "Доступно").await;
        let names: Vec<String> = supervised(&app).into_iter().map(|task| task.name).collect();
        for known in ["heartbeat", "sender", "answers", "checkouts", "sweeper", "retention", "till", "registrar", "tenants", "watch", "alerts", "figures"] {
            assert!(names.iter().any(|name| name == known), "{known} is not among {names:?}");
        }
        for name in &names {
            panic_once(&app, name).await;
        }
        app.say(&bot, ANNA, "/help", "/balance").await;
        let client = Client::new(app.app.address);
        assert_eq!(client.get("/ready").await.status, 200, "one panic each is borne");
        for _ in 0..3 {
            panic_once(&app, "till").await;
        }
        let red = client.get("/ready").await;
        assert_eq!((red.status, &red.json()["reasons"][0]), (503, &"tasks".into()), "{}", red.body);
        app.app.stop().await;
        app.sandbox.stop().await;
    }
}
