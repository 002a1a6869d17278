//! The defaults of bot.md 1.2, and wrong settings as their setters read them.

use serde_json::json;

use super::*;

fn changed(changes: &Value) -> Result<TenantSettings, Vec<String>> {
    let changes = changes.as_object().unwrap();
    TenantSettings::default().patched(changes).map_err(|all| sorted(&all))
}

/// The order in which JSON objects are walked is a feature of the library that somebody may switch.
fn sorted(problems: &[SettingProblem]) -> Vec<String> {
    let mut lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
    lines.sort();
    lines
}

#[test]
fn the_defaults_are_valid_and_stored_as_people_write_them() {
    let settings = TenantSettings::default();
    assert_eq!(settings.validate(), []);
    let stored = serde_json::to_value(&settings).unwrap();
    for (name, value) in [
        ("timezone", json!("Europe/Moscow")),
        ("default_language", json!("ru")),
        ("languages", json!(["ru", "en"])),
        ("enabled_models", json!("listed")),
        ("markup", json!("1.00")),
        ("free_per_day", json!(5)),
        ("gift_min", json!("10.00")),
        ("topup_presets", json!(["50.00", "100.00", "150.00"])),
        ("topup_max", json!("50000.00")),
        ("stars_rate", json!("1.60")),
        ("currency_rate", json!("78.57")),
        ("other_models_target", json!("sora-watermark-remover")),
    ] {
        assert_eq!(stored[name], value, "{name}");
    }
    assert_eq!(serde_json::from_value::<TenantSettings>(stored).unwrap(), settings);
    assert_eq!(serde_json::from_str::<TenantSettings>("{}").unwrap(), settings);
}

#[test]
fn every_setting_has_a_rule_whose_example_keeps_it() {
    let Value::Object(stored) = serde_json::to_value(TenantSettings::default()).unwrap() else { panic!() };
    let mut stored: Vec<&str> = stored.keys().map(String::as_str).collect();
    stored.sort_unstable();
    let mut named: Vec<&str> = TenantSettings::names().collect();
    named.sort_unstable();
    assert_eq!(stored, named);
    for rule in rules::RULES {
        let written: toml::Table = format!("{} = {}", rule.name, rule.example).parse().unwrap();
        let written = serde_json::to_value(written).unwrap();
        assert!(changed(&written).is_ok(), "{}: {:?}", rule.name, changed(&written));
    }
}

#[test]
fn wrong_settings_are_all_told_with_an_example() {
    let wrong = changed(&json!({
        "markup": 11.5, "free_per_day": -1, "timezone": "Europe/Moskau", "gift_min": 40, "topup_presets": [10],
        "stars_rate": "much", "brannd": "x", "colour": "blue",
    }));
    assert_eq!(
        wrong.unwrap_err(),
        [
            "brannd is not a setting; did you mean brand?",
            "colour is not a setting",
            "free_per_day must be a whole number from 0 to 100; for example: free_per_day = 5",
            "gift_min must be roubles from 0 to 500, not above gift_max (unless that is 0); for example: gift_min = 10.00",
            "markup must be a number from 0.50 to 10.00 with at most four decimals; for example: markup = 1.15",
            "stars_rate must be Stars for a rouble, from 0.1 to 100 with at most four decimals; for example: stars_rate = 1.6",
            "timezone must be an IANA time zone; for example: timezone = \"Europe/Moscow\"",
            "topup_presets must be a list of 1 to 6 amounts in roubles, from topup_min to topup_max, each once; \
             for example: topup_presets = [50, 100, 150]",
        ]
    );
}

#[test]
fn each_range_ends_where_it_says() {
    let good = [
        json!({"markup": 0.5}),
        json!({"markup": "10"}),
        json!({"free_per_day": 0}),
        json!({"free_per_day": 100}),
        json!({"gift_min": 0, "gift_max": 500}),
        json!({"gift_max": 0}),
        json!({"stars_rate": 0.1}),
        json!({"topup_presets": [50, "60.50", 50000]}),
        json!({"topup_min": 1}),
        json!({"sbp_auto_limit": 50000}),
        json!({"sbp_auto_day_limit": 1_000_000}),
        json!({"currency_rate": 1000}),
        json!({"max_parallel": 20}),
        json!({"sbp_max_attempts": 10}),
        json!({"brand": "ж".repeat(64)}),
        json!({"welcome_text": "a\n".repeat(500)}),
        json!({"privacy_url": "https://a.ru/p"}),
        json!({"default_language": "en", "languages": ["en"]}),
        json!({"preferred_aspect_ratio": "21:9"}),
        json!({"other_models_target": ""}),
        json!({"enabled_models": ["z-image"]}),
        json!({"timezone": "America/Los_Angeles"}),
    ];
    for changes in good {
        assert!(changed(&changes).is_ok(), "{changes}: {:?}", changed(&changes));
    }
    let bad = [
        json!({"markup": 0.4999}),
        json!({"markup": 10.0001}),
        json!({"markup": 1.00001}),
        json!({"free_per_day": 101}),
        json!({"gift_max": 500.01}),
        json!({"stars_rate": 100.1}),
        json!({"topup_presets": []}),
        json!({"topup_presets": [50, 50]}),
        json!({"topup_presets": [49.99]}),
        json!({"topup_min": 60.001}),
        json!({"currency_rate": 0.99}),
        json!({"max_parallel": 0}),
        json!({"sbp_max_attempts": 11}),
        json!({"sbp_auto_day_limit": 1_000_001}),
        json!({"brand": "ж".repeat(65)}),
        json!({"brand": "a\nb"}),
        json!({"privacy_url": "http://a.ru"}),
        json!({"default_language": "en", "languages": ["ru"]}),
        json!({"languages": []}),
        json!({"languages": ["de"]}),
        json!({"preferred_aspect_ratio": "auto"}),
        json!({"preferred_aspect_ratio": "0:1"}),
        json!({"enabled_models": []}),
        json!({"enabled_models": "all"}),
        json!({"sbp_requisites": {"phone": "+79000000000"}}),
        json!({"dry_run": "yes"}),
        json!({"sbp_requisites": {"iban": "x"}}),
        json!({"timezone": "UTC+3"}),
        json!({"welcome_text": "a\u{0}"}),
    ];
    for changes in bad {
        let problems = changed(&changes).unwrap_err();
        assert_eq!(problems.len(), 1, "{changes}: {problems:?}");
    }
}

#[test]
fn sbp_is_offered_only_when_everything_is_there() {
    let requisites = json!({"phone": "+79000000000", "bank": "Bank", "holder": "Anna A."});
    let whole = json!({"sbp_enabled": true, "sbp_terms_ack": true, "sbp_requisites": requisites});
    assert!(changed(&whole).unwrap().sbp_offered());
    for missing in ["sbp_enabled", "sbp_terms_ack", "sbp_requisites"] {
        let mut part = whole.clone();
        part.as_object_mut().unwrap().remove(missing);
        assert!(!changed(&part).unwrap().sbp_offered(), "{missing}");
    }
    assert!(!format!("{:?}", changed(&whole).unwrap()).contains("7900"), "requisites are never printed");
}

#[test]
fn the_day_limit_follows_the_limit_of_one_transfer_until_it_is_set() {
    let limit = |settings| changed(&settings).unwrap().auto_day_limit();
    assert_eq!(limit(json!({})), Money::kopecks(150_000));
    assert_eq!(limit(json!({"sbp_auto_limit": 2000})), Money::kopecks(600_000));
    assert_eq!(limit(json!({"sbp_auto_limit": 0})), Money::ZERO);
    assert_eq!(limit(json!({"sbp_auto_day_limit": 700})), Money::kopecks(70_000));
}

#[test]
fn a_language_that_is_not_offered_becomes_the_default_one() {
    let settings = changed(&json!({"languages": ["en"], "default_language": "en"})).unwrap();
    assert_eq!(settings.language_for(Language::Ru), Language::En);
    assert_eq!(TenantSettings::default().language_for(Language::En), Language::En);
}

#[test]
fn limits_are_whole_numbers_with_known_names() {
    let patch = json!({"users": 5, "user": 1, "storage_mib": -1});
    let problems = TenantLimits::default().patched(patch.as_object().unwrap()).unwrap_err();
    assert_eq!(
        sorted(&problems),
        [
            "limits.storage_mib must be a whole number from 0 to 4294967295; for example: limits.storage_mib = 100",
            "limits.user is not a limit; did you mean limits.users?",
        ]
    );
    let some = json!({"users": 5});
    assert_eq!(TenantLimits::default().patched(some.as_object().unwrap()).unwrap().users, 5);
    let Value::Object(stored) = serde_json::to_value(TenantLimits::default()).unwrap() else { panic!() };
    assert!(TenantLimits::NAMES.iter().all(|name| stored.contains_key(*name)) && stored.len() == 11);
}
