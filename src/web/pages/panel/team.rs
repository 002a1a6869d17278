//! Who may do what with a bot: its admins, those who only look, and the platform's support for an hour. A role that is taken away
//! ends its sessions at once (reliability.md T38); changes want a fresh confirmation by the bot.

use std::time::Duration;

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;

use super::generations::unreadable;
use super::log::When;
use crate::accounts::audit::{self, Act as Deed};
use crate::accounts::{Act, Subject};
use crate::bot::acts::Hands;
use crate::bot::acts::team::{Unfit, admin_add};
use crate::domain::{AdminRole, AuditAction, PanelScope, UserId};
use crate::web::extract::{At, OurForm};
use crate::web::failure::Failure;
use crate::web::pages::shell::Shell;
use crate::web::pages::{html, nav};

/// How long the support may look.
const SUPPORT: Duration = Duration::from_hours(1);
/// Viewers that a bot may have.
const VIEWERS: usize = 50;

/// Somebody.
struct Member {
    id: UserId,
    name: String,
    role: String,
    since: When,
    /// What takes the role away: `admins`, `viewers`; empty for the owner.
    kind: &'static str,
}

/// The page.
#[derive(Template)]
#[template(path = "pages/panel/team.html")]
struct Team<'a> {
    shell: Shell<'a>,
    members: Vec<Member>,
    support: Option<When>,
    owns: bool,
    managed: bool,
    base: String,
}

/// Everybody.
pub(in crate::web) async fn show(at: At) -> Result<Response, Failure> {
    let words = at.words();
    let mut tx = at.reads().await?;
    let when = |moment| When::new(words, at.tenant.zone(), moment, at.now);
    let mut members = Vec::new();
    for row in tx.admins_list().await? {
        let (key, kind) = match row.role {
            AdminRole::Owner => ("panel-role-owner", ""),
            AdminRole::Admin => ("panel-role-admin", "admins"),
        };
        let name = tx.user_get(row.user_id).await?.map_or_else(String::new, |user| user.first_name);
        members.push(Member { id: row.user_id, name, role: words.get(key), since: when(row.added_at), kind });
    }
    for row in tx.viewers_list().await? {
        let name = tx.user_get(row.user_id).await?.map_or_else(String::new, |user| user.first_name);
        let role = words.get("panel-role-viewer");
        members.push(Member { id: row.user_id, name, role, since: when(row.added_at), kind: "viewers" });
    }
    let page = Team {
        shell: Shell::at(&at, nav::TEAM, words.get("panel-team")),
        members,
        support: tx.support_get(at.now).await?.map(|row| when(row.until)),
        owns: at.may(Act::Own),
        managed: tx.settings_get().await?.is_some_and(|settings| settings.managed),
        base: at.url(""),
    };
    Ok(html(StatusCode::OK, &page))
}

fn typed(form: &OurForm) -> Option<UserId> {
    form.text("user").parse().ok().filter(|id| *id > 0).map(UserId)
}

fn by(at: &At) -> UserId {
    at.user().unwrap_or(UserId(0))
}

/// Makes an admin, or somebody who looks.
pub(in crate::web) async fn add(at: At, form: OurForm) -> Result<Response, Failure> {
    at.confirmed_by_bot()?;
    let Some(user) = typed(&form) else { return Ok(at.problem("team", "team-number")) };
    if form.text("role") == "viewer" {
        return add_viewer(&at, user).await;
    }
    let mut tx = at.writes().await?;
    let Some(person) = tx.user_get(user).await? else { return Ok(at.problem("team", "team-start")) };
    let hands = Hands { platform: at.platform(), tenant: &at.tenant, actor: at.actor(), now: at.now };
    let news = match admin_add(&mut tx, &hands, &person).await? {
        Ok(news) => news,
        Err(unfit) => {
            let problem = match unfit {
                Unfit::NotStarted => "team-start",
                Unfit::Already => "team-already",
                Unfit::Managed => "managed",
                Unfit::Full => "team-full",
                Unfit::Blocked => "team-blocked",
            };
            return Ok(at.problem("team", problem));
        }
    };
    tx.viewer_remove(user).await?;
    news.record(&mut tx, &hands, format!("admin:{user}:{}", at.corr)).await.map_err(unreadable)?;
    tx.commit().await?;
    renew(&at).await?;
    at.platform().signals.chat(&at.tenant.id, news.chat);
    at.platform().signals.job();
    Ok(at.done("team", "team-added"))
}

async fn add_viewer(at: &At, user: UserId) -> Result<Response, Failure> {
    let mut tx = at.writes().await?;
    if tx.user_get(user).await?.is_none_or(|person| person.started_at.is_none()) {
        return Ok(at.problem("team", "team-start"));
    }
    if tx.admin_role(user).await?.is_some() {
        return Ok(at.problem("team", "team-already"));
    }
    if tx.viewers_list().await?.len() >= VIEWERS {
        return Ok(at.problem("team", "team-full"));
    }
    if tx.viewer_add(user, by(at), at.now).await? {
        let object = audit::person(user);
        audit::record(&mut tx, at.actor(), Deed::new(AuditAction::ViewerAdded, &object), at.now).await?;
        tx.commit().await?;
    }
    Ok(at.done("team", "team-added"))
}

/// Takes a role away: the person is out of the panel with their next request.
pub(in crate::web) async fn remove(
    at: At,
    Path((_, kind, user)): Path<(String, String, String)>,
    _form: OurForm,
) -> Result<Response, Failure> {
    at.confirmed_by_bot()?;
    let user = user.parse().map(UserId).map_err(|_| Failure::NotFound)?;
    let mut tx = at.writes().await?;
    let (gone, action) = match kind.as_str() {
        "admins" => (tx.admin_dismiss(user).await?, AuditAction::AdminRemoved),
        "viewers" => (tx.viewer_remove(user).await?, AuditAction::ViewerRemoved),
        _ => return Err(Failure::NotFound),
    };
    if !gone {
        return Err(Failure::NotFound);
    }
    let object = audit::person(user);
    audit::record(&mut tx, at.actor(), Deed::new(action, &object), at.now).await?;
    crate::bot::jobs::put_command_menus(&mut tx, &at.corr, at.now).await?;
    tx.commit().await?;
    let platform = at.platform();
    let mut above = platform.db.platform().await?;
    let scope = PanelScope::Tenant(at.tenant.id.clone());
    let ended = above.panel_sessions_revoke_of(&scope, &Subject::Telegram(user).to_string(), at.now).await?;
    above.commit().await?;
    if ended > 0 {
        let (mut tx, was) = (at.writes().await?, ended.to_string());
        let act = Deed::new(AuditAction::SessionsEnded, &object).changed(Some(&was), Some("0"));
        audit::record(&mut tx, at.actor(), act, at.now).await?;
        tx.commit().await?;
    }
    renew(&at).await?;
    platform.signals.job();
    Ok(at.done("team", "team-removed"))
}

/// Lets the platform's support look for an hour.
pub(in crate::web) async fn grant(at: At, _form: OurForm) -> Result<Response, Failure> {
    at.confirmed_by_bot()?;
    let mut tx = at.writes().await?;
    tx.support_grant(by(&at), at.now.plus(SUPPORT), at.now).await?;
    audit::record(&mut tx, at.actor(), Deed::new(AuditAction::SupportGranted, "support"), at.now).await?;
    tx.commit().await?;
    Ok(at.done("team", "support-granted"))
}

/// Ends that hour.
pub(in crate::web) async fn revoke(at: At, _form: OurForm) -> Result<Response, Failure> {
    let mut tx = at.writes().await?;
    if tx.support_revoke(at.now).await? {
        audit::record(&mut tx, at.actor(), Deed::new(AuditAction::SupportRevoked, "support"), at.now).await?;
        tx.commit().await?;
    }
    Ok(at.done("team", "support-revoked"))
}

async fn renew(at: &At) -> Result<(), Failure> {
    let platform = at.platform();
    platform.tenants.refresh_one(&platform.db, &platform.vault, &at.tenant.id).await.map_err(unreadable)
}
