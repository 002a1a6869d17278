//! Two processes of the program, and the world around them.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use botyard::billing::{self, Balance};
use botyard::config::{Settings, Sources};
use botyard::domain::settings::TenantSettings;
use botyard::domain::{ChatId, Money, UserId};
use botyard::sandbox::wire::{ChatMessage, KieTuning};
use botyard::store::Db;
use botyard::tenants::{Registry, Tenant};
use serde_json::{Value, json};

use crate::cli::program::{PATIENCE, Place, Ran, Running};
use crate::util::app::{Left, TestApp, TestBot};
use crate::util::db::{TestDb, on_postgres};
use crate::util::gate::Gate;
use crate::util::redis::TestRedis;
use crate::util::s3::TestS3;

/// The model that is bought, and what it costs.
pub(super) const MODEL: &str = "seedream/4.5-text-to-image";
pub(super) const CREDITED: Money = Money::kopecks(10_000);
pub(super) const AFTER: Money = Money::kopecks(9_489);

/// Leases so short that a dead process delays nobody for long.
const SHORT: &[(&str, &str)] = &[
    ("leases.life", "2 s"),
    ("leases.renew_every", "300 ms"),
    ("jobs.lease", "2 s"),
    ("jobs.heartbeat", "500 ms"),
    ("outbox.lease", "2 s"),
    ("server.replicas", "2"),
];

/// How updates come.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Updates {
    /// To the door that leads to both.
    Webhook,
    /// They are fetched.
    Polling,
}

pub(super) struct Pair {
    pub(super) left: Left,
    pub(super) bot: TestBot,
    pub(super) db: Db,
    pub(super) s3: TestS3,
    pub(super) redis: TestRedis,
    /// Between the processes and Redis.
    pub(super) redis_gate: Gate,
    front: Gate,
    args: Vec<String>,
    pub(super) running: [Option<Running>; 2],
    places: [Place; 2],
}

/// Runs a test's body with two processes up, or says that it was skipped.
pub(super) fn on_pair<F: Future<Output = ()>>(
    updates: Updates,
    more: &'static [(&'static str, &'static str)],
    body: impl FnOnce(Pair) -> F,
) {
    on_postgres(|test| async move {
        if let Some(mut pair) = Pair::prepare(&test, updates, more).await {
            pair.start(0).await;
            pair.start(1).await;
            body(pair).await;
        }
    });
}

impl Pair {
    /// The world with one bot and two people in it, 101 and 102; no process runs yet.
    pub(super) async fn prepare(test: &TestDb, updates: Updates, more: &[(&str, &str)]) -> Option<Self> {
        let (redis, s3, front, redis_gate) =
            (TestRedis::open().await?, TestS3::start().await, Gate::start().await, Gate::start().await);
        let mut url = url::Url::parse(&redis.url).unwrap();
        redis_gate.lead_to(&url.socket_addrs(|| Some(6379)).unwrap());
        url.set_host(Some(&redis_gate.address.ip().to_string())).unwrap();
        url.set_port(Some(redis_gate.address.port())).unwrap();
        let mut settings: Vec<(&str, &str)> = SHORT.to_vec();
        settings.push(("redis.url", url.as_str()));
        settings.extend(s3.settings());
        settings.extend(more);
        let app = TestApp::start_with(&test.url, &settings).await;
        let bot = app.bot("first", 1, TenantSettings::default()).await;
        for (id, name) in [(101, "Anna"), (102, "Boris")] {
            let user = app.person(id, name, "ru").await;
            app.say(&bot, user, "/start", "Доступно").await;
            app.settled(&bot, user).await;
        }
        let left = app.leave().await;
        let webhook = match updates {
            Updates::Webhook => format!("http://{}", front.address),
            Updates::Polling => String::new(),
        };
        let mut args = vec!["serve".to_owned()];
        let over = [("server.listen", "127.0.0.1:0"), ("admin.listen", "127.0.0.1:0"), ("webhook.base_url", &webhook)];
        let all = left.settings.iter().map(|(name, value)| (name.as_str(), value.as_str())).chain(over);
        args.extend(all.flat_map(|(name, value)| ["--set".to_owned(), format!("{name}={value}")]));
        let (db, places) = (test.db.clone(), [Place::new(), Place::new()]);
        Some(Self { left, bot, db, s3, redis, redis_gate, front, args, running: [None, None], places })
    }

    /// Starts one of the processes, and lets the door lead to it.
    pub(super) async fn start(&mut self, n: usize) {
        let args: Vec<&str> = self.args.iter().map(String::as_str).collect();
        self.running[n] = Some(self.places[n].start(&args).await);
        self.lead();
    }

    /// Starts both at the same moment.
    pub(super) async fn start_both(&mut self) {
        let args: Vec<&str> = self.args.iter().map(String::as_str).collect();
        let (one, other) = tokio::join!(self.places[0].start(&args), self.places[1].start(&args));
        self.running = [Some(one), Some(other)];
        self.lead();
    }

    /// Adds a setting to the next starts.
    pub(super) fn set(&mut self, name: &str, value: &str) {
        self.args.extend(["--set".to_owned(), format!("{name}={value}")]);
    }

    /// Runs another command of the program with the same settings, to its end.
    pub(super) async fn command(&self, words: &[&str]) -> String {
        let settings = self.args[1..].iter().map(String::as_str);
        self.places[0].run(&words.iter().copied().chain(settings).collect::<Vec<_>>()).await.done()
    }

    /// Starts one more process with some settings changed, which ends by itself.
    pub(super) async fn beside(&self, changed: &[(&str, &str)]) -> Ran {
        let args = self.changed(changed);
        Place::new().run(&args.iter().map(String::as_str).collect::<Vec<_>>()).await
    }

    /// The same for one that goes on.
    pub(super) async fn alone(&self, changed: &[(&str, &str)]) -> Running {
        let args = self.changed(changed);
        self.places[0].start(&args.iter().map(String::as_str).collect::<Vec<_>>()).await
    }

    fn changed(&self, changed: &[(&str, &str)]) -> Vec<String> {
        let more = changed.iter().flat_map(|(name, value)| ["--set".to_owned(), format!("{name}={value}")]);
        self.args.iter().cloned().chain(more).collect()
    }

    /// Ends a process as a power cut does.
    pub(super) async fn kill(&mut self, n: usize) {
        self.running[n].take().unwrap().kill().await;
        self.lead();
    }

    /// Asks a process to stop.
    pub(super) async fn stop(&mut self, n: usize) {
        let (code, _) = self.running[n].take().unwrap().stop().await;
        assert_eq!(code, Some(0));
        self.lead();
    }

    fn lead(&self) {
        let alive: Vec<SocketAddr> = (0..2).filter(|n| self.running[*n].is_some()).map(|n| self.address(n)).collect();
        self.front.lead_to(&alive);
    }

    fn address(&self, n: usize) -> SocketAddr {
        self.running[n].as_ref().unwrap().address(&["listening"]).parse().unwrap()
    }

    /// The bot as the processes know it.
    pub(super) async fn tenant(&self) -> Arc<Tenant> {
        let overrides = self.left.settings.clone();
        let settings = Settings::load(&Sources { overrides, ..Sources::default() }).unwrap();
        let (vault, _) = botyard::app::vault(&settings, &self.db).await.unwrap();
        let registry = Registry::new();
        assert!(registry.refresh(&self.db, &vault).await.unwrap().is_empty());
        registry.get(&self.bot.id).unwrap()
    }

    /// Brings an update to one of the processes as Telegram does; gives the status.
    pub(super) async fn post(&self, n: usize, update: &Value) -> u16 {
        let secret = self.tenant().await.webhook_secret.expose().to_owned();
        self.post_with(n, update, &secret).await
    }

    pub(super) async fn post_with(&self, n: usize, update: &Value, secret: &str) -> u16 {
        #[expect(clippy::disallowed_methods, reason = "the test plays Telegram")]
        let client = reqwest::Client::new();
        let request = client
            .post(format!("http://{}/webhook/{}", self.address(n), self.bot.id))
            .header("X-Telegram-Bot-Api-Secret-Token", secret)
            .json(update);
        request.send().await.unwrap().status().as_u16()
    }

    /// What `/ready` of a process says.
    pub(super) async fn ready(&self, n: usize) -> Value {
        let answer = reqwest::get(format!("http://{}/ready", self.address(n))).await.unwrap();
        answer.json().await.unwrap()
    }

    /// Waits until a process says this of itself.
    pub(super) async fn until_ready(&self, n: usize, wanted: &Value) {
        let began = Instant::now();
        loop {
            let said = self.ready(n).await;
            if said == *wanted {
                return;
            }
            assert!(began.elapsed() < PATIENCE, "{said} instead of {wanted}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    pub(super) async fn messages(&self, user: UserId) -> Vec<ChatMessage> {
        self.left.world.messages(&self.bot.username, user.0).await.unwrap()
    }

    /// What the bot said after the message `after`, in its order.
    pub(super) async fn said_after(&self, user: UserId, after: i64) -> Vec<ChatMessage> {
        self.messages(user).await.into_iter().filter(|m| m.from_bot && m.id > after).collect()
    }

    /// The number of the newest message.
    pub(super) async fn newest(&self, user: UserId) -> i64 {
        self.messages(user).await.last().map_or(0, |m| m.id)
    }

    /// A person writes, and hears what holds `part`: a new message or a changed one.
    pub(super) async fn say(&self, user: UserId, text: &str, part: &str) -> ChatMessage {
        let before = self.messages(user).await;
        self.left.world.send_text(&self.bot.username, user.0, text).await.unwrap();
        self.hear(user, &before, part).await
    }

    /// A person presses the newest button whose label or data holds `what`, and hears what holds `part`.
    pub(super) async fn press(&self, user: UserId, what: &str, part: &str) -> ChatMessage {
        let before = self.messages(user).await;
        let button =
            |m: &ChatMessage| m.buttons().into_iter().find(|(label, data)| label.contains(what) || data.contains(what));
        let (message, data) = before.iter().rev().find_map(|m| Some((m.id, button(m)?.1))).unwrap();
        self.left.world.press(&self.bot.username, user.0, message, &data).await.unwrap();
        self.hear(user, &before, part).await
    }

    pub(super) async fn hear(&self, user: UserId, before: &[ChatMessage], part: &str) -> ChatMessage {
        let known = |m: &ChatMessage| before.iter().any(|old| old.id == m.id && old.edits >= m.edits);
        let fresh = |all: &[ChatMessage]| {
            all.iter().rev().find(|m| m.from_bot && !known(m) && m.text().contains(part)).cloned()
        };
        let heard = self.left.world.wait_for(&self.bot.username, user.0, PATIENCE * 2, fresh).await;
        heard.unwrap_or_else(|error| panic!("«{part}»: {error}\n{}", self.logs()))
    }

    /// What both processes logged.
    pub(super) fn logs(&self) -> String {
        let log = |place: &Place| std::fs::read_to_string(place.path().join("stderr.log")).unwrap_or_default();
        format!("--- first\n{}\n--- second\n{}", log(&self.places[0]), log(&self.places[1]))
    }

    pub(super) async fn credit(&self, user: UserId, amount: Money) {
        let now = botyard::domain::Clock::system().now();
        let mut tx = self.db.tenant(&self.bot.id).await.unwrap();
        let row = tx.user_get(user).await.unwrap().unwrap();
        let corr = botyard::domain::Corr::random();
        billing::credit(&mut tx, &row.user_ref, corr.as_str(), amount, &corr, now).await.unwrap();
        tx.commit().await.unwrap();
    }

    pub(super) async fn balance(&self, user: UserId) -> Balance {
        let mut tx = self.db.tenant_read(&self.bot.id).await.unwrap();
        let row = tx.user_get(user).await.unwrap().unwrap();
        billing::balance(&mut tx, &row.user_ref).await.unwrap()
    }

    /// Buys a picture, up to the offer.
    pub(super) async fn order(&self, user: UserId) -> ChatMessage {
        self.credit(user, CREDITED).await;
        self.say(user, &format!("/generate {MODEL}"), "Шаг 1").await;
        self.say(user, "Гроза над полем", "Шаг 2").await;
        self.press(user, "16:9", "Шаг 3").await;
        self.press(user, "quality:basic", "Проверьте заказ").await
    }

    /// The provider takes this long from now on.
    pub(super) async fn provider_takes(&self, time: Duration) {
        let delay_ms = Some(u64::try_from(time.as_millis()).unwrap());
        self.left.world.tune_kie(&KieTuning { delay_ms, ..KieTuning::default() }).await.unwrap();
    }

    pub(super) async fn pictures(&self, user: UserId) -> usize {
        self.messages(user).await.iter().filter(|m| m.json.get("photo").is_some()).count()
    }

    /// Waits until nothing is left to do, and checks every ledger.
    pub(super) async fn quiet(&self) {
        let began = Instant::now();
        loop {
            let mut tx = self.db.platform().await.unwrap();
            let jobs = tx.jobs_open_count().await.unwrap();
            drop(tx);
            let mut tx = self.db.tenant_read(&self.bot.id).await.unwrap();
            let mut unsent = 0;
            for chat in [101, 102] {
                unsent += tx.outbox_open_count(ChatId(chat)).await.unwrap();
            }
            drop(tx);
            if jobs == 0 && unsent == 0 {
                break;
            }
            assert!(began.elapsed() < PATIENCE * 2, "{jobs} jobs, {unsent} unsent: {}", self.logs());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let mut tx = self.db.tenant(&self.bot.id).await.unwrap();
        assert_eq!(tx.ledger_violations().await.unwrap(), []);
    }

    /// One paid picture: made once, paid once, kept in the bucket.
    pub(super) async fn one_paid_picture(&self, user: UserId) {
        self.quiet().await;
        let balance = self.balance(user).await;
        assert_eq!((balance.available, balance.held), (AFTER, Money::ZERO), "{}", self.logs());
        assert_eq!(self.left.world.kie_tasks().await.unwrap().len(), 1);
        assert!(!self.s3.names().is_empty(), "the result is in the bucket");
    }

    /// Stops what runs.
    pub(super) async fn finish(mut self) {
        self.quiet().await;
        for n in 0..2 {
            if self.running[n].is_some() {
                self.stop(n).await;
            }
        }
        self.left.sandbox.stop().await;
    }
}

/// A text message as Telegram brings it.
pub(super) fn text(update: i64, user: UserId, text: &str) -> Value {
    json!({"update_id": update, "message": {"message_id": update, "date": 1, "text": text, "from": from(user),
        "chat": {"id": user.0, "type": "private"}}})
}

/// A press of a message's button as Telegram brings it.
pub(super) fn pressed(update: i64, user: UserId, message: i64, data: &str) -> Value {
    json!({"update_id": update, "callback_query": {"id": update.to_string(), "chat_instance": "1", "data": data,
        "from": from(user), "message": {"message_id": message, "date": 1, "chat": {"id": user.0, "type": "private"}}}})
}

fn from(user: UserId) -> Value {
    json!({"id": user.0, "is_bot": false, "first_name": "A", "language_code": "ru"})
}
