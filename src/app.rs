//! The composition root: settings in, a running platform out. Everything that lives as long as the process is made here, once,
//! and stopped here.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use rand::RngExt as _;

use crate::bot::{ChatQueues, Platform};
use crate::catalog::Catalog;
use crate::clients::hooks::HookClient;
use crate::clients::media::Limits as MediaLimits;
use crate::clients::otlp::Collector;
use crate::clients::telegram::Rates;
use crate::clients::{Downloader, Http, HttpBuildError, HttpSettings, Kie, Ocr, Telegram, Timeouts};
use crate::config::{DatabaseUrl, Settings};
use crate::diagnostics::runs::preflight_all_run;
use crate::diagnostics::shown;
use crate::domain::{Clock, Lane, Language, ReportAsker};
use crate::generation::{DownloadLanes, MediaError, MediaStore};
use crate::lifecycle::{Stopped, Tasks};
use crate::locks::{BadRedisUrl, Locks};
use crate::signals::{Signals, Wakes};
use crate::store::{CHECK_VALUE, Db, OpenError, PoolSettings, StoreError};
use crate::tenants::Registry;
use crate::tenants::apply::{ApplyError, apply};
use crate::tenants::file::{FileProblem, TenantsFile};
use crate::tenants::onboard::Manager;
use crate::tenants::tenant::TenantError;
use crate::texts::{TextError, Texts};
use crate::vault::{MasterKey, MasterKeys, Sealed, Vault, VaultError};
use crate::web::listener::{BindError, Limits, Listener};
use crate::worker::boot as worker_boot;
use crate::worker::pace::SendPace;
use crate::worker::{
    Workers, alerts, answers, auditor, broadcast, checkouts, figures, heartbeat, platform_bot, registrar, retention,
    runner, sender, spans, sweeper, till, unrecorded, watch,
};
use crate::{telemetry, web};

/// Who applies the tenants file.
const FILE_LEASE: &str = "tenants_file";
/// How often a process that waits for another's tenants file looks.
const FILE_GLANCE: Duration = Duration::from_millis(200);

/// Why the platform did not start. Each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The database.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// A statement.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The master key.
    #[error("BOTYARD_MASTER_KEY: {0}")]
    Vault(#[from] VaultError),
    /// The second master key.
    #[error("BOTYARD_MASTER_KEY_SECOND: {0}")]
    SecondKey(VaultError),
    /// None of the keys is the one that the database is under.
    #[error(
        "BOTYARD_MASTER_KEY: {0}; give the key that this database is under. If the master key was changed after this copy of the \
         database was made, give the key of then as BOTYARD_MASTER_KEY_SECOND and run `botyard keys rotate`"
    )]
    WrongKey(VaultError),
    /// An address.
    #[error(transparent)]
    Bind(#[from] BindError),
    /// Redis.
    #[error("REDIS_URL: {0}")]
    Redis(#[from] BadRedisUrl),
    /// The embedded catalog.
    #[error("the catalog: {0}")]
    Catalog(String),
    /// The embedded texts.
    #[error("the texts: {0}")]
    Texts(#[from] TextError),
    /// TLS.
    #[error(transparent)]
    Http(#[from] HttpBuildError),
    /// The tenants file.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    TenantsFile(Vec<FileProblem>),
    /// The tenants file could not be applied.
    #[error(transparent)]
    Apply(#[from] ApplyError),
    /// Stored tenants.
    #[error(transparent)]
    Tenant(#[from] TenantError),
    /// Files.
    #[error("the media store cannot be used: {0}")]
    Media(#[from] MediaError),
    /// The data folder.
    #[error("the data folder {0} cannot be used: {1}")]
    Data(String, std::io::Error),
}

/// Database and keys: what every command that touches data needs.
pub struct Ground {
    /// Rows, migrated.
    pub db: Db,
    /// Keys.
    pub vault: Arc<Vault>,
    /// What the operator should know.
    pub warnings: Vec<String>,
}

/// A running platform.
pub struct App {
    /// Shared parts.
    pub platform: Arc<Platform>,
    /// Workers' parts.
    pub workers: Arc<Workers>,
    /// Where webhooks, callbacks and the panel listen.
    pub address: SocketAddr,
    /// Where metrics and health listen.
    pub admin_address: SocketAddr,
    tasks: Tasks,
}

/// Opens the database the settings name, and changes nothing in it.
pub async fn open(settings: &Settings) -> Result<Db, StartError> {
    let url = settings.database_url();
    Ok(Db::open(&address(&url), &pools(settings, &url)).await?)
}

/// Brings the schema up to date, unless the login stands above the walls between tenants.
pub async fn migrate(settings: &Settings, db: &Db) -> Result<(), StartError> {
    if !settings.database.allow_superuser {
        db.check_walls().await?;
    }
    Ok(db.migrate().await?)
}

/// Opens the vault with the master keys of the settings; gives what its operator should know, too. Beside SQLite a first
/// start makes the key.
pub async fn vault(settings: &Settings, db: &Db) -> Result<(Vault, Vec<String>), StartError> {
    let (keys, warnings) = master_keys(settings, settings.database_url().is_sqlite())?;
    let again = || Ok(master_keys(settings, false)?.0);
    Ok((open_vault(db, keys, again).await?, warnings))
}

/// The master keys of the settings, and what their operator should know. Beside a second key none is made: the first one was
/// put away by mistake.
pub fn master_keys(settings: &Settings, may_generate: bool) -> Result<(MasterKeys, Vec<String>), StartError> {
    let data = &settings.files.data;
    let source = settings.second_master_key.as_ref();
    let first = MasterKey::load(&settings.master_key, data, may_generate && source.is_none())?;
    let second =
        source.map(|source| MasterKey::load(source, data, false)).transpose().map_err(StartError::SecondKey)?;
    let mut warnings = first.warnings;
    let second = second.map(|second| {
        warnings.extend(second.warnings);
        if second.key.id() == first.key.id() {
            warnings.push("BOTYARD_MASTER_KEY_SECOND is the same key as BOTYARD_MASTER_KEY: take it out".to_owned());
        }
        second.key
    });
    Ok((MasterKeys::new(first.key, second), warnings))
}

/// Opens the database, brings its schema up to date and opens the vault.
pub async fn ground(settings: &Settings) -> Result<Ground, StartError> {
    let data = &settings.files.data;
    std::fs::create_dir_all(data).map_err(|e| StartError::Data(data.display().to_string(), e))?;
    let db = open(settings).await?;
    migrate(settings, &db).await?;
    let (vault, more) = vault(settings, &db).await?;
    let mut warnings = settings.warnings.clone();
    warnings.extend(more);
    Ok(Ground { db, vault: Arc::new(vault), warnings })
}

/// The first start makes the check value; of two first starts at once one wins and the other re-reads.
async fn open_vault(
    db: &Db,
    keys: MasterKeys,
    again: impl FnOnce() -> Result<MasterKeys, StartError>,
) -> Result<Vault, StartError> {
    let mut tx = db.platform().await?;
    if let Some(check) = tx.meta_get(CHECK_VALUE).await? {
        tx.commit().await?;
        return with_right_key(keys, check);
    }
    let (vault, check) = Vault::create(keys)?;
    let stored = tx.meta_put_if_absent(CHECK_VALUE, check.as_bytes()).await?;
    tx.commit().await?;
    if stored == check.as_bytes() { Ok(vault) } else { with_right_key(again()?, stored) }
}

fn with_right_key(keys: MasterKeys, check: Vec<u8>) -> Result<Vault, StartError> {
    Vault::open(keys, &Sealed::from_bytes(check)).map_err(|error| match error {
        VaultError::OtherKey { .. } => StartError::WrongKey(error),
        error => StartError::Vault(error),
    })
}

fn address(url: &DatabaseUrl) -> String {
    match url {
        DatabaseUrl::Sqlite(path) => format!("sqlite:{}", path.display()),
        DatabaseUrl::Postgres(url) => url.expose().to_owned(),
    }
}

fn pools(settings: &Settings, url: &DatabaseUrl) -> PoolSettings {
    let db = &settings.database;
    PoolSettings {
        connections: db.webhook_connections + db.worker_connections + db.panel_connections,
        wait: db.acquire_timeout,
        lock: if url.is_sqlite() { db.busy_timeout } else { db.lock_timeout },
        statement: db.statement_timeout,
    }
}

/// The addresses, taken before anything slow: whoever cannot have them says so at once.
pub struct Ports {
    main: Listener,
    admin: Listener,
}

impl Ports {
    /// Takes both.
    pub async fn take(settings: &Settings) -> Result<Self, StartError> {
        let main = Listener::bind("BOTYARD_LISTEN", settings.server.listen, Limits::from(&settings.server)).await?;
        let admin =
            Listener::bind("BOTYARD_ADMIN_LISTEN", settings.admin.listen, Limits::from(&settings.server)).await?;
        Ok(Self { main, admin })
    }
}

impl App {
    /// Starts everything: ports first, then data, then work; returns when webhooks are taken.
    pub async fn start(settings: Settings, clock: Clock, metrics: telemetry::Metrics) -> Result<Self, StartError> {
        Box::pin(Self::start_on(Ports::take(&settings).await?, settings, clock, metrics)).await
    }

    /// The same on addresses that are taken already.
    pub async fn start_on(
        ports: Ports,
        settings: Settings,
        clock: Clock,
        metrics: telemetry::Metrics,
    ) -> Result<Self, StartError> {
        let Ports { main: listen, admin } = ports;
        let tasks = Tasks::new();
        let ground = ground(&settings).await?;
        for warning in &ground.warnings {
            tracing::warn!("{warning}");
        }
        let (signals, wakes) = Signals::new();
        let platform = Arc::new(platform(settings, &ground, &tasks, signals, clock)?);
        load_tenants(&platform).await?;
        let workers = Arc::new(workers(&platform, &tasks, listen.local_addr())?);
        let (address, admin_address) = (listen.local_addr(), admin.local_addr());
        let boot = web::BootSlot::default();
        let state = web::WebState::new(web::Parts {
            platform: platform.clone(),
            tasks: tasks.clone(),
            metrics: metrics.clone(),
            public_url: platform.settings.public_url(listen.local_addr()),
            telegram: workers.telegram.clone(),
            media: workers.media.clone(),
            instance: workers.instance.clone(),
            boot: boot.clone(),
        });
        Box::pin(workers.media.look()).await?;
        first_preflight(&workers);
        let soft = tasks.soft();
        tasks.spawn_supervised("metrics", move || {
            let (metrics, soft) = (metrics.clone(), soft.clone());
            async move {
                tokio::select! {
                    () = soft.cancelled() => {}
                    () = metrics.keep_up() => {}
                }
            }
        });
        listen.serve("web", web::router::main(&state), &tasks);
        admin.serve("admin", web::router::admin(&state), &tasks);
        start_workers(&workers, wakes);
        send_spans(&workers)?;
        let (w, now) = (workers.clone(), workers.platform.clock.now());
        tasks.spawn("boot_report", async move {
            let made = Box::pin(worker_boot::report(&w, address, admin_address));
            if let Some(report) = w.tasks.soft().run_until_cancelled(made).await {
                // Set once: whoever else would have made it made the same.
                let _ = boot.set((now, report));
            }
        });
        Ok(Self { platform, workers, address, admin_address, tasks })
    }

    /// Applies the tenants file anew, if there is one, and takes up what changed. On an error nothing changed.
    pub async fn reload_tenants(platform: &Platform) -> Result<(), StartError> {
        load_tenants(platform).await
    }

    /// The tasks of this process.
    pub fn tasks(&self) -> &Tasks {
        &self.tasks
    }

    /// Stops taking work, lets what is in hand finish, closes the database.
    pub async fn stop(self) -> Stopped {
        let stopped = self.tasks.shutdown(self.platform.settings.server.stop_within).await;
        heartbeat::end(&self.workers).await;
        self.platform.db.close().await;
        stopped
    }
}

fn platform(
    settings: Settings,
    ground: &Ground,
    tasks: &Tasks,
    signals: Signals,
    clock: Clock,
) -> Result<Platform, StartError> {
    let catalog = Catalog::embedded().map_err(|e| StartError::Catalog(e.to_string()))?;
    let locks = match &settings.redis.url {
        Some(url) => Locks::redis(url, clock.clone(), tasks)?,
        None => Locks::memory(clock.clone()),
    };
    let chats = ChatQueues::new(usize::try_from(settings.server.chat_queue).unwrap_or(64));
    Ok(Platform {
        db: ground.db.clone(),
        catalog,
        texts: Arc::new(Texts::embedded()?),
        tenants: Arc::new(Registry::new()),
        clock,
        signals,
        locks,
        settings: Arc::new(settings),
        vault: ground.vault.clone(),
        manager: Manager::default(),
        chats,
    })
}

/// Applies the tenants file, if there is one, and fills the registry. One process at a time: two that start together would both
/// add the same bots, and the slower one would not start.
async fn load_tenants(platform: &Platform) -> Result<(), StartError> {
    if let Some(path) = platform.settings.tenants_file() {
        let file = TenantsFile::read(&path, &crate::config::process_variable).map_err(StartError::TenantsFile)?;
        let holder = holder();
        let life = platform.settings.leases.life;
        let most = u32::try_from((life * 2).as_millis() / FILE_GLANCE.as_millis()).unwrap_or(u32::MAX);
        for _ in 0..most {
            if take_file(platform, &holder, life).await? {
                break;
            }
            tokio::time::sleep(FILE_GLANCE).await;
        }
        let done = apply(&platform.db, &platform.vault, &file, false, platform.clock.now()).await;
        let mut tx = platform.db.platform().await?;
        tx.lease_release(FILE_LEASE, &holder).await?;
        tx.commit().await?;
        tracing::info!(changes = done?.len(), "the tenants file was applied");
    }
    for (id, error) in platform.tenants.refresh(&platform.db, &platform.vault).await? {
        tracing::error!(tenant = %id, error = %error, "a stored tenant cannot be served");
    }
    Ok(())
}

async fn take_file(platform: &Platform, holder: &str, life: Duration) -> Result<bool, StoreError> {
    let mut tx = platform.db.platform().await?;
    let taken = tx.lease_take(FILE_LEASE, holder, i64::try_from(life.as_millis()).unwrap_or(i64::MAX)).await?;
    tx.commit().await?;
    Ok(taken.is_some())
}

/// A name that no other process has.
fn holder() -> String {
    (0..8).map(|_| char::from(b'a' + rand::rng().random_range(0..26u8))).collect()
}

fn workers(platform: &Arc<Platform>, tasks: &Tasks, bound: SocketAddr) -> Result<Workers, StartError> {
    let settings = &platform.settings;
    let http = Http::new(&HttpSettings { timeouts: Timeouts::default(), ..HttpSettings::default() })?;
    Ok(Workers {
        platform: platform.clone(),
        telegram: Telegram::from_settings(http.clone(), &settings.telegram)?,
        media: MediaStore::open(settings, &http, &platform.clock)?,
        ocr: Ocr::from_settings(&settings.payments),
        kie: Kie::from_settings(http, &settings.kie)?,
        downloader: Downloader::new(MediaLimits::from(&settings.media))?,
        hooks: HookClient::new(settings.media.allow.clone(), settings.api.hook_timeout)?,
        downloads: DownloadLanes::new(settings.media.tenant_downloads),
        budget: SendPace::new(platform.clock.clone(), Rates::from(&settings.telegram), platform.locks.clone()),
        tasks: tasks.clone(),
        instance: holder(),
        public_url: settings.public_url(bound).as_str().to_owned(),
    })
}

/// Spans go to the collector that the settings name, if they are gathered.
fn send_spans(workers: &Arc<Workers>) -> Result<(), StartError> {
    let Some(endpoint) = &workers.platform.settings.logging.otlp_endpoint else { return Ok(()) };
    let http = Http::new(&HttpSettings::default())?;
    if let (Some(collector), Some(gathered)) = (Collector::new(http, endpoint), telemetry::take_spans()) {
        let gathered = Arc::new(tokio::sync::Mutex::new(gathered));
        let w = workers.clone();
        workers.tasks.spawn_supervised("spans", move || spans::run(w.clone(), collector.clone(), gathered.clone()));
    }
    Ok(())
}

/// The owner's billing preflight of this start: begun before the first update is taken, and never waited for.
fn first_preflight(workers: &Arc<Workers>) {
    let w = workers.clone();
    workers.tasks.spawn("first_preflight", async move {
        let of = w.platform.installation(&w.instance);
        let made = Box::pin(preflight_all_run(&of, ReportAsker::Start));
        let Some(report) = w.tasks.soft().run_until_cancelled(made).await else { return };
        let words = w.platform.texts.words(Language::En);
        for line in shown::lines(&report, words) {
            tracing::info!(section = %line, "billing preflight");
        }
        tracing::info!(verdict = report.verdict().as_str(), "billing preflight");
    });
}

fn start_workers(workers: &Arc<Workers>, wakes: Wakes) {
    let tasks = workers.tasks.clone();
    let serving = Arc::new(sender::Serving::default());
    let chats = Arc::new(tokio::sync::Mutex::new(wakes.chats));
    let queries = Arc::new(tokio::sync::Mutex::new(wakes.answers));
    let words = Arc::new(tokio::sync::Mutex::new(wakes.unrecorded));
    let payers = Arc::new(tokio::sync::Mutex::new(wakes.checkouts));
    let w = workers.clone();
    tasks.spawn_supervised("heartbeat", move || heartbeat::run(w.clone()));
    let w = workers.clone();
    tasks.spawn_supervised("checkouts", move || checkouts::run(w.clone(), payers.clone()));
    let (w, s, c) = (workers.clone(), serving.clone(), chats);
    tasks.spawn_supervised("sender", move || sender::run(w.clone(), s.clone(), c.clone()));
    let w = workers.clone();
    tasks.spawn_supervised("answers", move || answers::run(w.clone(), queries.clone()));
    let w = workers.clone();
    tasks.spawn_supervised("unrecorded", move || unrecorded::run(w.clone(), words.clone()));
    for lane in Lane::ALL.iter().copied() {
        let w = workers.clone();
        tasks.spawn_supervised(lane.as_str(), move || runner::run(w.clone(), lane));
    }
    let w = workers.clone();
    tasks.spawn_supervised("broadcasts", move || broadcast::run(w.clone()));
    let w = workers.clone();
    tasks.spawn_supervised("sweeper", move || sweeper::run(w.clone(), serving.clone()));
    let w = workers.clone();
    tasks.spawn_supervised("retention", move || retention::run(w.clone()));
    let w = workers.clone();
    tasks.spawn_supervised("till", move || till::run(w.clone()));
    let w = workers.clone();
    tasks.spawn_supervised("auditor", move || auditor::run(w.clone()));
    let w = workers.clone();
    tasks.spawn_supervised("tenants", move || registrar::refresh(w.clone()));
    let w = workers.clone();
    tasks.spawn_supervised("registrar", move || registrar::register(w.clone()));
    let w = workers.clone();
    tasks.spawn_supervised("watch", move || watch::run(w.clone()));
    let w = workers.clone();
    tasks.spawn_supervised("alerts", move || alerts::run(w.clone()));
    let w = workers.clone();
    tasks.spawn_supervised("figures", move || figures::run(w.clone()));
    if workers.platform.settings.owner.bot_token.is_some() {
        let w = workers.clone();
        tasks.spawn_supervised("platform_bot", move || platform_bot::run(w.clone()));
    }
}
