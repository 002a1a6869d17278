//! A71–A83: from the press of «✅ Генерировать» to an end, whatever the provider does. A81, the kills, is the crash suite's
//! (`tests/it/crash`).

use std::time::Duration;

use botyard::domain::settings::TenantSettings;
use botyard::domain::{GenerationState as State, Money};
use botyard::sandbox::wire::{Callbacks, ChatMessage, Drop, FaultAnswer, KieFault, Outcome, TaskFault};

use super::driver::{Driver, Scene};
use super::story;
use crate::util::app::{OWNER, PATIENCE};
use crate::util::db::{TestDb, on_each_db};

const PRICE: Money = Money::kopecks(63);
const ALL: Money = Money::kopecks(50_000);

async fn paying(test: &TestDb, more: &[(&str, &str)]) -> Scene {
    Scene::with(test, TenantSettings { free_per_day: 0, ..TenantSettings::default() }, more).await
}

/// Given up after this long; the notices before it come sooner.
const GIVEN_UP: &[(&str, &str)] = &[
    ("generation.soft_image", "300 ms"),
    ("generation.soft_video", "300 ms"),
    ("generation.soft_other", "300 ms"),
    ("generation.late_notice", "500 ms"),
    ("generation.hard_limit", "1500 ms"),
];

fn slow(ms: u64) -> TaskFault {
    TaskFault { delay_ms: Some(ms), ..TaskFault::default() }
}

async fn tasks(scene: &Scene) -> usize {
    scene.app.world.kie_tasks().await.unwrap().len()
}

async fn count(scene: &Scene, part: &str) -> usize {
    scene.said().await.iter().filter(|m| m.text().contains(part)).count()
}

/// Nothing was taken and nothing is held.
async fn untouched(scene: &Scene) {
    assert_eq!((scene.available().await, scene.held().await), (ALL, Money::ZERO));
}

#[test]
fn a71_the_press_is_answered_at_once_and_the_result_comes_by_itself() {
    story(async |test| {
        let scene = paying(&test, &[]).await;
        scene.next_tasks(1, slow(1_500)).await;
        let order = scene.order("z-image", &[]).await;
        let answer = scene.forge_at(&order, "confirm_generate").await;
        assert!(answer.answered);
        let row = scene.until(|row| row.provider_task_id.is_some()).await;
        assert!(matches!(row.state, State::Queued | State::Running), "{:?}", row.state);
        assert_eq!(scene.held().await, PRICE);
        let shown: ChatMessage = scene.said().await.into_iter().find(|m| m.id == order.id).unwrap();
        let buttons: Vec<String> = shown.buttons().into_iter().map(|(label, _)| label).collect();
        assert!(
            buttons.contains(&"📊 Статус".to_owned()) && buttons.contains(&"❌ Отменить".to_owned()),
            "{buttons:?}"
        );
        scene.press("📊 Статус", "Z-Image").await;
        scene.until_said("Баланс: 499.37 ₽", 1).await;
        let messages = scene.said().await;
        let ended = messages.iter().find(|m| m.id == order.id).unwrap();
        assert!(ended.edits >= 2, "the confirmation became the progress, which was edited");
        assert_eq!(messages.iter().filter(|m| m.json.get("photo").is_some()).count(), 1);
        scene.finish().await;
    });
}

on_each_db! {
    async fn a72_twenty_presses_at_once_make_one_generation(test: TestDb) {
        let scene = paying(&test, &[]).await;
        scene.next_tasks(1, slow(800)).await;
        let order = scene.order("z-image", &[]).await;
        let presses = (0..20).map(|_| scene.forge_at(&order, "confirm_generate"));
        let answers = futures::future::join_all(presses).await;
        let running = answers.iter().filter(|a| a.text.as_deref() == Some("Генерация уже запущена")).count();
        assert_eq!(running, 19, "{answers:?}");
        scene.until_said("Баланс: 499.37 ₽", 1).await;
        assert_eq!((tasks(&scene).await, scene.generations().await.len()), (1, 1));
        let mut tx = scene.app.platform().db.tenant_read(&scene.bot.id).await.unwrap();
        let row = tx.generation_get(&scene.generations().await[0].id).await.unwrap().unwrap();
        let moved = tx.transfers_of_corr(&row.corr).await.unwrap();
        drop(tx);
        let kinds: Vec<&str> = moved.iter().map(|t| t.kind.as_str()).collect();
        assert_eq!(kinds, ["pending", "post"]);
        scene.finish().await;
    }

    async fn a74_without_money_the_provider_is_not_called_and_a_rouble_is_spent_once(test: TestDb) {
        let scene = paying(&test, &[]).await;
        let poor = scene.app.person(102, "Ben", "ru").await;
        scene.app.say(&scene.bot, poor, "/start", "Доступно: 0 ₽").await;
        let told = scene.app.say(&scene.bot, poor, "/generate seedream/4.5-text-to-image", "Недостаточно средств").await;
        assert!(told.text().contains("Нужно 5.11 ₽, доступно 0 ₽"), "{}", told.text());
        assert_eq!(tasks(&scene).await, 0);

        // Enough for one of two: a newer offer withdraws the older one, so however the presses fall, one is spent at most.
        scene.app.credit(&scene.bot, poor, Money::kopecks(600)).await;
        let driver = Driver::new(&scene, poor);
        let first = driver.order("seedream/4.5-text-to-image", &[("prompt", "Один")]).await;
        let second = driver.order("seedream/4.5-text-to-image", &[("prompt", "Два")]).await;
        let press = |message: i64| {
            let world = &scene.app.world;
            world.press_forged(&scene.bot.username, poor.0, message, "confirm_generate", PATIENCE)
        };
        let (a, b) = tokio::join!(press(first.id), press(second.id));
        assert!(a.unwrap().answered && b.unwrap().answered);
        scene.app.settled(&scene.bot, poor).await;
        let started = scene.generations_of(poor).await.len();
        assert!(started <= 1, "{started} generations for the price of one");
        let balance = scene.app.balance(&scene.bot, poor).await;
        let spent = i64::try_from(started).unwrap() * 511;
        assert_eq!(balance.available, Money::kopecks(600 - spent));
        scene.finish().await;
    }

    async fn a75_every_bad_end_gives_the_money_back_in_full_and_says_so(test: TestDb) {
        let scene = paying(&test, GIVEN_UP).await;
        let fails = Outcome::Fail { code: "501".to_owned(), msg: "generation failed".to_owned() };
        for (outcome, said) in [
            (fails, "❌ Генерация не завершилась. Деньги не списаны."),
            (Outcome::Empty, "⚠️ Пришёл пустой результат. Деньги не списаны."),
            (Outcome::Html, "⚠️ Пришёл пустой результат. Деньги не списаны."),
            (Outcome::Never, "⌛ Не дождался результата за 15 минут. Деньги не списаны."),
        ] {
            scene.next_outcome(outcome.clone()).await;
            scene.order("z-image", &[]).await;
            let told = scene.start(said).await;
            assert!(told.buttons().iter().any(|(_, data)| data.starts_with("retry_generate:")), "{outcome:?}");
            let ends = |m: &ChatMessage| m.buttons().iter().any(|(_, data)| data.starts_with("cancel:"));
            assert!(!scene.said().await.iter().any(ends), "a message of the ended generation offers to cancel it");
            untouched(&scene).await;
        }
        scene.next_tasks(1, slow(1_000)).await;
        scene.order("z-image", &[]).await;
        scene.app.press_only(&scene.bot, scene.anna, "✅ Генерировать").await;
        scene.until(|row| row.provider_task_id.is_some()).await;
        scene.press("❌ Отменить", "❌ Отменено. Деньги не списаны.").await;
        untouched(&scene).await;
        assert!(scene.generations().await.iter().all(|row| row.charged == Money::ZERO));
        scene.stop().await;
    }
}

#[test]
fn a73_equal_orders_of_a_moment_join_and_different_or_later_ones_do_not() {
    story(async |test| {
        let scene = paying(&test, &[]).await;
        scene.next_tasks(2, slow(1_500)).await;
        scene.order("z-image", &[("aspect_ratio", "1:1")]).await;
        scene.app.press_only(&scene.bot, scene.anna, "✅ Генерировать").await;
        scene.until(|row| row.provider_task_id.is_some()).await;
        let twin = scene.order("z-image", &[("aspect_ratio", "1:1")]).await;
        assert_eq!(scene.forge_at(&twin, "confirm_generate").await.text.as_deref(), Some("Генерация уже запущена"));
        assert_eq!((scene.generations().await.len(), scene.held().await), (1, PRICE));
        let other = scene.order("z-image", &[("aspect_ratio", "16:9")]).await;
        scene.forge_at(&other, "confirm_generate").await;
        assert_eq!(scene.generations().await.len(), 2);
        scene.until_said("· Баланс:", 2).await;
        scene.order("z-image", &[("aspect_ratio", "1:1")]).await;
        scene.start("· Баланс:").await;
        assert_eq!((scene.generations().await.len(), tasks(&scene).await), (3, 3));
        scene.finish().await;
    });
}

#[test]
fn a76_a_creation_without_an_answer_is_not_repeated_and_becomes_an_orphan() {
    story(async |test| {
        let scene = paying(&test, &[("generation.orphan_limit", "700 ms")]).await;
        let answer = FaultAnswer { drop: Some(Drop::After), ..FaultAnswer::default() };
        let task = TaskFault { callbacks: Callbacks::Off, ..TaskFault::default() };
        let fault = KieFault { times: 1, answer, task: Some(task), ..KieFault::default() };
        scene.app.world.inject_kie(&fault).await.unwrap();
        scene.order("z-image", &[]).await;
        let told = scene.start("⚠️ Генерация зависла до запуска. Деньги не списаны.").await;
        assert_eq!(tasks(&scene).await, 1, "the call was not repeated");
        untouched(&scene).await;
        let gid = scene.generations().await[0].id.clone();
        assert!(told.buttons().iter().any(|(_, data)| *data == format!("retry_generate:{}", gid.short())));
        scene.press("🔁 Повторить", "Проверьте заказ").await;
        scene.start("Баланс: 499.37 ₽").await;
        scene.finish().await;
    });
}

#[test]
fn a77_what_takes_long_is_told_once_goes_on_and_is_charged_when_it_comes() {
    story(async |test| {
        let scene = paying(&test, &[("generation.soft_image", "400 ms"), ("generation.late_notice", "900 ms")]).await;
        scene.next_tasks(1, slow(2_500)).await;
        let order = scene.order("z-image", &[]).await;
        scene.start("⏳ Продолжаю в фоне — пришлю результат сюда").await;
        scene.until_said("⏳ Генерация занимает больше обычного. Можно закрыть чат — пришлю результат сюда.", 1).await;
        scene.until_said("Баланс: 499.37 ₽", 1).await;
        assert_eq!(count(&scene, "занимает больше обычного").await, 1);
        let calls = scene.calls("editMessageText").await;
        let background =
            calls.iter().filter(|c| c.params["text"].as_str().is_some_and(|t| t.contains("Продолжаю в фоне")));
        assert_eq!(background.count(), 1);
        let ended = scene.said().await.into_iter().find(|m| m.id == order.id).unwrap();
        assert!(ended.text().starts_with("✅ Готово"), "{}", ended.text());
        scene.finish().await;
    });
}

#[test]
fn a78_a_result_after_the_hard_limit_is_brought_free_and_once() {
    story(async |test| {
        let scene = paying(&test, GIVEN_UP).await;
        scene.next_tasks(1, TaskFault { callbacks: Callbacks::Twice, ..slow(3_000) }).await;
        scene.order("z-image", &[]).await;
        scene.start("⌛ Не дождался результата за 15 минут").await;
        untouched(&scene).await;
        scene.until_said("🎁 Результат пришёл с опозданием — он бесплатный.", 1).await;
        let row = scene.until(|row| row.state == State::DeliveredLate).await;
        assert_eq!(row.charged, Money::ZERO);
        untouched(&scene).await;
        scene.app.settled(&scene.bot, scene.anna).await;
        assert_eq!(scene.said().await.iter().filter(|m| m.json.get("photo").is_some()).count(), 1);
        scene.finish().await;
    });
}

#[test]
fn a79_a_cancel_is_its_persons_own_and_counts_once() {
    story(async |test| {
        let scene = paying(&test, &[]).await;
        scene.next_tasks(1, slow(1_500)).await;
        scene.order("z-image", &[]).await;
        scene.app.press_only(&scene.bot, scene.anna, "✅ Генерировать").await;
        let row = scene.until(|row| row.provider_task_id.is_some()).await;
        let data = format!("cancel:{}", row.id.short());

        let ben = scene.app.person(102, "Ben", "ru").await;
        let menu = scene.app.say(&scene.bot, ben, "/start", "Доступно").await;
        let press = |user: i64, message: i64, data: String| {
            let (world, bot) = (&scene.app.world, &scene.bot.username);
            async move { world.press_forged(bot, user, message, &data, PATIENCE).await.unwrap() }
        };
        let foreign = press(ben.0, menu.id, data.clone()).await;
        let missing = press(scene.anna.0, scene.newest().await.id, "cancel:aaaaaaaaaaaa".to_owned()).await;
        for answer in [foreign, missing] {
            assert_eq!(answer.text.as_deref(), Some("❌ Запись не найдена."));
        }
        assert_eq!(scene.held().await, PRICE);
        let newest = scene.newest().await.id;
        press(scene.anna.0, newest, data.clone()).await;
        press(scene.anna.0, newest, data).await;
        scene.app.settled(&scene.bot, scene.anna).await;
        untouched(&scene).await;
        assert_eq!(count(&scene, "❌ Отменено. Деньги не списаны.").await, 1);
        assert_eq!(scene.generations().await[0].state, State::Canceled);
        scene.stop().await;
    });
}

#[test]
fn a80_a_retry_needs_no_session_and_survives_a_restart() {
    story(async |test| {
        let scene = paying(&test, &[]).await;
        scene.next_outcome(Outcome::Empty).await;
        scene.order("z-image", &[("prompt", "Дом у моря")]).await;
        scene.start("Пришёл пустой результат").await;
        scene.say("/reset", "Доступно").await;
        let scene = scene.restart().await;
        let order = scene.press("🔁 Повторить", "Проверьте заказ").await;
        assert!(order.text().contains("Дом у моря"), "{}", order.text());
        let known = scene.said().await.len();
        scene.start("Баланс: 499.37 ₽").await;
        assert!(scene.said().await.len() > known);
        let delivered = scene.generations().await[0].id.clone();
        scene.say("/reset", "Доступно").await;
        let scene = scene.restart().await;
        scene.forge_for(&format!("retry_delivery:{}", delivered.short()), "результат отправлен ещё раз").await;
        assert_eq!(scene.available().await, Money::kopecks(49_937));
        scene.finish().await;
    });
}

#[test]
fn a82_refusals_of_the_provider_are_told_in_our_words_and_the_admins_hear_of_theirs() {
    story(async |test| {
        let scene =
            paying(&test, &[("generation.busy_limit", "400 ms"), ("generation.busy_pauses", "50 ms,100 ms")]).await;
        let owner = scene.app.person(OWNER.0, "Owner", "ru").await;
        scene.app.say(&scene.bot, owner, "/start", "Админ").await;
        for (code, times, said) in [
            (401, 1, "⚠️ Генерация временно недоступна. Администратор уже знает."),
            (402, 1, "⚠️ Генерация временно недоступна. Администратор уже знает."),
            (422, 1, "🧩 Параметры не подошли:"),
            (429, 40, "⏳ Сервис перегружен, попробуйте через пару минут. Деньги не списаны."),
            (455, 40, "⏳ Сервис перегружен, попробуйте через пару минут. Деньги не списаны."),
        ] {
            let fault = KieFault { times, code: Some(code), ..KieFault::default() };
            scene.app.world.inject_kie(&fault).await.unwrap();
            scene.order("z-image", &[]).await;
            let told = scene.start(said).await;
            for word in ["kie", "KIE", "provider", "credit", "API", "key"] {
                assert!(!told.text().contains(word), "{code} names the provider: {}", told.text());
            }
            untouched(&scene).await;
            scene.app.world.heal().await.unwrap();
        }
        let began = std::time::Instant::now();
        loop {
            let heard = scene.app.world.messages(&scene.bot.username, OWNER.0).await.unwrap();
            if heard.iter().any(|m| m.from_bot && m.text().contains("Лог")) {
                break;
            }
            assert!(began.elapsed() < PATIENCE, "the admin heard nothing");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        scene.finish().await;
    });
}

#[test]
fn a83_a_forged_callback_of_success_changes_nothing_until_the_task_says_so() {
    story(async |test| {
        let scene = paying(&test, &[]).await;
        scene.next_tasks(1, TaskFault { callbacks: Callbacks::Off, ..slow(1_500) }).await;
        scene.order("z-image", &[]).await;
        scene.app.press_only(&scene.bot, scene.anna, "✅ Генерировать").await;
        scene.until(|row| row.provider_task_id.is_some()).await;
        let task = scene.app.world.kie_tasks().await.unwrap().remove(0);
        let url = task.request["callBackUrl"].as_str().unwrap().to_owned();
        let body = serde_json::json!({"code": 200, "msg": "success", "data": {"taskId": task.task_id, "state": "success",
            "resultJson": "{\"resultUrls\":[\"https://evil.example/a.png\"]}"}});
        for _ in 0..3 {
            #[expect(clippy::disallowed_methods, reason = "the test plays a forger")]
            let answer = reqwest::Client::new().post(&url).json(&body).send().await.unwrap();
            assert_eq!(answer.status(), 200);
            tokio::time::sleep(Duration::from_millis(100)).await;
            let row = scene.generations().await.remove(0);
            assert!(matches!(row.state, State::Queued | State::Running), "{:?}", row.state);
            assert_eq!(row.charged, Money::ZERO);
        }
        scene.until_said("Баланс: 499.37 ₽", 1).await;
        scene.finish().await;
    });
}
