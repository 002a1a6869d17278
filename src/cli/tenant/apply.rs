//! `botyard tenant apply`.

use std::path::PathBuf;

use super::all;
use crate::app;
use crate::cli::failure::Failure;
use crate::cli::out::Out;
use crate::config::{Settings, process_variable};
use crate::domain::Clock;
use crate::tenants::apply;
use crate::tenants::file::{Change, TenantsFile};

pub(crate) const HELP: &str = "\
`serve` does this at its start and on SIGHUP. Use it alone to see what a changed file would do (--dry-run), or to pause more
than half of the bots that came from the file, which needs --force. A file that names no bot never pauses any. Bots that
were added elsewhere are left alone.

Examples:
  botyard tenant apply --dry-run
  botyard tenant apply --file /etc/botyard/tenants.toml

Exit codes:
  0  the installation agrees with the file
  1  it would pause too much, or the database is away; nothing was changed
  2  the file is wrong: every problem on a line of its own; nothing was changed";

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The file; without it the one of the settings, or tenants.toml
    #[arg(long, value_name = "PATH")]
    file: Option<PathBuf>,
    /// Tells what would be done and does nothing
    #[arg(long)]
    dry_run: bool,
    /// Pauses more than half of the bots if the file says so
    #[arg(long)]
    force: bool,
}

pub(crate) async fn run(settings: &Settings, args: &Args, out: &Out) -> Result<(), Failure> {
    let path = args.file.clone().or_else(|| settings.tenants_file());
    let path =
        path.ok_or_else(|| Failure::Usage("there is no tenants.toml here; name a file: --file PATH".to_owned()))?;
    let file = TenantsFile::read(&path, &process_variable)
        .map_err(|problems| Failure::Usage(problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")))?;
    let ground = app::ground(settings).await?;
    let changes = if args.dry_run {
        apply::planned(&ground.db, &file, args.force).await?
    } else {
        apply::apply(&ground.db, &ground.vault, &file, args.force, Clock::system().now()).await?
    };
    for change in &changes {
        out.line(&told(change, args.dry_run));
    }
    let there = all(&ground.db).await?.len();
    ground.db.close().await;
    let done = if args.dry_run { "nothing was changed" } else { "the file was applied" };
    out.line(&format!("{done}; {there} hosted"));
    Ok(())
}

fn told(change: &Change, dry: bool) -> String {
    let (did, id) = match change {
        Change::Add(id) => (if dry { "would be added" } else { "added" }, id),
        Change::Update(id) => (if dry { "would get the file's settings" } else { "has the file's settings" }, id),
        Change::Pause(id) => (if dry { "would be paused: it left the file" } else { "paused: it left the file" }, id),
        Change::Resume(id) => (if dry { "would be resumed" } else { "resumed" }, id),
        Change::LeaveDeleted(id) => ("is deleted: take it out of the file, or give it another id", id),
    };
    format!("{id} {did}")
}
