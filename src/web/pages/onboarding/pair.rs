//! A bot created by a link: a code in its suggested name, a QR for the phone, and this page until the bot comes.

use std::fmt::Write as _;

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use qrcodegen::{QrCode, QrCodeEcc};

use super::{Visit, VisitForm};
use crate::accounts::onboarding;
use crate::args;
use crate::store::PairingRow;
use crate::web::extract::TOKEN;
use crate::web::failure::Failure;
use crate::web::language::Spoken;
use crate::web::pages::html;
use crate::web::pages::shell::Shell;
use crate::web::state::WebState;

/// White modules around the code, as the standard asks.
const QUIET: i32 = 4;

/// A QR code as one path of squares.
struct Drawing {
    side: i32,
    path: String,
}

#[derive(Template)]
#[template(path = "pages/onboarding/pair.html")]
struct Pair<'a> {
    shell: Shell<'a>,
    token_name: &'static str,
    form_token: String,
    /// Where the bot is created; none when the code's time is over.
    link: Option<String>,
    note: String,
    drawing: Option<Drawing>,
}

/// Makes a code.
pub(in crate::web) async fn begin(State(state): State<WebState>, form: VisitForm) -> Result<Response, Failure> {
    let platform = &state.platform;
    if !state.manages_bots() {
        return Err(Failure::NotFound);
    }
    onboarding::pair(&platform.db, &platform.settings.onboarding, form.visit.person, platform.clock.now()).await?;
    Ok(Redirect::to("/onboarding/pairing").into_response())
}

/// The link and its QR code, until the bot is there.
pub(in crate::web) async fn show(
    State(state): State<WebState>,
    Extension(spoken): Extension<Spoken>,
    visit: Visit,
) -> Result<Response, Failure> {
    let platform = &state.platform;
    let (words, now) = (platform.texts.words(spoken.language), platform.clock.now());
    let last = platform.db.platform_read().await?.pairing_last(visit.person).await?;
    let Some(last) = last.filter(|last| last.used_at.is_none()) else {
        return Ok(Redirect::to("/onboarding").into_response());
    };
    let open = last.expires_at > now;
    let link = if open { state.manager().map(|manager| address(&manager, &last)) } else { None };
    let mut shell = Shell::outside(words, words.get("onboarding-title"));
    shell.live = true;
    let minutes = last.expires_at.since(now).as_secs().div_ceil(60);
    let page = Pair {
        shell,
        token_name: TOKEN,
        form_token: visit.form_token(&state),
        note: if open {
            words.plain("onboarding-pair-note", args![n = i64::try_from(minutes).unwrap_or(15)])
        } else {
            words.get("onboarding-pair-over")
        },
        drawing: link.as_deref().and_then(draw),
        link,
    };
    Ok(html(StatusCode::OK, &page))
}

/// Telegram's page for a new bot: its suggested name carries the code.
fn address(manager: &str, pairing: &PairingRow) -> String {
    format!("https://t.me/newbot/{manager}/studio_{}_bot", pairing.code)
}

fn draw(link: &str) -> Option<Drawing> {
    let code = QrCode::encode_text(link, QrCodeEcc::Medium).ok()?;
    let mut path = String::new();
    for y in 0..code.size() {
        for x in (0..code.size()).filter(|x| code.get_module(*x, y)) {
            let _ = write!(path, "M{},{}h1v1h-1z", x + QUIET, y + QUIET);
        }
    }
    Some(Drawing { side: code.size() + 2 * QUIET, path })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_becomes_squares_inside_their_quiet_zone() {
        let drawing = draw("https://t.me/newbot/manager_bot/studio_abcdefghij_bot").unwrap();
        assert!(drawing.side > 21 && drawing.path.starts_with("M4,4h1v1h-1z"), "{}", drawing.side);
        assert_eq!(draw(&"x".repeat(5_000)).map(|drawing| drawing.side), None, "too long for any code");
    }
}
