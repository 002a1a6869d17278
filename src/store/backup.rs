//! A consistent copy of an SQLite database, and whether a database is whole (platform.md 7).

use std::path::Path;

use super::{Db, StoreError};

/// Reads one snapshot; writers go on.
const BACKUP_SQLITE: &str = "VACUUM INTO $1";
const WHOLE_SQLITE: &str = "PRAGMA integrity_check";

impl Db {
    /// Writes a copy of an SQLite database into a file that is not there yet. On Postgres it is refused.
    pub async fn backup(&self, target: &Path) -> Result<(), StoreError> {
        let Some(pool) = self.raw_readers() else {
            return Err(StoreError::Failed("only an SQLite database is copied by a statement".to_owned()));
        };
        sqlx::query(BACKUP_SQLITE).bind(target.display().to_string()).execute(pool).await?;
        Ok(())
    }

    /// What SQLite finds broken in the file; empty when it is whole. Postgres looks after itself.
    pub async fn faults(&self) -> Result<Vec<String>, StoreError> {
        let Some(pool) = self.raw_readers() else { return Ok(Vec::new()) };
        let said: Vec<String> = sqlx::query_scalar(WHOLE_SQLITE).fetch_all(pool).await?;
        Ok(said.into_iter().filter(|line| line != "ok").collect())
    }
}
