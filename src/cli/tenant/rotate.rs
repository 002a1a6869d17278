//! `botyard tenant rotate-token`: the same bot under another token.

use std::path::PathBuf;

use super::add::{file, standard_input, variable};
use super::{find, id};
use crate::app;
use crate::cli::failure::Failure;
use crate::cli::out::Out;
use crate::clients::{Http, HttpSettings, Telegram};
use crate::config::Settings;
use crate::domain::{BotInstanceId, BotToken, Clock};
use crate::store::TenantToken;
use crate::vault::Column;

pub(crate) const HELP: &str = "\
Gives a bot the token that BotFather made after /revoke. Everything else of the bot stays: users, balances, settings, the
secret of its webhook. A running `botyard serve` takes the token up and tells Telegram within seconds.

Examples:
  botyard tenant rotate-token my-bot --token-file token.txt
  botyard tenant rotate-token my-bot < token.txt

Exit codes:
  0  the bot has its new token
  1  no such bot, a token of another bot, or Telegram does not know it
  2  a wrong setting or argument";

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The bot's id
    #[arg(value_name = "ID", value_parser = id)]
    tenant: BotInstanceId,
    /// The variable that holds the token
    #[arg(long, value_name = "NAME", conflicts_with = "token_file")]
    token_env: Option<String>,
    /// A file with the token
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
    /// Do not ask Telegram whose token it is
    #[arg(long)]
    offline: bool,
}

pub(crate) async fn run(settings: &Settings, args: &Args, out: &Out) -> Result<(), Failure> {
    let text = match (&args.token_env, &args.token_file) {
        (Some(name), _) => variable(name)?,
        (None, Some(path)) => file(path)?,
        (None, None) => standard_input(out)?,
    };
    let token = BotToken::parse(text.expose()).map_err(|error| Failure::Usage(format!("the token: {error}")))?;
    let ground = app::ground(settings).await?;
    let row = find(&ground.db, &args.tenant).await?.row;
    if row.bot_id != token.bot_id() {
        return Err(Failure::Work(format!("this token is of another bot than {}'s", args.tenant)));
    }
    if !args.offline {
        let telegram = Telegram::from_settings(Http::new(&HttpSettings::default())?, &settings.telegram)?;
        let own = row.telegram_api_url.as_deref().and_then(|url| url::Url::parse(url).ok());
        telegram.bot(&token, own.as_ref()).get_me().await.map_err(|error| {
            Failure::Work(format!("Telegram does not know this token ({error}); nothing was changed"))
        })?;
    }
    let tenant = super::leave::opened(&ground, &args.tenant).await?;
    let sealed = tenant.seal(Column::BotToken, token.expose().as_bytes())?;
    let change = TenantToken {
        bot_id: token.bot_id(),
        bot_username: row.bot_username.as_deref(),
        token_fingerprint: &ground.vault.fingerprint(&token),
        token_sealed: &sealed,
        webhook_secret_sealed: &row.webhook_secret_sealed,
    };
    let mut tx = ground.db.platform().await?;
    tx.tenant_set_token(&args.tenant, &change, Clock::system().now()).await?;
    tx.commit().await?;
    ground.db.close().await;
    out.line(&format!("{} has its new token", args.tenant));
    Ok(())
}
