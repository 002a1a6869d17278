//! S-49 as text.

use super::*;
use crate::bot::screens::testing::{en, ru};
use crate::domain::{BroadcastKind, ChatId, Corr, MessageId, PauseReason, UnixMs, UserId};
use jiff::tz::TimeZone;

const NOON: UnixMs = UnixMs(1_800_000_000_000);

fn row(state: BroadcastState) -> BroadcastRow {
    BroadcastRow {
        id: BroadcastId::from_short("abcdefghijkl").unwrap(),
        number: Some(3),
        state,
        kind: BroadcastKind::Text,
        admin_id: UserId(900),
        source_chat: ChatId(900),
        source_message: MessageId(5),
        recipients: 1_200,
        sent: 800,
        unreachable: 40,
        failed: 2,
        reached: 0,
        tries: 0,
        run_at: NOON,
        pause_reason: None,
        progress_chat: None,
        progress_message: None,
        progress_at: NOON,
        epoch: 1,
        corr: Corr::parse("0123456789AB").unwrap(),
        created_at: NOON,
        confirmed_at: Some(NOON),
        gathered_at: Some(NOON),
        finished_at: None,
    }
}

fn standing(row: BroadcastRow) -> Standing {
    Standing { row, zone: TimeZone::UTC, now: NOON }
}

#[test]
fn s49_lists_the_last_ones() {
    let screen = Broadcasts {
        audience: 21,
        recent: vec![row(BroadcastState::Running), row(BroadcastState::Done)],
        allowed: true,
    };
    insta::assert_snapshot!(ru(&screen), @"
        📢 <b>Рассылки</b>
        Сейчас её получат: 21 человек.

        № 3 · отправляется · 800 из 1200
        № 3 · завершена · 800 из 1200
        | ✉️ Создать [admin_create_broadcast] |
        | 📊 Статистика [admin_broadcast_stats] |
        | № 3 · отправляется [admin_bc:view:abcdefghijkl] |
        | № 3 · завершена [admin_bc:view:abcdefghijkl] |
        | 🔙 Админ-меню [admin_stats] | 🏠 Главное меню [back_to_menu] |
        ");
    assert!(en(&Broadcasts { audience: 1, recent: Vec::new(), allowed: false }).contains("reach 1 person now"));
}

#[test]
fn the_preview_says_how_many_and_how_long() {
    let id = BroadcastId::from_short("abcdefghijkl").unwrap();
    insta::assert_snapshot!(ru(&Preview { id, audience: 4_000, minutes: 3 }), @"
        👆 Так сообщение увидят все.
        Получателей: 4000, ≈ 3 мин
        | ✉️ Тест себе [admin_bc:test:abcdefghijkl] | ✏️ Изменить [admin_bc:edit:abcdefghijkl] |
        | 🚀 Отправить [admin_bc:confirm:abcdefghijkl] |
        | ❌ Отмена [cancel] |
        ");
}

#[test]
fn the_standing_offers_what_can_be_done_now() {
    insta::assert_snapshot!(ru(&standing(row(BroadcastState::Running))), @"
        📢 <b>Рассылка № 3</b> · отправляется
        Отправлено 800 из 1200, ошибок 2, недоступны 40
        | ⏸ [admin_bc:pause:abcdefghijkl] | ⏹ [admin_bc:stop:abcdefghijkl] |
        | 🔄 Обновить [admin_bc:view:abcdefghijkl] |
        | ◀️ Назад [admin_broadcast] | 🏠 Главное меню [back_to_menu] |
        ");
    let paused = BroadcastRow { pause_reason: Some(PauseReason::SourceGone), ..row(BroadcastState::Paused) };
    insta::assert_snapshot!(ru(&standing(paused)), @"
        📢 <b>Рассылка № 3</b> · на паузе
        Отправлено 800 из 1200, ошибок 2, недоступны 40
        ⚠️ Исходное сообщение удалено из чата, копировать нечего. Остановите рассылку и создайте новую.
        | ▶️ [admin_bc:resume:abcdefghijkl] | ⏹ [admin_bc:stop:abcdefghijkl] |
        | 🔄 Обновить [admin_bc:view:abcdefghijkl] |
        | ◀️ Назад [admin_broadcast] | 🏠 Главное меню [back_to_menu] |
        ");
    let waits = BroadcastRow { run_at: UnixMs(NOON.0 + 60_000), ..row(BroadcastState::Running) };
    assert!(en(&standing(waits)).contains("Telegram asks to wait until 15.01.2027 08:01"));
    let over = BroadcastRow { finished_at: Some(UnixMs(NOON.0 + 3_723_000)), sent: 1_158, ..row(BroadcastState::Done) };
    insta::assert_snapshot!(ru(&standing(over)), @"
        📢 <b>Рассылка № 3</b> · завершена
        ✅ Рассылка № 3 завершена: получателей 1200, отправлено 1158, недоступны 40, ошибок 2, время 1:02:03.
        | ◀️ Назад [admin_broadcast] | 🏠 Главное меню [back_to_menu] |
        ");
}

#[test]
fn the_figures_keep_what_each_reached() {
    let rows = vec![row(BroadcastState::Stopped)];
    let stats = Stats { rows, zone: TimeZone::UTC, now: UnixMs(NOON.0 + 61_000) };
    insta::assert_snapshot!(ru(&stats), @"
        📊 <b>Статистика рассылок</b>

        <b>№ 3</b> · 15.01.2027 08:00 · остановлена
        Получателей 1200, отправлено 800, недоступны 40, ошибок 2, время 0:01:01
        | ◀️ Назад [admin_broadcast] | 🏠 Главное меню [back_to_menu] |
        ");
    assert!(ru(&Stats { rows: Vec::new(), zone: TimeZone::UTC, now: NOON }).contains("Рассылок ещё не было"));
}
