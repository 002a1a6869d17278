//! The panel inside Telegram: genuine, fresh data of an admin opens a session; in a frame it gives a link; everything else is
//! answered alike.

use botyard::accounts::miniapp::sign;
use botyard::domain::UserId;
use botyard::domain::settings::TenantSettings;
use botyard::sandbox::wire::CallFilter;
use botyard::store::Db;
use reqwest::Method;

use crate::util::app::{OWNER, PATIENCE, TestApp};
use crate::util::db::{TestDb, on_each_db};
use crate::web::site::{ADMIN_A, Answer, Client, OWNER_B, Site};

fn data(site: &Site, user: i64, age: i64) -> String {
    let tenant = site.platform.tenants.get(&site.a).unwrap();
    let at = (site.clock.now().0 / 1_000 - age).to_string();
    let user = format!(r#"{{"id":{user},"first_name":"Ann"}}"#);
    sign(&tenant.token, &[("auth_date", &at), ("query_id", "AAH"), ("user", &user), ("signature", "third-party")])
}

async fn post(client: &Client, dest: &str, bot: &str, init_data: &str) -> Answer {
    let origin = client.origin().to_owned();
    let headers = [("origin", origin.as_str()), ("sec-fetch-site", "same-origin"), ("sec-fetch-dest", dest)];
    client.send(Method::POST, "/miniapp", &headers, Some(&[("bot", bot), ("init_data", init_data)])).await
}

on_each_db! {
    async fn an_admin_is_signed_in_by_what_telegram_says(db: Db) {
        let site = Site::start(&db).await;
        let client = site.client();
        let page = client.get("/miniapp?bot=tenant-a").await;
        assert_eq!(page.status, 200);
        assert!(page.header("content-security-policy").contains("frame-ancestors https://web.telegram.org"));
        assert!(client.get("/onboarding").await.header("content-security-policy").contains("frame-ancestors 'none'"));
        let entered = post(&client, "document", "tenant-a", &data(&site, ADMIN_A.0, 10)).await;
        assert_eq!((entered.status, entered.header("location")), (303, "/panel"), "{}", entered.body);
        assert_eq!(client.get("/panel").await.status, 200);
        assert_eq!(client.get("/panel/t/tenant-b").await.status, 404);
        let acts = db.tenant_read(&site.a).await.unwrap().audit_after(0, 9).await.unwrap();
        let [came] = &acts[..] else { panic!("{acts:?}") };
        assert_eq!((came.actor.as_str(), came.action.as_str()), ("user:902", "miniapp_entered"));
        assert_eq!((came.became.as_deref(), came.origin.as_deref()), (Some("admin"), Some("127.0.0.*")));
        site.stop().await;
    }

    /// platform.md 6: beside an admin's text field, and nobody else's; only where people can come by https.
    async fn the_button_beside_an_admins_text_field_opens_it(test: TestDb) {
        let app = TestApp::start_with(&test.url, &[("server.public_url", "https://bots.example.com")]).await;
        let bot = app.bot("first", 1, TenantSettings::default()).await;
        app.person(OWNER.0, "Olga", "ru").await;
        app.person(101, "Anna", "ru").await;
        for user in [OWNER, UserId(101)] {
            app.say(&bot, user, "/start", "Доступно").await;
        }
        let filter = CallFilter { method: Some("setChatMenuButton".to_owned()), ..CallFilter::default() };
        let began = std::time::Instant::now();
        let calls = loop {
            let calls = app.world.calls(&filter).await.unwrap();
            if !calls.is_empty() {
                break calls;
            }
            assert!(began.elapsed() < PATIENCE, "no button was set");
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        };
        let said = serde_json::to_string(&calls[0].params).unwrap();
        assert!(said.contains("https://bots.example.com/miniapp?bot=first") && said.contains("web_app"), "{said}");
        assert!(calls.iter().all(|call| call.params["chat_id"] == 900), "an admin's chat only: {calls:?}");
        app.finish().await;
    }

    async fn in_a_frame_it_is_a_link_that_works_once(db: Db) {
        let site = Site::start(&db).await;
        let framed = site.client();
        let shown = post(&framed, "iframe", "tenant-a", &data(&site, ADMIN_A.0, 10)).await;
        assert_eq!(shown.status, 200, "{}", shown.body);
        assert!(shown.header("content-security-policy").contains("frame-ancestors https://web.telegram.org"));
        assert_eq!(framed.cookie("botyard"), None, "no session in a frame");
        let (_, rest) = shown.body.split_once("/panel/enter/").unwrap();
        let link = format!("/panel/enter/{}", rest.split('"').next().unwrap());
        let browser = site.client();
        let page = browser.get(&link).await;
        let entered = browser.post(&link, &[("form_token", &page.field("form_token"))]).await;
        assert_eq!(entered.status, 303);
        assert_eq!(browser.get("/panel").await.status, 200);
        site.stop().await;
    }

    async fn everything_else_is_refused_alike(db: Db) {
        let site = Site::start(&db).await;
        let good = data(&site, ADMIN_A.0, 10);
        let refused = post(&site.client(), "document", "tenant-a", "").await;
        assert_eq!(refused.status, 401);
        for (bot, given) in [
            ("tenant-a", data(&site, ADMIN_A.0, 301)),
            ("tenant-a", data(&site, OWNER_B.0, 10)),
            ("tenant-a", good.replace("query_id=AAH", "query_id=AAI")),
            ("tenant-b", good.clone()),
            ("no-such-bot", good.clone()),
            ("", good.clone()),
        ] {
            let client = site.client();
            let answer = post(&client, "document", bot, &given).await;
            assert_eq!(answer.status, 401, "{bot}");
            assert_eq!(client.get("/panel").await.status, 401, "{bot}: no session");
        }
        let foreign = [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")];
        let form = [("bot", "tenant-a"), ("init_data", good.as_str())];
        assert_eq!(site.client().send(Method::POST, "/miniapp", &foreign, Some(&form)).await.status, 403);
        site.stop().await;
    }
}
