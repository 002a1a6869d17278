//! Who may use a tenant's admin menu and panel.

use super::rows::{all, row};
use super::{StoreError, TenantTx, on};
use crate::domain::{AdminRole, UnixMs, UserId};

const ADMINS_LIST: &str =
    "SELECT user_id, role, added_at FROM admins WHERE bot_instance_id = $1 ORDER BY role DESC, added_at, user_id";
const ADMIN_PUT: &str = "INSERT INTO admins (bot_instance_id, user_id, role, added_at) VALUES ($1, $2, $3, $4)
     ON CONFLICT (bot_instance_id, user_id) DO UPDATE SET role = excluded.role";
const ADMIN_REMOVE: &str = "DELETE FROM admins WHERE bot_instance_id = $1 AND user_id = $2";

row! {
    /// An admin.
    pub struct AdminRow of "admins" by "user_id" {
        /// Telegram's id.
        pub user_id: UserId,
        /// Owner or admin.
        pub role: AdminRole,
        /// Since when.
        pub added_at: UnixMs,
    }
}

impl TenantTx {
    /// Makes exactly these people the tenant's admins; who stays keeps the time they were added.
    pub async fn admins_replace(&mut self, admins: &[(UserId, AdminRole)], now: UnixMs) -> Result<(), StoreError> {
        for old in self.admins_list().await? {
            if !admins.iter().any(|(user, _)| *user == old.user_id) {
                on!(self.tx, c => sqlx::query(ADMIN_REMOVE).bind(self.id.as_str()).bind(old.user_id.0).execute(c).await
                    .map(|_| ()))?;
            }
        }
        for (user, role) in admins {
            on!(self.tx, c => sqlx::query(ADMIN_PUT).bind(self.id.as_str()).bind(user.0).bind(role.as_str()).bind(now.0)
                .execute(c).await.map(|_| ()))?;
        }
        Ok(())
    }

    /// The tenant's admins, owners first.
    pub async fn admins_list(&mut self) -> Result<Vec<AdminRow>, StoreError> {
        on!(self.tx, c => all(sqlx::query(ADMINS_LIST).bind(self.id.as_str()).fetch_all(c).await))
    }
}
