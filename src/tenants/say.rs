//! Puts something to say into a tenant's outbox, sealed with its key, in the transaction that makes it true.

use super::Tenant;
use super::tenant::TenantError;
use crate::domain::outbox::MessageClass;
use crate::domain::outgoing::{Outgoing, Track};
use crate::domain::{ChatId, Corr, GenerationId, UnixMs};
use crate::store::{NewMessage, TenantTx};
use crate::vault::Column;

/// Something to say and where its record belongs.
pub struct Say<'a> {
    /// In which chat.
    pub chat: ChatId,
    /// How much it matters.
    pub class: MessageClass,
    /// The fact it tells: the same key twice is said once.
    pub key: String,
    /// Whose story it belongs to.
    pub corr: &'a Corr,
    /// When.
    pub now: UnixMs,
}

/// Records it. `false` when the same fact was recorded before. Wake the chat after the commit
/// ([`Signals::chat`](crate::signals::Signals::chat)).
pub async fn say(tx: &mut TenantTx, tenant: &Tenant, say: Say<'_>, outgoing: &Outgoing) -> Result<bool, TenantError> {
    let plain = serde_json::to_vec(outgoing).map_err(|_| TenantError::Data("message"))?;
    let sealed = tenant.seal(Column::Outbox, &plain)?;
    let (generation, quote) = records(outgoing);
    let row = NewMessage {
        id: crate::domain::OutboxId::next(say.now),
        chat_id: say.chat,
        class: say.class,
        sealed: &sealed,
        dedupe_key: &say.key,
        run_at: say.now,
        generation_id: generation,
        quote_id: quote,
        corr: say.corr,
    };
    Ok(tx.outbox_put(&row, say.now).await?)
}

/// Reads what was recorded.
pub fn read(tenant: &Tenant, sealed: &[u8]) -> Result<Outgoing, TenantError> {
    serde_json::from_slice(&tenant.open(Column::Outbox, sealed)?).map_err(|_| TenantError::Data("message"))
}

fn records(outgoing: &Outgoing) -> (Option<&GenerationId>, Option<&crate::domain::QuoteId>) {
    match outgoing {
        Outgoing::Screen { track: Track::Quote(id), .. } => (None, Some(id)),
        Outgoing::Screen { track: Track::Progress(id), .. } => (Some(id), None),
        Outgoing::Files { generation, .. } | Outgoing::ResultText { generation, .. } => (Some(generation), None),
        Outgoing::Screen { .. }
        | Outgoing::Copy { .. }
        | Outgoing::Delete { .. }
        | Outgoing::Invoice { .. }
        | Outgoing::Picture { .. }
        | Outgoing::Caption { .. } => (None, None),
    }
}
