//! Says what was recorded: chat by chat, in order, within Telegram's limits. A chat that must wait delays nobody else; what
//! became of a message is recorded before the next one begins (reliability.md 3.6, decisions.md 2 and 6).

use std::sync::Arc;
use std::time::{Duration, Instant};

use dashmap::DashMap;
use tokio::sync::{Mutex, mpsc};

use super::transmit::{self, Sent};
use super::{Workers, jobs, watch};
use crate::clients::telegram::{Lane, TelegramError, Verdict};
use crate::domain::outgoing::{Outgoing, Track};
use crate::domain::{BotInstanceId, ChatId, MessageClass, OutboxState, UnixMs};
use crate::generation::GenerationError;
use crate::lifecycle::crash::crash_point;
use crate::store::{OutboxRow, SentTo, StoreError, TenantTx};
use crate::tenants::{Tenant, say};

/// Chats served at once by one process.
const CHATS_AT_ONCE: usize = 512;
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
    let lease = i64::try_from(workers.platform.settings.outbox.lease.as_millis()).unwrap_or(30_000);
    let mut claimed = None;
    loop {
        let claim = match claimed.take() {
            Some(claim) => claim,
            None => match Claim::take(workers, &tenant, *chat, lease).await {
                Ok(claim) => claim,
                Err(error) => {
                    tracing::warn!(tenant = %id, error = %error, "the outbox could not be read");
                    return;
                }
            },
        };
        if claim.rows.is_empty() {
            return;
        }
        for (n, row) in claim.rows.iter().enumerate() {
            let held = Held { row, since: claim.at, is_last: n + 1 == claim.rows.len(), lease };
            match one(workers, &tenant, *chat, &held).await {
                Ok(Next::Go) => {}
                Ok(Next::Claimed(next)) => claimed = Some(next),
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
    /// On with the next.
    Go,
    /// It was the last, and this is what the chat waits for now.
    Claimed(Claim),
    /// The chat waits, or somebody else serves it.
    Stop,
}

/// What was due in a chat, and when this process took it.
struct Claim {
    rows: Vec<OutboxRow>,
    at: Instant,
}

impl Claim {
    async fn take(workers: &Workers, tenant: &Tenant, chat: ChatId, lease: i64) -> Result<Self, StoreError> {
        let mut tx = workers.platform.db.tenant(&tenant.id).await?;
        let claim = Self::within(&mut tx, workers, chat, lease).await?;
        tx.commit().await?;
        Ok(claim)
    }

    /// In a transaction that has more to say: each is a sync of the disk.
    async fn within(tx: &mut TenantTx, workers: &Workers, chat: ChatId, lease: i64) -> Result<Self, StoreError> {
        let at = Instant::now();
        let rows = tx.outbox_claim_chat(chat, workers.platform.clock.now(), lease).await?;
        Ok(Self { rows, at })
    }
}

/// A claimed message.
struct Held<'a> {
    row: &'a OutboxRow,
    since: Instant,
    is_last: bool,
    /// Milliseconds of the database's clock.
    lease: i64,
}

impl Held<'_> {
    /// Whether the claim is so young that renewing it gains nothing.
    fn is_fresh(&self) -> bool {
        self.since.elapsed().as_millis() * 10 < u128::from(self.lease.unsigned_abs())
    }
}

async fn one(workers: &Workers, tenant: &Tenant, chat: ChatId, held: &Held<'_>) -> Result<Next, GenerationError> {
    let row = held.row;
    let now = workers.platform.clock.now();
    let outgoing = match say::read(tenant, &row.sealed) {
        Ok(outgoing) => outgoing,
        Err(error) => return finish(workers, tenant, row, OutboxState::Dead, &error.to_string()).await,
    };
    let stale = now.since(row.created_at) > workers.platform.settings.outbox.stale_after;
    if stale && row.class == MessageClass::MayVanish && !matters_late(&outgoing) {
        return finish(workers, tenant, row, OutboxState::Dropped, "too old to be of use").await;
    }
    while let Verdict::NotBefore(at) = workers.budget.ask(&tenant.id, chat, Lane::Interactive).await {
        let pause = at.since(workers.platform.clock.now());
        if pause > SHORT_PAUSE {
            return retry(workers, tenant, row, at, "waits for its turn").await;
        }
        tokio::time::sleep(pause.max(Duration::from_millis(5))).await;
    }
    let result = matches!(outgoing, Outgoing::Files { .. } | Outgoing::ResultText { .. });
    let mut outgoing = outgoing;
    if result || !held.is_fresh() {
        let mut tx = workers.platform.db.tenant(&tenant.id).await?;
        if !tx.outbox_renew(chat, row, held.lease).await? {
            return Ok(Next::Stop);
        }
        let Some(left) = unsent(&mut tx, outgoing).await? else {
            tx.outbox_finish(&row.id, row.attempt, OutboxState::Dropped, "Telegram has it already").await?;
            tx.commit().await?;
            return Ok(Next::Go);
        };
        outgoing = left;
        tx.commit().await?;
    }
    if result {
        crash_point("send.claimed");
    }
    let mut sent = transmit::send(workers, tenant, chat, &outgoing).await;
    if result {
        crash_point("send.sent");
    }
    for _ in 1..EDIT_TRIES {
        let edit = matches!(
            &outgoing,
            Outgoing::Screen { edit: Some(_), .. } | Outgoing::Caption { .. } | Outgoing::Delete { .. }
        );
        if !(edit && matches!(sent, Err(TelegramError::InDoubt(_)))) {
            break;
        }
        sent = transmit::send(workers, tenant, chat, &outgoing).await;
    }
    noted(workers, tenant, &sent).await;
    settle(workers, tenant, chat, held, &outgoing, sent).await
}

/// A result without the items that Telegram has meanwhile: a retry of their delivery may have brought them (bot.md 10,
/// idempotency). `None`: nothing is left.
async fn unsent(tx: &mut TenantTx, outgoing: Outgoing) -> Result<Option<Outgoing>, StoreError> {
    let (generation, wanted) = match &outgoing {
        Outgoing::Files { again: true, .. }
        | Outgoing::Screen { .. }
        | Outgoing::Copy { .. }
        | Outgoing::Invoice { .. }
        | Outgoing::Picture { .. }
        | Outgoing::Caption { .. }
        | Outgoing::Delete { .. } => {
            return Ok(Some(outgoing));
        }
        Outgoing::Files { generation, files, .. } => (generation, files.iter().map(|file| file.item).collect()),
        Outgoing::ResultText { generation, item, .. } => (generation, vec![*item]),
    };
    let items = tx.items_of(generation).await?;
    let is_sent = |item: i64| items.iter().any(|known| known.item == item && known.message_id.is_some());
    let open: Vec<i64> = wanted.into_iter().filter(|item| !is_sent(*item)).collect();
    Ok(match outgoing {
        _ if open.is_empty() => None,
        Outgoing::Files { generation, files, caption, again } => {
            let files = files.into_iter().filter(|file| open.contains(&file.item)).collect();
            Some(Outgoing::Files { generation, files, caption, again })
        }
        other => Some(other),
    })
}

/// Progress and offers are of use however late; a menu from before an outage is not.
fn matters_late(outgoing: &Outgoing) -> bool {
    !matches!(outgoing, Outgoing::Screen { track: Track::Nothing, edit: Some(_), .. })
}

/// Counts a send; a token that was refused is looked at now.
async fn noted(workers: &Workers, tenant: &Tenant, sent: &Result<Sent, TelegramError>) {
    let result = match sent {
        Ok(_) => "sent",
        Err(TelegramError::RetryAfter(_)) => "retry_after",
        Err(TelegramError::Blocked(_)) => "blocked",
        Err(TelegramError::InDoubt(_) | TelegramError::BadAnswer) => "in_doubt",
        Err(_) => "refused",
    };
    metrics::counter!("botyard_sends_total", "result" => result).increment(1);
    if let Err(TelegramError::Unauthorized) = sent {
        watch::refused(workers, tenant).await;
    }
}

/// Records what became of a message.
async fn settle(
    workers: &Workers,
    tenant: &Tenant,
    chat: ChatId,
    held: &Held<'_>,
    outgoing: &Outgoing,
    sent: Result<Sent, TelegramError>,
) -> Result<Next, GenerationError> {
    let row = held.row;
    let now = workers.platform.clock.now();
    let error = match sent {
        Ok(sent) => return arrived(workers, tenant, chat, held, outgoing, &sent, now).await,
        Err(error) => error,
    };
    tracing::info!(tenant = %tenant.id, corr = %row.corr, error = %error, attempt = row.attempt, "a message did not go out");
    match error {
        TelegramError::RetryAfter(wait) => {
            workers.budget.refused(&tenant.id, chat, wait).await;
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
        TelegramError::Rejected { code: transmit::UNREADABLE, .. }
            if jobs::fallback::bring_anew(workers, tenant, row, outgoing, &error.to_string()).await? =>
        {
            Ok(Next::Go)
        }
        TelegramError::Rejected { code, .. }
            if code != transmit::UNREADABLE
                && jobs::fallback::record(workers, tenant, (chat, row), outgoing, &error.to_string()).await? =>
        {
            Ok(Next::Go)
        }
        TelegramError::FileTooBig
            if jobs::fallback::record(workers, tenant, (chat, row), outgoing, &error.to_string()).await? =>
        {
            Ok(Next::Go)
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
    chat: ChatId,
    held: &Held<'_>,
    outgoing: &Outgoing,
    sent: &Sent,
    now: UnixMs,
) -> Result<Next, GenerationError> {
    let row = held.row;
    let mut tx = workers.platform.db.tenant(&tenant.id).await?;
    let first = sent.items.first().map(|i| i.message).or(sent.message);
    let to = match outgoing {
        Outgoing::Screen { track: Track::Progress(generation), .. } => SentTo::Progress(generation),
        // Items are noted where their money is settled, a few lines below.
        Outgoing::Screen { .. }
        | Outgoing::Copy { .. }
        | Outgoing::Delete { .. }
        | Outgoing::Invoice { .. }
        | Outgoing::Picture { .. }
        | Outgoing::Caption { .. }
        | Outgoing::Files { .. }
        | Outgoing::ResultText { .. } => SentTo::Nothing,
    };
    tx.outbox_sent(&row.id, first, to, now).await?;
    if let Outgoing::Files { generation, .. } | Outgoing::ResultText { generation, .. } = outgoing {
        jobs::generation::confirmed(workers, tenant, &mut tx, generation, &sent.items, now).await?;
        crash_point("send.settled");
        tx.commit().await?;
        crash_point("send.committed");
        return Ok(Next::Go);
    }
    match (outgoing, first) {
        (Outgoing::Screen { track: Track::Broadcast(id), .. }, Some(message)) => {
            tx.broadcast_set_progress(id, chat, message).await?;
        }
        (
            Outgoing::Copy { preview_of: Some(id), .. }
            | Outgoing::Screen { track: Track::Draft(id), .. }
            | Outgoing::Picture { draft: Some(id), .. },
            Some(message),
        ) => {
            tx.broadcast_set_source(id, chat, message).await?;
        }
        (
            Outgoing::Picture { review: Some(id), .. } | Outgoing::Screen { track: Track::Review(id), .. },
            Some(message),
        ) => jobs::payments::copy_arrived(workers, tenant, &mut tx, (id, &row.corr), (chat, message)).await?,
        (Outgoing::Screen { track: Track::Credit(id), .. }, Some(message)) => {
            jobs::payments::credit_shown(workers, tenant, &mut tx, (id, &row.corr), (chat, message)).await?;
        }
        _ => {}
    }
    let next =
        if held.is_last { Next::Claimed(Claim::within(&mut tx, workers, chat, held.lease).await?) } else { Next::Go };
    tx.commit().await?;
    Ok(next)
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
