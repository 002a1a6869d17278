//! Work that an update leaves to the workers: what a person sent is fetched outside the update's transaction.

use serde::{Deserialize, Serialize};

use crate::domain::{Corr, JobId, Lane, UnixMs, UpdateId, UserId};
use crate::store::{NewJob, StoreError, TenantTx};

/// Fetches a file that a person sent for a step of the wizard. The worker brings it into the tenant's store and tells
/// [`file_arrived`](crate::bot::screens::wizard::file_arrived) exactly once what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FetchUpload {
    /// Who sent it, in their private chat.
    pub user: UserId,
    /// The model of the draft that it is for.
    pub model: String,
    /// The parameter that it is for.
    pub param: String,
    /// What `getFile` takes.
    pub file_id: String,
    /// The same for every copy of the file.
    pub file_unique_id: String,
    /// The MIME type that the sender's app named; the first bytes decide.
    pub claimed_mime: Option<String>,
    /// Bytes, when Telegram said so.
    pub size: Option<i64>,
    /// Whole seconds, when Telegram said so.
    pub duration_s: Option<i64>,
}

impl FetchUpload {
    /// The kind, as stored.
    pub const KIND: &'static str = "fetch_upload";
    /// Where it waits.
    pub const LANE: Lane = Lane::Media;
    /// Tries before it is given up: the first, and two more (bot.md 7.3).
    pub const MAX_ATTEMPTS: i64 = 3;
}

/// Puts the job of one update: the same update twice fetches once.
pub async fn put(
    tx: &mut TenantTx,
    job: &FetchUpload,
    update: UpdateId,
    corr: &Corr,
    now: UnixMs,
) -> Result<bool, StoreError> {
    // Texts and numbers always serialize.
    let payload = serde_json::to_string(job).unwrap_or_default();
    let new = NewJob {
        id: JobId::random(),
        lane: FetchUpload::LANE,
        kind: FetchUpload::KIND,
        dedupe_key: &format!("fetch_upload:{update}"),
        run_at: now,
        max_attempts: FetchUpload::MAX_ATTEMPTS,
        payload: &payload,
        corr,
    };
    tx.job_put(&new, now).await
}

/// Makes a one-time link into the panel for an administrator and shows it by
/// [`show_panel_link`](crate::bot::screens::help::show_panel_link).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PanelLink {
    /// For whom; whether they still administer the bot is checked again when it is made.
    pub user: UserId,
}

impl PanelLink {
    /// The kind, as stored.
    pub const KIND: &'static str = "panel_link";
    /// Where it waits.
    pub const LANE: Lane = Lane::Deliver;
    /// Tries before it is given up.
    pub const MAX_ATTEMPTS: i64 = 3;
}

/// Puts the job of one update.
pub async fn put_panel_link(
    tx: &mut TenantTx,
    job: &PanelLink,
    update: UpdateId,
    corr: &Corr,
    now: UnixMs,
) -> Result<bool, StoreError> {
    let payload = serde_json::to_string(job).unwrap_or_default();
    let new = NewJob {
        id: JobId::random(),
        lane: PanelLink::LANE,
        kind: PanelLink::KIND,
        dedupe_key: &format!("panel_link:{update}"),
        run_at: now,
        max_attempts: PanelLink::MAX_ATTEMPTS,
        payload: &payload,
        corr,
    };
    tx.job_put(&new, now).await
}
