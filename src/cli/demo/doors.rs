//! Doors to the panel: addresses that stay, each of which makes a fresh one-time link and leads to it.
//!
//! They listen on this machine only and answer only to its own name, so that no page from elsewhere can knock.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::get;

use super::ports::Ports;
use crate::accounts::{Identity, Role, Subject, links};
use crate::app::App;
use crate::bot::Platform;
use crate::cli::failure::Failure;
use crate::domain::{BotInstanceId, PanelScope};
use crate::web::listener::{Limits, Listener};

/// The owner's door.
pub(super) const OWNER: &str = "owner";

#[derive(Clone)]
struct Doors {
    platform: Arc<Platform>,
    ports: Ports,
}

/// Begins to listen.
pub(super) async fn open(app: &App, ports: Ports) -> Result<(), Failure> {
    let listener = Listener::bind("the doors' port", Ports::address(ports.doors), Limits::default()).await?;
    let doors = Doors { platform: app.platform.clone(), ports };
    let router = Router::new().route("/panel/{whose}", get(enter)).with_state(doors);
    listener.serve("doors", router, app.tasks());
    Ok(())
}

async fn enter(State(doors): State<Doors>, Path(whose): Path<String>, headers: HeaderMap) -> Response {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let ours = [format!("127.0.0.1:{}", doors.ports.doors), format!("localhost:{}", doors.ports.doors)];
    let Some(who) = identity(&doors.platform, &whose).filter(|_| ours.iter().any(|name| name == host)) else {
        return (StatusCode::NOT_FOUND, "no such door").into_response();
    };
    let platform = &doors.platform;
    match links::issue(&platform.db, &platform.settings.panel, &who, platform.clock.now()).await {
        Ok(path) => Redirect::to(&format!("{}{path}", doors.ports.main_url())).into_response(),
        Err(error) => (StatusCode::SERVICE_UNAVAILABLE, error.to_string()).into_response(),
    }
}

fn identity(platform: &Platform, whose: &str) -> Option<Identity> {
    if whose == OWNER {
        return Some(Identity::platform_owner(Subject::Shell));
    }
    let tenant = platform.tenants.get(&BotInstanceId::parse(whose).ok()?)?;
    // As the person whose the bot is, so that what is done in the panel bears their name.
    let subject = tenant.owner().map_or(Subject::Shell, Subject::Telegram);
    Some(Identity { scope: PanelScope::Tenant(tenant.id.clone()), role: Role::Owner, subject })
}
