//! `botyard ledger …`: whether the money that is written down can be trusted.

use clap::Subcommand;
use serde_json::json;

use super::failure::Failure;
use super::out::Out;
use super::tenant;
use crate::app;
use crate::billing::{self, Verified};
use crate::config::Settings;
use crate::domain::BotInstanceId;

pub(crate) const HELP: &str = "\
Every movement of money is written once and never changed; a running `botyard serve` seals it into a chain and checks the
balances every minute (ledger.check_every).

Example:
  botyard ledger verify

Exit codes: those of the commands below.";

const VERIFY_HELP: &str = "\
Compares every balance with its transfers, every generation with what was taken for it, and every sealed transfer with its
link of the chain. A transfer that was changed or deleted after it was sealed is named by its number. Changes nothing, and
may run beside `botyard serve`. Transfers of the last minute may not be sealed yet, which is no fault.

Examples:
  botyard ledger verify
  botyard ledger verify --tenant my-bot
  botyard ledger verify --json | jq -r '.[] | select(.ok | not) | .tenant'

Exit codes:
  0  every ledger is in order, also when there is none
  1  something is wrong with at least one, or the database is away
  2  a wrong setting or argument";

/// Faults of one ledger that are named on a terminal; JSON has them all.
const NAMED: usize = 50;

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Proves that no kopeck was lost or made, or says where
    #[command(after_long_help = VERIFY_HELP)]
    Verify(VerifyArgs),
}

#[derive(clap::Args)]
pub(crate) struct VerifyArgs {
    /// Only this bot's ledger
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
        let verified = billing::verify(&ground.db, &ground.vault, &id).await?;
        results.push((id, verified));
    }
    ground.db.close().await;
    if args.json {
        out.json(&results.iter().map(for_programs).collect::<Vec<_>>())?;
    } else {
        for_people(&results, out);
    }
    let broken: Vec<&str> = results.iter().filter(|(_, v)| !v.faults.is_empty()).map(|(id, _)| id.as_str()).collect();
    if broken.is_empty() {
        return Ok(());
    }
    Err(Failure::Work(format!(
        "the ledger is not in order: {}; stop top-ups there until it is known why",
        broken.join(", ")
    )))
}

fn for_programs((id, verified): &(BotInstanceId, Verified)) -> serde_json::Value {
    let faults: Vec<_> =
        verified.faults.iter().map(|fault| json!({"fault": fault.fault, "subject": fault.subject})).collect();
    json!({
        "tenant": id.as_str(),
        "ok": verified.faults.is_empty(),
        "transfers": verified.transfers,
        "sealed": verified.sealed,
        "faults": faults,
    })
}

fn for_people(results: &[(BotInstanceId, Verified)], out: &Out) {
    let rows: Vec<Vec<String>> = results
        .iter()
        .map(|(id, verified)| {
            let verdict = if verified.faults.is_empty() { "ok" } else { "BROKEN" };
            let numbers = [verified.transfers, verified.sealed].map(|n| n.to_string());
            let [transfers, sealed] = numbers;
            vec![id.to_string(), verdict.to_owned(), transfers, sealed, verified.faults.len().to_string()]
        })
        .collect();
    out.table(&["ID", "LEDGER", "TRANSFERS", "SEALED", "FAULTS"], &rows, "no bots yet: nothing to verify");
    for (id, verified) in results {
        for fault in verified.faults.iter().take(NAMED) {
            out.line(&format!("{id}: {fault}"));
        }
        if verified.faults.len() > NAMED {
            out.line(&format!("{id}: and {} more, all of them with --json", verified.faults.len() - NAMED));
        }
    }
}
