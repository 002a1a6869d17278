//! How a start went (platform.md 5): of a process, and of each bot as it was connected. What must stop a start has stopped it
//! before there is a report; everything that is found here leaves it DEGRADED at worst, and says how to mend it.

use super::report::{Finding, Report, Section, Status};
use crate::locks::Reach;
use crate::store::{ConnectionRow, TenantsChecked, WatchRow};
use crate::texts::Args;

/// What a process found at its start.
pub struct ProcessFacts {
    /// Settings that somebody should look at.
    pub warnings: usize,
    /// Where it listens: the main address and the admin's.
    pub addresses: (String, String),
    /// A real write and read through the serving pool.
    pub database: Section,
    /// Files were written, read and removed.
    pub storage: Section,
    /// Who shares the short locks.
    pub locks: Reach,
    /// Whether a lock kept a second holder out.
    pub locks_hold: bool,
    /// What is stored of all bots' tokens and webhooks; `None`: it could not be read.
    pub bots: Option<TenantsChecked>,
    /// Whether updates come by webhook.
    pub webhooks: bool,
    /// Whether there is a shared key at the provider.
    pub shared_key: bool,
    /// Models on sale, and all.
    pub models: (usize, usize),
    /// Whether rows agree with each other.
    pub integrity: Section,
}

/// What a bot's connecting found.
pub struct BotFacts<'a> {
    /// Its numeric id at Telegram.
    pub bot_id: String,
    /// Its own name here.
    pub id: &'a str,
    /// What is stored of its connection.
    pub connection: &'a ConnectionRow,
    /// What the last look at Telegram found.
    pub watch: Option<&'a WatchRow>,
    /// Where its updates should go; `None`: they are fetched.
    pub webhook: Option<&'a str>,
    /// Whether it has a key of its own at the provider; without one, whether there is a shared one.
    pub keys: (bool, bool),
    /// Models that it offers, and all.
    pub models: (usize, usize),
    /// A real write and read of its rows.
    pub database: Section,
    /// Whether its rows agree with each other.
    pub integrity: Section,
}

fn none() -> Args {
    Args::new()
}

/// The report of a process.
pub fn of_process(facts: ProcessFacts) -> Report {
    let config = Finding::ok("diag-note-config", none().with("n", facts.warnings));
    let (main, admin) = &facts.addresses;
    let port = Finding::ok("diag-note-port", none().with("main", main).with("admin", admin));
    let bots = facts.bots.unwrap_or_default();
    let known = facts.bots.is_some();
    let tokens = none().with("n", bots.count).with("checked", bots.checked).with("refused", bots.refused);
    let telegram = Finding::ok("diag-note-tokens", tokens).about(bots.count);
    let webhook = if facts.webhooks { "diag-note-webhooks" } else { "diag-note-polled" };
    let webhook = Finding::ok(webhook, none().with("wrong", bots.unset));
    let key = if facts.shared_key { "diag-note-key-shared" } else { "diag-note-key-own-only" };
    let sections = vec![
        config.but_if(facts.warnings > 0, Status::Degraded, "diag-fix-config").section("CONFIG"),
        port.section("PORT"),
        Section { name: "DATABASE".into(), ..facts.database },
        Section { name: "STORAGE".into(), ..facts.storage },
        redis(facts.locks, facts.locks_hold),
        telegram
            .but_if(bots.refused > 0, Status::Degraded, "diag-fix-token")
            .but_if(!known, Status::Unknown, "hint-fix-db-busy")
            .section("TELEGRAM"),
        webhook.but_if(bots.unset > 0, Status::Degraded, "diag-fix-webhook").section("WEBHOOK"),
        Finding::ok(key, none()).but_if(!facts.shared_key, Status::Unknown, "diag-fix-key").section("AI"),
        buttons(),
        catalog(facts.models),
        Section { name: "DATA_INTEGRITY".into(), ..facts.integrity },
    ];
    Report { sections }
}

/// The report of a bot.
pub fn of_bot(facts: BotFacts<'_>) -> Report {
    let key = match facts.keys {
        (true, _) => Finding::ok("diag-note-key-own", none()),
        (false, true) => Finding::ok("diag-note-key-shared", none()),
        (false, false) => Finding::ok("diag-note-key-missing", none()).but(Status::Degraded, "diag-fix-key"),
    };
    let sections = vec![
        Section { name: "DATABASE".into(), ..facts.database.clone() },
        token(&facts),
        webhook(&facts),
        key.section("AI"),
        buttons(),
        catalog(facts.models),
        Section { name: "DATA_INTEGRITY".into(), ..facts.integrity },
    ];
    Report { sections }
}

fn redis(locks: Reach, hold: bool) -> Section {
    let (key, lost) = match locks {
        Reach::Process => ("diag-note-cache-process", false),
        Reach::Replicas => ("diag-note-cache-redis", false),
        Reach::Fallback => ("diag-note-cache-lost", true),
    };
    let finding = Finding::ok(key, none()).but_if(lost || !hold, Status::Degraded, "diag-fix-cache");
    finding.section("REDIS")
}

fn buttons() -> Section {
    Finding::ok("diag-note-handlers", none()).section("UX")
}

fn catalog((offered, all): (usize, usize)) -> Section {
    let finding = Finding::ok("diag-note-models", none().with("n", offered).with("total", all));
    finding.but_if(offered == 0, Status::Degraded, "diag-fix-models").section("CATALOG")
}

fn token(facts: &BotFacts<'_>) -> Section {
    let connection = facts.connection;
    let finding = match (&connection.token_error, &connection.bot_username) {
        (Some(_), _) => Finding::ok("diag-note-token-refused", none()).but(Status::Degraded, "diag-fix-token"),
        (None, Some(name)) => {
            Finding::ok("diag-note-bot", none().with("name", name).with("bot", &facts.bot_id).with("id", facts.id))
        }
        (None, None) => Finding::ok("diag-note-unchecked", none()).but(Status::Unknown, "diag-fix-wait"),
    };
    finding.section("TELEGRAM")
}

fn webhook(facts: &BotFacts<'_>) -> Section {
    let wanted = facts.webhook.unwrap_or_default();
    let said = facts.watch.and_then(|watch| watch.url.as_deref());
    let actual = said.or(facts.connection.webhook_url.as_deref());
    let pending = facts.watch.and_then(|watch| watch.pending).unwrap_or(0);
    let key = if wanted.is_empty() { "diag-note-polling-pending" } else { "diag-note-webhook" };
    let finding = match actual {
        Some(actual) if actual == wanted => Finding::ok(key, none().with("n", pending)),
        Some(actual) => {
            let elsewhere = none().with("url", super::requirements::host(actual)).with("n", pending);
            Finding::ok("diag-note-webhook-elsewhere", elsewhere).but(Status::Degraded, "diag-fix-webhook")
        }
        None => Finding::ok("diag-note-unchecked", none()).but(Status::Unknown, "diag-fix-wait"),
    };
    finding.section("WEBHOOK")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::Verdict;

    fn well(name: &'static str) -> Section {
        Finding::ok("diag-note-written", Args::new()).section(name)
    }

    fn facts() -> ProcessFacts {
        ProcessFacts {
            warnings: 0,
            addresses: ("127.0.0.1:8080".to_owned(), "127.0.0.1:9090".to_owned()),
            database: well("db"),
            storage: well("files"),
            locks: Reach::Process,
            locks_hold: true,
            bots: Some(TenantsChecked { count: 2, checked: 2, refused: 0, unset: 0 }),
            webhooks: true,
            shared_key: true,
            models: (70, 73),
            integrity: well("i"),
        }
    }

    #[test]
    fn a_start_in_order_is_ready_and_names_every_section() {
        let report = of_process(facts());
        let names: Vec<&str> = report.sections.iter().map(|section| section.name.as_ref()).collect();
        assert_eq!(
            names,
            [
                "CONFIG",
                "PORT",
                "DATABASE",
                "STORAGE",
                "REDIS",
                "TELEGRAM",
                "WEBHOOK",
                "AI",
                "UX",
                "CATALOG",
                "DATA_INTEGRITY"
            ]
        );
        assert_eq!(report.verdict(), Verdict::Ready);
    }

    #[test]
    fn what_is_out_of_order_leaves_a_start_degraded() {
        let bots = Some(TenantsChecked { count: 2, checked: 2, refused: 1, unset: 0 });
        assert_eq!(of_process(ProcessFacts { bots, ..facts() }).verdict(), Verdict::Degraded);
        let lost = of_process(ProcessFacts { locks: Reach::Fallback, bots: None, ..facts() });
        assert_eq!(lost.verdict(), Verdict::Degraded);
        assert_eq!(lost.fixes(), ["diag-fix-cache", "hint-fix-db-busy"]);
    }
}
