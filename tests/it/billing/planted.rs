//! Faults planted into the rows with the database's own rules torn down: the `violations` query names each by its word, for its
//! tenant and for nobody else.

use botyard::billing::{self, Held};
use botyard::domain::{BotInstanceId, Corr, GenerationId, Money, TransferId, UserRef};
use botyard::store::Db;

use super::raw::{Above, Row};
use crate::store::world::{NOON, new_tenant, tenant, within};
use crate::util::db::{TestDb, on_each_db};

/// A tenant with one person who has 1000 kopecks, and two generations of theirs: one delivered for 300, one at work for 200.
struct Books {
    tenant: BotInstanceId,
    user: String,
    paid: GenerationId,
    paid_hold: TransferId,
    open: GenerationId,
    open_hold: TransferId,
}

impl Books {
    async fn keep(db: &Db, above: &mut Above, name: &str, bot_id: i64) -> Self {
        let (tenant, user) = (tenant(name), UserRef::random());
        let mut tx = db.platform().await.unwrap();
        tx.tenant_insert(&new_tenant(&tenant, bot_id), NOON).await.unwrap();
        tx.commit().await.unwrap();
        let (paid, open, corr) = (GenerationId::random(), GenerationId::random(), Corr::random());
        let (paid_hold, open_hold) = within(db, &tenant, async |tx| {
            billing::credit(tx, &user, "first", Money::kopecks(1000), &corr, NOON).await.unwrap();
            let mut holds = Vec::new();
            for (generation, price) in [(&paid, 300), (&open, 200)] {
                let held = billing::hold(tx, &user, generation, 1, Money::kopecks(price), &corr, NOON).await.unwrap();
                let Held::Placed(id) = held else { panic!("{held:?}") };
                holds.push(id);
            }
            billing::capture(tx, &holds[0], &paid, Money::kopecks(300), &corr, NOON).await.unwrap();
            (holds[0].clone(), holds[1].clone())
        })
        .await;
        let books = Self { tenant, user: format!("user:{user}"), paid, paid_hold, open, open_hold };
        books.generation(above, &books.paid, "delivered", 300, 300, &books.paid_hold).await;
        books.generation(above, &books.open, "running", 200, 0, &books.open_hold).await;
        assert_eq!(books.violations(db).await, []);
        books
    }

    /// A generation's row; of its neighbours only what the ledger asks about.
    async fn generation(
        &self,
        above: &mut Above,
        id: &GenerationId,
        state: &str,
        price: i64,
        charged: i64,
        hold: &TransferId,
    ) {
        let bytes = if matches!(above, Above::Sqlite(_)) { "x'00'" } else { "'\\x00'::bytea" };
        let sql = format!(
            "INSERT INTO generations (bot_instance_id, id, user_id, user_ref, chat_id, quote_id, model_id, gen_type, sealed,
               fingerprint, payer, price, units, charged, hold_id, state, callback_hash, progress_stage, items, corr,
               created_at, updated_at)
             VALUES ('{}', '{id}', 1, '{}', 1, 'quote of {id}', 'model', 'type', {bytes}, 'print', 'money', {price}, 1,
               {charged}, '{hold}', '{state}', 'hash of {id}', 'stage', 1, 'CORR', 0, 0)",
            self.tenant,
            self.user.trim_start_matches("user:"),
        );
        assert_eq!(above.run(&sql).await.unwrap(), 1);
    }

    async fn violations(&self, db: &Db) -> Vec<(String, String)> {
        within(db, &self.tenant, async |tx| {
            let rows = tx.ledger_violations().await.unwrap();
            rows.into_iter().map(|row| (row.fault, row.subject)).collect()
        })
        .await
    }

    fn account(&self, what: &str) -> String {
        format!("UPDATE accounts SET {what} WHERE bot_instance_id = '{}' AND id = '{}'", self.tenant, self.user)
    }

    fn state(&self, id: &GenerationId, what: &str) -> String {
        format!("UPDATE generations SET {what} WHERE bot_instance_id = '{}' AND id = '{id}'", self.tenant)
    }

    fn resolution<'a>(&'a self, kind: &'a str, amount: i64, hold: &'a TransferId) -> Row<'a> {
        Row {
            tenant: self.tenant.as_str(),
            id: "trf_planted",
            kind,
            debit: &self.user,
            credit: "tenant:sales",
            unit: "RUB",
            amount,
            pending: Some(hold.as_str()),
            key: "planted",
        }
    }

    /// The resolution of the delivered generation's hold, changed or deleted.
    fn post(&self, verb: &str, what: &str) -> String {
        format!(
            "{verb} transfers {what} WHERE bot_instance_id = '{}' AND pending_id = '{}'",
            self.tenant, self.paid_hold
        )
    }
}

/// What is done to the rows, and which faults must be found for which subjects.
type Fault = (&'static str, String, Vec<(&'static str, String)>);

fn faults_of_accounts(b: &Books, is_false: &str) -> Vec<Fault> {
    let user = || b.user.clone();
    let sales = || "tenant:sales".to_owned();
    vec![
        (
            "a balance grew",
            b.account("posted = posted + 1"),
            vec![("posted_differs", user()), ("unit_not_zero", "RUB".to_owned())],
        ),
        ("a hold vanished from the balance", b.account("held = 0"), vec![("held_differs", user())]),
        ("a balance fell below zero", b.account("held = 701"), vec![("held_differs", user()), ("overdraft", user())]),
        (
            "a person may overdraw",
            b.account(&format!("no_overdraft = {is_false}")),
            vec![("user_may_overdraw", user())],
        ),
        (
            "an account changed its unit",
            b.account("unit = 'XTR'"),
            vec![
                ("held_differs", user()),
                ("posted_differs", user()),
                ("unit_mixed", user()),
                ("unit_not_zero", "RUB".to_owned()),
                ("unit_not_zero", "XTR".to_owned()),
            ],
        ),
        (
            "a capture changed by one",
            b.post("UPDATE", "SET amount = amount - 1"),
            vec![("charged_differs", b.paid.to_string()), ("posted_differs", sales()), ("posted_differs", user())],
        ),
        (
            "a capture was deleted",
            b.post("DELETE FROM", ""),
            vec![
                ("charged_differs", b.paid.to_string()),
                ("delivered_without_capture", b.paid.to_string()),
                ("held_differs", user()),
                ("hold_outlives_generation", b.paid.to_string()),
                ("posted_differs", sales()),
                ("posted_differs", user()),
            ],
        ),
    ]
}

fn faults_of_generations(b: &Books) -> Vec<Fault> {
    let (open, paid) = (b.open.to_string(), b.paid.to_string());
    vec![
        (
            "a hold outlived its generation",
            b.state(&b.open, "state = 'failed'"),
            vec![("hold_outlives_generation", open.clone())],
        ),
        (
            "delivered and not paid",
            b.state(&b.open, "state = 'delivered'"),
            vec![("delivered_without_capture", open.clone()), ("hold_outlives_generation", open.clone())],
        ),
        (
            "delivered for money without any hold",
            b.state(&b.open, "state = 'delivered', hold_id = NULL"),
            vec![("delivered_without_capture", open.clone())],
        ),
        (
            "paid and not delivered",
            b.state(&b.paid, "state = 'running'"),
            vec![("capture_without_delivery", paid.clone())],
        ),
        ("told another price than taken", b.state(&b.paid, "charged = 299"), vec![("charged_differs", paid)]),
        ("told a price and took nothing", b.state(&b.open, "charged = 200"), vec![("charged_differs", open)]),
    ]
}

/// Faults of the transfers, whose balances are made to fit.
fn faults_of_transfers(b: &Books) -> Vec<Fault> {
    let planted = || "trf_planted".to_owned();
    let user = || b.user.clone();
    let sales = || "tenant:sales".to_owned();
    let fit = |posted: i64| {
        format!(
            "{}; UPDATE accounts SET posted = posted + {posted} WHERE bot_instance_id = '{}' AND id = 'tenant:sales'",
            b.account(&format!("posted = posted - {posted}, held = 0")),
            b.tenant
        )
    };
    let over = format!("{}; {}", b.resolution("post", 201, &b.open_hold).insert(), fit(201));
    let part = format!("{}; {}", b.resolution("void", 100, &b.open_hold).insert(), fit(0));
    let stranger = Row { credit: "tenant:adjust", ..b.resolution("void", 200, &b.open_hold) }.insert();
    let stars = Row { kind: "single", unit: "XTR", pending: None, ..b.resolution("single", 7, &b.open_hold) }.insert();
    vec![
        (
            "more was taken than held",
            over,
            vec![
                ("capture_without_delivery", b.open.to_string()),
                ("charged_differs", b.open.to_string()),
                ("over_posted", planted()),
            ],
        ),
        ("less was given back than held", part, vec![("over_posted", planted())]),
        (
            "a resolution with other sides than its hold",
            format!("{stranger}; {}", fit(0)),
            vec![("over_posted", planted())],
        ),
        (
            "taken and given back",
            b.resolution("void", 300, &b.paid_hold).insert(),
            vec![("resolved_twice", b.paid_hold.to_string())],
        ),
        ("a transfer in another unit than its accounts", stars, vec![("unit_mixed", sales()), ("unit_mixed", user())]),
    ]
}

on_each_db! {
    async fn each_planted_fault_is_named_for_its_tenant_and_for_nobody_else(test: TestDb) {
        let Some(mut above) = Above::connect(&test).await else { return };
        above.tear_down_the_rules().await;
        let is_false = if matches!(above, Above::Sqlite(_)) { "0" } else { "false" };
        let witness = Books::keep(&test.db, &mut above, "witness", 1).await;
        let mut planted = 0;
        for n in 2.. {
            let books = Books::keep(&test.db, &mut above, &format!("books-{n}"), n).await;
            let faults = [
                faults_of_accounts(&books, is_false),
                faults_of_generations(&books),
                faults_of_transfers(&books),
            ];
            let Some((name, sql, expected)) = faults.into_iter().flatten().nth(planted) else { break };
            above.run(&sql).await.unwrap();
            let expected: Vec<_> = expected.into_iter().map(|(word, subject)| (word.to_owned(), subject)).collect();
            let mut found = books.violations(&test.db).await;
            found.sort();
            assert_eq!(found, expected, "{name}");
            assert_eq!(witness.violations(&test.db).await, [], "{name}: seen in a tenant that has no fault");
            planted += 1;
        }
        assert_eq!(planted, 18);
    }
}
