//! Every answer carries the security headers (reliability.md 3.8), whatever it answers.

use botyard::store::Db;
use reqwest::Method;

use super::site::{Answer, Client, Site};
use crate::util::db::on_each_db;

const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
    form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'";

fn check(what: &str, answer: &Answer, https: bool) {
    let framed = CSP.replace("frame-ancestors 'none'", "frame-ancestors https://web.telegram.org");
    let own = if what.contains("/miniapp") && answer.status == 200 { framed.as_str() } else { CSP };
    for (name, value) in [
        ("content-security-policy", own),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("strict-transport-security", if https { "max-age=31536000" } else { "" }),
    ] {
        assert_eq!(answer.header(name), value, "{what}: {name} of {}", answer.status);
    }
    let keeps = what.contains("/static/") && answer.status == 200;
    assert_eq!(answer.header("cache-control") == "no-store", !keeps, "{what}: {}", answer.header("cache-control"));
}

/// A path of the router's with something in place of its parameters.
pub(crate) fn filled(path: &str, tenant: &str) -> String {
    path.replace("{tenant}", tenant)
        .replace("{token}", &"x".repeat(43))
        .replace("{*file}", "panel.css")
        .replace("{until}", "1")
        .replace("{user}", "5001")
        .replace("{generation}", "abcdefghijkl")
        .replace("{payment}", "abcdefghijkl")
        .replace("{credit}", "abcdefghijklmnop")
        .replace("{corr}", "0123456789AB")
        .replace("{page}", "texts")
        .replace("{kind}", "admins")
        .replace("{promo}", "abcdefghijkl")
        .replace("{broadcast}", "abcdefghijkl")
        .replace("{article}", "1")
        .replace("{key}", "abcdefghijkl")
        .replace("{hook}", "abcdefghijkl")
        .replace("{delivery}", "abcdefghijkl")
        .replace("{job}", "abcdefghijkl")
}

async fn check_all(site: &Site, https: bool) {
    let clients = [("nobody", site.client()), ("the owner", site.signed_in(&Site::platform_owner()).await)];
    for address in botyard::web::router::routes(&site.state) {
        let path = filled(address.path, site.a.as_str());
        for method in [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::DELETE, Method::OPTIONS] {
            for (who, client) in &clients {
                let answer = client.send(method.clone(), &path, &[], None).await;
                check(&format!("{method} {path} by {who}"), &answer, https);
            }
        }
    }
    let admin = Client::new(site.admin);
    for path in ["/live", "/ready", "/metrics", "/panel", "/no/such/page"] {
        check(&format!("admin {path}"), &admin.get(path).await, https);
    }
    for path in
        ["/no/such/page", "/webhook/", "/webhook/a/b", "/api/v1/none", "/static/none.css", "/panel/", "//", "/%00"]
    {
        check(path, &site.client().get(path).await, https);
    }
}

on_each_db! {
    async fn every_answer_carries_them(db: Db) {
        let site = Site::start(&db).await;
        check_all(&site, false).await;
        site.stop().await;
    }
}

#[test]
fn over_https_the_site_is_remembered_as_such_and_its_cookies_are_this_hosts() {
    crate::util::db::on_sqlite(|test| async move {
        let site = Site::start_with(&test.db, &[("server.public_url", "https://panel.example")]).await;
        let client = site.client();
        let path = site.link(&site.owner_a()).await;
        let page = client.get(&path).await;
        check("the confirm page", &page, true);
        let cookie = page.header("set-cookie");
        assert!(cookie.starts_with("__Host-botyard-pre=") && cookie.contains("; Secure; Path=/"), "{cookie}");
        assert!(cookie.contains("HttpOnly; SameSite=Lax") && !cookie.contains("Domain"), "{cookie}");
        let token = page.field("form_token");
        let from = [("origin", "https://panel.example"), ("sec-fetch-site", "same-origin")];
        let entered = client.send(Method::POST, &path, &from, Some(&[("form_token", &token)])).await;
        assert_eq!(entered.status, 303);
        check("entering", &entered, true);
        assert!(client.cookie("__Host-botyard").is_some() && client.cookie("botyard").is_none());
        assert_eq!(client.get("/panel").await.status, 200);
        site.stop().await;
    });
}
