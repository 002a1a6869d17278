//! Who else may look at a tenant's panel: viewers, and the platform's owner as support for an hour (decisions.md 13).

use super::rows::{all, maybe, row};
use super::{StoreError, TenantTx, on};
use crate::domain::{UnixMs, UserId};

const VIEWERS: &str = "SELECT user_id, added_by, added_at FROM panel_viewers WHERE bot_instance_id = $1
     ORDER BY added_at, user_id LIMIT 100";
const VIEWER_IS: &str = "SELECT COUNT(*) FROM panel_viewers WHERE bot_instance_id = $1 AND user_id = $2";
const VIEWER_ADD: &str =
    "INSERT INTO panel_viewers (bot_instance_id, user_id, added_by, added_at) VALUES ($1, $2, $3, $4)
     ON CONFLICT (bot_instance_id, user_id) DO NOTHING";
const VIEWER_REMOVE: &str = "DELETE FROM panel_viewers WHERE bot_instance_id = $1 AND user_id = $2";
const ADMIN_DISMISS: &str = "DELETE FROM admins WHERE bot_instance_id = $1 AND user_id = $2 AND role = 'admin'";
const SUPPORT_GET: &str =
    "SELECT granted_by, granted_at, until FROM support_grants WHERE bot_instance_id = $1 AND until > $2";
const SUPPORT_GRANT: &str = "INSERT INTO support_grants (bot_instance_id, granted_by, granted_at, until)
     VALUES ($1, $2, $3, $4) ON CONFLICT (bot_instance_id) DO UPDATE SET granted_by = excluded.granted_by,
       granted_at = excluded.granted_at, until = excluded.until";
const SUPPORT_REVOKE: &str = "DELETE FROM support_grants WHERE bot_instance_id = $1 AND until > $2";

row! {
    /// Somebody who looks and changes nothing.
    pub struct ViewerRow of "panel_viewers" by "user_id" {
        /// Telegram's id.
        pub user_id: UserId,
        /// Who let them in; 0 for whoever runs the installation.
        pub added_by: UserId,
        /// When.
        pub added_at: UnixMs,
    }
}

row! {
    /// The hour of the support.
    pub struct SupportRow of "support_grants" by "granted_at" {
        /// Who granted it; 0 for whoever runs the installation.
        pub granted_by: UserId,
        /// When.
        pub granted_at: UnixMs,
        /// Until when.
        pub until: UnixMs,
    }
}

impl TenantTx {
    /// The viewers, the first one first.
    pub async fn viewers_list(&mut self) -> Result<Vec<ViewerRow>, StoreError> {
        on!(self.tx, c => all(sqlx::query(VIEWERS).bind(self.id.as_str()).fetch_all(c).await))
    }

    /// Whether a person is a viewer, as of now.
    pub async fn viewer_is(&mut self, user: UserId) -> Result<bool, StoreError> {
        let found: i64 =
            on!(self.tx, c => sqlx::query_scalar(VIEWER_IS).bind(self.id.as_str()).bind(user.0).fetch_one(c).await)?;
        Ok(found == 1)
    }

    /// Lets a person look. `false`: they do already.
    pub async fn viewer_add(&mut self, user: UserId, by: UserId, now: UnixMs) -> Result<bool, StoreError> {
        let made = on!(self.tx, c => sqlx::query(VIEWER_ADD).bind(self.id.as_str()).bind(user.0).bind(by.0).bind(now.0)
            .execute(c).await.map(|d| d.rows_affected()))?;
        Ok(made == 1)
    }

    /// Lets a person look no more. `false`: they did not.
    pub async fn viewer_remove(&mut self, user: UserId) -> Result<bool, StoreError> {
        let gone = on!(self.tx, c => sqlx::query(VIEWER_REMOVE).bind(self.id.as_str()).bind(user.0).execute(c).await
            .map(|d| d.rows_affected()))?;
        Ok(gone == 1)
    }

    /// Takes an admin's role away, however they got it; never the owner's. `false`: no such admin.
    pub async fn admin_dismiss(&mut self, user: UserId) -> Result<bool, StoreError> {
        let gone = on!(self.tx, c => sqlx::query(ADMIN_DISMISS).bind(self.id.as_str()).bind(user.0).execute(c).await
            .map(|d| d.rows_affected()))?;
        Ok(gone == 1)
    }

    /// The support's hour, if it runs at `now`.
    pub async fn support_get(&mut self, now: UnixMs) -> Result<Option<SupportRow>, StoreError> {
        on!(self.tx, c => maybe(sqlx::query(SUPPORT_GET).bind(self.id.as_str()).bind(now.0).fetch_optional(c).await))
    }

    /// Lets the platform's owner look until a moment.
    pub async fn support_grant(&mut self, by: UserId, until: UnixMs, now: UnixMs) -> Result<(), StoreError> {
        on!(self.tx, c => sqlx::query(SUPPORT_GRANT).bind(self.id.as_str()).bind(by.0).bind(now.0).bind(until.0)
            .execute(c).await.map(|_| ()))?;
        Ok(())
    }

    /// Ends the support's hour. `false`: none runs.
    pub async fn support_revoke(&mut self, now: UnixMs) -> Result<bool, StoreError> {
        let gone = on!(self.tx, c => sqlx::query(SUPPORT_REVOKE).bind(self.id.as_str()).bind(now.0).execute(c).await
            .map(|d| d.rows_affected()))?;
        Ok(gone == 1)
    }
}
