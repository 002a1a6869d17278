//! Rules between settings.

use std::path::Path;

use super::address::DatabaseUrl;
use super::master_key::MasterKeySource;
use super::read::{self, Reader};
use super::{Database, Settings};

/// What a password without a server's address is told.
pub(super) const NO_SERVER: &str = "is for a DATABASE_URL that begins with postgres://, and there is none";
/// Ports that Telegram delivers webhooks to (facts/telegram.md 1).
const WEBHOOK_PORTS: [u16; 4] = [443, 80, 88, 8443];

/// Notes every broken rule.
pub(super) fn all(settings: &Settings, r: &mut Reader) {
    listeners(settings, r);
    webhook(settings, r);
    replicas(settings, r);
    media_store(settings, r);
    timers(settings, r);
}

/// Where the master key is: one of its two settings, else the data folder.
pub(super) fn master_key(r: &mut Reader) -> MasterKeySource {
    key_source(r, "secrets.master_key", "secrets.master_key_file").unwrap_or(MasterKeySource::DataFolder)
}

/// Where the second master key is, while there is one.
pub(super) fn second_master_key(r: &mut Reader) -> Option<MasterKeySource> {
    key_source(r, "secrets.master_key_second", "secrets.master_key_second_file")
}

/// One of the two places of a key.
fn key_source(r: &mut Reader, value: &str, file: &str) -> Option<MasterKeySource> {
    match (read::master_key(r, value), read::optional_path(r, file)) {
        (Some(_), Some(_)) => {
            let other = r.name(file);
            r.error(value, format!("is set together with {other}; keep one of them"), "");
            None
        }
        (Some(key), None) => Some(MasterKeySource::Value(key)),
        (None, Some(path)) => Some(MasterKeySource::File(path)),
        (None, None) => None,
    }
}

/// The database's settings; a password that stands in a file is put into the address, so that nobody else needs to know.
pub(super) fn database(r: &mut Reader) -> Database {
    let mut database = Database::read(r);
    let Some(file) = database.password_file.clone() else { return database };
    if r.good(&["database.url"]) {
        match with_password(database.url.as_ref(), &file) {
            Ok(url) => database.url = Some(url),
            Err(problem) => r.error("database.password_file", problem, ""),
        }
    }
    database
}

fn with_password(url: Option<&DatabaseUrl>, file: &Path) -> Result<DatabaseUrl, String> {
    let shown = file.display();
    let text = std::fs::read_to_string(file).map_err(|e| format!("{shown} can't be read: {e}"))?;
    // Editors and `echo` end a file with a line break that is no part of the password.
    match text.trim_end_matches(['\r', '\n']) {
        "" => Err(format!("{shown} is empty")),
        password => url.map_or_else(|| Err(NO_SERVER.to_owned()), |url| url.with_password(password)),
    }
}

fn listeners(settings: &Settings, r: &mut Reader) {
    let (main, admin) = (settings.server.listen, settings.admin.listen);
    let same_host = main.ip() == admin.ip() || main.ip().is_unspecified() || admin.ip().is_unspecified();
    if r.good(&["server.listen", "admin.listen"]) && main.port() != 0 && main.port() == admin.port() && same_host {
        let other = r.name("server.listen");
        r.error("admin.listen", format!("has the same port {} as {other}", admin.port()), "127.0.0.1:9090");
    }
}

fn webhook(settings: &Settings, r: &mut Reader) {
    let Some(url) = &settings.webhook.base_url else { return };
    if !r.good(&["webhook.base_url", "telegram.api_url"]) || !settings.telegram.is_cloud() {
        // A local Bot API server takes http, any port and any address.
        return;
    }
    if !url.is_https() {
        let problem =
            "http:// is possible only with a TELEGRAM_API_URL that is not the cloud's; Telegram asks for https://";
        r.error("webhook.base_url", problem, "https://bots.example.com");
    } else if !WEBHOOK_PORTS.contains(&url.port()) {
        let problem = format!("Telegram delivers to ports 443, 80, 88 and 8443 only, not to {}", url.port());
        r.error("webhook.base_url", problem, "https://bots.example.com:8443");
    }
}

fn replicas(settings: &Settings, r: &mut Reader) {
    let replicas = settings.server.replicas;
    if replicas < 2 || !r.good(&["server.replicas"]) {
        return;
    }
    let more = format!("with {replicas} replicas ({})", r.name("server.replicas"));
    if r.good(&["database.url"]) && settings.database_url().is_sqlite() {
        let problem = format!("SQLite serves one process and can't be used {more}");
        r.error("database.url", problem, "postgres://botyard:PASSWORD@127.0.0.1/botyard");
    }
    if r.good(&["redis.url"]) && settings.redis.url.is_none() {
        r.error("redis.url", format!("must be set {more}"), "redis://127.0.0.1:6379");
    }
    if r.good(&["media.s3_endpoint"]) && settings.media.s3_endpoint.is_none() {
        let problem = format!("must be set {more}: a folder can't be shared");
        r.error("media.s3_endpoint", problem, "https://s3.example.com");
    }
}

fn media_store(settings: &Settings, r: &mut Reader) {
    let media = &settings.media;
    let parts = [
        ("media.s3_endpoint", media.s3_endpoint.is_some(), "https://s3.example.com"),
        ("media.s3_bucket", !media.s3_bucket.is_empty(), "botyard-media"),
        ("media.s3_key", media.s3_key.is_some(), "the access key of the media store"),
        ("media.s3_secret", media.s3_secret.is_some(), "the secret key of the media store"),
    ];
    let Some((set, _, _)) = parts.iter().find(|(_, set, _)| *set) else { return };
    let set = r.name(set);
    for (key, _, example) in parts.iter().filter(|(_, set, _)| !set) {
        if r.good(&[key]) {
            r.error(key, format!("must be set too, for {set} is"), example);
        }
    }
}

/// Pairs of times of which the first must be the shorter: a renewal before what it renews, an earlier before a later.
fn timers(settings: &Settings, r: &mut Reader) {
    let s = settings;
    let pairs = [
        ("jobs.heartbeat", s.jobs.heartbeat, "jobs.lease", s.jobs.lease),
        ("jobs.backoff_first", s.jobs.backoff_first, "jobs.backoff_max", s.jobs.backoff_max),
        ("leases.renew_every", s.leases.renew_every, "leases.life", s.leases.life),
        ("panel.session_idle", s.panel.session_idle, "panel.session_life", s.panel.session_life),
        ("panel.session_touch_every", s.panel.session_touch_every, "panel.session_idle", s.panel.session_idle),
        ("bot.callback_watchdog", s.bot.callback_watchdog, "bot.handler_limit", s.bot.handler_limit),
        ("generation.soft_image", s.generation.soft_image, "generation.hard_limit", s.generation.hard_limit),
        ("generation.soft_video", s.generation.soft_video, "generation.hard_limit", s.generation.hard_limit),
        ("generation.soft_other", s.generation.soft_other, "generation.hard_limit", s.generation.hard_limit),
        ("generation.late_notice", s.generation.late_notice, "generation.hard_limit", s.generation.hard_limit),
        (
            "generation.poll_first_until",
            s.generation.poll_first_until,
            "generation.poll_second_until",
            s.generation.poll_second_until,
        ),
    ];
    for (first, shorter, second, longer) in pairs {
        if shorter >= longer && r.good(&[first, second]) {
            let other = r.name(second);
            r.error(
                first,
                format!("{} ms must be shorter than {other}, {} ms", shorter.as_millis(), longer.as_millis()),
                "",
            );
        }
    }
}
