//! What one /start costs, from the webhook to the reply, beside the floor: a bare axum handler that parses the update, upserts
//! one row and sends one message with the same HTTP client, on the same database server with the same fsync.
//!
//! `cargo bench --bench webhook` measures on SQLite; `./test -- cargo bench --bench webhook` on PostgreSQL too. The server
//! under test is a process of its own, so its CPU time is its own; the load and a Telegram that answers at once run here.
//! `--updates N` changes the length of a run (4,000).

#![expect(
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a measurement that cannot go on stops at once, and it is no part of the platform"
)]

#[path = "webhook/fake.rs"]
mod fake;
#[path = "webhook/floor.rs"]
mod floor;
#[path = "webhook/load.rs"]
mod load;
#[path = "webhook/platform.rs"]
mod platform;

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Stdio};

use comfy_table::{CellAlignment, Table, presets};
use load::Figures;
use serde::{Deserialize, Serialize};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};

/// Where updates go: what a server under test says of itself in one line when it is ready.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Target {
    url: String,
    secret: String,
}

/// What the servers under test are told.
struct Ground {
    database: String,
    telegram: String,
    folder: tempfile::TempDir,
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let after = |flag: &str| arguments.iter().position(|a| a == flag).and_then(|at| arguments.get(at + 1)).cloned();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    if let Some(role) = after("--role") {
        let told = |flag: &str| after(flag).expect("a role is told its database, its Telegram and its folder");
        let (database, telegram, folder) = (told("--database"), told("--telegram"), told("--folder"));
        runtime.block_on(async {
            match role.as_str() {
                "floor" => floor::serve(&database, &telegram).await,
                _ => platform::serve(&database, &telegram, &folder).await,
            }
        });
        return;
    }
    let updates = after("--updates").and_then(|n| n.parse().ok()).unwrap_or(4_000);
    runtime.block_on(measure(updates));
}

async fn measure(updates: usize) {
    let telegram = fake::Telegram::start().await;
    let mut table = Table::new();
    table.load_style(presets::ASCII_MARKDOWN).set_header([
        "database",
        "server",
        "updates/s",
        "CPU us/update",
        "x floor",
        "ack p50 ms",
        "ack p99 ms",
        "at updates/s",
    ]);
    for n in 2..8 {
        if let Some(column) = table.column_mut(n) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    for database in ["sqlite", "postgres"] {
        let Some(server) = server_of(database) else {
            say(
                "BOTYARD_TEST_POSTGRES is not set: PostgreSQL is left out (./test -- cargo bench --bench webhook has it)",
            );
            continue;
        };
        let mut floor = None;
        for role in ["floor", "botyard"] {
            let ground = ground(&server, &telegram.url, role).await;
            let (child, targets) = start(role, &ground);
            let figures = load::run(&telegram, child.0.id(), &targets, updates).await;
            drop(child);
            drop_database(&server, &ground).await;
            let base = *floor.get_or_insert(figures.cpu_us);
            table.add_row(row(database, role, &figures, figures.cpu_us / base));
        }
    }
    say(&table.to_string());
}

fn row(database: &str, role: &str, figures: &Figures, ratio: f64) -> [String; 8] {
    let Figures { per_second, cpu_us, p50_ms, p99_ms, at } = figures;
    [
        database.to_owned(),
        role.to_owned(),
        format!("{per_second:.0}"),
        format!("{cpu_us:.0}"),
        format!("{ratio:.2}"),
        format!("{p50_ms:.1}"),
        format!("{p99_ms:.1}"),
        format!("{at:.0}"),
    ]
}

/// The PostgreSQL server's address, or nothing but a word for SQLite.
fn server_of(database: &str) -> Option<String> {
    if database == "sqlite" { Some(String::new()) } else { botyard::config::process_variable("BOTYARD_TEST_POSTGRES") }
}

async fn ground(server: &str, telegram: &str, role: &str) -> Ground {
    let folder = tempfile::tempdir().expect("a folder");
    let database = if server.is_empty() {
        format!("sqlite:{}", folder.path().join("bench.db").display())
    } else {
        let name = format!("bench_{role}_{}", std::process::id());
        execute(server, &format!("CREATE DATABASE {name}")).await;
        let mut url = url::Url::parse(server).expect("BOTYARD_TEST_POSTGRES is an address");
        url.set_path(&name);
        url.into()
    };
    Ground { database, telegram: telegram.to_owned(), folder }
}

async fn drop_database(server: &str, ground: &Ground) {
    if server.is_empty() {
        return;
    }
    if let Some((_, name)) = ground.database.rsplit_once('/') {
        execute(server, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
    }
}

async fn execute(server: &str, sql: &str) {
    let mut connection = PgConnection::connect(server).await.expect("BOTYARD_TEST_POSTGRES answers");
    connection.execute(AssertSqlSafe(sql.to_owned())).await.expect("the login may make databases");
}

/// A server under test; killed, by its process id, when it is no longer needed.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let ended = self.0.kill().and_then(|()| self.0.wait());
        if let Err(error) = ended {
            say(&format!("a server under test may have stayed: {error}"));
        }
    }
}

fn start(role: &str, ground: &Ground) -> (Running, Vec<Target>) {
    let program = std::env::current_exe().expect("this program's path");
    let mut child = Command::new(program)
        .args(["--role", role, "--database", &ground.database, "--telegram", &ground.telegram])
        .arg("--folder")
        .arg(ground.folder.path())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the server under test starts");
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("its output is piped"))
        .read_line(&mut line)
        .expect("it says where it is");
    let child = Running(child);
    (child, serde_json::from_str(&line).unwrap_or_else(|error| panic!("the {role} did not start ({error}): {line}")))
}

/// Said by a server under test once it takes updates.
fn say_ready(targets: &[Target]) {
    say(&serde_json::to_string(targets).expect("targets are plain"));
}

fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}").and_then(|()| out.flush()).expect("somebody reads the output");
}
