//! Files as people write them, right and wrong, and what applying them would change.

use super::*;
use crate::domain::{Factor, Language, Money};

const TOKEN_1: &str = "111111111:AAabcdefghijklmnopqrstuvwxyz-test-1";
const TOKEN_2: &str = "222222222:AAabcdefghijklmnopqrstuvwxyz-test-2";
const TOKEN_1_AGAIN: &str = "111111111:AAabcdefghijklmnopqrstuvwxyz-test-3";
const EXAMPLE: &str = include_str!("../../../tenants.example.toml");

fn env(name: &str) -> Option<String> {
    match name {
        "PARTNER_01_BOT_TOKEN" => Some(TOKEN_1.to_owned()),
        "EMPTY" => Some(" ".to_owned()),
        _ => None,
    }
}

fn parse(text: &str) -> Result<TenantsFile, Vec<String>> {
    TenantsFile::parse(text, &Lookup { folder: Path::new("."), env: &env })
        .map_err(|all| all.iter().map(ToString::to_string).collect())
}

fn tenant(id: &str, token: &str, more: &str) -> String {
    format!("[[tenant]]\nbot_instance_id = \"{id}\"\nbot_token = \"{token}\"\nadmin_ids = [1]\n{more}\n")
}

#[test]
fn the_manual_is_a_file_with_the_defaults() {
    let file = parse(EXAMPLE).unwrap();
    let tenant = &file.tenants[0];
    assert_eq!((file.tenants.len(), tenant.id.as_str(), tenant.partner_id.as_str()), (1, "partner-01", "partner-01"));
    assert_eq!(tenant.token.expose(), TOKEN_1);
    assert_eq!(tenant.settings, TenantSettings::default());
    assert!(tenant.set.is_empty() && !tenant.managed && tenant.kie_api_key.is_none());
}

#[test]
fn the_manual_shows_every_setting_with_its_default() {
    let is_setting = |line: &str| line.starts_with('#') && line[1..].starts_with(|c: char| c.is_ascii_lowercase());
    let text: Vec<&str> = EXAMPLE.lines().map(|line| if is_setting(line) { &line[1..] } else { line }).collect();
    let file = parse(&text.join("\n")).unwrap();
    let tenant = &file.tenants[0];
    assert_eq!(tenant.settings, TenantSettings::default());
    assert_eq!(tenant.limits, TenantLimits::default());
    assert!(!tenant.managed && tenant.telegram_api_url.is_none() && tenant.kie_api_key.is_none());
    for name in TenantSettings::names() {
        assert!(tenant.set.contains_key(name), "{name} is missing in tenants.example.toml");
    }
    for name in TenantLimits::NAMES {
        assert!(text.iter().any(|line| line.starts_with(&format!("{name} = "))), "{name} is missing");
    }
    for name in ["partner_id", "managed", "kie_api_key", "kie_webhook_hmac_key", "telegram_api_url"] {
        assert!(EXAMPLE.contains(&format!("\n#{name} = ")), "{name} is missing");
    }
}

#[test]
fn what_the_platform_says_holds_where_a_tenant_says_nothing() {
    let text = format!(
        "[platform]\nmarkup = 1.2\nbrand = \"Yard\"\nlimits = {{ users = 5, storage_mib = 7 }}\nkie_api_key = \"sandbox-key\"\n{}{}",
        tenant("one", TOKEN_1, "markup = 2\ngift_min = 10.5\n[tenant.limits]\nusers = 6"),
        tenant("two", TOKEN_2, "languages = [\"en\"]\ndefault_language = \"en\"\nmanaged = true\npartner_id = \"p-7\""),
    );
    let file = parse(&text).unwrap();
    let (one, two) = (&file.tenants[0], &file.tenants[1]);
    assert_eq!((one.settings.markup, two.settings.markup), ("2".parse().unwrap(), Factor::ten_thousandths(12_000)));
    assert_eq!((one.settings.brand.as_str(), one.settings.gift_min), ("Yard", Money::kopecks(1_050)));
    assert_eq!((one.limits.users, one.limits.storage_mib, two.limits.users), (6, 7, 5));
    assert_eq!(two.settings.default_language, Language::En);
    assert_eq!((two.managed, two.partner_id.as_str()), (true, "p-7"));
    assert_eq!(two.kie_api_key.as_ref().map(Secret::expose), Some("sandbox-key"));
    let set: Vec<&str> = {
        let mut names: Vec<&str> = one.set.keys().map(String::as_str).collect();
        names.sort_unstable();
        names
    };
    assert_eq!(set, ["brand", "gift_min", "markup"], "only what the file names is set");
}

#[test]
fn every_problem_names_its_tenant_and_field_with_an_example() {
    let text = format!(
        "{}{}[[tenant]]\nbot_instance_id = \"Bad Id\"\nadmin_ids = [0]\n",
        tenant("one", "env:NOT_THERE", "markup = 11\nmarkupp = 1\ntelegram_api_url = \"ftp://x\"\nmanaged = \"yes\""),
        tenant("two", "12:short", "kie_api_key = \"env:EMPTY\"\nbrand = 5\n[tenant.limits]\nuser = 1"),
    );
    assert_eq!(
        parse(&text).unwrap_err(),
        [
            "tenant one: bot_token names the variable NOT_THERE, which is not set; for example: bot_token = \"env:PARTNER_01_TOKEN\"",
            "tenant one: telegram_api_url begins with neither https:// nor http://; for example: telegram_api_url = \"http://127.0.0.1:8081\"",
            "tenant one: managed must be true or false; for example: managed = true",
            "tenant one: markupp is not a field; did you mean markup?",
            "tenant one: markup must be a number from 0.50 to 10.00 with at most four decimals; for example: markup = 1.15",
            "tenant two: bot_token is wrong: a bot token looks like 123456789:AA… (digits, a colon, 30 to 64 letters, digits, '_' or '-'); for example: bot_token = \"env:PARTNER_01_TOKEN\"",
            "tenant two: kie_api_key names something empty; for example: kie_api_key = \"env:PARTNER_01_KIE_KEY\"",
            "tenant two: brand must be a text of one line, at most 64 characters; for example: brand = \"Art Studio\"",
            "tenant two: limits.user is not a limit; did you mean limits.users?",
            "tenant no. 3: bot_instance_id must be 3 to 32 of a-z, 0-9, '.', '_', '-', beginning with a letter or digit; for example: bot_instance_id = \"partner-01\"",
            "tenant no. 3: bot_token is missing; for example: bot_token = \"env:PARTNER_01_TOKEN\"",
            "tenant no. 3: admin_ids must be 1 to 20 Telegram ids of people, each once, the owner's first; for example: admin_ids = [123456789]",
        ]
    );
}

#[test]
fn the_same_id_token_or_bot_twice_names_both() {
    let twice = |a: &str, b: &str| parse(&format!("{a}{b}")).unwrap_err();
    assert_eq!(
        twice(&tenant("one", TOKEN_1, ""), &tenant("one", TOKEN_2, "")),
        ["tenants no. 1 and no. 2 both have the bot_instance_id one"]
    );
    assert_eq!(
        twice(&tenant("one", TOKEN_1, ""), &tenant("two", TOKEN_1, "")),
        ["tenants one and two have the same bot_token"]
    );
    assert_eq!(
        twice(&tenant("one", TOKEN_1, ""), &tenant("two", TOKEN_1_AGAIN, "")),
        ["tenants one and two have two tokens of one bot, 111111111"]
    );
}

#[test]
fn a_wrong_place_is_told_once() {
    assert_eq!(
        parse("[platfrom]\nmarkup = 1\n").unwrap_err(),
        ["platfrom has no place at the top of the file; did you mean [platform]?"]
    );
    let both = format!("{}{}", tenant("one", TOKEN_1, ""), tenant("two", TOKEN_2, ""));
    assert_eq!(
        parse(&format!("[platform]\nmarkup = 0\nbot_token = \"x\"\n{both}")).unwrap_err(),
        [
            "[platform]: bot_token belongs to each [[tenant]], not to all",
            "[platform]: markup must be a number from 0.50 to 10.00 with at most four decimals; for example: markup = 1.15",
        ]
    );
    assert_eq!(parse("[tenant]\nbrand = \"x\"\n").unwrap_err(), ["tenants must be tables: [[tenant]]"]);
}

#[test]
fn no_problem_and_no_debug_text_holds_a_secret() {
    let planted = "333333333:AAplanted-canary-of-a-token-too-l/ng";
    let broken = [
        tenant("one", planted, ""),
        format!("[[tenant]]\nbot_token = \"{planted}\nadmin_ids = 1"),
        tenant("one", TOKEN_1, "kie_api_key = [\"planted-canary\"]"),
        tenant("one", TOKEN_1, "sbp_requisites = { phone = \"planted-canary\" }"),
    ];
    for text in broken {
        let problems = parse(&text).unwrap_err();
        assert!(!problems.is_empty() && !problems.iter().any(|line| line.contains("canary")), "{problems:?}");
    }
    let file = parse(&tenant("one", TOKEN_1, "kie_api_key = \"planted-canary\"")).unwrap();
    let printed = format!("{file:?}");
    assert!(!printed.contains("canary") && !printed.contains("abcdef"), "{printed}");
}

#[test]
fn a_secret_may_stand_in_a_file_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("token"), format!("{TOKEN_2}\n")).unwrap();
    let path = folder.path().join("tenants.toml");
    std::fs::write(&path, tenant("one", "file:token", "")).unwrap();
    assert_eq!(TenantsFile::read(&path, &env).unwrap().tenants[0].token.expose(), TOKEN_2);
    std::fs::remove_file(folder.path().join("token")).unwrap();
    let problem = TenantsFile::read(&path, &env).unwrap_err().remove(0).to_string();
    assert!(problem.starts_with("tenant one: bot_token names the file "), "{problem}");
    let missing = TenantsFile::read(&folder.path().join("none.toml"), &env).unwrap_err();
    assert!(missing[0].to_string().contains("none.toml can't be read"), "{missing:?}");
}

fn id(text: &str) -> BotInstanceId {
    BotInstanceId::parse(text).unwrap()
}

fn known(name: &str, from_file: bool, state: KnownState) -> Known {
    Known { id: id(name), from_file, state }
}

fn naming(names: &[&str]) -> TenantsFile {
    let text: Vec<String> = names
        .iter()
        .enumerate()
        .map(|(n, name)| tenant(name, &TOKEN_1.replace("111111111", &format!("{}", 111_111 + n)), ""))
        .collect();
    parse(&text.concat()).unwrap()
}

#[test]
fn a_file_adds_updates_pauses_and_resumes() {
    let current = [
        known("stays", true, KnownState::Live),
        known("stays-2", true, KnownState::Live),
        known("leaves", true, KnownState::Live),
        known("panels-own", false, KnownState::Live),
        known("back", true, KnownState::PausedByFile),
        known("paused-by-hand", true, KnownState::Paused),
        known("away-by-hand", true, KnownState::Paused),
        known("suspended", true, KnownState::Suspended),
        known("gone", true, KnownState::Deleted),
    ];
    let file = naming(&["stays", "stays-2", "new", "back", "paused-by-hand", "suspended", "gone"]);
    assert_eq!(
        plan(&current, &file, false),
        Ok(vec![
            Change::Pause(id("leaves")),
            Change::Update(id("stays")),
            Change::Update(id("stays-2")),
            Change::Add(id("new")),
            Change::Update(id("back")),
            Change::Resume(id("back")),
            Change::Update(id("paused-by-hand")),
            Change::Update(id("suspended")),
            Change::LeaveDeleted(id("gone")),
        ])
    );
}

#[test]
fn a_file_that_would_pause_more_than_half_needs_force() {
    let current: Vec<Known> = ["aaa", "bbb", "ccc"].map(|name| known(name, true, KnownState::Live)).into();
    let one_left = naming(&["aaa"]);
    let refusal = plan(&current, &one_left, false).unwrap_err();
    assert_eq!(
        refusal.to_string(),
        "the tenants file would pause 2 of 3 tenants (bbb, ccc); nothing was changed; `botyard tenant apply --force` does it"
    );
    let forced = [Change::Pause(id("bbb")), Change::Pause(id("ccc")), Change::Update(id("aaa"))];
    assert_eq!(plan(&current, &one_left, true), Ok(forced.into()));
    assert!(plan(&current[..2], &one_left, false).is_ok(), "a half is not more than half");
}

#[test]
fn an_empty_file_never_pauses_anybody() {
    let current = [known("aaa", true, KnownState::Live)];
    for force in [false, true] {
        assert_eq!(plan(&current, &TenantsFile::default(), force), Err(Refusal::Empty { live: 1 }));
    }
    let others = [known("panels-own", false, KnownState::Live), known("back", true, KnownState::PausedByFile)];
    assert_eq!(plan(&others, &TenantsFile::default(), false), Ok(Vec::new()));
}
