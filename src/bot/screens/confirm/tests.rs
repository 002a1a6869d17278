//! S-14 and S-15 as text, for every payer.

use super::*;
use crate::bot::screens::testing::{en, model, ru};

fn confirmation(id: &str, payer: Payer, price: i64) -> Confirmation<'static> {
    let summary = Summary {
        prompt: Some("Рыжий кот в шлеме <космонавта> & «друзья»".to_owned()),
        params: vec![("aspect_ratio".to_owned(), "9:16".to_owned()), ("sound".to_owned(), "true".to_owned())],
        inputs: vec![("image_input".to_owned(), 2)],
    };
    Confirmation {
        model: model(id),
        summary,
        payer,
        price: Money::kopecks(price),
        units: 1,
        images: None,
        free: FreeQuota { left: 3, total: 5, bank: 0 },
        available: Money::kopecks(20_000),
    }
}

#[test]
fn s14_says_what_is_ordered_and_what_it_costs() {
    insta::assert_snapshot!(ru(&confirmation("kling-2.6/image-to-video", Payer::Money, 8643)), @"
        🧾 <b>Проверьте заказ</b>
        🤖 Kling 2.6, из фото
        📝 Рыжий кот в шлеме &lt;космонавта&gt; &amp; «друзья»
        ⚙️ Соотношение сторон: 9:16 · Звук: ✅ Да
        📎 Изображение: 2 файла
        📤 видео
        ⏱ 1–3 мин

        💰 Цена: 86.43 ₽
        Баланс: 200 ₽ → 113.57 ₽
        | ✅ Генерировать [confirm_generate] |
        | ⚙️ Параметры [show_parameters] |
        | ◀️ Назад [back_to_previous_step] | 🏠 Главное меню [back_to_menu] |
        | ❌ Отмена [cancel] |
        ");
    insta::assert_snapshot!(en(&confirmation("kling-2.6/image-to-video", Payer::Money, 8643)), @"
        🧾 <b>Check your order</b>
        🤖 Kling 2.6 (photo)
        📝 Рыжий кот в шлеме &lt;космонавта&gt; &amp; «друзья»
        ⚙️ Aspect ratio: 9:16 · Sound: ✅ Yes
        📎 Image: 2 files
        📤 video
        ⏱ 1–3 min

        💰 Price: 86.43 ₽
        Balance: 200 ₽ → 113.57 ₽
        | ✅ Generate [confirm_generate] |
        | ⚙️ Parameters [show_parameters] |
        | ◀️ Back [back_to_previous_step] | 🏠 Main menu [back_to_menu] |
        | ❌ Cancel [cancel] |
        ");
}

#[test]
fn s14_of_a_free_an_admin_s_and_an_unaffordable_order() {
    insta::assert_snapshot!(ru(&confirmation("z-image", Payer::Free, 0)), @"
        🧾 <b>Проверьте заказ</b>
        🤖 Z-Image
        📝 Рыжий кот в шлеме &lt;космонавта&gt; &amp; «друзья»
        ⚙️ Соотношение сторон: 9:16 · Звук: ✅ Да
        📎 Изображение: 2 файла
        📤 изображение
        ⏱ 30 с

        🎁 БЕСПЛАТНАЯ ГЕНЕРАЦИЯ!
        Останется бесплатных: 2/5
        | ✅ Генерировать [confirm_generate] |
        | ⚙️ Параметры [show_parameters] |
        | ◀️ Назад [back_to_previous_step] | 🏠 Главное меню [back_to_menu] |
        | ❌ Отмена [cancel] |
        ");
    assert!(ru(&confirmation("z-image", Payer::Admin, 0)).contains("Админ: безлимитные"));
    assert!(ru(&confirmation("z-image", Payer::DryRun, 0)).contains("💰 Цена: 0 ₽"));
    let poor =
        Confirmation { available: Money::kopecks(10), images: Some(3), ..confirmation("z-image", Payer::Money, 63) };
    insta::assert_snapshot!(ru(&poor), @"
        🧾 <b>Проверьте заказ</b>
        🤖 Z-Image
        📝 Рыжий кот в шлеме &lt;космонавта&gt; &amp; «друзья»
        ⚙️ Соотношение сторон: 9:16 · Звук: ✅ Да
        📎 Изображение: 2 файла
        📤 3 изображения
        ⏱ 30 с

        💰 Цена: 0.63 ₽
        ❌ Недостаточно средств: доступно 0.10 ₽
        | ✅ Генерировать [confirm_generate] |
        | ⚙️ Параметры [show_parameters] |
        | ◀️ Назад [back_to_previous_step] | 🏠 Главное меню [back_to_menu] |
        | ❌ Отмена [cancel] |
        ");
}

#[test]
fn s15_offers_what_is_missing_but_at_least_the_least() {
    let of = |need: i64, available: i64, draft| Insufficient {
        need: Money::kopecks(need),
        available: Money::kopecks(available),
        topup_min: Money::kopecks(5_000),
        draft,
    };
    insta::assert_snapshot!(ru(&of(63, 0, true)), @"
        ❌ Недостаточно средств. Нужно 0.63 ₽, доступно 0 ₽. Не хватает 0.63 ₽.
        | 💳 Пополнить на 50 ₽ [topup_amount:50] |
        | 💳 Другая сумма [topup_balance] |
        | ◀️ Назад [back_to_confirmation] | 🏠 Главное меню [back_to_menu] |
        ");
    insta::assert_snapshot!(en(&of(12_259, 1_000, false)), @"
        ❌ Not enough funds. Needed: 122.59 ₽, available: 10 ₽. Missing: 112.59 ₽.
        | 💳 Top up by 112.59 ₽ [topup_amount:112.59] |
        | 💳 Another amount [topup_balance] |
        | ◀️ Back [back_to_models] | 🏠 Main menu [back_to_menu] |
        ");
}
