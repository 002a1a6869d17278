//! `botyard generation …`: the kill switch.

use clap::Subcommand;
use serde_json::json;

use super::common::note;
use super::failure::Failure;
use super::out::Out;
use super::tenant;
use crate::accounts::audit::Act;
use crate::app;
use crate::config::Settings;
use crate::domain::{AuditAction, BotInstanceId, Clock};
use crate::tenants::brake::{self, Scope};

pub(crate) const HELP: &str = "\
Stops new generations at once, of one bot or of all, and lets them go on again. What runs at the provider already is finished
and delivered; orders that wait for their turn get their money back when they have waited too long
(generation.busy_limit). Users read that it is stopped, the bots' admins are told.

Example:
  botyard generation stop my-bot --reason \"the provider's bill is being checked\"

Exit codes: those of the commands below.";

const STOP_HELP: &str = "\
A running `botyard serve` takes it up within seconds (bot.settings_refresh); it stays through restarts until `start`.

Examples:
  botyard generation stop my-bot --reason \"the provider's bill is being checked\"
  botyard generation stop                                                            all bots

Exit codes:
  0  stopped, now or before
  1  no such bot, or the database is away
  2  a wrong setting or argument";

const START_HELP: &str = "\
Ends what `stop` began. A bot goes on when neither it nor all bots are stopped, and its limits do not say generation_off.

Examples:
  botyard generation start my-bot
  botyard generation start

Exit codes:
  0  not stopped any more, now or before
  1  no such bot, or the database is away
  2  a wrong setting or argument";

const SHOW_HELP: &str = "\
What is stopped by this command, since when and why.

Example:
  botyard generation show --json

Exit codes:
  0  shown, also when nothing is stopped
  1  the database is away
  2  a wrong setting or argument";

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Stops new generations
    #[command(after_long_help = STOP_HELP)]
    Stop(StopArgs),
    /// Lets generations go on
    #[command(after_long_help = START_HELP)]
    Start(StartArgs),
    /// Shows what is stopped
    #[command(after_long_help = SHOW_HELP)]
    Show(ShowArgs),
}

#[derive(clap::Args)]
pub(crate) struct StopArgs {
    /// The bot's id; all bots without it
    #[arg(value_name = "ID", value_parser = tenant::id)]
    tenant: Option<BotInstanceId>,
    /// Told to the bots' admins
    #[arg(long, value_parser = reason)]
    reason: Option<String>,
}

#[derive(clap::Args)]
pub(crate) struct StartArgs {
    /// The bot's id; all bots without it
    #[arg(value_name = "ID", value_parser = tenant::id)]
    tenant: Option<BotInstanceId>,
}

#[derive(clap::Args)]
pub(crate) struct ShowArgs {
    /// JSON for programs
    #[arg(long)]
    json: bool,
}

fn reason(text: &str) -> Result<String, String> {
    let fits = text.chars().count() <= brake::REASON_MAX && !text.chars().any(char::is_control);
    if fits { Ok(text.to_owned()) } else { Err(format!("one line of at most {} characters", brake::REASON_MAX)) }
}

pub(crate) async fn run(settings: &Settings, command: &Command, out: &Out) -> Result<(), Failure> {
    let db = app::ground(settings).await?.db;
    match command {
        Command::Stop(args) => {
            let scope = scope(&db, args.tenant.as_ref()).await?;
            let (reason, now) = (args.reason.as_deref(), Clock::system().now());
            let mut tx = db.platform().await?;
            let done = brake::stop(&mut tx, &scope, reason.unwrap_or_default(), now).await?;
            if done {
                let act = Act::new(AuditAction::GenerationsStopped, "generations").because(reason);
                note(&mut tx, args.tenant.as_ref(), act, now).await?;
            }
            tx.commit().await?;
            let word = if done { "stopped now" } else { "stopped already" };
            out.line(&format!("new generations of {} are {word}", named(&scope)));
        }
        Command::Start(args) => {
            let scope = scope(&db, args.tenant.as_ref()).await?;
            let mut tx = db.platform().await?;
            let done = brake::start(&mut tx, &scope).await?;
            if done {
                let act = Act::new(AuditAction::GenerationsStarted, "generations");
                note(&mut tx, args.tenant.as_ref(), act, Clock::system().now()).await?;
            }
            tx.commit().await?;
            let word = if done { "go on now" } else { "were not stopped" };
            out.line(&format!("generations of {} {word}", named(&scope)));
        }
        Command::Show(args) => {
            let all = brake::all(&db).await?;
            let value =
                |stop: &brake::Stop| json!({"tenant": stop.tenant(), "since": stop.since.0, "reason": stop.reason});
            if args.json {
                out.json(&all.iter().map(value).collect::<Vec<_>>())?;
            } else {
                let utc = jiff::tz::TimeZone::UTC;
                let row = |stop: &brake::Stop| vec![named(&stop.scope), stop.since.shown(&utc), stop.reason.clone()];
                let rows: Vec<Vec<String>> = all.iter().map(row).collect();
                out.table(&["STOPPED", "SINCE (UTC)", "REASON"], &rows, "nothing is stopped");
            }
        }
    }
    db.close().await;
    Ok(())
}

async fn scope(db: &crate::store::Db, id: Option<&BotInstanceId>) -> Result<Scope, Failure> {
    Ok(match id {
        Some(id) => Scope::Tenant(tenant::find(db, id).await?.row.tenant),
        None => Scope::All,
    })
}

fn named(scope: &Scope) -> String {
    match scope {
        Scope::All => "all bots".to_owned(),
        Scope::Tenant(id) => id.to_string(),
    }
}
