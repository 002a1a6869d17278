//! `botyard tenant limits`.

use serde_json::{Map, Value, json};

use super::{find, id};
use crate::accounts::audit::Act;
use crate::app;
use crate::cli::common::{note, pair};
use crate::cli::failure::Failure;
use crate::cli::out::Out;
use crate::config::Settings;
use crate::domain::settings::TenantLimits;
use crate::domain::{AuditAction, BotInstanceId, Clock};
use crate::tenants::provision;

pub(crate) const HELP: &str = "\
What the installation's owner allows a bot: how much it may use and spend in a day, and the owner's fee. The provider's
credits of a day are a hard stop: own_credits_per_day on the bot's own key, shared_credits_per_day on the installation's.
fee_basis_points is in hundredths of a percent (1250 is 12.5 %). generation_off=1 stops new generations.

A bot that tenants.toml declares takes its limits from there at every start: change them in the file.

Examples:
  botyard tenant limits my-bot
  botyard tenant limits my-bot --limit own_credits_per_day=5000 --limit fee_basis_points=1250

Exit codes:
  0  shown, after the change if there was one
  1  no such bot, or the database is away
  2  a wrong limit or argument; nothing was changed";

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The bot's id
    #[arg(value_name = "ID", value_parser = id)]
    tenant: BotInstanceId,
    /// A limit to change
    #[arg(long = "limit", value_name = "NAME=VALUE", value_parser = pair)]
    changes: Vec<(String, String)>,
    /// JSON for programs
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(settings: &Settings, args: &Args, out: &Out) -> Result<(), Failure> {
    let db = app::ground(settings).await?.db;
    let row = find(&db, &args.tenant).await?.row;
    let before: TenantLimits = serde_json::from_str(&row.limits)?;
    let changes: Map<String, Value> = args.changes.iter().map(|(name, value)| (name.clone(), read(value))).collect();
    let limits = before
        .patched(&changes)
        .map_err(|problems| Failure::Usage(problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")))?;
    if limits != before {
        let (was, became, now) = (before.unlike(&limits), limits.unlike(&before), Clock::system().now());
        let mut tx = db.platform().await?;
        provision::put_limits(&mut tx, &args.tenant, &limits, now).await?;
        let act = Act::new(AuditAction::LimitsChanged, "limits").changed(Some(&was), Some(&became));
        note(&mut tx, Some(&args.tenant), act, now).await?;
        tx.commit().await?;
    }
    db.close().await;
    if args.json {
        return out.json(&json!({"tenant": args.tenant.as_str(), "limits": limits}));
    }
    let Value::Object(all) = serde_json::to_value(&limits)? else { return Ok(()) };
    for name in TenantLimits::NAMES {
        out.line(&format!("{name:<28}{}", all.get(name).unwrap_or(&Value::Null)));
    }
    Ok(())
}

/// A number or a yes or no where it is one; everything else is told to be wrong with its own words.
fn read(value: &str) -> Value {
    serde_json::from_str(value).unwrap_or_else(|_| Value::from(value))
}
