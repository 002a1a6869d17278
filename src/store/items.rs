//! Items of a generation's result: what each is, where its file is, and how Telegram knows it (bot.md 10).

use super::rows::{all, row};
use super::{StoreError, TenantTx, on};
use crate::domain::{GenerationId, MediaId, MessageId, UnixMs};

const ITEM_INSERT: &str =
    "INSERT INTO generation_items (bot_instance_id, generation_id, item, kind, media_id, created_at)
     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (bot_instance_id, generation_id, item) DO NOTHING";
const ITEMS_OF: &str = "SELECT item, kind, media_id, message_id, file_id, sent_at FROM generation_items
     WHERE bot_instance_id = $1 AND generation_id = $2 ORDER BY item";
const ITEM_SENT: &str = "UPDATE generation_items SET message_id = $4, file_id = $5, sent_at = $6
     WHERE bot_instance_id = $1 AND generation_id = $2 AND item = $3 AND message_id IS NULL";
const ITEM_SET_MEDIA: &str =
    "UPDATE generation_items SET media_id = $4 WHERE bot_instance_id = $1 AND generation_id = $2 AND item = $3";
const ITEM_FORGET_COPIES: &str = "UPDATE generation_items SET media_id = NULL, file_id = NULL
     WHERE bot_instance_id = $1 AND generation_id = $2 AND item = $3";

row! {
    /// One item of a result.
    pub struct ItemRow of "generation_items" by "item" {
        /// Which, from 0.
        pub item: i64,
        /// What it is; the word is the deliverer's.
        pub kind: String,
        /// Our own copy, until it is purged.
        pub media_id: Option<MediaId>,
        /// The message that carries it.
        pub message_id: Option<MessageId>,
        /// Telegram's file, for sending it again.
        pub file_id: Option<String>,
        /// When Telegram confirmed it.
        pub sent_at: Option<UnixMs>,
    }
}

impl TenantTx {
    /// Records an item of a result. `false`: it is there already.
    pub async fn item_insert(
        &mut self,
        generation: &GenerationId,
        item: i64,
        kind: &str,
        media: Option<&MediaId>,
        now: UnixMs,
    ) -> Result<bool, StoreError> {
        let inserted = on!(self.tx, c => sqlx::query(ITEM_INSERT).bind(self.id.as_str()).bind(generation.as_str())
            .bind(item).bind(kind).bind(media.map(MediaId::as_str)).bind(now.0).execute(c).await
            .map(|d| d.rows_affected()))?;
        Ok(inserted == 1)
    }

    /// The items of a result, in order.
    pub async fn items_of(&mut self, generation: &GenerationId) -> Result<Vec<ItemRow>, StoreError> {
        on!(self.tx, c => all(sqlx::query(ITEMS_OF).bind(self.id.as_str()).bind(generation.as_str()).fetch_all(c).await))
    }

    /// Telegram has the item. `true` once: an item with a message is never sent again (bot.md 10).
    pub async fn item_sent(
        &mut self,
        generation: &GenerationId,
        item: i64,
        message: MessageId,
        file_id: Option<&str>,
        now: UnixMs,
    ) -> Result<bool, StoreError> {
        let sent = on!(self.tx, c => sqlx::query(ITEM_SENT).bind(self.id.as_str()).bind(generation.as_str()).bind(item)
            .bind(message.0).bind(file_id).bind(now.0).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(sent == 1)
    }

    /// Our own copy of the item is another file now. `false`: no such item.
    pub async fn item_set_media(
        &mut self,
        generation: &GenerationId,
        item: i64,
        media: &MediaId,
    ) -> Result<bool, StoreError> {
        let set = on!(self.tx, c => sqlx::query(ITEM_SET_MEDIA).bind(self.id.as_str()).bind(generation.as_str())
            .bind(item).bind(media.as_str()).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(set == 1)
    }

    /// Neither we nor Telegram have a copy of the item any more. `false`: no such item.
    pub async fn item_forget_copies(&mut self, generation: &GenerationId, item: i64) -> Result<bool, StoreError> {
        let done = on!(self.tx, c => sqlx::query(ITEM_FORGET_COPIES).bind(self.id.as_str()).bind(generation.as_str())
            .bind(item).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }
}
