//! The vault under attack: moved, cut, flipped, opened with the wrong key.

use proptest::prelude::*;

use super::*;
use crate::config::MasterKeySource;
use crate::domain::Secret;

fn tenant(id: &str) -> BotInstanceId {
    BotInstanceId::parse(id).unwrap()
}

fn bot_token() -> BotToken {
    BotToken::parse("123456789:AAbbccddeeffgghhiijjkkllmmnnooppqqr").unwrap()
}

#[test]
fn sec_swap_a_ciphertext_moved_to_another_tenant_or_column_does_not_open() {
    let key = DataKey::random();
    let (a, b) = (tenant("partner-01"), tenant("partner-02"));
    let sealed = seal(&key, &a, Column::BotToken, b"secret").unwrap();
    assert_eq!(*open(&key, &a, Column::BotToken, &sealed).unwrap(), b"secret");
    // Even under the same key, which two tenants never share.
    assert!(matches!(open(&key, &b, Column::BotToken, &sealed), Err(VaultError::Damaged)));
    for column in Column::ALL.into_iter().filter(|c| *c != Column::BotToken) {
        assert!(matches!(open(&key, &a, column, &sealed), Err(VaultError::Damaged)), "{column:?}");
    }
    let other = DataKey::random();
    assert!(matches!(open(&other, &a, Column::BotToken, &sealed), Err(VaultError::OtherKey { .. })));
}

#[test]
fn sec_swap_a_wrapped_data_key_belongs_to_one_tenant() {
    let (vault, _) = Vault::create(MasterKey::random()).unwrap();
    let (a, b) = (tenant("partner-01"), tenant("partner-02"));
    let wrapped = vault.wrap(&a, &DataKey::random()).unwrap();
    assert!(vault.unwrap_key(&a, &wrapped).is_ok());
    assert!(matches!(vault.unwrap_key(&b, &wrapped), Err(VaultError::Damaged)));
    assert!(matches!(vault.open_platform(Column::DataKey, &wrapped), Err(VaultError::Damaged)));
}

#[test]
fn sec_sealed_a_wrong_master_key_is_noticed_at_once() {
    let (_, check) = Vault::create(MasterKey::random()).unwrap();
    assert!(matches!(Vault::open(MasterKey::random(), &check), Err(VaultError::OtherKey { .. })));
    assert!(matches!(
        Vault::open(MasterKey::random(), &Sealed::from_bytes(Vec::new())),
        Err(VaultError::UnknownFormat)
    ));
}

#[test]
fn every_single_flipped_bit_and_every_cut_is_noticed() {
    let (key, id) = (DataKey::random(), tenant("partner-01"));
    let sealed = seal(&key, &id, Column::Prompt, b"a cat").unwrap();
    for bit in 0..sealed.as_bytes().len() * 8 {
        let mut bytes = sealed.as_bytes().to_vec();
        bytes[bit / 8] ^= 1 << (bit % 8);
        assert!(open(&key, &id, Column::Prompt, &Sealed::from_bytes(bytes)).is_err(), "bit {bit}");
    }
    for len in 0..sealed.as_bytes().len() {
        let cut = Sealed::from_bytes(sealed.as_bytes()[..len].to_vec());
        assert!(open(&key, &id, Column::Prompt, &cut).is_err(), "first {len} bytes");
    }
}

#[test]
fn the_same_text_is_never_sealed_to_the_same_bytes() {
    let (key, id) = (DataKey::random(), tenant("partner-01"));
    let one = seal(&key, &id, Column::Prompt, b"a cat").unwrap();
    let two = seal(&key, &id, Column::Prompt, b"a cat").unwrap();
    assert_ne!(one, two);
    assert!(!one.as_bytes().windows(5).any(|w| w == b"a cat"));
}

/// The same key once more.
fn again(key: &MasterKey) -> MasterKey {
    MasterKey::from_base64(&Secret::new(key.key().to_base64().as_str())).unwrap()
}

#[test]
fn a_new_master_key_takes_over_without_touching_rows_or_fingerprints() {
    let (old, new, id) = (MasterKey::random(), MasterKey::random(), tenant("partner-01"));
    let (alone, check) = Vault::create(again(&old)).unwrap();
    let data_key = DataKey::random();
    let wrapped = alone.wrap(&id, &data_key).unwrap();
    let row = seal(&data_key, &id, Column::BotToken, b"secret").unwrap();
    assert_eq!((alone.current(), alone.spare()), (old.id(), None));
    assert_eq!(alone.check_value_of_spare().unwrap(), None);

    // In whichever order the keys are given, the check value says which one seals.
    for keys in [(&old, &new), (&new, &old)] {
        let both = Vault::open(MasterKeys::new(again(keys.0), Some(again(keys.1))), &check).unwrap();
        assert_eq!((both.current(), both.spare()), (old.id(), Some(new.id())));
        assert_eq!(both.wrap(&id, &data_key).unwrap().key_id(), Some(old.id()));
        let token = both.seal_platform(Column::BotToken, b"waits").unwrap();
        let next = both.check_value_of_spare().unwrap().unwrap();
        assert_eq!((token.key_id(), next.key_id()), (Some(old.id()), Some(new.id())));
        assert!(both.follow(&next).unwrap() && !both.follow(&next).unwrap());
        assert_eq!((both.current(), both.spare()), (new.id(), Some(old.id())));
        assert_eq!(*both.open_platform(Column::BotToken, &token).unwrap(), b"waits");
        let rewrapped = both.rewrap(&both, &id, &wrapped).unwrap();
        assert_eq!(rewrapped.key_id(), Some(new.id()));

        let reopened = Vault::open(again(&new), &next).unwrap();
        let opened = reopened.unwrap_key(&id, &rewrapped).unwrap();
        assert_eq!(*open(&opened, &id, Column::BotToken, &row).unwrap(), b"secret");
        assert_eq!(reopened.fingerprint(&bot_token()), alone.fingerprint(&bot_token()));
        assert!(alone.unwrap_key(&id, &rewrapped).is_err());
        // And back, as a process does that reads a restored copy.
        assert!(both.follow(&check).unwrap());
        assert_eq!(both.current(), old.id());
    }
}

#[test]
fn a_check_value_of_another_installation_or_key_turns_nobody_over() {
    let (old, new) = (MasterKey::random(), MasterKey::random());
    let (_, check) = Vault::create(again(&old)).unwrap();
    let vault = Vault::open(MasterKeys::new(old, Some(again(&new))), &check).unwrap();
    let before = vault.current();
    let (_, strange) = Vault::create(again(&new)).unwrap();
    assert!(matches!(vault.follow(&strange), Err(VaultError::Damaged)), "another installation's secret");
    let mut forged = vault.check_value_of_spare().unwrap().unwrap().into_bytes();
    *forged.last_mut().unwrap() ^= 1;
    assert!(matches!(vault.follow(&Sealed::from_bytes(forged)), Err(VaultError::Damaged)));
    let (_, third) = Vault::create(MasterKey::random()).unwrap();
    let refused = vault.follow(&third).unwrap_err().to_string();
    assert!(refused.contains("the keys at hand are") && refused.contains(&new.id().to_string()), "{refused}");
    assert!(matches!(vault.follow(&Sealed::from_bytes(Vec::new())), Err(VaultError::UnknownFormat)));
    assert_eq!(vault.current(), before);
}

#[test]
fn the_same_key_twice_is_one_key() {
    let key = MasterKey::random();
    let keys = MasterKeys::new(again(&key), Some(again(&key)));
    assert_eq!(keys.at_hand(), AtHand(key.id(), None));
    let (vault, _) = Vault::create(keys).unwrap();
    assert_eq!(vault.spare(), None);
}

#[test]
fn a_new_key_is_written_for_its_owner_alone_and_never_over_another() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("next.key");
    let id = MasterKey::write_new(&path).unwrap();
    assert_eq!(MasterKey::from_file(&path).unwrap().id(), id);
    let content = std::fs::read(&path).unwrap();
    assert!(matches!(MasterKey::write_new(&path), Err(VaultError::KeyFileExists(_))));
    assert_eq!(std::fs::read(&path).unwrap(), content);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "no draft is left behind");
    assert!(matches!(MasterKey::write_new(&folder.path().join("none/next.key")), Err(VaultError::KeyFile { .. })));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o400);
    }
}

#[test]
fn a_fingerprint_tells_tokens_apart_and_is_the_installations_own() {
    let (vault, _) = Vault::create(MasterKey::random()).unwrap();
    let (other, _) = Vault::create(MasterKey::random()).unwrap();
    let same = vault.fingerprint(&bot_token());
    assert_eq!(same.len(), 64);
    assert_eq!(vault.fingerprint(&bot_token()), same);
    assert_ne!(other.fingerprint(&bot_token()), same);
    let changed = BotToken::parse("123456789:AAbbccddeeffgghhiijjkkllmmnnooppqqs").unwrap();
    assert_ne!(vault.fingerprint(&changed), same);
    assert_ne!(vault.derived(Purpose::PanelSession), vault.derived(Purpose::SignedLink));
}

#[test]
fn the_keyed_hash_is_hmac_sha256() {
    // RFC 4231, test case 2 has the key "Jefe"; HMAC pads it with zeros, so the padded key gives the same value.
    let mut key = [0; 32];
    key[..4].copy_from_slice(b"Jefe");
    assert_eq!(
        hex::encode(mac(&key, b"what do ya want for nothing?")),
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    );
}

#[test]
fn a_generated_key_is_private_found_again_and_never_made_beside_postgres() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let refused = MasterKey::load(&MasterKeySource::DataFolder, &data, false);
    assert!(matches!(refused, Err(VaultError::NoMasterKey)));
    assert!(!data.exists(), "nothing is written when nothing may be generated");

    let first = MasterKey::load(&MasterKeySource::DataFolder, &data, true).unwrap();
    assert_eq!(first.warnings.len(), 1, "{:?}", first.warnings);
    assert!(first.warnings[0].contains("master.key"), "{:?}", first.warnings);
    let again = MasterKey::load(&MasterKeySource::DataFolder, &data, true).unwrap();
    assert_eq!(again.key.id(), first.key.id());
    assert!(again.warnings.is_empty(), "{:?}", again.warnings);
    assert_eq!(std::fs::read_dir(&data).unwrap().count(), 1, "no draft is left behind");

    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let path = data.join("master.key");
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        let open = MasterKey::load(&MasterKeySource::DataFolder, &data, true).unwrap();
        assert!(open.warnings[0].contains("0644"), "{:?}", open.warnings);
    }
}

#[test]
fn a_master_key_is_read_from_any_base64_and_from_raw_bytes() {
    let key = MasterKey::random();
    let text = key.key().to_base64();
    let bare = text.trim_end_matches('=').replace('+', "-").replace('/', "_");
    for spelling in [text.as_str(), &bare, &format!(" {}\n", text.as_str())] {
        assert_eq!(MasterKey::from_base64(&Secret::new(spelling)).unwrap().id(), key.id());
    }
    for bad in ["", "short", "AAAA", &"A".repeat(64)] {
        assert!(matches!(MasterKey::from_base64(&Secret::new(bad)), Err(VaultError::NotAMasterKey)), "{bad}");
    }
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), key.key().bytes()).unwrap();
    assert_eq!(MasterKey::from_file(file.path()).unwrap().id(), key.id());
    assert!(matches!(MasterKey::from_file(std::path::Path::new("/nonexistent/key")), Err(VaultError::KeyFile { .. })));
}

#[test]
fn nothing_of_a_key_or_value_is_printed() {
    let (vault, check) = Vault::create(MasterKey::random()).unwrap();
    assert_eq!(format!("{:?}", DataKey::random()), "DataKey(***)");
    assert_eq!(format!("{:?}", MasterKey::random()), "MasterKey(***)");
    assert_eq!(format!("{check:?}"), "Sealed(77 bytes)");
    assert_eq!(format!("{vault:?}"), format!("Vault(key {})", vault.current()));
}

proptest! {
    #[test]
    fn what_was_sealed_opens_unchanged(plain in proptest::collection::vec(any::<u8>(), 0..600), n in 0usize..17) {
        let (key, id) = (DataKey::random(), tenant("partner-01"));
        let sealed = seal(&key, &id, Column::ALL[n], &plain).unwrap();
        let stored = Sealed::from_bytes(sealed.into_bytes());
        prop_assert_eq!(&*open(&key, &id, Column::ALL[n], &stored).unwrap(), &plain);
    }

    #[test]
    fn no_bytes_make_opening_panic(bytes in proptest::collection::vec(any::<u8>(), 0..120)) {
        let opened = open(&DataKey::random(), &tenant("partner-01"), Column::Job, &Sealed::from_bytes(bytes));
        prop_assert!(opened.is_err());
    }
}
