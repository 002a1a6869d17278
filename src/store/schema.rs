//! Which version the database's schema has, and which one this program knows.

use sqlx::migrate::{Migrate, MigrateError, Migrator};

use super::StoreError;
use super::db::{Db, MIGRATIONS_POSTGRES, MIGRATIONS_SQLITE};

/// The table that sqlx keeps its account in.
const ACCOUNT: &str = "_sqlx_migrations";

/// The schema's version here and there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schema {
    /// The last migration of the database; `None`: it has none yet.
    pub applied: Option<i64>,
    /// The last migration of this program.
    pub known: i64,
}

impl Db {
    /// Reads the schema's version; changes nothing.
    pub async fn schema(&self) -> Result<Schema, StoreError> {
        if let Some(pool) = self.raw_sqlite() {
            let mut connection = pool.acquire().await?;
            return Ok(Schema { applied: last(&mut *connection).await?, known: newest(&MIGRATIONS_SQLITE) });
        }
        let Some(pool) = self.raw_postgres() else { return Ok(Schema { applied: None, known: 0 }) };
        let mut connection = pool.acquire().await?;
        Ok(Schema { applied: last(&mut *connection).await?, known: newest(&MIGRATIONS_POSTGRES) })
    }
}

fn newest(migrations: &Migrator) -> i64 {
    migrations.iter().map(|migration| migration.version).max().unwrap_or(0)
}

/// Without the account's table there is no migration yet; every other trouble is one.
async fn last(connection: &mut impl Migrate) -> Result<Option<i64>, StoreError> {
    match connection.list_applied_migrations(ACCOUNT).await {
        Ok(applied) => Ok(applied.iter().map(|migration| migration.version).max()),
        Err(MigrateError::Execute(sqlx::Error::Database(_))) => Ok(None),
        Err(MigrateError::Execute(error)) => Err(error.into()),
        Err(error) => Err(StoreError::Refused(error.to_string())),
    }
}
