//! The admins of every tenant at once: the registry keeps them in memory.

use super::rows::{all, row};
use super::{PlatformTx, StoreError, on};
use crate::domain::{AdminRole, BotInstanceId, UserId};

const ADMINS_ALL: &str = "SELECT bot_instance_id AS tenant, user_id, role FROM admins
     ORDER BY bot_instance_id, role DESC, added_at, user_id";

row! {
    /// An admin of some tenant.
    pub struct TenantAdminRow of "admins" by "tenant" {
        /// Whose.
        pub tenant: BotInstanceId,
        /// Telegram's id.
        pub user_id: UserId,
        /// Owner or admin.
        pub role: AdminRole,
    }
}

impl PlatformTx {
    /// Every tenant's admins, owners first.
    pub async fn admins_all(&mut self) -> Result<Vec<TenantAdminRow>, StoreError> {
        on!(self.tx, c => all(sqlx::query(ADMINS_ALL).fetch_all(c).await))
    }
}
