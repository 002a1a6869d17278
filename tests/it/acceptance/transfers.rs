//! A93–A97 and A101, the part about transfers by SBP: requests, pictures, what is credited by itself, and what people decide.

use botyard::domain::settings::{Requisites, TenantSettings};
use botyard::domain::{Clock, Money, UserId};
use botyard::sandbox::wire::ChatMessage;

use super::{data_of, forge, story};
use crate::util::app::{Heard, OWNER, TestApp, TestBot};
use crate::util::db::{TestDb, on_each_db};
use crate::util::receipts::{PHONE, Reader, approves_by_itself, as_banks_write, picture, png, takes_transfers};

const SECOND: UserId = UserId(901);

pub(super) async fn person(app: &TestApp, bot: &TestBot, id: i64, name: &str) -> UserId {
    let user = app.person(id, name, "ru").await;
    app.say(bot, user, "/start", "Доступно").await;
    user
}

async fn begun(test: &TestDb, settings: TenantSettings, more: &[(&str, &str)]) -> (TestApp, TestBot, UserId) {
    let app = TestApp::start_with(&test.url, more).await;
    let bot = app.bot("first", 1, settings).await;
    let anna = person(&app, &bot, 101, "Anna").await;
    (app, bot, anna)
}

/// The owner and one more admin, both in the bot.
async fn with_admins(app: &TestApp, bot: &TestBot) {
    person(app, bot, OWNER.0, "Olga").await;
    person(app, bot, SECOND.0, "Boris").await;
    app.say(bot, OWNER, "/add_admin 901", "теперь администратор").await;
    let began = std::time::Instant::now();
    while !app.platform().tenants.get(&bot.id).unwrap().is_admin(SECOND) {
        assert!(began.elapsed() < crate::util::app::PATIENCE, "the role was not taken up");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

/// Opens a request of `roubles`; gives what is to be paid.
pub(super) async fn invoice(app: &TestApp, bot: &TestBot, user: UserId, roubles: &str) -> Money {
    app.say(bot, user, "/balance", "Доступно").await;
    app.press(bot, user, "💳 Пополнить", "Выберите сумму").await;
    app.press_data(bot, user, "topup_custom", "Напишите сумму").await;
    app.say(bot, user, roubles, "Сумма:").await;
    app.press_data(bot, user, "pay_sbp:", PHONE).await;
    let mut tx = app.platform().db.tenant_read(&bot.id).await.unwrap();
    tx.invoices_of(user, 1).await.unwrap()[0].amount
}

pub(super) async fn send(app: &TestApp, bot: &TestBot, user: UserId, bytes: Vec<u8>) -> ChatMessage {
    app.world.send_file(&bot.username, user.0, "photo", "receipt.png", bytes, "").await.unwrap().pop().unwrap()
}

/// Sends a picture and waits for what comes of it.
pub(super) async fn outcome(app: &TestApp, bot: &TestBot, user: UserId, bytes: Vec<u8>, part: &str) -> ChatMessage {
    let before = app.version(bot, user).await;
    send(app, bot, user, bytes).await;
    app.hear(bot, user, before, part).await
}

/// An admin's newest card of a transfer.
pub(super) async fn card(app: &TestApp, bot: &TestBot, admin: UserId, before: Heard) -> ChatMessage {
    let card = app.hear(bot, admin, before, "Перевод по счёту №").await;
    assert!(!card.json["photo"].is_null(), "a picture with words below it: {card:?}");
    card
}

fn button(card: &ChatMessage, head: &str) -> String {
    data_of(card).into_iter().find(|data| data.starts_with(head)).unwrap_or_else(|| panic!("no {head}"))
}

#[test]
fn a93_transfers_are_offered_only_switched_on_acknowledged_and_with_requisites() {
    story(async |test| {
        let app = TestApp::start(&test.url).await;
        let whole = takes_transfers();
        let no_stars = TenantSettings { stars_enabled: false, ..TenantSettings::default() };
        let cases = [
            (TenantSettings::default(), vec!["pay_stars:50"]),
            (TenantSettings { stars_enabled: true, ..whole.clone() }, vec!["pay_stars:50", "pay_sbp:50"]),
            (whole.clone(), vec!["pay_sbp:50"]),
            (TenantSettings { sbp_enabled: false, ..whole.clone() }, vec![]),
            (TenantSettings { sbp_terms_ack: false, ..whole.clone() }, vec![]),
            (TenantSettings { sbp_requisites: Requisites::default(), ..whole }, vec![]),
            (no_stars, vec![]),
        ];
        let anna = app.person(101, "Anna", "ru").await;
        for (n, (settings, offered)) in cases.into_iter().enumerate() {
            let bot = app.bot(&format!("bot-{n}"), i64::try_from(n).unwrap() + 1, settings).await;
            app.say(&bot, anna, "/start", "Доступно").await;
            app.say(&bot, anna, "/balance", "Доступно").await;
            if offered.is_empty() {
                let off = app.press(&bot, anna, "💳 Пополнить", "Пополнение временно недоступно").await;
                let answer = forge(&app, &bot, anna, off.id, "pay_sbp:50").await;
                assert_eq!(answer.text.as_deref(), Some("Этот способ оплаты сейчас недоступен."), "{n}");
                continue;
            }
            app.press(&bot, anna, "💳 Пополнить", "Выберите сумму").await;
            let methods = app.press(&bot, anna, "50 ₽", "Сумма: 50 ₽").await;
            let pays: Vec<String> = data_of(&methods).into_iter().filter(|data| data.starts_with("pay_")).collect();
            assert_eq!(pays, offered, "{n}");
        }
        app.finish().await;
    });
}

on_each_db! {
    async fn a94_only_what_meets_every_condition_is_credited_by_itself(test: TestDb) {
        let reader = Reader::new();
        let program = reader.program();
        let (app, bot, anna) = begun(&test, approves_by_itself(), &[("payments.ocr_program", &program)]).await;
        let amount = invoice(&app, &bot, anna, "50").await;
        assert!((5_001..=5_099).contains(&amount.as_kopecks()), "a tail of its own: {amount}");
        // The amount alone never suffices.
        reader.says(&format!("Сумма {}", as_banks_write(amount)));
        outcome(&app, &bot, anna, png(1), "🕓 Скриншот передан на ручную проверку").await;
        // Another amount, with everything else.
        invoice(&app, &bot, anna, "60").await;
        reader.says(&format!("Успешно\n60,00 ₽\n{PHONE}"));
        outcome(&app, &bot, anna, png(2), "🕓 Скриншот передан на ручную проверку").await;
        // The bank's form before it is sent names the way, the sum and the phone, and is no proof.
        let amount = invoice(&app, &bot, anna, "61").await;
        reader.says(&format!("Перевод по СБП\n{}\n{PHONE}", as_banks_write(amount)));
        outcome(&app, &bot, anna, png(4), "🕓 Скриншот передан на ручную проверку").await;
        // Above the limit.
        let large = invoice(&app, &bot, anna, "600").await;
        reader.says(&format!("Успешно\n{}\n{PHONE}", as_banks_write(large)));
        outcome(&app, &bot, anna, png(3), "🕓 Скриншот передан на ручную проверку").await;
        app.settled(&bot, anna).await;
        assert_eq!(app.balance(&bot, anna).await.available, Money::ZERO);
        // All of it: the amount and a keyword; then the amount, the phone and the bank's number.
        let mut sum = 0;
        let numbered = format!("{PHONE}\nНомер операции 632812345678");
        for (n, proof) in ["Переведено", numbered.as_str()].into_iter().enumerate() {
            let amount = invoice(&app, &bot, anna, &format!("{}", 70 + n)).await;
            sum += amount.as_kopecks();
            reader.says(&format!("{proof}\n{}", as_banks_write(amount)));
            outcome(&app, &bot, anna, png(10 + u32::try_from(n).unwrap()), "✅ Оплата получена").await;
        }
        assert_ne!(amount, large);
        app.settled(&bot, anna).await;
        assert_eq!(app.balance(&bot, anna).await.available, Money::kopecks(sum));
        // The same look with other bytes is a person's to decide.
        let amount = invoice(&app, &bot, anna, "80").await;
        reader.says(&format!("Успешно\n{}\n{PHONE}", as_banks_write(amount)));
        let again = crate::util::receipts::encoded(&picture(10), image::ImageFormat::Jpeg);
        outcome(&app, &bot, anna, again, "🕓 Скриншот передан на ручную проверку").await;
        app.finish().await;
    }

    async fn money_by_itself_of_one_person_on_a_day_is_no_more_than_the_bot_allows(test: TestDb) {
        let reader = Reader::new();
        let program = reader.program();
        let settings = TenantSettings { sbp_auto_day_limit: Money::kopecks(13_200), ..approves_by_itself() };
        let (app, bot, anna) = begun(&test, settings, &[("payments.ocr_program", &program)]).await;
        person(&app, &bot, OWNER.0, "Olga").await;
        let ben = person(&app, &bot, 102, "Ben").await;
        let mut credited = Vec::new();
        for (n, (user, roubles)) in [(anna, "60"), (anna, "70"), (ben, "130")].into_iter().enumerate() {
            let amount = invoice(&app, &bot, user, roubles).await;
            reader.says(&format!("Успешно\n{}", as_banks_write(amount)));
            outcome(&app, &bot, user, png(30 + u32::try_from(n).unwrap()), "✅ Оплата получена").await;
            credited.push(amount.as_kopecks());
        }
        // One rouble is left of the day: the card says why a person looks.
        invoice(&app, &bot, anna, "50").await;
        let mut tx = app.platform().db.tenant_read(&bot.id).await.unwrap();
        let amount = tx.invoices_of(anna, 1).await.unwrap()[0].amount;
        drop(tx);
        reader.says(&format!("Успешно\n{}", as_banks_write(amount)));
        let at_owner = app.version(&bot, OWNER).await;
        outcome(&app, &bot, anna, png(40), "🕓 Скриншот передан на ручную проверку").await;
        let card = card(&app, &bot, OWNER, at_owner).await;
        assert!(card.text().contains("🚩 Больше дневного предела автоматических зачислений"), "{}", card.text());
        app.settled(&bot, anna).await;
        assert_eq!(app.balance(&bot, anna).await.available, Money::kopecks(credited[0] + credited[1]));
        app.press_data(&bot, OWNER, "pay_approve:", "✅ Одобрено: ").await;
        app.hear(&bot, anna, Heard::nothing(), &format!("✅ Оплата получена: +{amount}")).await;
        app.finish().await;
    }

    async fn a95_two_admins_decide_at_once_and_the_first_has_decided(test: TestDb) {
        let (app, bot, anna) = begun(&test, takes_transfers(), &[]).await;
        with_admins(&app, &bot).await;
        let amount = invoice(&app, &bot, anna, "50").await;
        let (at_owner, at_second) = (app.version(&bot, OWNER).await, app.version(&bot, SECOND).await);
        outcome(&app, &bot, anna, png(1), "🕓 Скриншот передан на ручную проверку").await;
        let (one, two) = (card(&app, &bot, OWNER, at_owner).await, card(&app, &bot, SECOND, at_second).await);
        for copy in [&one, &two] {
            assert!(copy.text().contains("🚩 Текст не распознан") && copy.text().contains("101"), "{}", copy.text());
        }
        let before = app.version(&bot, anna).await;
        let approve = button(&one, "pay_approve:");
        let (first, second) = tokio::join!(
            forge(&app, &bot, OWNER, one.id, &approve),
            forge(&app, &bot, SECOND, two.id, &approve),
        );
        let said = [first.text.unwrap_or_default(), second.text.unwrap_or_default()];
        assert_eq!(said.iter().filter(|text| text.contains("Одобрено, деньги зачислены")).count(), 1, "{said:?}");
        assert_eq!(said.iter().filter(|text| text.contains("Уже обработано: ")).count(), 1, "{said:?}");
        app.hear(&bot, anna, before, &format!("✅ Оплата получена: +{amount}")).await;
        for admin in [OWNER, SECOND] {
            let copy = app.hear(&bot, admin, Heard::nothing(), "✅ Одобрено: ").await;
            assert!(data_of(&copy).iter().all(|data| !data.starts_with("pay_approve:")), "{copy:?}");
        }
        assert_eq!(app.balance(&bot, anna).await.available, amount);
        refused_with_a_reason(&app, &bot, anna).await;
        app.finish().await;
    }

    async fn money_four_eyes_above_the_limit_one_approver_leaves_it_pending(test: TestDb) {
        let settings = TenantSettings { approval_limit: Money::kopecks(10_000), ..approves_by_itself() };
        let reader = Reader::new();
        let program = reader.program();
        let (app, bot, anna) = begun(&test, settings, &[("payments.ocr_program", &program)]).await;
        with_admins(&app, &bot).await;
        let amount = invoice(&app, &bot, anna, "200").await;
        // Nothing above the limit is credited by itself, whatever it shows.
        reader.says(&format!("Успешно\n{}\n{PHONE}", as_banks_write(amount)));
        let (at_owner, at_second) = (app.version(&bot, OWNER).await, app.version(&bot, SECOND).await);
        outcome(&app, &bot, anna, png(1), "🕓 Скриншот передан на ручную проверку").await;
        let (one, two) = (card(&app, &bot, OWNER, at_owner).await, card(&app, &bot, SECOND, at_second).await);
        let approve = button(&one, "pay_approve:");
        let first = forge(&app, &bot, OWNER, one.id, &approve).await;
        assert_eq!(first.text.as_deref(), Some("☝️ Одобрено. Нужен ещё один администратор."));
        let again = forge(&app, &bot, OWNER, one.id, &approve).await;
        assert_eq!(again.text.as_deref(), Some("Вы уже одобрили. Нужен другой администратор."));
        app.hear(&bot, SECOND, Heard::nothing(), "нужен второй администратор").await;
        assert_eq!(app.balance(&bot, anna).await.available, Money::ZERO, "still pending");
        let second = forge(&app, &bot, SECOND, two.id, &approve).await;
        assert_eq!(second.text.as_deref(), Some("✅ Одобрено, деньги зачислены."));
        app.hear(&bot, anna, Heard::nothing(), "✅ Оплата получена").await;
        assert_eq!(app.balance(&bot, anna).await.available, amount);
        let mut tx = app.platform().db.tenant_read(&bot.id).await.unwrap();
        let acts = tx.audit_after(0, 100).await.unwrap();
        let approvals: Vec<(&str, Option<&str>, Option<&str>)> = acts
            .iter()
            .filter(|act| act.action == "payment_approved")
            .map(|act| (act.actor.as_str(), act.was.as_deref(), act.became.as_deref()))
            .collect();
        let wanted = [("user:900", Some("review"), Some("review")), ("user:901", Some("review"), Some("approved"))];
        assert_eq!(approvals, wanted, "who, from what, to what");
        drop(tx);
        app.finish().await;
    }

    async fn a96_the_same_picture_again_is_a_duplicate_and_a_sixth_is_too_many(test: TestDb) {
        let (app, bot, anna) = begun(&test, takes_transfers(), &[]).await;
        let ben = person(&app, &bot, 102, "Ben").await;
        invoice(&app, &bot, anna, "50").await;
        let before = app.version(&bot, anna).await;
        let sent = send(&app, &bot, anna, png(1)).await;
        app.hear(&bot, anna, before, "🕓 Скриншот передан на ручную проверку").await;
        // The same file for another request, the same bytes anew, and both from somebody else.
        let same_file = serde_json::json!({ "photo": sent.json["photo"] });
        let dup = "⚠️ Этот скриншот уже был использован.";
        for user in [anna, ben] {
            invoice(&app, &bot, user, "60").await;
            let before = app.version(&bot, user).await;
            app.world.send_content(&bot.username, user.0, &same_file).await.unwrap();
            app.hear(&bot, user, before, dup).await;
            outcome(&app, &bot, user, png(1), dup).await;
        }
        // Two attempts are gone; three more bad ones, and no picture is taken any more.
        outcome(&app, &bot, ben, png(1), "Осталось попыток: 2").await;
        outcome(&app, &bot, ben, png(1), "Осталось попыток: 1").await;
        outcome(&app, &bot, ben, png(1), "❌ Попытки закончились").await;
        app.settled(&bot, ben).await;
        let mut tx = app.platform().db.tenant_read(&bot.id).await.unwrap();
        assert_eq!(tx.payments_review_count().await.unwrap(), 1);
        drop(tx);
        for user in [anna, ben] {
            assert_eq!(app.balance(&bot, user).await.available, Money::ZERO);
        }
        app.finish().await;
    }

    async fn a97_words_cost_no_attempt_and_a_receipt_is_taken_after_a_restart(test: TestDb) {
        let (app, bot, anna) = begun(&test, takes_transfers(), &[]).await;
        invoice(&app, &bot, anna, "50").await;
        for text in ["вот", "уже перевела"] {
            app.say(&bot, anna, text, "❌ Пожалуйста, отправьте скриншот перевода (фото или файл).").await;
        }
        let app = app.restart().await;
        outcome(&app, &bot, anna, png(1), "🕓 Скриншот передан на ручную проверку").await;
        // The step was left: the picture is asked about, and is not lost by the question.
        invoice(&app, &bot, anna, "60").await;
        app.say(&bot, anna, "/start", "Доступно").await;
        let asked = outcome(&app, &bot, anna, png(2), "Это скриншот оплаты счёта №").await;
        let app = app.restart().await;
        let before = app.version(&bot, anna).await;
        let resume = button(&asked, "pay_resume:");
        app.world.press(&bot.username, anna.0, asked.id, &resume).await.unwrap();
        app.hear(&bot, anna, before, "🕓 Скриншот передан на ручную проверку").await;
        let mut tx = app.platform().db.tenant_read(&bot.id).await.unwrap();
        let attempts: Vec<i64> = tx.invoices_of(anna, 5).await.unwrap().iter().map(|row| row.attempts).collect();
        assert_eq!(attempts, [1, 1]);
        drop(tx);
        app.finish().await;
    }
}

/// A refusal by a button and one in the reviewer's words: the payer reads why, and may send again.
async fn refused_with_a_reason(app: &TestApp, bot: &TestBot, anna: UserId) {
    invoice(app, bot, anna, "60").await;
    for (n, (reason, told)) in [
        ("pay_reject_as:", "❌ Платёж не подтверждён: сумма не совпала. Осталось попыток: 4."),
        ("other", "❌ Платёж не подтверждён: нет в выписке. Осталось попыток: 3."),
    ]
    .into_iter()
    .enumerate()
    {
        app.settled(bot, OWNER).await;
        let at_owner = app.version(bot, OWNER).await;
        let part = "🕓 Скриншот передан на ручную проверку";
        if n == 0 {
            outcome(app, bot, anna, png(20), part).await;
        } else {
            outcome(app, bot, anna, png(21), "Это скриншот оплаты счёта №").await;
            app.press_data(bot, anna, "pay_resume:", part).await;
        }
        card(app, bot, OWNER, at_owner).await;
        let before = app.version(bot, anna).await;
        app.press_data(bot, OWNER, "pay_reject:", "Почему отклоняем").await;
        if n == 0 {
            app.press_data(bot, OWNER, reason, "❌ Отклонено, пользователю отправлена причина.").await;
        } else {
            app.press_data(bot, OWNER, ":other", "Напишите причину").await;
            app.say(bot, OWNER, "ой", "Напишите причину").await;
            app.say(bot, OWNER, "нет в выписке", "❌ Отклонено, пользователю отправлена причина.").await;
        }
        app.hear(bot, anna, before, told).await;
    }
}

#[test]
fn a97_after_an_expired_session_the_picture_is_asked_about() {
    story(async |test| {
        let clock = Clock::manual(crate::store::world::NOON);
        let app = TestApp::start_at(&test.url, clock.clone()).await;
        let bot = app.bot("first", 1, takes_transfers()).await;
        let anna = person(&app, &bot, 101, "Anna").await;
        invoice(&app, &bot, anna, "50").await;
        clock.advance(std::time::Duration::from_mins(31));
        outcome(&app, &bot, anna, png(1), "Это скриншот оплаты счёта №").await;
        app.press_data(&bot, anna, "pay_resume:", "🕓 Скриншот передан на ручную проверку").await;
        // After a day the request is closed, and the same press is told so.
        let ben = person(&app, &bot, 102, "Ben").await;
        invoice(&app, &bot, ben, "50").await;
        app.say(&bot, ben, "/start", "Доступно").await;
        let asked = outcome(&app, &bot, ben, png(2), "Это скриншот оплаты счёта №").await;
        clock.advance(std::time::Duration::from_hours(25));
        let answer = forge(&app, &bot, ben, asked.id, &button(&asked, "pay_resume:")).await;
        assert_eq!(answer.text.as_deref(), Some("Счёт уже закрыт."));
        app.finish().await;
    });
}

#[test]
fn a101_after_a_transfer_the_way_back_opens_the_kept_draft() {
    story(async |test| {
        let reader = Reader::new();
        let program = reader.program();
        let settings = TenantSettings { free_per_day: 0, ..approves_by_itself() };
        let (app, bot, anna) = begun(&test, settings, &[("payments.ocr_program", &program)]).await;
        app.say(&bot, anna, "/generate z-image", "Недостаточно средств").await;
        app.press_data(&bot, anna, "topup_amount:", "Сумма:").await;
        app.press_data(&bot, anna, "pay_sbp:", PHONE).await;
        let mut tx = app.platform().db.tenant_read(&bot.id).await.unwrap();
        let amount = tx.invoices_of(anna, 1).await.unwrap()[0].amount;
        drop(tx);
        reader.says(&format!("Перевод по СБП выполнен\n{}", as_banks_write(amount)));
        outcome(&app, &bot, anna, png(1), "✅ Оплата получена").await;
        app.press(&bot, anna, "▶️ Вернуться к генерации", "Шаг 1/2: Описание").await;
        app.finish().await;
    });
}

#[test]
fn an_open_transfer_is_found_again_and_a_second_picture_of_one_under_review_is_answered() {
    story(async |test| {
        let app = TestApp::start(&test.url).await;
        let bot = app.bot("first", 1, takes_transfers()).await;
        let anna = person(&app, &bot, 101, "Anna").await;
        app.say(&bot, anna, "/balance", "Доступно").await;
        app.press(&bot, anna, "💳 Пополнить", "Выберите сумму").await;
        app.press_data(&bot, anna, "topup_custom", "Напишите сумму").await;
        app.say(&bot, anna, "сто", "❌ Не понял сумму").await;
        app.say(&bot, anna, "0,1", "❌ 0.10 ₽ — вне допустимых пределов").await;
        let amount = invoice(&app, &bot, anna, "50").await;
        app.press(&bot, anna, "❌ Отмена", "✅ Операция отменена.").await;
        app.say(&bot, anna, "/balance", "Доступно").await;
        app.press_data(&bot, anna, "my_payments", &format!("{amount} · СБП · ждёт оплаты")).await;
        app.press_data(&bot, anna, "pay_resume:", PHONE).await;
        outcome(&app, &bot, anna, png(1), "🕓 Скриншот передан на ручную проверку").await;
        app.say(&bot, anna, "/start", "Доступно").await;
        outcome(&app, &bot, anna, png(2), "уже на проверке").await;
        // What is under review would be lost, too: said before, and it waits for the decision.
        app.say(&bot, anna, "/privacy", "Ваши данные").await;
        app.press_data(&bot, anna, "privacy_delete", &format!("🧾 На проверке {amount}")).await;
        app.press_data(&bot, anna, "privacy_delete_ok", "удалю данные, когда его решат").await;
        let owner = person(&app, &bot, OWNER.0, "Olga").await;
        app.say(&bot, owner, "/payments", "Платежи").await;
        app.press_data(&bot, owner, "view_payment_screenshots", "🗑 Человек попросил удалить свои данные").await;
        app.app.stop().await;
        app.sandbox.stop().await;
    });
}

#[test]
fn admins_turn_through_the_pictures_and_are_reminded_of_what_waits() {
    story(async |test| {
        let clock = Clock::manual(crate::store::world::NOON);
        let app = TestApp::start_at(&test.url, clock.clone()).await;
        let bot = app.bot("first", 1, takes_transfers()).await;
        let anna = person(&app, &bot, 101, "Anna").await;
        person(&app, &bot, OWNER.0, "Olga").await;
        for n in 1..=2 {
            invoice(&app, &bot, anna, &format!("{}", 50 + n)).await;
            outcome(&app, &bot, anna, png(n), "🕓 Скриншот передан на ручную проверку").await;
        }
        app.say(&bot, OWNER, "/payments", "Платежи").await;
        app.press_data(&bot, OWNER, "view_payment_screenshots", "Попытка: 1/5").await;
        let newest = super::newest(&app, &bot, OWNER).await;
        let data = button(&newest, "payment_screenshot_nav:prev");
        assert_eq!(forge(&app, &bot, OWNER, newest.id, &data).await.text.as_deref(), Some("Это самый новый скриншот."));
        app.press_data(&bot, OWNER, "payment_screenshot_nav:next", "Попытка: 1/5").await;
        for (wait, told) in [(31, 1), (6 * 60, 2)] {
            let before = app.version(&bot, OWNER).await;
            clock.advance(std::time::Duration::from_mins(wait));
            botyard::worker::till::pass(&app.app.workers).await.unwrap();
            app.hear(&bot, OWNER, before, "Платежей на проверке: 2").await;
            botyard::worker::till::pass(&app.app.workers).await.unwrap();
            app.settled(&bot, OWNER).await;
            let all = app.world.messages(&bot.username, OWNER.0).await.unwrap();
            let reminders = all.iter().filter(|m| m.text().contains("Платежей на проверке")).count();
            assert_eq!(reminders, told, "each reminder once");
        }
        app.press_data(&bot, OWNER, "pay_queue", "Перевод по счёту №").await;
        app.finish().await;
    });
}
