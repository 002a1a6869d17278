//! Settings in order, and wrong ones as a person reads them.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::*;

fn env(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn overrides(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn from_env(pairs: &[(&str, &str)]) -> Result<Settings, Vec<String>> {
    lines(Settings::load(&Sources { env: env(pairs), ..Sources::default() }))
}

fn from_file(text: &str) -> Result<Settings, Vec<String>> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("botyard.toml");
    std::fs::write(&file, text).unwrap();
    let shown = format!("{}/", folder.path().display());
    lines(Settings::load(&Sources { file: Some(file), ..Sources::default() }))
        .map_err(|all| all.into_iter().map(|line| line.replace(&shown, "")).collect())
}

fn lines(loaded: Result<Settings, Vec<SettingError>>) -> Result<Settings, Vec<String>> {
    loaded.map_err(|errors| errors.iter().map(ToString::to_string).collect())
}

const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

#[test]
fn the_defaults_alone_are_a_whole_configuration() {
    let settings = from_env(&[]).unwrap();
    assert_eq!(settings.server.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(settings.admin.listen.to_string(), "127.0.0.1:9090");
    assert_eq!(settings.database_url(), DatabaseUrl::Sqlite("./data/botyard.db".into()));
    assert_eq!(settings.master_key, MasterKeySource::DataFolder);
    assert_eq!(settings.second_master_key, None);
    assert!(settings.redis.url.is_none() && settings.webhook.base_url.is_none() && settings.media.s3().is_none());
    assert!(settings.telegram.is_cloud());
    assert_eq!(settings.public_url("0.0.0.0:8081".parse().unwrap()).as_str(), "http://127.0.0.1:8081");
    assert_eq!(settings.bot.user_messages, Rate { count: 3, per: Duration::from_secs(2), burst: 5 });
    assert_eq!(settings.session.life, Duration::from_mins(30));
    assert_eq!(settings.delivery.attempts.last(), Some(&Duration::from_mins(2)));
    assert_eq!(settings.generation.poll_pause(Duration::from_secs(29)), Duration::from_secs(3));
    assert_eq!(settings.generation.poll_pause(Duration::from_secs(30)), Duration::from_secs(6));
    assert_eq!(settings.generation.poll_pause(Duration::from_mins(2)), Duration::from_secs(15));
    assert_eq!(settings.generation.busy_pause(9), Duration::from_secs(15));
}

#[test]
fn the_command_line_beats_the_environment_beats_the_file_beats_the_defaults() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("botyard.toml");
    std::fs::write(&file, "[bot]\nhandler_limit = \"6 s\"\nalbum_wait = \"6 s\"\ntext_join_wait = 6000\n").unwrap();
    let settings = Settings::load(&Sources {
        file: Some(file),
        env: env(&[("BOTYARD_BOT_HANDLER_LIMIT", "5 s"), ("BOTYARD_BOT_ALBUM_WAIT", "5 s"), ("REDIS_URL", "")]),
        overrides: overrides(&[("bot.handler_limit", "4 s"), ("--listen", "127.0.0.1:1234")]),
    })
    .unwrap();
    let times = [settings.bot.handler_limit, settings.bot.album_wait, settings.bot.text_join_wait];
    assert_eq!(times.map(|t| t.as_secs()), [4, 5, 6]);
    assert_eq!(settings.bot.inline_cache, Duration::from_mins(5));
    assert_eq!(settings.server.listen.port(), 1234);
    assert!(settings.redis.url.is_none(), "an empty variable is no variable");
}

#[test]
fn a_port_alone_listens_everywhere_and_a_whole_address_wins_over_it() {
    assert_eq!(from_env(&[("PORT", "3000")]).unwrap().server.listen.to_string(), "0.0.0.0:3000");
    let both = from_env(&[("PORT", "3000"), ("BOTYARD_LISTEN", "127.0.0.1:4000")]).unwrap();
    assert_eq!(both.server.listen.to_string(), "127.0.0.1:4000");
}

/// What somebody sets, and the one line they read.
const WRONG: [(&[(&str, &str)], &str); 41] = [
    (&[("PORT", "80a")], "PORT: \"80a\" is not a port from 0 to 65535; for example: 8080"),
    (
        &[("BOTYARD_LISTEN", "8080")],
        "BOTYARD_LISTEN: \"8080\" is not an address and a port; for example: 127.0.0.1:8080",
    ),
    (
        &[("BOTYARD_ADMIN_LISTEN", "localhost:9090")],
        "BOTYARD_ADMIN_LISTEN: \"localhost:9090\" is not an address and a port; for example: 127.0.0.1:9090",
    ),
    (
        &[("BOTYARD_ADMIN_LISTEN", "127.0.0.1:8080")],
        "BOTYARD_ADMIN_LISTEN: has the same port 8080 as BOTYARD_LISTEN; for example: 127.0.0.1:9090",
    ),
    (
        &[("BOTYARD_ADMIN_TOKEN", "hunter2")],
        "BOTYARD_ADMIN_TOKEN: *** is shorter than 16 characters; for example: the output of: openssl rand -hex 32",
    ),
    (
        &[("BOTYARD_PUBLIC_URL", "bots.example.com")],
        "BOTYARD_PUBLIC_URL: is not a URL (relative URL without a base); for example: https://bots.example.com",
    ),
    (
        &[("BOTYARD_PUBLIC_URL", "https://me:pw@bots.example.com")],
        "BOTYARD_PUBLIC_URL: must not carry a user name or password; for example: https://bots.example.com",
    ),
    (
        &[("BOTYARD_TRUSTED_PROXIES", "10.0.0.0/8, cloudflare")],
        "BOTYARD_TRUSTED_PROXIES: \"cloudflare\" is neither an address nor a network; for example: 10.0.0.0/8, 192.0.2.7",
    ),
    (
        &[("BOTYARD_OWNER_IDS", "123456789,@boss")],
        "BOTYARD_OWNER_IDS: \"@boss\" is not a person's numeric Telegram id; for example: 123456789",
    ),
    (
        &[("BOTYARD_PLATFORM_BOT_TOKEN", "123456789:AAbbccddeeffgg/hhiijjkkllmmnnooppqqr")],
        "BOTYARD_PLATFORM_BOT_TOKEN: 123***qr is not a bot token; for example: 123456789:AA and 33 more characters, from @BotFather",
    ),
    (
        &[("DATABASE_URL", "mysql://root:hunter2@db/botyard")],
        "DATABASE_URL: begins with neither sqlite: nor postgres://; for example: postgres://botyard:PASSWORD@127.0.0.1/botyard",
    ),
    (
        &[("DATABASE_URL", "postgres://root:hunter2@db")],
        "DATABASE_URL: names no database after the host; for example: postgres://botyard:PASSWORD@127.0.0.1/botyard",
    ),
    (
        &[("DATABASE_URL", "sqlite::memory:")],
        "DATABASE_URL: sqlite: is followed by the path of a file; parameters and :memory: are not taken; for example: postgres://botyard:PASSWORD@127.0.0.1/botyard",
    ),
    (
        &[("REDIS_URL", "http://:hunter2@cache")],
        "REDIS_URL: begins with neither redis:// nor rediss://; for example: redis://127.0.0.1:6379",
    ),
    (
        &[("WEBHOOK_BASE_URL", "http://bots.example.com")],
        "WEBHOOK_BASE_URL: http:// is possible only with a TELEGRAM_API_URL that is not the cloud's; Telegram asks for https://; for example: https://bots.example.com",
    ),
    (
        &[("WEBHOOK_BASE_URL", "https://bots.example.com:8081")],
        "WEBHOOK_BASE_URL: Telegram delivers to ports 443, 80, 88 and 8443 only, not to 8081; for example: https://bots.example.com:8443",
    ),
    (
        &[("WEBHOOK_BASE_URL", "https://bots.example.com/?a=b")],
        "WEBHOOK_BASE_URL: must not carry a query (?) or fragment (#); for example: https://bots.example.com",
    ),
    (
        &[("BOTYARD_WEBHOOK_MAX_CONNECTIONS", "101")],
        "BOTYARD_WEBHOOK_MAX_CONNECTIONS: \"101\" is not a whole number from 1 to 100; for example: 8",
    ),
    (
        &[("BOTYARD_MASTER_KEY", "c2hvcnQgc2VjcmV0IGtleQ==")],
        "BOTYARD_MASTER_KEY: c2h***== is not 32 bytes in base64; for example: the output of: openssl rand -base64 32",
    ),
    (
        &[("BOTYARD_MASTER_KEY", KEY), ("BOTYARD_MASTER_KEY_FILE", "/run/key")],
        "BOTYARD_MASTER_KEY: is set together with BOTYARD_MASTER_KEY_FILE; keep one of them",
    ),
    (
        &[("BOTYARD_MASTER_KEY_SECOND", "c2hvcnQgc2VjcmV0IGtleQ==")],
        "BOTYARD_MASTER_KEY_SECOND: c2h***== is not 32 bytes in base64; for example: the output of: openssl rand -base64 32",
    ),
    (
        &[("BOTYARD_MASTER_KEY_SECOND", KEY), ("BOTYARD_MASTER_KEY_SECOND_FILE", "/run/key")],
        "BOTYARD_MASTER_KEY_SECOND: is set together with BOTYARD_MASTER_KEY_SECOND_FILE; keep one of them",
    ),
    (
        &[("TELEGRAM_API_URL", "ftp://api")],
        "TELEGRAM_API_URL: begins with neither https:// nor http://; for example: https://api.telegram.org",
    ),
    (
        &[("KIE_API_URL", "https://api.kie.ai?key=1")],
        "KIE_API_URL: must not carry a query (?) or fragment (#); for example: https://api.kie.ai",
    ),
    (
        &[("KIE_UPLOAD_URL", "kie")],
        "KIE_UPLOAD_URL: is not a URL (relative URL without a base); for example: https://kieai.redpandaai.co",
    ),
    (
        &[("KIE_API_KEY", "0123456789abcdef 0123456789")],
        "KIE_API_KEY: 012***89 holds white space; for example: the key from the provider's console",
    ),
    (
        &[("BOTYARD_MEDIA_ALLOW", "127.0.0.1")],
        "BOTYARD_MEDIA_ALLOW: \"127.0.0.1\" is not host:port; for example: 127.0.0.1:9000",
    ),
    (
        &[
            ("BOTYARD_MEDIA_S3_ENDPOINT", "https://s3.example.com"),
            ("BOTYARD_MEDIA_S3_KEY", "id1"),
            ("BOTYARD_MEDIA_S3_BUCKET", "b"),
        ],
        "BOTYARD_MEDIA_S3_SECRET: must be set too, for BOTYARD_MEDIA_S3_ENDPOINT is; for example: the secret key of the media store",
    ),
    (
        &[("BOTYARD_MEDIA_DOWNLOAD_MAX", "300 MB")],
        "BOTYARD_MEDIA_DOWNLOAD_MAX: \"300 MB\" is not a size: its unit is none of B, KiB, MiB, GiB; for example: 300 MiB",
    ),
    (
        &[("BOTYARD_BOT_HANDLER_LIMIT", "8 sec")],
        "BOTYARD_BOT_HANDLER_LIMIT: \"8 sec\" is not a time: its unit is none of ms, s, min, h, d; for example: 8 s",
    ),
    (&[("BOTYARD_SESSION_LIFE", "0")], "BOTYARD_SESSION_LIFE: must be above 0; for example: 30 min"),
    (
        &[("BOTYARD_BOT_USER_MESSAGES", "lots")],
        "BOTYARD_BOT_USER_MESSAGES: \"lots\" is not a rate; for example: 3 per 2 s, burst 5",
    ),
    (
        &[("BOTYARD_DELIVERY_ATTEMPTS", " , ")],
        "BOTYARD_DELIVERY_ATTEMPTS: must be at least one time; for example: 0 s, 5 s, 15 s, 45 s, 120 s",
    ),
    (
        &[("BOTYARD_JOBS_HEARTBEAT", "2 min")],
        "BOTYARD_JOBS_HEARTBEAT: 120000 ms must be shorter than BOTYARD_JOBS_LEASE, 60000 ms",
    ),
    (
        &[("BOTYARD_ALLOW_SUPERUSER", "maybe")],
        "BOTYARD_ALLOW_SUPERUSER: \"maybe\" is neither true nor false; for example: false",
    ),
    (&[("BOTYARD_LOG", "xml")], "BOTYARD_LOG: \"xml\" is none of auto, pretty, json; for example: auto"),
    (&[("RUST_LOG", "info,=")], "RUST_LOG: \"info,=\" is not a filter of log lines; for example: info"),
    (&[("BOTYARD_REPLICAS", "0")], "BOTYARD_REPLICAS: \"0\" is not a whole number from 1 to 100; for example: 1"),
    (
        &[
            ("BOTYARD_REPLICAS", "2"),
            ("DATABASE_URL", "sqlite:b.db"),
            ("REDIS_URL", "redis://r"),
            ("BOTYARD_MEDIA_S3_ENDPOINT", "https://s"),
            ("BOTYARD_MEDIA_S3_KEY", "key"),
            ("BOTYARD_MEDIA_S3_SECRET", "secretsecret"),
            ("BOTYARD_MEDIA_S3_BUCKET", "b"),
        ],
        "DATABASE_URL: SQLite serves one process and can't be used with 2 replicas (BOTYARD_REPLICAS); for example: postgres://botyard:PASSWORD@127.0.0.1/botyard",
    ),
    (
        &[
            ("BOTYARD_REPLICAS", "2"),
            ("DATABASE_URL", "postgres://u:p@h/b"),
            ("BOTYARD_MEDIA_S3_ENDPOINT", "https://s"),
            ("BOTYARD_MEDIA_S3_KEY", "key"),
            ("BOTYARD_MEDIA_S3_SECRET", "secretsecret"),
            ("BOTYARD_MEDIA_S3_BUCKET", "b"),
        ],
        "REDIS_URL: must be set with 2 replicas (BOTYARD_REPLICAS); for example: redis://127.0.0.1:6379",
    ),
    (
        &[("BOTYARD_REPLICAS", "3"), ("DATABASE_URL", "postgres://u:p@h/b"), ("REDIS_URL", "rediss://u:p@r:6380/1")],
        "BOTYARD_MEDIA_S3_ENDPOINT: must be set with 3 replicas (BOTYARD_REPLICAS): a folder can't be shared; for example: https://s3.example.com",
    ),
];

#[test]
fn each_wrong_setting_is_told_in_one_line() {
    for (set, line) in WRONG {
        assert_eq!(from_env(set).unwrap_err(), [line], "{set:?}");
    }
}

#[test]
fn all_wrong_settings_are_told_at_once() {
    let errors = lines(Settings::load(&Sources {
        env: env(&[("PORT", "x"), ("REDIS_URL", "x"), ("BOTYARD_SESSION_LIFE", "x")]),
        overrides: overrides(&[("--log", "x"), ("kie.user_agnet", "x"), ("--lisen", "x")]),
        ..Sources::default()
    }));
    assert_eq!(
        errors.unwrap_err(),
        [
            "PORT: \"x\" is not a port from 0 to 65535; for example: 8080",
            "--set kie.user_agnet: there is no such setting; did you mean kie.user_agent?",
            "--lisen: there is no such setting; did you mean --listen?",
            "REDIS_URL: is not a URL (relative URL without a base); for example: redis://127.0.0.1:6379",
            "BOTYARD_SESSION_LIFE: \"x\" is not a time; for example: 30 min",
            "--log: \"x\" is none of auto, pretty, json; for example: auto",
        ]
    );
}

#[test]
fn a_file_is_answered_under_its_own_names_and_never_quoted() {
    let told = |text| from_file(text).unwrap_err();
    assert_eq!(
        told("[server]\nlisen = \"127.0.0.1:1\"\n[kie]\napi_key = \"top secret key\"\n"),
        [
            "server.lisen in botyard.toml: there is no such setting; did you mean server.listen?",
            "kie.api_key in botyard.toml: top***ey holds white space; for example: the key from the provider's console",
        ]
    );
    assert_eq!(
        told("[server]\nlisten = [\"a\", \"b\"]\n[colours]\nsky = \"blue\"\n"),
        [
            "colours.sky in botyard.toml: there is no such setting; src/config/defaults.toml lists them all",
            "server.listen in botyard.toml: is a list and must be one value",
        ]
    );
    let broken = told("[kie]\napi_key = \"hunter2\nx = 1\n");
    assert_eq!(broken.len(), 1);
    assert!(broken[0].starts_with("botyard.toml: is not TOML (line 2)"), "{broken:?}");
    assert!(!broken[0].contains("hunter2"), "{broken:?}");
    let missing = Sources { file: Some("/nonexistent/botyard.toml".into()), ..Sources::default() };
    let missing = lines(Settings::load(&missing)).unwrap_err();
    assert!(missing[0].starts_with("--config: /nonexistent/botyard.toml can't be read"), "{missing:?}");
}

#[test]
fn a_local_bot_api_server_may_call_plain_http_at_any_port() {
    let local = [("TELEGRAM_API_URL", "http://127.0.0.1:8081"), ("WEBHOOK_BASE_URL", "http://127.0.0.1:9999/")];
    let settings = from_env(&local).unwrap();
    assert!(!settings.telegram.is_cloud());
    assert_eq!(settings.webhook.base_url.unwrap().as_str(), "http://127.0.0.1:9999");
}

#[test]
fn replicas_are_served_with_postgres_redis_and_a_shared_media_store() {
    let settings = from_env(&[
        ("BOTYARD_REPLICAS", "3"),
        ("DATABASE_URL", "postgres://u:p@h/b"),
        ("REDIS_URL", "redis://r"),
        ("BOTYARD_MEDIA_S3_ENDPOINT", "https://s3.example.com/"),
        ("BOTYARD_MEDIA_S3_BUCKET", "media"),
        ("BOTYARD_MEDIA_S3_KEY", "access"),
        ("BOTYARD_MEDIA_S3_SECRET", "secretsecret"),
    ]);
    assert_eq!(settings.unwrap().media.s3().unwrap().endpoint.as_str(), "https://s3.example.com");
}

#[test]
fn a_password_in_a_file_is_part_of_the_address() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("password");
    let from = |url: &str, content: &str| {
        std::fs::write(&file, content).unwrap();
        from_env(&[("DATABASE_URL", url), ("DATABASE_PASSWORD_FILE", file.to_str().unwrap())])
            .map_err(|all| all.into_iter().map(|line| line.replace(folder.path().to_str().unwrap(), "")).collect())
    };
    let whole = |url: &str, content: &str| match from(url, content).unwrap().database_url() {
        DatabaseUrl::Postgres(url) => url.expose().to_owned(),
        DatabaseUrl::Sqlite(path) => panic!("{}", path.display()),
    };
    assert_eq!(whole("postgres://botyard@db/botyard", "planted\n"), "postgres://botyard:planted@db/botyard");
    assert_eq!(
        whole("postgres://botyard@db:5433/b?sslmode=require", "a b/c+d=@:%41"),
        // In two parts: `botyard verify` looks for whole addresses with passwords.
        format!("postgres://botyard:{}@db:5433/b?sslmode=require", "a%20b%2Fc+d%3D%40%3A%2541")
    );
    let told = |url: &str, content: &str| -> Vec<String> { from(url, content).unwrap_err() };
    let no_server = "DATABASE_PASSWORD_FILE: is for a DATABASE_URL that begins with postgres://, and there is none";
    assert_eq!(told("", "planted"), [no_server]);
    assert_eq!(told("sqlite:b.db", "planted"), [no_server]);
    let twice = "DATABASE_PASSWORD_FILE: is set together with a password in DATABASE_URL; keep one of them";
    assert_eq!(told("postgres://botyard:other@db/botyard", "planted"), [twice]);
    assert_eq!(told("postgres://botyard@db/botyard", "\n"), ["DATABASE_PASSWORD_FILE: /password is empty"]);
    std::fs::remove_file(&file).unwrap();
    let missing = [("DATABASE_URL", "postgres://botyard@db/b"), ("DATABASE_PASSWORD_FILE", file.to_str().unwrap())];
    let missing = from_env(&missing).unwrap_err();
    assert!(missing.len() == 1 && missing[0].contains("/password can't be read"), "{missing:?}");
}

#[test]
fn nothing_secret_is_printed_with_the_settings() {
    let settings = from_env(&[
        ("BOTYARD_ADMIN_TOKEN", "canary-admin-token-1234"),
        ("DATABASE_URL", "postgres://u:planted-canary@h/b"),
        ("REDIS_URL", "redis://:canary-planted-redis@r"),
        ("BOTYARD_MASTER_KEY", KEY),
        ("BOTYARD_MASTER_KEY_SECOND", KEY),
        ("KIE_API_KEY", "canary-kie-key"),
        ("BOTYARD_PLATFORM_BOT_TOKEN", "123456789:AAplanted-canary-iijjkkllmmnnooppqqr"),
    ])
    .unwrap();
    let printed = format!("{settings:?}");
    assert!(!printed.contains("canary") && !printed.contains(KEY), "{printed}");
}

#[test]
fn a_variable_that_looks_like_a_setting_is_only_warned_about() {
    let settings = from_env(&[("BOTYARD_LISEN", "x"), ("BOTYARD_SERVICE_HOST", "10.0.0.1"), ("HOME", "/")]).unwrap();
    assert_eq!(settings.warnings, ["BOTYARD_LISEN is not a setting and is ignored; did you mean BOTYARD_LISTEN?"]);
}

#[test]
fn every_setting_has_one_name_a_default_and_a_note() {
    let rows = Settings::table();
    let keys: BTreeSet<&str> = rows.iter().map(|row| row.key.as_str()).collect();
    let names: BTreeSet<&str> = rows.iter().map(|row| row.name.as_str()).collect();
    assert_eq!((keys.len(), names.len()), (rows.len(), rows.len()), "a name is taken twice");
    assert!(rows.len() > 100, "{}", rows.len());
    for row in &rows {
        assert!(row.note.len() > 5 && !row.default.is_empty(), "{row:?}");
    }
    let listen = rows.iter().find(|row| row.name == "BOTYARD_LISTEN").unwrap();
    assert_eq!((listen.key.as_str(), listen.default.as_str()), ("server.listen", "127.0.0.1:8080"));
    let usual = ["DATABASE_URL", "REDIS_URL", "WEBHOOK_BASE_URL", "TELEGRAM_API_URL", "KIE_API_URL", "KIE_UPLOAD_URL"];
    let more = ["KIE_API_KEY", "RUST_LOG", "BOTYARD_LOG", "BOTYARD_DATA", "BOTYARD_TENANTS", "BOTYARD_MEDIA_ALLOW"];
    for name in usual.into_iter().chain(more) {
        assert!(names.contains(name), "{name}");
    }
}

#[test]
fn what_is_in_force_is_shown_with_its_source_and_no_secret() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("botyard.toml");
    std::fs::write(&file, "[bot]\nhandler_limit = \"6 s\"\n[kie]\napi_key = \"fake-planted-key\"\n").unwrap();
    let token = format!("{}:AA{}", 123_456_789, &"planted".repeat(5)[..33]);
    let secrets = [
        ("DATABASE_URL", "postgres://botyard:fake-planted-password@db/botyard"),
        ("REDIS_URL", "redis://:fake-planted-password@cache:6379"),
        ("BOTYARD_MASTER_KEY", KEY),
        ("BOTYARD_MASTER_KEY_SECOND", KEY),
        ("BOTYARD_PLATFORM_BOT_TOKEN", &token),
        ("BOTYARD_ADMIN_TOKEN", "fake-planted-token-of-a-test"),
        ("BOTYARD_MEDIA_S3_ENDPOINT", "https://s3.example.com"),
        ("BOTYARD_MEDIA_S3_BUCKET", "media"),
        ("BOTYARD_MEDIA_S3_KEY", "fake-planted-access"),
        ("BOTYARD_MEDIA_S3_SECRET", "fake-planted-secret"),
        ("BOTYARD_OWNER_IDS", "1, 2"),
        ("PORT", "8099"),
    ];
    let sources = Sources { file: Some(file), env: env(&secrets), overrides: overrides(&[("session.life", "1 h")]) };
    let settings = lines(Settings::load(&sources)).unwrap();
    let all = format!("{:?}", settings.shown);
    assert!(!all.contains("planted") && !all.contains(KEY), "{all}");
    let hidden = settings.shown.iter().filter(|(_, shown)| shown.value == SettingValue::Secret { set: true });
    let hidden: Vec<&str> = hidden.map(|(key, _)| key.as_str()).collect();
    assert_eq!(
        hidden,
        [
            "admin.token",
            "database.url",
            "kie.api_key",
            "media.s3_key",
            "media.s3_secret",
            "owner.bot_token",
            "redis.url",
            "secrets.master_key",
            "secrets.master_key_second"
        ]
    );
    let shown = |key: &str| {
        let shown = &settings.shown[key];
        (shown.source, shown.value.clone())
    };
    let plain = |text: &str| SettingValue::Plain(text.to_owned());
    assert_eq!(shown("bot.handler_limit"), (SettingSource::File, plain("6 s")));
    assert_eq!(shown("owner.ids"), (SettingSource::Environment, plain("1, 2")));
    assert_eq!(shown("server.listen"), (SettingSource::Environment, plain("0.0.0.0:8099")));
    assert_eq!(shown("session.life"), (SettingSource::CommandLine, plain("1 h")));
    assert_eq!(shown("bot.album_wait"), (SettingSource::Default, plain("1500 ms")));
    assert_eq!(settings.shown.len(), Settings::table().len());
}
