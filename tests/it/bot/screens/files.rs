//! Files for the wizard: fetched by a job, counted, refused.

use super::{newest, rich};
use crate::util::db::{TestDb, on_each_db};

/// A small picture.
fn picture(shade: u8) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_pixel(32, 32, image::Rgb([shade, 90, 200]))
        .write_to(&mut bytes, image::ImageFormat::Png)
        .unwrap();
    bytes.into_inner()
}

on_each_db! {
    async fn pictures_one_by_one_and_as_an_album_fill_a_list(test: TestDb) {
        let (app, bot, anna) = rich(&test).await;
        app.say(&bot, anna, "/generate seedream/4.5-edit", "Шаг 1/4: Изображения").await;
        app.say(&bot, anna, "вот", "🖼 Жду изображение").await;

        let before = app.version(&bot, anna).await;
        app.world.send_file(&bot.username, anna.0, "photo", "a.png", picture(1), "").await.unwrap();
        app.hear(&bot, anna, before, "Загружено: 1 из 14").await;
        // A picture sent as a document is a picture too.
        let before = app.version(&bot, anna).await;
        app.world.send_file(&bot.username, anna.0, "document", "b.png", picture(2), "").await.unwrap();
        app.hear(&bot, anna, before, "Загружено: 2 из 14").await;
        let before = app.version(&bot, anna).await;
        let album = (3..6).map(|n| (format!("{n}.png"), picture(n))).collect();
        app.world.send_files(&bot.username, anna.0, "photo", album, "").await.unwrap();
        app.hear(&bot, anna, before, "Загружено: 5 из 14").await;

        app.press(&bot, anna, "✅ Готово (5)", "Описание").await;
        app.say(&bot, anna, "соедини их", "Соотношение сторон").await;
        app.press(&bot, anna, "1:1", "Качество").await;
        let confirm = app.press_data(&bot, anna, "quality:basic", "Проверьте заказ").await;
        assert!(confirm.text().contains("📎 Изображения: 5 файлов"), "{}", confirm.text());
        let before = app.version(&bot, anna).await;
        app.press_only(&bot, anna, "✅ Генерировать").await;
        app.hear(&bot, anna, before, "Баланс: 494.89 ₽").await;
        app.finish().await;
    }

    async fn what_is_no_picture_is_refused_and_the_step_stays(test: TestDb) {
        let (app, bot, anna) = rich(&test).await;
        app.say(&bot, anna, "/generate recraft/remove-background", "Шаг 1/1: Изображение").await;
        let before = app.version(&bot, anna).await;
        let page = b"<html><body>not a picture</body></html>".to_vec();
        app.world.send_file(&bot.username, anna.0, "document", "a.png", page, "").await.unwrap();
        app.hear(&bot, anna, before, "Шаг 1/1: Изображение").await;
        let before = app.version(&bot, anna).await;
        let content = serde_json::json!({"document": {"file_id": "big", "file_unique_id": "big", "mime_type": "image/png",
            "file_size": 21 * 1024 * 1024}});
        app.world.send_content(&bot.username, anna.0, &content).await.unwrap();
        app.hear(&bot, anna, before, "Боты Telegram получают файлы до 20 МБ").await;
        let before = app.version(&bot, anna).await;
        let content = serde_json::json!({"document": {"file_id": "apple", "file_unique_id": "apple", "mime_type": "image/heic"}});
        app.world.send_content(&bot.username, anna.0, &content).await.unwrap();
        app.hear(&bot, anna, before, "Отправьте изображение как фото.").await;
        // The step still waits: a single picture answers it.
        let before = app.version(&bot, anna).await;
        app.world.send_file(&bot.username, anna.0, "photo", "a.png", picture(9), "").await.unwrap();
        app.hear(&bot, anna, before, "Проверьте заказ").await;
        app.finish().await;
    }

    async fn a_file_for_a_draft_that_is_gone_says_nothing(test: TestDb) {
        let (app, bot, anna) = rich(&test).await;
        app.say(&bot, anna, "/generate recraft/remove-background", "Шаг 1/1").await;
        app.world.send_file(&bot.username, anna.0, "photo", "a.png", picture(9), "").await.unwrap();
        app.say(&bot, anna, "/cancel", "✅ Операция отменена.").await;
        app.at_rest().await;
        let last = newest(&app, &bot, anna).await;
        assert!(last.text().contains("Операция отменена"), "{}", last.text());
        app.finish().await;
    }
}
