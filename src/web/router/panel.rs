//! The panel's addresses, each with what it needs.

use axum::http::Method;
use axum::routing::{MethodRouter, get, post};

use super::{FORM_BODY, LONG_FORM_BODY, Route, form};
use crate::accounts::Act;
use crate::web::guard::Need;
use crate::web::listener::capped;
use crate::web::pages::{owner, panel, signin};
use crate::web::state::WebState;

/// A page of a tenant.
fn see(path: &'static str, act: Act, handler: MethodRouter<WebState>) -> Route {
    Route { path, methods: &[Method::GET], need: Need::Tenant(act), handler }
}

/// A form of a tenant.
fn change(path: &'static str, act: Act, handler: MethodRouter<WebState>) -> Route {
    Route { need: Need::Tenant(act), ..form(path, handler) }
}

/// A form of a tenant that carries a long text.
fn write(path: &'static str, act: Act, handler: MethodRouter<WebState>) -> Route {
    Route { path, methods: &[Method::POST], need: Need::Tenant(act), handler: capped(handler, LONG_FORM_BODY) }
}

/// A page of a tenant with its form: looking and changing need different things.
fn both(path: &'static str, acts: [Act; 2], handler: MethodRouter<WebState>) -> Route {
    let methods = &[Method::GET, Method::POST];
    Route { path, methods, need: Need::TenantForm(acts), handler: capped(handler, FORM_BODY) }
}

/// A page of a tenant with a form that may carry a file of at most `most` bytes.
fn upload(path: &'static str, act: Act, handler: MethodRouter<WebState>, most: usize) -> Route {
    let methods = &[Method::GET, Method::POST];
    Route { path, methods, need: Need::Tenant(act), handler: capped(handler, most) }
}

/// A page of the platform's owner.
fn oversee(path: &'static str, handler: MethodRouter<WebState>) -> Route {
    Route { path, methods: &[Method::GET], need: Need::Platform, handler }
}

/// All of them; a file that is uploaded has at most `upload_max` bytes.
pub(super) fn routes(upload_max: usize) -> Vec<Route> {
    let mut all = doors();
    all.extend(people());
    all.extend(health());
    all.extend(sale(upload_max));
    all.extend(programs());
    all.extend(team());
    all.extend(platform());
    all
}

/// Coming in, going out, and the first page.
fn doors() -> Vec<Route> {
    vec![
        Route { path: "/panel", methods: &[Method::GET], need: Need::Session, handler: get(panel::home::own) },
        Route {
            path: "/panel/enter/{token}",
            methods: &[Method::GET, Method::POST],
            need: Need::Open,
            handler: capped(get(signin::confirm).post(signin::enter), FORM_BODY),
        },
        Route { need: Need::Session, ..form("/panel/sign-out", post(signin::sign_out)) },
        Route {
            path: "/panel/signed-out",
            methods: &[Method::GET],
            need: Need::Open,
            handler: get(signin::signed_out),
        },
        see("/panel/t/{tenant}", Act::Overview, get(panel::home::of_tenant)),
        see("/panel/t/{tenant}/events", Act::Overview, get(panel::events::stream)),
        change("/panel/t/{tenant}/pause", Act::Operate, post(panel::state::pause)),
        change("/panel/t/{tenant}/resume", Act::Operate, post(panel::state::resume)),
    ]
}

/// People and what they did.
fn people() -> Vec<Route> {
    vec![
        see("/panel/t/{tenant}/users", Act::Look, get(panel::users::list)),
        see("/panel/t/{tenant}/users/{user}", Act::Look, get(panel::users::card)),
        change("/panel/t/{tenant}/users/{user}/credit", Act::Operate, post(panel::users::credit)),
        change("/panel/t/{tenant}/credits/{credit}/approve", Act::Operate, post(panel::credits::approve)),
        change("/panel/t/{tenant}/credits/{credit}/decline", Act::Operate, post(panel::credits::decline)),
        change("/panel/t/{tenant}/users/{user}/block", Act::Operate, post(panel::users::block)),
        change("/panel/t/{tenant}/users/{user}/unblock", Act::Operate, post(panel::users::unblock)),
        see("/panel/t/{tenant}/generations", Act::Look, get(panel::generations::list)),
        see("/panel/t/{tenant}/generations/{generation}", Act::Look, get(panel::generations::card)),
        change("/panel/t/{tenant}/generations/{generation}/send", Act::Operate, post(panel::generations::send)),
        see("/panel/t/{tenant}/errors", Act::Look, get(panel::errors::list)),
        see("/panel/t/{tenant}/trace/{corr}", Act::Look, get(panel::errors::trace)),
        see("/panel/t/{tenant}/audit", Act::Look, get(panel::audit::list)),
        change("/panel/t/{tenant}/audit/check", Act::Operate, post(panel::audit::check)),
        see("/panel/t/{tenant}/payments", Act::Look, get(panel::payments::list)),
        see("/panel/t/{tenant}/payments.csv", Act::Operate, get(panel::export::payments)),
        see("/panel/t/{tenant}/users.csv", Act::Operate, get(panel::export::users)),
        see("/panel/t/{tenant}/generations.csv", Act::Operate, get(panel::export::generations)),
        see("/panel/t/{tenant}/errors.csv", Act::Operate, get(panel::export::errors)),
        see("/panel/t/{tenant}/payments/{payment}", Act::Look, get(panel::payments::card)),
        change("/panel/t/{tenant}/payments/{payment}/refund", Act::Own, post(panel::payments::refund)),
        see("/panel/t/{tenant}/payments/{payment}/receipt", Act::Operate, get(panel::payments::receipt::picture)),
        change("/panel/t/{tenant}/payments/{payment}/approve", Act::Operate, post(panel::payments::review::approve)),
        change("/panel/t/{tenant}/payments/{payment}/reject", Act::Operate, post(panel::payments::review::reject)),
        change("/panel/t/{tenant}/payments/{payment}/reverse", Act::Own, post(panel::payments::review::reverse)),
        write("/panel/t/{tenant}/payments/{payment}/ask", Act::Operate, post(panel::payments::review::ask)),
    ]
}

/// How a bot stands: its connection, its money, its months.
fn health() -> Vec<Route> {
    vec![
        see("/panel/t/{tenant}/diagnostics", Act::Overview, get(panel::diagnostics::show)),
        change("/panel/t/{tenant}/diagnostics/check", Act::Operate, post(panel::diagnostics::check)),
        both(
            "/panel/t/{tenant}/preflight",
            [Act::Overview, Act::Operate],
            get(panel::preflight::show).post(panel::preflight::run),
        ),
        see("/panel/t/{tenant}/statements", Act::Overview, get(panel::statements::show)),
        see("/panel/t/{tenant}/statements.csv", Act::Operate, get(panel::statements::file)),
    ]
}

/// What a bot sells and says, and how it is set up.
fn sale(upload_max: usize) -> Vec<Route> {
    vec![
        see("/panel/t/{tenant}/limits", Act::Look, get(panel::limits::show)),
        see("/panel/t/{tenant}/keys", Act::Look, get(panel::keys::show)),
        change("/panel/t/{tenant}/keys/token", Act::Own, post(panel::keys::token)),
        change("/panel/t/{tenant}/keys/provider", Act::Own, post(panel::keys::provider)),
        both("/panel/t/{tenant}/models", [Act::Look, Act::Own], get(panel::models::show).post(panel::models::save)),
        both(
            "/panel/t/{tenant}/settings/{page}",
            [Act::Look, Act::Own],
            get(panel::settings::show).post(panel::settings::save),
        ),
        both(
            "/panel/t/{tenant}/promos",
            [Act::Look, Act::Operate],
            get(panel::promos::list).post(panel::promos::create),
        ),
        change("/panel/t/{tenant}/promos/{promo}/off", Act::Operate, post(panel::promos::off)),
        see("/panel/t/{tenant}/broadcasts", Act::Look, get(panel::broadcasts::list)),
        upload(
            "/panel/t/{tenant}/broadcasts/new",
            Act::Operate,
            get(panel::broadcasts::compose::show).post(panel::broadcasts::compose::keep),
            upload_max,
        ),
        see("/panel/t/{tenant}/broadcasts/{broadcast}", Act::Look, get(panel::broadcasts::card::show)),
        see("/panel/t/{tenant}/broadcasts/{broadcast}/picture.img", Act::Look, get(panel::broadcasts::card::picture)),
        change("/panel/t/{tenant}/broadcasts/{broadcast}/test", Act::Operate, post(panel::broadcasts::card::test)),
        change("/panel/t/{tenant}/broadcasts/{broadcast}/start", Act::Operate, post(panel::broadcasts::card::start)),
        change(
            "/panel/t/{tenant}/broadcasts/{broadcast}/drop",
            Act::Operate,
            post(panel::broadcasts::card::drop_draft),
        ),
        change("/panel/t/{tenant}/broadcasts/{broadcast}/pause", Act::Operate, post(panel::broadcasts::pause)),
        change("/panel/t/{tenant}/broadcasts/{broadcast}/resume", Act::Operate, post(panel::broadcasts::resume)),
        change("/panel/t/{tenant}/broadcasts/{broadcast}/stop", Act::Operate, post(panel::broadcasts::stop)),
        Route {
            path: "/panel/t/{tenant}/knowledge",
            methods: &[Method::GET, Method::POST],
            need: Need::TenantForm([Act::Look, Act::Operate]),
            handler: capped(get(panel::knowledge::list).post(panel::knowledge::add), LONG_FORM_BODY),
        },
        see("/panel/t/{tenant}/knowledge/{article}", Act::Look, get(panel::knowledge::card)),
        change("/panel/t/{tenant}/knowledge/{article}/remove", Act::Operate, post(panel::knowledge::remove)),
    ]
}

/// Programs that speak for a bot, and the bot as a whole.
fn programs() -> Vec<Route> {
    vec![
        both("/panel/t/{tenant}/api", [Act::Look, Act::Own], get(panel::programs::show).post(panel::programs::make)),
        change("/panel/t/{tenant}/api/{key}/revoke", Act::Own, post(panel::programs::revoke)),
        both("/panel/t/{tenant}/webhooks", [Act::Look, Act::Own], get(panel::hooks::list).post(panel::hooks::add)),
        see("/panel/t/{tenant}/webhooks/{hook}", Act::Look, get(panel::hooks::show)),
        change("/panel/t/{tenant}/webhooks/{hook}/test", Act::Own, post(panel::hooks::test)),
        change("/panel/t/{tenant}/webhooks/{hook}/rotate", Act::Own, post(panel::hooks::rotate)),
        change("/panel/t/{tenant}/webhooks/{hook}/enable", Act::Own, post(panel::hooks::enable)),
        change("/panel/t/{tenant}/webhooks/{hook}/{delivery}/again", Act::Own, post(panel::hooks::again)),
        change("/panel/t/{tenant}/webhooks/{hook}/remove", Act::Own, post(panel::hooks::remove)),
        see("/panel/t/{tenant}/data", Act::Own, get(panel::data::show)),
        change("/panel/t/{tenant}/data/export", Act::Own, post(panel::data::export)),
        see("/panel/t/{tenant}/data/archive.tar", Act::Own, get(panel::data::download)),
        change("/panel/t/{tenant}/data/delete", Act::Own, post(panel::data::delete)),
    ]
}

/// Who may do what.
fn team() -> Vec<Route> {
    vec![
        both("/panel/t/{tenant}/team", [Act::Look, Act::Own], get(panel::team::show).post(panel::team::add)),
        change("/panel/t/{tenant}/team/{kind}/{user}/remove", Act::Own, post(panel::team::remove)),
        change("/panel/t/{tenant}/support/grant", Act::Own, post(panel::team::grant)),
        change("/panel/t/{tenant}/support/revoke", Act::Own, post(panel::team::revoke)),
    ]
}

/// The platform owner's.
fn platform() -> Vec<Route> {
    let act = |path, handler| Route { need: Need::Platform, ..form(path, handler) };
    vec![
        oversee("/panel/owner", get(owner::tenants::all)),
        Route {
            methods: &[Method::GET, Method::POST],
            ..act("/panel/owner/invite", get(owner::invite::show).post(owner::invite::make))
        },
        Route {
            methods: &[Method::GET, Method::POST],
            ..act("/panel/owner/models", get(owner::models::show).post(owner::models::mark))
        },
        oversee("/panel/owner/audit", get(owner::audit::list)),
        oversee("/panel/owner/settings", get(owner::settings::show)),
        act("/panel/owner/settings/stop", post(owner::settings::stop)),
        act("/panel/owner/settings/start", post(owner::settings::start)),
        oversee("/panel/owner/money", get(owner::money::show)),
        act("/panel/owner/money/preflight", post(owner::money::preflight)),
        oversee("/panel/owner/health", get(owner::jobs::health)),
        oversee("/panel/owner/jobs", get(owner::jobs::list)),
        act("/panel/owner/jobs/{tenant}/{job}/requeue", post(owner::jobs::requeue)),
        oversee("/panel/owner/bots/{tenant}", get(owner::tenant::show)),
        act("/panel/owner/bots/{tenant}/suspend", post(owner::tenant::suspend)),
        act("/panel/owner/bots/{tenant}/release", post(owner::tenant::release)),
        act("/panel/owner/bots/{tenant}/limits", post(owner::tenant::limits)),
    ]
}
