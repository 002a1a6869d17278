//! Files of all tenants that are kept long enough.

use super::rows::{all, row};
use super::{PlatformTx, StoreError, on};
use crate::domain::{BotInstanceId, MediaId, UnixMs};

const MEDIA_EXPIRED: &str = "SELECT bot_instance_id AS tenant, id FROM media WHERE expires_at <= $1
     ORDER BY expires_at LIMIT $2";

row! {
    /// A file to purge.
    pub struct ExpiredMediaRow of "media" by "id" {
        /// Whose.
        pub tenant: BotInstanceId,
        /// Its name.
        pub id: MediaId,
    }
}

impl PlatformTx {
    /// Files whose time is over at `now`, the oldest first.
    pub async fn media_expired(&mut self, now: UnixMs, limit: i64) -> Result<Vec<ExpiredMediaRow>, StoreError> {
        on!(self.tx, c => all(sqlx::query(MEDIA_EXPIRED).bind(now.0).bind(limit).fetch_all(c).await))
    }
}
