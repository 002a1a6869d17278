//! The outbox: what will be said, recorded in the transaction that made it true, sent later chat by chat (reliability.md 3.6).
//!
//! A chat is strictly first in, first out. A sender claims what is due ([`TenantTx::outbox_claim_chat`]), sends row by row in
//! that order and records what came of each row *before it begins the next*. So of the rows of a dead sender only the first
//! can be in doubt, and what stands behind it was certainly not sent.

use super::rows::{all, row};
use super::{StoreError, TenantTx, on};
use crate::domain::{ChatId, Corr, GenerationId, MessageClass, MessageId, OutboxId, OutboxState, QuoteId, UnixMs};

const OUTBOX_PUT: &str =
    "INSERT INTO outbox (bot_instance_id, id, chat_id, class, sealed, dedupe_key, state, attempt, repeats,
       run_at, generation_id, quote_id, corr, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, 'queued', 0, 0, $7, $8, $9, $10, $11)
     ON CONFLICT (bot_instance_id, dedupe_key) DO NOTHING";
/// One claim of a chat at a time: the next one waits at the oldest message and then sees what the first has taken. SQLite has
/// one writer.
const OUTBOX_HEAD_POSTGRES: &str = "SELECT id FROM outbox WHERE bot_instance_id = $1 AND chat_id = $2
       AND state IN ('queued', 'sending') ORDER BY id LIMIT 1 FOR UPDATE";
const OUTBOX_HEAD_SQLITE: &str = "SELECT id FROM outbox WHERE bot_instance_id = $1 AND chat_id = $2
       AND state IN ('queued', 'sending') ORDER BY id LIMIT 1";
/// The state is said in the words of the chat's index: asked for `state = 'queued'`, SQLite would walk through the tenant's whole
/// queue by another one.
const OUTBOX_CLAIM: &str = "UPDATE outbox SET state = 'sending', attempt = attempt + 1,
       lease_until = (SELECT ms FROM db_clock) + $4
     WHERE bot_instance_id = $1 AND chat_id = $2 AND state IN ('queued', 'sending') AND state <> 'sending'
       AND run_at <= $3
       AND id < COALESCE((SELECT MIN(b.id) FROM outbox b WHERE b.bot_instance_id = $1 AND b.chat_id = $2
         AND b.state IN ('queued', 'sending') AND (b.state = 'sending' OR b.run_at > $3)), 'out_g')
     RETURNING id, class, sealed, attempt, repeats, generation_id, quote_id, corr, created_at";
const OUTBOX_RENEW: &str = "UPDATE outbox SET lease_until = (SELECT ms FROM db_clock) + $4
     WHERE bot_instance_id = $1 AND chat_id = $2 AND state = 'sending' AND EXISTS (SELECT 1 FROM outbox h
       WHERE h.bot_instance_id = $1 AND h.id = $3 AND h.state = 'sending' AND h.attempt = $5)";
const OUTBOX_SENT: &str =
    "UPDATE outbox SET state = 'sent', message_id = $3, sent_at = $4, lease_until = NULL, error = NULL
     WHERE bot_instance_id = $1 AND id = $2 AND state <> 'sent' RETURNING quote_id";
const OUTBOX_RETRY: &str = "UPDATE outbox SET state = 'queued', run_at = $4, lease_until = NULL, error = $5
     WHERE bot_instance_id = $1 AND id = $2 AND state = 'sending' AND attempt = $3 RETURNING chat_id";
const OUTBOX_DOUBT: &str = "UPDATE outbox SET lease_until = NULL, run_at = $4, error = $5,
       repeats = repeats + CASE WHEN class = 'must_arrive' THEN 1 ELSE 0 END,
       state = CASE WHEN class = 'idempotent' OR (class = 'must_arrive' AND repeats = 0) THEN 'queued' ELSE 'in_doubt' END
     WHERE bot_instance_id = $1 AND id = $2 AND state = 'sending' AND attempt = $3 RETURNING state, chat_id";
/// What was claimed behind a row that goes back has not been tried, so its attempt does not count.
const OUTBOX_BEHIND: &str = "UPDATE outbox SET state = 'queued', lease_until = NULL, attempt = attempt - 1
     WHERE bot_instance_id = $1 AND chat_id = $2 AND state = 'sending' AND id > $3";
const OUTBOX_FINISH: &str = "UPDATE outbox SET state = $4, lease_until = NULL, error = $5
     WHERE bot_instance_id = $1 AND id = $2 AND state = 'sending' AND attempt = $3";
const OUTBOX_OPEN: &str =
    "SELECT COUNT(*) FROM outbox WHERE bot_instance_id = $1 AND chat_id = $2 AND state IN ('queued', 'sending')";
const QUOTE_MESSAGE: &str = "UPDATE quotes SET message_id = $3 WHERE bot_instance_id = $1 AND id = $2";

/// A message to record.
#[derive(Debug, Clone)]
pub struct NewMessage<'a> {
    /// From [`OutboxId::next`]: the chat hears messages in the order of their ids.
    pub id: OutboxId,
    /// Where to.
    pub chat_id: ChatId,
    /// How sure it must be of arriving.
    pub class: MessageClass,
    /// The message, sealed.
    pub sealed: &'a [u8],
    /// Names the fact; the same fact is said once.
    pub dedupe_key: &'a str,
    /// Not before.
    pub run_at: UnixMs,
    /// The generation it tells about.
    pub generation_id: Option<&'a GenerationId>,
    /// The offer it shows; learns the message's id.
    pub quote_id: Option<&'a QuoteId>,
    /// The story it belongs to.
    pub corr: &'a Corr,
}

row! {
    /// A claimed message.
    pub struct OutboxRow of "outbox" by "id" {
        /// Its place in the chat.
        pub id: OutboxId,
        /// How sure it must be of arriving.
        pub class: MessageClass,
        /// The message, sealed.
        pub sealed: Vec<u8>,
        /// Which claim this is, from 1; what a sender reports carries it, so that a late report of an earlier sender is ignored.
        pub attempt: i64,
        /// How often it is said again although it may have arrived: 1 means that it is to be marked as a repeat.
        pub repeats: i64,
        /// The generation it tells about.
        pub generation_id: Option<GenerationId>,
        /// The offer it shows.
        pub quote_id: Option<QuoteId>,
        /// The story it belongs to.
        pub corr: Corr,
        /// When it became true.
        pub created_at: UnixMs,
    }
}

/// Which record learns the sent message's id, besides the row and its quote.
#[derive(Debug, Clone, Copy)]
pub enum SentTo<'a> {
    /// None.
    Nothing,
    /// The generation whose progress the message shows.
    Progress(&'a GenerationId),
    /// Items of a generation's result: one, or those of an album.
    Items(&'a GenerationId, &'a [SentItem<'a>]),
}

/// One item of a result, as Telegram has it.
#[derive(Debug, Clone, Copy)]
pub struct SentItem<'a> {
    /// Which, from 0.
    pub item: i64,
    /// Its own message.
    pub message_id: MessageId,
    /// Telegram's file, for sending it again; texts have none.
    pub file_id: Option<&'a str>,
}

impl TenantTx {
    /// Records a message. `false`: this fact was recorded before.
    pub async fn outbox_put(&mut self, new: &NewMessage<'_>, now: UnixMs) -> Result<bool, StoreError> {
        let put = on!(self.tx, c => sqlx::query(OUTBOX_PUT).bind(self.id.as_str()).bind(new.id.as_str())
            .bind(new.chat_id.0).bind(new.class.as_str()).bind(new.sealed).bind(new.dedupe_key).bind(new.run_at.0)
            .bind(new.generation_id.map(GenerationId::as_str)).bind(new.quote_id.map(QuoteId::as_str))
            .bind(new.corr.as_str()).bind(now.0).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(put == 1)
    }

    /// Takes everything of a chat that is due, oldest first, up to the first message that is not due yet; nothing while a
    /// sender holds messages of the chat. The lease is in milliseconds of the database's clock.
    pub async fn outbox_claim_chat(
        &mut self,
        chat: ChatId,
        now: UnixMs,
        lease_ms: i64,
    ) -> Result<Vec<OutboxRow>, StoreError> {
        let head_sql = if self.tx.is_postgres() { OUTBOX_HEAD_POSTGRES } else { OUTBOX_HEAD_SQLITE };
        let head: Option<String> = on!(self.tx, c => sqlx::query_scalar(head_sql).bind(self.id.as_str()).bind(chat.0)
            .fetch_optional(c).await)?;
        if head.is_none() {
            return Ok(Vec::new());
        }
        let mut rows: Vec<OutboxRow> = on!(self.tx, c => all(sqlx::query(OUTBOX_CLAIM).bind(self.id.as_str())
            .bind(chat.0).bind(now.0).bind(lease_ms).fetch_all(c).await))?;
        rows.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(rows)
    }

    /// Keeps the claim of a chat whose sender still holds `row`. `false`: it is not held any more, stop sending.
    pub async fn outbox_renew(&mut self, chat: ChatId, row: &OutboxRow, lease_ms: i64) -> Result<bool, StoreError> {
        let kept = on!(self.tx, c => sqlx::query(OUTBOX_RENEW).bind(self.id.as_str()).bind(chat.0).bind(row.id.as_str())
            .bind(lease_ms).bind(row.attempt).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(kept > 0)
    }

    /// Telegram has the message: notes its id here, in its quote and where `to` says. A fact, so it is noted whoever holds the
    /// row by now. `false`: it was noted before.
    pub async fn outbox_sent(
        &mut self,
        id: &OutboxId,
        message: Option<MessageId>,
        to: SentTo<'_>,
        now: UnixMs,
    ) -> Result<bool, StoreError> {
        let sent: Option<Option<String>> = on!(self.tx, c => sqlx::query_scalar(OUTBOX_SENT).bind(self.id.as_str())
            .bind(id.as_str()).bind(message.map(|m| m.0)).bind(now.0).fetch_optional(c).await)?;
        let Some(quote) = sent else { return Ok(false) };
        if let (Some(quote), Some(message)) = (quote, message) {
            on!(self.tx, c => sqlx::query(QUOTE_MESSAGE).bind(self.id.as_str()).bind(&quote).bind(message.0)
                .execute(c).await.map(|_| ()))?;
        }
        match to {
            SentTo::Nothing => {}
            SentTo::Progress(generation) => {
                if let Some(message) = message {
                    self.generation_set_progress_message(generation, message).await?;
                }
            }
            SentTo::Items(generation, items) => {
                for sent in items {
                    self.item_sent(generation, sent.item, sent.message_id, sent.file_id, now).await?;
                }
            }
        }
        Ok(true)
    }

    /// Certainly not sent: back into the queue until `run_at`, with what was claimed behind it; the chat waits for it.
    /// `false`: another sender holds it by now.
    pub async fn outbox_retry(
        &mut self,
        id: &OutboxId,
        attempt: i64,
        run_at: UnixMs,
        error: &str,
    ) -> Result<bool, StoreError> {
        let chat: Option<i64> = on!(self.tx, c => sqlx::query_scalar(OUTBOX_RETRY).bind(self.id.as_str())
            .bind(id.as_str()).bind(attempt).bind(run_at.0).bind(error).fetch_optional(c).await)?;
        let Some(chat) = chat else { return Ok(false) };
        self.outbox_put_back_behind(ChatId(chat), id).await?;
        Ok(true)
    }

    /// It is not known whether Telegram took it. By its class it goes back into the queue until `run_at`, with what was claimed
    /// behind it, or ends in doubt. Gives the new state; `None`: another sender holds it by now.
    pub async fn outbox_doubt(
        &mut self,
        id: &OutboxId,
        attempt: i64,
        run_at: UnixMs,
        error: &str,
    ) -> Result<Option<OutboxState>, StoreError> {
        let row: Option<(String, i64)> = on!(self.tx, c => sqlx::query_as(OUTBOX_DOUBT).bind(self.id.as_str())
            .bind(id.as_str()).bind(attempt).bind(run_at.0).bind(error).fetch_optional(c).await)?;
        let Some((state, chat)) = row else { return Ok(None) };
        let state = OutboxState::parse(&state).ok_or_else(|| StoreError::corrupt("outbox", "state", id))?;
        if state == OutboxState::Queued {
            self.outbox_put_back_behind(ChatId(chat), id).await?;
        }
        Ok(Some(state))
    }

    /// Ends a message unsent: [`OutboxState::Dropped`], [`OutboxState::Dead`] or [`OutboxState::InDoubt`]. `false`: another
    /// sender holds it by now.
    pub async fn outbox_finish(
        &mut self,
        id: &OutboxId,
        attempt: i64,
        state: OutboxState,
        error: &str,
    ) -> Result<bool, StoreError> {
        debug_assert!(matches!(state, OutboxState::Dropped | OutboxState::Dead | OutboxState::InDoubt));
        let done = on!(self.tx, c => sqlx::query(OUTBOX_FINISH).bind(self.id.as_str()).bind(id.as_str()).bind(attempt)
            .bind(state.as_str()).bind(error).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// How many messages a chat still waits for.
    pub async fn outbox_open_count(&mut self, chat: ChatId) -> Result<i64, StoreError> {
        Ok(on!(self.tx, c => sqlx::query_scalar(OUTBOX_OPEN).bind(self.id.as_str()).bind(chat.0).fetch_one(c).await)?)
    }

    async fn outbox_put_back_behind(&mut self, chat: ChatId, id: &OutboxId) -> Result<(), StoreError> {
        on!(self.tx, c => sqlx::query(OUTBOX_BEHIND).bind(self.id.as_str()).bind(chat.0).bind(id.as_str())
            .execute(c).await.map(|_| ()))?;
        Ok(())
    }
}
