//! `botyard demo`: the whole platform on one machine, in its own folder, with fakes for the two services outside.
//!
//! The platform is the production one: it speaks HTTP to the sandbox as it would to Telegram and the provider. Only settings
//! differ, and nothing of the environment's settings is used, so that a demo never touches a real database or a real bot.

mod cast;
mod doors;
mod folder;
mod ports;
mod seed;
mod words;

use std::path::PathBuf;

use super::common::{Common, runtime};
use super::failure::Failure;
use super::instance::Alone;
use super::out::Out;
use crate::app::App;
use crate::config::{Settings, Sources, process_environment};
use crate::domain::Clock;
use crate::sandbox::{KieSettings, Sandbox, SandboxSettings};
use crate::telemetry::{self, Metrics};

use folder::Folder;
use ports::Ports;
use seed::Seeded;

pub(crate) const HELP: &str = "\
Two partners' bots with different brands, prices and languages, a chat page where you are their users, and the panel. It needs
nothing else installed and reaches nothing outside this machine: Telegram and the provider are fakes that speak HTTP, all the
rest is what `serve` runs. Everything is kept in ./demo-data and is there again after a restart. Settings of the environment
and DATABASE_URL are left aside; --set works, --config does not.

It listens on 127.0.0.1, at 8080 (bots and panel), 9090 (metrics), 8090 (chat page) and 8091 (doors to the panel), or the next
free ports, and prints the addresses. Ctrl-C stops it.

Examples:
  botyard demo
  botyard demo --fresh                  begins anew
  botyard demo --port 18080             another first port
  botyard demo --set kie.poll_first=1s

Exit codes:
  0  stopped by a signal
  1  did not start: the folder is not a demo's, a demo runs there already, or no port is free
  2  a wrong setting or argument";

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Forgets what is in the demo's folder and begins anew
    #[arg(long)]
    fresh: bool,
    /// The demo's folder
    #[arg(long, value_name = "DIR", default_value = "./demo-data")]
    data: PathBuf,
    /// The bots' and the panel's port, or the next free one; 0: any free ports for everything
    #[arg(long, value_name = "N", default_value_t = 8080)]
    port: u16,
}

pub(crate) fn run(common: &Common, args: &Args, out: &Out) -> Result<(), Failure> {
    if common.config.is_some() {
        return Err(Failure::Usage("--config: the demo has its own settings; use --set for single ones".to_owned()));
    }
    let folder = Folder::claim(&args.data, args.fresh)?;
    let ports = Ports::choose(args.port)?;
    let settings = settings(common, &folder, ports)?;
    let metrics = telemetry::init(settings.logging.format, &settings.logging.filter)?;
    runtime()?.block_on(show(settings, metrics, &folder, ports, out))
}

async fn show(settings: Settings, metrics: Metrics, folder: &Folder, ports: Ports, out: &Out) -> Result<(), Failure> {
    let clock = Clock::system();
    let bots = seed::seed(&settings, clock.now()).await?;
    let sandbox = Sandbox::start(world(&bots, folder, ports)).await?;
    let app = App::start(settings, clock, metrics).await?;
    doors::open(&app, ports).await?;
    let tasks = app.tasks().clone();
    let mut signal = std::pin::pin!(tasks.wait_for_signal());
    // Polled once before anything is said: whoever reads the addresses may send a signal at once.
    let early = futures::poll!(signal.as_mut());
    for line in words::lines(ports, folder) {
        out.line(&line);
    }
    if early.is_pending() {
        signal.await?;
    }
    app.stop().await;
    sandbox.stop().await;
    out.line("stopped; everything is kept for the next time");
    Ok(())
}

/// Defaults, the demo's own, and what `--set` says; of the environment only how log lines look.
fn settings(common: &Common, folder: &Folder, ports: Ports) -> Result<Settings, Failure> {
    let env = process_environment()
        .into_iter()
        .filter(|(name, _)| matches!(name.as_str(), "RUST_LOG" | "BOTYARD_LOG"))
        .collect::<std::collections::BTreeMap<_, _>>();
    let main = ports.main_url();
    let sandbox = ports.sandbox_url();
    let quiet = if env.contains_key("RUST_LOG") { None } else { Some(("logging.filter", "warn".to_owned())) };
    let own = [
        ("server.listen", format!("127.0.0.1:{}", ports.main)),
        ("server.public_url", main.clone()),
        ("admin.listen", format!("127.0.0.1:{}", ports.admin)),
        ("files.data", folder.shown()),
        ("files.tenants", folder.tenants_file().display().to_string()),
        ("database.url", format!("sqlite:{}", folder.database().display())),
        ("webhook.base_url", main),
        ("telegram.api_url", sandbox.clone()),
        ("kie.api_url", sandbox.clone()),
        ("kie.upload_url", sandbox),
        ("media.allow", format!("127.0.0.1:{}", ports.sandbox)),
    ];
    let overrides = own.into_iter().chain(quiet).map(|(key, value)| (key.to_owned(), value));
    let overrides = overrides.chain(common.set.iter().cloned()).collect();
    Settings::load(&Sources { file: None, env, overrides }).map_err(Failure::Settings)
}

/// The fake services and the people in them.
fn world(bots: &[Seeded], folder: &Folder, ports: Ports) -> SandboxSettings {
    let keys = bots.iter().map(|bot| (bot.provider_key.expose().to_owned(), cast::CREDITS)).collect();
    SandboxSettings {
        listen: Ports::address(ports.sandbox),
        data: Some(folder.world()),
        bots: bots.iter().map(Seeded::spec).collect(),
        people: cast::people(),
        links: words::page_links(ports),
        kie: KieSettings { keys, ..KieSettings::default() },
        ..SandboxSettings::default()
    }
}

impl Folder {
    /// The demo's folder, its own and nobody else's until the end of the process.
    fn claim(path: &std::path::Path, fresh: bool) -> Result<Self, Failure> {
        let folder = Self::open(path)?;
        let alone = Alone::lock(&folder.lock_file())?;
        if fresh {
            folder.empty()?;
        }
        folder.prepare()?;
        Ok(folder.held_by(alone))
    }
}
