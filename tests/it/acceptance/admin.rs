//! A10–A18, A58, A103, A105: commands of admins, roles, errors, credits by hand, privacy.

use botyard::accounts::audit::{self, Chain};
use botyard::domain::settings::TenantSettings;
use botyard::domain::transfer::Account;
use botyard::domain::{Corr, UserId};
use botyard::sandbox::wire::{ChatMessage, PressAnswer};
use botyard::store::{Counter, ErrorEntry};

use super::story;
use crate::util::app::{OWNER, PATIENCE, TestApp, TestBot};
use crate::util::db::{TestDb, on_each_db};

const ANNA: i64 = 101;

/// A bot whose owner and one user have pressed /start.
async fn peopled(test: &TestDb) -> (TestApp, TestBot, UserId) {
    let app = TestApp::start(&test.url).await;
    let bot = app.bot("first", 1, TenantSettings::default()).await;
    let anna = app.person(ANNA, "Anna", "ru").await;
    app.person(OWNER.0, "Olga", "ru").await;
    app.say(&bot, anna, "/start", "Доступно").await;
    app.say(&bot, OWNER, "/start", "Доступно").await;
    (app, bot, anna)
}

async fn forge(app: &TestApp, bot: &TestBot, user: UserId, message: i64, data: &str) -> PressAnswer {
    app.world.press_forged(&bot.username, user.0, message, data, PATIENCE).await.unwrap()
}

async fn newest(app: &TestApp, bot: &TestBot, user: UserId) -> ChatMessage {
    let messages = app.world.messages(&bot.username, user.0).await.unwrap();
    messages.into_iter().rev().find(|m| m.from_bot).unwrap()
}

async fn picture(app: &TestApp, bot: &TestBot, user: UserId, prompt: &str) -> ChatMessage {
    app.say(bot, user, "/generate z-image", "Шаг 1").await;
    app.say(bot, user, prompt, "Шаг 2").await;
    let confirm = app.press(bot, user, "16:9", "Проверьте заказ").await;
    let before = app.version(bot, user).await;
    app.press_only(bot, user, "✅ Генерировать").await;
    app.hear(bot, user, before, "✅ Z-Image").await;
    confirm
}

/// What somebody who is no admin must not bring about.
const ADMIN_COMMANDS: [&str; 13] = [
    "/admin",
    "/admin 101",
    "/admin corr 0123456789AB",
    "/admin last_errors",
    "/payments",
    "/block_user 900",
    "/unblock_user 900",
    "/user_balance 101",
    "/add_admin 101",
    "/admin preflight",
    "/admin info",
    "/selftest",
    "/config_check",
];

const ADMIN_PRESSES: [&str; 22] = [
    "admin_stats",
    "admin_back_to_admin",
    "adm:users",
    "admin_diag:errors",
    "admin_view_generations",
    "admin_gen_nav:next",
    "admin_gen_view:abcdefghijkl",
    "admin_settings",
    "admin_config_check",
    "admin_set_currency_rate",
    "admin_toggle:hide_prompts",
    "admin_search",
    "admin_user_mode",
    "admin_user_info:101",
    "admin_topup_user:101",
    "admin_topup_ok:abcdefghijklmnop",
    "admin_block:900",
    "admin_unblock:900",
    "admin_payments",
    "view_payment_screenshots",
    "pay_queue",
    "pg:users:0",
];

#[test]
fn a10_every_command_of_admins_answers_an_admin_visibly() {
    story(async |test| {
        let (app, bot, anna) = peopled(&test).await;
        for (command, part) in [
            ("/admin", "Панель администратора"),
            ("/admin 101", "Пользователь"),
            ("/admin @nobody", "❌ Запись не найдена."),
            ("/admin 12ab", "❌ Неверный формат user_id. Используйте число."),
            ("/admin what", "Использование: /admin"),
            ("/admin corr XXXX", "❌ Запись с этим corr-id не найдена."),
            ("/admin last_errors", "✅ Ошибок не зафиксировано."),
            ("/admin preflight", "READY"),
            ("/admin info", "@first_bot"),
            ("/selftest", "Самопроверка"),
            ("/config_check", "Проверка настроек"),
            ("/payments", "Платежей пока нет."),
            ("/user_balance 101", "Не заблокирован"),
            ("/user_balance", "❌ Неверный формат user_id."),
            ("/block_user 101 спам", "✅ Пользователь 101 заблокирован."),
            ("/unblock_user 101", "✅ Пользователь 101 разблокирован."),
            ("/block_user 900", "❌ Администратора нельзя заблокировать."),
            ("/block_user 12345", "❌ Запись не найдена."),
            ("/panel", "Ссылка для входа в панель"),
        ] {
            app.say(&bot, OWNER, command, part).await;
        }
        for command in ["/status", "/privacy", "/paysupport", "/language", "/help", "/balance", "/models", "/generate"]
        {
            for user in [anna, OWNER] {
                let before = app.version(&bot, user).await;
                app.world.send_text(&bot.username, user.0, command).await.unwrap();
                app.hear(&bot, user, before, "").await;
            }
        }
        app.finish().await;
    });
}

#[test]
fn a11_what_is_the_admins_or_the_owners_stays_theirs() {
    story(async |test| {
        let (app, bot, anna) = peopled(&test).await;
        let menu = newest(&app, &bot, anna).await.id;
        for command in ADMIN_COMMANDS {
            app.say(&bot, anna, command, "❌ Эта команда доступна только администратору.").await;
        }
        for data in ADMIN_PRESSES {
            let answer = forge(&app, &bot, anna, menu, data).await;
            assert_eq!(answer.text.as_deref(), Some("Эта функция доступна только администратору."), "{data}");
            assert!(answer.show_alert, "{data}");
        }
        // A second admin may look, and is no owner.
        let ben = app.person(102, "Ben", "ru").await;
        app.say(&bot, ben, "/start", "Доступно").await;
        app.say(&bot, OWNER, "/add_admin 102", "теперь администратор").await;
        app.say(&bot, ben, "/add_admin 101", "❌ Эта команда доступна только главному администратору.").await;
        let panel = app.say(&bot, ben, "/admin", "Панель администратора").await;
        for data in ["admin_set_currency_rate", "admin_toggle:hide_prompts"] {
            let answer = forge(&app, &bot, ben, panel.id, data).await;
            assert_eq!(
                answer.text.as_deref(),
                Some("❌ Эта команда доступна только главному администратору."),
                "{data}"
            );
        }
        let mut tx = app.app.platform.db.tenant_read(&bot.id).await.unwrap();
        assert_eq!(tx.admin_role(anna).await.unwrap(), None);
        assert!(tx.user_get(anna).await.unwrap().unwrap().blocked_at.is_none());
        assert_eq!(tx.audit_last(i64::MAX, 50).await.unwrap().len(), 1, "one act: the role that was granted");
        drop(tx);
        app.finish().await;
    });
}

#[test]
fn a12_a_command_is_a_command_while_the_menu_asks_for_something() {
    story(async |test| {
        let (app, bot, _) = peopled(&test).await;
        app.say(&bot, OWNER, "/admin 101", "Пользователь").await;
        app.press(&bot, OWNER, "➕ Начислить", "Сколько начислить").await;
        app.say(&bot, OWNER, "/help", "/models").await;
        app.say(&bot, OWNER, "150", "Причина начисления").await;
        app.say(&bot, OWNER, "/balance", "Доступно").await;
        // The reason was asked and the command was not it.
        app.say(&bot, OWNER, "за отзыв", "Начислить 150 ₽ пользователю 101? Причина: за отзыв").await;
        app.say(&bot, OWNER, "отмена", "✅ Операция отменена.").await;
        assert_eq!(app.balance(&bot, UserId(ANNA)).await.available.as_kopecks(), 0);
        app.finish().await;
    });
}

#[test]
fn a13_start_and_admin_in_the_middle_of_a_wizard_reset_it() {
    story(async |test| {
        let (app, bot, _) = peopled(&test).await;
        for (command, part) in [("/start", "Доступно"), ("/admin", "Панель администратора")]
        {
            app.say(&bot, OWNER, "/generate z-image", "Шаг 1").await;
            app.say(&bot, OWNER, command, part).await;
            app.say(&bot, OWNER, "кот", "💡 Выберите действие из меню.").await;
        }
        app.finish().await;
    });
}

#[test]
fn a15_a_granted_role_counts_at_once() {
    story(async |test| {
        let (app, bot, anna) = peopled(&test).await;
        app.say(&bot, OWNER, "/add_admin 555", "Пользователь ещё не запускал бота.").await;
        let before = app.version(&bot, anna).await;
        app.say(&bot, OWNER, "/add_admin 101", "✅ Пользователь 101 теперь администратор.").await;
        app.hear(&bot, anna, before, "Вам дали права администратора").await;
        app.say(&bot, anna, "/admin", "Панель администратора").await;
        app.say(&bot, OWNER, "/add_admin 101", "уже администратор").await;
        let confirm = picture(&app, &bot, anna, "кот").await;
        assert!(confirm.text().contains("Админ"), "{}", confirm.text());
        app.say(&bot, anna, "/panel", "Ссылка для входа в панель").await;
        // The command list stands in the chat's own scope.
        let seen = async |user: UserId| -> Vec<String> {
            let view = app.world.chat(&bot.username, user.0).await.unwrap();
            view.commands.iter().map(|c| c["command"].as_str().unwrap().to_owned()).collect()
        };
        let began = std::time::Instant::now();
        while !seen(anna).await.contains(&"admin".to_owned()) {
            assert!(began.elapsed() < PATIENCE, "{:?}", seen(anna).await);
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        assert_eq!(seen(anna).await.len(), 15);
        let eve = app.person(666, "Eve", "ru").await;
        app.say(&bot, eve, "/start", "Доступно").await;
        assert_eq!(seen(eve).await.len(), 9);
        app.finish().await;
    });
}

#[test]
fn a16_an_error_is_found_by_its_id_in_any_case() {
    story(async |test| {
        let (app, bot, _) = peopled(&test).await;
        let corr = provoke(&app, &bot, "кот в сапогах").await;
        let found = app.say(&bot, OWNER, &format!("/admin corr {}", corr.to_lowercase()), "Ошибка по corr-id").await;
        assert!(found.text().contains(&corr) && found.text().contains("💡"), "{}", found.text());
        assert!(!found.text().contains("сапогах"), "{}", found.text());
        app.say(&bot, OWNER, "/admin corr 0000000000ZZ", "❌ Запись с этим corr-id не найдена.").await;
        app.finish().await;
    });
}

#[test]
fn a17_the_last_errors_are_the_ten_newest_of_this_bot_and_survive_a_restart() {
    story(async |test| {
        let (app, bot, _) = peopled(&test).await;
        let other = app.bot("second", 2, TenantSettings::default()).await;
        let mut ids = Vec::new();
        for n in 0..12 {
            let corr = Corr::random();
            let entry = ErrorEntry {
                corr: &corr,
                stage: "handler",
                handler: "/models",
                class: "other",
                message: "planted",
                update_id: None,
            };
            let mut tx = app.app.platform.db.tenant(&bot.id).await.unwrap();
            tx.error_put(&entry, app.app.platform.clock.now()).await.unwrap();
            tx.commit().await.unwrap();
            ids.push((n, corr));
        }
        let app = app.restart().await;
        let list = app.say(&bot, OWNER, "/admin last_errors", "Последние ошибки").await;
        for (n, corr) in &ids {
            assert_eq!(list.text().contains(corr.as_str()), *n >= 2, "{n}: {}", list.text());
        }
        app.say(&other, OWNER, "/admin last_errors", "✅ Ошибок не зафиксировано.").await;
        app.finish().await;
    });
}

#[test]
fn a18_a_section_that_fails_hides_no_other() {
    story(async |test| {
        let (app, bot, _) = peopled(&test).await;
        let whole = app.say(&bot, OWNER, "/admin preflight", "Preflight").await;
        let sections = ["База данных", "Бот в базе", "Пользователи", "Балансы", "Бесплатные лимиты", "Генерации"];
        let more = ["Резервы", "Оплата", "Журнал денег", "Запись и чтение"];
        for name in sections.iter().chain(&more) {
            assert!(whole.text().contains(&format!("✅ {name} — OK")), "{name}: {}", whole.text());
        }
        let pool = app.app.platform.db.raw_sqlite().unwrap();
        sqlx::query("ALTER TABLE storage_probes RENAME TO storage_probes_away").execute(pool).await.unwrap();
        let broken = app.say(&bot, OWNER, "/admin preflight", "FAIL").await;
        sqlx::query("ALTER TABLE storage_probes_away RENAME TO storage_probes").execute(pool).await.unwrap();
        for name in ["База данных", "Запись и чтение"] {
            assert!(broken.text().contains(&format!("❌ {name} — FAIL")), "{name}: {}", broken.text());
        }
        for name in ["Пользователи", "Балансы", "Бесплатные лимиты", "Журнал денег"]
        {
            assert!(broken.text().contains(&format!("✅ {name} — OK")), "{name}: {}", broken.text());
        }
        assert!(broken.text().contains("💡"), "{}", broken.text());
        app.finish().await;
    });
}

/// Makes a handler fail; gives the id that the person reads.
async fn provoke(app: &TestApp, bot: &TestBot, text: &str) -> String {
    let pool = app.app.platform.db.raw_sqlite().unwrap();
    sqlx::query("ALTER TABLE free_days RENAME TO free_days_away").execute(pool).await.unwrap();
    app.world.send_text(&bot.username, ANNA, text).await.unwrap();
    let said = app.world.wait_text(&bot.username, ANNA, "Временный сбой", PATIENCE).await.unwrap();
    sqlx::query("ALTER TABLE free_days_away RENAME TO free_days").execute(pool).await.unwrap();
    let after = said.text().split("Лог: ").nth(1).unwrap();
    after.chars().take(12).collect()
}

#[test]
fn a58_an_admin_pays_nothing_and_in_user_mode_what_a_user_pays() {
    story(async |test| {
        let (app, bot, _) = peopled(&test).await;
        let confirm = picture(&app, &bot, OWNER, "кот").await;
        assert!(confirm.text().contains("Админ: безлимитные"), "{}", confirm.text());
        let mut tx = app.app.platform.db.tenant_read(&bot.id).await.unwrap();
        let owner = tx.user_get(OWNER).await.unwrap().unwrap();
        let today = app.app.platform.tenants.get(&bot.id).unwrap().today(app.app.platform.clock.now());
        assert_eq!(tx.free_left_parts(&owner.user_ref, &today).await.unwrap(), (0, 0));
        assert_eq!(tx.generations_of_user(OWNER).await.unwrap(), 1, "history is written");
        drop(tx);
        app.say(&bot, OWNER, "/admin", "Панель администратора").await;
        app.press(&bot, OWNER, "👁 Режим пользователя", "👁 Режим пользователя. Выход: /admin").await;
        let confirm = picture(&app, &bot, OWNER, "пёс").await;
        assert!(confirm.text().contains("БЕСПЛАТНАЯ ГЕНЕРАЦИЯ"), "{}", confirm.text());
        let mut tx = app.app.platform.db.tenant_read(&bot.id).await.unwrap();
        assert_eq!(tx.free_left_parts(&owner.user_ref, &today).await.unwrap(), (1, 0));
        drop(tx);
        // A model that is not free takes the admin's own money.
        app.credit(&bot, OWNER, botyard::domain::Money::kopecks(1_000)).await;
        app.say(&bot, OWNER, "/generate seedream/4.5-text-to-image", "Шаг 1").await;
        app.say(&bot, OWNER, "лес", "Шаг 2").await;
        app.press(&bot, OWNER, "1:1", "Шаг 3").await;
        app.press_data(&bot, OWNER, "quality:basic", "Цена: 5.11 ₽").await;
        let before = app.version(&bot, OWNER).await;
        app.press_only(&bot, OWNER, "✅ Генерировать").await;
        app.hear(&bot, OWNER, before, "✅ Seedream").await;
        assert_eq!(app.balance(&bot, OWNER).await.available.as_kopecks(), 1_000 - 511);
        // Admin commands answer, and /admin ends it.
        app.say(&bot, OWNER, "/payments", "Платежей пока нет.").await;
        app.say(&bot, OWNER, "/admin", "Панель администратора").await;
        app.say(&bot, OWNER, "/start", "Админ: безлимитные").await;
        app.finish().await;
    });
}

on_each_db! {
    async fn a103_a_credit_by_hand_needs_reason_and_confirmation_and_comes_once(test: TestDb) {
        let (app, bot, anna) = peopled(&test).await;
        app.say(&bot, OWNER, "/admin @Anna", "Запись не найдена").await;
        app.say(&bot, OWNER, "/admin 101", "Пользователь").await;
        app.press(&bot, OWNER, "➕ Начислить", "Сколько начислить").await;
        for bad in ["0", "-5", "100001", "1.234", "много"] {
            app.say(&bot, OWNER, bad, "❌ Нужна сумма от 0.01 до 100 000 ₽").await;
        }
        app.say(&bot, OWNER, "150", "Причина начисления 150 ₽").await;
        app.say(&bot, OWNER, "ок", "❌ Причина — от 3 до 200 символов.").await;
        let confirm = app.say(&bot, OWNER, "за <b>отзыв", "Начислить 150 ₽ пользователю 101? Причина: за <b>отзыв").await;
        assert_eq!(app.balance(&bot, anna).await.available.as_kopecks(), 0, "nothing before the button");
        app.say(&bot, OWNER, "да", "👆 Выберите вариант кнопкой").await;
        let data = confirm.buttons().into_iter().find(|(_, data)| data.starts_with("admin_topup_ok:")).unwrap().1;

        let before = app.version(&bot, anna).await;
        let presses = (0..4).map(|_| forge(&app, &bot, OWNER, confirm.id, &data));
        let answers = futures::future::join_all(presses).await;
        let again = answers.iter().filter(|a| a.text.as_deref() == Some("Уже выполнено.")).count();
        assert_eq!(again, 3, "{answers:?}");
        app.hear(&bot, anna, before, "💳 Администратор начислил 150 ₽.").await;
        assert_eq!(app.balance(&bot, anna).await.available.as_kopecks(), 15_000);

        let mut tx = app.app.platform.db.tenant_read(&bot.id).await.unwrap();
        let row = tx.user_get(anna).await.unwrap().unwrap();
        assert_eq!(tx.paid_total(&Account::User(row.user_ref)).await.unwrap(), (0, 0), "no payment, no revenue");
        let totals = tx.counters_total().await.unwrap();
        assert_eq!((totals.get(Counter::ManualCredits), totals.get(Counter::Revenue)), (15_000, 0));
        let entry = tx.audit_last(i64::MAX, 1).await.unwrap().remove(0);
        assert_eq!((entry.action.as_str(), entry.object.as_str()), ("manual_credit", "user:101"));
        assert_eq!((entry.actor.as_str(), entry.reason.as_deref()), ("user:900", Some("за <b>отзыв")));
        assert_eq!((entry.was.as_deref(), entry.became.as_deref()), (Some("0 ₽"), Some("150 ₽")));
        assert!(matches!(audit::verify(&mut tx).await.unwrap(), Chain::Whole(n) if n >= 1));
        drop(tx);
        app.finish().await;
    }
}

#[test]
fn a105_hidden_prompts_hide_prompts_and_results() {
    story(async |test| {
        let (app, bot, anna) = peopled(&test).await;
        picture(&app, &bot, anna, "тайный кот").await;
        picture(&app, &bot, anna, "второй кот").await;
        app.say(&bot, OWNER, "/admin", "Панель администратора").await;
        let shown = app.press(&bot, OWNER, "📚 Генерации", "№ 1 из 2").await;
        assert!(shown.text().contains("второй кот") && shown.text().contains("101"), "{}", shown.text());
        let older = app.press(&bot, OWNER, "▶️", "№ 2 из 2").await;
        assert!(older.text().contains("тайный кот"), "{}", older.text());
        app.press(&bot, OWNER, "▶️", "№ 1 из 2").await;
        let before = app.version(&bot, OWNER).await;
        app.press_only(&bot, OWNER, "👁️ Результат").await;
        app.hear(&bot, OWNER, before, "Z-Image").await;

        app.press(&bot, OWNER, "🔙 Админ-меню", "Панель администратора").await;
        app.press(&bot, OWNER, "⚙️ Настройки", "Скрывать запросы: выкл").await;
        app.press_data(&bot, OWNER, "admin_toggle:hide_prompts", "Скрывать запросы: вкл").await;
        app.say(&bot, OWNER, "/admin", "Панель администратора").await;
        let hidden = app.press(&bot, OWNER, "📚 Генерации", "№ 1 из 2").await;
        assert!(hidden.text().contains("скрыто") && !hidden.text().contains("кот"), "{}", hidden.text());
        let older = app.press(&bot, OWNER, "▶️", "№ 2 из 2").await;
        assert!(!older.text().contains("кот"), "{}", older.text());
        let view = older.buttons().into_iter().find(|(_, data)| data.starts_with("admin_gen_view:")).unwrap().1;
        let answer = forge(&app, &bot, OWNER, older.id, &view).await;
        assert_eq!(answer.text.as_deref(), Some("Просмотр скрыт настройкой приватности."));

        let mut tx = app.app.platform.db.tenant_read(&bot.id).await.unwrap();
        let views = tx.audit_last(i64::MAX, 50).await.unwrap();
        assert_eq!(views.iter().filter(|row| row.action == "generation_viewed").count(), 6, "each opening is audited");
        let switched = views.iter().find(|row| row.action == "setting_changed").unwrap();
        assert_eq!((switched.was.as_deref(), switched.became.as_deref()), (Some("false"), Some("true")));
        drop(tx);
        app.finish().await;
    });
}

#[test]
fn the_rate_is_set_by_its_rule_and_lasts() {
    story(async |test| {
        let (app, bot, _) = peopled(&test).await;
        app.say(&bot, OWNER, "/admin", "Панель администратора").await;
        app.press(&bot, OWNER, "⚙️ Настройки", "1 USD = 78.57 ₽").await;
        app.press(&bot, OWNER, "💱 Курс", "Сколько рублей в долларе").await;
        for bad in ["0.5", "1001", "1.23456", "сто"] {
            app.say(&bot, OWNER, bad, "❌ Нужно число от 1 до 1000").await;
        }
        app.say(&bot, OWNER, "91,5", "1 USD = 91.50 ₽").await;
        let app = app.restart().await;
        let tenant = app.app.platform.tenants.get(&bot.id).unwrap();
        assert_eq!(tenant.settings.currency_rate.to_string(), "91.50");
        app.finish().await;
    });
}

#[test]
fn a_letter_reaches_a_person_and_the_answer_comes_back() {
    story(async |test| {
        let (app, bot, anna) = peopled(&test).await;
        app.say(&bot, OWNER, "/admin 101", "Пользователь").await;
        app.press(&bot, OWNER, "✉️ Написать", "Что написать пользователю").await;
        let before = app.version(&bot, anna).await;
        app.say(&bot, OWNER, "Как вам <бот>?", "✅ Сообщение пользователю 101 отправлено.").await;
        app.hear(&bot, anna, before, "Как вам <бот>?").await;
        app.press(&bot, anna, "↩️ Ответить", "Напишите ответ одним сообщением").await;
        let before = app.version(&bot, OWNER).await;
        app.say(&bot, anna, "Отлично", "✅ Ответ передан администратору.").await;
        let answer = app.hear(&bot, OWNER, before, "Отлично").await;
        assert!(answer.text().contains("101"), "{}", answer.text());
        app.finish().await;
    });
}

#[test]
fn a_blocked_person_is_told_so_and_loses_the_draft() {
    story(async |test| {
        let (app, bot, anna) = peopled(&test).await;
        app.say(&bot, anna, "/generate z-image", "Шаг 1").await;
        app.say(&bot, OWNER, "/admin 101", "Не заблокирован").await;
        app.press(&bot, OWNER, "🚫 Заблокировать", "🚫 Заблокирован с").await;
        app.say(&bot, anna, "кот", "❌ Ваш аккаунт заблокирован.").await;
        app.press(&bot, OWNER, "✅ Разблокировать", "Не заблокирован").await;
        app.say(&bot, anna, "кот", "💡 Выберите действие из меню.").await;
        let mut tx = app.app.platform.db.tenant_read(&bot.id).await.unwrap();
        let acts: Vec<_> = tx.audit_of_object("user:101", 9).await.unwrap().into_iter().map(|row| row.action).collect();
        assert_eq!(acts, ["user_unblocked", "user_blocked"]);
        drop(tx);
        app.finish().await;
    });
}
