//! What a bot sells: which models, for how much, and what stays of it. Prices are the bot's own, by the catalog's functions; a
//! markup can be tried before it is set.

use std::collections::BTreeMap;

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Map, Value};

use super::generations::unreadable;
use super::log;
use crate::accounts::Act;
use crate::accounts::audit::{self, Act as Deed};
use crate::billing::settlement::provider_cost;
use crate::catalog::{self, Markup, Model};
use crate::domain::settings::{EnabledModels, TenantSettings};
use crate::domain::{AuditAction, Factor, Money};
use crate::tenants::change::{self, Applied};
use crate::tenants::shelf::Standing;
use crate::web::extract::{At, OurForm};
use crate::web::failure::Failure;
use crate::web::pages::shell::Shell;
use crate::web::pages::{html, nav};

/// A model for sale, or not.
struct Line {
    id: String,
    title: String,
    on: bool,
    /// It can be switched on here.
    allowed: bool,
    /// Why it is not offered by itself.
    reason: Option<String>,
    price: String,
    cost: String,
    margin: String,
    /// How much of the price stays, and whether that is a loss.
    loss: bool,
    free: usize,
}

/// Models of one kind.
struct Kind {
    name: String,
    lines: Vec<Line>,
}

/// The page.
#[derive(Template)]
#[template(path = "pages/panel/models.html")]
struct Models<'a> {
    shell: Shell<'a>,
    kinds: Vec<Kind>,
    offered: String,
    markup: String,
    /// A markup is being tried.
    trying: bool,
    /// What was typed is no markup.
    wrong: bool,
    owns: bool,
    base: String,
}

/// `?markup=1.3` tries one.
pub(in crate::web) async fn show(at: At) -> Result<Response, Failure> {
    let mut tx = at.reads().await?;
    let settings = change::current(&mut tx).await.map_err(unreadable)?;
    drop(tx);
    let typed = at.asked("markup");
    let tried = typed
        .and_then(|text| text.replace(',', ".").parse::<Factor>().ok())
        .and_then(|factor| Some((factor, markup_of(factor)?)));
    let wrong = typed.is_some() && tried.is_none();
    let markup = tried.map(|(_, markup)| markup).or_else(|| markup_of(settings.markup));
    let markup = markup.unwrap_or_else(|| at.tenant.markup());
    let words = at.words();
    let mut kinds: BTreeMap<String, Vec<Line>> = BTreeMap::new();
    let (mut offered, mut all) = (0_u64, 0_u64);
    for model in at.platform().catalog.models() {
        let line = line(&at, model, &settings, markup);
        offered += u64::from(line.on);
        all += 1;
        kinds.entry(words.gen_type(model.gen_type.slug())).or_default().push(line);
    }
    let page = Models {
        shell: Shell::at(&at, nav::MODELS, words.get("panel-models")),
        kinds: kinds.into_iter().map(|(name, lines)| Kind { name, lines }).collect(),
        offered: words.plain("panel-models-offered", crate::args![n = offered, total = all]),
        markup: match (tried, typed) {
            (Some((factor, _)), _) => factor.to_string(),
            (None, Some(typed)) => typed.to_owned(),
            (None, None) => settings.markup.to_string(),
        },
        trying: tried.is_some(),
        wrong,
        owns: at.may(Act::Own),
        base: at.url(""),
    };
    Ok(html(StatusCode::OK, &page))
}

/// A factor as a markup, if it may be one.
fn markup_of(factor: Factor) -> Option<Markup> {
    u32::try_from(factor.as_ten_thousandths()).ok().and_then(|bp| Markup::basis_points(bp).ok())
}

fn line(at: &At, model: &Model, settings: &TenantSettings, markup: Markup) -> Line {
    let words = at.words();
    let dash = || words.get("panel-dash");
    let standing = at.tenant.shelf.standing(model);
    let price = catalog::min_price(model, markup);
    let cheapest = model.pricing.tiers.iter().filter(|tier| tier.is_sellable()).min_by_key(|tier| tier.price);
    let cost = cheapest.and_then(|tier| provider_cost(tier.credits, settings.currency_rate));
    let stays = price.zip(cost).and_then(|(price, cost)| price.minus(cost));
    let share = price.zip(stays).and_then(|(price, stays)| {
        let kopecks = price.as_kopecks();
        (kopecks > 0).then(|| stays.as_kopecks().saturating_mul(100) / kopecks)
    });
    let reason = match standing {
        Standing::Unsellable => Some(words.get("panel-models-unsellable")),
        Standing::Unchecked => Some(words.get("panel-models-unchecked")),
        Standing::Checked => Some(words.get("panel-models-checked")),
        Standing::Listed => None,
    };
    Line {
        id: model.id.clone(),
        title: log::model(at, &model.id),
        on: at.tenant.shelf.offers(&settings.enabled_models, model),
        allowed: standing.may_be_offered(),
        reason,
        price: price.map_or_else(dash, |price| price.to_string()),
        cost: cost.map_or_else(dash, |cost| cost.to_string()),
        margin: stays.zip(share).map_or_else(dash, |(stays, share)| {
            format!("{stays} · {}", words.plain("panel-percent", crate::args![p = share]))
        }),
        loss: stays.is_some_and(|stays| stays < Money::ZERO),
        free: model.pricing.tiers.iter().filter(|tier| tier.free).count(),
    }
}

/// Which models are offered.
pub(in crate::web) async fn save(at: At, form: OurForm) -> Result<Response, Failure> {
    let (models, shelf) = (at.platform().catalog.models(), &at.tenant.shelf);
    let ticked: Vec<String> = models
        .iter()
        .filter(|model| shelf.allows(model) && form.ticked(&format!("model.{}", model.id)))
        .map(|model| model.id.clone())
        .collect();
    if ticked.is_empty() {
        return Ok(at.problem("models", "no-models"));
    }
    let usual = models.iter().filter(|model| model.is_visible_by_default());
    let chosen = if usual.map(|model| &model.id).eq(ticked.iter()) {
        EnabledModels::Listed
    } else {
        EnabledModels::Only(ticked)
    };
    let value = serde_json::to_value(&chosen).map_err(|_| Failure::Broken)?;
    let mut tx = at.writes().await?;
    let changes = Map::from_iter([("enabled_models".to_owned(), value)]);
    match change::apply(&mut tx, &changes, at.now).await.map_err(unreadable)? {
        Applied::Done(changes) => {
            for (_, was, became) in &changes {
                let (was, became) = (count(was), count(became));
                let act = Deed::new(AuditAction::SettingChanged, "setting:enabled_models");
                audit::record(&mut tx, at.actor(), act.changed(Some(&was), Some(&became)), at.now).await?;
            }
            tx.commit().await?;
            let platform = at.platform();
            let renewed = platform.tenants.refresh_one(&platform.db, &platform.vault, &at.tenant.id).await;
            renewed.map_err(unreadable)?;
            Ok(at.done("models", if changes.is_empty() { "same" } else { "saved" }))
        }
        Applied::Managed => Ok(at.problem("models", "managed")),
        Applied::Lost => Ok(at.problem("models", "lost")),
        Applied::Wrong(_) => Ok(at.problem("models", "no-models")),
    }
}

/// A long list of names says little in a log: how many it is.
fn count(stored: &str) -> String {
    match serde_json::from_str::<Vec<Value>>(stored) {
        Ok(all) => all.len().to_string(),
        Err(_) => stored.to_owned(),
    }
}
