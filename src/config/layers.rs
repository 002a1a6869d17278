//! The layers that settings come from, laid over each other: defaults, file, environment, command line.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::error::SettingError;
use super::names::{PORT, env_name, flag_name};
use crate::domain::nearest;

/// The defaults, with a comment above each setting: the list of what can be set.
pub(super) const DEFAULTS: &str = include_str!("defaults.toml");

/// Where settings come from, beside the defaults, in rising order.
#[derive(Clone, Default)]
pub struct Sources {
    /// `--config FILE`.
    pub file: Option<PathBuf>,
    /// The environment: [`process_environment`](super::process_environment), or what a test makes up.
    pub env: BTreeMap<String, String>,
    /// The command line: the name is an option (`--listen`) or a setting's own name (`server.listen`, from `--set`).
    pub overrides: Vec<(String, String)>,
}

/// Which layer a setting has its value from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SettingSource {
    /// `defaults.toml` in the binary.
    Default,
    /// `--config FILE`.
    File,
    /// The environment.
    Environment,
    /// The command line.
    CommandLine,
}

/// A value as somebody gave it.
pub(super) struct Given {
    pub(super) value: Value,
    pub(super) source: SettingSource,
    /// The name as that person wrote it.
    pub(super) name: String,
}

/// One text, or several.
#[derive(Clone)]
pub(super) enum Value {
    One(String),
    Many(Vec<String>),
}

impl Value {
    pub(super) fn shown(&self) -> String {
        match self {
            Self::One(text) => text.clone(),
            Self::Many(items) => items.join(", "),
        }
    }
}

/// All layers as one: for each known setting the last value given.
pub(super) struct Layers {
    pub(super) given: BTreeMap<String, Given>,
    /// The defaults as they are written: the example of a right value where there is one.
    pub(super) defaults: BTreeMap<String, String>,
    pub(super) errors: Vec<SettingError>,
    pub(super) warnings: Vec<String>,
}

impl Layers {
    pub(super) fn of(sources: &Sources) -> Self {
        let mut layers =
            Self { given: BTreeMap::new(), defaults: BTreeMap::new(), errors: Vec::new(), warnings: Vec::new() };
        layers.defaults();
        if let Some(path) = &sources.file {
            layers.file(path);
        }
        layers.env(&sources.env);
        layers.overrides(&sources.overrides);
        layers
    }

    fn defaults(&mut self) {
        match DEFAULTS.parse::<toml::Table>() {
            Ok(table) => {
                for (key, value) in flat(&table) {
                    let name = env_name(&key);
                    self.defaults.insert(key.clone(), value.shown());
                    self.given.insert(key, Given { value, source: SettingSource::Default, name });
                }
            }
            Err(e) => self.error("defaults.toml", e.message(), ""),
        }
    }

    fn file(&mut self, path: &Path) {
        let shown = path.display().to_string();
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(e) => {
                return self.error("--config", &format!("{shown} can't be read: {e}"), "--config /etc/botyard.toml");
            }
        };
        match text.parse::<toml::Table>() {
            Ok(table) => {
                for (key, value) in flat(&table) {
                    let name = format!("{key} in {shown}");
                    match self.given.get_mut(&key) {
                        Some(given) => *given = Given { value, source: SettingSource::File, name },
                        None => self.unknown(name, &key),
                    }
                }
            }
            Err(e) => {
                let place = line_of(&text, e.span());
                self.error(
                    &shown,
                    &format!("is not TOML{place}: {}", e.message()),
                    "[server] and below it listen = \"0.0.0.0:8080\"",
                );
            }
        }
    }

    fn env(&mut self, env: &BTreeMap<String, String>) {
        // An empty variable is what compose files and shells make of a missing one.
        let set = |name: &str| env.get(name).filter(|value| !value.trim().is_empty());
        if let Some(port) = set(PORT) {
            match port.trim().parse::<u16>() {
                Ok(port) => {
                    let all = format!("0.0.0.0:{port}");
                    self.put("server.listen", all, SettingSource::Environment, PORT.to_owned());
                }
                Err(_) => self.error(PORT, &format!("\"{port}\" is not a port from 0 to 65535"), "8080"),
            }
        }
        let keys: Vec<String> = self.given.keys().cloned().collect();
        let mut known = Vec::with_capacity(keys.len());
        for key in keys {
            let name = env_name(&key);
            if let Some(value) = set(&name) {
                self.put(&key, value.clone(), SettingSource::Environment, name.clone());
            }
            known.push(name);
        }
        for name in env.keys().filter(|name| name.starts_with("BOTYARD_") && !known.contains(name)) {
            // Not an error: orchestrators put variables of their own there (Kubernetes: BOTYARD_SERVICE_HOST).
            let meant = nearest(name, known.iter().map(String::as_str));
            if let Some(meant) = meant {
                self.warnings.push(format!("{name} is not a setting and is ignored; did you mean {meant}?"));
            }
        }
    }

    fn overrides(&mut self, overrides: &[(String, String)]) {
        for (name, value) in overrides {
            let key = self.given.keys().find(|key| *key == name || flag_name(key) == *name).cloned();
            let shown = if name.starts_with("--") { name.clone() } else { format!("--set {name}") };
            match key {
                Some(key) => self.put(&key, value.clone(), SettingSource::CommandLine, shown),
                None => self.unknown(shown, name),
            }
        }
    }

    fn put(&mut self, key: &str, value: String, source: SettingSource, name: String) {
        self.given.insert(key.to_owned(), Given { value: Value::One(value), source, name });
    }

    fn unknown(&mut self, name: String, key: &str) {
        let flags = key.starts_with("--");
        let names: Vec<String> =
            self.given.keys().map(|key| if flags { flag_name(key) } else { key.clone() }).collect();
        let meant = nearest(key, names.iter().map(String::as_str));
        let problem = match meant {
            Some(meant) => format!("there is no such setting; did you mean {meant}?"),
            None => "there is no such setting; src/config/defaults.toml lists them all".to_owned(),
        };
        self.errors.push(SettingError { name, problem, example: String::new() });
    }

    fn error(&mut self, name: &str, problem: &str, example: &str) {
        let (name, problem, example) = (name.to_owned(), problem.to_owned(), example.to_owned());
        self.errors.push(SettingError { name, problem, example });
    }
}

/// ` (line 3)`: the place of an error, without the line's text, which may hold a secret.
pub fn line_of(text: &str, span: Option<std::ops::Range<usize>>) -> String {
    let before = span.and_then(|span| text.get(..span.start));
    before.map_or_else(String::new, |before| format!(" (line {})", before.matches('\n').count() + 1))
}

/// Settings of a TOML document by their whole names; what is deeper than section and name keeps its longer name.
fn flat(table: &toml::Table) -> Vec<(String, Value)> {
    let mut all = Vec::new();
    for (name, value) in table {
        match value {
            toml::Value::Table(inner) => {
                all.extend(flat(inner).into_iter().map(|(key, value)| (format!("{name}.{key}"), value)));
            }
            toml::Value::Array(items) => all.push((name.clone(), Value::Many(items.iter().map(text_of).collect()))),
            one => all.push((name.clone(), Value::One(text_of(one)))),
        }
    }
    all
}

fn text_of(value: &toml::Value) -> String {
    match value {
        toml::Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
