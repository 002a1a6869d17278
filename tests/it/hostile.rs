//! T17: whatever a partner writes into a file of tenants or into a setting is read, refused with its rule, or kept within its
//! limit; nothing panics and nothing grows without end.

use std::panic::AssertUnwindSafe;
use std::path::Path;

use botyard::domain::settings::{TenantLimits, TenantSettings};
use botyard::tenants::file::{Lookup, TenantsFile};
use serde_json::{Map, Value, json};

use crate::util::env;

/// Larger than anything that is kept of one bot's settings.
const MOST: usize = 16 * 1024;

/// Numbers without a source of chance: the same run each time, and a seed to print.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).unwrap() % sides.max(1)
    }
}

/// Values that no form and no file should be able to do harm with.
fn values() -> Vec<Value> {
    let deep = (0..60).fold(json!("x"), |inner, _| json!([inner]));
    let texts = [
        "",
        " ",
        "\u{0}",
        "\u{202e}gnp.exe",
        "a\r\nSet-Cookie: x=1",
        "<script>alert(1)</script>",
        "{{7*7}}",
        "%s%n%x",
        "../../etc/passwd",
        "javascript:alert(1)",
        "http://169.254.169.254/latest",
        "https://user:password@host.example/",
        "file:///etc/passwd",
        "١٢٣",
        "1e400",
        "NaN",
        "-0",
        "9223372036854775808",
        "0x10",
        "1,5",
        "﷽﷽﷽﷽",
        "'; DROP TABLE tenants; --",
    ];
    let mut all: Vec<Value> = texts.iter().map(|text| json!(text)).collect();
    all.push(json!("x".repeat(1024 * 1024)));
    all.push(json!("\u{1f600}".repeat(70_000)));
    all.extend([
        json!(-1),
        json!(0),
        json!(1e308),
        json!(-1e308),
        json!(0.1),
        json!(i64::MAX),
        json!(i64::MIN),
        json!(u64::MAX),
        json!(null),
        json!(true),
        json!([]),
        json!({}),
        json!([0, 0]),
        json!(["ru", "ru"]),
        json!(vec!["z-image"; 100_000]),
        json!((0..5_000).map(|n| format!("model-{n}")).collect::<Vec<_>>()),
        json!({ "phone": "x".repeat(100_000) }),
        deep,
    ]);
    all
}

#[test]
fn limits_table_every_setting_refuses_a_hostile_value_or_keeps_it_within_its_limit() {
    let (mut refused, mut kept) = (0, 0);
    let all = values();
    for name in TenantSettings::names() {
        for value in &all {
            let changes = Map::from_iter([(name.to_owned(), value.clone())]);
            match TenantSettings::default().patched(&changes) {
                Ok(settings) => {
                    kept += 1;
                    assert_eq!(settings.validate(), [], "{name}");
                    let stored = serde_json::to_string(&settings).unwrap();
                    assert!(stored.len() < MOST, "{name} lets {} bytes in", stored.len());
                    assert_eq!(serde_json::from_str::<TenantSettings>(&stored).unwrap(), settings, "{name}: as it was");
                }
                Err(problems) => {
                    refused += 1;
                    let told = problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
                    assert!(told.contains(name) && told.len() < 2_000, "{name}: {told}");
                }
            }
        }
    }
    assert!(refused > 800 && kept > 30, "{refused} refused, {kept} kept");
}

#[test]
fn limits_table_every_quota_is_a_whole_number_that_fits() {
    let all = values();
    for name in TenantLimits::NAMES {
        for value in &all {
            let changes = Map::from_iter([(name.to_owned(), value.clone())]);
            let fits = value.as_u64().is_some_and(|n| u32::try_from(n).is_ok());
            assert!(fits || TenantLimits::default().patched(&changes).is_err(), "{name} = {value}");
        }
    }
}

/// The manual with every setting spoken, changed somewhere.
fn changed(manual: &str, dice: &mut Dice) -> Vec<u8> {
    const PIECES: &[&str] = &[
        "[[tenant]]\n",
        "[platform]\n",
        "bot_instance_id = \"a-b\"\n",
        "= = =",
        "\"\"\"",
        "'''",
        "\\u0000",
        "[[[[[[[[",
        "{{{{",
        "env:",
        "file:/dev/zero",
        "1979-05-27T07:32:00Z",
        "inf",
        "nan",
        "0x7fffffffffffffff",
        "99999999999999999999",
        "\u{feff}",
        "\u{202e}",
        ".a.b.c = 1\n",
        "#",
    ];
    let mut bytes = manual.as_bytes().to_vec();
    for _ in 0..=dice.roll(8) {
        let at = dice.roll(bytes.len());
        match dice.roll(6) {
            0 => bytes[at] = u8::try_from(dice.roll(256)).unwrap(),
            1 => {
                let end = (at + dice.roll(40)).min(bytes.len());
                bytes.drain(at..end);
            }
            2 => {
                let end = (at + dice.roll(400)).min(bytes.len());
                let piece = bytes[at..end].to_vec();
                bytes.splice(at..at, piece);
            }
            3 => bytes.truncate(at.max(1)),
            _ => {
                let piece = PIECES[dice.roll(PIECES.len())].as_bytes().to_vec();
                bytes.splice(at..at, piece);
            }
        }
        if bytes.is_empty() {
            bytes.push(b'x');
        }
    }
    bytes
}

#[test]
fn config_fuzz_a_file_of_tenants_is_read_or_refused_whatever_is_in_it() {
    let text = std::fs::read_to_string(env::root().join("tenants.example.toml")).unwrap();
    let is_setting = |line: &str| line.starts_with('#') && line[1..].starts_with(|c: char| c.is_ascii_lowercase());
    let spoken: Vec<&str> = text.lines().map(|line| if is_setting(line) { &line[1..] } else { line }).collect();
    let manual = spoken.join("\n");
    let folder = tempfile::tempdir().unwrap();
    let known = |name: &str| {
        (name == "PARTNER_01_BOT_TOKEN").then(|| "111111111:AAabcdefghijklmnopqrstuvwxyz-test-1".to_owned())
    };
    let lookup = Lookup { folder: folder.path(), env: &known };
    assert!(TenantsFile::parse(&manual, &lookup).is_ok(), "the manual itself is read");
    let (mut read, mut refused) = (0u64, 0u64);
    for seed in 1..=env::count(3_000, 2_000_000) {
        let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let bytes = changed(&manual, &mut dice);
        let Ok(text) = std::str::from_utf8(&bytes) else { continue };
        match std::panic::catch_unwind(AssertUnwindSafe(|| TenantsFile::parse(text, &lookup))) {
            Ok(Ok(file)) => {
                read += 1;
                for tenant in &file.tenants {
                    assert_eq!(tenant.settings.validate(), [], "seed {seed}");
                }
            }
            Ok(Err(problems)) => {
                refused += 1;
                let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
                assert!(
                    !told.is_empty() && told.iter().all(|line| !line.contains("AAabcdefghijklmnop")),
                    "seed {seed}: {told:?}"
                );
            }
            Err(panic) => panic!("seed {seed} panics ({panic:?}): {text}"),
        }
    }
    assert!(read > 100 && refused > 1_000, "{read} read, {refused} refused");
}

#[test]
fn config_fuzz_a_secret_that_has_no_end_is_not_read_to_it() {
    let nothing = |_: &str| None;
    let text = "[[tenant]]\nbot_instance_id = \"first\"\nbot_token = \"file:/dev/zero\"\nadmin_ids = [1]\n";
    let refused = TenantsFile::parse(text, &Lookup { folder: Path::new("."), env: &nothing }).unwrap_err();
    let told = refused.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    assert!(told.contains("bot_token") && told.len() < 500, "{told}");
}
