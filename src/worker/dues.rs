//! Tells a partner's own webhooks of everything that their bot needs, as soon as it is due (platform.md 6): the same list as in the
//! panel and the API. While something stays due it is told once a day.

use std::sync::Arc;

use super::Workers;
use crate::bot::requirements::due;
use crate::domain::{Corr, HookEvent, Language};
use crate::store::{NewHookEvent, StoreError};
use crate::tenants::Tenant;

/// One look at the bots whose partners want to be told. One that cannot be looked at keeps nobody else from it.
pub(super) async fn look(workers: &Workers) -> Result<(), StoreError> {
    let platform = &workers.platform;
    let wanting = platform.db.platform_read().await?.tenants_told_of(HookEvent::RequirementDue).await?;
    for id in wanting {
        let Some(tenant) = platform.tenants.get(&id) else { continue };
        if let Err(error) = tell(workers, &tenant).await {
            tracing::warn!(tenant = %id, error = %error, "what a bot needs was not told to its partner");
        }
    }
    Ok(())
}

async fn tell(workers: &Workers, tenant: &Arc<Tenant>) -> Result<(), StoreError> {
    let platform = &workers.platform;
    let now = platform.clock.now();
    let found = due(&platform.db, &platform.settings, platform.catalog, tenant, now).await?;
    if found.is_empty() {
        return Ok(());
    }
    let words = platform.texts.words(Language::En);
    let mut told = 0;
    let mut tx = platform.db.tenant(&tenant.id).await?;
    for requirement in &found {
        let (fact, corr) = (format!("{}:{}", requirement.code, tenant.today(now)), Corr::random());
        let data = requirement.as_json(words);
        let event = HookEvent::RequirementDue;
        told += tx.hook_event_put(&NewHookEvent { event, fact: &fact, data: &data, corr: &corr }, now).await?;
    }
    tx.commit().await?;
    if told > 0 {
        platform.signals.job();
    }
    Ok(())
}
