//! How many holds that are then taken the ledger does in a second, beside what `pgbench` gets for the same statements on the same
//! server: two transactions for each, eight at a time, a thousand people of one tenant.
//!
//! `cargo bench --bench ledger` measures on SQLite; `./test -- cargo bench --bench ledger` on PostgreSQL too. `--pairs N` changes
//! the length of a run (4,000).

#![expect(
    clippy::expect_used,
    reason = "a measurement that cannot go on stops at once, and it is no part of the platform"
)]

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use botyard::billing::{self, Captured, Held};
use botyard::config::process_variable;
use botyard::domain::{BotInstanceId, Clock, Corr, GenerationId, Money, Origin, TenantState, UserId, UserRef};
use botyard::store::{Db, NewTenant, PoolSettings};
use comfy_table::{CellAlignment, Table, presets};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};

/// At once, here and there.
const CLIENTS: usize = 8;
const PEOPLE: usize = 1_000;
const PRICE: Money = Money::kopecks(511);
const TENANT: &str = "bench";

/// What `billing::hold` and `billing::capture` say to the server, statement by statement. A colon before a letter would be a
/// variable to pgbench, in a quoted text too.
const SCRIPT: &str = r"\set u random(1, 1000)
\set n random(1, 9000000000000000000)
BEGIN;
SELECT set_config('role', 'botyard_tenant', true), set_config('app.tenant', 'bench', true);
SELECT id, posted, held FROM accounts WHERE bot_instance_id = 'bench' AND id IN ('user:' || 'p' || :u::bigint, 'debt:' || 'p' || :u::bigint);
INSERT INTO accounts (bot_instance_id, id, unit, posted, held, no_overdraft, created_at) VALUES ('bench', 'tenant:' || 'sales', 'RUB', 0, 0, FALSE, 1), ('bench', 'user:' || 'p' || :u::bigint, 'RUB', 0, 0, TRUE, 1) ON CONFLICT DO NOTHING;
UPDATE accounts SET posted = posted + 0, held = held + 511 WHERE bot_instance_id = 'bench' AND id = 'user:' || 'p' || :u::bigint AND (NOT no_overdraft OR posted + 0 - held - 511 >= 0) RETURNING posted;
INSERT INTO transfers (bot_instance_id, id, kind, code, debit_id, credit_id, unit, amount, pending_id, idem_key, req_hash, corr, created_at) VALUES ('bench', 'trf_h' || :n::bigint, 'pending', 'hold', 'user:' || 'p' || :u::bigint, 'tenant:' || 'sales', 'RUB', 511, NULL, 'hold:' || :n::bigint || ':1', repeat('0', 64), 'ABCDEFGHIJKL', 1) ON CONFLICT DO NOTHING RETURNING id;
COMMIT;
BEGIN;
SELECT set_config('role', 'botyard_tenant', true), set_config('app.tenant', 'bench', true);
SELECT debit_id, credit_id, unit, amount, idem_key FROM transfers WHERE bot_instance_id = 'bench' AND id = 'trf_h' || :n::bigint AND kind = 'pending';
INSERT INTO transfers (bot_instance_id, id, kind, code, debit_id, credit_id, unit, amount, pending_id, idem_key, req_hash, corr, created_at) VALUES ('bench', 'trf_c' || :n::bigint, 'post', 'capture', 'user:' || 'p' || :u::bigint, 'tenant:' || 'sales', 'RUB', 511, 'trf_h' || :n::bigint, 'capture:' || :n::bigint, repeat('0', 64), 'ABCDEFGHIJKL', 1) ON CONFLICT DO NOTHING RETURNING id;
UPDATE accounts SET posted = posted + 511, held = held + 0 WHERE bot_instance_id = 'bench' AND id = 'tenant:' || 'sales' AND (NOT no_overdraft OR posted + 511 - held - 0 >= 0) RETURNING posted;
UPDATE accounts SET posted = posted - 511, held = held - 511 WHERE bot_instance_id = 'bench' AND id = 'user:' || 'p' || :u::bigint AND (NOT no_overdraft OR posted - 511 - held + 511 >= 0) RETURNING posted;
COMMIT;
";
const PEOPLE_OF_PGBENCH: &str =
    "INSERT INTO accounts (bot_instance_id, id, unit, posted, held, no_overdraft, created_at)
     SELECT 'bench', 'user:p' || n, 'RUB', 1000000000, 0, TRUE, 1 FROM generate_series(1, 1000) n";

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let after = |flag: &str| arguments.iter().position(|a| a == flag).and_then(|at| arguments.get(at + 1)).cloned();
    let pairs = after("--pairs").and_then(|n| n.parse().ok()).unwrap_or(4_000);
    tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime").block_on(measure(pairs));
}

async fn measure(pairs: u64) {
    let mut table = Table::new();
    table.load_style(presets::ASCII_MARKDOWN).set_header([
        "database",
        "who",
        "hold + post /s",
        "transactions/s",
        "ratio",
    ]);
    for n in 2..5 {
        if let Some(column) = table.column_mut(n) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    let folder = tempfile::tempdir().expect("a folder");
    let lite = format!("sqlite:{}", folder.path().join("bench.db").display());
    table.add_row(row("sqlite", "botyard", ours(&lite, pairs).await, None));
    match (process_variable("BOTYARD_TEST_POSTGRES"), process_variable("BOTYARD_TEST_POSTGRES_SUPERUSER")) {
        (Some(server), Some(superuser)) => {
            let database = Database::make(&server, &superuser, "theirs").await;
            let theirs = pgbench(&database, pairs).await;
            database.forget().await;
            table.add_row(row("postgres", "pgbench", theirs, None));
            let database = Database::make(&server, &superuser, "ours").await;
            let own = ours(&database.url, pairs).await;
            database.forget().await;
            table.add_row(row("postgres", "botyard", own, Some(own / theirs)));
        }
        _ => say(
            "BOTYARD_TEST_POSTGRES is not set: PostgreSQL is left out (./test -- cargo bench --bench ledger has it)",
        ),
    }
    say(&table.to_string());
}

fn row(database: &str, who: &str, pairs: f64, ratio: Option<f64>) -> [String; 5] {
    let ratio = ratio.map_or_else(String::new, |ratio| format!("{ratio:.2}"));
    [database.to_owned(), who.to_owned(), format!("{pairs:.0}"), format!("{:.0}", pairs * 2.0), ratio]
}

/// Pairs in a second by the ledger's own code.
async fn ours(url: &str, pairs: u64) -> f64 {
    let pools = PoolSettings {
        connections: u32::try_from(CLIENTS).unwrap_or(8),
        wait: Duration::from_secs(30),
        lock: Duration::from_secs(30),
        statement: Duration::from_secs(30),
    };
    let db = Db::open(url, &pools).await.expect("the database opens");
    db.migrate().await.expect("the schema is made");
    let tenant = tenant(&db).await;
    let people: Arc<Vec<UserRef>> = Arc::new((0..PEOPLE).map(|_| UserRef::random()).collect());
    let (now, rich) = (Clock::system().now(), Money::kopecks(1_000_000_000));
    let mut tx = db.tenant(&tenant).await.expect("a transaction");
    for user in people.iter() {
        billing::credit(&mut tx, user, user.as_str(), rich, &Corr::random(), now).await.expect("credited");
    }
    tx.commit().await.expect("committed");
    // The first ones prepare statements and warm the caches.
    run(&db, &tenant, &people, pairs / 10).await;
    let begun = Instant::now();
    run(&db, &tenant, &people, pairs).await;
    let seconds = begun.elapsed().as_secs_f64();
    let mut tx = db.tenant(&tenant).await.expect("a transaction");
    assert_eq!(tx.ledger_violations().await.expect("asked"), []);
    drop(tx);
    db.close().await;
    rate(pairs, seconds)
}

fn rate(pairs: u64, seconds: f64) -> f64 {
    pairs as f64 / seconds
}

async fn run(db: &Db, tenant: &BotInstanceId, people: &Arc<Vec<UserRef>>, pairs: u64) {
    let left = Arc::new(AtomicU64::new(pairs));
    let mut tasks = tokio::task::JoinSet::new();
    for client in 0..CLIENTS {
        let (db, tenant, people, left) = (db.clone(), tenant.clone(), people.clone(), left.clone());
        tasks.spawn(async move {
            let mut at = client * 131;
            while left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |n| n.checked_sub(1)).is_ok() {
                at += 7_919;
                pair(&db, &tenant, &people[at % PEOPLE]).await;
            }
        });
    }
    while let Some(done) = tasks.join_next().await {
        done.expect("a client went on to its end");
    }
}

async fn pair(db: &Db, tenant: &BotInstanceId, user: &UserRef) {
    let (generation, corr, now) = (GenerationId::random(), Corr::random(), Clock::system().now());
    let mut tx = db.tenant(tenant).await.expect("a transaction");
    let held = billing::hold(&mut tx, user, &generation, 1, PRICE, &corr, now).await.expect("held");
    tx.commit().await.expect("committed");
    let Held::Placed(pending) = held else { panic!("{held:?}") };
    let mut tx = db.tenant(tenant).await.expect("a transaction");
    let taken = billing::capture(&mut tx, &pending, &generation, PRICE, &corr, now).await.expect("taken");
    tx.commit().await.expect("committed");
    assert_eq!(taken, Captured::Now);
}

async fn tenant(db: &Db) -> BotInstanceId {
    let tenant = BotInstanceId::parse(TENANT).expect("an id");
    let new = NewTenant {
        tenant: &tenant,
        partner_id: "bench",
        state: TenantState::Active,
        origin: Origin::Cli,
        managed: false,
        bot_id: UserId(1),
        bot_username: None,
        token_fingerprint: "bench",
        token_sealed: b"-",
        webhook_secret_sealed: b"-",
        provider_key_sealed: None,
        data_key_wrapped: b"-",
        telegram_api_url: None,
        settings: "{}",
    };
    let mut tx = db.platform().await.expect("a transaction");
    tx.tenant_insert(&new, Clock::system().now()).await.expect("a tenant");
    tx.commit().await.expect("committed");
    tenant
}

/// A database of its own on the test server.
struct Database {
    url: String,
    name: String,
    server: String,
    superuser: String,
}

impl Database {
    async fn make(server: &str, superuser: &str, who: &str) -> Self {
        let name = format!("bench_ledger_{who}_{}", std::process::id());
        execute(server, &format!("CREATE DATABASE {name}")).await;
        let mut url = url::Url::parse(server).expect("BOTYARD_TEST_POSTGRES is an address");
        url.set_path(&name);
        Self { url: url.into(), name, server: server.to_owned(), superuser: superuser.to_owned() }
    }

    async fn forget(self) {
        execute(&self.server, &format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name)).await;
    }

    /// Where the server's own programs are.
    async fn programs(&self) -> String {
        let mut connection = PgConnection::connect(&self.superuser).await.expect("the server answers");
        let sql = "SELECT setting FROM pg_config WHERE name = 'BINDIR'";
        sqlx::query_scalar(sql).fetch_one(&mut connection).await.expect("the server knows where it is")
    }
}

async fn execute(server: &str, sql: &str) {
    let mut connection = PgConnection::connect(server).await.expect("BOTYARD_TEST_POSTGRES answers");
    connection.execute(AssertSqlSafe(sql.to_owned())).await.expect("the login may do this");
}

/// Pairs in a second by `pgbench`.
async fn pgbench(database: &Database, pairs: u64) -> f64 {
    let db = Db::open(&database.url, &PoolSettings::default()).await.expect("the database opens");
    db.migrate().await.expect("the schema is made");
    tenant(&db).await;
    let pool = db.raw_postgres().expect("it is PostgreSQL");
    let mut tx = pool.begin().await.expect("a transaction");
    let role = "SELECT set_config('role', 'botyard_tenant', true), set_config('app.tenant', 'bench', true)";
    sqlx::query(role).execute(&mut *tx).await.expect("a role");
    sqlx::query(PEOPLE_OF_PGBENCH).execute(&mut *tx).await.expect("people");
    tx.commit().await.expect("committed");
    db.close().await;
    let folder = tempfile::tempdir().expect("a folder");
    let script = folder.path().join("pair.sql");
    std::fs::write(&script, SCRIPT).expect("the script is written");
    let program = format!("{}/pgbench", database.programs().await);
    let each = pairs.div_ceil(CLIENTS as u64);
    let mut rate = 0.0;
    for count in [each.div_ceil(10), each] {
        let output = Command::new(&program)
            .args(["--no-vacuum", "--protocol=prepared", "--client", &CLIENTS.to_string(), "--jobs", "2"])
            .args(["--transactions", &count.to_string(), "--file"])
            .arg(&script)
            .arg(&database.url)
            .stdin(Stdio::null())
            .output()
            .expect("pgbench is beside the server");
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let tps = said.lines().find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()?.parse().ok());
        rate = tps.unwrap_or_else(|| panic!("{said}{}", String::from_utf8_lossy(&output.stderr)));
    }
    rate
}

fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}").and_then(|()| out.flush()).expect("somebody reads the output");
}
