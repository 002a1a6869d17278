//! Reports that are kept: who made one, and when, for the panel's history. A report that cannot be kept is shown all the same.

use super::preflight::{Subject, preflight};
use super::preflight_all::{Installation, preflight_all};
use super::report::Report;
use crate::domain::{ReportAsker, ReportKind};
use crate::store::{NewReport, PlatformTx, StoreError};

/// Makes a tenant's billing preflight and keeps it.
pub async fn preflight_run(subject: &Subject<'_>, asked_by: ReportAsker) -> Report {
    let report = Box::pin(preflight(subject)).await;
    // What the storage refused a moment ago would only wait for it once more.
    if report.trouble().is_none()
        && let Err(error) = keep(subject, ReportKind::Preflight, &report, asked_by).await
    {
        tracing::warn!(tenant = %subject.tenant, %error, "a preflight was not kept");
    }
    report
}

/// Keeps a tenant's report.
pub async fn keep(
    subject: &Subject<'_>,
    kind: ReportKind,
    report: &Report,
    asked_by: ReportAsker,
) -> Result<(), StoreError> {
    let text = serde_json::to_string(report).unwrap_or_default();
    let new = NewReport { kind, asked_by, verdict: report.verdict().as_str(), report: &text };
    let mut tx = subject.db.tenant(subject.tenant).await?;
    tx.report_put(&new, subject.clock.now()).await?;
    tx.commit().await
}

/// Makes the owner's billing preflight over all tenants and keeps it.
pub async fn preflight_all_run(of: &Installation<'_>, asked_by: ReportAsker) -> Report {
    let report = Box::pin(preflight_all(of)).await;
    if report.trouble().is_none()
        && let Err(error) = keep_all(of, ReportKind::Preflight, &report, asked_by).await
    {
        tracing::warn!(%error, "the preflight over all bots was not kept");
    }
    report
}

/// Keeps a report of a process.
pub async fn keep_all(
    of: &Installation<'_>,
    kind: ReportKind,
    report: &Report,
    asked_by: ReportAsker,
) -> Result<(), StoreError> {
    let mut tx = of.db.platform().await?;
    keep_all_in(&mut tx, of, kind, report, asked_by).await?;
    tx.commit().await
}

/// The same in a transaction that also says who had it made.
pub async fn keep_all_in(
    tx: &mut PlatformTx,
    of: &Installation<'_>,
    kind: ReportKind,
    report: &Report,
    asked_by: ReportAsker,
) -> Result<(), StoreError> {
    let text = serde_json::to_string(report).unwrap_or_default();
    let new = NewReport { kind, asked_by, verdict: report.verdict().as_str(), report: &text };
    tx.platform_report_put(of.instance, &new, of.clock.now()).await?;
    Ok(())
}

/// A report that was kept; `None`: this program does not know its shape any more.
pub fn read(stored: &str) -> Option<Report> {
    serde_json::from_str(stored).ok()
}
