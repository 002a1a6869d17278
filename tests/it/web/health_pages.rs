//! How a bot stands in the panel: the billing preflight with its history and the ledger's light, the connection with Telegram,
//! the months (platform.md 5, 6; decisions.md 10, 26).

use std::time::Duration;

use botyard::billing::{self, Held, Paid};
use botyard::domain::{Corr, GenerationId, Money, ReportKind, UnixMs};
use botyard::store::{Counter, Db, LedgerCheckRow, WatchFound};

use super::rooms::{GUEST, furnish, guest};
use super::site::{Client, NOON, Site};
use crate::store::world::within;
use crate::util::db::on_each_db;

/// What a check of the ledger found.
fn checked(faults: i64, detail: &str, sealed: i64) -> LedgerCheckRow {
    LedgerCheckRow { checked_at: NOON, full_at: NOON, sealed, faults, detail: detail.to_owned(), turns: faults.min(1) }
}

/// Presses a button of a page of tenant A.
async fn press(client: &Client, path: &str) -> String {
    let token = client.get("/panel").await.field("form_token");
    let answer = client.post(&format!("/panel/t/tenant-a/{path}"), &[("form_token", &token)]).await;
    assert_eq!(answer.status, 303, "{answer:?}");
    answer.header("location").to_owned()
}

on_each_db! {
    async fn a_preflight_is_made_by_a_press_kept_and_found_again(db: Db) {
        let site = Site::start(&db).await;
        let (client, above) = (site.signed_in(&site.admin_a()).await, site.signed_in(&Site::platform_owner()).await);
        let empty = client.get("/panel/t/tenant-a/preflight").await.body;
        assert!(empty.contains("Отчётов ещё нет") && empty.contains("ещё не проверен"), "{empty}");
        for _ in 0..3 {
            assert!(press(&client, "preflight").await.ends_with("done=preflight"));
            site.clock.advance(Duration::from_secs(61));
        }
        let kept = db.tenant_read(&site.a).await.unwrap().reports_last(ReportKind::Preflight, 9).await.unwrap();
        assert_eq!((kept.len(), kept[0].asked_by.as_str()), (3, "panel"));
        let page = client.get("/panel/t/tenant-a/preflight?done=preflight").await.body;
        for said in ["Готов", "Журнал денег", "Запись и чтение", "из панели", "Прошлые проверки", "Проверка сделана", kept[2].id.as_str()] {
            assert!(page.contains(said), "«{said}» is missing: {page}");
        }
        let old = client.get(&format!("/panel/t/tenant-a/preflight?run={}", kept[2].id.as_str())).await;
        assert_eq!(old.status, 200);
        assert_eq!(client.get("/panel/t/tenant-a/preflight?run=no-such").await.status, 404);
        let seen = above.get("/panel/t/tenant-a/preflight").await;
        assert!(seen.status == 200 && !seen.body.contains("action=\"/panel/t/tenant-a/preflight\""), "looking is the platform's, too");
        let theirs = site.signed_in(&site.owner_b()).await.get("/panel/t/tenant-b/preflight").await.body;
        assert!(theirs.contains("Отчётов ещё нет"), "another bot has its own");
        site.stop().await;
    }

    async fn the_light_is_what_the_check_said_last_and_a_large_ledger_is_not_walked(db: Db) {
        let site = Site::start(&db).await;
        let client = site.signed_in(&site.owner_a()).await;
        within(&db, &site.a, async |tx| tx.ledger_check_put(&checked(0, "", 7)).await.unwrap()).await;
        let home = client.get("/panel").await.body;
        assert!(home.contains("сходится") && home.contains("Отчёты по месяцам"), "{home}");
        // What the check found stands there, although a walk along this small ledger finds nothing.
        let detail = "balance_differs: user:abc\nchain_cut: #12";
        within(&db, &site.a, async |tx| tx.ledger_check_put(&checked(2, detail, 5_000)).await.unwrap()).await;
        let page = client.get("/panel/t/tenant-a/preflight").await.body;
        for said in ["нарушений: 2", "balance_differs: user:abc", "chain_cut: #12", "остановите пополнения"] {
            assert!(page.contains(said), "«{said}» is missing: {page}");
        }
        press(&client, "preflight").await;
        let page = client.get("/panel/t/tenant-a/preflight").await.body;
        assert!(page.contains("Есть ошибки") && page.contains("нарушений 2, проверено") && page.contains("расходятся с переводами 1"), "{page}");
        within(&db, &site.a, async |tx| tx.ledger_check_put(&checked(0, "", 5_000)).await.unwrap()).await;
        press(&client, "preflight").await;
        assert!(client.get("/panel/t/tenant-a/preflight").await.body.contains("Готов"));
        assert!(!client.get("/panel").await.body.contains("нарушений: 2"));
        site.stop().await;
    }

    async fn a_preflight_without_its_database_says_so_and_keeps_nothing(db: Db) {
        let site = Site::start(&db).await;
        let client = site.signed_in(&site.owner_a()).await;
        let token = client.get("/panel").await.field("form_token");
        db.close().await;
        let answer = client.post("/panel/t/tenant-a/preflight", &[("form_token", &token)]).await;
        assert_eq!(answer.status, 503, "{}", answer.body);
        site.stop().await;
    }

    async fn the_connection_is_shown_line_by_line_with_its_history_and_a_look_is_ordered_once(db: Db) {
        let site = Site::start(&db).await;
        let client = site.signed_in(&site.admin_a()).await;
        let page = client.get("/panel/t/tenant-a/diagnostics").await.body;
        for said in ["@tenant_a_bot, проверен", "опрос", "Бот ещё не подключён", "Сообщения забираются опросом", "Пока пусто"] {
            assert!(page.contains(said), "«{said}» is missing: {page}");
        }
        let looks = [
            (WatchFound { url: Some(""), pending: Some(0), ..WatchFound::default() }, 0),
            (WatchFound { url: Some(""), pending: Some(0), ..WatchFound::default() }, 1),
            (WatchFound { url: Some("https://evil.example/secret-path"), pending: Some(9), trouble: Some("webhook_hijacked"), ..WatchFound::default() }, 2),
            (WatchFound { url: Some("https://evil.example/secret-path"), pending: Some(11), trouble: Some("webhook_hijacked"), ..WatchFound::default() }, 3),
            (WatchFound { url: Some(""), pending: Some(2), last_error: Some("Connection timed out"), last_error_at: Some(NOON), ..WatchFound::default() }, 4),
        ];
        for (found, minute) in &looks {
            let at = NOON.plus(Duration::from_mins(*minute));
            within(&db, &site.a, async |tx| tx.watch_put(found, at).await.unwrap()).await;
        }
        let changes = db.tenant_read(&site.a).await.unwrap().watch_events(50).await.unwrap();
        let troubles: Vec<_> = changes.iter().map(|row| (row.trouble.as_deref(), row.error.as_deref())).collect();
        assert_eq!(troubles, [(None, Some("Connection timed out")), (Some("webhook_hijacked"), None), (None, None)], "only what changed is kept");
        site.clock.advance(Duration::from_mins(5));
        let page = client.get("/panel/t/tenant-a/diagnostics").await.body;
        for said in ["Connection timed out", "Обычно проходит само", "Сообщения бота уходят на чужой адрес", "Связь в порядке"] {
            assert!(page.contains(said), "«{said}» is missing: {page}");
        }
        assert!(!page.contains("secret-path"));
        assert!(press(&client, "diagnostics/check").await.ends_with("done=check-begun"));
        assert!(press(&client, "diagnostics/check").await.ends_with("done=check-runs"));
        assert_eq!(crate::web::rows::count(&db, "jobs").await, 1);
        site.stop().await;
    }

    async fn only_the_newest_changes_of_a_connection_are_kept(db: Db) {
        let site = Site::start(&db).await;
        for n in 0..120 {
            let trouble = (n % 2 == 1).then_some("token_revoked");
            let found = WatchFound { trouble, ..WatchFound::default() };
            within(&db, &site.a, async |tx| tx.watch_put(&found, UnixMs(NOON.0 + n)).await.unwrap()).await;
        }
        let kept = db.tenant_read(&site.a).await.unwrap().watch_events(1_000).await.unwrap();
        assert_eq!((kept.len(), kept[0].at, kept[49].at), (50, UnixMs(NOON.0 + 119), UnixMs(NOON.0 + 70)));
        assert!(db.tenant_read(&site.b).await.unwrap().watch_events(10).await.unwrap().is_empty());
        site.stop().await;
    }

    async fn the_months_say_what_the_statement_says_and_a_month_is_a_file(db: Db) {
        let site = Site::start(&db).await;
        let room = furnish(&site, &db, &site.a).await;
        let limits = botyard::domain::settings::TenantLimits { fee_basis_points: 1_250, ..Default::default() };
        botyard::tenants::provision::set_limits(&db, &site.a, &limits, NOON).await.unwrap();
        site.refresh().await;
        within(&db, &site.a, async |tx| {
            let (user, corr, generation) = (&room.guest.user_ref, Corr::random(), GenerationId::random());
            billing::top_up(tx, user, Paid::Stars("c1"), Money::kopecks(50_000), &corr, NOON).await.unwrap();
            let placed = billing::hold(tx, user, &generation, 1, Money::kopecks(40_000), &corr, NOON).await.unwrap();
            let Held::Placed(hold) = placed else { panic!("{placed:?}") };
            billing::capture(tx, &hold, &generation, Money::kopecks(40_000), &corr, NOON).await.unwrap();
            tx.counter_add("2026-11-22", Counter::Delivered, 3).await.unwrap();
        }).await;
        let client = site.signed_in(&site.owner_a()).await;
        let page = client.get("/panel/t/tenant-a/statements").await.body;
        for said in ["2026-11", "400 ₽", "500 ₽", "50 ₽ (12.50 %)", "ещё идёт", "statements.csv?month=2026-11"] {
            assert!(page.contains(said), "«{said}» is missing: {page}");
        }
        assert!(!page.contains("2026-10"), "the bot was not there yet");
        let file = client.get("/panel/t/tenant-a/statements.csv?month=2026-11").await;
        assert_eq!((file.status, file.header("content-type")), (200, "text/csv; charset=utf-8"));
        let lines: Vec<&str> = file.body.trim_start_matches('\u{feff}').lines().collect();
        assert!(lines[0].starts_with("generation,confirmed_at") && lines.len() == 2 && lines[1].contains(room.generation.as_str()), "{lines:?}");
        for bad in ["2026-13", "x", "%3Cb%3E"] {
            assert_eq!(client.get(&format!("/panel/t/tenant-a/statements.csv?month={bad}")).await.status, 400);
            assert_eq!(client.get(&format!("/panel/t/tenant-a/statements?from={bad}")).await.status, 200);
        }
        let theirs = site.signed_in(&site.owner_b()).await.get("/panel/t/tenant-b/statements").await.body;
        assert!(!theirs.contains("400 ₽"), "{theirs}");
        // Four months on there is another page, and it ends where the bot began.
        site.clock.advance(Duration::from_hours(24 * 100));
        let client = site.signed_in(&site.owner_a()).await;
        let later = client.get("/panel/t/tenant-a/statements").await.body;
        assert!(later.contains("2027-03") && later.contains("statements?from=2026-12") && !later.contains("400 ₽"), "{later}");
        // Those months are closed: another fee is one of later months, also when they are first looked at after the change.
        let limits = botyard::domain::settings::TenantLimits { fee_basis_points: 9_000, ..Default::default() };
        botyard::tenants::provision::set_limits(&db, &site.a, &limits, NOON).await.unwrap();
        site.refresh().await;
        let client = site.signed_in(&site.owner_a()).await;
        let older = client.get("/panel/t/tenant-a/statements?from=2026-12").await.body;
        for said in ["50 ₽ (12.50 %)", ">закрыт<", "₽ за доллар, время Europe/Moscow"] {
            assert!(older.contains(said), "«{said}» is missing: {older}");
        }
        assert!(older.contains("400 ₽") && !older.contains("rel=\"next\""), "{older}");
        site.stop().await;
    }

    async fn somebody_who_came_by_no_way_at_all_is_not_on_these_pages(db: Db) {
        let site = Site::start(&db).await;
        guest(&db, &site.a, GUEST, "Канарейка").await;
        let above = site.signed_in(&Site::platform_owner()).await;
        for page in ["preflight", "diagnostics", "statements"] {
            let body = above.get(&format!("/panel/t/tenant-a/{page}")).await.body;
            assert!(!body.contains("Канарейка") && !body.contains(&GUEST.to_string()), "{page}");
        }
        site.stop().await;
    }
}
