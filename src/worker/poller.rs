//! Long polling, where there is no webhook address: one lease per token, the same handling, the offset moves only after the
//! commit (architecture.md 3). 409 pauses that tenant and nobody else.

use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;
use tokio_util::sync::CancellationToken;

use super::Workers;
use crate::bot::{Ack, receive};
use crate::clients::telegram::TelegramError;
use crate::domain::{BotInstanceId, UpdateId};
use crate::tenants::connect::ALLOWED_UPDATES;

/// After an error of the network.
const PAUSE: Duration = Duration::from_secs(3);
/// After 401 or 409: somebody must act first.
const LONG_PAUSE: Duration = Duration::from_mins(1);

#[derive(Deserialize)]
struct Head {
    update_id: UpdateId,
}

/// Polls for one tenant until the soft stop.
pub fn start(workers: &Arc<Workers>, id: BotInstanceId) {
    let each = workers.clone();
    let stop = workers.tasks.soft().child_token();
    let ends = stop.clone();
    workers.tasks.spawn_supervised_part("poller", id.clone().as_str(), stop, move || {
        let (workers, id, ends) = (each.clone(), id.clone(), ends.clone());
        async move { poll(&workers, &id, &ends).await }
    });
}

async fn poll(workers: &Workers, id: &BotInstanceId, stop: &CancellationToken) {
    let mut offset = None;
    while !stop.is_cancelled() {
        let pause = tokio::select! {
            () = stop.cancelled() => return,
            pause = round(workers, id, &mut offset) => pause,
        };
        if let Some(pause) = pause {
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(pause) => {}
            }
        }
    }
}

/// One getUpdates under the token's lease; how long to pause afterwards.
async fn round(workers: &Workers, id: &BotInstanceId, offset: &mut Option<i64>) -> Option<Duration> {
    let Some(tenant) = workers.platform.tenants.get(id) else { return Some(LONG_PAUSE) };
    match lease(workers, id).await {
        Ok(true) => {}
        Ok(false) => return Some(workers.platform.settings.leases.renew_every),
        Err(error) => {
            tracing::warn!(tenant = %id, error = %error, "the poller's lease could not be asked for");
            return Some(PAUSE);
        }
    }
    let own = tenant.api_url.as_deref().and_then(|url| url::Url::parse(url).ok());
    let bot = workers.telegram.bot(&tenant.token, own.as_ref());
    // Never longer than the lease: who holds it must be able to renew it between two rounds.
    let wait = workers.platform.settings.telegram.long_poll.min(workers.platform.settings.leases.renew_every);
    match bot.get_updates(*offset, wait, ALLOWED_UPDATES).await {
        Ok(updates) => {
            for raw in updates {
                let Ok(head) = serde_json::from_str::<Head>(raw.get()) else { continue };
                if let Ack::Later(pause) = receive(&workers.platform, &tenant, raw.get().as_bytes()).await {
                    return Some(pause);
                }
                *offset = Some(head.update_id.0 + 1);
            }
            None
        }
        Err(TelegramError::RetryAfter(wait)) => Some(wait),
        Err(error @ (TelegramError::Conflict(_) | TelegramError::Unauthorized)) => {
            tracing::warn!(tenant = %id, error = %error, "polling pauses for this bot");
            Some(LONG_PAUSE)
        }
        Err(error) => {
            tracing::info!(tenant = %id, error = %error, "getUpdates failed");
            Some(PAUSE)
        }
    }
}

async fn lease(workers: &Workers, id: &BotInstanceId) -> Result<bool, crate::store::StoreError> {
    let life = i64::try_from(workers.platform.settings.leases.life.as_millis()).unwrap_or(30_000);
    let mut tx = workers.platform.db.platform().await?;
    let epoch = tx.lease_take(&format!("poller:{id}"), &workers.instance, life).await?;
    tx.commit().await?;
    Ok(epoch.is_some())
}
