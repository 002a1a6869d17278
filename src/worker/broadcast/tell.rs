//! What the admin who began a broadcast reads: its progress in one message, and its end.

use crate::bot::screens::Screen as _;
use crate::bot::screens::broadcasts::{Standing, done_text};
use crate::domain::outgoing::{Keyboard, Outgoing, Track};
use crate::domain::{BroadcastId, ChatId, MessageClass, UnixMs, UserId};
use crate::generation::GenerationError;
use crate::store::{BroadcastRow, StoreError, TenantTx};
use crate::tenants::Tenant;
use crate::tenants::say::{Say, say};
use crate::texts::Words;
use crate::worker::Workers;

async fn words_of<'a>(
    workers: &'a Workers,
    tenant: &Tenant,
    tx: &mut TenantTx,
    admin: UserId,
) -> Result<Words<'a>, StoreError> {
    let user = tx.user_get(admin).await?;
    let (chosen, telegram) = user.map_or((None, None), |u| (u.language, u.language_code));
    Ok(workers.platform.texts.words(tenant.language_of(chosen, telegram.as_deref())))
}

/// Records the edit of the progress message. Gives its chat; `None`: there is no such message.
pub(super) async fn progress(
    workers: &Workers,
    tenant: &Tenant,
    tx: &mut TenantTx,
    id: &BroadcastId,
    now: UnixMs,
) -> Result<Option<ChatId>, GenerationError> {
    let Some(row) = tx.broadcast_get(id).await? else { return Ok(None) };
    let (Some(chat), Some(message)) = (row.progress_chat, row.progress_message) else { return Ok(None) };
    tx.broadcast_progress_shown(id, now).await?;
    let words = words_of(workers, tenant, tx, row.admin_id).await?;
    let corr = row.corr.clone();
    let unfinished = row.state.is_unfinished();
    let screen = Standing { row, zone: tenant.zone().clone(), now };
    let outgoing = Outgoing::Screen {
        html: screen.text(words),
        keyboard: screen.keyboard(words),
        edit: Some(message),
        track: if unfinished { Track::Broadcast(id.clone()) } else { Track::Nothing },
    };
    let key = format!("bc:{}:progress:{}", id.short(), now.0);
    let about = Say { chat, class: MessageClass::Idempotent, key, corr: &corr, now };
    Ok(say(tx, tenant, about, &outgoing).await?.then_some(chat))
}

/// Records the last edit and «✅ Рассылка № {id} завершена: …». Gives the chats to wake.
pub(super) async fn over(
    workers: &Workers,
    tenant: &Tenant,
    tx: &mut TenantTx,
    row: &BroadcastRow,
    now: UnixMs,
) -> Result<Vec<ChatId>, GenerationError> {
    let mut chats: Vec<ChatId> = progress(workers, tenant, tx, &row.id, now).await?.into_iter().collect();
    let Some(row) = tx.broadcast_get(&row.id).await? else { return Ok(chats) };
    let words = words_of(workers, tenant, tx, row.admin_id).await?;
    let chat = ChatId::from(row.admin_id);
    let outgoing =
        Outgoing::Screen { html: done_text(words, &row), keyboard: Keyboard::new(), edit: None, track: Track::Nothing };
    let key = format!("bc:{}:done", row.id.short());
    let about = Say { chat, class: MessageClass::MustArrive, key, corr: &row.corr, now };
    if say(tx, tenant, about, &outgoing).await? {
        chats.push(chat);
    }
    Ok(chats)
}
