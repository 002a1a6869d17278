//! Makes the installation agree with its tenants file (platform.md 2, decisions.md 20): adds, updates, pauses what left, and
//! resumes only what leaving had paused.

use super::change;
use super::file::{Change, Known, KnownState, Refusal, TenantSpec, TenantsFile, plan};
use super::provision::{self, AddError, NewBot};
use super::tenant::TenantError;
use crate::domain::tenant::{Origin, TenantState};
use crate::domain::{BotInstanceId, UnixMs};
use crate::store::{Db, StoreError, TenantRow, TenantSettingsChange};
use crate::vault::{self, Column, Sealed, Vault};

/// Why a file was not applied.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// It would pause too much.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// A bot could not be added.
    #[error(transparent)]
    Add(#[from] AddError),
    /// Secrets or stored data.
    #[error(transparent)]
    Tenant(#[from] TenantError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Applies a file. Gives what was done, in order.
pub async fn apply(
    db: &Db,
    vault: &Vault,
    file: &TenantsFile,
    force: bool,
    now: UnixMs,
) -> Result<Vec<Change>, ApplyError> {
    let rows = stored(db).await?;
    let changes = plan(&rows.iter().map(known).collect::<Vec<_>>(), file, force)?;
    for change in &changes {
        match change {
            Change::Add(id) => {
                if let Some(spec) = file.tenant(id) {
                    add(db, vault, spec, now).await?;
                }
            }
            Change::Update(id) => {
                if let (Some(spec), Some(row)) = (file.tenant(id), rows.iter().find(|r| r.tenant == *id)) {
                    update(db, vault, spec, row, now).await?;
                }
            }
            Change::Pause(id) => {
                set_state(db, id, TenantState::Paused, Some("left the tenants file"), true, now).await?;
            }
            Change::Resume(id) => set_state(db, id, TenantState::Active, None, false, now).await?,
            Change::LeaveDeleted(_) => {}
        }
    }
    Ok(changes)
}

/// What applying a file would do, in order. Changes nothing.
pub async fn planned(db: &Db, file: &TenantsFile, force: bool) -> Result<Vec<Change>, ApplyError> {
    Ok(plan(&stored(db).await?.iter().map(known).collect::<Vec<_>>(), file, force)?)
}

async fn stored(db: &Db) -> Result<Vec<TenantRow>, StoreError> {
    db.platform_read().await?.tenants_all().await
}

fn known(row: &TenantRow) -> Known {
    let state = match row.state {
        TenantState::Deleted => KnownState::Deleted,
        TenantState::Paused if row.paused_by_file => KnownState::PausedByFile,
        TenantState::Paused => KnownState::Paused,
        TenantState::Suspended => KnownState::Suspended,
        TenantState::Draft | TenantState::Active => KnownState::Live,
    };
    Known { id: row.tenant.clone(), from_file: row.origin == Origin::File, state }
}

async fn add(db: &Db, vault: &Vault, spec: &TenantSpec, now: UnixMs) -> Result<(), AddError> {
    let bot = NewBot {
        id: &spec.id,
        token: &spec.token,
        admins: &spec.admin_ids,
        partner_id: &spec.partner_id,
        settings: &spec.settings,
        provider_key: spec.kie_api_key.as_ref(),
        telegram_api_url: spec.telegram_api_url.as_ref().map(crate::config::BaseUrl::as_str),
        origin: Origin::File,
        managed: spec.managed,
    };
    provision::add(db, vault, &bot, now).await?;
    provision::set_limits(db, &spec.id, &spec.limits, now).await?;
    Ok(())
}

/// The file's words for a tenant that is there. Its token is changed by rotation only, never by a restart.
async fn update(db: &Db, vault: &Vault, spec: &TenantSpec, row: &TenantRow, now: UnixMs) -> Result<(), ApplyError> {
    let key =
        vault.unwrap_key(&spec.id, &Sealed::from_bytes(row.data_key_wrapped.clone())).map_err(TenantError::from)?;
    let provider_key = spec
        .kie_api_key
        .as_ref()
        .map(|k| vault::seal(&key, &spec.id, Column::ProviderKey, k.expose().as_bytes()))
        .transpose()
        .map_err(TenantError::from)?;
    let settings = if spec.managed { spec.settings.clone() } else { change::kept(&spec.settings, row)? };
    let settings = serde_json::to_string(&settings).map_err(|_| TenantError::Data("settings"))?;
    let provider_key = provider_key.map(Sealed::into_bytes).or_else(|| row.provider_key_sealed.clone());
    let change = TenantSettingsChange {
        settings: &settings,
        partner_id: &spec.partner_id,
        managed: spec.managed,
        provider_key_sealed: provider_key.as_deref(),
        telegram_api_url: spec.telegram_api_url.as_ref().map(crate::config::BaseUrl::as_str),
    };
    let mut tx = db.platform().await?;
    tx.tenant_update_settings(&spec.id, row.version, &change, now).await?;
    tx.commit().await?;
    provision::set_limits(db, &spec.id, &spec.limits, now).await?;
    let mut tx = db.tenant(&spec.id).await?;
    tx.admins_replace(&provision::roles(&spec.admin_ids), now).await?;
    tx.commit().await?;
    Ok(())
}

async fn set_state(
    db: &Db,
    id: &BotInstanceId,
    state: TenantState,
    reason: Option<&str>,
    by_file: bool,
    now: UnixMs,
) -> Result<(), StoreError> {
    let mut tx = db.platform().await?;
    tx.tenant_set_state(id, state, reason, by_file, now).await?;
    tx.commit().await
}
