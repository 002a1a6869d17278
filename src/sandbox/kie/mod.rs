//! The fake KIE: market jobs, the older dedicated families, account, uploads and result files, as facts/kie-api.md
//! describes the real service. Business errors come with HTTP 200 and a `code` of their own.

mod account;
mod callback;
mod create;
mod envelope;
mod families;
mod files;
mod picture;
mod record;
mod results;
mod scenes;
mod sound;
mod task;
mod upload;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use bytes::Bytes;
use tokio::sync::Semaphore;

use super::settings::KieSettings;
use super::wire::{KieTuning, TaskInfo};
use super::world::{World, lock};
use task::{Account, Kept, Task};

pub(crate) use create::resume;
pub(crate) use task::Kept as KeptKie;

/// Uploads and drawn results kept in memory.
const UPLOAD_BYTES: usize = 256 * 1024 * 1024;
const DRAWN_BYTES: usize = 64 * 1024 * 1024;

/// The fake provider's state.
pub(crate) struct Kie {
    inner: Mutex<Inner>,
    /// Drawing is CPU work: two at a time.
    pub drawing: Semaphore,
}

/// What the lock guards.
pub(crate) struct Inner {
    pub accounts: HashMap<String, Account>,
    pub tasks: HashMap<String, Task>,
    order: VecDeque<String>,
    keep: usize,
    pub delay: Duration,
    pub hmac_key: Option<String>,
    pub prices: BTreeMap<String, f64>,
    pub uploads: Store,
    pub drawn: Store,
}

/// Named bytes with a cap: the oldest leave.
pub(crate) struct Store {
    cap: usize,
    total: usize,
    order: VecDeque<String>,
    files: HashMap<String, (String, Bytes)>,
}

impl Store {
    fn new(cap: usize) -> Self {
        Self { cap, total: 0, order: VecDeque::new(), files: HashMap::new() }
    }

    /// Adds or replaces a file.
    pub(crate) fn put(&mut self, name: &str, mime: &str, bytes: Bytes) {
        if let Some((_, old)) = self.files.remove(name) {
            self.total -= old.len();
            self.order.retain(|n| n != name);
        }
        self.total += bytes.len();
        self.order.push_back(name.to_owned());
        self.files.insert(name.to_owned(), (mime.to_owned(), bytes));
        while self.total > self.cap && self.order.len() > 1 {
            if let Some((_, gone)) = self.order.pop_front().and_then(|oldest| self.files.remove(&oldest)) {
                self.total -= gone.len();
            }
        }
    }

    /// MIME type and bytes.
    pub(crate) fn get(&self, name: &str) -> Option<(String, Bytes)> {
        self.files.get(name).cloned()
    }
}

impl Kie {
    /// Fresh, with the keys of the settings.
    pub(crate) fn new(settings: &KieSettings) -> Self {
        let inner = Inner {
            accounts: settings.keys.iter().map(|(key, credits)| (key.clone(), Account::with(*credits))).collect(),
            tasks: HashMap::new(),
            order: VecDeque::new(),
            keep: settings.keep_tasks.max(1),
            delay: settings.delay,
            hmac_key: settings.hmac_key.clone(),
            prices: settings.prices.clone(),
            uploads: Store::new(UPLOAD_BYTES),
            drawn: Store::new(DRAWN_BYTES),
        };
        Self { inner: Mutex::new(inner), drawing: Semaphore::new(2) }
    }

    /// The state. Never hold it over an await.
    pub(crate) fn inner(&self) -> MutexGuard<'_, Inner> {
        lock(&self.inner)
    }

    /// Applies changes from the control API.
    pub(crate) fn tune(&self, tuning: KieTuning) {
        let mut inner = self.inner();
        if let Some(ms) = tuning.delay_ms {
            inner.delay = Duration::from_millis(ms);
        }
        if let Some(key) = tuning.hmac_key {
            inner.hmac_key = Some(key).filter(|key| !key.is_empty());
        }
        for (key, credits) in tuning.keys {
            inner.accounts.entry(key).or_default().milli = task::milli(credits);
        }
        inner.prices.extend(tuning.prices);
    }

    /// All remembered tasks, oldest first.
    pub(crate) fn list(&self, now: i64) -> Vec<TaskInfo> {
        let inner = self.inner();
        inner.order.iter().filter_map(|id| inner.tasks.get(id)).map(|task| task.info(now)).collect()
    }

    /// What a snapshot keeps.
    pub(crate) fn kept(&self) -> Kept {
        let inner = self.inner();
        let tasks = inner.order.iter().filter_map(|id| inner.tasks.get(id).cloned()).collect();
        let credits = inner.accounts.iter().map(|(key, account)| (key.clone(), account.milli)).collect();
        Kept { tasks, credits }
    }

    /// Puts an earlier run's state back; keys named in the settings keep what they had left.
    pub(crate) fn restore(&self, kept: Kept) {
        let mut inner = self.inner();
        for (key, milli) in kept.credits {
            inner.accounts.entry(key).or_default().milli = milli;
        }
        for task in kept.tasks {
            inner.add(task);
        }
    }
}

impl Inner {
    /// Remembers a task and forgets the oldest over the cap.
    pub(crate) fn add(&mut self, task: Task) {
        self.order.push_back(task.id.clone());
        self.tasks.insert(task.id.clone(), task);
        while self.order.len() > self.keep {
            if let Some(oldest) = self.order.pop_front() {
                self.tasks.remove(&oldest);
            }
        }
    }
}

/// Routes of the fake KIE, of its upload host and of its file host.
pub(crate) fn router() -> Router<Arc<World>> {
    Router::new()
        .route("/api/v1/jobs/createTask", post(create::jobs))
        .route("/api/v1/jobs/recordInfo", get(record::jobs))
        .route("/api/v1/veo/generate", post(create::veo))
        .route("/api/v1/veo/record-info", get(record::veo))
        .route("/api/v1/generate", post(create::suno))
        .route("/api/v1/generate/record-info", get(record::suno))
        .route("/api/v1/gpt4o-image/generate", post(create::gpt4o))
        .route("/api/v1/gpt4o-image/record-info", get(record::gpt4o))
        .route("/api/v1/gpt4o-image/download-url", post(account::download_url))
        .route("/api/v1/flux/kontext/generate", post(create::flux))
        .route("/api/v1/flux/kontext/record-info", get(record::flux))
        .route("/api/v1/runway/generate", post(create::runway))
        .route("/api/v1/runway/record-detail", get(record::runway))
        .route("/api/v1/chat/credit", get(account::credit))
        .route("/api/v1/common/download-url", post(account::download_url))
        .route("/api/file-stream-upload", post(upload::stream))
        .route("/api/file-base64-upload", post(upload::base64))
        .route("/api/file-url-upload", post(upload::by_url))
        .route("/files/results/{name}", get(files::result))
        .route("/files/uploads/{*path}", get(files::uploaded))
        .layer(DefaultBodyLimit::max(UPLOAD_BYTES))
}
