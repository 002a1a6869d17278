//! How long a payment's last check waits while every bot is flooded: from the webhook's call to the answer at Telegram.
//!
//! `cargo bench --bench checkout` measures on SQLite; `./test -- cargo bench --bench checkout` on PostgreSQL too. Platform, load
//! and a Telegram that answers at once share this process and machine. `--seconds N` changes the length of a run (10).

#![expect(
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a measurement that cannot go on stops at once, and it is no part of the platform"
)]

use std::collections::HashMap;
use std::io::Write as _;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::extract::{Path, State};
use axum::{Json, Router};
use base64::Engine as _;
use botyard::app::App;
use botyard::billing::{self, Payer};
use botyard::config::{Settings, Sources, process_variable};
use botyard::domain::settings::TenantSettings;
use botyard::domain::{BotInstanceId, BotToken, Clock, Corr, Money, Origin, UserId};
use botyard::store::Seen;
use botyard::telemetry::Metrics;
use botyard::tenants::provision::{self, NewBot};
use comfy_table::{CellAlignment, Table, presets};
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};

const BOTS: i64 = 8;
/// Connections that flood one bot.
const FLOOD: usize = 12;
const PAYER: UserId = UserId(5);

static NEXT: AtomicI64 = AtomicI64::new(1);

/// When each question was answered at Telegram.
type Answers = Arc<Mutex<HashMap<String, Instant>>>;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let after = |flag: &str| arguments.iter().position(|a| a == flag).and_then(|at| arguments.get(at + 1)).cloned();
    let seconds = after("--seconds").and_then(|n| n.parse().ok()).unwrap_or(10);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(measure(Duration::from_secs(seconds)));
}

async fn measure(length: Duration) {
    let answers = Answers::default();
    let telegram = telegram(&answers).await;
    let mut table = Table::new();
    table.load_style(presets::ASCII_MARKDOWN).set_header([
        "database",
        "updates/s beside",
        "checks",
        "p50 ms",
        "p99 ms",
        "longest ms",
        "refused 503/s",
    ]);
    for n in 1..7 {
        if let Some(column) = table.column_mut(n) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    let folder = tempfile::tempdir().expect("a folder");
    let lite = format!("sqlite:{}", folder.path().join("bench.db").display());
    table.add_row(run("sqlite", &lite, &telegram, &answers, length).await);
    match process_variable("BOTYARD_TEST_POSTGRES") {
        None => say(
            "BOTYARD_TEST_POSTGRES is not set: PostgreSQL is left out (./test -- cargo bench --bench checkout has it)",
        ),
        Some(server) => {
            let name = format!("bench_checkout_{}", std::process::id());
            execute(&server, &format!("CREATE DATABASE {name}")).await;
            let mut url = url::Url::parse(&server).expect("BOTYARD_TEST_POSTGRES is an address");
            url.set_path(&name);
            table.add_row(run("postgres", url.as_str(), &telegram, &answers, length).await);
            execute(&server, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
        }
    }
    say(&table.to_string());
}

async fn execute(server: &str, sql: &str) {
    let mut connection = PgConnection::connect(server).await.expect("BOTYARD_TEST_POSTGRES answers");
    connection.execute(AssertSqlSafe(sql.to_owned())).await.expect("the login may make databases");
}

/// A Telegram that answers every call at once and notes when a question was answered.
async fn telegram(answers: &Answers) -> String {
    let router = Router::new().route("/{bot}/{method}", axum::routing::any(called)).with_state(answers.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, router).await.expect("it serves") });
    url
}

async fn called(
    State(answers): State<Answers>,
    Path((bot, method)): Path<(String, String)>,
    body: String,
) -> Json<Value> {
    let id: i64 = bot.trim_start_matches("bot").split(':').next().and_then(|n| n.parse().ok()).unwrap_or(0);
    let result = match method.to_ascii_lowercase().as_str() {
        "getme" => json!({"id": id, "is_bot": true, "first_name": "Bench", "username": format!("bench_{id}_bot")}),
        "getwebhookinfo" => json!({"url": "", "has_custom_certificate": false, "pending_update_count": 0}),
        "sendmessage" => json!({"message_id": 1_000, "date": 0, "chat": {"id": 1, "type": "private"}, "text": "ok"}),
        "answerprecheckoutquery" => {
            let said: Value = serde_json::from_str(&body).unwrap_or_default();
            assert_eq!(said["ok"], json!(true), "refused: {said}");
            let query = said["pre_checkout_query_id"].as_str().unwrap_or_default().to_owned();
            answers.lock().expect("not poisoned").insert(query, Instant::now());
            json!(true)
        }
        _ => json!(true),
    };
    Json(json!({"ok": true, "result": result}))
}

/// Where a bot's updates go, and the invoice that its payer pays.
#[derive(Clone)]
struct Target {
    url: String,
    secret: String,
    invoice: String,
    stars: i64,
}

async fn run(name: &str, database: &str, telegram: &str, answers: &Answers, length: Duration) -> [String; 7] {
    let (app, _folder) = start(database, telegram).await;
    let targets = targets(&app).await;
    let (stop, done, full) =
        (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
    let http = reqwest::Client::new();
    let mut floods = tokio::task::JoinSet::new();
    for target in targets.iter().flat_map(|target| std::iter::repeat_n(target, FLOOD)) {
        let (http, target, stop, done, full) = (http.clone(), target.clone(), stop.clone(), done.clone(), full.clone());
        floods.spawn(async move {
            while !stop.load(Ordering::Relaxed) {
                let which = if post(&http, &target, &begin()).await == 200 { &done } else { &full };
                which.fetch_add(1, Ordering::Relaxed);
            }
        });
    }
    // The flood is at its height before the first question.
    tokio::time::sleep(Duration::from_secs(2)).await;
    let before = (done.load(Ordering::Relaxed), full.load(Ordering::Relaxed));
    let (began, mut asked) = (Instant::now(), Vec::new());
    while began.elapsed() < length {
        let target = &targets[asked.len() % targets.len()];
        let query = format!("q{}", NEXT.fetch_add(1, Ordering::Relaxed));
        asked.push((query.clone(), Instant::now()));
        let (http, target) = (http.clone(), target.clone());
        tokio::spawn(async move { post(&http, &target, &question(&target, &query)).await });
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    let seconds = began.elapsed().as_secs_f64();
    let per_second = |n: u64, before: u64| format!("{:.0}", (n - before) as f64 / seconds);
    let beside = per_second(done.load(Ordering::Relaxed), before.0);
    let refused = per_second(full.load(Ordering::Relaxed), before.1);
    // Telegram gives a payment up after ten seconds.
    tokio::time::sleep(Duration::from_secs(10)).await;
    stop.store(true, Ordering::Relaxed);
    while floods.join_next().await.is_some() {}
    let answered = answers.lock().expect("not poisoned").clone();
    let mut waits: Vec<Duration> =
        asked.iter().filter_map(|(query, at)| Some(answered.get(query)?.duration_since(*at))).collect();
    assert_eq!(waits.len(), asked.len(), "a payment was given up");
    waits.sort_unstable();
    let nth = |percent: usize| format!("{:.1}", waits[(waits.len() - 1) * percent / 100].as_secs_f64() * 1_000.0);
    app.stop().await;
    [name.to_owned(), beside, waits.len().to_string(), nth(50), nth(99), nth(100), refused]
}

async fn start(database: &str, telegram: &str) -> (App, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let port = std::net::TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a free port").port();
    let key = base64::engine::general_purpose::STANDARD.encode([7_u8; 32]);
    let overrides = [
        ("database.url", database),
        ("files.data", &folder.path().display().to_string()),
        ("telegram.api_url", telegram),
        ("secrets.master_key", &key),
        ("server.listen", &format!("127.0.0.1:{port}")),
        ("admin.listen", "127.0.0.1:0"),
        ("webhook.base_url", &format!("http://127.0.0.1:{port}")),
        ("telegram.cold_tokens", "10000 per 1 min"),
        ("telegram.bot_sends", "100000 per 1 s, burst 10000"),
    ];
    let overrides = overrides.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let settings = Settings::load(&Sources { overrides, ..Sources::default() }).expect("the settings are right");
    let app = App::start(settings, Clock::system(), Metrics::of_process()).await.expect("the platform starts");
    for n in 1..=BOTS {
        let id = BotInstanceId::parse(&format!("bench-{n}")).expect("an id");
        let token =
            BotToken::parse(&format!("{}:AAfakebenchtoken{n:0>19}", 7_000_000_000 + n)).expect("a token's shape");
        let new = NewBot {
            id: &id,
            token: &token,
            admins: &[UserId(1)],
            partner_id: "bench",
            settings: &TenantSettings::default(),
            provider_key: None,
            telegram_api_url: None,
            origin: Origin::Cli,
            managed: false,
        };
        provision::add(&app.platform.db, &app.platform.vault, &new, app.platform.clock.now())
            .await
            .expect("a bot is added");
    }
    app.platform.tenants.refresh(&app.platform.db, &app.platform.vault).await.expect("tenants are read");
    (app, folder)
}

/// Every bot with an open invoice of its payer.
async fn targets(app: &App) -> Vec<Target> {
    let mut targets = Vec::new();
    for tenant in app.platform.tenants.all() {
        let now = app.platform.clock.now();
        let mut tx = app.platform.db.tenant(&tenant.id).await.expect("a transaction");
        let seen = Seen { user_id: PAYER, username: None, first_name: "P", last_name: None, language_code: Some("ru") };
        let user = tx.user_seen(&seen, now).await.expect("a person");
        let (corr, life) = (Corr::random(), app.platform.settings.payments.invoice_life);
        let payer = Payer { user_id: PAYER, user_ref: &user.user_ref, corr: &corr, now, life };
        let rate = tenant.settings.stars_rate;
        let opened = billing::open_stars(&mut tx, &payer, Money::kopecks(5_000), rate).await.expect("asked");
        let opened = opened.expect("an invoice");
        tx.commit().await.expect("committed");
        let url = format!("http://{}/webhook/{}", app.address, tenant.id);
        let secret = tenant.webhook_secret.expose().to_owned();
        targets.push(Target { url, secret, invoice: opened.id.to_string(), stars: opened.stars.unwrap_or(0) });
    }
    targets
}

async fn post(http: &reqwest::Client, target: &Target, update: &Value) -> u16 {
    let request = http.post(&target.url).header("X-Telegram-Bot-Api-Secret-Token", &target.secret).json(update);
    request.send().await.expect("the server answers").status().as_u16()
}

fn begin() -> Value {
    let n = NEXT.fetch_add(1, Ordering::Relaxed);
    let person = 10_000_000 + n;
    json!({"update_id": n, "message": {"message_id": 1, "date": 1_700_000_000, "text": "/start",
        "from": {"id": person, "is_bot": false, "first_name": "Ирина", "language_code": "ru"},
        "chat": {"id": person, "type": "private", "first_name": "Ирина"},
        "entities": [{"type": "bot_command", "offset": 0, "length": 6}]}})
}

fn question(target: &Target, query: &str) -> Value {
    json!({"update_id": NEXT.fetch_add(1, Ordering::Relaxed), "pre_checkout_query": {"id": query, "currency": "XTR",
        "total_amount": target.stars, "invoice_payload": target.invoice,
        "from": {"id": PAYER.0, "is_bot": false, "first_name": "P", "language_code": "ru"}}})
}

fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}").and_then(|()| out.flush()).expect("somebody reads the output");
}
