//! `botyard audit …`: whether what is written of who did what is what was written.

use clap::Subcommand;
use serde_json::json;

use super::failure::Failure;
use super::out::Out;
use super::tenant;
use crate::accounts::audit::{self, Chain};
use crate::app;
use crate::config::Settings;
use crate::domain::BotInstanceId;

pub(crate) const HELP: &str = "\
Everything that admins, programs and the platform do to a bot is written into its audit log, each entry with a hash of itself
and of the one before it.

Example:
  botyard audit verify

Exit codes: those of the commands below.";

const VERIFY_HELP: &str = "\
Walks along the chain of every bot's audit log, and of the platform owner's own once there is one (`tenant: null` in JSON), from
the first entry to the last. An entry that was changed or removed is named by its number. Changes nothing, and may run beside
`botyard serve`.

Examples:
  botyard audit verify
  botyard audit verify --tenant my-bot
  botyard audit verify --json | jq -r '.[] | select(.ok | not) | .broken_at'

Exit codes:
  0  every chain is whole, also when there is none
  1  at least one is broken, or the database is away
  2  a wrong setting or argument";

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Proves that no entry was changed or removed, or says which
    #[command(after_long_help = VERIFY_HELP)]
    Verify(VerifyArgs),
}

#[derive(clap::Args)]
pub(crate) struct VerifyArgs {
    /// Only this bot's log
    #[arg(long, value_name = "ID", value_parser = tenant::id)]
    tenant: Option<BotInstanceId>,
    /// JSON for programs
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(settings: &Settings, command: &Command, out: &Out) -> Result<(), Failure> {
    let Command::Verify(args) = command;
    let ground = app::ground(settings).await?;
    let mut results = Vec::new();
    for id in tenant::chosen(&ground.db, args.tenant.as_ref()).await? {
        let chain = audit::verify(&mut ground.db.tenant_read(&id).await?).await?;
        results.push((Some(id), chain));
    }
    if args.tenant.is_none() {
        let chain = audit::verify_over(&mut ground.db.platform_read().await?).await?;
        // Nothing was ever written: there is no log to speak of.
        if chain != Chain::Whole(0) {
            results.push((None, chain));
        }
    }
    ground.db.close().await;
    show(&results, args.json, out)?;
    let broken: Vec<String> = results.iter().filter_map(|(id, chain)| broken(*chain, id.as_ref())).collect();
    if broken.is_empty() { Ok(()) } else { Err(Failure::Work(broken.join("; "))) }
}

fn named(id: Option<&BotInstanceId>) -> String {
    id.map_or_else(|| "the platform".to_owned(), ToString::to_string)
}

fn broken(chain: Chain, id: Option<&BotInstanceId>) -> Option<String> {
    let id = named(id);
    match chain {
        Chain::Whole(_) => None,
        Chain::BrokenAt(seq) => Some(format!("the audit log of {id} is not what was written, from entry {seq} on")),
    }
}

fn show(results: &[(Option<BotInstanceId>, Chain)], as_json: bool, out: &Out) -> Result<(), Failure> {
    if as_json {
        let rows: Vec<_> = results
            .iter()
            .map(|(id, chain)| match chain {
                Chain::Whole(entries) => json!({ "tenant": id, "ok": true, "entries": entries, "broken_at": null }),
                Chain::BrokenAt(seq) => json!({ "tenant": id, "ok": false, "entries": null, "broken_at": seq }),
            })
            .collect();
        return out.json(&rows);
    }
    let rows: Vec<Vec<String>> = results
        .iter()
        .map(|(id, chain)| match chain {
            Chain::Whole(entries) => vec![named(id.as_ref()), "ok".to_owned(), entries.to_string()],
            Chain::BrokenAt(seq) => vec![named(id.as_ref()), "BROKEN".to_owned(), format!("at entry {seq}")],
        })
        .collect();
    out.table(&["ID", "AUDIT LOG", "ENTRIES"], &rows, "no bots yet: nothing to verify");
    Ok(())
}
