//! Promo codes: the list, a new one, switching one off (bot.md 12.4).

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;

use super::figures::count;
use crate::accounts::Act;
use crate::billing::WhyTwo;
use crate::bot::acts::promo::Made;
use crate::bot::acts::{self, Hands};
use crate::domain::{PromoId, PromoTerms};
use crate::store::PromoRow;
use crate::web::extract::{At, OurForm};
use crate::web::failure::Failure;
use crate::web::pages::shell::Shell;
use crate::web::pages::{html, nav};

/// Codes that are listed.
const LISTED: i64 = 200;

/// A code.
struct Line {
    id: String,
    code: String,
    worth: String,
    used: String,
    total: String,
    per_user: i64,
    until: String,
    state: String,
    class: &'static str,
    live: bool,
}

/// The page.
#[derive(Template)]
#[template(path = "pages/panel/promos.html")]
struct Promos<'a> {
    shell: Shell<'a>,
    codes: Vec<Line>,
    operates: bool,
    base: String,
}

/// The list.
pub(in crate::web) async fn list(at: At) -> Result<Response, Failure> {
    let rows = at.reads().await?.promos_newest(LISTED).await?;
    let page = Promos {
        shell: Shell::at(&at, nav::PROMOS, at.words().get("panel-promos")),
        codes: rows.iter().map(|row| line(&at, row)).collect(),
        operates: at.may(Act::Operate),
        base: at.url(""),
    };
    Ok(html(StatusCode::OK, &page))
}

fn line(at: &At, row: &PromoRow) -> Line {
    let live = row.is_live(at.now);
    let (key, class) = match (live, row.off_at.is_some(), row.used >= row.total) {
        (_, true, _) => ("panel-promo-off", "warn"),
        (false, false, _) => ("panel-promo-over", "warn"),
        (true, false, true) => ("panel-promo-used-up", "warn"),
        (true, false, false) => ("panel-promo-live", "ok"),
    };
    Line {
        id: row.id.short().to_owned(),
        worth: row.gives().to_string(),
        used: count(row.used.unsigned_abs()),
        total: count(row.total.unsigned_abs()),
        per_user: row.per_user,
        until: row.expires_at.shown(at.tenant.zone()),
        state: at.words().get(key),
        class,
        live,
        code: row.code.to_string(),
    }
}

fn hands(at: &At) -> Hands<'_> {
    Hands { platform: at.platform(), tenant: &at.tenant, actor: at.actor(), now: at.now }
}

/// Makes one, from the same five parts as the bot's line.
pub(in crate::web) async fn create(at: At, form: OurForm) -> Result<Response, Failure> {
    let parts = ["code", "worth", "total", "per_user", "days"].map(|name| form.text(name).replace(' ', ""));
    let line = parts.join(" ");
    let Ok(terms) = PromoTerms::parse(&line) else { return Ok(at.problem("promos", "promo-terms")) };
    let mut tx = at.writes().await?;
    match acts::promo::make(&mut tx, &hands(&at), &terms, &line).await? {
        Made::Now(_) => {}
        Made::Exists => return Ok(at.problem("promos", "promo-exists")),
        Made::TooMuch(WhyTwo::Amount(_)) => return Ok(at.problem("promos", "promo-too-much")),
        Made::TooMuch(WhyTwo::Day(_)) => return Ok(at.problem("promos", "promo-too-much-day")),
    }
    tx.commit().await?;
    Ok(at.done("promos", "promo-made"))
}

/// Switches one off.
pub(in crate::web) async fn off(
    at: At,
    Path((_, id)): Path<(String, String)>,
    _form: OurForm,
) -> Result<Response, Failure> {
    let id = PromoId::from_short(&id).map_err(|_| Failure::NotFound)?;
    let mut tx = at.writes().await?;
    tx.promo_get(&id).await?.ok_or(Failure::NotFound)?;
    if acts::promo::switch_off(&mut tx, &hands(&at), &id).await? {
        tx.commit().await?;
    }
    Ok(at.done("promos", "promo-off"))
}
