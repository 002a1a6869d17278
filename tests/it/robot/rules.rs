//! What every message and toast of the bot must keep, whatever led to it.

use botyard::bot::callback::Callback;
use botyard::domain::Language;
use botyard::domain::outgoing::Button as Product;

use super::lexicon::Lexicon;
use super::shown::{Button, Shown};

/// Who reads, and what they wrote themselves.
pub(super) struct Context<'a> {
    pub(super) language: Language,
    pub(super) lexicon: &'a Lexicon,
    pub(super) typed: &'a [String],
}

/// Buttons that lead to a screen with «🏠», or there.
const HOME: [&str; 6] =
    ["back_to_menu", "main_menu", "admin_back_to_admin", "admin_stats", "admin_payments_back", "back_to_model"];

/// How wide a label may be on a phone, alone in its row, beside one other, beside two; wide signs count twice.
const COMFORTABLE: [usize; 4] = [44, Product::HALF, 13, 9];

/// What is wrong with a message.
pub(super) fn message(shown: &Shown, context: &Context<'_>) -> Vec<String> {
    let plain = shown.plain();
    let mut found = text(&plain, context);
    let length = plain.chars().count();
    let most = if shown.caption { 1_024 } else { 4_096 };
    if length > most {
        found.push(format!("{length} characters in «{}»", shown.title()));
    }
    if !shown.caption && plain.trim().is_empty() {
        found.push("a message without a text".to_owned());
    }
    for row in &shown.rows {
        for button in row {
            found.extend(label(button, row.len(), context));
            found.extend(button.data.as_deref().and_then(data));
        }
    }
    found.extend(no_way_home(shown));
    found
}

/// What is wrong with a toast.
pub(super) fn toast(said: &str, context: &Context<'_>) -> Vec<String> {
    let mut found = text(said, context);
    if said.contains("</") || said.contains("<b>") {
        found.push(format!("markup on a button's answer: «{said}»"));
    }
    found
}

fn text(plain: &str, context: &Context<'_>) -> Vec<String> {
    let own = without(plain, context.typed);
    let line_with = |part: &str| own.lines().find(|l| l.contains(part)).unwrap_or_default().to_owned();
    let mut found = Vec::new();
    for part in ["{$", "{ $", "None", "Some(", "&lt;", "&amp;", "&gt;", "<b>", "</", "\u{2068}", "Err(", "NaN"] {
        if own.contains(part) {
            found.push(format!("«{part}» in «{}»", line_with(part)));
        }
    }
    if let Some(key) = context.lexicon.raw_key(&own) {
        found.push(format!("the key of a text instead of the text: «{}»", line_with(&key)));
    }
    if context.lexicon.neutral.iter().any(|neutral| own.contains(neutral.as_str())) {
        found.push(format!("a text is missing: «{own}»"));
    }
    if let Some(word) = context.lexicon.foreign(context.language, &own) {
        found.push(format!("«{word}» in a text in {}: «{}»", context.language.code(), some_line(&own, &word)));
    }
    if let Some(form) = context.lexicon.wrong_plural(context.language, &own) {
        found.push(format!("the form of «{form}»: «{}»", line_with(&form)));
    }
    if own.contains("Временный сбой") || own.contains("temporary failure") {
        found.push(format!("an error: «{own}»"));
    }
    found
}

fn some_line(text: &str, word: &str) -> String {
    text.lines().find(|l| l.to_lowercase().contains(&word.to_lowercase())).unwrap_or_default().to_owned()
}

/// A text without what the robot wrote itself, which comes back whole, line by line, or cut.
fn without(text: &str, typed: &[String]) -> String {
    let mut own = text.to_owned();
    for words in typed.iter().rev().take(80) {
        for line in std::iter::once(words.as_str()).chain(words.lines().filter(|line| line.chars().count() > 3)) {
            own = without_word(&own, line);
        }
        let beginning: String = words.lines().next().unwrap_or_default().chars().take(25).collect();
        if beginning.chars().count() == 25 && own.contains(&beginning) {
            own = own.lines().filter(|line| !line.contains(&beginning)).collect::<Vec<_>>().join("\n");
        }
    }
    own
}

/// Whole words only: «да» is a part of many.
fn without_word(text: &str, word: &str) -> String {
    let mut own = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(word).filter(|_| !word.is_empty()) {
        let (before, after) = (&rest[..at], &rest[at + word.len()..]);
        let inside = before.ends_with(char::is_alphanumeric) || after.starts_with(char::is_alphanumeric);
        own.push_str(before);
        own.push_str(if inside { word } else { "…" });
        rest = after;
    }
    own + rest
}

fn label(button: &Button, in_row: usize, context: &Context<'_>) -> Vec<String> {
    let mut found = text(&button.label, context);
    let width = Product::url(button.label.as_str(), "").width();
    let most = COMFORTABLE[in_row.clamp(1, COMFORTABLE.len()) - 1];
    if width > most {
        found.push(format!("a label clipped on a phone ({width} of {most}, {in_row} in its row): «{}»", button.label));
    }
    if button.label.contains("… •") {
        found.push(format!("a title cut on a button: «{}»", button.label));
    }
    found
}

fn data(data: &str) -> Option<String> {
    if data.len() > 64 {
        return Some(format!("{} bytes of data: «{data}»", data.len()));
    }
    Callback::parse(data).is_none().then(|| format!("nobody reads the button's data «{data}»"))
}

fn no_way_home(shown: &Shown) -> Option<String> {
    let heads: Vec<&str> = shown.data().map(|d| d.split_once(':').map_or(d, |(head, _)| head)).collect();
    let menu = heads.contains(&"free_tools") && heads.contains(&"referral_info");
    let home = shown.rows.is_empty() || menu || heads.iter().any(|head| HOME.contains(head));
    if !home {
        return Some(format!("no way home from «{}» {heads:?}", shown.title()));
    }
    let flow = heads.contains(&"set_param") || heads.contains(&"confirm_generate");
    (flow && !heads.contains(&"cancel")).then(|| format!("no «cancel» inside a flow: «{}»", shown.title()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use botyard::texts::Texts;

    fn broken(html: &str, rows: &[&[(&str, &str)]]) -> Vec<String> {
        let button =
            |(label, data): &(&str, &str)| Button { label: (*label).to_owned(), data: Some((*data).to_owned()) };
        let rows = rows.iter().map(|row| row.iter().map(button).collect()).collect();
        let shown = Shown { id: 1, html: html.to_owned(), caption: false, rows };
        let lexicon = Lexicon::read(&Texts::embedded().unwrap());
        let typed = ["<b>кот".to_owned()];
        message(&shown, &Context { language: Language::Ru, lexicon: &lexicon, typed: &typed })
    }

    #[test]
    fn what_is_right_passes() {
        let home: &[(&str, &str)] = &[("🏠 Главное меню", "back_to_menu")];
        assert_eq!(broken("<b>Баланс</b>\n📝 &lt;b&gt;кот", &[home]), Vec::<String>::new());
    }

    #[test]
    fn each_defect_is_named() {
        let home: &[(&str, &str)] = &[("🏠 Главное меню", "back_to_menu")];
        for (html, rows, part) in [
            ("Цена: { $price }", vec![home], "«{ $»"),
            ("Автор: None", vec![home], "None"),
            ("&lt;b&gt;Баланс&lt;/b&gt;", vec![home], "<b>"),
            ("Нажмите btn-home", vec![home], "key"),
            ("Баланс available", vec![home], "available"),
            ("5 файла", vec![home], "5 файла"),
            ("", vec![home], "without a text"),
            ("Баланс", vec![&[("Баланс", "check_balance")][..]], "no way home"),
            ("Шаг", vec![&[("1", "set_param:n:1")][..], home], "cancel"),
            ("Баланс", vec![home, &[("?", "foo:bar")][..]], "nobody reads"),
            (
                "Баланс",
                vec![home, &[("Пополнить баланс на любую сумму прямо сейчас и здесь", "topup_balance")][..]],
                "clipped",
            ),
        ] {
            let found = broken(html, &rows);
            assert!(found.iter().any(|f| f.contains(part)), "{html}: {found:?}");
        }
    }
}
