//! What can go wrong with the database, told apart by what the caller can do about it.

/// A statement or a connection failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database cannot be reached, or gave no connection in time: try later (decisions.md 4).
    #[error("the database is away: {0}")]
    Away(String),
    /// Another transaction holds the chat's lock or a row for longer than `lock_timeout`.
    #[error("the row or chat is busy")]
    Busy,
    /// A statement ran longer than `statement_timeout`.
    #[error("a statement took too long")]
    Slow,
    /// A constraint said no. `0` is its name on Postgres, the message on SQLite.
    #[error("refused by {0}")]
    Refused(String),
    /// The row is not what this program wrote: says table, column and row.
    #[error("unexpected data in {table}.{column} of {row}")]
    Corrupt {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// The row's key.
        row: String,
    },
    /// Anything else: a defect of ours.
    #[error("statement failed: {0}")]
    Failed(String),
}

impl StoreError {
    /// A value that this program cannot have written.
    pub fn corrupt(table: &'static str, column: &'static str, row: &(impl ToString + ?Sized)) -> Self {
        Self::Corrupt { table, column, row: row.to_string() }
    }

    /// Whether trying the same again later can help.
    pub fn is_temporary(&self) -> bool {
        matches!(self, Self::Away(_) | Self::Busy | Self::Slow)
    }

    /// Whether a constraint whose name (Postgres) or columns (SQLite) contain `part` refused.
    pub fn refused_by(&self, part: &str) -> bool {
        matches!(self, Self::Refused(name) if name.contains(part))
    }

    /// A short stable word for logs and the error log.
    pub fn class(&self) -> &'static str {
        match self {
            Self::Away(_) => "db_away",
            Self::Busy => "db_busy",
            Self::Slow => "db_slow",
            Self::Refused(_) => "db_refused",
            Self::Corrupt { .. } => "db_corrupt",
            Self::Failed(_) => "db_failed",
        }
    }
}

/// Postgres codes: lock_not_available and query_canceled by `lock_timeout` / `statement_timeout`.
const PG_LOCK_TIMEOUT: &str = "55P03";
const PG_STATEMENT_TIMEOUT: &str = "57014";
/// Serialization failure and deadlock: the transaction may be repeated as a whole.
const PG_RETRY: [&str; 2] = ["40001", "40P01"];
/// Read-only transaction (a failed-over node), shutdown, too many connections, cannot connect now.
const PG_AWAY: [&str; 6] = ["25006", "57P01", "57P02", "57P03", "53300", "08006"];

/// SQLite's result codes are numbers whose lowest byte is the primary one: busy and locked may be tried again; full, I/O error,
/// cannot open and read-only are the disk's trouble, not the statement's. Postgres's codes have five characters.
fn sqlite_trouble(code: &str, message: &str) -> Option<StoreError> {
    let number: u32 = code.parse().ok().filter(|_| code.len() < 5)?;
    match number & 0xff {
        5 | 6 => Some(StoreError::Busy),
        8 | 10 | 13 | 14 => Some(StoreError::Away(message.to_owned())),
        _ => None,
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(db) => {
                let code = db.code().unwrap_or_default().into_owned();
                if db.is_unique_violation() || db.is_check_violation() || db.is_foreign_key_violation() {
                    return Self::Refused(db.constraint().map_or_else(|| db.message().to_owned(), str::to_owned));
                }
                if let Some(of_disk) = sqlite_trouble(&code, db.message()) {
                    return of_disk;
                }
                match code.as_str() {
                    PG_LOCK_TIMEOUT => Self::Busy,
                    PG_STATEMENT_TIMEOUT => Self::Slow,
                    c if PG_RETRY.contains(&c) => Self::Busy,
                    c if PG_AWAY.contains(&c) => Self::Away(db.message().to_owned()),
                    // restrict_violation and SQLITE_CONSTRAINT_TRIGGER: a trigger of ours.
                    "23001" | "1811" => Self::Refused(db.message().to_owned()),
                    _ => Self::Failed(db.message().to_owned()),
                }
            }
            sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => {
                Self::Away(error.to_string())
            }
            sqlx::Error::PoolTimedOut => Self::Away("no free connection in time".to_owned()),
            _ => Self::Failed(error.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_of_sqlite_is_told_by_its_lowest_byte_and_a_code_of_postgres_is_none() {
        let class = |code| sqlite_trouble(code, "m").map(|error| error.class());
        // Busy, busy with a snapshot, locked; full, failed writing and syncing, cannot open, a read-only file that moved.
        for (code, expected) in [
            ("5", Some("db_busy")),
            ("517", Some("db_busy")),
            ("262", Some("db_busy")),
            ("13", Some("db_away")),
            ("778", Some("db_away")),
            ("1034", Some("db_away")),
            ("14", Some("db_away")),
            ("1032", Some("db_away")),
            ("19", None),
            ("1811", None),
            ("25006", None),
            ("57014", None),
            ("", None),
        ] {
            assert_eq!(class(code), expected, "{code}");
        }
    }
}
