//! `/api/v1`: what programs of partners and of the platform's owner may ask and do (platform.md 6).
//!
//! One table, `table::ENDPOINTS`, lists every call with its right, its parameters, its shapes and its function. The router,
//! the OpenAPI document and the tests are made from it. Every call comes through `door`: key, pace, right, tenant,
//! parameters, repetition. To add a call, write its function in `calls/` and its entry in the table:
//!
//! ```ignore
//! Endpoint {
//!     method: Verb::Get, path: "/api/v1/users/{user}", name: "getUser", about: "One person",
//!     needs: Needs::Tenant(ApiRight::Read), params: &[USER], body: None, answer: shape::<UserOut>,
//!     act: Act::Read(|ask| Box::pin(users::one(ask))),
//! },
//! ```

mod calls;
mod cursor;
mod door;
mod openapi;
mod problem;
mod shape;
mod table;

use axum::http::Method;
use axum::routing::{MethodFilter, MethodRouter, on};

pub(super) use problem::{of_failure, speaks};

use super::listener::capped;
use super::state::WebState;
use table::{ENDPOINTS, Verb};

/// The largest body of a call, bytes.
const BODY: usize = 16 * 1024;

/// An address of the API with its methods, for the router.
pub(super) fn routes() -> Vec<(&'static str, MethodRouter<WebState>)> {
    ENDPOINTS
        .iter()
        .map(|endpoint| {
            let filter = match endpoint.method {
                Verb::Get => MethodFilter::GET,
                Verb::Post => MethodFilter::POST,
                Verb::Delete => MethodFilter::DELETE,
            };
            let handler = on(filter, move |state, request| door::pass(endpoint, state, request));
            (endpoint.path, capped(handler, BODY))
        })
        .collect()
}

/// What the tests attack: every address with its method and what it needs.
pub fn listed() -> Vec<(&'static str, Method, &'static str)> {
    ENDPOINTS.iter().map(|endpoint| (endpoint.path, endpoint.method.method(), endpoint.needs.word())).collect()
}

/// The OpenAPI document.
pub fn document() -> serde_json::Value {
    openapi::document(ENDPOINTS)
}
