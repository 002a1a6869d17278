//! compose.yaml, read as the tests cannot run it: what an installation sets is passed in, and a command in the container meets the
//! same settings as `serve` does.

use std::collections::BTreeMap;

use botyard::config::{DatabaseUrl, MasterKeySource, SettingSource, Settings, Sources};
use serde_json::Value;

use super::report;
use crate::util::env::root;

/// What the README's «Serve for real» and «Settings» tell an installation to set.
const SET: [&str; 13] = [
    "WEBHOOK_BASE_URL",
    "BOTYARD_PUBLIC_URL",
    "BOTYARD_TRUSTED_PROXIES",
    "KIE_API_KEY",
    "BOTYARD_ADMIN_TOKEN",
    "BOTYARD_OWNER_IDS",
    "BOTYARD_PLATFORM_BOT_TOKEN",
    "BOTYARD_REPLICAS",
    "BOTYARD_MEDIA_S3_ENDPOINT",
    "BOTYARD_MEDIA_S3_BUCKET",
    "BOTYARD_MEDIA_S3_KEY",
    "BOTYARD_MEDIA_S3_SECRET",
    "OTEL_EXPORTER_OTLP_ENDPOINT",
];
/// What the container must have, to serve as for production.
const GIVEN: [&str; 4] = ["DATABASE_URL", "DATABASE_PASSWORD_FILE", "BOTYARD_MASTER_KEY_FILE", "REDIS_URL"];

fn compose() -> String {
    std::fs::read_to_string(root().join("compose.yaml")).unwrap()
}

fn parsed(text: &str) -> Value {
    serde_saphyr::from_str(text).unwrap()
}

#[test]
fn the_compose_file_keeps_the_rules() {
    report(
        "compose.yaml:",
        "a setting that is not passed in is silently the default; one that only `serve` has sends a command to another database.",
        &lint(&compose()),
    );
}

/// What is wrong with a compose file.
fn lint(text: &str) -> Vec<String> {
    let file = parsed(text);
    let service = &file["services"]["botyard"];
    let environment = environment(service);
    let mut findings = Vec::new();
    for shell in ["entrypoint", "command"] {
        if !service[shell].is_null() {
            findings.push(format!("{shell}: what it sets is not there for `docker compose exec`"));
        }
    }
    for name in SET {
        if environment.get(name) != Some(&format!("${{{name}:-}}")) {
            findings.push(format!("{name} is not passed in as ${{{name}:-}}"));
        }
    }
    for name in GIVEN {
        if environment.get(name).is_none_or(|value| value.contains('$')) {
            findings.push(format!("{name} is not given"));
        }
    }
    let known: Vec<String> = Settings::table().into_iter().map(|row| row.name).collect();
    findings
        .extend(environment.keys().filter(|name| !known.contains(name)).map(|name| format!("{name} is no setting")));
    let listed = |of: &Value, name: &str| of.as_array().is_some_and(|all| all.iter().any(|one| one == name));
    for (name, value) in &environment {
        if let Some(secret) = value.strip_prefix("/run/secrets/")
            && (!listed(&service["secrets"], secret) || file["secrets"][secret]["file"].is_null())
        {
            findings.push(format!("{name} names the secret {secret}, which the service does not have"));
        }
    }
    findings
}

fn environment(service: &Value) -> BTreeMap<String, String> {
    let all = service["environment"].as_object().into_iter().flatten();
    all.map(|(name, value)| (name.clone(), value.as_str().unwrap_or_default().to_owned())).collect()
}

/// The settings of the container, when these are set outside.
fn settings(outside: &[(&str, &str)]) -> Settings {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("postgres_password"), "fake-planted/password\n").unwrap();
    let given = |(name, value): (String, String)| {
        let own = value.strip_prefix("${").and_then(|rest| rest.strip_suffix(":-}"));
        let set = own.map(|own| outside.iter().find(|(name, _)| *name == own).map_or("", |(_, value)| value));
        let secrets = format!("{}/", folder.path().display());
        (name, set.map_or_else(|| value.replace("/run/secrets/", &secrets), str::to_owned))
    };
    let env = environment(&parsed(&compose())["services"]["botyard"]).into_iter().map(given).collect();
    Settings::load(&Sources { env, ..Sources::default() }).unwrap_or_else(|wrong| panic!("{wrong:?}"))
}

#[test]
fn what_is_not_set_outside_has_its_default_inside() {
    let settings = settings(&[]);
    let DatabaseUrl::Postgres(url) = settings.database_url() else { panic!("a file in the container") };
    assert_eq!(url.expose(), "postgres://botyard:fake-planted%2Fpassword@postgres/botyard");
    assert!(matches!(settings.master_key, MasterKeySource::File(_)) && settings.redis.url.is_some());
    let set = settings.shown.iter().filter(|(_, shown)| shown.source != SettingSource::Default);
    let set: Vec<&str> = set.map(|(key, _)| key.as_str()).collect();
    assert_eq!(set, ["database.password_file", "database.url", "redis.url", "secrets.master_key_file"]);
}

#[test]
fn what_is_set_outside_arrives() {
    let token = format!("123456789:AA{}", "x".repeat(33));
    let settings = settings(&[
        ("WEBHOOK_BASE_URL", "https://bots.example.com"),
        ("BOTYARD_TRUSTED_PROXIES", "172.16.0.0/12"),
        ("KIE_API_KEY", "fake-test-key"),
        ("BOTYARD_ADMIN_TOKEN", "fake-test-token-of-the-owner"),
        ("BOTYARD_OWNER_IDS", "1,2"),
        ("BOTYARD_PLATFORM_BOT_TOKEN", &token),
    ]);
    assert_eq!(settings.webhook.base_url.unwrap().as_str(), "https://bots.example.com");
    assert_eq!(settings.kie.api_key.unwrap().expose(), "fake-test-key");
    assert_eq!(settings.admin.token.unwrap().expose(), "fake-test-token-of-the-owner");
    assert_eq!((settings.owner.ids.len(), settings.server.trusted_proxies.len()), (2, 1));
    assert_eq!(settings.owner.bot_token.unwrap().expose(), token);
}

#[test]
fn what_the_readme_puts_into_the_compose_files_variables_is_passed_in() {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let (_, rest) = readme.split_once("cat > .env <<'END'\n").expect("README.md shows the variables");
    let (lines, _) = rest.split_once("\nEND\n").unwrap();
    let names: Vec<&str> = lines.lines().map(|line| line.split_once('=').unwrap().0).collect();
    assert!(names.len() > 2 && names.iter().all(|name| SET.contains(name)), "{names:?}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_planted_fault_is_found() {
        let good = compose();
        for (from, to) in [
            ("    secrets: [master_key, postgres_password]\n", "    secrets: [master_key]\n"),
            ("      KIE_API_KEY: ${KIE_API_KEY:-}\n", ""),
            ("${BOTYARD_ADMIN_TOKEN:-}", "${BOTYARD_TOKEN:-}"),
            ("      DATABASE_URL: postgres://botyard@postgres/botyard\n", ""),
            ("      REDIS_URL: redis://redis:6379\n", "      REDIS_URL: ${REDIS_URL:-}\n"),
            ("      RUST_LOG:", "      RUST_LOGS:"),
            (
                "    build: .\n",
                "    build: .\n    command: [\"sh\", \"-c\", \"export DATABASE_URL=x && botyard serve\"]\n",
            ),
            ("    build: .\n", "    build: .\n    entrypoint: [\"/bin/sh\", \"-c\"]\n"),
            ("  master_key: { file: ./secrets/master_key }\n", ""),
        ] {
            let bad = good.replace(from, to);
            assert_ne!(bad, good, "{from}");
            assert_eq!(lint(&bad).len(), 1, "{to:?}: {:?}", lint(&bad));
        }
    }
}
