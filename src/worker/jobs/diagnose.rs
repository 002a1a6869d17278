//! Makes the report that an admin asked for, and shows it. Everything that asks the outside is here; what follows from the
//! answers is the diagnostics' matter.

use std::time::Duration;

use super::turn_failed;
use crate::bot::jobs::{Diagnose, Question};
use crate::bot::screens::{admin, payments};
use crate::bot::{Background, in_background};
use crate::clients::telegram::WebhookInfo;
use crate::diagnostics::preflight::storage;
use crate::diagnostics::report::check;
use crate::diagnostics::runs::preflight_run;
use crate::diagnostics::standing::{Key, Standing};
use crate::diagnostics::{Finding, Report, Section, Status};
use crate::domain::{MediaPurpose, ReportAsker};
use crate::generation::MediaError;
use crate::store::{DbKind, ErrorRow, JobRow, StoreError};
use crate::tenants::Tenant;
use crate::tenants::connect::webhook_url;
use crate::texts::Args;
use crate::worker::Workers;
use crate::worker::runner::Outcome;

/// How long the outside may take for one answer.
const PATIENCE: Duration = Duration::from_secs(5);
/// Errors that a report names.
const ERRORS: i64 = 5;

/// Runs the job.
pub(super) async fn run(workers: &Workers, tenant: &Tenant, job: &JobRow, asked: &Diagnose) -> Outcome {
    let report = match asked.question {
        Question::Preflight => preflight_run(&workers.platform.subject(tenant), ReportAsker::Bot).await,
        question => standing(workers, tenant, question).await,
    };
    let for_whom = Background { user: asked.user, corr: &job.corr, key: format!("job:{}", job.id.short()) };
    let told = in_background(&workers.platform, tenant, for_whom, async |turn| {
        admin::show_report(turn, asked.question, report);
        Ok(())
    });
    match told.await {
        Ok(_) => Outcome::Done,
        Err(error) => turn_failed(&error),
    }
}

async fn standing(workers: &Workers, tenant: &Tenant, question: Question) -> Report {
    let platform = &workers.platform;
    let rows = rows(workers, tenant).await.unwrap_or_default();
    let webhook = match question {
        Question::Info => webhook(workers, tenant).await,
        _ => None,
    };
    let standing = Standing {
        id: tenant.id.as_str(),
        username: tenant.username.as_deref().filter(|name| !name.is_empty()),
        bot_id: tenant.token.bot_id(),
        state: tenant.state,
        settings: &tenant.settings,
        admins: rows.admins,
        platform: &platform.settings,
        catalog: platform.catalog,
        offered: platform.catalog.models().iter().filter(|model| tenant.offers(model)).count(),
        unchecked: tenant.shelf.unchecked(platform.catalog.models()),
        locks: platform.locks.reach(),
        sqlite: platform.db.kind() == DbKind::Sqlite,
        key: key(workers, tenant).await,
        webhook,
        expected_webhook: webhook_url(&platform.settings, tenant),
        payments: payments::payment_methods(tenant).len(),
        reader: workers.ocr.look().await,
        errors: &rows.errors,
        sessions: rows.sessions,
    };
    if question == Question::Config {
        return standing.config();
    }
    let (rows, files) = (storage(&platform.subject(tenant)).await, files(workers, tenant).await);
    if question == Question::Info { standing.info(rows, files) } else { standing.selftest(rows, files) }
}

/// What the database says; nothing of it when it is away, which the section of the storage then says.
#[derive(Default)]
struct Rows {
    admins: (usize, bool),
    errors: Vec<ErrorRow>,
    sessions: Option<i64>,
}

async fn rows(workers: &Workers, tenant: &Tenant) -> Result<Rows, StoreError> {
    let platform = &workers.platform;
    let mut tx = platform.db.tenant_read(&tenant.id).await?;
    let admins = tx.admins_list().await?;
    let mut started = false;
    for admin in &admins {
        started |= tx.user_get(admin.user_id).await?.is_some_and(|user| user.started_at.is_some());
    }
    let day_ago = platform.clock.now().minus(Duration::from_hours(24));
    let (errors, sessions) = (tx.errors_last(ERRORS).await?, tx.check_sessions(day_ago).await?);
    Ok(Rows { admins: (admins.len(), started), errors, sessions: Some(sessions) })
}

async fn webhook(workers: &Workers, tenant: &Tenant) -> Option<WebhookInfo> {
    let bot = tenant.bot(&workers.telegram);
    tokio::time::timeout(PATIENCE, bot.get_webhook_info()).await.ok().and_then(Result::ok)
}

async fn key(workers: &Workers, tenant: &Tenant) -> Key {
    let shared = workers.platform.settings.kie.api_key.as_ref();
    let Some(key) = tenant.provider_key.as_ref().or(shared) else { return Key::Missing };
    let credits = tokio::time::timeout(PATIENCE, workers.kie.credits(key)).await.ok().and_then(Result::ok);
    if tenant.provider_key.is_some() { Key::Own(credits) } else { Key::Shared(credits.is_some()) }
}

/// Writes a file of this tenant's, reads it, removes it.
async fn files(workers: &Workers, tenant: &Tenant) -> Section {
    const CONTENT: &[u8] = b"a check of the file store";
    let work = async {
        let media = &workers.media;
        let stored = media.put(tenant, MediaPurpose::Upload, "text/plain", CONTENT).await?;
        let read = media.get(tenant, &stored.id).await;
        media.delete(&tenant.id, &stored.id).await?;
        let finding = Finding::ok("diag-note-files", Args::new());
        Ok::<_, Unwritten>(finding.but_if(read? != CONTENT, Status::Fail, "diag-fix-files"))
    };
    check(&workers.platform.clock, "files", PATIENCE, work).await
}

/// A file could not be written or read.
struct Unwritten;

impl From<MediaError> for Unwritten {
    fn from(error: MediaError) -> Self {
        tracing::warn!(error = %error, "the file store failed its check");
        Self
    }
}

impl From<Unwritten> for Finding {
    fn from(_: Unwritten) -> Self {
        Self::ok("diag-note-files-failed", Args::new()).but(Status::Fail, "diag-fix-files")
    }
}
