//! How long the panel's pages take over a bot with 100,000 people and 1,000,000 generations, on SQLite (platform.md 6: 50 ms each).
//!
//! `cargo bench --bench pages` builds the database in a temporary folder (about a minute), opens every page of the router's table
//! as the bot's owner and as the platform's, and prints the median and the 99th hundredth of `--times N` (100). Files that are
//! downloaded whole are no pages and are left out.

#![expect(
    clippy::expect_used,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a measurement that cannot go on stops at once, and it is no part of the platform"
)]

use std::time::{Duration, Instant};

use base64::Engine as _;
use botyard::accounts::{Identity, Subject, links};
use botyard::app::App;
use botyard::config::{LogFormat, Settings, Sources};
use botyard::domain::settings::{TenantLimits, TenantSettings};
use botyard::domain::tenant::{AdminRole, Origin};
use botyard::domain::{BotInstanceId, BotToken, Clock, UserId};
use botyard::telemetry;
use botyard::tenants::provision::{self, NewBot};
use botyard::web::guard::Need;
use comfy_table::{CellAlignment, Table, presets};
use reqwest::Method;
use sqlx::{AssertSqlSafe, SqlitePool};

const OWNER: UserId = UserId(1);

/// Rows as a busy year leaves them: each person has ten generations, one in a hundred of which failed. Ids are octal numbers in the
/// letters of ids. No ANALYZE, because nothing runs it on a served database either; with its figures of one single bot SQLite
/// takes the bot's name for no key at all and sorts everything.
const ROWS: [&str; 8] = [
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
     INSERT INTO users (bot_instance_id, user_id, user_ref, username, first_name, user_mode, created_at, seen_at, started_at,
       blocked_at, unreachable_at)
     SELECT 'bench', 1000 + i, 'usr_' || replace(replace(printf('%016o', i), '0', 'a'), '1', 'b'), printf('person_%d', i), printf('Person %d', i), 0,
       1760000000000 + i * 300000, 1760000000000 + i * 300000, 1760000000000,
       CASE WHEN i % 500 = 0 THEN 1760000000000 END, CASE WHEN i % 50 = 0 THEN 1760000000000 END FROM n",
    "INSERT INTO accounts (bot_instance_id, id, unit, posted, held, no_overdraft, created_at)
     SELECT bot_instance_id, 'user:' || user_ref, 'RUB', 10000, 0, 1, created_at FROM users WHERE bot_instance_id = 'bench'",
    "INSERT INTO quotes (bot_instance_id, id, user_id, chat_id, model_id, gen_type, sealed, fingerprint, price, units, payer,
       state, created_at, expires_at)
     SELECT bot_instance_id, 'quo_' || replace(replace(printf('%016o', user_id * 10 + d.i), '0', 'a'), '1', 'b'), user_id, user_id, 'z-image', 'text-to-image', x'00', 'f', 63, 1,
       'money', 'used', created_at + d.i * 1000, created_at
     FROM users, (WITH RECURSIVE d(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM d WHERE i < 9) SELECT i FROM d) d
     WHERE bot_instance_id = 'bench'",
    "INSERT INTO generations (bot_instance_id, id, user_id, user_ref, chat_id, quote_id, model_id, gen_type, sealed, fingerprint,
       payer, price, units, charged, state, callback_hash, progress_stage, items, corr, provider_credits, created_at, updated_at)
     SELECT q.bot_instance_id, 'gen_' || substr(q.id, 9), q.user_id,
       'usr_' || replace(replace(printf('%016o', q.user_id - 1000), '0', 'a'), '1', 'b'), q.chat_id, q.id, q.model_id, q.gen_type, x'00', 'f',
       q.payer, q.price, 1, 0, CASE WHEN q.rowid % 100 = 0 THEN 'failed' ELSE 'delivered_late' END, q.id, 'done', 1,
       printf('%012X', q.rowid), 100, q.created_at, q.created_at
     FROM quotes q WHERE q.bot_instance_id = 'bench'",
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50000)
     INSERT INTO payments (bot_instance_id, id, user_id, user_ref, method, state, amount, stars, charge_id, source, attempt, flags,
       refunds, reminded, corr, created_at, updated_at)
     SELECT 'bench', 'pay_' || replace(replace(printf('%012o', i), '0', 'a'), '1', 'b'), 1000 + i,
       'usr_' || replace(replace(printf('%016o', i), '0', 'a'), '1', 'b'), 'stars', 'approved', 10000, 160, 'c' || i, 'c' || i, 1,
       '', 0, 0, printf('%012X', i), 1760000000000 + i * 1000, 1760000000000 FROM n",
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
     INSERT INTO error_log (bot_instance_id, id, corr, stage, handler, class, message, created_at)
     SELECT 'bench', printf('err_%024x', i), printf('%012X', i), 'storage', 'callback', CASE WHEN i % 3 = 0 THEN 'db_slow' ELSE 'panic'
       END, '', CAST(unixepoch() AS INTEGER) * 1000 - i * 100000 FROM n",
    "WITH RECURSIVE d(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM d WHERE i < 364)
     INSERT INTO daily_counters (bot_instance_id, day, name, value)
     SELECT 'bench', date('now', printf('-%d days', d.i)), c.name, 270 FROM d,
       (SELECT 'new_users' AS name UNION SELECT 'active_users' UNION SELECT 'generations' UNION SELECT 'delivered' UNION
        SELECT 'failed' UNION SELECT 'revenue' UNION SELECT 'provider_credits') c WHERE true
     ON CONFLICT DO NOTHING",
    "PRAGMA wal_checkpoint(TRUNCATE)",
];

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let times = arguments.iter().position(|a| a == "--times").and_then(|at| arguments.get(at + 1)?.parse().ok());
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(measure(times.unwrap_or(100)));
}

async fn start(folder: &std::path::Path) -> App {
    let key = base64::engine::general_purpose::STANDARD.encode([7_u8; 32]);
    let database = format!("sqlite:{}", folder.join("bench.db").display());
    let overrides = [
        ("database.url", database.as_str()),
        ("files.data", &folder.display().to_string()),
        ("telegram.api_url", "http://127.0.0.1:9"),
        ("secrets.master_key", &key),
        ("server.listen", "127.0.0.1:0"),
        ("admin.listen", "127.0.0.1:0"),
    ];
    let overrides = overrides.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let settings = Settings::load(&Sources { overrides, ..Sources::default() }).expect("the settings are right");
    // A page that fails says why.
    let metrics = telemetry::init(LogFormat::Pretty, "warn").expect("a log");
    App::start(settings, Clock::system(), metrics).await.expect("the platform starts")
}

async fn add(app: &App) {
    let id = BotInstanceId::parse("bench").expect("an id");
    let token = BotToken::parse("7000000001:AAfakebenchtoken000000000000000001").expect("a token's shape");
    let new = NewBot {
        id: &id,
        token: &token,
        admins: &[OWNER],
        partner_id: "bench",
        settings: &TenantSettings::default(),
        provider_key: None,
        telegram_api_url: None,
        origin: Origin::Cli,
        managed: false,
    };
    let platform = &app.platform;
    provision::add(&platform.db, &platform.vault, &new, platform.clock.now()).await.expect("a bot is added");
    // What is measured is the page, not the brake on who opens too many.
    let limits = TenantLimits { panel_requests_per_minute: 1_000_000, ..TenantLimits::default() };
    let now = platform.clock.now();
    provision::set_limits(&platform.db, &id, &limits, now).await.expect("limits are set");
    platform.tenants.refresh(&platform.db, &platform.vault).await.expect("tenants are read");
}

async fn fill(pool: &SqlitePool) {
    for sql in ROWS {
        let began = Instant::now();
        sqlx::query(AssertSqlSafe(sql.to_owned())).execute(pool).await.expect(sql);
        println!(
            "{:>6.1} s  {}",
            began.elapsed().as_secs_f64(),
            sql.split_whitespace().take(9).collect::<Vec<_>>().join(" ")
        );
    }
}

/// The cookie of somebody who has signed in.
async fn sign_in(app: &App, who: &Identity) -> String {
    let platform = &app.platform;
    let (panel, now) = (&platform.settings.panel, platform.clock.now());
    let path = links::issue(&platform.db, panel, who, now).await.expect("a link");
    let token = path.rsplit('/').next().unwrap_or_default();
    let entered = links::enter(&platform.db, &platform.vault, panel, token, now).await.expect("a session");
    format!("botyard={}", entered.cookie)
}

async fn measure(times: usize) {
    let folder = tempfile::tempdir().expect("a folder");
    let app = start(folder.path()).await;
    add(&app).await;
    fill(app.platform.db.raw_sqlite().expect("SQLite")).await;
    let id = BotInstanceId::parse("bench").expect("an id");
    let owner = sign_in(&app, &Identity::admin(&id, AdminRole::Owner, OWNER)).await;
    let above = sign_in(&app, &Identity::platform_owner(Subject::Shell)).await;
    let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
    let mut table = Table::new();
    table.load_style(presets::ASCII_MARKDOWN).set_header(["page", "median, ms", "p99, ms", "KiB"]);
    for address in botyard::web::router::panel_addresses() {
        let wanted = matches!(address.need, Need::Tenant(_) | Need::TenantForm(_) | Need::Platform);
        let is_file = address.path.rsplit('/').next().is_some_and(|name| name.contains('.'));
        if !wanted
            || !address.methods.contains(&Method::GET)
            || is_file
            || ["/events", "/receipt"].iter().any(|end| address.path.ends_with(end))
        {
            continue;
        }
        for query in ["", "?kind=failed", "?kind=blocked&before=1765000000000.40000"] {
            let listed = address.path.ends_with("/users") || address.path.ends_with("/generations");
            if !query.is_empty() && !listed {
                continue;
            }
            let path = filled(address.path);
            // What the rows above have none of.
            if path.contains('{') {
                continue;
            }
            let cookie = if address.need == Need::Platform { &above } else { &owner };
            let url = format!("http://{}{path}{query}", app.address);
            let (mut took, mut size) = (Vec::new(), 0);
            for _ in 0..times {
                let began = Instant::now();
                let answer = http.get(&url).header("cookie", cookie).send().await.expect("an answer");
                let status = answer.status();
                size = answer.bytes().await.expect("a body").len();
                assert_eq!(status.as_u16(), 200, "{url}");
                took.push(began.elapsed());
            }
            took.sort();
            let shown = |d: Duration| format!("{:.1}", d.as_secs_f64() * 1000.0);
            let name = format!("{}{query}", address.path);
            table.add_row([
                name,
                shown(took[took.len() / 2]),
                shown(took[(took.len() * 99).div_ceil(100) - 1]),
                (size / 1024).to_string(),
            ]);
        }
    }
    for column in 1..4 {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    println!("{table}");
    app.stop().await;
}

/// The short form of the id of row `n`.
fn short(n: u64) -> String {
    format!("{n:012o}").replace('0', "a").replace('1', "b")
}

fn filled(path: &str) -> String {
    path.replace("{tenant}", "bench")
        .replace("{user}", "50000")
        .replace("{generation}", &short(500_000))
        .replace("{payment}", &short(25_000))
        .replace("{corr}", "0000000003E8")
        .replace("{page}", "texts")
}
