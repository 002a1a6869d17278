//! A bot's connection with Telegram as it is known now (platform.md 3, 6): from rows that the watch, the registrar and the
//! receiver wrote. Nobody is asked anything here.

use std::time::Duration;

use jiff::tz::TimeZone;

use super::report::{Finding, Report, Section, Status};
use super::requirements::host;
use crate::domain::UnixMs;
use crate::store::{ConnectionRow, WatchRow};
use crate::texts::Args;

/// A failed delivery that is older than this is history.
const RECENT: Duration = Duration::from_hours(1);
/// A message that waits for longer than this is late.
const LATE: Duration = Duration::from_mins(1);
/// A look that is older than this says little: idle bots are looked at once a day.
const STALE: Duration = Duration::from_hours(36);

/// What is known.
pub struct Facts<'a> {
    /// What connecting the bot found.
    pub connection: &'a ConnectionRow,
    /// What the last look found.
    pub watch: Option<&'a WatchRow>,
    /// Where updates should go; `None`: they are fetched.
    pub webhook: Option<&'a str>,
    /// When the last update came.
    pub update_last: Option<UnixMs>,
    /// Messages that should have been sent by now, and since when the oldest waits.
    pub outbox: (i64, Option<UnixMs>),
    /// The bot's zone.
    pub zone: &'a TimeZone,
    /// Now.
    pub now: UnixMs,
}

fn none() -> Args {
    Args::new()
}

/// The report.
pub fn report(facts: &Facts<'_>) -> Report {
    Report {
        sections: vec![token(facts), webhook(facts), deliveries(facts), look(facts), updates(facts), outbox(facts)],
    }
}

fn trouble<'a>(facts: &Facts<'a>) -> Option<&'a str> {
    facts.watch.and_then(|watch| watch.trouble.as_deref())
}

fn token(facts: &Facts<'_>) -> Section {
    let connection = facts.connection;
    let refused = connection.token_error.is_some() || trouble(facts) == Some("token_revoked");
    let finding = match (&connection.bot_username, connection.token_checked_at) {
        _ if refused => Finding::ok("diag-note-token-refused", none()).but(Status::Fail, "diag-fix-token"),
        (Some(name), Some(at)) => {
            let values = none().with("name", name).with("at", at.shown(facts.zone));
            Finding::ok("diag-note-token-checked", values)
        }
        _ => Finding::ok("diag-note-unchecked", none()).but(Status::Unknown, "diag-fix-wait"),
    };
    finding.section("bot_token")
}

fn webhook(facts: &Facts<'_>) -> Section {
    let wanted = facts.webhook.unwrap_or_default();
    let pending = facts.watch.and_then(|watch| watch.pending).unwrap_or(0);
    let actual = facts.watch.and_then(|watch| watch.url.as_deref()).or(facts.connection.webhook_url.as_deref());
    let key = if wanted.is_empty() { "diag-note-polling-pending" } else { "diag-note-webhook" };
    let finding = match actual {
        _ if trouble(facts) == Some("polling_conflict") => {
            Finding::ok("diag-note-polling-conflict", none()).but(Status::Fail, "req-polling-conflict-fix")
        }
        _ if facts.connection.webhook_error.is_some() => {
            let error = facts.connection.webhook_error.clone().unwrap_or_default();
            Finding::ok("diag-note-webhook-refused", none().with("error", error)).but(Status::Fail, "diag-fix-webhook")
        }
        Some(actual) if actual == wanted => Finding::ok(key, none().with("n", pending)),
        Some(actual) => {
            let elsewhere = none().with("url", host(actual)).with("n", pending);
            Finding::ok("diag-note-webhook-elsewhere", elsewhere).but(Status::Fail, "diag-fix-webhook")
        }
        None => Finding::ok("diag-note-unchecked", none()).but(Status::Unknown, "diag-fix-wait"),
    };
    finding.section("webhook")
}

fn deliveries(facts: &Facts<'_>) -> Section {
    let last = facts.watch.and_then(|watch| watch.last_error.as_deref().zip(watch.last_error_at));
    let Some((error, at)) = last else {
        return Finding::ok("diag-note-delivered", none()).section("deliveries");
    };
    let values = none().with("error", error).with("at", at.shown(facts.zone));
    let recent = facts.now.since(at) < RECENT;
    let finding = Finding::ok("diag-note-delivery-error", values);
    finding.but_if(recent, Status::Degraded, "req-webhook-errors-fix").section("deliveries")
}

fn look(facts: &Facts<'_>) -> Section {
    let Some(watch) = facts.watch else {
        return Finding::ok("diag-note-unchecked", none()).but(Status::Unknown, "diag-fix-wait").section("look");
    };
    let finding = Finding::ok("diag-note-looked", none().with("at", watch.checked_at.shown(facts.zone)));
    let stale = facts.now.since(watch.checked_at) > STALE;
    finding.but_if(stale, Status::Degraded, "diag-fix-look").section("look")
}

fn updates(facts: &Facts<'_>) -> Section {
    let finding = match facts.update_last {
        Some(at) => Finding::ok("diag-note-update-last", none().with("at", at.shown(facts.zone))),
        None => Finding::ok("diag-note-update-none", none()),
    };
    finding.section("updates")
}

fn outbox(facts: &Facts<'_>) -> Section {
    let (count, oldest) = facts.outbox;
    let lag = oldest.map(|oldest| facts.now.since(oldest)).unwrap_or_default();
    let finding = Finding::ok("diag-note-outbox", none().with("n", count).with("s", lag.as_secs())).about(count);
    finding.but_if(lag > LATE, Status::Degraded, "diag-fix-outbox").section("outbox")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::Verdict;

    const NOW: UnixMs = UnixMs(1_795_348_800_000);

    fn well() -> ConnectionRow {
        ConnectionRow {
            bot_username: Some("shop_bot".to_owned()),
            token_checked_at: Some(NOW),
            token_error: None,
            webhook_url: Some("https://bots.example/webhook/a".to_owned()),
            webhook_checked_at: Some(NOW),
            webhook_error: None,
        }
    }

    fn watched() -> WatchRow {
        WatchRow {
            checked_at: NOW,
            url: Some("https://bots.example/webhook/a".to_owned()),
            pending: Some(0),
            last_error: None,
            last_error_at: None,
            trouble: None,
            trouble_at: None,
            told: None,
            set_at: None,
        }
    }

    fn of(connection: &ConnectionRow, watch: Option<&WatchRow>, outbox: (i64, Option<UnixMs>)) -> Report {
        report(&Facts {
            connection,
            watch,
            webhook: Some("https://bots.example/webhook/a"),
            update_last: Some(NOW),
            outbox,
            zone: &TimeZone::UTC,
            now: NOW,
        })
    }

    fn status(report: &Report, name: &str) -> (Status, Option<String>) {
        let section = report.sections.iter().find(|section| section.name == name).unwrap();
        (section.status, section.how_to_fix.as_deref().map(str::to_owned))
    }

    #[test]
    fn a_connection_in_order_is_ready() {
        assert_eq!(of(&well(), Some(&watched()), (0, None)).verdict(), Verdict::Ready);
    }

    #[test]
    fn each_thing_that_is_wrong_is_a_line_with_its_fix() {
        let fails = |fix: &str| (Status::Fail, Some(fix.to_owned()));
        let revoked = WatchRow { trouble: Some("token_revoked".to_owned()), ..watched() };
        assert_eq!(status(&of(&well(), Some(&revoked), (0, None)), "bot_token"), fails("diag-fix-token"));
        let elsewhere = WatchRow { url: Some("https://evil.example/secret".to_owned()), ..watched() };
        let report = of(&well(), Some(&elsewhere), (0, None));
        assert_eq!(status(&report, "webhook"), fails("diag-fix-webhook"));
        assert!(!format!("{report:?}").contains("secret"), "a path may be somebody's secret");
        let conflict = WatchRow { trouble: Some("polling_conflict".to_owned()), ..watched() };
        assert_eq!(status(&of(&well(), Some(&conflict), (0, None)), "webhook"), fails("req-polling-conflict-fix"));
        let failed = |at: UnixMs| WatchRow {
            last_error: Some("Connection timed out".to_owned()),
            last_error_at: Some(at),
            ..watched()
        };
        let (recent, old) = (failed(NOW), failed(NOW.minus(Duration::from_hours(2))));
        assert_eq!(status(&of(&well(), Some(&recent), (0, None)), "deliveries").0, Status::Degraded);
        assert_eq!(status(&of(&well(), Some(&old), (0, None)), "deliveries").0, Status::Ok);
        let late = (3, Some(NOW.minus(Duration::from_mins(2))));
        assert_eq!(status(&of(&well(), Some(&watched()), late), "outbox").0, Status::Degraded);
        assert_eq!(status(&of(&well(), None, (0, None)), "look").0, Status::Unknown);
        let fresh = ConnectionRow { token_checked_at: None, webhook_url: None, ..well() };
        assert_eq!(status(&of(&fresh, None, (0, None)), "bot_token").0, Status::Unknown);
    }
}
