//! A tenant as a whole: carried away, taken out of service, removed for good, brought in again (platform.md 7, T18).

use std::collections::BTreeMap;
use std::sync::Mutex;

use botyard::clients::{Http, HttpSettings, Telegram};
use botyard::domain::settings::TenantSettings;
use botyard::domain::{BotInstanceId, MediaId, Money, Secret, TenantState};
use botyard::sandbox::wire::KieTuning;
use botyard::store::Db;
use botyard::tenants::Tenant;
use botyard::tenants::archive::{self, ArchiveError, Files};
use botyard::vault::{MasterKey, Vault};
use serde_json::json;

use super::home::{furnish, picture};
use super::world::{ALICE, BOB, within};
use crate::util::app::{PATIENCE, TestApp};
use crate::util::db::{TestDb, on_each_db};
use crate::web::rows::dump;
use crate::web::site::Site;

/// A store of files in memory.
#[derive(Default)]
struct Shelf(Mutex<BTreeMap<String, Vec<u8>>>);

impl Files for Shelf {
    async fn read(&self, _: &Tenant, id: &MediaId) -> Result<Option<Vec<u8>>, String> {
        Ok(Some(format!("content of {id}").into_bytes()))
    }

    async fn write(&self, tenant: &Tenant, id: &MediaId, content: &[u8]) -> Result<(), String> {
        self.0.lock().unwrap().insert(format!("{}/{id}", tenant.id), content.to_vec());
        Ok(())
    }

    async fn remove_all(&self, tenant: &BotInstanceId) -> Result<(), String> {
        self.0.lock().unwrap().insert(format!("{tenant}/removed"), Vec::new());
        Ok(())
    }
}

/// Removes nothing before both of two have come to it.
struct Both(tokio::sync::Barrier);

impl Files for Both {
    async fn read(&self, _: &Tenant, _: &MediaId) -> Result<Option<Vec<u8>>, String> {
        Ok(None)
    }

    async fn write(&self, _: &Tenant, _: &MediaId, _: &[u8]) -> Result<(), String> {
        Ok(())
    }

    async fn remove_all(&self, _: &BotInstanceId) -> Result<(), String> {
        self.0.wait().await;
        Ok(())
    }
}

fn nobody() -> Telegram {
    let settings = botyard::config::Settings::load(&botyard::config::Sources {
        overrides: vec![("telegram.api_url".to_owned(), "http://127.0.0.1:9".to_owned())],
        ..Default::default()
    });
    Telegram::from_settings(Http::new(&HttpSettings::default()).unwrap(), &settings.unwrap().telegram).unwrap()
}

/// Every row that is neither of the registry nor of a proof that is the installation's.
fn rows(picture: Vec<String>) -> Vec<String> {
    let apart = ["tenants: ", "ledger_seals: ", "ledger_heads: ", "ledger_sums: ", "ledger_checks: "];
    picture.into_iter().filter(|row| !apart.iter().any(|table| row.starts_with(table))).collect()
}

on_each_db! {
    async fn offboard(db: Db) {
        let site = Site::start(&db).await;
        furnish(&db, &site.a, ALICE).await;
        furnish(&db, &site.b, BOB).await;
        let (vault, now) = (&site.platform.vault, site.clock.now());
        let others = picture(&db, &site.b).await;
        let tenant = site.platform.tenants.get(&site.a).unwrap();
        let sealed = tenant.seal(botyard::vault::Column::Prompt, b"a prompt").unwrap();
        let knock = [("x-telegram-bot-api-secret-token", tenant.webhook_secret.expose())];
        let path = format!("/webhook/{}", site.a);
        assert_ne!(site.client().bring(&path, &knock, "{}").await.status, 401, "its path is known");
        let shelf = Shelf::default();
        let alive = archive::purge(&db, vault, &shelf, &site.a, now).await;
        assert!(matches!(alive, Err(ArchiveError::Alive(..))), "{alive:?}");

        assert!(!archive::offboard(&db, &nobody(), &tenant, now).await.unwrap(), "Telegram was not reached");
        site.refresh().await;
        let unknown = site.client().bring("/webhook/no-such-bot", &knock, "{}").await;
        let gone = site.client().bring(&path, &knock, r#"{"update_id":2}"#).await;
        assert_eq!((gone.status, &gone.body), (unknown.status, &unknown.body), "its path answers as unknown");
        let row = db.platform_read().await.unwrap().tenant_get(&site.a).await.unwrap().unwrap();
        assert_eq!(row.state, TenantState::Deleted);
        for destroyed in [&row.token_sealed, &row.webhook_secret_sealed, &row.data_key_wrapped] {
            assert!(destroyed.is_empty());
        }
        let key = botyard::vault::Sealed::from_bytes(row.data_key_wrapped.clone());
        assert!(vault.unwrap_key(&site.a, &key).is_err(), "nothing sealed can be opened");
        assert!(!sealed.is_empty());

        let statement = archive::purge(&db, vault, &shelf, &site.a, now).await.unwrap();
        assert_eq!(statement["tenant"], json!("tenant-a"));
        assert!(statement["rows"]["transfers"].as_i64().unwrap() > 0, "{statement}");
        assert!(archive::is_genuine(vault, &statement));
        let mut changed = statement.clone();
        changed["revenue_kopecks"] = json!(1_000_000);
        assert!(!archive::is_genuine(vault, &changed));
        for (table, rows) in dump(&db).await {
            if table != "platform_meta" {
                assert!(rows.iter().all(|row| !row.contains("tenant-a")), "{table}: {rows:?}");
            }
        }
        assert!(shelf.0.lock().unwrap().contains_key("tenant-a/removed"));
        assert_eq!(picture(&db, &site.b).await, others, "nobody else's row was touched");
        site.stop().await;
    }

    async fn of_two_who_remove_a_bot_at_once_one_has_done_it(db: Db) {
        let site = Site::start(&db).await;
        furnish(&db, &site.a, ALICE).await;
        furnish(&db, &site.b, BOB).await;
        let (vault, now) = (&site.platform.vault, site.clock.now());
        let others = picture(&db, &site.b).await;
        let tenant = site.platform.tenants.get(&site.a).unwrap();
        archive::offboard(&db, &nobody(), &tenant, now).await.unwrap();
        let (both, second) = (Both(tokio::sync::Barrier::new(2)), now.plus(std::time::Duration::from_secs(1)));
        let pair = tokio::join!(
            archive::purge(&db, vault, &both, &site.a, now),
            archive::purge(&db, vault, &both, &site.a, second),
        );
        let (done, late): (Vec<_>, Vec<_>) = [pair.0, pair.1].into_iter().partition(Result::is_ok);
        assert!(matches!(late[..], [Err(ArchiveError::Unknown(_))]), "{late:?}");
        let statement = done.into_iter().next().unwrap().unwrap();
        assert!(statement["rows"]["transfers"].as_i64().unwrap() > 0, "{statement}");
        let kept = dump(&db).await["platform_meta"].iter().filter(|row| row.contains("purged:")).count();
        assert_eq!(kept, 1, "one bot left, one statement tells of it");
        assert_eq!(picture(&db, &site.b).await, others, "nobody else's row was touched");
        site.stop().await;
    }

    /// decisions.md 15: what a bot that leaves had at work stops, and what was held for it goes back.
    async fn offboard_stops_what_is_at_work_and_gives_its_holds_back(test: TestDb) {
        let app = TestApp::start(&test.url).await;
        let bot = app.bot("first", 1, TenantSettings::default()).await;
        let anna = app.person(101, "Anna", "ru").await;
        app.say(&bot, anna, "/start", "Доступно").await;
        app.credit(&bot, anna, Money::kopecks(10_000)).await;
        app.world.tune_kie(&KieTuning { delay_ms: Some(600_000), ..KieTuning::default() }).await.unwrap();
        app.say(&bot, anna, "/generate seedream/4.5-text-to-image", "Шаг 1").await;
        app.say(&bot, anna, "Гроза над полем", "Шаг 2").await;
        app.press(&bot, anna, "16:9", "Шаг 3").await;
        app.press_data(&bot, anna, "quality:basic", "Проверьте заказ").await;
        app.press_only(&bot, anna, "✅ Генерировать").await;
        let began = std::time::Instant::now();
        while app.world.kie_tasks().await.unwrap().is_empty() {
            assert!(began.elapsed() < PATIENCE, "nothing is at work");
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        assert_eq!(app.balance(&bot, anna).await.held, Money::kopecks(511));
        let (db, now) = (&app.platform().db, app.platform().clock.now());
        let tenant = app.platform().tenants.get(&bot.id).unwrap();
        archive::offboard(db, &nobody(), &tenant, now).await.unwrap();
        assert_eq!(botyard::generation::sweep::of_deleted(db, now).await.unwrap(), 1);
        assert_eq!(botyard::generation::sweep::of_deleted(db, now).await.unwrap(), 0, "once");
        let left = app.balance(&bot, anna).await;
        assert_eq!((left.available, left.held), (Money::kopecks(10_000), Money::ZERO));
        let mut tx = db.tenant_read(&bot.id).await.unwrap();
        assert_eq!(tx.ledger_violations().await.unwrap(), []);
        assert_eq!(tx.check_holds(now, now).await.unwrap().open, 0);
        drop(tx);
        // Neither a job nor a message waits: `finish` would find it.
        app.finish().await;
    }

    async fn an_archive_is_brought_in_as_it_was(db: Db) {
        let site = Site::start(&db).await;
        furnish(&db, &site.a, ALICE).await;
        let (vault, now) = (&site.platform.vault, site.clock.now());
        let tenant = site.platform.tenants.get(&site.a).unwrap();
        let before = rows(picture(&db, &site.a).await);
        let (folder, shelf) = (tempfile::tempdir().unwrap(), Shelf::default());
        let (held, key) = archive::export(&db, vault, &shelf, &tenant, folder.path(), now).await.unwrap();
        assert!(held.rows > 40 && held.files == 1, "{held:?}");
        let manifest = std::fs::read_to_string(folder.path().join("manifest.json")).unwrap();
        assert!(!manifest.contains(key.expose()), "the key is not in the archive");

        let twice = archive::import(&db, vault, &shelf, folder.path(), &key, now).await;
        assert!(matches!(twice, Err(ArchiveError::NameTaken(_))), "{twice:?}");
        archive::offboard(&db, &nobody(), &tenant, now).await.unwrap();
        archive::purge(&db, vault, &shelf, &site.a, now).await.unwrap();
        for wrong in [Secret::new("hello"), Secret::new("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")] {
            let refused = archive::import(&db, vault, &shelf, folder.path(), &wrong, now).await;
            assert!(matches!(refused, Err(ArchiveError::Key)), "{refused:?}");
        }
        let (id, again) = archive::import(&db, vault, &shelf, folder.path(), &key, now).await.unwrap();
        assert_eq!((id, again), (site.a.clone(), held));
        assert_eq!(shelf.0.lock().unwrap().keys().filter(|name| name.contains("med_")).count(), 1);
        site.refresh().await;
        let back = site.platform.tenants.get(&site.a).unwrap();
        assert_eq!((back.state, back.token.expose()), (TenantState::Paused, tenant.token.expose()));
        assert_eq!(back.admins, vec![(ALICE, botyard::domain::AdminRole::Owner)]);
        let mut tx = db.tenant_read(&site.a).await.unwrap();
        assert_eq!(tx.ledger_violations().await.unwrap(), []);
        assert_eq!(tx.ledger_head().await.unwrap(), None, "what another installation's key proved is not brought in");
        let transfers = tx.ledger_counts().await.unwrap().0;
        drop(tx);
        let (elsewhere, _) = Vault::create(MasterKey::random()).unwrap();
        let checked = botyard::billing::check(&db, &elsewhere, &site.a, true, now).await.unwrap().row;
        assert_eq!((checked.faults, checked.sealed > 0, checked.sealed), (0, true, transfers), "{}", checked.detail);
        assert_eq!(botyard::billing::verify(&db, &elsewhere, &site.a).await.unwrap().faults, []);
        within(&db, &site.a, async |tx| tx.ledger_check_put(&checked).await.unwrap()).await;
        assert_eq!(rows(picture(&db, &site.a).await), before, "every row is as it was, ids and all");
        site.stop().await;
    }
}
