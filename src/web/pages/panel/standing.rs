//! How a bot stands: one light that reads in a second, and what to do where it is not green.

use crate::args;
use crate::config::Settings;
use crate::diagnostics::requirements::{Requirement, Severity, nothing_blocks};
use crate::domain::{TenantState, UnixMs};
use crate::store::TenantRow;
use crate::texts::Words;

use super::figures::count;

/// The light.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::web::pages) enum Light {
    /// Works.
    Ok,
    /// Works, or will, but somebody should look.
    Warn,
    /// Does not work.
    Fail,
}

impl Light {
    /// Its class in the style sheet.
    pub(in crate::web::pages) const fn class(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Fail => "fail",
        }
    }

    const fn text_key(self) -> &'static str {
        match self {
            Self::Ok => "panel-light-ok",
            Self::Warn => "panel-light-warn",
            Self::Fail => "panel-light-fail",
        }
    }
}

/// The connection to Telegram, as the last check found it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::web::pages) enum Connection {
    Works,
    Waiting,
    TokenRefused,
    WebhookBroken,
}

impl Connection {
    pub(in crate::web::pages) fn of(row: &TenantRow) -> Self {
        if row.token_error.is_some() {
            Self::TokenRefused
        } else if row.webhook_error.is_some() {
            Self::WebhookBroken
        } else if row.token_checked_at.is_none() {
            Self::Waiting
        } else {
            Self::Works
        }
    }

    pub(in crate::web::pages) const fn light(self) -> Light {
        match self {
            Self::Works => Light::Ok,
            Self::Waiting => Light::Warn,
            Self::TokenRefused | Self::WebhookBroken => Light::Fail,
        }
    }

    pub(in crate::web::pages) const fn text_key(self) -> &'static str {
        match self {
            Self::Works => "panel-connection-ok",
            Self::Waiting => "panel-connection-waiting",
            Self::TokenRefused => "panel-connection-token",
            Self::WebhookBroken => "panel-connection-webhook",
        }
    }
}

/// Something that is to be done.
pub(in crate::web::pages) struct Due {
    /// The bot does not work without it.
    pub(in crate::web::pages) blocking: bool,
    /// How much it matters, in a word or two.
    pub(in crate::web::pages) tag: String,
    pub(in crate::web::pages) what: String,
    pub(in crate::web::pages) how: String,
    /// Where it is mended and what the way there is called, for whoever may go it.
    pub(in crate::web::pages) link: Option<(String, String)>,
}

/// A named fact of the connection.
pub(in crate::web::pages) struct Fact {
    pub(in crate::web::pages) name: String,
    pub(in crate::web::pages) value: String,
}

/// All of it.
pub(in crate::web::pages) struct Standing {
    pub(in crate::web::pages) light: &'static str,
    pub(in crate::web::pages) light_text: String,
    /// What the light is about: the state, or the connection where that is worse.
    pub(in crate::web::pages) reason: String,
    /// What that means for people.
    pub(in crate::web::pages) help: String,
    pub(in crate::web::pages) facts: Vec<Fact>,
}

/// The light of a state alone.
pub(in crate::web::pages) const fn state_light(state: TenantState) -> Light {
    match state {
        TenantState::Active => Light::Ok,
        TenantState::Draft | TenantState::Paused => Light::Warn,
        TenantState::Suspended | TenantState::Deleted => Light::Fail,
    }
}

/// The name of a state.
pub(in crate::web::pages) const fn state_key(state: TenantState) -> &'static str {
    match state {
        TenantState::Draft => "panel-state-draft",
        TenantState::Active => "panel-state-active",
        TenantState::Paused => "panel-state-paused",
        TenantState::Suspended => "panel-state-suspended",
        TenantState::Deleted => "panel-state-deleted",
    }
}

/// Reads a tenant's row. `needs` is what is due, `reviews` how many transfers wait for a decision, `everybody` how many people
/// there are.
pub(super) fn of(
    words: Words<'_>,
    row: &TenantRow,
    (needs, reviews): (&[Requirement], i64),
    everybody: i64,
    settings: &Settings,
    now: UnixMs,
) -> Standing {
    let connection = Connection::of(row);
    let has_key = row.provider_key_sealed.is_some() || settings.kie.api_key.is_some();
    let generates = if has_key && nothing_blocks(needs) { Light::Ok } else { Light::Warn };
    // Somebody has paid and looks at an unchanged balance: that is not all right.
    let decided = if reviews > 0 { Light::Warn } else { Light::Ok };
    let light = state_light(row.state).max(connection.light()).max(generates).max(decided);
    let said = |name: &str, value: String| format!("{}: {value}", words.get(name));
    let broken = connection.light() == Light::Fail;
    Standing {
        light: light.class(),
        light_text: words.get(light.text_key()),
        reason: if broken {
            said("panel-transport", words.get(connection.text_key()))
        } else {
            said("panel-state", words.get(state_key(row.state)))
        },
        help: if broken && row.state == TenantState::Active {
            words.get("panel-connection-help")
        } else {
            help(words, row)
        },
        facts: facts(words, row, connection, everybody, settings, now),
    }
}

fn help(words: Words<'_>, row: &TenantRow) -> String {
    match row.state {
        TenantState::Draft => words.get("panel-state-draft-help"),
        TenantState::Active => words.get("panel-state-active-help"),
        TenantState::Paused => words.get("panel-state-paused-help"),
        TenantState::Suspended | TenantState::Deleted => {
            let reason = row.state_reason.clone().unwrap_or_else(|| words.get("panel-dash"));
            words.plain("panel-state-suspended-help", args![reason = reason])
        }
    }
}

/// What is due, in words; with the way to where it is mended for whoever may go there.
pub(super) fn due(words: Words<'_>, needs: &[Requirement], leads: bool) -> Vec<Due> {
    let one = |need: &Requirement| Due {
        blocking: need.severity == Severity::Blocking,
        tag: words.get(match need.severity {
            Severity::Blocking => "panel-due-blocking",
            Severity::Warning => "panel-due-warning",
        }),
        what: words.plain(&need.what.key, need.what.values.clone()),
        how: words.get(&need.fix_key()),
        link: leads.then(|| (need.link.clone(), words.get("panel-due-mend"))),
    };
    needs.iter().map(one).collect()
}

/// Transfers that wait for a decision; `queue` is where it is made, for whoever may.
pub(super) fn reviews_due(words: Words<'_>, n: i64, queue: Option<String>) -> Option<Due> {
    (n > 0).then(|| Due {
        blocking: false,
        tag: words.get("panel-due-people"),
        what: words.plain("panel-due-reviews", args![n = n]),
        how: words.get("panel-due-reviews-how"),
        link: queue.map(|queue| (queue, words.get("panel-queue-open"))),
    })
}

fn facts(
    words: Words<'_>,
    row: &TenantRow,
    connection: Connection,
    everybody: i64,
    settings: &Settings,
    now: UnixMs,
) -> Vec<Fact> {
    let fact = |name: &str, value: String| Fact { name: words.get(name), value };
    let transport = if settings.webhook.base_url.is_some() { "panel-webhook-mode" } else { "panel-polling-mode" };
    let key = match (&row.provider_key_sealed, &settings.kie.api_key) {
        (Some(_), _) => "panel-provider-set",
        (None, Some(_)) => "panel-provider-shared",
        (None, None) => "panel-provider-missing",
    };
    let checked = row.token_checked_at.map_or_else(|| words.get("panel-dash"), |at| words.ago(now.since(at)));
    vec![
        fact("panel-transport", format!("{} · {}", words.get(transport), words.get(connection.text_key()))),
        fact("panel-provider", words.get(key)),
        fact("panel-checked", checked),
        fact("panel-users", count(everybody.unsigned_abs())),
    ]
}
