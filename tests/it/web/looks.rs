//! The pages in a browser, as a person meets them: on a phone and a desk, light and dark, with and without a mouse.

use botyard::domain::TenantState;

use super::home::busy_day;
use super::site::{NOON, Site};
use crate::util::browser::browse;
use crate::util::db::on_sqlite;

/// The name of the element that has the focus.
const FOCUS: &str = "return document.activeElement.textContent.trim()";

#[test]
fn a_person_signs_in_looks_and_signs_out() {
    on_sqlite(|test| async move {
        let site = Site::start(&test.db).await;
        site.refresh().await;
        let base = format!("http://{}", site.main);
        let link = format!("{base}{}", site.link(&site.owner_a()).await);
        let (site_ref, db) = (&site, &test.db);
        browse(|browser| async move {
            browser.open(&format!("{link}?lang=ru")).await;
            browser.see("Вход в панель").await;
            browser.shots("panel-sign-in").await;
            browser.press("Войти").await;
            browser.see("Всё в порядке").await;
            browser.see("Событий пока нет").await;
            browser.shots("panel-home-empty").await;
            busy_day(site_ref, db, &site_ref.a, "Мария").await;
            // The page finds it out by itself.
            browser.see("1548.50 ₽").await;
            browser.shots("panel-home").await;
            site_ref.check(&site_ref.a, Some("401"), None).await;
            browser.open(&format!("{base}/panel?lang=en")).await;
            browser.see("Telegram refuses the bot's token").await;
            browser.shots("panel-home-broken").await;
            browser.open(&format!("{base}/panel/nothing?lang=ru")).await;
            browser.see("Страница не найдена").await;
            browser.shots("panel-not-found").await;
            browser.press("На главную").await;
            browser.see("Последние ошибки").await;
            browser.press("Выйти").await;
            browser.see("Вы вышли").await;
            browser.shots("panel-signed-out").await;
            browser.open(&link).await;
            browser.see("Ссылка уже использована").await;
        })
        .await;
        site.stop().await;
    });
}

#[test]
fn the_owner_sees_all_bots_and_opens_one() {
    on_sqlite(|test| async move {
        let site = Site::start(&test.db).await;
        busy_day(&site, &test.db, &site.a, "Мария").await;
        site.check(&site.b, None, Some("wrong response")).await;
        for (n, (name, brand)) in
            [("studio-nord", "Студия «Север»"), ("pixel-garden", "Pixel Garden with a rather long name")]
                .into_iter()
                .enumerate()
        {
            let settings = botyard::domain::settings::TenantSettings { brand: brand.to_owned(), ..Default::default() };
            site.host(
                &crate::web::site::id(name),
                20 + i64::try_from(n).unwrap(),
                &[crate::web::site::OWNER_B],
                &settings,
            )
            .await;
        }
        let mut tx = test.db.platform().await.unwrap();
        tx.tenant_set_state(&crate::web::site::id("studio-nord"), TenantState::Paused, None, false, NOON)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let base = format!("http://{}", site.main);
        let link = format!("{base}{}", site.link(&Site::platform_owner()).await);
        browse(|browser| async move {
            browser.open(&format!("{link}?lang=ru")).await;
            browser.press("Войти").await;
            browser.see("Все боты").await;
            browser.shots("owner-tenants").await;
            browser.press("Бриз").await;
            browser.see("Telegram не доставляет боту сообщения").await;
            browser.press("← Ко всем ботам").await;
            browser.see("Студия «Север»").await;
            // By keyboard: the first stop leads past the navigation.
            browser.ask("document.querySelector('.skip').focus()").await;
            assert_eq!(browser.ask(FOCUS).await, "К содержанию");
        })
        .await;
        site.stop().await;
    });
}
