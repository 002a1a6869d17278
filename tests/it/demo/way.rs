//! From /start to a free picture, to a paid one, as an admin, at both bots, and over a restart.

use super::chat::Chat;
use super::stage::{Demo, EN, RU};
use crate::cli::program::Place;

/// What one of the bots says: the same way in its language and at its prices.
struct Words {
    free_left: &'static str,
    fast_tools: &'static str,
    step: [&'static str; 3],
    confirm: &'static str,
    generate: &'static str,
    free_done: &'static str,
    poor: &'static str,
    top_up: &'static str,
    funds: &'static str,
    /// The paid model's price here, and what is left of 500 ₽.
    price: &'static str,
    left: &'static str,
    admin: &'static str,
    history: &'static str,
    prompt: &'static str,
}

const RUSSIAN: Words = Words {
    free_left: "5 из 5",
    fast_tools: "🆓 FAST TOOLS",
    step: ["Шаг 1", "Шаг 2", "Шаг 3"],
    confirm: "Проверьте заказ",
    generate: "✅ Генерировать",
    free_done: "✅ Z-Image · бесплатно",
    poor: "Недостаточно средств",
    top_up: "💳 Пополнить",
    funds: "500 ₽",
    price: "5.11 ₽",
    left: "494.89 ₽",
    admin: "Админ",
    history: "📚 Мои генерации",
    prompt: "Рыжий кот на крыше",
};

const ENGLISH: Words = Words {
    free_left: "2 of 2",
    fast_tools: "🆓 FAST TOOLS",
    step: ["Step 1", "Step 2", "Step 3"],
    confirm: "Check your order",
    generate: "✅ Generate",
    free_done: "✅ Z-Image · free",
    poor: "Not enough funds",
    top_up: "💳 Top up",
    funds: "500 ₽",
    price: "7.67 ₽",
    left: "492.33 ₽",
    admin: "Admin",
    history: "📚 My generations",
    prompt: "A ginger cat on a roof",
};

const PAID: &str = "/generate seedream/4.5-text-to-image";

/// A new person: a free picture by buttons alone, then no money for a paid one.
async fn a_new_person(chat: &Chat, words: &Words) {
    let menu = chat.say("/start", words.free_left).await;
    assert!(menu.buttons().len() >= 8, "{:?}", menu.buttons());
    chat.press(words.fast_tools, words.free_left).await;
    chat.press("Z-Image", words.step[0]).await;
    chat.say(words.prompt, words.step[1]).await;
    chat.press("16:9", words.confirm).await;
    chat.press_for_picture(words.generate, words.free_done).await;
    let offer = chat.say(PAID, words.poor).await;
    assert!(offer.text().contains(words.price), "{}", offer.text());
    assert!(offer.buttons().iter().any(|(label, _)| label.contains(words.top_up)), "{:?}", offer.buttons());
}

/// Through the paid model's wizard up to its confirmation.
async fn order_paid(chat: &Chat, words: &Words) -> String {
    chat.say(PAID, words.step[0]).await;
    chat.say(words.prompt, words.step[1]).await;
    chat.press("1:1", words.step[2]).await;
    chat.choose("set_param:quality:basic", words.confirm).await.text().to_owned()
}

/// A person with money: a paid picture, and the balance moves by exactly its price.
async fn a_funded_person(chat: &Chat, words: &Words) {
    chat.say("/start", words.funds).await;
    let confirm = order_paid(chat, words).await;
    assert!(confirm.contains(words.price) && confirm.contains(words.left), "{confirm}");
    let done = chat.press_for_picture(words.generate, &format!("✅ Seedream 4.5 · {}", words.price)).await;
    assert!(done.text().contains(words.left), "{}", done.text());
    chat.say("/balance", words.left).await;
}

/// The bot's admin pays nothing.
async fn an_admin(chat: &Chat, words: &Words) {
    chat.say("/start", words.admin).await;
    let confirm = order_paid(chat, words).await;
    assert!(confirm.contains(words.admin) && !confirm.contains(words.price), "{confirm}");
    chat.press_for_picture(words.generate, "✅ Seedream 4.5").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_whole_way_at_both_bots_and_over_a_restart() {
    let demo = Demo::start().await;
    for (bot, words, first) in [(RU, &RUSSIAN, 5_001), (EN, &ENGLISH, 6_001)] {
        a_new_person(&demo.chat(bot, first), words).await;
        a_funded_person(&demo.chat(bot, first + 1), words).await;
        an_admin(&demo.chat(bot, first + 2), words).await;
        // A step that waits for its answer over the restart.
        demo.chat(bot, first).say("/generate z-image", words.step[0]).await;
    }
    let demo = demo.restart(&[]).await;
    for (bot, words, first) in [(RU, &RUSSIAN, 5_001), (EN, &ENGLISH, 6_001)] {
        let chat = demo.chat(bot, first);
        assert!(chat.messages().await.len() > 8, "the chat is there again");
        chat.say(words.prompt, words.step[1]).await;
        chat.press("16:9", words.confirm).await;
        let funded = demo.chat(bot, first + 1);
        funded.say("/balance", words.left).await;
        funded.say("/start", words.left).await;
        funded.press(words.history, words.prompt).await;
    }
    demo.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fresh_demo_forgets_the_old_one_and_only_that() {
    let demo = Demo::start().await;
    demo.chat(RU, 5_002).say("/start", "500 ₽").await;
    let demo = demo.restart(&["--fresh"]).await;
    assert!(demo.chat(RU, 5_002).messages().await.is_empty(), "the chat is new");
    demo.chat(RU, 5_002).say("/start", "500 ₽").await;
    let place = demo.stop().await;

    std::fs::create_dir(place.path().join("letters")).unwrap();
    std::fs::write(place.path().join("letters/dear.txt"), "dear").unwrap();
    let told = place.run(&["demo", "--fresh", "--port", "0", "--data", "letters"]).await.refused(1);
    assert!(told.contains("is no folder of a demo"), "{told}");
    assert!(place.path().join("letters/dear.txt").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn one_demo_at_a_time_uses_a_folder_and_each_finds_its_ports() {
    let demo = Demo::start().await;
    let (place, said) = (Place::new(), demo.said().to_owned());
    let data = said.lines().find(|line| line.starts_with("Data: ")).unwrap().split_whitespace().nth(1).unwrap();
    let told = place.run(&["demo", "--port", "0", "--data", data]).await.refused(1);
    assert!(told.contains("stop it first"), "{told}");
    let fresh = place.run(&["demo", "--port", "0", "--fresh", "--data", data]).await.refused(1);
    assert!(fresh.contains("stop it first"), "a running demo is not deleted: {fresh}");
    let other = Demo::start().await;
    assert_ne!(demo.address(&["Chats"]), other.address(&["Chats"]));
    other.stop().await;
    demo.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_a_real_installation_is_touched_by_a_demo() {
    let mut place = Place::new();
    place.set("DATABASE_URL", "postgres://botyard@127.0.0.1:1/real");
    place.set("TELEGRAM_API_URL", "http://127.0.0.1:1");
    std::fs::write(place.path().join("tenants.toml"), "this is not TOML").unwrap();
    let running = place.start(&["demo", "--port", "0"]).await;
    assert!(running.said.contains("demo-data"), "{}", running.said);
    assert_eq!(running.stop().await.0, Some(0));
    let told = place.run(&["demo", "--config", "tenants.toml"]).await.refused(2);
    assert!(told.contains("--config"), "{told}");
}
