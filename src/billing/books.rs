//! How a bot's money stands, for its admins: the light of its ledger, and a month's statement. The bot's menu and the panel's
//! pages read both from here, so that they never tell different stories.

use super::settlement::{Month, Statement, Terms, close, due, statement};
use crate::domain::settings::{TenantLimits, TenantSettings};
use crate::domain::{BotInstanceId, UnixMs};
use crate::store::{Db, StoreError, TenantTx};

/// What the last check of a ledger found (`worker/auditor.rs` makes it).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Light {
    /// Nothing was checked yet: no money has moved.
    #[default]
    Dark,
    /// In order, as of then.
    Green(UnixMs),
    /// So many faults, as of then.
    Red(i64, UnixMs),
}

/// The light of a tenant's ledger. Reads what the auditor has kept; checks nothing itself, so it is quick.
pub async fn light(tx: &mut TenantTx) -> Result<Light, StoreError> {
    Ok(match tx.ledger_check_get().await? {
        None => Light::Dark,
        Some(check) if check.faults == 0 => Light::Green(check.checked_at),
        Some(check) => Light::Red(check.faults, check.checked_at),
    })
}

impl Terms {
    /// What a tenant's statements are made by.
    pub fn of(settings: &TenantSettings, limits: &TenantLimits) -> Self {
        Self { fee_basis_points: limits.fee_basis_points, rate: settings.currency_rate }
    }
}

/// Closes a tenant's months that are over, by its present zone and terms: in the background soon after the end of each, and at
/// the latest before a statement is read. Gives how many.
pub async fn close_over(
    tx: &mut TenantTx,
    settings: &TenantSettings,
    limits: &TenantLimits,
    now: UnixMs,
) -> Result<usize, StoreError> {
    close(tx, settings.timezone.tz(), &Terms::of(settings, limits), now).await
}

/// The same in a transaction of its own, which is opened for writing only when a month is to be closed.
pub async fn keep(
    db: &Db,
    tenant: &BotInstanceId,
    settings: &TenantSettings,
    limits: &TenantLimits,
    now: UnixMs,
) -> Result<usize, StoreError> {
    let mut tx = db.tenant_read(tenant).await?;
    if due(&mut tx, settings.timezone.tz(), now).await?.is_none() {
        return Ok(0);
    }
    drop(tx);
    let mut tx = db.tenant(tenant).await?;
    let closed = close_over(&mut tx, settings, limits, now).await?;
    tx.commit().await?;
    Ok(closed)
}

/// A tenant's statement of a month, closed or by its present zone and terms; the same that `botyard statement` prints.
pub async fn month(
    tx: &mut TenantTx,
    settings: &TenantSettings,
    limits: &TenantLimits,
    month: Month,
) -> Result<Statement, StoreError> {
    statement(tx, month, settings.timezone.tz(), &Terms::of(settings, limits)).await
}
