//! The chain over transfers and the check of every minute: what is sealed cannot be changed unseen, a fault is found at its
//! number, and who is in charge hears of it once (reliability.md 3.1, "Tamper evidence"; decisions.md 10).

use std::sync::Arc;

use botyard::billing::{self, Fault, Held};
use botyard::domain::settings::TenantSettings;
use botyard::domain::{BotInstanceId, Corr, GenerationId, Money, UserId, UserRef};
use botyard::store::{Db, LedgerCheckRow};
use botyard::vault::{MasterKey, Vault};

use super::races::at_once;
use super::raw::Above;
use crate::store::world::{NOON, later, new_tenant, tenant, two_tenants, within};
use crate::util::app::{OWNER, PATIENCE, TestApp};
use crate::util::db::{TestDb, on_each_db};

fn vault() -> Vault {
    Vault::create(MasterKey::random()).unwrap().0
}

/// Credits, and of each three one held, one held and taken in part, one held and given back.
async fn move_money(db: &Db, tenant: &BotInstanceId, rounds: i64) -> UserRef {
    let user = UserRef::random();
    within(db, tenant, async |tx| {
        for n in 0..rounds {
            let (corr, now) = (Corr::random(), later(n));
            billing::credit(tx, &user, &format!("{user}-{n}"), Money::kopecks(1000), &corr, now).await.unwrap();
            let generation = GenerationId::random();
            let held = billing::hold(tx, &user, &generation, 1, Money::kopecks(300), &corr, now).await.unwrap();
            let Held::Placed(pending) = held else { panic!("{held:?}") };
            match n % 3 {
                0 => {}
                1 => {
                    billing::capture(tx, &pending, &generation, Money::kopecks(200), &corr, now).await.unwrap();
                }
                _ => assert!(billing::release(tx, &pending, &generation, 1, &corr, now).await.unwrap()),
            }
        }
    })
    .await;
    user
}

async fn check(db: &Db, vault: &Vault, tenant: &BotInstanceId, whole: bool) -> LedgerCheckRow {
    let checked = billing::check(db, vault, tenant, whole, later(99)).await.unwrap();
    within(db, tenant, async |tx| {
        let mut head = tx.ledger_head_lock().await.unwrap();
        head.walked = checked.walked;
        tx.ledger_head_put(&head).await.unwrap();
        tx.ledger_check_put(&checked.row).await.unwrap();
    })
    .await;
    checked.row
}

fn fault(fault: &str, subject: &str) -> Fault {
    Fault { fault: fault.to_owned(), subject: subject.to_owned() }
}

on_each_db! {
    async fn what_is_sealed_once_stays_and_what_follows_is_sealed_after_it(db: Db) {
        let ((a, b), vault) = (two_tenants(&db).await, vault());
        move_money(&db, &a, 6).await;
        let unsealed = billing::verify(&db, &vault, &a).await.unwrap();
        assert_eq!((unsealed.transfers, unsealed.sealed, unsealed.faults), (16, 0, vec![]));
        assert_eq!(check(&db, &vault, &a, false).await.sealed, 16);
        assert_eq!(check(&db, &vault, &a, false).await.sealed, 16, "nothing is sealed twice");
        let first = links(&db, &a).await;
        move_money(&db, &a, 3).await;
        assert_eq!(check(&db, &vault, &a, false).await.sealed, 24);
        let then = links(&db, &a).await;
        assert_eq!(then[..16], first[..], "what was sealed has changed");
        assert!((1..).zip(&then).all(|(n, (seq, _))| n == *seq), "{then:?}");
        let verified = billing::verify(&db, &vault, &a).await.unwrap();
        assert_eq!((verified.transfers, verified.sealed, verified.faults), (24, 24, vec![]));
        assert_eq!(billing::verify(&db, &vault, &b).await.unwrap().transfers, 0);
    }

    /// Two processes may both believe that it is their turn.
    async fn sealers_at_once_seal_each_transfer_once(test: TestDb) {
        let ((a, _), vault) = (two_tenants(&test.db).await, Arc::new(vault()));
        let other = test.again().await;
        for _ in 0..5 {
            let user = move_money(&test.db, &a, 4).await;
            let checks = at_once(6, |n| {
                let (db, vault, a) = (if n % 2 == 0 { test.db.clone() } else { other.clone() }, vault.clone(), a.clone());
                let user = user.clone();
                async move {
                    if n < 4 {
                        return billing::check(&db, &vault, &a, n == 0, later(99)).await.map(|checked| checked.row.detail);
                    }
                    let mut tx = db.tenant(&a).await?;
                    billing::credit(&mut tx, &user, &format!("{user}+{n}"), Money::kopecks(1), &Corr::random(), NOON).await?;
                    tx.commit().await.map(|()| String::new())
                }
            })
            .await;
            assert!(checks.iter().all(|check| check.as_ref().is_ok_and(String::is_empty)), "{checks:?}");
        }
        check(&test.db, &vault, &a, true).await;
        let verified = billing::verify(&test.db, &vault, &a).await.unwrap();
        assert_eq!((verified.transfers, verified.sealed, verified.faults), (60, 60, vec![]));
        other.close().await;
    }

    /// A movement that a wrong clock dated back is sealed at the next whole check, and is no fault before.
    async fn a_transfer_dated_back_is_no_fault_and_sealed_in_the_end(db: Db) {
        let ((a, _), vault) = (two_tenants(&db).await, vault());
        let user = move_money(&db, &a, 1_002).await;
        assert_eq!(check(&db, &vault, &a, false).await.sealed, 2_672);
        within(&db, &a, async |tx| {
            let day_ago = later(-86_400_000);
            billing::credit(tx, &user, "late", Money::kopecks(5), &Corr::random(), day_ago).await.unwrap();
        })
        .await;
        let row = check(&db, &vault, &a, false).await;
        assert_eq!((row.sealed, row.faults), (2_672, 0));
        // The next movement of the same person meets it: their balance has more than the window shows.
        move_of(&db, &a, &user).await;
        let row = check(&db, &vault, &a, false).await;
        assert_eq!((row.sealed, row.faults), (2_673, 0), "{}", row.detail);
        let row = check(&db, &vault, &a, true).await;
        assert_eq!((row.sealed, row.faults), (2_674, 0), "{}", row.detail);
    }

    /// Beside a large ledger the check of every minute asks only about who moved: that must be enough to see it.
    async fn a_balance_that_does_not_fit_is_seen_at_the_persons_next_movement(test: TestDb) {
        let Some(mut above) = Above::connect(&test).await else { return };
        let ((a, _), vault) = (two_tenants(&test.db).await, vault());
        let user = move_money(&test.db, &a, 1_002).await;
        assert_eq!(check(&test.db, &vault, &a, false).await.faults, 0);
        let sql = format!("UPDATE accounts SET posted = posted + 1 WHERE bot_instance_id = '{a}' AND id = 'user:{user}'");
        above.run(&sql).await.unwrap();
        assert_eq!(check(&test.db, &vault, &a, false).await.faults, 0, "nobody moved: the whole check is not due");
        move_of(&test.db, &a, &user).await;
        let row = check(&test.db, &vault, &a, false).await;
        assert_eq!(row.detail, format!("posted_differs: user:{user}\nunit_not_zero: RUB"));
        above.run(&sql.replace("+ 1", "- 1")).await.unwrap();
        assert_eq!(check(&test.db, &vault, &a, false).await.faults, 0, "a red ledger is asked everything until it is green");
    }

    async fn a_flipped_byte_and_a_deleted_transfer_are_found_at_their_number(test: TestDb) {
        let Some(mut above) = Above::connect(&test).await else { return };
        above.tear_down_the_rules().await;
        let vault = vault();
        let db = &test.db;
        let witness = tenant("witness");
        books(db, &vault, &witness, 1).await;
        let of = |id: &BotInstanceId, seq: i64| format!(
            "(SELECT transfer_id FROM ledger_seals WHERE bot_instance_id = '{id}' AND seq = {seq})");
        let mut n = 1;
        for (what, expected) in [
            ("UPDATE transfers SET corr = 'OTHER' WHERE bot_instance_id = '{id}' AND id = {7}", vec![("transfer_changed", 7)]),
            ("UPDATE transfers SET created_at = created_at + 1 WHERE bot_instance_id = '{id}' AND id = {1}", vec![("transfer_changed", 1)]),
            ("UPDATE transfers SET idem_key = idem_key || 'x' WHERE bot_instance_id = '{id}' AND id = {24}", vec![("transfer_changed", 24)]),
            ("DELETE FROM transfers WHERE bot_instance_id = '{id}' AND id = {9}", vec![("transfer_missing", 9)]),
            ("UPDATE ledger_seals SET hash = 'x' || substr(hash, 2) WHERE bot_instance_id = '{id}' AND seq = 3",
                vec![("transfer_changed", 3), ("transfer_changed", 4)]),
            ("DELETE FROM ledger_seals WHERE bot_instance_id = '{id}' AND seq = 5", vec![("seal_missing", 5)]),
            ("DELETE FROM ledger_seals WHERE bot_instance_id = '{id}' AND seq > 20", vec![("chain_cut", 21)]),
            ("DELETE FROM ledger_heads WHERE bot_instance_id = '{id}'", vec![("head_missing", 24)]),
            ("UPDATE ledger_heads SET hash = 'other' WHERE bot_instance_id = '{id}'", vec![("head_differs", 24)]),
        ] {
            n += 1;
            let id = tenant(&format!("books-{n}"));
            books(db, &vault, &id, n).await;
            let mut sql = what.replace("{id}", id.as_str());
            for seq in [1, 7, 9, 24] {
                sql = sql.replace(&format!("{{{seq}}}"), &of(&id, seq));
            }
            let before = billing::verify(db, &vault, &id).await.unwrap();
            assert_eq!(before.faults, [], "{what}");
            assert!(above.run(&sql).await.unwrap() > 0, "{sql}");
            let found = billing::verify(db, &vault, &id).await.unwrap().faults;
            let chain: Vec<_> = found.iter().filter(|fault| fault.subject.starts_with('#')).collect();
            let numbers: Vec<_> = chain.iter().map(|fault| {
                let number = fault.subject.trim_start_matches('#').split(' ').next().unwrap();
                (fault.fault.as_str(), number.parse::<i64>().unwrap())
            }).collect();
            assert_eq!(numbers, expected, "{what}: {found:?}");
            assert_eq!(billing::verify(db, &vault, &witness).await.unwrap().faults, [], "{what}");
        }
    }

    /// Whatever of a transfer is changed, its link says so: every column there is, but the tenant's.
    async fn every_part_of_a_transfer_is_sealed(test: TestDb) {
        let Some(mut above) = Above::connect(&test).await else { return };
        above.tear_down_the_rules().await;
        let (db, vault) = (&test.db, vault());
        let columns = columns_of_transfers(db).await;
        assert!(columns.len() > 10, "{columns:?}");
        for (n, column) in (1..).zip(&columns) {
            let id = tenant(&format!("books-{n}"));
            books(db, &vault, &id, n).await;
            let (kind, change) = match column.as_str() {
                "kind" => ("single", "'pending'".to_owned()),
                "amount" | "created_at" => ("post", format!("{column} + 1")),
                _ => ("post", format!("{column} || 'x'")),
            };
            let one = format!("SELECT min(id) FROM transfers WHERE bot_instance_id = '{id}' AND kind = '{kind}'");
            let sql = format!("UPDATE transfers SET {column} = {change} WHERE bot_instance_id = '{id}' AND id = ({one})");
            assert_eq!(above.run(&sql).await.unwrap(), 1, "{sql}");
            let found = billing::verify(db, &vault, &id).await.unwrap().faults;
            let chain: Vec<_> = found.iter().filter(|fault| fault.subject.starts_with('#')).collect();
            let expected = if column == "id" { "transfer_missing" } else { "transfer_changed" };
            assert!(matches!(chain[..], [one] if one.fault == expected), "{column}: {found:?}");
        }
    }

    /// Whoever can write rows and has no key cannot make a chain that fits.
    async fn a_chain_under_another_key_fits_nowhere(db: Db) {
        let ((a, _), ours) = (two_tenants(&db).await, vault());
        move_money(&db, &a, 2).await;
        check(&db, &ours, &a, false).await;
        let found = billing::verify(&db, &vault(), &a).await.unwrap().faults;
        assert_eq!(found.len(), 5, "{found:?}");
        assert!(found.iter().all(|fault| fault.fault == "transfer_changed"), "{found:?}");
        assert_eq!(billing::verify(&db, &ours, &a).await.unwrap().faults, []);
        assert_eq!(fault("transfer_changed", "#1 trf_x").to_string(), "transfer_changed: #1 trf_x");
    }

    async fn a_red_ledger_is_told_once_shown_in_the_preflight_and_green_again_when_mended(test: TestDb) {
        let Some(mut above) = Above::connect(&test).await else { return };
        let app = TestApp::start_with(&test.url, &[("ledger.check_every", "50 ms"), ("owner.ids", "77")]).await;
        let bot = app.bot("studio", 1, TenantSettings::default()).await;
        for who in [OWNER.0, 77] {
            let who = app.person(who, "Somebody", "ru").await;
            app.say(&bot, who, "/start", "Доступно").await;
        }
        let user = move_money(&app.app.platform.db, &bot.id, 3).await;
        until(&app, &bot.id, |row| row.sealed == 8 && row.faults == 0).await;
        let change = |by: &str| format!(
            "UPDATE accounts SET posted = posted {by} WHERE bot_instance_id = '{}' AND id = 'user:{user}'", bot.id);
        above.run(&change("+ 1")).await.unwrap();
        // Nobody moves: the change is found when the whole check is due, or with the next movement.
        move_of(&app.app.platform.db, &bot.id, &user).await;
        let red = until(&app, &bot.id, |row| row.faults == 2).await;
        until(&app, &bot.id, |row| row.checked_at > red.checked_at).await;
        for who in [OWNER, UserId(77)] {
            app.settled(&bot, who).await;
            let told = app.world.messages(&bot.username, who.0).await.unwrap();
            let alarms = told.iter().filter(|message| message.text().contains("🔴 Проверка журнала денег")).count();
            assert_eq!(alarms, 1, "{told:?}");
        }
        above.run(&change("- 1")).await.unwrap();
        let green = until(&app, &bot.id, |row| row.faults == 0).await;
        assert_eq!((green.turns, green.detail.as_str()), (1, ""));
        app.finish().await;
    }
}

async fn columns_of_transfers(db: &Db) -> Vec<String> {
    let mut columns: Vec<String> = match (db.raw_sqlite(), db.raw_postgres()) {
        (Some(pool), _) => {
            sqlx::query_scalar("SELECT name FROM pragma_table_info('transfers')").fetch_all(pool).await.unwrap()
        }
        (_, Some(pool)) => {
            let sql = "SELECT column_name::TEXT FROM information_schema.columns WHERE table_name = 'transfers'";
            sqlx::query_scalar(sql).fetch_all(pool).await.unwrap()
        }
        (None, None) => unreachable!("a database is SQLite or PostgreSQL"),
    };
    columns.retain(|column| column != "bot_instance_id");
    columns
}

async fn move_of(db: &Db, tenant: &BotInstanceId, user: &UserRef) {
    within(db, tenant, async |tx| {
        let operation = Corr::random().as_str().to_owned();
        billing::credit(tx, user, &operation, Money::kopecks(7), &Corr::random(), later(2_000)).await.unwrap();
    })
    .await;
}

async fn links(db: &Db, tenant: &BotInstanceId) -> Vec<(i64, String)> {
    let rows = within(db, tenant, async |tx| tx.ledger_seals_after(0, 1_000).await.unwrap()).await;
    rows.into_iter().map(|row| (row.seq, row.hash)).collect()
}

/// A tenant whose 24 transfers are sealed.
async fn books(db: &Db, vault: &Vault, id: &BotInstanceId, n: i64) {
    let mut tx = db.platform().await.unwrap();
    tx.tenant_insert(&new_tenant(id, n), NOON).await.unwrap();
    tx.commit().await.unwrap();
    move_money(db, id, 9).await;
    assert_eq!(check(db, vault, id, false).await.sealed, 24);
}

async fn until(app: &TestApp, id: &BotInstanceId, met: impl Fn(&LedgerCheckRow) -> bool) -> LedgerCheckRow {
    let began = std::time::Instant::now();
    loop {
        let row = within(&app.app.platform.db, id, async |tx| tx.ledger_check_get().await.unwrap()).await;
        if let Some(row) = row.filter(&met) {
            return row;
        }
        assert!(began.elapsed() < PATIENCE, "the ledger's check did not come to it");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}
