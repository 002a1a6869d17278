//! How Telegram's list of a bot's Stars is read (bot.md 11.4): it is given oldest first and only grows, so what is new stands at
//! its end. A comparison reads the end with a few pages before it; once a day, and as many runs as that takes, the whole list. Pure:
//! what is read and what is written is the job's.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::domain::UnixMs;
use crate::store::StarsCourseRow;

/// Lines of a page: the most that Telegram gives.
pub(super) const PAGE: i64 = 100;
/// Lines that are read again before those that are new.
const OVERLAP: i64 = 3 * PAGE;

/// Where the reading of a list stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Course {
    /// Lines from the beginning that are old enough to be said of for good, and have been.
    settled: i64,
    /// Charges among these.
    charges: i64,
    /// The reading of the whole list that is going on: up to which line, and since when.
    whole: Option<(i64, UnixMs)>,
    /// When the last whole reading that came to its end began.
    whole_at: UnixMs,
    /// What the comparison that is going on has credited so far.
    pub(super) credited: i64,
    /// Charges of people who are not known here.
    pub(super) strangers: BTreeSet<String>,
}

/// What of a line counts here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark {
    /// When it was written.
    pub(super) at: UnixMs,
    /// Whether it is a person's payment.
    pub(super) charge: bool,
}

impl Course {
    /// Sets out: a reading of the whole list begins when the last one is `every` old, or where the end is all there is.
    pub(super) fn set_out(kept: Option<StarsCourseRow>, now: UnixMs, every: Duration) -> Self {
        let mut course = kept.map_or_else(Self::default, Self::from);
        if course.whole.is_none() && (course.end_from() == 0 || course.whole_at <= now.minus(every)) {
            course.whole = Some((0, now));
        }
        course
    }

    /// The list is another one than before: nothing is known of it.
    pub(super) fn anew(now: UnixMs) -> Self {
        Self { whole: Some((0, now)), ..Self::default() }
    }

    /// From which line the end is read.
    pub(super) fn end_from(&self) -> i64 {
        (self.settled - OVERLAP).max(0)
    }

    /// Whether a list that ends at this line is another one than was read before.
    pub(super) fn is_cut_at(&self, end: i64) -> bool {
        end < self.settled
    }

    /// Lines from `at` on were read and dealt with; what is older than `young` needs no second look. Gives the charges among the
    /// others.
    pub(super) fn settle(&mut self, at: i64, lines: &[Mark], young: UnixMs) -> i64 {
        let mut others = 0;
        for (place, line) in (at..).zip(lines) {
            if place < self.settled {
                continue;
            }
            if place == self.settled && line.at <= young {
                self.settled += 1;
                self.charges += i64::from(line.charge);
            } else {
                others += i64::from(line.charge);
            }
        }
        others
    }

    /// Lines from `from` until before `to` were read, one after another; `end`: the list has no more. A whole reading that has come
    /// so far goes on behind them, and is over at the end.
    pub(super) fn read(&mut self, from: i64, to: i64, end: bool) {
        if let Some((reached, since)) = self.whole.filter(|(reached, _)| *reached >= from) {
            self.whole = Some((reached.max(to), since));
            if end {
                (self.whole, self.whole_at) = (None, since);
            }
        }
    }

    /// From which line the whole list is to be read on, before the end that was read from `from` on; `None`: not now.
    pub(super) fn rest(&self, from: i64) -> Option<i64> {
        self.whole.map(|(reached, _)| reached).filter(|reached| *reached < from)
    }

    /// Lines of the whole list until before `to` were read; behind `from` the list was read to its end in this run.
    pub(super) fn went_on(&mut self, to: i64, from: i64) {
        if let Some((reached, since)) = self.whole {
            self.whole = Some((to.max(reached), since));
            self.read(from, from, true);
        }
    }

    /// Whether a reading of the whole list is going on.
    pub(super) fn is_going_on(&self) -> bool {
        self.whole.is_some()
    }

    /// Up to when a charge must have been seen, had it been in the list: the last whole reading that came to its end began then.
    pub(super) fn covers(&self) -> UnixMs {
        self.whole_at
    }

    /// Charges in the list, but for those that are too young to be said of.
    pub(super) fn charges(&self) -> i64 {
        self.charges
    }

    /// As it is kept.
    pub(super) fn row(&self) -> StarsCourseRow {
        let strangers: Vec<&str> = self.strangers.iter().map(String::as_str).collect();
        StarsCourseRow {
            settled: self.settled,
            charges: self.charges,
            whole_to: self.whole.map(|(reached, _)| reached),
            whole_since: self.whole.map_or(UnixMs(0), |(_, since)| since),
            whole_at: self.whole_at,
            credited: self.credited,
            strangers: strangers.join("\n"),
        }
    }
}

impl From<StarsCourseRow> for Course {
    fn from(row: StarsCourseRow) -> Self {
        Self {
            settled: row.settled,
            charges: row.charges,
            whole: row.whole_to.map(|reached| (reached, row.whole_since)),
            whole_at: row.whole_at,
            credited: row.credited,
            strangers: row.strangers.lines().map(str::to_owned).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Duration = Duration::from_hours(24);
    const NOW: UnixMs = UnixMs(1_000_000_000_000);

    fn marks(n: i64, at: UnixMs) -> Vec<Mark> {
        (0..n).map(|_| Mark { at, charge: true }).collect()
    }

    /// Reads the end as the job does: at most so many pages of a list of `len` old lines.
    fn read_end(course: &mut Course, len: i64, pages: i64) -> (i64, bool) {
        let from = course.end_from();
        let (mut at, mut end) = (from, false);
        for _ in 0..pages {
            let n = (len - at).clamp(0, PAGE);
            assert_eq!(course.settle(at, &marks(n, UnixMs(1)), NOW), 0);
            at += n;
            end = n < PAGE;
            if end {
                break;
            }
        }
        course.read(from, at, end);
        (from, end)
    }

    #[test]
    fn a_short_list_is_read_whole_each_time() {
        let mut course = Course::set_out(None, NOW, DAY);
        assert_eq!(read_end(&mut course, 250, 50), (0, true));
        assert_eq!((course.covers(), course.is_going_on(), course.charges()), (NOW, false, 250));
        let next = NOW.plus(DAY / 100);
        let mut course = Course::set_out(Some(course.row()), next, DAY);
        assert_eq!(read_end(&mut course, 251, 50), (0, true));
        assert_eq!((course.covers(), course.is_going_on(), course.charges()), (next, false, 251));
    }

    #[test]
    fn a_long_list_is_read_in_runs_and_then_from_its_end() {
        let mut course = Course::set_out(None, NOW, DAY);
        assert_eq!(read_end(&mut course, 20_150, 50), (0, false));
        assert_eq!((course.settled, course.rest(0)), (5_000, None));
        let mut runs = 1;
        while course.is_going_on() {
            course = Course::set_out(Some(course.row()), NOW.plus(DAY / 1_000), DAY);
            let (from, _) = read_end(&mut course, 20_150, 50);
            assert_eq!(course.rest(from), None, "one reading serves both");
            runs += 1;
        }
        assert_eq!((runs, course.covers(), course.charges()), (5, NOW, 20_150));
        assert_eq!(course.end_from(), 19_850, "three pages again, then what is new");
    }

    #[test]
    fn the_whole_list_is_read_again_beside_its_end_and_covers_what_was_there_when_it_began() {
        let mut course = Course { settled: 20_150, charges: 20_150, whole_at: NOW, ..Course::default() };
        let later = NOW.plus(DAY);
        course = Course::set_out(Some(course.row()), later, DAY);
        let (from, end) = read_end(&mut course, 20_160, 50);
        assert!(end && from == 19_850);
        assert_eq!(course.rest(from), Some(0));
        course.went_on(10_000, from);
        assert_eq!((course.covers(), course.rest(from)), (NOW, Some(10_000)));
        // The next run goes on where this one stopped, and does not begin a second reading.
        course = Course::set_out(Some(course.row()), later.plus(DAY), DAY);
        let (from, _) = read_end(&mut course, 20_160, 50);
        assert_eq!(course.rest(from), Some(10_000));
        course.went_on(from + 50, from);
        assert_eq!((course.covers(), course.is_going_on()), (later, false));
    }

    #[test]
    fn what_is_young_is_looked_at_again_however_much_comes_behind_it() {
        let mut course = Course::set_out(None, NOW, DAY);
        let mut lines = marks(500, UnixMs(1));
        lines.extend(marks(1, NOW.plus(DAY)));
        lines.extend(marks(400, UnixMs(1)));
        assert_eq!(course.settle(0, &lines, NOW), 401);
        assert_eq!((course.settled, course.end_from(), course.charges()), (500, 200, 500));
    }

    #[test]
    fn a_list_that_has_become_shorter_is_another_one() {
        let course = Course { settled: 400, ..Course::default() };
        assert!(course.is_cut_at(399) && !course.is_cut_at(400));
        let anew = Course::anew(NOW);
        assert_eq!((anew.end_from(), anew.is_going_on(), anew.covers()), (0, true, UnixMs(0)));
    }
}
