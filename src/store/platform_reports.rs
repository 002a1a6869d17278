//! Reports of processes and over all tenants (platform.md 5).

use super::rows::{all, row};
use super::{NewReport, PlatformTx, StoreError, on};
use crate::domain::{ReportAsker, ReportId, ReportKind, UnixMs};

const PLATFORM_REPORT_PUT: &str = "INSERT INTO platform_reports (id, instance, kind, asked_by, verdict, report, at) VALUES ($1, $2, $3, $4, $5, $6, $7)";
const PLATFORM_REPORTS_FORGET: &str =
    "DELETE FROM platform_reports WHERE kind = $1 AND id < COALESCE((SELECT n.id FROM platform_reports n
       WHERE n.kind = $1 ORDER BY n.id DESC LIMIT 1 OFFSET $2), '')";
const PLATFORM_REPORTS_LAST: &str = "SELECT id, instance, kind, asked_by, verdict, report, at FROM platform_reports
     WHERE kind = $1 ORDER BY id DESC LIMIT $2";
/// Reports of one kind that are kept.
const KEPT: i64 = 50;

row! {
    /// A report of a process.
    pub struct PlatformReportRow of "platform_reports" by "id" {
        /// Its name.
        pub id: ReportId,
        /// The process that made it.
        pub instance: String,
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

impl PlatformTx {
    /// Keeps a report of a process; of its kind the oldest goes when there are more than fifty.
    pub async fn platform_report_put(
        &mut self,
        instance: &str,
        new: &NewReport<'_>,
        now: UnixMs,
    ) -> Result<ReportId, StoreError> {
        let id = ReportId::next(now);
        on!(self.tx, c => sqlx::query(PLATFORM_REPORT_PUT).bind(id.as_str()).bind(instance).bind(new.kind.as_str())
            .bind(new.asked_by.as_str()).bind(new.verdict).bind(new.report).bind(now.0).execute(c).await.map(|_| ()))?;
        on!(self.tx, c => sqlx::query(PLATFORM_REPORTS_FORGET).bind(new.kind.as_str()).bind(KEPT - 1).execute(c).await
            .map(|_| ()))?;
        Ok(id)
    }

    /// The last `n` reports of a kind, newest first.
    pub async fn platform_reports_last(
        &mut self,
        kind: ReportKind,
        n: i64,
    ) -> Result<Vec<PlatformReportRow>, StoreError> {
        on!(self.tx, c => all(sqlx::query(PLATFORM_REPORTS_LAST).bind(kind.as_str()).bind(n).fetch_all(c).await))
    }
}
