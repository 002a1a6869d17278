//! What a bot that is being set up still needs, as its page shows it; the blocking ones first.

use crate::domain::AdminRole;
use crate::store::{StoreError, TenantRow};
use crate::tenants::Tenant;
use crate::texts::Words;
use crate::web::state::WebState;

/// One line.
pub(super) struct Check {
    pub(super) text: String,
    /// What to do about it; empty where it is done.
    pub(super) fix: String,
    pub(super) class: &'static str,
    pub(super) blocking: bool,
}

/// Everything that is looked at, in the order of what to mend first.
pub(super) async fn all(
    state: &WebState,
    words: Words<'_>,
    tenant: &Tenant,
    row: &TenantRow,
) -> Result<Vec<Check>, StoreError> {
    let line = |name: &str, done: bool, blocking: bool| Check {
        text: words.get(&format!("onboarding-check-{name}")),
        fix: if done { String::new() } else { words.get(&format!("onboarding-fix-{name}")) },
        class: if done {
            "dot-ok"
        } else if blocking {
            "dot-fail"
        } else {
            "dot-warn"
        },
        blocking: blocking && !done,
    };
    let token = row.token_checked_at.is_some() && row.token_error.is_none();
    let updates = row.webhook_checked_at.is_some() && token && row.webhook_error.is_none();
    let mut reached = false;
    let mut tx = state.platform.db.tenant_read(&tenant.id).await?;
    for (admin, _) in tenant.admins.iter().filter(|(_, role)| *role == AdminRole::Owner) {
        reached |= tx.user_get(*admin).await?.is_some_and(|user| user.started_at.is_some());
    }
    drop(tx);
    let key = tenant.provider_key.is_some() || state.platform.settings.kie.api_key.is_some();
    Ok(vec![
        line("token", token, true),
        line("updates", updates, true),
        line("owner", tenant.owner().is_some(), true),
        line("start", reached, false),
        line("key", key, false),
        line("support", !tenant.settings.support_contact.trim().is_empty(), false),
    ])
}
