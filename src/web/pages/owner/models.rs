//! All models of the catalog as the platform sees them; those that the provider does not list are the owner's to check
//! (decisions.md 22). What was checked a partner may switch on; what is taken back leaves every bot's offers.

use std::collections::{BTreeMap, HashMap};

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use jiff::tz::TimeZone;

use crate::accounts::audit::{self, Act as Deed};
use crate::args;
use crate::catalog::{self, Markup, Model, Status};
use crate::domain::AuditAction;
use crate::store::CheckedModelRow;
use crate::tenants::shelf::{self, Shelf, Standing};
use crate::texts::{Words, key_part};
use crate::web::extract::{Desk, OurForm};
use crate::web::failure::Failure;
use crate::web::pages::panel::audit::actor_name;
use crate::web::pages::panel::generations::unreadable;
use crate::web::pages::panel::log::When;
use crate::web::pages::shell::Shell;
use crate::web::pages::{html, nav};

/// A model.
struct Line {
    id: String,
    title: String,
    kind: String,
    /// What the provider says of it.
    status: String,
    price: String,
    /// Why it can never be sold.
    hidden: Option<String>,
}

/// A model that the owner decides about.
struct Owned {
    line: Line,
    /// Who checked it, when, and in how many bots it is on sale.
    checked: Option<(String, When, String)>,
}

/// The page.
#[derive(Template)]
#[template(path = "pages/owner/models.html")]
struct Models<'a> {
    shell: Shell<'a>,
    counted: String,
    owned: Vec<Owned>,
    hidden: Vec<Line>,
    listed: Vec<(String, Vec<Line>)>,
}

/// The list.
pub(in crate::web) async fn show(desk: Desk) -> Result<Response, Failure> {
    let platform = desk.platform();
    let mut tx = platform.db.platform_read().await?;
    let rows = tx.checked_models().await?;
    let shelf = Shelf::of(&rows);
    drop(tx);
    let words = desk.words();
    let sold = on_sale(&desk, &rows);
    let (mut owned, mut hidden, mut listed) = (Vec::new(), Vec::new(), BTreeMap::<String, Vec<Line>>::new());
    for model in platform.catalog.models() {
        let line = line(words, model);
        match shelf.standing(model) {
            Standing::Unsellable => hidden.push(line),
            Standing::Listed => listed.entry(line.kind.clone()).or_default().push(line),
            Standing::Unchecked => owned.push(Owned { line, checked: None }),
            Standing::Checked => {
                let row = rows.iter().find(|row| row.model_id == model.id);
                let bots = sold.get(model.id.as_str()).copied().unwrap_or_default();
                owned.push(Owned { line, checked: row.map(|row| checked(&desk, row, bots)) });
            }
        }
    }
    let all = platform.catalog.models();
    let may = all.iter().filter(|model| shelf.allows(model)).count();
    let page = Models {
        shell: Shell::over(&desk, nav::SHELF, words.get("panel-owner-models")),
        counted: words.plain("panel-owner-models-counted", args![n = may, total = all.len()]),
        owned,
        hidden,
        listed: listed.into_iter().collect(),
    };
    Ok(html(StatusCode::OK, &page))
}

/// In how many bots of this process each checked model is on sale.
fn on_sale<'r>(desk: &Desk, rows: &'r [CheckedModelRow]) -> HashMap<&'r str, usize> {
    let platform = desk.platform();
    let (mut sold, tenants) = (HashMap::new(), platform.tenants.all());
    for row in rows {
        let Some(model) = platform.catalog.model(&row.model_id) else { continue };
        sold.insert(row.model_id.as_str(), tenants.iter().filter(|tenant| tenant.offers(model)).count());
    }
    sold
}

fn checked(desk: &Desk, row: &CheckedModelRow, bots: usize) -> (String, When, String) {
    let words = desk.words();
    let when = When::new(words, &TimeZone::UTC, row.checked_at, desk.now);
    (actor_name(words, &row.checked_by), when, words.plain("panel-owner-models-bots", args![n = bots]))
}

fn line(words: Words<'_>, model: &Model) -> Line {
    let price = catalog::min_price(model, Markup::ONE);
    Line {
        id: model.id.clone(),
        title: words.model_title(&model.id, &model.title),
        kind: words.gen_type(model.gen_type.slug()),
        status: words.get(status_key(model.status)),
        price: price.map_or_else(|| words.get("panel-dash"), |price| price.to_string()),
        hidden: (!model.is_sellable()).then(|| reason(words, model)),
    }
}

/// Why a model can never be sold.
fn reason(words: Words<'_>, model: &Model) -> String {
    let told = words.find(&format!("panel-model-hidden-{}", key_part(&model.id)));
    told.unwrap_or_else(|| words.get("panel-models-unsellable"))
}

const fn status_key(status: Status) -> &'static str {
    match status {
        Status::Listed => "panel-model-status-listed",
        Status::NotListed => "panel-model-status-not-listed",
        Status::ListedUnderOtherId => "panel-model-status-other-id",
        Status::DedicatedApi => "panel-model-status-dedicated",
        Status::Duplicate => "panel-model-status-duplicate",
        Status::Invalid => "panel-model-status-invalid",
    }
}

/// Marks a model as checked, or takes the mark back. What runs already is finished: an order never asks again.
pub(in crate::web) async fn mark(desk: Desk, form: OurForm) -> Result<Response, Failure> {
    let back = |what: &str| Ok(Redirect::to(&format!("/panel/owner/models?{what}")).into_response());
    let platform = desk.platform();
    let model = platform.catalog.models().iter().find(|model| model.id == form.text("model"));
    let (Some(model), "check" | "back") = (model, form.text("act")) else { return back("problem=model") };
    let checks = form.text("act") == "check";
    if !Shelf::default().standing(model).is_owners() {
        return back("problem=model");
    }
    let mut tx = desk.over().await?;
    if !shelf::set_checked(&mut tx, model, checks, &desk.actor().name(), desk.now).await? {
        return back("done=same");
    }
    let (action, [was, became]) = if checks {
        (AuditAction::ModelChecked, ["unchecked", "checked"])
    } else {
        (AuditAction::ModelUnchecked, ["checked", "unchecked"])
    };
    let object = format!("model:{}", model.id);
    let act = Deed::new(action, &object).changed(Some(was), Some(became));
    audit::record_over(&mut tx, None, desk.actor(), act, desk.now).await?;
    tx.commit().await?;
    tracing::info!(model = %model.id, checked = checks, "the platform's owner decided about a model");
    refresh(&desk).await?;
    back(if checks { "done=model-checked" } else { "done=model-back" })
}

/// What holds for all bots is true here at once; other processes read it within `bot.settings_refresh`.
pub(super) async fn refresh(desk: &Desk) -> Result<(), Failure> {
    let platform = desk.platform();
    // Bots that cannot be opened were told of when they were met first.
    platform.tenants.refresh(&platform.db, &platform.vault).await.map_err(unreadable)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;
    use crate::domain::Language;
    use crate::texts::Texts;

    #[test]
    fn every_model_that_can_never_be_sold_says_why_in_each_language() {
        let texts = Texts::embedded().unwrap();
        for language in Language::ALL {
            let words = texts.words(language);
            for model in Catalog::embedded().unwrap().models() {
                assert_ne!(words.get(status_key(model.status)), words.get("neutral"), "{:?}", model.status);
                if !model.is_sellable() {
                    assert_ne!(reason(words, model), words.get("panel-models-unsellable"), "{}", model.id);
                }
            }
        }
    }
}
