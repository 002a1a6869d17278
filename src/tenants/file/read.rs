//! From text to tenants, gathering every problem on the way.

use std::collections::HashMap;
use std::io::Read as _;

use serde_json::{Map, Value};

use super::problem::FileProblem;
use super::{Lookup, TenantSpec, TenantsFile};
use crate::config::{BaseUrl, line_of};
use crate::domain::{BotInstanceId, BotToken, Secret, TenantLimits, TenantSettings, UserId, nearest};

/// Fields that a tenant must say itself.
const OWN: [&str; 3] = ["bot_instance_id", "bot_token", "admin_ids"];
/// Fields beside the settings that `[platform]` may say for all.
const SHARED: [&str; 6] =
    ["partner_id", "kie_api_key", "kie_webhook_hmac_key", "telegram_api_url", "managed", "limits"];

/// The longest secret in a file of its own.
const SECRET_MAX: u64 = 64 * 1024;

pub(super) fn file(text: &str, lookup: &Lookup<'_>) -> Result<TenantsFile, Vec<FileProblem>> {
    let table: toml::Table = text.parse().map_err(|e: toml::de::Error| {
        vec![FileProblem::of_file(format!("is not TOML{}: {}", line_of(text, e.span()), e.message()))]
    })?;
    let mut problems = Vec::new();
    let (platform, tenants) = parts(&table, &mut problems);
    let platform = checked_platform(platform, lookup, &mut problems);
    let mut read = Vec::new();
    for (at, own) in tenants.into_iter().enumerate() {
        read.extend(tenant(at, own, &platform, lookup, &mut problems));
    }
    twice(&read, &mut problems);
    if problems.is_empty() { Ok(TenantsFile { tenants: read }) } else { Err(problems) }
}

/// `[platform]` and the `[[tenant]]`s of the document.
fn parts<'a>(table: &'a toml::Table, problems: &mut Vec<FileProblem>) -> (toml::Table, Vec<&'a toml::Table>) {
    let (mut platform, mut tenants) = (toml::Table::new(), Vec::new());
    for (name, value) in table {
        match (name.as_str(), value) {
            ("platform", toml::Value::Table(fields)) => platform = fields.clone(),
            ("tenant", toml::Value::Array(all)) if all.iter().all(toml::Value::is_table) => {
                tenants = all.iter().filter_map(toml::Value::as_table).collect();
            }
            ("platform", _) => problems.push(FileProblem::of_file("platform must be a table: [platform]".to_owned())),
            ("tenant", _) => problems.push(FileProblem::of_file("tenants must be tables: [[tenant]]".to_owned())),
            (other, _) => {
                let meant = match nearest(other, ["platform", "tenant"]) {
                    Some("platform") => "; did you mean [platform]?",
                    Some(_) => "; did you mean [[tenant]]?",
                    None => "; settings for all tenants belong below [platform], those of one below its [[tenant]]",
                };
                problems.push(FileProblem::of_file(format!("{other} has no place at the top of the file{meant}")));
            }
        }
    }
    (platform, tenants)
}

/// What `[platform]` says for all; nothing when it is wrong, so that its problems are told once and not per tenant.
fn checked_platform(platform: toml::Table, lookup: &Lookup<'_>, problems: &mut Vec<FileProblem>) -> toml::Table {
    let mut fields = Fields { place: "[platform]".to_owned(), table: &platform, lookup, problems: Vec::new() };
    for name in OWN.into_iter().filter(|name| platform.contains_key(*name)) {
        fields.problem(name, "belongs to each [[tenant]], not to all", "");
    }
    fields.shared();
    fields.settings();
    let wrong = std::mem::take(&mut fields.problems);
    let good = wrong.is_empty();
    problems.extend(wrong);
    if good { platform } else { toml::Table::new() }
}

fn tenant(
    at: usize,
    own: &toml::Table,
    platform: &toml::Table,
    lookup: &Lookup<'_>,
    problems: &mut Vec<FileProblem>,
) -> Option<TenantSpec> {
    let id = own.get("bot_instance_id").and_then(toml::Value::as_str).and_then(|id| BotInstanceId::parse(id).ok());
    let place = id.as_ref().map_or_else(|| format!("tenant no. {}", at + 1), |id| format!("tenant {id}"));
    let table = overlaid(platform, own);
    let mut fields = Fields { place, table: &table, lookup, problems: Vec::new() };
    let id = fields.id();
    let token = fields.token();
    let admin_ids = fields.admins();
    let shared = fields.shared();
    let (set, settings, limits) = fields.settings();
    problems.append(&mut fields.problems);
    let id = id?;
    Some(TenantSpec {
        partner_id: shared.partner_id.unwrap_or_else(|| id.to_string()),
        id,
        token: token?,
        admin_ids,
        kie_api_key: shared.kie_api_key,
        kie_webhook_hmac_key: shared.kie_webhook_hmac_key,
        telegram_api_url: shared.telegram_api_url,
        managed: shared.managed,
        set,
        settings: settings?,
        limits: limits?,
    })
}

/// A file with a secret. Nothing that long is one, and a device may have no end.
fn small(path: &std::path::Path) -> std::io::Result<String> {
    let mut text = String::new();
    std::fs::File::open(path)?.take(SECRET_MAX + 1).read_to_string(&mut text)?;
    if text.len() as u64 > SECRET_MAX { Err(std::io::Error::other("it is too large for a secret")) } else { Ok(text) }
}

/// A tenant's fields upon the platform's; limits one by one, everything else whole.
fn overlaid(platform: &toml::Table, own: &toml::Table) -> toml::Table {
    let mut table = platform.clone();
    for (name, value) in own {
        match (table.get_mut(name), value) {
            (Some(toml::Value::Table(below)), toml::Value::Table(above)) if name == "limits" => {
                below.extend(above.clone());
            }
            _ => {
                table.insert(name.clone(), value.clone());
            }
        }
    }
    table
}

/// Ids, tokens and bots that occur twice; each problem names both tenants.
fn twice(tenants: &[TenantSpec], problems: &mut Vec<FileProblem>) {
    let (mut ids, mut bots) = (HashMap::new(), HashMap::new());
    for (at, tenant) in tenants.iter().enumerate() {
        let (id, bot) = (&tenant.id, tenant.token.bot_id());
        let what = match (ids.insert(id, at), bots.insert(bot, tenant)) {
            (Some(before), _) => {
                format!("tenants no. {} and no. {} both have the bot_instance_id {id}", before + 1, at + 1)
            }
            (None, Some(other)) if other.token == tenant.token => {
                format!("tenants {} and {id} have the same bot_token", other.id)
            }
            (None, Some(other)) => format!("tenants {} and {id} have two tokens of one bot, {bot}", other.id),
            (None, None) => continue,
        };
        problems.push(FileProblem::of_file(what));
    }
}

/// The fields of one table, read one by one.
struct Fields<'a> {
    place: String,
    table: &'a toml::Table,
    lookup: &'a Lookup<'a>,
    problems: Vec<FileProblem>,
}

#[derive(Default)]
struct Shared {
    partner_id: Option<String>,
    kie_api_key: Option<Secret>,
    kie_webhook_hmac_key: Option<Secret>,
    telegram_api_url: Option<BaseUrl>,
    managed: bool,
}

impl Fields<'_> {
    fn problem(&mut self, field: &str, what: impl Into<String>, example: &'static str) {
        let (place, field) = (self.place.clone(), field.to_owned());
        self.problems.push(FileProblem { place, field, what: what.into(), example });
    }

    /// A field that must be a text; empty counts as not there.
    fn text(&mut self, name: &str, example: &'static str) -> Option<String> {
        match self.table.get(name) {
            None => None,
            Some(toml::Value::String(text)) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
            Some(_) => {
                self.problem(name, "must be a text in quotes", example);
                None
            }
        }
    }

    /// A secret: written here, or named by `env:NAME` or `file:PATH`. `None` also when that was a problem.
    fn secret(&mut self, name: &str, example: &'static str) -> Option<Secret> {
        let text = self.text(name, example)?;
        let found = if let Some(variable) = text.strip_prefix("env:") {
            (self.lookup.env)(variable).ok_or_else(|| format!("names the variable {variable}, which is not set"))
        } else if let Some(path) = text.strip_prefix("file:") {
            let path = self.lookup.folder.join(path);
            small(&path).map_err(|e| format!("names the file {}, which can't be read: {e}", path.display()))
        } else {
            Ok(text)
        };
        match found {
            Ok(value) if value.trim().is_empty() => {
                self.problem(name, "names something empty", example);
                None
            }
            Ok(value) => Some(Secret::new(value.trim())),
            Err(what) => {
                self.problem(name, what, example);
                None
            }
        }
    }

    fn id(&mut self) -> Option<BotInstanceId> {
        let name = "bot_instance_id";
        let text = self.text(name, r#""partner-01""#);
        let id = text.as_deref().and_then(|text| BotInstanceId::parse(text).ok());
        if id.is_none() && self.problems.is_empty() {
            let what = "must be 3 to 32 of a-z, 0-9, '.', '_', '-', beginning with a letter or digit";
            self.problem(name, if text.is_none() { "is missing" } else { what }, r#""partner-01""#);
        }
        id
    }

    fn token(&mut self) -> Option<BotToken> {
        let (name, example) = ("bot_token", r#""env:PARTNER_01_TOKEN""#);
        if !self.table.contains_key(name) {
            self.problem(name, "is missing", example);
            return None;
        }
        let before = self.problems.len();
        let token = self.secret(name, example).map(|text| BotToken::parse(text.expose()));
        match token {
            Some(Ok(token)) => return Some(token),
            Some(Err(bad)) => self.problem(name, format!("is wrong: {bad}"), example),
            None if self.problems.len() == before => self.problem(name, "is empty", example),
            None => {}
        }
        None
    }

    fn admins(&mut self) -> Vec<UserId> {
        let ids: Option<Vec<i64>> = match self.table.get("admin_ids") {
            Some(toml::Value::Array(all)) => all.iter().map(toml::Value::as_integer).collect(),
            _ => None,
        };
        let ids = ids.unwrap_or_default();
        let once = ids.iter().enumerate().all(|(at, id)| !ids[..at].contains(id));
        if !(1..=20).contains(&ids.len()) || ids.iter().any(|id| *id <= 0) || !once {
            let what = "must be 1 to 20 Telegram ids of people, each once, the owner's first";
            self.problem("admin_ids", what, "[123456789]");
        }
        ids.into_iter().map(UserId).collect()
    }

    fn shared(&mut self) -> Shared {
        let mut shared = Shared::default();
        if let Some(partner) = self.text("partner_id", r#""p-01""#) {
            let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
            if partner.len() > 64 || !partner.chars().all(plain) {
                self.problem("partner_id", "must be at most 64 of a-z, A-Z, 0-9, '.', '_', '-'", r#""p-01""#);
            }
            shared.partner_id = Some(partner);
        }
        shared.kie_api_key = self.secret("kie_api_key", r#""env:PARTNER_01_KIE_KEY""#);
        shared.kie_webhook_hmac_key = self.secret("kie_webhook_hmac_key", r#""env:PARTNER_01_KIE_HMAC""#);
        if let Some(url) = self.text("telegram_api_url", r#""http://127.0.0.1:8081""#) {
            match BaseUrl::parse(&url) {
                Ok(url) => shared.telegram_api_url = Some(url),
                Err(what) => self.problem("telegram_api_url", what, r#""http://127.0.0.1:8081""#),
            }
        }
        match self.table.get("managed") {
            None => {}
            Some(toml::Value::Boolean(managed)) => shared.managed = *managed,
            Some(_) => self.problem("managed", "must be true or false", "true"),
        }
        shared
    }

    /// The settings that the table names, those upon the defaults, and the limits; `None` where there were problems.
    fn settings(&mut self) -> (Map<String, Value>, Option<TenantSettings>, Option<TenantLimits>) {
        let limits = match self.table.get("limits").map(json) {
            None => Ok(TenantLimits::default()),
            Some(Value::Object(changes)) => TenantLimits::default().patched(&changes),
            Some(_) => {
                self.problem("limits", "must be a table", "{ generations_in_flight = 10 }");
                Ok(TenantLimits::default())
            }
        };
        let mut set = Map::new();
        for (name, value) in self.table {
            if OWN.contains(&name.as_str()) || SHARED.contains(&name.as_str()) {
                continue;
            }
            if TenantSettings::rule(name).is_some() {
                set.insert(name.clone(), json(value));
            } else {
                self.unknown(name);
            }
        }
        let settings = TenantSettings::default().patched(&set);
        (set, self.kept(settings), self.kept(limits))
    }

    fn unknown(&mut self, name: &str) {
        let known = OWN.into_iter().chain(SHARED).chain(TenantSettings::names());
        let what = match nearest(name, known) {
            Some(meant) => format!("is not a field; did you mean {meant}?"),
            None => "is not a field; tenants.example.toml shows them all".to_owned(),
        };
        self.problem(name, what, "");
    }

    fn kept<T>(&mut self, read: Result<T, Vec<crate::domain::settings::SettingProblem>>) -> Option<T> {
        match read {
            Ok(value) => Some(value),
            Err(problems) => {
                let place = &self.place;
                self.problems.extend(problems.into_iter().map(|problem| FileProblem::of_setting(place, problem)));
                None
            }
        }
    }
}

/// The same value as settings are stored; what JSON has no word for (infinity) becomes null, which no setting takes.
fn json(value: &toml::Value) -> Value {
    serde_json::to_value(value).unwrap_or(Value::Null)
}
