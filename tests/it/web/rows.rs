//! All rows of a database as text, to see whether something changed.

use std::collections::BTreeMap;

use botyard::store::Db;
use sqlx::{AssertSqlSafe, Row as _};

/// Every table's rows, sorted.
pub(crate) async fn dump(db: &Db) -> BTreeMap<String, Vec<String>> {
    if let Some(pool) = db.raw_sqlite() {
        let tables: Vec<String> =
            sqlx::query_scalar("SELECT name FROM sqlite_master WHERE type = 'table'").fetch_all(pool).await.unwrap();
        let mut all = BTreeMap::new();
        for table in tables {
            let columns: Vec<String> = sqlx::query(AssertSqlSafe(format!("PRAGMA table_info(\"{table}\")")))
                .fetch_all(pool)
                .await
                .unwrap()
                .iter()
                .map(|row| format!("quote(\"{}\")", row.get::<String, _>("name")))
                .collect();
            let sql = format!("SELECT {} AS t FROM \"{table}\" ORDER BY 1", columns.join(" || '|' || "));
            all.insert(table, sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(pool).await.unwrap());
        }
        return all;
    }
    let pool = db.raw_postgres().unwrap();
    let mut tx = pool.begin().await.unwrap();
    let tables: Vec<String> = sqlx::query_scalar(
        "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' AND tablename <> '_sqlx_migrations'",
    )
    .fetch_all(&mut *tx)
    .await
    .unwrap();
    sqlx::query("SELECT set_config('role', 'botyard_platform', true)").execute(&mut *tx).await.unwrap();
    let mut all = BTreeMap::new();
    for table in tables {
        let sql = format!("SELECT t::text FROM \"{table}\" t ORDER BY 1");
        all.insert(table, sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(&mut *tx).await.unwrap());
    }
    all
}

/// How many rows a table has.
pub(crate) async fn count(db: &Db, table: &str) -> usize {
    dump(db).await[table].len()
}
