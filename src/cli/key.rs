//! `botyard key …`: keys of the API.

use serde_json::json;

use super::failure::Failure;
use super::out::Out;
use crate::accounts::keys;
use crate::app;
use crate::config::Settings;
use crate::domain::{ApiKeyId, ApiRight, BotInstanceId, Clock, PanelScope, UnixMs};
use crate::store::ApiKeyRow;

pub(crate) const HELP: &str = "\
Programs send a key with each call of /api/v1, as `Authorization: Bearer byk_…`. A key belongs to one bot, or with --owner to
the owner of the installation. The document of all calls is at /api/v1/openapi.json.

Example:
  botyard key list my-bot

Exit codes: those of the commands below.";

const ADD_HELP: &str = "\
The key is printed once and kept by nobody: only its hash is stored. Give it the rights that its program needs:
  read   look at everything of the bot
  write  pause, block, send a result again, own webhooks
  money  credit a person, give a payment back

Examples:
  botyard key add my-bot --name accounting
  botyard key add my-bot --name support-desk --right read --right write
  botyard key add --owner --name fleet --right read

Exit codes:
  0  the key is on standard output
  1  no such bot, or the database is away
  2  a wrong setting or argument";

const LIST_HELP: &str = "\
Shows every key with its rights and its last use, revoked ones too. Never the keys themselves.

Example:
  botyard key list my-bot

Exit codes:
  0  listed
  1  no such bot, or the database is away
  2  a wrong setting or argument";

const REVOKE_HELP: &str = "\
The key opens nothing from its next call on. This cannot be undone: make another one.

Example:
  botyard key revoke key_abcdefghijkl

Exit codes:
  0  revoked
  1  no such key, or it was revoked before
  2  a wrong setting or argument";

#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// Makes a key and prints it once
    #[command(after_long_help = ADD_HELP)]
    Add(AddArgs),
    /// Lists keys
    #[command(after_long_help = LIST_HELP)]
    List(ListArgs),
    /// Ends a key
    #[command(after_long_help = REVOKE_HELP)]
    Revoke(RevokeArgs),
}

#[derive(clap::Args)]
pub(crate) struct AddArgs {
    /// The bot's id
    #[arg(required_unless_present = "owner", value_name = "ID", value_parser = super::tenant::id)]
    tenant: Option<BotInstanceId>,
    /// For the owner of the installation: all bots
    #[arg(long, conflicts_with = "tenant")]
    owner: bool,
    /// What it is for, 1 to 64 characters
    #[arg(long)]
    name: String,
    /// read, write or money; can be given several times
    #[arg(long = "right", value_name = "RIGHT", value_parser = right, default_value = "read")]
    rights: Vec<ApiRight>,
    /// JSON for programs
    #[arg(long)]
    json: bool,
}

#[derive(clap::Args)]
pub(crate) struct ListArgs {
    /// The bot's id; without it all keys
    #[arg(value_name = "ID", value_parser = super::tenant::id)]
    tenant: Option<BotInstanceId>,
    /// JSON for programs
    #[arg(long)]
    json: bool,
}

#[derive(clap::Args)]
pub(crate) struct RevokeArgs {
    /// The key's id, as `key list` shows it
    #[arg(value_name = "KEY_ID", value_parser = key_id)]
    id: ApiKeyId,
}

fn right(text: &str) -> Result<ApiRight, String> {
    ApiRight::parse(text).ok_or_else(|| "expected read, write or money".to_owned())
}

fn key_id(text: &str) -> Result<ApiKeyId, String> {
    ApiKeyId::parse(text).map_err(|error| error.to_string())
}

pub(crate) async fn run(settings: &Settings, command: &Command, out: &Out) -> Result<(), Failure> {
    match command {
        Command::Add(args) => add(settings, args, out).await,
        Command::List(args) => list(settings, args, out).await,
        Command::Revoke(args) => revoke(settings, args, out).await,
    }
}

async fn add(settings: &Settings, args: &AddArgs, out: &Out) -> Result<(), Failure> {
    let db = app::ground(settings).await?.db;
    let scope = match &args.tenant {
        Some(tenant) => PanelScope::Tenant(super::tenant::find(&db, tenant).await?.row.tenant),
        None => PanelScope::Platform,
    };
    let made = keys::issue(&db, &scope, &args.name, &args.rights, "cli", Clock::system().now()).await;
    let made = made.map_err(|error| match error {
        keys::KeyError::Store(error) => Failure::from(error),
        wrong => Failure::Usage(format!("--name: {wrong}")),
    })?;
    db.close().await;
    if args.json {
        let rights = keys::words(&args.rights);
        return out.json(&json!({ "id": made.id, "key": made.text.expose(), "rights": rights }));
    }
    out.line(made.text.expose());
    out.complain(&format!("{} is shown once: keep it where its program finds it", made.id));
    Ok(())
}

async fn list(settings: &Settings, args: &ListArgs, out: &Out) -> Result<(), Failure> {
    let db = app::ground(settings).await?.db;
    let rows = match &args.tenant {
        Some(tenant) => {
            let scope = PanelScope::Tenant(super::tenant::find(&db, tenant).await?.row.tenant);
            db.platform_read().await?.api_keys_of(&scope).await?
        }
        None => db.platform_read().await?.api_keys_all().await?,
    };
    db.close().await;
    if args.json {
        let all: Vec<_> = rows.iter().map(as_json).collect();
        return out.json(&all);
    }
    let at = |at: Option<UnixMs>| at.map_or_else(|| "-".to_owned(), |at| at.timestamp().to_string());
    let lines: Vec<Vec<String>> = rows
        .iter()
        .map(|row| {
            let whose = row.scope.tenant().map_or_else(|| "(owner)".to_owned(), ToString::to_string);
            let state = if row.revoked_at.is_some() { "revoked" } else { "good" };
            vec![
                row.id.to_string(),
                whose,
                row.name.clone(),
                row.rights.clone(),
                state.to_owned(),
                at(row.last_used_at),
            ]
        })
        .collect();
    out.table(&["ID", "BOT", "NAME", "RIGHTS", "STATE", "LAST USED"], &lines, "There is no key yet: botyard key add");
    Ok(())
}

fn as_json(row: &ApiKeyRow) -> serde_json::Value {
    json!({
        "id": row.id, "tenant": row.scope.tenant(), "name": row.name, "rights": row.rights, "made_by": row.made_by,
        "created_at": row.created_at.0, "last_used_at": row.last_used_at.map(|at| at.0),
        "revoked_at": row.revoked_at.map(|at| at.0),
    })
}

async fn revoke(settings: &Settings, args: &RevokeArgs, out: &Out) -> Result<(), Failure> {
    let db = app::ground(settings).await?.db;
    let known = db.platform_read().await?.api_keys_all().await?;
    let Some(row) = known.iter().find(|row| row.id == args.id) else {
        return Err(Failure::Work(format!("there is no key {}; `botyard key list` shows all", args.id)));
    };
    let mut tx = db.platform().await?;
    let done = tx.api_key_revoke(&row.scope, &args.id, Clock::system().now()).await?;
    tx.commit().await?;
    db.close().await;
    if !done {
        return Err(Failure::Work(format!("{} was revoked before", args.id)));
    }
    out.line(&format!("{} is revoked", args.id));
    Ok(())
}
