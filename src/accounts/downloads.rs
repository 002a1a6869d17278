//! Links to results that are too large for Telegram (bot.md 10): signed by the installation, for one file of one tenant, until a
//! moment. Nothing is stored for them.

use subtle::ConstantTimeEq as _;

use crate::domain::{BotInstanceId, MediaId, UnixMs};
use crate::vault::{Purpose, Vault};

/// `/file/<tenant>/<file>/<until, Unix ms>/<signature>`.
pub fn path(vault: &Vault, tenant: &BotInstanceId, media: &MediaId, until: UnixMs) -> String {
    format!("/file/{tenant}/{media}/{}/{}", until.0, signature(vault, tenant, media, until))
}

/// Whether the link is ours and still good.
pub fn is_good(
    vault: &Vault,
    tenant: &BotInstanceId,
    media: &MediaId,
    until: UnixMs,
    given: &str,
    now: UnixMs,
) -> bool {
    let own = signature(vault, tenant, media, until);
    bool::from(own.as_bytes().ct_eq(given.as_bytes())) && now <= until
}

fn signature(vault: &Vault, tenant: &BotInstanceId, media: &MediaId, until: UnixMs) -> String {
    let text = format!("file\0{tenant}\0{media}\0{}", until.0);
    hex::encode(vault.keyed_hash(Purpose::SignedLink, text.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vault::MasterKey;

    #[test]
    fn a_link_is_for_one_file_of_one_tenant_until_a_moment() {
        let (vault, _) = Vault::create(MasterKey::random()).unwrap();
        let (a, b) = (BotInstanceId::parse("tenant-a").unwrap(), BotInstanceId::parse("tenant-b").unwrap());
        let (file, other) = (MediaId::random(), MediaId::random());
        let until = UnixMs(1_000);
        let sign = path(&vault, &a, &file, until).rsplit('/').next().unwrap().to_owned();
        assert!(is_good(&vault, &a, &file, until, &sign, UnixMs(1_000)));
        assert!(!is_good(&vault, &a, &file, until, &sign, UnixMs(1_001)), "too late");
        assert!(!is_good(&vault, &b, &file, until, &sign, UnixMs(1)), "another tenant");
        assert!(!is_good(&vault, &a, &other, until, &sign, UnixMs(1)), "another file");
        assert!(!is_good(&vault, &a, &file, UnixMs(9_999), &sign, UnixMs(1)), "a longer life");
        assert!(!is_good(&vault, &a, &file, until, "", UnixMs(1)), "no signature");
    }
}
