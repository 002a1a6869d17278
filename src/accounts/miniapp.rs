//! The panel inside Telegram (decisions.md 13): what the Mini App says of who opened it, checked with the bot's own token.
//!
//! `initData` is a query string; its `hash` is an HMAC-SHA256 over all other fields, sorted, one a line, under a key that is
//! itself the HMAC-SHA256 of the token under `WebAppData`. Telegram's signature says who and when; the row of admins says what
//! they may do.

use std::time::Duration;

use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::Deserialize;
use sha2::Sha256;
use subtle::ConstantTimeEq as _;

use super::identity::Identity;
use super::sessions::{self, Entered};
use crate::config::Panel;
use crate::domain::{BotToken, UnixMs, UserId};
use crate::store::{Db, StoreError};
use crate::vault::Vault;

/// What was signed longer ago than this is not taken (reliability.md 3.8).
const FRESH: Duration = Duration::from_mins(5);
/// Clocks differ a little.
const AHEAD: Duration = Duration::from_secs(30);
/// The longest that is read.
const LONGEST: usize = 8_192;

#[derive(Deserialize)]
struct WebUser {
    id: UserId,
}

/// Who opened the Mini App of this bot, if its data is genuine and fresh.
pub fn verify(token: &BotToken, init_data: &str, now: UnixMs) -> Option<UserId> {
    if init_data.len() > LONGEST {
        return None;
    }
    let mut fields: Vec<(String, String)> = url::form_urlencoded::parse(init_data.as_bytes()).into_owned().collect();
    fields.sort();
    if fields.windows(2).any(|pair| pair[0].0 == pair[1].0) {
        return None;
    }
    let take = |name: &str| fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str());
    let given = hex::decode(take("hash")?).ok()?;
    let lines: Vec<String> =
        fields.iter().filter(|(name, _)| name != "hash").map(|(name, value)| format!("{name}={value}")).collect();
    let key = mac(b"WebAppData", token.expose().as_bytes())?;
    let own = mac(&key, lines.join("\n").as_bytes())?;
    if !bool::from(own.ct_eq(&given)) {
        return None;
    }
    let signed = UnixMs(take("auth_date")?.parse::<i64>().ok()?.checked_mul(1_000)?);
    let fresh = signed <= now.plus(AHEAD) && now.since(signed) <= FRESH;
    let user: WebUser = serde_json::from_str(take("user")?).ok()?;
    fresh.then_some(user.id)
}

fn mac(key: &[u8], data: &[u8]) -> Option<Vec<u8>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
    mac.update(data);
    Some(mac.finalize().into_bytes().to_vec())
}

/// Opens a session for who was verified.
pub async fn enter(
    db: &Db,
    vault: &Vault,
    settings: &Panel,
    who: &Identity,
    now: UnixMs,
) -> Result<Entered, StoreError> {
    let mut tx = db.platform().await?;
    let entered = sessions::open(&mut tx, vault, settings, who, now).await?;
    tx.commit().await?;
    tracing::info!(scope = who.scope.as_str(), role = who.role.as_str(), "somebody signed in by the Mini App");
    Ok(entered)
}

/// Signs data as Telegram does, for tests.
#[doc(hidden)]
pub fn sign(token: &BotToken, fields: &[(&str, &str)]) -> String {
    let mut sorted: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
    sorted.sort();
    let key = mac(b"WebAppData", token.expose().as_bytes()).unwrap_or_default();
    let hash = hex::encode(mac(&key, sorted.join("\n").as_bytes()).unwrap_or_default());
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(fields).append_pair("hash", &hash);
    query.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixMs = UnixMs(1_795_348_800_000);

    fn token(n: i64) -> BotToken {
        BotToken::parse(&format!("{n}:AAfaketesttoken{n:0>20}")).unwrap()
    }

    fn data(at: i64) -> String {
        let at = at.to_string();
        sign(
            &token(7_000_000_001),
            &[("auth_date", &at), ("query_id", "AAH"), ("user", r#"{"id":42,"first_name":"Ann"}"#)],
        )
    }

    #[test]
    fn who_opened_it_is_believed_for_five_minutes() {
        let second = NOW.0 / 1_000;
        assert_eq!(verify(&token(7_000_000_001), &data(second), NOW), Some(UserId(42)));
        assert_eq!(verify(&token(7_000_000_001), &data(second - 300), NOW), Some(UserId(42)));
        assert_eq!(verify(&token(7_000_000_001), &data(second - 301), NOW), None, "too old");
        assert_eq!(verify(&token(7_000_000_001), &data(second + 31), NOW), None, "from the future");
        assert_eq!(verify(&token(7_000_000_002), &data(second), NOW), None, "another bot's");
    }

    #[test]
    fn nothing_can_be_changed_added_or_left_out() {
        let good = data(NOW.0 / 1_000);
        let token = token(7_000_000_001);
        for bad in [
            good.replace("42", "43"),
            good.replace("AAH", "AAI"),
            format!("{good}&more=1"),
            format!("{good}&auth_date=1"),
            good.replace("query_id=AAH&", ""),
            good.replace("hash=", "hash=00"),
            good.split("&hash=").next().unwrap().to_owned(),
            String::new(),
            "hash=".to_owned(),
            format!("{good}{}", "&x=1".repeat(5_000)),
        ] {
            assert_eq!(verify(&token, &bad, NOW), None, "{bad:.200}");
        }
        let no_user = sign(&token, &[("auth_date", &(NOW.0 / 1_000).to_string())]);
        assert_eq!(verify(&token, &no_user, NOW), None);
    }
}
