//! Coming in and going out over HTTP (`panel_magic`, `panel_session`; reliability.md T33, T34, T38).

use std::time::Duration;

use botyard::store::Db;
use futures::future::join_all;

use super::site::{NOON, OWNER_A, Site, id};
use crate::util::db::on_each_db;

on_each_db! {
    async fn panel_magic_ten_crawlers_look_and_the_person_still_enters_once(db: Db) {
        let site = Site::start(&db).await;
        let path = site.link(&site.owner_a()).await;
        for _ in 0..10 {
            let page = site.client().get(&path).await;
            assert_eq!(page.status, 200);
            assert!(page.body.contains("Вы входите в панель бота «Атлас»") && page.body.contains("владелец бота"));
        }
        let client = site.client();
        let token = client.get(&path).await.field("form_token");
        let entered = client.post(&path, &[("form_token", &token)]).await;
        assert_eq!((entered.status, entered.header("location")), (303, "/panel"));
        assert!(client.get("/panel").await.body.contains("Атлас"));
        let late = site.client();
        let page = late.get(&path).await;
        assert_eq!((page.status, page.body.contains("Ссылка уже использована")), (410, true), "{}", page.body);
        let again = client.post(&path, &[("form_token", &token)]).await;
        assert_eq!(again.status, 403, "the nonce went with the link");
        site.stop().await;
    }

    async fn panel_magic_of_twenty_presses_one_opens_a_session(db: Db) {
        let site = Site::start(&db).await;
        let path = site.link(&site.owner_a()).await;
        let client = site.client();
        let token = client.get(&path).await.field("form_token");
        let form = [("form_token", token.as_str())];
        let nonce = client.cookie("botyard-pre").unwrap();
        let browsers: Vec<_> = (0..20).map(|_| site.client()).collect();
        let answers = join_all(browsers.iter().map(|browser| {
            browser.set_cookie("botyard-pre", &nonce);
            browser.post(&path, &form)
        }))
        .await;
        let count = |status| answers.iter().filter(|answer| answer.status == status).count();
        assert_eq!((count(303), count(410)), (1, 19));
        assert_eq!(crate::web::rows::count(&db, "panel_sessions").await, 1);
        site.stop().await;
    }

    async fn panel_magic_in_the_sixth_minute_a_link_is_over(db: Db) {
        let site = Site::start(&db).await;
        let path = site.link(&site.owner_a()).await;
        let client = site.client();
        let token = client.get(&path).await.field("form_token");
        site.clock.advance(Duration::from_mins(6));
        let entered = client.post(&path, &[("form_token", &token)]).await;
        assert_eq!((entered.status, entered.body.contains("Ссылка устарела")), (410, true));
        let page = client.get(&path).await;
        assert_eq!((page.status, page.body.contains("/panel")), (410, true));
        assert_eq!(crate::web::rows::count(&db, "panel_sessions").await, 0);
        site.stop().await;
    }

    async fn whoever_tries_what_is_no_link_has_to_wait_and_others_do_not(db: Db) {
        let site = Site::start(&db).await;
        let client = site.client();
        for n in 0..5 {
            let page = client.get(&format!("/panel/enter/{n:043}")).await;
            assert_eq!((page.status, page.body.contains("Ссылка не подошла")), (404, true), "{n}");
        }
        let refused = client.get(&format!("/panel/enter/{:043}", 5)).await;
        assert_eq!((refused.status, refused.header("retry-after")), (429, "12"));
        let path = site.link(&site.owner_a()).await;
        assert_eq!(client.get(&path).await.status, 200, "a real link never waits");
        let behind_a_proxy = client.send(reqwest::Method::GET, "/panel/enter/x", &[("x-forwarded-for", "9.9.9.9")], None);
        assert_eq!(behind_a_proxy.await.status, 404, "nobody can be told apart behind a proxy nobody trusts");
        site.stop().await;
    }

    async fn panel_session_signing_in_gives_a_new_session_and_signing_out_ends_it(db: Db) {
        let site = Site::start(&db).await;
        let client = site.client();
        client.set_cookie("botyard", "chosen-by-somebody-else");
        let path = site.link(&site.owner_a()).await;
        let token = client.get(&path).await.field("form_token");
        client.post(&path, &[("form_token", &token)]).await;
        let session = client.cookie("botyard").unwrap();
        assert_ne!(session, "chosen-by-somebody-else");
        let token = client.get("/panel").await.field("form_token");
        let out = client.post("/panel/sign-out", &[("form_token", &token)]).await;
        assert_eq!((out.status, out.header("location")), (303, "/panel/signed-out"));
        assert_eq!(client.cookie("botyard"), None);
        assert!(client.get("/panel/signed-out").await.body.contains("Вы вышли"));
        client.set_cookie("botyard", &session);
        let after = client.get("/panel").await;
        assert_eq!((after.status, after.body.contains("Сеанс закончился")), (401, true));
        site.stop().await;
    }

    async fn who_comes_and_goes_is_in_the_bots_own_audit_log(db: Db) {
        let site = Site::start(&db).await;
        let (owner, client) = (site.signed_in(&site.owner_a()).await, site.signed_in(&site.admin_a()).await);
        let token = client.get("/panel").await.field("form_token");
        client.post("/panel/sign-out", &[("form_token", &token)]).await;
        site.signed_in(&Site::platform_owner()).await;
        let lost = site.signed_in(&site.admin_a()).await;
        let mut tx = db.tenant(&site.a).await.unwrap();
        tx.admins_replace(&botyard::tenants::provision::roles(&[OWNER_A]), NOON).await.unwrap();
        tx.commit().await.unwrap();
        site.refresh().await;
        let presses = join_all((0..5).map(|_| lost.get("/panel"))).await;
        assert!(presses.iter().all(|page| page.status == 401), "{presses:?}");
        let acts = db.tenant_read(&site.a).await.unwrap().audit_after(0, 99).await.unwrap();
        let said: Vec<_> = acts.iter().map(|act| {
            let change = (act.was.as_deref().unwrap_or("-"), act.became.as_deref().unwrap_or("-"));
            (act.actor.as_str(), act.action.as_str(), act.object.as_str(), change, act.origin.as_deref().unwrap_or("-"))
        }).collect();
        let here = "127.0.0.*";
        assert_eq!(said, [
            ("user:901", "panel_entered", "panel", ("-", "owner"), here),
            ("user:902", "panel_entered", "panel", ("-", "admin"), here),
            ("user:902", "panel_left", "panel", ("admin", "-"), here),
            ("user:902", "panel_entered", "panel", ("-", "admin"), here),
            ("platform", "session_lost", "user:902", ("admin", "-"), "-"),
        ]);
        let others = db.tenant_read(&site.b).await.unwrap().audit_after(0, 99).await.unwrap();
        assert_eq!(others, []);
        let pages = [owner.get("/panel/t/tenant-a/audit").await, owner.get("/panel/t/tenant-a/audit?lang=en").await];
        for (page, said) in pages.iter().zip([
            ["Вход в панель по ссылке", "Выход из панели", "Сеанс панели закончился вместе с ролью"],
            ["Signed in to the panel by a link", "Signed out of the panel", "A session of the panel ended with the role"],
        ]) {
            assert!(said.iter().all(|said| page.body.contains(said)), "{}", page.body);
        }
        site.stop().await;
    }

    async fn half_an_hour_of_refreshing_by_itself_signs_out(db: Db) {
        let site = Site::start(&db).await;
        let (left, used) = (site.signed_in(&site.owner_a()).await, site.signed_in(&site.owner_a()).await);
        for _ in 0..5 {
            site.clock.advance(Duration::from_mins(6));
            let unattended = left.send(reqwest::Method::GET, "/panel", &[("x-botyard-refresh", "1")], None).await;
            assert_eq!((unattended.status, used.get("/panel").await.status), (if site.clock.now() == crate::web::site::NOON.plus(Duration::from_mins(30)) { 401 } else { 200 }, 200));
        }
        site.stop().await;
    }

    async fn the_panel_speaks_the_language_the_person_uses_in_the_bot(db: Db) {
        let site = Site::start(&db).await;
        let mut tx = db.tenant(&site.a).await.unwrap();
        let seen = botyard::store::Seen { user_id: crate::web::site::ADMIN_A, username: None, first_name: "Ann", last_name: None, language_code: Some("en") };
        tx.user_seen(&seen, crate::web::site::NOON).await.unwrap();
        tx.commit().await.unwrap();
        let client = site.signed_in(&site.admin_a()).await;
        let speaks_english = async |client: &crate::web::site::Client, path: &str| client.get(path).await.body.contains("lang=\"en\"");
        assert!(client.get("/panel").await.body.starts_with("<!doctype html>\n<html lang=\"en\">"));
        assert!(client.get("/panel?lang=ru").await.body.contains("<html lang=\"ru\">"));
        assert!(client.get("/panel").await.body.contains("<html lang=\"ru\">"), "the choice is remembered");
        assert!(speaks_english(&client, "/panel/nothing?lang=en").await);
        site.stop().await;
    }

    async fn a_link_of_a_bot_that_is_gone_opens_nothing(db: Db) {
        let site = Site::start(&db).await;
        let gone = botyard::accounts::Identity::admin(&id("gone"), botyard::domain::AdminRole::Owner, crate::web::site::OWNER_A);
        let path = site.link(&gone).await;
        assert_eq!(site.client().get(&path).await.status, 404);
        site.stop().await;
    }
}
