//! Whose turn it is, and what the platform's owner allows (platform.md 3 and 4; decisions.md 8).

use std::time::{Duration, Instant};

use botyard::domain::settings::{TenantLimits, TenantSettings};
use botyard::domain::{ChatId, Corr, Money, UserId};
use botyard::generation::quota::quotas;
use botyard::generation::{
    Accepted, Buyer, Off, Place, Press, Shop, Submitted, WhichQuote, accept, fair, quote, settle,
};
use botyard::store::{Db, Seen};

use super::provider::Provider;
use super::world::{ALICE, BOB, KEY, World, cheap, pictures, started};
use crate::util::app::{OWNER, PATIENCE, TestApp, TestBot};
use crate::util::db::{TestDb, on_each_db, on_sqlite};

on_each_db! {
    async fn places_go_round_the_people_of_a_bot(db: Db) {
        let provider = Provider::new(World::new(db).await).await;
        let world = &provider.world;
        let (alice, bob) = (world.person(ALICE, 10_000).await, world.person(BOB, 10_000).await);
        let first = world.start(&alice, pictures("one", 1)).await;
        world.advance(1);
        let second = world.start(&alice, pictures("two", 1)).await;
        world.advance(1);
        let others = world.start(&bob, pictures("three", 1)).await;
        let mut places = Vec::new();
        for row in [&first, &others, &second] {
            places.push(fair::place(&provider.ctx(), &world.tenant, &row.id).await.unwrap());
        }
        assert_eq!(places, [Some(1), Some(2), Some(3)], "everybody's first before anybody's second");
        assert_eq!(provider.submit(&first.id).await, Submitted::Accepted);
        let place = fair::place(&provider.ctx(), &world.tenant, &first.id).await.unwrap();
        assert_eq!(place, None, "it does not wait any more");
    }

    async fn a_bot_has_so_many_generations_in_flight_and_the_rest_waits(db: Db) {
        let world = World::limited(db, Some(KEY), |_| {}, |limits| limits.generations_in_flight = 1).await;
        let provider = Provider::new(world).await;
        let world = &provider.world;
        let alice = world.person(ALICE, 10_000).await;
        let (one, two) = (world.start(&alice, cheap("one")).await, world.start(&alice, cheap("two")).await);
        assert_eq!(provider.submit(&one.id).await, Submitted::Accepted);
        assert!(matches!(provider.submit(&two.id).await, Submitted::Later(_)));
        assert_eq!(fair::place(&provider.ctx(), &world.tenant, &two.id).await.unwrap(), Some(1));
        tokio::time::sleep(Duration::from_millis(60)).await;
        provider.watch(&one.id).await;
        assert_eq!(provider.submit(&two.id).await, Submitted::Accepted, "its place came");
    }

    /// decisions.md 8: the provider works on a canceled task, and sends its bill.
    async fn a_canceled_task_keeps_its_place_and_its_credits_until_the_provider_ends_it(db: Db) {
        let world = World::limited(db, Some(KEY), |_| {}, |limits| limits.generations_in_flight = 1).await;
        let provider = Provider::new(world).await;
        let world = &provider.world;
        let alice = world.person(ALICE, 10_000).await;
        let (one, two) = (world.start(&alice, pictures("one", 1)).await, world.start(&alice, pictures("two", 1)).await);
        assert_eq!(provider.submit(&one.id).await, Submitted::Accepted);
        let used = async |name: &str| {
            let mut tx = world.tx(ALICE).await;
            let all = quotas(&mut tx, &world.tenant, world.now()).await.unwrap();
            all.iter().find(|quota| quota.name == name).unwrap().used().unwrap()
        };
        let before = used("own_credits_per_day").await;
        assert!(before > 0);
        let mut tx = world.tx(ALICE).await;
        botyard::generation::cancel(&mut tx, &world.shop(), ALICE, &one.id, world.now()).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!((used("own_credits_per_day").await, used("generations_in_flight").await), (before, 1));
        assert!(matches!(provider.submit(&two.id).await, Submitted::Later(_)), "its place is taken");
        provider.provider_done().await;
        provider.watch(&one.id).await;
        assert_eq!(used("generations_in_flight").await, 0);
        // A bill may be lower than what was expected: what is counted now is the bill and the other one's expectation.
        let others = world.tx(ALICE).await.generation_expected_credits(&two.id).await.unwrap().unwrap();
        let counted = used("own_credits_per_day").await;
        assert!(counted * 100 > others && counted <= before, "{counted} of {before}, {others} of it expected");
        assert_eq!(provider.submit(&two.id).await, Submitted::Accepted);
    }

    async fn what_was_given_up_counts_as_spent_for_a_day_unless_the_bill_comes(db: Db) {
        let provider = Provider::new(World::new(db).await).await;
        let world = &provider.world;
        let alice = world.person(ALICE, 10_000).await;
        let row = world.start(&alice, pictures("one", 1)).await;
        assert_eq!(provider.submit(&row.id).await, Submitted::Accepted);
        let mut tx = world.tx(ALICE).await;
        let now = world.now();
        let takes = tx.generation_expected_credits(&row.id).await.unwrap().unwrap();
        let failure = botyard::generation::FailureKind::TimedOut.into();
        settle::fail(&mut tx, &world.tenant, &row.id, &failure, now).await.unwrap().unwrap();
        let before = botyard::domain::UnixMs(now.0 - 1);
        assert_eq!(tx.generations_expected_credits(before).await.unwrap(), takes);
        assert_eq!(tx.generations_handed_over_credits(before).await.unwrap(), takes);
        assert_eq!(tx.generations_in_flight(before).await.unwrap(), 0, "only a cancel keeps the place");
        assert_eq!(tx.generations_expected_credits(now).await.unwrap(), 0, "taken too long ago");
        assert!(tx.generation_note_end(&row.id, 0, 0).await.unwrap());
        assert_eq!(tx.generations_expected_credits(before).await.unwrap(), 0);
    }

    async fn the_days_generations_and_the_providers_budget_end_with_a_clear_word(db: Db) {
        let world = World::limited(db, Some(KEY), |_| {}, |limits| limits.generations_per_day = 1).await;
        let alice = world.person(ALICE, 10_000).await;
        world.start(&alice, cheap("one")).await;
        let offer = world.quote(&alice, cheap("two")).await;
        assert!(matches!(world.confirm(&alice, &offer).await, Accepted::Off(Off::DayLimit)));
        let mut tx = world.tx(ALICE).await;
        let all = quotas(&mut tx, &world.tenant, world.now()).await.unwrap();
        let of = |name: &str| *all.iter().find(|quota| quota.name == name).unwrap();
        assert_eq!((of("generations_per_day").used(), of("generations_per_day").limit()), (Some(1), 1));
        assert!(of("generations_per_day").is_spent() && !of("users").is_spent());
        assert_eq!((of("users").used(), of("users").limit()), (Some(0), 1_000_000), "counted when they first write");
        assert_eq!(of("updates_per_second").used(), None);
        assert!(all.iter().all(|quota| TenantLimits::NAMES.contains(&quota.name)));
    }

    async fn what_is_in_flight_counts_against_the_days_budget(db: Db) {
        let world = World::limited(db, Some(KEY), |_| {}, |limits| limits.own_credits_per_day = 6).await;
        let alice = world.person(ALICE, 10_000).await;
        let offer = world.quote(&alice, pictures("one", 1)).await;
        let credits = offer.deal.sold.credits;
        assert!(credits <= 600 && credits * 2 > 600, "the test needs a price between three and six credits: {credits}");
        started(world.confirm(&alice, &offer).await);
        let offer = world.quote(&alice, pictures("two", 1)).await;
        assert!(matches!(world.confirm(&alice, &offer).await, Accepted::Off(Off::Spent)), "a hard stop");
        let mut tx = world.tx(ALICE).await;
        let all = quotas(&mut tx, &world.tenant, world.now()).await.unwrap();
        let spent = all.iter().find(|quota| quota.name == "own_credits_per_day").unwrap();
        assert_eq!((spent.used(), spent.limit()), (Some((credits + 99) / 100), 6));
    }

    async fn the_shared_key_has_no_budget_until_the_owner_gives_one(db: Db) {
        let mut world = World::limited(db, None, |_| {}, |_| {}).await;
        world.settings.kie.api_key = Some(botyard::domain::Secret::new(KEY));
        let alice = world.person(ALICE, 10_000).await;
        let offer = world.quote(&alice, cheap("one")).await;
        assert!(matches!(world.confirm(&alice, &offer).await, Accepted::Off(Off::Spent)));
    }

    async fn on_the_shared_key_the_owners_budget_is_spent(db: Db) {
        let mut world = World::limited(db, None, |_| {}, |limits| limits.shared_credits_per_day = 1_000).await;
        world.settings.kie.api_key = Some(botyard::domain::Secret::new(KEY));
        let alice = world.person(ALICE, 10_000).await;
        let offer = world.quote(&alice, cheap("one")).await;
        started(world.confirm(&alice, &offer).await);
    }
}

/// A person of a bot with 100 ₽ and one confirmed order.
async fn order(app: &TestApp, bot: &TestBot, user: i64, prompt: &str) {
    let platform = &app.app.platform;
    let (tenant, now) = (platform.tenants.get(&bot.id).unwrap(), platform.clock.now());
    let mut tx = platform.db.tenant_chat(&bot.id, ChatId(user)).await.unwrap();
    let seen =
        Seen { user_id: UserId(user), username: None, first_name: "P", last_name: None, language_code: Some("ru") };
    let row = tx.user_seen(&seen, now).await.unwrap();
    let corr = Corr::random();
    botyard::billing::credit(&mut tx, &row.user_ref, corr.as_str(), Money::kopecks(10_000), &corr, now).await.unwrap();
    let shop = Shop { tenant: &tenant, catalog: platform.catalog, settings: &platform.settings };
    let buyer = Buyer { user: &row, acts_as_admin: false };
    let place = Place { chat: ChatId(user), message: None };
    let offer = quote::make(&mut tx, &shop, &buyer, place, pictures(prompt, 1), now).await.unwrap().unwrap();
    let press = Press { which: WhichQuote::Id(offer.id.clone()), buyer, corr: &corr, now };
    started(accept(&mut tx, &shop, &press).await.unwrap());
    tx.commit().await.unwrap();
    platform.signals.job();
}

/// The prompts of the tasks at the provider, in the order in which they came.
async fn tasks(app: &TestApp) -> Vec<String> {
    let all = app.world.kie_tasks().await.unwrap();
    all.iter().map(|task| task.request["input"]["prompt"].as_str().unwrap_or_default().to_owned()).collect()
}

#[test]
fn the_flood_of_one_bot_does_not_starve_another_on_the_shared_key() {
    on_sqlite(async |test: TestDb| {
        let settings = [("kie.api_key", "fake-test-key-shared"), ("kie.create_rate", "5 per 1 s, burst 1")];
        let app = TestApp::start_with(&test.url, &settings).await;
        let limits =
            TenantLimits { shared_credits_per_day: 1_000_000, generations_in_flight: 100, ..TenantLimits::default() };
        let mut bots = Vec::new();
        for (id, n) in [("noisy", 1), ("quiet", 2)] {
            bots.push(app.bot_with(id, n, TenantSettings::default(), None, limits.clone()).await);
        }
        // Whoever waits sees the place: the last of the flood orders in the chat.
        let (noisy, quiet) = (&bots[0], &bots[1]);
        let late = app.person(101, "Late", "ru").await;
        app.say(noisy, late, "/start", "Доступно").await;
        app.credit(noisy, late, Money::kopecks(10_000)).await;
        for n in 0..30 {
            order(&app, noisy, 2_000 + n, &format!("noise {n}")).await;
        }
        app.say(noisy, late, "/generate z-image", "Шаг 1").await;
        app.say(noisy, late, "последний в очереди", "Шаг 2").await;
        app.press(noisy, late, "1:1", "Проверьте заказ").await;
        app.press(noisy, late, "✅ Генерировать", "место:").await;
        order(&app, quiet, 3_000, "quiet").await;
        let before = tasks(&app).await.len();
        let began = Instant::now();
        while !tasks(&app).await.contains(&"quiet".to_owned()) {
            assert!(began.elapsed() < PATIENCE, "the quiet bot starves: {:?}", tasks(&app).await);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let order = tasks(&app).await;
        let place = order.iter().position(|prompt| prompt == "quiet").unwrap();
        assert!(place < before + 9, "it went behind the flood: {order:?}");
        assert!(order.len() < 31, "the flood was not over when it went");
        app.finish().await;
    });
}

#[test]
fn a_full_bot_tells_newcomers_and_serves_those_it_knows() {
    on_sqlite(async |test: TestDb| {
        let app = TestApp::start(&test.url).await;
        let limits = TenantLimits { users: 2, ..TenantLimits::default() };
        let key = Some(botyard::domain::Secret::new("fake-test-key-first"));
        let settings = TenantSettings { support_contact: "@helper".to_owned(), ..TenantSettings::default() };
        let bot = app.bot_with("first", 1, settings, key, limits).await;
        let (anna, ben, late) = (
            app.person(101, "Anna", "ru").await,
            app.person(102, "Ben", "ru").await,
            app.person(103, "Late", "ru").await,
        );
        app.say(&bot, anna, "/start", "Доступно").await;
        app.say(&bot, ben, "/start", "Доступно").await;
        app.say(&bot, late, "/start", "не принимает новых пользователей").await;
        app.say(&bot, anna, "/help", "/balance").await;
        let admin = app.person(OWNER.0, "Olga", "ru").await;
        app.say(&bot, admin, "/start", "Доступно").await;
        let mut tx = app.app.platform.db.tenant_read(&bot.id).await.unwrap();
        assert_eq!(tx.user_get(late).await.unwrap(), None, "no row is made of a newcomer");
        drop(tx);
        app.finish().await;
    });
}

#[test]
fn a_bot_over_its_updates_a_second_leaves_the_rest_to_telegram() {
    on_sqlite(async |test: TestDb| {
        let app = TestApp::start(&test.url).await;
        let limits = TenantLimits { updates_per_second: 1, ..TenantLimits::default() };
        let key = Some(botyard::domain::Secret::new("fake-test-key-first"));
        let bot = app.bot_with("first", 1, TenantSettings::default(), key, limits).await;
        let update = |id: i64| {
            serde_json::json!({"update_id": id, "message": {"message_id": id, "date": 1, "text": "/help",
                "from": {"id": 101, "is_bot": false, "first_name": "A", "language_code": "ru"}, "chat": {"id": 101, "type": "private"}}})
        };
        app.person(101, "Anna", "ru").await;
        let mut answers = Vec::new();
        for id in 0..4 {
            answers.push(app.post_webhook(&bot, &update(9_000 + id), None).await);
        }
        assert_eq!(&answers[..2], [200, 200], "a second's worth and one more at once");
        assert!(answers[2..].contains(&503), "{answers:?}");
        // What was not taken comes again and is answered.
        let began = Instant::now();
        while app.post_webhook(&bot, &update(9_003), None).await != 200 {
            assert!(began.elapsed() < PATIENCE, "it is taken later");
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        app.finish().await;
    });
}
