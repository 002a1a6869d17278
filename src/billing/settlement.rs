//! What a partner and the platform's owner owe each other for a month: a report, no money moves (decisions.md 26). Roubles come
//! from the ledger, credits from the day's counters, which are kept in the transaction of what they count.
//!
//! A month that is over is closed: its terms and totals are written once and read from then on, whatever the fee, the rate or the
//! zone become. The next month begins where it ended. What comes later (a refund of a charge of January in March) belongs to the
//! month in which it happens.

use std::fmt;
use std::time::Duration;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::domain::transfer::EntryKind;
use crate::domain::{Factor, Money, UnixMs};
use crate::store::{ClosedMonthRow, ClosedTotals, Counter, GenerationCostRow, StoreError, TenantTx};

/// A month is closed so long after its end: what was begun in it has been written by then.
const SETTLES: Duration = Duration::from_mins(5);
/// Months that are closed at once at most.
const MOST: usize = 120;

/// A month of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month(Date);

/// Why a text is no month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a month: expected YYYY-MM, for example 2026-11")]
pub struct BadMonth;

impl Month {
    /// Reads `2026-11`.
    pub fn parse(text: &str) -> Result<Self, BadMonth> {
        let (year, month) = text.split_once('-').ok_or(BadMonth)?;
        let digits = |part: &str, n: usize| part.len() == n && part.bytes().all(|b| b.is_ascii_digit());
        if !digits(year, 4) || !digits(month, 2) {
            return Err(BadMonth);
        }
        let (year, month) = (year.parse().map_err(|_| BadMonth)?, month.parse().map_err(|_| BadMonth)?);
        Date::new(year, month, 1).map(Self).map_err(|_| BadMonth)
    }

    /// The month of a moment in a zone.
    pub fn of(at: UnixMs, zone: &TimeZone) -> Self {
        Self(at.timestamp().to_zoned(zone.clone()).date().first_of_month())
    }

    /// The month before; the first of the calendar has none and is its own.
    pub fn previous(self) -> Self {
        Self(self.0.yesterday().map_or(self.0, Date::first_of_month))
    }

    /// The month after.
    pub fn next(self) -> Self {
        Self(self.0.last_of_month().tomorrow().unwrap_or(self.0))
    }

    /// Its first and last day, `YYYY-MM-DD`.
    pub fn days(self) -> (String, String) {
        (self.0.to_string(), self.0.last_of_month().to_string())
    }

    /// Whether it is over in a zone, and long enough to be closed.
    pub fn is_settled(self, zone: &TimeZone, now: UnixMs) -> bool {
        self.span(zone).1.plus(SETTLES) <= now
    }

    /// When it begins and when the next one begins, in a zone.
    pub fn span(self, zone: &TimeZone) -> (UnixMs, UnixMs) {
        let begins = |date: Date| {
            let zoned = zone.to_zoned(date.to_datetime(jiff::civil::Time::midnight()));
            zoned.map_or(UnixMs(0), |zoned| UnixMs(zoned.timestamp().as_millisecond()))
        };
        let next = self.0.last_of_month().tomorrow().unwrap_or(Date::MAX);
        (begins(self.0), begins(next))
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.0.year(), self.0.month())
    }
}

/// What a statement is made by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// The owner's part of what was posted, in hundredths of a percent.
    pub fee_basis_points: u32,
    /// Roubles for a dollar: what a credit is worth is told by it.
    pub rate: Factor,
}

/// A month of one tenant, in kopecks where it is money.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Which month.
    pub month: Month,
    /// Generations delivered, and those that ended without a result.
    pub delivered: i64,
    /// See there.
    pub failed: i64,
    /// Taken for delivered generations.
    pub revenue: Money,
    /// Topped up by bank transfer, reversals taken off.
    pub topped_up_sbp: Money,
    /// Topped up by Stars, refunds taken off.
    pub topped_up_stars: Money,
    /// Credited by hand.
    pub credited: Money,
    /// Given away: gifts, promo codes and their bonuses.
    pub given: Money,
    /// The provider's credits spent, in hundredths.
    pub provider_credits: i64,
    /// What those are worth.
    pub provider_cost: Money,
    /// Revenue less provider's cost.
    pub margin: Money,
    /// By which the fee is counted, in hundredths of a percent.
    pub fee_basis_points: u32,
    /// Roubles for a dollar, by which the provider's cost is counted.
    pub rate: Factor,
    /// When it begins and when the next one does.
    pub span: (UnixMs, UnixMs),
    /// By whose calendar it ends: an IANA name.
    pub zone: String,
    /// Since when all of this stays as it is; `None`: the month is not closed, and terms are the present ones.
    pub closed_at: Option<UnixMs>,
    /// The owner's part of the revenue.
    pub fee: Money,
    /// Every kind of movement: what for, how often, how much.
    pub moved: Vec<(String, i64, Money)>,
}

/// What the provider's credits are worth: credits × 0.005 dollars × the rate (bot.md 14.2); `credits` in hundredths. `None`
/// when it does not fit.
pub fn provider_cost(credits: i64, rate: Factor) -> Option<Money> {
    // credits/100 × 0.005 USD × rate/10 000 ₽ × 100 kopecks = credits × rate / 2 000 000.
    Money::kopecks(credits).scaled(i128::from(rate.as_ten_thousandths()), 2_000_000)
}

/// A generation's price less what the provider took for it.
pub fn margin_of(row: &GenerationCostRow, rate: Factor) -> Option<Money> {
    row.charged.minus(provider_cost(row.provider_credits.unwrap_or(0), rate)?)
}

/// The statement of a month: as it was closed, else by these terms in this zone.
pub async fn statement(
    tx: &mut TenantTx,
    month: Month,
    zone: &TimeZone,
    terms: &Terms,
) -> Result<Statement, StoreError> {
    if let Some(row) = tx.month_closed(&month.to_string()).await? {
        let closed_at = row.closed_at;
        return Ok(Statement { closed_at: Some(closed_at), ..read(month, row)? });
    }
    read(month, draw(tx, month, zone, terms, UnixMs(0)).await?)
}

/// The oldest month of a tenant that is over and not closed.
pub async fn due(tx: &mut TenantTx, zone: &TimeZone, now: UnixMs) -> Result<Option<Month>, StoreError> {
    let month = match last_closed(tx).await? {
        Some(month) => month.next(),
        None => match tx.tenant_began().await? {
            Some(began) => Month::of(began, zone),
            None => return Ok(None),
        },
    };
    Ok(month.is_settled(zone, now).then_some(month))
}

/// Closes a tenant's months that are over. Gives how many; safe to run everywhere at once.
pub async fn close(tx: &mut TenantTx, zone: &TimeZone, terms: &Terms, now: UnixMs) -> Result<usize, StoreError> {
    let mut closed = 0;
    while closed < MOST {
        let Some(month) = due(tx, zone, now).await? else { break };
        let row = draw(tx, month, zone, terms, now).await?;
        tx.month_close(&row).await?;
        closed += 1;
    }
    Ok(closed)
}

/// The month that is running: a closed one is over, even where the zone has moved so that its last day comes again.
pub async fn present(tx: &mut TenantTx, zone: &TimeZone, now: UnixMs) -> Result<Month, StoreError> {
    let by_the_calendar = Month::of(now, zone);
    Ok(last_closed(tx).await?.map_or(by_the_calendar, |month| month.next().max(by_the_calendar)))
}

async fn last_closed(tx: &mut TenantTx) -> Result<Option<Month>, StoreError> {
    let last = tx.months_closed_last().await?;
    last.map(|text| Month::parse(&text).map_err(|_| StoreError::corrupt("closed_months", "month", &text))).transpose()
}

/// What a month comes to by these terms, as it is written when it is closed. It begins where the one before it was closed, and
/// counts what no closed month has counted: nothing is between two months, and nothing in both.
async fn draw(
    tx: &mut TenantTx,
    month: Month,
    zone: &TimeZone,
    terms: &Terms,
    now: UnixMs,
) -> Result<ClosedMonthRow, StoreError> {
    let (begins, ends) = month.span(zone);
    let before = tx.month_closed(&month.previous().to_string()).await?;
    let counted = match &before {
        Some(_) => tx.months_closed_totals().await?,
        None => ClosedTotals::default(),
    };
    let begins = before.map_or(begins, |before| before.ends);
    let ends = ends.max(begins);
    let (first, last) = month.days();
    let first = counted.first.as_ref().map_or(first, |month| format!("{month}-01"));
    let days = tx.counters_sum(&first, &last).await?;
    let moved = tx.moved_between(begins, ends).await?;
    Ok(ClosedMonthRow {
        month: month.to_string(),
        begins,
        ends,
        zone: zone.iana_name().unwrap_or("UTC").to_owned(),
        fee_basis_points: terms.fee_basis_points.into(),
        rate: terms.rate.as_ten_thousandths(),
        delivered: days.get(Counter::Delivered) - counted.delivered,
        failed: days.get(Counter::Failed) - counted.failed,
        provider_credits: days.get(Counter::ProviderCredits) - counted.provider_credits,
        moved: serde_json::to_string(&moved).map_err(|error| StoreError::Failed(error.to_string()))?,
        closed_at: now,
    })
}

/// Reads a month's figures by its terms.
fn read(month: Month, row: ClosedMonthRow) -> Result<Statement, StoreError> {
    let corrupt = |column| StoreError::corrupt("closed_months", column, &row.month);
    let moved: Vec<(String, i64, i64)> = serde_json::from_str(&row.moved).map_err(|_| corrupt("moved"))?;
    let fee_basis_points = u32::try_from(row.fee_basis_points).map_err(|_| corrupt("fee_basis_points"))?;
    let rate = Factor::ten_thousandths(row.rate);
    let sum = |kinds: &[EntryKind]| -> i64 {
        moved.iter().filter(|(code, ..)| kinds.iter().any(|kind| kind.as_str() == code)).map(|(.., sum)| sum).sum()
    };
    let less = |more: &[EntryKind], back: &[EntryKind]| Money::kopecks(sum(more) - sum(back));
    let revenue = less(&[EntryKind::Capture], &[]);
    let cost = provider_cost(row.provider_credits, rate).ok_or_else(|| too_much("the provider's cost"))?;
    let fee = revenue.scaled(i128::from(fee_basis_points), 10_000).ok_or_else(|| too_much("the fee"))?;
    Ok(Statement {
        month,
        delivered: row.delivered,
        failed: row.failed,
        revenue,
        topped_up_sbp: less(&[EntryKind::TopupSbp], &[EntryKind::SbpReversal]),
        topped_up_stars: less(&[EntryKind::TopupStars, EntryKind::StarsRefundUndone], &[EntryKind::StarsRefund]),
        credited: less(&[EntryKind::AdminCredit], &[]),
        given: less(&[EntryKind::Gift, EntryKind::Promo, EntryKind::PromoBonus], &[EntryKind::PromoBonusBack]),
        provider_credits: row.provider_credits,
        provider_cost: cost,
        margin: revenue.minus(cost).ok_or_else(|| too_much("the margin"))?,
        fee_basis_points,
        rate,
        span: (row.begins, row.ends),
        zone: row.zone,
        closed_at: None,
        fee,
        moved: moved.into_iter().map(|(code, n, sum)| (code, n, Money::kopecks(sum))).collect(),
    })
}

fn too_much(what: &str) -> StoreError {
    StoreError::Refused(format!("{what} is beyond all bounds"))
}

/// The head of the list that [`csv_line`] writes.
pub const CSV_HEAD: &str =
    "generation,confirmed_at,model,payer,state,price_rub,charged_rub,provider_credits,provider_cost_rub,margin_rub";

/// A generation as a line of CSV; amounts in roubles with a dot, the time in UTC.
pub fn csv_line(row: &GenerationCostRow, rate: Factor) -> String {
    let credits = row.provider_credits;
    let cost = credits.and_then(|credits| provider_cost(credits, rate));
    let fields = [
        row.id.to_string(),
        row.created_at.timestamp().to_string(),
        row.model_id.clone(),
        row.payer.as_str().to_owned(),
        row.state.as_str().to_owned(),
        roubles(row.price),
        roubles(row.charged),
        credits.map_or_else(String::new, hundredths),
        cost.map_or_else(String::new, roubles),
        margin_of(row, rate).map_or_else(String::new, roubles),
    ];
    fields.map(|field| csv_field(&field)).join(",")
}

/// `5.11`, `-0.05`.
pub fn roubles(amount: Money) -> String {
    hundredths(amount.as_kopecks())
}

fn hundredths(n: i64) -> String {
    let (sign, n) = (if n < 0 { "-" } else { "" }, n.unsigned_abs());
    format!("{sign}{}.{:02}", n / 100, n % 100)
}

/// A field that no table program takes for a formula: what begins like one and is no number gets an apostrophe in front.
pub fn csv_field(text: &str) -> String {
    let number = text.trim_start_matches('-').bytes().all(|b| b.is_ascii_digit() || b == b'.')
        && text.bytes().any(|b| b.is_ascii_digit());
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) && !number;
    let text = if formula { format!("'{text}") } else { text.to_owned() };
    if text.contains([',', '"', '\n', '\r', ';']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_read_and_begins_at_the_zones_midnight() {
        let month = Month::parse("2026-12").unwrap();
        assert_eq!((month.to_string(), month.days()), ("2026-12".into(), ("2026-12-01".into(), "2026-12-31".into())));
        let zone = TimeZone::get("Europe/Moscow").unwrap();
        let (from, to) = month.span(&zone);
        assert_eq!(
            (from.shown(&TimeZone::UTC), to.shown(&TimeZone::UTC)),
            ("30.11.2026 21:00".into(), "31.12.2026 21:00".into())
        );
        assert_eq!(month.previous().to_string(), "2026-11");
        assert_eq!(Month::parse("2026-01").unwrap().previous(), Month::parse("2025-12").unwrap());
        assert_eq!((Month::of(from, &zone), Month::of(to, &zone).to_string()), (month, "2027-01".into()));
        for bad in ["", "2026", "2026-13", "2026-1", "26-11", "2026-11-01", "2026-+1", "٢٠٢٦-11"] {
            assert_eq!(Month::parse(bad), Err(BadMonth), "{bad}");
        }
    }

    #[test]
    fn no_field_is_a_formula_and_none_breaks_its_line() {
        for (text, field) in [
            ("plain/model-1.5", "plain/model-1.5"),
            ("-12.50", "-12.50"),
            ("12.50", "12.50"),
            ("=1+1", "'=1+1"),
            ("+7900", "'+7900"),
            ("-2+3", "'-2+3"),
            ("-", "'-"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t=1"),
            ("a,b", "\"a,b\""),
            ("say \"=1\"", "\"say \"\"=1\"\"\""),
            ("=a,\"b\"", "\"'=a,\"\"b\"\"\""),
        ] {
            assert_eq!(csv_field(text), field);
        }
    }

    #[test]
    fn credits_are_worth_what_the_rate_says() {
        // 4.00 credits × 0.005 USD × 78.57 ₽ = 1.5714 ₽.
        let rate: Factor = "78.57".parse().unwrap();
        assert_eq!(provider_cost(400, rate), Some(Money::kopecks(157)));
        // 1000 credits × 0.005 USD × 78.57 ₽ = 392.85 ₽.
        assert_eq!(provider_cost(100_000, Factor::ten_thousandths(785_700)), Some(Money::kopecks(39_285)));
        assert_eq!((roubles(Money::kopecks(-5)), roubles(Money::kopecks(123_456))), ("-0.05".into(), "1234.56".into()));
    }
}
