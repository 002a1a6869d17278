//! What a bot that is being set up asks and how it is paid: the few settings that matter before the first user comes. The rest
//! stands in the panel; the rules are the settings' own.

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use serde_json::{Map, Value};

use super::VisitForm;
use super::start::{own, page, stored};
use crate::accounts::audit::{self, Act, Actor};
use crate::domain::settings::TenantSettings;
use crate::domain::{AuditAction, AuditDoor, Corr};
use crate::tenants::change::{self, Applied};
use crate::web::failure::Failure;
use crate::web::language::Spoken;
use crate::web::state::WebState;

/// The form as it stands.
pub(super) struct Sale {
    pub(super) markup: String,
    pub(super) free: String,
    pub(super) stars: bool,
    pub(super) contact: String,
    /// What is said is enough to sell.
    pub(super) done: bool,
}

impl Sale {
    /// From what is stored.
    pub(super) fn of(settings: &TenantSettings) -> Self {
        Self {
            markup: settings.markup.to_string(),
            free: settings.free_per_day.to_string(),
            stars: settings.stars_enabled,
            contact: settings.support_contact.clone(),
            done: settings.stars_enabled || settings.sbp_enabled,
        }
    }
}

/// Stores it: all of it or nothing.
pub(in crate::web) async fn save(
    State(state): State<WebState>,
    Extension(spoken): Extension<Spoken>,
    form: VisitForm,
) -> Result<Response, Failure> {
    let platform = &state.platform;
    let words = platform.texts.words(spoken.language);
    let row = platform.db.platform_read().await?.onboarding_get(form.visit.person).await?;
    let Some((tenant, _)) = own(&state, row.as_ref(), form.visit.person).await? else {
        return page(&state, words, &form.visit, None).await;
    };
    let text = |name: &str| form.fields.get(name).map(|value| value.trim()).unwrap_or_default();
    let free = text("free_per_day");
    let typed = Map::from_iter([
        ("markup".to_owned(), Value::from(text("markup").replace(',', "."))),
        ("free_per_day".to_owned(), free.parse::<u64>().map_or_else(|_| Value::from(free), Value::from)),
        ("stars_enabled".to_owned(), Value::from(form.fields.contains_key("stars_enabled"))),
        ("support_contact".to_owned(), Value::from(text("support_contact"))),
    ]);
    let (now, corr) = (platform.clock.now(), Corr::random());
    let mut tx = platform.db.tenant(&tenant.id).await?.coming_from(form.origin.as_deref());
    let trouble = match change::apply(&mut tx, &typed, now).await.map_err(stored)? {
        Applied::Done(changes) => {
            let who = Actor { user: Some(form.visit.person), door: AuditDoor::Panel, corr: &corr };
            for (name, was, became) in &changes {
                let object = format!("setting:{name}");
                let act = Act::new(AuditAction::SettingChanged, &object).changed(Some(was), Some(became));
                audit::record(&mut tx, who, act, now).await?;
            }
            tx.commit().await?;
            platform.tenants.refresh_one(&platform.db, &platform.vault, &tenant.id).await.map_err(stored)?;
            return Ok(Redirect::to("/onboarding").into_response());
        }
        Applied::Managed => (StatusCode::CONFLICT, "panel-problem-managed"),
        Applied::Lost => (StatusCode::CONFLICT, "panel-problem-lost"),
        Applied::Wrong(_) => (StatusCode::UNPROCESSABLE_ENTITY, "onboarding-sale-wrong"),
    };
    drop(tx);
    page(&state, words, &form.visit, Some(trouble)).await
}
