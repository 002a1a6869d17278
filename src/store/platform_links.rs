//! One-time links into the panel (decisions.md 13): known by the hash of their token, consumed by the first who presses.

use super::rows::{At, Cells, Field, maybe, row};
use super::{PlatformTx, StoreError, on};
use crate::domain::{BotInstanceId, PanelScope, UnixMs};

const LINK_INSERT: &str =
    "INSERT INTO panel_links (token_hash, scope, bot_instance_id, role, subject, created_at, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7)";
const LINK_PEEK: &str = "SELECT scope, bot_instance_id, role, subject, created_at, expires_at FROM panel_links
     WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2";
const LINK_FATE: &str = "SELECT expires_at, used_at FROM panel_links WHERE token_hash = $1";
const LINKS_SINCE: &str = "SELECT created_at FROM panel_links
     WHERE scope = $1 AND (bot_instance_id = $2 OR bot_instance_id IS NULL AND CAST($2 AS TEXT) IS NULL) AND subject = $3
       AND created_at > $4 ORDER BY created_at";
const LINK_CONSUME: &str = "UPDATE panel_links SET used_at = $2
     WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2
     RETURNING scope, bot_instance_id, role, subject, created_at, expires_at";

/// A link to record.
#[derive(Debug, Clone, Copy)]
pub struct NewLink<'a> {
    /// Hash of the token in the link.
    pub token_hash: &'a str,
    /// What it opens.
    pub scope: &'a PanelScope,
    /// As what: the log-in's word.
    pub role: &'a str,
    /// For whom: a Telegram id or the platform owner.
    pub subject: &'a str,
    /// From then on it opens nothing.
    pub expires_at: UnixMs,
}

row! {
    /// A link that opens something.
    pub struct LinkRow of "panel_links" by "subject" {
        /// What it opens.
        pub scope: PanelScope,
        /// As what.
        pub role: String,
        /// For whom.
        pub subject: String,
        /// When it was made.
        pub created_at: UnixMs,
        /// From then on it opens nothing.
        pub expires_at: UnixMs,
    }
}

row! {
    /// What became of a link.
    pub struct LinkFate of "panel_links" by "expires_at" {
        /// From then on it opens nothing.
        pub expires_at: UnixMs,
        /// When it was used.
        pub used_at: Option<UnixMs>,
    }
}

/// Two columns say it: `scope`, and `bot_instance_id` for a tenant's.
impl Field for PanelScope {
    fn field(row: &impl Cells, at: &At) -> Result<Self, StoreError> {
        let word = String::field(row, at)?;
        let tenant = Option::<BotInstanceId>::field(row, &At { column: "bot_instance_id", ..*at })?;
        match (word.as_str(), tenant) {
            ("tenant", Some(tenant)) => Ok(Self::Tenant(tenant)),
            ("platform", None) => Ok(Self::Platform),
            _ => Err(at.corrupt(row)),
        }
    }
}

impl PlatformTx {
    /// Records a link.
    pub async fn link_insert(&mut self, new: &NewLink<'_>, now: UnixMs) -> Result<(), StoreError> {
        on!(self.tx, c => sqlx::query(LINK_INSERT).bind(new.token_hash).bind(new.scope.as_str())
            .bind(new.scope.tenant().map(BotInstanceId::as_str)).bind(new.role).bind(new.subject).bind(now.0)
            .bind(new.expires_at.0).execute(c).await.map(|_| ()))?;
        Ok(())
    }

    /// What a link would open, without using it: a preview or a scanner must not use it up.
    pub async fn link_peek(&mut self, token_hash: &str, now: UnixMs) -> Result<Option<LinkRow>, StoreError> {
        on!(self.tx, c => maybe(sqlx::query(LINK_PEEK).bind(token_hash).bind(now.0).fetch_optional(c).await))
    }

    /// What became of a link, whether it still opens something or not; `None` for one that never was or is forgotten.
    pub async fn link_fate(&mut self, token_hash: &str) -> Result<Option<LinkFate>, StoreError> {
        on!(self.tx, c => maybe(sqlx::query(LINK_FATE).bind(token_hash).fetch_optional(c).await))
    }

    /// When somebody's links were made, after `since`, the oldest first.
    pub async fn links_since(
        &mut self,
        scope: &PanelScope,
        subject: &str,
        since: UnixMs,
    ) -> Result<Vec<UnixMs>, StoreError> {
        let made: Vec<i64> = on!(self.tx, c => sqlx::query_scalar(LINKS_SINCE).bind(scope.as_str())
            .bind(scope.tenant().map(BotInstanceId::as_str)).bind(subject).bind(since.0).fetch_all(c).await)?;
        Ok(made.into_iter().map(UnixMs).collect())
    }

    /// Uses a link up. `Some` once, and only before it expires.
    pub async fn link_consume(&mut self, token_hash: &str, now: UnixMs) -> Result<Option<LinkRow>, StoreError> {
        on!(self.tx, c => maybe(sqlx::query(LINK_CONSUME).bind(token_hash).bind(now.0).fetch_optional(c).await))
    }
}
