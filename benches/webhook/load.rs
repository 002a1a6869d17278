//! The load: every update is the first /start of another person. First as fast as 32 connections bear, for throughput and CPU;
//! then at half of that pace, for how long an acknowledgement takes.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::Target;
use super::fake::Telegram;

const CONNECTIONS: usize = 32;
const WARM_UP: usize = 400;
/// Longest wait for the last replies.
const DRAIN: Duration = Duration::from_mins(1);

static NEXT: AtomicI64 = AtomicI64::new(1);

/// What came of one server.
pub(crate) struct Figures {
    /// Updates a second, until the last reply was sent.
    pub(crate) per_second: f64,
    /// The server's CPU time for one update, in microseconds.
    pub(crate) cpu_us: f64,
    /// Acknowledgement at half of that pace.
    pub(crate) p50_ms: f64,
    /// The same.
    pub(crate) p99_ms: f64,
    /// The pace in updates a second.
    pub(crate) at: f64,
}

/// Measures the process `pid` behind these targets.
pub(crate) async fn run(telegram: &Telegram, pid: u32, targets: &[Target], updates: usize) -> Figures {
    let http = reqwest::Client::new();
    let targets = Arc::new(targets.to_vec());
    flood(telegram, &http, &targets, WARM_UP).await;
    let (cpu, began) = (cpu_seconds(pid), Instant::now());
    flood(telegram, &http, &targets, updates).await;
    let (cpu, took) = (cpu_seconds(pid) - cpu, began.elapsed().as_secs_f64());
    let per_second = updates as f64 / took;
    let at = per_second / 2.0;
    let mut waits = paced(&http, &targets, at, updates / 2).await;
    waits.sort_unstable();
    let nth = |percent: usize| waits[(waits.len() - 1) * percent / 100].as_secs_f64() * 1_000.0;
    Figures { per_second, cpu_us: cpu * 1e6 / updates as f64, p50_ms: nth(50), p99_ms: nth(99), at }
}

/// Sends so many updates over all connections and waits for as many replies.
async fn flood(telegram: &Telegram, http: &reqwest::Client, targets: &Arc<Vec<Target>>, updates: usize) {
    let expected = telegram.sent() + updates as u64;
    let left = Arc::new(AtomicUsize::new(updates));
    let workers = (0..CONNECTIONS).map(|worker| {
        let (http, targets, left) = (http.clone(), Arc::clone(targets), Arc::clone(&left));
        tokio::spawn(async move {
            while left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |n| n.checked_sub(1)).is_ok() {
                post(&http, &targets[worker % targets.len()]).await;
            }
        })
    });
    for worker in workers.collect::<Vec<_>>() {
        worker.await.expect("no update is refused");
    }
    let began = Instant::now();
    while telegram.sent() < expected {
        assert!(began.elapsed() < DRAIN, "{} replies are missing", expected - telegram.sent());
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

/// Sends at a steady pace, however long answers take, and gives their times.
async fn paced(http: &reqwest::Client, targets: &Arc<Vec<Target>>, per_second: f64, updates: usize) -> Vec<Duration> {
    let began = Instant::now();
    let mut running = Vec::with_capacity(updates);
    for n in 0..updates {
        let due = Duration::from_secs_f64(n as f64 / per_second);
        tokio::time::sleep(due.saturating_sub(began.elapsed())).await;
        let (http, targets) = (http.clone(), Arc::clone(targets));
        running.push(tokio::spawn(async move {
            let began = Instant::now();
            post(&http, &targets[n % targets.len()]).await;
            began.elapsed()
        }));
    }
    let mut waits = Vec::with_capacity(updates);
    for one in running {
        waits.push(one.await.expect("no update is refused"));
    }
    waits
}

async fn post(http: &reqwest::Client, target: &Target) {
    let answer = http
        .post(&target.url)
        .header("X-Telegram-Bot-Api-Secret-Token", &target.secret)
        .json(&start(NEXT.fetch_add(1, Ordering::Relaxed)))
        .send()
        .await
        .expect("the server answers");
    assert_eq!(answer.status().as_u16(), 200, "an update was refused");
}

fn start(n: i64) -> Value {
    let person = 10_000_000 + n;
    json!({"update_id": n, "message": {
        "message_id": 1,
        "date": 1_700_000_000,
        "from": {"id": person, "is_bot": false, "first_name": "Ирина", "username": format!("p{n}"), "language_code": "ru"},
        "chat": {"id": person, "type": "private", "first_name": "Ирина"},
        "text": "/start",
        "entities": [{"type": "bot_command", "offset": 0, "length": 6}],
    }})
}

/// User and system time of a process, in seconds (Linux: proc(5), fields 14 and 15, in clock ticks of 10 ms).
fn cpu_seconds(pid: u32) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).expect("the bench reads /proc: Linux only");
    let after_name = stat.rsplit_once(')').expect("a name in brackets").1;
    let ticks: f64 = after_name.split_whitespace().skip(11).take(2).filter_map(|n| n.parse::<f64>().ok()).sum();
    ticks / 100.0
}
