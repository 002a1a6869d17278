//! The languages hold the same messages, and every message can be made.

use botyard::args;
use botyard::domain::{Language, Money};
use botyard::texts::Args;

use super::{by_key, every_text, texts};

#[test]
fn the_languages_have_the_same_keys_and_take_the_same_values() {
    let texts = texts();
    let ru = by_key(&texts, Language::Ru);
    let en = by_key(&texts, Language::En);
    assert!(ru.len() > 400, "only {} messages", ru.len());
    let keys = |m: &std::collections::BTreeMap<String, _>| m.keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&ru), keys(&en));
    for (key, message) in &ru {
        assert_eq!(message.values, en[key].values, "{key}");
    }
}

#[test]
fn every_message_is_made_whole() {
    let texts = texts();
    for (lang, key, text) in every_text(true) {
        let neutral = texts.get(lang, "neutral", &Args::new());
        assert!(key == "neutral" || text != neutral, "{lang}/{key}: is not made");
        assert!(!text.contains(['{', '}', '$', '\u{2068}', '\u{2069}']), "{lang}/{key}: {text}");
        assert!(!text.is_empty() && text.trim() == text, "{lang}/{key}: «{text}»");
        assert!(!text.contains("  ") && !text.contains(" \n"), "{lang}/{key}: stray blanks in «{text}»");
    }
}

#[test]
fn english_texts_have_no_russian_in_them() {
    let bilingual = ["language-title", "btn-lang-ru", "cmd-language"];
    let cyrillic = |c: char| ('\u{400}'..='\u{4ff}').contains(&c);
    for (lang, key, text) in every_text(false) {
        if lang == Language::En && !bilingual.contains(&key.as_str()) {
            assert!(!text.contains(cyrillic), "{key}: {text}");
        }
    }
}

#[test]
fn a_text_that_cannot_be_made_never_shows_its_key() {
    let texts = texts();
    for lang in Language::ALL {
        let neutral = texts.get(lang, "neutral", &Args::new());
        assert_eq!(texts.get(lang, "no-such-text", &Args::new()), neutral);
        assert_eq!(texts.get(lang, "insufficient", &args![price = Money::kopecks(1414)]), neutral);
        assert_eq!(texts.words(lang).find("no-such-text"), None);
    }
}

#[test]
fn values_are_escaped_in_messages_and_not_in_buttons() {
    let texts = texts();
    let words = texts.words(Language::En);
    assert_eq!(words.fmt("card-title", args![title = "<b>&"]), "🪪 <b>&lt;b&gt;&amp;</b>");
    assert_eq!(words.plain("btn-model", args![title = "A&B", price = Money::kopecks(63)]), "A&B • 0.63 ₽");
}
