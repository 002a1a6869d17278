//! One-time links (`panel_magic`, reliability.md T33): looking spends nothing, one person enters once, for some minutes.

use std::time::Duration;

use botyard::accounts::{Identity, LinkError, Refused, Subject, links};
use botyard::config::{Settings, Sources};
use botyard::domain::{AdminRole, BotInstanceId, Clock, UnixMs, UserId};
use botyard::store::Db;
use botyard::vault::{MasterKey, Vault};
use futures::future::join_all;

use crate::util::db::on_each_db;

const NOON: UnixMs = UnixMs(1_795_348_800_000);

fn settings() -> Settings {
    Settings::load(&Sources::default()).unwrap()
}

fn owner() -> Identity {
    Identity::admin(&BotInstanceId::parse("demo-a").unwrap(), AdminRole::Owner, UserId(7))
}

fn token(path: &str) -> String {
    path.strip_prefix("/panel/enter/").unwrap().to_owned()
}

on_each_db! {
    async fn a_link_is_looked_at_often_and_entered_once(db: Db) {
        let (vault, _) = Vault::create(MasterKey::random()).unwrap();
        let panel = settings().panel;
        let token = token(&links::issue(&db, &panel, &owner(), NOON).await.unwrap());
        for _ in 0..10 {
            assert_eq!(links::look(&db, &token, NOON).await.unwrap(), owner());
        }
        assert_eq!(links::enter(&db, &vault, &panel, &token, NOON).await.unwrap().who, owner());
        assert!(matches!(links::enter(&db, &vault, &panel, &token, NOON).await, Err(Refused::Used)));
        assert!(matches!(links::look(&db, &token, NOON).await, Err(Refused::Used)));
    }

    async fn of_twenty_at_once_one_gets_in(db: Db) {
        let (vault, _) = Vault::create(MasterKey::random()).unwrap();
        let panel = settings().panel;
        let token = token(&links::issue(&db, &panel, &owner(), NOON).await.unwrap());
        let all = join_all((0..20).map(|_| links::enter(&db, &vault, &panel, &token, NOON))).await;
        assert_eq!(all.iter().filter(|entered| entered.is_ok()).count(), 1);
        assert!(all.iter().all(|entered| matches!(entered, Ok(_) | Err(Refused::Used))));
    }

    async fn a_link_is_over_after_its_minutes(db: Db) {
        let (vault, _) = Vault::create(MasterKey::random()).unwrap();
        let panel = settings().panel;
        let token = token(&links::issue(&db, &panel, &owner(), NOON).await.unwrap());
        let last = NOON.plus(panel.link_life).minus(Duration::from_millis(1));
        assert!(links::look(&db, &token, last).await.is_ok());
        let over = NOON.plus(panel.link_life);
        assert!(matches!(links::look(&db, &token, over).await, Err(Refused::Expired)));
        assert!(matches!(links::enter(&db, &vault, &panel, &token, over).await, Err(Refused::Expired)));
        assert!(links::enter(&db, &vault, &panel, &token, last).await.is_ok());
    }

    async fn what_is_no_link_opens_nothing(db: Db) {
        let (vault, _) = Vault::create(MasterKey::random()).unwrap();
        let panel = settings().panel;
        let path = links::issue(&db, &panel, &owner(), NOON).await.unwrap();
        let real = token(&path);
        let other = if real.starts_with('A') { real.replacen('A', "B", 1) } else { format!("A{}", &real[1..]) };
        for wrong in ["", "x", &other, &format!("{real}="), &real.to_lowercase(), &real[..42]] {
            assert!(matches!(links::look(&db, wrong, NOON).await, Err(Refused::Unknown)), "{wrong}");
            assert!(matches!(links::enter(&db, &vault, &panel, wrong, NOON).await, Err(Refused::Unknown)), "{wrong}");
        }
    }

    async fn a_person_asks_for_three_links_in_ten_minutes(db: Db) {
        let panel = settings().panel;
        let clock = Clock::manual(NOON);
        for _ in 0..3 {
            links::issue(&db, &panel, &owner(), clock.now()).await.unwrap();
            clock.advance(Duration::from_mins(1));
        }
        let refused = links::issue(&db, &panel, &owner(), clock.now()).await;
        assert!(matches!(refused, Err(LinkError::TooMany(wait)) if wait == Duration::from_mins(7)), "{refused:?}");
        let elsewhere = Identity::admin(&BotInstanceId::parse("demo-b").unwrap(), AdminRole::Owner, UserId(7));
        links::issue(&db, &panel, &elsewhere, clock.now()).await.unwrap();
        let shell = Identity::platform_owner(Subject::Shell);
        for _ in 0..5 {
            links::issue(&db, &panel, &shell, clock.now()).await.unwrap();
        }
        clock.advance(Duration::from_mins(7));
        links::issue(&db, &panel, &owner(), clock.now()).await.unwrap();
    }
}
