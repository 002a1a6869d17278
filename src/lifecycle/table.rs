//! What runs, how often it failed, and whether that is still healthy.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// More restarts than this within the window make the process unhealthy.
pub(super) const RESTARTS_ALLOWED: usize = 3;

/// What `/ready` asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Health {
    /// The soft stop has begun: answer 503 so that traffic goes elsewhere.
    pub stopping: bool,
    /// No supervised task of the process itself restarted more than 3 times within the last minute.
    pub healthy: bool,
    /// By name.
    pub tasks: Vec<TaskHealth>,
}

/// One row of [`Health`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskHealth {
    /// `kind` or `kind/part`.
    pub name: String,
    /// How many run now.
    pub running: usize,
    /// How often it was started, restarts included.
    pub started: u64,
    /// How often it panicked.
    pub panics: u64,
    /// How often the supervisor started it again, after a panic or an early return.
    pub restarts: u64,
    /// Whether it restarted at most 3 times within the last minute.
    pub healthy: bool,
    /// Whether the supervisor starts it again.
    pub supervised: bool,
}

/// Who looks after a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Care {
    /// Nobody: it runs once.
    #[default]
    Once,
    /// The supervisor; its trouble is the process's trouble.
    Supervised,
    /// The supervisor; its trouble is one part's (one tenant's poller) and leaves the process ready.
    Part,
}

#[derive(Debug, Default)]
struct Entry {
    care: Care,
    running: usize,
    started: u64,
    panics: u64,
    restarts: u64,
    recent: VecDeque<Instant>,
    cut: bool,
}

impl Entry {
    fn restarts_within(&mut self, window: Duration, now: Instant) -> usize {
        while self.recent.front().is_some_and(|at| now.duration_since(*at) >= window) {
            self.recent.pop_front();
        }
        self.recent.len()
    }
}

/// Entries by name. The names of parts go when the part ends, so the table stays as small as what runs.
#[derive(Debug, Default)]
pub(super) struct Table(Mutex<BTreeMap<String, Entry>>);

impl Table {
    /// Lists a task that is about to start.
    pub(super) fn register(&self, name: &str, care: Care) {
        self.with(name, |entry| entry.care = care);
    }

    /// Counts a start, unless `limit` of this name already run.
    pub(super) fn start(&self, name: &str, limit: usize) -> bool {
        self.with(name, |entry| {
            let room = entry.running < limit;
            entry.running += usize::from(room);
            entry.started += u64::from(room);
            room
        })
    }

    pub(super) fn end(&self, name: &str) {
        self.with(name, |entry| entry.running = entry.running.saturating_sub(1));
    }

    pub(super) fn panicked(&self, name: &str) {
        self.with(name, |entry| entry.panics += 1);
    }

    /// The hard stop dropped it.
    pub(super) fn cut(&self, name: &str) {
        self.with(name, |entry| entry.cut = true);
    }

    /// Counts a restart; gives how many there were within the window.
    pub(super) fn restarted(&self, name: &str, window: Duration) -> usize {
        let now = Instant::now();
        self.with(name, |entry| {
            entry.restarts += 1;
            entry.recent.push_back(now);
            entry.restarts_within(window, now)
        })
    }

    /// Removes a part that has ended, unless another of the same name runs.
    pub(super) fn forget_part(&self, name: &str) {
        let mut table = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if table.get(name).is_some_and(|entry| entry.care == Care::Part && entry.running == 0 && !entry.cut) {
            table.remove(name);
        }
    }

    /// The names of tasks that were dropped or cannot be.
    pub(super) fn not_finished(&self) -> Vec<String> {
        let table = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        table.iter().filter(|(_, entry)| entry.cut || entry.running > 0).map(|(name, _)| name.clone()).collect()
    }

    pub(super) fn health(&self, window: Duration, stopping: bool) -> Health {
        let now = Instant::now();
        let mut healthy = true;
        let mut table = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let row = |(name, entry): (&String, &mut Entry)| {
            let calm = entry.restarts_within(window, now) <= RESTARTS_ALLOWED;
            healthy &= calm || entry.care == Care::Part;
            TaskHealth {
                name: name.clone(),
                running: entry.running,
                started: entry.started,
                panics: entry.panics,
                restarts: entry.restarts,
                healthy: calm,
                supervised: entry.care != Care::Once,
            }
        };
        let tasks = table.iter_mut().map(row).collect();
        Health { stopping, healthy, tasks }
    }

    fn with<T>(&self, name: &str, change: impl FnOnce(&mut Entry) -> T) -> T {
        let mut table = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(entry) = table.get_mut(name) {
            return change(entry);
        }
        change(table.entry(name.to_owned()).or_default())
    }
}
