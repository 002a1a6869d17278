//! The fifth wall at work (`iso_raw_query`, reliability.md T13; decisions.md 1): on PostgreSQL a statement that forgot its tenant finds nothing, changes nothing and
//! makes nothing, whatever it says.

use botyard::store::Db;
use sqlx::{AssertSqlSafe, PgConnection, PgPool};

use super::home::{furnish, tenant_tables};
use super::world::{ALICE, BOB, two_tenants};
use crate::util::db::on_postgres;

/// Row-level security, or a right that the role does not have.
const FORBIDDEN: &str = "42501";

async fn count(connection: &mut PgConnection, table: &str) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar(AssertSqlSafe(format!("SELECT COUNT(*) FROM {table}"))).fetch_one(connection).await
}

async fn as_tenant(pool: &PgPool, name: &str) -> sqlx::Transaction<'static, sqlx::Postgres> {
    let mut tx = pool.begin().await.unwrap();
    let sql = "SELECT set_config('role', 'botyard_tenant', true), set_config('app.tenant', $1, true)";
    sqlx::query(sql).bind(name).execute(&mut *tx).await.unwrap();
    tx
}

fn code(error: &sqlx::Error) -> String {
    error.as_database_error().and_then(sqlx::error::DatabaseError::code).unwrap_or_default().into_owned()
}

async fn furnished(db: &Db) -> (PgPool, Vec<String>) {
    let (a, b) = two_tenants(db).await;
    furnish(db, &a, ALICE).await;
    furnish(db, &b, BOB).await;
    (db.raw_postgres().unwrap().clone(), tenant_tables(db).await)
}

#[test]
fn iso_raw_query_a_statement_without_its_tenant_meets_only_its_own_rows() {
    on_postgres(|test| async move {
        let (pool, tables) = furnished(&test.db).await;
        for table in &tables {
            let theirs = format!("SELECT COUNT(*) FROM {table} WHERE bot_instance_id <> 'tenant-a'");
            let mut tx = as_tenant(&pool, "tenant-a").await;
            assert!(count(&mut tx, table).await.unwrap() > 0, "{table}: its own rows are there");
            let seen: i64 = sqlx::query_scalar(AssertSqlSafe(theirs)).fetch_one(&mut *tx).await.unwrap();
            assert_eq!(seen, 0, "{table}");
            // However it is joined, on whatever: every row that comes out is one's own.
            let joined = format!(
                "SELECT COUNT(*) FROM {table} x CROSS JOIN users u LEFT JOIN tenants t ON t.bot_instance_id <> x.bot_instance_id
                 WHERE 'tenant-b' IN (x.bot_instance_id, u.bot_instance_id, t.bot_instance_id)"
            );
            let seen: i64 = sqlx::query_scalar(AssertSqlSafe(joined)).fetch_one(&mut *tx).await.unwrap();
            assert_eq!(seen, 0, "{table}, joined");
            let update =
                format!("UPDATE {table} SET bot_instance_id = bot_instance_id WHERE bot_instance_id = 'tenant-b'");
            match sqlx::query(AssertSqlSafe(update)).execute(&mut *tx).await {
                Ok(done) => assert_eq!(done.rows_affected(), 0, "{table}"),
                Err(error) => assert_eq!(code(&error), FORBIDDEN, "{table}: {error}"),
            }
            tx.rollback().await.unwrap();
        }
    });
}

#[test]
fn iso_raw_query_a_row_can_be_neither_made_for_nor_moved_to_another_tenant() {
    on_postgres(|test| async move {
        let (pool, tables) = furnished(&test.db).await;
        for table in &tables {
            for sql in [
                format!(
                    "INSERT INTO {table} SELECT (json_populate_record(t, '{{\"bot_instance_id\": \"tenant-b\"}}')).* FROM {table} t"
                ),
                format!("UPDATE {table} SET bot_instance_id = 'tenant-b'"),
                format!("DELETE FROM {table} WHERE bot_instance_id = 'tenant-b'"),
            ] {
                let mut tx = as_tenant(&pool, "tenant-a").await;
                match sqlx::query(AssertSqlSafe(sql.clone())).execute(&mut *tx).await {
                    Ok(done) => assert!(sql.starts_with("DELETE") && done.rows_affected() == 0, "{sql}"),
                    Err(error) => assert_eq!(code(&error), FORBIDDEN, "{sql}: {error}"),
                }
            }
        }
    });
}

#[test]
fn iso_raw_query_a_tenant_has_no_sight_of_the_platforms_tables() {
    on_postgres(|test| async move {
        let (pool, of_tenants) = furnished(&test.db).await;
        let all: Vec<String> = sqlx::query_scalar(
            "SELECT tablename::TEXT FROM pg_tables WHERE schemaname = 'public' AND tablename <> '_sqlx_migrations'",
        )
        .fetch_all(&pool)
        .await
        .unwrap();
        let platforms: Vec<_> = all.into_iter().filter(|table| !of_tenants.contains(table)).collect();
        assert!(platforms.contains(&"panel_links".to_owned()), "{platforms:?}");
        for table in platforms {
            let mut tx = as_tenant(&pool, "tenant-a").await;
            assert_eq!(code(&count(&mut tx, &table).await.unwrap_err()), FORBIDDEN, "{table}");
        }
    });
}

#[test]
fn iso_raw_query_a_transaction_that_set_nothing_sees_nothing_on_a_fresh_and_on_a_reused_connection() {
    on_postgres(|test| async move {
        let (pool, tables) = furnished(&test.db).await;
        let mut fresh = test.again().await.raw_postgres().unwrap().acquire().await.unwrap().detach();
        let mut reused = pool.acquire().await.unwrap();
        for name in ["tenant-a", "tenant-b"] {
            let mut tx = sqlx::Connection::begin(&mut *reused).await.unwrap();
            let sql = "SELECT set_config('role', 'botyard_tenant', true), set_config('app.tenant', $1, true)";
            sqlx::query(sql).bind(name).execute(&mut *tx).await.unwrap();
            assert!(count(&mut tx, "users").await.unwrap() > 0);
            tx.commit().await.unwrap();
        }
        for table in &tables {
            // The owner of the tables, without a role: forced row-level security has no policy for it.
            assert_eq!(count(&mut fresh, table).await.unwrap(), 0, "{table}, fresh, no role");
            assert_eq!(count(&mut reused, table).await.unwrap(), 0, "{table}, reused, no role");
            // A role without a tenant: the setting is null on a fresh connection, empty on a reused one.
            for connection in [&mut fresh, &mut *reused] {
                let mut tx = sqlx::Connection::begin(connection).await.unwrap();
                sqlx::query("SET LOCAL ROLE botyard_tenant").execute(&mut *tx).await.unwrap();
                assert_eq!(count(&mut tx, table).await.unwrap(), 0, "{table}, no tenant");
            }
        }
    });
}
