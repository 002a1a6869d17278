//! What happened in a bot lately, for its panel: generations with the person's first name, newest first.

use super::rows::{all, row};
use super::{StoreError, TenantTx, on};
use crate::domain::{GenerationId, GenerationState, Money, Payer, UnixMs, UserId};

const GENERATIONS_RECENT: &str =
    "SELECT g.id, g.user_id, u.first_name, g.model_id, g.payer, g.price, g.state, g.created_at
     FROM generations g JOIN users u ON u.bot_instance_id = g.bot_instance_id AND u.user_id = g.user_id
     WHERE g.bot_instance_id = $1 ORDER BY g.created_at DESC, g.id DESC LIMIT $2";

row! {
    /// A generation as the panel lists it: nothing of its prompt.
    pub struct RecentRow of "generations" by "id" {
        /// Its name.
        pub id: GenerationId,
        /// Whose.
        pub user_id: UserId,
        /// The person's first name.
        pub first_name: String,
        /// Which model.
        pub model_id: String,
        /// Who pays.
        pub payer: Payer,
        /// What was quoted.
        pub price: Money,
        /// Where it stands.
        pub state: GenerationState,
        /// When it was confirmed.
        pub created_at: UnixMs,
    }
}

impl TenantTx {
    /// The tenant's last `n` generations.
    pub async fn generations_recent(&mut self, n: i64) -> Result<Vec<RecentRow>, StoreError> {
        on!(self.tx, c => all(sqlx::query(GENERATIONS_RECENT).bind(self.id.as_str()).bind(n).fetch_all(c).await))
    }
}
