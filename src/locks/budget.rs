//! How much may be done how often: a token bucket kept as one number, the moment at which it would be full again.

use std::time::Duration;

/// A rate and how much may be done at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// Microseconds until one more may be taken.
    step: u64,
    burst: u32,
}

/// What became of taking from a budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Take {
    /// Go ahead.
    Taken,
    /// Nothing was taken; it can be after this long, if nobody else comes first.
    Wait(Duration),
}

impl Budget {
    /// `count` in `every`, at most `burst` at once: 1.5 a second with a burst of 5 is `new(3, 2 s, 5)`. Zeros count as one.
    pub const fn new(count: u32, every: Duration, burst: u32) -> Self {
        let count = if count == 0 { 1 } else { count as u64 };
        let step = every.as_micros() as u64 / count;
        Self { step: if step == 0 { 1 } else { step }, burst: if burst == 0 { 1 } else { burst } }
    }

    /// Microseconds that `n` cost; more than the burst counts as the burst.
    pub(super) fn cost(self, n: u32) -> u64 {
        self.step.saturating_mul(u64::from(n.min(self.burst)))
    }

    /// Microseconds from empty to full.
    pub(super) fn span(self) -> u64 {
        self.step.saturating_mul(u64::from(self.burst))
    }

    /// Taking `n` at `now` from a bucket that is full at `full_at` (microseconds both): the new `full_at`, or how long to wait.
    pub(super) fn take(self, full_at: u64, now: u64, n: u32) -> Result<u64, Duration> {
        let after = full_at.max(now).saturating_add(self.cost(n));
        let allowed = now.saturating_add(self.span());
        if after <= allowed { Ok(after) } else { Err(Duration::from_micros(after - allowed)) }
    }

    /// The `full_at` of a bucket from which one can be taken again after `rest`.
    pub(super) fn paused(self, full_at: u64, now: u64, rest: Duration) -> u64 {
        let rest = u64::try_from(rest.as_micros()).unwrap_or(u64::MAX);
        full_at.max(now.saturating_add(rest).saturating_add(self.span() - self.step))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_rate_below_one_a_second_keeps_its_fraction() {
        let budget = Budget::new(3, Duration::from_secs(2), 5);
        assert_eq!(budget.take(0, 0, 5), Ok(3_333_330));
        assert_eq!(budget.take(3_333_330, 0, 1), Err(Duration::from_micros(666_666)));
    }

    #[test]
    fn more_than_the_burst_counts_as_the_whole_burst() {
        let budget = Budget::new(1, Duration::from_secs(1), 3);
        assert_eq!(budget.take(0, 10, 100), Ok(3_000_010));
    }

    proptest! {
        #[test]
        fn never_more_than_burst_and_rate_allow(
            count in 1u32..50, burst in 1u32..20, asks in proptest::collection::vec((0u64..400_000, 1u32..4), 1..200),
        ) {
            let budget = Budget::new(count, Duration::from_secs(1), burst);
            let (mut now, mut full_at, mut taken) = (1_000_000u64, 0, 0u64);
            for (passes, n) in asks {
                now += passes;
                match budget.take(full_at, now, n) {
                    Ok(after) => {
                        full_at = after;
                        taken += u64::from(n.min(burst));
                    }
                    Err(wait) => prop_assert!(budget.take(full_at, now + wait.as_micros() as u64, n).is_ok()),
                }
                let allowed = u64::from(burst) + (now - 1_000_000) / budget.step;
                prop_assert!(taken <= allowed, "{taken} taken, {allowed} allowed");
            }
        }
    }
}
