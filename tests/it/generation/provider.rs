//! The sandbox's provider behind the real clients, and the jobs run by hand.

use std::time::Duration;

use botyard::clients::http::{Http, HttpSettings};
use botyard::clients::kie::Kie;
use botyard::clients::media::{Downloader, Limits};
use botyard::config::HostPort;
use botyard::domain::{GenerationId, GenerationState as State};
use botyard::generation::{Ctx, DownloadLanes, MediaStore, Submitted, Watched, submit, watch};
use botyard::locks::Locks;
use botyard::sandbox::wire::{FaultAnswer, KieFault, KieTuning, Outcome, TaskFault, TaskInfo};
use botyard::sandbox::{KieSettings, Sandbox, SandboxClient, SandboxSettings};
use botyard::store::GenerationRow;

use super::world::{KEY, World};

/// A world with a provider.
pub(crate) struct Provider {
    pub(crate) world: World,
    pub(crate) hand: SandboxClient,
    pub(crate) media: MediaStore,
    kie: Kie,
    downloader: Downloader,
    downloads: DownloadLanes,
    locks: Locks,
    _sandbox: Sandbox,
    folder: tempfile::TempDir,
}

impl Provider {
    pub(crate) async fn new(world: World) -> Self {
        let kie = KieSettings {
            delay: Duration::from_millis(20),
            keys: [(KEY.to_owned(), 10_000.0)].into(),
            create_limit: None,
            picture_side: 64,
            ..KieSettings::default()
        };
        let sandbox = Sandbox::start(SandboxSettings { kie, ..SandboxSettings::default() }).await.unwrap();
        let url: url::Url = sandbox.kie_url().parse().unwrap();
        let allow = vec![HostPort { host: "127.0.0.1".to_owned(), port: url.port().unwrap() }];
        let folder = tempfile::tempdir().unwrap();
        Self {
            hand: sandbox.client(),
            media: MediaStore::folder(folder.path()),
            kie: Kie::new(Http::new(&HttpSettings::default()).unwrap(), url.clone(), url),
            downloader: Downloader::new(Limits { allow, ..Limits::default() }).unwrap(),
            downloads: DownloadLanes::new(4),
            locks: Locks::memory(botyard::domain::Clock::system()),
            world,
            _sandbox: sandbox,
            folder,
        }
    }

    pub(crate) fn ctx(&self) -> Ctx<'_> {
        Ctx {
            db: &self.world.db,
            catalog: self.world.catalog,
            settings: &self.world.settings,
            clock: &self.world.clock,
            locks: &self.locks,
            kie: &self.kie,
            downloader: &self.downloader,
            downloads: &self.downloads,
            media: &self.media,
            // Nobody listens there: callbacks are handed over by the tests.
            public_url: "http://127.0.0.1:9",
        }
    }

    pub(crate) async fn submit(&self, id: &GenerationId) -> Submitted {
        submit(&self.ctx(), &self.world.tenant, id).await.unwrap()
    }

    pub(crate) async fn watch(&self, id: &GenerationId) -> Watched {
        watch(&self.ctx(), &self.world.tenant, id).await.unwrap()
    }

    /// Watches until the generation is in a state; the provider's time passes, the platform's stands still.
    pub(crate) async fn watch_until(&self, id: &GenerationId, state: State) -> GenerationRow {
        for _ in 0..400 {
            self.watch(id).await;
            let row = self.world.row(id).await;
            if row.state == state {
                return row;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("never {state:?}: {:?}", self.world.row(id).await.state);
    }

    /// The provider's tasks have all ended there.
    pub(crate) async fn provider_done(&self) {
        for _ in 0..400 {
            let tasks = self.tasks().await;
            if tasks.iter().all(|task| matches!(task.state.as_str(), "success" | "fail")) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("the provider never ends: {:?}", self.tasks().await);
    }

    pub(crate) async fn tasks(&self) -> Vec<TaskInfo> {
        self.hand.kie_tasks().await.unwrap()
    }

    /// The next tasks end so.
    pub(crate) async fn next_task(&self, outcome: Outcome) {
        let task = TaskFault { outcome, ..TaskFault::default() };
        self.hand.inject_kie(&KieFault { task: Some(task), times: 1, ..KieFault::default() }).await.unwrap();
    }

    /// The next `times` requests of a path get a business code with HTTP 200.
    pub(crate) async fn next_code(&self, path: &str, code: i64, times: u32) {
        let fault = KieFault { path: Some(path.to_owned()), code: Some(code), times, ..KieFault::default() };
        self.hand.inject_kie(&fault).await.unwrap();
    }

    /// The next request of a path gets this HTTP answer.
    pub(crate) async fn next_answer(&self, path: &str, answer: FaultAnswer, times: u32) {
        let fault = KieFault { path: Some(path.to_owned()), answer, times, ..KieFault::default() };
        self.hand.inject_kie(&fault).await.unwrap();
    }

    /// How long tasks take from now on.
    pub(crate) async fn tasks_take(&self, ms: u64) {
        self.hand.tune_kie(&KieTuning { delay_ms: Some(ms), ..KieTuning::default() }).await.unwrap();
    }

    /// Files that lie in the store.
    pub(crate) fn files(&self) -> usize {
        let folder = self.folder.path().join("media").join(self.world.tenant.id.as_str());
        std::fs::read_dir(folder).map_or(0, Iterator::count)
    }
}
