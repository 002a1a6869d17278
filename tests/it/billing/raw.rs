//! SQL written by hand against the ledger's tables: as a tenant's transaction sends it, and as somebody who stands above every
//! rule of the database.

use botyard::domain::BotInstanceId;
use botyard::store::Db;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, SqliteConnection};
use url::Url;

use crate::util::db::TestDb;
use crate::util::env;

/// Runs statements as a transaction of the tenant would, and commits. Gives the number of rows they met.
pub(super) async fn as_tenant(db: &Db, tenant: &BotInstanceId, sql: &str) -> Result<u64, sqlx::Error> {
    match (db.raw_sqlite(), db.raw_postgres()) {
        (Some(pool), _) => {
            let mut tx = pool.begin().await?;
            let done = sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut *tx).await?;
            tx.commit().await?;
            Ok(done.rows_affected())
        }
        (_, Some(pool)) => {
            let mut tx = pool.begin().await?;
            sqlx::query("SELECT set_config('role', 'botyard_tenant', true), set_config('app.tenant', $1, true)")
                .bind(tenant.as_str())
                .execute(&mut *tx)
                .await?;
            let done = sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut *tx).await?;
            tx.commit().await?;
            Ok(done.rows_affected())
        }
        (None, None) => unreachable!("a database is SQLite or PostgreSQL"),
    }
}

/// What the database said, whatever its kind.
pub(super) fn refusal(outcome: Result<u64, sqlx::Error>) -> String {
    match outcome {
        Err(sqlx::Error::Database(error)) => {
            error.constraint().map_or_else(|| error.message().to_owned(), |name| format!("{}: {name}", error.message()))
        }
        other => panic!("nothing was refused: {other:?}"),
    }
}

/// A connection above the rules: a superuser's on PostgreSQL, an ordinary one on SQLite, where the file is everything.
pub(super) enum Above {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Above {
    /// Connects, or says that the test is skipped.
    pub(super) async fn connect(test: &TestDb) -> Option<Self> {
        if test.url.starts_with("sqlite:") {
            return Some(Self::Sqlite(SqliteConnection::connect(&test.url).await.unwrap()));
        }
        let mut url = Url::parse(&env::read_or_skip(env::POSTGRES_SUPERUSER)?).unwrap();
        url.set_path(Url::parse(&test.url).unwrap().path());
        Some(Self::Postgres(PgConnection::connect(url.as_str()).await.unwrap()))
    }

    /// Takes away what would refuse a planted fault: checks, foreign keys, unique indexes, triggers.
    pub(super) async fn tear_down_the_rules(&mut self) {
        let rules = match self {
            Self::Sqlite(_) => {
                "PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON;
                 DROP TRIGGER transfers_immutable_update; DROP TRIGGER transfers_immutable_delete;
                 DROP TRIGGER ledger_seals_immutable_update; DROP TRIGGER ledger_seals_immutable_delete;"
            }
            Self::Postgres(_) => {
                "SET session_replication_role = replica;
                 ALTER TABLE accounts DROP CONSTRAINT accounts_overdraft_check, DROP CONSTRAINT accounts_held_check;"
            }
        };
        self.run(rules).await.unwrap();
        self.run("DROP INDEX transfers_pending_key").await.unwrap();
    }

    /// Runs statements; gives the number of rows they met.
    pub(super) async fn run(&mut self, sql: &str) -> Result<u64, sqlx::Error> {
        match self {
            Self::Sqlite(c) => sqlx::raw_sql(AssertSqlSafe(sql)).execute(c).await.map(|done| done.rows_affected()),
            Self::Postgres(c) => sqlx::raw_sql(AssertSqlSafe(sql)).execute(c).await.map(|done| done.rows_affected()),
        }
    }
}

/// The statement that writes one transfer. `pending` is the hold it resolves.
pub(super) struct Row<'a> {
    pub(super) tenant: &'a str,
    pub(super) id: &'a str,
    pub(super) kind: &'a str,
    pub(super) debit: &'a str,
    pub(super) credit: &'a str,
    pub(super) unit: &'a str,
    pub(super) amount: i64,
    pub(super) pending: Option<&'a str>,
    pub(super) key: &'a str,
}

impl Row<'_> {
    pub(super) fn insert(&self) -> String {
        let Self { tenant, id, kind, debit, credit, unit, amount, pending, key } = self;
        let pending = pending.map_or_else(|| "NULL".to_owned(), |id| format!("'{id}'"));
        format!(
            "INSERT INTO transfers (bot_instance_id, id, kind, code, debit_id, credit_id, unit, amount, pending_id, idem_key,
               req_hash, corr, created_at)
             VALUES ('{tenant}', '{id}', '{kind}', 'test', '{debit}', '{credit}', '{unit}', {amount}, {pending}, '{key}',
               'hash', 'CORR', 0)"
        )
    }
}
