//! Who may use a tenant's admin menu and panel.

use super::rows::{all, row};
use super::{StoreError, TenantTx, on};
use crate::domain::{AdminRole, UnixMs, UserId};

const ADMINS_LIST: &str = "SELECT user_id, role, added_at, granted_by FROM admins WHERE bot_instance_id = $1
     ORDER BY role DESC, added_at, user_id";
const ADMIN_PUT: &str = "INSERT INTO admins (bot_instance_id, user_id, role, added_at) VALUES ($1, $2, $3, $4)
     ON CONFLICT (bot_instance_id, user_id) DO UPDATE SET role = excluded.role, granted_by = NULL";
const ADMIN_REMOVE: &str = "DELETE FROM admins WHERE bot_instance_id = $1 AND user_id = $2 AND granted_by IS NULL";
const ADMIN_GRANT: &str = "INSERT INTO admins (bot_instance_id, user_id, role, added_at, granted_by)
     VALUES ($1, $2, 'admin', $3, $4) ON CONFLICT (bot_instance_id, user_id) DO NOTHING";
const ADMIN_ROLE: &str = "SELECT role FROM admins WHERE bot_instance_id = $1 AND user_id = $2";

row! {
    /// An admin.
    pub struct AdminRow of "admins" by "user_id" {
        /// Telegram's id.
        pub user_id: UserId,
        /// Owner or admin.
        pub role: AdminRole,
        /// Since when.
        pub added_at: UnixMs,
        /// Who granted it in the bot; `None`: the file or the command line did.
        pub granted_by: Option<UserId>,
    }
}

impl TenantTx {
    /// Makes exactly these people the admins of the file or the command line; who stays keeps the time they were added, and
    /// who was made an admin in the bot stays one.
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

    /// Makes a person an admin in the owner's name. `false`: they administer the bot already.
    pub async fn admin_grant(&mut self, user: UserId, by: UserId, now: UnixMs) -> Result<bool, StoreError> {
        let made = on!(self.tx, c => sqlx::query(ADMIN_GRANT).bind(self.id.as_str()).bind(user.0).bind(now.0).bind(by.0)
            .execute(c).await.map(|d| d.rows_affected()))?;
        Ok(made == 1)
    }

    /// What a person may do here, as of now; `None`: they are no admin.
    pub async fn admin_role(&mut self, user: UserId) -> Result<Option<AdminRole>, StoreError> {
        let word: Option<String> = on!(self.tx, c => sqlx::query_scalar(ADMIN_ROLE).bind(self.id.as_str()).bind(user.0)
            .fetch_optional(c).await)?;
        word.map(|word| AdminRole::parse(&word).ok_or_else(|| StoreError::corrupt("admins", "role", &user))).transpose()
    }

    /// The tenant's admins, owners first.
    pub async fn admins_list(&mut self) -> Result<Vec<AdminRow>, StoreError> {
        on!(self.tx, c => all(sqlx::query(ADMINS_LIST).bind(self.id.as_str()).fetch_all(c).await))
    }
}
