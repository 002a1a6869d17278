//! Redis, the webhook's address, the provider and Telegram, as the settings name them.

use std::sync::Arc;
use std::time::Duration;

use super::Row;
use crate::cli::failure::Failure;
use crate::clients::{Http, HttpSettings, Kie, Telegram};
use crate::config::Settings;
use crate::domain::tenant::TenantState;
use crate::domain::{Clock, Secret};
use crate::lifecycle::Tasks;
use crate::locks::{Budget, LockKey, Locks, PlatformPurpose, Reach, Take};
use crate::tenants::Tenant;
use crate::tenants::connect::webhook_url;

const REDIS_PATIENCE: Duration = Duration::from_secs(3);

pub(super) async fn redis(settings: &Settings) -> Row {
    let Some(url) = &settings.redis.url else {
        return Row::absent("Redis", "not set: locks live in the process", "fine for one process");
    };
    let tasks = Tasks::new();
    let reach = match Locks::redis(url, Clock::system(), &tasks) {
        Ok(locks) => locks.settled(REDIS_PATIENCE).await,
        Err(error) => return Row::failed("Redis", error.to_string(), "for example redis://127.0.0.1:6379"),
    };
    tasks.shutdown(Duration::from_millis(100)).await;
    match reach {
        Reach::Replicas => Row::ok("Redis", "answers"),
        Reach::Process | Reach::Fallback => {
            Row::failed("Redis", "does not answer", "see that it runs and that REDIS_URL names it")
        }
    }
}

pub(super) fn webhook(settings: &Settings) -> Row {
    match &settings.webhook.base_url {
        Some(url) => Row::ok("webhooks", format!("{}/webhook/…", url.as_str())),
        None => Row::absent("webhooks", "not set: long polling", "set WEBHOOK_BASE_URL for more than a few bots"),
    }
}

/// The installation's key, and each bot's own.
pub(super) async fn provider(settings: &Settings, tenants: &[Arc<Tenant>], rows: &mut Vec<Row>) -> Result<(), Failure> {
    let kie = Kie::from_settings(Http::new(&HttpSettings::default())?, &settings.kie)?;
    match &settings.kie.api_key {
        Some(key) => rows.push(credits(&kie, key, "provider key").await),
        None => rows.push(Row::absent("provider key", "not set", "set KIE_API_KEY, or give each bot a key of its own")),
    }
    for tenant in tenants {
        if let Some(key) = &tenant.provider_key {
            rows.push(credits(&kie, key, &format!("provider key of {}", tenant.id)).await);
        }
    }
    Ok(())
}

async fn credits(kie: &Kie, key: &Secret, what: &str) -> Row {
    match kie.credits(key).await {
        Ok(..=0) => Row::failed(what, "no credits left", "add credits in the provider's console"),
        Ok(hundredths) => Row::ok(what, format!("{} credits left", hundredths / 100)),
        Err(error) => Row::failed(what, error.to_string(), "compare the key with the provider's console"),
    }
}

/// Whose token each bot's is, and where Telegram delivers, within the pace that Telegram's server bears.
pub(super) async fn bots(settings: &Settings, tenants: &[Arc<Tenant>], rows: &mut Vec<Row>) -> Result<(), Failure> {
    let telegram = Telegram::from_settings(Http::new(&HttpSettings::default())?, &settings.telegram)?;
    let pace = Locks::memory(Clock::system());
    if tenants.is_empty() {
        rows.push(Row::absent("bots", "none is stored", "`botyard tenant add --help` says how to add one"));
    }
    for tenant in tenants {
        if settings.telegram.is_cloud() && tenant.api_url.is_none() {
            wait(&pace, settings).await;
        }
        rows.push(bot(settings, &telegram, tenant).await);
    }
    Ok(())
}

async fn bot(settings: &Settings, telegram: &Telegram, tenant: &Tenant) -> Row {
    let what = format!("bot {}", tenant.id);
    let own = tenant.api_url.as_deref().and_then(|url| url::Url::parse(url).ok());
    let bot = telegram.bot(&tenant.token, own.as_ref());
    let me = match bot.get_me().await {
        Ok(me) => me,
        Err(error) => return Row::failed(what, error.to_string(), "ask @BotFather for its token and add it again"),
    };
    let name = format!("@{}", me.username);
    if tenant.state != TenantState::Active {
        let fix = format!("`botyard tenant resume {}`", tenant.id);
        return Row::absent(what, format!("{name}, {}", tenant.state.as_str()), fix);
    }
    let wanted = webhook_url(settings, tenant).unwrap_or_default();
    match bot.get_webhook_info().await {
        Ok(info) if info.url == wanted => Row::ok(what, name),
        Ok(info) if info.url.is_empty() => {
            Row::absent(what, format!("{name}, no webhook yet"), "`botyard serve` sets it")
        }
        Ok(_) => Row::absent(what, format!("{name}, its webhook leads elsewhere"), "`botyard serve` sets it again"),
        Err(error) => Row::failed(what, format!("{name}: {error}"), "try again in a minute"),
    }
}

async fn wait(locks: &Locks, settings: &Settings) {
    let rate = settings.telegram.cold_tokens;
    let key = LockKey::platform(&PlatformPurpose::ColdTokens);
    while let Take::Wait(wait) = locks.take(&key, Budget::new(rate.count, rate.per, rate.burst), 1).await {
        tokio::time::sleep(wait.max(Duration::from_millis(50))).await;
    }
}
