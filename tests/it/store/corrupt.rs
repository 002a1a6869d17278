//! A value that this program cannot have written stops the reader and says where it is.

use botyard::store::{Db, StoreError};
use sqlx::AssertSqlSafe;

use super::home::furnish;
use super::world::{ALICE, two_tenants, within};
use crate::util::db::on_each_db;

async fn spoil(db: &Db, sql: &str) {
    match (db.raw_sqlite(), db.raw_postgres()) {
        (Some(pool), _) => {
            sqlx::query(AssertSqlSafe(sql.to_owned())).execute(pool).await.unwrap();
        }
        (_, Some(pool)) => {
            let mut tx = pool.begin().await.unwrap();
            sqlx::query("SET LOCAL ROLE botyard_platform").execute(&mut *tx).await.unwrap();
            sqlx::query(AssertSqlSafe(sql.to_owned())).execute(&mut *tx).await.unwrap();
            tx.commit().await.unwrap();
        }
        (None, None) => unreachable!("a database is SQLite or PostgreSQL"),
    }
}

fn place(error: &StoreError) -> (&str, &str, &str) {
    match error {
        StoreError::Corrupt { table, column, row } => (table, column, row),
        other => panic!("{other}"),
    }
}

on_each_db! {
    async fn a_spoilt_cell_is_named(db: Db) {
        let (a, _) = two_tenants(&db).await;
        let home = furnish(&db, &a, ALICE).await;
        spoil(&db, "UPDATE users SET language = 'klingon'").await;
        spoil(&db, "UPDATE generations SET corr = 'short'").await;
        spoil(&db, "UPDATE error_log SET id = 'err_1'").await;
        within(&db, &a, async |tx| {
            let error = tx.user_get(ALICE).await.unwrap_err();
            assert_eq!(place(&error), ("users", "language", "1001"));
            let error = tx.generation_get(&home.generation).await.unwrap_err();
            assert_eq!(place(&error), ("generations", "corr", home.generation.as_str()));
            let error = tx.errors_last(1).await.unwrap_err();
            assert_eq!(place(&error), ("error_log", "id", "err_1"));
        })
        .await;
    }
}
