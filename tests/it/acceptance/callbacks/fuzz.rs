//! T09 (reliability.md): data that no button has, and buttons of other messages, pressed while the owner changes the prices. Each press
//! is answered, nothing fails inside, and what is charged is what the pressed message showed.

use std::collections::HashMap;

use botyard::domain::settings::TenantSettings;
use botyard::domain::{Factor, Money};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{RngExt as _, SeedableRng as _};

use super::afresh;
use super::payloads::PATTERNS;
use crate::acceptance::driver::Scene;
use crate::util::app::PATIENCE;
use crate::util::db::{TestDb, on_each_db};
use crate::util::env;

/// The same bot with another markup; everything is paid for.
fn priced(markup: i64) -> TenantSettings {
    TenantSettings {
        markup: Factor::ten_thousandths(markup),
        free_per_day: 0,
        max_parallel: 20,
        ..TenantSettings::default()
    }
}

async fn reprice(scene: &Scene, markup: i64) {
    let platform = scene.app.platform();
    let settings = serde_json::to_string(&priced(markup)).unwrap();
    let mut tx = platform.db.tenant(&scene.bot.id).await.unwrap();
    let version = tx.settings_get().await.unwrap().unwrap().version;
    assert!(tx.settings_save(version, &settings, "{}", platform.clock.now()).await.unwrap());
    tx.commit().await.unwrap();
    platform.tenants.refresh(&platform.db, &platform.vault).await.unwrap();
}

/// What a press carries: a pattern, a button of this chat, either with something changed, or noise; 1 to 64 bytes.
fn data(dice: &mut StdRng, seen: &[String]) -> String {
    let known = |dice: &mut StdRng| {
        if dice.random_bool(0.5) && !seen.is_empty() {
            seen.choose(dice).unwrap().clone()
        } else {
            (*PATTERNS.choose(dice).unwrap()).to_owned()
        }
    };
    let odd = [
        "",
        ":",
        "::",
        "\u{0}",
        "\u{202e}",
        "-1",
        "9223372036854775808",
        "٣",
        "🙂",
        "%s",
        "' OR 1=1 --",
        "../",
        "nan",
        "1e9",
    ];
    let mut text = known(dice);
    match dice.random_range(0..7) {
        0 => {}
        1 => text = (0..dice.random_range(1..40)).map(|_| char::from(dice.random_range(1..=126_u8))).collect(),
        2 => text.push_str(odd.choose(dice).unwrap()),
        3 => {
            let head = text.split(':').next().unwrap_or_default().to_owned();
            text = format!("{head}:{}", odd.choose(dice).unwrap());
        }
        4 => {
            let other = known(dice);
            let tail = other.split_once(':').map_or(other.as_str(), |(_, tail)| tail);
            text = format!("{}:{tail}", text.split(':').next().unwrap_or_default());
        }
        5 => {
            let mut signs: Vec<char> = text.chars().collect();
            let at = dice.random_range(0..signs.len());
            signs[at] = *['a', '0', ':', 'Z', 'я', '\u{7f}'].choose(dice).unwrap();
            text = signs.into_iter().collect();
        }
        _ => {
            let keep = dice.random_range(1..=text.chars().count());
            text = text.chars().take(keep).collect();
        }
    }
    while text.len() > 64 {
        text.pop();
    }
    // Who is forgotten has nothing to be compared, and who orders here reads Russian.
    let apart = ["privacy_delete", "set_language", "language_select"];
    if text.is_empty() || apart.iter().any(|head| text.starts_with(head)) { "noop".to_owned() } else { text }
}

on_each_db! {
    async fn t09_no_data_of_a_button_breaks_anything_or_charges_what_was_not_shown(test: TestDb) {
        let scene = Scene::with(&test, priced(11_500), &[]).await;
        scene.app.credit(&scene.bot, scene.anna, Money::kopecks(1_000_000)).await;
        let start = 0x7_0900;
        let mut dice = StdRng::seed_from_u64(start);
        let (mut offers, mut charged) = (Vec::new(), 0);
        for n in 0..env::count(240, 6_000) {
            if n % 12 == 0 {
                // What the presses began is over: the order is asked about and nothing else.
                scene.app.taken(&scene.bot).await;
                scene.app.settled(&scene.bot, scene.anna).await;
                afresh(&scene.app, &scene.bot, scene.anna).await;
                offers.push(scene.order("z-image", &[]).await.id);
            }
            if n % 20 == 19 {
                reprice(&scene, dice.random_range(10_000..30_000)).await;
            }
            let all = scene.app.world.messages(&scene.bot.username, scene.anna.0).await.unwrap();
            let shown: HashMap<i64, String> = all.iter().map(|m| (m.id, m.text().to_owned())).collect();
            let seen: Vec<String> = all.iter().flat_map(botyard::sandbox::wire::ChatMessage::buttons).map(|(_, data)| data).collect();
            let own: Vec<i64> = all.iter().filter(|m| m.from_bot).map(|m| m.id).collect();
            let (message, press) = if dice.random_bool(0.2) {
                (*offers.choose(&mut dice).unwrap(), "confirm_generate".to_owned())
            } else {
                (*own.choose(&mut dice).unwrap(), data(&mut dice, &seen))
            };
            let before: Vec<_> = scene.generations().await.into_iter().map(|row| row.id).collect();
            let answer =
                scene.app.world.press_forged(&scene.bot.username, scene.anna.0, message, &press, PATIENCE).await.unwrap();
            assert!(answer.answered, "{press:?} on {message} was not answered (press {n} of seed {start:#x})");
            for row in scene.generations().await.into_iter().filter(|row| !before.contains(&row.id)) {
                let mut tx = scene.app.platform().db.tenant_read(&scene.bot.id).await.unwrap();
                let quote = tx.quote_get(&row.quote_id).await.unwrap().unwrap();
                drop(tx);
                let price = row.price.to_string();
                let text = shown.get(&message).cloned().unwrap_or_default();
                assert_eq!(row.price, quote.price, "{press:?}");
                assert!(text.contains(&price), "{price} was charged, the pressed message showed: {text} ({press:?}, press {n})");
                charged += 1;
            }
        }
        let mut tx = scene.app.platform().db.tenant_read(&scene.bot.id).await.unwrap();
        assert_eq!(tx.errors_last(10).await.unwrap(), [], "ROUTER_FAIL");
        drop(tx);
        assert!(charged > 3, "only {charged} were charged: the rest says little");
        scene.app.at_rest().await;
        let taken: i64 = scene.generations().await.iter().map(|row| row.charged.as_kopecks()).sum();
        let purse = scene.app.balance(&scene.bot, scene.anna).await;
        assert_eq!(purse.available.as_kopecks() + purse.held.as_kopecks(), 1_050_000 - taken, "nothing else was taken");
        scene.finish().await;
    }
}
