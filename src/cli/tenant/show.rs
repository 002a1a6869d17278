//! `botyard tenant show`.

use serde_json::{Value, json};

use super::{Found, at_name, find, id, list};
use crate::app;
use crate::bot::requirements;
use crate::catalog::Catalog;
use crate::cli::failure::Failure;
use crate::cli::out::Out;
use crate::config::Settings;
use crate::diagnostics::requirements::Requirement;
use crate::domain::tenant::TenantState;
use crate::domain::{BotInstanceId, Clock, Language, UnixMs};
use crate::tenants::Tenant;
use crate::texts::Texts;

pub(crate) const HELP: &str = "\
Everything that is known of one bot but its secrets, of which only whether they are set is told. Times are in UTC.

Examples:
  botyard tenant show my-bot
  botyard tenant show my-bot --json

Exit codes:
  0  shown
  1  no such bot, or the database is away
  2  a wrong setting or argument";

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The bot's id
    #[arg(value_name = "ID", value_parser = id)]
    tenant: BotInstanceId,
    /// JSON for programs
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(settings: &Settings, args: &Args, out: &Out) -> Result<(), Failure> {
    let ground = app::ground(settings).await?;
    let found = find(&ground.db, &args.tenant).await?;
    let texts = Texts::embedded()?;
    let words = texts.words(Language::En);
    let due = due(settings, &ground, &found).await?;
    ground.db.close().await;
    if args.json {
        let mut whole = whole(&found)?;
        whole["requirements"] = due.iter().map(|requirement| requirement.as_json(words)).collect();
        return out.json(&whole);
    }
    for line in lines(&found)? {
        out.line(&line);
    }
    if !due.is_empty() {
        out.line("due");
    }
    for requirement in &due {
        let what = words.plain(&requirement.what.key, requirement.what.values.clone());
        out.line(&format!("  {:<10}{:<22}{what}", requirement.severity.as_str(), requirement.code));
        out.line(&format!("  {:<32}{}", "", words.get(&requirement.fix_key())));
    }
    Ok(())
}

/// What the bot needs; nothing where its secrets do not open, which `botyard check` tells.
async fn due(settings: &Settings, ground: &app::Ground, found: &Found) -> Result<Vec<Requirement>, Failure> {
    let catalog = Catalog::embedded()?;
    let Ok(tenant) = Tenant::open_row(&ground.vault, found.row.clone(), found.admins.clone()) else {
        return Ok(Vec::new());
    };
    Ok(requirements::due(&ground.db, settings, catalog, &tenant, Clock::system().now()).await?)
}

fn whole(found: &Found) -> Result<Value, Failure> {
    let row = &found.row;
    let settings: Value = serde_json::from_str(&row.settings)?;
    let admins: Vec<Value> = found.admins.iter().map(|(id, role)| json!({"id": id.0, "role": role.as_str()})).collect();
    let mut whole = list::line(found);
    whole["state_reason"] = json!(row.state_reason);
    whole["admins"] = json!(admins);
    whole["managed"] = json!(row.managed);
    whole["provider_key"] = json!(row.provider_key_sealed.is_some());
    whole["telegram_api_url"] = json!(row.telegram_api_url);
    whole["token_checked_at"] = json!(row.token_checked_at.map(|at| at.0));
    whole["token_error"] = json!(row.token_error);
    whole["webhook_url"] = json!(row.webhook_url);
    whole["webhook_error"] = json!(row.webhook_error);
    whole["created_at"] = json!(row.created_at.0);
    whole["updated_at"] = json!(row.updated_at.0);
    whole["settings"] = settings;
    Ok(whole)
}

fn lines(found: &Found) -> Result<Vec<String>, Failure> {
    let row = &found.row;
    let none = || "-".to_owned();
    let state = match (&row.state_reason, row.state) {
        (Some(reason), TenantState::Paused | TenantState::Suspended) => format!("{} ({reason})", row.state.as_str()),
        _ => row.state.as_str().to_owned(),
    };
    let admins: Vec<String> = found.admins.iter().map(|(id, role)| format!("{id} ({})", role.as_str())).collect();
    let provider = if row.provider_key_sealed.is_some() { "its own" } else { "the installation's" };
    let webhook =
        row.webhook_url.clone().filter(|url| !url.is_empty()).unwrap_or_else(|| "none (long polling)".to_owned());
    let mut lines: Vec<String> = [
        ("id", row.tenant.to_string()),
        ("bot", format!("{} (Telegram id {})", at_name(row), row.bot_id)),
        ("state", state),
        ("partner", row.partner_id.clone()),
        ("admins", admins.join(", ")),
        ("added", format!("{} ({})", moment(row.created_at), row.origin.as_str())),
        ("provider key", provider.to_owned()),
        ("Bot API server", row.telegram_api_url.clone().unwrap_or_else(|| "the installation's".to_owned())),
        ("token checked", row.token_checked_at.map_or_else(none, moment)),
        ("token trouble", row.token_error.clone().unwrap_or_else(none)),
        ("webhook", webhook),
        ("webhook trouble", row.webhook_error.clone().unwrap_or_else(none)),
    ]
    .into_iter()
    .map(|(name, value)| format!("{name:<16}{value}"))
    .collect();
    lines.push("settings".to_owned());
    let settings: serde_json::Map<String, Value> = serde_json::from_str(&row.settings)?;
    lines.extend(settings.iter().map(|(name, value)| format!("  {name:<24}{value}")));
    Ok(lines)
}

fn moment(at: UnixMs) -> String {
    at.shown(&jiff::tz::TimeZone::UTC)
}
