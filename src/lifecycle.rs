//! Start and stop: the only place that spawns tasks, watches them and ends them.
//!
//! A stop has two steps. The *soft* token says "take nothing new, finish what you hold": loops look at it between two
//! pieces of work. When the grace is over, or a second signal comes, the *hard* token drops what still runs. A task's
//! panic is never lost: it is logged with the task's name and counted, and a supervised task starts again within a second
//! (reliability.md F10, F31, 3.9).
//!
//! ```ignore
//! let tasks = Tasks::new();
//! let soft = tasks.soft();
//! tasks.spawn_supervised("outbox_sweep", move || sweep(store.clone(), soft.clone()));
//! tasks.wait_for_signal().await?;
//! tasks.shutdown(Duration::from_secs(25)).await;
//! ```

pub mod crash;
mod poison;
mod table;

use std::any::Any;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt as _;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::Instrument as _;

use poison::Poison;
use table::{Care, RESTARTS_ALLOWED, Table};
pub use table::{Health, TaskHealth};

/// How long a dropped task may take to unwind after the hard stop.
const UNWIND: Duration = Duration::from_secs(2);
/// What a process gets whose file would grow over the limit that it was given (`ulimit -f`); without a handler it dies of it.
const SIGXFSZ: i32 = 25;

/// How fast the supervisor works.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// The wait before the first restart; it doubles with every restart of the last window.
    pub restart_min: Duration,
    /// The longest wait before a restart.
    pub restart_max: Duration,
    /// The time in which more than 3 restarts are too many.
    pub window: Duration,
}

impl Default for Pace {
    /// What reliability.md F31 asks for: back within a second, at most 3 restarts a minute.
    fn default() -> Self {
        Self {
            restart_min: Duration::from_millis(100),
            restart_max: Duration::from_secs(1),
            window: Duration::from_mins(1),
        }
    }
}

/// Every task of the process. Cheap to clone; clones share the same tasks and tokens.
#[derive(Clone, Debug, Default)]
pub struct Tasks(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    pace: Pace,
    tracker: TaskTracker,
    soft: CancellationToken,
    hard: CancellationToken,
    table: Table,
    poison: Poison,
}

/// A task was refused because as many as allowed already run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{limit} tasks named {name} already run")]
pub struct AtLimit {
    /// The tasks' name.
    pub name: &'static str,
    /// How many may run at once.
    pub limit: usize,
}

/// How a shutdown ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stopped {
    /// Every task finished by itself.
    Clean,
    /// These were still running when the grace was over and were dropped.
    Cut(Vec<String>),
}

impl Tasks {
    /// No tasks yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// With another pace than the default one.
    pub fn with_pace(pace: Pace) -> Self {
        Self(Arc::new(Inner { pace, ..Inner::default() }))
    }

    /// Cancelled when the process should take no new work.
    pub fn soft(&self) -> CancellationToken {
        self.0.soft.clone()
    }

    /// Cancelled when running work is dropped.
    pub fn hard(&self) -> CancellationToken {
        self.0.hard.clone()
    }

    /// Runs `future` once. It keeps the spans it was spawned in, so its log lines carry the tenant and the correlation id.
    pub fn spawn(&self, name: &'static str, future: impl Future<Output = ()> + Send + 'static) {
        self.0.table.start(name, usize::MAX);
        self.track_once(name, future);
    }

    /// Like [`Tasks::spawn`], unless `limit` tasks of this name already run.
    pub fn spawn_bounded(
        &self,
        name: &'static str,
        limit: usize,
        future: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), AtLimit> {
        if self.0.table.start(name, limit) {
            self.track_once(name, future);
            Ok(())
        } else {
            Err(AtLimit { name, limit })
        }
    }

    /// Keeps a loop alive until the soft stop: when the future panics or returns early it is made anew within a second.
    /// The future should watch [`Tasks::soft`] and return soon after it.
    pub fn spawn_supervised<F, Fut>(&self, name: &'static str, make: F)
    where
        F: FnMut() -> Fut + Send + 'static,
        Fut: Future<Output = ()> + Send + 'static,
    {
        self.track(Supervised { kind: name, name: name.to_owned(), care: Care::Supervised, stop: self.soft(), make });
    }

    /// Like [`Tasks::spawn_supervised`] for one part of many (a tenant's poller): ends for good when `stop` is cancelled,
    /// is listed as `kind/part` while it runs, and its restarts leave the process ready. Make `stop` a child of the soft
    /// token.
    pub fn spawn_supervised_part<F, Fut>(&self, kind: &'static str, part: &str, stop: CancellationToken, make: F)
    where
        F: FnMut() -> Fut + Send + 'static,
        Fut: Future<Output = ()> + Send + 'static,
    {
        self.track(Supervised { kind, name: format!("{kind}/{part}"), care: Care::Part, stop, make });
    }

    /// Has a running supervised task panic at its next turn: for the tests of reliability.md F31.
    #[doc(hidden)]
    pub fn poison(&self, name: &str) {
        self.0.poison.put(name);
    }

    /// What runs and how well.
    pub fn health(&self) -> Health {
        self.0.table.health(self.0.pace.window, self.0.soft.is_cancelled())
    }

    /// Waits for SIGTERM or SIGINT and returns its name. From then on a second signal is the hard stop.
    pub async fn wait_for_signal(&self) -> std::io::Result<&'static str> {
        // A file that may not grow is an error of the write, as a full disk is, and not the end of the process.
        let _too_large = signal(SignalKind::from_raw(SIGXFSZ))?;
        let mut term = signal(SignalKind::terminate())?;
        let mut int = signal(SignalKind::interrupt())?;
        let first = tokio::select! {
            _ = term.recv() => "SIGTERM",
            _ = int.recv() => "SIGINT",
        };
        tracing::info!(signal = first, "stopping; a second signal stops at once");
        let hard = self.hard();
        // Not tracked: it waits for somebody's finger and must not hold up the stop.
        detach(async move {
            tokio::select! {
                _ = term.recv() => {}
                _ = int.recv() => {}
            }
            tracing::warn!("second signal: stopping at once");
            hard.cancel();
        });
        Ok(first)
    }

    /// Soft stop, then at most `grace` for the tasks to finish, then the hard stop.
    pub async fn shutdown(&self, grace: Duration) -> Stopped {
        self.0.soft.cancel();
        self.0.tracker.close();
        tokio::select! {
            () = self.0.tracker.wait() => {}
            () = self.0.hard.cancelled() => {}
            () = tokio::time::sleep(grace) => {}
        }
        self.0.hard.cancel();
        if tokio::time::timeout(UNWIND, self.0.tracker.wait()).await.is_err() {
            tracing::error!("a task blocks its thread and cannot be dropped");
        }
        let cut = self.0.table.not_finished();
        if cut.is_empty() {
            return Stopped::Clean;
        }
        tracing::warn!(tasks = ?cut, "tasks that did not finish in time were dropped");
        Stopped::Cut(cut)
    }

    fn track_once(&self, name: &'static str, future: impl Future<Output = ()> + Send + 'static) {
        let (tasks, hard) = (self.clone(), self.hard());
        let run = async move {
            let _running = Running { table: &tasks.0.table, name };
            tokio::select! {
                biased;
                () = hard.cancelled() => tasks.0.table.cut(name),
                end = AssertUnwindSafe(future).catch_unwind() => if let Err(panic) = end {
                    tasks.panicked(name, name, panic.as_ref());
                },
            }
        };
        detach(self.0.tracker.track_future(run.in_current_span()));
    }

    fn track<F, Fut>(&self, task: Supervised<F>)
    where
        F: FnMut() -> Fut + Send + 'static,
        Fut: Future<Output = ()> + Send + 'static,
    {
        let (tasks, hard) = (self.clone(), self.hard());
        self.0.table.register(&task.name, task.care);
        let run = async move {
            let name = task.name.clone();
            tokio::select! {
                biased;
                () = hard.cancelled() => tasks.0.table.cut(&name),
                () = tasks.supervise(task) => {}
            }
            tasks.0.table.forget_part(&name);
        };
        detach(self.0.tracker.track_future(run.in_current_span()));
    }

    async fn supervise<F, Fut>(&self, mut task: Supervised<F>)
    where
        F: FnMut() -> Fut + Send,
        Fut: Future<Output = ()> + Send,
    {
        loop {
            self.0.table.start(&task.name, usize::MAX);
            let end = {
                let _running = Running { table: &self.0.table, name: &task.name };
                // The call that makes the future is inside, so its panic is caught as well.
                let work = async {
                    tokio::select! {
                        () = (task.make)() => {}
                        () = self.0.poison.taken(&task.name) => std::panic::resume_unwind(Box::new("planted")),
                    }
                };
                AssertUnwindSafe(work).catch_unwind().await
            };
            if task.stop.is_cancelled() {
                if let Err(panic) = end {
                    self.panicked(task.kind, &task.name, panic.as_ref());
                }
                return;
            }
            if let Err(panic) = end {
                self.panicked(task.kind, &task.name, panic.as_ref());
            } else {
                tracing::error!(task = %task.name, "a task that should run for ever returned");
            }
            let pause = self.restarted(&task);
            tokio::select! {
                () = task.stop.cancelled() => return,
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    fn panicked(&self, kind: &'static str, name: &str, panic: &(dyn Any + Send)) {
        self.0.table.panicked(name);
        metrics::counter!("botyard_task_panics_total", "task" => kind).increment(1);
        tracing::error!(task = name, panic = panic_text(panic), "task panicked");
    }

    /// Counts a restart and says how long to wait before it: longer with every restart of the last minute.
    fn restarted<F>(&self, task: &Supervised<F>) -> Duration {
        metrics::counter!("botyard_task_restarts_total", "task" => task.kind).increment(1);
        let recent = self.0.table.restarted(&task.name, self.0.pace.window);
        if recent == RESTARTS_ALLOWED + 1 {
            tracing::error!(task = %task.name, "task restarts more than 3 times a minute");
        }
        let pace = self.0.pace;
        pace.restart_min.saturating_mul(1 << recent.saturating_sub(1).min(6)).min(pace.restart_max)
    }
}

struct Supervised<F> {
    kind: &'static str,
    name: String,
    care: Care,
    stop: CancellationToken,
    make: F,
}

/// Counts a task as running until it is dropped, however it ends.
struct Running<'a> {
    table: &'a Table,
    name: &'a str,
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.table.end(self.name);
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the one place that spawns")]
fn detach(future: impl Future<Output = ()> + Send + 'static) {
    tokio::spawn(future);
}

/// What a panic said, if it said it in words.
pub(crate) fn panic_text(panic: &(dyn Any + Send)) -> &str {
    panic
        .downcast_ref::<&'static str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("(no text)")
}

#[cfg(test)]
mod tests;
