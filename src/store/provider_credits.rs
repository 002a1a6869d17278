//! The provider's balance as it was last read, for admins (bot.md 14.2): never a reason to refuse a generation.

use super::rows::{maybe, row};
use super::{StoreError, TenantTx, on};
use crate::domain::UnixMs;

const PROVIDER_CREDITS: &str = "SELECT credits, checked_at FROM provider_credits WHERE bot_instance_id = $1";
const PROVIDER_CREDITS_PUT: &str =
    "INSERT INTO provider_credits (bot_instance_id, credits, checked_at) VALUES ($1, $2, $3)
     ON CONFLICT (bot_instance_id) DO UPDATE SET credits = excluded.credits, checked_at = excluded.checked_at";

row! {
    /// What the provider said last.
    pub struct ProviderCreditsRow of "provider_credits" by "checked_at" {
        /// Hundredths of a credit; `None`: it could not be read.
        pub credits: Option<i64>,
        /// When.
        pub checked_at: UnixMs,
    }
}

impl TenantTx {
    /// What the provider said last; `None`: it was never asked.
    pub async fn provider_credits_get(&mut self) -> Result<Option<ProviderCreditsRow>, StoreError> {
        on!(self.tx, c => maybe(sqlx::query(PROVIDER_CREDITS).bind(self.id.as_str()).fetch_optional(c).await))
    }

    /// Keeps what the provider said.
    pub async fn provider_credits_put(&mut self, credits: Option<i64>, now: UnixMs) -> Result<(), StoreError> {
        on!(self.tx, c => sqlx::query(PROVIDER_CREDITS_PUT).bind(self.id.as_str()).bind(credits).bind(now.0).execute(c)
            .await.map(|_| ()))?;
        Ok(())
    }
}
