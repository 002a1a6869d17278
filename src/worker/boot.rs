//! Gathers what the boot reports say, of this process once and of each bot as it is connected, and keeps them (platform.md 5).
//! It runs beside the serving and delays nothing.

use std::net::SocketAddr;
use std::time::Duration;

use super::Workers;
use crate::diagnostics::boot::{BotFacts, ProcessFacts, of_bot, of_process};
use crate::diagnostics::preflight::{self, storage};
use crate::diagnostics::report::check;
use crate::diagnostics::runs::{keep, keep_all};
use crate::diagnostics::{Finding, Report, Section, Status, preflight_all, shown};
use crate::domain::{Language, ReportAsker, ReportKind};
use crate::generation::MediaError;
use crate::locks::{LockKey, PlatformPurpose};
use crate::store::StoreError;
use crate::tenants::Tenant;
use crate::tenants::connect::webhook_url;
use crate::texts::Args;

/// How long one section may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// Makes the process's report.
pub async fn of_this_process(workers: &Workers, main: SocketAddr, admin: SocketAddr) -> Report {
    let platform = &workers.platform;
    let installation = platform.installation(&workers.instance);
    let models = platform.catalog.models();
    let bots = async { platform.db.platform_read().await?.tenants_checked().await };
    let bots: Result<_, StoreError> = bots.await;
    of_process(ProcessFacts {
        warnings: platform.settings.warnings.len(),
        addresses: (main.to_string(), admin.to_string()),
        database: preflight_all::storage(&installation).await,
        storage: files(workers).await,
        locks: platform.locks.settled(PATIENCE).await,
        locks_hold: locks_hold(workers).await,
        bots: bots.ok(),
        webhooks: platform.settings.webhook.base_url.is_some(),
        shared_key: platform.settings.kie.api_key.is_some(),
        models: (models.iter().filter(|model| model.is_sellable()).count(), models.len()),
        integrity: preflight_all::integrity(&installation).await,
    })
}

/// Makes the process's report, keeps it and says it in the log.
pub async fn report(workers: &Workers, main: SocketAddr, admin: SocketAddr) -> Report {
    let report = of_this_process(workers, main, admin).await;
    let platform = &workers.platform;
    let words = platform.texts.words(Language::En);
    for line in shown::lines(&report, words) {
        tracing::info!(section = %line, "boot report");
    }
    tracing::info!(verdict = report.verdict().as_str(), "the start is complete");
    let installation = platform.installation(&workers.instance);
    if let Err(error) = keep_all(&installation, ReportKind::Boot, &report, ReportAsker::Start).await {
        tracing::warn!(error = %error, "the boot report was not kept");
    }
    report
}

/// Makes a bot's report from what is stored; asks nobody.
pub async fn of_tenant(workers: &Workers, tenant: &Tenant) -> Result<Report, StoreError> {
    let platform = &workers.platform;
    let mut tx = platform.db.tenant_read(&tenant.id).await?;
    let (connection, watch) = (tx.connection_get().await?, tx.watch_get().await?);
    drop(tx);
    let connection = connection.ok_or_else(|| StoreError::corrupt("tenants", "bot_instance_id", tenant.id.as_str()))?;
    let subject = platform.subject(tenant);
    let models = platform.catalog.models();
    Ok(of_bot(BotFacts {
        bot_id: tenant.token.bot_id().to_string(),
        id: tenant.id.as_str(),
        connection: &connection,
        watch: watch.as_ref(),
        webhook: webhook_url(&platform.settings, tenant).as_deref(),
        keys: (tenant.provider_key.is_some(), platform.settings.kie.api_key.is_some()),
        models: (models.iter().filter(|model| tenant.offers(model)).count(), models.len()),
        database: storage(&subject).await,
        integrity: preflight::integrity(&subject).await,
    }))
}

/// Keeps a bot's report; one that cannot be made is only logged.
pub(super) async fn keep_tenant(workers: &Workers, tenant: &Tenant, asked_by: ReportAsker) {
    let kept = async {
        let report = of_tenant(workers, tenant).await?;
        keep(&workers.platform.subject(tenant), ReportKind::Boot, &report, asked_by).await
    };
    if let Err(error) = kept.await {
        tracing::warn!(tenant = %tenant.id, error = %error, "the bot's boot report was not kept");
    }
}

/// Files can be written, read and removed.
async fn files(workers: &Workers) -> Section {
    struct Failed;
    impl From<MediaError> for Failed {
        fn from(error: MediaError) -> Self {
            tracing::warn!(error = %error, "the file store failed its check");
            Self
        }
    }
    impl From<Failed> for Finding {
        fn from(_: Failed) -> Self {
            Self::ok("diag-note-files-failed", Args::new()).but(Status::Fail, "diag-fix-files")
        }
    }
    let work = async {
        workers.media.look().await?;
        Ok::<_, Failed>(Finding::ok("diag-note-files-seen", Args::new()))
    };
    check(&workers.platform.clock, "files", PATIENCE, work).await
}

/// Of two who want a lock one gets it.
async fn locks_hold(workers: &Workers) -> bool {
    let key = LockKey::platform(&PlatformPurpose::Probe(workers.instance.clone()));
    let locks = &workers.platform.locks;
    let (first, second) = tokio::join!(locks.try_acquire(&key, PATIENCE), locks.try_acquire(&key, PATIENCE));
    let one = first.is_some() != second.is_some();
    for lease in [first, second].into_iter().flatten() {
        locks.release(lease).await;
    }
    one
}
