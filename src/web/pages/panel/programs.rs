//! Keys of the API (platform.md 6): made with the rights their program needs, shown once, revoked. Both want a fresh confirmation
//! by the bot (reliability.md 3.8).

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;

use super::log::When;
use super::settings::{Tab, tabs};
use crate::accounts::Act;
use crate::accounts::audit::{self, Act as Deed};
use crate::accounts::keys::{self, KeyError};
use crate::domain::{ApiKeyId, ApiRight, AuditAction, PanelScope};
use crate::web::extract::{At, OurForm};
use crate::web::failure::Failure;
use crate::web::pages::shell::Shell;
use crate::web::pages::{html, nav};

/// Keys that a bot may have in use at once.
const MOST: usize = 50;

/// A key, never its text.
struct Line {
    id: String,
    name: String,
    rights: Vec<String>,
    made: When,
    used: Option<When>,
    revoked: Option<When>,
}

/// A right as a box to tick.
struct Right {
    word: &'static str,
    name: String,
    ticked: bool,
}

/// The page.
#[derive(Template)]
#[template(path = "pages/panel/programs.html")]
struct Programs<'a> {
    shell: Shell<'a>,
    tabs: Vec<Tab>,
    lines: Vec<Line>,
    rights: Vec<Right>,
    name: String,
    wrong: Option<String>,
    /// A key that was made just now: this page is the only place that shows it.
    made: Option<String>,
    owns: bool,
    base: String,
}

fn scope(at: &At) -> PanelScope {
    PanelScope::Tenant(at.tenant.id.clone())
}

/// Every key.
pub(in crate::web) async fn show(at: At) -> Result<Response, Failure> {
    Ok(html(StatusCode::OK, &view(&at, "", &[ApiRight::Read], None, None).await?))
}

async fn view<'a>(
    at: &'a At,
    name: &str,
    ticked: &[ApiRight],
    wrong: Option<String>,
    made: Option<String>,
) -> Result<Programs<'a>, Failure> {
    let words = at.words();
    let right = |right: ApiRight| words.get(&format!("panel-right-{}", right.as_str()));
    let when = |moment| When::new(words, at.tenant.zone(), moment, at.now);
    let mut rows = at.platform().db.platform_read().await?.api_keys_of(&scope(at)).await?;
    // What is in use first, the newest first.
    rows.sort_by_key(|row| (row.revoked_at.is_some(), std::cmp::Reverse(row.created_at.0)));
    let lines = rows.into_iter().map(|row| Line {
        id: row.id.short().to_owned(),
        rights: keys::rights_of(&row).into_iter().map(right).collect(),
        name: row.name,
        made: when(row.created_at),
        used: row.last_used_at.map(when),
        revoked: row.revoked_at.map(when),
    });
    Ok(Programs {
        shell: Shell::at(at, nav::SETTINGS, words.get("panel-api")),
        tabs: tabs(at, "api"),
        lines: lines.collect(),
        rights: ApiRight::ALL
            .iter()
            .map(|one| Right { word: one.as_str(), name: right(*one), ticked: ticked.contains(one) })
            .collect(),
        name: name.to_owned(),
        wrong,
        made,
        owns: at.may(Act::Own),
        base: at.url(""),
    })
}

/// Makes one and shows it, once.
pub(in crate::web) async fn make(at: At, form: OurForm) -> Result<Response, Failure> {
    at.confirmed_by_bot()?;
    let name = form.text("name");
    let rights: Vec<ApiRight> =
        ApiRight::ALL.iter().copied().filter(|right| form.ticked(&format!("right.{}", right.as_str()))).collect();
    let (db, scope) = (&at.platform().db, scope(&at));
    let in_use = db.platform_read().await?.api_keys_of(&scope).await?;
    let again = async |key: &str| {
        let page = view(&at, name, &rights, Some(at.words().get(key)), None).await?;
        Ok(html(StatusCode::UNPROCESSABLE_ENTITY, &page))
    };
    if in_use.iter().filter(|row| row.revoked_at.is_none()).count() >= MOST {
        return again("panel-api-wrong-many").await;
    }
    let by = at.user().map_or_else(|| "panel".to_owned(), |user| format!("panel:{user}"));
    let made = match keys::issue(db, &scope, name, &rights, &by, at.now).await {
        Ok(made) => made,
        Err(KeyError::Name) => return again("panel-api-wrong-name").await,
        Err(KeyError::NoRight) => return again("panel-api-wrong-right").await,
        Err(KeyError::Store(error)) => return Err(error.into()),
    };
    // Written down before the key is shown: one that nobody was told of opens nothing.
    let object = format!("key:{}", made.id.short());
    let words = keys::words(&rights);
    let mut tx = at.writes().await?;
    let act = Deed::new(AuditAction::ApiKeyMade, &object).changed(None, Some(&words)).because(Some(name));
    audit::record(&mut tx, at.actor(), act, at.now).await?;
    tx.commit().await?;
    let page = view(&at, "", &[ApiRight::Read], None, Some(made.text.expose().to_owned())).await?;
    Ok(html(StatusCode::OK, &page))
}

/// Ends one: it opens nothing from its next call on.
pub(in crate::web) async fn revoke(
    at: At,
    Path((_, key)): Path<(String, String)>,
    _form: OurForm,
) -> Result<Response, Failure> {
    at.confirmed_by_bot()?;
    let id = ApiKeyId::from_short(&key).map_err(|_| Failure::NotFound)?;
    let scope = scope(&at);
    let mut tx = at.platform().db.platform().await?;
    let known = tx.api_keys_of(&scope).await?.into_iter().find(|row| row.id == id).ok_or(Failure::NotFound)?;
    if !tx.api_key_revoke(&scope, &id, at.now).await? {
        return Ok(at.problem("api", "key-revoked-before"));
    }
    tx.commit().await?;
    let object = format!("key:{}", id.short());
    let mut tx = at.writes().await?;
    let act = Deed::new(AuditAction::ApiKeyRevoked, &object).changed(Some(&known.rights), None);
    audit::record(&mut tx, at.actor(), act.because(Some(&known.name)), at.now).await?;
    tx.commit().await?;
    Ok(at.done("api", "key-revoked"))
}
