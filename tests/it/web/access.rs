//! `authz_matrix` (reliability.md T12): every address, asked by everybody. What is somebody else's looks exactly like what is
//! not there.

use std::fmt::Write as _;

use botyard::store::Db;
use reqwest::Method;

use super::site::Site;
use crate::util::db::on_each_db;

/// What the router's addresses answer to: nobody, tenant A's owner, A's admin, tenant B's owner, the platform's owner. The
/// tenant in the path is A.
const EXPECTED: &str = "
GET /                       303 303 303 303 303
GET /live                   200 200 200 200 200
GET /ready                  200 200 200 200 200
GET /static/{*file}         200 200 200 200 200
GET /file/{tenant}/{media}/{until}/{signature} 404 404 404 404 404
POST /webhook/{tenant}      401 401 401 401 401
POST /kie/{tenant}/{token}  404 404 404 404 404
GET /panel                  401 200 200 200 303
GET /panel/t/{tenant}       401 200 200 404 200
GET /panel/owner            401 404 404 404 200
GET /panel/enter/{token}    404 404 404 404 404
POST /panel/enter/{token}   403 403 403 403 403
POST /panel/sign-out        403 403 403 403 403
GET /panel/signed-out       200 200 200 200 200
";

on_each_db! {
    async fn everybody_gets_what_is_theirs(db: Db) {
        let site = Site::start(&db).await;
        let everybody = [
            site.client(),
            site.signed_in(&site.owner_a()).await,
            site.signed_in(&site.admin_a()).await,
            site.signed_in(&site.owner_b()).await,
            site.signed_in(&Site::platform_owner()).await,
        ];
        let mut seen = String::from("\n");
        for (path, methods) in botyard::web::router::routes(&site.state) {
            for method in methods {
                let _ = write!(seen, "{:<27}", format!("{method} {path}"));
                for client in &everybody {
                    // Links that are none are counted by address: let the minute pass.
                    site.clock.advance(std::time::Duration::from_secs(15));
                    let answer = client.send(method.clone(), &crate::web::headers::filled(path, site.a.as_str()), &[], None).await;
                    let _ = write!(seen, " {}", answer.status);
                }
                seen.push('\n');
            }
        }
        assert_eq!(seen, EXPECTED, "got:{seen}");
        site.stop().await;
    }

    async fn somebody_elses_page_is_the_page_that_is_not_there(db: Db) {
        let site = Site::start(&db).await;
        let of_b = site.signed_in(&site.owner_b()).await;
        let missing = of_b.get("/panel/t/no-such-tenant").await;
        assert_eq!(missing.status, 404);
        for path in ["/panel/t/tenant-a", "/panel/owner", "/panel/t/Not*An*Id", "/panel/t/..%2Ftenant-a", "/panel/nothing"] {
            let foreign = of_b.get(path).await;
            assert_eq!(foreign.body, missing.body, "{path}");
            let names = |answer: &crate::web::site::Answer| {
                answer.headers.iter().filter(|(n, _)| *n != "date").map(|(n, v)| format!("{n}: {v:?}")).collect::<Vec<_>>()
            };
            assert_eq!((foreign.status, names(&foreign)), (404, names(&missing)), "{path}");
        }
        let nobody = site.client();
        let (there, gone) = (nobody.get("/panel/t/tenant-a").await, nobody.get("/panel/t/no-such-tenant").await);
        assert_eq!((there.status, &there.body), (gone.status, &gone.body));
        site.stop().await;
    }

    async fn an_admin_who_was_removed_is_out_on_the_next_request(db: Db) {
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

    async fn looking_changes_nothing(db: Db) {
        let site = Site::start(&db).await;
        let link = site.link(&site.owner_a()).await;
        let clients = [
            site.client(),
            site.signed_in(&site.owner_a()).await,
            site.signed_in(&site.owner_b()).await,
            site.signed_in(&Site::platform_owner()).await,
        ];
        let before = settled(&db).await;
        site.clock.advance(std::time::Duration::from_mins(6));
        for (path, _) in botyard::web::router::routes(&site.state) {
            for client in &clients {
                for method in [Method::GET, Method::HEAD] {
                    client.send(method, &crate::web::headers::filled(path, site.a.as_str()), &[], None).await;
                }
            }
        }
        clients[0].get(&link).await;
        assert_eq!(settled(&db).await, before);
        site.stop().await;
    }
}

/// All rows but those that say who was here (decisions.md 13) and that the process lives.
async fn settled(db: &Db) -> std::collections::BTreeMap<String, Vec<String>> {
    let mut all = crate::web::rows::dump(db).await;
    assert!(all["panel_links"].len() >= 4 && all["tenants"].len() == 2, "the dump sees rows");
    all.remove("panel_sessions");
    all.remove("heartbeats");
    all
}
