//! Today's figures against yesterday's, each with the days before it as small bars.

use std::collections::HashMap;
use std::time::Duration;

use crate::args;
use crate::billing::settlement::provider_cost;
use crate::domain::{Factor, Money, UnixMs};
use crate::store::{Counter, DayFigures};
use crate::tenants::Tenant;
use crate::texts::Words;

/// How many days the bars show, today included.
pub(super) const DAYS: u64 = 14;
const DAY: Duration = Duration::from_hours(24);
/// The drawing's height in its own units.
const HEIGHT: i64 = 28;

/// One bar of the small chart.
pub(super) struct Bar {
    pub(super) x: usize,
    pub(super) y: i64,
    pub(super) height: i64,
    pub(super) today: bool,
}

/// A change since yesterday.
pub(super) struct Change {
    /// «▲ 3».
    pub(super) short: String,
    /// «3 more than yesterday», for who does not see the arrow.
    pub(super) said: String,
    /// Whether it is good news: `good`, `bad` or `same`.
    pub(super) class: &'static str,
}

/// What stands under the number.
pub(super) enum Drawing {
    Nothing,
    /// The last days.
    Bars(Vec<Bar>),
    /// A share of a hundred.
    Meter(i64),
}

/// A figure.
pub(super) struct Tile {
    pub(super) name: String,
    pub(super) value: String,
    pub(super) change: Option<Change>,
    /// Yesterday's value, or why there is none.
    pub(super) note: String,
    pub(super) drawing: Drawing,
}

/// The days of the bars by the tenant's calendar, the oldest first, today last.
pub(super) fn days(tenant: &Tenant, now: UnixMs) -> Vec<String> {
    // From the middle of the day backwards, so that a day of 23 or 25 hours is neither met twice nor missed.
    let noon = now.timestamp().to_zoned(tenant.zone().clone()).with().hour(12).minute(0).build();
    let noon = noon.map_or(now, |noon| UnixMs(noon.timestamp().as_millisecond()));
    (0..DAYS).rev().map(|back| tenant.today(noon.minus(DAY.saturating_mul(u32::try_from(back).unwrap_or(0))))).collect()
}

/// Reads counters of the days into tiles.
pub(super) struct Figures<'a> {
    pub(super) words: Words<'a>,
    pub(super) days: &'a [String],
    pub(super) counted: &'a HashMap<String, DayFigures>,
}

impl Figures<'_> {
    fn of(&self, back: usize, counter: Counter) -> i64 {
        let day = self.days.len().checked_sub(1 + back).and_then(|at| self.days.get(at));
        day.and_then(|day| self.counted.get(day)).map_or(0, |figures| figures.get(counter))
    }

    /// Whether anything of these was counted today or yesterday.
    pub(super) fn any(&self, counters: &[Counter]) -> bool {
        (0..2).any(|back| counters.iter().any(|counter| self.of(back, *counter) != 0))
    }

    /// A plain count. `more_is_good` decides the colour of its change.
    pub(super) fn count(&self, name: &str, counter: Counter, more_is_good: bool) -> Tile {
        let (today, before) = (self.of(0, counter), self.of(1, counter));
        let change = self.change(today - before, &count(today.abs_diff(before)), more_is_good);
        let change = (today != 0 || before != 0).then_some(change);
        self.tile(name, count(today.unsigned_abs()), change, &count(before.unsigned_abs()), self.bars(counter))
    }

    /// Money in kopecks.
    pub(super) fn money(&self, name: &str, counter: Counter) -> Tile {
        self.roubles(name, |back| self.of(back, counter), true)
    }

    /// What the provider took, in roubles at `rate`; less of it is good.
    pub(super) fn cost(&self, name: &str, rate: Factor) -> Tile {
        self.roubles(name, |back| self.spent(back, rate), false)
    }

    /// What stays of the revenue when the provider is paid.
    pub(super) fn margin(&self, name: &str, rate: Factor) -> Tile {
        let stays = |back| self.of(back, Counter::Revenue).saturating_sub(self.spent(back, rate));
        self.roubles(name, stays, true)
    }

    /// The provider's credits of a day in kopecks; `back` days ago.
    fn spent(&self, back: usize, rate: Factor) -> i64 {
        provider_cost(self.of(back, Counter::ProviderCredits), rate).map_or(0, Money::as_kopecks)
    }

    /// Hundredths of credits spent in a day of the last seven, on average.
    pub(super) fn spent_daily(&self) -> i64 {
        (1..=7).map(|back| self.of(back, Counter::ProviderCredits)).fold(0, i64::saturating_add) / 7
    }

    fn roubles(&self, name: &str, of: impl Fn(usize) -> i64, more_is_good: bool) -> Tile {
        let (today, before) = (of(0), of(1));
        let shown = |kopecks| Money::kopecks(kopecks).to_string();
        let amount = shown(i64::try_from(today.abs_diff(before)).unwrap_or(i64::MAX));
        let change = (today != 0 || before != 0).then(|| self.change(today - before, &amount, more_is_good));
        let values: Vec<i64> = (0..self.days.len()).rev().map(|back| of(back).max(0)).collect();
        self.tile(name, shown(today), change, &shown(before), drawn(values))
    }

    /// Delivered of all that ended, in percent.
    pub(super) fn success(&self, name: &str) -> Tile {
        let rate = |back| percent(self.of(back, Counter::Delivered), self.of(back, Counter::Failed));
        let shown = |rate: Option<i64>| match rate {
            Some(p) => self.words.plain("panel-percent", args![p = p]),
            None => self.words.get("panel-dash"),
        };
        let (today, before) = (rate(0), rate(1));
        let change = today.zip(before).map(|(today, before)| {
            let points = self.words.plain("panel-points", args![n = (today - before).abs()]);
            self.change(today - before, &points, true)
        });
        let drawing = today.map_or(Drawing::Nothing, Drawing::Meter);
        let tile = self.tile(name, shown(today), change, &shown(before), drawing);
        if today.is_none() { Tile { note: self.words.get("panel-success-none"), ..tile } } else { tile }
    }

    fn tile(&self, name: &str, value: String, change: Option<Change>, before: &str, drawing: Drawing) -> Tile {
        let note = self.words.plain("panel-was-yesterday", args![value = before]);
        Tile { name: self.words.get(name), value, change, note, drawing }
    }

    fn change(&self, difference: i64, amount: &str, more_is_good: bool) -> Change {
        let words = self.words;
        match difference {
            0 => Change { short: "=".to_owned(), said: words.get("panel-change-same"), class: "same" },
            n if n > 0 => Change {
                short: format!("▲ {amount}"),
                said: words.plain("panel-change-more", args![value = amount]),
                class: if more_is_good { "good" } else { "bad" },
            },
            _ => Change {
                short: format!("▼ {amount}"),
                said: words.plain("panel-change-less", args![value = amount]),
                class: if more_is_good { "bad" } else { "good" },
            },
        }
    }

    fn bars(&self, counter: Counter) -> Drawing {
        drawn((0..self.days.len()).rev().map(|back| self.of(back, counter).max(0)).collect())
    }
}

/// Values as bars, today's last.
fn drawn(values: Vec<i64>) -> Drawing {
    let highest = values.iter().copied().max().unwrap_or(0);
    if highest == 0 {
        return Drawing::Nothing;
    }
    let last = values.len() - 1;
    let bar = |(at, value): (usize, i64)| {
        // A day with little is still a day with something.
        let height = if value == 0 { 1 } else { (value.saturating_mul(HEIGHT) / highest).max(3) };
        Bar { x: at * 10, y: HEIGHT - height, height, today: at == last }
    };
    Drawing::Bars(values.into_iter().enumerate().map(bar).collect())
}

/// Whole percents, rounded half up; `None` where nothing has ended. 100 % means that nothing failed.
fn percent(delivered: i64, failed: i64) -> Option<i64> {
    let all = delivered + failed;
    if all <= 0 {
        return None;
    }
    let rounded = (200 * delivered + all) / (2 * all);
    Some(if failed > 0 { rounded.min(99) } else { rounded })
}

/// «1234», «12 345»: spaces from five digits on, as with money.
pub(in crate::web::pages) fn count(n: u64) -> String {
    let digits = n.to_string();
    if digits.len() < 5 {
        return digits;
    }
    let mut shown = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            shown.push('\u{a0}');
        }
        shown.push(digit);
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_whole_only_when_nothing_failed() {
        assert_eq!(percent(0, 0), None);
        assert_eq!(percent(0, 3), Some(0));
        assert_eq!(percent(2, 1), Some(67));
        assert_eq!(percent(999, 1), Some(99));
        assert_eq!(percent(5, 0), Some(100));
    }

    #[test]
    fn counts_are_spaced_as_money_is() {
        assert_eq!(count(0), "0");
        assert_eq!(count(9999), "9999");
        assert_eq!(count(12345), "12\u{a0}345");
        assert_eq!(count(1_234_567), "1\u{a0}234\u{a0}567");
    }
}
