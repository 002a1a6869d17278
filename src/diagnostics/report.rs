//! A report as data (platform.md 5): sections that know nothing of each other, each with what it found and how to mend it.
//! Who shows a report chooses the words; nothing in it is a secret or a user's text.

use std::borrow::Cow;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::domain::Clock;
use crate::store::StoreError;
use crate::texts::{Args, Words};

/// What a check found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Status {
    /// All is well.
    Ok,
    /// Nobody knows: the check could not be made in time.
    Unknown,
    /// It works, and somebody should look.
    Degraded,
    /// It does not work.
    Fail,
}

impl Status {
    /// As reports spell it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "OK",
            Self::Unknown => "UNKNOWN",
            Self::Degraded => "DEGRADED",
            Self::Fail => "FAIL",
        }
    }
}

/// The result of a whole report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Every section is well.
    Ready,
    /// Some should be looked at.
    Degraded,
    /// Something does not work.
    Fail,
}

impl Verdict {
    /// As reports spell it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ready => "READY",
            Self::Degraded => "DEGRADED",
            Self::Fail => "FAIL",
        }
    }
}

/// What a section says, in words that its reader's language has: a key of `diagnostics.ftl` and its values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// The key.
    pub key: Cow<'static, str>,
    /// Its values.
    pub values: Args,
}

impl Said {
    /// A text without values.
    pub fn plain(key: &'static str) -> Self {
        Self { key: Cow::Borrowed(key), values: Args::new() }
    }

    /// In a reader's language, as Telegram HTML.
    pub fn html(&self, words: Words<'_>) -> String {
        words.fmt(&self.key, self.values.clone())
    }
}

/// Why a check has no answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// The storage failed: [`StoreError::class`].
    Storage(Cow<'static, str>),
    /// It did not answer in time.
    Timeout,
}

/// One section.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// Its name: a stable word.
    pub name: Cow<'static, str>,
    /// What it found.
    pub status: Status,
    /// How long it took; `None`: nothing was asked.
    pub latency_ms: Option<u64>,
    /// How many rows it is about, where it counts them.
    pub records: Option<i64>,
    /// What it says.
    pub note: Said,
    /// What to do about it: a key of `diagnostics.ftl`.
    pub how_to_fix: Option<Cow<'static, str>>,
    /// Why it could not be made, if so.
    pub trouble: Option<Trouble>,
}

/// What a check found, before its time is taken.
#[derive(Debug, Clone)]
pub struct Finding {
    /// How it stands.
    pub status: Status,
    /// How many rows it is about, where it counts them.
    pub records: Option<i64>,
    /// What it says.
    pub note: Said,
    /// What to do about it.
    pub how_to_fix: Option<&'static str>,
    /// Why it could not be made, if so.
    pub trouble: Option<Trouble>,
}

impl Finding {
    /// All is well.
    pub fn ok(key: &'static str, values: Args) -> Self {
        let note = Said { key: Cow::Borrowed(key), values };
        Self { status: Status::Ok, records: None, note, how_to_fix: None, trouble: None }
    }

    /// The same about so many rows.
    #[must_use]
    pub fn about(self, records: i64) -> Self {
        Self { records: Some(records), ..self }
    }

    /// The same text, but not well.
    #[must_use]
    pub fn but(self, status: Status, how_to_fix: &'static str) -> Self {
        Self { status, how_to_fix: Some(how_to_fix), ..self }
    }

    /// The same where `wrong` is so.
    #[must_use]
    pub fn but_if(self, wrong: bool, status: Status, how_to_fix: &'static str) -> Self {
        if wrong { self.but(status, how_to_fix) } else { self }
    }

    /// As a section for which nothing was asked.
    pub fn section(self, name: &'static str) -> Section {
        Section {
            name: Cow::Borrowed(name),
            status: self.status,
            latency_ms: None,
            records: self.records,
            note: self.note,
            how_to_fix: self.how_to_fix.map(Cow::Borrowed),
            trouble: self.trouble,
        }
    }
}

impl From<StoreError> for Finding {
    fn from(error: StoreError) -> Self {
        let values = Args::new().with("class", error.class());
        let finding = Self::ok("diag-note-storage", values).but(Status::Fail, super::hints::of_class(error.class()));
        Self { trouble: Some(Trouble::Storage(Cow::Borrowed(error.class()))), ..finding }
    }
}

/// Runs one check by itself: an error is its finding, and so is taking too long.
pub async fn check<E: Into<Finding>>(
    clock: &Clock,
    name: &'static str,
    patience: Duration,
    work: impl Future<Output = Result<Finding, E>>,
) -> Section {
    let began = clock.now();
    let finding = match tokio::time::timeout(patience, work).await {
        Ok(Ok(finding)) => finding,
        Ok(Err(error)) => error.into(),
        Err(_) => {
            let finding = Finding::ok("diag-note-timeout", Args::new()).but(Status::Unknown, "hint-fix-slow");
            Finding { trouble: Some(Trouble::Timeout), ..finding }
        }
    };
    let latency = u64::try_from(clock.now().since(began).as_millis()).unwrap_or(u64::MAX);
    Section { latency_ms: Some(latency), ..finding.section(name) }
}

/// A report. It is stored as it is, so that it can be shown later in any language.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Report {
    /// Its sections, in the order they are shown.
    pub sections: Vec<Section>,
}

impl Report {
    /// What it comes to.
    pub fn verdict(&self) -> Verdict {
        match self.sections.iter().map(|section| section.status).max() {
            Some(Status::Fail) => Verdict::Fail,
            Some(Status::Degraded | Status::Unknown) => Verdict::Degraded,
            Some(Status::Ok) | None => Verdict::Ready,
        }
    }

    /// What to do, each thing once, in the order of the sections.
    pub fn fixes(&self) -> Vec<&str> {
        let mut fixes = Vec::new();
        for fix in self.sections.iter().filter_map(|section| section.how_to_fix.as_deref()) {
            if !fixes.contains(&fix) {
                fixes.push(fix);
            }
        }
        fixes
    }

    /// Why it could not be made as a whole: a failed storage before what only took too long.
    pub fn trouble(&self) -> Option<&Trouble> {
        let mut troubles = self.sections.iter().filter_map(|section| section.trouble.as_ref());
        let first = troubles.clone().next();
        troubles.find(|trouble| matches!(trouble, Trouble::Storage(_))).or(first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn section(status: Status) -> Section {
        Finding::ok("diag-note-timeout", Args::new()).but(status, "hint-fix-slow").section("s")
    }

    #[test]
    fn a_report_is_as_good_as_its_worst_section() {
        let verdict = |all: &[Status]| Report { sections: all.iter().copied().map(section).collect() }.verdict();
        assert_eq!(verdict(&[]), Verdict::Ready);
        assert_eq!(verdict(&[Status::Ok]), Verdict::Ready);
        assert_eq!(verdict(&[Status::Ok, Status::Unknown]), Verdict::Degraded);
        assert_eq!(verdict(&[Status::Fail, Status::Degraded]), Verdict::Fail);
        let report = Report { sections: vec![section(Status::Fail), section(Status::Degraded)] };
        assert_eq!(report.fixes(), ["hint-fix-slow"]);
    }

    #[tokio::test]
    async fn a_check_that_fails_or_hangs_is_a_section_like_any_other() {
        let clock = Clock::system();
        let failed = check(&clock, "a", Duration::from_secs(5), async { Err::<Finding, _>(StoreError::Busy) }).await;
        assert_eq!((failed.status, failed.how_to_fix.as_deref()), (Status::Fail, Some("hint-fix-db-busy")));
        let hangs = check(&clock, "b", Duration::from_millis(5), std::future::pending::<Result<Finding, StoreError>>());
        let hangs = hangs.await;
        assert_eq!((hangs.status, &hangs.trouble), (Status::Unknown, &Some(Trouble::Timeout)));
        let report = Report { sections: vec![hangs, failed] };
        assert_eq!(report.trouble(), Some(&Trouble::Storage("db_busy".into())));
        let stored = serde_json::to_string(&report).unwrap();
        assert_eq!(serde_json::from_str::<Report>(&stored).unwrap(), report);
    }
}
