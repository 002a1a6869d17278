//! The panel's own files: kept by browsers for ever under an address that changes with them.

use super::site::Site;

#[test]
fn a_file_is_kept_under_its_version_and_asked_for_without() {
    crate::util::db::on_sqlite(|test| async move {
        let site = Site::start(&test.db).await;
        let client = site.client();
        let page = client.get("/panel").await;
        let (_, after) = page.body.split_once("href=\"/static/panel.css").unwrap();
        let address = format!("/static/panel.css{}", after.split('"').next().unwrap());
        let kept = client.get(&address).await;
        assert_eq!((kept.status, kept.header("cache-control")), (200, "public, max-age=31536000, immutable"));
        assert_eq!(kept.header("content-type"), "text/css; charset=utf-8");
        let asked = client.get("/static/panel.css?v=00000000").await;
        assert_eq!((asked.status, asked.header("cache-control")), (200, "public, no-cache"));
        let known = [("if-none-match", kept.header("etag"))];
        let same = client.send(reqwest::Method::GET, "/static/panel.css", &known, None).await;
        assert_eq!((same.status, same.body.as_str()), (304, ""));
        for wrong in
            ["/static/", "/static/none.css", "/static/..%2FCargo.toml", "/static/../Cargo.toml", "/static/panel.css/"]
        {
            assert_eq!(client.get(wrong).await.status, 404, "{wrong}");
        }
        let bytes = page.body.len() + kept.body.len();
        assert!(bytes < 100_000, "the first page weighs {bytes}");
        site.stop().await;
    });
}
