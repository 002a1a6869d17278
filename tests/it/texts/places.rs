//! Texts fit the places where they are shown: Telegram's toasts, buttons, commands, HTML.

use std::collections::BTreeSet;

use botyard::domain::Language;

use super::{every_text, texts};

/// Answers to a press: plain text of at most 200 characters (bot.md 2.3).
const TOASTS: &[&str] = &[
    "stale-button",
    "wait",
    "tech-alert",
    "tenant-paused",
    "tenant-draft",
    "throttled",
    "user-blocked",
    "admin-only-alert",
    "owner-only",
    "not-found",
    "no-tier",
    "param-required",
    "value-invalid",
    "media-limit",
    "amount-range",
    "method-off",
    "gift-used",
    "gift-off",
    "promo-wait",
    "promo-switched-off",
    "already-running",
    "history-first",
    "history-last",
    "history-empty",
    "result-expired",
    "no-history",
    "category-unknown",
    "token-in-chat",
    "nothing-to-cancel",
    "outage-toast",
    "fill-param",
    "mode-changed",
    "example-none",
    "gen-finished",
    "gen-canceling",
    "cancel-limit",
    "gen-off",
    "gen-stopped",
    "gen-storage-full",
    "gen-day-limit",
    "invoice-stale",
    "invoice-paid",
    "invoice-foreign",
    "pay-unavailable",
    "privacy-already",
    "privacy-admin",
    "private-only",
    "support-missing",
];

/// Families of keys whose texts are shown outside HTML, or go into other texts as escaped values.
const PLAIN: &[&str] = &[
    "btn-",
    "cmd-",
    "panel-",
    "param-",
    "hint-",
    "value-",
    "header-",
    "unit-",
    "kind-",
    "count-",
    "ago-",
    "eta-",
    "state-",
    "example-image",
    "example-text",
    "invoice-",
    "limit-",
    "stars-",
    "referral-share",
    "title-",
    "about-",
    "gen-type-",
    "category-image",
    "category-video",
    "category-audio",
    "category-tools",
];

#[test]
fn toasts_fit_and_have_no_markup() {
    let known: BTreeSet<String> = texts().messages(Language::Ru).into_iter().map(|m| m.key).collect();
    for toast in TOASTS {
        assert!(known.contains(*toast), "there is no text {toast}");
    }
    for (lang, key, text) in every_text(false) {
        if TOASTS.contains(&key.as_str()) {
            assert!(text.chars().count() <= 200, "{lang}/{key}: {text}");
            assert!(!text.replace("Tom & <Jerry>", "").contains(['<', '>', '&']), "{lang}/{key}: {text}");
        }
    }
}

#[test]
fn plain_families_have_no_markup() {
    for (lang, key, text) in every_text(false) {
        if PLAIN.iter().any(|family| key.starts_with(family)) {
            assert!(!text.replace("Tom & <Jerry>", "").contains(['<', '>', '&']), "{lang}/{key}: {text}");
        }
    }
}

#[test]
fn markup_is_telegram_s_and_closed() {
    for (lang, key, text) in every_text(true) {
        let mut open = Vec::new();
        let mut rest = text.as_str();
        while let Some(at) = rest.find('<') {
            let end = rest[at..].find('>').unwrap_or_else(|| panic!("{lang}/{key}: an open bracket in {text}")) + at;
            let tag = &rest[at + 1..end];
            match tag.strip_prefix('/') {
                Some(name) => assert_eq!(open.pop(), Some(name.to_owned()), "{lang}/{key}: {text}"),
                None => open.push(tag.split(' ').next().unwrap().to_owned()),
            }
            rest = &rest[end + 1..];
        }
        assert!(open.is_empty(), "{lang}/{key}: {open:?} stays open in {text}");
        for tag in ["<a ", "<b>", "<code>", "<i>"] {
            rest = text.as_str();
            let closing = format!("</{}>", tag.trim_matches(['<', '>', ' ']));
            assert_eq!(rest.matches(tag).count(), rest.matches(&closing).count(), "{lang}/{key}: {text}");
        }
        let known: usize = ["<a ", "<b>", "<code>", "<i>", "</"].iter().map(|t| text.matches(t).count()).sum();
        assert_eq!(text.matches('<').count(), known, "{lang}/{key}: a tag Telegram does not know in {text}");
    }
}

#[test]
fn a_command_has_a_description_that_telegram_takes() {
    let mut seen = 0;
    for (lang, key, text) in every_text(false) {
        if key.starts_with("cmd-") {
            seen += 1;
            assert!((1..=256).contains(&text.chars().count()) && !text.contains('\n'), "{lang}/{key}: {text}");
        }
    }
    assert_eq!(seen, 2 * 15);
}

#[test]
fn a_button_is_one_short_line() {
    for (lang, key, text) in every_text(false) {
        if key.starts_with("btn-") {
            assert!(!text.contains('\n') && text.chars().count() <= 64, "{lang}/{key}: {text}");
        }
    }
}

#[test]
fn the_provider_is_never_named() {
    for (lang, key, text) in every_text(false) {
        let lower = text.to_lowercase();
        let mut words = lower.split(|c: char| !c.is_alphanumeric());
        assert!(!words.any(|word| matches!(word, "kie" | "kieai")), "{lang}/{key}: {text}");
    }
}
