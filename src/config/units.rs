//! How times, sizes and rates are written in settings.

use std::time::Duration;

/// At most `count` per `per`, of which `burst` may come at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// How many.
    pub count: u32,
    /// In which time.
    pub per: Duration,
    /// How many may come at once; equals `count` where the setting does not say.
    pub burst: u32,
}

impl Rate {
    /// The time in which one more becomes possible.
    pub fn each(self) -> Duration {
        self.per / self.count.max(1)
    }
}

/// A year: longer times are slips.
const LONGEST_MS: u64 = 366 * 24 * 3_600_000;

/// Reads `900 ms`, `30s`, `5 min`, `24 h`, `14 d`; a bare number is milliseconds.
pub(super) fn time(text: &str) -> Result<Duration, String> {
    let (number, unit) = split(text).ok_or_else(|| not(text, "a time"))?;
    let unit_ms: u64 = match unit {
        "" | "ms" => 1,
        "s" => 1_000,
        "min" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return Err(format!("\"{text}\" is not a time: its unit is none of ms, s, min, h, d")),
    };
    let ms = number.checked_mul(unit_ms).filter(|ms| *ms <= LONGEST_MS);
    ms.map(Duration::from_millis).ok_or_else(|| format!("\"{text}\" is longer than 366 d"))
}

/// Reads `64 KiB`, `1 MiB`, `2 GiB`, `512 B`; a bare number is bytes.
pub(super) fn size(text: &str) -> Result<u64, String> {
    let (number, unit) = split(text).ok_or_else(|| not(text, "a size"))?;
    let unit_bytes: u64 = match unit {
        "" | "B" => 1,
        "KiB" => 1 << 10,
        "MiB" => 1 << 20,
        "GiB" => 1 << 30,
        _ => return Err(format!("\"{text}\" is not a size: its unit is none of B, KiB, MiB, GiB")),
    };
    let bytes = number.checked_mul(unit_bytes).filter(|bytes| (1..=1 << 40).contains(bytes));
    bytes.ok_or_else(|| format!("\"{text}\" is not between 1 B and 1024 GiB"))
}

/// Reads `18 per 10 s` and `3 per 2 s, burst 5`.
pub(super) fn rate(text: &str) -> Result<Rate, String> {
    let wrong = || not(text, "a rate");
    let (pace, burst) = match text.split_once(',') {
        None => (text, None),
        Some((pace, burst)) => (pace, Some(burst.trim().strip_prefix("burst").ok_or_else(wrong)?)),
    };
    let (count, per) = pace.split_once(" per ").ok_or_else(wrong)?;
    let number = |text: &str| text.trim().parse::<u32>().ok().filter(|n| *n > 0).ok_or_else(wrong);
    let count = number(count)?;
    let per = time(per.trim()).map_err(|_| wrong())?;
    let burst = burst.map_or(Ok(count), number)?;
    if per.is_zero() { Err(wrong()) } else { Ok(Rate { count, per, burst }) }
}

fn split(text: &str) -> Option<(u64, &str)> {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    text[..end].parse().ok().map(|number| (number, text[end..].trim()))
}

fn not(text: &str, what: &str) -> String {
    format!("\"{text}\" is not {what}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_in_any_unit() {
        let read = |text| time(text).map(|d| d.as_millis());
        assert_eq!(read("900 ms"), Ok(900));
        assert_eq!(read("250"), Ok(250));
        assert_eq!(read("30s"), Ok(30_000));
        assert_eq!(read(" 5 min "), Ok(300_000));
        assert_eq!(read("14 d"), Ok(1_209_600_000));
        for bad in ["", "s", "-1 s", "1.5 s", "5 m", "367 d", "99999999999999999999 s", "18446744073709551615 d"] {
            assert!(time(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn sizes_are_read_in_any_unit() {
        assert_eq!(size("64 KiB"), Ok(65_536));
        assert_eq!(size("1MiB"), Ok(1_048_576));
        for bad in ["", "0", "1 MB", "MiB", "9999999 GiB"] {
            assert!(size(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn rates_are_read_with_and_without_a_burst() {
        let slow = Rate { count: 3, per: Duration::from_secs(2), burst: 5 };
        assert_eq!(rate("3 per 2 s, burst 5"), Ok(slow));
        assert_eq!(rate("18 per 10 s"), Ok(Rate { count: 18, per: Duration::from_secs(10), burst: 18 }));
        assert_eq!(slow.each(), Duration::from_nanos(666_666_666));
        for bad in
            ["", "18", "0 per 1 s", "1 per 0 s", "1 per", "1 per 1 s burst 5", "1 per 1 s, 5", "1 per 1 s, burst 0"]
        {
            assert!(rate(bad).is_err(), "{bad}");
        }
    }
}
