//! Redis, the media store, the webhook's address, the provider and Telegram, as the settings name them.

use std::sync::Arc;
use std::time::Duration;

use super::Row;
use crate::cli::failure::Failure;
use crate::clients::ocr::Reads;
use crate::clients::s3::{S3Error, S3Refusal};
use crate::clients::{Http, HttpSettings, Kie, Ocr, Telegram};
use crate::config::Settings;
use crate::domain::tenant::TenantState;
use crate::domain::{Clock, Secret};
use crate::generation::{MediaError, MediaStore};
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

/// Where files of people and results are. Lists, writes nothing: whether writing is allowed is told by the first file.
pub(super) async fn media(settings: &Settings) -> Result<Row, Failure> {
    let Some(s3) = settings.media.s3() else {
        return Ok(Row::absent("media store", "not set: files are kept in the data folder", "fine for one process"));
    };
    let store = MediaStore::open(settings, &Http::new(&HttpSettings::default())?, &Clock::system())?;
    Ok(match store.look().await {
        Ok(()) => Row::ok("media store", format!("bucket {} at {}", s3.bucket, s3.endpoint)),
        Err(MediaError::S3(error)) => Row::failed("media store", error.to_string(), mend(error)),
        Err(error) => Row::failed("media store", error.to_string(), "see that BOTYARD_DATA is a folder of this user's"),
    })
}

/// What to do about a store that does not serve.
fn mend(error: S3Error) -> &'static str {
    match error {
        S3Error::NoBucket => "make the bucket, or name another in BOTYARD_MEDIA_S3_BUCKET",
        S3Error::Refused(S3Refusal::UnknownKey) => "compare BOTYARD_MEDIA_S3_KEY with the store's",
        S3Error::Refused(S3Refusal::WrongSignature) => "compare BOTYARD_MEDIA_S3_SECRET and _REGION with the store's",
        S3Error::Refused(S3Refusal::Clock) => "set this machine's clock",
        S3Error::Refused(S3Refusal::Denied) => "let these keys list, read, write and delete in the bucket",
        S3Error::Elsewhere => "compare BOTYARD_MEDIA_S3_ENDPOINT and _REGION with the bucket's",
        S3Error::Full => "make room in the store",
        S3Error::Absent | S3Error::Busy(_) | S3Error::Away(_) | S3Error::Garbled(_) => {
            "see that the store runs and that BOTYARD_MEDIA_S3_ENDPOINT names it"
        }
    }
}

pub(super) fn webhook(settings: &Settings) -> Row {
    match &settings.webhook.base_url {
        Some(url) => Row::ok("webhooks", format!("{}/webhook/…", url.as_str())),
        None => Row::absent("webhooks", "not set: long polling", "set WEBHOOK_BASE_URL for more than a few bots"),
    }
}

/// What reads receipts of transfers; without it people do.
pub(super) async fn reader(settings: &Settings) -> Row {
    let debian = "on Debian: apt-get install tesseract-ocr tesseract-ocr-rus";
    match Ocr::from_settings(&settings.payments).look().await {
        Reads::Both => Row::ok("receipt reader", "Tesseract, Russian and English"),
        Reads::EnglishOnly => Row::absent("receipt reader", "Tesseract without Russian", debian),
        Reads::Nothing => Row::absent("receipt reader", "no Tesseract: admins read the receipts", debian),
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
    let bot = tenant.bot(telegram);
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
