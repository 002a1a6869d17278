//! Sessions of the panel, checked on each request (decisions.md 13).

use super::rows::{maybe, row};
use super::{PlatformTx, StoreError, on};
use crate::domain::{BotInstanceId, PanelScope, UnixMs};

const PANEL_SESSION_INSERT: &str = "INSERT INTO panel_sessions (sid, scope, bot_instance_id, role, subject, version,
       created_at, seen_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8)";
const PANEL_SESSION_GET: &str =
    "SELECT sid, scope, bot_instance_id, role, subject, version, created_at, seen_at, expires_at,
       revoked_at FROM panel_sessions WHERE sid = $1";
const PANEL_SESSION_TOUCH: &str =
    "UPDATE panel_sessions SET seen_at = $2 WHERE sid = $1 AND seen_at < $2 AND revoked_at IS NULL";
const PANEL_SESSION_REVOKE: &str = "UPDATE panel_sessions SET revoked_at = $2 WHERE sid = $1 AND revoked_at IS NULL";
const PANEL_SESSIONS_REVOKE_OF: &str = "UPDATE panel_sessions SET revoked_at = $4
     WHERE scope = $1 AND (bot_instance_id = $2 OR bot_instance_id IS NULL AND CAST($2 AS TEXT) IS NULL) AND subject = $3
       AND revoked_at IS NULL";

/// A session to record.
#[derive(Debug, Clone, Copy)]
pub struct NewPanelSession<'a> {
    /// Its name, inside the cookie's token.
    pub sid: &'a str,
    /// What it may see.
    pub scope: &'a PanelScope,
    /// As what: the log-in's word.
    pub role: &'a str,
    /// Whose: a Telegram id or the platform owner.
    pub subject: &'a str,
    /// The cookie's token says the same.
    pub version: i64,
    /// From then on it is over.
    pub expires_at: UnixMs,
}

row! {
    /// A session.
    pub struct PanelSessionRow of "panel_sessions" by "sid" {
        /// Its name.
        pub sid: String,
        /// What it may see.
        pub scope: PanelScope,
        /// As what.
        pub role: String,
        /// Whose.
        pub subject: String,
        /// The cookie's token says the same.
        pub version: i64,
        /// When it began.
        pub created_at: UnixMs,
        /// When it was last used, at most so many minutes behind as it is touched.
        pub seen_at: UnixMs,
        /// From then on it is over.
        pub expires_at: UnixMs,
        /// When it was ended.
        pub revoked_at: Option<UnixMs>,
    }
}

impl PlatformTx {
    /// Begins a session.
    pub async fn panel_session_insert(&mut self, new: &NewPanelSession<'_>, now: UnixMs) -> Result<(), StoreError> {
        on!(self.tx, c => sqlx::query(PANEL_SESSION_INSERT).bind(new.sid).bind(new.scope.as_str())
            .bind(new.scope.tenant().map(BotInstanceId::as_str)).bind(new.role).bind(new.subject).bind(new.version)
            .bind(now.0).bind(new.expires_at.0).execute(c).await.map(|_| ()))?;
        Ok(())
    }

    /// A session as it stands: whether it is over, idle or revoked is for the caller to see.
    pub async fn panel_session_get(&mut self, sid: &str) -> Result<Option<PanelSessionRow>, StoreError> {
        on!(self.tx, c => maybe(sqlx::query(PANEL_SESSION_GET).bind(sid).fetch_optional(c).await))
    }

    /// Notes that a session is used. `false`: it was revoked, or used later than `now`.
    pub async fn panel_session_touch(&mut self, sid: &str, now: UnixMs) -> Result<bool, StoreError> {
        let done = on!(self.tx, c => sqlx::query(PANEL_SESSION_TOUCH).bind(sid).bind(now.0).execute(c).await
            .map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// Ends a session. `false`: it was ended before, or never was.
    pub async fn panel_session_revoke(&mut self, sid: &str, now: UnixMs) -> Result<bool, StoreError> {
        let done = on!(self.tx, c => sqlx::query(PANEL_SESSION_REVOKE).bind(sid).bind(now.0).execute(c).await
            .map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// Ends every session of somebody in one scope: a removed admin is out at once. Gives how many.
    pub async fn panel_sessions_revoke_of(
        &mut self,
        scope: &PanelScope,
        subject: &str,
        now: UnixMs,
    ) -> Result<u64, StoreError> {
        Ok(on!(self.tx, c => sqlx::query(PANEL_SESSIONS_REVOKE_OF).bind(scope.as_str())
            .bind(scope.tenant().map(BotInstanceId::as_str)).bind(subject).bind(now.0).execute(c).await
            .map(|d| d.rows_affected()))?)
    }
}
