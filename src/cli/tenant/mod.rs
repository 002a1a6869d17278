//! `botyard tenant …`: the hosted bots.

mod add;
mod apply;
pub(super) mod leave;
mod limits;
mod list;
mod rotate;
mod show;
mod state;

use clap::Subcommand;

use super::failure::Failure;
use super::out::Out;
use crate::config::Settings;
use crate::domain::tenant::{AdminRole, TenantState};
use crate::domain::{BotInstanceId, UserId};
use crate::store::{Db, TenantRow};

pub(crate) const HELP: &str = "\
Changes made here reach a running `botyard serve` within seconds (bot.settings_refresh). Bots can also be declared in
tenants.toml, see tenants.example.toml and `botyard tenant apply`; both ways can be mixed.

Example:
  botyard tenant list

Exit codes: those of the commands below.";

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Lists the hosted bots
    #[command(after_long_help = list::HELP)]
    List(list::Args),
    /// Adds a bot
    #[command(after_long_help = add::HELP)]
    Add(Box<add::Args>),
    /// Shows one bot: state, admins, settings, what is wrong
    #[command(after_long_help = show::HELP)]
    Show(show::Args),
    /// Makes the installation agree with its tenants.toml
    #[command(after_long_help = apply::HELP)]
    Apply(apply::Args),
    /// Shows and changes what a bot is allowed, and the owner's fee
    #[command(after_long_help = limits::HELP)]
    Limits(limits::Args),
    /// Stops a bot from serving its users; nothing is lost
    #[command(after_long_help = state::PAUSE_HELP)]
    Pause(state::PauseArgs),
    /// Lets a paused bot serve again
    #[command(after_long_help = state::RESUME_HELP)]
    Resume(state::ResumeArgs),
    /// Gives a bot the token that BotFather made anew
    #[command(after_long_help = rotate::HELP)]
    RotateToken(rotate::Args),
    /// Writes everything of a bot into a folder
    #[command(after_long_help = leave::EXPORT_HELP)]
    Export(leave::ExportArgs),
    /// Brings an exported bot in
    #[command(after_long_help = leave::IMPORT_HELP)]
    Import(leave::ImportArgs),
    /// Takes a bot out of service and destroys its secrets
    #[command(after_long_help = leave::DELETE_HELP)]
    Delete(leave::DeleteArgs),
    /// Removes every row and file of a deleted bot
    #[command(after_long_help = leave::PURGE_HELP)]
    Purge(leave::PurgeArgs),
}

pub(crate) async fn run(settings: &Settings, command: &Command, out: &Out) -> Result<(), Failure> {
    match command {
        Command::List(args) => list::run(settings, args, out).await,
        Command::Add(args) => add::run(settings, args, out).await,
        Command::Show(args) => show::run(settings, args, out).await,
        Command::Apply(args) => apply::run(settings, args, out).await,
        Command::Limits(args) => limits::run(settings, args, out).await,
        Command::Pause(args) => state::pause(settings, args, out).await,
        Command::Resume(args) => state::resume(settings, args, out).await,
        Command::RotateToken(args) => rotate::run(settings, args, out).await,
        Command::Export(args) => leave::export(settings, args, out).await,
        Command::Import(args) => leave::import(settings, args, out).await,
        Command::Delete(args) => leave::delete(settings, args, out).await,
        Command::Purge(args) => leave::purge(settings, args, out).await,
    }
}

/// Reads a bot's id from an argument.
pub(crate) fn id(text: &str) -> Result<BotInstanceId, String> {
    BotInstanceId::parse(text).map_err(|error| error.to_string())
}

/// A stored bot with its admins, the owner first.
pub(crate) struct Found {
    pub(crate) row: TenantRow,
    pub(crate) admins: Vec<(UserId, AdminRole)>,
}

/// Every bot that is not deleted, by name.
pub(crate) async fn all(db: &Db) -> Result<Vec<Found>, Failure> {
    let mut tx = db.platform_read().await?;
    let (rows, admins) = (tx.tenants_all().await?, tx.admins_all().await?);
    let of = |id: &BotInstanceId| -> Vec<(UserId, AdminRole)> {
        let mut of: Vec<_> = admins.iter().filter(|a| a.tenant == *id).map(|a| (a.user_id, a.role)).collect();
        of.sort_by_key(|(user, role)| (*role != AdminRole::Owner, user.0));
        of
    };
    let alive = rows.into_iter().filter(|row| row.state != TenantState::Deleted);
    Ok(alive.map(|row| Found { admins: of(&row.tenant), row }).collect())
}

/// One bot, or a failure that names those there are.
pub(crate) async fn find(db: &Db, id: &BotInstanceId) -> Result<Found, Failure> {
    let mut all = all(db).await?;
    if let Some(at) = all.iter().position(|found| found.row.tenant == *id) {
        return Ok(all.swap_remove(at));
    }
    let names: Vec<&str> = all.iter().map(|found| found.row.tenant.as_str()).take(20).collect();
    let there =
        if names.is_empty() { "there is none yet".to_owned() } else { format!("there are: {}", names.join(", ")) };
    Err(Failure::Work(format!("no bot is named {id}; {there}")))
}

/// The bot that was named, or all of them.
pub(crate) async fn chosen(db: &Db, named: Option<&BotInstanceId>) -> Result<Vec<BotInstanceId>, Failure> {
    Ok(match named {
        Some(id) => vec![find(db, id).await?.row.tenant],
        None => all(db).await?.into_iter().map(|found| found.row.tenant).collect(),
    })
}

/// What keeps a bot from working, in the order of what to mend first.
fn trouble(row: &TenantRow) -> Option<String> {
    let token = row.token_error.as_ref().map(|error| format!("token: {error}"));
    token.or_else(|| row.webhook_error.as_ref().map(|error| format!("webhook: {error}")))
}

/// `@name`, or `?` until Telegram told it.
fn at_name(row: &TenantRow) -> String {
    row.bot_username.as_ref().map_or_else(|| "?".to_owned(), |name| format!("@{name}"))
}
