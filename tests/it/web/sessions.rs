//! Sessions (`panel_session`, `panel_demote`; reliability.md T34, T38): the row decides on every request.

use std::sync::Mutex;
use std::time::Duration;

use botyard::accounts::sessions::{self, Presence, Rights};
use botyard::accounts::{Denied, Identity, Session, Subject, links};
use botyard::config::{Settings, Sources};
use botyard::domain::{AdminRole, BotInstanceId, UnixMs, UserId};
use botyard::store::Db;
use botyard::vault::{MasterKey, Vault};

use crate::util::db::on_each_db;

const NOON: UnixMs = UnixMs(1_795_348_800_000);
const PERSON: UserId = UserId(7);

/// Who may what, changed by the tests while sessions are open.
struct Book {
    role: Mutex<Option<AdminRole>>,
    owns: Mutex<bool>,
}

impl Rights for Book {
    fn role_in(&self, _: &BotInstanceId, user: UserId) -> Option<AdminRole> {
        self.role.lock().unwrap().filter(|_| user == PERSON)
    }

    fn exists(&self, tenant: &BotInstanceId) -> bool {
        tenant.as_str() == "demo-a"
    }

    fn owns_platform(&self, user: UserId) -> bool {
        *self.owns.lock().unwrap() && user == PERSON
    }
}

struct World {
    db: Db,
    vault: Vault,
    settings: Settings,
    rights: Book,
}

impl World {
    fn new(db: Db) -> Self {
        let rights = Book { role: Mutex::new(Some(AdminRole::Owner)), owns: Mutex::new(true) };
        let settings = Settings::load(&Sources::default()).unwrap();
        Self { db, vault: Vault::create(MasterKey::random()).unwrap().0, settings, rights }
    }

    async fn enter(&self, who: &Identity) -> String {
        let path = links::issue(&self.db, &self.settings.panel, who, NOON).await.unwrap();
        let token = path.rsplit('/').next().unwrap();
        links::enter(&self.db, &self.vault, &self.settings.panel, token, NOON).await.unwrap().cookie
    }

    async fn check(&self, cookie: &str, presence: Presence, at: UnixMs) -> Result<Session, Denied> {
        sessions::check(&self.db, &self.vault, &self.settings, &self.rights, cookie, presence, at).await
    }

    async fn is_open(&self, cookie: &str, at: UnixMs) -> bool {
        match self.check(cookie, Presence::Active, at).await {
            Ok(_) => true,
            Err(Denied::Over) => false,
            Err(other) => panic!("{other}"),
        }
    }
}

fn owner() -> Identity {
    Identity::admin(&BotInstanceId::parse("demo-a").unwrap(), AdminRole::Owner, PERSON)
}

fn after(minutes: u64) -> UnixMs {
    NOON.plus(Duration::from_mins(minutes))
}

on_each_db! {
    async fn panel_session_a_session_says_who_it_is_and_ends_with_sign_out(db: Db) {
        let world = World::new(db);
        let cookie = world.enter(&owner()).await;
        let session = world.check(&cookie, Presence::Active, NOON).await.unwrap();
        assert_eq!(session.who, owner());
        sessions::revoke(&world.db, &session.id, NOON).await.unwrap();
        assert!(!world.is_open(&cookie, NOON).await);
    }

    async fn panel_session_every_sign_in_is_a_new_session(db: Db) {
        let world = World::new(db);
        let (one, two) = (world.enter(&owner()).await, world.enter(&owner()).await);
        let ids = [world.check(&one, Presence::Active, NOON).await, world.check(&two, Presence::Active, NOON).await]
            .map(|session| session.unwrap().id);
        assert_ne!(ids[0], ids[1]);
        sessions::revoke(&world.db, &ids[0], NOON).await.unwrap();
        assert!(world.is_open(&two, NOON).await);
    }

    async fn half_an_hour_without_a_request_ends_it(db: Db) {
        let world = World::new(db);
        let cookie = world.enter(&owner()).await;
        for minutes in [20, 40, 60] {
            assert!(world.is_open(&cookie, after(minutes)).await, "{minutes}");
        }
        assert!(!world.is_open(&cookie, after(90)).await);
    }

    async fn a_page_that_refreshes_itself_does_not_keep_it_open(db: Db) {
        let world = World::new(db);
        let cookie = world.enter(&owner()).await;
        for minutes in (0..30).step_by(5) {
            assert!(world.check(&cookie, Presence::Unattended, after(minutes)).await.is_ok(), "{minutes}");
        }
        assert!(matches!(world.check(&cookie, Presence::Unattended, after(30)).await, Err(Denied::Over)));
    }

    async fn twelve_hours_end_it_whatever_happens(db: Db) {
        let world = World::new(db);
        let cookie = world.enter(&owner()).await;
        for minutes in (0..12 * 60).step_by(20) {
            assert!(world.is_open(&cookie, after(minutes)).await, "{minutes}");
        }
        assert!(!world.is_open(&cookie, after(12 * 60)).await);
    }

    async fn panel_demote_a_lowered_role_ends_it_on_the_next_request(db: Db) {
        let world = World::new(db);
        let cookie = world.enter(&owner()).await;
        *world.rights.role.lock().unwrap() = Some(AdminRole::Admin);
        assert!(!world.is_open(&cookie, NOON).await);
        *world.rights.role.lock().unwrap() = Some(AdminRole::Owner);
        assert!(!world.is_open(&cookie, NOON).await, "an ended session does not come back");
        let cookie = world.enter(&owner()).await;
        *world.rights.role.lock().unwrap() = None;
        assert!(!world.is_open(&cookie, NOON).await);
    }

    async fn a_former_owner_of_the_platform_is_out(db: Db) {
        let world = World::new(db);
        let person = world.enter(&Identity::platform_owner(Subject::Telegram(PERSON))).await;
        let shell = world.enter(&Identity::platform_owner(Subject::Shell)).await;
        *world.rights.owns.lock().unwrap() = false;
        assert!(!world.is_open(&person, NOON).await);
        assert!(world.is_open(&shell, NOON).await);
    }

    async fn a_session_of_a_tenant_that_is_gone_is_over(db: Db) {
        let world = World::new(db);
        let gone = BotInstanceId::parse("gone").unwrap();
        let cookie = world.enter(&Identity { subject: Subject::Shell, ..Identity::admin(&gone, AdminRole::Owner, PERSON) }).await;
        assert!(!world.is_open(&cookie, NOON).await);
    }

    async fn a_cookie_of_another_installation_is_no_session(db: Db) {
        let (here, there) = (World::new(db.clone()), World::new(db));
        let cookie = there.enter(&owner()).await;
        assert!(matches!(here.check(&cookie, Presence::Active, NOON).await, Err(Denied::SignedOut)));
    }
}
