//! Open transactions. [`TenantTx`] is the only way to a tenant's rows; [`PlatformTx`] is for what has no tenant yet or spans
//! all, and only `platform*.rs` gives it methods on tenant tables.

use sqlx::{Postgres, Sqlite, Transaction};

use super::StoreError;
use crate::domain::BotInstanceId;

/// An open transaction on whichever database is configured.
pub(crate) enum Tx {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

/// Runs one sqlx expression on whichever transaction is open: the body is compiled once per database.
///
/// ```ignore
/// let row: Option<UserRow> = on!(self.tx, c => sqlx::query_as(USER_GET).bind(self.id.as_str()).fetch_optional(c).await)?;
/// ```
macro_rules! on {
    ($tx:expr, $conn:ident => $body:expr) => {
        match &mut $tx {
            $crate::store::Tx::Sqlite(t) => {
                let $conn = &mut **t;
                $body
            }
            $crate::store::Tx::Postgres(t) => {
                let $conn = &mut **t;
                $body
            }
        }
    };
}
pub(crate) use on;

impl Tx {
    pub(crate) fn is_postgres(&self) -> bool {
        matches!(self, Self::Postgres(_))
    }

    async fn commit(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(t) => t.commit().await?,
            Self::Postgres(t) => t.commit().await?,
        }
        Ok(())
    }

    async fn rollback(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(t) => t.rollback().await?,
            Self::Postgres(t) => t.rollback().await?,
        }
        Ok(())
    }
}

/// A transaction that can see and change the rows of one tenant and nothing else. Dropped without [`TenantTx::commit`]
/// it rolls back.
pub struct TenantTx {
    pub(super) tx: Tx,
    pub(super) id: BotInstanceId,
    /// From where its acts come, for the audit log.
    pub(super) origin: Option<String>,
}

impl TenantTx {
    pub(super) fn new(tx: Tx, id: &BotInstanceId) -> Self {
        Self { tx, id: id.clone(), origin: None }
    }

    /// The same, whose acts come from this network: the audit log says so.
    #[must_use]
    pub fn coming_from(self, origin: Option<&str>) -> Self {
        Self { origin: origin.map(str::to_owned), ..self }
    }

    /// Whose rows these are.
    pub fn tenant(&self) -> &BotInstanceId {
        &self.id
    }

    /// Makes the changes durable. After an error the outcome is unknown: repeat under the same idempotency keys.
    pub async fn commit(self) -> Result<(), StoreError> {
        self.tx.commit().await
    }

    /// Gives the changes up at once (dropping does the same a little later).
    pub async fn rollback(self) -> Result<(), StoreError> {
        self.tx.rollback().await
    }
}

/// A transaction over all tenants, for registry, fair claims, log-in and owner pages.
pub struct PlatformTx {
    pub(super) tx: Tx,
    /// From where its acts come, for the audit log.
    pub(super) origin: Option<String>,
}

impl PlatformTx {
    pub(super) const fn new(tx: Tx) -> Self {
        Self { tx, origin: None }
    }

    /// The same, whose acts come from this network: the audit log says so.
    #[must_use]
    pub fn coming_from(self, origin: Option<&str>) -> Self {
        Self { origin: origin.map(str::to_owned), ..self }
    }

    /// Makes the changes durable.
    pub async fn commit(self) -> Result<(), StoreError> {
        self.tx.commit().await
    }
}
