//! A person is forgotten: no table names them any more, and what the ledger keeps is in order.

use botyard::billing;
use botyard::domain::{BotInstanceId, Corr, GenerationState, Money, PaymentState};
use botyard::store::{Db, Decision, ErasedMark, GenerationChange};
use sqlx::AssertSqlSafe;

use super::home::{DAY, furnish, picture, tenant_tables};
use super::world::{ALICE, BOB, NOON, later, person, two_tenants, within};
use crate::util::db::on_each_db;

/// Columns that hold a person's Telegram id. Admins are not erased; who wrote an article is an admin, and so is whoever has a
/// command menu of their own.
const NAMES: [&str; 2] = ["user_id", "chat_id"];
const ADMINS: [&str; 2] = ["admins", "command_menus"];

on_each_db! {
    async fn no_table_names_an_erased_person(db: Db) {
        let (a, b) = two_tenants(&db).await;
        let home = furnish(&db, &a, ALICE).await;
        furnish(&db, &b, ALICE).await;
        let (elsewhere, corr) = (picture(&db, &b).await, Corr::random());
        assert!(naming(&db, &a).await.len() > 4, "the test would say nothing");
        within(&db, &a, async |tx| {
            assert!(!tx.erasure_request(ALICE, &corr, later(1)).await.unwrap(), "furnished with a request");
            assert_eq!(tx.erasure_waits_for(ALICE).await.unwrap(), 2, "a generation is in work, a payment under review");
            let decision = Decision { from: PaymentState::Review, to: PaymentState::Rejected, by: "9", reason: None };
            assert!(tx.payment_decide(&home.till.review, &decision, NOON).await.unwrap());
            let (from, to) = ([GenerationState::Created], GenerationState::Canceled);
            let change = GenerationChange { finished_at: Some(NOON), ..GenerationChange::default() };
            assert!(tx.generation_move(&home.generation, &from, to, &change, NOON).await.unwrap());
            assert!(billing::release(tx, &home.hold, &home.generation, 1, &corr, NOON).await.unwrap());
            assert_eq!(tx.erasure_waits_for(ALICE).await.unwrap(), 0);
            let files = tx.erasure_results(ALICE).await.unwrap();
            assert!(files.len() == 2 && files.contains(&home.media.id), "a result and a receipt: {files:?}");
            assert_eq!(tx.erasure_orders(ALICE).await.unwrap().len(), 3);
            assert_eq!(billing::forfeit(tx, &home.user.user_ref, &corr, NOON).await.unwrap().as_kopecks(), 100_000);
            assert_eq!(billing::forfeit(tx, &home.user.user_ref, &corr, NOON).await.unwrap().as_kopecks(), 0);
            assert!(tx.erasure_finish(ALICE).await.unwrap());
            assert!(!tx.erasure_finish(ALICE).await.unwrap());
            assert_eq!(tx.user_get(ALICE).await.unwrap(), None);
            assert_eq!(tx.ledger_violations().await.unwrap(), []);
        })
        .await;
        assert_eq!(naming(&db, &a).await, Vec::<String>::new());
        assert_eq!(picture(&db, &b).await, elsewhere, "the same person of another tenant stays");
    }

    async fn the_mark_of_an_erased_person_is_the_last_one(db: Db) {
        let (a, _) = two_tenants(&db).await;
        let row = person(&db, &a, BOB).await;
        let first = ErasedMark { mark: "m".into(), day: DAY.into(), day_used: 3, gift: None, erased_at: NOON };
        let second = ErasedMark { gift: Some(Money::kopecks(1_700)), day_used: 1, erased_at: later(5), ..first.clone() };
        within(&db, &a, async |tx| {
            for mark in [&first, &second] {
                tx.erased_mark_put(mark).await.unwrap();
                assert_eq!(tx.erased_mark_get("m").await.unwrap().as_ref(), Some(mark));
            }
            tx.erased_day_carry(&row.user_ref, DAY, 3).await.unwrap();
            assert_eq!(tx.free_left_parts(&row.user_ref, DAY).await.unwrap(), (3, 0));
        })
        .await;
    }

    async fn a_request_is_made_once_and_goes_with_the_person(db: Db) {
        let (a, _) = two_tenants(&db).await;
        person(&db, &a, BOB).await;
        let corr = Corr::random();
        within(&db, &a, async |tx| {
            assert!(!tx.erasure_is_requested(BOB).await.unwrap());
            assert!(tx.erasure_request(BOB, &corr, NOON).await.unwrap());
            assert!(!tx.erasure_request(BOB, &Corr::random(), later(1)).await.unwrap());
            assert!(tx.erasure_is_requested(BOB).await.unwrap());
            assert_eq!(tx.erasure_of(&corr).await.unwrap(), Some(BOB));
            assert!(tx.erasure_finish(BOB).await.unwrap());
            assert_eq!(tx.erasure_of(&corr).await.unwrap(), None);
        })
        .await;
    }
}

/// The tables and columns where Alice's Telegram id stands in a tenant.
async fn naming(db: &Db, id: &BotInstanceId) -> Vec<String> {
    let mut found = Vec::new();
    for table in tenant_tables(db).await.into_iter().filter(|table| !ADMINS.contains(&table.as_str())) {
        for column in NAMES {
            let sql = format!("SELECT COUNT(*) FROM {table} WHERE bot_instance_id = $1 AND {column} = $2");
            let rows: Result<i64, sqlx::Error> = match (db.raw_sqlite(), db.raw_postgres()) {
                (Some(pool), _) => {
                    sqlx::query_scalar(AssertSqlSafe(sql)).bind(id.as_str()).bind(ALICE.0).fetch_one(pool).await
                }
                (_, Some(pool)) => {
                    let mut tx = pool.begin().await.unwrap();
                    sqlx::query("SET LOCAL ROLE botyard_platform").execute(&mut *tx).await.unwrap();
                    sqlx::query_scalar(AssertSqlSafe(sql)).bind(id.as_str()).bind(ALICE.0).fetch_one(&mut *tx).await
                }
                (None, None) => unreachable!("a database is SQLite or PostgreSQL"),
            };
            // A table without such a column refuses the question.
            if rows.is_ok_and(|n| n > 0) {
                found.push(format!("{table}.{column}"));
            }
        }
    }
    found
}
