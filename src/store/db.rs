//! The database: SQLite in a file (one writer, several readers) or Postgres (one pool), behind one type.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use sha2::{Digest, Sha256};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection as _, PgPool, SqliteConnection, SqlitePool};

use super::tx::Tx;
use super::{PlatformTx, StoreError, TenantTx};
use crate::domain::{BotInstanceId, ChatId};

pub(super) static MIGRATIONS_SQLITE: sqlx::migrate::Migrator = sqlx::migrate!("migrations/sqlite");
pub(super) static MIGRATIONS_POSTGRES: sqlx::migrate::Migrator = sqlx::migrate!("migrations/postgres");

/// Role, tenant and chat lock in one statement: what every transaction on Postgres begins with (decisions.md 1).
const BEGIN_TENANT_POSTGRES: &str =
    "SELECT set_config('role', 'botyard_tenant', true), set_config('app.tenant', $1, true)";
const BEGIN_CHAT_POSTGRES: &str = "SELECT set_config('role', 'botyard_tenant', true), set_config('app.tenant', $1, true), \
     pg_advisory_xact_lock($2, $3)";
const BEGIN_PLATFORM_POSTGRES: &str = "SELECT set_config('role', 'botyard_platform', true)";
const LOGIN_ROLE_POSTGRES: &str =
    "SELECT rolsuper OR rolbypassrls AS above_walls FROM pg_roles WHERE rolname = current_user";

/// Connections of the lane for payments' last checks: each takes a millisecond or two.
const QUICK: u32 = 2;

/// Which database is behind a [`Db`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DbKind {
    /// The embedded default.
    Sqlite,
    /// For more than one machine.
    Postgres,
}

/// Sizes and patience of the pools.
#[derive(Debug, Clone)]
pub struct PoolSettings {
    /// Connections to Postgres, or readers of SQLite.
    pub connections: u32,
    /// How long a caller waits for a free connection.
    pub wait: Duration,
    /// `lock_timeout` on Postgres, `busy_timeout` on SQLite.
    pub lock: Duration,
    /// `statement_timeout` on Postgres.
    pub statement: Duration,
}

impl Default for PoolSettings {
    fn default() -> Self {
        Self {
            connections: 16,
            wait: Duration::from_secs(2),
            lock: Duration::from_secs(2),
            statement: Duration::from_secs(3),
        }
    }
}

/// Why the database could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Not an address of a database that is known here.
    #[error("DATABASE_URL must begin with sqlite: or postgres://, for example sqlite:data/botyard.db")]
    UnknownScheme,
    /// The address does not parse, or the folder cannot be made. Carries no password.
    #[error("DATABASE_URL cannot be used: {0}")]
    BadAddress(String),
    /// The login role stands above row-level security.
    #[error(
        "the database login is a superuser or has BYPASSRLS, so tenants would not be walled off: use an ordinary role, or \
         set BOTYARD_ALLOW_SUPERUSER=1 for a trial"
    )]
    AboveWalls,
    /// A migration failed or the schema is newer than this program.
    #[error("the schema cannot be brought up to date: {0}")]
    Migration(String),
    /// The server is away.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The database. Cheap to clone.
#[derive(Clone)]
pub struct Db(Pools);

#[derive(Clone)]
enum Pools {
    Sqlite { writer: SqlitePool, readers: SqlitePool, quick: SqlitePool },
    Postgres { pool: PgPool, quick: PgPool },
}

impl Db {
    /// Opens `sqlite:PATH` or `postgres://…`. Nothing is migrated; on Postgres no connection is made yet.
    pub async fn open(url: &str, pools: &PoolSettings) -> Result<Self, OpenError> {
        if let Some(path) = url.strip_prefix("sqlite:") {
            Self::open_sqlite(Path::new(path.strip_prefix("//").unwrap_or(path)), pools).await
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            Self::open_postgres(url, pools)
        } else {
            Err(OpenError::UnknownScheme)
        }
    }

    async fn open_sqlite(path: &Path, pools: &PoolSettings) -> Result<Self, OpenError> {
        if let Some(folder) = path.parent().filter(|p| *p != Path::new("")) {
            std::fs::create_dir_all(folder).map_err(|e| OpenError::BadAddress(format!("{}: {e}", folder.display())))?;
        }
        let options = SqliteConnectOptions::new()
            .filename(PathBuf::from(path))
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(pools.lock)
            .foreign_keys(true)
            .statement_cache_capacity(512);
        let open = |n: u32| {
            SqlitePoolOptions::new()
                .min_connections(1)
                .max_connections(n)
                .acquire_timeout(pools.wait)
                .test_before_acquire(false)
                .after_release(|connection, _| Box::pin(is_out_of_transaction(connection)))
        };
        let writer = open(1).connect_with(options.clone()).await.map_err(StoreError::from)?;
        let readers = open(pools.connections.clamp(1, 8)).connect_lazy_with(options.clone());
        let quick = open(QUICK).connect_lazy_with(options);
        Ok(Self(Pools::Sqlite { writer, readers, quick }))
    }

    fn open_postgres(url: &str, pools: &PoolSettings) -> Result<Self, OpenError> {
        let ms = |d: Duration| d.as_millis().to_string();
        let options = PgConnectOptions::from_str(url)
            .map_err(|_| OpenError::BadAddress("expected postgres://user:password@host:port/database".to_owned()))?
            .application_name("botyard")
            .options([
                // Every statement here is short; compiling one takes longer than running it.
                ("jit", "off".to_owned()),
                ("lock_timeout", ms(pools.lock)),
                ("statement_timeout", ms(pools.statement)),
                ("idle_in_transaction_session_timeout", ms(pools.statement * 10)),
            ]);
        let open = |n: u32| {
            PgPoolOptions::new().max_connections(n).acquire_timeout(pools.wait).connect_lazy_with(options.clone())
        };
        Ok(Self(Pools::Postgres { pool: open(pools.connections), quick: open(QUICK) }))
    }

    /// Which database this is.
    pub fn kind(&self) -> DbKind {
        match self.0 {
            Pools::Sqlite { .. } => DbKind::Sqlite,
            Pools::Postgres { .. } => DbKind::Postgres,
        }
    }

    /// Brings the schema up to date; safe to repeat and to run from several processes.
    pub async fn migrate(&self) -> Result<(), OpenError> {
        let done = match &self.0 {
            Pools::Sqlite { writer, .. } => MIGRATIONS_SQLITE.run(writer).await,
            Pools::Postgres { pool, .. } => MIGRATIONS_POSTGRES.run(pool).await,
        };
        done.map_err(|e| OpenError::Migration(e.to_string()))
    }

    /// Refuses a Postgres login that stands above row-level security (decisions.md 1).
    pub async fn check_walls(&self) -> Result<(), OpenError> {
        let Pools::Postgres { pool, .. } = &self.0 else { return Ok(()) };
        let above: bool = sqlx::query_scalar(LOGIN_ROLE_POSTGRES).fetch_one(pool).await.map_err(StoreError::from)?;
        if above { Err(OpenError::AboveWalls) } else { Ok(()) }
    }

    /// Opens a writing transaction on one tenant's rows.
    pub async fn tenant(&self, id: &BotInstanceId) -> Result<TenantTx, StoreError> {
        let _wait = Wait::begin("write");
        let tx = match &self.0 {
            Pools::Sqlite { writer, .. } => Tx::Sqlite(writer.begin_with("BEGIN IMMEDIATE").await?),
            Pools::Postgres { pool, .. } => {
                let mut tx = pool.begin().await?;
                sqlx::query(BEGIN_TENANT_POSTGRES).bind(id.as_str()).execute(&mut *tx).await?;
                Tx::Postgres(tx)
            }
        };
        Ok(TenantTx::new(tx, id))
    }

    /// The same, holding the chat's lock until the end: updates of one chat are handled one after another on all replicas.
    /// On SQLite the single writer is that lock.
    pub async fn tenant_chat(&self, id: &BotInstanceId, chat: ChatId) -> Result<TenantTx, StoreError> {
        let Pools::Postgres { pool, .. } = &self.0 else { return self.tenant(id).await };
        let _wait = Wait::begin("chat");
        let (high, low) = chat_lock_key(id, chat);
        let mut tx = pool.begin().await?;
        sqlx::query(BEGIN_CHAT_POSTGRES).bind(id.as_str()).bind(high).bind(low).execute(&mut *tx).await?;
        Ok(TenantTx::new(Tx::Postgres(tx), id))
    }

    /// Opens a transaction for reading one tenant's rows; on SQLite it does not wait for the writer. Never write in it.
    pub async fn tenant_read(&self, id: &BotInstanceId) -> Result<TenantTx, StoreError> {
        match &self.0 {
            Pools::Sqlite { readers, .. } => Ok(TenantTx::new(Tx::Sqlite(readers.begin().await?), id)),
            Pools::Postgres { .. } => self.tenant(id).await,
        }
    }

    /// The same on connections that nothing else takes: for a payment's last check, which waits for no other work (bot.md 11.4).
    pub async fn tenant_quick(&self, id: &BotInstanceId) -> Result<TenantTx, StoreError> {
        let tx = match &self.0 {
            Pools::Sqlite { quick, .. } => Tx::Sqlite(quick.begin().await?),
            Pools::Postgres { quick, .. } => {
                let mut tx = quick.begin().await?;
                sqlx::query(BEGIN_TENANT_POSTGRES).bind(id.as_str()).execute(&mut *tx).await?;
                Tx::Postgres(tx)
            }
        };
        Ok(TenantTx::new(tx, id))
    }

    /// Opens a transaction over all tenants.
    pub async fn platform(&self) -> Result<PlatformTx, StoreError> {
        let _wait = Wait::begin("platform");
        let tx = match &self.0 {
            Pools::Sqlite { writer, .. } => Tx::Sqlite(writer.begin_with("BEGIN IMMEDIATE").await?),
            Pools::Postgres { pool, .. } => {
                let mut tx = pool.begin().await?;
                sqlx::query(BEGIN_PLATFORM_POSTGRES).execute(&mut *tx).await?;
                Tx::Postgres(tx)
            }
        };
        Ok(PlatformTx::new(tx))
    }

    /// Opens a transaction for reading over all tenants; on SQLite it does not wait for the writer.
    pub async fn platform_read(&self) -> Result<PlatformTx, StoreError> {
        match &self.0 {
            Pools::Sqlite { readers, .. } => Ok(PlatformTx::new(Tx::Sqlite(readers.begin().await?))),
            Pools::Postgres { .. } => self.platform().await,
        }
    }

    /// Waits for running transactions and closes the connections; on SQLite this also checkpoints the log.
    pub async fn close(&self) {
        match &self.0 {
            Pools::Sqlite { writer, readers, quick } => {
                quick.close().await;
                readers.close().await;
                writer.close().await;
            }
            Pools::Postgres { pool, quick } => {
                quick.close().await;
                pool.close().await;
            }
        }
    }

    /// The pool itself, for the tests that look at schemas and prepare every statement.
    #[doc(hidden)]
    pub fn raw_postgres(&self) -> Option<&PgPool> {
        match &self.0 {
            Pools::Postgres { pool, .. } => Some(pool),
            Pools::Sqlite { .. } => None,
        }
    }

    /// Readers of SQLite, for statements of the database as a whole.
    pub(super) fn raw_readers(&self) -> Option<&SqlitePool> {
        match &self.0 {
            Pools::Sqlite { readers, .. } => Some(readers),
            Pools::Postgres { .. } => None,
        }
    }

    /// Connections by pool: open, and of these idle.
    pub fn connections(&self) -> Vec<(&'static str, u32, u32)> {
        let idle = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        match &self.0 {
            Pools::Sqlite { writer, readers, quick } => vec![
                ("writer", writer.size(), idle(writer.num_idle())),
                ("readers", readers.size(), idle(readers.num_idle())),
                ("quick", quick.size(), idle(quick.num_idle())),
            ],
            Pools::Postgres { pool, quick } => {
                vec![("main", pool.size(), idle(pool.num_idle())), ("quick", quick.size(), idle(quick.num_idle()))]
            }
        }
    }

    /// The writing pool itself, for the tests that look at schemas and prepare every statement.
    #[doc(hidden)]
    pub fn raw_sqlite(&self) -> Option<&SqlitePool> {
        match &self.0 {
            Pools::Sqlite { writer, .. } => Some(writer),
            Pools::Postgres { .. } => None,
        }
    }
}

/// Whether a connection that comes back may be used again. On a full disk or an I/O error SQLite ends a transaction by itself; the
/// driver's own rollback then fails, and it counts the transaction as open for ever: it would refuse every later `BEGIN`. Such a
/// connection is closed, and the next one begins anew.
async fn is_out_of_transaction(connection: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
    if connection.is_in_transaction() {
        // A transaction that was dropped is rolled back in the connection's own thread: after what was asked before.
        connection.ping().await?;
    }
    let out = !connection.is_in_transaction();
    if !out {
        tracing::warn!("the database ended a transaction by itself: its connection is made anew");
    }
    Ok(out)
}

/// The time from asking for a writing transaction to having it: a free connection, SQLite's only writer, a chat's lock.
struct Wait {
    lane: &'static str,
    began: tokio::time::Instant,
}

impl Wait {
    fn begin(lane: &'static str) -> Self {
        metrics::gauge!("botyard_db_waiting", "lane" => lane).increment(1.0);
        Self { lane, began: tokio::time::Instant::now() }
    }
}

impl Drop for Wait {
    fn drop(&mut self) {
        metrics::gauge!("botyard_db_waiting", "lane" => self.lane).decrement(1.0);
        let waited = self.began.elapsed().as_secs_f64();
        metrics::histogram!("botyard_db_wait_seconds", "lane" => self.lane).record(waited);
    }
}

/// The two halves of the first 64 bits of sha256(tenant ‖ 0 ‖ chat), big-endian, signed (reliability.md 3.4): all bits are
/// used and nothing overflows.
fn chat_lock_key(id: &BotInstanceId, chat: ChatId) -> (i32, i32) {
    let mut hash = Sha256::new();
    hash.update(id.as_str().as_bytes());
    hash.update([0]);
    hash.update(chat.0.to_be_bytes());
    let digest = hash.finalize();
    let half = |at: usize| i32::from_be_bytes([digest[at], digest[at + 1], digest[at + 2], digest[at + 3]]);
    (half(0), half(4))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chats_and_tenants_have_locks_of_their_own() {
        let a = BotInstanceId::parse("tenant-a").unwrap();
        let b = BotInstanceId::parse("tenant-b").unwrap();
        assert_ne!(chat_lock_key(&a, ChatId(1)), chat_lock_key(&b, ChatId(1)));
        assert_ne!(chat_lock_key(&a, ChatId(1)), chat_lock_key(&a, ChatId(2)));
        assert_eq!(chat_lock_key(&a, ChatId(1)), chat_lock_key(&a, ChatId(1)));
    }
}
