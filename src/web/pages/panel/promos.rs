//! Promo codes: the list, a new one, switching one off (bot.md 12.4).

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;

use super::figures::count;
use super::refused::Refused;
use crate::accounts::Act;
use crate::billing::WhyTwo;
use crate::bot::acts::promo::Made;
use crate::bot::acts::{self, Hands};
use crate::domain::{PromoFault, PromoId, PromoTerms};
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

/// A new code as it is typed.
struct Typed {
    code: String,
    worth: String,
    total: String,
    per_user: String,
    days: String,
}

impl Typed {
    /// What an untouched form has.
    fn fresh() -> Self {
        Self {
            code: String::new(),
            worth: String::new(),
            total: "100".to_owned(),
            per_user: "1".to_owned(),
            days: "30".to_owned(),
        }
    }

    fn of(form: &OurForm) -> Self {
        let text = |name| form.text(name).to_owned();
        Self {
            code: text("code"),
            worth: text("worth"),
            total: text("total"),
            per_user: text("per_user"),
            days: text("days"),
        }
    }

    /// The bot's line of five parts.
    fn line(&self) -> String {
        [&self.code, &self.worth, &self.total, &self.per_user, &self.days].map(|part| part.replace(' ', "")).join(" ")
    }

    /// The part that is wrong: a line with a part missing has its empty one.
    fn wrong(&self, fault: PromoFault) -> &'static str {
        match fault {
            PromoFault::Shape if self.worth.is_empty() => "worth",
            PromoFault::Shape if self.total.is_empty() => "total",
            PromoFault::Shape if self.per_user.is_empty() => "per-user",
            PromoFault::Shape if self.days.is_empty() => "days",
            PromoFault::Code | PromoFault::Shape => "code",
            PromoFault::Worth => "worth",
            PromoFault::Total => "total",
            PromoFault::PerUser => "per-user",
            PromoFault::Days => "days",
        }
    }
}

/// The page.
#[derive(Template)]
#[template(path = "pages/panel/promos.html")]
struct Promos<'a> {
    shell: Shell<'a>,
    codes: Vec<Line>,
    typed: Typed,
    refused: Option<Refused>,
    operates: bool,
    base: String,
}

impl Promos<'_> {
    /// Why this field was refused, if it was.
    fn wrong(&self, field: &str) -> Option<&str> {
        self.refused.as_ref().and_then(|refused| refused.at(field))
    }
}

/// The list.
pub(in crate::web) async fn list(at: At) -> Result<Response, Failure> {
    page(&at, StatusCode::OK, Typed::fresh(), None).await
}

async fn page(at: &At, status: StatusCode, typed: Typed, refused: Option<Refused>) -> Result<Response, Failure> {
    let rows = at.reads().await?.promos_newest(LISTED).await?;
    let page = Promos {
        shell: Shell::at(at, nav::PROMOS, at.words().get("panel-promos")),
        codes: rows.iter().map(|row| line(at, row)).collect(),
        typed,
        refused,
        operates: at.may(Act::Operate),
        base: at.url(""),
    };
    Ok(html(status, &page))
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

/// Shows the form again as it was typed, with the field that does not fit and what it must be.
async fn again(at: &At, typed: Typed, field: &'static str, why: &str) -> Result<Response, Failure> {
    page(at, StatusCode::UNPROCESSABLE_ENTITY, typed, Some(Refused::new(at.words(), field, why))).await
}

/// Makes one, from the same five parts as the bot's line.
pub(in crate::web) async fn create(at: At, form: OurForm) -> Result<Response, Failure> {
    let typed = Typed::of(&form);
    let line = typed.line();
    let terms = match PromoTerms::parse(&line) {
        Ok(terms) => terms,
        Err(fault) => {
            let field = typed.wrong(fault);
            return again(&at, typed, field, &format!("panel-promo-rule-{field}")).await;
        }
    };
    let mut tx = at.writes().await?;
    let (field, why) = match acts::promo::make(&mut tx, &hands(&at), &terms, &line).await? {
        Made::Now(_) => {
            tx.commit().await?;
            return Ok(at.done("promos", "promo-made"));
        }
        Made::Exists => ("code", "panel-promo-exists"),
        Made::TooMuch(WhyTwo::Amount(_)) => ("worth", "panel-promo-too-much"),
        Made::TooMuch(WhyTwo::Day(_)) => ("worth", "panel-promo-too-much-day"),
    };
    // SQLite has one writer: it is let go before the page is read.
    drop(tx);
    again(&at, typed, field, why).await
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
