//! Figures of days, from the counters that are kept with what they count.

use crate::domain::Money;
use crate::store::{Counter, DayFigures};
use crate::web::api::door::{Ask, Reply};
use crate::web::api::problem::Problem;
use crate::web::api::shape::{Kopecks, dto};

/// The most days at once.
const DAYS: i64 = 366;

dto! {
    /// One day by the bot's calendar.
    out DayOut {
        /// YYYY-MM-DD.
        day: String,
        /// People who came for the first time.
        new_users: i64,
        /// People who wrote.
        active_users: i64,
        /// Generations ordered.
        generations: i64,
        /// Results delivered.
        delivered: i64,
        /// Generations that failed.
        failed: i64,
        /// Generations that were canceled.
        canceled: i64,
        /// Free units used.
        free_used: i64,
        /// Taken for results, in kopecks.
        revenue_kopecks: Kopecks,
        /// Topped up by bank transfer, in kopecks.
        topup_sbp_kopecks: Kopecks,
        /// Topped up by Stars, in kopecks.
        topup_stars_kopecks: Kopecks,
        /// Credited by hand, in kopecks.
        credited_kopecks: Kopecks,
        /// What the provider charged, in hundredths of its credits.
        provider_credits_hundredths: i64,
    }
}

dto! {
    /// Days in a row.
    out FiguresOut {
        /// The zone that the days are of.
        time_zone: String,
        /// The oldest first; a day without anything is there, too.
        days: Vec<DayOut>,
    }
}

/// From one day to another, both included; without a word the last seven days.
pub(in crate::web::api) async fn get(ask: &Ask) -> Result<Reply, Problem> {
    let tenant = ask.tenant()?;
    let read = |text: &str| text.parse::<jiff::civil::Date>().ok().filter(|_| text.len() == 10);
    let today = ask.now.timestamp().to_zoned(tenant.zone().clone()).date();
    let to = ask.wanted("to", "a day, YYYY-MM-DD", read)?.unwrap_or(today);
    let week = || to.saturating_sub(jiff::Span::new().days(6));
    let from = ask.wanted("from", "a day, YYYY-MM-DD", read)?.unwrap_or_else(week);
    let mut days: Vec<String> = Vec::new();
    let mut day = from;
    while day <= to {
        if days.len() as i64 >= DAYS {
            return Err(Problem::wrong_parameter("from, to: at most 366 days"));
        }
        days.push(day.to_string());
        match day.tomorrow() {
            Ok(next) => day = next,
            Err(_) => break,
        }
    }
    let (Some(first), Some(last)) = (days.first(), days.last()) else {
        return Err(Problem::wrong_parameter("from, to: from is not after to"));
    };
    let mut tx = ask.state.platform.db.tenant_read(&tenant.id).await?;
    let counted = tx.counters_between(first, last).await?;
    let none = DayFigures::default();
    let shown = days.iter().map(|day| shown(day, counted.get(day).unwrap_or(&none))).collect();
    Reply::ok(&FiguresOut { time_zone: tenant.zone_name().to_owned(), days: shown })
}

fn shown(day: &str, of: &DayFigures) -> DayOut {
    let money = |counter| Kopecks(Money::kopecks(of.get(counter)));
    DayOut {
        day: day.to_owned(),
        new_users: of.get(Counter::NewUsers),
        active_users: of.get(Counter::ActiveUsers),
        generations: of.get(Counter::Generations),
        delivered: of.get(Counter::Delivered),
        failed: of.get(Counter::Failed),
        canceled: of.get(Counter::Canceled),
        free_used: of.get(Counter::FreeUsed),
        revenue_kopecks: money(Counter::Revenue),
        topup_sbp_kopecks: money(Counter::TopUpSbp),
        topup_stars_kopecks: money(Counter::TopUpStars),
        credited_kopecks: money(Counter::ManualCredits),
        provider_credits_hundredths: of.get(Counter::ProviderCredits),
    }
}
