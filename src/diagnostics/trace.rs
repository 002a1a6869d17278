//! The whole story of a correlation id, from rows that exist (platform.md 5): update → decisions → jobs → provider → ledger →
//! messages. It says states and times; nothing that a person wrote is in it.

use serde_json::{Value, json};

use super::report::Said;
use crate::domain::{Corr, Money, PayMethod, PaymentState, UnixMs, UpdateId};
use crate::store::{StoreError, TenantTx, TracedGeneration, TracedMessage};
use crate::texts::{Args, Words};

/// What a step is about; of steps of one moment the earlier kind is shown first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum StepKind {
    /// What Telegram brought.
    Update,
    /// What was decided: a generation, a request to top up, an admin's act.
    Decision,
    /// Money that moved.
    Ledger,
    /// Background work.
    Job,
    /// The provider's side of a generation.
    Provider,
    /// A payment.
    Payment,
    /// What was said.
    Message,
    /// What went wrong.
    Error,
}

impl StepKind {
    /// The word that programs get.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Update => "update",
            Self::Decision => "decision",
            Self::Ledger => "ledger",
            Self::Job => "job",
            Self::Provider => "provider",
            Self::Payment => "payment",
            Self::Message => "message",
            Self::Error => "error",
        }
    }
}

/// One step.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// When.
    pub at: UnixMs,
    /// What it is about.
    pub kind: StepKind,
    /// In words: a key of `trace.ftl` and its values.
    pub said: Said,
    /// For programs.
    pub detail: Value,
}

/// A story.
#[derive(Debug, Clone, PartialEq)]
pub struct Trace {
    /// Whose.
    pub corr: Corr,
    /// What happened, in its order.
    pub steps: Vec<Step>,
}

/// Tells the story of an id in this tenant; without a step there is none.
pub async fn trace(tx: &mut TenantTx, corr: &Corr) -> Result<Trace, StoreError> {
    let mut story = Story(Vec::new());
    let messages = tx.trace_messages(corr).await?;
    let errors = tx.errors_of_corr(corr).await?;
    let by_message = messages.iter().find_map(|message| update_of(&message.dedupe_key));
    let update = by_message.or_else(|| errors.iter().find_map(|error| error.update_id));
    if let Some(update) = update
        && let Some(row) = tx.trace_update(update, corr).await?
    {
        let values = Args::new().with("id", row.update_id.0.to_string());
        story.add(row.received_at, StepKind::Update, "trace-update", values, json!({ "update_id": row.update_id }));
    }
    for row in tx.trace_generations(corr).await? {
        story.generation(&row);
    }
    decisions(tx, corr, &mut story).await?;
    for row in tx.transfers_of_corr(corr).await? {
        let amount = Money::kopecks(row.amount);
        let values = Args::new().with("code", &row.code).with("kind", &row.kind).with("amount", amount);
        let detail = json!({ "transfer": row.id, "code": row.code, "kind": row.kind, "kopecks": row.amount });
        story.add(UnixMs(row.created_at), StepKind::Ledger, "trace-ledger", values, detail);
    }
    for row in tx.trace_jobs(corr).await? {
        let values = Args::new().with("kind", &row.kind).with("state", &row.state).with("n", row.attempt);
        let detail = json!({ "job": row.id, "lane": row.lane, "kind": row.kind, "state": row.state,
                             "attempts": row.attempt, "error": row.error, "finished_at": row.finished_at });
        story.add(row.created_at, StepKind::Job, "trace-job", values, detail);
    }
    for row in &messages {
        story.message(row);
    }
    for row in &errors {
        let values = Args::new().with("class", &row.class).with("stage", &row.stage).with("handler", &row.handler);
        let detail = json!({ "class": row.class, "stage": row.stage, "handler": row.handler, "error": row.message });
        story.add(row.created_at, StepKind::Error, "trace-error", values, detail);
    }
    story.0.sort_by_key(|step| (step.at, step.kind));
    Ok(Trace { corr: corr.clone(), steps: story.0 })
}

/// Requests to top up, payments and acts of admins.
async fn decisions(tx: &mut TenantTx, corr: &Corr, story: &mut Story) -> Result<(), StoreError> {
    for row in tx.trace_invoices(corr).await? {
        let values =
            Args::new().with("id", row.id.short()).with("state", row.state.as_str()).with("amount", row.amount);
        let detail = json!({ "invoice": row.id, "method": row.method, "state": row.state, "kopecks": row.amount });
        story.add(row.created_at, StepKind::Decision, "trace-invoice", values, detail);
    }
    for row in tx.trace_payments(corr).await? {
        // Of a transfer only the credit is taken back: nothing was sent to anybody.
        let state = match (row.method, row.state) {
            (PayMethod::Sbp, PaymentState::Refunded) => "taken_back",
            (_, state) => state.as_str(),
        };
        let values = Args::new().with("id", row.id.short()).with("state", state).with("amount", row.amount);
        let detail = json!({ "payment": row.id, "method": row.method, "state": row.state, "kopecks": row.amount,
                             "decided_at": row.decided_at });
        story.add(row.created_at, StepKind::Payment, "trace-payment", values, detail);
    }
    for row in tx.trace_acts(corr).await? {
        let values = Args::new().with("action", &row.action).with("object", &row.object);
        let detail = json!({ "audit": row.seq, "action": row.action, "object": row.object });
        story.add(row.at, StepKind::Decision, "trace-act", values, detail);
    }
    Ok(())
}

/// The update that a recorded message answers: its key says so.
fn update_of(key: &str) -> Option<UpdateId> {
    let number = key.strip_prefix("upd:")?;
    number.split(':').next()?.parse().ok().map(UpdateId)
}

struct Story(Vec<Step>);

impl Story {
    fn add(&mut self, at: UnixMs, kind: StepKind, key: &'static str, values: Args, detail: Value) {
        self.0.push(Step { at, kind, said: Said { key: key.into(), values }, detail });
    }

    fn generation(&mut self, row: &TracedGeneration) {
        let id = row.id.short();
        let values = Args::new().with("id", id).with("model", &row.model_id).with("price", row.price);
        let detail = json!({ "generation": row.id, "model": row.model_id, "type": row.gen_type, "payer": row.payer,
                             "price_kopecks": row.price, "charged_kopecks": row.charged, "state": row.state });
        self.add(row.created_at, StepKind::Decision, "trace-generation", values, detail);
        if let Some(at) = row.submitted_at {
            let detail = json!({ "generation": row.id });
            self.add(at, StepKind::Provider, "trace-submitted", Args::new().with("id", id), detail);
        }
        if let (Some(at), Some(task)) = (row.accepted_at, &row.provider_task_id) {
            let values = Args::new().with("task", task);
            let detail = json!({ "generation": row.id, "provider_task_id": task });
            self.add(at, StepKind::Provider, "trace-accepted", values, detail);
        }
        if let Some(at) = row.finished_at {
            let values = Args::new().with("id", id).with("state", row.state.as_str()).with("charged", row.charged);
            // Of a cause only its first word is ours for sure.
            let cause = row.cause.as_deref().map(first_word);
            let detail = json!({ "generation": row.id, "state": row.state, "cause": cause });
            self.add(at, StepKind::Provider, "trace-ended", values, detail);
        }
    }

    fn message(&mut self, row: &TracedMessage) {
        let values = Args::new().with("state", row.state.as_str()).with("n", row.attempt);
        let detail = json!({ "message": row.id, "class": row.class, "state": row.state, "attempts": row.attempt,
                             "message_id": row.message_id, "error": row.error, "sent_at": row.sent_at });
        self.add(row.sent_at.unwrap_or(row.created_at), StepKind::Message, "trace-message", values, detail);
    }
}

fn first_word(cause: &str) -> &str {
    cause.split([':', ' ', '{']).find(|word| !word.is_empty()).unwrap_or_default()
}

impl Trace {
    /// For programs.
    pub fn as_json(&self, words: Words<'_>) -> Value {
        let step = |step: &Step| {
            json!({ "at": step.at, "kind": step.kind.as_str(), "detail": step.detail,
                    "what": words.plain(&step.said.key, step.said.values.clone()) })
        };
        json!({ "corr": self.corr, "steps": self.steps.iter().map(step).collect::<Vec<_>>() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_of_an_answer_names_its_update() {
        assert_eq!(update_of("upd:42:0"), Some(UpdateId(42)));
        assert_eq!(update_of("upd:42"), Some(UpdateId(42)));
        assert_eq!(update_of("gen:abc:ended"), None);
    }
}
