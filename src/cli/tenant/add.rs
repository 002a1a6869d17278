//! `botyard tenant add`.

use std::io::{self, IsTerminal as _, Read as _};
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use super::id;
use crate::app;
use crate::cli::common::pair;
use crate::cli::failure::Failure;
use crate::cli::out::Out;
use crate::clients::telegram::Me;
use crate::clients::{Http, HttpSettings, Telegram};
use crate::config::{BaseUrl, Settings, process_variable};
use crate::domain::settings::TenantSettings;
use crate::domain::tenant::Origin;
use crate::domain::{BotInstanceId, BotToken, Clock, Secret, UserId};
use crate::store::TenantCheck;
use crate::tenants::provision::{self, NewBot};

pub(crate) const HELP: &str = "\
The token comes from @BotFather. It is never an argument, because arguments can be seen by everybody on the machine: name a
variable, a file, or give it on standard input. Telegram is asked whose token it is (--offline skips that). A running
`botyard serve` takes the bot up within seconds and sets its webhook and commands.

Examples:
  botyard tenant add my-bot --admin 123456789 --token-file token.txt
  MY_BOT_TOKEN=… botyard tenant add my-bot --admin 123456789 --token-env MY_BOT_TOKEN --setting brand=\"My studio\"
  pass show my-bot | botyard tenant add my-bot --admin 123456789 --setting markup=1.5 --setting free_per_day=2

Exit codes:
  0  the bot is hosted
  1  it is not: Telegram refuses the token, the id or the bot is hosted already, or the database is away
  2  a wrong setting or argument";

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The bot's id here: 3 to 32 of a-z, 0-9, '.', '_', '-'; it stands in addresses and cannot be changed
    #[arg(value_name = "ID", value_parser = id)]
    tenant: BotInstanceId,
    /// Telegram ids of its admins; the first is the owner. May be given several times
    #[arg(long = "admin", value_name = "TELEGRAM_ID", required = true, value_delimiter = ',')]
    admins: Vec<i64>,
    /// The variable that holds the token
    #[arg(long, value_name = "NAME", conflicts_with = "token_file")]
    token_env: Option<String>,
    /// The file that holds the token
    #[arg(long, value_name = "PATH")]
    token_file: Option<PathBuf>,
    /// Who runs it, in your own words; the bot's id where nothing is said
    #[arg(long, value_name = "NAME")]
    partner: Option<String>,
    /// The variable that holds the bot's own provider key; without one the installation's is used
    #[arg(long, value_name = "NAME", conflicts_with = "provider_key_file")]
    provider_key_env: Option<String>,
    /// The file that holds the bot's own provider key
    #[arg(long, value_name = "PATH")]
    provider_key_file: Option<PathBuf>,
    /// A Bot API server of its own
    #[arg(long, value_name = "URL", value_parser = base_url)]
    telegram_api_url: Option<BaseUrl>,
    /// One of the bot's settings, as in tenants.example.toml: --setting markup=1.5
    #[arg(long = "setting", value_name = "NAME=VALUE", value_parser = pair)]
    set_up: Vec<(String, String)>,
    /// Do not ask Telegram whose token it is
    #[arg(long)]
    offline: bool,
    /// JSON for programs
    #[arg(long)]
    json: bool,
}

fn base_url(text: &str) -> Result<BaseUrl, String> {
    BaseUrl::parse(text)
}

pub(crate) async fn run(settings: &Settings, args: &Args, out: &Out) -> Result<(), Failure> {
    let token = token(args, out)?;
    let provider_key = provider_key(args)?;
    let own = bot_settings(&args.set_up)?;
    let admins: Vec<UserId> = args.admins.iter().map(|id| UserId(*id)).collect();
    let me = if args.offline { None } else { Some(ask(settings, args, &token).await?) };
    let ground = app::ground(settings).await?;
    let bot = NewBot {
        id: &args.tenant,
        token: &token,
        admins: &admins,
        partner_id: args.partner.as_deref().unwrap_or(args.tenant.as_str()),
        settings: &own,
        provider_key: provider_key.as_ref(),
        telegram_api_url: args.telegram_api_url.as_ref().map(BaseUrl::as_str),
        origin: Origin::Cli,
        managed: false,
    };
    let now = Clock::system().now();
    provision::add(&ground.db, &ground.vault, &bot, now).await?;
    let username = me.map(|me| me.username);
    if let Some(name) = &username {
        let check = TenantCheck { bot_username: Some(name), token_error: None, webhook_url: None, webhook_error: None };
        let mut tx = ground.db.platform().await?;
        tx.tenant_note_check(&args.tenant, &check, now).await?;
        tx.commit().await?;
    }
    ground.db.close().await;
    for warning in &ground.warnings {
        out.complain(warning);
    }
    if args.json {
        let bot = json!({"id": token.bot_id().0, "username": username});
        return out.json(&json!({"id": args.tenant.as_str(), "bot": bot, "state": "active"}));
    }
    let name = username.map_or_else(|| format!("bot {}", token.bot_id()), |name| format!("@{name}"));
    out.line(&format!("{} hosts {name} now; `botyard serve` takes it up within seconds", args.tenant));
    out.line(&format!("its panel: botyard link {}", args.tenant));
    Ok(())
}

/// Whose token it is, in Telegram's words.
async fn ask(settings: &Settings, args: &Args, token: &BotToken) -> Result<Me, Failure> {
    let telegram = Telegram::from_settings(Http::new(&HttpSettings::default())?, &settings.telegram)?;
    let own = args.telegram_api_url.as_ref().map(|url| url::Url::parse(url.as_str())).transpose()?;
    telegram.bot(token, own.as_ref()).get_me().await.map_err(|error| {
        Failure::Work(format!(
            "Telegram does not know this token ({error}); nothing was added. --offline adds it unasked"
        ))
    })
}

fn token(args: &Args, out: &Out) -> Result<BotToken, Failure> {
    let text = match (&args.token_env, &args.token_file) {
        (Some(name), _) => variable(name)?,
        (None, Some(path)) => file(path)?,
        (None, None) => standard_input(out)?,
    };
    BotToken::parse(text.expose()).map_err(|error| Failure::Usage(format!("the token: {error}")))
}

fn provider_key(args: &Args) -> Result<Option<Secret>, Failure> {
    match (&args.provider_key_env, &args.provider_key_file) {
        (Some(name), _) => variable(name).map(Some),
        (None, Some(path)) => file(path).map(Some),
        (None, None) => Ok(None),
    }
}

pub(super) fn variable(name: &str) -> Result<Secret, Failure> {
    let value = process_variable(name).filter(|value| !value.trim().is_empty());
    value
        .map(|value| Secret::new(value.trim()))
        .ok_or_else(|| Failure::Usage(format!("the variable {name} is not set")))
}

pub(super) fn file(path: &Path) -> Result<Secret, Failure> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::Usage(format!("{} cannot be read: {error}", path.display())))?;
    Ok(Secret::new(text.trim()))
}

pub(super) fn standard_input(out: &Out) -> Result<Secret, Failure> {
    if io::stdin().is_terminal() {
        out.complain("the token, then Enter:");
        let mut line = String::new();
        io::stdin().read_line(&mut line)?;
        return Ok(Secret::new(line.trim()));
    }
    let mut text = String::new();
    io::stdin().take(4_096).read_to_string(&mut text)?;
    Ok(Secret::new(text.trim()))
}

/// The bot's settings upon the defaults. A value is read as JSON where it is JSON, otherwise as text.
fn bot_settings(given: &[(String, String)]) -> Result<TenantSettings, Failure> {
    let mut changes = Map::new();
    for (name, text) in given {
        let value = serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.clone()));
        changes.insert(name.clone(), value);
    }
    TenantSettings::default().patched(&changes).map_err(|problems| {
        let lines: Vec<String> = problems.iter().map(|problem| format!("--setting {problem}")).collect();
        Failure::Usage(lines.join("\n"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(pairs: &[(&str, &str)]) -> Result<TenantSettings, Failure> {
        let pairs: Vec<(String, String)> = pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
        bot_settings(&pairs)
    }

    #[test]
    fn settings_are_given_as_people_write_them() {
        let settings = given(&[
            ("brand", "My studio"),
            ("free_per_day", "2"),
            ("markup", "1.5"),
            ("stars_enabled", "false"),
            ("languages", r#"["en"]"#),
            ("default_language", "en"),
        ])
        .unwrap();
        assert_eq!((settings.brand.as_str(), settings.free_per_day), ("My studio", 2));
        assert_eq!(settings.markup.as_ten_thousandths(), 15_000);
        assert!(!settings.stars_enabled);
    }

    #[test]
    fn every_wrong_setting_of_a_bot_is_told() {
        let told = given(&[("brandd", "x"), ("free_per_day", "many")]).err().unwrap().to_string();
        assert_eq!(told.lines().count(), 2, "{told}");
        assert!(told.contains("--setting brandd") && told.contains("--setting free_per_day"), "{told}");
    }
}
