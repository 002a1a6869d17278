//! Work that an update leaves to the workers: what a person sent is fetched outside the update's transaction.

pub mod payments;

use serde::{Deserialize, Serialize};

use super::session::Unfit;
use super::update::TelegramFile;
use crate::domain::{Corr, GenerationId, JobId, Lane, Language, MessageId, UnixMs, UpdateId, UserId};
use crate::store::{NewJob, StoreError, TenantTx};

/// A file that a person sent: enough to fetch it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentFile {
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

impl From<&TelegramFile> for SentFile {
    fn from(file: &TelegramFile) -> Self {
        Self {
            file_id: file.file_id.clone(),
            file_unique_id: file.file_unique_id.clone(),
            claimed_mime: file.mime_type.clone(),
            size: file.file_size,
            duration_s: file.duration,
        }
    }
}

/// Fetches what a person sent for a step of the wizard: a file, or the parts of an album. The worker brings all of it into the
/// tenant's store and tells [`files_arrived`](crate::bot::screens::wizard::files_arrived) exactly once what came of each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FetchUpload {
    /// Who sent it, in their private chat.
    pub user: UserId,
    /// The model of the draft that it is for.
    pub model: String,
    /// The parameter that it is for.
    pub param: String,
    /// What was sent, in its order; at least one.
    pub files: Vec<SentFile>,
    /// What was wrong with other parts of the same album: told together with what comes of these.
    pub wrong: Vec<Unfit>,
}

impl FetchUpload {
    /// The kind, as stored.
    pub const KIND: &'static str = "fetch_upload";
    /// Where it waits.
    pub const LANE: Lane = Lane::Media;
    /// Tries before it is given up: the first, and two more (bot.md 7.3).
    pub const MAX_ATTEMPTS: i64 = 3;
}

/// Looks at what has come in parts once no more is expected: an album, or a text that Telegram cut (decisions.md 19). Every
/// part puts one; the first that runs takes everything, the others find nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gather {
    /// Whose parts.
    pub user: UserId,
    /// Of what.
    pub what: Gathered,
}

/// What comes in parts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gathered {
    /// The album of this id.
    Album(String),
    /// A text whose last part came with this update.
    Text(UpdateId),
}

impl Gather {
    /// The kind, as stored.
    pub const KIND: &'static str = "gather";
    /// Where it waits.
    pub const LANE: Lane = Lane::Media;
    /// Tries before it is given up.
    pub const MAX_ATTEMPTS: i64 = 3;
}

/// Brings a delivered result of which nothing is kept from the provider once more, and shows it by
/// [`show_fetched`](crate::bot::screens::history::show_fetched).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reshow {
    /// Who asked.
    pub user: UserId,
    /// Of which generation.
    pub generation: GenerationId,
}

impl Reshow {
    /// The kind, as stored.
    pub const KIND: &'static str = "reshow";
    /// Where it waits.
    pub const LANE: Lane = Lane::Media;
    /// Tries before it is given up.
    pub const MAX_ATTEMPTS: i64 = 4;
}

/// What a job is about, for its key: the update, the job or the thing that asked for it.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// Once per such.
    pub by: &'a str,
    /// Whose story.
    pub corr: &'a Corr,
    /// Not before.
    pub run_at: UnixMs,
}

/// Puts the job that fetches: the same update twice fetches once.
pub async fn put(tx: &mut TenantTx, job: &FetchUpload, asked: Asked<'_>, now: UnixMs) -> Result<bool, StoreError> {
    let (kind, lane, tries) = (FetchUpload::KIND, FetchUpload::LANE, FetchUpload::MAX_ATTEMPTS);
    insert(tx, job, (kind, lane, tries), asked, now).await
}

/// Puts the job that looks at what came in parts.
pub async fn put_gather(tx: &mut TenantTx, job: &Gather, asked: Asked<'_>, now: UnixMs) -> Result<bool, StoreError> {
    insert(tx, job, (Gather::KIND, Gather::LANE, Gather::MAX_ATTEMPTS), asked, now).await
}

/// Puts the job that brings a result once more.
pub async fn put_reshow(tx: &mut TenantTx, job: &Reshow, asked: Asked<'_>, now: UnixMs) -> Result<bool, StoreError> {
    insert(tx, job, (Reshow::KIND, Reshow::LANE, Reshow::MAX_ATTEMPTS), asked, now).await
}

async fn insert(
    tx: &mut TenantTx,
    job: &impl Serialize,
    (kind, lane, max_attempts): (&'static str, Lane, i64),
    asked: Asked<'_>,
    now: UnixMs,
) -> Result<bool, StoreError> {
    // Texts and numbers always serialize.
    let payload = serde_json::to_string(job).unwrap_or_default();
    let new = NewJob {
        id: JobId::random(),
        lane,
        kind,
        dedupe_key: &format!("{kind}:{}", asked.by),
        run_at: asked.run_at,
        max_attempts,
        payload: &payload,
        corr: asked.corr,
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
    let asked = Asked { by: &update.to_string(), corr, run_at: now };
    insert(tx, job, (PanelLink::KIND, PanelLink::LANE, PanelLink::MAX_ATTEMPTS), asked, now).await
}

/// Ends every session that a person has in this bot's panel, and tells them by
/// [`show_signed_out`](crate::bot::screens::help::show_signed_out).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignOut {
    /// Whose.
    pub user: UserId,
}

impl SignOut {
    /// The kind, as stored.
    pub const KIND: &'static str = "sign_out";
}

/// Puts the job of one update.
pub async fn put_sign_out(
    tx: &mut TenantTx,
    job: &SignOut,
    update: UpdateId,
    corr: &Corr,
    now: UnixMs,
) -> Result<bool, StoreError> {
    let asked = Asked { by: &update.to_string(), corr, run_at: now };
    insert(tx, job, (SignOut::KIND, PanelLink::LANE, PanelLink::MAX_ATTEMPTS), asked, now).await
}

/// Makes a link into onboarding for a person and shows it by
/// [`show_copy_link`](crate::bot::screens::help::show_copy_link).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OnboardingLink {
    /// For whom.
    pub user: UserId,
    /// What they read.
    pub language: Language,
}

impl OnboardingLink {
    /// The kind, as stored.
    pub const KIND: &'static str = "onboarding_link";
    /// Where it waits.
    pub const LANE: Lane = Lane::Deliver;
    /// Tries before it is given up.
    pub const MAX_ATTEMPTS: i64 = 3;
}

/// Puts the job of one update.
pub async fn put_onboarding_link(
    tx: &mut TenantTx,
    job: &OnboardingLink,
    update: UpdateId,
    corr: &Corr,
    now: UnixMs,
) -> Result<bool, StoreError> {
    let asked = Asked { by: &update.to_string(), corr, run_at: now };
    insert(tx, job, (OnboardingLink::KIND, OnboardingLink::LANE, OnboardingLink::MAX_ATTEMPTS), asked, now).await
}

/// Erases a person who asked for it (platform.md 7). Its correlation id names the request, so that the job's row, which
/// outlives the person, says nothing about them.
#[derive(Debug, Clone, Serialize)]
pub struct Erasure {}

impl Erasure {
    /// The kind, as stored.
    pub const KIND: &'static str = "erase_person";
    /// Where it waits.
    pub const LANE: Lane = Lane::Media;
    /// Tries before it is given up: waiting for work to end costs none.
    pub const MAX_ATTEMPTS: i64 = 20;
}

/// Puts the job of a recorded request.
pub async fn put_erasure(tx: &mut TenantTx, corr: &Corr, now: UnixMs) -> Result<bool, StoreError> {
    let asked = Asked { by: corr.as_str(), corr, run_at: now };
    insert(tx, &Erasure {}, (Erasure::KIND, Erasure::LANE, Erasure::MAX_ATTEMPTS), asked, now).await
}

/// Shows the gift wheel turning and what it gave, by [`show_frame`](crate::bot::screens::gift::show_frame).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GiftSpin {
    /// Whose wheel, in their private chat.
    pub user: UserId,
    /// The message that shows it.
    pub message: Option<MessageId>,
}

impl GiftSpin {
    /// The kind, as stored.
    pub const KIND: &'static str = "gift_spin";
    /// Where it waits.
    pub const LANE: Lane = Lane::Deliver;
    /// Tries before it is given up.
    pub const MAX_ATTEMPTS: i64 = 8;
}

/// Puts the job of a person's wheel, which turns once.
pub async fn put_gift_spin(tx: &mut TenantTx, job: &GiftSpin, corr: &Corr, now: UnixMs) -> Result<bool, StoreError> {
    let asked = Asked { by: &job.user.to_string(), corr, run_at: now };
    insert(tx, job, (GiftSpin::KIND, GiftSpin::LANE, GiftSpin::MAX_ATTEMPTS), asked, now).await
}

/// Brings Telegram's command menus to what they should be: a role was given, or an admin has pressed /start.
pub struct CommandMenus;

impl CommandMenus {
    /// The kind, as stored.
    pub const KIND: &'static str = "command_menus";
}

/// Reads the provider's balance for the admin's panel.
pub struct ProviderCredits;

impl ProviderCredits {
    /// The kind, as stored.
    pub const KIND: &'static str = "provider_credits";
}

/// Looks at once whether Telegram takes the token and where it delivers, and makes the bot's boot report anew.
pub struct LookNow;

impl LookNow {
    /// The kind, as stored.
    pub const KIND: &'static str = "look_now";
}

/// Makes a report for an admin and shows it by [`show_report`](crate::bot::screens::admin::show_report).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnose {
    /// For whom; whether they still administer the bot is seen when it is shown.
    pub user: UserId,
    /// What was asked.
    pub question: Question,
}

/// What an admin wants to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Question {
    /// How the bot stands.
    Info,
    /// Whether its money and rows can be trusted.
    Preflight,
    /// S-45.
    SelfTest,
    /// S-46.
    Config,
}

impl Diagnose {
    /// The kind, as stored.
    pub const KIND: &'static str = "diagnose";
}

/// Puts [`Diagnose`] for one update.
pub async fn put_diagnose(
    tx: &mut TenantTx,
    job: &Diagnose,
    update: UpdateId,
    corr: &Corr,
    now: UnixMs,
) -> Result<bool, StoreError> {
    let payload = serde_json::to_string(job).unwrap_or_default();
    put_plain(tx, Diagnose::KIND, &payload, &format!("diagnose:{update}"), corr, now).await
}

/// Puts [`CommandMenus`]; one at a time is enough.
pub async fn put_command_menus(tx: &mut TenantTx, corr: &Corr, now: UnixMs) -> Result<bool, StoreError> {
    put_plain(tx, CommandMenus::KIND, "{}", CommandMenus::KIND, corr, now).await
}

/// Puts [`ProviderCredits`]; one at a time is enough.
pub async fn put_provider_credits(tx: &mut TenantTx, corr: &Corr, now: UnixMs) -> Result<bool, StoreError> {
    put_plain(tx, ProviderCredits::KIND, "{}", ProviderCredits::KIND, corr, now).await
}

/// Puts [`LookNow`]. `false`: one waits or is at work.
pub async fn put_look_now(tx: &mut TenantTx, corr: &Corr, now: UnixMs) -> Result<bool, StoreError> {
    put_plain(tx, LookNow::KIND, "{}", LookNow::KIND, corr, now).await
}

async fn put_plain(
    tx: &mut TenantTx,
    kind: &str,
    payload: &str,
    dedupe_key: &str,
    corr: &Corr,
    now: UnixMs,
) -> Result<bool, StoreError> {
    let (id, lane) = (JobId::random(), Lane::Deliver);
    let new = NewJob { id, lane, kind, dedupe_key, run_at: now, max_attempts: 3, payload, corr };
    tx.job_put(&new, now).await
}
