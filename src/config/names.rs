//! What a setting is called: in a file, in the environment, on the command line.

/// Settings whose name in the environment is not simply `BOTYARD_SECTION_SETTING` (platform.md 2).
const USUAL: [(&str, &str); 23] = [
    ("server.listen", "BOTYARD_LISTEN"),
    ("server.public_url", "BOTYARD_PUBLIC_URL"),
    ("server.trusted_proxies", "BOTYARD_TRUSTED_PROXIES"),
    ("server.replicas", "BOTYARD_REPLICAS"),
    ("owner.bot_token", "BOTYARD_PLATFORM_BOT_TOKEN"),
    ("files.data", "BOTYARD_DATA"),
    ("files.tenants", "BOTYARD_TENANTS"),
    ("database.url", "DATABASE_URL"),
    ("database.password_file", "DATABASE_PASSWORD_FILE"),
    ("database.allow_superuser", "BOTYARD_ALLOW_SUPERUSER"),
    ("redis.url", "REDIS_URL"),
    ("webhook.base_url", "WEBHOOK_BASE_URL"),
    ("secrets.master_key", "BOTYARD_MASTER_KEY"),
    ("secrets.master_key_file", "BOTYARD_MASTER_KEY_FILE"),
    ("secrets.master_key_second", "BOTYARD_MASTER_KEY_SECOND"),
    ("secrets.master_key_second_file", "BOTYARD_MASTER_KEY_SECOND_FILE"),
    ("telegram.api_url", "TELEGRAM_API_URL"),
    ("kie.api_url", "KIE_API_URL"),
    ("kie.upload_url", "KIE_UPLOAD_URL"),
    ("kie.api_key", "KIE_API_KEY"),
    ("logging.filter", "RUST_LOG"),
    ("logging.format", "BOTYARD_LOG"),
    ("logging.otlp_endpoint", "OTEL_EXPORTER_OTLP_ENDPOINT"),
];

/// A second name in the environment for where to listen: a port alone, as hosting platforms give it.
pub(super) const PORT: &str = "PORT";

/// The environment variable of the setting `key` (`section.name`).
pub(super) fn env_name(key: &str) -> String {
    match USUAL.iter().find(|(known, _)| *known == key) {
        Some((_, name)) => (*name).to_owned(),
        None => format!("BOTYARD_{}", key.replace('.', "_").to_ascii_uppercase()),
    }
}

/// The command line's option of the setting `key`: `--database-url`, `--listen`, `--bot-handler-limit`.
pub(super) fn flag_name(key: &str) -> String {
    let env = env_name(key);
    format!("--{}", env.strip_prefix("BOTYARD_").unwrap_or(&env).replace('_', "-").to_ascii_lowercase())
}
