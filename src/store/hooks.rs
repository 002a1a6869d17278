//! A partner's own webhooks: where they want to be told, and every event that is told there (platform.md 6).

use sha2::{Digest as _, Sha256};

use super::rows::{all, maybe, row};
use super::{NewJob, StoreError, TenantTx, on};
use crate::domain::{Corr, HookDeliveryId, HookEvent, HookId, HookState, JobId, Lane, UnixMs};

const HOOK_INSERT: &str = "INSERT INTO webhook_endpoints (bot_instance_id, id, url, secret_sealed, events, created_at)
     VALUES ($1, $2, $3, $4, $5, $6)";
const HOOKS_COUNT: &str = "SELECT COUNT(*) FROM webhook_endpoints WHERE bot_instance_id = $1";
const HOOKS_ALL: &str = "SELECT id, url, secret_sealed, events, created_at, failing_since, disabled_at, disabled_why
     FROM webhook_endpoints WHERE bot_instance_id = $1 ORDER BY created_at, id";
const HOOK_GET: &str = "SELECT id, url, secret_sealed, events, created_at, failing_since, disabled_at, disabled_why
     FROM webhook_endpoints WHERE bot_instance_id = $1 AND id = $2";
const HOOK_DELETE: &str = "DELETE FROM webhook_endpoints WHERE bot_instance_id = $1 AND id = $2";
const HOOK_ENABLE: &str = "UPDATE webhook_endpoints SET disabled_at = NULL, disabled_why = NULL, failing_since = NULL
     WHERE bot_instance_id = $1 AND id = $2 AND disabled_at IS NOT NULL";
const HOOK_SET_SECRET: &str = "UPDATE webhook_endpoints SET secret_sealed = $3 WHERE bot_instance_id = $1 AND id = $2";
const HOOK_DISABLE: &str = "UPDATE webhook_endpoints SET disabled_at = $3, disabled_why = $4
     WHERE bot_instance_id = $1 AND id = $2 AND disabled_at IS NULL";
const HOOK_FAILS: &str = "UPDATE webhook_endpoints SET failing_since = $3
     WHERE bot_instance_id = $1 AND id = $2 AND failing_since IS NULL";
const HOOK_WORKS: &str = "UPDATE webhook_endpoints SET failing_since = NULL
     WHERE bot_instance_id = $1 AND id = $2 AND failing_since IS NOT NULL";
const DELIVERY_INSERT: &str =
    "INSERT INTO webhook_deliveries (bot_instance_id, id, endpoint_id, event_id, event, body, state,
       attempts, created_at, corr) VALUES ($1, $2, $3, $4, $5, $6, 'waiting', 0, $7, $8)
     ON CONFLICT (bot_instance_id, endpoint_id, event_id) DO NOTHING";
const DELIVERY_GET: &str = "SELECT id, endpoint_id, event_id, event, body, state, attempts, status, error, created_at,
       tried_at, finished_at, corr FROM webhook_deliveries WHERE bot_instance_id = $1 AND id = $2";
const DELIVERIES_LISTED: &str =
    "SELECT id, endpoint_id, event_id, event, body, state, attempts, status, error, created_at,
       tried_at, finished_at, corr FROM webhook_deliveries
     WHERE bot_instance_id = $1 AND endpoint_id = $2 AND created_at <= $3 AND (created_at, id) < ($3, $4)
     ORDER BY created_at DESC, id DESC LIMIT $5";
const DELIVERY_TRIED: &str = "UPDATE webhook_deliveries SET attempts = attempts + 1, status = $4, error = $5,
       tried_at = CAST($6 AS BIGINT), state = $3,
       finished_at = CASE WHEN $3 = 'waiting' THEN NULL ELSE CAST($6 AS BIGINT) END
     WHERE bot_instance_id = $1 AND id = $2 AND state = 'waiting'";
const DELIVERY_AGAIN: &str = "UPDATE webhook_deliveries SET state = 'waiting', finished_at = NULL
     WHERE bot_instance_id = $1 AND id = $2 AND state <> 'waiting'";

/// The kind of the job that tells one event to one endpoint.
pub const HOOK_JOB: &str = "hook_send";
/// Tries before an event is given up for an endpoint: about a day and a half with the pauses of the worker.
pub const HOOK_ATTEMPTS: i64 = 12;

row! {
    /// Where a partner wants to be told.
    pub struct HookRow of "webhook_endpoints" by "id" {
        /// Its name.
        pub id: HookId,
        /// The address.
        pub url: String,
        /// What signs, sealed.
        pub secret_sealed: Vec<u8>,
        /// Of what, as words with commas.
        pub events: String,
        /// When it was added.
        pub created_at: UnixMs,
        /// Since when nothing reaches it.
        pub failing_since: Option<UnixMs>,
        /// Since when nothing is sent to it.
        pub disabled_at: Option<UnixMs>,
        /// Why not.
        pub disabled_why: Option<String>,
    }
}

impl HookRow {
    /// Whether it wants to be told of this.
    pub fn wants(&self, event: HookEvent) -> bool {
        self.disabled_at.is_none() && self.events.split(',').any(|word| word == event.as_str())
    }
}

row! {
    /// One event for one endpoint.
    pub struct HookDeliveryRow of "webhook_deliveries" by "id" {
        /// Its name.
        pub id: HookDeliveryId,
        /// For which endpoint.
        pub endpoint_id: HookId,
        /// The event's own name: the same for every endpoint and every repetition.
        pub event_id: String,
        /// Which event.
        pub event: HookEvent,
        /// What is told, as it goes out.
        pub body: String,
        /// Where it stands.
        pub state: HookState,
        /// How often it was tried.
        pub attempts: i64,
        /// What the endpoint answered last.
        pub status: Option<i64>,
        /// What went wrong last.
        pub error: Option<String>,
        /// When the event was.
        pub created_at: UnixMs,
        /// When it was last tried.
        pub tried_at: Option<UnixMs>,
        /// When it ended.
        pub finished_at: Option<UnixMs>,
        /// The story it belongs to.
        pub corr: Corr,
    }
}

/// An endpoint to record.
#[derive(Debug, Clone, Copy)]
pub struct NewHook<'a> {
    /// Its name.
    pub id: &'a HookId,
    /// The address.
    pub url: &'a str,
    /// What signs, sealed.
    pub secret_sealed: &'a [u8],
    /// Of what, as words with commas.
    pub events: &'a str,
}

/// Something that happened.
#[derive(Debug, Clone, Copy)]
pub struct NewHookEvent<'a> {
    /// What.
    pub event: HookEvent,
    /// Names the fact: told twice, it is one event.
    pub fact: &'a str,
    /// What is told of it: JSON.
    pub data: &'a serde_json::Value,
    /// The story it belongs to.
    pub corr: &'a Corr,
}

impl NewHookEvent<'_> {
    /// The event's name, the same whoever records it.
    pub fn id(&self) -> String {
        let digest = Sha256::digest(format!("{}\0{}", self.event.as_str(), self.fact).as_bytes());
        format!("evt_{}", hex::encode(&digest[..12]))
    }

    fn body(&self, now: UnixMs) -> String {
        let at = now.timestamp().to_string();
        serde_json::json!({ "type": self.event.as_str(), "timestamp": at, "data": self.data }).to_string()
    }
}

/// What came of one try.
#[derive(Debug, Clone, Copy)]
pub struct HookTry<'a> {
    /// Where it stands now.
    pub state: HookState,
    /// What the endpoint answered.
    pub status: Option<u16>,
    /// What went wrong.
    pub error: Option<&'a str>,
}

impl TenantTx {
    /// Records an endpoint.
    pub async fn hook_insert(&mut self, new: &NewHook<'_>, now: UnixMs) -> Result<(), StoreError> {
        on!(self.tx, c => sqlx::query(HOOK_INSERT).bind(self.id.as_str()).bind(new.id.as_str()).bind(new.url)
            .bind(new.secret_sealed).bind(new.events).bind(now.0).execute(c).await.map(|_| ()))?;
        Ok(())
    }

    /// How many endpoints there are.
    pub async fn hooks_count(&mut self) -> Result<i64, StoreError> {
        Ok(on!(self.tx, c => sqlx::query_scalar(HOOKS_COUNT).bind(self.id.as_str()).fetch_one(c).await)?)
    }

    /// Every endpoint, the oldest first.
    pub async fn hooks_all(&mut self) -> Result<Vec<HookRow>, StoreError> {
        on!(self.tx, c => all(sqlx::query(HOOKS_ALL).bind(self.id.as_str()).fetch_all(c).await))
    }

    /// One endpoint.
    pub async fn hook_get(&mut self, id: &HookId) -> Result<Option<HookRow>, StoreError> {
        on!(self.tx, c => maybe(sqlx::query(HOOK_GET).bind(self.id.as_str()).bind(id.as_str()).fetch_optional(c).await))
    }

    /// Removes an endpoint with the log of what it was told. `false`: there is none.
    pub async fn hook_delete(&mut self, id: &HookId) -> Result<bool, StoreError> {
        let done = on!(self.tx, c => sqlx::query(HOOK_DELETE).bind(self.id.as_str()).bind(id.as_str()).execute(c).await
            .map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// Sets what signs, sealed. `false`: there is no such endpoint.
    pub async fn hook_set_secret(&mut self, id: &HookId, sealed: &[u8]) -> Result<bool, StoreError> {
        let done = on!(self.tx, c => sqlx::query(HOOK_SET_SECRET).bind(self.id.as_str()).bind(id.as_str()).bind(sealed)
            .execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// Tells an endpoint again that was given up. `false`: it is told already, or there is none.
    pub async fn hook_enable(&mut self, id: &HookId) -> Result<bool, StoreError> {
        let done = on!(self.tx, c => sqlx::query(HOOK_ENABLE).bind(self.id.as_str()).bind(id.as_str()).execute(c).await
            .map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// Gives an endpoint up. `false`: that was done before.
    pub async fn hook_disable(&mut self, id: &HookId, why: &str, now: UnixMs) -> Result<bool, StoreError> {
        let done = on!(self.tx, c => sqlx::query(HOOK_DISABLE).bind(self.id.as_str()).bind(id.as_str()).bind(now.0)
            .bind(why).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// Notes whether an endpoint answers; since when it does not is kept.
    pub async fn hook_note(&mut self, id: &HookId, works: bool, now: UnixMs) -> Result<bool, StoreError> {
        let done = if works {
            on!(self.tx, c => sqlx::query(HOOK_WORKS).bind(self.id.as_str()).bind(id.as_str()).execute(c).await
                .map(|d| d.rows_affected()))?
        } else {
            on!(self.tx, c => sqlx::query(HOOK_FAILS).bind(self.id.as_str()).bind(id.as_str()).bind(now.0).execute(c)
                .await.map(|d| d.rows_affected()))?
        };
        Ok(done == 1)
    }

    /// Records an event for every endpoint that wants it, with the job that tells it. Gives for how many.
    pub async fn hook_event_put(&mut self, new: &NewHookEvent<'_>, now: UnixMs) -> Result<usize, StoreError> {
        let mut told = 0;
        for hook in self.hooks_all().await?.into_iter().filter(|hook| hook.wants(new.event)) {
            if self.hook_event_put_for(&hook.id, new, now).await? {
                told += 1;
            }
        }
        Ok(told)
    }

    /// Records an event for one endpoint, with the job that tells it. `false`: it was recorded before.
    async fn hook_event_put_for(
        &mut self,
        hook: &HookId,
        new: &NewHookEvent<'_>,
        now: UnixMs,
    ) -> Result<bool, StoreError> {
        let (id, event_id, body) = (HookDeliveryId::random(), new.id(), new.body(now));
        let inserted = on!(self.tx, c => sqlx::query(DELIVERY_INSERT).bind(self.id.as_str()).bind(id.as_str())
            .bind(hook.as_str()).bind(&event_id).bind(new.event.as_str()).bind(&body).bind(now.0)
            .bind(new.corr.as_str()).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(inserted == 1 && self.hook_job_put(&id, new.corr, now).await?)
    }

    /// Records a test for one endpoint, whatever it wants to be told, with the job that tells it. `false`: there is none.
    pub async fn hook_test_put(&mut self, hook: &HookId, corr: &Corr, now: UnixMs) -> Result<bool, StoreError> {
        if self.hook_get(hook).await?.is_none() {
            return Ok(false);
        }
        let data = serde_json::json!({ "webhook_id": hook.as_str() });
        let test = NewHookEvent { event: HookEvent::Test, fact: corr.as_str(), data: &data, corr };
        self.hook_event_put_for(hook, &test, now).await
    }

    /// Puts the job that tells an event to its endpoint; one at a time.
    pub async fn hook_job_put(&mut self, id: &HookDeliveryId, corr: &Corr, now: UnixMs) -> Result<bool, StoreError> {
        let new = NewJob {
            id: JobId::random(),
            lane: Lane::Hooks,
            kind: HOOK_JOB,
            dedupe_key: &format!("{HOOK_JOB}:{}", id.short()),
            run_at: now,
            max_attempts: HOOK_ATTEMPTS,
            payload: id.as_str(),
            corr,
        };
        self.job_put(&new, now).await
    }

    /// One event for one endpoint.
    pub async fn hook_delivery_get(&mut self, id: &HookDeliveryId) -> Result<Option<HookDeliveryRow>, StoreError> {
        on!(self.tx, c => maybe(sqlx::query(DELIVERY_GET).bind(self.id.as_str()).bind(id.as_str()).fetch_optional(c)
            .await))
    }

    /// What an endpoint was told, the newest first.
    pub async fn hook_deliveries_listed(
        &mut self,
        hook: &HookId,
        after: &super::After<String>,
        limit: i64,
    ) -> Result<Vec<HookDeliveryRow>, StoreError> {
        on!(self.tx, c => all(sqlx::query(DELIVERIES_LISTED).bind(self.id.as_str()).bind(hook.as_str()).bind(after.at.0)
            .bind(&after.key).bind(limit).fetch_all(c).await))
    }

    /// Notes a try. `false`: it has ended, or there is none.
    pub async fn hook_delivery_tried(
        &mut self,
        id: &HookDeliveryId,
        came: &HookTry<'_>,
        now: UnixMs,
    ) -> Result<bool, StoreError> {
        let done = on!(self.tx, c => sqlx::query(DELIVERY_TRIED).bind(self.id.as_str()).bind(id.as_str())
            .bind(came.state.as_str()).bind(came.status.map(i64::from)).bind(came.error).bind(now.0).execute(c).await
            .map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// Lets an event that ended be told once more. `false`: it is waiting, or there is none.
    pub async fn hook_delivery_again(&mut self, id: &HookDeliveryId) -> Result<bool, StoreError> {
        let done = on!(self.tx, c => sqlx::query(DELIVERY_AGAIN).bind(self.id.as_str()).bind(id.as_str()).execute(c)
            .await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }
}
