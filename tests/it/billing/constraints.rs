//! What the database refuses by itself, whatever the code above it says: statements written by hand in a tenant's transaction.

use botyard::billing;
use botyard::domain::{BotInstanceId, Corr, Money, UserRef};
use botyard::store::Db;

use super::raw::{Above, Row, as_tenant, refusal};
use crate::store::world::{NOON, two_tenants, within};
use crate::util::db::{TestDb, on_each_db};

/// A person with 1000 kopecks, a hold `trf_hold` of 300 and a second account of theirs in Stars.
struct Ledger {
    db: Db,
    tenant: BotInstanceId,
    user: String,
}

impl Ledger {
    async fn new(db: &Db, tenant: &BotInstanceId) -> Self {
        let user = UserRef::random();
        within(db, tenant, async |tx| {
            billing::credit(tx, &user, "first", Money::kopecks(1000), &Corr::random(), NOON).await.unwrap()
        })
        .await;
        let ledger = Self { db: db.clone(), tenant: tenant.clone(), user: format!("user:{user}") };
        for (account, unit) in [("tenant:sales", "RUB"), ("ext:stars", "XTR")] {
            ledger.accepts(&ledger.account(account, unit)).await;
        }
        ledger.accepts(&ledger.row("trf_hold", "pending", 300, None).insert()).await;
        ledger.accepts(&ledger.change("held = held + 300")).await;
        ledger
    }

    fn account(&self, id: &str, unit: &str) -> String {
        format!(
            "INSERT INTO accounts (bot_instance_id, id, unit, posted, held, no_overdraft, created_at)
             VALUES ('{}', '{id}', '{unit}', 0, 0, {}, 0)",
            self.tenant,
            if self.db.raw_sqlite().is_some() { "0" } else { "false" }
        )
    }

    fn row<'a>(&'a self, id: &'a str, kind: &'a str, amount: i64, pending: Option<&'a str>) -> Row<'a> {
        Row {
            tenant: self.tenant.as_str(),
            id,
            kind,
            debit: &self.user,
            credit: "tenant:sales",
            unit: "RUB",
            amount,
            pending,
            key: id,
        }
    }

    /// A change of the person's account.
    fn change(&self, what: &str) -> String {
        format!("UPDATE accounts SET {what} WHERE bot_instance_id = '{}' AND id = '{}'", self.tenant, self.user)
    }

    async fn accepts(&self, sql: &str) {
        assert_eq!(as_tenant(&self.db, &self.tenant, sql).await.unwrap(), 1, "{sql}");
    }

    async fn refuses(&self, sql: &str, why: &str) {
        let said = refusal(as_tenant(&self.db, &self.tenant, sql).await);
        assert!(said.contains(why), "{sql}: refused by «{said}», expected «{why}»");
    }

    fn is_sqlite(&self) -> bool {
        self.db.raw_sqlite().is_some()
    }
}

on_each_db! {
    async fn nobody_spends_what_is_not_there(db: Db) {
        let (a, _) = two_tenants(&db).await;
        let ledger = Ledger::new(&db, &a).await;
        // 1000 posted, 300 of them held.
        ledger.refuses(&ledger.change("posted = posted - 701"), "accounts_overdraft_check").await;
        ledger.refuses(&ledger.change("held = held + 701"), "accounts_overdraft_check").await;
        ledger.refuses(&ledger.change("held = held - 301"), "accounts_held_check").await;
        ledger.accepts(&ledger.change("posted = posted - 700")).await;
        ledger.refuses(&ledger.change("posted = posted - 1"), "accounts_overdraft_check").await;
    }

    async fn a_hold_is_resolved_once_and_by_a_resolution_only(db: Db) {
        let (a, _) = two_tenants(&db).await;
        let ledger = Ledger::new(&db, &a).await;
        ledger.refuses(&ledger.row("trf_x", "post", 300, None).insert(), "transfers_pending_check").await;
        ledger.refuses(&ledger.row("trf_x", "single", 300, Some("trf_hold")).insert(), "transfers_pending_check").await;
        ledger.refuses(&ledger.row("trf_x", "post", 300, Some("trf_nobody")).insert(), foreign_key(&ledger)).await;
        ledger.accepts(&ledger.row("trf_post", "post", 300, Some("trf_hold")).insert()).await;
        let twice = if ledger.is_sqlite() { "transfers.pending_id" } else { "transfers_pending_key" };
        ledger.refuses(&ledger.row("trf_x", "void", 300, Some("trf_hold")).insert(), twice).await;
        ledger.refuses(&ledger.row("trf_x", "post", 300, Some("trf_hold")).insert(), twice).await;
    }

    async fn a_key_names_one_transfer_of_a_tenant(db: Db) {
        let (a, b) = two_tenants(&db).await;
        let (ledger, elsewhere) = (Ledger::new(&db, &a).await, Ledger::new(&db, &b).await);
        ledger.accepts(&Row { key: "same", ..ledger.row("trf_1", "single", 5, None) }.insert()).await;
        let twice = if ledger.is_sqlite() { "transfers.idem_key" } else { "transfers_idem_key" };
        ledger.refuses(&Row { key: "same", ..ledger.row("trf_2", "single", 5, None) }.insert(), twice).await;
        elsewhere.accepts(&Row { key: "same", ..elsewhere.row("trf_1", "single", 5, None) }.insert()).await;
    }

    async fn a_transfer_moves_one_unit_between_two_accounts_of_one_tenant(db: Db) {
        let (a, b) = two_tenants(&db).await;
        let (ledger, elsewhere) = (Ledger::new(&db, &a).await, Ledger::new(&db, &b).await);
        let row = || ledger.row("trf_x", "single", 5, None);
        let foreign = foreign_key(&ledger);
        ledger.refuses(&Row { credit: "ext:stars", ..row() }.insert(), foreign).await;
        ledger.refuses(&Row { credit: "ext:stars", unit: "XTR", ..row() }.insert(), foreign).await;
        ledger.refuses(&Row { credit: "tenant:nobody", ..row() }.insert(), foreign).await;
        ledger.refuses(&Row { credit: &elsewhere.user, ..row() }.insert(), foreign).await;
        ledger.refuses(&Row { debit: &elsewhere.user, ..row() }.insert(), foreign).await;
        ledger.refuses(&Row { credit: &ledger.user, ..row() }.insert(), "transfers_sides_check").await;
        ledger.refuses(&Row { amount: 0, ..row() }.insert(), "transfers_amount_check").await;
        ledger.refuses(&Row { amount: -5, ..row() }.insert(), "transfers_amount_check").await;
        ledger.accepts(&row().insert()).await;
    }

    async fn a_transfer_is_never_changed_nor_deleted(test: TestDb) {
        let (a, _) = two_tenants(&test.db).await;
        let ledger = Ledger::new(&test.db, &a).await;
        let by_tenant = if ledger.is_sqlite() { "transfers are immutable" } else { "permission denied" };
        for sql in ["UPDATE transfers SET amount = 1", "DELETE FROM transfers"] {
            ledger.refuses(sql, by_tenant).await;
        }
        if ledger.is_sqlite() {
            return;
        }
        ledger.refuses("TRUNCATE transfers", by_tenant).await;
        // Not even a superuser by accident.
        let Some(mut above) = Above::connect(&test).await else { return };
        for sql in ["UPDATE transfers SET amount = 1", "DELETE FROM transfers"] {
            assert!(refusal(above.run(sql).await).contains("transfers are immutable"), "{sql}");
        }
    }
}

#[test]
fn a_tenants_transaction_on_postgres_neither_sees_nor_writes_anothers_money() {
    crate::util::db::on_postgres(|test| async move {
        let (a, b) = two_tenants(&test.db).await;
        let ledger = Ledger::new(&test.db, &a).await;
        let taken = as_tenant(&test.db, &b, &ledger.change("posted = posted + 1")).await.unwrap();
        assert_eq!(taken, 0, "the row is not there for the other tenant");
        let row = ledger.row("trf_x", "single", 5, None).insert();
        assert!(refusal(as_tenant(&test.db, &b, &row).await).contains("row-level security"));
        let account = ledger.account("tenant:more", "RUB");
        assert!(refusal(as_tenant(&test.db, &b, &account).await).contains("row-level security"));
        ledger.accepts(&account).await;
    });
}

fn foreign_key(ledger: &Ledger) -> &'static str {
    if ledger.is_sqlite() { "FOREIGN KEY constraint failed" } else { "violates foreign key constraint" }
}
