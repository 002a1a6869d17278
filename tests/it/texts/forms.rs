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
fn large_counts_are_written_without_separators() {
    let texts = texts();
    assert_eq!(texts.words(Language::Ru).plain("panel-users-total", args![n = 100_000_i64]), "Всего: 100000");
}
