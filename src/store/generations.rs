//! Generations: their rows and conditional moves from state to state (bot.md 9).

use super::{StoreError, TenantTx, on};
use crate::domain::{GenerationId, MessageId};

const GENERATION_SET_PROGRESS_MESSAGE: &str =
    "UPDATE generations SET progress_message_id = $3 WHERE bot_instance_id = $1 AND id = $2";

impl TenantTx {
    /// Notes the message that shows a generation's progress. `false`: no such generation.
    pub async fn generation_set_progress_message(
        &mut self,
        id: &GenerationId,
        message: MessageId,
    ) -> Result<bool, StoreError> {
        let done = on!(self.tx, c => sqlx::query(GENERATION_SET_PROGRESS_MESSAGE).bind(self.id.as_str())
            .bind(id.as_str()).bind(message.0).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }
}
