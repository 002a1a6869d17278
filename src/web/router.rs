//! Every address of the installation. `tests/it/web` reads this list through [`routes`] and attacks each one.

use axum::Router;
use axum::http::Method;
use axum::middleware::from_fn_with_state;
use axum::response::Redirect;
use axum::routing::{MethodRouter, get, post};

use super::around::around;
use super::failure::Failure;
use super::hooks::{kie, telegram};
use super::listener::capped;
use super::pages::{owner, panel, signin};
use super::state::WebState;
use super::{downloads, health, statics};

/// The largest form of the panel: tokens and short texts.
const FORM_BODY: usize = 16 * 1024;

/// One address and how it may be asked.
struct Route {
    path: &'static str,
    methods: &'static [Method],
    handler: MethodRouter<WebState>,
}

fn page(path: &'static str, handler: MethodRouter<WebState>) -> Route {
    Route { path, methods: &[Method::GET], handler }
}

fn form(path: &'static str, handler: MethodRouter<WebState>) -> Route {
    Route { path, methods: &[Method::POST], handler: capped(handler, FORM_BODY) }
}

fn main_routes(state: &WebState) -> Vec<Route> {
    let server = &state.platform.settings.server;
    let bytes = |max: u64| usize::try_from(max).unwrap_or(usize::MAX);
    let hook = |path, handler, max| Route { path, methods: &[Method::POST], handler: capped(handler, bytes(max)) };
    vec![
        page("/", get(|| async { Redirect::to("/panel") })),
        page("/live", get(health::live)),
        page("/ready", get(health::ready)),
        page("/static/{*file}", get(statics::file)),
        page("/file/{tenant}/{media}/{until}/{signature}", get(downloads::file)),
        hook("/webhook/{tenant}", post(telegram::update), server.webhook_body_max),
        hook("/kie/{tenant}/{token}", post(kie::callback), server.kie_body_max),
        page("/panel", get(panel::home::own)),
        page("/panel/t/{tenant}", get(panel::home::of_tenant)),
        page("/panel/owner", get(owner::tenants::all)),
        Route {
            path: "/panel/enter/{token}",
            methods: &[Method::GET, Method::POST],
            handler: capped(get(signin::confirm).post(signin::enter), FORM_BODY),
        },
        form("/panel/sign-out", post(signin::sign_out)),
        page("/panel/signed-out", get(signin::signed_out)),
    ]
}

fn admin_routes() -> Vec<Route> {
    vec![page("/live", get(health::live)), page("/ready", get(health::ready)), page("/metrics", get(health::metrics))]
}

/// Webhooks, provider callbacks, the panel, its files, health.
pub fn main(state: &WebState) -> Router {
    build(main_routes(state), state)
}

/// Health and metrics, for the operator's network only.
pub fn admin(state: &WebState) -> Router {
    build(admin_routes(), state)
}

/// The main listener's addresses and methods: what the tests attack.
pub fn routes(state: &WebState) -> Vec<(&'static str, &'static [Method])> {
    main_routes(state).into_iter().map(|route| (route.path, route.methods)).collect()
}

fn build(routes: Vec<Route>, state: &WebState) -> Router {
    let mut built = Router::new();
    for route in routes {
        built = built.route(route.path, route.handler);
    }
    built
        .fallback(|| async { Failure::NotFound })
        .method_not_allowed_fallback(|| async { Failure::WrongMethod })
        .layer(from_fn_with_state(state.clone(), around))
        .with_state(state.clone())
}
