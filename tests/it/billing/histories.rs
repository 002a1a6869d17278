//! Random histories told to the ledger and to the model: every answer, every balance and every row must agree.
//!
//! A history that disagrees is made as short as possible and printed with its seed; `BOTYARD_TEST_LEDGER_SEED` plays that one
//! alone.

use std::collections::{BTreeMap, HashMap};
use std::io::Write as _;
use std::time::Instant;

use botyard::billing::{self, Captured, Held, Moved};
use botyard::domain::transfer::Account;
use botyard::domain::{BotInstanceId, Corr, GenerationId, Money, TransferId, UserRef};
use botyard::store::ledger::AccountRow;
use botyard::store::{Db, StoreError, TenantTx};
use futures::StreamExt as _;

use super::generate::{Shape, Step, TENANTS, USERS, history};
use super::model::{Fact, HoldName, Model, Outcome, Party};
use super::raw::as_tenant;
use crate::store::world::{NOON, new_tenant, tenant};
use crate::util::db::{on_each_db, on_sqlite};
use crate::util::env;

/// The kinds of answers that were seen, and how often.
type Tally = BTreeMap<(&'static str, &'static str), u64>;

#[test]
fn ten_thousand_short_histories_agree_with_the_model() {
    on_sqlite(|test| async move {
        let shape = Shape { facts: 14, together: 7, names: 5 };
        play_all(&test.db, "short", env::count(10_000, 1_000_000), shape).await;
    });
}

on_each_db! {
    async fn five_hundred_long_histories_agree_with_the_model(db: Db) {
        let shape = Shape { facts: 60, together: 2, names: 16 };
        play_all(&db, "long", env::count(500, 10_000), shape).await;
    }
}

async fn play_all(db: &Db, what: &str, count: u64, shape: Shape) {
    if let Some(pool) = db.raw_sqlite() {
        // What is proved here is not durability, and the disk's patience would be most of the time.
        sqlx::query("PRAGMA synchronous = OFF").execute(pool).await.unwrap();
    }
    let begun = Instant::now();
    let mut tally = Tally::new();
    let seeds: Vec<u64> = if let Some(seed) = env::read(env::LEDGER_SEED) {
        vec![seed.parse().expect("BOTYARD_TEST_LEDGER_SEED is a number")]
    } else {
        let first = rand::random::<u64>() >> 1;
        (first..first + count).collect()
    };
    for (batch, some) in seeds.chunks(500).enumerate() {
        let pairs = tenants(db, batch * 500, some.len()).await;
        let mut running = futures::stream::iter(some.iter().zip(&pairs))
            .map(|(seed, pair)| async move { (*seed, play(db, pair, &history(*seed, shape)).await) })
            .buffer_unordered(4);
        let mut failed = None;
        while let Some((seed, played)) = running.next().await {
            let Ok(seen) = played else {
                failed = Some(seed);
                break;
            };
            for (kind, n) in seen {
                *tally.entry(kind).or_default() += n;
            }
        }
        // The others hold connections as long as they live.
        drop(running);
        if let Some(seed) = failed {
            explain(db, seed, shape).await;
        }
    }
    report(db, what, seeds.len(), &tally, begun);
    if seeds.len() as u64 == count {
        every_kind_was_seen(&tally);
    }
}

fn report(db: &Db, what: &str, count: usize, tally: &Tally, begun: Instant) {
    let facts: u64 = tally.values().sum();
    let seconds = begun.elapsed().as_secs_f64();
    let said = format!("ledger: {count} {what} histories, {facts} facts on {:?} in {seconds:.1} s\n", db.kind());
    std::io::stderr().write_all(said.as_bytes()).unwrap();
}

/// A generator that never reaches an answer proves nothing about it.
fn every_kind_was_seen(tally: &Tally) {
    let all: u64 = tally.values().sum();
    for kind in [
        ("credit", "done"),
        ("credit", "before"),
        ("credit", "refused"),
        ("hold", "done"),
        ("hold", "before"),
        ("hold", "insufficient"),
        ("hold", "refused"),
        ("capture", "done"),
        ("capture", "before"),
        ("capture", "gone"),
        ("capture", "refused"),
        ("release", "done"),
        ("release", "gone"),
        ("release", "refused"),
    ] {
        let seen = tally.get(&kind).copied().unwrap_or(0);
        assert!(seen * 500 > all, "{kind:?} was seen {seen} times among {all}: {tally:?}");
    }
}

/// Fails with the shortest history of this seed that still disagrees.
async fn explain(db: &Db, seed: u64, shape: Shape) {
    let mut steps = history(seed, shape);
    let mut numbers = 1_000_000..;
    let mut at = 0;
    while at < steps.len() {
        let mut shorter = steps.clone();
        if shorter[at].facts.len() > 1 {
            shorter[at].facts.pop();
        } else {
            shorter.remove(at);
        }
        let pair = &tenants(db, numbers.next().unwrap(), 1).await[0];
        if play(db, pair, &shorter).await.is_err() { steps = shorter } else { at += 1 }
    }
    let pair = &tenants(db, numbers.next().unwrap(), 1).await[0];
    let why = play(db, pair, &steps).await.err();
    panic!("the ledger and the model disagree; {}={seed} plays it again: {why:?}\n{steps:#?}", env::LEDGER_SEED);
}

/// Tenants for `count` histories, in one transaction.
pub(super) async fn tenants(db: &Db, first: usize, count: usize) -> Vec<[BotInstanceId; TENANTS]> {
    let mut tx = db.platform().await.unwrap();
    let mut pairs = Vec::new();
    for n in first..first + count {
        let pair = [tenant(&format!("history-{n}-a")), tenant(&format!("history-{n}-b"))];
        for (at, id) in pair.iter().enumerate() {
            tx.tenant_insert(&new_tenant(id, (n * TENANTS + at + 1) as i64), NOON).await.unwrap();
        }
        pairs.push(pair);
    }
    tx.commit().await.unwrap();
    pairs
}

async fn play(db: &Db, tenants: &[BotInstanceId; TENANTS], steps: &[Step]) -> Result<Tally, String> {
    play_with(db, tenants, steps, false).await
}

/// The same; with `apart` what became of balances stays although the transaction is given up (`sabotage.rs`).
pub(super) async fn play_with(
    db: &Db,
    tenants: &[BotInstanceId; TENANTS],
    steps: &[Step],
    apart: bool,
) -> Result<Tally, String> {
    let mut names = Names::new();
    let mut models: [Model; TENANTS] = std::array::from_fn(Model::new);
    let mut tally = Tally::new();
    for (number, step) in steps.iter().enumerate() {
        let mut tx = db.tenant(&tenants[step.tenant]).await.map_err(|error| error.to_string())?;
        let mut model = models[step.tenant].clone();
        for fact in &step.facts {
            let told =
                names.tell(&mut tx, step.tenant, *fact).await.map_err(|e| format!("step {number} {fact:?}: {e}"))?;
            let expected = model.tell(*fact);
            if told != expected {
                return Err(format!("step {number} {fact:?}: the ledger says {told:?}, the model {expected:?}"));
            }
            *tally.entry((kind(*fact), word(told))).or_default() += 1;
        }
        if step.kept {
            tx.commit().await.map_err(|error| error.to_string())?;
            models[step.tenant] = model;
        } else {
            let left =
                if apart { names.balances(&mut tx).await.map_err(|error| error.to_string())? } else { Vec::new() };
            tx.rollback().await.map_err(|error| error.to_string())?;
            for (account, row) in left {
                let id = &tenants[step.tenant];
                let sql = format!(
                    "UPDATE accounts SET posted = {}, held = {} WHERE bot_instance_id = '{id}' AND id = '{}'",
                    row.posted,
                    row.held,
                    account.id()
                );
                as_tenant(db, id, &sql).await.map_err(|error| error.to_string())?;
            }
        }
    }
    for (at, id) in tenants.iter().enumerate() {
        let mut tx = db.tenant(id).await.map_err(|error| error.to_string())?;
        let checked = names.check(&mut tx, at, &models[at]).await;
        tx.rollback().await.map_err(|error| error.to_string())?;
        checked?;
    }
    Ok(tally)
}

/// What the numbers of a history are called in the database: the same in both tenants, except what the ledger names itself.
struct Names {
    users: Vec<UserRef>,
    generations: HashMap<u8, GenerationId>,
    holds: HashMap<(usize, u8, u32), TransferId>,
    credits: HashMap<(usize, u8), TransferId>,
    corr: Corr,
}

impl Names {
    fn new() -> Self {
        Self {
            users: (0..USERS).map(|_| UserRef::random()).collect(),
            generations: HashMap::new(),
            holds: HashMap::new(),
            credits: HashMap::new(),
            corr: Corr::random(),
        }
    }

    fn generation(&mut self, number: u8) -> GenerationId {
        self.generations.entry(number).or_insert_with(GenerationId::random).clone()
    }

    fn hold(&self, tenant: usize, name: HoldName) -> TransferId {
        let known = match name {
            HoldName::Placed { tenant, generation, k } => self.holds.get(&(tenant, generation, k)),
            HoldName::Credit { operation } => self.credits.get(&(tenant, operation)),
            HoldName::Unknown => None,
        };
        known.cloned().unwrap_or_else(TransferId::random)
    }

    async fn tell(&mut self, tx: &mut TenantTx, tenant: usize, fact: Fact) -> Result<Outcome, StoreError> {
        let corr = self.corr.clone();
        let told = match fact {
            Fact::Credit { user, operation, amount } => {
                let (name, user) = (format!("operation-{operation}"), self.users[usize::from(user)].clone());
                billing::credit(tx, &user, &name, Money::kopecks(amount), &corr, NOON).await.and_then(|moved| {
                    match moved {
                        Moved::Done(id) => {
                            self.credits.insert((tenant, operation), id);
                            Ok(Outcome::Done)
                        }
                        Moved::Exists(id) if self.credits.get(&(tenant, operation)) == Some(&id) => Ok(Outcome::Before),
                        other => Err(StoreError::Failed(format!("{other:?}"))),
                    }
                })
            }
            Fact::Hold { user, generation, k, amount } => {
                let (id, user) = (self.generation(generation), self.users[usize::from(user)].clone());
                billing::hold(tx, &user, &id, k, Money::kopecks(amount), &corr, NOON).await.map(|held| match held {
                    Held::Placed(id) => match self.holds.insert((tenant, generation, k), id.clone()) {
                        Some(before) if before == id => Outcome::Before,
                        _ => Outcome::Done,
                    },
                    Held::Insufficient(balance) => Outcome::Insufficient {
                        available: balance.available.as_kopecks(),
                        held: balance.held.as_kopecks(),
                    },
                })
            }
            Fact::Capture { hold, generation, amount } => {
                let (id, hold) = (self.generation(generation), self.hold(tenant, hold));
                billing::capture(tx, &hold, &id, Money::kopecks(amount), &corr, NOON).await.map(|captured| {
                    match captured {
                        Captured::Now => Outcome::Done,
                        Captured::Before => Outcome::Before,
                        Captured::Gone => Outcome::Gone,
                    }
                })
            }
            Fact::Release { hold, generation, k } => {
                let (id, hold) = (self.generation(generation), self.hold(tenant, hold));
                let released = billing::release(tx, &hold, &id, k, &corr, NOON).await;
                released.map(|now| if now { Outcome::Done } else { Outcome::Gone })
            }
        };
        match told {
            Err(StoreError::Refused(_)) => Ok(Outcome::Refused),
            other => other,
        }
    }

    /// What everybody's accounts hold in an open transaction.
    async fn balances(&self, tx: &mut TenantTx) -> Result<Vec<(Account, AccountRow)>, StoreError> {
        let people = self.users.iter().map(|user| Account::User(user.clone()));
        let mut all = Vec::new();
        for account in people.chain([Account::Sales, Account::Adjust]) {
            let row = tx.account_get(&account).await?;
            all.push((account, row));
        }
        Ok(all)
    }

    async fn check(&self, tx: &mut TenantTx, tenant: usize, model: &Model) -> Result<(), String> {
        let text = |error: StoreError| error.to_string();
        let mut sum = 0;
        let users = (0..USERS).map(Party::User);
        for party in users.chain([Party::Sales, Party::Adjust]) {
            let account = match party {
                Party::User(user) => Account::User(self.users[usize::from(user)].clone()),
                Party::Sales => Account::Sales,
                Party::Adjust => Account::Adjust,
            };
            let row = tx.account_get(&account).await.map_err(text)?;
            if (row.posted, row.held) != model.of(party) {
                return Err(format!("{party:?} of tenant {tenant} has {row:?}, in the model {:?}", model.of(party)));
            }
            sum += row.posted;
        }
        if sum != 0 {
            return Err(format!("the accounts of tenant {tenant} sum up to {sum}"));
        }
        for ((_, generation, k), id) in self.holds.iter().filter(|((of, ..), _)| *of == tenant) {
            let name = HoldName::Placed { tenant, generation: *generation, k: *k };
            if tx.hold_is_open(id).await.map_err(text)? != model.is_open(name) {
                return Err(format!("{name:?}: open in the model is {}", model.is_open(name)));
            }
        }
        let rows = tx.transfers_of_corr(&self.corr).await.map_err(text)?;
        let mut book: Vec<(&str, i64)> = rows.iter().map(|row| (row.code.as_str(), row.amount)).collect();
        book.sort_unstable();
        if book != model.book() {
            return Err(format!("the book of tenant {tenant} is {book:?}, in the model {:?}", model.book()));
        }
        let violations = tx.ledger_violations().await.map_err(text)?;
        if violations.is_empty() { Ok(()) } else { Err(format!("violations of tenant {tenant}: {violations:?}")) }
    }
}

fn kind(fact: Fact) -> &'static str {
    match fact {
        Fact::Credit { .. } => "credit",
        Fact::Hold { .. } => "hold",
        Fact::Capture { .. } => "capture",
        Fact::Release { .. } => "release",
    }
}

fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Done => "done",
        Outcome::Before => "before",
        Outcome::Insufficient { .. } => "insufficient",
        Outcome::Gone => "gone",
        Outcome::Refused => "refused",
    }
}
