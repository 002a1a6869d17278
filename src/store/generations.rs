//! Generations: their rows, and moves from state to state in one conditional statement each (bot.md 9).

use super::rows::{maybe, row};
use super::{StoreError, TenantTx, on};
use crate::domain::{
    BotInstanceId, ChatId, Corr, GenerationId, GenerationState, MessageId, Money, Payer, QuoteId, TransferId, UnixMs,
    UserId, UserRef,
};

const GENERATION_INSERT: &str =
    "INSERT INTO generations (bot_instance_id, id, user_id, user_ref, chat_id, quote_id, model_id,
       gen_type, sealed, fingerprint, payer, price, units, charged, hold_id, state, callback_hash, progress_message_id,
       progress_stage, items, corr, created_at, updated_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 0, $14, 'created', $15, $16, $17, 0, $18, $19, $19)
     ON CONFLICT (bot_instance_id, quote_id) DO NOTHING";
const GENERATION_GET: &str = "SELECT bot_instance_id AS tenant, id, user_id, user_ref, chat_id, quote_id,
       model_id, gen_type, sealed, fingerprint, payer, price, units, charged, hold_id, state, cause, callback_hash,
       provider_task_id, provider_credits, submitted_at, accepted_at, finished_at, late_noticed_at, progress_message_id,
       progress_stage, items, corr, created_at, updated_at
     FROM generations WHERE bot_instance_id = $1 AND id = $2";
const GENERATION_BY_QUOTE: &str = "SELECT bot_instance_id AS tenant, id, user_id, user_ref, chat_id, quote_id,
       model_id, gen_type, sealed, fingerprint, payer, price, units, charged, hold_id, state, cause, callback_hash,
       provider_task_id, provider_credits, submitted_at, accepted_at, finished_at, late_noticed_at, progress_message_id,
       progress_stage, items, corr, created_at, updated_at
     FROM generations WHERE bot_instance_id = $1 AND quote_id = $2";
const GENERATION_BY_CALLBACK: &str = "SELECT bot_instance_id AS tenant, id, user_id, user_ref, chat_id, quote_id,
       model_id, gen_type, sealed, fingerprint, payer, price, units, charged, hold_id, state, cause, callback_hash,
       provider_task_id, provider_credits, submitted_at, accepted_at, finished_at, late_noticed_at, progress_message_id,
       progress_stage, items, corr, created_at, updated_at
     FROM generations WHERE bot_instance_id = $1 AND callback_hash = $2";
const GENERATION_EQUAL_ACTIVE: &str = "SELECT bot_instance_id AS tenant, id, user_id, user_ref, chat_id, quote_id,
       model_id, gen_type, sealed, fingerprint, payer, price, units, charged, hold_id, state, cause, callback_hash,
       provider_task_id, provider_credits, submitted_at, accepted_at, finished_at, late_noticed_at, progress_message_id,
       progress_stage, items, corr, created_at, updated_at
     FROM generations WHERE bot_instance_id = $1 AND user_id = $2 AND fingerprint = $3 AND created_at >= $4
       AND state IN ('created', 'submitting', 'orphan', 'queued', 'running', 'delivering')
     ORDER BY created_at DESC, id DESC LIMIT 1";
const GENERATIONS_ACTIVE_COUNT: &str = "SELECT COUNT(*) FROM generations WHERE bot_instance_id = $1 AND user_id = $2
       AND state IN ('created', 'submitting', 'orphan', 'queued', 'running', 'delivering')";
const GENERATION_MOVE: &str = "UPDATE generations SET state = $3, cause = COALESCE($4, cause),
       provider_task_id = COALESCE($5, provider_task_id), provider_credits = COALESCE($6, provider_credits),
       submitted_at = COALESCE($7, submitted_at), accepted_at = COALESCE($8, accepted_at),
       finished_at = COALESCE($9, finished_at), charged = COALESCE($10, charged), hold_id = COALESCE($11, hold_id),
       items = COALESCE($12, items), progress_stage = COALESCE($13, progress_stage), updated_at = $14
     WHERE bot_instance_id = $1 AND id = $2 AND state IN ($15, $16, $17, $18, $19, $20, $21)";
const GENERATION_SET_STAGE: &str =
    "UPDATE generations SET progress_stage = $3 WHERE bot_instance_id = $1 AND id = $2 AND progress_stage <> $3";
const GENERATION_SET_PROGRESS_MESSAGE: &str =
    "UPDATE generations SET progress_message_id = $3 WHERE bot_instance_id = $1 AND id = $2";
const GENERATION_LATE_NOTICED: &str = "UPDATE generations SET late_noticed_at = $3
     WHERE bot_instance_id = $1 AND id = $2 AND late_noticed_at IS NULL AND state IN ('queued', 'running')";

/// How many states a move may start from.
const FROM_STATES: usize = 7;

/// A generation to record, in state `created`.
#[derive(Debug, Clone)]
pub struct NewGeneration<'a> {
    /// Its name.
    pub id: &'a GenerationId,
    /// Whose.
    pub user_id: UserId,
    /// The same person in the ledger.
    pub user_ref: &'a UserRef,
    /// Where it was confirmed and is delivered.
    pub chat_id: ChatId,
    /// The offer that was confirmed: at most one generation per offer.
    pub quote_id: &'a QuoteId,
    /// The model.
    pub model_id: &'a str,
    /// The catalog's word.
    pub gen_type: &'a str,
    /// Parameters and inputs, sealed.
    pub sealed: &'a [u8],
    /// Equal for equal requests of one person.
    pub fingerprint: &'a str,
    /// Who pays.
    pub payer: Payer,
    /// What it costs in full.
    pub price: Money,
    /// How many results were asked for.
    pub units: i64,
    /// The hold, where money pays.
    pub hold_id: Option<&'a TransferId>,
    /// Hash of the token in the provider's callback path.
    pub callback_hash: &'a str,
    /// The message that shows its progress, when that is known.
    pub progress_message_id: Option<MessageId>,
    /// What that message says: the generation module's word.
    pub progress_stage: &'a str,
    /// The story it belongs to.
    pub corr: &'a Corr,
}

row! {
    /// A generation.
    pub struct GenerationRow of "generations" by "id" {
        /// The tenant.
        pub tenant: BotInstanceId,
        /// Its name.
        pub id: GenerationId,
        /// Whose.
        pub user_id: UserId,
        /// The same person in the ledger.
        pub user_ref: UserRef,
        /// Where it was confirmed and is delivered.
        pub chat_id: ChatId,
        /// The offer that was confirmed.
        pub quote_id: QuoteId,
        /// The model.
        pub model_id: String,
        /// The catalog's word.
        pub gen_type: String,
        /// Parameters and inputs, sealed.
        pub sealed: Vec<u8>,
        /// Equal for equal requests of one person.
        pub fingerprint: String,
        /// Who pays.
        pub payer: Payer,
        /// What it costs in full.
        pub price: Money,
        /// How many results were asked for.
        pub units: i64,
        /// What was taken in the end.
        pub charged: Money,
        /// The hold, where money pays.
        pub hold_id: Option<TransferId>,
        /// Where it stands.
        pub state: GenerationState,
        /// Why it ended as it did: the generation module's word.
        pub cause: Option<String>,
        /// Hash of the token in the provider's callback path.
        pub callback_hash: String,
        /// The provider's name for it.
        pub provider_task_id: Option<String>,
        /// What the provider charged, in hundredths of its credits.
        pub provider_credits: Option<i64>,
        /// When the intent to call the provider was recorded.
        pub submitted_at: Option<UnixMs>,
        /// When the provider took it: the timers run from here.
        pub accepted_at: Option<UnixMs>,
        /// When it ended.
        pub finished_at: Option<UnixMs>,
        /// When the person was told that it takes long.
        pub late_noticed_at: Option<UnixMs>,
        /// The message that shows its progress.
        pub progress_message_id: Option<MessageId>,
        /// What that message says.
        pub progress_stage: String,
        /// How many results it has.
        pub items: i64,
        /// The story it belongs to.
        pub corr: Corr,
        /// When it was confirmed.
        pub created_at: UnixMs,
        /// When its state last changed.
        pub updated_at: UnixMs,
    }
}

/// What a move writes besides the state; `None` keeps what is there.
#[derive(Debug, Clone, Copy, Default)]
pub struct GenerationChange<'a> {
    /// Why it ended.
    pub cause: Option<&'a str>,
    /// The provider's name for it.
    pub provider_task_id: Option<&'a str>,
    /// In hundredths of the provider's credits.
    pub provider_credits: Option<i64>,
    /// When the intent to call the provider was recorded.
    pub submitted_at: Option<UnixMs>,
    /// When the provider took it.
    pub accepted_at: Option<UnixMs>,
    /// When it ended.
    pub finished_at: Option<UnixMs>,
    /// What was taken.
    pub charged: Option<Money>,
    /// A new hold, after a release.
    pub hold_id: Option<&'a TransferId>,
    /// How many results it has.
    pub items: Option<i64>,
    /// What the progress message says.
    pub stage: Option<&'a str>,
}

impl TenantTx {
    /// Records a generation. `false`: the offer has become one before.
    pub async fn generation_insert(&mut self, new: &NewGeneration<'_>, now: UnixMs) -> Result<bool, StoreError> {
        let inserted = on!(self.tx, c => sqlx::query(GENERATION_INSERT).bind(self.id.as_str()).bind(new.id.as_str())
            .bind(new.user_id.0).bind(new.user_ref.as_str()).bind(new.chat_id.0).bind(new.quote_id.as_str())
            .bind(new.model_id).bind(new.gen_type).bind(new.sealed).bind(new.fingerprint).bind(new.payer.as_str())
            .bind(new.price.as_kopecks()).bind(new.units).bind(new.hold_id.map(TransferId::as_str))
            .bind(new.callback_hash).bind(new.progress_message_id.map(|m| m.0)).bind(new.progress_stage)
            .bind(new.corr.as_str()).bind(now.0).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(inserted == 1)
    }

    /// A generation by its name.
    pub async fn generation_get(&mut self, id: &GenerationId) -> Result<Option<GenerationRow>, StoreError> {
        on!(self.tx, c => maybe(sqlx::query(GENERATION_GET).bind(self.id.as_str()).bind(id.as_str()).fetch_optional(c)
            .await))
    }

    /// What an offer has become.
    pub async fn generation_by_quote(&mut self, quote: &QuoteId) -> Result<Option<GenerationRow>, StoreError> {
        on!(self.tx, c => maybe(sqlx::query(GENERATION_BY_QUOTE).bind(self.id.as_str()).bind(quote.as_str())
            .fetch_optional(c).await))
    }

    /// Whose callback path this is.
    pub async fn generation_by_callback_hash(&mut self, hash: &str) -> Result<Option<GenerationRow>, StoreError> {
        on!(self.tx, c => maybe(sqlx::query(GENERATION_BY_CALLBACK).bind(self.id.as_str()).bind(hash).fetch_optional(c)
            .await))
    }

    /// An equal request of the same person that is still active and was confirmed at `since` or later (bot.md 9.1).
    pub async fn generation_equal_active(
        &mut self,
        user: UserId,
        fingerprint: &str,
        since: UnixMs,
    ) -> Result<Option<GenerationRow>, StoreError> {
        on!(self.tx, c => maybe(sqlx::query(GENERATION_EQUAL_ACTIVE).bind(self.id.as_str()).bind(user.0)
            .bind(fingerprint).bind(since.0).fetch_optional(c).await))
    }

    /// How many of a person's generations are active: created … delivering.
    pub async fn generations_active_count(&mut self, user: UserId) -> Result<i64, StoreError> {
        Ok(on!(self.tx, c => sqlx::query_scalar(GENERATIONS_ACTIVE_COUNT).bind(self.id.as_str()).bind(user.0)
            .fetch_one(c).await)?)
    }

    /// Moves a generation from one of at most seven states to another, in one statement. `false`: it is in none of them, and
    /// nothing is changed. Which moves there are says [`GenerationState::can_become`].
    pub async fn generation_move(
        &mut self,
        id: &GenerationId,
        from: &[GenerationState],
        to: GenerationState,
        change: &GenerationChange<'_>,
        now: UnixMs,
    ) -> Result<bool, StoreError> {
        debug_assert!(from.len() <= FROM_STATES && from.iter().all(|state| state.can_become(to)), "{from:?} to {to:?}");
        let from = |at: usize| from.get(at).map(|state| state.as_str());
        let moved = on!(self.tx, c => sqlx::query(GENERATION_MOVE).bind(self.id.as_str()).bind(id.as_str())
            .bind(to.as_str()).bind(change.cause).bind(change.provider_task_id).bind(change.provider_credits)
            .bind(change.submitted_at.map(|t| t.0)).bind(change.accepted_at.map(|t| t.0))
            .bind(change.finished_at.map(|t| t.0)).bind(change.charged.map(Money::as_kopecks))
            .bind(change.hold_id.map(TransferId::as_str)).bind(change.items).bind(change.stage).bind(now.0)
            .bind(from(0)).bind(from(1)).bind(from(2)).bind(from(3)).bind(from(4)).bind(from(5)).bind(from(6))
            .execute(c).await.map(|d| d.rows_affected()))?;
        Ok(moved == 1)
    }

    /// Notes what the progress message says. `true` when that is something else than before.
    pub async fn generation_set_stage(&mut self, id: &GenerationId, stage: &str) -> Result<bool, StoreError> {
        let done = on!(self.tx, c => sqlx::query(GENERATION_SET_STAGE).bind(self.id.as_str()).bind(id.as_str())
            .bind(stage).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// Notes the message that shows a generation's progress. `false`: no such generation.
    pub async fn generation_set_progress_message(
        &mut self,
        id: &GenerationId,
        message: MessageId,
    ) -> Result<bool, StoreError> {
        let done = on!(self.tx, c => sqlx::query(GENERATION_SET_PROGRESS_MESSAGE).bind(self.id.as_str())
            .bind(id.as_str()).bind(message.0).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// Notes that the person is told that it takes long. `true` once, and only while the provider has it.
    pub async fn generation_late_noticed(&mut self, id: &GenerationId, now: UnixMs) -> Result<bool, StoreError> {
        let done = on!(self.tx, c => sqlx::query(GENERATION_LATE_NOTICED).bind(self.id.as_str()).bind(id.as_str())
            .bind(now.0).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }
}
