//! The same way with a browser: the chat page and the panel, on a phone and on a desk.

use botyard::sandbox::wire::ChatMessage;

use super::chat::Chat;
use super::stage::{Demo, RU};
use crate::util::browser::browse;

/// The whole label of the chat's newest button that has `part` in it.
async fn label(chat: &Chat, part: &str) -> String {
    let messages = chat.messages().await;
    let buttons = messages.iter().rev().flat_map(ChatMessage::buttons);
    buttons.map(|(label, _)| label).find(|label| label.contains(part)).expect("a button with this text")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_free_picture_and_a_paid_one_in_the_chat_page_by_browser() {
    let demo = Demo::start().await;
    let (new, funded) = (demo.address(&["Аня"]), demo.address(&["Борис"]));
    let chat = demo.chat(RU, 5_001);
    browse(|browser| async move {
        browser.open(&new).await;
        browser.press_element("[data-testid=start]").await;
        browser.see("5 из 5").await;
        browser.press("🆓 FAST TOOLS").await;
        browser.see("Z-Image").await;
        browser.press(&label(&chat, "Z-Image").await).await;
        browser.see("Шаг 1").await;
        browser.fill("[data-testid=composer]", "Рыжий кот на крыше").await;
        browser.press_element("[data-testid=send]").await;
        browser.see("Шаг 2").await;
        browser.press_element("[data-callback$=':16:9']").await;
        browser.see("Проверьте заказ").await;
        browser.press("✅ Генерировать").await;
        browser.see("бесплатно · Баланс").await;
        browser.see_element("[data-testid=messages] img").await;
        browser.shots("chat-free-picture").await;

        browser.open(&funded).await;
        browser.press_element("[data-testid=start]").await;
        browser.see("500 ₽").await;
        browser.fill("[data-testid=composer]", "/generate seedream/4.5-text-to-image").await;
        browser.press_element("[data-testid=send]").await;
        browser.see("Шаг 1").await;
        browser.fill("[data-testid=composer]", "Горы на рассвете").await;
        browser.press_element("[data-testid=send]").await;
        browser.see("Шаг 2").await;
        browser.press_element("[data-callback$=':1:1']").await;
        browser.see("Шаг 3").await;
        browser.shots("chat-wizard").await;
        browser.press_element("[data-callback='set_param:quality:basic']").await;
        browser.see("494.89 ₽").await;
        browser.shots("chat-confirm").await;
        browser.press("✅ Генерировать").await;
        browser.see("Баланс: 494.89 ₽").await;
        browser.shots("chat-paid-picture").await;
    })
    .await;
    demo.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_panel_opens_by_its_door_for_a_partner_and_for_the_owner_by_browser() {
    let demo = Demo::start().await;
    demo.chat(RU, 5_001).say("/start", "5 из 5").await;
    let (partner, owner) = (demo.address(&["/panel/aquarelle"]), demo.address(&["/panel/owner"]));
    browse(|browser| async move {
        browser.open(&partner).await;
        browser.shots("panel-enter").await;
        browser.press_element("main form button[type=submit]").await;
        browser.see("Акварель").await;
        browser.see_no("Pixel Harbor").await;
        browser.shots("panel-partner").await;
        browser.open(&owner).await;
        browser.press_element("main form button[type=submit]").await;
        browser.see("pixel-harbor").await;
        browser.see("aquarelle").await;
        browser.shots("panel-owner").await;
    })
    .await;
    demo.stop().await;
}
