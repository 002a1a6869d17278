//! The outbox over all tenants: what a dead sender left, and which chats wait (decisions.md 2).

use super::{PlatformTx, StoreError, on};
use crate::domain::{BotInstanceId, ChatId, UnixMs};

/// Only the first row that a dead sender held can have been sent: each row's outcome is recorded before the next is begun.
const OUTBOX_EXPIRE: &str = "UPDATE outbox SET lease_until = NULL,
       state = CASE WHEN outbox.id > h.head OR outbox.class = 'idempotent'
         OR (outbox.class = 'must_arrive' AND outbox.repeats = 0) THEN 'queued' ELSE 'in_doubt' END,
       repeats = outbox.repeats + CASE WHEN outbox.id = h.head AND outbox.class = 'must_arrive' THEN 1 ELSE 0 END,
       attempt = outbox.attempt - CASE WHEN outbox.id > h.head THEN 1 ELSE 0 END,
       error = CASE WHEN outbox.id = h.head THEN 'the sender went away' ELSE outbox.error END
     FROM (SELECT s.bot_instance_id, s.chat_id, MIN(s.id) AS head FROM outbox s WHERE s.state = 'sending'
       GROUP BY s.bot_instance_id, s.chat_id) h
     WHERE outbox.state = 'sending' AND outbox.lease_until < (SELECT ms FROM db_clock)
       AND h.bot_instance_id = outbox.bot_instance_id AND h.chat_id = outbox.chat_id
     RETURNING outbox.bot_instance_id, outbox.chat_id";
const OUTBOX_DUE_CHATS_POSTGRES: &str = "WITH RECURSIVE t(bot) AS (
       SELECT (SELECT f.bot_instance_id FROM outbox f WHERE f.state = 'queued' ORDER BY f.bot_instance_id, f.run_at LIMIT 1)
       UNION ALL
       SELECT (SELECT n.bot_instance_id FROM outbox n WHERE n.state = 'queued' AND n.bot_instance_id > t.bot
         ORDER BY n.bot_instance_id, n.run_at LIMIT 1)
       FROM t WHERE t.bot IS NOT NULL)
     SELECT bot, chat_id FROM (
       SELECT t.bot, d.chat_id, MIN(d.run_at) AS due,
         ROW_NUMBER() OVER (PARTITION BY t.bot ORDER BY MIN(d.run_at), d.chat_id) AS place
       FROM t CROSS JOIN LATERAL (
         SELECT o.chat_id, o.run_at FROM outbox o
         WHERE o.bot_instance_id = t.bot AND o.state = 'queued' AND o.run_at <= $1
           AND NOT EXISTS (SELECT 1 FROM outbox b WHERE b.bot_instance_id = o.bot_instance_id AND b.chat_id = o.chat_id
             AND b.state IN ('queued', 'sending') AND b.id < o.id AND (b.state = 'sending' OR b.run_at > $1))
         ORDER BY o.run_at LIMIT $2) d
       GROUP BY t.bot, d.chat_id) c
     ORDER BY place, due, bot LIMIT $2";
const OUTBOX_DUE_CHATS_SQLITE: &str = "WITH RECURSIVE t(bot) AS (
       SELECT (SELECT f.bot_instance_id FROM outbox f WHERE f.state = 'queued' ORDER BY f.bot_instance_id, f.run_at LIMIT 1)
       UNION ALL
       SELECT (SELECT n.bot_instance_id FROM outbox n WHERE n.state = 'queued' AND n.bot_instance_id > t.bot
         ORDER BY n.bot_instance_id, n.run_at LIMIT 1)
       FROM t WHERE t.bot IS NOT NULL)
     SELECT bot, chat_id FROM (
       SELECT t.bot, d.chat_id, MIN(d.run_at) AS due,
         ROW_NUMBER() OVER (PARTITION BY t.bot ORDER BY MIN(d.run_at), d.chat_id) AS place
       FROM t JOIN outbox d ON d.bot_instance_id = t.bot AND d.id IN (
         SELECT o.id FROM outbox o
         WHERE o.bot_instance_id = t.bot AND o.state = 'queued' AND o.run_at <= $1
           AND NOT EXISTS (SELECT 1 FROM outbox b WHERE b.bot_instance_id = o.bot_instance_id AND b.chat_id = o.chat_id
             AND b.state IN ('queued', 'sending') AND b.id < o.id AND (b.state = 'sending' OR b.run_at > $1))
         ORDER BY o.run_at LIMIT $2)
       GROUP BY t.bot, d.chat_id) c
     ORDER BY place, due, bot LIMIT $2";

impl PlatformTx {
    /// Takes back what dead senders held (their lease ended by the database's clock). The first row of such a chat is in
    /// doubt: repeated or not by its class; what stands behind it goes back into the queue. Gives the chats to wake.
    pub async fn outbox_expire_leases(&mut self) -> Result<Vec<(BotInstanceId, ChatId)>, StoreError> {
        let rows: Vec<(String, i64)> = on!(self.tx, c => sqlx::query_as(OUTBOX_EXPIRE).fetch_all(c).await)?;
        let mut chats = chats(rows)?;
        chats.sort();
        chats.dedup();
        Ok(chats)
    }

    /// Chats with something to send at `now` that nobody is sending: what a lost wake-up or a dead process left. Fair over
    /// tenants: the longest waiting chat of each, then the second of each. Call [`Self::outbox_expire_leases`] first.
    pub async fn outbox_due_chats(
        &mut self,
        now: UnixMs,
        limit: i64,
    ) -> Result<Vec<(BotInstanceId, ChatId)>, StoreError> {
        let sql = if self.tx.is_postgres() { OUTBOX_DUE_CHATS_POSTGRES } else { OUTBOX_DUE_CHATS_SQLITE };
        let rows: Vec<(String, i64)> =
            on!(self.tx, c => sqlx::query_as(sql).bind(now.0).bind(limit).fetch_all(c).await)?;
        chats(rows)
    }
}

fn chats(rows: Vec<(String, i64)>) -> Result<Vec<(BotInstanceId, ChatId)>, StoreError> {
    rows.into_iter()
        .map(|(bot, chat)| {
            let id = BotInstanceId::parse(&bot).map_err(|_| StoreError::corrupt("outbox", "bot_instance_id", &bot))?;
            Ok((id, ChatId(chat)))
        })
        .collect()
}
