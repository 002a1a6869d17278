//! Models that the provider does not list and the platform's owner has checked all the same (decisions.md 22).

use super::rows::{all, row};
use super::{PlatformTx, StoreError, on};
use crate::domain::UnixMs;

const CHECKED_MODELS: &str = "SELECT model_id, checked_at, checked_by FROM checked_models ORDER BY model_id";
const CHECKED_MODEL_PUT: &str = "INSERT INTO checked_models (model_id, checked_at, checked_by) VALUES ($1, $2, $3)
     ON CONFLICT (model_id) DO NOTHING";
const CHECKED_MODEL_DELETE: &str = "DELETE FROM checked_models WHERE model_id = $1";

row! {
    /// A model that was checked.
    pub struct CheckedModelRow of "checked_models" by "model_id" {
        /// Which.
        pub model_id: String,
        /// When.
        pub checked_at: UnixMs,
        /// By whom, as the audit log names them.
        pub checked_by: String,
    }
}

impl PlatformTx {
    /// All of them, by id.
    pub async fn checked_models(&mut self) -> Result<Vec<CheckedModelRow>, StoreError> {
        on!(self.tx, c => all(sqlx::query(CHECKED_MODELS).fetch_all(c).await))
    }

    /// Marks one as checked. `false`: it is already.
    pub async fn checked_model_put(&mut self, model: &str, by: &str, now: UnixMs) -> Result<bool, StoreError> {
        let done = on!(self.tx, c => sqlx::query(CHECKED_MODEL_PUT).bind(model).bind(now.0).bind(by).execute(c).await
            .map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// Takes the mark back. `false`: there is none.
    pub async fn checked_model_delete(&mut self, model: &str) -> Result<bool, StoreError> {
        let done = on!(self.tx, c => sqlx::query(CHECKED_MODEL_DELETE).bind(model).execute(c).await
            .map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }
}
