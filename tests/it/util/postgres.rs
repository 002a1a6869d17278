//! PostgreSQL databases for tests: one template for each set of migrations, `CREATE DATABASE … TEMPLATE` for each test.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use botyard::store::DbKind;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};
use url::Url;

use super::db::{open, template_name};
use super::env;

/// Any number: who holds it makes the template, everybody else waits.
const TEMPLATE_LOCK: i64 = 7_238_420_117;
/// `object_in_use`: somebody, most likely autovacuum, is looking at the template.
const IN_USE: &str = "55006";
/// `insufficient_privilege`: an autovacuum worker is in the database that is to be dropped.
const VACUUMED: &str = "42501";
/// How often a drop is tried, 100 ms apart.
const DROP_TRIES: u32 = 100;

/// The server that `./test` started, under the login role of production: no superuser.
pub(crate) struct Server {
    url: Url,
}

/// A database that belongs to one test.
pub(crate) struct Database {
    name: String,
    pub(crate) url: String,
}

impl Server {
    /// The server, or `None` after saying that a test is skipped.
    pub(crate) fn find() -> Option<Self> {
        let url = env::read_or_skip(env::POSTGRES)?;
        Some(Self {
            url: Url::parse(&url).expect("BOTYARD_TEST_POSTGRES is postgres://user:password@host:port/database"),
        })
    }

    /// Makes a migrated database.
    pub(crate) async fn create(&self) -> Database {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("botyard_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let mut server = self.connect().await;
        let template = self.template(&mut server).await;
        self.copy(&mut server, &template, &name).await;
        server.close().await.unwrap();
        Database { url: self.address(&name), name }
    }

    /// Drops it with whatever is still connected. An autovacuum worker in it belongs to no role of ours and may not be ended
    /// (42501); it leaves by itself, so the drop is tried again. Every other error stands.
    pub(crate) async fn drop_database(&self, database: &Database) {
        let mut server = self.connect().await;
        let statement = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", database.name);
        for tries in 1u32.. {
            let Err(error) = execute(&mut server, statement.clone()).await else { break };
            let vacuumed =
                error.as_database_error().and_then(sqlx::error::DatabaseError::code).as_deref() == Some(VACUUMED);
            assert!(vacuumed && tries < DROP_TRIES, "{} cannot be dropped: {error}", database.name);
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        server.close().await.unwrap();
    }

    fn address(&self, name: &str) -> String {
        let mut url = self.url.clone();
        url.set_path(name);
        url.into()
    }

    async fn connect(&self) -> PgConnection {
        PgConnection::connect(self.url.as_str()).await.expect("BOTYARD_TEST_POSTGRES answers")
    }

    /// Makes the template unless it is there, under a lock: each test may be a process of its own.
    async fn template(&self, server: &mut PgConnection) -> String {
        let name = template_name(DbKind::Postgres);
        execute(server, format!("SELECT pg_advisory_lock({TEMPLATE_LOCK})")).await.unwrap();
        let found: Option<i32> = sqlx::query_scalar("SELECT 1 FROM pg_database WHERE datname = $1")
            .bind(&name)
            .fetch_optional(&mut *server)
            .await
            .unwrap();
        if found.is_none() {
            let unfinished = format!("{name}_new");
            execute(server, format!("DROP DATABASE IF EXISTS {unfinished}")).await.unwrap();
            execute(server, format!("CREATE DATABASE {unfinished}")).await.unwrap();
            let db = open(&self.address(&unfinished)).await;
            db.migrate().await.unwrap();
            db.close().await;
            retry_in_use(server, &format!("ALTER DATABASE {unfinished} RENAME TO {name}")).await;
        }
        execute(server, format!("SELECT pg_advisory_unlock({TEMPLATE_LOCK})")).await.unwrap();
        name
    }

    async fn copy(&self, server: &mut PgConnection, template: &str, name: &str) {
        retry_in_use(server, &format!("CREATE DATABASE {name} TEMPLATE {template}")).await;
    }
}

async fn execute(server: &mut PgConnection, sql: String) -> Result<(), sqlx::Error> {
    server.execute(AssertSqlSafe(sql)).await.map(|_| ())
}

async fn retry_in_use(server: &mut PgConnection, sql: &str) {
    for _ in 0..100 {
        match execute(server, sql.to_owned()).await {
            Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some(IN_USE) => {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            other => return other.unwrap(),
        }
    }
    panic!("{sql}: the template stays in use");
}
