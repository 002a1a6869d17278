//! The pages in a browser, as a person meets them: on a phone and a desk, light and dark, with and without a mouse.

use botyard::domain::TenantState;
use botyard::web::guard::Need;
use reqwest::Method;

use super::home::busy_day;
use super::rooms::furnish;
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
            browser.see("Telegram no longer accepts the token").await;
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
            browser.see("Сообщения пользователей сюда ещё не приходят").await;
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

/// Opens every page of the router's table that has this need, looks at it on a phone and on a desk, light and dark, and lets
/// axe look for what keeps people out.
async fn look_at_all(browser: &crate::util::browser::Browser, site: &Site, room: &super::rooms::Room, platform: bool) {
    let base = format!("http://{}", site.main);
    let (mut seen, mut found) = (0, Vec::new());
    for address in botyard::web::router::routes(&site.state) {
        let wanted = matches!(address.need, Need::Tenant(_) | Need::TenantForm(_)) && !platform
            || address.need == Need::Platform && platform;
        if !wanted
            || !address.methods.contains(&Method::GET)
            || address.path.contains('.')
            || address.path.ends_with("/events")
            || address.path.ends_with("/receipt")
        {
            continue;
        }
        let path = room.filled(address.path, site.a.as_str());
        browser.open(&format!("{base}{path}?lang=ru")).await;
        browser.see_element("main h1").await;
        let name =
            address.path.trim_start_matches("/panel/").replace("t/{tenant}", "bot").replace(['/', '{', '}'], "-");
        found.extend(browser.look_over(name.trim_matches('-')).await);
        seen += 1;
    }
    // The settings have one address and several pages.
    for page in if platform { &[][..] } else { &["prices", "money", "general"][..] } {
        browser.open(&format!("{base}/panel/t/{}/settings/{page}?lang=ru", site.a)).await;
        browser.see_element("main h1").await;
        found.extend(browser.look_over(&format!("bot-settings-{page}")).await);
    }
    // A payment's address shows a payment in Stars above; a transfer that waits has a card of its own.
    if !platform {
        browser.open(&format!("{base}/panel/t/{}/payments/{}?lang=ru", site.a, room.transfer.short())).await;
        browser.see("Одобрить").await;
        found.extend(browser.look_over("bot-payments-transfer").await);
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    assert!(seen >= 4, "{seen}");
}

#[test]
fn every_page_of_a_bot_fits_a_phone_and_keeps_nobody_out() {
    on_sqlite(|test| async move {
        let site = Site::start(&test.db).await;
        busy_day(&site, &test.db, &site.a, "Мария").await;
        let room = furnish(&site, &test.db, &site.a).await;
        let link = format!("http://{}{}", site.main, site.link(&site.owner_a()).await);
        let (site_ref, room) = (&site, &room);
        browse(|browser| async move {
            browser.open(&format!("{link}?lang=ru")).await;
            assert_eq!(browser.look_over("sign-in").await, Vec::<String>::new());
            browser.press("Войти").await;
            browser.see("Требует внимания").await;
            look_at_all(&browser, site_ref, room, false).await;
        })
        .await;
        site.stop().await;
    });
}

#[test]
fn every_page_of_the_platform_fits_a_phone_and_keeps_nobody_out() {
    on_sqlite(|test| async move {
        let site = Site::start(&test.db).await;
        let room = furnish(&site, &test.db, &site.a).await;
        let link = format!("http://{}{}", site.main, site.link(&Site::platform_owner()).await);
        let (site_ref, room) = (&site, &room);
        browse(|browser| async move {
            browser.open(&format!("{link}?lang=ru")).await;
            browser.press("Войти").await;
            browser.see("Все боты").await;
            look_at_all(&browser, site_ref, room, true).await;
        })
        .await;
        site.stop().await;
    });
}

#[test]
fn a_person_is_found_credited_and_blocked_by_pressing_only() {
    on_sqlite(|test| async move {
        let site = Site::start(&test.db).await;
        furnish(&site, &test.db, &site.a).await;
        let link = format!("http://{}{}", site.main, site.link(&site.owner_a()).await);
        browse(|browser| async move {
            browser.open(&format!("{link}?lang=ru")).await;
            browser.press("Войти").await;
            browser.press("Пользователи").await;
            browser.fill("input[name=q]", "@guest_name").await;
            browser.press("Найти").await;
            browser.see("Гость").await;
            browser.press("Начислить деньги").await;
            browser.fill("input[name=amount]", "150,50").await;
            browser.fill("form[action$=credit] input[name=reason]", "за ожидание").await;
            browser.press("Начислить").await;
            browser.see("Деньги начислены").await;
            browser.see("Последние зачисления").await;
            browser.press_element(".act-danger summary").await;
            browser.press("Заблокировать").await;
            browser.see("Пользователь заблокирован").await;
        })
        .await;
        site.stop().await;
    });
}
