//! The six builds that must not pass (reliability.md 3.1, 4 "Sensitivity"): the ledger's own code on a database in which one of
//! the promises it rests on is broken. The suite's random histories must notice each of them, and notice nothing without one.

use super::generate::{Shape, history};
use super::histories::{play_with, tenants};
use super::raw::Above;
use crate::util::db::{TestDb, on_each_db};

/// Histories played before and after the sabotage.
const HISTORIES: u64 = 40;
const SHAPE: Shape = Shape { facts: 60, together: 2, names: 16 };

/// What is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Broken {
    /// A hold may be resolved twice.
    ResolveOnce,
    /// Nobody asks whether there is enough.
    Overdraft,
    /// A fact of one tenant is a fact of all.
    KeyOfTenant,
    /// What becomes of a balance does not depend on what becomes of its transfer.
    BalanceApart,
    /// The rest of a hold stays reserved after a part of it was taken.
    RestStaysHeld,
    /// What is given back is paid out.
    VoidMoves,
}

impl Broken {
    fn sql(self, sqlite: bool) -> String {
        let rest = "UPDATE accounts SET held = held + (SELECT p.amount - NEW.amount FROM transfers p
              WHERE p.bot_instance_id = NEW.bot_instance_id AND p.id = NEW.pending_id)
            WHERE bot_instance_id = NEW.bot_instance_id AND id = NEW.debit_id;";
        let paid = "UPDATE accounts SET posted = posted + NEW.amount
            WHERE bot_instance_id = NEW.bot_instance_id AND id = NEW.credit_id;
            UPDATE accounts SET posted = posted - NEW.amount
            WHERE bot_instance_id = NEW.bot_instance_id AND id = NEW.debit_id;";
        let (table, kind, work) = match self {
            Self::ResolveOnce => return "DROP INDEX transfers_pending_key".to_owned(),
            Self::KeyOfTenant => return "CREATE UNIQUE INDEX sabotage ON transfers (idem_key)".to_owned(),
            Self::BalanceApart => return String::new(),
            Self::Overdraft if sqlite => {
                let work = "UPDATE accounts SET no_overdraft = 0
                    WHERE bot_instance_id = NEW.bot_instance_id AND id = NEW.id;";
                ("accounts", None, work)
            }
            Self::Overdraft => ("accounts", None, "NEW.no_overdraft := false;"),
            Self::RestStaysHeld => ("transfers", Some("post"), rest),
            Self::VoidMoves => ("transfers", Some("void"), paid),
        };
        let when = kind.map_or_else(String::new, |kind| format!("WHEN (NEW.kind = '{kind}')"));
        if sqlite {
            return format!("CREATE TRIGGER sabotage AFTER INSERT ON {table} {when} BEGIN {work} END");
        }
        let moment = if kind.is_none() { "BEFORE" } else { "AFTER" };
        format!(
            "CREATE FUNCTION sabotage() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
             BEGIN {work} RETURN NEW; END $$;
             CREATE TRIGGER sabotage {moment} INSERT ON {table} FOR EACH ROW {when} EXECUTE FUNCTION sabotage()"
        )
    }
}

/// How many of the histories that begin at `first` disagree with the model.
async fn disagree(test: &TestDb, first: u64, apart: bool) -> usize {
    let pairs = tenants(&test.db, usize::try_from(first).unwrap(), usize::try_from(HISTORIES).unwrap()).await;
    let mut disagree = 0;
    for (seed, pair) in (first..first + HISTORIES).zip(&pairs) {
        disagree += usize::from(play_with(&test.db, pair, &history(seed, SHAPE), apart).await.is_err());
    }
    disagree
}

async fn turns_red(test: TestDb, broken: Broken) {
    let Some(mut above) = Above::connect(&test).await else { return };
    // The same keys in two tenants, which honest histories leave behind, would keep that index from being made.
    if broken != Broken::KeyOfTenant {
        assert_eq!(disagree(&test, 0, false).await, 0, "red without a reason");
    }
    let sql = broken.sql(test.db.raw_sqlite().is_some());
    if !sql.is_empty() {
        above.run(&sql).await.unwrap();
    }
    let noticed = disagree(&test, HISTORIES, broken == Broken::BalanceApart).await;
    assert!(noticed > 0, "{broken:?} stays green: these histories prove nothing about it");
}

on_each_db! {
    async fn a_build_that_resolves_a_hold_twice_turns_red(test: TestDb) {
        turns_red(test, Broken::ResolveOnce).await;
    }

    async fn a_build_without_an_overdraft_check_turns_red(test: TestDb) {
        turns_red(test, Broken::Overdraft).await;
    }

    async fn a_build_whose_keys_forget_the_tenant_turns_red(test: TestDb) {
        turns_red(test, Broken::KeyOfTenant).await;
    }

    async fn a_build_that_keeps_balances_in_another_transaction_turns_red(test: TestDb) {
        turns_red(test, Broken::BalanceApart).await;
    }

    async fn a_build_that_keeps_the_rest_of_a_partial_capture_held_turns_red(test: TestDb) {
        turns_red(test, Broken::RestStaysHeld).await;
    }

    async fn a_build_whose_releases_pay_out_turns_red(test: TestDb) {
        turns_red(test, Broken::VoidMoves).await;
    }
}
