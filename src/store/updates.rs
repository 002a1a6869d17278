//! The inbox: one row per handled update. Telegram repeats what we did not acknowledge, so a second insert is a duplicate
//! (reliability.md 3.2).

use super::{StoreError, TenantTx, on};
use crate::domain::{Corr, UnixMs, UpdateId};

const UPDATE_RECORD: &str =
    "INSERT INTO updates (bot_instance_id, update_id, corr, received_at) VALUES ($1, $2, $3, $4)
     ON CONFLICT (bot_instance_id, update_id) DO NOTHING";

impl TenantTx {
    /// Records an update as handled by this transaction. `false`: it was handled before.
    pub async fn update_record(&mut self, update: UpdateId, corr: &Corr, now: UnixMs) -> Result<bool, StoreError> {
        let inserted = on!(self.tx, c => sqlx::query(UPDATE_RECORD).bind(self.id.as_str()).bind(update.0)
            .bind(corr.as_str()).bind(now.0).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(inserted == 1)
    }
}
