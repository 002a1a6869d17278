//! `botyard backup`, and that what it writes can be restored (platform.md 7).

use botyard::domain::settings::TenantSettings;
use botyard::domain::{Money, UserId};

use super::program::Place;
use crate::util::app::TestApp;
use crate::util::db::on_sqlite;

const ANNA: UserId = UserId(101);

#[test]
fn a_copy_made_while_it_serves_is_restored_with_every_balance() {
    on_sqlite(|test| async move {
        // Roles are held for longer than anybody here waits: in the copy they are given up.
        let app = TestApp::start_with(&test.url, &[("leases.life", "10 min"), ("leases.renew_every", "1 min")]).await;
        let bot = app.bot("first", 1, TenantSettings::default()).await;
        app.person(ANNA.0, "Anna", "ru").await;
        app.say(&bot, ANNA, "/start", "Доступно").await;
        app.credit(&bot, ANNA, Money::kopecks(12_345)).await;
        let mut place = Place::new();
        place.set("DATABASE_URL", &test.url);
        let copy = place.path().join("copies/friday.db");
        let made = place.run(&["backup", &copy.display().to_string(), "--json"]).await.json();
        assert_eq!((&made["bots"], made["bytes"].as_u64().unwrap() > 4_096), (&1.into(), true), "{made}");
        let of_copy = sqlx::SqlitePool::connect(&format!("sqlite:{}", copy.display())).await.unwrap();
        let held: i64 =
            sqlx::query_scalar("SELECT COUNT(*) FROM leases WHERE expires_at > 0").fetch_one(&of_copy).await.unwrap();
        assert_eq!(held, 0, "nobody's roles are in the copy");
        of_copy.close().await;
        let again = place.run(&["backup", &copy.display().to_string()]).await.refused(1);
        assert!(again.contains("not overwritten"), "{again}");
        // What comes after the copy is lost with the original, and nothing else is.
        app.credit(&bot, ANNA, Money::kopecks(1)).await;
        app.settled(&bot, ANNA).await;
        test.db.close().await;
        let app = app.restore(&copy).await;
        assert_eq!(app.balance(&bot, ANNA).await.available, Money::kopecks(12_345));
        app.say(&bot, ANNA, "/balance", "123.45").await;
        app.finish().await;
    });
}

#[tokio::test]
async fn without_a_database_and_beside_postgres_it_says_what_to_do() {
    let mut place = Place::new();
    assert!(place.run(&["backup"]).await.refused(1).contains("there is no database"));
    place.set("DATABASE_URL", "postgres://botyard:fake-test-password@127.0.0.1:9/none");
    assert!(place.run(&["backup"]).await.refused(1).contains("pg_dump"));
}
