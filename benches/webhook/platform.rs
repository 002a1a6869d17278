//! The platform as `serve` runs it, with four bots and without Telegram's limits on sending.

use std::time::Duration;

use base64::Engine as _;
use botyard::app::App;
use botyard::config::{Settings, Sources};
use botyard::domain::settings::TenantSettings;
use botyard::domain::tenant::Origin;
use botyard::domain::{BotInstanceId, BotToken, Clock, UserId};
use botyard::telemetry::Metrics;
use botyard::tenants::provision::{self, NewBot};

use super::{Target, say_ready};

const BOTS: i64 = 4;

/// Serves until it is killed.
pub(crate) async fn serve(database: &str, telegram: &str, folder: &str) {
    let port = std::net::TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a free port").port();
    let key = base64::engine::general_purpose::STANDARD.encode([7_u8; 32]);
    let overrides = [
        ("database.url", database),
        ("files.data", folder),
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
    let mut targets = Vec::new();
    for n in 1..=BOTS {
        add(&app, n).await;
    }
    let platform = &app.platform;
    platform.tenants.refresh(&platform.db, &platform.vault).await.expect("tenants are read");
    for tenant in platform.tenants.all() {
        let url = format!("http://{}/webhook/{}", app.address, tenant.id);
        targets.push(Target { url, secret: tenant.webhook_secret.expose().to_owned() });
    }
    tokio::time::sleep(Duration::from_secs(2)).await; // The bots are connected in the background.
    say_ready(&targets);
    std::future::pending::<()>().await;
}

async fn add(app: &App, n: i64) {
    let id = BotInstanceId::parse(&format!("bench-{n}")).expect("an id");
    let token = BotToken::parse(&format!("{}:AAfakebenchtoken{n:0>19}", 7_000_000_000 + n)).expect("a token's shape");
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
    let platform = &app.platform;
    provision::add(&platform.db, &platform.vault, &new, platform.clock.now()).await.expect("a bot is added");
}
