//! The ledgers of all tenants: which are to be checked now, and how each stands (decisions.md 10).

use super::rows::{all, row};
use super::{PlatformTx, StoreError, on};
use crate::domain::{BotInstanceId, UnixMs};

/// Who moved money since the last seal, whose whole check is due, and who is red: a repaired ledger turns green soon.
const LEDGERS_DUE: &str = "SELECT t.bot_instance_id FROM tenants t
     LEFT JOIN ledger_heads h ON h.bot_instance_id = t.bot_instance_id
     LEFT JOIN ledger_checks k ON k.bot_instance_id = t.bot_instance_id
     WHERE t.state <> 'deleted' AND (k.faults > 0
       OR h.bot_instance_id IS NOT NULL AND COALESCE(k.full_at, 0) <= $1
       OR EXISTS (SELECT 1 FROM transfers x WHERE x.bot_instance_id = t.bot_instance_id
         AND x.created_at > COALESCE(h.reached, -1)))
     ORDER BY COALESCE(k.checked_at, 0), t.bot_instance_id LIMIT $2";
const LEDGERS_STAND: &str =
    "SELECT k.bot_instance_id AS tenant, k.checked_at, k.full_at, k.sealed, k.faults, k.detail FROM ledger_checks k
     JOIN tenants t ON t.bot_instance_id = k.bot_instance_id WHERE t.state <> 'deleted' ORDER BY k.bot_instance_id";
/// Bots that were there before the running month and whose months are not closed up to the one before it.
const MONTHS_UNCLOSED: &str = "SELECT t.bot_instance_id FROM tenants t
     WHERE t.state <> 'deleted' AND t.created_at < $1 AND t.bot_instance_id > $2
       AND NOT EXISTS (SELECT 1 FROM closed_months m WHERE m.bot_instance_id = t.bot_instance_id AND m.month >= $3)
     ORDER BY t.bot_instance_id LIMIT $4";

row! {
    /// How a tenant's ledger stood at its last check.
    pub struct LedgerStandRow of "ledger_checks" by "tenant" {
        /// Whose.
        pub tenant: BotInstanceId,
        /// When.
        pub checked_at: UnixMs,
        /// When every rule was last asked about every row.
        pub full_at: UnixMs,
        /// Transfers sealed by then.
        pub sealed: i64,
        /// Faults; 0 is green.
        pub faults: i64,
        /// The first of them, one a line.
        pub detail: String,
    }
}

impl PlatformTx {
    /// At most `n` tenants whose ledgers are to be checked now, those first that waited longest. A whole check is due when the
    /// last one was at or before `full_before`.
    pub async fn ledgers_due(&mut self, full_before: UnixMs, n: i64) -> Result<Vec<BotInstanceId>, StoreError> {
        let ids: Vec<String> =
            on!(self.tx, c => sqlx::query_scalar(LEDGERS_DUE).bind(full_before.0).bind(n).fetch_all(c).await)?;
        named(&ids)
    }

    /// At most `n` tenants made before `began_before` whose month `month` (`YYYY-MM`) is not closed, by name, after `after`.
    pub async fn months_unclosed(
        &mut self,
        began_before: UnixMs,
        after: &str,
        month: &str,
        n: i64,
    ) -> Result<Vec<BotInstanceId>, StoreError> {
        let ids: Vec<String> = on!(self.tx, c => sqlx::query_scalar(MONTHS_UNCLOSED).bind(began_before.0).bind(after)
            .bind(month).bind(n).fetch_all(c).await)?;
        named(&ids)
    }

    /// How every ledger stood at its last check, by tenant; one that was never checked is missing.
    pub async fn ledgers_stand(&mut self) -> Result<Vec<LedgerStandRow>, StoreError> {
        on!(self.tx, c => all(sqlx::query(LEDGERS_STAND).fetch_all(c).await))
    }
}

fn named(ids: &[String]) -> Result<Vec<BotInstanceId>, StoreError> {
    let read =
        |id: &String| BotInstanceId::parse(id).map_err(|_| StoreError::corrupt("tenants", "bot_instance_id", id));
    ids.iter().map(read).collect()
}
