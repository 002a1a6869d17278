//! The composition root: settings in, a running platform out. Everything that lives as long as the process is made here, once,
//! and stopped here.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use rand::RngExt as _;

use crate::bot::{ChatQueues, Platform};
use crate::catalog::Catalog;
use crate::clients::media::Limits as MediaLimits;
use crate::clients::telegram::{Rates, SendBudget};
use crate::clients::{Downloader, Http, HttpBuildError, HttpSettings, Kie, Telegram, Timeouts};
use crate::config::{DatabaseUrl, Settings};
use crate::domain::{Clock, Lane};
use crate::generation::MediaStore;
use crate::lifecycle::{Stopped, Tasks};
use crate::locks::{BadRedisUrl, Locks};
use crate::signals::{Signals, Wakes};
use crate::store::{Db, OpenError, PoolSettings, StoreError};
use crate::tenants::Registry;
use crate::tenants::apply::{ApplyError, apply};
use crate::tenants::connect::connect;
use crate::tenants::file::{FileProblem, TenantsFile};
use crate::tenants::tenant::TenantError;
use crate::texts::{TextError, Texts};
use crate::vault::{MasterKey, Sealed, Vault, VaultError};
use crate::web::listener::{BindError, Limits, Listener};
use crate::worker::{Workers, answers, poller, runner, sender, sweeper, unrecorded};
use crate::{telemetry, web};

/// Where the vault's check value stands in `platform_meta`.
pub const CHECK_VALUE: &str = "vault_check";

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

/// Opens the vault with the master key of the settings; gives what its operator should know, too. Beside SQLite a first
/// start makes the key.
pub async fn vault(settings: &Settings, db: &Db) -> Result<(Vault, Vec<String>), StartError> {
    let data = &settings.files.data;
    let loaded = MasterKey::load(&settings.master_key, data, settings.database_url().is_sqlite())?;
    let again = || Ok(MasterKey::load(&settings.master_key, data, false)?.key);
    Ok((open_vault(db, loaded.key, again).await?, loaded.warnings))
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
    key: MasterKey,
    again: impl FnOnce() -> Result<MasterKey, StartError>,
) -> Result<Vault, StartError> {
    let mut tx = db.platform().await?;
    if let Some(check) = tx.meta_get(CHECK_VALUE).await? {
        tx.commit().await?;
        return Ok(Vault::open(key, &Sealed::from_bytes(check))?);
    }
    let (vault, check) = Vault::create(key)?;
    let stored = tx.meta_put_if_absent(CHECK_VALUE, check.as_bytes()).await?;
    tx.commit().await?;
    if stored == check.as_bytes() { Ok(vault) } else { Ok(Vault::open(again()?, &Sealed::from_bytes(stored))?) }
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

impl App {
    /// Starts everything: ports first, then data, then work; returns when webhooks are taken.
    pub async fn start(settings: Settings, clock: Clock, metrics: telemetry::Metrics) -> Result<Self, StartError> {
        let listen = Listener::bind("BOTYARD_LISTEN", settings.server.listen, limits(&settings)).await?;
        let admin = Listener::bind("BOTYARD_ADMIN_LISTEN", settings.admin.listen, limits(&settings)).await?;
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
        let state = web::WebState::new(web::Parts {
            platform: platform.clone(),
            tasks: tasks.clone(),
            metrics: metrics.clone(),
            public_url: platform.settings.public_url(listen.local_addr()),
            media: workers.media.clone(),
            instance: workers.instance.clone(),
        });
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
        chats,
    })
}

/// Applies the tenants file, if there is one, and fills the registry.
async fn load_tenants(platform: &Platform) -> Result<(), StartError> {
    if let Some(path) = platform.settings.tenants_file() {
        let file = TenantsFile::read(&path, &crate::config::process_variable).map_err(StartError::TenantsFile)?;
        let done = apply(&platform.db, &platform.vault, &file, false, platform.clock.now()).await?;
        tracing::info!(changes = done.len(), "the tenants file was applied");
    }
    for (id, error) in platform.tenants.refresh(&platform.db, &platform.vault).await? {
        tracing::error!(tenant = %id, error = %error, "a stored tenant cannot be served");
    }
    Ok(())
}

fn workers(platform: &Arc<Platform>, tasks: &Tasks, bound: SocketAddr) -> Result<Workers, StartError> {
    let settings = &platform.settings;
    let http = Http::new(&HttpSettings { timeouts: Timeouts::default(), ..HttpSettings::default() })?;
    let instance: String = (0..8).map(|_| char::from(b'a' + rand::rng().random_range(0..26u8))).collect();
    Ok(Workers {
        platform: platform.clone(),
        telegram: Telegram::from_settings(http.clone(), &settings.telegram)?,
        kie: Kie::from_settings(http, &settings.kie)?,
        downloader: Downloader::new(MediaLimits::from(&settings.media))?,
        media: MediaStore::folder(&settings.files.data),
        budget: SendBudget::new(platform.clock.clone(), Rates::from(&settings.telegram)),
        tasks: tasks.clone(),
        instance,
        public_url: settings.public_url(bound).as_str().to_owned(),
    })
}

fn start_workers(workers: &Arc<Workers>, wakes: Wakes) {
    let tasks = workers.tasks.clone();
    let serving = Arc::new(sender::Serving::default());
    let chats = Arc::new(tokio::sync::Mutex::new(wakes.chats));
    let queries = Arc::new(tokio::sync::Mutex::new(wakes.answers));
    let words = Arc::new(tokio::sync::Mutex::new(wakes.unrecorded));
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
    tasks.spawn_supervised("sweeper", move || sweeper::run(w.clone(), serving.clone()));
    let w = workers.clone();
    tasks.spawn_supervised("tenants", move || watch_tenants(w.clone()));
}

/// Connects tenants to Telegram at the start and when they change; polls those without a webhook.
async fn watch_tenants(workers: Arc<Workers>) {
    let stop = workers.tasks.soft();
    let platform = &workers.platform;
    let mut connected: std::collections::HashMap<crate::domain::BotInstanceId, i64> = std::collections::HashMap::new();
    let mut polled = std::collections::HashSet::new();
    loop {
        for tenant in platform.tenants.all() {
            if stop.is_cancelled() {
                return;
            }
            if connected.get(&tenant.id) == Some(&tenant.version) {
                continue;
            }
            let now = platform.clock.now();
            let done = connect(
                &tenant,
                &workers.telegram,
                &platform.locks,
                &platform.db,
                &platform.settings,
                &platform.texts,
                now,
            );
            match done.await {
                Ok(connection) if connection.works() => {
                    tracing::info!(tenant = %tenant.id, bot = connection.username.as_deref().unwrap_or_default(), "the bot is connected");
                    connected.insert(tenant.id.clone(), tenant.version);
                    if platform.settings.webhook.base_url.is_none() && polled.insert(tenant.id.clone()) {
                        poller::start(&workers, tenant.id.clone());
                    }
                }
                Ok(connection) => {
                    let why = connection.token_error.or(connection.webhook_error).unwrap_or_default();
                    tracing::warn!(tenant = %tenant.id, error = %why, "the bot is not connected; tried again");
                }
                Err(error) => tracing::warn!(tenant = %tenant.id, error = %error, "what Telegram said was not stored"),
            }
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(platform.settings.bot.settings_refresh.max(Duration::from_millis(100))) => {}
        }
        match platform.tenants.refresh(&platform.db, &platform.vault).await {
            Ok(broken) => {
                for (id, error) in broken {
                    tracing::error!(tenant = %id, error = %error, "a stored tenant cannot be served");
                }
            }
            Err(error) => tracing::warn!(error = %error, "tenants could not be re-read"),
        }
    }
}

fn limits(settings: &Settings) -> Limits {
    let server = &settings.server;
    Limits {
        header: server.header_timeout,
        keep_alive: server.idle_timeout,
        body_idle: server.body_timeout,
        connections: usize::try_from(server.max_connections).unwrap_or(4096),
        per_ip: usize::try_from(server.max_connections_per_address).unwrap_or(512),
        exempt: server.trusted_proxies.clone(),
        ..Limits::default()
    }
}
