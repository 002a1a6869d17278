//! A36, A52–A55, A57, A58: what a person is shown is what is held and taken. A56 is `models.rs`. A59 cannot be reached from
//! outside: the embedded catalog has no such tier, and its rule is tested beside it (`src/catalog/price/tests.rs`).

use botyard::bot::callback::Callback;
use botyard::catalog::{Catalog, Model, QuantityRule};
use botyard::domain::settings::{EnabledModels, TenantSettings};
use botyard::domain::{Factor, Language, Money, Payer};
use botyard::sandbox::wire::ChatMessage;
use botyard::store::TenantSettingsChange;

use super::driver::{Driver, Picks, Scene, price_in};
use super::story;
use crate::util::app::OWNER;
use crate::util::db::{TestDb, on_each_db};

fn selling(models: &[&str]) -> TenantSettings {
    let enabled_models = EnabledModels::Only(models.iter().map(|id| (*id).to_owned()).collect());
    TenantSettings { enabled_models, ..TenantSettings::default() }
}

/// The order is shown at a price, and costs it.
async fn costs(scene: &Scene, id: &str, picks: Picks<'_>, kopecks: i64) {
    let order = scene.order(id, picks).await;
    charged(scene, id, &order, kopecks).await;
}

/// The order that is shown costs this much, to the end.
async fn charged(scene: &Scene, id: &str, order: &ChatMessage, kopecks: i64) {
    let before = scene.available().await;
    let price = Money::kopecks(kopecks);
    assert_eq!(price_in(order.text()), price, "{id}: {}", order.text());
    scene.start("Баланс:").await;
    let row = scene.generations().await.remove(0);
    assert_eq!((row.price, row.charged), (price, price), "{id}");
    assert_eq!(scene.available().await.as_kopecks(), before.as_kopecks() - kopecks, "{id}");
}

#[test]
fn a36_the_card_shows_the_least_price() {
    story(async |test| {
        let scene = Scene::new(&test).await;
        let card = scene.forge_for("model:seedream/4.5-text-to-image", "🪪").await;
        assert!(card.text().contains("от 5.11 ₽"), "{}", card.text());
        scene.finish().await;
    });
}

on_each_db! {
    async fn a52_the_first_example_free_while_it_lasts_then_at_its_price(test: TestDb) {
        let scene = Scene::new(&test).await;
        for _ in 0..2 {
            scene.order("z-image", &[("aspect_ratio", "16:9")]).await;
            scene.start("бесплатно").await;
        }
        let order = scene.order("z-image", &[("aspect_ratio", "16:9")]).await;
        assert!(order.text().contains("Останется бесплатных: 2/5"), "{}", order.text());
        scene.start("бесплатно").await;
        for _ in 0..2 {
            scene.order("z-image", &[("aspect_ratio", "16:9")]).await;
            scene.start("бесплатно").await;
        }
        assert_eq!(scene.available().await, Money::kopecks(50_000));
        costs(&scene, "z-image", &[("aspect_ratio", "16:9")], 63).await;
        scene.finish().await;
    }

    async fn a52_the_other_examples_cost_exactly_what_they_say(test: TestDb) {
        let settings = selling(&["kling-2.6/image-to-video", "infinitalk/from-audio", "elevenlabs/text-to-speech", "hailuo/2.3"]);
        let scene = Scene::with(&test, settings, &[]).await;
        scene.app.credit(&scene.bot, scene.anna, Money::kopecks(50_000)).await;
        costs(&scene, "kling-2.6/image-to-video", &[("sound", "true"), ("duration", "10")], 17_285).await;
        // Its dearer variant, by the button that brings the resolution along.
        let before = scene.before().await;
        scene.forge("select_mode:infinitalk/from-audio:1").await;
        let driver = Driver::new(&scene, scene.anna);
        let order = driver.answer("infinitalk/from-audio", before, &[("audio_input", "12300")]).await;
        assert!(order.text().contains("720p"), "{}", order.text());
        charged(&scene, "infinitalk/from-audio", &order, 12_259).await;
        let text = "ж".repeat(1_234);
        costs(&scene, "elevenlabs/text-to-speech", &[("text", &text)], 581).await;
        costs(&scene, "hailuo/2.3", &[("duration", "10")], 3_929).await;
        scene.finish().await;
    }
}

#[test]
fn a52_and_a55_a_half_kopeck_rounds_up_once_at_the_end() {
    story(async |test| {
        let settings =
            TenantSettings { markup: Factor::ten_thousandths(11_500), free_per_day: 0, ..TenantSettings::default() };
        let scene = Scene::with(&test, settings, &[]).await;
        scene.order("ideogram/v3-text-to-image", &[("rendering_speed", "BALANCED")]).await;
        scene.press("⚙️ Параметры", "Нажмите на строку").await;
        scene.forge_for("edit_param:num_images", "✏️").await;
        let option = scene.forge_for("set_param:num_images:3", "Эта опция").await;
        assert!(option.text().contains("Станет: 18.98 ₽"), "{}", option.text());
        scene.press("✅ Подтвердить", "Нажмите на строку").await;
        let order = scene.press("✅ Подтвердить и показать цену", "Проверьте заказ").await;
        assert_eq!(price_in(order.text()), Money::kopecks(1_898));
        scene.start("18.98 ₽ · Баланс:").await;
        assert_eq!(scene.generations().await[0].charged, Money::kopecks(1_898));
        scene.finish().await;
    });
}

/// By the buttons of «Варианты и цены»: each leads to the order of its own tier.
#[test]
fn a53_every_tier_leads_to_its_own_price() {
    story(async |test| {
        let catalog = Catalog::embedded().unwrap();
        let several = |m: &&Model| m.is_sellable() && m.modes().count() > 1;
        let models: Vec<&Model> = catalog.models().iter().filter(several).collect();
        let ids = models.iter().map(|m| m.id.clone()).collect();
        let settings =
            TenantSettings { enabled_models: EnabledModels::Only(ids), free_per_day: 0, ..TenantSettings::default() };
        let scene = Scene::with(&test, settings, &[]).await;
        let words = scene.app.platform().texts.words(Language::Ru);
        for model in &models {
            let variants = scene.forge_for(&Callback::Modes(model.id.clone()).data(), "Варианты").await;
            let offered: Vec<_> =
                variants.buttons().into_iter().filter(|(_, data)| data.starts_with("select_mode:")).collect();
            assert_eq!(offered.len(), model.modes().count(), "{}", model.id);
            for ((label, data), (index, tier)) in offered.iter().zip(model.modes()) {
                let before = scene.before().await;
                scene.forge(data).await;
                let order = Driver::new(&scene, scene.anna).answer(&model.id, before, &[]).await;
                if model.pricing.quantity == QuantityRule::One {
                    assert_eq!(price_in(order.text()), tier.price, "{label}: {}", order.text());
                }
                for (param, value) in &tier.when {
                    let shown = words.value(param, value);
                    assert!(order.text().contains(&shown), "{label}, tier {index}, {shown}: {}", order.text());
                }
            }
        }
        scene.finish().await;
    });
}

#[test]
fn a54_a_combination_that_is_not_sold_cannot_be_forged() {
    story(async |test| {
        let scene = Scene::with(&test, selling(&["hailuo/2.3"]), &[]).await;
        scene.order("hailuo/2.3", &[("duration", "10")]).await;
        scene.press("⚙️ Параметры", "Нажмите на строку").await;
        // The value is not offered with these ten seconds; somebody sends it all the same.
        let step = scene.forge_for("edit_param:resolution", "✏️").await;
        assert!(!step.buttons().iter().any(|(_, data)| data == "set_param:resolution:1080p"), "{:?}", step.buttons());
        for data in ["set_param:resolution:1080p", "confirm_param:resolution:1080p", "set_param:resolution:4K"] {
            let answer = scene.forge(data).await;
            assert!(answer.answered, "{data}");
        }
        let alert = scene.forge("set_param:resolution:1080p").await;
        assert_eq!(alert.text.as_deref(), Some("Эта комбинация параметров недоступна, выберите другую."));
        let order = scene.forge_for("back_to_confirmation", "Проверьте заказ").await;
        assert_eq!(price_in(order.text()), Money::kopecks(3_929), "{}", order.text());
        assert!(!order.text().contains("1080p"), "{}", order.text());
        scene.finish().await;
    });
}

#[test]
fn a57_a_price_that_changed_is_shown_again_and_nothing_is_charged() {
    story(async |test| {
        let scene = Scene::new(&test).await;
        scene.order("seedream/4.5-text-to-image", &[]).await;
        let dearer = TenantSettings { markup: Factor::ten_thousandths(20_000), ..TenantSettings::default() };
        let platform = scene.app.platform();
        let mut tx = platform.db.platform().await.unwrap();
        let row = tx.tenant_get(&scene.bot.id).await.unwrap().unwrap();
        let json = serde_json::to_string(&dearer).unwrap();
        let change = TenantSettingsChange {
            settings: &json,
            partner_id: &row.partner_id,
            managed: row.managed,
            provider_key_sealed: row.provider_key_sealed.as_deref(),
            telegram_api_url: row.telegram_api_url.as_deref(),
        };
        assert!(tx.tenant_update_settings(&scene.bot.id, row.version, &change, platform.clock.now()).await.unwrap());
        tx.commit().await.unwrap();
        platform.tenants.refresh(&platform.db, &platform.vault).await.unwrap();
        let order = scene.press("✅ Генерировать", "Цена изменилась: было 5.11 ₽, стало 10.22 ₽").await;
        assert_eq!(price_in(order.text()), Money::kopecks(1_022));
        assert_eq!((scene.held().await, scene.generations().await.len()), (Money::ZERO, 0));
        assert!(scene.app.world.kie_tasks().await.unwrap().is_empty());
        scene.start("10.22 ₽ · Баланс: 489.78 ₽").await;
        scene.finish().await;
    });
}

#[test]
fn a58_an_admin_pays_nothing_and_in_user_mode_what_everybody_pays() {
    story(async |test| {
        let scene = Scene::new(&test).await;
        let (app, bot) = (&scene.app, &scene.bot);
        let owner = app.person(OWNER.0, "Owner", "ru").await;
        app.say(bot, owner, "/start", "Админ").await;
        let order = Driver::new(&scene, owner).order("seedream/4.5-text-to-image", &[]).await;
        assert!(order.text().contains("Админ: безлимитные генерации"), "{}", order.text());
        let before = app.version(bot, owner).await;
        app.press_only(bot, owner, "✅ Генерировать").await;
        // To its end: an equal order would join one that still runs.
        app.hear(bot, owner, before, "✅ Seedream 4.5").await;
        let row = scene.generations_of(owner).await.remove(0);
        assert_eq!((row.payer, row.price, row.charged, row.hold_id), (Payer::Admin, Money::ZERO, Money::ZERO, None));

        let mut tx = app.platform().db.tenant(&bot.id).await.unwrap();
        tx.user_set_mode(owner, true).await.unwrap();
        tx.commit().await.unwrap();
        app.credit(bot, owner, Money::kopecks(1_000)).await;
        let order = Driver::new(&scene, owner).order("seedream/4.5-text-to-image", &[]).await;
        assert_eq!(price_in(order.text()), Money::kopecks(511));
        let before = app.version(bot, owner).await;
        app.press_only(bot, owner, "✅ Генерировать").await;
        app.hear(bot, owner, before, "Баланс: 4.89 ₽").await;
        let order = Driver::new(&scene, owner).order("z-image", &[]).await;
        assert!(order.text().contains("Останется бесплатных: 4/5"), "{}", order.text());
        scene.finish().await;
    });
}
