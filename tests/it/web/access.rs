//! `authz_matrix` (reliability.md T12): every address of the router's own table, asked by everybody, for what is theirs, for
//! somebody else's and for what is not there. The last two look exactly alike.

use std::fmt::Write as _;

use botyard::accounts::{Act, Identity, Role, Subject};
use botyard::domain::PanelScope;
use botyard::store::Db;
use botyard::web::guard::Need;
use botyard::web::router::{Address, routes};
use reqwest::Method;

use super::rooms::furnish;
use super::site::{Answer, Client, Site};
use crate::util::db::on_each_db;

/// What the addresses outside the panel answer to: nobody, tenant A's owner, tenant B's owner, the platform's owner.
const OUTSIDE: &str = "
GET /                       303 303 303 303
GET /live                   200 200 200 200
GET /ready                  200 200 200 200
GET /static/{*file}         200 200 200 200
GET /file/{tenant}/{media}/{until}/{signature} 404 404 404 404
POST /webhook/{tenant}      401 401 401 401
POST /kie/{tenant}/{token}  404 404 404 404
GET /__diag/boot            401 401 401 401
GET /__diag/ready           401 401 401 401
GET /__diag/billing_preflight 401 401 401 401
GET /__diag/last_errors     401 401 401 401
GET /__diag/requirements    401 401 401 401
GET /__diag/corr/{id}       401 401 401 401
GET /miniapp                200 200 200 200
POST /miniapp               403 403 403 403
GET /onboarding             200 200 200 200
GET /onboarding/enter/{token} 404 404 404 404
POST /onboarding/enter/{token} 403 403 403 403
POST /onboarding/paste      403 403 403 403
POST /onboarding/replace    403 403 403 403
POST /onboarding/recheck    403 403 403 403
POST /onboarding/another    403 403 403 403
POST /onboarding/sale       403 403 403 403
POST /onboarding/live       403 403 403 403
POST /onboarding/pair       403 403 403 403
GET /onboarding/pairing     401 401 401 401
";

/// Somebody in every role of tenant A.
async fn everybody(site: &Site) -> Vec<(Role, Client)> {
    let viewer = Identity { scope: PanelScope::Tenant(site.a.clone()), role: Role::Viewer, subject: Subject::Shell };
    vec![
        (Role::Owner, site.signed_in(&site.owner_a()).await),
        (Role::Admin, site.signed_in(&site.admin_a()).await),
        (Role::Viewer, site.signed_in(&viewer).await),
        (Role::PlatformOwner, site.signed_in(&Site::platform_owner()).await),
    ]
}

/// Asks as a page of this site would: a form carries its session's token.
async fn ask(client: &Client, method: &Method, path: &str, token: &str) -> Answer {
    if *method == Method::GET { client.get(path).await } else { client.post(path, &[("form_token", token)]).await }
}

/// Everything of an answer that a person or a program could tell two of them apart by.
fn whole(answer: &Answer) -> (u16, &str, Vec<String>) {
    let headers = answer.headers.iter().filter(|(name, _)| *name != "date");
    (answer.status, &answer.body, headers.map(|(name, value)| format!("{name}: {value:?}")).collect())
}

fn panel(site: &Site) -> Vec<Address> {
    let mut all: Vec<Address> =
        routes(&site.state).into_iter().filter(|address| address.path.starts_with("/panel/")).collect();
    all.retain(|address| address.need != Need::Open && address.need != Need::Session);
    all
}

on_each_db! {
    async fn authz_matrix_every_role_gets_what_the_table_says(db: Db) {
        let site = Site::start(&db).await;
        let room = furnish(&site, &db, &site.a).await;
        let people = everybody(&site).await;
        let mut asked = 0;
        for Address { path, methods, need } in panel(&site) {
            let here = room.filled(path, site.a.as_str());
            for method in methods {
                assert_eq!(ask(&site.client(), method, &here, "").await.status, 401, "{method} {path}: nobody");
                for (role, client) in &people {
                    let home = if *role == Role::PlatformOwner { "/panel/owner" } else { "/panel" };
                    let token = client.get(home).await.field("form_token");
                    let answer = ask(client, method, &here, &token).await;
                    let (may, refused) = match need.act(method) {
                        Some(act) => (role.may(act), 403),
                        None => (role.may(Act::Platform), 404),
                    };
                    let status = answer.status;
                    // What one role has removed is gone for the next.
                    let gone = status == 404 && path.ends_with("/remove");
                    let fits = if may { matches!(status, 200 | 303 | 400 | 422) || gone } else { status == refused };
                    assert!(fits, "{method} {path} by {role:?}: {status}, may: {may}\n{}", answer.body);
                    asked += 1;
                }
            }
        }
        assert!(asked > 40, "{asked}");
        site.stop().await;
    }

    async fn authz_matrix_somebody_elses_page_is_the_page_that_is_not_there(db: Db) {
        let site = Site::start(&db).await;
        let room = furnish(&site, &db, &site.a).await;
        let of_b = site.signed_in(&site.owner_b()).await;
        let token = of_b.get("/panel").await.field("form_token");
        for Address { path, methods, need } in panel(&site) {
            for method in methods {
                let foreign = ask(&of_b, method, &room.filled(path, site.a.as_str()), &token).await;
                let missing = ask(&of_b, method, &room.filled(path, "no-such-tenant"), &token).await;
                assert_eq!(foreign.status, 404, "{method} {path}");
                assert_eq!(whole(&foreign), whole(&missing), "{method} {path}");
                // One's own bot, somebody else's row: as if it were nowhere.
                if need == Need::Platform || path.matches('{').count() < 2 || path.contains("{corr}") || path.contains("{page}") {
                    continue;
                }
                let theirs = ask(&of_b, method, &room.filled(path, site.b.as_str()), &token).await;
                let nothing = ask(&of_b, method, &crate::web::headers::filled(path, site.b.as_str()), &token).await;
                assert_eq!((theirs.status, &theirs.body), (nothing.status, &nothing.body), "{method} {path}");
                assert!(matches!(theirs.status, 400 | 404 | 422) || theirs.header("location").contains("problem="), "{method} {path}: {}", theirs.status);
            }
        }
        let missing = of_b.get("/panel/t/no-such-tenant").await;
        for path in ["/panel/t/Not*An*Id", "/panel/t/..%2Ftenant-a", "/panel/nothing"] {
            assert_eq!(whole(&of_b.get(path).await), whole(&missing), "{path}");
        }
        let nobody = site.client();
        let (there, gone) = (nobody.get("/panel/t/tenant-a").await, nobody.get("/panel/t/no-such-tenant").await);
        assert_eq!((there.status, &there.body), (gone.status, &gone.body));
        site.stop().await;
    }

    async fn what_is_outside_the_panel_answers_to_everybody_alike(db: Db) {
        let site = Site::start(&db).await;
        let everybody = [
            site.client(),
            site.signed_in(&site.owner_a()).await,
            site.signed_in(&site.owner_b()).await,
            site.signed_in(&Site::platform_owner()).await,
        ];
        let mut seen = String::from("\n");
        for Address { path, methods, .. } in routes(&site.state) {
            if path.starts_with("/panel") {
                continue;
            }
            for method in methods {
                let _ = write!(seen, "{:<27}", format!("{method} {path}"));
                for client in &everybody {
                    let filled = crate::web::headers::filled(path, site.a.as_str());
                    let answer = client.send(method.clone(), &filled, &[], None).await;
                    let _ = write!(seen, " {}", answer.status);
                }
                seen.push('\n');
            }
        }
        assert_eq!(seen, OUTSIDE, "got:{seen}");
        let [nobody, owner, _, platform] = &everybody;
        assert_eq!(nobody.get("/panel").await.status, 401);
        assert_eq!(owner.get("/panel").await.status, 200);
        assert_eq!(platform.get("/panel").await.status, 303);
        site.stop().await;
    }

    async fn panel_demote_an_admin_who_was_removed_is_out_on_the_next_request(db: Db) {
        let site = Site::start(&db).await;
        let (owner, admin) = (site.signed_in(&site.owner_a()).await, site.signed_in(&site.admin_a()).await);
        assert_eq!(admin.get("/panel").await.status, 200);
        let mut tx = db.tenant(&site.a).await.unwrap();
        tx.admins_replace(&botyard::tenants::provision::roles(&[crate::web::site::OWNER_A]), crate::web::site::NOON).await.unwrap();
        tx.commit().await.unwrap();
        site.refresh().await;
        assert_eq!(admin.get("/panel").await.status, 401);
        assert_eq!(owner.get("/panel").await.status, 200);
        site.stop().await;
    }

    async fn csrf_matrix_looking_changes_nothing(db: Db) {
        let site = Site::start(&db).await;
        let room = furnish(&site, &db, &site.a).await;
        let link = site.link(&site.owner_a()).await;
        let clients = [
            site.client(),
            site.signed_in(&site.owner_a()).await,
            site.signed_in(&site.owner_b()).await,
            site.signed_in(&Site::platform_owner()).await,
        ];
        let before = settled(&db).await;
        site.clock.advance(std::time::Duration::from_mins(6));
        for address in routes(&site.state) {
            for client in &clients {
                for method in [Method::GET, Method::HEAD] {
                    client.send(method, &room.filled(address.path, site.a.as_str()), &[], None).await;
                }
            }
        }
        clients[0].get(&link).await;
        assert_eq!(settled(&db).await, before);
        site.stop().await;
    }
}

/// All rows but those that say who was here and what was opened (decisions.md 13) and that the process lives.
async fn settled(db: &Db) -> std::collections::BTreeMap<String, Vec<String>> {
    let mut all = crate::web::rows::dump(db).await;
    assert!(all["panel_links"].len() >= 4 && all["tenants"].len() == 2, "the dump sees rows");
    for apart in ["panel_sessions", "heartbeats", "audit_log", "audit_heads", "storage_probes"] {
        all.remove(apart);
    }
    all
}
