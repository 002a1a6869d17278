//! `botyard migrate`: the schema, without serving.

use super::failure::Failure;
use super::out::Out;
use crate::app;
use crate::config::Settings;

pub(crate) const HELP: &str = "\
`serve` does this too. Use it alone to prepare a new database, or to upgrade the schema of a large installation before the
new program is started. Safe to repeat and to run from several machines at once.

Example:
  DATABASE_URL=postgres://botyard:PASSWORD@127.0.0.1/botyard botyard migrate

Exit codes:
  0  the schema is up to date
  1  it is not: the database cannot be reached, or its schema is newer than this program
  2  a wrong setting";

pub(crate) async fn run(settings: &Settings, out: &Out) -> Result<(), Failure> {
    let db = app::open(settings).await?;
    let before = db.schema().await?;
    app::migrate(settings, &db).await?;
    let after = db.schema().await?;
    db.close().await;
    out.line(&match before.applied {
        Some(version) if Some(version) == after.applied => format!("the schema is up to date: version {version}"),
        Some(version) => format!("the schema went from version {version} to {}", after.known),
        None => format!("the schema was made: version {}", after.known),
    });
    Ok(())
}
