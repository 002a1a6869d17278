//! Which admin wrote to a person last: that person's answer goes back to them (decisions.md 23).

use super::{StoreError, TenantTx, on};
use crate::domain::{UnixMs, UserId};

const TALK_SET: &str = "INSERT INTO admin_talks (bot_instance_id, user_id, admin_id, at) VALUES ($1, $2, $3, $4)
     ON CONFLICT (bot_instance_id, user_id) DO UPDATE SET admin_id = excluded.admin_id, at = excluded.at";
const TALK_WITH: &str = "SELECT admin_id FROM admin_talks WHERE bot_instance_id = $1 AND user_id = $2";

impl TenantTx {
    /// `admin` has written to `user`.
    pub async fn talk_set(&mut self, user: UserId, admin: UserId, now: UnixMs) -> Result<(), StoreError> {
        on!(self.tx, c => sqlx::query(TALK_SET).bind(self.id.as_str()).bind(user.0).bind(admin.0).bind(now.0).execute(c)
            .await.map(|_| ()))?;
        Ok(())
    }

    /// The admin who wrote to this person last.
    pub async fn talk_with(&mut self, user: UserId) -> Result<Option<UserId>, StoreError> {
        let admin: Option<i64> = on!(self.tx, c => sqlx::query_scalar(TALK_WITH).bind(self.id.as_str()).bind(user.0)
            .fetch_optional(c).await)?;
        Ok(admin.map(UserId))
    }
}
