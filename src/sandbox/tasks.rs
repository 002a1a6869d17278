//! The sandbox's own tasks: spawned here, cut off and awaited here. The platform's tasks belong to `lifecycle`.

use std::future::Future;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Owner of every task of one sandbox. Cheap to clone.
#[derive(Clone, Default)]
pub(crate) struct Tasks {
    tracker: TaskTracker,
    stop: CancellationToken,
}

impl Tasks {
    /// Runs `work` until it ends or the sandbox stops.
    #[expect(
        clippy::disallowed_methods,
        reason = "the sandbox stands outside the platform and awaits its own tasks in `close`"
    )]
    pub(crate) fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        let stop = self.stop.clone();
        let work = async move {
            tokio::select! {
                () = stop.cancelled() => (),
                () = work => (),
            }
        };
        tokio::spawn(self.tracker.track_future(work));
    }

    /// Cuts every task off without waiting.
    pub(crate) fn cancel(&self) {
        self.stop.cancel();
    }

    /// Cuts every task off and waits until each is gone.
    pub(crate) async fn close(&self) {
        self.stop.cancel();
        self.tracker.close();
        self.tracker.wait().await;
    }
}
