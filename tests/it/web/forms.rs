//! `csrf_matrix` (reliability.md T36): every form, sent in every wrong way.

use botyard::store::Db;
use botyard::web::guard::Need;
use reqwest::Method;

use super::rooms::furnish;
use super::site::{Client, Site};
use crate::util::db::on_each_db;

/// What browsers say of a form that is not ours.
fn foreign(origin: &str) -> Vec<(&'static str, Vec<(&'static str, String)>)> {
    let own = || ("origin", origin.to_owned());
    vec![
        ("says nothing", vec![]),
        (
            "another site",
            vec![("origin", "https://evil.example".to_owned()), ("sec-fetch-site", "cross-site".to_owned())],
        ),
        ("another site, an old browser", vec![("origin", "https://evil.example".to_owned())]),
        ("a sibling", vec![("origin", "http://sub.127.0.0.1".to_owned()), ("sec-fetch-site", "same-site".to_owned())]),
        ("an own name, a foreign fetch", vec![own(), ("sec-fetch-site", "cross-site".to_owned())]),
        ("a sandboxed frame", vec![("origin", "null".to_owned())]),
        ("typed by hand", vec![own(), ("sec-fetch-site", "none".to_owned())]),
        ("another port", vec![("origin", "http://127.0.0.1:1".to_owned()), ("sec-fetch-site", "same-site".to_owned())]),
    ]
}

async fn send(client: &Client, path: &str, headers: &[(&str, String)], token: Option<&str>) -> u16 {
    let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let form: Vec<(&str, &str)> = token.map(|token| ("form_token", token)).into_iter().collect();
    client.send(Method::POST, path, &headers, Some(&form)).await.status
}

on_each_db! {
    async fn csrf_matrix_only_a_form_of_our_own_page_for_this_session_is_taken(db: Db) {
        let site = Site::start(&db).await;
        let room = furnish(&site, &db, &site.a).await;
        let (mine, other) = (site.signed_in(&site.owner_a()).await, site.signed_in(&site.admin_a()).await);
        let token = mine.get("/panel").await.field("form_token");
        let others = other.get("/panel").await.field("form_token");
        assert_ne!(token, others);
        let mut forms = 0;
        let mut routes = botyard::web::router::routes(&site.state);
        // Signing out ends the others' session: last.
        routes.sort_by_key(|address| address.path == "/panel/sign-out");
        for address in routes {
            // The doors of other services prove their callers otherwise; entering has its own matrix.
            if !address.methods.contains(&Method::POST) || matches!(address.need, Need::Open) || address.need == Need::Platform {
                continue;
            }
            forms += 1;
            let path = &room.filled(address.path, site.a.as_str());
            for (name, headers) in foreign(mine.origin()) {
                assert_eq!(send(&mine, path, &headers, Some(&token)).await, 403, "{path}: {name}");
            }
            let own = [("origin", mine.origin().to_owned()), ("sec-fetch-site", "same-origin".to_owned())];
            for (name, wrong) in [("no token", None), ("empty", Some("")), ("another session's", Some(others.as_str()))] {
                assert_eq!(send(&mine, path, &own, wrong).await, 403, "{path}: {name}");
            }
            assert_eq!(send(&site.client(), path, &own, Some(&token)).await, 401, "{path}: nobody");
            assert_eq!(mine.get("/panel").await.status, 200, "nothing of that did anything");
            let answered = send(&mine, path, &own, Some(&token)).await;
            // These two answer with what is shown or taken once: there is nothing to lead to.
            let once = path.ends_with("/rotate") || path.ends_with("/data/export");
            assert!(matches!(answered, 303 | 400 | 422) || once && answered == 200, "{path}: the form itself: {answered}");
        }
        assert!(forms >= 6, "{forms}");
        site.stop().await;
    }

    async fn entering_is_for_the_browser_that_looked(db: Db) {
        let site = Site::start(&db).await;
        let path = site.link(&site.owner_a()).await;
        let elsewhere = site.link(&site.owner_a()).await;
        let (mine, other) = (site.client(), site.client());
        let token = mine.get(&path).await.field("form_token");
        let others = other.get(&path).await.field("form_token");
        let of_another_link = mine.get(&elsewhere).await.field("form_token");
        for (name, headers) in foreign(mine.origin()) {
            assert_eq!(send(&mine, &path, &headers, Some(&token)).await, 403, "{name}");
        }
        let own = [("origin", mine.origin().to_owned()), ("sec-fetch-site", "same-origin".to_owned())];
        for (name, wrong) in [
            ("no token", None),
            ("another browser's", Some(others.as_str())),
            ("another link's", Some(of_another_link.as_str())),
        ] {
            assert_eq!(send(&mine, &path, &own, wrong).await, 403, "{name}");
        }
        assert_eq!(send(&site.client(), &path, &own, Some(&token)).await, 403, "a browser without the cookie");
        assert_eq!(send(&mine, &path, &own, Some(&token)).await, 303);
        site.stop().await;
    }

    async fn a_huge_form_is_not_read(db: Db) {
        let site = Site::start(&db).await;
        let client = site.signed_in(&site.owner_a()).await;
        let answer = client.post("/panel/sign-out", &[("form_token", &"x".repeat(20_000))]).await;
        assert_eq!(answer.status, 413);
        assert!(answer.body.contains("Файл или текст больше 16 КБ. Уменьшите его и отправьте снова."), "{}", answer.body);
        assert_eq!(client.get("/panel").await.status, 200);
        site.stop().await;
    }

    async fn a_file_larger_than_the_setting_is_refused_with_the_limit_and_the_next_step(db: Db) {
        let site = Site::start_with(&db, &[("server.upload_body_max", "40 KiB")]).await;
        let client = site.signed_in(&site.owner_a()).await;
        let token = client.get("/panel").await.field("form_token");
        let form = [("form_token", token.as_str()), ("text", "Текст")];
        let path = "/panel/t/tenant-a/broadcasts/new";
        let small = client.upload(path, &form, ("picture", &vec![b'x'; 39_000])).await;
        assert_eq!(small.status, 422, "it is read, and is no picture");
        let refused = client.upload(path, &form, ("picture", &vec![b'x'; 41_000])).await;
        assert_eq!(refused.status, 413);
        assert!(refused.body.contains("Файл или текст больше 40 КБ. Уменьшите его и отправьте снова."), "{}", refused.body);
        site.stop().await;
    }
}
