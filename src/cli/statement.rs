//! `botyard statement`: what a bot's month came to, and what is owed for it.

use serde_json::json;

use super::failure::Failure;
use super::out::Out;
use super::tenant;
use crate::app;
use crate::billing::books;
use crate::billing::settlement::{CSV_HEAD, Month, Statement, csv_line, roubles};
use crate::config::Settings;
use crate::domain::settings::{TenantLimits, TenantSettings};
use crate::domain::{BotInstanceId, Clock};
use crate::store::Db;

pub(crate) const HELP: &str = "\
Roubles are those of the ledger: what was taken for delivered generations in the month, in the bot's own time zone. The
provider's cost is its credits at the bot's currency_rate. The fee is limits.fee_basis_points of the revenue (1250 is
12.5 %). A month that is over is closed soon after its end: its figures, fee, rate and time zone stay as they are. A report:
no money is moved.

Examples:
  botyard statement my-bot --month 2026-11
  botyard statement my-bot --month 2026-11 --json
  botyard statement my-bot --month 2026-11 --csv > generations.csv     each generation's price beside its cost

Exit codes:
  0  shown, also when nothing happened in the month
  1  no such bot, or the database is away
  2  a wrong setting or argument";

/// Lines of the list read at once.
const PAGE: i64 = 1_000;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The bot's id
    #[arg(value_name = "ID", value_parser = tenant::id)]
    tenant: BotInstanceId,
    /// The month
    #[arg(long, value_name = "YYYY-MM", value_parser = month)]
    month: Month,
    /// The month's generations, one a line
    #[arg(long, conflicts_with = "json")]
    csv: bool,
    /// JSON for programs
    #[arg(long)]
    json: bool,
}

fn month(text: &str) -> Result<Month, String> {
    Month::parse(text).map_err(|error| error.to_string())
}

pub(crate) async fn run(settings: &Settings, args: &Args, out: &Out) -> Result<(), Failure> {
    let db = app::ground(settings).await?.db;
    let row = tenant::find(&db, &args.tenant).await?.row;
    let own: TenantSettings = serde_json::from_str(&row.settings)?;
    let limits: TenantLimits = serde_json::from_str(&row.limits)?;
    books::keep(&db, &args.tenant, &own, &limits, Clock::system().now()).await?;
    let mut tx = db.tenant_read(&args.tenant).await?;
    let made = books::month(&mut tx, &own, &limits, args.month).await?;
    drop(tx);
    if args.csv {
        list(&db, args, &made, out).await?;
    } else {
        let key = if row.provider_key_sealed.is_some() { "own" } else { "shared" };
        if args.json {
            out.json(&for_programs(args, &made, key))?;
        } else {
            for_people(args, &made, key, out);
        }
    }
    db.close().await;
    Ok(())
}

async fn list(db: &Db, args: &Args, made: &Statement, out: &Out) -> Result<(), Failure> {
    let (from, to) = made.span;
    out.line(CSV_HEAD);
    let mut last = None;
    loop {
        let mut tx = db.tenant_read(&args.tenant).await?;
        let after = last.as_ref().map(|(at, id)| (*at, id));
        let rows = tx.generations_between(from, to, after, PAGE).await?;
        drop(tx);
        for row in &rows {
            out.line(&csv_line(row, made.rate));
        }
        match rows.last() {
            Some(row) => last = Some((row.created_at, row.id.clone())),
            None => return Ok(()),
        }
    }
}

fn for_programs(args: &Args, made: &Statement, key: &str) -> serde_json::Value {
    let moved: serde_json::Map<String, serde_json::Value> = made
        .moved
        .iter()
        .map(|(code, n, sum)| (code.clone(), json!({"count": n, "kopecks": sum.as_kopecks()})))
        .collect();
    json!({
        "tenant": args.tenant.as_str(),
        "month": made.month.to_string(),
        "timezone": made.zone,
        "begins": made.span.0.timestamp().to_string(),
        "ends": made.span.1.timestamp().to_string(),
        "closed_at": made.closed_at.map(|at| at.timestamp().to_string()),
        "currency_rate": made.rate,
        "provider_key": key,
        "delivered": made.delivered,
        "failed": made.failed,
        "revenue_kopecks": made.revenue.as_kopecks(),
        "topped_up_sbp_kopecks": made.topped_up_sbp.as_kopecks(),
        "topped_up_stars_kopecks": made.topped_up_stars.as_kopecks(),
        "credited_kopecks": made.credited.as_kopecks(),
        "given_kopecks": made.given.as_kopecks(),
        "provider_credits_hundredths": made.provider_credits,
        "provider_cost_kopecks": made.provider_cost.as_kopecks(),
        "margin_kopecks": made.margin.as_kopecks(),
        "fee_basis_points": made.fee_basis_points,
        "fee_kopecks": made.fee.as_kopecks(),
        "moved": moved,
    })
}

fn for_people(args: &Args, made: &Statement, key: &str, out: &Out) {
    let closed = made.closed_at.map_or_else(String::new, |at| format!(", closed {}", at.timestamp()));
    out.line(&format!("{}, {} ({}){closed}, provider key: {key}", args.tenant, made.month, made.zone));
    let percent = format!("{}.{:02} %", made.fee_basis_points / 100, made.fee_basis_points % 100);
    let credits = format!("{}.{:02}", made.provider_credits / 100, made.provider_credits % 100);
    for (what, much) in [
        ("generations delivered", made.delivered.to_string()),
        ("generations failed", made.failed.to_string()),
        ("revenue, RUB", roubles(made.revenue)),
        ("provider credits", credits),
        ("RUB for a dollar", made.rate.to_string()),
        ("provider cost, RUB", roubles(made.provider_cost)),
        ("margin, RUB", roubles(made.margin)),
        ("fee", percent),
        ("fee, RUB", roubles(made.fee)),
        ("topped up by SBP, RUB", roubles(made.topped_up_sbp)),
        ("topped up by Stars, RUB", roubles(made.topped_up_stars)),
        ("credited by hand, RUB", roubles(made.credited)),
        ("given away, RUB", roubles(made.given)),
    ] {
        out.line(&format!("  {what:<26}{much:>16}"));
    }
}
