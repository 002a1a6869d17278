//! The throw-away installation that a smoke run plays in: a folder, a database, a sandbox, and the platform on free ports.

use std::net::TcpListener;
use std::time::Duration;

use base64::Engine as _;
use rand::RngExt as _;

use super::{Args, Plant};
use crate::app::App;
use crate::cli::common::Common;
use crate::config::{DatabaseUrl, Settings, Sources, process_environment};
use crate::domain::settings::TenantSettings;
use crate::domain::{BotInstanceId, BotToken, Clock, Factor, Origin, Secret, UserId};
use crate::sandbox::wire::{KieTuning, Person};
use crate::sandbox::{Sandbox, SandboxClient, SandboxSettings};
use crate::store::beside::Beside;
use crate::telemetry::Metrics;
use crate::tenants::provision::{self, NewBot};

/// The people of the play.
pub(super) const ANNA: UserId = UserId(101);
pub(super) const OWNER: UserId = UserId(900);
const CREDITS: f64 = 1_000_000.0;

/// A hosted bot of the play.
pub(super) struct Bot {
    pub(super) id: BotInstanceId,
    pub(super) username: String,
    token: BotToken,
    brand: &'static str,
}

/// Everything that runs.
pub(super) struct Stage {
    pub(super) app: App,
    pub(super) world: SandboxClient,
    pub(super) first: Bot,
    pub(super) second: Bot,
    pub(super) plant: Option<Plant>,
    /// Whether the first bot is a real one.
    pub(super) live: bool,
    /// How long one answer may take.
    pub(super) patience: Duration,
    sandbox: Sandbox,
    beside: Option<Beside>,
    folder: Folder,
}

/// A folder that goes with its value.
struct Folder(std::path::PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            tracing::warn!(%error, "the smoke run's folder was not removed");
        }
    }
}

fn said(error: impl std::fmt::Display) -> String {
    error.to_string()
}

fn letters(n: usize) -> String {
    (0..n).map(|_| char::from(b'a' + rand::rng().random_range(0..26u8))).collect()
}

impl Stage {
    /// Starts it. What goes wrong here is what part A misses.
    pub(super) async fn open(
        common: &Common,
        settings: &Settings,
        args: &Args,
        real: Option<BotToken>,
    ) -> Result<Self, String> {
        let plant = args.plant;
        let folder = Folder(settings.files.data.join(format!("smoke-{}", letters(8))));
        std::fs::create_dir_all(&folder.0).map_err(|e| format!("the data folder cannot be written: {e}"))?;
        std::fs::write(folder.0.join("tenants.toml"), "# none\n").map_err(said)?;
        let (database, beside) = match settings.database_url() {
            DatabaseUrl::Sqlite(_) => (format!("sqlite:{}", folder.0.join("smoke.db").display()), None),
            DatabaseUrl::Postgres(url) => {
                let beside = Beside::create(url.expose()).await.map_err(said)?;
                (beside.url.clone(), Some(beside))
            }
        };
        // A start that cannot write its database: the port of nobody.
        let planted = "postgres://nobody:fake-test-password@127.0.0.1:9/none".to_owned();
        let database = if plant == Some(Plant::Database) { planted } else { database };
        let mut world = SandboxSettings::default();
        world.kie.picture_side = 64;
        let sandbox = Sandbox::start(world).await.map_err(said)?;
        let own = overrides(common, &folder, &sandbox, database, real.is_some())?;
        let sources = Sources { file: common.config.clone(), env: process_environment(), overrides: own };
        let settings = Settings::load(&sources)
            .map_err(|all| all.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))?;
        let app = Box::pin(App::start(settings, Clock::system(), Metrics::of_process())).await.map_err(said)?;
        let run = letters(6);
        let (mut first, second) = (bot(&run, "a", "Alpha", 1)?, bot(&run, "b", "Beta", 2)?);
        let live = real.is_some();
        if let Some(token) = real {
            first.token = token;
        }
        let world = sandbox.client();
        let patience = Duration::from_secs(args.wait);
        Ok(Self { app, world, first, second, plant, live, patience, sandbox, beside, folder })
    }

    /// Hosts a bot as `botyard tenant add` does.
    pub(super) async fn host(&self, bot: &Bot) -> Result<(), String> {
        let real = self.live && bot.id == self.first.id;
        if !real {
            self.world.register_bot(bot.token.expose(), &bot.username, bot.brand).await.map_err(said)?;
        }
        // Beside a real bot the other one is told where its Telegram is.
        let fake = (self.live && !real).then(|| self.sandbox.telegram_url().to_owned());
        let key = format!("fake-smoke-key-{}", bot.id);
        let keys = [(key.clone(), CREDITS)].into();
        let tuning = KieTuning { delay_ms: Some(50), keys, ..KieTuning::default() };
        self.world.tune_kie(&tuning).await.map_err(said)?;
        let settings = TenantSettings {
            brand: bot.brand.to_owned(),
            markup: Factor::ten_thousandths(if bot.brand == "Beta" { 20_000 } else { 10_000 }),
            ..TenantSettings::default()
        };
        // Planted: the admin of part D is none.
        let admins = if self.plant == Some(Plant::Admin) { [UserId(901)] } else { [OWNER] };
        let new = NewBot {
            id: &bot.id,
            token: &bot.token,
            admins: &admins,
            partner_id: "smoke",
            settings: &settings,
            provider_key: Some(&Secret::new(key)),
            telegram_api_url: fake.as_deref(),
            origin: Origin::Cli,
            managed: false,
        };
        let platform = &self.app.platform;
        provision::add(&platform.db, &platform.vault, &new, platform.clock.now()).await.map_err(said)?;
        platform.tenants.refresh(&platform.db, &platform.vault).await.map_err(said)?;
        for (person, name) in [(ANNA, "Anna"), (OWNER, "Olga")] {
            self.world.add_person(&Person::new(person.0, name, "ru")).await.map_err(said)?;
        }
        Ok(())
    }

    /// Stops everything and removes what was made.
    pub(super) async fn close(self) {
        let Self { app, sandbox, beside, folder, .. } = self;
        app.stop().await;
        sandbox.stop().await;
        if let Some(beside) = beside
            && let Err(error) = beside.drop_it().await
        {
            tracing::warn!(%error, "the smoke run's database was not dropped; the next run drops it");
        }
        drop(folder);
    }
}

fn bot(run: &str, letter: &str, brand: &'static str, n: u32) -> Result<Bot, String> {
    let id = BotInstanceId::parse(&format!("smoke-{run}-{letter}")).map_err(said)?;
    let token = BotToken::parse(&format!("700000000{n}:AAfaketesttoken{}", letters(20))).map_err(said)?;
    Ok(Bot { id, username: format!("smoke_{run}_{letter}_bot"), token, brand })
}

/// The configured settings but for what must not be shared with the real installation.
fn overrides(
    common: &Common,
    folder: &Folder,
    sandbox: &Sandbox,
    database: String,
    live: bool,
) -> Result<Vec<(String, String)>, String> {
    let free = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).map_err(said)?;
    let url = sandbox.base_url.clone();
    let key: [u8; 32] = rand::rng().random();
    let own = [
        ("server.listen", free.to_string()),
        ("server.public_url", format!("http://{free}")),
        ("server.stop_within", "5 s".to_owned()),
        ("admin.listen", "127.0.0.1:0".to_owned()),
        ("files.data", folder.0.display().to_string()),
        ("files.tenants", folder.0.join("tenants.toml").display().to_string()),
        ("database.url", database),
        ("database.password_file", String::new()),
        ("secrets.master_key", base64::engine::general_purpose::STANDARD.encode(key)),
        ("secrets.master_key_file", String::new()),
        ("secrets.master_key_second", String::new()),
        ("secrets.master_key_second_file", String::new()),
        ("webhook.base_url", format!("http://{free}")),
        ("telegram.api_url", url.clone()),
        ("kie.api_url", url.clone()),
        ("kie.upload_url", url.clone()),
        ("media.allow", url.trim_start_matches("http://").to_owned()),
        ("media.s3_endpoint", String::new()),
        ("media.s3_bucket", String::new()),
        ("media.s3_key", String::new()),
        ("media.s3_secret", String::new()),
        // The play's Telegram needs no sparing, and its people are quicker than people.
        ("telegram.chat_sends", "100 per 1 s, burst 100".to_owned()),
        ("bot.user_messages", "100 per 1 s, burst 100".to_owned()),
        ("bot.user_callbacks", "100 per 1 s, burst 100".to_owned()),
        ("bot.same_callbacks", "100 per 1 s, burst 100".to_owned()),
        // A busy machine is slow; that is no reason to stop.
        ("database.acquire_timeout", "15 s".to_owned()),
        ("database.statement_timeout", "15 s".to_owned()),
        ("bot.settings_refresh", "200 ms".to_owned()),
        ("generation.poll_first", "100 ms".to_owned()),
        ("jobs.poll_every", "50 ms".to_owned()),
    ];
    // A real bot's Telegram is the configured one, which could not reach this machine: updates are fetched.
    let of_live = |name: &str| matches!(name, "telegram.api_url" | "telegram.chat_sends" | "webhook.base_url");
    let own = own.into_iter().filter(|(name, _)| !live || !of_live(name));
    let own =
        own.chain(live.then(|| ("webhook.base_url", String::new()))).map(|(name, value)| (name.to_owned(), value));
    Ok(common.set.iter().cloned().chain(own).collect())
}
