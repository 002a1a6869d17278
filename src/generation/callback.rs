//! The provider's callback: a hint that a task has ended (bot.md 9.3). The token in its address says whose it is; its body is
//! never trusted, except that the task's id in it adopts a generation whose creation had no answer. Then the watch looks.

use reqwest::header::HeaderMap;

use super::GenerationError;
use super::deal::token_hash;
use super::jobs::Job;
use super::moves;
use super::queue;
use crate::clients::kie::{CallbackHint, parse_callback, verify_signature};
use crate::config::Settings;
use crate::domain::{GenerationState as State, Secret, UnixMs};
use crate::store::{GenerationRow, TenantTx};

/// What a callback meant. Answered with 200 but for the first two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Called {
    /// No generation has this token: answered as any unknown path.
    Unknown,
    /// The tenant's callbacks are signed and this one is not, or not by the key: 401.
    Unsigned,
    /// A generation without an answer has its task now; the watch looks at once.
    Adopted,
    /// The watch looks at once.
    Woken,
    /// Nothing to look at any more.
    Nothing,
}

/// How a callback is checked.
#[derive(Clone, Copy)]
pub struct Check<'a> {
    /// The tenant's `kie_webhook_hmac_key`, where it has set one.
    pub hmac: Option<&'a Secret>,
    /// For the age of a signature.
    pub settings: &'a Settings,
}

/// Handles a callback in one transaction, the caller's; the workers are woken after its commit.
pub async fn handle(
    tx: &mut TenantTx,
    check: Check<'_>,
    token: &str,
    headers: &HeaderMap,
    body: &[u8],
    now: UnixMs,
) -> Result<Called, GenerationError> {
    // Looked up by its hash: how long that takes says nothing of the token.
    let Some(row) = tx.generation_by_callback_hash(&token_hash(token)).await? else { return Ok(Called::Unknown) };
    let hint = match check.hmac {
        Some(key) => match verify_signature(key, headers, body, now, check.settings.kie.callback_tolerance) {
            Ok(hint) => Some(hint),
            Err(_) => return Ok(Called::Unsigned),
        },
        None => parse_callback(body),
    };
    let adopted = match hint {
        Some(hint) if row.provider_task_id.is_none() => adopt(tx, &row, &hint, now).await?,
        _ => false,
    };
    let at_work = matches!(row.state, State::Queued | State::Running);
    let late = matches!(row.state, State::Canceled | State::Failed | State::TimedOut)
        && (adopted || row.provider_task_id.is_some())
        && row.provider_credits.is_none();
    if !adopted && !at_work && !late {
        return Ok(Called::Nothing);
    }
    queue::put(tx, &Job::Watch { generation: row.id.clone() }, &row.corr, now).await?;
    Ok(if adopted { Called::Adopted } else { Called::Woken })
}

async fn adopt(
    tx: &mut TenantTx,
    row: &GenerationRow,
    hint: &CallbackHint,
    now: UnixMs,
) -> Result<bool, GenerationError> {
    let task = hint.task_id.as_str();
    // The task began when it was submitted, not when its end was told.
    let since = row.submitted_at.unwrap_or(now);
    Ok(moves::accepted_since(tx, &row.id, task, since, now).await?.is_some()
        || (row.submitted_at.is_some() && tx.generation_note_task(&row.id, task, since).await?))
}
