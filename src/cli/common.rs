//! What all commands share: where settings come from, the runtime, log lines.

use std::path::PathBuf;

use clap::Args;

use super::failure::Failure;
use crate::accounts::audit::{self, Act, Actor};
use crate::config::{Settings, Sources, process_environment};
use crate::domain::{AuditDoor, BotInstanceId, Corr, UnixMs};
use crate::store::PlatformTx;
use crate::telemetry;

/// Options of every command.
#[derive(Args, Debug, Clone, Default)]
pub(crate) struct Common {
    /// A file with settings, laid over the built-in defaults
    #[arg(long, global = true, value_name = "FILE", help_heading = "Settings")]
    pub(crate) config: Option<PathBuf>,
    /// One setting, laid over everything else: --set server.listen=0.0.0.0:8080
    #[arg(long, global = true, value_name = "KEY=VALUE", value_parser = pair, help_heading = "Settings")]
    pub(crate) set: Vec<(String, String)>,
}

/// Reads `key=value`.
pub(crate) fn pair(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or("expected KEY=VALUE, for example server.listen=0.0.0.0:8080")?;
    Ok((key.trim().to_owned(), value.to_owned()))
}

impl Common {
    /// All layers of settings, or every wrong one.
    pub(crate) fn settings(&self) -> Result<Settings, Failure> {
        let sources = Sources { file: self.config.clone(), env: process_environment(), overrides: self.set.clone() };
        Settings::load(&sources).map_err(Failure::Settings)
    }

    /// Runs a command that ends by itself. Its log says only what is wrong, unless more was asked for.
    pub(crate) fn briefly(&self, work: impl AsyncFnOnce(Settings) -> Result<(), Failure>) -> Result<(), Failure> {
        let settings = self.settings()?;
        let filter = if settings.logging.filter == "info" { "warn" } else { &settings.logging.filter };
        telemetry::init(settings.logging.format, filter)?;
        runtime()?.block_on(work(settings))
    }
}

/// Writes down what whoever has a shell here did as the platform's owner: to one bot, or to all.
pub(crate) async fn note(
    tx: &mut PlatformTx,
    tenant: Option<&BotInstanceId>,
    act: Act<'_>,
    now: UnixMs,
) -> Result<(), Failure> {
    let corr = Corr::random();
    let who = Actor { user: None, door: AuditDoor::Cli, corr: &corr };
    audit::record_over(tx, tenant, who, act, now).await?;
    Ok(())
}

/// The one runtime of the process.
pub(crate) fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    Ok(tokio::runtime::Builder::new_multi_thread().enable_all().build()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_is_split_at_its_first_equals_sign() {
        assert_eq!(pair("a.b=c=d"), Ok(("a.b".to_owned(), "c=d".to_owned())));
        assert_eq!(pair(" a.b = "), Ok(("a.b".to_owned(), " ".to_owned())));
        assert!(pair("a.b").is_err());
    }
}
