//! Turns given texts into typed settings, gathering every error on the way.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::time::Duration;

use ipnet::IpNet;

use super::address::{BaseUrl, DatabaseUrl, HostPort, redis};
use super::error::SettingError;
use super::layers::{Given, Layers, Value};
use super::master_key::key_bytes;
use super::names::env_name;
use super::sections::LogFormat;
use super::table::{SettingShown, SettingValue};
use super::units::{self, Rate};
use crate::domain::{BotToken, Secret, UserId};

/// Hands out settings one by one. A wrong one is noted and answered with a neutral value, so that the rest is read too;
/// settings with errors are never served.
pub(super) struct Reader {
    layers: Layers,
    seen: BTreeSet<String>,
    failed: BTreeSet<String>,
    /// Settings whose values are secrets: their readers say so.
    hidden: BTreeSet<String>,
}

/// What was found on the way.
pub(super) struct Finished {
    pub(super) errors: Vec<SettingError>,
    pub(super) warnings: Vec<String>,
    pub(super) shown: BTreeMap<String, SettingShown>,
}

impl Reader {
    pub(super) fn new(layers: Layers) -> Self {
        Self { layers, seen: BTreeSet::new(), failed: BTreeSet::new(), hidden: BTreeSet::new() }
    }

    /// The name of the setting `key` as the person wrote it; its environment variable when nobody did.
    pub(super) fn name(&self, key: &str) -> String {
        self.layers.given.get(key).map_or_else(|| env_name(key), |given| given.name.clone())
    }

    /// Notes an error of the setting `key`.
    pub(super) fn error(&mut self, key: &str, problem: impl Into<String>, example: &str) {
        self.failed.insert(key.to_owned());
        let error = SettingError { name: self.name(key), problem: problem.into(), example: example.to_owned() };
        self.layers.errors.push(error);
    }

    /// Whether all of `keys` were read without error: rules between settings are checked only then.
    pub(super) fn good(&self, keys: &[&str]) -> bool {
        !keys.iter().any(|key| self.failed.contains(*key))
    }

    /// What was noted; the defaults that nothing asked for are a mistake of ours and an error too.
    pub(super) fn finish(self) -> Finished {
        let mut errors = self.layers.errors;
        for key in self.layers.given.keys().filter(|key| !self.seen.contains(*key)) {
            let problem = "stands in defaults.toml and is read nowhere".to_owned();
            errors.push(SettingError { name: key.clone(), problem, example: String::new() });
        }
        let hidden = self.hidden;
        let shown = |(key, given): (String, Given)| {
            let text = given.value.shown();
            let value = if hidden.contains(&key) {
                SettingValue::Secret { set: !text.trim().is_empty() }
            } else {
                SettingValue::Plain(text)
            };
            (key, SettingShown { value, source: given.source })
        };
        let shown = self.layers.given.into_iter().map(shown).collect();
        Finished { errors, warnings: self.layers.warnings, shown }
    }

    /// The setting as one text, trimmed.
    fn text(&mut self, key: &str) -> Option<String> {
        self.seen.insert(key.to_owned());
        match self.layers.given.get(key).map(|given| given.value.clone()) {
            Some(Value::One(text)) => Some(text.trim().to_owned()),
            Some(Value::Many(_)) => {
                self.error(key, "is a list and must be one value", "");
                None
            }
            None => {
                self.error(key, "has no default", "");
                None
            }
        }
    }

    /// The setting as several texts; one text is split at commas.
    fn texts(&mut self, key: &str) -> Vec<String> {
        self.seen.insert(key.to_owned());
        let all = match self.layers.given.get(key).map(|given| given.value.clone()) {
            Some(Value::Many(items)) => items,
            Some(Value::One(text)) => text.split(',').map(str::to_owned).collect(),
            None => Vec::new(),
        };
        all.iter().map(|item| item.trim().to_owned()).filter(|item| !item.is_empty()).collect()
    }

    fn parsed<T>(&mut self, key: &str, example: &str, parse: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        let text = self.text(key)?;
        match parse(&text) {
            Ok(value) => Some(value),
            Err(problem) => {
                self.wrong(key, problem, example);
                None
            }
        }
    }

    /// Notes a wrong value; the example is the default where there is one.
    fn wrong(&mut self, key: &str, problem: String, example: &str) {
        let default = self.layers.defaults.get(key).filter(|default| !default.is_empty()).cloned();
        self.error(key, problem, default.as_deref().unwrap_or(example));
    }

    /// Like [`Reader::parsed`]; an empty text is `None` and no error.
    fn optional<T>(&mut self, key: &str, example: &str, parse: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        self.parsed(key, example, |text| if text.is_empty() { Ok(None) } else { parse(text).map(Some) }).flatten()
    }

    /// The same for a secret: nothing that shows settings shows its value.
    fn secret<T>(&mut self, key: &str, example: &str, parse: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        self.hidden.insert(key.to_owned());
        self.optional(key, example, parse)
    }

    fn each<T>(&mut self, key: &str, example: &str, parse: impl Fn(&str) -> Result<T, String>) -> Vec<T> {
        let mut values = Vec::new();
        for text in self.texts(key) {
            match parse(&text) {
                Ok(value) => values.push(value),
                Err(problem) => self.wrong(key, problem, example),
            }
        }
        values
    }
}

/// A whole number within `range`.
pub(super) fn count(range: RangeInclusive<u32>) -> impl Fn(&mut Reader, &str) -> u32 {
    move |r, key| {
        let (low, high) = (*range.start(), *range.end());
        let parse = |text: &str| {
            let number = text.parse::<u32>().ok().filter(|n| range.contains(n));
            number.ok_or_else(|| format!("\"{text}\" is not a whole number from {low} to {high}"))
        };
        r.parsed(key, "", parse).unwrap_or_default()
    }
}

/// A time above zero.
pub(super) fn span(r: &mut Reader, key: &str) -> Duration {
    let parse = |text: &str| {
        let time = units::time(text)?;
        if time.is_zero() { Err("must be above 0".to_owned()) } else { Ok(time) }
    };
    r.parsed(key, "", parse).unwrap_or_default()
}

/// Times, at least one, of which zero may be one.
pub(super) fn spans(r: &mut Reader, key: &str) -> Vec<Duration> {
    let times = r.each(key, "", units::time);
    if times.is_empty() && r.good(&[key]) {
        r.wrong(key, "must be at least one time".to_owned(), "");
    }
    times
}

/// A number of bytes.
pub(super) fn size(r: &mut Reader, key: &str) -> u64 {
    r.parsed(key, "", units::size).unwrap_or_default()
}

/// So many in so long.
pub(super) fn rate(r: &mut Reader, key: &str) -> Rate {
    let none = Rate { count: 1, per: Duration::from_secs(1), burst: 1 };
    r.parsed(key, "", units::rate).unwrap_or(none)
}

/// Yes or no.
pub(super) fn flag(r: &mut Reader, key: &str) -> bool {
    let parse = |text: &str| match text.to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" | "on" => Ok(true),
        "false" | "0" | "no" | "off" => Ok(false),
        _ => Err(format!("\"{text}\" is neither true nor false")),
    };
    r.parsed(key, "", parse).unwrap_or_default()
}

/// A text that may be empty.
pub(super) fn words(r: &mut Reader, key: &str) -> String {
    r.text(key).unwrap_or_default()
}

/// An address to listen at.
pub(super) fn listen(r: &mut Reader, key: &str) -> SocketAddr {
    let parse = |text: &str| text.parse().map_err(|_| format!("\"{text}\" is not an address and a port"));
    r.parsed(key, "", parse).unwrap_or(SocketAddr::from(([127, 0, 0, 1], 0)))
}

/// A file or folder.
pub(super) fn path(r: &mut Reader, key: &str) -> PathBuf {
    let parse = |text: &str| if text.is_empty() { Err("is empty".to_owned()) } else { Ok(text.into()) };
    r.parsed(key, "", parse).unwrap_or_default()
}

/// A file, or none.
pub(super) fn optional_path(r: &mut Reader, key: &str) -> Option<PathBuf> {
    r.optional(key, "/etc/botyard/file", |text| Ok(text.into()))
}

/// Networks; an address alone is a network of one.
pub(super) fn networks(r: &mut Reader, key: &str) -> Vec<IpNet> {
    r.each(key, "10.0.0.0/8, 192.0.2.7", |text| {
        let alone = || text.parse().ok().map(|address: std::net::IpAddr| IpNet::from(address));
        let network = text.parse::<IpNet>().ok().or_else(alone);
        network.ok_or_else(|| format!("\"{text}\" is neither an address nor a network"))
    })
}

/// Telegram ids of people.
pub(super) fn people(r: &mut Reader, key: &str) -> Vec<UserId> {
    r.each(key, "123456789", |text| {
        let id = text.parse::<i64>().ok().filter(|id| *id > 0);
        id.map(UserId).ok_or_else(|| format!("\"{text}\" is not a person's numeric Telegram id"))
    })
}

/// Hosts that downloads may reach.
pub(super) fn hosts(r: &mut Reader, key: &str) -> Vec<HostPort> {
    r.each(key, "127.0.0.1:9000", HostPort::parse)
}

/// The beginning of URLs.
pub(super) fn base_url(r: &mut Reader, key: &str) -> BaseUrl {
    r.parsed(key, "", BaseUrl::parse).unwrap_or_else(BaseUrl::localhost)
}

/// The beginning of URLs, or none.
pub(super) fn optional_url(r: &mut Reader, key: &str) -> Option<BaseUrl> {
    r.optional(key, "https://bots.example.com", BaseUrl::parse)
}

/// A secret text, or none; shown masked when its shape is wrong.
pub(super) fn secret(shortest: usize, example: &str) -> impl Fn(&mut Reader, &str) -> Option<Secret> {
    move |r, key| {
        let parse = |text: &str| {
            let secret = Secret::new(text);
            if text.len() < shortest {
                Err(format!("{} is shorter than {shortest} characters", secret.masked()))
            } else if text.bytes().any(|b| b.is_ascii_whitespace() || b.is_ascii_control()) {
                Err(format!("{} holds white space", secret.masked()))
            } else {
                Ok(secret)
            }
        };
        r.secret(key, example, parse)
    }
}

/// 32 bytes in base64, or none.
pub(super) fn master_key(r: &mut Reader, key: &str) -> Option<Secret> {
    let parse = |text: &str| {
        let secret = Secret::new(text);
        let problem = || format!("{} is not 32 bytes in base64", secret.masked());
        key_bytes(text).map(|_| secret.clone()).ok_or_else(problem)
    };
    r.secret(key, "the output of: openssl rand -base64 32", parse)
}

/// A filter of log lines.
pub(super) fn log_filter(r: &mut Reader, key: &str) -> String {
    let parse = |text: &str| match tracing_subscriber::EnvFilter::try_new(text) {
        Ok(_) if !text.is_empty() => Ok(text.to_owned()),
        _ => Err(format!("\"{text}\" is not a filter of log lines")),
    };
    r.parsed(key, "", parse).unwrap_or_default()
}

/// A bot's token, or none.
pub(super) fn bot_token(r: &mut Reader, key: &str) -> Option<BotToken> {
    let parse =
        |text: &str| BotToken::parse(text).map_err(|_| format!("{} is not a bot token", Secret::new(text).masked()));
    r.secret(key, "123456789:AA and 33 more characters, from @BotFather", parse)
}

/// A Redis URL, or none.
pub(super) fn optional_redis(r: &mut Reader, key: &str) -> Option<Secret> {
    r.secret(key, "redis://127.0.0.1:6379", redis)
}

/// A database, or none.
pub(super) fn optional_database(r: &mut Reader, key: &str) -> Option<DatabaseUrl> {
    r.secret(key, "postgres://botyard:PASSWORD@127.0.0.1/botyard", DatabaseUrl::parse)
}

/// How log lines look.
pub(super) fn log_format(r: &mut Reader, key: &str) -> LogFormat {
    let parse = |text: &str| match text {
        "auto" => Ok(LogFormat::Auto),
        "pretty" => Ok(LogFormat::Pretty),
        "json" => Ok(LogFormat::Json),
        _ => Err(format!("\"{text}\" is none of auto, pretty, json")),
    };
    r.parsed(key, "", parse).unwrap_or_default()
}
