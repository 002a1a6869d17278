//! SQLite files for tests: migrated once for each set of migrations, copied for each test.

use std::path::{Path, PathBuf};

use botyard::store::DbKind;

use super::db::{open, template_name};
use super::env::scratch;

/// Makes a migrated file in the folder and gives its address.
pub(crate) async fn create(folder: &Path) -> String {
    let file = folder.join("botyard.db");
    std::fs::copy(template().await, &file).unwrap();
    format!("sqlite:{}", file.display())
}

/// The migrated file to copy. Processes that make it at the same time each make their own; the last rename wins.
async fn template() -> PathBuf {
    let ready = scratch().join(format!("{}.db", template_name(DbKind::Sqlite)));
    if !ready.exists() {
        let folder = tempfile::tempdir_in(scratch()).unwrap();
        let file = folder.path().join("new.db");
        let db = open(&format!("sqlite:{}", file.display())).await;
        db.migrate().await.unwrap();
        db.close().await;
        std::fs::rename(file, &ready).unwrap();
    }
    ready
}
