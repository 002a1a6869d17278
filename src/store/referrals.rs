//! Invitations: each person's link, and who came by whose (bot.md 12.2).

use super::rows::maybe;
use super::{StoreError, TenantTx, UserRow, on};
use crate::domain::{UnixMs, UserRef};

const LINK_GET: &str = "SELECT token FROM referral_links WHERE bot_instance_id = $1 AND user_ref = $2";
const LINK_PUT: &str = "INSERT INTO referral_links (bot_instance_id, user_ref, token, created_at)
     VALUES ($1, $2, $3, $4) ON CONFLICT (bot_instance_id, user_ref) DO NOTHING";
const LINK_OWNER: &str =
    "SELECT u.user_id, u.user_ref, u.username, u.first_name, u.last_name, u.language_code, u.language, u.user_mode,
       u.created_at, u.seen_at, u.previous_seen_at, u.started_at, u.unreachable_at, u.blocked_at,
       (SELECT a.role FROM admins a WHERE a.bot_instance_id = u.bot_instance_id AND a.user_id = u.user_id) AS role
     FROM referral_links l JOIN users u ON u.bot_instance_id = l.bot_instance_id AND u.user_ref = l.user_ref
     WHERE l.bot_instance_id = $1 AND l.token = $2";
const REFERRAL_PUT: &str = "INSERT INTO referrals (bot_instance_id, invited_ref, inviter_ref, created_at)
     VALUES ($1, $2, $3, $4) ON CONFLICT (bot_instance_id, invited_ref) DO NOTHING";
const INVITED: &str = "SELECT COUNT(*) FROM referrals WHERE bot_instance_id = $1 AND inviter_ref = $2";
const ACTIVATED: &str = "SELECT COUNT(*) FROM referrals r
     JOIN users u ON u.bot_instance_id = r.bot_instance_id AND u.user_ref = r.invited_ref
     WHERE r.bot_instance_id = $1 AND r.inviter_ref = $2 AND EXISTS (SELECT 1 FROM generations g
       WHERE g.bot_instance_id = r.bot_instance_id AND g.user_id = u.user_id
         AND g.state IN ('delivered', 'delivered_late'))";
const INVITED_SINCE: &str = "SELECT COUNT(*) FROM referrals WHERE bot_instance_id = $1 AND created_at >= $2";
const ACTIVATED_SINCE: &str = "SELECT COUNT(*) FROM referrals r
     JOIN users u ON u.bot_instance_id = r.bot_instance_id AND u.user_ref = r.invited_ref
     WHERE r.bot_instance_id = $1 AND r.created_at >= $2 AND EXISTS (SELECT 1 FROM generations g
       WHERE g.bot_instance_id = r.bot_instance_id AND g.user_id = u.user_id
         AND g.state IN ('delivered', 'delivered_late'))";

/// How many were invited, and how many of them have had a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Invitations {
    /// Came by a link.
    pub invited: i64,
    /// Of them, those with a delivered generation.
    pub activated: i64,
}

impl TenantTx {
    /// The token of a person's link, if there is one yet.
    pub async fn referral_link_get(&mut self, user: &UserRef) -> Result<Option<String>, StoreError> {
        Ok(on!(self.tx, c => sqlx::query_scalar(LINK_GET).bind(self.id.as_str()).bind(user.as_str()).fetch_optional(c)
            .await)?)
    }

    /// Gives a person a link. `false`: there is one already.
    pub async fn referral_link_put(&mut self, user: &UserRef, token: &str, now: UnixMs) -> Result<bool, StoreError> {
        let put = on!(self.tx, c => sqlx::query(LINK_PUT).bind(self.id.as_str()).bind(user.as_str()).bind(token)
            .bind(now.0).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(put == 1)
    }

    /// Whose link a token is.
    pub async fn referral_link_owner(&mut self, token: &str) -> Result<Option<UserRow>, StoreError> {
        on!(self.tx, c => maybe(sqlx::query(LINK_OWNER).bind(self.id.as_str()).bind(token).fetch_optional(c).await))
    }

    /// Notes who invited a person. `false`: somebody has before.
    pub async fn referral_put(&mut self, guest: &UserRef, inviter: &UserRef, now: UnixMs) -> Result<bool, StoreError> {
        let put = on!(self.tx, c => sqlx::query(REFERRAL_PUT).bind(self.id.as_str()).bind(guest.as_str())
            .bind(inviter.as_str()).bind(now.0).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(put == 1)
    }

    /// What came of a person's link.
    pub async fn referrals_of(&mut self, inviter: &UserRef) -> Result<Invitations, StoreError> {
        let all = on!(self.tx, c => sqlx::query_scalar(INVITED).bind(self.id.as_str()).bind(inviter.as_str())
            .fetch_one(c).await)?;
        let activated = on!(self.tx, c => sqlx::query_scalar(ACTIVATED).bind(self.id.as_str()).bind(inviter.as_str())
            .fetch_one(c).await)?;
        Ok(Invitations { invited: all, activated })
    }

    /// What came of all links since a moment.
    pub async fn referrals_since(&mut self, since: UnixMs) -> Result<Invitations, StoreError> {
        let invited = on!(self.tx, c => sqlx::query_scalar(INVITED_SINCE).bind(self.id.as_str()).bind(since.0)
            .fetch_one(c).await)?;
        let activated = on!(self.tx, c => sqlx::query_scalar(ACTIVATED_SINCE).bind(self.id.as_str()).bind(since.0)
            .fetch_one(c).await)?;
        Ok(Invitations { invited, activated })
    }
}
