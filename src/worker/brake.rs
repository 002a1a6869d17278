//! Tells a bot's admins when its generations were stopped, and when they go on: once for each, whichever process sees it first.

use std::collections::HashMap;
use std::sync::Arc;

use super::Workers;
use crate::domain::outgoing::{Keyboard, Outgoing, Track};
use crate::domain::{BotInstanceId, ChatId, Corr, MessageClass};
use crate::tenants::Tenant;
use crate::tenants::say::{Say, say};
use crate::tenants::tenant::{Stopped, TenantError};

/// What was last seen of each tenant.
pub(super) type Seen = HashMap<BotInstanceId, Option<Stopped>>;

/// Looks at every tenant; a tenant that is met for the first time is told about only if it is stopped.
pub(super) async fn look(workers: &Workers, seen: &mut Seen) {
    let tenants = workers.platform.tenants.all();
    for tenant in &tenants {
        let before = seen.get(&tenant.id).cloned().flatten();
        if before.is_some() == tenant.stopped.is_some() {
            continue;
        }
        // Told of a stop under the name of this stop, of its end under the name of the one that ended.
        let Some(stop) = tenant.stopped.clone().or(before) else { continue };
        if let Err(error) = tell(workers, tenant, &stop).await {
            tracing::warn!(tenant = %tenant.id, error = %error, "admins were not told of the stop; tried again");
            continue;
        }
        seen.insert(tenant.id.clone(), tenant.stopped.clone());
    }
    seen.retain(|id, _| tenants.iter().any(|tenant| tenant.id == *id));
}

async fn tell(workers: &Workers, tenant: &Arc<Tenant>, stop: &Stopped) -> Result<(), TenantError> {
    let platform = &workers.platform;
    let (now, corr, on) = (platform.clock.now(), Corr::random(), tenant.stopped.is_none());
    let mut told = Vec::new();
    let mut tx = platform.db.tenant(&tenant.id).await?;
    for (admin, _) in &tenant.admins {
        let Some(user) = tx.user_get(*admin).await? else { continue };
        let words = platform.texts.words(tenant.language_of(user.language, user.language_code.as_deref()));
        let html = match (on, stop.reason.is_empty()) {
            (true, _) => words.get("admin-generation-on"),
            (false, true) => words.get("admin-generation-off"),
            (false, false) => words.fmt("admin-generation-off-why", crate::args![reason = stop.reason.as_str()]),
        };
        let outgoing = Outgoing::Screen { html, keyboard: Keyboard::new(), edit: None, track: Track::Nothing };
        let what = if on { "on" } else { "off" };
        let (chat, key) = (ChatId::from(*admin), format!("generation_{what}:{}:{admin}", stop.name));
        let about = Say { chat, class: MessageClass::MustArrive, key, corr: &corr, now };
        if say(&mut tx, tenant, about, &outgoing).await? {
            told.push(chat);
        }
    }
    tx.commit().await?;
    tracing::warn!(tenant = %tenant.id, stopped = !on, "new generations");
    for chat in told {
        platform.signals.chat(&tenant.id, chat);
    }
    Ok(())
}
