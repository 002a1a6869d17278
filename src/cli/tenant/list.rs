//! `botyard tenant list`.

use serde_json::{Value, json};

use super::{Found, all, at_name, trouble};
use crate::app;
use crate::cli::failure::Failure;
use crate::cli::out::Out;
use crate::config::Settings;

pub(crate) const HELP: &str = "\
One line a bot: its id here, its name at Telegram, its state, its owner's Telegram id, and what is wrong with it.

Examples:
  botyard tenant list
  botyard tenant list --json | jq -r '.[] | select(.trouble) | .id'

Exit codes:
  0  listed, also when there is none
  1  the database is away
  2  a wrong setting";

#[derive(clap::Args)]
pub(crate) struct Args {
    /// JSON for programs
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(settings: &Settings, args: &Args, out: &Out) -> Result<(), Failure> {
    let db = app::ground(settings).await?.db;
    let found = all(&db).await?;
    db.close().await;
    if args.json {
        return out.json(&found.iter().map(line).collect::<Vec<_>>());
    }
    let rows: Vec<Vec<String>> = found.iter().map(row).collect();
    let empty = "no bots yet; `botyard tenant add --help` says how to add one";
    out.table(&["ID", "BOT", "STATE", "OWNER", "FROM", "TROUBLE"], &rows, empty);
    Ok(())
}

fn row(found: &Found) -> Vec<String> {
    let row = &found.row;
    vec![
        row.tenant.to_string(),
        at_name(row),
        row.state.as_str().to_owned(),
        found.admins.first().map_or_else(|| "-".to_owned(), |(id, _)| id.to_string()),
        row.origin.as_str().to_owned(),
        trouble(row).unwrap_or_else(|| "-".to_owned()),
    ]
}

/// One bot for programs; `show --json` gives more.
pub(crate) fn line(found: &Found) -> Value {
    let row = &found.row;
    json!({
        "id": row.tenant.as_str(),
        "bot": {"id": row.bot_id.0, "username": row.bot_username},
        "state": row.state.as_str(),
        "partner_id": row.partner_id,
        "owner": found.admins.first().map(|(id, _)| id.0),
        "origin": row.origin.as_str(),
        "trouble": trouble(row),
    })
}
