//! The page of a partner on their way: a token to paste, a webhook to take over, or their bot with what it still needs.

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};

use super::check::{self, Check};
use super::sale::Sale;
use super::{Visit, VisitForm};
use crate::accounts::audit::{self, Act, Actor};
use crate::args;
use crate::domain::{AuditAction, AuditDoor, BotInstanceId, BotToken, Corr, TenantState, UserId};
use crate::store::{OnboardingRow, TenantRow};
use crate::tenants::Tenant;
use crate::tenants::onboard::{self, OnboardError, Outcome};
use crate::tenants::tenant::TenantError;
use crate::texts::Words;
use crate::web::extract::TOKEN;
use crate::web::failure::Failure;
use crate::web::language::Spoken;
use crate::web::pages::html;
use crate::web::pages::shell::Shell;
use crate::web::state::WebState;

#[derive(Template)]
#[template(path = "pages/onboarding/start.html")]
struct Start<'a> {
    shell: Shell<'a>,
    token_name: &'static str,
    form_token: String,
    /// What was wrong with what came before.
    trouble: Option<String>,
    /// Whether bots can be created by a link.
    managed: bool,
}

#[derive(Template)]
#[template(path = "pages/onboarding/replace.html")]
struct Replace<'a> {
    shell: Shell<'a>,
    token_name: &'static str,
    form_token: String,
    text: String,
    trouble: Option<String>,
}

#[derive(Template)]
#[template(path = "pages/onboarding/draft.html")]
struct Draft<'a> {
    shell: Shell<'a>,
    token_name: &'static str,
    form_token: String,
    trouble: Option<String>,
    brand: String,
    /// `@name`, once Telegram told it.
    at_name: Option<String>,
    /// Where one talks to it.
    chat: Option<String>,
    checks: Vec<Check>,
    sale: Sale,
    ready: bool,
    live: bool,
}

#[derive(Template)]
#[template(path = "pages/onboarding/outside.html")]
struct Outside<'a> {
    shell: Shell<'a>,
    closed: bool,
    /// Where a link is had, and how long it lives.
    how: String,
}

/// Where they are. Who came by no link reads how to get one.
pub(in crate::web) async fn show(
    State(state): State<WebState>,
    Extension(spoken): Extension<Spoken>,
    visit: Result<Visit, Failure>,
) -> Result<Response, Failure> {
    let words = state.platform.texts.words(spoken.language);
    match visit {
        Ok(visit) => page(&state, words, &visit, None).await,
        Err(Failure::SignedOut) => {
            let shell = Shell::outside(words, words.get("onboarding-title"));
            let settings = &state.platform.settings.onboarding;
            let how = words.plain("onboarding-outside-how", args![time = words.span(settings.link_life)]);
            Ok(html(StatusCode::OK, &Outside { shell, closed: !settings.open, how }))
        }
        Err(failure) => Err(failure),
    }
}

/// Something that went wrong: its status, and the key of its text.
pub(super) type Trouble = (StatusCode, &'static str);

pub(super) async fn page(
    state: &WebState,
    words: Words<'_>,
    visit: &Visit,
    trouble: Option<Trouble>,
) -> Result<Response, Failure> {
    let row = state.platform.db.platform_read().await?.onboarding_get(visit.person).await?;
    let status = trouble.map_or(StatusCode::OK, |(status, _)| status);
    let trouble = trouble.map(|(_, key)| words.get(key));
    let form_token = visit.form_token(state);
    let shell = Shell::outside(words, words.get("onboarding-title"));
    if let Some(OnboardingRow { waiting_webhook: Some(at), .. }) = &row {
        let text = words.plain("onboarding-replace-text", args![host = at.as_str()]);
        return Ok(html(status, &Replace { shell, token_name: TOKEN, form_token, text, trouble }));
    }
    if let Some((tenant, stored)) = own(state, row.as_ref(), visit.person).await? {
        return draft(state, (shell, status), (&*tenant, &stored), form_token, trouble).await;
    }
    let managed = state.manages_bots();
    Ok(html(status, &Start { shell, token_name: TOKEN, form_token, trouble, managed }))
}

/// The bot that this person is setting up, if it is theirs still.
pub(super) async fn own(
    state: &WebState,
    row: Option<&OnboardingRow>,
    person: UserId,
) -> Result<Option<(std::sync::Arc<Tenant>, TenantRow)>, Failure> {
    let Some(id) = row.and_then(|row| row.tenant.as_ref()) else { return Ok(None) };
    let Some(tenant) = state.platform.tenants.get(id).filter(|tenant| tenant.owner() == Some(person)) else {
        return Ok(None);
    };
    let stored = state.platform.db.platform_read().await?.tenant_get(id).await?;
    Ok(stored.map(|stored| (tenant, stored)))
}

async fn draft(
    state: &WebState,
    (mut shell, status): (Shell<'_>, StatusCode),
    (tenant, stored): (&Tenant, &TenantRow),
    form_token: String,
    trouble: Option<String>,
) -> Result<Response, Failure> {
    let checks = check::all(state, shell.words, tenant, stored).await?;
    let live = stored.state != TenantState::Draft;
    shell.live = true;
    let page = Draft {
        token_name: TOKEN,
        form_token,
        trouble,
        brand: tenant.settings.brand.clone(),
        at_name: stored.bot_username.as_ref().map(|name| format!("@{name}")),
        chat: stored.bot_username.as_ref().map(|name| format!("https://t.me/{name}?start=hello")),
        ready: !live && checks.iter().all(|check| !check.blocking),
        checks,
        sale: Sale::of(&tenant.settings),
        live,
        shell,
    };
    Ok(html(status, &page))
}

/// A pasted token.
pub(in crate::web) async fn paste(
    State(state): State<WebState>,
    Extension(spoken): Extension<Spoken>,
    form: VisitForm,
) -> Result<Response, Failure> {
    let given = form.fields.get("bot_token").map(|text| text.trim()).unwrap_or_default();
    let words = state.platform.texts.words(spoken.language);
    let Ok(token) = BotToken::parse(given) else {
        let trouble = (StatusCode::BAD_REQUEST, "onboarding-bad-shape");
        return page(&state, words, &form.visit, Some(trouble)).await;
    };
    let now = state.platform.clock.now();
    let came = onboard::take(state.platform.host(&state.telegram), &token, form.visit.person, false, now).await;
    answer(&state, words, &form.visit, came).await
}

/// The word that a waiting token's updates may come here.
pub(in crate::web) async fn replace(
    State(state): State<WebState>,
    Extension(spoken): Extension<Spoken>,
    form: VisitForm,
) -> Result<Response, Failure> {
    let words = state.platform.texts.words(spoken.language);
    let row = state.platform.db.platform_read().await?.onboarding_get(form.visit.person).await?;
    let token = match &row {
        Some(row) => onboard::waiting(state.platform.host(&state.telegram), row).map_err(broken)?,
        None => None,
    };
    let Some(token) = token else { return page(&state, words, &form.visit, None).await };
    let now = state.platform.clock.now();
    let came = onboard::take(state.platform.host(&state.telegram), &token, form.visit.person, true, now).await;
    answer(&state, words, &form.visit, came).await
}

async fn answer(
    state: &WebState,
    words: Words<'_>,
    visit: &Visit,
    came: Result<Outcome, OnboardError>,
) -> Result<Response, Failure> {
    let trouble = match came.map_err(broken)? {
        Outcome::Hosted(_) | Outcome::SpeaksElsewhere(_) => {
            return Ok(Redirect::to("/onboarding").into_response());
        }
        Outcome::Taken => (StatusCode::CONFLICT, "onboarding-taken"),
        Outcome::Banned => (StatusCode::FORBIDDEN, "onboarding-banned"),
        Outcome::Unknown => (StatusCode::BAD_REQUEST, "onboarding-unknown"),
        Outcome::Away => (StatusCode::SERVICE_UNAVAILABLE, "onboarding-away"),
    };
    page(state, words, visit, Some(trouble)).await
}

/// Looks at Telegram again.
pub(in crate::web) async fn recheck(State(state): State<WebState>, form: VisitForm) -> Result<Response, Failure> {
    let row = state.platform.db.platform_read().await?.onboarding_get(form.visit.person).await?;
    if let Some((tenant, _)) = own(&state, row.as_ref(), form.visit.person).await? {
        onboard::connect(state.platform.host(&state.telegram), &tenant, state.platform.clock.now())
            .await
            .map_err(broken)?;
    }
    Ok(Redirect::to("/onboarding").into_response())
}

/// Begins with another bot, or gives a waiting token up. What is hosted stays.
pub(in crate::web) async fn another(State(state): State<WebState>, form: VisitForm) -> Result<Response, Failure> {
    onboard::begin_anew(state.platform.host(&state.telegram), form.visit.person, state.platform.clock.now())
        .await
        .map_err(broken)?;
    Ok(Redirect::to("/onboarding").into_response())
}

/// Opens the bot to everybody, unless something blocking is due.
pub(in crate::web) async fn go_live(
    State(state): State<WebState>,
    Extension(spoken): Extension<Spoken>,
    form: VisitForm,
) -> Result<Response, Failure> {
    let platform = &state.platform;
    let words = platform.texts.words(spoken.language);
    let row = platform.db.platform_read().await?.onboarding_get(form.visit.person).await?;
    let Some((tenant, stored)) = own(&state, row.as_ref(), form.visit.person).await? else {
        return page(&state, words, &form.visit, None).await;
    };
    if check::all(&state, words, &tenant, &stored).await?.iter().any(|check| check.blocking) {
        let trouble = (StatusCode::CONFLICT, "onboarding-not-ready");
        return page(&state, words, &form.visit, Some(trouble)).await;
    }
    open(&state, &tenant.id, &form).await?;
    if let Err(error) = platform.tenants.refresh(&platform.db, &platform.vault).await {
        tracing::warn!(%error, "the tenants were not read anew after a bot went live");
    }
    Ok(Redirect::to("/onboarding").into_response())
}

async fn open(state: &WebState, id: &BotInstanceId, form: &VisitForm) -> Result<(), Failure> {
    let (now, corr) = (state.platform.clock.now(), Corr::random());
    let mut tx = state.platform.db.tenant(id).await?.coming_from(form.origin.as_deref());
    if tx.state_move(TenantState::Draft, TenantState::Active, None, now).await? {
        let act = Act::new(AuditAction::StateChanged, "tenant").changed(Some("draft"), Some("active"));
        let who = Actor { user: Some(form.visit.person), door: AuditDoor::Panel, corr: &corr };
        audit::record(&mut tx, who, act, now).await?;
        tracing::info!(tenant = %id, "a bot went live");
    }
    tx.commit().await?;
    Ok(())
}

/// A defect, or the database.
fn broken(error: OnboardError) -> Failure {
    let OnboardError::Tenant(error) = error;
    stored(error)
}

/// The same of what is stored of a bot.
pub(super) fn stored(error: TenantError) -> Failure {
    match error {
        TenantError::Store(error) => error.into(),
        error => {
            tracing::error!(%error, "a bot could not be set up");
            Failure::Broken
        }
    }
}
