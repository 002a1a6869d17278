//! A partner's own bot goes online (platform.md 3): the one code behind a token pasted in the page, a token sent to the
//! platform's bot, and a bot created for the platform's manager. A token that is examined here is never shown again.

use super::connect::{self, Connection};
use super::provision::{self, AddError, NewBot};
use super::tenant::TenantError;
use super::{Registry, Tenant};
use crate::clients::telegram::{Me, Telegram, TelegramError};
use crate::config::Settings;
use crate::domain::settings::TenantSettings;
use crate::domain::tenant::Origin;
use crate::domain::{BanKind, BotInstanceId, BotToken, Secret, TenantState, UnixMs, UserId};
use crate::locks::Locks;
use crate::store::{Db, OnboardingRow, StoreError};
use crate::texts::Texts;
use crate::vault::{Column, Sealed, Vault, VaultError};

/// What onboarding works with.
#[derive(Clone, Copy)]
pub struct Host<'a> {
    /// Rows.
    pub db: &'a Db,
    /// Keys.
    pub vault: &'a Vault,
    /// Live tenants.
    pub registry: &'a Registry,
    /// The pace of cold tokens.
    pub locks: &'a Locks,
    /// The installation.
    pub settings: &'a Settings,
    /// Texts of command menus.
    pub texts: &'a Texts,
    /// The Bot API.
    pub telegram: &'a Telegram,
}

/// The platform's own bot, as it said itself.
#[derive(Default)]
pub struct Manager(std::sync::RwLock<Option<(String, bool)>>);

impl Manager {
    /// Notes its name, and whether it can create bots for people.
    pub fn set(&self, username: String, manages: bool) {
        *self.0.write().unwrap_or_else(std::sync::PoisonError::into_inner) = Some((username, manages));
    }

    /// `@name` without the sign.
    pub fn name(&self) -> Option<String> {
        self.0.read().unwrap_or_else(std::sync::PoisonError::into_inner).as_ref().map(|(name, _)| name.clone())
    }

    /// Whether it can create bots for people.
    pub fn manages(&self) -> bool {
        self.0.read().unwrap_or_else(std::sync::PoisonError::into_inner).as_ref().is_some_and(|(_, manages)| *manages)
    }
}

/// What came of a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The bot is there, as a draft of this person's; or it was theirs before.
    Hosted(BotInstanceId),
    /// Its updates go elsewhere: the person must say that they may be taken over. The token waits, sealed.
    SpeaksElsewhere(String),
    /// Somebody else's bot is hosted with it.
    Taken,
    /// This person or this bot is not wanted.
    Banned,
    /// Telegram does not know this token.
    Unknown,
    /// Telegram did not answer.
    Away,
}

/// Why a token came to nothing.
#[derive(Debug, thiserror::Error)]
pub enum OnboardError {
    /// Secrets or stored data.
    #[error(transparent)]
    Tenant(#[from] TenantError),
}

impl From<StoreError> for OnboardError {
    fn from(error: StoreError) -> Self {
        Self::Tenant(error.into())
    }
}

impl From<VaultError> for OnboardError {
    fn from(error: VaultError) -> Self {
        Self::Tenant(error.into())
    }
}

/// Takes a token that a person gave. With `takes_over` they said that its updates may come here from now on.
pub async fn take(
    host: Host<'_>,
    token: &BotToken,
    person: UserId,
    takes_over: bool,
    now: UnixMs,
) -> Result<Outcome, OnboardError> {
    let mut tx = host.db.platform_read().await?;
    if tx.ban_is(BanKind::Person, person).await? || tx.ban_is(BanKind::Bot, token.bot_id()).await? {
        return Ok(Outcome::Banned);
    }
    let rows = tx.tenants_all().await?;
    drop(tx);
    let hosted = |row: &&crate::store::TenantRow| row.state != TenantState::Deleted && row.bot_id == token.bot_id();
    if let Some(row) = rows.iter().find(hosted) {
        // Before anything is said to Telegram with this token: somebody else's bot is not touched.
        let own = host.registry.get(&row.tenant).is_some_and(|tenant| tenant.owner() == Some(person));
        if !own {
            return Ok(Outcome::Taken);
        }
        note(host, person, Some(&row.tenant), None, now).await?;
        return Ok(Outcome::Hosted(row.tenant.clone()));
    }
    if host.settings.telegram.is_cloud() {
        connect::wait_for_room(host.locks, host.settings).await;
    }
    let bot = host.telegram.bot(token, None);
    let me = match bot.get_me().await {
        Ok(me) => me,
        Err(TelegramError::Unauthorized) => return Ok(Outcome::Unknown),
        Err(error) => {
            tracing::info!(%error, "a token could not be examined");
            return Ok(Outcome::Away);
        }
    };
    if !takes_over && let Some(elsewhere) = elsewhere(&bot, host.settings).await {
        let sealed = host.vault.seal_platform(Column::BotToken, token.expose().as_bytes())?;
        let waiting = Some((sealed.into_bytes(), elsewhere.clone()));
        note(host, person, None, waiting, now).await?;
        return Ok(Outcome::SpeaksElsewhere(elsewhere));
    }
    adopt(host, token, &me, person, now).await
}

/// The token that waits for a person's word.
pub fn waiting(host: Host<'_>, row: &OnboardingRow) -> Result<Option<BotToken>, OnboardError> {
    let Some(sealed) = &row.waiting_sealed else { return Ok(None) };
    let plain = host.vault.open_platform(Column::BotToken, &Sealed::from_bytes(sealed.clone()))?;
    let text = String::from_utf8(plain.to_vec()).map_err(|_| TenantError::Data("waiting token"))?;
    Ok(BotToken::parse(Secret::new(text).expose()).ok())
}

/// Whose webhook the bot has, if it is not ours: the host alone, because an address may carry a secret.
async fn elsewhere(bot: &crate::clients::telegram::Bot<'_>, settings: &Settings) -> Option<String> {
    let info = bot.get_webhook_info().await.ok()?;
    let ours = settings.webhook.base_url.as_ref().is_some_and(|base| info.url.starts_with(base.as_str()));
    if info.url.is_empty() || ours {
        return None;
    }
    let host = url::Url::parse(&info.url).ok().and_then(|url| url.host_str().map(str::to_owned));
    Some(host.unwrap_or_else(|| "?".to_owned()))
}

async fn adopt(
    host: Host<'_>,
    token: &BotToken,
    me: &Me,
    person: UserId,
    now: UnixMs,
) -> Result<Outcome, OnboardError> {
    let brand = serde_json::Map::from_iter([("brand".to_owned(), me.first_name.as_str().into())]);
    let settings = TenantSettings::default().patched(&brand).unwrap_or_default();
    for n in 0..50 {
        let id = name(&me.username, n);
        let new = NewBot {
            id: &id,
            token,
            admins: &[person],
            partner_id: &format!("tg:{person}"),
            settings: &settings,
            provider_key: None,
            telegram_api_url: None,
            origin: Origin::Panel,
            managed: false,
        };
        match provision::add_as(host.db, host.vault, &new, TenantState::Draft, now).await {
            Ok(()) => {
                note(host, person, Some(&id), None, now).await?;
                host.registry.refresh(host.db, host.vault).await?;
                if let Some(tenant) = host.registry.get(&id) {
                    connect(host, &tenant, now).await?;
                }
                tracing::info!(tenant = %id, "a new bot is being set up");
                return Ok(Outcome::Hosted(id));
            }
            Err(AddError::NameTaken(_)) => {}
            Err(AddError::BotTaken(_)) => return Ok(Outcome::Taken),
            Err(AddError::Banned) => return Ok(Outcome::Banned),
            Err(AddError::NoAdmin(_)) => return Err(TenantError::Data("owner").into()),
            Err(AddError::Tenant(error)) => return Err(error.into()),
        }
    }
    Err(TenantError::Data("a free name").into())
}

/// Tells Telegram about the bot and takes up what it said.
pub async fn connect(host: Host<'_>, tenant: &Tenant, now: UnixMs) -> Result<Connection, OnboardError> {
    let Host { db, vault, registry, locks, settings, texts, telegram } = host;
    let connection = connect::connect(tenant, telegram, locks, db, settings, texts, now).await?;
    registry.refresh(db, vault).await?;
    Ok(connection)
}

/// Notes how far a person is.
async fn note(
    host: Host<'_>,
    person: UserId,
    tenant: Option<&BotInstanceId>,
    waiting: Option<(Vec<u8>, String)>,
    now: UnixMs,
) -> Result<(), OnboardError> {
    let (waiting_sealed, waiting_webhook) = waiting.unzip();
    let row = OnboardingRow { person, tenant: tenant.cloned(), waiting_sealed, waiting_webhook, updated_at: now };
    let mut tx = host.db.platform().await?;
    tx.onboarding_put(&row).await?;
    tx.commit().await?;
    Ok(())
}

/// Forgets the bot that a person was setting up, and a token that waits: they begin with another. What is hosted stays.
pub async fn begin_anew(host: Host<'_>, person: UserId, now: UnixMs) -> Result<(), OnboardError> {
    note(host, person, None, None, now).await
}

/// A name for the `n`th try: what stands before `bot` in the bot's own name, then the same with a number.
fn name(username: &str, n: u32) -> BotInstanceId {
    let lower = username.to_ascii_lowercase();
    let short = lower.strip_suffix("_bot").or_else(|| lower.strip_suffix("bot")).unwrap_or(&lower);
    let short = if short.len() < 3 { lower.as_str() } else { short };
    let tail = if n == 0 { String::new() } else { format!("-{}", n + 1) };
    let kept: String = short.trim_matches('_').chars().take(32 - tail.len()).collect();
    let fallback = || BotInstanceId::parse(&format!("bot{tail}"));
    BotInstanceId::parse(&format!("{kept}{tail}")).or_else(|_| fallback()).unwrap_or_else(|_| unreachable_name())
}

/// `bot` and a number are a name by the rule of names.
fn unreachable_name() -> BotInstanceId {
    BotInstanceId::parse("bot-0").unwrap_or_else(|_| unreachable!("a literal that follows the rule"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bot_is_named_after_itself() {
        for (username, n, expected) in [
            ("Studio_Cats_bot", 0, "studio_cats"),
            ("StudioBot", 0, "studio"),
            ("StudioBot", 1, "studio-2"),
            ("ab_bot", 0, "ab_bot"),
            ("a_very_long_name_of_thirty_2_bot", 0, "a_very_long_name_of_thirty_2"),
            ("a_very_long_name_of_thirty_chars", 9, "a_very_long_name_of_thirty_ch-10"),
            ("", 0, "bot"),
        ] {
            assert_eq!(name(username, n).as_str(), expected, "{username}");
        }
    }
}
