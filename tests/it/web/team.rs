//! Roles given and taken in the panel, and the support's hour (`panel_demote`, reliability.md T38; decisions.md 13).

use std::time::Duration;

use botyard::accounts::{Identity, Role, Subject};
use botyard::domain::PanelScope;
use botyard::store::Db;

use super::rooms::{GUEST, furnish};
use super::site::{ADMIN_A, NOON, Site};
use crate::store::world::within;
use crate::util::db::on_each_db;

on_each_db! {
    async fn panel_demote_a_role_that_is_taken_away_ends_its_sessions_at_once(db: Db) {
        let site = Site::start(&db).await;
        furnish(&site, &db, &site.a).await;
        let (owner, admin) = (site.signed_in(&site.owner_a()).await, site.signed_in(&site.admin_a()).await);
        let viewer = Identity { scope: PanelScope::Tenant(site.a.clone()), role: Role::Viewer, subject: Subject::Telegram(GUEST) };
        let viewer = site.signed_in(&viewer).await;
        assert_eq!((admin.get("/panel").await.status, viewer.get("/panel").await.status), (200, 200));
        let token = owner.get("/panel").await.field("form_token");
        for path in ["/panel/t/tenant-a/team/admins/902/remove", "/panel/t/tenant-a/team/viewers/5001/remove"] {
            let answer = owner.post(path, &[("form_token", &token)]).await;
            assert!(answer.header("location").ends_with("done=team-removed"), "{answer:?}");
        }
        assert_eq!((admin.get("/panel").await.status, viewer.get("/panel").await.status), (401, 401));
        assert_eq!(owner.get("/panel").await.status, 200);
        let acts = within(&db, &site.a, async |tx| tx.audit_last(i64::MAX, 99).await.unwrap()).await;
        let ended = acts.iter().filter(|act| act.action == "sessions_ended").map(|act| (act.actor.as_str(), act.object.as_str()));
        assert_eq!(ended.collect::<Vec<_>>(), [("user:901", "user:5001"), ("user:901", "user:902")]);
        // The owner's own role is nobody's to take here.
        let own = owner.post("/panel/t/tenant-a/team/admins/901/remove", &[("form_token", &token)]).await;
        assert_eq!(own.status, 404);
        site.stop().await;
    }

    async fn a_viewer_sees_and_changes_nothing(db: Db) {
        let site = Site::start(&db).await;
        furnish(&site, &db, &site.a).await;
        within(&db, &site.a, async |tx| { tx.user_started(GUEST, NOON).await.unwrap(); tx.viewer_remove(GUEST).await.unwrap(); }).await;
        let owner = site.signed_in(&site.owner_a()).await;
        let token = owner.get("/panel").await.field("form_token");
        let added = owner.post("/panel/t/tenant-a/team", &[("form_token", &token), ("user", "5001"), ("role", "viewer")]).await;
        assert!(added.header("location").ends_with("done=team-added"), "{added:?}");
        let viewer = Identity { scope: PanelScope::Tenant(site.a.clone()), role: Role::Viewer, subject: Subject::Telegram(GUEST) };
        let viewer = site.signed_in(&viewer).await;
        let card = viewer.get("/panel/t/tenant-a/users/5001").await;
        assert_eq!(card.status, 200);
        assert!(!card.body.contains("action=\"/panel/t/tenant-a/users/5001/credit\""), "{}", card.body);
        let token = card.field("form_token");
        let refused = viewer.post("/panel/t/tenant-a/users/5001/block", &[("form_token", &token)]).await;
        assert_eq!((refused.status, refused.body.contains("Нет доступа")), (403, true));
        site.stop().await;
    }

    async fn somebody_becomes_an_admin_by_the_panel_as_by_the_bot(db: Db) {
        let site = Site::start(&db).await;
        furnish(&site, &db, &site.a).await;
        let owner = site.signed_in(&site.owner_a()).await;
        let token = owner.get("/panel").await.field("form_token");
        let add = async |user: &str| owner.post("/panel/t/tenant-a/team", &[("form_token", &token), ("user", user), ("role", "admin")]).await.header("location").to_owned();
        for (user, problem) in [("abc", "team-number"), ("77", "team-start"), ("5001", "team-start"), ("902", "team-start")] {
            assert!(add(user).await.ends_with(&format!("problem={problem}")), "{user}");
        }
        within(&db, &site.a, async |tx| tx.user_started(GUEST, NOON).await.unwrap()).await;
        assert!(add("5001").await.ends_with("done=team-added"));
        assert!(add("5001").await.ends_with("problem=team-already"));
        let admin = Identity::admin(&site.a, botyard::domain::AdminRole::Admin, GUEST);
        assert_eq!(site.signed_in(&admin).await.get("/panel/t/tenant-a/users").await.status, 200);
        site.clock.advance(Duration::from_mins(6));
        let late = owner.post("/panel/t/tenant-a/team", &[("form_token", &token), ("user", "5001"), ("role", "admin")]).await;
        assert_eq!(late.status, 403, "a change of roles wants a fresh confirmation");
        assert!(site.platform.tenants.get(&site.a).unwrap().is_admin(ADMIN_A));
        site.stop().await;
    }

    async fn the_support_looks_for_the_hour_that_the_owner_grants_and_each_page_is_written_down(db: Db) {
        let site = Site::start(&db).await;
        furnish(&site, &db, &site.a).await;
        let (owner, platform) = (site.signed_in(&site.owner_a()).await, site.signed_in(&Site::platform_owner()).await);
        let users = async || platform.get("/panel/t/tenant-a/users").await.status;
        assert_eq!(users().await, 403);
        let token = owner.get("/panel").await.field("form_token");
        owner.post("/panel/t/tenant-a/support/grant", &[("form_token", &token)]).await;
        assert_eq!(users().await, 200);
        let card = platform.get("/panel/t/tenant-a/users/5001").await;
        assert!(card.body.contains("поддержка, только просмотр"), "{}", card.body);
        let token_above = card.field("form_token");
        let refused = platform.post("/panel/t/tenant-a/users/5001/block", &[("form_token", &token_above)]).await;
        assert_eq!(refused.status, 403);
        assert_eq!(platform.get("/panel/t/tenant-b/users").await.status, 403, "an hour in one bot is none in another");
        let audit = owner.get("/panel/t/tenant-a/audit").await.body;
        assert!(audit.contains("Поддержка открыла страницу") && audit.contains("/panel/t/tenant-a/users/5001"), "{audit}");
        for _ in 0..3 {
            site.clock.advance(Duration::from_mins(25));
            platform.get("/panel/owner").await;
        }
        assert_eq!(users().await, 403, "the hour is over");
        site.stop().await;
    }
}
