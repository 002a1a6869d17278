//! Keys: shown once, kept as a hash, with rights, an end and a pace; and nobody can tell a wrong one from a revoked one.

use botyard::accounts::keys::{self, KeyError};
use botyard::domain::{ApiRight, PanelScope};
use botyard::store::Db;

use super::{Program, TOKEN, bare, key, key_a, site};
use crate::util::db::on_each_db;
use crate::web::rows::dump;
use crate::web::site::Site;

on_each_db! {
    async fn a_key_is_kept_as_a_hash_and_ends_when_it_is_revoked(db: Db) {
        let site = site(&db).await;
        let text = key_a(&site).await;
        assert!(text.starts_with("byk_") && text.len() == 47, "{}", text.len());
        let program = Program::new(&site, &text);
        assert_eq!(program.get("/api/v1/tenant").await.status, 200);
        let rows = dump(&db).await;
        assert!(rows.values().flatten().all(|row| !row.contains(&text)), "its text is nowhere");
        let scope = PanelScope::Tenant(site.a.clone());
        let row = db.platform_read().await.unwrap().api_keys_of(&scope).await.unwrap().remove(0);
        assert_eq!(row.last_used_at, Some(site.clock.now()));
        let mut tx = db.platform().await.unwrap();
        assert!(tx.api_key_revoke(&scope, &row.id, site.clock.now()).await.unwrap());
        tx.commit().await.unwrap();
        let revoked = program.get("/api/v1/tenant").await;
        assert_eq!(revoked.status, 401);
        let wrong = format!("byk_{}", "A".repeat(43));
        for bearer in [wrong.as_str(), "", "x", "byk_", TOKEN.trim_end_matches('9')] {
            assert_eq!(bare(&Program::new(&site, bearer).get("/api/v1/tenant").await), bare(&revoked), "{bearer}");
        }
        assert_eq!(bare(&site.client().get("/api/v1/tenant").await), bare(&revoked), "no header at all");
        site.stop().await;
    }

    async fn a_key_does_what_it_was_made_for(db: Db) {
        let site = site(&db).await;
        let scope = PanelScope::Tenant(site.a.clone());
        let reader = Program::new(&site, &key(&site, &scope, &[ApiRight::Read]).await);
        let writer = Program::new(&site, &key(&site, &scope, &[ApiRight::Write]).await);
        assert_eq!(reader.get("/api/v1/users").await.status, 200);
        let refused = reader.post("/api/v1/tenant/pause", "k", &serde_json::json!({})).await;
        assert_eq!((refused.status, refused.header("content-type")), (403, "application/problem+json"));
        assert_eq!(refused.json()["detail"], "it needs the right write");
        assert_eq!(writer.get("/api/v1/users").await.status, 403);
        assert_eq!(writer.post("/api/v1/tenant/pause", "k", &serde_json::json!({})).await.status, 200);
        let now = site.clock.now();
        for (name, rights) in [("", &[ApiRight::Read][..]), ("a\nb", &[ApiRight::Read]), ("x", &[])] {
            let made = keys::issue(&db, &scope, name, rights, "test", now).await;
            assert!(matches!(made, Err(KeyError::Name | KeyError::NoRight)), "{name:?}");
        }
        site.stop().await;
    }

    async fn a_key_has_a_pace_of_its_own(db: Db) {
        let site = Site::start_with(&db, &[("admin.token", TOKEN), ("api.rate", "3 per 1 s")]).await;
        let (one, two) = (Program::new(&site, &key_a(&site).await), Program::new(&site, &key_a(&site).await));
        for _ in 0..3 {
            assert_eq!(one.get("/api/v1/tenant").await.status, 200);
        }
        let slow = one.get("/api/v1/tenant").await;
        assert_eq!((slow.status, slow.header("retry-after")), (429, "1"));
        assert_eq!(two.get("/api/v1/tenant").await.status, 200, "another key is not slowed down");
        site.clock.advance(std::time::Duration::from_secs(1));
        assert_eq!(one.get("/api/v1/tenant").await.status, 200);
        site.stop().await;
    }

    async fn guessing_is_slowed_down(db: Db) {
        let site = site(&db).await;
        let guess = Program::new(&site, "guess");
        let mut seen = Vec::new();
        for _ in 0..32 {
            seen.push(guess.get("/api/v1/tenant").await.status);
        }
        assert_eq!((seen[0], seen[29], seen[30], seen[31]), (401, 401, 429, 429));
        assert_eq!(Program::new(&site, &key_a(&site).await).get("/api/v1/tenant").await.status, 200, "a good key passes");
        site.stop().await;
    }
}
