//! Reports of a tenant that were made: the newest of each kind, for the panel's history (platform.md 5).

use super::rows::{all, row};
use super::{StoreError, TenantTx, on};
use crate::domain::{ReportAsker, ReportId, ReportKind, UnixMs};

const REPORT_PUT: &str = "INSERT INTO reports (bot_instance_id, id, kind, asked_by, verdict, report, at)
     VALUES ($1, $2, $3, $4, $5, $6, $7)";
const REPORTS_FORGET: &str =
    "DELETE FROM reports WHERE bot_instance_id = $1 AND kind = $2 AND id < COALESCE((SELECT n.id
       FROM reports n WHERE n.bot_instance_id = $1 AND n.kind = $2 ORDER BY n.id DESC LIMIT 1 OFFSET $3), '')";
const REPORTS_LAST: &str = "SELECT id, kind, asked_by, verdict, report, at FROM reports
     WHERE bot_instance_id = $1 AND kind = $2 ORDER BY id DESC LIMIT $3";
/// Reports of one kind that a tenant keeps.
const KEPT: i64 = 50;

/// A report to keep.
#[derive(Debug, Clone, Copy)]
pub struct NewReport<'a> {
    /// Which.
    pub kind: ReportKind,
    /// Who had it made.
    pub asked_by: ReportAsker,
    /// What it came to: `READY`, `DEGRADED`, `FAIL`.
    pub verdict: &'a str,
    /// JSON.
    pub report: &'a str,
}

row! {
    /// A report that was made.
    pub struct ReportRow of "reports" by "id" {
        /// Its name.
        pub id: ReportId,
        /// Which.
        pub kind: ReportKind,
        /// Who had it made.
        pub asked_by: ReportAsker,
        /// What it came to: `READY`, `DEGRADED`, `FAIL`.
        pub verdict: String,
        /// JSON.
        pub report: String,
        /// When.
        pub at: UnixMs,
    }
}

impl TenantTx {
    /// Keeps a report; of its kind the oldest goes when there are more than fifty.
    pub async fn report_put(&mut self, new: &NewReport<'_>, now: UnixMs) -> Result<ReportId, StoreError> {
        let id = ReportId::next(now);
        on!(self.tx, c => sqlx::query(REPORT_PUT).bind(self.id.as_str()).bind(id.as_str()).bind(new.kind.as_str())
            .bind(new.asked_by.as_str()).bind(new.verdict).bind(new.report).bind(now.0).execute(c).await.map(|_| ()))?;
        on!(self.tx, c => sqlx::query(REPORTS_FORGET).bind(self.id.as_str()).bind(new.kind.as_str()).bind(KEPT - 1)
            .execute(c).await.map(|_| ()))?;
        Ok(id)
    }

    /// The last `n` reports of a kind, newest first.
    pub async fn reports_last(&mut self, kind: ReportKind, n: i64) -> Result<Vec<ReportRow>, StoreError> {
        on!(self.tx, c => all(sqlx::query(REPORTS_LAST).bind(self.id.as_str()).bind(kind.as_str()).bind(n).fetch_all(c)
            .await))
    }
}
