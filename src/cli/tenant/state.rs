//! `botyard tenant pause` and `resume`.

use super::{find, id};
use crate::app;
use crate::cli::failure::Failure;
use crate::cli::out::Out;
use crate::config::Settings;
use crate::domain::tenant::TenantState;
use crate::domain::{BotInstanceId, Clock};

pub(crate) const PAUSE_HELP: &str = "\
A paused bot answers its users that it is paused, still credits payments that arrive and finishes running generations. Its
admins keep the admin menu and the panel. Nothing is deleted.

Example:
  botyard tenant pause my-bot --reason \"prices are being revised\"

Exit codes:
  0  the bot is paused, now or before
  1  no such bot, or it is suspended
  2  a wrong setting or argument";

pub(crate) const RESUME_HELP: &str = "\
Ends a pause, whoever made it. A suspension is the installation's owner's and is not ended by this.

Example:
  botyard tenant resume my-bot

Exit codes:
  0  the bot serves, now or before
  1  no such bot, or it is suspended
  2  a wrong setting or argument";

#[derive(clap::Args)]
pub(crate) struct PauseArgs {
    /// The bot's id
    #[arg(value_name = "ID", value_parser = id)]
    tenant: BotInstanceId,
    /// Told to the bot's admins
    #[arg(long)]
    reason: Option<String>,
}

#[derive(clap::Args)]
pub(crate) struct ResumeArgs {
    /// The bot's id
    #[arg(value_name = "ID", value_parser = id)]
    tenant: BotInstanceId,
}

pub(crate) async fn pause(settings: &Settings, args: &PauseArgs, out: &Out) -> Result<(), Failure> {
    change(settings, &args.tenant, TenantState::Paused, args.reason.as_deref(), out).await
}

pub(crate) async fn resume(settings: &Settings, args: &ResumeArgs, out: &Out) -> Result<(), Failure> {
    change(settings, &args.tenant, TenantState::Active, None, out).await
}

async fn change(
    settings: &Settings,
    tenant: &BotInstanceId,
    wanted: TenantState,
    reason: Option<&str>,
    out: &Out,
) -> Result<(), Failure> {
    let db = app::ground(settings).await?.db;
    let row = find(&db, tenant).await?.row;
    if row.state == TenantState::Suspended {
        return Err(Failure::Work(format!("{tenant} is suspended by the installation's owner, which is not a pause")));
    }
    // A pause that the tenants file made would end by the file; said here it becomes the operator's own.
    if row.state == wanted && reason.is_none() && !row.paused_by_file {
        out.line(&format!("{tenant} is {} already", wanted.as_str()));
    } else {
        let mut tx = db.platform().await?;
        tx.tenant_set_state(tenant, wanted, reason, false, Clock::system().now()).await?;
        tx.commit().await?;
        out.line(&format!("{tenant} is {} now", wanted.as_str()));
    }
    db.close().await;
    Ok(())
}
