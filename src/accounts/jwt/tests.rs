//! `jwt_corpus` (reliability.md T35): cookies that are nearly right, of which none may pass.

use serde_json::{Value, json};

use super::*;
use crate::vault::MasterKey;

const NOW: UnixMs = UnixMs(1_795_348_800_000);
const LIFE: Duration = Duration::from_hours(12);
const WHO: Subject<'static> = Subject { sub: "tg:7", sid: "s1", tid: "demo-a", role: "owner", ver: 3 };

fn vault() -> Vault {
    Vault::create(MasterKey::random()).unwrap().0
}

fn encode(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(text)
}

/// Signs any header and payload with the real key.
fn forge(vault: &Vault, header: &str, payload: &str) -> String {
    let message = format!("{}.{}", encode(header), encode(payload));
    let signature = URL_SAFE_NO_PAD.encode(vault.keyed_hash(Purpose::PanelSession, message.as_bytes()));
    format!("{message}.{signature}")
}

fn good_claims() -> Value {
    let now = NOW.0 / 1000;
    json!({ "iss": "botyard", "aud": "botyard-panel", "exp": now + 600, "iat": now, "nbf": now, "sub": "tg:7",
        "sid": "s1", "tid": "demo-a", "role": "owner", "ver": 3 })
}

/// The good claims with one thing else.
fn with(field: &str, value: Value) -> String {
    let mut claims = good_claims();
    claims[field] = value;
    claims.to_string()
}

fn without(field: &str) -> String {
    let mut claims = good_claims();
    claims.as_object_mut().unwrap().remove(field);
    claims.to_string()
}

#[test]
fn what_is_signed_is_read_until_it_ends() {
    let vault = vault();
    let token = sign(&vault, &WHO, NOW, LIFE);
    let claims = verify(&vault, &token, NOW).unwrap();
    assert_eq!((claims.sub.as_str(), claims.sid.as_str(), claims.tid.as_str()), ("tg:7", "s1", "demo-a"));
    assert_eq!((claims.role.as_str(), claims.ver), ("owner", 3));
    assert!(verify(&vault, &token, NOW.plus(LIFE).plus(Duration::from_secs(4))).is_some());
    assert!(verify(&vault, &token, NOW.plus(LIFE).plus(Duration::from_secs(5))).is_none());
    assert!(verify(&vault, &forge(&vault, HEADER, &good_claims().to_string()), NOW).is_some());
}

#[test]
fn jwt_corpus() {
    let vault = vault();
    let good = sign(&vault, &WHO, NOW, LIFE);
    let parts: Vec<&str> = good.split('.').collect();
    let now = NOW.0 / 1000;
    let claims = good_claims().to_string();
    let mut bad: Vec<(&str, String)> = vec![
        ("empty", String::new()),
        ("dots", "..".to_owned()),
        ("no signature", format!("{}.{}", parts[0], parts[1])),
        ("empty signature", format!("{}.{}.", parts[0], parts[1])),
        ("truncated", good[..good.len() - 1].to_owned()),
        ("an extra dot", format!("{good}.")),
        ("an extra part", format!("{good}.{}", parts[2])),
        ("padding", format!("{good}=")),
        ("a space", format!(" {good}")),
        ("another payload under this signature", format!("{}.{}.{}", parts[0], encode(&claims), parts[2])),
        ("another installation's", sign(&self::vault(), &WHO, NOW, LIFE)),
        ("a form token's shape", vault_form(&vault)),
    ];
    for (name, header) in [
        ("alg none", r#"{"alg":"none","kid":"panel-1","typ":"JWT"}"#),
        ("alg None", r#"{"alg":"None","typ":"JWT"}"#),
        ("alg RS256", r#"{"alg":"RS256","kid":"panel-1","typ":"JWT"}"#),
        ("alg HS384", r#"{"alg":"HS384","kid":"panel-1","typ":"JWT"}"#),
        ("another kid", r#"{"alg":"HS256","kid":"panel-2","typ":"JWT"}"#),
        ("a path as kid", r#"{"alg":"HS256","kid":"../../dev/null","typ":"JWT"}"#),
        ("no kid", r#"{"alg":"HS256","typ":"JWT"}"#),
        ("a key in the header", r#"{"alg":"HS256","kid":"panel-1","typ":"JWT","jwk":{"kty":"oct","k":"AA"}}"#),
        ("a key's address", r#"{"alg":"HS256","kid":"panel-1","typ":"JWT","jku":"https://evil.example/k"}"#),
        ("another order", r#"{"typ":"JWT","alg":"HS256","kid":"panel-1"}"#),
        ("no header", ""),
    ] {
        bad.push((name, forge(&vault, header, &claims)));
    }
    for field in ["iss", "aud", "exp", "iat", "nbf", "sub", "sid", "tid", "role", "ver"] {
        bad.push((field, forge(&vault, HEADER, &without(field))));
    }
    for (field, value) in [
        ("iss", json!("somebody")),
        ("aud", json!("botyard-api")),
        ("aud", json!(["botyard-panel"])),
        ("exp", json!((now + 600).to_string())),
        ("exp", json!(1e12 + 0.5)),
        ("exp", json!(now - 6)),
        ("exp", json!(null)),
        ("exp", json!(-1)),
        ("nbf", json!(now + 6)),
        ("iat", json!(now + 3600)),
        ("tid", json!(null)),
        ("ver", json!("3")),
        ("admin", json!(true)),
    ] {
        bad.push((field, forge(&vault, HEADER, &with(field, value))));
    }
    bad.push(("no JSON", forge(&vault, HEADER, "not json")));
    bad.push(("twice the same claim", forge(&vault, HEADER, &claims.replacen('{', r#"{"role":"viewer","#, 1))));
    bad.push(("something after the claims", forge(&vault, HEADER, &format!("{claims} {{}}"))));
    assert!(bad.len() >= 45, "{}", bad.len());
    for (name, token) in bad {
        assert_eq!(verify(&vault, &token, NOW), None, "{name}: {token}");
    }
    assert!(verify(&vault, &good, NOW).is_some(), "the corpus must stand beside a token that passes");
}

#[test]
fn no_single_changed_letter_passes() {
    let vault = vault();
    let good = sign(&vault, &WHO, NOW, LIFE);
    for at in 0..good.len() {
        let mut letters = good.clone().into_bytes();
        letters[at] = if letters[at] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(letters).unwrap();
        assert_eq!(verify(&vault, &changed, NOW), None, "letter {at}");
    }
}

/// A value made with the same key for another purpose.
fn vault_form(vault: &Vault) -> String {
    crate::accounts::forms::token_for(vault, crate::accounts::forms::Holder::Session("s1"))
}
