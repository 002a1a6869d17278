//! A29: one line of a handler that breaks. A51: what was left for 31 minutes is over.

use std::time::Duration;

use botyard::domain::Corr;
use botyard::telemetry::LogCapture;
use sqlx::AssertSqlSafe;

use super::{begun, data_of, forge, newest, story};
use crate::util::app::TestApp;

/// Changes the person's session behind the program's back.
async fn spoil(app: &TestApp, sql: &str) {
    let pool = app.app.platform.db.raw_sqlite().unwrap();
    assert_eq!(sqlx::query(AssertSqlSafe(sql.to_owned())).execute(pool).await.unwrap().rows_affected(), 1);
}

#[test]
fn a29_a_handler_that_breaks_apologises_with_a_corr_id_and_leaves_one_line() {
    story(async |test| {
        let logs = LogCapture::of_process("info");
        let (app, bot, anna) = begun(&test, &[]).await;
        app.say(&bot, anna, "/generate z-image", "Шаг 1").await;
        let step = newest(&app, &bot, anna).await.id;
        app.settled(&bot, anna).await;
        // Bytes that nobody sealed: whoever reads them fails.
        spoil(&app, "UPDATE sessions SET sealed = x'0102030405'").await;
        let before = app.version(&bot, anna).await;
        let answer = forge(&app, &bot, anna, step, "check_balance").await;
        assert_eq!((answer.text.as_deref(), answer.show_alert), (Some("⚠️ Техническая ошибка"), true));
        let sorry = app.hear(&bot, anna, before, "⚠️ Временный сбой, вернул в меню. Лог: ").await;
        let corr = sorry.text().trim_end_matches('.').rsplit(' ').next().unwrap().to_owned();
        assert!(corr.len() == 12 && Corr::parse(&corr).is_some() && !corr.contains("101"), "{corr}");
        for data in ["show_models", "check_balance", "help_menu", "my_generations", "back_to_menu"] {
            assert!(data_of(&sorry).contains(&data.to_owned()), "{data}: {:?}", sorry.buttons());
        }
        let lines: Vec<_> = logs
            .lines()
            .into_iter()
            .filter(|line| line["message"] == "ROUTER_FAIL" && line["corr"] == corr.as_str())
            .collect();
        assert_eq!(lines.len(), 1, "{lines:#?}");
        assert_eq!(lines[0]["tenant"], bot.id.as_str());
        // The person is not locked out for ever by a row that cannot be read.
        spoil(&app, "DELETE FROM sessions").await;
        app.say(&bot, anna, "/start", "Доступно: 500 ₽").await;
        app.finish().await;
    });
}

#[test]
fn a51_after_31_idle_minutes_the_next_button_or_text_says_so_once_and_shows_the_menu() {
    story(async |test| {
        let (app, bot, anna) = begun(&test, &[]).await;
        let idle = async |minutes: u64| {
            app.settled(&bot, anna).await;
            let passed = Duration::from_secs(minutes * 60).as_millis();
            spoil(&app, &format!("UPDATE sessions SET touched_at = touched_at - {passed}")).await;
        };
        app.say(&bot, anna, "/generate z-image", "Шаг 1").await;
        idle(29).await;
        app.say(&bot, anna, "Рыжий кот", "Шаг 2").await;
        idle(31).await;
        let step = newest(&app, &bot, anna).await.id;
        let before = app.version(&bot, anna).await;
        forge(&app, &bot, anna, step, "set_param:aspect_ratio:16:9").await;
        let menu = app.hear(&bot, anna, before, "⌛ Прошло больше 30 минут, шаг устарел. Начните заново.").await;
        assert!(data_of(&menu).contains(&"referral_info".to_owned()), "{:?}", menu.buttons());
        app.say(&bot, anna, "16:9", "💡 Выберите действие из меню.").await;

        app.say(&bot, anna, "/generate z-image", "Шаг 1").await;
        idle(31).await;
        app.say(&bot, anna, "Рыжий кот", "⌛ Прошло больше 30 минут").await;
        let again = app.say(&bot, anna, "Рыжий кот", "💡 Выберите действие из меню.").await;
        assert!(!again.text().contains("30 минут"), "{}", again.text());

        // The mark of it stays for seven days, and no longer.
        app.say(&bot, anna, "/generate z-image", "Шаг 1").await;
        idle(6 * 24 * 60).await;
        app.say(&bot, anna, "Рыжий кот", "⌛ Прошло больше 30 минут").await;
        app.say(&bot, anna, "/generate z-image", "Шаг 1").await;
        idle(7 * 24 * 60 + 31).await;
        let forgotten = app.say(&bot, anna, "Рыжий кот", "💡 Выберите действие из меню.").await;
        assert!(!forgotten.text().contains("30 минут"), "{}", forgotten.text());
        app.finish().await;
    });
}
