//! The partner's main ways, walked by pressing only: on a phone in the dark without JavaScript, and on a desk in the light with
//! it. What works for one works for the other.

use std::time::{Duration, Instant};

use botyard::domain::settings::TenantSettings;
use botyard::domain::{ChatId, MessageId, Money, PaymentId, PaymentState};
use botyard::store::Db;

use super::rooms::{GUEST, furnish, guest, reads_well, transfer};
use super::site::{NOON, OWNER_A, Site};
use super::till::{amount, purse, state};
use crate::store::world::within;
use crate::util::browser::{Browser, DESK, Look, PHONE, browse};
use crate::util::db::on_sqlite;

/// Goes to a place of the navigation, which is folded on a phone.
async fn go(browser: &Browser, look: Look, place: &str) {
    if look.width < 900 {
        browser.press_element("details.menu > summary").await;
    }
    browser.press(place).await;
    browser.see_element("main h1").await;
    browser.fits().await;
}

/// Comes in by a link.
async fn enter(browser: &Browser, look: Look, site: &Site, link: &str) {
    browser.look_like(look).await;
    browser.open(&format!("http://{}{link}?lang=ru", site.main)).await;
    browser.see("Вход в панель").await;
    browser.press("Войти").await;
    browser.see_element("main h1").await;
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
async fn broadcast(browser: &Browser, look: Look, site: &Site, db: &Db) {
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
                enter(&browser, look, site_ref, &link).await;
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

/// Waits until the picture of a transfer is drawn.
async fn see_picture(browser: &Browser) {
    let drawn = "const picture = document.querySelector('.proof-picture img');
        picture.scrollIntoView(); return picture.naturalWidth";
    let began = Instant::now();
    while browser.ask(drawn).await == 0 {
        assert!(began.elapsed() < Duration::from_secs(20), "the picture is not drawn");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// From the queue to the card of a transfer: its picture, and what was read in it beside what is expected.
async fn approve(browser: &Browser, look: Look, payment: &PaymentId, due: Money) {
    go(browser, look, "Платежи").await;
    browser.see("На проверке · 2").await;
    browser.is_for_everybody(look).await;
    browser.press_element(&format!(".queue a.button[href$='{}']", payment.short())).await;
    browser.see("Сумма совпала").await;
    browser.see("Телефон получателя есть").await;
    browser.see("A63280715350100").await;
    see_picture(browser).await;
    browser.is_for_everybody(look).await;
    browser.press(&format!("Одобрить и зачислить {due}")).await;
    browser.see("Одобрено, деньги зачислены.").await;
    browser.is_for_everybody(look).await;
}

/// On to the next one, which is refused: for a known reason, or for one in words of one's own.
async fn reject(browser: &Browser, look: Look) {
    browser.press("Следующий на проверке").await;
    see_picture(browser).await;
    browser.press_element("details.act-danger > summary").await;
    let said = if look.scripts {
        browser.fill("input[name=own]", "перевод не дошёл").await;
        "перевод не дошёл"
    } else {
        browser.press("сумма не совпала").await;
        "сумма не совпала"
    };
    browser.is_for_everybody(look).await;
    browser.press_element("form[action$=reject] button").await;
    browser.see("Отклонено, пользователю отправлена причина.").await;
    browser.see(said).await;
    browser.is_for_everybody(look).await;
}

#[test]
fn a_transfer_is_looked_at_and_credited_and_another_one_refused() {
    on_sqlite(|test| async move {
        let site = Site::start(&test.db).await;
        let anna = guest(&test.db, &site.a, GUEST, "Анна").await;
        let (site_ref, db, anna) = (&site, &test.db, &anna);
        browse(|browser| async move {
            let mut credited = Money::ZERO;
            for (look, seed) in [(PHONE, 1), (DESK, 3)] {
                let good = transfer(site_ref, db, &site_ref.a, anna, (seed, ""), reads_well).await;
                let bad = transfer(site_ref, db, &site_ref.a, anna, (seed + 1, ""), reads_well).await;
                let due = amount(db, &site_ref.a, &good).await;
                enter(&browser, look, site_ref, &site_ref.link(&site_ref.admin_a()).await).await;
                approve(&browser, look, &good, due).await;
                credited = credited.plus(due).unwrap();
                assert_eq!(purse(db, &site_ref.a).await, (credited, Money::ZERO));
                reject(&browser, look).await;
                assert_eq!(state(db, &site_ref.a, &good).await, PaymentState::Approved);
                assert_eq!(state(db, &site_ref.a, &bad).await, PaymentState::Rejected);
                assert_eq!(purse(db, &site_ref.a).await, (credited, Money::ZERO));
            }
        })
        .await;
        site.stop().await;
    });
}

/// From what is due on the first page to where it is mended, and back: it is due no more.
async fn mend(browser: &Browser, look: Look, due: &str, (field, value): (&str, &str)) {
    browser.see(due).await;
    browser.is_for_everybody(look).await;
    browser.press(&format!("Исправить: {due}")).await;
    browser.fill(field, value).await;
    browser.is_for_everybody(look).await;
    browser.press("Сохранить").await;
    browser.see("Сохранено").await;
    go(browser, look, "Главная").await;
    browser.see_no(due).await;
    browser.is_for_everybody(look).await;
}

#[test]
fn what_is_due_is_mended_from_the_first_page() {
    on_sqlite(|test| async move {
        let site = Site::start(&test.db).await;
        within(&test.db, &site.a, async |tx| {
            let version = tx.settings_get().await.unwrap().unwrap().version;
            let bare = serde_json::to_string(&TenantSettings::default()).unwrap();
            assert!(tx.settings_save(version, &bare, "{}", NOON).await.unwrap());
        })
        .await;
        site.refresh().await;
        let site_ref = &site;
        browse(|browser| async move {
            for (look, due, fix) in [
                (
                    PHONE,
                    "Нет ссылки на политику конфиденциальности.",
                    ("input[name=privacy_url]", "https://example.test/privacy"),
                ),
                (DESK, "Не указан контакт поддержки.", ("[name=support_contact]", "@help")),
            ] {
                enter(&browser, look, site_ref, &site_ref.link(&site_ref.owner_a()).await).await;
                mend(&browser, look, due, fix).await;
            }
        })
        .await;
        let settings = site.platform.tenants.get(&site.a).unwrap().settings.clone();
        assert_eq!(
            (settings.privacy_url.as_str(), settings.support_contact.as_str()),
            ("https://example.test/privacy", "@help")
        );
        site.stop().await;
    });
}
