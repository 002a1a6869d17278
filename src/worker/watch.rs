//! Looks after tokens and webhooks, in rotation and within the pace that Telegram bears (platform.md 3, decisions.md 21): where
//! Telegram delivers, what waits there, whether the token is still ours. What is wrong is told to admins once, with the next
//! step; a webhook that leads elsewhere is set again once in a while, so that two programs do not tear at it.

use std::sync::Arc;
use std::time::Duration;

use super::singleton::Role;
use super::{Workers, alerts};
use crate::clients::telegram::{TelegramError, WebhookInfo};
use crate::diagnostics::requirements::host;
use crate::domain::UnixMs;
use crate::store::{StoreError, TenantCheck, WatchAges, WatchFound};
use crate::tenants::Tenant;
use crate::tenants::connect::{point, wait_for_room, webhook_url};
use crate::texts::Args;

/// Telegram delivers elsewhere.
pub(super) const HIJACKED: &str = "webhook_hijacked";
/// The token is not accepted any more.
pub(super) const REVOKED: &str = "token_revoked";
/// Another program fetches this bot's updates.
pub(super) const CONFLICT: &str = "polling_conflict";

/// Tenants of one pass.
const ROWS: i64 = 50;
/// Idle tenants are looked at so much more seldom than busy ones.
const IDLE_FACTOR: u32 = 24;
/// The longest pause between two passes.
const PAUSE: Duration = Duration::from_secs(30);
/// The shortest.
const LEAST: Duration = Duration::from_millis(100);
/// Telegram's word to wait is followed so far, once.
const LONGEST_WAIT: Duration = Duration::from_secs(10);
const DAY: Duration = Duration::from_hours(24);

/// Looks until the soft stop, in one process at a time.
pub async fn run(workers: Arc<Workers>) {
    let stop = workers.tasks.soft();
    let role = Role::new(&workers, "watch");
    let pause = workers.platform.settings.telegram.watch_every.clamp(LEAST, PAUSE);
    loop {
        match role.take().await {
            Ok(true) => {
                let work = role.while_held(Box::pin(pass(&workers)));
                if let Some(Some(Err(error))) = stop.run_until_cancelled(work).await {
                    tracing::warn!(error = %error, "tokens and webhooks were not looked at");
                }
            }
            Ok(false) => {}
            Err(error) => tracing::warn!(error = %error, "the watch's lease could not be asked for"),
        }
        if stop.run_until_cancelled(tokio::time::sleep(pause)).await.is_none() {
            return role.give_back().await;
        }
    }
}

/// Looks at everybody whose turn it is.
async fn pass(workers: &Workers) -> Result<(), StoreError> {
    let platform = &workers.platform;
    let settings = &platform.settings.telegram;
    let now = platform.clock.now();
    let ages = WatchAges {
        busy: now.minus(settings.watch_every),
        idle: now.minus(settings.watch_every * IDLE_FACTOR),
        trouble: now.minus(settings.watch_every.min(settings.webhook_reset_every)),
    };
    let from = now.minus(DAY).day(&jiff::tz::TimeZone::UTC);
    let due = platform.db.platform_read().await?.watches_due(ages, &from, ROWS).await?;
    for id in due {
        let Some(tenant) = platform.tenants.get(&id) else { continue };
        if platform.settings.telegram.is_cloud() {
            wait_for_room(&platform.locks, &platform.settings).await;
        }
        look(workers, &tenant).await?;
    }
    Ok(())
}

/// Looks at one tenant.
pub async fn look(workers: &Workers, tenant: &Tenant) -> Result<(), StoreError> {
    let now = workers.platform.clock.now();
    match tenant.bot(&workers.telegram).get_webhook_info().await {
        Ok(info) => seen(workers, tenant, &info, now).await,
        Err(TelegramError::Unauthorized) => revoked(workers, tenant).await,
        Err(error) => {
            tracing::info!(tenant = %tenant.id, error = %error, "Telegram did not say where it delivers");
            let mut tx = workers.platform.db.tenant(&tenant.id).await?;
            let before = tx.watch_get().await?;
            let trouble = before.as_ref().and_then(|row| row.trouble.as_deref());
            let (error, at) =
                before.as_ref().map_or((None, None), |row| (row.last_error.as_deref(), row.last_error_at));
            let found = WatchFound { trouble, last_error: error, last_error_at: at, ..WatchFound::default() };
            tx.watch_put(&found, now).await?;
            tx.commit().await
        }
    }
}

async fn seen(workers: &Workers, tenant: &Tenant, info: &WebhookInfo, now: UnixMs) -> Result<(), StoreError> {
    let platform = &workers.platform;
    let wanted = webhook_url(&platform.settings, tenant).unwrap_or_default();
    let hijacked = info.url != wanted;
    let mut tx = platform.db.tenant(&tenant.id).await?;
    let before = tx.watch_get().await?.and_then(|row| row.trouble);
    // Whether another program fetches is told by the poller alone.
    let polling = before.as_deref().filter(|trouble| *trouble == CONFLICT && wanted.is_empty());
    let found = WatchFound {
        url: Some(&info.url),
        pending: Some(i64::try_from(info.pending_update_count).unwrap_or(i64::MAX)),
        last_error: info.last_error_message.as_deref(),
        last_error_at: info.last_error_date.map(|seconds| UnixMs(seconds.saturating_mul(1_000))),
        trouble: if hijacked { Some(HIJACKED) } else { polling },
    };
    tx.watch_put(&found, now).await?;
    let again = hijacked && tx.watch_set(now, now.minus(platform.settings.telegram.webhook_reset_every)).await?;
    tx.commit().await?;
    if hijacked {
        tell(workers, tenant, HIJACKED, Args::new().with("url", host(&info.url))).await?;
    } else if before.as_deref() == Some(REVOKED) {
        note(workers, tenant, None, &wanted).await?;
    }
    if again {
        let bot = tenant.bot(&workers.telegram);
        let mut set = point(&bot, tenant, &platform.settings).await;
        // A webhook that was changed a moment ago may not be changed yet.
        if let Err(TelegramError::RetryAfter(wait)) = set {
            tokio::time::sleep(wait.min(LONGEST_WAIT)).await;
            set = point(&bot, tenant, &platform.settings).await;
        }
        match set {
            Ok(_) => tracing::warn!(tenant = %tenant.id, "the webhook led elsewhere and was set again"),
            Err(error) => tracing::warn!(tenant = %tenant.id, error = %error, "the webhook was not set again"),
        }
    }
    Ok(())
}

/// A call with the token was refused: looked at now, whosever turn it is, unless it is known.
pub(super) async fn refused(workers: &Workers, tenant: &Tenant) {
    let looked = async {
        let known = workers.platform.db.tenant_read(&tenant.id).await?.watch_get().await?;
        if known.is_some_and(|row| row.trouble.as_deref() == Some(REVOKED)) {
            Ok(())
        } else {
            look(workers, tenant).await
        }
    };
    let done: Result<(), StoreError> = looked.await;
    if let Err(error) = done {
        tracing::warn!(tenant = %tenant.id, error = %error, "a refused token was not looked at");
    }
}

/// The token is refused: noted, and told once.
pub(super) async fn revoked(workers: &Workers, tenant: &Tenant) -> Result<(), StoreError> {
    let platform = &workers.platform;
    let mut tx = platform.db.tenant(&tenant.id).await?;
    tx.watch_put(&WatchFound { trouble: Some(REVOKED), ..WatchFound::default() }, platform.clock.now()).await?;
    tx.commit().await?;
    note(workers, tenant, Some(&TelegramError::Unauthorized.to_string()), "").await?;
    tell(workers, tenant, REVOKED, Args::new()).await
}

/// Another program fetches the bot's updates, or does not any more.
pub(super) async fn conflict(workers: &Workers, tenant: &Tenant, goes_on: bool) -> Result<(), StoreError> {
    let platform = &workers.platform;
    let mut tx = platform.db.tenant(&tenant.id).await?;
    let trouble = goes_on.then_some(CONFLICT);
    tx.watch_put(&WatchFound { trouble, ..WatchFound::default() }, platform.clock.now()).await?;
    tx.commit().await?;
    if goes_on { tell(workers, tenant, CONFLICT, Args::new()).await } else { Ok(()) }
}

/// The registry's own note of the connection.
async fn note(workers: &Workers, tenant: &Tenant, error: Option<&str>, url: &str) -> Result<(), StoreError> {
    let platform = &workers.platform;
    let check = TenantCheck {
        bot_username: None,
        token_error: error,
        webhook_url: error.is_none().then_some(url),
        webhook_error: None,
    };
    let mut tx = platform.db.platform().await?;
    tx.tenant_note_check(&tenant.id, &check, platform.clock.now()).await?;
    tx.commit().await
}

/// Tells admins of a trouble, once for as long as it goes on.
async fn tell(workers: &Workers, tenant: &Tenant, trouble: &'static str, values: Args) -> Result<(), StoreError> {
    let mut tx = workers.platform.db.tenant(&tenant.id).await?;
    let first = tx.watch_tell(trouble).await?;
    tx.commit().await?;
    if !first {
        return Ok(());
    }
    tracing::warn!(tenant = %tenant.id, trouble, "the bot's connection is in trouble");
    metrics::counter!("botyard_watch_trouble_total", "trouble" => trouble).increment(1);
    let key = format!("watch-{}", trouble.replace('_', "-"));
    if trouble == REVOKED {
        alerts::tell_by_platform_bot(workers, tenant, &key, values).await;
        return Ok(());
    }
    alerts::tell_admins(workers, tenant, &key, values).await
}
