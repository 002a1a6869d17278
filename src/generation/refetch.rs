//! A delivered result of which nothing is kept here, brought from the provider once more (bot.md 10, «again from history»).
//! Nothing is created there and no money moves.

use super::GenerationError;
use super::ctx::{Asking, Ctx};
use super::fetch::{self, Results, Source};
use crate::clients::kie::{RecordState, StatusError, TaskId};
use crate::domain::GenerationId;
use crate::tenants::Tenant;

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refetched {
    /// The result is in the tenant's store again.
    Here,
    /// Trouble that may pass.
    Later,
    /// The provider has it no more.
    Gone,
}

/// Brings a result once more, and notes the new copies in its items.
pub async fn refetch(ctx: &Ctx<'_>, tenant: &Tenant, id: &GenerationId) -> Result<Refetched, GenerationError> {
    let Some(row) = ctx.row(tenant, id).await? else { return Ok(Refetched::Gone) };
    let task = row.provider_task_id.as_deref().and_then(TaskId::parse);
    let (Some(task), Some(key)) = (task, ctx.key(tenant)) else { return Ok(Refetched::Gone) };
    if ctx.allowed(tenant, Asking::Read).await.is_err() {
        return Ok(Refetched::Later);
    }
    let source = Source { tenant, key, api: ctx.api(&row.model_id), task: &task };
    let (urls, text) = match ctx.kie.record(key, source.api, &task).await.map(|record| record.state) {
        Ok(RecordState::Success { urls, text }) => (urls, text),
        Ok(_) | Err(StatusError::NotVisibleYet) => return Ok(Refetched::Gone),
        Err(_) => return Ok(Refetched::Later),
    };
    let fetched = match fetch::results(ctx, &source, &urls, text.as_ref()).await? {
        Results::Here(fetched) => fetched,
        Results::Later => return Ok(Refetched::Later),
        Results::Broken => return Ok(Refetched::Gone),
    };
    let now = ctx.now();
    let mut tx = ctx.db.tenant(&tenant.id).await?;
    fetch::record_again(&mut tx, id, &fetched, now.plus(ctx.settings.retention.results), now).await?;
    tx.commit().await?;
    Ok(Refetched::Here)
}
