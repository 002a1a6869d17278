//! The platform owner's page.

use botyard::domain::{BanKind, TenantState, UserId};
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

    async fn a_partner_is_invited_by_a_link_that_is_shown_once_and_opens_onboarding(db: Db) {
        let site = Site::start(&db).await;
        let client = site.signed_in(&Site::platform_owner()).await;
        let token = client.get("/panel/owner").await.field("form_token");
        let invite = async |person: &str| {
            client.post("/panel/owner/invite", &[("form_token", &token), ("person", person), ("language", "en")]).await
        };
        for wrong in ["", "-5", "@name", "0"] {
            let answer = invite(wrong).await;
            assert_eq!((answer.status, answer.body.contains("только цифры")), (422, true), "{wrong}");
        }
        let mut tx = db.platform().await.unwrap();
        tx.ban_put(BanKind::Person, UserId(777), None, NOON).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(invite("777").await.status, 422);
        let made = invite("555").await;
        let (_, link) = made.body.split_once("class=\"secret mono\">").unwrap();
        let link = link.split('<').next().unwrap();
        let path = &link[link.find("/onboarding/enter/").unwrap()..];
        assert!(!client.get("/panel/owner/invite").await.body.contains(path));
        let partner = site.client();
        let page = partner.get(path).await;
        let entered = partner.post(path, &[("form_token", &page.field("form_token"))]).await;
        assert_eq!((entered.status, entered.header("location")), (303, "/onboarding"));
        assert_eq!(site.client().get(path).await.status, 410, "once");
        let second = site.signed_in(&site.owner_a()).await;
        assert_eq!(second.get("/panel/owner/invite").await.status, 404);
        site.stop().await;
    }

    async fn the_preflight_over_all_bots_runs_from_the_page_of_money(db: Db) {
        let site = Site::start(&db).await;
        busy_day(&site, &db, &site.a, "Мария").await;
        let client = site.signed_in(&Site::platform_owner()).await;
        let page = client.get("/panel/owner/money").await;
        assert!(page.body.contains("Проверить сейчас") && !page.body.contains("READY"), "{}", page.body);
        let run = client.post("/panel/owner/money/preflight", &[("form_token", &page.field("form_token"))]).await;
        assert!(run.status == 200 && run.body.contains("class=\"pill pill-"), "{}", run.body);
        assert!(run.body.contains("READY") || run.body.contains("DEGRADED"), "{}", run.body);
        site.stop().await;
    }
}
