//! Counted words take the right form (bot.md 15.3).

use std::time::Duration;

use botyard::args;
use botyard::domain::Language;

use super::texts;

#[test]
fn russian_counts_take_the_right_form() {
    let texts = texts();
    let words = texts.words(Language::Ru);
    let said = |key: &str| [1, 2, 5, 11, 21, 111].map(|n: i64| words.plain(key, args![n = n])).join(", ");
    assert_eq!(
        said("count-images"),
        "1 изображение, 2 изображения, 5 изображений, 11 изображений, 21 изображение, 111 изображений"
    );
    assert_eq!(words.fmt("ref-notice", args![n = 21]), "🎉 По вашей ссылке пришёл новый пользователь: +21 генерация.");
    assert_eq!(
        words.fmt("parallel-limit", args![n = 1]),
        "⏳ У вас уже выполняется 1 генерация. Дождитесь одной из них."
    );
    assert_eq!(words.plain("avail-count", args![n = 23_usize]), "✅ Доступно: 23 генерации");
}

#[test]
fn english_counts_take_the_right_form() {
    let texts = texts();
    let words = texts.words(Language::En);
    let said = |n: i64| words.plain("count-images", args![n = n]);
    assert_eq!(
        [1, 2, 5, 11, 21, 111].map(said),
        ["1 image", "2 images", "5 images", "11 images", "21 images", "111 images"]
    );
}

#[test]
fn passed_time_is_said_in_the_largest_whole_unit() {
    let texts = texts();
    let ago = |lang, secs| texts.words(lang).ago(Duration::from_secs(secs));
    let said = [0, 59, 60, 3_599, 3_600, 86_399, 86_400, 22 * 86_400].map(|secs| ago(Language::Ru, secs));
    assert_eq!(
        said.join(", "),
        "только что, только что, 1 минуту назад, 59 минут назад, 1 час назад, 23 часа назад, 1 день назад, 22 дня назад"
    );
    assert_eq!(ago(Language::En, 7_200), "2 hours ago");
}

#[test]
fn what_lasts_is_said_in_the_largest_unit_that_says_it_whole() {
    let texts = texts();
    let (ru, en) = (texts.words(Language::Ru), texts.words(Language::En));
    let hours = Duration::from_hours;
    let all = [
        hours(14 * 24),
        hours(21 * 24),
        hours(48),
        hours(24),
        hours(1),
        Duration::from_mins(90),
        Duration::from_mins(21),
    ];
    assert_eq!(
        all.map(|long| ru.span(long)).join(", "),
        "14 дней, 21 день, 2 дня, 24 часа, 1 час, 90 минут, 21 минуту"
    );
    assert_eq!(
        all.map(|long| en.span(long)).join(", "),
        "14 days, 21 days, 2 days, 24 hours, 1 hour, 90 minutes, 21 minutes"
    );
    assert_eq!([ru.span(Duration::from_secs(61)), en.span(Duration::from_mins(1))], ["61 секунду", "1 minute"]);
    assert_eq!([ru.size(10 << 20), en.size(16 << 10)], ["10 МБ", "16 KB"]);
}

#[test]
fn limits_and_terms_take_the_right_form() {
    let texts = texts();
    let of = |lang, key: &str, n: i64| texts.words(lang).plain(key, args![n = n]);
    for key in ["step-audio-limit", "audio-too-long"] {
        assert!(
            of(Language::Ru, key, 1).ends_with("до 1 секунды") && of(Language::Ru, key, 15).ends_with("до 15 секунд")
        );
        assert!(
            of(Language::En, key, 1).ends_with("up to 1 second")
                && of(Language::En, key, 15).ends_with("up to 15 seconds")
        );
    }
    assert!(of(Language::En, "admin-stars-drift", 1).contains("Telegram: 1 difference."));
    assert!(of(Language::En, "admin-stars-drift", 2).contains("Telegram: 2 differences."));
}

#[test]
fn large_counts_are_written_without_separators() {
    let texts = texts();
    assert_eq!(texts.words(Language::Ru).plain("panel-users-total", args![n = 100_000_i64]), "Всего: 100000");
}
