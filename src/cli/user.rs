//! `botyard user …`: a person's own data, and their wish to be forgotten (platform.md 7).

use serde_json::{Map, Value, json};

use super::failure::Failure;
use super::out::Out;
use crate::app;
use crate::bot::jobs;
use crate::config::Settings;
use crate::domain::{BotInstanceId, Clock, Corr, UserId};
use crate::generation::history::order_of;
use crate::store::StoreError;

pub(crate) const HELP: &str = "\
What the law lets people ask for, when they ask the partner and not the bot (/privacy in the bot does the same).

Example:
  botyard user export my-bot 101

Exit codes: those of the commands below.";

const EXPORT_HELP: &str = "\
Prints everything that is stored about a person of a bot as JSON lines: the table and the row, and what they asked for in
words. Sealed columns of other kinds are left out.

Example:
  botyard user export my-bot 101 > person.jsonl

Exit codes:
  0  printed
  1  no such bot or person
  2  a wrong setting or argument";

const ERASE_HELP: &str = "\
Asks for the erasure of a person: a running `botyard serve` removes files and rows once nothing of theirs is in work, and what
is left of their balance. The ledger stays, under a name that leads nowhere.

Example:
  botyard user erase my-bot 101 --yes

Exit codes:
  0  asked for, now or before
  1  no such bot or person
  2  --yes is missing, or a wrong setting";

/// Rows at once.
const PAGE: i64 = 500;

#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// Prints everything about a person
    #[command(after_long_help = EXPORT_HELP)]
    Export(ExportArgs),
    /// Lets a person be forgotten
    #[command(after_long_help = ERASE_HELP)]
    Erase(EraseArgs),
}

#[derive(clap::Args)]
pub(crate) struct ExportArgs {
    /// The bot's id
    #[arg(value_name = "ID", value_parser = super::tenant::id)]
    tenant: BotInstanceId,
    /// The person's Telegram id
    #[arg(value_name = "TELEGRAM_ID")]
    user: i64,
}

#[derive(clap::Args)]
pub(crate) struct EraseArgs {
    /// The bot's id
    #[arg(value_name = "ID", value_parser = super::tenant::id)]
    tenant: BotInstanceId,
    /// The person's Telegram id
    #[arg(value_name = "TELEGRAM_ID")]
    user: i64,
    /// Yes, for good
    #[arg(long)]
    yes: bool,
}

pub(crate) async fn run(settings: &Settings, command: &Command, out: &Out) -> Result<(), Failure> {
    match command {
        Command::Export(args) => export(settings, args, out).await,
        Command::Erase(args) => erase(settings, args, out).await,
    }
}

fn unknown(tenant: &BotInstanceId, user: i64) -> Failure {
    Failure::Work(format!("{tenant} knows nobody with the Telegram id {user}"))
}

/// Whether a row is about this person, by the columns that name people.
fn is_about(row: &Map<String, Value>, user: i64, user_ref: &str) -> bool {
    let number = |name: &str| row.get(name).and_then(Value::as_i64) == Some(user);
    let word = |name: &str| row.get(name).and_then(Value::as_str);
    let account = [word("debit_id"), word("credit_id"), word("id")];
    number("user_id")
        || number("chat_id")
        || word("user_ref") == Some(user_ref)
        || account.into_iter().flatten().any(|id| id.ends_with(user_ref))
}

async fn export(settings: &Settings, args: &ExportArgs, out: &Out) -> Result<(), Failure> {
    let ground = app::ground(settings).await?;
    let tenant = super::tenant::leave::opened(&ground, &args.tenant).await?;
    let person = ground.db.tenant_read(&args.tenant).await?.user_get(UserId(args.user)).await?;
    let person = person.ok_or_else(|| unknown(&args.tenant, args.user))?;
    let mut tx = ground.db.platform_read().await?;
    for table in tx.archive_tables().await?.iter().filter(|table| table.of_tenants) {
        let mut skip = 0;
        loop {
            let page = tx.archive_rows(table, &args.tenant, (skip, PAGE)).await?;
            let met = page.len() as i64;
            for mut row in page.into_iter().filter(|row| is_about(row, args.user, person.user_ref.as_str())) {
                row.retain(|name, _| !name.ends_with("sealed") && name != "evidence" && name != "requisites");
                out.line(&json!({ "table": table.name, "row": row }).to_string());
            }
            skip += met;
            if met < PAGE {
                break;
            }
        }
    }
    drop(tx);
    let catalog = crate::catalog::Catalog::embedded().map_err(|error| Failure::Work(error.to_string()))?;
    let mut tx = ground.db.tenant_read(&args.tenant).await?;
    for generation in tx.generations_history(UserId(args.user), i64::from(i32::MAX)).await? {
        let order = order_of(&tenant, &generation).ok();
        let model = catalog.model(&generation.model_id);
        let prompt = order.zip(model).and_then(|(order, model)| order.summary(model).prompt);
        out.line(&json!({ "generation": generation.id, "prompt": prompt }).to_string());
    }
    drop(tx);
    ground.db.close().await;
    Ok(())
}

async fn erase(settings: &Settings, args: &EraseArgs, out: &Out) -> Result<(), Failure> {
    if !args.yes {
        return Err(Failure::Usage(format!("this erases {} for good: say it with --yes", args.user)));
    }
    let ground = app::ground(settings).await?;
    super::tenant::find(&ground.db, &args.tenant).await?;
    let (corr, now) = (Corr::random(), Clock::system().now());
    let mut tx = ground.db.tenant(&args.tenant).await?;
    if tx.user_get(UserId(args.user)).await?.is_none() {
        return Err(unknown(&args.tenant, args.user));
    }
    let new = tx.erasure_request(UserId(args.user), &corr, now).await?;
    if new {
        jobs::put_erasure(&mut tx, &corr, now).await?;
    }
    tx.commit().await.map_err(|error: StoreError| Failure::from(error))?;
    ground.db.close().await;
    out.line(if new { "asked for; `botyard serve` does it" } else { "was asked for before" });
    Ok(())
}
