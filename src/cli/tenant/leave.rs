//! `botyard tenant export`, `import`, `delete`, `purge`: a bot moves, or leaves.

use std::path::PathBuf;

use serde_json::json;

use super::{find, id};
use crate::app;
use crate::billing;
use crate::cli::failure::Failure;
use crate::cli::out::Out;
use crate::clients::{Http, HttpSettings, Telegram};
use crate::config::{Settings, process_variable};
use crate::domain::{BotInstanceId, Clock, Secret, TenantState};
use crate::generation::{self, MediaStore};
use crate::store::LedgerCheckRow;
use crate::tenants::archive;
use crate::tenants::{Registry, Tenant};

pub(crate) const EXPORT_HELP: &str = "\
Writes everything of a bot into a folder: rows/<table>.jsonl, one JSON object a line with bytes in base64, media/<id>, and
manifest.json. What is sealed stays sealed; the key that opens it is printed once and kept nowhere. Pause the bot before, so
that nothing changes meanwhile.

Example:
  botyard tenant export my-bot --to ./my-bot-archive

Exit codes:
  0  written; the archive's key is on standard output
  1  no such bot, the folder is not empty, or a file cannot be written
  2  a wrong setting or argument";

pub(crate) const IMPORT_HELP: &str = "\
Brings an archive of `tenant export` in, every id as it was. The bot comes paused: resume it here once it is out of service
where it was, because only one installation receives a bot's messages. Marks of erased people and of used receipts are keyed
by the installation and count from anew.

Example:
  botyard tenant import ./my-bot-archive --key-env ARCHIVE_KEY

Exit codes:
  0  brought in
  1  the name or the Telegram bot is in use here, or the archive or its key is wrong
  2  a wrong setting or argument";

pub(crate) const DELETE_HELP: &str = "\
Takes a bot out of service at once: its webhook is removed, its address answers as unknown, its secrets and its data key are
destroyed. What was at work ends, and what was held for it goes back. Prompts, results and receipts can be opened by nobody from
then on; export before. Rows stay for retention.deleted_tenants, or until `tenant purge`.

Example:
  botyard tenant delete my-bot --yes

Exit codes:
  0  out of service
  1  no such bot
  2  --yes is missing, or a wrong setting";

pub(crate) const PURGE_HELP: &str = "\
Removes every row and file of a deleted bot, once it is out of service for as long as retention.deleted_tenants says; `serve`
does that by itself, too. What stays is one statement of totals, signed with the installation's key, which is printed.

Example:
  botyard tenant purge my-bot
  botyard tenant purge my-bot --now

Exit codes:
  0  removed; the statement is on standard output
  1  no such bot, it is not deleted, or its time is not over
  2  a wrong setting or argument";

#[derive(clap::Args)]
pub(crate) struct ExportArgs {
    /// The bot's id
    #[arg(value_name = "ID", value_parser = id)]
    tenant: BotInstanceId,
    /// A folder that is not there yet, or empty
    #[arg(long, value_name = "FOLDER")]
    to: PathBuf,
    /// JSON for programs
    #[arg(long)]
    json: bool,
}

#[derive(clap::Args)]
pub(crate) struct ImportArgs {
    /// The archive's folder
    #[arg(value_name = "FOLDER")]
    from: PathBuf,
    /// The variable that holds the archive's key
    #[arg(long, value_name = "NAME")]
    key_env: String,
}

#[derive(clap::Args)]
pub(crate) struct DeleteArgs {
    /// The bot's id
    #[arg(value_name = "ID", value_parser = id)]
    tenant: BotInstanceId,
    /// Yes, destroy its secrets
    #[arg(long)]
    yes: bool,
}

#[derive(clap::Args)]
pub(crate) struct PurgeArgs {
    /// The bot's id
    #[arg(value_name = "ID", value_parser = id)]
    tenant: BotInstanceId,
    /// Before its time is over
    #[arg(long)]
    now: bool,
}

/// Where the files of tenants are.
fn store(settings: &Settings) -> Result<MediaStore, Failure> {
    Ok(MediaStore::open(settings, &Http::new(&HttpSettings::default())?, &Clock::system())?)
}

/// A stored bot with its secrets open.
pub(crate) async fn opened(ground: &app::Ground, id: &BotInstanceId) -> Result<std::sync::Arc<Tenant>, Failure> {
    find(&ground.db, id).await?;
    let registry = Registry::new();
    let broken = registry.refresh(&ground.db, &ground.vault).await?;
    if let Some((_, error)) = broken.into_iter().find(|(broken, _)| broken == id) {
        return Err(error.into());
    }
    registry.get(id).ok_or_else(|| Failure::Work(format!("no bot is named {id}")))
}

pub(crate) async fn export(settings: &Settings, args: &ExportArgs, out: &Out) -> Result<(), Failure> {
    if std::fs::read_dir(&args.to).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(Failure::Work(format!("{} is not empty", args.to.display())));
    }
    let ground = app::ground(settings).await?;
    let tenant = opened(&ground, &args.tenant).await?;
    if tenant.state == TenantState::Active {
        out.complain(&format!("{} is in service: what changes meanwhile may be missing", args.tenant));
    }
    let (store, now) = (store(settings)?, Clock::system().now());
    let (held, key) = archive::export(&ground.db, &ground.vault, &store, &tenant, &args.to, now).await?;
    ground.db.close().await;
    if args.json {
        return out.json(&json!({ "rows": held.rows, "files": held.files, "key": key.expose() }));
    }
    out.line(key.expose());
    let folder = args.to.display();
    out.complain(&format!("{} rows and {} files are in {folder}; the key above opens them", held.rows, held.files));
    Ok(())
}

pub(crate) async fn import(settings: &Settings, args: &ImportArgs, out: &Out) -> Result<(), Failure> {
    let name = &args.key_env;
    let key = process_variable(name).filter(|value| !value.trim().is_empty());
    let key = key.ok_or_else(|| Failure::Usage(format!("the variable {name} is not set")))?;
    let ground = app::ground(settings).await?;
    let (store, now) = (store(settings)?, Clock::system().now());
    let key = Secret::new(key.trim());
    let (id, held) = archive::import(&ground.db, &ground.vault, &store, &args.from, &key, now).await?;
    let ledger = sealed(&ground, &id).await?;
    ground.db.close().await;
    out.line(&format!("{id} is here, paused: {} rows, {} files", held.rows, held.files));
    let LedgerCheckRow { sealed, faults, detail, .. } = ledger;
    if faults > 0 {
        let first = detail.lines().next().unwrap_or_default();
        out.complain(&format!(
            "its ledger is not in order, {faults} faults, the first: {first}; do not resume it before"
        ));
    } else {
        out.complain(&format!(
            "its ledger is in order; its {sealed} transfers are sealed with the key of this installation"
        ));
    }
    Ok(())
}

/// Seals the transfers that came, and asks every rule about them.
async fn sealed(ground: &app::Ground, id: &BotInstanceId) -> Result<LedgerCheckRow, Failure> {
    let checked = billing::check(&ground.db, &ground.vault, id, true, Clock::system().now()).await?;
    let mut tx = ground.db.tenant(id).await?;
    let mut head = tx.ledger_head_lock().await?;
    head.walked = checked.walked;
    tx.ledger_head_put(&head).await?;
    tx.ledger_check_put(&checked.row).await?;
    tx.commit().await?;
    Ok(checked.row)
}

pub(crate) async fn delete(settings: &Settings, args: &DeleteArgs, out: &Out) -> Result<(), Failure> {
    if !args.yes {
        let id = &args.tenant;
        return Err(Failure::Usage(format!("this destroys the secrets of {id} for good: say it with --yes")));
    }
    let ground = app::ground(settings).await?;
    let tenant = opened(&ground, &args.tenant).await?;
    let telegram = Telegram::from_settings(Http::new(&HttpSettings::default())?, &settings.telegram)?;
    let now = Clock::system().now();
    let told = archive::offboard(&ground.db, &telegram, &tenant, now).await?;
    let ended = generation::sweep::of_deleted(&ground.db, now).await?;
    ground.db.close().await;
    if !told {
        out.complain(
            "Telegram was not reached: revoke the bot's token in BotFather, so that nothing is sent here any more",
        );
    }
    if ended > 0 {
        out.complain(&format!("{ended} generations that were at work are ended, what was held for them is given back"));
    }
    out.line(&format!("{} is out of service, its secrets are destroyed", args.tenant));
    Ok(())
}

pub(crate) async fn purge(settings: &Settings, args: &PurgeArgs, out: &Out) -> Result<(), Failure> {
    let ground = app::ground(settings).await?;
    let row = ground.db.platform_read().await?.tenant_get(&args.tenant).await?;
    let row = row.ok_or_else(|| Failure::Work(format!("no bot is named {}", args.tenant)))?;
    let now = Clock::system().now();
    let rest = settings.retention.deleted_tenants.saturating_sub(now.since(row.updated_at));
    if row.state == TenantState::Deleted && !args.now && !rest.is_zero() {
        let days = rest.as_secs().div_ceil(86_400);
        return Err(Failure::Work(format!("{} is kept for {days} days more; --now removes it today", args.tenant)));
    }
    let store = store(settings)?;
    let statement = archive::purge(&ground.db, &ground.vault, &store, &args.tenant, now).await?;
    ground.db.close().await;
    out.json(&statement)
}
