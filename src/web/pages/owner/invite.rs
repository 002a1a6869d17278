//! Inviting a partner (decisions.md 14): a link into onboarding for one Telegram id, which the owner hands over. Who opens it
//! first is that person, so it is shown once, lives for some minutes and works once.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use crate::accounts::audit::{self, Act as Deed};
use crate::accounts::onboarding;
use crate::args;
use crate::domain::{AuditAction, BanKind, Language, LinkSource, UserId};
use crate::web::extract::{Desk, OurForm};
use crate::web::failure::Failure;
use crate::web::pages::shell::Shell;
use crate::web::pages::{html, nav};

/// The page.
#[derive(Template)]
#[template(path = "pages/owner/invite.html")]
struct Invite<'a> {
    shell: Shell<'a>,
    person: String,
    wrong: Option<String>,
    /// The link that was made just now, and how long it lives.
    made: Option<(String, String)>,
}

fn view<'a>(desk: &'a Desk, person: &str, wrong: Option<String>, made: Option<(String, String)>) -> Invite<'a> {
    let shell = Shell::over(desk, nav::TENANTS, desk.words().get("panel-invite"));
    Invite { shell, person: person.to_owned(), wrong, made }
}

/// The form.
pub(in crate::web) async fn show(desk: Desk) -> Response {
    html(StatusCode::OK, &view(&desk, "", None, None))
}

/// Makes the link and shows it, once.
pub(in crate::web) async fn make(desk: Desk, form: OurForm) -> Result<Response, Failure> {
    desk.confirmed_by_bot()?;
    let typed = form.text("person");
    let again =
        |key: &str| html(StatusCode::UNPROCESSABLE_ENTITY, &view(&desk, typed, Some(desk.words().get(key)), None));
    let Some(person) = typed.parse().ok().filter(|id| *id > 0).map(UserId) else {
        return Ok(again("panel-invite-wrong"));
    };
    let platform = desk.platform();
    if platform.db.platform_read().await?.ban_is(BanKind::Person, person).await? {
        return Ok(again("panel-invite-banned"));
    }
    let language: Language = form.text("language").parse().unwrap_or(desk.spoken.language);
    let (settings, source) = (&platform.settings.onboarding, (LinkSource::Owner, None));
    let mut tx = desk.over().await?;
    let path = onboarding::issue_in(&mut tx, settings, person, source, language, desk.now).await?;
    let object = audit::person(person);
    let act = Deed::new(AuditAction::PartnerInvited, &object);
    audit::record_over(&mut tx, None, desk.actor(), act, desk.now).await?;
    tx.commit().await?;
    let life = desk.words().plain("panel-invite-life", args![time = desk.words().span(settings.link_life)]);
    let made = (format!("{}{path}", desk.state.public_url), life);
    Ok(html(StatusCode::OK, &view(&desk, typed, None, Some(made))))
}
