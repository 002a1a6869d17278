//! A34–A51: lists, cards and the questions of the wizard.

use botyard::catalog::{Catalog, callback_ref};
use botyard::domain::Money;
use botyard::domain::settings::{EnabledModels, TenantSettings};
use serde_json::json;

use super::driver::{FILM, Scene, named_file, picture, price_in, wav};
use super::story;
use crate::util::db::TestDb;

async fn selling(test: &TestDb, models: &[&str]) -> Scene {
    let enabled_models = EnabledModels::Only(models.iter().map(|id| (*id).to_owned()).collect());
    Scene::with(test, TenantSettings { enabled_models, ..TenantSettings::default() }, &[]).await
}

fn labels(message: &botyard::sandbox::wire::ChatMessage) -> Vec<String> {
    message.buttons().into_iter().map(|(label, _)| label).collect()
}

#[test]
fn a34_every_visible_model_opens_its_card_its_parameters_its_samples_and_its_variants() {
    story(async |test| {
        let scene = Scene::new(&test).await;
        let words = scene.app.platform().texts.words(botyard::domain::Language::Ru);
        let visible = Catalog::embedded().unwrap().models().iter().filter(|m| m.is_visible_by_default());
        let mut seen = 0;
        for model in visible {
            let open = async |head: &str| {
                assert!(scene.forge(&format!("{head}{}", callback_ref(head, model))).await.answered, "{head}");
                scene.app.settled(&scene.bot, scene.anna).await;
                scene.newest().await
            };
            let card = open("model:").await;
            assert!(card.text().contains("💰") && card.text().contains("📤"), "{}: {}", model.id, card.text());
            let info = open("info:").await;
            for param in &model.params {
                assert!(info.text().contains(&words.param(&param.name)), "{}: {}", model.id, info.text());
            }
            open("example:").await;
            let variants = open("modes:").await;
            let tiers = model.modes().count();
            let offered = variants.buttons().iter().filter(|(_, data)| data.starts_with("select_mode:")).count();
            assert_eq!(offered, if tiers > 1 { tiers } else { 0 }, "{}", model.id);
            seen += 1;
        }
        assert_eq!(seen, 51);
        scene.finish().await;
    });
}

#[test]
fn a35_what_cannot_be_sold_is_in_no_list_and_its_old_buttons_say_so() {
    story(async |test| {
        let scene = Scene::new(&test).await;
        let catalog = Catalog::embedded().unwrap();
        let off: Vec<_> = catalog.models().iter().filter(|m| !m.is_visible_by_default()).collect();
        let mut lists = Vec::new();
        for page in 0..3 {
            scene.forge(&format!("pg:all:{page}")).await;
            scene.app.settled(&scene.bot, scene.anna).await;
            lists.extend(scene.newest().await.buttons());
        }
        let shown = catalog.models().iter().filter(|m| m.is_visible_by_default());
        for model in shown {
            let data = format!("model:{}", callback_ref("model:", model));
            assert!(lists.iter().any(|(_, own)| *own == data), "{} is on sale", model.id);
        }
        for model in off {
            for head in ["model:", "select_model:"] {
                let data = format!("{head}{}", callback_ref(head, model));
                assert!(!lists.iter().any(|(_, own)| *own == data), "{} is not on sale", model.id);
                scene.forge(&data).await;
                scene.app.settled(&scene.bot, scene.anna).await;
                let newest = scene.newest().await;
                let text = newest.text();
                assert!(text.contains("временно недоступна") || text.contains("временно отключена"), "{text}");
                scene.say("/start", "Доступно").await;
            }
        }
        scene.finish().await;
    });
}

#[test]
fn a37_a_model_of_pictures_asks_the_picture_first_and_one_of_texts_never() {
    story(async |test| {
        let scene = Scene::new(&test).await;
        for id in ["seedream/4.5-edit", "kling-2.6/image-to-video", "recraft/crisp-upscale", "infinitalk/from-audio"] {
            scene.say(&format!("/generate {id}"), "🖼 Пришлите изображени").await;
        }
        let confirmation = scene.order("seedream/4.5-text-to-image", &[]).await;
        assert!(!confirmation.text().contains("📎"), "{}", confirmation.text());
        scene.say("/generate seedream/4.5-text-to-image", "Шаг 1/3: Описание").await;
        scene.finish().await;
    });
}

#[test]
fn a38_nano_banana_pro_needs_a_picture_under_one_type_and_none_under_the_other() {
    story(async |test| {
        let scene = Scene::new(&test).await;
        scene.press("🧩 Ремикс изображения", "Доступные нейросети").await;
        let step = scene.forge_for("select_model:nano-banana-pro", "Шаг 1/").await;
        assert!(step.text().contains("🖼 Пришлите изображени"), "{}", step.text());
        assert_eq!(
            scene.forge("skip_image").await.text.as_deref(),
            Some("❌ Этот параметр обязателен и не может быть пропущен.")
        );
        scene.say("/start", "Доступно").await;
        scene.press("🎨 Генерация визуала", "Доступные нейросети").await;
        let step = scene.forge_for("select_model:nano-banana-pro", "Шаг 1/").await;
        assert!(step.text().contains("Описание"), "{}", step.text());
        scene.say("Кот", "Проверьте заказ").await;
        scene.finish().await;
    });
}

#[test]
fn a39_a_document_is_a_picture_too_and_an_album_of_three_is_answered_once() {
    story(async |test| {
        let scene = Scene::new(&test).await;
        scene.say("/generate seedream/4.5-edit", "Шаг 1/4").await;
        let known = scene.said().await.len();
        let album = (1..4).map(|n| (format!("{n}.png"), picture(n))).collect();
        let before = scene.before().await;
        scene.app.world.send_files(&scene.bot.username, scene.anna.0, "photo", album, "<b>подпись</b>").await.unwrap();
        scene.hear(before, "Загружено: 3 из 14").await;
        scene.app.settled(&scene.bot, scene.anna).await;
        assert_eq!(scene.said().await.len(), known + 1, "one answer to three pictures");
        scene.send_for("document", "d.png", picture(9), "Загружено: 4 из 14").await;

        // More than the model takes: the rest is left out, and told once.
        let before = scene.before().await;
        let many = |from: u8| (from..from + 6).map(|n| (format!("{n}.png"), picture(n))).collect();
        scene.app.world.send_files(&scene.bot.username, scene.anna.0, "photo", many(20), "").await.unwrap();
        scene.hear(before, "Загружено: 10 из 14").await;
        let before = scene.before().await;
        scene.app.world.send_files(&scene.bot.username, scene.anna.0, "photo", many(30), "").await.unwrap();
        let full = scene.hear(before, "Загружено: 14 из 14").await;
        assert!(full.text().contains("Можно загрузить не больше 14."), "{}", full.text());
        // An album that no step waits for is answered once as well.
        scene.say("/start", "Доступно").await;
        let known = scene.said().await.len();
        let before = scene.before().await;
        scene.app.world.send_files(&scene.bot.username, scene.anna.0, "photo", many(40), "").await.unwrap();
        scene.hear(before, "💡 Выберите действие из меню.").await;
        scene.app.settled(&scene.bot, scene.anna).await;
        assert_eq!(scene.said().await.len(), known + 1);
        scene.finish().await;
    });
}

#[test]
fn a40_sounds_and_films_of_every_kind_are_measured_and_twenty_one_megabytes_are_refused() {
    story(async |test| {
        let scene = Scene::new(&test).await;
        for kind in ["voice", "audio", "document"] {
            scene.say("/generate elevenlabs/audio-isolation", "🎤 Пришлите аудио").await;
            let order = scene.send_for(kind, "a.wav", wav(4_200), "Проверьте заказ").await;
            let price = price_in(order.text());
            assert_eq!(price, Money::kopecks(16 * 5), "{kind}: five begun seconds: {}", order.text());
        }
        // Telegram's word counts where it is more than the file says, and never where it is less.
        let sent = scene.send("audio", "a.wav", wav(4_000)).await;
        for (said, seconds) in [(10, 10), (1, 4)] {
            scene.say("/generate elevenlabs/audio-isolation", "🎤").await;
            let content = json!({"audio": {"file_id": sent[0].file_id().unwrap(), "file_unique_id": "u", "duration": said,
                "mime_type": "audio/wav"}});
            let order = scene.content(&content, "Проверьте заказ").await;
            assert_eq!(price_in(order.text()), Money::kopecks(16 * seconds), "{said} s said");
        }
        let film = scene.send("video", "a.mp4", FILM.to_vec()).await;
        let id = film[0].file_id().unwrap();
        let note = json!({"video_note": {"file_id": id, "file_unique_id": "n", "duration": 3, "length": 240}});
        for kind in ["video", "animation", "document", "video_note"] {
            scene.say("/generate topaz/video-upscale", "🎬 Пришлите видео").await;
            if kind == "video_note" {
                scene.content(&note, "Проверьте заказ").await;
            } else {
                scene.send_for(kind, "a.mp4", FILM.to_vec(), "Проверьте заказ").await;
            }
        }
        for (id, ask, field, mime) in [
            ("elevenlabs/audio-isolation", "🎤 Пришлите аудио", "audio", "audio/mpeg"),
            ("topaz/video-upscale", "🎬 Пришлите видео", "video", "video/mp4"),
        ] {
            scene.say(&format!("/generate {id}"), ask).await;
            let big = scene.content(&named_file(field, mime, 21 << 20), "Боты Telegram получают файлы до 20 МБ").await;
            assert!(big.text().contains(ask), "the step stays: {}", big.text());
        }
        scene.finish().await;
    });
}

#[test]
fn a40_a_length_that_nobody_can_tell_or_that_is_too_long_is_refused() {
    story(async |test| {
        let scene = Scene::new(&test).await;
        scene.say("/generate elevenlabs/audio-isolation", "🎤").await;
        let broken = b"ID3\x04\x00\x00\x00\x00\x00\x00".to_vec();
        scene.send_for("audio", "a.mp3", broken, "Не удалось определить длительность").await;
        scene.send_for("document", "a.png", picture(1), "🎤 Жду аудио").await;
        scene.say("/generate infinitalk/from-audio", "🖼").await;
        scene.send_for("photo", "a.png", picture(1), "до 15 секунд").await;
        scene.send_for("audio", "a.wav", wav(15_100), "Аудио до 15 секунд").await;
        scene.send_for("audio", "a.wav", wav(15_000), "Описание").await;
        let heic = json!({"document": {"file_id": "h", "file_unique_id": "h", "mime_type": "image/heic"}});
        scene.say("/generate recraft/crisp-upscale", "🖼").await;
        scene.content(&heic, "Отправьте изображение как фото.").await;
        let in_disguise = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic".to_vec();
        let sent = scene.send("document", "a.bin", in_disguise).await;
        let named = json!({"document": {"file_id": sent[0].file_id().unwrap(), "file_unique_id": "d", "mime_type": "image/jpeg"}});
        scene.content(&named, "Отправьте изображение как фото.").await;
        scene.finish().await;
    });
}

#[test]
fn a41_a_wrong_kind_of_answer_keeps_the_earlier_ones_and_says_what_is_expected() {
    story(async |test| {
        let scene = Scene::new(&test).await;
        scene.say("/generate kling-2.6/image-to-video", "Шаг 1/4: Изображение").await;
        let sticker =
            json!({"sticker": {"file_id": "s", "file_unique_id": "s", "width": 9, "height": 9, "type": "regular"}});
        for (content, part) in [(json!({"text": "кот"}), "🖼 Жду изображение"), (sticker.clone(), "🖼 Жду изображение")]
        {
            let said = scene.content(&content, part).await;
            assert!(said.text().contains("Шаг 1/4"), "{}", said.text());
        }
        scene.send_for("photo", "a.png", picture(1), "Шаг 2/4: Описание").await;
        scene.content(&sticker, "✍️ Жду текст").await;
        let voice = named_file("voice", "audio/ogg", 900);
        scene.content(&voice, "Голосовые сообщения пока не поддерживаются").await;
        scene.say("Волны и чайки", "Шаг 3/4: Звук").await;
        scene.content(&sticker, "👆 Выберите вариант кнопкой: Звук").await;
        scene.say("может быть", "👆 Выберите вариант кнопкой: Звук").await;
        scene.say("нет", "Шаг 4/4: Длительность").await;
        let order = scene.press("⭐ 5", "Проверьте заказ").await;
        assert!(order.text().contains("Волны и чайки") && order.text().contains("📎 Изображение"), "{}", order.text());
        scene.content(&sticker, "👆 Выберите вариант кнопкой").await;
        scene.finish().await;
    });
}

#[test]
fn a42_what_is_outside_the_limits_is_refused_and_not_kept() {
    story(async |test| {
        let scene = selling(&test, &["z-image", "bytedance/seedream-v4-text-to-image", "sora-watermark-remover"]).await;
        scene.say("/generate z-image", "Шаг 1/2").await;
        let long = "я".repeat(1_001);
        let said = scene.say(&long, "❌ Длина текста — от 1 до 1000 символов, сейчас 1001.").await;
        assert!(said.text().contains("Шаг 1/2"), "{}", said.text());

        scene.order("bytedance/seedream-v4-text-to-image", &[]).await;
        scene.press("⚙️ Параметры", "Нажмите на строку").await;
        scene.forge_for("edit_param:max_images", "✏️").await;
        for wrong in ["7", "0", "-1", "1.5", "nan", "inf", "1e3", "много", "9999999999999999999999"] {
            let said = scene.say(wrong, "❌").await;
            assert!(said.text().contains("от 1 до 6") && said.text().contains("✏️"), "{wrong}: {}", said.text());
        }
        scene.say("3", "Нажмите на строку").await;

        scene.say("/generate sora-watermark-remover", "Шаг 1/1").await;
        for wrong in ["http://sora.chatgpt.com/p/s_1", "https://sora.chatgpt.com.evil.example/p/1", "sora", "https://"]
        {
            let said = scene.say(wrong, "❌ Нужна ссылка вида https://sora.chatgpt.com/").await;
            assert!(said.text().contains("Шаг 1/1"), "{wrong}: {}", said.text());
        }
        scene.say("https://sora.chatgpt.com/p/s_1", "Проверьте заказ").await;
        scene.finish().await;
    });
}

#[test]
fn a42_a_text_that_telegram_cut_is_one_text() {
    story(async |test| {
        let scene = Scene::new(&test).await;
        scene.say("/generate nano-banana-pro", "Шаг 1/1: Описание").await;
        let (first, rest) = ("а".repeat(4_096), "б".repeat(500));
        scene.app.world.send_text(&scene.bot.username, scene.anna.0, &first).await.unwrap();
        scene.say(&rest, "Проверьте заказ").await;
        scene.start("Баланс:").await;
        let sent = scene.app.world.kie_tasks().await.unwrap().pop().unwrap();
        let prompt = sent.request["input"]["prompt"].as_str().unwrap();
        assert_eq!(prompt, format!("{first}{rest}"));
        // One that only looks as if it went on is taken a moment later.
        scene.say("/generate nano-banana-pro", "Шаг 1/1: Описание").await;
        scene.say(&"в".repeat(4_050), "Проверьте заказ").await;
        // And parts that are too long together are told so once.
        scene.say("/generate z-image", "Шаг 1/2").await;
        scene.app.world.send_text(&scene.bot.username, scene.anna.0, &first).await.unwrap();
        scene.say(&rest, "❌ Длина текста — от 1 до 1000 символов, сейчас 4596.").await;
        scene.finish().await;
    });
}

#[test]
fn a43_buttons_show_the_price_they_lead_to_and_what_has_no_price_is_not_offered() {
    story(async |test| {
        let scene = selling(&test, &["kling-2.6/image-to-video", "hailuo/2.3"]).await;
        scene.say("/generate kling-2.6/image-to-video", "Шаг 1").await;
        scene.send_for("photo", "a.png", picture(1), "Описание").await;
        let sound = scene.say("Волны", "Звук").await;
        assert!(labels(&sound).contains(&"✅ Да — от 86.43 ₽".to_owned()), "{:?}", labels(&sound));
        assert!(labels(&sound).contains(&"❌ Нет — от 43.21 ₽".to_owned()), "{:?}", labels(&sound));

        scene.order("hailuo/2.3", &[("duration", "10")]).await;
        scene.press("⚙️ Параметры", "Нажмите на строку").await;
        let step = scene.forge_for("edit_param:resolution", "✏️").await;
        assert!(step.buttons().iter().any(|(_, data)| data == "set_param:resolution:768p"), "{:?}", step.buttons());
        assert!(!step.buttons().iter().any(|(_, data)| data.contains("1080p")), "{:?}", step.buttons());
        let forged = scene.forge("set_param:resolution:1080p").await;
        assert_eq!(forged.text.as_deref(), Some("Эта комбинация параметров недоступна, выберите другую."));
        assert!(forged.show_alert);
        scene.finish().await;
    });
}

#[test]
fn a44_only_a_choice_that_changes_the_price_asks_again() {
    story(async |test| {
        let scene = Scene::new(&test).await;
        scene.say("/generate kling-2.6/text-to-video", "Шаг 1").await;
        scene.say("Волны", "Звук").await;
        let option = scene.press("✅ Да", "Эта опция: Звук = ✅ Да").await;
        assert!(option.text().contains("Было: от 43.21 ₽\nСтанет: от 86.43 ₽"), "{}", option.text());
        scene.press("✅ Подтвердить", "Соотношение сторон").await;
        let step = scene.press("1:1", "Длительность").await;
        assert!(!step.text().contains("Эта опция"), "{}", step.text());
        scene.finish().await;
    });
}

#[test]
fn a45_optional_parameters_wait_behind_the_gear_and_required_ones_cannot_be_left_out() {
    story(async |test| {
        let scene = Scene::new(&test).await;
        let order = scene.order("kling/v2-5-turbo-text-to-video-pro", &[]).await;
        assert!(!order.text().contains("Чего избегать"), "{}", order.text());
        let list = scene.press("⚙️ Параметры", "Нажмите на строку").await;
        assert_eq!(list.buttons().iter().filter(|(_, data)| data.starts_with("edit_param:")).count(), 5);
        scene.forge_for("edit_param:negative_prompt", "✏️").await;
        scene.say("размытость", "Нажмите на строку").await;
        scene.forge_for("edit_param:cfg_scale", "✏️").await;
        scene.say("0,7", "Нажмите на строку").await;
        scene.forge_for("edit_param:negative_prompt", "✏️").await;
        scene.press("⏭️ Пропустить", "Нажмите на строку").await;
        scene.forge_for("edit_param:prompt", "✏️").await;
        let answer = scene.forge("set_param:prompt:__skip__").await;
        assert_eq!(answer.text.as_deref(), Some("❌ Этот параметр обязателен и не может быть пропущен."));
        scene.press("◀️ Назад", "Нажмите на строку").await;
        scene.press("✅ Подтвердить и показать цену", "Проверьте заказ").await;
        scene.start("Баланс:").await;
        let input = scene.app.world.kie_tasks().await.unwrap().pop().unwrap().request["input"].clone();
        assert_eq!(input["cfg_scale"], json!(0.7), "{input}");
        assert!(input.get("negative_prompt").is_none_or(|v| v == ""), "{input}");
        scene.finish().await;
    });
}

#[test]
fn a46_back_asks_the_previous_question_and_keeps_the_other_answers() {
    story(async |test| {
        let scene = Scene::new(&test).await;
        scene.say("/generate kling-2.6/text-to-video", "Шаг 1").await;
        assert_eq!(scene.forge("back_to_previous_step").await.text.as_deref(), Some("Нечего возвращать."));
        scene.say("Волны", "Звук").await;
        scene.press("❌ Нет", "Соотношение сторон").await;
        scene.press("16:9", "Длительность").await;
        scene.press("◀️ Назад", "Соотношение сторон").await;
        scene.press("1:1", "Длительность").await;
        let order = scene.press("⭐ 5", "Проверьте заказ").await;
        assert!(order.text().contains("Волны") && order.text().contains("1:1"), "{}", order.text());
        scene.finish().await;
    });
}

#[test]
fn a47_a_variant_and_a_free_tool_bring_their_values_along() {
    story(async |test| {
        let scene = Scene::new(&test).await;
        let model = Catalog::embedded().unwrap().model("kling-2.6/text-to-video").unwrap();
        let (n, tier) = model.modes().last().unwrap();
        let step = scene.forge_for(&format!("select_mode:{}:{n}", model.id), "Шаг 1/2: Описание").await;
        drop(step);
        scene.say("Волны", "Шаг 2/2: Соотношение сторон").await;
        let order = scene.press("16:9", "Проверьте заказ").await;
        assert_eq!(price_in(order.text()), tier.price);

        let list = scene.forge_for("free_tools", "FAST TOOLS").await;
        let turbo = Catalog::embedded().unwrap().model("ideogram/v3-text-to-image").unwrap();
        let sku = turbo.pricing.tiers.iter().find(|tier| tier.free).unwrap();
        let data = format!("sk:{}", sku.sku_hash);
        assert!(list.buttons().iter().any(|(_, own)| *own == data), "{:?}", list.buttons());
        scene.forge_for(&data, "Шаг 1/1: Описание").await;
        let order = scene.say("Кот", "Проверьте заказ").await;
        assert!(order.text().contains("БЕСПЛАТНАЯ ГЕНЕРАЦИЯ"), "{}", order.text());
        scene.finish().await;
    });
}

#[test]
fn a48_a_generation_type_of_before_is_replaced_by_the_models_own() {
    story(async |test| {
        let scene = Scene::new(&test).await;
        scene.press("🎬 Видео по сценарию", "Доступные нейросети").await;
        scene.forge_for("select_model:z-image", "Шаг 1/2: Описание").await;
        scene.say("Кот", "Шаг 2/2").await;
        scene.press("1:1", "Проверьте заказ").await;
        let row = {
            scene.start("Баланс:").await;
            scene.generations().await.remove(0)
        };
        assert_eq!(row.gen_type, "text-to-image");
        scene.finish().await;
    });
}

#[test]
fn a49_what_a_person_writes_arrives_literally_and_breaks_no_message() {
    story(async |test| {
        let scene = Scene::new(&test).await;
        let nasty = "<b>кот</b> & <script>alert(1)</script> &amp; \"пёс\" <a href='x'>";
        let order = scene.order("z-image", &[("prompt", nasty)]).await;
        assert!(order.text().contains("<b>кот</b> & <script>"), "{}", order.text());
        scene.start("Баланс:").await;
        let page = scene.press("📚 Мои генерации", "№ 1 из 1").await;
        assert!(page.text().contains("<b>кот</b> & <script>"), "{}", page.text());
        let sent = scene.app.world.kie_tasks().await.unwrap().pop().unwrap();
        assert_eq!(sent.request["input"]["prompt"], json!(nasty));
        let all = botyard::sandbox::wire::CallFilter { chat_id: Some(scene.anna.0), ..Default::default() };
        for call in scene.app.world.calls(&all).await.unwrap() {
            assert!(call.status == 200, "{}: {:?}", call.method, call.description);
        }
        scene.finish().await;
    });
}

#[test]
fn a50_a_wizard_goes_on_after_a_restart_at_the_same_question() {
    story(async |test| {
        let scene = Scene::new(&test).await;
        scene.say("/generate kling-2.6/text-to-video", "Шаг 1").await;
        scene.say("Волны", "Звук").await;
        let scene = scene.restart().await;
        scene.press("❌ Нет", "Соотношение сторон").await;
        let scene = scene.restart().await;
        scene.press("16:9", "Длительность").await;
        let order = scene.press("⭐ 5", "Проверьте заказ").await;
        assert!(order.text().contains("Волны"), "{}", order.text());
        scene.finish().await;
    });
}
