//! `botyard ban …`: people and bots that are not hosted, whichever door they come by.

use serde_json::json;

use super::common::note;
use super::failure::Failure;
use super::out::Out;
use crate::accounts::audit::Act;
use crate::app;
use crate::config::Settings;
use crate::domain::{AuditAction, BanKind, Clock, UserId};

pub(crate) const HELP: &str = "\
A banned person sets up no bot and a banned bot is not hosted again. What is hosted already goes on: suspend it.

Example:
  botyard ban add person 101 --reason fraud

Exit codes: those of the commands below.";

const ADD_HELP: &str = "\
Examples:
  botyard ban add person 101 --reason \"sold stolen cards\"
  botyard ban add bot 7000000001

Exit codes:
  0  banned, now or before
  1  the database is away
  2  a wrong setting or argument";

const REMOVE_HELP: &str = "\
Example:
  botyard ban remove person 101

Exit codes:
  0  no longer banned
  1  there was no such ban
  2  a wrong setting or argument";

const LIST_HELP: &str = "\
Example:
  botyard ban list

Exit codes:
  0  listed
  1  the database is away
  2  a wrong setting or argument";

#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// Bans a person or a bot
    #[command(after_long_help = ADD_HELP)]
    Add(AddArgs),
    /// Ends a ban
    #[command(after_long_help = REMOVE_HELP)]
    Remove(RemoveArgs),
    /// Lists all bans
    #[command(after_long_help = LIST_HELP)]
    List(ListArgs),
}

#[derive(clap::Args)]
pub(crate) struct AddArgs {
    /// person or bot
    #[arg(value_name = "KIND", value_parser = kind)]
    kind: BanKind,
    /// Its Telegram id
    #[arg(value_name = "TELEGRAM_ID")]
    id: i64,
    /// Why
    #[arg(long)]
    reason: Option<String>,
}

#[derive(clap::Args)]
pub(crate) struct RemoveArgs {
    /// person or bot
    #[arg(value_name = "KIND", value_parser = kind)]
    kind: BanKind,
    /// Its Telegram id
    #[arg(value_name = "TELEGRAM_ID")]
    id: i64,
}

#[derive(clap::Args)]
pub(crate) struct ListArgs {
    /// JSON for programs
    #[arg(long)]
    json: bool,
}

fn kind(text: &str) -> Result<BanKind, String> {
    BanKind::parse(text).ok_or_else(|| "expected person or bot".to_owned())
}

pub(crate) async fn run(settings: &Settings, command: &Command, out: &Out) -> Result<(), Failure> {
    let db = app::ground(settings).await?.db;
    match command {
        Command::Add(args) => {
            let mut tx = db.platform().await?;
            let (reason, now) = (args.reason.as_deref(), Clock::system().now());
            let new = tx.ban_put(args.kind, UserId(args.id), reason, now).await?;
            if new {
                let object = format!("{}:{}", args.kind.as_str(), args.id);
                let act = Act::new(AuditAction::Banned, &object).because(reason);
                note(&mut tx, None, act, now).await?;
            }
            tx.commit().await?;
            out.line(if new { "banned" } else { "was banned before" });
        }
        Command::Remove(args) => {
            let mut tx = db.platform().await?;
            if tx.ban_delete(args.kind, UserId(args.id)).await? {
                let object = format!("{}:{}", args.kind.as_str(), args.id);
                note(&mut tx, None, Act::new(AuditAction::BanLifted, &object), Clock::system().now()).await?;
                tx.commit().await?;
            } else {
                return Err(Failure::Work(format!("there is no ban of {} {}", args.kind.as_str(), args.id)));
            }
            out.line("no longer banned");
        }
        Command::List(args) => {
            let rows = db.platform_read().await?.bans_all().await?;
            if args.json {
                let shown =
                    |row: &crate::store::BanRow| json!({ "kind": row.kind, "id": row.id, "reason": row.reason });
                return out.json(&rows.iter().map(shown).collect::<Vec<_>>());
            }
            let line = |row: &crate::store::BanRow| {
                let at = row.created_at.timestamp().to_string();
                vec![row.kind.as_str().to_owned(), row.id.to_string(), row.reason.clone().unwrap_or_default(), at]
            };
            let lines: Vec<Vec<String>> = rows.iter().map(line).collect();
            out.table(&["KIND", "ID", "REASON", "SINCE"], &lines, "Nobody is banned");
        }
    }
    db.close().await;
    Ok(())
}
