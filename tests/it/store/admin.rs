//! What admins do: the audit chain, roles, credits by hand, the viewer of generations, and the figures of their panel.

use botyard::accounts::audit::{self, Act, Actor, Chain};
use botyard::domain::transfer::Account;
use botyard::domain::{
    AdminRole, AuditAction, AuditDoor, ChatId, Corr, CreditAsk, ManualCreditId, MessageId, Money, ReportAsker,
    ReportKind, UserId,
};
use botyard::store::{
    Counter, Db, ManualCreditRow, NewReport, OwnerActPlace, StoreError, TenantTx, UserRow, WatchFound,
};
use sqlx::AssertSqlSafe;

use super::home::DAY;
use super::world::{ALICE, BOB, NOON, above, generation, later, person, seen, two_tenants, within};
use crate::util::db::{TestDb, on_each_db};

/// The credit that [`furnish`] prepares.
pub(crate) fn credit_id() -> ManualCreditId {
    ManualCreditId::from_short("abcdefghijklmnop").unwrap()
}

/// Writes an entry; gives its number.
pub(super) async fn act(tx: &mut TenantTx, corr: &Corr) -> i64 {
    let who = Actor { user: Some(ALICE), door: AuditDoor::Telegram, corr };
    let act = Act::new(AuditAction::UserBlocked, "user:1").changed(Some("free"), Some("blocked")).because(Some("spam"));
    audit::record(tx, who, act, NOON).await.unwrap()
}

/// A row in every table of this noun.
pub(super) async fn furnish(tx: &mut TenantTx, person: &UserRow, corr: &Corr) {
    act(tx, corr).await;
    let credit = ManualCreditRow {
        id: credit_id(),
        admin_id: person.user_id,
        user_id: person.user_id,
        amount: Money::kopecks(100),
        reason: "a reason".to_owned(),
        created_at: NOON,
        credited_at: None,
    };
    tx.manual_credit_put(&credit).await.unwrap();
    tx.credit_copy_put(&credit_id(), (ChatId::from(person.user_id), MessageId(77)), NOON).await.unwrap();
    tx.talk_set(person.user_id, person.user_id, NOON).await.unwrap();
    tx.menu_put(ChatId::from(person.user_id), "print", NOON).await.unwrap();
    tx.model_day_add(DAY, "a/model").await.unwrap();
    tx.provider_credits_put(Some(100), NOON).await.unwrap();
    tx.probe_put("a value").await.unwrap();
    report(tx).await;
    look(tx).await;
}

/// Notes what a look at Telegram found, and that admins were told of it.
pub(super) async fn look(tx: &mut TenantTx) {
    let found = WatchFound {
        url: Some("https://elsewhere.example"),
        pending: Some(3),
        last_error: Some("timed out"),
        last_error_at: Some(NOON),
        trouble: Some("webhook_hijacked"),
    };
    tx.watch_put(&found, NOON).await.unwrap();
    assert!(tx.watch_tell("webhook_hijacked").await.unwrap());
    assert!(tx.watch_set(NOON, NOON).await.unwrap());
    assert!(tx.alert_take("busy", NOON, NOON).await.unwrap());
}

/// Keeps a report.
pub(super) async fn report(tx: &mut TenantTx) {
    let new = NewReport {
        kind: ReportKind::Preflight,
        asked_by: ReportAsker::Cli,
        verdict: "READY",
        report: "{\"sections\":[]}",
    };
    tx.report_put(&new, NOON).await.unwrap();
}

on_each_db! {
    async fn a_trouble_keeps_its_beginning_and_is_told_once(db: Db) {
        let (a, _) = two_tenants(&db).await;
        within(&db, &a, async |tx| {
            assert_eq!(tx.watch_get().await.unwrap(), None);
            look(tx).await;
            let hijacked = WatchFound { trouble: Some("webhook_hijacked"), ..WatchFound::default() };
            tx.watch_put(&hijacked, later(5)).await.unwrap();
            let row = tx.watch_get().await.unwrap().unwrap();
            assert_eq!((row.checked_at, row.trouble_at, row.told.as_deref()), (later(5), Some(NOON), Some("webhook_hijacked")));
            assert_eq!((row.url.as_deref(), row.pending, row.last_error), (Some("https://elsewhere.example"), Some(3), None));
            assert!(!tx.watch_tell("webhook_hijacked").await.unwrap(), "they know");
            assert!(!tx.watch_set(later(6), later(-1)).await.unwrap(), "set again a moment ago");
            assert!(tx.watch_set(later(6), later(1)).await.unwrap());
            let revoked = WatchFound { trouble: Some("token_revoked"), ..WatchFound::default() };
            tx.watch_put(&revoked, later(7)).await.unwrap();
            let row = tx.watch_get().await.unwrap().unwrap();
            assert_eq!((row.trouble_at, row.told, row.set_at), (Some(later(7)), None, Some(later(6))));
            assert!(!tx.watch_tell("webhook_hijacked").await.unwrap(), "that one is over");
            assert!(tx.watch_tell("token_revoked").await.unwrap());
            tx.watch_put(&WatchFound::default(), later(8)).await.unwrap();
            let row = tx.watch_get().await.unwrap().unwrap();
            assert_eq!((row.trouble, row.trouble_at, row.told), (None, None, None));
            assert!(!tx.alert_take("busy", later(9), later(-1)).await.unwrap(), "told at noon");
            assert!(tx.alert_take("busy", later(9), NOON).await.unwrap());
            assert!(tx.alert_take("other", later(9), NOON).await.unwrap());
        }).await;
    }

    async fn of_a_kind_the_newest_fifty_reports_are_kept(db: Db) {
        let (a, b) = two_tenants(&db).await;
        within(&db, &b, async |tx| report(tx).await).await;
        within(&db, &a, async |tx| {
            for _ in 0..53 {
                report(tx).await;
            }
            let kept = tx.reports_last(ReportKind::Preflight, 100).await.unwrap();
            assert_eq!(kept.len(), 50);
            assert!(kept.windows(2).all(|pair| pair[0].id > pair[1].id), "newest first");
            assert_eq!((kept[0].verdict.as_str(), kept[0].asked_by, kept[0].at), ("READY", ReportAsker::Cli, NOON));
            assert!(tx.reports_last(ReportKind::Boot, 100).await.unwrap().is_empty());
        }).await;
        within(&db, &b, async |tx| assert_eq!(tx.reports_last(ReportKind::Preflight, 9).await.unwrap().len(), 1)).await;
    }

    async fn every_act_is_chained_to_the_one_before(db: Db) {
        let (a, b) = two_tenants(&db).await;
        let corr = Corr::random();
        for n in 1..=3 {
            assert_eq!(within(&db, &a, async |tx| act(tx, &corr).await).await, n);
        }
        within(&db, &a, async |tx| {
            assert_eq!(audit::verify(tx).await.unwrap(), Chain::Whole(3));
            let last = tx.audit_last(i64::MAX, 2).await.unwrap();
            assert_eq!(last.iter().map(|row| row.seq).collect::<Vec<_>>(), [3, 2]);
            assert_eq!(tx.audit_last(2, 9).await.unwrap().len(), 1);
            let entry = &last[0];
            assert_eq!((entry.actor.as_str(), entry.action.as_str()), ("user:1001", "user_blocked"));
            assert_eq!((entry.was.as_deref(), entry.became.as_deref()), (Some("free"), Some("blocked")));
            assert_eq!((entry.reason.as_deref(), entry.at, &entry.corr), (Some("spam"), NOON, &corr));
            assert_eq!(tx.audit_of_object("user:1", 9).await.unwrap().len(), 3);
            assert_eq!(tx.audit_after(1, 9).await.unwrap().len(), 2);
        })
        .await;
        within(&db, &b, async |tx| assert_eq!(audit::verify(tx).await.unwrap(), Chain::Whole(0))).await;
    }

    async fn acts_at_once_make_one_chain(db: Db) {
        let (a, _) = two_tenants(&db).await;
        let corr = Corr::random();
        let acts = (0..12).map(|_| within(&db, &a, async |tx| act(tx, &corr).await));
        let mut numbers = futures::future::join_all(acts).await;
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=12).collect::<Vec<i64>>());
        within(&db, &a, async |tx| assert_eq!(audit::verify(tx).await.unwrap(), Chain::Whole(12))).await;
    }

    async fn audit_chain_of_the_platform_is_followed_apart_and_a_changed_entry_is_found(test: TestDb) {
        let (a, _) = two_tenants(&test.db).await;
        let corr = Corr::random();
        let who = Actor { user: None, door: AuditDoor::Cli, corr: &corr };
        for (tenant, action) in [(None, AuditAction::ModelChecked), (Some(&a), AuditAction::LimitsChanged), (None, AuditAction::ModelUnchecked)] {
            let act = Act::new(action, "model:x").because(Some("why"));
            above(&test.db, async |tx| audit::record_over(tx, tenant, who, act, NOON).await.unwrap()).await;
        }
        above(&test.db, async |tx| {
            assert_eq!(audit::verify_over(tx).await.unwrap(), Chain::Whole(2));
            let acts = tx.owner_acts(&OwnerActPlace::start(), 9).await.unwrap();
            let named: Vec<_> = acts.iter().map(|act| (act.tenant.clone(), act.act.seq, act.act.action.as_str())).collect();
            let expected = [(Some(a.clone()), 1, "limits_changed"), (None, 2, "model_unchecked"), (None, 1, "model_checked")];
            assert_eq!(named, expected);
        })
        .await;
        within(&test.db, &a, async |tx| assert_eq!(audit::verify(tx).await.unwrap(), Chain::Whole(1))).await;
        assert!(raw(&test, "UPDATE platform_audit SET reason = 'nothing' WHERE seq = 1").await.is_err());
        for sql in unguarded(&test) {
            raw(&test, &sql.replace("audit_log", "platform_audit")).await.unwrap();
        }
        raw(&test, "UPDATE platform_audit SET reason = 'nothing' WHERE seq = 1").await.unwrap();
        above(&test.db, async |tx| assert_eq!(audit::verify_over(tx).await.unwrap(), Chain::BrokenAt(1))).await;
    }

    async fn audit_chain_an_act_of_the_owner_that_is_not_committed_leaves_no_entry(db: Db) {
        let corr = Corr::random();
        let who = Actor { user: Some(ALICE), door: AuditDoor::Panel, corr: &corr };
        let mut tx = db.platform().await.unwrap();
        assert!(tx.checked_model_put("some/model", "user:1", NOON).await.unwrap());
        audit::record_over(&mut tx, None, who, Act::new(AuditAction::ModelChecked, "model:some/model"), NOON).await.unwrap();
        drop(tx);
        above(&db, async |tx| {
            assert_eq!(tx.owner_acts(&OwnerActPlace::start(), 9).await.unwrap(), []);
            assert_eq!(tx.checked_models().await.unwrap(), []);
            assert!(tx.checked_model_put("some/model", "user:1", NOON).await.unwrap());
            assert!(!tx.checked_model_put("some/model", "user:2", NOON).await.unwrap(), "the first one's stands");
            assert_eq!(tx.checked_models().await.unwrap()[0].checked_by, "user:1");
            assert!(tx.checked_model_delete("some/model").await.unwrap() && !tx.checked_model_delete("some/model").await.unwrap());
        })
        .await;
    }

    async fn audit_chain_a_changed_entry_and_a_cut_off_end_are_found(test: TestDb) {
        let (a, _) = two_tenants(&test.db).await;
        let corr = Corr::random();
        for _ in 0..3 {
            within(&test.db, &a, async |tx| act(tx, &corr).await).await;
        }
        // The database refuses, so whoever forges takes its guard away first.
        assert!(raw(&test, "UPDATE audit_log SET reason = 'nothing' WHERE seq = 2").await.is_err());
        for sql in unguarded(&test) {
            raw(&test, sql).await.unwrap();
        }
        raw(&test, "UPDATE audit_log SET reason = 'nothing' WHERE seq = 2").await.unwrap();
        within(&test.db, &a, async |tx| assert_eq!(audit::verify(tx).await.unwrap(), Chain::BrokenAt(2))).await;
        raw(&test, "UPDATE audit_log SET reason = 'spam' WHERE seq = 2").await.unwrap();
        within(&test.db, &a, async |tx| assert_eq!(audit::verify(tx).await.unwrap(), Chain::Whole(3))).await;
        raw(&test, "DELETE FROM audit_log WHERE seq = 3").await.unwrap();
        within(&test.db, &a, async |tx| assert_eq!(audit::verify(tx).await.unwrap(), Chain::BrokenAt(3))).await;
    }

    async fn a_role_is_granted_once_and_outlives_the_files_list(db: Db) {
        let (a, _) = two_tenants(&db).await;
        person(&db, &a, BOB).await;
        within(&db, &a, async |tx| {
            tx.admins_replace(&[(ALICE, AdminRole::Owner)], NOON).await.unwrap();
            assert_eq!(tx.user_get(BOB).await.unwrap().unwrap().role, None);
            assert!(tx.admin_grant(BOB, ALICE, later(1)).await.unwrap());
            assert!(!tx.admin_grant(BOB, ALICE, later(2)).await.unwrap(), "an admin already");
            assert_eq!(tx.admin_role(BOB).await.unwrap(), Some(AdminRole::Admin));
            assert_eq!(tx.user_get(BOB).await.unwrap().unwrap().role, Some(AdminRole::Admin));
            let met = tx.user_seen(&seen(BOB), later(3)).await.unwrap();
            assert_eq!(met.role, Some(AdminRole::Admin), "rights are read with the person on every press");
            tx.admins_replace(&[(UserId(7), AdminRole::Owner)], later(4)).await.unwrap();
            let left: Vec<_> = tx.admins_list().await.unwrap().into_iter().map(|row| (row.user_id, row.granted_by)).collect();
            assert_eq!(left, [(UserId(7), None), (BOB, Some(ALICE))]);
        })
        .await;
    }

    async fn a_prepared_credit_is_done_once(db: Db) {
        let (a, _) = two_tenants(&db).await;
        let alice = person(&db, &a, ALICE).await;
        within(&db, &a, async |tx| furnish(tx, &alice, &Corr::random()).await).await;
        let done = (0..8).map(|_| within(&db, &a, async |tx| tx.manual_credit_done(&credit_id(), later(1)).await.unwrap()));
        let done = futures::future::join_all(done).await;
        assert_eq!(done.into_iter().filter(|done| *done).count(), 1);
        within(&db, &a, async |tx| {
            assert_eq!(tx.manual_credit_get(&credit_id()).await.unwrap().unwrap().credited_at, Some(later(1)));
        })
        .await;
    }

    async fn a_credit_that_was_asked_for_waits_for_other_eyes(db: Db) {
        let (a, _) = two_tenants(&db).await;
        let alice = person(&db, &a, ALICE).await;
        within(&db, &a, async |tx| furnish(tx, &alice, &Corr::random()).await).await;
        let id = credit_id();
        within(&db, &a, async |tx| {
            assert!(tx.credit_ask(&id, ("user:1", Some("user:1")), later(1)).await.unwrap());
            assert!(!tx.credit_ask(&id, ("user:2", Some("user:2")), later(2)).await.unwrap(), "once");
            assert!(!tx.manual_credit_done(&id, later(2)).await.unwrap(), "nothing is credited while it waits");
            assert!(!tx.credit_first(&id, "user:2").await.unwrap(), "the first was who asked");
            assert!(!tx.credit_approve(&id, "user:1", later(2)).await.unwrap(), "not the same eyes");
            assert_eq!(tx.credits_waiting(10).await.unwrap().len(), 1);
        })
        .await;
        let overdue = db.platform_read().await.unwrap().credits_overdue(later(1), 10).await.unwrap();
        assert_eq!(overdue.iter().map(|row| (&row.tenant, &row.id)).collect::<Vec<_>>(), [(&a, &id)]);
        assert!(db.platform_read().await.unwrap().credits_overdue(NOON, 10).await.unwrap().is_empty());
        let names: Vec<String> = (2..10).map(|n| format!("user:{n}")).collect();
        let all = names.iter().map(|by| within(&db, &a, async |tx| tx.credit_approve(&credit_id(), by, later(3)).await.unwrap()));
        let approved = futures::future::join_all(all).await;
        assert_eq!(approved.into_iter().filter(|approved| *approved).count(), 1);
        within(&db, &a, async |tx| {
            assert!(!tx.credit_end(&id, CreditAsk::Expired, "auto", later(4)).await.unwrap());
            let row = tx.credit_ask_get(&id).await.unwrap().unwrap();
            assert_eq!((row.ask, row.asked_at, row.decided_at), (CreditAsk::Approved, later(1), Some(later(3))));
            assert!(tx.manual_credit_done(&id, later(5)).await.unwrap());
            assert!(!tx.manual_credit_done(&id, later(6)).await.unwrap());
            assert_eq!(tx.credits_waiting(10).await.unwrap(), []);
        })
        .await;
    }

    async fn the_viewer_walks_over_everybodys_generations(db: Db) {
        let (a, _) = two_tenants(&db).await;
        let (alice, bob) = (person(&db, &a, ALICE).await, person(&db, &a, BOB).await);
        let first = generation(&db, &a, &alice, 1).await;
        let second = generation(&db, &a, &bob, 2).await;
        let third = generation(&db, &a, &alice, 3).await;
        within(&db, &a, async |tx| {
            assert_eq!(tx.gallery_newest().await.unwrap().unwrap().id, third);
            assert_eq!(tx.gallery_oldest().await.unwrap().unwrap().id, first);
            assert_eq!(tx.gallery_older(later(3), &third).await.unwrap().unwrap().id, second);
            assert_eq!(tx.gallery_newer(later(1), &first).await.unwrap().unwrap().id, second);
            assert_eq!(tx.gallery_older(later(1), &first).await.unwrap(), None);
            assert_eq!(tx.gallery_newer(later(3), &third).await.unwrap(), None);
            assert_eq!(tx.gallery_between(NOON, later(2), &second).await.unwrap(), 2);
            assert_eq!(tx.generations_of_user(ALICE).await.unwrap(), 2);
            let work = tx.work_now().await.unwrap();
            assert_eq!((work.count, work.oldest, work.held), (3, Some(later(1)), 0));
        })
        .await;
    }

    async fn figures_add_up_without_walking_over_people(db: Db) {
        let (a, _) = two_tenants(&db).await;
        let (alice, bob) = (person(&db, &a, ALICE).await, person(&db, &a, BOB).await);
        within(&db, &a, async |tx| {
            let corr = Corr::random();
            for (user, kopecks) in [(&alice, 5_000), (&bob, 700)] {
                let operation = user.user_id.to_string();
                botyard::billing::credit(tx, &user.user_ref, &operation, Money::kopecks(kopecks), &corr, NOON).await.unwrap();
            }
            assert_eq!(tx.owed_to_people().await.unwrap(), 5_700);
            let credits = tx.credits_last(&Account::User(alice.user_ref.clone()), 5).await.unwrap();
            assert_eq!(credits.iter().map(|row| (row.code.as_str(), row.amount)).collect::<Vec<_>>(), [("admin_credit", 5_000)]);
            assert_eq!(tx.paid_total(&Account::User(alice.user_ref.clone())).await.unwrap(), (0, 0), "no payment");
            assert!(tx.user_block(BOB, NOON).await.unwrap() && !tx.user_block(BOB, NOON).await.unwrap());
            assert!(tx.user_unreachable(ALICE, NOON).await.unwrap());
            assert_eq!(tx.users_apart().await.unwrap(), (1, 1));
            for (day, n) in [("2026-11-20", 2), ("2026-11-22", 1)] {
                tx.counter_add(day, Counter::Generations, n).await.unwrap();
            }
            assert_eq!(tx.counters_total().await.unwrap().get(Counter::Generations), 3);
            assert_eq!(tx.counter_before("2026-11-22", Counter::Generations).await.unwrap(), 2);
            for (day, model) in [(DAY, "z"), (DAY, "z"), (DAY, "a"), ("2026-11-01", "a")] {
                tx.model_day_add(day, model).await.unwrap();
            }
            let top = tx.models_top("2026-11-16", 5).await.unwrap();
            assert_eq!(top, [("z".to_owned(), 2), ("a".to_owned(), 1)]);
        })
        .await;
    }

    async fn people_are_found_by_name_in_any_case_and_listed_newest_first(db: Db) {
        let (a, _) = two_tenants(&db).await;
        person(&db, &a, ALICE).await;
        within(&db, &a, async |tx| {
            let bob = botyard::store::Seen { username: Some("Bob_B"), ..seen(BOB) };
            tx.user_seen(&bob, later(5)).await.unwrap();
            assert_eq!(tx.user_by_name("bob_b").await.unwrap().unwrap().user_id, BOB);
            assert_eq!(tx.user_by_name("nobody").await.unwrap(), None);
            let page = |rows: Vec<UserRow>| rows.into_iter().map(|row| row.user_id).collect::<Vec<_>>();
            assert_eq!(page(tx.users_page(10, 0).await.unwrap()), [BOB, ALICE]);
            assert_eq!(page(tx.users_page(1, 1).await.unwrap()), [ALICE]);
        })
        .await;
    }
}

pub(crate) async fn raw(test: &TestDb, sql: &str) -> Result<(), StoreError> {
    match (test.db.raw_sqlite(), test.db.raw_postgres()) {
        (Some(pool), _) => sqlx::query(AssertSqlSafe(sql.to_owned())).execute(pool).await.map(|_| ())?,
        (_, Some(pool)) => {
            let mut tx = pool.begin().await?;
            if sql.starts_with("UPDATE") || sql.starts_with("DELETE") {
                sqlx::query("SELECT set_config('role', 'botyard_platform', true)").execute(&mut *tx).await?;
            }
            sqlx::query(AssertSqlSafe(sql.to_owned())).execute(&mut *tx).await?;
            tx.commit().await?;
        }
        (None, None) => unreachable!("a database is SQLite or PostgreSQL"),
    }
    Ok(())
}

/// What somebody with the whole database in their hands would do before forging.
pub(crate) fn unguarded(test: &TestDb) -> Vec<&'static str> {
    if test.db.raw_sqlite().is_some() {
        vec!["DROP TRIGGER audit_log_immutable_update", "DROP TRIGGER audit_log_immutable_delete"]
    } else {
        vec![
            "ALTER TABLE audit_log DISABLE TRIGGER audit_log_immutable",
            "GRANT UPDATE, DELETE ON audit_log TO botyard_platform",
        ]
    }
}
