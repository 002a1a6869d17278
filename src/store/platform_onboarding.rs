//! New partners on their way: links that prove who came, their browsers, how far they are, bots about to be created for the
//! platform's manager, and who is not wanted (decisions.md 14).

use super::rows::{all, maybe, row};
use super::{PlatformTx, StoreError, on};
use crate::domain::{BanKind, BotInstanceId, Language, LinkSource, UnixMs, UserId};

const ONBOARDING_LINKS_END: &str =
    "UPDATE onboarding_links SET ended_at = $2 WHERE person = $1 AND used_at IS NULL AND ended_at IS NULL";
const ONBOARDING_LINK_INSERT: &str =
    "INSERT INTO onboarding_links (token_hash, person, source, from_bot, language, created_at, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7)";
const ONBOARDING_LINK_GET: &str = "SELECT person, source, from_bot, language, expires_at, used_at, ended_at
     FROM onboarding_links WHERE token_hash = $1";
const ONBOARDING_LINK_USE: &str = "UPDATE onboarding_links SET used_at = $2
     WHERE token_hash = $1 AND used_at IS NULL AND ended_at IS NULL AND expires_at > $2
     RETURNING person, source, from_bot, language, expires_at, used_at, ended_at";
const VISIT_INSERT: &str =
    "INSERT INTO onboarding_visits (sid_hash, person, created_at, expires_at) VALUES ($1, $2, $3, $4)";
const VISIT_GET: &str = "SELECT person FROM onboarding_visits WHERE sid_hash = $1 AND expires_at > $2";
const ONBOARDING_GET: &str =
    "SELECT person, tenant, waiting_sealed, waiting_webhook, updated_at FROM onboardings WHERE person = $1";
const ONBOARDING_PUT: &str =
    "INSERT INTO onboardings (person, tenant, waiting_sealed, waiting_webhook, updated_at) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (person) DO UPDATE SET tenant = excluded.tenant, waiting_sealed = excluded.waiting_sealed,
       waiting_webhook = excluded.waiting_webhook, updated_at = excluded.updated_at";
const PAIRING_END: &str =
    "UPDATE pairing_codes SET expires_at = $2 WHERE person = $1 AND used_at IS NULL AND expires_at > $2";
const PAIRING_INSERT: &str = "INSERT INTO pairing_codes (code, person, created_at, expires_at) VALUES ($1, $2, $3, $4)";
const PAIRING_OPEN: &str = "SELECT code, person, expires_at, used_at, bot_id FROM pairing_codes
     WHERE person = $1 AND used_at IS NULL AND expires_at > $2 ORDER BY created_at DESC LIMIT 1";
const PAIRING_LAST: &str = "SELECT code, person, expires_at, used_at, bot_id FROM pairing_codes
     WHERE person = $1 ORDER BY created_at DESC LIMIT 1";
const PAIRING_USE: &str = "UPDATE pairing_codes SET used_at = $3, bot_id = $4
     WHERE code = $1 AND person = $2 AND used_at IS NULL AND expires_at > $3";
const BAN_PUT: &str = "INSERT INTO banned_ids (kind, id, reason, created_at) VALUES ($1, $2, $3, $4)
     ON CONFLICT (kind, id) DO NOTHING";
const BAN_GET: &str = "SELECT COUNT(*) FROM banned_ids WHERE kind = $1 AND id = $2";
const BAN_DELETE: &str = "DELETE FROM banned_ids WHERE kind = $1 AND id = $2";
const BANS_ALL: &str = "SELECT kind, id, reason, created_at FROM banned_ids ORDER BY created_at, id";
const ONBOARDING_LINKS_PURGE: &str = "DELETE FROM onboarding_links WHERE expires_at < $1";
const VISITS_PURGE: &str = "DELETE FROM onboarding_visits WHERE expires_at < $1";
const PAIRINGS_PURGE: &str = "DELETE FROM pairing_codes WHERE expires_at < $1";

/// A link to record.
#[derive(Debug, Clone, Copy)]
pub struct NewOnboardingLink<'a> {
    /// Hash of the token in the link.
    pub token_hash: &'a str,
    /// For whom.
    pub person: UserId,
    /// Where it was asked for.
    pub source: LinkSource,
    /// In which hosted bot.
    pub from_bot: Option<&'a BotInstanceId>,
    /// What the person reads.
    pub language: Language,
    /// From then on it opens nothing.
    pub expires_at: UnixMs,
}

row! {
    /// A link.
    pub struct OnboardingLinkRow of "onboarding_links" by "person" {
        /// For whom.
        pub person: UserId,
        /// Where it was asked for.
        pub source: LinkSource,
        /// In which hosted bot.
        pub from_bot: Option<BotInstanceId>,
        /// What the person reads.
        pub language: Language,
        /// From then on it opens nothing.
        pub expires_at: UnixMs,
        /// When it was used.
        pub used_at: Option<UnixMs>,
        /// When a newer one took its place.
        pub ended_at: Option<UnixMs>,
    }
}

row! {
    /// How far somebody is.
    pub struct OnboardingRow of "onboardings" by "person" {
        /// Who.
        pub person: UserId,
        /// The bot they set up.
        pub tenant: Option<BotInstanceId>,
        /// A token that waits for their word, sealed by the platform.
        pub waiting_sealed: Option<Vec<u8>>,
        /// Whose webhook it has now.
        pub waiting_webhook: Option<String>,
        /// When that changed.
        pub updated_at: UnixMs,
    }
}

row! {
    /// A bot about to be created.
    pub struct PairingRow of "pairing_codes" by "code" {
        /// In its suggested name.
        pub code: String,
        /// By whom.
        pub person: UserId,
        /// From then on it is good for nothing.
        pub expires_at: UnixMs,
        /// When the bot came.
        pub used_at: Option<UnixMs>,
        /// Which bot came.
        pub bot_id: Option<UserId>,
    }
}

row! {
    /// Somebody who is not wanted.
    pub struct BanRow of "banned_ids" by "id" {
        /// What it is.
        pub kind: BanKind,
        /// Its Telegram id.
        pub id: UserId,
        /// Why.
        pub reason: Option<String>,
        /// Since when.
        pub created_at: UnixMs,
    }
}

impl PlatformTx {
    /// Records a link; a person's earlier ones open nothing any more.
    pub async fn onboarding_link_put(&mut self, new: &NewOnboardingLink<'_>, now: UnixMs) -> Result<(), StoreError> {
        on!(self.tx, c => sqlx::query(ONBOARDING_LINKS_END).bind(new.person.0).bind(now.0).execute(c).await.map(|_| ()))?;
        on!(self.tx, c => sqlx::query(ONBOARDING_LINK_INSERT).bind(new.token_hash).bind(new.person.0)
            .bind(new.source.as_str()).bind(new.from_bot.map(BotInstanceId::as_str)).bind(new.language.code()).bind(now.0)
            .bind(new.expires_at.0).execute(c).await.map(|_| ()))?;
        Ok(())
    }

    /// A link as it stands, without using it.
    pub async fn onboarding_link_get(&mut self, token_hash: &str) -> Result<Option<OnboardingLinkRow>, StoreError> {
        on!(self.tx, c => maybe(sqlx::query(ONBOARDING_LINK_GET).bind(token_hash).fetch_optional(c).await))
    }

    /// Uses a link up. `Some` once, before it expires and before a newer one took its place.
    pub async fn onboarding_link_use(
        &mut self,
        token_hash: &str,
        now: UnixMs,
    ) -> Result<Option<OnboardingLinkRow>, StoreError> {
        on!(self.tx, c => maybe(sqlx::query(ONBOARDING_LINK_USE).bind(token_hash).bind(now.0).fetch_optional(c).await))
    }

    /// Remembers a browser.
    pub async fn visit_insert(
        &mut self,
        sid_hash: &str,
        person: UserId,
        expires_at: UnixMs,
        now: UnixMs,
    ) -> Result<(), StoreError> {
        on!(self.tx, c => sqlx::query(VISIT_INSERT).bind(sid_hash).bind(person.0).bind(now.0).bind(expires_at.0)
            .execute(c).await.map(|_| ()))?;
        Ok(())
    }

    /// Whose browser this is.
    pub async fn visit_person(&mut self, sid_hash: &str, now: UnixMs) -> Result<Option<UserId>, StoreError> {
        let person: Option<i64> =
            on!(self.tx, c => sqlx::query_scalar(VISIT_GET).bind(sid_hash).bind(now.0).fetch_optional(c).await)?;
        Ok(person.map(UserId))
    }

    /// How far somebody is.
    pub async fn onboarding_get(&mut self, person: UserId) -> Result<Option<OnboardingRow>, StoreError> {
        on!(self.tx, c => maybe(sqlx::query(ONBOARDING_GET).bind(person.0).fetch_optional(c).await))
    }

    /// Notes how far somebody is.
    pub async fn onboarding_put(&mut self, row: &OnboardingRow) -> Result<(), StoreError> {
        on!(self.tx, c => sqlx::query(ONBOARDING_PUT).bind(row.person.0)
            .bind(row.tenant.as_ref().map(BotInstanceId::as_str)).bind(row.waiting_sealed.as_deref())
            .bind(row.waiting_webhook.as_deref()).bind(row.updated_at.0).execute(c).await.map(|_| ()))?;
        Ok(())
    }

    /// Records a code; a person's earlier ones are good for nothing any more.
    pub async fn pairing_put(
        &mut self,
        code: &str,
        person: UserId,
        expires_at: UnixMs,
        now: UnixMs,
    ) -> Result<(), StoreError> {
        on!(self.tx, c => sqlx::query(PAIRING_END).bind(person.0).bind(now.0).execute(c).await.map(|_| ()))?;
        on!(self.tx, c => sqlx::query(PAIRING_INSERT).bind(code).bind(person.0).bind(now.0).bind(expires_at.0)
            .execute(c).await.map(|_| ()))?;
        Ok(())
    }

    /// The code that a person's new bot answers to.
    pub async fn pairing_open(&mut self, person: UserId, now: UnixMs) -> Result<Option<PairingRow>, StoreError> {
        on!(self.tx, c => maybe(sqlx::query(PAIRING_OPEN).bind(person.0).bind(now.0).fetch_optional(c).await))
    }

    /// A person's last code, whatever became of it.
    pub async fn pairing_last(&mut self, person: UserId) -> Result<Option<PairingRow>, StoreError> {
        on!(self.tx, c => maybe(sqlx::query(PAIRING_LAST).bind(person.0).fetch_optional(c).await))
    }

    /// Uses a code up. `true` once, for its own person, before it expires.
    pub async fn pairing_use(
        &mut self,
        code: &str,
        person: UserId,
        bot: UserId,
        now: UnixMs,
    ) -> Result<bool, StoreError> {
        let done = on!(self.tx, c => sqlx::query(PAIRING_USE).bind(code).bind(person.0).bind(now.0).bind(bot.0)
            .execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// Bans. `false`: that was done before.
    pub async fn ban_put(
        &mut self,
        kind: BanKind,
        id: UserId,
        reason: Option<&str>,
        now: UnixMs,
    ) -> Result<bool, StoreError> {
        let done = on!(self.tx, c => sqlx::query(BAN_PUT).bind(kind.as_str()).bind(id.0).bind(reason).bind(now.0)
            .execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// Whether somebody is banned.
    pub async fn ban_is(&mut self, kind: BanKind, id: UserId) -> Result<bool, StoreError> {
        let found: i64 =
            on!(self.tx, c => sqlx::query_scalar(BAN_GET).bind(kind.as_str()).bind(id.0).fetch_one(c).await)?;
        Ok(found > 0)
    }

    /// Ends a ban. `false`: there is none.
    pub async fn ban_delete(&mut self, kind: BanKind, id: UserId) -> Result<bool, StoreError> {
        let done = on!(self.tx, c => sqlx::query(BAN_DELETE).bind(kind.as_str()).bind(id.0).execute(c).await
            .map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// Every ban, the oldest first.
    pub async fn bans_all(&mut self) -> Result<Vec<BanRow>, StoreError> {
        on!(self.tx, c => all(sqlx::query(BANS_ALL).fetch_all(c).await))
    }

    /// Forgets links, browsers and codes that ended before `before`. Gives how many.
    pub async fn onboarding_purge(&mut self, before: UnixMs) -> Result<u64, StoreError> {
        let links = on!(self.tx, c => sqlx::query(ONBOARDING_LINKS_PURGE).bind(before.0).execute(c).await
            .map(|d| d.rows_affected()))?;
        let visits = on!(self.tx, c => sqlx::query(VISITS_PURGE).bind(before.0).execute(c).await
            .map(|d| d.rows_affected()))?;
        let codes = on!(self.tx, c => sqlx::query(PAIRINGS_PURGE).bind(before.0).execute(c).await
            .map(|d| d.rows_affected()))?;
        Ok(links + visits + codes)
    }
}
