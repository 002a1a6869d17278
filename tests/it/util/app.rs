//! The production app with a few settings changed, and a world of fakes around it that speaks HTTP (style.md 19, 20).
//!
//! [`TestApp::finish`] asserts what authors forget: no job left, no message unsent, the ledgers in order (A102), no button that
//! bot.md 4 does not have (A23).

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use botyard::app::App;
use botyard::config::{Settings, Sources};
use botyard::domain::settings::{EnabledModels, TenantLimits, TenantSettings};
use botyard::domain::tenant::Origin;
use botyard::domain::{BotInstanceId, BotToken, ChatId, Clock, Corr, Money, Secret, UserId};
use botyard::sandbox::wire::{CallFilter, ChatMessage, KieTuning, Person};
use botyard::sandbox::{Sandbox, SandboxClient, SandboxSettings};
use botyard::telemetry::Metrics;
use botyard::tenants::provision::{self, NewBot};
use botyard::tenants::shelf;

use super::rows;

/// How long anything may take before a test gives up on it. A bound, not a measurement.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// The tenant's owner in every test.
pub(crate) const OWNER: UserId = UserId(900);

/// A hosted bot of a test.
#[derive(Clone)]
pub(crate) struct TestBot {
    pub(crate) id: BotInstanceId,
    pub(crate) username: String,
    pub(crate) token: BotToken,
}

/// A running platform and its world.
pub(crate) struct TestApp {
    pub(crate) app: App,
    pub(crate) sandbox: Sandbox,
    pub(crate) world: SandboxClient,
    database: String,
    folder: tempfile::TempDir,
    overrides: Vec<(String, String)>,
    clock: Clock,
}

/// What a stopped platform left: its data, and the world that goes on.
pub(crate) struct Left {
    pub(crate) sandbox: Sandbox,
    pub(crate) world: SandboxClient,
    /// Settings of a process that takes over, the same port each time.
    pub(crate) settings: Vec<(String, String)>,
    _folder: tempfile::TempDir,
}

/// A world whose pictures are small and whose provider takes as many tasks as it is given.
pub(crate) fn world() -> SandboxSettings {
    let mut world = SandboxSettings::default();
    world.kie.picture_side = 64;
    world.kie.create_limit = None;
    world
}

/// A token that no other test has, of the shape Telegram gives out.
pub(crate) fn fake_token(n: i64) -> BotToken {
    BotToken::parse(&format!("{}:AAfaketesttoken{:0>20}", 7_000_000_000 + n, n)).unwrap()
}

/// A bot that sells what the provider does not list: the platform's owner has checked these models before.
async fn check_models(platform: &botyard::bot::Platform, settings: &TenantSettings) {
    let EnabledModels::Only(ids) = &settings.enabled_models else { return };
    let mut tx = platform.db.platform().await.unwrap();
    for model in ids.iter().filter_map(|id| platform.catalog.model(id)) {
        shelf::set_checked(&mut tx, model, true, "user:1", platform.clock.now()).await.unwrap();
    }
    tx.commit().await.unwrap();
}

impl TestApp {
    /// Starts on this database with short timers.
    pub(crate) async fn start(database: &str) -> Self {
        Self::start_with(database, &[]).await
    }

    /// The same with settings of the test's own, as `section.name` and value.
    pub(crate) async fn start_with(database: &str, more: &[(&str, &str)]) -> Self {
        Self::start_on(database, more, Clock::system()).await
    }

    /// The same, and calls may go to this `host:port` too.
    pub(crate) async fn start_also_allowing(database: &str, allow: &str, more: &[(&str, &str)]) -> Self {
        let mut all = more.to_vec();
        all.push((ALSO_ALLOW, allow));
        Self::start_with(database, &all).await
    }

    /// The same with a clock of the test's own. While it stands still nothing that is put off becomes due: for screens and
    /// calendars, not for generations.
    pub(crate) async fn start_at(database: &str, clock: Clock) -> Self {
        Self::start_on(database, &[], clock).await
    }

    async fn start_on(database: &str, more: &[(&str, &str)], clock: Clock) -> Self {
        Self::start_whole(world(), database, more, clock).await
    }

    /// The same in a world of the test's own making.
    pub(crate) async fn start_in(world: SandboxSettings, database: &str, more: &[(&str, &str)]) -> Self {
        Self::start_whole(world, database, more, Clock::system()).await
    }

    async fn start_whole(world: SandboxSettings, database: &str, more: &[(&str, &str)], clock: Clock) -> Self {
        let sandbox = Sandbox::start(world).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let overrides: Vec<(String, String)> =
            TIMERS.iter().chain(more).map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let app = launch(&sandbox, database, folder.path(), &overrides, &clock).await;
        let world = sandbox.client();
        Self { app, sandbox, world, database: database.to_owned(), folder, overrides, clock }
    }

    /// Stops the platform and starts it anew on the same data; the world goes on.
    pub(crate) async fn restart(self) -> Self {
        let Self { app, sandbox, world, database, folder, overrides, clock } = self;
        app.stop().await;
        let app = launch(&sandbox, &database, folder.path(), &overrides, &clock).await;
        Self { app, sandbox, world, database, folder, overrides, clock }
    }

    /// Stops the platform, puts a copy in the place of its SQLite database and starts anew; the world goes on.
    pub(crate) async fn restore(self, copy: &std::path::Path) -> Self {
        let Self { app, sandbox, world, database, folder, overrides, clock } = self;
        app.stop().await;
        let file = database.strip_prefix("sqlite:").expect("a copy is of SQLite");
        for end in ["-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{file}{end}"));
        }
        std::fs::copy(copy, file).unwrap();
        let app = launch(&sandbox, &database, folder.path(), &overrides, &clock).await;
        Self { app, sandbox, world, database, folder, overrides, clock }
    }

    /// Stops the platform and leaves its world and data to processes of the real program.
    pub(crate) async fn leave(self) -> Left {
        let Self { app, sandbox, world, database, folder, overrides, .. } = self;
        app.stop().await;
        let settings = overrides_for(&sandbox, &database, folder.path(), &overrides);
        Left { sandbox, world, settings, _folder: folder }
    }

    /// Drops whatever is under way, as a kill does, and starts anew on the same data; the world goes on.
    pub(crate) async fn crash(self) -> Self {
        self.app.tasks().hard().cancel();
        self.restart().await
    }

    /// Hosts one more bot, and waits until Telegram sends its updates here.
    pub(crate) async fn bot(&self, id: &str, n: i64, settings: TenantSettings) -> TestBot {
        self.bot_with(id, n, settings, Some(Secret::new(format!("fake-test-key-{id}"))), TenantLimits::default()).await
    }

    /// The same with this key at the provider, or the installation's, and with limits of its own.
    pub(crate) async fn bot_with(
        &self,
        id: &str,
        n: i64,
        settings: TenantSettings,
        key: Option<Secret>,
        limits: TenantLimits,
    ) -> TestBot {
        let bot = TestBot {
            id: BotInstanceId::parse(id).unwrap(),
            username: format!("{}_bot", id.replace('-', "_")),
            token: fake_token(n),
        };
        self.world.register_bot(bot.token.expose(), &bot.username, id).await.unwrap();
        let shared = "fake-test-key-shared".to_owned();
        let keys = [(key.as_ref().map_or(shared, |key| key.expose().to_owned()), 1_000_000.0)].into();
        self.world.tune_kie(&KieTuning { delay_ms: Some(100), keys, ..KieTuning::default() }).await.unwrap();
        let new = NewBot {
            id: &bot.id,
            token: &bot.token,
            admins: &[OWNER],
            partner_id: "partner-test",
            settings: &settings,
            provider_key: key.as_ref(),
            telegram_api_url: None,
            origin: Origin::Cli,
            managed: false,
        };
        let platform = &self.app.platform;
        check_models(platform, &settings).await;
        provision::add(&platform.db, &platform.vault, &new, platform.clock.now()).await.unwrap();
        // A change that changes nothing would still connect the bot once more, at some moment of the test.
        if limits != TenantLimits::default() {
            provision::set_limits(&platform.db, &bot.id, &limits, platform.clock.now()).await.unwrap();
        }
        platform.tenants.refresh(&platform.db, &platform.vault).await.unwrap();
        let began = Instant::now();
        while !self.world.bots().await.unwrap().iter().any(|b| b.username == bot.username && b.webhook) {
            assert!(began.elapsed() < PATIENCE, "the webhook of {id} was not set");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        // What Telegram calls the bot is read with the tenant a moment later; links carry it.
        while platform.tenants.get(&bot.id).is_none_or(|tenant| tenant.username.is_none()) {
            assert!(began.elapsed() < PATIENCE, "the name of {id} was not noted");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        bot
    }

    /// A person of the world.
    pub(crate) async fn person(&self, id: i64, name: &str, language: &str) -> UserId {
        self.world.add_person(&Person::new(id, name, language)).await.unwrap();
        UserId(id)
    }

    /// Credits a person who has written before.
    pub(crate) async fn credit(&self, bot: &TestBot, user: UserId, amount: Money) {
        let platform = &self.app.platform;
        let now = platform.clock.now();
        let mut tx = platform.db.tenant(&bot.id).await.unwrap();
        let row = tx.user_get(user).await.unwrap().expect("the person has written to the bot before");
        let corr = Corr::random();
        botyard::billing::credit(&mut tx, &row.user_ref, corr.as_str(), amount, &corr, now).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// What a person can spend and has reserved.
    pub(crate) async fn balance(&self, bot: &TestBot, user: UserId) -> botyard::billing::Balance {
        let mut tx = self.app.platform.db.tenant_read(&bot.id).await.unwrap();
        let row = tx.user_get(user).await.unwrap().expect("the person is known");
        botyard::billing::balance(&mut tx, &row.user_ref).await.unwrap()
    }

    /// Writes, and waits for a message of the bot that holds `part` and is newer than everything before.
    pub(crate) async fn say(&self, bot: &TestBot, user: UserId, text: &str, part: &str) -> ChatMessage {
        let before = self.version(bot, user).await;
        self.world.send_text(&bot.username, user.0, text).await.unwrap();
        self.hear(bot, user, before, part).await
    }

    /// Presses the newest button with this label, and waits for what it brings.
    pub(crate) async fn press(&self, bot: &TestBot, user: UserId, label: &str, part: &str) -> ChatMessage {
        let before = self.version(bot, user).await;
        self.world.press_label(&bot.username, user.0, label).await.unwrap();
        self.hear(bot, user, before, part).await
    }

    /// Presses the newest button whose data holds `data`, whatever it says, and waits for what it brings.
    pub(crate) async fn press_data(&self, bot: &TestBot, user: UserId, data: &str, part: &str) -> ChatMessage {
        let before = self.version(bot, user).await;
        let messages = self.world.messages(&bot.username, user.0).await.unwrap();
        let newest = messages
            .iter()
            .rev()
            .find_map(|m| m.buttons().into_iter().find(|(_, own)| own.contains(data)).map(|(_, own)| (m.id, own)));
        let (message, own) = newest.unwrap_or_else(|| panic!("no button with {data}"));
        self.world.press(&bot.username, user.0, message, &own).await.unwrap();
        self.hear(bot, user, before, part).await
    }

    /// Presses the newest button with this label; what it brings is waited for by [`TestApp::hear`]. For what passes too quickly
    /// to be seen, such as the first stages of a generation.
    pub(crate) async fn press_only(&self, bot: &TestBot, user: UserId, label: &str) {
        self.world.press_label(&bot.username, user.0, label).await.unwrap();
    }

    /// Waits for a message that holds `part` and was sent or edited after the chat's state `before`.
    pub(crate) async fn hear(&self, bot: &TestBot, user: UserId, before: Heard, part: &str) -> ChatMessage {
        let began = Instant::now();
        loop {
            let messages = self.world.messages(&bot.username, user.0).await.unwrap();
            let fresh = messages.iter().rev().find(|m| m.from_bot && before.is_news(m) && m.text().contains(part));
            if let Some(message) = fresh {
                return message.clone();
            }
            let seen: Vec<&str> = messages.iter().filter(|m| m.from_bot).map(ChatMessage::text).collect();
            assert!(began.elapsed() < PATIENCE, "«{part}» was not said; the bot said: {seen:#?}");
            tokio::time::sleep(Duration::from_millis(15)).await;
        }
    }

    /// Waits for a screen of the wizard, sent or edited after the chat's state `before`, whatever it asks.
    pub(crate) async fn question(&self, bot: &TestBot, user: UserId, before: Heard) -> ChatMessage {
        let began = Instant::now();
        loop {
            let messages = self.world.messages(&bot.username, user.0).await.unwrap();
            let asks = |m: &&ChatMessage| m.buttons().iter().any(|(_, data)| data == "cancel");
            let fresh = messages.iter().rev().filter(|m| m.from_bot && before.is_news(m)).find(asks);
            if let Some(message) = fresh {
                return message.clone();
            }
            let seen: Vec<&str> = messages.iter().filter(|m| m.from_bot).map(ChatMessage::text).collect();
            assert!(began.elapsed() < PATIENCE, "no question came; the bot said: {seen:#?}");
            tokio::time::sleep(Duration::from_millis(15)).await;
        }
    }

    /// The platform's parts.
    pub(crate) fn platform(&self) -> &botyard::bot::Platform {
        &self.app.platform
    }

    /// Posts an update to the bot's webhook as Telegram does; `secret` replaces the true one. Gives the status.
    pub(crate) async fn post_webhook(&self, bot: &TestBot, update: &serde_json::Value, secret: Option<&str>) -> u16 {
        let known = self.app.platform.tenants.get(&bot.id);
        let own = known.map(|t| t.webhook_secret.expose().to_owned()).unwrap_or_default();
        let answer = TELEGRAM
            .post(format!("http://{}/webhook/{}", self.app.address, bot.id))
            .header("X-Telegram-Bot-Api-Secret-Token", secret.unwrap_or(&own))
            .json(update)
            .send()
            .await
            .unwrap();
        answer.status().as_u16()
    }

    /// Waits until Telegram keeps nothing back for a bot: what was answered in an outage comes again, later than what follows it.
    pub(crate) async fn taken(&self, bot: &TestBot) {
        let began = Instant::now();
        loop {
            let bots = self.world.bots().await.unwrap();
            if bots.iter().all(|known| known.username != bot.username || known.pending == 0) {
                return;
            }
            assert!(began.elapsed() < PATIENCE, "updates are left untaken");
            tokio::time::sleep(Duration::from_millis(15)).await;
        }
    }

    /// Waits until everything that was to be said in a chat is recorded as said.
    pub(crate) async fn settled(&self, bot: &TestBot, user: UserId) {
        let began = Instant::now();
        loop {
            let mut tx = self.app.platform.db.tenant_read(&bot.id).await.unwrap();
            if tx.outbox_open_count(ChatId(user.0)).await.unwrap() == 0 {
                return;
            }
            drop(tx);
            assert!(began.elapsed() < PATIENCE, "messages are left unsent");
            tokio::time::sleep(Duration::from_millis(15)).await;
        }
    }

    /// What the chat looks like now.
    pub(crate) async fn version(&self, bot: &TestBot, user: UserId) -> Heard {
        let messages = self.world.messages(&bot.username, user.0).await.unwrap_or_default();
        Heard(messages.iter().map(|m| (m.id, m.edits)).collect())
    }

    /// Waits until no work is left: no job to run, nothing to say in any chat.
    pub(crate) async fn at_rest(&self) {
        let platform = &self.app.platform;
        let began = Instant::now();
        loop {
            let mut tx = platform.db.platform().await.unwrap();
            let jobs = tx.jobs_open_count().await.unwrap();
            let due = tx.outbox_due_chats(platform.clock.now(), 10).await.unwrap();
            drop(tx);
            if jobs == 0 && due.is_empty() {
                return;
            }
            assert!(began.elapsed() < PATIENCE, "left behind: {jobs} jobs, unsent in {due:?}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Asserts what authors forget, and stops everything.
    pub(crate) async fn finish(self) {
        self.at_rest().await;
        let platform = &self.app.platform;
        for tenant in platform.tenants.all() {
            let mut tx = platform.db.tenant(&tenant.id).await.unwrap();
            assert_eq!(tx.ledger_violations().await.unwrap(), [], "the ledger of {}", tenant.id);
        }
        let calls = self.world.calls(&CallFilter::default()).await.unwrap();
        assert_eq!(rows::strangers(&calls), [""; 0], "buttons that are in no row of bot.md 4 (A23)");
        let health = self.app.tasks().health();
        assert!(health.healthy, "a task failed: {health:?}");
        self.app.stop().await;
        self.sandbox.stop().await;
    }
}

/// Telegram, as it posts updates: one client, for making one takes longer than a webhook does. It keeps no connections, because
/// these belong to the runtime of one test.
static TELEGRAM: LazyLock<reqwest::Client> = LazyLock::new(|| {
    #[expect(clippy::disallowed_methods, reason = "the test plays Telegram")]
    let client = reqwest::Client::builder();
    client.pool_max_idle_per_host(0).build().unwrap()
});

/// A state of a chat, to tell news from it.
#[derive(Clone)]
pub(crate) struct Heard(std::collections::BTreeMap<i64, u32>);

impl Heard {
    /// Everything is news.
    pub(crate) fn nothing() -> Self {
        Self(std::collections::BTreeMap::new())
    }

    fn is_news(&self, message: &ChatMessage) -> bool {
        self.0.get(&message.id).is_none_or(|edits| message.edits > *edits)
    }
}

/// No setting: a `host:port` more for `media.allow`.
const ALSO_ALLOW: &str = "test.also_allow";

/// Timers of a test: short, so that order and counts can be asserted soon.
const TIMERS: &[(&str, &str)] = &[
    ("server.listen", "127.0.0.1:0"),
    ("admin.listen", "127.0.0.1:0"),
    ("server.stop_within", "5 s"),
    ("telegram.bot_sends", "10000 per 1 s, burst 1000"),
    ("telegram.chat_sends", "1000 per 1 s, burst 100"),
    ("telegram.cold_tokens", "10000 per 1 min"),
    ("telegram.send_backoff", "20 ms"),
    ("bot.user_messages", "1000 per 1 s, burst 100"),
    ("bot.user_callbacks", "1000 per 1 s, burst 100"),
    ("bot.same_callbacks", "1000 per 1 s, burst 100"),
    ("bot.start_once_within", "1 ms"),
    // What is said because a machine was slow for a moment is its own tests' matter.
    ("bot.start_menu_within", "60 s"),
    ("generation.confirm_lock", "60 s"),
    ("bot.settings_refresh", "100 ms"),
    ("bot.album_wait", "250 ms"),
    ("bot.text_join_wait", "250 ms"),
    ("bonuses.gift_frame_every", "50 ms"),
    // Receipts are a person's to read, wherever the tests run; those about reading name a reader of their own.
    ("payments.ocr_program", "/nonexistent/reader"),
    ("kie.create_rate", "10000 per 1 s"),
    ("kie.read_rate", "10000 per 1 s"),
    ("generation.poll_first", "50 ms"),
    ("generation.poll_second", "100 ms"),
    ("generation.poll_later", "200 ms"),
    ("jobs.poll_every", "50 ms"),
    ("jobs.backoff_first", "20 ms"),
    ("jobs.backoff_max", "200 ms"),
    ("jobs.sweep_every", "200 ms"),
    ("outbox.sweep_every", "200 ms"),
];

/// A listener of ours must be known before Telegram is told about it, so a free port is found first.
fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

async fn launch(
    sandbox: &Sandbox,
    database: &str,
    data: &std::path::Path,
    overrides: &[(String, String)],
    clock: &Clock,
) -> App {
    let all = overrides_for(sandbox, database, data, overrides);
    let settings = Settings::load(&Sources { overrides: all, ..Sources::default() }).unwrap();
    App::start(settings, clock.clone(), Metrics::of_process()).await.unwrap()
}

fn overrides_for(
    sandbox: &Sandbox,
    database: &str,
    data: &std::path::Path,
    overrides: &[(String, String)],
) -> Vec<(String, String)> {
    let port = free_port();
    let base = sandbox.base_url.trim_start_matches("http://").to_owned();
    let mut all = vec![
        ("database.url".to_owned(), database.to_owned()),
        ("files.data".to_owned(), data.display().to_string()),
        ("telegram.api_url".to_owned(), sandbox.telegram_url().to_owned()),
        ("kie.api_url".to_owned(), sandbox.kie_url().to_owned()),
        ("kie.upload_url".to_owned(), sandbox.kie_url().to_owned()),
        ("media.allow".to_owned(), base),
        ("secrets.master_key_file".to_owned(), master_key(data)),
    ];
    for (name, value) in overrides {
        match all.iter_mut().find(|(known, _)| name == ALSO_ALLOW && known == "media.allow") {
            Some((_, allow)) => *allow = format!("{allow},{value}"),
            None => all.push((name.clone(), value.clone())),
        }
    }
    all.push(("server.listen".to_owned(), format!("127.0.0.1:{port}")));
    all.push(("webhook.base_url".to_owned(), format!("http://127.0.0.1:{port}")));
    all
}

/// A master key for this test alone; Postgres never gets a generated one.
fn master_key(data: &std::path::Path) -> String {
    use base64::Engine as _;
    let path = data.join("master.key");
    if !path.exists() {
        let key: [u8; 32] = std::array::from_fn(|n| u8::try_from(n).unwrap());
        std::fs::write(&path, base64::engine::general_purpose::STANDARD.encode(key)).unwrap();
    }
    path.display().to_string()
}
