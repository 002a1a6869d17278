//! Price offers: immutable, confirmed at most once (bot.md 8, 9.1).

use super::rows::{maybe, row};
use super::{StoreError, TenantTx, on};
use crate::domain::{ChatId, GenerationId, MessageId, Money, Payer, QuoteId, QuoteState, UnixMs, UserId};

const QUOTE_INSERT: &str =
    "INSERT INTO quotes (bot_instance_id, id, user_id, chat_id, message_id, model_id, gen_type, sealed,
       fingerprint, price, units, payer, state, created_at, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'open', $13, $14)";
const QUOTE_GET: &str =
    "SELECT id, user_id, chat_id, message_id, model_id, gen_type, sealed, fingerprint, price, units, payer,
       state, generation_id, created_at, expires_at
     FROM quotes WHERE bot_instance_id = $1 AND id = $2";
/// A message may have shown several offers one after another: the open one, else the newest.
const QUOTE_BY_MESSAGE: &str =
    "SELECT id, user_id, chat_id, message_id, model_id, gen_type, sealed, fingerprint, price, units,
       payer, state, generation_id, created_at, expires_at
     FROM quotes WHERE bot_instance_id = $1 AND chat_id = $2 AND message_id = $3
     ORDER BY CASE WHEN state = 'open' THEN 0 ELSE 1 END, created_at DESC, id DESC LIMIT 1";
const QUOTE_USE: &str = "UPDATE quotes SET state = 'used', generation_id = $3, message_id = COALESCE($4, message_id)
     WHERE bot_instance_id = $1 AND id = $2 AND state = 'open' AND expires_at > $5";
const QUOTE_CLOSE: &str =
    "UPDATE quotes SET state = 'closed' WHERE bot_instance_id = $1 AND id = $2 AND state = 'open'";
const QUOTES_CLOSE_OPEN_OF: &str =
    "UPDATE quotes SET state = 'closed' WHERE bot_instance_id = $1 AND user_id = $2 AND state = 'open'";

row! {
    /// A price offer.
    pub struct QuoteRow of "quotes" by "id" {
        /// Its name.
        pub id: QuoteId,
        /// Whom it was made to.
        pub user_id: UserId,
        /// Where it is shown.
        pub chat_id: ChatId,
        /// The message that shows it, once Telegram has it.
        pub message_id: Option<MessageId>,
        /// The model.
        pub model_id: String,
        /// Text to image, image to video and so on: the catalog's word.
        pub gen_type: String,
        /// Parameters and inputs, sealed; nothing once they are old and a generation has them (`PlatformTx::quotes_empty`).
        pub sealed: Vec<u8>,
        /// Equal for equal requests of one person (bot.md 9.1).
        pub fingerprint: String,
        /// What it costs.
        pub price: Money,
        /// How many results were asked for.
        pub units: i64,
        /// Who will pay.
        pub payer: Payer,
        /// Where it stands.
        pub state: QuoteState,
        /// What it became.
        pub generation_id: Option<GenerationId>,
        /// When it was made.
        pub created_at: UnixMs,
        /// From then on it cannot be confirmed.
        pub expires_at: UnixMs,
    }
}

impl TenantTx {
    /// Records an offer; its `state` is open and it has no generation, whatever the row says.
    pub async fn quote_insert(&mut self, new: &QuoteRow) -> Result<(), StoreError> {
        on!(self.tx, c => sqlx::query(QUOTE_INSERT).bind(self.id.as_str()).bind(new.id.as_str()).bind(new.user_id.0)
            .bind(new.chat_id.0).bind(new.message_id.map(|m| m.0)).bind(&new.model_id).bind(&new.gen_type)
            .bind(&new.sealed).bind(&new.fingerprint).bind(new.price.as_kopecks()).bind(new.units)
            .bind(new.payer.as_str()).bind(new.created_at.0).bind(new.expires_at.0).execute(c).await.map(|_| ()))?;
        Ok(())
    }

    /// An offer by its name.
    pub async fn quote_get(&mut self, id: &QuoteId) -> Result<Option<QuoteRow>, StoreError> {
        on!(self.tx, c => maybe(sqlx::query(QUOTE_GET).bind(self.id.as_str()).bind(id.as_str()).fetch_optional(c).await))
    }

    /// The offer that a message shows.
    pub async fn quote_by_message(&mut self, chat: ChatId, message: MessageId) -> Result<Option<QuoteRow>, StoreError> {
        on!(self.tx, c => maybe(sqlx::query(QUOTE_BY_MESSAGE).bind(self.id.as_str()).bind(chat.0).bind(message.0)
            .fetch_optional(c).await))
    }

    /// Turns an open offer into a generation. `true` once; `false` also when it has expired or was closed.
    pub async fn quote_use(
        &mut self,
        id: &QuoteId,
        generation: &GenerationId,
        message: Option<MessageId>,
        now: UnixMs,
    ) -> Result<bool, StoreError> {
        let used = on!(self.tx, c => sqlx::query(QUOTE_USE).bind(self.id.as_str()).bind(id.as_str())
            .bind(generation.as_str()).bind(message.map(|m| m.0)).bind(now.0).execute(c).await
            .map(|d| d.rows_affected()))?;
        Ok(used == 1)
    }

    /// Withdraws an open offer. `false`: it was not open.
    pub async fn quote_close(&mut self, id: &QuoteId) -> Result<bool, StoreError> {
        let closed = on!(self.tx, c => sqlx::query(QUOTE_CLOSE).bind(self.id.as_str()).bind(id.as_str()).execute(c).await
            .map(|d| d.rows_affected()))?;
        Ok(closed == 1)
    }

    /// Withdraws every open offer of a person. Gives how many.
    pub async fn quotes_close_open_of(&mut self, user: UserId) -> Result<u64, StoreError> {
        Ok(on!(self.tx, c => sqlx::query(QUOTES_CLOSE_OPEN_OF).bind(self.id.as_str()).bind(user.0).execute(c).await
            .map(|d| d.rows_affected()))?)
    }
}
