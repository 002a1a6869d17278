//! Every address of the installation. `tests/it/web` reads this list through [`routes`] and attacks each one.

use axum::Router;
use axum::http::Method;
use axum::middleware::from_fn_with_state;
use axum::response::Redirect;
use axum::routing::{MethodRouter, get, post};

use super::around::around;
use super::failure::Failure;
use super::guard::{Door, Need, guard};
use super::hooks::{kie, telegram};
use super::listener::capped;
use super::pages::{miniapp, onboarding};
use super::state::WebState;
use super::{api, diag, downloads, health, statics};

mod panel;

/// The largest form of the panel: tokens and short texts.
const FORM_BODY: usize = 16 * 1024;
/// The largest form that carries a letter or an article: thousands of letters that take six bytes each on the way.
const LONG_FORM_BODY: usize = 64 * 1024;

/// One address and how it may be asked.
struct Route {
    path: &'static str,
    methods: &'static [Method],
    need: Need,
    handler: MethodRouter<WebState>,
}

/// An address as the tests know it.
#[derive(Debug, Clone, Copy)]
pub struct Address {
    /// Its path, with parameters in braces.
    pub path: &'static str,
    /// How it may be asked.
    pub methods: &'static [Method],
    /// What it needs.
    pub need: Need,
}

fn page(path: &'static str, handler: MethodRouter<WebState>) -> Route {
    Route { path, methods: &[Method::GET], need: Need::Open, handler }
}

fn form(path: &'static str, handler: MethodRouter<WebState>) -> Route {
    Route { path, methods: &[Method::POST], need: Need::Open, handler: capped(handler, FORM_BODY) }
}

/// How things stand, on both listeners.
fn diagnostic_routes() -> Vec<Route> {
    vec![
        page("/__diag/boot", get(diag::boot)),
        page("/__diag/ready", get(diag::ready)),
        page("/__diag/billing_preflight", get(diag::billing_preflight)),
        page("/__diag/last_errors", get(diag::last_errors)),
        page("/__diag/requirements", get(diag::requirements)),
        page("/__diag/corr/{id}", get(diag::corr)),
    ]
}

fn main_routes(state: &WebState) -> Vec<Route> {
    let server = &state.platform.settings.server;
    let bytes = |max: u64| usize::try_from(max).unwrap_or(usize::MAX);
    let hook = |path, handler, max| Route {
        path,
        methods: &[Method::POST],
        need: Need::Open,
        handler: capped(handler, bytes(max)),
    };
    let mut all = vec![
        page("/", get(|| async { Redirect::to("/panel") })),
        page("/live", get(health::live)),
        page("/ready", get(health::ready)),
        page("/static/{*file}", get(statics::file)),
        page("/file/{tenant}/{media}/{until}/{signature}", get(downloads::file)),
        hook("/webhook/{tenant}", post(telegram::update), server.webhook_body_max),
        hook("/kie/{tenant}/{token}", post(kie::callback), server.kie_body_max),
    ];
    all.extend(diagnostic_routes());
    all.extend(panel::routes(bytes(server.upload_body_max)));
    all.extend(arrivals());
    all
}

/// The Mini App and onboarding: who comes there proves otherwise who they are.
fn arrivals() -> Vec<Route> {
    let door = |path, handler| Route {
        path,
        methods: &[Method::GET, Method::POST],
        need: Need::Open,
        handler: capped(handler, FORM_BODY),
    };
    vec![
        door("/miniapp", get(miniapp::open).post(miniapp::enter)),
        page("/onboarding", get(onboarding::show)),
        door("/onboarding/enter/{token}", get(onboarding::confirm).post(onboarding::enter)),
        form("/onboarding/paste", post(onboarding::paste)),
        form("/onboarding/replace", post(onboarding::replace)),
        form("/onboarding/recheck", post(onboarding::recheck)),
        form("/onboarding/another", post(onboarding::another)),
        form("/onboarding/sale", post(onboarding::sell)),
        form("/onboarding/live", post(onboarding::go_live)),
        form("/onboarding/pair", post(onboarding::pair)),
        page("/onboarding/pairing", get(onboarding::pairing)),
    ]
}

fn admin_routes() -> Vec<Route> {
    let mut routes = vec![
        page("/live", get(health::live)),
        page("/ready", get(health::ready)),
        page("/metrics", get(health::metrics)),
    ];
    routes.extend(diagnostic_routes());
    routes
}

/// Webhooks, provider callbacks, the panel, its files, health, the API.
pub fn main(state: &WebState) -> Router {
    build(main_routes(state), api::routes(), state)
}

/// Health and metrics, for the operator's network only.
pub fn admin(state: &WebState) -> Router {
    build(admin_routes(), Vec::new(), state)
}

/// The main listener's addresses: what the tests attack.
pub fn routes(state: &WebState) -> Vec<Address> {
    let address = |route: Route| Address { path: route.path, methods: route.methods, need: route.need };
    main_routes(state).into_iter().map(address).collect()
}

/// The panel's addresses, which are the same everywhere.
pub fn panel_addresses() -> Vec<Address> {
    let address = |route: Route| Address { path: route.path, methods: route.methods, need: route.need };
    panel::routes(0).into_iter().map(address).collect()
}

fn build(routes: Vec<Route>, of_api: Vec<(&'static str, MethodRouter<WebState>)>, state: &WebState) -> Router {
    let mut built = Router::new();
    for Route { path, need, handler, .. } in routes {
        let guarded = match need {
            Need::Open => handler,
            need => handler.route_layer(from_fn_with_state(Door { state: state.clone(), need }, guard)),
        };
        built = built.route(path, guarded);
    }
    for (path, handler) in of_api {
        built = built.route(path, handler);
    }
    built
        .fallback(|| async { Failure::NotFound })
        .method_not_allowed_fallback(|| async { Failure::WrongMethod })
        .layer(from_fn_with_state(state.clone(), around))
        .with_state(state.clone())
}
