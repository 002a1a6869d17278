//! Gathers what a bot's requirements are computed from (platform.md 3): its rows, its settings, what it offers.

use super::screens::payments::payment_methods;
use crate::catalog::Catalog;
use crate::config::Settings;
use crate::diagnostics::requirements::{Facts, Provider, Requirement, requirements};
use crate::domain::UnixMs;
use crate::store::{Db, StoreError, TenantTx};
use crate::tenants::Tenant;
use crate::tenants::connect::webhook_url;

/// What is due for a bot now.
pub async fn due(
    db: &Db,
    settings: &Settings,
    catalog: &Catalog,
    tenant: &Tenant,
    now: UnixMs,
) -> Result<Vec<Requirement>, StoreError> {
    let mut tx = db.tenant_read(&tenant.id).await?;
    due_in(&mut tx, settings, catalog, tenant, now).await
}

/// The same in a transaction that is open.
pub async fn due_in(
    tx: &mut TenantTx,
    settings: &Settings,
    catalog: &Catalog,
    tenant: &Tenant,
    now: UnixMs,
) -> Result<Vec<Requirement>, StoreError> {
    let connection = tx.connection_get().await?;
    let connection = connection.ok_or_else(|| StoreError::corrupt("tenants", "bot_instance_id", tenant.id.as_str()))?;
    let watch = tx.watch_get().await?;
    let mut reachable = false;
    for (admin, _) in &tenant.admins {
        let user = tx.user_get(*admin).await?;
        reachable |= user.is_some_and(|user| user.started_at.is_some() && user.unreachable_at.is_none());
    }
    let provider = match (&tenant.provider_key, &settings.kie.api_key) {
        (Some(_), _) => Provider::Own(tx.provider_credits_get().await?.and_then(|row| row.credits)),
        (None, Some(_)) => Provider::Shared { budget: tenant.limits.shared_credits_per_day > 0 },
        (None, None) => Provider::Missing,
    };
    Ok(requirements(&Facts {
        tenant: &tenant.id,
        settings: &tenant.settings,
        connection: &connection,
        watch: watch.as_ref(),
        webhook: webhook_url(settings, tenant).as_deref(),
        owner: tenant.owner().is_some(),
        admin_reachable: reachable,
        provider,
        offered: catalog.models().iter().filter(|model| tenant.offers(model)).count(),
        payment_methods: payment_methods(tenant).len(),
        now,
    }))
}
