//! Keeps the live tenants current in every process, and in one of them tells Telegram about each: where its updates go, its
//! commands (reliability.md 3.4). The two are tasks of their own, because connecting is slow on purpose and a changed setting
//! must not wait for it.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use super::singleton::Role;
use super::{Workers, boot, brake, poller};
use crate::domain::{BotInstanceId, ReportAsker};
use crate::tenants::Tenant;
use crate::tenants::connect::{connect, webhook_url};

/// The shortest pause between two looks.
const LEAST: Duration = Duration::from_millis(100);

/// Re-reads the tenants until the soft stop, and polls those of them that Telegram does not call.
pub async fn refresh(workers: Arc<Workers>) {
    let stop = workers.tasks.soft();
    let platform = &workers.platform;
    let mut polled = HashSet::new();
    let mut seen = brake::Seen::new();
    loop {
        brake::look(&workers, &mut seen).await;
        if platform.settings.webhook.base_url.is_none() {
            let silent = |tenant: &Tenant| tenant.delivery.as_deref() == Some("");
            for tenant in platform.tenants.all().into_iter().filter(|tenant| silent(tenant)) {
                if polled.insert(tenant.id.clone()) {
                    poller::start(&workers, tenant.id.clone());
                }
            }
        }
        if stop.run_until_cancelled(tokio::time::sleep(pause(&workers))).await.is_none() {
            return;
        }
        match platform.tenants.refresh(&platform.db, &platform.vault).await {
            Ok(broken) => {
                for (id, error) in broken {
                    tracing::error!(tenant = %id, error = %error, "a stored tenant cannot be served");
                }
            }
            Err(error) => tracing::warn!(error = %error, "tenants could not be re-read"),
        }
    }
}

/// Connects tenants to Telegram, at the start and when they change, until the soft stop: in one process at a time.
pub async fn register(workers: Arc<Workers>) {
    let stop = workers.tasks.soft();
    let role = Role::new(&workers, "registrar");
    let mut connected = HashMap::new();
    loop {
        match role.take().await {
            Ok(true) => {
                let pass = role.while_held(Box::pin(pass(&workers, &mut connected)));
                let _ = stop.run_until_cancelled(pass).await;
            }
            // What the other process does is not known here: whoever takes the role over begins anew.
            Ok(false) => connected.clear(),
            Err(error) => tracing::warn!(error = %error, "the registrar's lease could not be asked for"),
        }
        if stop.run_until_cancelled(tokio::time::sleep(pause(&workers))).await.is_none() {
            return role.give_back().await;
        }
    }
}

fn pause(workers: &Workers) -> Duration {
    let settings = &workers.platform.settings;
    settings.bot.settings_refresh.min(settings.leases.renew_every).max(LEAST)
}

/// Connects whom this process has not connected in their present version; first those whose updates do not come yet.
async fn pass(workers: &Workers, connected: &mut HashMap<BotInstanceId, Arc<Tenant>>) {
    let platform = &workers.platform;
    let arrives =
        |tenant: &Tenant| tenant.delivery == Some(webhook_url(&platform.settings, tenant).unwrap_or_default());
    let mut tenants = platform.tenants.all();
    let same = |known: &Tenant, now: &Tenant| known.version == now.version && known.token == now.token;
    tenants.retain(|tenant| !connected.get(&tenant.id).is_some_and(|known| same(known, tenant)));
    tenants.sort_by_key(|tenant| arrives(tenant));
    for tenant in tenants {
        let now = platform.clock.now();
        let done = connect(
            &tenant,
            &workers.telegram,
            &platform.locks,
            &platform.db,
            &platform.settings,
            &platform.texts,
            now,
        );
        match done.await {
            Ok(connection) if connection.works() => {
                tracing::info!(tenant = %tenant.id, bot = connection.username.as_deref().unwrap_or_default(), "the bot is connected");
                boot::keep_tenant(workers, &tenant, ReportAsker::Start).await;
                connected.insert(tenant.id.clone(), tenant);
            }
            Ok(connection) => {
                let why = connection.token_error.or(connection.webhook_error).unwrap_or_default();
                tracing::warn!(tenant = %tenant.id, error = %why, "the bot is not connected; tried again");
            }
            Err(error) => tracing::warn!(tenant = %tenant.id, error = %error, "what Telegram said was not stored"),
        }
    }
}
