//! A migrated database of its own for each test, on SQLite and on PostgreSQL.
//!
//! ```ignore
//! on_each_db! {
//!     /// Why this matters.
//!     async fn a_duplicate_update_is_refused(db: Db) { … }
//! }
//! ```
//!
//! makes two tests, `a_duplicate_update_is_refused::sqlite` and `…::postgres`. Take a [`TestDb`] instead of a `Db` where the
//! test also needs the address, to open the same database a second time or in another process.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use botyard::store::{Db, DbKind, PoolSettings};
use futures::FutureExt as _;
use sha2::{Digest as _, Sha256};

use super::env::root;
use super::{postgres, sqlite};

/// One body, two tests: on SQLite and on PostgreSQL.
macro_rules! on_each_db {
    ($($(#[$meta:meta])* async fn $name:ident($db:ident: $kind:ty) $body:block)+) => { $(
        $(#[$meta])*
        mod $name {
            use super::*;

            async fn body($db: $kind) $body

            #[test]
            fn sqlite() {
                $crate::util::db::on_sqlite(|db| body(db.into()));
            }

            #[test]
            fn postgres() {
                $crate::util::db::on_postgres(|db| body(db.into()));
            }
        }
    )+ };
}
pub(crate) use on_each_db;

/// A migrated, empty database that no other test sees.
#[derive(Clone)]
pub(crate) struct TestDb {
    pub(crate) db: Db,
    /// What `DATABASE_URL` would be.
    pub(crate) url: String,
}

impl TestDb {
    /// Opens the same database once more: another replica's pool.
    pub(crate) async fn again(&self) -> Db {
        open(&self.url).await
    }
}

impl From<TestDb> for Db {
    fn from(test: TestDb) -> Self {
        test.db
    }
}

/// Runs a test's body on a fresh SQLite file.
pub(crate) fn on_sqlite<F: Future<Output = ()>>(body: impl FnOnce(TestDb) -> F) {
    block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let url = sqlite::create(folder.path()).await;
        run(&url, body).await;
    });
}

/// Runs a test's body on a fresh PostgreSQL database, or says that it was skipped.
pub(crate) fn on_postgres<F: Future<Output = ()>>(body: impl FnOnce(TestDb) -> F) {
    let Some(server) = postgres::Server::find() else { return };
    block_on(async {
        let database = server.create().await;
        let outcome = AssertUnwindSafe(run(&database.url, body)).catch_unwind().await;
        server.drop_database(&database).await;
        if let Err(panic) = outcome {
            std::panic::resume_unwind(panic);
        }
    });
}

/// Opens a database as the program does, with the patience of a busy machine.
pub(crate) async fn open(url: &str) -> Db {
    let patient = PoolSettings {
        connections: 8,
        wait: Duration::from_secs(20),
        lock: Duration::from_secs(10),
        statement: Duration::from_secs(20),
    };
    Db::open(url, &patient).await.unwrap()
}

/// A short name that changes with every migration of one kind: the name of its template.
pub(crate) fn template_name(kind: DbKind) -> String {
    let folder = root().join("migrations").join(if kind == DbKind::Sqlite { "sqlite" } else { "postgres" });
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mut hash = Sha256::new();
    for file in files {
        hash.update(file.file_name().unwrap().as_encoded_bytes());
        hash.update(std::fs::read(&file).unwrap());
    }
    format!("botyard_template_{}", &hex::encode(hash.finalize())[..16])
}

async fn run<F: Future<Output = ()>>(url: &str, body: impl FnOnce(TestDb) -> F) {
    let db = open(url).await;
    body(TestDb { db: db.clone(), url: url.to_owned() }).await;
    db.close().await;
}

fn block_on<F: Future<Output = ()>>(future: F) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(future);
    runtime.shutdown_timeout(Duration::from_secs(5));
}

#[cfg(test)]
mod tests {
    use super::*;

    on_each_db! {
        async fn a_test_has_a_migrated_database_of_its_own(test: TestDb) {
            let id = botyard::domain::BotInstanceId::parse("tenant-a").unwrap();
            test.db.tenant(&id).await.unwrap().commit().await.unwrap();
            test.db.check_walls().await.unwrap();
            let other = test.again().await;
            assert_eq!(other.kind(), test.db.kind());
            other.migrate().await.unwrap();
            other.close().await;
        }
    }
}
