//! One hosted bot as the process knows it: opened secrets, settings, admins. Immutable; a change makes a new one in the
//! registry.

use std::sync::Arc;

use jiff::tz::TimeZone;
use url::Url;

use super::shelf::Shelf;
use crate::catalog::{Markup, Model};
use crate::clients::telegram::{Bot, Telegram};
use crate::domain::settings::{TenantLimits, TenantSettings};
use crate::domain::tenant::{AdminRole, TenantState};
use crate::domain::{BotInstanceId, BotToken, Language, Secret, UnixMs, UserId};
use crate::store::{StoreError, TenantRow};
use crate::vault::{self, Column, DataKey, Sealed, Vault, VaultError};

/// A hosted bot.
pub struct Tenant {
    /// Its name here.
    pub id: BotInstanceId,
    /// Who runs it.
    pub partner_id: String,
    /// Whether it works (decisions.md 15).
    pub state: TenantState,
    /// Why it is suspended or paused, for its admins.
    pub state_reason: Option<String>,
    /// Speaks for it at Telegram.
    pub token: BotToken,
    /// What every webhook call must carry.
    pub webhook_secret: Secret,
    /// Its own key at the provider.
    pub provider_key: Option<Secret>,
    /// What its partner set.
    pub settings: TenantSettings,
    /// What the platform's owner allows it.
    pub limits: TenantLimits,
    /// Who administers it; the first is the owner.
    pub admins: Vec<(UserId, AdminRole)>,
    /// `@name` without the sign, once Telegram told it.
    pub username: Option<String>,
    /// A Bot API server of its own.
    pub api_url: Option<Url>,
    /// Where Telegram delivers, as the last check found it in order; empty: its updates are fetched. `None`: not checked yet, or
    /// something was wrong.
    pub delivery: Option<String>,
    /// Grows with every change of the row.
    pub version: i64,
    /// Why no new generation is taken, if so.
    pub stopped: Option<Stopped>,
    /// Which models may be on sale at all.
    pub shelf: Arc<Shelf>,
    key: DataKey,
}

/// A stop of new generations (`brake.rs`, or the limit of that name).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stopped {
    /// Names this stop: another one has another name.
    pub name: String,
    /// Why, in the owner's words; may be empty.
    pub reason: String,
}

/// Why a stored tenant cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum TenantError {
    /// Its secrets do not open.
    #[error("its secrets do not open: {0}")]
    Vault(#[from] VaultError),
    /// A stored value has a shape this program does not write.
    #[error("stored {0} cannot be read")]
    Data(&'static str),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Tenant {
    /// Opens what is stored.
    pub fn open_row(vault: &Vault, row: TenantRow, admins: Vec<(UserId, AdminRole)>) -> Result<Self, TenantError> {
        let key = vault.unwrap_key(&row.tenant, &Sealed::from_bytes(row.data_key_wrapped))?;
        let text = |column: Column, sealed: Vec<u8>, what: &'static str| -> Result<String, TenantError> {
            let plain = vault::open(&key, &row.tenant, column, &Sealed::from_bytes(sealed))?;
            String::from_utf8(plain.to_vec()).map_err(|_| TenantError::Data(what))
        };
        let token = text(Column::BotToken, row.token_sealed, "bot token")?;
        let token = BotToken::parse(&token).map_err(|_| TenantError::Data("bot token"))?;
        let webhook_secret = Secret::new(text(Column::WebhookSecret, row.webhook_secret_sealed, "webhook secret")?);
        let provider_key = match row.provider_key_sealed {
            Some(sealed) => Some(Secret::new(text(Column::ProviderKey, sealed, "provider key")?)),
            None => None,
        };
        let settings: TenantSettings =
            serde_json::from_str(&row.settings).map_err(|_| TenantError::Data("settings"))?;
        let limits: TenantLimits = serde_json::from_str(&row.limits).map_err(|_| TenantError::Data("limits"))?;
        // Never the common server instead: the token would go where its partner did not send it.
        let api_url = row.telegram_api_url.map(|url| Url::parse(&url)).transpose();
        let api_url = api_url.map_err(|_| TenantError::Data("address of a Bot API server"))?;
        let version = row.version;
        let by_limit = || Stopped { name: format!("limit-{version}"), reason: String::new() };
        Ok(Self {
            stopped: (limits.generation_off > 0).then(by_limit),
            id: row.tenant,
            partner_id: row.partner_id,
            state: row.state,
            state_reason: row.state_reason,
            token,
            webhook_secret,
            provider_key,
            settings,
            limits,
            admins,
            username: row.bot_username,
            api_url,
            delivery: row.webhook_url.filter(|_| row.token_error.is_none() && row.webhook_error.is_none()),
            version: row.version,
            shelf: Arc::default(),
            key,
        })
    }

    /// Speaks for it, at its own Bot API server or the common one.
    pub fn bot<'a>(&'a self, telegram: &'a Telegram) -> Bot<'a> {
        telegram.bot(&self.token, self.api_url.as_ref())
    }

    /// Whether this person administers the bot.
    pub fn is_admin(&self, user: UserId) -> bool {
        self.admins.iter().any(|(id, _)| *id == user)
    }

    /// The partner's own Telegram id.
    pub fn owner(&self) -> Option<UserId> {
        self.admins.iter().find(|(_, role)| *role == AdminRole::Owner).map(|(id, _)| *id)
    }

    /// What a person reads: their choice, else what their Telegram says, else the tenant's default (bot.md 15.3).
    pub fn language_of(&self, chosen: Option<Language>, telegram: Option<&str>) -> Language {
        let english = self.settings.languages.contains(&Language::En);
        let wanted =
            chosen.unwrap_or_else(|| Language::from_telegram(telegram, english, self.settings.default_language));
        self.settings.language_for(wanted)
    }

    /// The zone of its days and dates.
    pub fn zone(&self) -> &TimeZone {
        self.settings.timezone.tz()
    }

    /// The zone's name as people read it.
    pub fn zone_name(&self) -> &str {
        self.settings.timezone.name()
    }

    /// The day of its quotas and counters, `YYYY-MM-DD`.
    pub fn today(&self, now: UnixMs) -> String {
        now.day(self.zone())
    }

    /// What its prices are multiplied by.
    pub fn markup(&self) -> Markup {
        u32::try_from(self.settings.markup.as_ten_thousandths())
            .ok()
            .and_then(|bp| Markup::basis_points(bp).ok())
            .unwrap_or(Markup::ONE)
    }

    /// Whether a model is offered here: allowed by the platform, and enabled by the partner or visible by default when nothing
    /// was chosen.
    pub fn offers(&self, model: &Model) -> bool {
        self.shelf.offers(&self.settings.enabled_models, model)
    }

    /// Seals a value of this tenant.
    pub fn seal(&self, column: Column, plain: &[u8]) -> Result<Vec<u8>, VaultError> {
        Ok(vault::seal(&self.key, &self.id, column, plain)?.into_bytes())
    }

    /// Opens a value of this tenant.
    pub fn open(&self, column: Column, sealed: &[u8]) -> Result<zeroize::Zeroizing<Vec<u8>>, VaultError> {
        vault::open(&self.key, &self.id, column, &Sealed::from_bytes(sealed.to_vec()))
    }
}
