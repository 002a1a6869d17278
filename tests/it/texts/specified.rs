//! The Russian strings of bot.md 15.4 and the main menu's labels, letter for letter.

use botyard::domain::Language;
use botyard::texts::{Arg, Args, key_part};

use super::{by_key, texts};

/// Copied from the specification: `⏎` is a line break, `{x}` a value, `{генераций}` the form for `{n}`.
const STRINGS: &[(&str, &str)] = &[
    ("stale_button", "Кнопка устарела, открой меню."),
    ("admin_free", "🎁 Админ: безлимитные генерации (квота не расходуется)."),
    ("wait", "⏳ Пожалуйста, подождите…"),
    ("admin_free_short", "Админ: бесплатно"),
    ("temp_error", "⚠️ Временный сбой, вернул в меню. Лог: {corr}."),
    ("already_running", "Генерация уже запущена"),
    ("tech_alert", "⚠️ Техническая ошибка"),
    ("parallel_limit", "⏳ У вас уже выполняется {n} {генераций}. Дождитесь одной из них."),
    ("use_menu", "💡 Выберите действие из меню."),
    ("late_notice", "⏳ Генерация занимает больше обычного. Можно закрыть чат — пришлю результат сюда."),
    ("unknown_command", "Не знаю такой команды. Список — /help"),
    ("orphan", "⚠️ Генерация зависла до запуска. Деньги не списаны."),
    ("cancelled", "✅ Операция отменена."),
    ("timed_out", "⌛ Не дождался результата за 15 минут. Деньги не списаны."),
    ("session_expired", "⌛ Прошло больше 30 минут, шаг устарел. Начните заново."),
    ("gen_failed", "❌ Генерация не завершилась. Деньги не списаны."),
    ("throttled", "⏳ Слишком быстро. Попробуйте через {n} сек."),
    ("bad_params", "🧩 Параметры не подошли: {hint} Деньги не списаны."),
    ("user_blocked", "❌ Ваш аккаунт заблокирован. Поддержка: {support}"),
    ("unsafe", "🚫 Запрос отклонён правилами безопасности. Измените описание или файл. Деньги не списаны."),
    ("tenant_paused", "⏸ Бот временно приостановлен. Попробуйте позже."),
    ("busy", "⏳ Сервис перегружен, попробуйте через пару минут. Деньги не списаны."),
    ("admin_only", "❌ Эта команда доступна только администратору."),
    ("empty_result", "⚠️ Пришёл пустой результат. Деньги не списаны."),
    ("admin_only_alert", "Эта функция доступна только администратору."),
    ("gen_off", "⚠️ Генерация временно недоступна. Администратор уже знает."),
    ("owner_only", "❌ Эта команда доступна только главному администратору."),
    ("result_expired", "⌛ Срок хранения истёк, результат больше недоступен."),
    ("not_found", "❌ Запись не найдена."),
    ("history_empty", "❌ У вас пока нет сохранённых генераций."),
    ("menu_slow", "⚠️ Меню загружается дольше обычного. Попробуйте ещё раз."),
    ("amount_range", "Введите сумму от {min} до {max} ₽."),
    ("models_empty", "❌ Модели для этого типа генерации не найдены."),
    ("topup_off", "Пополнение временно недоступно. Напишите в поддержку: {support}"),
    ("model_unavailable", "⛔️ Модель временно недоступна. Выберите другую."),
    ("method_off", "Этот способ оплаты сейчас недоступен."),
    ("model_no_price", "⛔️ Модель временно отключена: нет цены."),
    ("pay_ok", "✅ Оплата получена: +{amount}. Доступно: {available}."),
    ("no_tier", "Эта комбинация параметров недоступна, выберите другую."),
    ("pay_review", "🕓 Скриншот передан на ручную проверку. Сообщу о результате."),
    ("param_required", "❌ Этот параметр обязателен и не может быть пропущен."),
    ("pay_dup", "⚠️ Этот скриншот уже был использован."),
    ("value_invalid", "❌ Недопустимое значение."),
    ("pay_rejected", "❌ Платёж не подтверждён: {reason}. Осталось попыток: {n}."),
    ("expected_text", "✍️ Жду текст: {param}."),
    ("pay_attempts_over", "❌ Попытки закончились. Напишите в поддержку: {support}, счёт № {invoice}."),
    ("expected_image", "🖼 Жду изображение (фото или файл, до 20 МБ): {param}."),
    ("gift_used", "Вы уже получили подарок!"),
    ("expected_audio", "🎤 Жду аудио (голосовое или файл, до 20 МБ): {param}."),
    ("ref_welcome", "🎁 Вам начислено {n} бонусных {генераций}."),
    ("expected_video", "🎬 Жду видео (до 20 МБ): {param}."),
    ("ref_notice", "🎉 По вашей ссылке пришёл новый пользователь: +{n} {генераций}."),
    ("expected_button", "👆 Выберите вариант кнопкой: {param}."),
    ("promo_ok", "✅ Промокод принят: +{amount}."),
    ("expected_screenshot", "❌ Пожалуйста, отправьте скриншот перевода (фото или файл)."),
    ("promo_ok_percent", "✅ Промокод принят: +{p} % к следующему пополнению до {date}."),
    ("media_limit", "Можно загрузить не больше {max}."),
    ("promo_bad", "❌ Такого промокода нет."),
    ("text_len", "❌ Длина текста — от {min} до {max} символов, сейчас {n}."),
    ("promo_expired", "⌛ Срок промокода истёк."),
    ("number_range", "❌ Введите число от {min} до {max}."),
    ("promo_used", "⚠️ Вы уже использовали этот промокод."),
    ("url_bad", "❌ Нужна ссылка вида {prefix}…"),
    ("promo_over", "⚠️ Промокод закончился."),
    ("insufficient", "❌ Недостаточно средств. Нужно {price}, доступно {available}. Не хватает {missing}."),
    ("kb_empty", "Ничего не нашлось. Переформулируйте или напишите в поддержку: {support}"),
    (
        "free_counter",
        "🎁 Бесплатных осталось сегодня: {left} из {total} ⏎ ⏳ Бесплатный лимит обновится завтра в 00:00 ({tz}).",
    ),
    ("support_card", "🆘 Поддержка: {support}"),
    ("free_over", "💳 Лимит на сегодня исчерпан — модели доступны по обычной цене."),
    ("undelivered", "⚠️ Результат готов, но не отправился. Он сохранён, деньги пока не списаны."),
];

#[test]
fn the_specified_strings_are_said_letter_for_letter() {
    let texts = texts();
    let messages = by_key(&texts, Language::Ru);
    assert_eq!(STRINGS.len(), 70);
    for (name, specified) in STRINGS {
        let key = key_part(name);
        let message = messages.get(&key).unwrap_or_else(|| panic!("there is no text {key}"));
        let args = message.values.iter().fold(Args::new(), |args, value| {
            let counted = message.counts.contains(value);
            let arg = if counted { Arg::from(5) } else { Arg::html(format!("{{{value}}}")) };
            args.with(value.clone().leak(), arg)
        });
        let mut expected = specified.replace(" ⏎ ", "\n");
        if specified.contains("{генераций}") {
            expected = expected.replace("{генераций}", "генераций").replace("{n}", "5");
        }
        assert_eq!(texts.get(Language::Ru, &key, &args), expected, "{key}");
    }
}

#[test]
fn the_main_menu_is_labelled_as_specified() {
    const ROWS: [(&str, &str, &str); 8] = [
        ("btn-fast-tools", "🆓 FAST TOOLS", "🆓 FAST TOOLS"),
        ("btn-menu-t2i", "🎨 Генерация визуала", "🎨 Visual generation"),
        ("btn-menu-i2i", "🧩 Ремикс изображения", "🧩 Image remix"),
        ("btn-menu-t2v", "🎬 Видео по сценарию", "🎬 Script to video"),
        ("btn-menu-i2v", "🪄 Анимировать изображение", "🪄 Animate image"),
        ("btn-menu-special", "🧰 Спец-инструменты", "🧰 Special tools"),
        ("btn-menu-balance", "💳 Баланс / Доступ", "💳 Balance / Access"),
        ("btn-menu-referral", "🤝 Партнёрка", "🤝 Referral"),
    ];
    let texts = texts();
    for (key, ru, en) in ROWS {
        assert_eq!(texts.words(Language::Ru).get(key), ru);
        assert_eq!(texts.words(Language::En).get(key), en);
    }
}

#[test]
fn gen_types_are_titled_as_specified() {
    let texts = texts();
    let words = texts.words(Language::Ru);
    let titles = [
        ("text-to-image", "✨ Текст в фото"),
        ("image-to-image", "🎨 Фото в фото"),
        ("image-edit", "🖼️ Редактирование фото"),
        ("text-to-video", "🎬 Текст в видео"),
        ("image-to-video", "📸 Фото в видео"),
        ("video-to-video", "✂️ Видео в видео"),
        ("video-upscale", "📈 Улучшение видео"),
        ("speech-to-video", "🎙️ Речь в видео"),
        ("lip-sync", "👄 Синхронизация губ"),
        ("upscale", "⬆️ Улучшение фото"),
        ("remove-background", "✂️ Удаление фона"),
        ("outpaint", "🪟 Расширение кадра"),
        ("watermark-removal", "💧 Удаление водяного знака"),
        ("speech-to-text", "📝 Речь в текст"),
        ("text-to-speech", "🗣️ Текст в речь"),
        ("sound-effects", "🔔 Звуковые эффекты"),
        ("audio-isolation", "🎧 Очистка аудио"),
        ("music", "🎵 Текст в музыку"),
    ];
    for (slug, title) in titles {
        assert_eq!(words.gen_type(slug), title);
    }
}
