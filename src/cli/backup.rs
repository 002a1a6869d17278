//! `botyard backup`: a consistent copy of the SQLite database, made while it serves.

use std::path::{Path, PathBuf};

use serde_json::json;

use super::failure::Failure;
use super::out::Out;
use crate::app;
use crate::config::{DatabaseUrl, MasterKeySource, Settings};
use crate::domain::Clock;
use crate::store::{Db, PoolSettings};

pub(crate) const HELP: &str = "\
Beside SQLite: writes a consistent copy of the database, while `serve` goes on, and reads it back to see that it is whole. An
existing file is never overwritten. The copy opens with the same master key only: keep the key's backup apart from it. Files of
people and results are in the data folder's media (or the S3 bucket) and are copied by your own means; without them the bots
work, and old results cannot be shown again.

Restore: stop `serve`, put the copy in the place of the database (botyard.db; remove botyard.db-wal and botyard.db-shm), put
master.key back if it is lost, start `serve`. Updates that Telegram repeats are recognised. A copy made by other means holds the
roles of the process that served then: `serve` works at once, and fetches updates and watches once leases.life is over.

Beside PostgreSQL use its own tools, which see every row as the database's owner:
  pg_dump --format=custom --no-owner --file=botyard.dump \"$DATABASE_URL\"
  pg_restore --clean --if-exists --no-owner --dbname=\"$DATABASE_URL\" botyard.dump

Examples:
  botyard backup
  botyard backup /backups/botyard-friday.db

Exit codes:
  0  the copy is written and whole; its path is on standard output
  1  not written, or not whole; or the database is PostgreSQL
  2  a wrong setting";

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Where to; without it a file named by the time in the data folder's `backups`
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    /// JSON for programs
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(settings: &Settings, args: &Args, out: &Out) -> Result<(), Failure> {
    let DatabaseUrl::Sqlite(source) = settings.database_url() else {
        return Err(Failure::Work(
            "the database is PostgreSQL: `botyard backup --help` shows the pg_dump way".to_owned(),
        ));
    };
    if !source.exists() {
        return Err(Failure::Work(format!("there is no database at {} yet", source.display())));
    }
    let target = args.file.clone().unwrap_or_else(|| usual(settings));
    if target.exists() {
        return Err(Failure::Work(format!("{} exists: it is not overwritten", target.display())));
    }
    if let Some(folder) = target.parent().filter(|folder| *folder != Path::new("")) {
        std::fs::create_dir_all(folder).map_err(|e| Failure::Work(format!("{}: {e}", folder.display())))?;
    }
    let db = app::open(settings).await?;
    let copied = db.backup(&target).await;
    db.close().await;
    copied?;
    let bots = look(&target).await?;
    let bytes = std::fs::metadata(&target)?.len();
    if args.json {
        return out.json(&json!({ "file": target.display().to_string(), "bytes": bytes, "bots": bots }));
    }
    out.line(&target.display().to_string());
    out.complain(&format!("{bytes} bytes, {bots} bots, whole"));
    if matches!(settings.master_key, MasterKeySource::DataFolder) {
        let key = settings.files.data.join("master.key");
        out.complain(&format!("without {} the copy cannot be opened: keep it elsewhere", key.display()));
    }
    Ok(())
}

/// `backups/botyard-20261130-121500.db` in the data folder.
fn usual(settings: &Settings) -> PathBuf {
    let at = Clock::system().now().timestamp().strftime("%Y%m%d-%H%M%S").to_string();
    settings.files.data.join("backups").join(format!("botyard-{at}.db"))
}

/// Reads a copy back; gives how many bots are in it. The roles of the process that served meanwhile are given up in it, so that
/// whoever serves the copy waits for nobody.
async fn look(copy: &Path) -> Result<i64, Failure> {
    let db = Db::open(&format!("sqlite:{}", copy.display()), &PoolSettings::default()).await?;
    let whole = async {
        let faults = db.faults().await?;
        let mut tx = db.platform().await?;
        let bots = tx.tenants_checked().await?.count;
        tx.leases_release_all().await?;
        tx.commit().await?;
        Ok::<_, Failure>((faults, bots))
    };
    let found = whole.await;
    db.close().await;
    let (faults, bots) = found?;
    match faults.as_slice() {
        [] => Ok(bots),
        [first, ..] => Err(Failure::Work(format!("the copy is not whole: {first}"))),
    }
}
