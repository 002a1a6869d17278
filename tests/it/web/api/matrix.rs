//! Every call of the table × everybody × {own, foreign, missing}: rights by the table, and foreign is missing byte for byte
//! (reliability.md T12).

use std::fmt::Write as _;

use botyard::domain::{ApiRight, PanelScope};
use botyard::store::Db;
use botyard::web::api::listed;
use reqwest::Method;

use super::{Program, TOKEN, bare, key, rich, site};
use crate::store::world;
use crate::util::db::on_each_db;
use crate::web::rows::dump;
use crate::web::site::Site;

/// Statuses of: nobody · tenant A's key with read, write, money · the owner's token with ?tenant=. Paths name things of A that
/// are there, bodies are empty.
const EXPECTED: &str = "
GET /api/v1/openapi.json        nothing     200 200 200 200 200
GET /api/v1/tenant              read        401 200 403 403 200
GET /api/v1/tenant/requirements read        401 200 403 403 200
POST /api/v1/tenant/pause       write       401 403 200 403 200
POST /api/v1/tenant/resume      write       401 403 200 403 200
GET /api/v1/users               read        401 200 403 403 200
GET /api/v1/users/{user}        read        401 200 403 403 200
POST /api/v1/users/{user}/block write       401 403 200 403 200
POST /api/v1/users/{user}/unblock write       401 403 200 403 200
POST /api/v1/users/{user}/credits money       401 403 403 400 400
GET /api/v1/credits/{credit}    read        401 404 403 403 404
GET /api/v1/generations         read        401 200 403 403 200
GET /api/v1/generations/{generation} read        401 200 403 403 200
POST /api/v1/generations/{generation}/redeliver write       401 403 409 403 409
GET /api/v1/payments            read        401 200 403 403 200
GET /api/v1/payments/{payment}  read        401 404 403 403 404
POST /api/v1/payments/{payment}/refund money       401 403 403 404 404
GET /api/v1/errors              read        401 200 403 403 200
GET /api/v1/corr/{corr}         read        401 200 403 403 200
GET /api/v1/figures             read        401 200 403 403 200
GET /api/v1/webhooks            read        401 200 403 403 200
POST /api/v1/webhooks           write       401 403 400 403 400
GET /api/v1/webhooks/{hook}     read        401 404 403 403 404
DELETE /api/v1/webhooks/{hook}  write       401 403 404 403 404
POST /api/v1/webhooks/{hook}/enable write       401 403 404 403 404
GET /api/v1/webhooks/{hook}/deliveries read        401 404 403 403 404
POST /api/v1/webhooks/{hook}/deliveries/{delivery}/redeliver write       401 403 404 403 404
GET /api/v1/tenants             owner read  401 403 403 403 200
POST /api/v1/tenants            owner write 401 403 403 403 400
POST /api/v1/tenants/{tenant}/suspend owner write 401 403 403 403 400
POST /api/v1/tenants/{tenant}/resume owner write 401 403 403 403 200
";

struct Things {
    user: String,
    generation: String,
    corr: String,
}

impl Things {
    async fn of_a(site: &Site, db: &Db) -> Self {
        let user = rich(site, 501).await;
        let person = db.tenant_read(&site.a).await.unwrap().user_get(user).await.unwrap().unwrap();
        let generation = world::generation(db, &site.a, &person, 1).await;
        let row = db.tenant_read(&site.a).await.unwrap().generation_get(&generation).await.unwrap().unwrap();
        Self { user: user.to_string(), generation: generation.to_string(), corr: row.corr.to_string() }
    }

    /// The same shapes, there for nobody.
    fn missing() -> Self {
        Self { user: "999999".into(), generation: "gen_aaaaaaaaaaaa".into(), corr: "000000000000".into() }
    }

    fn fill(&self, path: &str, tenant: &str) -> String {
        path.replace("{user}", &self.user)
            .replace("{generation}", &self.generation)
            .replace("{payment}", "pay_aaaaaaaaaaaa")
            .replace("{credit}", "adm_aaaaaaaaaaaaaaaa")
            .replace("{corr}", &self.corr)
            .replace("{hook}", "whk_aaaaaaaaaaaa")
            .replace("{delivery}", "whd_aaaaaaaaaaaaaaaa")
            .replace("{tenant}", tenant)
    }
}

on_each_db! {
    async fn everybody_may_what_the_table_says(db: Db) {
        let site = site(&db).await;
        let things = Things::of_a(&site, &db).await;
        let scope = PanelScope::Tenant(site.a.clone());
        let mut everybody = vec![(Program::new(&site, ""), "")];
        for right in ApiRight::ALL {
            everybody.push((Program::new(&site, &key(&site, &scope, &[*right]).await), ""));
        }
        everybody.push((Program::new(&site, TOKEN), "?tenant=tenant-a"));
        let mut seen = String::from("\n");
        for (n, (path, method, needs)) in listed().into_iter().enumerate() {
            let _ = write!(seen, "{:<31} {needs:<11}", format!("{method} {path}"));
            for (who, (program, named)) in everybody.iter().enumerate() {
                site.clock.advance(std::time::Duration::from_secs(3));
                let named = if needs.starts_with("owner") || needs == "nothing" { "" } else { named };
                let path = format!("{}{named}", things.fill(path, "tenant-a"));
                let body = if method == Method::POST { "{}" } else { "" };
                let answer = program.send(&method, &path, &format!("{n}-{who}"), body).await;
                let _ = write!(seen, " {}", answer.status);
                if answer.status >= 400 {
                    assert_eq!(answer.header("content-type"), "application/problem+json", "{method} {path}");
                    assert_eq!(answer.json()["status"], answer.status, "{method} {path}");
                }
            }
            seen.push('\n');
        }
        assert_eq!(seen, EXPECTED, "got:{seen}");
        site.stop().await;
    }

    async fn foreign_is_missing_byte_for_byte(db: Db) {
        let site = site(&db).await;
        let (foreign, missing) = (Things::of_a(&site, &db).await, Things::missing());
        let scope = PanelScope::Tenant(site.b.clone());
        let of_b = Program::new(&site, &key(&site, &scope, ApiRight::ALL).await);
        let before = settled(&db).await;
        for (path, method, needs) in listed().into_iter().filter(|(path, ..)| path.contains('{')) {
            let body = if path.ends_with("/credits") { r#"{"amount_kopecks":1,"reason":"because"}"# } else { "{}" };
            let body = if method == Method::POST { body } else { "" };
            let theirs = of_b.send(&method, &foreign.fill(path, "tenant-a"), "one", body).await;
            let none = of_b.send(&method, &missing.fill(path, "no-such-tenant"), "one", body).await;
            assert_eq!(bare(&theirs), bare(&none), "{method} {path}");
            assert_eq!(theirs.status, if needs.starts_with("owner") { 403 } else { 404 }, "{method} {path}");
        }
        for (path, method, _) in listed().into_iter().filter(|(path, _, needs)| !path.contains('{') && *needs == "read") {
            let theirs = of_b.send(&method, &format!("{path}?tenant=tenant-a"), "", "").await;
            let none = of_b.send(&method, &format!("{path}?tenant=no-such-tenant"), "", "").await;
            let odd = of_b.send(&method, &format!("{path}?tenant=Not*An*Id"), "", "").await;
            assert_eq!((theirs.status, bare(&theirs)), (404, bare(&none)), "{path}");
            assert_eq!(bare(&theirs), bare(&odd), "{path}");
            assert_eq!(of_b.send(&method, &format!("{path}?tenant=tenant-b"), "", "").await.status, 200, "{path}");
        }
        assert_eq!(settled(&db).await, before, "nothing was changed by any of it");
        site.stop().await;
    }

    async fn looking_changes_nothing(db: Db) {
        let site = site(&db).await;
        let things = Things::of_a(&site, &db).await;
        let programs = [crate::web::api::key_a(&site).await, TOKEN.to_owned()].map(|key| Program::new(&site, &key));
        let before = settled(&db).await;
        for (path, _, _) in listed() {
            for (program, named) in programs.iter().zip(["", "?tenant=tenant-a"]) {
                for method in [Method::GET, Method::HEAD] {
                    program.send(&method, &format!("{}{named}", things.fill(path, "tenant-a")), "", "").await;
                }
            }
        }
        assert_eq!(settled(&db).await, before);
        site.stop().await;
    }
}

/// All rows but when a key was used and that the process lives.
async fn settled(db: &Db) -> std::collections::BTreeMap<String, Vec<String>> {
    let mut all = dump(db).await;
    all.remove("api_keys");
    all.remove("heartbeats");
    all
}
