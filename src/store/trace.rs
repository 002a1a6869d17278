//! What rows say of one correlation id (platform.md 5): states, times and our own words, nothing that a person wrote.
//!
//! The plus before the first column of an order is for SQLite: without it, it walks all of a tenant's rows along an index that has
//! that order, a million generations for a story of one.

use super::rows::{all, maybe, row};
use super::{StoreError, TenantTx, on};
use crate::domain::{
    Corr, GenerationId, GenerationState, InvoiceId, InvoiceState, JobId, MessageClass, MessageId, Money, OutboxId,
    OutboxState, PayMethod, Payer, PaymentId, PaymentState, UnixMs, UpdateId,
};

/// Rows of one kind that a story has at most.
const ROWS: i64 = 200;

const TRACE_UPDATE: &str =
    "SELECT update_id, received_at FROM updates WHERE bot_instance_id = $1 AND update_id = $2 AND corr = $3";
const TRACE_MESSAGES: &str =
    "SELECT id, dedupe_key, class, state, attempt, message_id, error, created_at, sent_at FROM outbox
     WHERE bot_instance_id = $1 AND corr = $2 ORDER BY +created_at, id LIMIT $3";
const TRACE_JOBS: &str = "SELECT id, lane, kind, state, attempt, error, created_at, finished_at FROM jobs
     WHERE bot_instance_id = $1 AND corr = $2 ORDER BY +created_at, id LIMIT $3";
const TRACE_GENERATIONS: &str = "SELECT id, model_id, gen_type, payer, price, charged, state, cause, provider_task_id,
       submitted_at, accepted_at, finished_at, created_at FROM generations
     WHERE bot_instance_id = $1 AND corr = $2 ORDER BY +created_at, id LIMIT $3";
const TRACE_INVOICES: &str = "SELECT id, method, amount, state, created_at, updated_at FROM invoices
     WHERE bot_instance_id = $1 AND corr = $2 ORDER BY +created_at, id LIMIT $3";
const TRACE_PAYMENTS: &str = "SELECT id, method, amount, state, created_at, decided_at FROM payments
     WHERE bot_instance_id = $1 AND corr = $2 ORDER BY +created_at, id LIMIT $3";
const TRACE_ACTS: &str = "SELECT seq, at, action, object FROM audit_log
     WHERE bot_instance_id = $1 AND corr = $2 ORDER BY +seq LIMIT $3";

row! {
    /// The update that began a story.
    pub struct TracedUpdate of "updates" by "update_id" {
        /// Which.
        pub update_id: UpdateId,
        /// When it came.
        pub received_at: UnixMs,
    }
}

row! {
    /// A message of a story.
    pub struct TracedMessage of "outbox" by "id" {
        /// Its place in the chat.
        pub id: OutboxId,
        /// Names the fact it tells.
        pub dedupe_key: String,
        /// How sure it must be of arriving.
        pub class: MessageClass,
        /// Where it stands.
        pub state: OutboxState,
        /// How often it was claimed.
        pub attempt: i64,
        /// Telegram's name for it.
        pub message_id: Option<MessageId>,
        /// What went wrong last.
        pub error: Option<String>,
        /// When it became true.
        pub created_at: UnixMs,
        /// When Telegram confirmed it.
        pub sent_at: Option<UnixMs>,
    }
}

row! {
    /// A job of a story.
    pub struct TracedJob of "jobs" by "id" {
        /// Its name.
        pub id: JobId,
        /// Which queue.
        pub lane: String,
        /// Which work.
        pub kind: String,
        /// `ready`, `running`, `done`, `dead`.
        pub state: String,
        /// How often it was claimed.
        pub attempt: i64,
        /// What went wrong last.
        pub error: Option<String>,
        /// When it was put.
        pub created_at: UnixMs,
        /// When it ended.
        pub finished_at: Option<UnixMs>,
    }
}

row! {
    /// A generation of a story.
    pub struct TracedGeneration of "generations" by "id" {
        /// Its name.
        pub id: GenerationId,
        /// With which model.
        pub model_id: String,
        /// Of which type.
        pub gen_type: String,
        /// Who pays.
        pub payer: Payer,
        /// What was agreed.
        pub price: Money,
        /// What was taken.
        pub charged: Money,
        /// Where it stands.
        pub state: GenerationState,
        /// Why it ended without a result: the stored word.
        pub cause: Option<String>,
        /// The provider's task.
        pub provider_task_id: Option<String>,
        /// When the intent was recorded.
        pub submitted_at: Option<UnixMs>,
        /// When the provider took it.
        pub accepted_at: Option<UnixMs>,
        /// When it ended.
        pub finished_at: Option<UnixMs>,
        /// When it was confirmed.
        pub created_at: UnixMs,
    }
}

row! {
    /// A request to top up.
    pub struct TracedInvoice of "invoices" by "id" {
        /// Its name.
        pub id: InvoiceId,
        /// How.
        pub method: PayMethod,
        /// To be paid.
        pub amount: Money,
        /// Where it stands.
        pub state: InvoiceState,
        /// When it was made.
        pub created_at: UnixMs,
        /// When it was changed last.
        pub updated_at: UnixMs,
    }
}

row! {
    /// A payment.
    pub struct TracedPayment of "payments" by "id" {
        /// Its name.
        pub id: PaymentId,
        /// How.
        pub method: PayMethod,
        /// What is or would be credited.
        pub amount: Money,
        /// Where it stands.
        pub state: PaymentState,
        /// When it came.
        pub created_at: UnixMs,
        /// When it was decided.
        pub decided_at: Option<UnixMs>,
    }
}

row! {
    /// What an admin did.
    pub struct TracedAct of "audit_log" by "seq" {
        /// Its number.
        pub seq: i64,
        /// When.
        pub at: UnixMs,
        /// Which act.
        pub action: String,
        /// To what.
        pub object: String,
    }
}

impl TenantTx {
    /// The update of this id, if it belongs to the story.
    pub async fn trace_update(&mut self, update: UpdateId, corr: &Corr) -> Result<Option<TracedUpdate>, StoreError> {
        on!(self.tx, c => maybe(sqlx::query(TRACE_UPDATE).bind(self.id.as_str()).bind(update.0).bind(corr.as_str())
            .fetch_optional(c).await))
    }

    /// Messages of a story.
    pub async fn trace_messages(&mut self, corr: &Corr) -> Result<Vec<TracedMessage>, StoreError> {
        on!(self.tx, c => all(sqlx::query(TRACE_MESSAGES).bind(self.id.as_str()).bind(corr.as_str()).bind(ROWS)
            .fetch_all(c).await))
    }

    /// Jobs of a story.
    pub async fn trace_jobs(&mut self, corr: &Corr) -> Result<Vec<TracedJob>, StoreError> {
        on!(self.tx, c => all(sqlx::query(TRACE_JOBS).bind(self.id.as_str()).bind(corr.as_str()).bind(ROWS)
            .fetch_all(c).await))
    }

    /// Generations of a story.
    pub async fn trace_generations(&mut self, corr: &Corr) -> Result<Vec<TracedGeneration>, StoreError> {
        on!(self.tx, c => all(sqlx::query(TRACE_GENERATIONS).bind(self.id.as_str()).bind(corr.as_str()).bind(ROWS)
            .fetch_all(c).await))
    }

    /// Requests to top up of a story.
    pub async fn trace_invoices(&mut self, corr: &Corr) -> Result<Vec<TracedInvoice>, StoreError> {
        on!(self.tx, c => all(sqlx::query(TRACE_INVOICES).bind(self.id.as_str()).bind(corr.as_str()).bind(ROWS)
            .fetch_all(c).await))
    }

    /// Payments of a story.
    pub async fn trace_payments(&mut self, corr: &Corr) -> Result<Vec<TracedPayment>, StoreError> {
        on!(self.tx, c => all(sqlx::query(TRACE_PAYMENTS).bind(self.id.as_str()).bind(corr.as_str()).bind(ROWS)
            .fetch_all(c).await))
    }

    /// Acts of admins of a story.
    pub async fn trace_acts(&mut self, corr: &Corr) -> Result<Vec<TracedAct>, StoreError> {
        on!(self.tx, c => all(sqlx::query(TRACE_ACTS).bind(self.id.as_str()).bind(corr.as_str()).bind(ROWS)
            .fetch_all(c).await))
    }
}
