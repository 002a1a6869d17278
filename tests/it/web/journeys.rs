//! The partner's main ways, walked by pressing only: on a phone in the dark without JavaScript, and on a desk in the light with
//! it. What works for one works for the other.

use botyard::domain::{ChatId, MessageId};

use super::rooms::{GUEST, furnish};
use super::site::{NOON, OWNER_A, Site};
use crate::store::world::within;
use crate::util::browser::{Browser, Scheme, browse};
use crate::util::db::on_sqlite;

/// How the panel is looked at.
#[derive(Clone, Copy)]
struct Look {
    width: u32,
    scheme: Scheme,
    scripts: bool,
}

const PHONE: Look = Look { width: 360, scheme: Scheme::Dark, scripts: false };
const DESK: Look = Look { width: 1280, scheme: Scheme::Light, scripts: true };

/// Goes to a place of the navigation, which is folded on a phone.
async fn go(browser: &Browser, look: Look, place: &str) {
    if look.width < 900 {
        browser.press_element("details.menu > summary").await;
    }
    browser.press(place).await;
    browser.see_element("main h1").await;
    browser.fits().await;
}

/// Finds a person and credits them.
async fn credit(browser: &Browser, look: Look) {
    go(browser, look, "Пользователи").await;
    browser.fill("input[name=q]", "@guest_name").await;
    browser.press("Найти").await;
    browser.see("Гость").await;
    browser.press("Начислить деньги").await;
    browser.fill("input[name=amount]", "150,50").await;
    browser.fill("form[action$=credit] input[name=reason]", "за ожидание").await;
    browser.press("Начислить").await;
    browser.see("Деньги начислены").await;
    browser.fits().await;
}

/// Changes what everything costs.
async fn price(browser: &Browser, look: Look) {
    go(browser, look, "Модели и цены").await;
    browser.open(&format!("{}/panel/t/tenant-a/settings/prices", browser.origin().await)).await;
    browser.fill("input[name=markup]", if look.scripts { "1,7" } else { "1,4" }).await;
    browser.press("Сохранить").await;
    browser.see("Сохранено").await;
    browser.fits().await;
}

/// Makes a promo code.
async fn promo(browser: &Browser, look: Look) {
    go(browser, look, "Промокоды").await;
    browser.press("Новый промокод").await;
    let code = format!("SUMMER{}", look.width);
    browser.fill("input[name=code]", &code).await;
    browser.fill("input[name=worth]", "15%").await;
    browser.press_element("form[action$=promos] button").await;
    browser.see(&code).await;
    browser.fits().await;
}

/// Composes a broadcast, looks at it, and sends it.
async fn broadcast(browser: &Browser, look: Look, site: &Site, db: &botyard::store::Db) {
    go(browser, look, "Рассылки").await;
    browser.press("Новая рассылка").await;
    browser.fill("textarea[name=text]", "<b>Скидка</b> до пятницы").await;
    browser.press("Прислать мне для проверки").await;
    browser.see("Бот отправляет вам сообщение").await;
    browser.fits().await;
    let draft = db.tenant_read(&site.a).await.unwrap().broadcasts_drafts(1).await.unwrap().remove(0);
    let chat = ChatId::from(OWNER_A);
    within(db, &site.a, async |tx| assert!(tx.broadcast_set_source(&draft.id, chat, MessageId(77)).await.unwrap()))
        .await;
    browser.open(&browser.address().await).await;
    browser.see("проверьте его").await;
    browser.press("Отправить всем: 1").await;
    browser.see("Рассылка началась").await;
    browser.press("Остановить совсем").await;
    browser.press_element("form[action$=stop] button").await;
    browser.see("Рассылка остановлена").await;
    browser.fits().await;
}

#[test]
fn the_main_ways_work_on_a_phone_without_javascript_and_on_a_desk_with_it() {
    on_sqlite(|test| async move {
        let site = Site::start(&test.db).await;
        let room = furnish(&site, &test.db, &site.a).await;
        within(&test.db, &site.a, async |tx| {
            tx.user_started(GUEST, NOON).await.unwrap();
            // The broadcast of the furniture is over: another one can begin.
            assert!(tx.broadcast_stop(&room.broadcast, NOON).await.unwrap());
        })
        .await;
        site.check(&site.a, None, Some("wrong response")).await;
        let links = [site.link(&site.owner_a()).await, site.link(&site.owner_a()).await];
        let (site_ref, db) = (&site, &test.db);
        browse(|browser| async move {
            for (look, link) in [PHONE, DESK].into_iter().zip(links) {
                browser.scripts(look.scripts).await;
                browser.look(look.width, look.scheme).await;
                browser.open(&format!("http://{}{link}?lang=ru", site_ref.main)).await;
                browser.see("Вход в панель").await;
                browser.press("Войти").await;
                browser.see("Сообщения пользователей сюда ещё не приходят").await;
                browser.fits().await;
                credit(&browser, look).await;
                price(&browser, look).await;
                promo(&browser, look).await;
                broadcast(&browser, look, site_ref, db).await;
                browser.press("Выйти").await;
                browser.see("Вы вышли").await;
            }
        })
        .await;
        let settings = site.platform.tenants.get(&site.a).unwrap().settings.clone();
        assert_eq!(settings.markup.to_string(), "1.70", "the second one's price is the price");
        site.stop().await;
    });
}
