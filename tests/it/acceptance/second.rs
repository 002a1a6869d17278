//! `money_four_eyes` (reliability.md T03) for credits by hand: above the bot's limit one asks, somebody else approves, and only then
//! the money moves.

use std::time::Duration;

use botyard::domain::settings::TenantSettings;
use botyard::domain::{Clock, Money, UserId};
use botyard::sandbox::wire::ChatMessage;

use super::transfers::{card, invoice, outcome};
use super::{data_of, forge, newest, story};
use crate::util::app::{Heard, OWNER, PATIENCE, TestApp, TestBot};
use crate::util::db::{TestDb, on_each_db};
use crate::util::receipts::{png, takes_transfers};

const SECOND: UserId = UserId(901);
const THIRD: UserId = UserId(902);
const ANNA: UserId = UserId(101);
const WAITS: &str = "Начисление ждёт второго администратора";

fn limited() -> TenantSettings {
    TenantSettings { approval_limit: Money::kopecks(10_000), ..TenantSettings::default() }
}

async fn person(app: &TestApp, bot: &TestBot, id: UserId, name: &str) {
    let user = app.person(id.0, name, "ru").await;
    app.say(bot, user, "/start", "Доступно").await;
}

/// Makes them admins of the bot.
async fn admins(app: &TestApp, bot: &TestBot, more: &[(UserId, &str)]) {
    for (id, name) in more {
        person(app, bot, *id, name).await;
        app.say(bot, OWNER, &format!("/add_admin {id}"), "теперь администратор").await;
    }
    let began = std::time::Instant::now();
    while !more.iter().all(|(id, _)| app.platform().tenants.get(&bot.id).unwrap().is_admin(*id)) {
        assert!(began.elapsed() < PATIENCE, "the roles were not taken up");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// The owner confirms a credit for Anna and reads `part`; gives the button's data.
async fn credit(app: &TestApp, bot: &TestBot, roubles: &str, part: &str) -> String {
    app.say(bot, OWNER, "/admin 101", "Пользователь").await;
    app.press(bot, OWNER, "➕ Начислить", "Сколько начислить").await;
    app.say(bot, OWNER, roubles, "Причина начисления").await;
    let confirm = app.say(bot, OWNER, "за ожидание", "Причина: за ожидание").await;
    let data = data_of(&confirm).into_iter().find(|data| data.starts_with("admin_topup_ok:")).unwrap();
    app.press_data(bot, OWNER, "admin_topup_ok:", part).await;
    data
}

async fn available(app: &TestApp, bot: &TestBot) -> i64 {
    app.balance(bot, ANNA).await.available.as_kopecks()
}

fn button(data: Vec<String>, head: &str) -> String {
    data.into_iter().find(|data| data.starts_with(head)).unwrap_or_else(|| panic!("no {head}"))
}

/// Waits until an admin's card says how its request ended: nothing on it decides any more.
async fn says_its_end(app: &TestApp, bot: &TestBot, admin: UserId, card: i64, part: &str) {
    let began = std::time::Instant::now();
    loop {
        let shown = message(app, bot, admin, card).await;
        if shown.text().contains(part) && !data_of(&shown).iter().any(|data| data.starts_with("admin_credit_")) {
            return;
        }
        assert!(began.elapsed() < PATIENCE, "«{part}» is not on the card: {}", shown.text());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// A message as it is now.
async fn message(app: &TestApp, bot: &TestBot, user: UserId, id: i64) -> ChatMessage {
    let messages = app.world.messages(&bot.username, user.0).await.unwrap();
    messages.into_iter().find(|message| message.id == id).unwrap()
}

on_each_db! {
    async fn money_four_eyes_a_credit_above_the_limit_waits_for_another_admin(test: TestDb) {
        let app = TestApp::start(&test.url).await;
        let bot = app.bot("first", 1, limited()).await;
        person(&app, &bot, ANNA, "Anna").await;
        person(&app, &bot, OWNER, "Olga").await;
        admins(&app, &bot, &[(SECOND, "Boris"), (THIRD, "Clara")]).await;
        // At the limit nobody else is needed.
        credit(&app, &bot, "100", "✅ Начислено 100 ₽ пользователю 101.").await;
        assert_eq!(available(&app, &bot).await, 10_000);

        let (at_second, at_third) = (app.version(&bot, SECOND).await, app.version(&bot, THIRD).await);
        let confirm = credit(&app, &bot, "150", "150 ₽ — это больше 100 ₽: нужен второй администратор").await;
        assert_eq!(available(&app, &bot).await, 10_000, "one pair of eyes: it stays pending");
        let (two, three) =
            (app.hear(&bot, SECOND, at_second, WAITS).await, app.hear(&bot, THIRD, at_third, WAITS).await);
        assert!(two.text().contains("Olga") && two.text().contains("за ожидание"), "{}", two.text());
        let yes = button(data_of(&two), "admin_credit_yes:");
        let last = newest(&app, &bot, OWNER).await;
        let own = forge(&app, &bot, OWNER, last.id, &yes).await;
        assert_eq!(own.text.as_deref(), Some("Нужен другой администратор: этот запрос вы уже смотрели."));
        let again = forge(&app, &bot, OWNER, last.id, &confirm).await;
        assert_eq!(again.text.as_deref(), Some("Уже выполнено."));
        let stranger = newest(&app, &bot, ANNA).await;
        let refused = forge(&app, &bot, ANNA, stranger.id, &yes).await;
        assert!(refused.text.as_deref().unwrap_or_default().contains("администратор"), "{refused:?}");
        assert_eq!(available(&app, &bot).await, 10_000);

        let (at_anna, at_owner) = (app.version(&bot, ANNA).await, app.version(&bot, OWNER).await);
        let presses = (0..3).flat_map(|_| [(SECOND, two.id), (THIRD, three.id)]);
        let presses = presses.map(|(admin, message)| forge(&app, &bot, admin, message, &yes));
        let said: Vec<String> =
            futures::future::join_all(presses).await.into_iter().filter_map(|answer| answer.text).collect();
        let times = |text: &str| said.iter().filter(|said| *said == text).count();
        assert_eq!(times("✅ Подтверждено, деньги зачислены."), 1, "{said:?}");
        assert_eq!(times("Этот запрос уже закрыт."), 5, "{said:?}");
        app.hear(&bot, ANNA, at_anna, "💳 Администратор начислил 150 ₽.").await;
        app.hear(&bot, OWNER, at_owner, "✅ Начисление 150 ₽ пользователю 101 подтверждено").await;
        assert_eq!(available(&app, &bot).await, 25_000, "two racing approvers, one credit");

        for (admin, card) in [(SECOND, two.id), (THIRD, three.id)] {
            says_its_end(&app, &bot, admin, card, "✅ Подтвердил").await;
        }

        declined(&app, &bot).await;
        elsewhere(&app, &bot).await;
        let mut tx = app.platform().db.tenant_read(&bot.id).await.unwrap();
        let acts = tx.audit_after(0, 100).await.unwrap();
        let of = |action: &str| -> Vec<_> {
            let of = acts.iter().filter(|act| act.action == action);
            of.map(|act| (act.actor.clone(), act.was.clone(), act.became.clone(), act.reason.clone())).collect()
        };
        let why = Some("за ожидание".to_owned());
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(of("credit_asked"), [
            ("user:900".to_owned(), None, some("150 ₽"), why.clone()),
            ("user:900".to_owned(), None, some("500 ₽"), why.clone()),
            ("user:900".to_owned(), None, some("600 ₽"), why.clone()),
        ]);
        let [(first, ..), (approver, was, became, reason)] = &of("manual_credit")[..] else { panic!("{acts:?}") };
        assert!(first == "user:900" && ["user:901", "user:902"].contains(&approver.as_str()), "{first} {approver}");
        assert_eq!((was, became, reason), (&some("100 ₽"), &some("250 ₽"), &why));
        assert_eq!((of("credit_approved").len(), of("credit_declined").len()), (1, 2));
        drop(tx);
        app.finish().await;
    }
}

/// The third admin says no; whoever approves afterwards is too late.
async fn declined(app: &TestApp, bot: &TestBot) {
    let at_third = app.version(bot, THIRD).await;
    let at_second = app.version(bot, SECOND).await;
    credit(app, bot, "500", "нужен второй администратор").await;
    let card = app.hear(bot, THIRD, at_third, WAITS).await;
    let others = app.hear(bot, SECOND, at_second, WAITS).await;
    let at_owner = app.version(bot, OWNER).await;
    app.press_data(bot, THIRD, "admin_credit_no:", "❌ Отклонил").await;
    app.hear(bot, OWNER, at_owner, "❌ Начисление 500 ₽ пользователю 101 отклонено").await;
    // The card that nobody has pressed says it, too.
    says_its_end(app, bot, SECOND, others.id, "❌ Отклонил").await;
    let late = button(data_of(&card), "admin_credit_yes:");
    let last = newest(app, bot, SECOND).await;
    let answer = forge(app, bot, SECOND, last.id, &late).await;
    assert_eq!(answer.text.as_deref(), Some("Этот запрос уже закрыт."));
    assert_eq!(available(app, bot).await, 25_000);
}

/// A card from which somebody has gone on to another screen stays that screen.
async fn elsewhere(app: &TestApp, bot: &TestBot) {
    let (at_second, at_third) = (app.version(bot, SECOND).await, app.version(bot, THIRD).await);
    credit(app, bot, "600", "нужен второй администратор").await;
    let card = app.hear(bot, THIRD, at_third, WAITS).await;
    app.hear(bot, SECOND, at_second, WAITS).await;
    app.press_data(bot, THIRD, "admin_user_info:", "Пользователь").await;
    let shown = message(app, bot, THIRD, card.id).await;
    assert!(!shown.text().contains(WAITS), "the card became the person's: {}", shown.text());
    app.press_data(bot, SECOND, "admin_credit_no:", "❌ Отклонил").await;
    app.settled(bot, THIRD).await;
    assert_eq!(message(app, bot, THIRD, card.id).await.text(), shown.text());
}

#[test]
fn money_four_eyes_a_large_sum_in_small_parts_needs_another_admin_too() {
    story(async |test| {
        let app = TestApp::start(&test.url).await;
        let settings = TenantSettings { approval_day_limit: Money::kopecks(20_000), ..takes_transfers() };
        let bot = app.bot("first", 1, settings).await;
        person(&app, &bot, ANNA, "Anna").await;
        person(&app, &bot, OWNER, "Olga").await;
        credit(&app, &bot, "120", "✅ Начислено 120 ₽ пользователю 101.").await;
        let alone = "дальше нужен второй администратор, а у бота он один";
        credit(&app, &bot, "90", alone).await;
        assert_eq!(available(&app, &bot).await, 12_000);
        admins(&app, &bot, &[(SECOND, "Boris")]).await;
        let at_second = app.version(&bot, SECOND).await;
        credit(&app, &bot, "90", "больше 200 ₽: для 90 ₽ нужен второй администратор").await;
        app.hear(&bot, SECOND, at_second, WAITS).await;
        let at_anna = app.version(&bot, ANNA).await;
        app.press_data(&bot, SECOND, "admin_credit_yes:", "деньги зачислены").await;
        app.hear(&bot, ANNA, at_anna, "💳 Администратор начислил 90 ₽.").await;
        // What the other one approved is not the first one's: 80 roubles of the day are left, and a transfer counts like a credit.
        credit(&app, &bot, "20", "✅ Начислено 20 ₽ пользователю 101.").await;
        let amount = invoice(&app, &bot, ANNA, "70").await;
        let (at_owner, at_second) = (app.version(&bot, OWNER).await, app.version(&bot, SECOND).await);
        outcome(&app, &bot, ANNA, png(1), "🕓 Скриншот передан на ручную проверку").await;
        let (one, two) = (card(&app, &bot, OWNER, at_owner).await, card(&app, &bot, SECOND, at_second).await);
        let yes = button(data_of(&one), "pay_approve:");
        let first = forge(&app, &bot, OWNER, one.id, &yes).await;
        assert_eq!(first.text.as_deref(), Some("☝️ Одобрено. Нужен ещё один администратор."));
        assert_eq!(available(&app, &bot).await, 23_000);
        let second = forge(&app, &bot, SECOND, two.id, &yes).await;
        assert_eq!(second.text.as_deref(), Some("✅ Одобрено, деньги зачислены."));
        app.settled(&bot, ANNA).await;
        assert_eq!(available(&app, &bot).await, 23_000 + amount.as_kopecks());
        // The 60 roubles that are left may be given: what needed two counted for nobody.
        credit(&app, &bot, "60", "✅ Начислено 60 ₽ пользователю 101.").await;
        credit(&app, &bot, "0.01", "для 0.01 ₽ нужен второй администратор").await;
        app.finish().await;
    });
}

#[test]
fn money_four_eyes_who_was_the_first_finishes_alone_once_the_limits_allow_it() {
    story(async |test| {
        let clock = Clock::manual(crate::store::world::NOON);
        let app = TestApp::start_at(&test.url, clock.clone()).await;
        let settings = TenantSettings { approval_day_limit: Money::kopecks(20_000), ..takes_transfers() };
        let bot = app.bot("first", 1, settings).await;
        person(&app, &bot, ANNA, "Anna").await;
        person(&app, &bot, OWNER, "Olga").await;
        credit(&app, &bot, "150", "✅ Начислено 150 ₽ пользователю 101.").await;
        let amount = invoice(&app, &bot, ANNA, "70").await;
        let at_owner = app.version(&bot, OWNER).await;
        outcome(&app, &bot, ANNA, png(1), "🕓 Скриншот передан на ручную проверку").await;
        let card = card(&app, &bot, OWNER, at_owner).await;
        let yes = button(data_of(&card), "pay_approve:");
        forge(&app, &bot, OWNER, card.id, &yes).await;
        let again = forge(&app, &bot, OWNER, card.id, &yes).await;
        assert_eq!(again.text.as_deref(), Some("Вы уже одобрили. Нужен другой администратор."));
        assert_eq!(available(&app, &bot).await, 15_000);
        // The bot has no other admin, but another day has come.
        clock.advance(Duration::from_hours(13));
        let done = forge(&app, &bot, OWNER, card.id, &yes).await;
        assert_eq!(done.text.as_deref(), Some("✅ Одобрено, деньги зачислены."));
        assert_eq!(available(&app, &bot).await, 15_000 + amount.as_kopecks());
        app.finish().await;
    });
}

#[test]
fn money_four_eyes_a_promo_code_gives_one_person_no_more_than_an_admin_may_alone() {
    story(async |test| {
        let app = TestApp::start(&test.url).await;
        let settings = TenantSettings { approval_day_limit: Money::kopecks(15_000), ..limited() };
        let bot = app.bot("first", 1, settings).await;
        person(&app, &bot, OWNER, "Olga").await;
        let code = async |line: &str, part: &str| {
            let (before, menu) = (app.version(&bot, OWNER).await, newest(&app, &bot, OWNER).await.id);
            forge(&app, &bot, OWNER, menu, "admin_promocodes").await;
            app.hear(&bot, OWNER, before, "Промокод").await;
            app.press(&bot, OWNER, "➕ Создать", "Новый промокод").await;
            app.say(&bot, OWNER, line, part).await;
        };
        code("MINE 50 1000 3 30", "один человек получил бы больше, чем администратор может начислить один (100 ₽)")
            .await;
        code("MANY 100 1000 1 30", "MANY").await;
        code("MORE 60 1000 1 30", "уже начислили почти всё, что администратор может начислить за день один (150 ₽)")
            .await;
        code("REST 50 1000 1 30", "REST").await;
        code("SALE 100% 1000 9 30", "SALE").await;
        let mut tx = app.platform().db.tenant_read(&bot.id).await.unwrap();
        let made: Vec<String> = tx.promos_newest(9).await.unwrap().iter().map(|row| row.code.to_string()).collect();
        assert_eq!(made, ["SALE", "REST", "MANY"]);
        drop(tx);
        app.finish().await;
    });
}

#[test]
fn money_four_eyes_a_bot_with_one_admin_says_that_the_limit_cannot_be_met() {
    story(async |test| {
        let app = TestApp::start(&test.url).await;
        let bot = app.bot("first", 1, limited()).await;
        person(&app, &bot, ANNA, "Anna").await;
        person(&app, &bot, OWNER, "Olga").await;
        credit(&app, &bot, "150", "подтверждает второй администратор, а у бота он один").await;
        assert_eq!(available(&app, &bot).await, 0);
        let mut tx = app.platform().db.tenant_read(&bot.id).await.unwrap();
        assert!(tx.credits_waiting(9).await.unwrap().is_empty());
        drop(tx);
        credit(&app, &bot, "99.99", "✅ Начислено").await;
        assert_eq!(available(&app, &bot).await, 9_999);
        app.finish().await;
    });
}

#[test]
fn money_four_eyes_a_credit_that_nobody_approves_in_time_expires_and_its_asker_is_told() {
    story(async |test| {
        let clock = Clock::manual(crate::store::world::NOON);
        let app = TestApp::start_at(&test.url, clock.clone()).await;
        let bot = app.bot("first", 1, limited()).await;
        person(&app, &bot, ANNA, "Anna").await;
        person(&app, &bot, OWNER, "Olga").await;
        admins(&app, &bot, &[(SECOND, "Boris")]).await;
        let at_second = app.version(&bot, SECOND).await;
        credit(&app, &bot, "150", "нужен второй администратор").await;
        let card = app.hear(&bot, SECOND, at_second, WAITS).await;
        app.say(&bot, SECOND, "/admin", "Панель администратора").await;
        app.press_data(&bot, SECOND, "admin_credits", WAITS).await;
        clock.advance(Duration::from_hours(24));
        let before = app.version(&bot, OWNER).await;
        let late = button(data_of(&card), "admin_credit_yes:");
        let answer = forge(&app, &bot, SECOND, card.id, &late).await;
        assert_eq!(answer.text.as_deref(), Some("Этот запрос уже закрыт."));
        for _ in 0..2 {
            botyard::worker::till::pass(&app.app.workers).await.unwrap();
        }
        app.hear(&bot, OWNER, before, "никто не подтвердил за сутки").await;
        app.settled(&bot, OWNER).await;
        let all = app.world.messages(&bot.username, OWNER.0).await.unwrap();
        assert_eq!(all.iter().filter(|m| m.text().contains("никто не подтвердил")).count(), 1, "told once");
        says_its_end(&app, &bot, SECOND, card.id, "⌛ Никто не подтвердил вовремя").await;
        let answer = forge(&app, &bot, SECOND, card.id, &late).await;
        assert_eq!(answer.text.as_deref(), Some("Этот запрос уже закрыт."));
        app.hear(&bot, SECOND, Heard::nothing(), "⌛ Никто не подтвердил вовремя").await;
        assert_eq!(available(&app, &bot).await, 0);
        app.finish().await;
    });
}
