//! What the master key has sealed, and its change (reliability.md T31): in steps, broken off, against what others do meanwhile.

use base64::Engine as _;
use botyard::domain::settings::TenantSettings;
use botyard::domain::{BotInstanceId, Origin, Secret, UserId};
use botyard::store::{CHECK_VALUE, Db, OnboardingRow};
use botyard::tenants::Registry;
use botyard::tenants::master_key::{self, Change, ChangeError, Moved, Pass};
use botyard::tenants::provision::{self, NewBot};
use botyard::vault::{Column, KeyId, MasterKey, MasterKeys, Sealed, Vault};

use super::world::{ALICE, NOON, above, later, tenant};
use crate::util::app::fake_token;
use crate::util::db::on_each_db;

const OLD: u8 = 1;
const NEW: u8 = 2;
const ELSEWHERE: u8 = 3;

fn key(n: u8) -> MasterKey {
    MasterKey::from_base64(&Secret::new(base64::engine::general_purpose::STANDARD.encode([n; 32]))).unwrap()
}

fn id(n: u8) -> KeyId {
    key(n).id()
}

fn both() -> MasterKeys {
    MasterKeys::new(key(OLD), Some(key(NEW)))
}

/// An installation under the old key, opened with both.
async fn begun(db: &Db) -> Vault {
    let (vault, check) = Vault::create(both()).unwrap();
    above(db, async |tx| tx.meta_put_if_absent(CHECK_VALUE, check.as_bytes()).await.unwrap()).await;
    vault
}

/// What a process does that starts with these keys now.
async fn started(db: &Db, keys: impl Into<MasterKeys>) -> Option<Vault> {
    let check = above(db, async |tx| tx.meta_get(CHECK_VALUE).await.unwrap().unwrap()).await;
    Vault::open(keys, &Sealed::from_bytes(check)).ok()
}

async fn host(db: &Db, vault: &Vault, n: i64) -> BotInstanceId {
    let (name, token) = (tenant(&format!("bot-{n}")), fake_token(n));
    let new = NewBot {
        id: &name,
        token: &token,
        admins: &[ALICE],
        partner_id: "partner",
        settings: &TenantSettings::default(),
        provider_key: None,
        telegram_api_url: None,
        origin: Origin::Cli,
        managed: false,
    };
    provision::add(db, vault, &new, NOON).await.unwrap();
    name
}

async fn wait(db: &Db, vault: &Vault, n: i64) {
    let sealed = vault.seal_platform(Column::BotToken, fake_token(n).expose().as_bytes()).unwrap();
    let row = OnboardingRow {
        person: UserId(n),
        tenant: None,
        waiting_sealed: Some(sealed.into_bytes()),
        waiting_webhook: Some("elsewhere.example".to_owned()),
        updated_at: NOON,
    };
    above(db, async |tx| tx.onboarding_put(&row).await.unwrap()).await;
}

/// Seven bots and three people whose tokens wait.
async fn furnish(db: &Db, vault: &Vault) {
    for n in 1..=7 {
        host(db, vault, n).await;
    }
    for n in [101, 102, 103] {
        wait(db, vault, n).await;
    }
}

async fn turn(db: &Db, vault: &Vault) -> Change {
    above(db, async |tx| master_key::turn(tx, vault, later(1)).await.unwrap()).await
}

/// How many bots a process with this vault serves, and how many of the waiting tokens it opens.
async fn opens(db: &Db, vault: &Vault) -> (usize, usize) {
    let registry = Registry::new();
    registry.refresh(db, vault).await.unwrap();
    let mut tokens = 0;
    for n in [101, 102, 103] {
        let row = above(db, async |tx| tx.onboarding_get(UserId(n)).await.unwrap().unwrap()).await;
        let sealed = Sealed::from_bytes(row.waiting_sealed.unwrap());
        let plain = vault.open_platform(Column::BotToken, &sealed);
        tokens += usize::from(plain.is_ok_and(|plain| *plain == fake_token(n).expose().as_bytes()));
    }
    (registry.len(), tokens)
}

/// Values under a key: keys of bots, waiting tokens, and whether it seals.
async fn under(db: &Db, n: u8) -> (i64, i64, bool) {
    let all = above(db, async |tx| master_key::standing(tx, [id(n)]).await.unwrap()).await;
    let one = all.iter().find(|one| one.key == Some(id(n))).unwrap();
    (one.data_keys, one.waiting_tokens, one.current)
}

fn moved(data_keys: usize, waiting_tokens: usize) -> Moved {
    Moved { data_keys, waiting_tokens, stuck: Vec::new() }
}

on_each_db! {
    async fn a_change_broken_off_in_the_middle_is_completed_by_a_second_run(db: Db) {
        let vault = begun(&db).await;
        furnish(&db, &vault).await;
        // Ended before the first commit: nothing has happened.
        let mut tx = db.platform().await.unwrap();
        assert!(master_key::turn(&mut tx, &vault, NOON).await.unwrap().begun);
        drop(tx);
        assert_eq!((under(&db, OLD).await, under(&db, NEW).await), ((7, 3, true), (0, 0, false)));

        assert_eq!(turn(&db, &vault).await, Change { from: id(OLD), to: id(NEW), begun: true });
        let mut pass = Pass::begin();
        assert!(pass.step(&db, &vault, 2).await.unwrap());
        drop((pass, vault));
        assert_eq!((under(&db, OLD).await, under(&db, NEW).await), ((5, 1, false), (2, 2, true)));
        // Whoever has both keys opens everything, in whichever order; the old one alone does not open at all.
        for keys in [both(), MasterKeys::new(key(NEW), Some(key(OLD)))] {
            let vault = started(&db, keys).await.unwrap();
            assert_eq!((opens(&db, &vault).await, vault.current()), ((7, 3), id(NEW)));
        }
        assert!(started(&db, key(OLD)).await.is_none());
        assert_eq!(opens(&db, &started(&db, key(NEW)).await.unwrap()).await, (2, 2));

        let again = started(&db, both()).await.unwrap();
        assert_eq!(turn(&db, &again).await, Change { from: id(OLD), to: id(NEW), begun: false });
        assert_eq!(master_key::rewrap(&db, &again).await.unwrap(), moved(5, 1));
        assert_eq!((under(&db, OLD).await, under(&db, NEW).await), ((0, 0, false), (7, 3, true)));
        assert_eq!(opens(&db, &started(&db, key(NEW)).await.unwrap()).await, (7, 3));
        // A third run finds nothing, and does not turn back.
        assert!(!turn(&db, &again).await.begun);
        assert_eq!(master_key::rewrap(&db, &again).await.unwrap(), moved(0, 0));
        assert_eq!(again.current(), id(NEW));
    }

    async fn what_is_sealed_with_the_old_key_meanwhile_is_moved_and_processes_turn_at_their_next_look(db: Db) {
        let (vault, other) = (begun(&db).await, started(&db, both()).await.unwrap());
        furnish(&db, &vault).await;
        turn(&db, &vault).await;
        let mut pass = Pass::begin();
        pass.step(&db, &vault, 100).await.unwrap();
        // Another process has not looked yet: a new bot, a bot's token replaced, a token that waits.
        assert_eq!(other.current(), id(OLD));
        host(&db, &other, 8).await;
        wait(&db, &other, 102).await;
        assert_eq!(master_key::rewrap(&db, &vault).await.unwrap(), moved(1, 1));
        assert_eq!(opens(&db, &started(&db, key(NEW)).await.unwrap()).await, (8, 3));

        assert_eq!(opens(&db, &other).await, (8, 3));
        assert_eq!(other.current(), id(NEW), "it looked");
        host(&db, &other, 9).await;
        wait(&db, &other, 103).await;
        assert_eq!(master_key::rewrap(&db, &vault).await.unwrap(), moved(0, 0));
        assert_eq!(opens(&db, &started(&db, key(NEW)).await.unwrap()).await, (9, 3));
    }

    async fn a_value_that_was_changed_after_it_was_read_is_not_overwritten(db: Db) {
        let vault = begun(&db).await;
        furnish(&db, &vault).await;
        turn(&db, &vault).await;
        vault.follow(&Sealed::from_bytes(above(&db, async |tx| tx.meta_get(CHECK_VALUE).await.unwrap().unwrap()).await)).unwrap();
        let read = above(&db, async |tx| {
            let key = tx.data_keys_not_under(id(NEW).as_bytes(), "", 1).await.unwrap().remove(0);
            let token = tx.waiting_tokens_not_under(id(NEW).as_bytes(), UserId(101), 1).await.unwrap().remove(0);
            (key, token)
        });
        let (data_key, token) = read.await;
        assert_eq!((data_key.tenant.as_str(), token.person), ("bot-1", UserId(102)));
        // The bot leaves for good, and the person begins anew.
        above(&db, async |tx| tx.tenant_destroy_secrets(&data_key.tenant, NOON).await.unwrap()).await;
        wait(&db, &vault, 102).await;
        above(&db, async |tx| {
            assert!(!tx.data_key_replace(&data_key.tenant, &data_key.sealed, b"anew").await.unwrap());
            assert!(!tx.waiting_token_replace(token.person, &token.sealed, b"anew").await.unwrap());
            let row = tx.tenant_get(&data_key.tenant).await.unwrap().unwrap();
            assert!(row.data_key_wrapped.is_empty(), "destroyed is destroyed");
        })
        .await;
        assert_eq!(master_key::rewrap(&db, &vault).await.unwrap(), moved(6, 2));
        assert_eq!(opens(&db, &started(&db, key(NEW)).await.unwrap()).await, (6, 3));
        let waiting = above(&db, async |tx| tx.onboarding_get(UserId(102)).await.unwrap().unwrap()).await;
        assert_eq!(waiting.updated_at, NOON, "nobody's progress is touched");
    }

    async fn what_neither_key_opens_is_named_and_left_as_it_is(db: Db) {
        let vault = begun(&db).await;
        furnish(&db, &vault).await;
        let (strange, _) = Vault::create(key(ELSEWHERE)).unwrap();
        let wrapped = strange.wrap(&tenant("bot-3"), &botyard::vault::DataKey::random()).unwrap();
        let before = above(&db, async |tx| {
            let was = tx.tenant_get(&tenant("bot-3")).await.unwrap().unwrap().data_key_wrapped;
            assert!(tx.data_key_replace(&tenant("bot-3"), &was, wrapped.as_bytes()).await.unwrap());
            // Of the right key, and moved here from another bot.
            let of_fourth = tx.tenant_get(&tenant("bot-4")).await.unwrap().unwrap().data_key_wrapped;
            let of_fifth = tx.tenant_get(&tenant("bot-5")).await.unwrap().unwrap().data_key_wrapped;
            assert!(tx.data_key_replace(&tenant("bot-5"), &of_fifth, &of_fourth).await.unwrap());
            of_fourth
        });
        let before = before.await;
        turn(&db, &vault).await;
        let done = master_key::rewrap(&db, &vault).await.unwrap();
        assert_eq!((done.data_keys, done.waiting_tokens), (5, 3));
        let names: Vec<&str> = done.stuck.iter().map(|(what, _)| what.as_str()).collect();
        assert_eq!(names, ["the data key of bot bot-3", "the data key of bot bot-5"]);
        assert!(done.stuck[0].1.contains(&id(ELSEWHERE).to_string()), "{:?}", done.stuck);
        above(&db, async |tx| {
            assert_eq!(tx.tenant_get(&tenant("bot-3")).await.unwrap().unwrap().data_key_wrapped, wrapped.as_bytes());
            assert_eq!(tx.tenant_get(&tenant("bot-5")).await.unwrap().unwrap().data_key_wrapped, before);
        })
        .await;
        assert_eq!((under(&db, ELSEWHERE).await, under(&db, OLD).await), ((1, 0, false), (1, 0, false)));
    }

    async fn of_two_changes_at_once_one_is_made_and_the_other_completes_it_or_is_told(db: Db) {
        let (one, two) = (begun(&db).await, started(&db, both()).await.unwrap());
        furnish(&db, &one).await;
        let change = async |vault: &Vault| {
            let mut tx = db.platform().await.unwrap();
            let change = master_key::turn(&mut tx, vault, NOON).await?;
            tx.commit().await.unwrap();
            Ok::<_, ChangeError>((change.begun, master_key::rewrap(&db, vault).await?))
        };
        let (one, two) = futures::join!(change(&one), change(&two));
        let begun = [&one, &two].iter().filter(|done| done.as_ref().is_ok_and(|(begun, _)| *begun)).count();
        assert_eq!(begun, 1, "{one:?} {two:?}");
        let told = |done: &Result<_, ChangeError>| matches!(done, Ok(_) | Err(ChangeError::Meanwhile));
        assert!(told(&one) && told(&two), "{one:?} {two:?}");
        let sum = [one, two].into_iter().flatten().fold((0, 0), |(keys, tokens), (_, moved)| {
            assert_eq!(moved.stuck, []);
            (keys + moved.data_keys, tokens + moved.waiting_tokens)
        });
        assert_eq!(sum, (7, 3), "each value is moved once");
        assert_eq!(opens(&db, &started(&db, key(NEW)).await.unwrap()).await, (7, 3));
    }

    async fn without_a_second_key_or_anything_sealed_there_is_nothing_to_change(db: Db) {
        let (vault, check) = Vault::create(key(OLD)).unwrap();
        above(&db, async |tx| {
            let refused = master_key::turn(tx, &vault, NOON).await;
            assert!(matches!(refused, Err(ChangeError::NothingSealed)), "{refused:?}");
            tx.meta_put_if_absent(CHECK_VALUE, check.as_bytes()).await.unwrap();
            let refused = master_key::turn(tx, &vault, NOON).await;
            assert!(matches!(refused, Err(ChangeError::NoSecondKey)), "{refused:?}");
            assert_eq!(tx.master_keys_given_up().await.unwrap(), [""; 0]);
        })
        .await;
    }
}
