//! A bot whose store is full takes no new order and no file for one; what is under way is finished (platform.md 3).

use std::time::{Duration, Instant};

use botyard::domain::settings::{TenantLimits, TenantSettings};
use botyard::domain::{BotInstanceId, MediaId, MediaPurpose, Money, Secret};
use botyard::generation::quota::storage;
use botyard::generation::{Accepted, Off};
use botyard::sandbox::wire::KieTuning;
use botyard::store::{Db, MediaRow};

use super::world::{ALICE, BOB, KEY, World, pictures, started};
use crate::store::world::{NOON, within};
use crate::util::app::{OWNER, PATIENCE, TestApp};
use crate::util::db::{TestDb, on_each_db};

const MIB: i64 = 1 << 20;

/// Something of this size is kept.
async fn keep(db: &Db, id: &BotInstanceId, size: i64) -> MediaId {
    let row = MediaRow {
        id: MediaId::random(),
        purpose: MediaPurpose::Result,
        mime: "image/png".to_owned(),
        size,
        sha256: "00".to_owned(),
        created_at: NOON,
        expires_at: NOON.plus(Duration::from_hours(24 * 365 * 100)),
    };
    within(db, id, async |tx| tx.media_insert(&row).await.unwrap()).await;
    row.id
}

on_each_db! {
    async fn a_full_store_takes_no_order_and_holds_nothing_until_there_is_room(db: Db) {
        let world = World::limited(db, Some(KEY), |_| {}, |limits| limits.storage_mib = 1).await;
        let (alice, bob) = (world.person(ALICE, 10_000).await, world.person(BOB, 10_000).await);
        let (first, second) = (world.quote(&alice, pictures("one", 1)).await, world.quote(&bob, pictures("two", 1)).await);
        let used = async || {
            let mut tx = world.tx(ALICE).await;
            let quota = storage(&mut tx, &world.tenant).await.unwrap();
            (quota.used(), quota.limit(), quota.is_spent())
        };
        assert_eq!(used().await, (Some(0), 1, false));
        keep(&world.db, &world.tenant.id, MIB - 1).await;
        assert_eq!(used().await, (Some(1), 1, false), "a begun unit counts whole, and its last byte may be used");
        started(world.confirm(&alice, &first).await);
        let last = keep(&world.db, &world.tenant.id, 1).await;
        assert_eq!(used().await, (Some(1), 1, true));
        assert!(matches!(world.confirm(&bob, &second).await, Accepted::Off(Off::Full)));
        assert_eq!(world.money(&bob).await, (10_000, 0), "nothing is held");
        within(&world.db, &world.tenant.id, async |tx| assert!(tx.media_delete(&last).await.unwrap())).await;
        started(world.confirm(&bob, &second).await);
        world.sound().await;
    }

    async fn what_is_under_way_when_the_store_fills_is_delivered_and_what_comes_after_is_told(test: TestDb) {
        let app = TestApp::start(&test.url).await;
        let limits = TenantLimits { storage_mib: 1, ..TenantLimits::default() };
        let key = Some(Secret::new("fake-test-key-first"));
        let bot = app.bot_with("first", 1, TenantSettings::default(), key, limits).await;
        let people = [(OWNER.0, "Olga"), (101, "Anna"), (102, "Ben")];
        let mut known = Vec::new();
        for (id, name) in people {
            let person = app.person(id, name, "ru").await;
            app.say(&bot, person, "/start", "Доступно").await;
            app.credit(&bot, person, Money::kopecks(50_000)).await;
            known.push(person);
        }
        let [owner, anna, ben] = known[..] else { panic!("three people") };
        app.say(&bot, ben, "/generate recraft/remove-background", "Шаг 1/1: Изображение").await;
        app.say(&bot, anna, "/generate seedream/4.5-text-to-image", "Шаг 1").await;
        app.say(&bot, anna, "Горы", "Шаг 2").await;
        app.press(&bot, anna, "16:9", "Шаг 3").await;
        app.press_data(&bot, anna, "quality:basic", "Проверьте заказ").await;
        app.world.tune_kie(&KieTuning { delay_ms: Some(1_500), ..KieTuning::default() }).await.unwrap();
        let before = app.version(&bot, anna).await;
        app.press_only(&bot, anna, "✅ Генерировать").await;
        let began = Instant::now();
        while app.world.kie_tasks().await.unwrap().is_empty() {
            assert!(began.elapsed() < PATIENCE, "the provider was not asked");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        keep(&app.platform().db, &bot.id, 2 * MIB).await;
        app.hear(&bot, anna, before, "✅ Seedream 4.5").await;
        let balance = app.balance(&bot, anna).await;
        assert_eq!((balance.available.as_kopecks(), balance.held.as_kopecks()), (50_000 - 511, 0), "it is paid for");

        let before = app.version(&bot, owner).await;
        app.say(&bot, anna, "/generate z-image", "Хранилище бота заполнено, новые генерации не запускаются.").await;
        app.hear(&bot, owner, before, "⚠️ Генерация остановилась: хранилище бота заполнено.").await;
        let kept = async || within(&app.platform().db, &bot.id, async |tx| tx.media_bytes().await.unwrap()).await;
        let (full, before) = (kept().await, app.version(&bot, ben).await);
        app.world.send_file(&bot.username, ben.0, "photo", "a.png", picture(), "").await.unwrap();
        app.hear(&bot, ben, before, "Хранилище бота заполнено").await;
        assert_eq!(kept().await, full, "no file is taken for an order that cannot be made");
        app.settled(&bot, owner).await;
        let told = app.world.messages(&bot.username, owner.0).await.unwrap();
        assert_eq!(told.iter().filter(|m| m.text().contains("хранилище бота заполнено")).count(), 1, "once a day");
        app.finish().await;
    }
}

/// A small picture.
fn picture() -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_pixel(32, 32, image::Rgb([7, 90, 200]))
        .write_to(&mut bytes, image::ImageFormat::Png)
        .unwrap();
    bytes.into_inner()
}
