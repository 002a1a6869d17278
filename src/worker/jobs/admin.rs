//! What admins need of the outside: their command menus in Telegram, the provider's balance, a look at the connection.

use std::time::Duration;

use crate::domain::{ReportAsker, Secret};
use crate::store::StoreError;
use crate::tenants::connect::connect;
use crate::tenants::{Tenant, commands};
use crate::worker::runner::Outcome;
use crate::worker::{Workers, boot, watch};

/// The provider's balance is a figure to look at: it is not waited for longer than this.
const PATIENCE: Duration = Duration::from_secs(5);

/// Brings Telegram's menus to what they should be.
pub(super) async fn command_menus(workers: &Workers, tenant: &Tenant) -> Outcome {
    let platform = &workers.platform;
    let bot = tenant.bot(&workers.telegram);
    match commands::sync(&bot, tenant, &platform.db, &platform.settings, &platform.texts, platform.clock.now()).await {
        Ok(()) => Outcome::Done,
        Err(error) => Outcome::Failed(error.to_string()),
    }
}

/// Reads the balance behind the key that this tenant generates with, and keeps it.
pub(super) async fn provider_credits(workers: &Workers, tenant: &Tenant) -> Outcome {
    let platform = &workers.platform;
    let key: Option<&Secret> = tenant.provider_key.as_ref();
    let credits = match key {
        Some(key) => tokio::time::timeout(PATIENCE, workers.kie.credits(key)).await.ok().and_then(Result::ok),
        None => None,
    };
    let kept = async {
        let mut tx = platform.db.tenant(&tenant.id).await?;
        tx.provider_credits_put(credits, platform.clock.now()).await?;
        tx.commit().await
    };
    match kept.await {
        Ok(()) => Outcome::Done,
        Err(error) => Outcome::Failed(format!("{}: {error}", error.class())),
    }
}

/// Looks at the token and at the webhook; a bot that is not connected is connected once more. The bot's boot report then says
/// how it stands.
pub(super) async fn look_now(workers: &Workers, tenant: &Tenant) -> Outcome {
    match looked(workers, tenant).await {
        Ok(()) => {
            boot::keep_tenant(workers, tenant, ReportAsker::Panel).await;
            Outcome::Done
        }
        Err(error) => Outcome::Failed(format!("{}: {error}", error.class())),
    }
}

async fn looked(workers: &Workers, tenant: &Tenant) -> Result<(), StoreError> {
    let platform = &workers.platform;
    let known = platform.db.tenant_read(&tenant.id).await?.connection_get().await?;
    let stands = known.is_some_and(|known| {
        known.token_checked_at.is_some() && known.token_error.is_none() && known.webhook_error.is_none()
    });
    if !stands {
        let (telegram, locks, db) = (&workers.telegram, &platform.locks, &platform.db);
        let now = platform.clock.now();
        connect(tenant, telegram, locks, db, &platform.settings, &platform.texts, now).await?;
    }
    watch::look(workers, tenant).await
}
