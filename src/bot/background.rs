//! A turn without an update: work that was waited for has ended, and its screen is shown in the person's chat. The same
//! session, transaction and outbox as in `receive.rs`; only the inbox is missing, so the caller brings a key that makes
//! repeating harmless.

use super::error::TurnError;
use super::platform::Platform;
use super::receive::{load_session, record, record_told, save_session};
use super::turn::{Incoming, Turn};
use crate::domain::{ChatId, Corr, UpdateId, UserId};
use crate::store::{StoreError, TenantTx, UserRow};
use crate::tenants::Tenant;

/// For whom, and which fact is told.
pub struct Background<'a> {
    /// Whose private chat.
    pub user: UserId,
    /// Whose story.
    pub corr: &'a Corr,
    /// Names the fact: the same one twice is said once.
    pub key: String,
}

/// Opens a turn for a person, lets `work` decide and show, and commits. `None` when the person is unknown here.
pub async fn in_background<T>(
    platform: &Platform,
    tenant: &Tenant,
    for_whom: Background<'_>,
    work: impl AsyncFnOnce(&mut Turn<'_>) -> Result<T, TurnError>,
) -> Result<Option<T>, TurnError> {
    let now = platform.clock.now();
    let chat = ChatId::from(for_whom.user);
    let mut tx = platform.db.tenant_chat(&tenant.id, chat).await?;
    let Some(user) = find(&mut tx, for_whom.user).await? else { return Ok(None) };
    let (session, version) = load_session(&mut tx, tenant, for_whom.user, now, &platform.settings.session).await?;
    let before = session.clone();
    let incoming = Incoming { update: UpdateId(0), chat, message: None, pressed: false };
    let mut turn = Turn::new(platform, tenant, &mut tx, user, session, for_whom.corr.clone(), incoming);
    let done = work(&mut turn).await?;
    turn.flush_notices();
    let said = turn.finish();
    if said.session != before {
        save_session(&mut tx, tenant, for_whom.user, version, &said.session, now).await?;
    }
    let says = record(&mut tx, tenant, chat, said.replies, &for_whom.key, for_whom.corr, now).await?;
    let told = record_told(&mut tx, tenant, said.told, &for_whom.key, for_whom.corr, now).await?;
    tx.commit().await?;
    for chat in told {
        platform.signals.chat(&tenant.id, chat);
    }
    if says {
        platform.signals.chat(&tenant.id, chat);
    }
    if said.jobs {
        platform.signals.job();
    }
    Ok(Some(done))
}

async fn find(tx: &mut TenantTx, user: UserId) -> Result<Option<UserRow>, StoreError> {
    tx.user_get(user).await
}
