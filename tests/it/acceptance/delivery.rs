//! A84–A91: results on their way to a person, whatever they are and whatever Telegram says to them.

use botyard::domain::settings::TenantSettings;
use botyard::domain::{GenerationState, Money};
use botyard::sandbox::wire::{ChatMessage, FaultAnswer, GivenFile, Outcome, TaskFault, TelegramFault};

use super::driver::{FILM, Scene, picture, price_in, wav};
use super::story;
use crate::util::app::TestApp;
use crate::util::db::{TestDb, on_each_db};

/// Sends are tried again soon.
const SOON: &[(&str, &str)] = &[
    ("delivery.attempts", "0 s,50 ms,100 ms,150 ms,200 ms"),
    // Sizes a hundredth of Telegram's, so that sealing them takes a hundredth of the time.
    ("delivery.file_max", "500 KiB"),
    ("delivery.photo_max", "100 KiB"),
];

const MODEL: &str = "z-image";

async fn paying(test: &TestDb) -> Scene {
    let settings = TenantSettings { free_per_day: 0, ..TenantSettings::default() };
    Scene::with(test, settings, SOON).await
}

/// Which kind of file a message carries.
fn carried(message: &ChatMessage) -> &'static str {
    let kinds = ["animation", "photo", "video", "audio", "voice", "document", "text"];
    kinds.into_iter().find(|kind| message.json.get(*kind).is_some()).unwrap_or("nothing")
}

/// Messages that the bot has sent (not edited) since `known`.
async fn since(scene: &Scene, known: &[ChatMessage]) -> Vec<ChatMessage> {
    let last = known.last().map_or(0, |m| m.id);
    scene.said().await.into_iter().filter(|m| m.id > last).collect()
}

/// One generation with these results; what was sent between the press and S-18.
async fn delivered(scene: &Scene, files: Vec<GivenFile>) -> Vec<ChatMessage> {
    scene.next_results(files).await;
    scene.order(MODEL, &[]).await;
    let known = scene.said().await;
    scene.start("Баланс:").await;
    let mut sent = since(scene, &known).await;
    let after = sent.pop().unwrap();
    assert!(after.text().starts_with('✅'), "{}", after.text());
    sent
}

async fn refuse(app: &TestApp, method: &str, times: u32, status: u16) {
    let answer =
        FaultAnswer { status: Some(status), description: Some("Bad Request: no".to_owned()), ..FaultAnswer::default() };
    let fault = TelegramFault { method: Some(method.to_owned()), times, answer, ..TelegramFault::default() };
    app.world.inject_telegram(&fault).await.unwrap();
}

fn jpeg() -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(40, 30).write_to(&mut bytes, image::ImageFormat::Jpeg).unwrap();
    bytes.into_inner()
}

#[test]
fn a84_each_content_is_sent_by_its_method_and_the_bytes_decide() {
    story(async |test| {
        let scene = paying(&test).await;
        let long = "Длинная расшифровка. ".repeat(700);
        let webm: &[u8] = b"\x1a\x45\xdf\xa3\x01\x00\x00\x00\x00\x00\x00\x1f\x42\x86\x81\x01\x42\x82\x84webm";
        let opus: &[u8] = b"OggS\x00\x02\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x13OpusHead";
        let mut heavy = picture(1);
        heavy.resize(110 << 10, 0);
        // Bytes, what the host calls them, and how they arrive.
        let table: Vec<(Vec<u8>, &str, &str, &str)> = vec![
            (jpeg(), "video/mp4", "mp4", "photo"),
            (picture(3), "text/html", "html", "photo"),
            (heavy, "image/png", "png", "document"),
            (FILM.to_vec(), "image/png", "png", "video"),
            (webm.to_vec(), "", "bin", "video"),
            (wav(100), "video/mp4", "mp4", "audio"),
            (b"ID3\x04\x00\x00\x00\x00\x00\x00".to_vec(), "audio/wav", "wav", "audio"),
            (b"fLaC\x00\x00\x00\x22".to_vec(), "", "x", "audio"),
            (opus.to_vec(), "audio/mpeg", "mp3", "voice"),
            (b"GIF89a\x03\x00\x02\x00\x80\x00\x00".to_vec(), "image/png", "png", "animation"),
            ("Кот & <пёс>".as_bytes().to_vec(), "image/png", "png", "text"),
            (br#"{"text": "hello"}"#.to_vec(), "image/png", "png", "text"),
            (long.into_bytes(), "text/plain", "txt", "document"),
            (b"%PDF-1.7\n\x00".to_vec(), "image/png", "png", "document"),
        ];
        for (bytes, mime, extension, arrives) in table {
            let sent = delivered(&scene, vec![GivenFile::new(extension, mime, &bytes)]).await;
            let kinds: Vec<_> = sent.iter().map(carried).collect();
            assert_eq!(kinds, [arrives], "{mime} of {} bytes", bytes.len());
            let name = sent[0].json.pointer("/document/file_name").or_else(|| sent[0].json.pointer("/audio/file_name"));
            if let Some(name) = name.and_then(serde_json::Value::as_str) {
                let gid = scene.generations().await[0].id.short().to_owned();
                assert!(name.starts_with(&format!("z-image_{gid}.")), "{name}");
            }
            if arrives == "photo" {
                assert!(sent[0].text().starts_with("Z-Image · "), "{}", sent[0].text());
            }
        }
        let texts: Vec<String> = scene.said().await.iter().map(|m| m.text().to_owned()).collect();
        assert!(texts.iter().any(|text| text.contains("Кот & <пёс>")), "a text arrives literally");
        for page in [Outcome::Html, Outcome::Gone, Outcome::Empty] {
            let before = scene.available().await;
            scene.next_outcome(page).await;
            scene.order(MODEL, &[]).await;
            let told = scene.start("Деньги не списаны").await;
            assert!(told.text().contains("Пришёл пустой результат"), "{}", told.text());
            assert_eq!(scene.available().await, before);
        }
        scene.finish().await;
    });
}

#[test]
fn a85_three_pictures_are_one_album_sounds_go_alone_and_mixed_kinds_all_arrive() {
    story(async |test| {
        let scene = paying(&test).await;
        let png = |n| GivenFile::new("png", "image/png", &picture(n));
        let sound = || GivenFile::new("wav", "audio/wav", &wav(50));
        let group = |m: &ChatMessage| m.json["media_group_id"].as_str().map(str::to_owned);

        let album = delivered(&scene, vec![png(1), png(2), png(3)]).await;
        assert_eq!(album.len(), 3);
        assert!(album.iter().all(|m| group(m).is_some() && group(m) == group(&album[0])), "one album");
        assert!(album[0].text().starts_with("Z-Image") && album[1].text().is_empty(), "the caption is on the first");

        let sounds = delivered(&scene, vec![sound(), sound()]).await;
        assert_eq!(sounds.iter().map(carried).collect::<Vec<_>>(), ["audio", "audio"]);
        assert!(sounds.iter().all(|m| group(m).is_none()));

        let film = GivenFile::new("mp4", "video/mp4", FILM);
        let paper = GivenFile::new("pdf", "application/pdf", b"%PDF-1.7\n\x00");
        let mixed = delivered(&scene, vec![png(4), sound(), film, paper, png(5)]).await;
        let kinds: Vec<_> = mixed.iter().map(carried).collect();
        assert_eq!(kinds, ["photo", "video", "photo", "audio", "document"], "the album first, then the rest");

        let many = delivered(&scene, (0..12).map(png).collect()).await;
        let groups: std::collections::BTreeSet<_> = many.iter().map(group).collect();
        assert_eq!((many.len(), groups.len()), (12, 2), "ten, and then two");
        scene.finish().await;
    });
}

#[test]
fn a86_a_result_of_sixty_megabytes_is_a_link_and_is_paid_for() {
    story(async |test| {
        let scene = paying(&test).await;
        let big = GivenFile { size: 600 << 10, ..GivenFile::new("mp4", "video/mp4", FILM) };
        let sent = delivered(&scene, vec![big]).await;
        assert_eq!(sent.len(), 1);
        assert!(sent[0].text().starts_with("⚠️ Файл слишком большой для Telegram"), "{}", sent[0].text());
        assert!(sent[0].text().contains("ссылка работает 24 часа."), "{}", sent[0].text());
        let link = sent[0].json["entities"].as_array().unwrap().iter().find_map(|e| e["url"].as_str()).unwrap();
        let call = scene.calls("sendMessage").await.into_iter().find(|c| c.message_id == Some(sent[0].id)).unwrap();
        assert!(call.params["link_preview_options"].to_string().contains("true"), "{}", call.params);
        #[expect(clippy::disallowed_methods, reason = "the test plays the person's browser")]
        let answer = reqwest::Client::new().head(link).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        assert_eq!(scene.generations().await[0].charged, Money::kopecks(63));
        scene.finish().await;
    });
}

#[test]
fn a87_a_refused_picture_goes_as_a_document_then_as_a_link_and_arrives_once() {
    story(async |test| {
        let scene = paying(&test).await;
        let png = |n| GivenFile::new("png", "image/png", &picture(n));
        refuse(&scene.app, "sendPhoto", 1, 400).await;
        let sent = delivered(&scene, vec![png(1)]).await;
        assert_eq!(sent.iter().map(carried).collect::<Vec<_>>(), ["document"]);

        refuse(&scene.app, "sendPhoto", 1, 400).await;
        refuse(&scene.app, "sendDocument", 1, 400).await;
        let sent = delivered(&scene, vec![png(2)]).await;
        assert_eq!(sent.iter().map(carried).collect::<Vec<_>>(), ["text"]);
        assert!(sent[0].text().starts_with("⚠️ Telegram не принял файл"), "{}", sent[0].text());
        assert_eq!((scene.calls("sendPhoto").await.len(), scene.calls("sendDocument").await.len()), (2, 2));

        // An album that is refused as such: its pictures alone.
        refuse(&scene.app, "sendMediaGroup", 1, 400).await;
        let sent = delivered(&scene, vec![png(3), png(4)]).await;
        assert_eq!(sent.iter().map(carried).collect::<Vec<_>>(), ["photo", "photo"]);
        assert!(scene.generations().await.iter().all(|row| row.charged == Money::kopecks(63)));
        scene.finish().await;
    });
}

on_each_db! {
    async fn a88_nothing_is_taken_while_no_send_succeeds_and_once_when_one_does(test: TestDb) {
        let scene = paying(&test).await;
        refuse(&scene.app, "sendPhoto", 2, 502).await;
        scene.order(MODEL, &[]).await;
        let told = scene.start("Результат готов, но не отправился").await;
        assert!(told.buttons().iter().any(|(_, data)| data.starts_with("retry_delivery:")), "{:?}", told.buttons());
        let row = scene.until(|row| row.state == GenerationState::Undelivered).await;
        assert_eq!((row.charged, scene.held().await), (Money::ZERO, Money::kopecks(63)));

        scene.press("📤 Получить ещё раз", "Баланс:").await;
        let row = scene.generations().await.remove(0);
        assert_eq!((row.state, row.charged), (GenerationState::Delivered, Money::kopecks(63)));
        assert_eq!((scene.available().await, scene.held().await), (Money::kopecks(49_937), Money::ZERO));
        // Once more is free.
        scene.forge(&format!("retry_delivery:{}", row.id.short())).await;
        scene.app.settled(&scene.bot, scene.anna).await;
        assert_eq!(scene.available().await, Money::kopecks(49_937));
        scene.finish().await;
    }

    async fn a88_an_unreachable_person_gets_the_result_when_they_write(test: TestDb) {
        let scene = paying(&test).await;
        scene.next_tasks(1, TaskFault { delay_ms: Some(600), ..TaskFault::default() }).await;
        scene.order(MODEL, &[]).await;
        scene.app.press_only(&scene.bot, scene.anna, "✅ Генерировать").await;
        scene.app.world.block(&scene.bot.username, scene.anna.0, true).await.unwrap();
        let row = scene.until(|row| row.state == GenerationState::Undelivered).await;
        assert_eq!((row.charged, scene.held().await), (Money::ZERO, Money::kopecks(63)));
        scene.app.world.block(&scene.bot.username, scene.anna.0, false).await.unwrap();
        let before = scene.before().await;
        scene.say("/start", "Доступно").await;
        scene.hear(before, "✅ Z-Image").await;
        let row = scene.generations().await.remove(0);
        assert_eq!((row.state, row.charged), (GenerationState::Delivered, Money::kopecks(63)));
        scene.finish().await;
    }

    async fn a89_three_of_four_pictures_are_charged_as_three(test: TestDb) {
        let scene = paying(&test).await;
        scene.order("bytedance/seedream-v4-text-to-image", &[]).await;
        scene.press("⚙️ Параметры", "Нажмите на строку").await;
        scene.forge_for("edit_param:max_images", "✏️").await;
        scene.say("4", "Нажмите на строку").await;
        let order = scene.press("✅ Подтвердить и показать цену", "Проверьте заказ").await;
        assert_eq!(price_in(order.text()), Money::kopecks(1_572));
        scene.next_tasks(1, TaskFault { outputs: Some(3), ..TaskFault::default() }).await;
        let after = scene.start("Получено 3 из 4, списано 11.79 ₽").await;
        assert!(after.text().contains("Баланс: 488.21 ₽"), "{}", after.text());
        let row = scene.generations().await.remove(0);
        assert_eq!((row.price, row.charged), (Money::kopecks(1_572), Money::kopecks(1_179)));
        assert_eq!((scene.available().await, scene.held().await), (Money::kopecks(48_821), Money::ZERO));
        scene.finish().await;
    }
}

#[test]
fn a90_the_history_is_newest_first_ends_with_a_toast_and_is_its_persons_own() {
    story(async |test| {
        let scene = paying(&test).await;
        for prompt in ["Первая картина", "Вторая картина"] {
            scene.order(MODEL, &[("prompt", prompt)]).await;
            scene.start("Баланс:").await;
        }
        let page = scene.press("📚 Мои генерации", "№ 1 из 2").await;
        assert!(page.text().contains("Вторая картина"), "{}", page.text());
        let rows = scene.generations().await;
        let newer = rows[0].id.short();
        let answer = scene.forge(&format!("gen_history:{newer}:next")).await;
        assert_eq!(answer.text.as_deref(), Some("⚠️ Это последняя генерация"));
        let before = scene.before().await;
        scene.forge(&format!("gen_history:{newer}:prev")).await;
        let older = scene.hear(before, "№ 2 из 2").await;
        assert!(older.text().contains("Первая картина"), "{}", older.text());
        let answer = scene.forge(&format!("gen_history:{}:prev", rows[1].id.short())).await;
        assert_eq!(answer.text.as_deref(), Some("⚠️ Это первая генерация"));

        let ben = scene.app.person(102, "Ben", "ru").await;
        let menu = scene.app.say(&scene.bot, ben, "/start", "Доступно").await;
        for data in ["gen_view:", "gen_repeat:", "retry_generate:", "retry_delivery:", "open_result:", "cancel:"] {
            let patience = crate::util::app::PATIENCE;
            let data = format!("{data}{newer}");
            let answer =
                scene.app.world.press_forged(&scene.bot.username, ben.0, menu.id, &data, patience).await.unwrap();
            assert_eq!(answer.text.as_deref(), Some("❌ Запись не найдена."), "{data}");
        }
        let data = format!("gen_history:{newer}:prev");
        let patience = crate::util::app::PATIENCE;
        let answer = scene.app.world.press_forged(&scene.bot.username, ben.0, menu.id, &data, patience).await.unwrap();
        assert_eq!(answer.text.as_deref(), Some("❌ Запись не найдена."));
        let said = scene.app.world.messages(&scene.bot.username, ben.0).await.unwrap();
        assert!(said.iter().all(|m| m.file_id().is_none()), "nothing of Anna's reached Ben");
        scene.finish().await;
    });
}

#[test]
fn a91_an_old_result_comes_by_file_id_else_from_our_copy_else_from_the_provider_else_is_expired() {
    story(async |test| {
        let scene = paying(&test).await;
        scene.order(MODEL, &[]).await;
        scene.start("Баланс:").await;
        let gid = scene.generations().await[0].id.clone();
        let view = format!("gen_view:{}", gid.short());
        scene.forge_for(&view, "результат отправлен ещё раз").await;
        let last = |calls: Vec<botyard::sandbox::wire::CallRecord>| calls.last().unwrap().params["photo"].clone();
        assert!(last(scene.calls("sendPhoto").await).is_string(), "by its file id");

        refuse(&scene.app, "sendPhoto", 1, 400).await;
        scene.forge_for(&view, "результат отправлен ещё раз").await;
        let calls = scene.calls("sendPhoto").await;
        assert!(last(calls.clone()).is_object(), "our own copy: {}", last(calls));

        // Nothing is kept here, and Telegram has forgotten it: the provider still has it.
        let mut tx = scene.app.platform().db.tenant(&scene.bot.id).await.unwrap();
        tx.item_forget_copies(&gid, 0).await.unwrap();
        tx.commit().await.unwrap();
        scene.forge_for(&view, "⏳ Загружаю результат").await;
        scene.until_said("результат отправлен ещё раз", 3).await;

        let mut tx = scene.app.platform().db.tenant(&scene.bot.id).await.unwrap();
        tx.item_forget_copies(&gid, 0).await.unwrap();
        tx.commit().await.unwrap();
        let gone = FaultAnswer { status: Some(404), ..FaultAnswer::default() };
        let path = Some("recordInfo".to_owned());
        let fault =
            botyard::sandbox::wire::KieFault { path, times: 9, code: Some(404), answer: gone, ..Default::default() };
        scene.app.world.inject_kie(&fault).await.unwrap();
        let before = scene.before().await;
        scene.forge(&view).await;
        scene.hear(before, "⌛ Срок хранения истёк, результат больше недоступен.").await;
        scene.app.world.heal().await.unwrap();
        scene.finish().await;
    });
}
