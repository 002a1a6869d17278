//! A throw-away database beside the configured one, for `botyard smoke` (platform.md 5).

use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, PgConnection};
use std::str::FromStr as _;

use super::StoreError;

/// Any number: who holds it uses the name; a second smoke waits its turn elsewhere.
const BESIDE_LOCK_POSTGRES: &str = "SELECT pg_try_advisory_lock(7238420118)";
const BESIDE_CREATE_POSTGRES: &str = "CREATE DATABASE botyard_smoke";
const BESIDE_DROP_POSTGRES: &str = "DROP DATABASE IF EXISTS botyard_smoke WITH (FORCE)";
/// The name in the statements above.
const NAME: &str = "botyard_smoke";

/// Why there is no database beside the configured one.
#[derive(Debug, thiserror::Error)]
pub enum BesideError {
    /// The address does not parse. Carries no password.
    #[error("DATABASE_URL cannot be used: expected postgres://user:password@host:port/database")]
    BadAddress,
    /// Another run has it.
    #[error("another smoke run uses this server: wait for its end")]
    Taken,
    /// The server refused, for want of CREATEDB perhaps.
    #[error("the server does not make a database for the login role (ALTER ROLE … CREATEDB): {0}")]
    Refused(StoreError),
    /// The server is away.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A database that is dropped by [`Beside::drop_it`], or by the next run.
pub struct Beside {
    /// Its address.
    pub url: String,
    /// Holds the lock.
    server: PgConnection,
}

impl Beside {
    /// Makes it on the server that `url` (`postgres://…`) names, empty.
    pub async fn create(url: &str) -> Result<Self, BesideError> {
        let mut address = url::Url::parse(url).map_err(|_| BesideError::BadAddress)?;
        let options = PgConnectOptions::from_str(url).map_err(|_| BesideError::BadAddress)?;
        let mut server = options.connect().await.map_err(StoreError::from)?;
        let free: bool =
            sqlx::query_scalar(BESIDE_LOCK_POSTGRES).fetch_one(&mut server).await.map_err(StoreError::from)?;
        if !free {
            return Err(BesideError::Taken);
        }
        sqlx::query(BESIDE_DROP_POSTGRES).execute(&mut server).await.map_err(StoreError::from)?;
        let made = sqlx::query(BESIDE_CREATE_POSTGRES).execute(&mut server).await;
        made.map_err(|error| BesideError::Refused(error.into()))?;
        address.set_path(NAME);
        Ok(Self { url: address.into(), server })
    }

    /// Drops it.
    pub async fn drop_it(mut self) -> Result<(), StoreError> {
        sqlx::query(BESIDE_DROP_POSTGRES).execute(&mut self.server).await?;
        self.server.close().await?;
        Ok(())
    }
}
