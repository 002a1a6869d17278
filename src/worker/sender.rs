//! Says what was recorded: chat by chat, in order, within Telegram's limits. A chat that must wait delays nobody else; what
//! became of a message is recorded before the next one begins (reliability.md 3.6, decisions.md 2 and 6).

use std::sync::Arc;
use std::time::Duration;

use dashmap::DashMap;
use tokio::sync::{Mutex, mpsc};

use super::transmit::{self, Sent};
use super::{Workers, jobs};
use crate::clients::telegram::{Lane, TelegramError, Verdict};
use crate::domain::outgoing::{Outgoing, Track};
use crate::domain::{BotInstanceId, ChatId, MessageClass, OutboxState, UnixMs};
use crate::generation::GenerationError;
use crate::store::{OutboxRow, SentTo, StoreError, TenantTx};
use crate::tenants::{Tenant, say};

/// Chats served at once by one process.
const CHATS_AT_ONCE: usize = 512;
/// A chat's claim: renewed with each message, so a dead process delays its chats no longer than this.
const LEASE: Duration = Duration::from_secs(30);
/// A pause longer than this gives the chat back to the outbox instead of being slept through.
const SHORT_PAUSE: Duration = Duration::from_secs(3);
/// How often an edit whose answer was lost is repeated: repeating an edit is harmless.
const EDIT_TRIES: u32 = 3;

type Key = (BotInstanceId, ChatId);

/// Chats that are being served in this process; `true` when more came meanwhile.
#[derive(Default)]
pub struct Serving(DashMap<Key, bool>);

/// Serves signalled chats until the soft stop.
pub async fn run(workers: Arc<Workers>, serving: Arc<Serving>, chats: Arc<Mutex<mpsc::Receiver<Key>>>) {
    let stop = workers.tasks.soft();
    let mut chats = chats.lock().await;
    loop {
        let key = tokio::select! {
            key = chats.recv() => key,
            () = stop.cancelled() => chats.try_recv().ok(),
        };
        let Some(key) = key else { return };
        wake(&workers, &serving, &key);
    }
}

/// Serves a chat, unless it is being served: then it is looked at once more.
pub fn wake(workers: &Arc<Workers>, serving: &Arc<Serving>, key: &Key) {
    let mut begin = false;
    serving.0.entry(key.clone()).and_modify(|again| *again = true).or_insert_with(|| {
        begin = true;
        false
    });
    if !begin {
        return;
    }
    let (each, all, chat) = (workers.clone(), serving.clone(), key.clone());
    let started = workers.tasks.spawn_bounded("chat_sender", CHATS_AT_ONCE, async move {
        let _leave = Leave(all.clone(), chat.clone());
        loop {
            serve(&each, &chat).await;
            let done = all.0.remove_if(&chat, |_, again| !*again).is_some();
            if done {
                return;
            }
            if let Some(mut again) = all.0.get_mut(&chat) {
                *again = false;
            }
        }
    });
    if started.is_err() {
        // The sweep brings the chat back when there is room.
        serving.0.remove(key);
    }
}

/// Forgets the chat even when its sender panicked, or it would never be served again.
struct Leave(Arc<Serving>, Key);

impl Drop for Leave {
    fn drop(&mut self) {
        self.0.0.remove(&self.1);
    }
}

/// Sends what is due in one chat.
async fn serve(workers: &Workers, (id, chat): &Key) {
    let Some(tenant) = workers.platform.tenants.get(id) else { return };
    let lease = i64::try_from(LEASE.as_millis()).unwrap_or(30_000);
    loop {
        let rows = match claim(workers, &tenant, *chat, lease).await {
            Ok(rows) => rows,
            Err(error) => {
                tracing::warn!(tenant = %id, error = %error, "the outbox could not be read");
                return;
            }
        };
        if rows.is_empty() {
            return;
        }
        for row in rows {
            match one(workers, &tenant, *chat, &row, lease).await {
                Ok(Next::Go) => {}
                Ok(Next::Stop) => return,
                Err(error) => {
                    tracing::warn!(tenant = %id, corr = %row.corr, error = %error, "what became of a message was not recorded");
                    return;
                }
            }
        }
    }
}

enum Next {
    Go,
    Stop,
}

async fn claim(workers: &Workers, tenant: &Tenant, chat: ChatId, lease: i64) -> Result<Vec<OutboxRow>, StoreError> {
    let mut tx = workers.platform.db.tenant(&tenant.id).await?;
    let rows = tx.outbox_claim_chat(chat, workers.platform.clock.now(), lease).await?;
    tx.commit().await?;
    Ok(rows)
}

async fn one(
    workers: &Workers,
    tenant: &Tenant,
    chat: ChatId,
    row: &OutboxRow,
    lease: i64,
) -> Result<Next, GenerationError> {
    let now = workers.platform.clock.now();
    let outgoing = match say::read(tenant, &row.sealed) {
        Ok(outgoing) => outgoing,
        Err(error) => return finish(workers, tenant, row, OutboxState::Dead, &error.to_string()).await,
    };
    let stale = now.since(row.created_at) > workers.platform.settings.outbox.stale_after;
    if stale && row.class == MessageClass::MayVanish && !matters_late(&outgoing) {
        return finish(workers, tenant, row, OutboxState::Dropped, "too old to be of use").await;
    }
    while let Verdict::NotBefore(at) = workers.budget.ask(&tenant.id, chat, Lane::Interactive) {
        let pause = at.since(workers.platform.clock.now());
        if pause > SHORT_PAUSE {
            return retry(workers, tenant, row, at, "waits for its turn").await;
        }
        tokio::time::sleep(pause.max(Duration::from_millis(5))).await;
    }
    let mut tx = workers.platform.db.tenant(&tenant.id).await?;
    if !tx.outbox_renew(chat, row, lease).await? {
        return Ok(Next::Stop);
    }
    tx.commit().await?;
    let mut sent = transmit::send(workers, tenant, chat, &outgoing).await;
    for _ in 1..EDIT_TRIES {
        let edit = matches!(&outgoing, Outgoing::Screen { edit: Some(_), .. } | Outgoing::Delete { .. });
        if !(edit && matches!(sent, Err(TelegramError::InDoubt(_)))) {
            break;
        }
        sent = transmit::send(workers, tenant, chat, &outgoing).await;
    }
    settle(workers, tenant, chat, row, &outgoing, sent).await
}

/// Progress and offers are of use however late; a menu from before an outage is not.
fn matters_late(outgoing: &Outgoing) -> bool {
    !matches!(outgoing, Outgoing::Screen { track: Track::Nothing, edit: Some(_), .. })
}

/// Records what became of a message.
async fn settle(
    workers: &Workers,
    tenant: &Tenant,
    chat: ChatId,
    row: &OutboxRow,
    outgoing: &Outgoing,
    sent: Result<Sent, TelegramError>,
) -> Result<Next, GenerationError> {
    let now = workers.platform.clock.now();
    let error = match sent {
        Ok(sent) => return arrived(workers, tenant, row, outgoing, &sent, now).await,
        Err(error) => error,
    };
    tracing::info!(tenant = %tenant.id, corr = %row.corr, error = %error, attempt = row.attempt, "a message did not go out");
    match error {
        TelegramError::RetryAfter(wait) => {
            workers.budget.refused(&tenant.id, chat, wait);
            retry(workers, tenant, row, now.plus(wait), &error.to_string()).await
        }
        TelegramError::Blocked(_) => {
            let mut tx = workers.platform.db.tenant(&tenant.id).await?;
            tx.user_unreachable(crate::domain::UserId(chat.0), now).await?;
            tx.outbox_finish(&row.id, row.attempt, OutboxState::Dropped, "the person cannot be reached").await?;
            tx.commit().await?;
            give_up(workers, tenant, outgoing).await;
            Ok(Next::Go)
        }
        TelegramError::NotSent(_) | TelegramError::Unauthorized | TelegramError::Conflict(_) => {
            if spent(workers, row) {
                give_up(workers, tenant, outgoing).await;
                return finish(workers, tenant, row, OutboxState::Dead, &error.to_string()).await;
            }
            let at = now.plus(pause(workers, row));
            retry(workers, tenant, row, at, &error.to_string()).await
        }
        TelegramError::InDoubt(_) | TelegramError::BadAnswer => {
            let mut tx = workers.platform.db.tenant(&tenant.id).await?;
            let at = now.plus(pause(workers, row));
            let state = tx.outbox_doubt(&row.id, row.attempt, at, &error.to_string()).await?;
            tx.commit().await?;
            if state == Some(OutboxState::InDoubt) {
                give_up(workers, tenant, outgoing).await;
            }
            Ok(if state == Some(OutboxState::Queued) { Next::Stop } else { Next::Go })
        }
        TelegramError::Rejected { .. }
        | TelegramError::FileTooBig
        | TelegramError::Migrated(_)
        | TelegramError::NotModified
        | TelegramError::MessageGone
        | TelegramError::QueryTooOld => {
            give_up(workers, tenant, outgoing).await;
            finish(workers, tenant, row, OutboxState::Dead, &error.to_string()).await
        }
    }
}

/// Telegram has it: the row, whoever waits for the message's id, and the money of a result, in one transaction.
async fn arrived(
    workers: &Workers,
    tenant: &Tenant,
    row: &OutboxRow,
    outgoing: &Outgoing,
    sent: &Sent,
    now: UnixMs,
) -> Result<Next, GenerationError> {
    let mut tx = workers.platform.db.tenant(&tenant.id).await?;
    let first = sent.items.first().map(|i| i.message).or(sent.message);
    let to = match outgoing {
        Outgoing::Screen { track: Track::Progress(generation), .. } => SentTo::Progress(generation),
        // Items are noted where their money is settled, a few lines below.
        Outgoing::Screen { .. } | Outgoing::Delete { .. } | Outgoing::Files { .. } | Outgoing::ResultText { .. } => {
            SentTo::Nothing
        }
    };
    tx.outbox_sent(&row.id, first, to, now).await?;
    if let Outgoing::Files { generation, .. } | Outgoing::ResultText { generation, .. } = outgoing {
        jobs::generation::confirmed(workers, tenant, &mut tx, generation, &sent.items, now).await?;
    }
    tx.commit().await?;
    Ok(Next::Go)
}

/// A result that will not arrive: its generation learns it (bot.md 9.2, undelivered).
async fn give_up(workers: &Workers, tenant: &Tenant, outgoing: &Outgoing) {
    let (Outgoing::Files { generation, .. } | Outgoing::ResultText { generation, .. }) = outgoing else { return };
    if let Err(error) = jobs::generation::undeliverable(workers, tenant, generation).await {
        tracing::error!(tenant = %tenant.id, generation = %generation, error = %error, "an undelivered result was not recorded");
    }
}

fn spent(workers: &Workers, row: &OutboxRow) -> bool {
    let settings = &workers.platform.settings;
    let most = match row.class {
        MessageClass::MustArrive => i64::try_from(settings.delivery.attempts.len()).unwrap_or(5),
        MessageClass::Idempotent | MessageClass::MayVanish => i64::from(settings.telegram.send_retries) + 1,
    };
    row.attempt >= most
}

fn pause(workers: &Workers, row: &OutboxRow) -> Duration {
    let settings = &workers.platform.settings;
    match row.class {
        MessageClass::MustArrive => {
            let at = |n: usize| settings.delivery.attempts.get(n).copied();
            let n = usize::try_from(row.attempt).unwrap_or(0);
            let before = at(n.saturating_sub(1)).unwrap_or_default();
            at(n).map_or(settings.telegram.send_backoff, |next| next.saturating_sub(before))
        }
        MessageClass::Idempotent | MessageClass::MayVanish => {
            super::context::backoff(row.attempt, settings.telegram.send_backoff, SHORT_PAUSE)
        }
    }
}

async fn retry(
    workers: &Workers,
    tenant: &Tenant,
    row: &OutboxRow,
    at: UnixMs,
    why: &str,
) -> Result<Next, GenerationError> {
    let mut tx: TenantTx = workers.platform.db.tenant(&tenant.id).await?;
    tx.outbox_retry(&row.id, row.attempt, at, why).await?;
    tx.commit().await?;
    Ok(Next::Stop)
}

async fn finish(
    workers: &Workers,
    tenant: &Tenant,
    row: &OutboxRow,
    state: OutboxState,
    why: &str,
) -> Result<Next, GenerationError> {
    let mut tx = workers.platform.db.tenant(&tenant.id).await?;
    tx.outbox_finish(&row.id, row.attempt, state, why).await?;
    tx.commit().await?;
    Ok(Next::Go)
}
