//! `botyard link`: a way into the panel for whoever has a shell on the machine.

use serde_json::json;

use super::failure::Failure;
use super::out::Out;
use crate::accounts::{Identity, Role, Subject, links};
use crate::app;
use crate::config::Settings;
use crate::domain::tenant::AdminRole;
use crate::domain::{BotInstanceId, Clock, PanelScope, UserId};
use crate::store::Db;

pub(crate) const HELP: &str = "\
The link opens the panel once, within a few minutes (panel.link_life). Its page asks for one press of a button, so that a
preview in a messenger does not use it up. Admins get the same by /panel in their bot; use this when the bot does not work
yet, or for the owner's pages.

Examples:
  botyard link my-bot                  the partner's own pages
  botyard link my-bot --role viewer    the same pages, for looking only
  botyard link my-bot --user 42        as the admin with this Telegram id
  botyard link --owner                 all tenants, for the owner of the installation

Exit codes:
  0  the link is on standard output
  1  no such bot, no such admin, or the database is away
  2  a wrong setting or argument";

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Whose panel: the bot's id
    #[arg(required_unless_present = "owner", value_name = "ID", value_parser = super::tenant::id)]
    tenant: Option<BotInstanceId>,
    /// The pages of the installation's owner
    #[arg(long, conflicts_with_all = ["tenant", "role", "user"])]
    owner: bool,
    /// What may be done there; without it and without --user: everything the partner may
    #[arg(long, value_enum, conflicts_with = "user")]
    role: Option<GivenRole>,
    /// An admin of the bot, whose role the link gets
    #[arg(long, value_name = "TELEGRAM_ID")]
    user: Option<i64>,
    /// JSON for programs
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum GivenRole {
    Admin,
    Viewer,
}

pub(crate) async fn run(settings: &Settings, args: &Args, out: &Out) -> Result<(), Failure> {
    let ground = app::ground(settings).await?;
    let who = match &args.tenant {
        Some(tenant) => of_tenant(&ground.db, tenant, args).await?,
        None => Identity::platform_owner(Subject::Shell),
    };
    let path = links::issue(&ground.db, &settings.panel, &who, Clock::system().now()).await?;
    ground.db.close().await;
    let url = format!("{}{path}", settings.public_url(settings.server.listen).as_str());
    let seconds = settings.panel.link_life.as_secs();
    if args.json {
        return out.json(&json!({"url": url, "role": who.role.as_str(), "valid_seconds": seconds}));
    }
    out.line(&url);
    out.complain(&format!("opens once, within {} min; while `botyard serve` runs", seconds.div_ceil(60)));
    Ok(())
}

async fn of_tenant(db: &Db, tenant: &BotInstanceId, args: &Args) -> Result<Identity, Failure> {
    let row = super::tenant::find(db, tenant).await?;
    let scope = PanelScope::Tenant(row.row.tenant);
    if let Some(user) = args.user {
        let role = row.admins.iter().find(|(id, _)| *id == UserId(user)).map(|(_, role)| *role);
        let role = role.ok_or_else(|| {
            Failure::Work(format!("{user} is no admin of {tenant}; `botyard tenant show {tenant}` lists them"))
        })?;
        return Ok(Identity::admin(tenant, role, UserId(user)));
    }
    let role = match args.role {
        None => Role::from(AdminRole::Owner),
        Some(GivenRole::Admin) => Role::Admin,
        Some(GivenRole::Viewer) => Role::Viewer,
    };
    Ok(Identity { scope, role, subject: Subject::Shell })
}
