//! Coming into a bot's panel and leaving it (reliability.md 3.8): [`note`] writes it into the bot's audit log, and [`tell`] says
//! in the person's chat with the bot from which kind of device and which network they came, and how to end it. Nobody is kept
//! out because the news could not be recorded; whom the audit log does not have is not let in.

use axum::http::header::{HeaderMap, USER_AGENT};
use axum::http::request::Parts;

use super::client;
use super::state::WebState;
use crate::accounts::Identity;
use crate::accounts::audit::{self, Act, Actor};
use crate::bot::screens::Screen as _;
use crate::bot::screens::help::CameIn;
use crate::domain::outgoing::{Outgoing, Track};
use crate::domain::{AuditAction, AuditDoor, ChatId, Corr, MessageClass};
use crate::store::StoreError;
use crate::tenants::say::{Say, say};
use crate::tenants::tenant::TenantError;

/// Browsers and systems by the words that they use for themselves; the first that fits.
const BROWSERS: &[(&str, &str)] = &[
    ("YaBrowser/", "Yandex Browser"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
];
const SYSTEMS: &[(&str, &str)] = &[
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
];

/// Writes down that somebody came in or left: which role they have in the panel from now on, or had until now. The platform's
/// own panel is no bot's.
pub(super) async fn note(
    state: &WebState,
    who: &Identity,
    (corr, origin): (&Corr, Option<&str>),
    action: AuditAction,
) -> Result<(), StoreError> {
    let platform = &state.platform;
    let Some(tenant) = who.scope.tenant().and_then(|id| platform.tenants.get(id)) else { return Ok(()) };
    let actor = Actor { user: who.subject.user(), door: AuditDoor::Panel, corr };
    let (act, role) = (Act::new(action, "panel"), Some(who.role.as_str()));
    let act = if action == AuditAction::PanelLeft { act.changed(role, None) } else { act.changed(None, role) };
    let mut tx = platform.db.tenant(&tenant.id).await?.coming_from(origin);
    audit::record(&mut tx, actor, act, platform.clock.now()).await?;
    tx.commit().await
}

/// Somebody came in: written down, and told to them.
pub(super) async fn came(
    state: &WebState,
    parts: &Parts,
    who: &Identity,
    action: AuditAction,
) -> Result<(), StoreError> {
    let corr = parts.extensions.get::<Corr>().cloned().unwrap_or_else(Corr::random);
    let origin = client::network(parts, &state.platform.settings.server.trusted_proxies);
    note(state, who, (&corr, origin.as_deref()), action).await?;
    tell(state, parts, who).await;
    Ok(())
}

/// Tells them, if they have a chat with the bot.
async fn tell(state: &WebState, parts: &Parts, who: &Identity) {
    if let Err(error) = told(state, parts, who).await {
        tracing::warn!(%error, "a log-in was not told of");
    }
}

async fn told(state: &WebState, parts: &Parts, who: &Identity) -> Result<(), TenantError> {
    let platform = &state.platform;
    let tenant = who.scope.tenant().and_then(|id| platform.tenants.get(id));
    let (Some(tenant), Some(user)) = (tenant, who.subject.user()) else { return Ok(()) };
    let now = platform.clock.now();
    let corr = parts.extensions.get::<Corr>().cloned().unwrap_or_else(Corr::random);
    let mut tx = platform.db.tenant(&tenant.id).await?;
    let Some(person) = tx.user_get(user).await?.filter(|person| person.unreachable_at.is_none()) else {
        return Ok(());
    };
    let words = platform.texts.words(tenant.language_of(person.language, person.language_code.as_deref()));
    let screen = CameIn {
        device: device(&parts.headers),
        origin: client::network(parts, &platform.settings.server.trusted_proxies).unwrap_or_default(),
        at: now.shown(tenant.zone()),
    };
    let outgoing = Outgoing::Screen {
        html: screen.text(words),
        keyboard: screen.keyboard(words),
        edit: None,
        track: Track::Nothing,
    };
    let (chat, class) = (ChatId::from(user), MessageClass::MustArrive);
    say(&mut tx, &tenant, Say { chat, class, key: format!("entry:{corr}"), corr: &corr, now }, &outgoing).await?;
    tx.commit().await?;
    platform.signals.chat(&tenant.id, chat);
    Ok(())
}

/// `Chrome, Android`: words of ours, whatever the browser said; empty when it said nothing known.
fn device(headers: &HeaderMap) -> String {
    let said = headers.get(USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let find = |all: &[(&str, &'static str)]| all.iter().find(|(word, _)| said.contains(word)).map(|(_, name)| *name);
    let known: Vec<&str> = [find(BROWSERS), find(SYSTEMS)].into_iter().flatten().collect();
    known.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_is_named_in_words_of_ours() {
        for (said, named) in [
            ("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/124.0 Mobile Safari/537.36", "Chrome, Android"),
            ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) Version/17.4 Safari/604.1", "Safari, iPhone"),
            ("Mozilla/5.0 (Windows NT 10.0) Chrome/124.0 YaBrowser/24.4 Safari/537.36", "Yandex Browser, Windows"),
            ("Mozilla/5.0 (Macintosh; Intel Mac OS X 14_4) Gecko/20100101 Firefox/125.0", "Firefox, macOS"),
            ("<script>alert(1)</script>", ""),
            ("", ""),
        ] {
            let headers = HeaderMap::from_iter([(USER_AGENT, said.parse().unwrap())]);
            assert_eq!(device(&headers), named, "{said}");
        }
        assert_eq!(device(&HeaderMap::new()), "");
    }
}
