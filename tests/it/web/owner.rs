//! The platform owner's page.

use botyard::domain::TenantState;
use botyard::store::Db;

use super::home::busy_day;
use super::site::{NOON, Site};
use crate::util::db::on_each_db;

on_each_db! {
    async fn it_lists_every_bot_with_its_day_and_opens_each(db: Db) {
        let site = Site::start(&db).await;
        busy_day(&site, &db, &site.a, "Мария").await;
        site.check(&site.b, Some("401"), None).await;
        let mut tx = db.platform().await.unwrap();
        tx.tenant_set_state(&site.b, TenantState::Paused, None, false, NOON).await.unwrap();
        tx.commit().await.unwrap();
        let client = site.signed_in(&Site::platform_owner()).await;
        assert_eq!(client.get("/panel").await.header("location"), "/panel/owner");
        let page = client.get("/panel/owner").await.body;
        for said in [
            "Ботов: 2", "href=\"/panel/t/tenant-a\"", "href=\"/panel/t/tenant-b\"", "@tenant_a_bot", "1548.50 ₽", "токен отклонён",
            "На паузе", "5 минут назад", "нет",
        ] {
            assert!(page.contains(said), "«{said}» is missing:\n{page}");
        }
        // 12 new today and 9 yesterday: everybody was new once.
        assert!(page.contains(">21<"), "{page}");
        let opened = client.get("/panel/t/tenant-b").await.body;
        assert!(opened.contains("Бриз") && opened.contains("Ко всем ботам") && opened.contains("владелец платформы"));
        site.stop().await;
    }
}
