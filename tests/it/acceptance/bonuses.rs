//! A60–A70: free generations, invitations, the gift wheel, promo codes.

use std::collections::BTreeSet;
use std::time::Duration;

use botyard::billing;
use botyard::domain::settings::{TenantSettings, Zone};
use botyard::domain::transfer::IdempotencyKey;
use botyard::domain::{Clock, Corr, GenerationId, Money, UnixMs, UserId};
use botyard::sandbox::wire::{KieFault, KieTuning, Outcome, TaskFault};
use serde_json::{Value, json};

use super::story;
use crate::util::app::{OWNER, PATIENCE, TestApp, TestBot};
use crate::util::db::{TestDb, on_each_db};

/// A picture by the cheapest free model, up to its confirmation.
async fn offered(app: &TestApp, bot: &TestBot, user: UserId, prompt: &str) -> String {
    app.say(bot, user, "/generate z-image", "Шаг 1").await;
    app.say(bot, user, prompt, "Шаг 2").await;
    app.press(bot, user, "16:9", "Проверьте заказ").await.text().to_owned()
}

/// Confirms the offer on the screen and waits for what it comes to.
async fn confirmed(app: &TestApp, bot: &TestBot, user: UserId, part: &str) -> String {
    let before = app.version(bot, user).await;
    app.press_only(bot, user, "✅ Генерировать").await;
    app.hear(bot, user, before, part).await.text().to_owned()
}

async fn picture(app: &TestApp, bot: &TestBot, user: UserId, prompt: &str) -> String {
    offered(app, bot, user, prompt).await;
    confirmed(app, bot, user, "✅ Z-Image").await
}

/// What is after `?start=` in the link of a person's S-28.
async fn payload(app: &TestApp, bot: &TestBot, user: UserId) -> String {
    app.say(bot, user, "/start", "Доступно").await;
    let screen = app.press(bot, user, "🤝 Партнёрка", "Ваша ссылка").await;
    screen.text().split("?start=").nth(1).unwrap().split_whitespace().next().unwrap().to_owned()
}

/// How many earned generations a person has.
async fn bank(app: &TestApp, bot: &TestBot, user: UserId) -> i64 {
    let mut tx = app.app.platform.db.tenant_read(&bot.id).await.unwrap();
    let row = tx.user_get(user).await.unwrap().expect("the person is known");
    tx.free_standing(&row.user_ref, "2000-01-01").await.unwrap().1
}

fn from(user: i64) -> Value {
    json!({"id": user, "is_bot": false, "first_name": "A", "language_code": "ru"})
}

fn text(update: i64, user: i64, text: &str) -> Value {
    json!({"update_id": update, "message": {"message_id": update, "date": 1, "text": text, "from": from(user),
        "chat": {"id": user, "type": "private"}}})
}

fn press(update: i64, user: i64, data: &str) -> Value {
    json!({"update_id": update, "callback_query": {"id": format!("q{update}"), "from": from(user), "data": data,
        "chat_instance": "1", "message": {"message_id": 1, "date": 1, "text": "x", "chat": {"id": user, "type": "private"}}}})
}

/// Posts all at once; what finds the door full is brought again, as Telegram does.
async fn at_once(app: &TestApp, bot: &TestBot, updates: Vec<Value>) {
    let posts = updates.iter().map(|update| async move {
        loop {
            match app.post_webhook(bot, update, None).await {
                200 => return,
                503 => tokio::time::sleep(Duration::from_millis(20)).await,
                other => panic!("answered {other}"),
            }
        }
    });
    futures::future::join_all(posts).await;
}

fn bonus_settings(free_per_day: u32, referral_bonus: u32) -> TenantSettings {
    TenantSettings { free_per_day, referral_bonus, ..TenantSettings::default() }
}

#[test]
fn a60_five_free_generations_succeed_and_the_sixth_is_sold_at_its_price() {
    story(async |test| {
        let app = TestApp::start(&test.url).await;
        let bot = app.bot("first", 1, TenantSettings::default()).await;
        let anna = app.person(101, "Anna", "ru").await;
        app.say(&bot, anna, "/start", "Бесплатных осталось сегодня: 5 из 5").await;
        app.credit(&bot, anna, Money::kopecks(1_000)).await;
        for n in 1..=5 {
            let offer = offered(&app, &bot, anna, &format!("картинка {n}")).await;
            assert!(offer.contains(&format!("Останется бесплатных: {}/5", 5 - n)), "{offer}");
            let done = confirmed(&app, &bot, anna, "✅ Z-Image").await;
            assert!(done.contains("бесплатно"), "{done}");
        }
        assert_eq!(app.balance(&bot, anna).await.available, Money::kopecks(1_000));
        let menu = app.say(&bot, anna, "/start", "Бесплатных осталось сегодня: 0 из 5").await;
        assert!(menu.text().contains("Лимит на сегодня исчерпан"), "{}", menu.text());
        let offer = offered(&app, &bot, anna, "картинка 6").await;
        assert!(offer.contains("Цена: 0.63 ₽") && !offer.contains("БЕСПЛАТНАЯ"), "{offer}");
        confirmed(&app, &bot, anna, "9.37 ₽").await;
        assert_eq!(app.balance(&bot, anna).await.available, Money::kopecks(937));
        app.finish().await;
    });
}

#[test]
fn a61_the_quota_renews_at_midnight_of_the_tenants_zone_and_not_before() {
    // 2026-11-22 12:00 UTC; midnight comes after nine hours at UTC+3 and after twenty at UTC−8.
    for (zone, hours) in [("Europe/Moscow", 9), ("America/Los_Angeles", 20)] {
        story(async |test| {
            let clock = Clock::manual(UnixMs(1_795_348_800_000));
            let app = TestApp::start_at(&test.url, clock.clone()).await;
            let settings = TenantSettings { timezone: Zone::parse(zone).unwrap(), ..TenantSettings::default() };
            let bot = app.bot("first", 1, settings).await;
            let anna = app.person(101, "Anna", "ru").await;
            app.say(&bot, anna, "/start", "осталось сегодня: 5 из 5").await;
            let platform = &app.app.platform;
            let tenant = platform.tenants.get(&bot.id).unwrap();
            let mut tx = platform.db.tenant(&bot.id).await.unwrap();
            let user = tx.user_get(anna).await.unwrap().unwrap().user_ref;
            let (id, now) = (GenerationId::random(), clock.now());
            assert!(billing::free_reserve(&mut tx, &id, &user, &tenant.today(now), 4, 5, now).await.unwrap());
            assert!(billing::free_resolve(&mut tx, &id, 4).await.unwrap());
            tx.commit().await.unwrap();
            app.say(&bot, anna, "/balance", "осталось сегодня: 1 из 5").await;
            clock.advance(Duration::from_secs(hours * 3_600 - 1));
            app.say(&bot, anna, "/balance", "осталось сегодня: 1 из 5").await;
            clock.advance(Duration::from_secs(1));
            app.say(&bot, anna, "/balance", "осталось сегодня: 5 из 5").await;
            app.finish().await;
        });
    }
}

on_each_db! {
    async fn a62_the_day_pays_then_the_bank_then_money_and_never_both(test: TestDb) {
        let app = TestApp::start(&test.url).await;
        let bot = app.bot("first", 1, bonus_settings(1, 2)).await;
        let (inviter, anna) = (app.person(101, "Inviter", "ru").await, app.person(102, "Anna", "ru").await);
        let link = payload(&app, &bot, inviter).await;
        app.say(&bot, anna, &format!("/start {link}"), "Вам начислено 2 бонусных генерации").await;
        app.credit(&bot, anna, Money::kopecks(1_000)).await;

        let offer = offered(&app, &bot, anna, "первая").await;
        assert!(offer.contains("Останется бесплатных: 0/1") && !offer.contains("бонусных"), "{offer}");
        confirmed(&app, &bot, anna, "✅ Z-Image").await;
        let offer = offered(&app, &bot, anna, "вторая").await;
        assert!(offer.contains("Останется из бонусных: 1"), "{offer}");
        confirmed(&app, &bot, anna, "✅ Z-Image").await;
        assert_eq!((bank(&app, &bot, anna).await, app.balance(&bot, anna).await.available), (1, Money::kopecks(1_000)));

        // Two pictures and one earned generation: the whole order is sold, at the price of two.
        app.say(&bot, anna, "/generate google/imagen4-fast", "Шаг 1").await;
        let offer = app.say(&bot, anna, "две картинки", "Проверьте заказ").await;
        assert!(offer.text().contains("Останется из бонусных: 0"), "{}", offer.text());
        app.press(&bot, anna, "⚙️ Параметры", "Параметры").await;
        app.press_data(&bot, anna, "edit_param:num_images", "Сколько изображений").await;
        app.press_data(&bot, anna, "set_param:num_images:2", "Станет").await;
        app.press_data(&bot, anna, "confirm_param:num_images:2", "Параметры").await;
        let offer = app.press_data(&bot, anna, "show_price_confirmation", "Проверьте заказ").await;
        assert!(offer.text().contains("Цена: 6.28 ₽") && offer.text().contains("3.72 ₽"), "{}", offer.text());
        confirmed(&app, &bot, anna, "3.72 ₽").await;
        assert_eq!((bank(&app, &bot, anna).await, app.balance(&bot, anna).await.available), (1, Money::kopecks(372)));
        app.finish().await;
    }
}

#[test]
fn a63_a_unit_comes_back_from_a_failure_and_from_a_timeout_and_is_used_once_by_a_delivery() {
    story(async |test| {
        let timers = [
            ("generation.soft_image", "100 ms"),
            ("generation.soft_video", "100 ms"),
            ("generation.soft_other", "100 ms"),
            ("generation.late_notice", "1500 ms"),
            ("generation.hard_limit", "2 s"),
        ];
        let app = TestApp::start_with(&test.url, &timers).await;
        let bot = app.bot("first", 1, TenantSettings::default()).await;
        let anna = app.person(101, "Anna", "ru").await;
        app.say(&bot, anna, "/start", "осталось сегодня: 5 из 5").await;
        let fails = Outcome::Fail { code: "501".to_owned(), msg: "generation failed".to_owned() };
        let task = TaskFault { outcome: fails, ..TaskFault::default() };
        app.world.inject_kie(&KieFault { times: 1, task: Some(task), ..KieFault::default() }).await.unwrap();
        let offer = offered(&app, &bot, anna, "неудача").await;
        assert!(offer.contains("Останется бесплатных: 4/5"), "{offer}");
        confirmed(&app, &bot, anna, "Генерация не завершилась").await;
        app.say(&bot, anna, "/start", "осталось сегодня: 5 из 5").await;

        // What comes after the time is over costs nothing either.
        app.world.tune_kie(&KieTuning { delay_ms: Some(4_000), ..KieTuning::default() }).await.unwrap();
        offered(&app, &bot, anna, "долгая").await;
        let before = app.version(&bot, anna).await;
        confirmed(&app, &bot, anna, "Не дождался результата").await;
        app.hear(&bot, anna, before, "пришёл с опозданием").await;
        app.say(&bot, anna, "/start", "осталось сегодня: 5 из 5").await;
        app.world.tune_kie(&KieTuning { delay_ms: Some(100), ..KieTuning::default() }).await.unwrap();
        picture(&app, &bot, anna, "удачная").await;
        app.say(&bot, anna, "/start", "осталось сегодня: 4 из 5").await;
        app.finish().await;
    });
}

#[test]
fn a64_the_free_list_has_the_five_free_tiers_once_each_and_the_cheapest_first() {
    story(async |test| {
        let app = TestApp::start(&test.url).await;
        let bot = app.bot("first", 1, TenantSettings::default()).await;
        let anna = app.person(101, "Anna", "ru").await;
        app.say(&bot, anna, "/start", "Доступно").await;
        let free = app.press(&bot, anna, "🆓 FAST TOOLS", "Лимит обновляется раз в день").await;
        let tiers: Vec<(String, String)> =
            free.buttons().into_iter().filter(|(_, data)| data.starts_with("sk")).collect();
        let labels: Vec<&str> = tiers.iter().map(|(label, _)| label.as_str()).collect();
        let names = ["Z-Image", "Seedream 3.0", "Ideogram V3 Быстро", "Imagen 4 Fast", "Nano Banana"];
        assert_eq!(labels, names.map(|name| format!("{name} — 🎁")));
        let different: BTreeSet<&String> = tiers.iter().map(|(_, data)| data).collect();
        assert_eq!(different.len(), 5);
        // A free tier that is chosen is not asked for again.
        let step = app.press_data(&bot, anna, &tiers[2].1, "Шаг 1").await;
        assert!(!step.text().contains("Скорость"), "{}", step.text());
        app.finish().await;
    });
}

on_each_db! {
    async fn a65_first_start_with_a_valid_token_gives_ten_to_both_once(test: TestDb) {
        let app = TestApp::start(&test.url).await;
        let bot = app.bot("first", 1, TenantSettings::default()).await;
        let inviter = app.person(101, "Inviter", "ru").await;
        let other = app.person(102, "Other", "en").await;
        let anna = app.person(103, "Anna", "ru").await;
        let link = payload(&app, &bot, inviter).await;
        app.say(&bot, other, "/start", "Available").await;

        let before = app.version(&bot, inviter).await;
        let menu = app.say(&bot, anna, &format!("/start {link}"), "Вам начислено 10 бонусных генераций.").await;
        assert!(menu.text().contains("Бесплатных осталось сегодня: 5 из 5"), "{}", menu.text());
        app.hear(&bot, inviter, before, "По вашей ссылке пришёл новый пользователь: +10 генераций.").await;
        assert_eq!((bank(&app, &bot, inviter).await, bank(&app, &bot, anna).await), (10, 10));

        // Again, by another's link, by one's own, and people who were here before: nothing.
        app.say(&bot, anna, &format!("/start {link}"), "только для новых").await;
        app.say(&bot, anna, &format!("/start ref_{}", other.0), "только для новых").await;
        app.say(&bot, other, &format!("/start {link}"), "new users only").await;
        app.say(&bot, inviter, &format!("/start {link}"), "Нельзя пригласить самого себя.").await;
        let sums = [bank(&app, &bot, inviter).await, bank(&app, &bot, anna).await, bank(&app, &bot, other).await];
        assert_eq!(sums, [10, 10, 0]);

        // The forms of earlier bots count too; an unknown token is an ordinary /start.
        let (boris, vera) = (app.person(104, "Boris", "ru").await, app.person(105, "Vera", "ru").await);
        app.say(&bot, boris, &format!("/start ref_{}", other.0), "Вам начислено 10").await;
        let menu = app.say(&bot, vera, "/start ref_AAAAAAAAAAAA", "Доступно").await;
        assert!(!menu.text().contains("начислено") && !menu.text().contains("новых"), "{}", menu.text());
        let sums = [bank(&app, &bot, other).await, bank(&app, &bot, boris).await, bank(&app, &bot, vera).await];
        assert_eq!(sums, [10, 10, 0]);
        app.finish().await;
    }

    async fn a66_twenty_first_starts_at_once_credit_once(test: TestDb) {
        let app = TestApp::start(&test.url).await;
        let bot = app.bot("first", 1, TenantSettings::default()).await;
        let (inviter, anna) = (app.person(101, "Inviter", "ru").await, app.person(102, "Anna", "ru").await);
        let link = payload(&app, &bot, inviter).await;
        // A word before the first /start: the chat is open, the person is still new.
        app.say(&bot, anna, "привет", "Выберите действие из меню").await;
        let starts = (0..20).map(|n| text(9_000 + n, anna.0, &format!("/start {link}"))).collect();
        at_once(&app, &bot, starts).await;
        assert_eq!((bank(&app, &bot, inviter).await, bank(&app, &bot, anna).await), (10, 10));
        app.settled(&bot, anna).await;
        let told = app.world.messages(&bot.username, anna.0).await.unwrap();
        assert_eq!(told.iter().filter(|m| m.text().contains("Вам начислено")).count(), 1);
        app.finish().await;
    }
}

#[test]
fn a67_referral_statistics_tell_the_invited_from_the_active() {
    story(async |test| {
        let app = TestApp::start(&test.url).await;
        let bot = app.bot("first", 1, TenantSettings::default()).await;
        let inviter = app.person(101, "Inviter", "ru").await;
        let link = payload(&app, &bot, inviter).await;
        for n in 0..2 {
            let guest = app.person(200 + n, "Guest", "ru").await;
            app.say(&bot, guest, &format!("/start {link}"), "Вам начислено").await;
            if n == 0 {
                picture(&app, &bot, guest, "первая").await;
            }
        }
        app.say(&bot, inviter, "/start", "Доступно").await;
        let screen = app.press(&bot, inviter, "🤝 Партнёрка", "Приглашено: 2").await;
        assert!(screen.text().contains("Активировались: 1"), "{}", screen.text());
        assert!(screen.text().contains("Осталось бонусных: 20"), "{}", screen.text());
        app.finish().await;
    });
}

on_each_db! {
    async fn a68_fifty_claims_at_once_pay_one_gift(test: TestDb) {
        let app = TestApp::start(&test.url).await;
        let bot = app.bot("first", 1, TenantSettings::default()).await;
        let (anna, boris) = (app.person(101, "Anna", "ru").await, app.person(102, "Boris", "ru").await);
        app.say(&bot, anna, "/start", "Доступно").await;
        let claims = (0..50).map(|n| press(9_000 + n, anna.0, "claim_gift")).collect();
        at_once(&app, &bot, claims).await;
        let won = app.balance(&bot, anna).await.available;
        assert!((1_000..=3_000).contains(&won.as_kopecks()), "{won}");

        // The wheel turns in one message: three pictures, then the amount that the balance has.
        app.say(&bot, boris, "/help", "Как это работает").await;
        app.press(&bot, boris, "🎁 Колесо удачи", "Вы выиграли").await;
        app.settled(&bot, boris).await;
        let shown = app.world.messages(&bot.username, boris.0).await.unwrap();
        let wheel = shown.iter().find(|m| m.text().contains("Вы выиграли")).unwrap();
        assert_eq!(wheel.edits, 4, "{}", wheel.text());
        let won = app.balance(&bot, boris).await.available;
        assert!(wheel.text().contains(&format!("Вы выиграли {won}! Баланс: {won}")), "{}", wheel.text());

        let app = app.restart().await;
        let again = app.world.press_forged(&bot.username, boris.0, wheel.id, "claim_gift", PATIENCE).await.unwrap();
        assert_eq!(again.text.as_deref(), Some("Вы уже получили подарок!"));
        assert_eq!(app.balance(&bot, boris).await.available, won);
        app.finish().await;
    }

    async fn a69_of_parallel_redeems_as_many_pass_as_the_code_allows(test: TestDb) {
        let app = TestApp::start(&test.url).await;
        let bot = app.bot("first", 1, TenantSettings::default()).await;
        let owner = app.person(OWNER.0, "Owner", "ru").await;
        app.say(&bot, owner, "/start", "Доступно").await;
        let menu = app.world.messages(&bot.username, owner.0).await.unwrap().last().unwrap().id;
        let before = app.version(&bot, owner).await;
        app.world.press_forged(&bot.username, owner.0, menu, "admin_promocodes", PATIENCE).await.unwrap();
        app.hear(&bot, owner, before, "Промокодов пока нет").await;
        app.press(&bot, owner, "➕ Создать", "WELCOME 50 100 1 30").await;
        app.say(&bot, owner, "many 0 10 1 30", "Значение — от 1 до 5000").await;
        app.say(&bot, owner, "many 50 10 1 30", "Промокод MANY создан").await;

        let people: Vec<i64> = (0..60).map(|n| 3_000 + n).collect();
        let asked = people.iter().map(|user| press(9_000 + user, *user, "promo_codes")).collect();
        at_once(&app, &bot, asked).await;
        let typed = people.iter().map(|user| text(19_000 + user, *user, "Many")).collect();
        at_once(&app, &bot, typed).await;
        let mut credited = 0;
        for user in &people {
            credited += app.balance(&bot, UserId(*user)).await.available.as_kopecks();
        }
        assert_eq!(credited, 10 * 5_000);

        // Once each; and an off code gives nothing.
        let anna = app.person(101, "Anna", "ru").await;
        app.say(&bot, owner, "/start", "Доступно").await;
        let menu = app.world.messages(&bot.username, owner.0).await.unwrap().last().unwrap().id;
        app.world.press_forged(&bot.username, owner.0, menu, "admin_promo_new", PATIENCE).await.unwrap();
        app.say(&bot, owner, "ONCE 50 10 1 30", "Промокод ONCE создан").await;
        app.say(&bot, anna, "/balance", "Бонусные генерации: 0").await;
        app.press(&bot, anna, "🎟 Промокод", "Введите промокод").await;
        app.say(&bot, anna, "wrong", "❌ Такого промокода нет.").await;
        app.say(&bot, anna, "once", "✅ Промокод принят: +50 ₽.").await;
        app.press(&bot, anna, "🎟 Промокод", "Введите промокод").await;
        app.say(&bot, anna, "once", "Вы уже использовали этот промокод").await;
        app.press_data(&bot, owner, "admin_promo:off:", "отключён").await;
        let boris = app.person(102, "Boris", "ru").await;
        app.say(&bot, boris, "/balance", "Доступно").await;
        app.press(&bot, boris, "🎟 Промокод", "Введите промокод").await;
        app.say(&bot, boris, "ONCE", "⌛ Срок промокода истёк.").await;
        app.press(&bot, boris, "🎟 Промокод", "Введите промокод").await;
        app.say(&bot, boris, "MANY", "⚠️ Промокод закончился.").await;
        let sums = [app.balance(&bot, anna).await.available, app.balance(&bot, boris).await.available];
        assert_eq!(sums, [Money::kopecks(5_000), Money::ZERO]);
        app.finish().await;
    }

    async fn a70_a_fifteen_percent_code_adds_fifteen_percent_to_the_next_top_up_only(test: TestDb) {
        let app = TestApp::start(&test.url).await;
        let bot = app.bot("first", 1, TenantSettings::default()).await;
        let (owner, anna) = (app.person(OWNER.0, "Owner", "ru").await, app.person(101, "Anna", "ru").await);
        app.say(&bot, owner, "/start", "Доступно").await;
        let menu = app.world.messages(&bot.username, owner.0).await.unwrap().last().unwrap().id;
        app.world.press_forged(&bot.username, owner.0, menu, "admin_promo_new", PATIENCE).await.unwrap();
        app.say(&bot, owner, "SUMMER 15% 500 2 14", "Промокод SUMMER создан").await;
        app.say(&bot, anna, "/balance", "Доступно").await;
        app.press(&bot, anna, "🎟 Промокод", "Введите промокод").await;
        let said = app.say(&bot, anna, "summer", "✅ Промокод принят: +15 % к следующему пополнению до").await;
        assert!(said.text().contains("💫 Промокод: +15 %"), "{}", said.text());
        app.press(&bot, anna, "🎟 Промокод", "Введите промокод").await;
        app.say(&bot, anna, "SUMMER", "У вас уже есть +15 %").await;

        let platform = &app.app.platform;
        for (topup, available) in [("first", 11_500), ("second", 21_500)] {
            let mut tx = platform.db.tenant(&bot.id).await.unwrap();
            let user = tx.user_get(anna).await.unwrap().unwrap().user_ref;
            let (corr, now, hundred) = (Corr::random(), platform.clock.now(), Money::kopecks(10_000));
            let moved = billing::credit(&mut tx, &user, topup, hundred, &corr, now).await.unwrap();
            let key = IdempotencyKey::admin_credit(topup);
            billing::promo_bonus(&mut tx, &user, (&key, &moved), hundred, &corr, now).await.unwrap();
            tx.commit().await.unwrap();
            assert_eq!(app.balance(&bot, anna).await.available, Money::kopecks(available), "{topup}");
        }
        app.say(&bot, anna, "/balance", "215 ₽").await;
        let mine = app.press(&bot, anna, "🎁 Мои бонусы", "Мои бонусы").await;
        assert!(!mine.text().contains("💫"), "{}", mine.text());
        app.finish().await;
    }
}

#[test]
fn five_wrong_codes_close_the_question_and_others_are_not_let_near_the_admins_codes() {
    story(async |test| {
        let app = TestApp::start(&test.url).await;
        let bot = app.bot("first", 1, TenantSettings::default()).await;
        let anna = app.person(101, "Anna", "ru").await;
        let menu = app.say(&bot, anna, "/start", "Ваша ссылка: https://t.me/first_bot?start=ref_").await;
        assert!(menu.text().contains("(+10)"), "{}", menu.text());
        for data in ["admin_promocodes", "admin_promo_new", "admin_promo:view:abcdefghijkl", "admin_promo:off:x"] {
            let answer = app.world.press_forged(&bot.username, anna.0, menu.id, data, PATIENCE).await.unwrap();
            assert_eq!(answer.text.as_deref(), Some("Эта функция доступна только администратору."), "{data}");
        }
        app.say(&bot, anna, "/balance", "Доступно").await;
        app.press(&bot, anna, "🎟 Промокод", "Введите промокод").await;
        for n in 0..4 {
            app.say(&bot, anna, &format!("wrong{n}"), "❌ Такого промокода нет.").await;
        }
        app.say(&bot, anna, "wrong4", "⏳ Слишком много попыток, попробуйте через 10 мин.").await;
        let screen = app.world.messages(&bot.username, anna.0).await.unwrap().last().unwrap().id;
        let answer = app.world.press_forged(&bot.username, anna.0, screen, "promo_codes", PATIENCE).await.unwrap();
        assert_eq!(answer.text.as_deref(), Some("⏳ Слишком много попыток, попробуйте через 10 мин."));
        app.say(&bot, anna, "обычный текст", "Выберите действие из меню").await;
        app.finish().await;
    });
}
