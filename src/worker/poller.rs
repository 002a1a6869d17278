//! Long polling, where there is no webhook address: one lease per token, the same handling, the offset moves only after the
//! commit (architecture.md 3). 409 pauses that tenant and nobody else.

use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;
use tokio_util::sync::CancellationToken;

use super::singleton::Role;
use super::{Workers, watch};
use crate::bot::{Ack, receive};
use crate::clients::telegram::TelegramError;
use crate::domain::{BotInstanceId, UpdateId};
use crate::store::StoreError;
use crate::tenants::Tenant;
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
    let role = Role::new(workers, format!("poller:{id}"));
    let mut offset = None;
    let mut disputed = false;
    while !stop.is_cancelled() {
        let pause = tokio::select! {
            () = stop.cancelled() => break,
            pause = round(workers, &role, id, (&mut offset, &mut disputed)) => pause,
        };
        if let Some(pause) = pause {
            tokio::select! {
                () = stop.cancelled() => break,
                () = tokio::time::sleep(pause) => {}
            }
        }
    }
    role.give_back().await;
}

/// One getUpdates under the token's lease; how long to pause afterwards.
async fn round(
    workers: &Workers,
    role: &Role<'_>,
    id: &BotInstanceId,
    (offset, disputed): (&mut Option<i64>, &mut bool),
) -> Option<Duration> {
    let Some(tenant) = workers.platform.tenants.get(id) else { return Some(LONG_PAUSE) };
    let others_turn = Some(workers.platform.settings.leases.renew_every);
    match role.take().await {
        Ok(true) => {}
        Ok(false) => {
            // Where the other process will have come to is not known here: Telegram is, by what that one confirmed.
            *offset = None;
            return others_turn;
        }
        Err(error) => {
            tracing::warn!(tenant = %id, error = %error, "the poller's lease could not be asked for");
            return Some(PAUSE);
        }
    }
    role.while_held(Box::pin(fetch(workers, &tenant, offset, disputed))).await.unwrap_or(others_turn)
}

/// Asks for updates, and handles them one by one.
async fn fetch(workers: &Workers, tenant: &Tenant, offset: &mut Option<i64>, disputed: &mut bool) -> Option<Duration> {
    let bot = tenant.bot(&workers.telegram);
    match bot.get_updates(*offset, workers.platform.settings.telegram.long_poll, ALLOWED_UPDATES).await {
        Ok(updates) => {
            if std::mem::take(disputed) {
                noted(tenant, watch::conflict(workers, tenant, false).await);
            }
            for raw in updates {
                let Ok(head) = serde_json::from_str::<Head>(raw.get()) else { continue };
                if let Ack::Later(pause) = receive(&workers.platform, tenant, raw.get().as_bytes()).await {
                    return Some(pause);
                }
                *offset = Some(head.update_id.0 + 1);
            }
            None
        }
        Err(TelegramError::RetryAfter(wait)) => Some(wait),
        Err(error @ (TelegramError::Conflict(_) | TelegramError::Unauthorized)) => {
            tracing::warn!(tenant = %tenant.id, error = %error, "polling pauses for this bot");
            *disputed = matches!(error, TelegramError::Conflict(_));
            let told = async {
                if *disputed {
                    watch::conflict(workers, tenant, true).await
                } else {
                    watch::revoked(workers, tenant).await
                }
            };
            noted(tenant, told.await);
            Some(LONG_PAUSE)
        }
        Err(error) => {
            tracing::info!(tenant = %tenant.id, error = %error, "getUpdates failed");
            Some(PAUSE)
        }
    }
}

/// What was found is stored and told; that it was not is told by the log, and the bot pauses all the same.
fn noted(tenant: &Tenant, done: Result<(), StoreError>) {
    if let Err(error) = done {
        tracing::warn!(tenant = %tenant.id, error = %error, "the trouble of a bot was not noted");
    }
}
