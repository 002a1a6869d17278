//! `botyard preflight`: the billing preflight, of one bot or over all.

use serde_json::json;

use super::failure::Failure;
use super::out::Out;
use super::serve::database;
use super::tenant::{all, find, id};
use crate::app;
use crate::config::Settings;
use crate::diagnostics::preflight_all::Installation;
use crate::diagnostics::runs::{preflight_all_run, preflight_run};
use crate::diagnostics::{Report, Subject, Verdict, shown};
use crate::domain::settings::TenantSettings;
use crate::domain::{BotInstanceId, Clock, Language, ReportAsker};
use crate::store::Db;
use crate::texts::Texts;

pub(crate) const HELP: &str = "\
Says whether money and rows can be trusted now: balances against transfers, free limits, holds past their deadline, attempts
at work for too long, payments that wait, and a value that is written and read back. Use it before a deploy, after a restore,
and when a balance looks wrong. It may run beside `serve`. The run is kept for the panel's history.

Examples:
  botyard preflight
  botyard preflight --tenant my-bot
  botyard preflight --json | jq .status

Exit codes:
  0  READY or DEGRADED; each line that is not OK says what to do
  1  FAIL, no such bot, or the database does not answer
  2  a wrong setting or argument";

#[derive(clap::Args)]
pub(crate) struct Args {
    /// One bot; without it all of them
    #[arg(long, value_name = "ID", value_parser = id)]
    tenant: Option<BotInstanceId>,
    /// JSON for programs
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(settings: &Settings, args: &Args, out: &Out) -> Result<(), Failure> {
    let db = app::open(settings).await?;
    let schema = db.schema().await?;
    if schema.applied != Some(schema.known) {
        return Err(Failure::Work(
            "the schema is not this program's: `botyard migrate` brings it up to date".to_owned(),
        ));
    }
    let report = match &args.tenant {
        Some(tenant) => Box::pin(of_tenant(settings, &db, tenant)).await?,
        None => Box::pin(of_all(settings, &db)).await?,
    };
    db.close().await;
    let texts = Texts::embedded()?;
    let words = texts.words(Language::En);
    if args.json {
        let mut body = shown::as_json(&report, words);
        body["bot_instance_id"] = json!(args.tenant.as_ref().map(BotInstanceId::as_str));
        out.json(&body)?;
    } else {
        let of = args.tenant.as_ref().map_or_else(|| database(&settings.database_url()), ToString::to_string);
        out.line(&format!("{} {of}", report.verdict().as_str()));
        for line in shown::lines(&report, words) {
            out.line(&line);
        }
    }
    match report.verdict() {
        Verdict::Fail => Err(Failure::Work("the preflight failed".to_owned())),
        Verdict::Ready | Verdict::Degraded => Ok(()),
    }
}

async fn of_tenant(settings: &Settings, db: &Db, tenant: &BotInstanceId) -> Result<Report, Failure> {
    let found = find(db, tenant).await?;
    let own: TenantSettings = serde_json::from_str(&found.row.settings)?;
    let clock = Clock::system();
    let today = clock.now().day(own.timezone.tz());
    let subject = Subject { db, tenant, settings: &own, platform: settings, today, clock: &clock };
    Ok(preflight_run(&subject, ReportAsker::Cli).await)
}

async fn of_all(settings: &Settings, db: &Db) -> Result<Report, Failure> {
    let limit = |text: &str| serde_json::from_str::<TenantSettings>(text).map_or(0, |own| i64::from(own.free_per_day));
    let tenants = all(db).await?;
    let free_limits = tenants.into_iter().map(|found| (found.row.tenant.clone(), limit(&found.row.settings))).collect();
    let clock = Clock::system();
    let of = Installation { db, platform: settings, free_limits, instance: "cli", clock: &clock };
    Ok(preflight_all_run(&of, ReportAsker::Cli).await)
}
