//! What all bots earn and cost over the last thirty days, and each of them (platform.md 6).

use std::time::Duration;

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use crate::accounts::audit::{self, Act as Deed};
use crate::billing::settlement::provider_cost;
use crate::diagnostics::preflight_all::Installation;
use crate::diagnostics::runs::keep_all_in;
use crate::diagnostics::{Report, Section, Status, Verdict, preflight_all, shown};
use crate::domain::settings::TenantSettings;
use crate::domain::{AuditAction, Money, ReportAsker, ReportKind, TenantState};
use crate::store::{Counter, DayFigures, StoreError};
use crate::web::extract::{Desk, OurForm};
use crate::web::failure::Failure;
use crate::web::pages::shell::Shell;
use crate::web::pages::{html, nav};

/// The window, in days.
const DAYS: u64 = 30;

/// Sums of one bot, or of all.
#[derive(Default, Clone, Copy)]
struct Sums {
    revenue: i64,
    stars: i64,
    sbp: i64,
    manual: i64,
    cost: i64,
}

impl Sums {
    fn of(figures: &DayFigures, settings: &TenantSettings) -> Self {
        let cost = provider_cost(figures.get(Counter::ProviderCredits), settings.currency_rate);
        Self {
            revenue: figures.get(Counter::Revenue),
            stars: figures.get(Counter::TopUpStars),
            sbp: figures.get(Counter::TopUpSbp),
            manual: figures.get(Counter::ManualCredits),
            cost: cost.map_or(0, Money::as_kopecks),
        }
    }

    fn plus(self, other: Self) -> Self {
        Self {
            revenue: self.revenue.saturating_add(other.revenue),
            stars: self.stars.saturating_add(other.stars),
            sbp: self.sbp.saturating_add(other.sbp),
            manual: self.manual.saturating_add(other.manual),
            cost: self.cost.saturating_add(other.cost),
        }
    }

    fn shown(self) -> Shown {
        let money = |kopecks| Money::kopecks(kopecks).to_string();
        let stays = self.revenue.saturating_sub(self.cost);
        Shown {
            revenue: money(self.revenue),
            topups: money(self.stars.saturating_add(self.sbp)),
            manual: money(self.manual),
            cost: money(self.cost),
            stays: money(stays),
            loss: stays < 0,
        }
    }
}

/// The same in words.
struct Shown {
    revenue: String,
    topups: String,
    manual: String,
    cost: String,
    stays: String,
    loss: bool,
}

/// A bot's line.
struct Line {
    id: String,
    name: String,
    sums: Shown,
}

/// The page.
#[derive(Template)]
#[template(path = "pages/owner/money.html")]
struct Totals<'a> {
    shell: Shell<'a>,
    lines: Vec<Line>,
    total: Shown,
    preflight: Option<Preflight>,
}

/// A section of the preflight over all bots.
struct Checked {
    name: String,
    note: String,
    status: &'static str,
    class: &'static str,
}

/// The preflight over all bots, run now.
struct Preflight {
    status: String,
    class: &'static str,
    sections: Vec<Checked>,
    fixes: Vec<String>,
}

/// The list, the highest revenue first.
pub(in crate::web) async fn show(desk: Desk) -> Result<Response, Failure> {
    page(&desk, None).await
}

/// Runs the preflight over all bots and shows what it found. The run is kept.
pub(in crate::web) async fn preflight(desk: Desk, _form: OurForm) -> Result<Response, Failure> {
    let platform = desk.platform();
    let of = platform.installation(&desk.state.instance);
    let report = Box::pin(preflight_all(&of)).await;
    // What the storage refused a moment ago would only wait for it once more; what was found is shown all the same.
    if report.trouble().is_none()
        && let Err(error) = keep(&desk, &of, &report).await
    {
        tracing::warn!(%error, "the preflight over all bots was not kept");
    }
    let words = desk.words();
    let class = |verdict| match verdict {
        Verdict::Ready => "ok",
        Verdict::Degraded => "warn",
        Verdict::Fail => "fail",
    };
    let checked = |section: &Section| Checked {
        name: shown::name(section, words),
        note: shown::note(section, words),
        status: section.status.as_str(),
        class: match section.status {
            Status::Ok => "ok",
            Status::Degraded | Status::Unknown => "warn",
            Status::Fail => "fail",
        },
    };
    let found = Preflight {
        status: report.verdict().as_str().to_owned(),
        class: class(report.verdict()),
        sections: report.sections.iter().map(checked).collect(),
        fixes: report.fixes().into_iter().map(|fix| words.get(fix)).collect(),
    };
    page(&desk, Some(found)).await
}

/// Keeps the run, and who had it made.
async fn keep(desk: &Desk, of: &Installation<'_>, report: &Report) -> Result<(), StoreError> {
    let mut tx = desk.over().await?;
    keep_all_in(&mut tx, of, ReportKind::Preflight, report, ReportAsker::Panel).await?;
    let act = Deed::new(AuditAction::PreflightRun, "preflight").changed(None, Some(report.verdict().as_str()));
    audit::record_over(&mut tx, None, desk.actor(), act, desk.now).await?;
    tx.commit().await
}

async fn page(desk: &Desk, preflight: Option<Preflight>) -> Result<Response, Failure> {
    let since = desk.now.minus(Duration::from_hours(24 * (DAYS - 1))).day(&jiff::tz::TimeZone::UTC);
    let mut tx = desk.platform().db.platform_read().await?;
    let (tenants, figures) = (tx.tenants_all().await?, tx.counters_since(&since).await?);
    drop(tx);
    let mut all = Vec::new();
    for row in tenants.into_iter().filter(|row| row.state != TenantState::Deleted) {
        let settings: TenantSettings = serde_json::from_str(&row.settings).unwrap_or_default();
        let sums = figures.get(row.tenant.as_str()).map_or_else(Sums::default, |days| Sums::of(days, &settings));
        let name = if settings.brand.is_empty() { row.tenant.to_string() } else { settings.brand };
        all.push((row.tenant.to_string(), name, sums));
    }
    all.sort_by_key(|(_, _, sums)| std::cmp::Reverse(sums.revenue));
    let total = all.iter().map(|(_, _, sums)| *sums).fold(Sums::default(), Sums::plus);
    let page = Totals {
        shell: Shell::over(desk, nav::MONEY, desk.words().get("panel-money")),
        lines: all.into_iter().map(|(id, name, sums)| Line { id, name, sums: sums.shown() }).collect(),
        total: total.shown(),
        preflight,
    };
    Ok(html(StatusCode::OK, &page))
}
