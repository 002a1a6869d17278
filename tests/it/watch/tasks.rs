//! `f_task_panic` (reliability.md F31): every supervised task of the process panics, is counted and goes on; one that cannot stop
//! panicking makes `/ready` red.

use std::time::{Duration, Instant};

use botyard::domain::UserId;
use botyard::domain::settings::TenantSettings;
use botyard::lifecycle::TaskHealth;

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

on_each_db! {
    async fn f_task_panic(test: TestDb) {
        let app = TestApp::start(&test.url).await;
        let bot = app.bot("first", 1, TenantSettings::default()).await;
        app.person(ANNA.0, "Anna", "ru").await;
        app.say(&bot, ANNA, "/start", "Доступно").await;
        let names: Vec<String> = supervised(&app).into_iter().map(|task| task.name).collect();
        for known in ["sender", "answers", "checkouts", "sweeper", "till", "registrar", "tenants", "watch", "alerts", "figures"] {
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
