//! Settings of the process, and the only code that reads its environment.
//!
//! In rising order: `defaults.toml` in the binary, `--config FILE`, the environment, the command line (platform.md 2).
//! Every wrong setting is reported at once, each in one line under the name by which the person set it; a secret's value
//! is never printed. Settings of a tenant are `domain::settings`.
//!
//! ```ignore
//! let settings = Settings::load(&Sources { file, env: process_environment(), overrides })?;
//! // a test: everything default but what it is about
//! let settings = Settings::load(&Sources { overrides: vec![("session.life".into(), "50 ms".into())], ..Sources::default() })?;
//! ```

mod address;
mod check;
mod env;
mod error;
mod layers;
mod master_key;
mod names;
mod read;
mod sections;
mod table;
mod units;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

pub use address::{BaseUrl, DatabaseUrl, HostPort};
pub use env::{crash_point, process_environment, process_variable};
pub use error::SettingError;
pub use layers::{SettingSource, Sources, line_of};
pub use master_key::{MasterKeySource, key_bytes};

pub use sections::{
    Admin, Api, Bonuses, Bot, Broadcast, Database, Delivery, Files, Generation, Jobs, Kie, Leases, Ledger, LogFormat,
    Logging, Media, Onboarding, Outbox, Owner, Panel, Payments, Redis, Retention, S3, Server, Session, Telegram,
    Webhook,
};
pub use table::{SettingRow, SettingShown, SettingValue};
pub use units::Rate;

use layers::Layers;
use read::{Finished, Reader};

/// Everything that can be set, read and checked.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The main listener.
    pub server: Server,
    /// The admin listener.
    pub admin: Admin,
    /// The platform's owner.
    pub owner: Owner,
    /// Files of this machine.
    pub files: Files,
    /// The database's connections; which one it is says [`Settings::database_url`].
    pub database: Database,
    /// Redis.
    pub redis: Redis,
    /// Where the master key comes from.
    pub master_key: MasterKeySource,
    /// Where the second master key comes from, while the master key is being changed.
    pub second_master_key: Option<MasterKeySource>,
    /// How Telegram reaches us.
    pub webhook: Webhook,
    /// How we reach Telegram.
    pub telegram: Telegram,
    /// The generation provider.
    pub kie: Kie,
    /// Downloads and the media store.
    pub media: Media,
    /// Handling of updates.
    pub bot: Bot,
    /// Gift wheel and promo codes.
    pub bonuses: Bonuses,
    /// Sessions.
    pub session: Session,
    /// Generations.
    pub generation: Generation,
    /// Broadcasts.
    pub broadcast: Broadcast,
    /// Delivery of results.
    pub delivery: Delivery,
    /// Money in.
    pub payments: Payments,
    /// Background jobs.
    pub jobs: Jobs,
    /// Messages recorded for sending.
    pub outbox: Outbox,
    /// Leases of singletons.
    pub leases: Leases,
    /// The panel.
    pub panel: Panel,
    /// How new partners come.
    pub onboarding: Onboarding,
    /// The API and partners' own webhooks.
    pub api: Api,
    /// The ledger's checks.
    pub ledger: Ledger,
    /// How long things are kept.
    pub retention: Retention,
    /// Log lines.
    pub logging: Logging,
    /// What is not wrong but should be told: variables that look like settings and are none.
    pub warnings: Vec<String>,
    /// Each setting as it is in force and where it is from, by its name in a file. Holds no secret.
    pub shown: BTreeMap<String, SettingShown>,
}

impl Settings {
    /// Reads and checks all layers; on failure every wrong setting.
    pub fn load(sources: &Sources) -> Result<Self, Vec<SettingError>> {
        let mut reader = Reader::new(Layers::of(sources));
        let mut settings = Self::read(&mut reader);
        check::all(&settings, &mut reader);
        let Finished { errors, warnings, shown } = reader.finish();
        (settings.warnings, settings.shown) = (warnings, shown);
        if errors.is_empty() { Ok(settings) } else { Err(errors) }
    }

    /// The database: the one set, else a file in the data folder.
    pub fn database_url(&self) -> DatabaseUrl {
        self.database.url.clone().unwrap_or_else(|| DatabaseUrl::Sqlite(self.files.data.join("botyard.db")))
    }

    /// The tenants file to read: the one named, which must exist, else `tenants.toml` if there is one.
    pub fn tenants_file(&self) -> Option<PathBuf> {
        let usual = || Some(PathBuf::from("tenants.toml")).filter(|path| Path::exists(path));
        self.files.tenants.clone().or_else(usual)
    }

    /// The beginning of links to us: the public URL, else that of webhooks, else the address that is listened at
    /// (decisions.md 16). `bound` is that address after binding, with its real port.
    pub fn public_url(&self, bound: SocketAddr) -> BaseUrl {
        let said = self.server.public_url.clone().or_else(|| self.webhook.base_url.clone());
        said.unwrap_or_else(|| BaseUrl::of_address(bound))
    }

    /// Every setting with its name in the environment, its default and its note, in the order of `defaults.toml`.
    pub fn table() -> Vec<SettingRow> {
        table::rows()
    }

    fn read(r: &mut Reader) -> Self {
        Self {
            server: Server::read(r),
            admin: Admin::read(r),
            owner: Owner::read(r),
            files: Files::read(r),
            database: check::database(r),
            redis: Redis::read(r),
            master_key: check::master_key(r),
            second_master_key: check::second_master_key(r),
            webhook: Webhook::read(r),
            telegram: Telegram::read(r),
            kie: Kie::read(r),
            media: Media::read(r),
            bot: Bot::read(r),
            bonuses: Bonuses::read(r),
            session: Session::read(r),
            generation: Generation::read(r),
            broadcast: Broadcast::read(r),
            delivery: Delivery::read(r),
            payments: Payments::read(r),
            jobs: Jobs::read(r),
            outbox: Outbox::read(r),
            leases: Leases::read(r),
            panel: Panel::read(r),
            onboarding: Onboarding::read(r),
            api: Api::read(r),
            ledger: Ledger::read(r),
            retention: Retention::read(r),
            logging: Logging::read(r),
            warnings: Vec::new(),
            shown: BTreeMap::new(),
        }
    }
}

#[cfg(test)]
mod tests;
