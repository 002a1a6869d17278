//! Many tasks and two replicas telling the ledger things at the same moment.

use std::sync::Arc;

use botyard::billing::{self, Captured, Held, Moved};
use botyard::domain::{BotInstanceId, Corr, GenerationId, Money, TransferId, UserRef};
use botyard::store::{Db, StoreError};
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use crate::store::world::{NOON, two_tenants, within};
use crate::util::db::{TestDb, on_each_db, on_postgres};
use crate::util::env;

const PRICE: Money = Money::kopecks(1414);

/// Runs `count` tasks that begin together; what each gave, in their order.
pub(super) async fn at_once<T: Send + 'static, F: Future<Output = T> + Send + 'static>(
    count: usize,
    task: impl Fn(usize) -> F,
) -> Vec<T> {
    let barrier = Arc::new(Barrier::new(count));
    let mut tasks = JoinSet::new();
    for n in 0..count {
        let (barrier, task) = (barrier.clone(), task(n));
        tasks.spawn(async move {
            barrier.wait().await;
            (n, task.await)
        });
    }
    let mut all = tasks.join_all().await;
    all.sort_by_key(|(n, _)| *n);
    all.into_iter().map(|(_, out)| out).collect()
}

/// One replica's view of a person's money.
#[derive(Clone)]
struct Purse {
    db: Db,
    tenant: BotInstanceId,
    user: UserRef,
}

impl Purse {
    async fn with(db: &Db, tenant: &BotInstanceId, money: Money) -> Self {
        let purse = Self { db: db.clone(), tenant: tenant.clone(), user: UserRef::random() };
        purse.clone().credit(purse.user.to_string(), money).await.unwrap();
        purse
    }

    fn on(&self, db: &Db) -> Self {
        Self { db: db.clone(), ..self.clone() }
    }

    async fn credit(self, operation: String, amount: Money) -> Result<Moved, StoreError> {
        let mut tx = self.db.tenant(&self.tenant).await?;
        let moved = billing::credit(&mut tx, &self.user, &operation, amount, &Corr::random(), NOON).await?;
        tx.commit().await?;
        Ok(moved)
    }

    async fn hold(self, generation: GenerationId, amount: Money) -> Result<Option<TransferId>, StoreError> {
        let mut tx = self.db.tenant(&self.tenant).await?;
        let held = billing::hold(&mut tx, &self.user, &generation, 1, amount, &Corr::random(), NOON).await?;
        tx.commit().await?;
        Ok(match held {
            Held::Placed(id) => Some(id),
            Held::Insufficient(_) => None,
        })
    }

    async fn capture(self, hold: TransferId, generation: GenerationId, amount: Money) -> Result<Captured, StoreError> {
        let mut tx = self.db.tenant(&self.tenant).await?;
        let captured = billing::capture(&mut tx, &hold, &generation, amount, &Corr::random(), NOON).await?;
        tx.commit().await?;
        Ok(captured)
    }

    async fn release(self, hold: TransferId, generation: GenerationId) -> Result<bool, StoreError> {
        let mut tx = self.db.tenant(&self.tenant).await?;
        let released = billing::release(&mut tx, &hold, &generation, 1, &Corr::random(), NOON).await?;
        tx.commit().await?;
        Ok(released)
    }

    /// Available and held, after making sure that no rule is broken.
    async fn sound(&self) -> (Money, Money) {
        within(&self.db, &self.tenant, async |tx| {
            assert_eq!(tx.ledger_violations().await.unwrap(), []);
            let balance = billing::balance(tx, &self.user).await.unwrap();
            (balance.available, balance.held)
        })
        .await
    }
}

on_each_db! {
    /// T07: money for one, 32 at once.
    async fn money_overdraft_race(test: TestDb) {
        let (a, _) = two_tenants(&test.db).await;
        let replicas = [test.db.clone(), test.again().await];
        for _ in 0..env::count(5, 100) {
            let purse = Purse::with(&test.db, &a, PRICE).await;
            let held =
                at_once(32, |n| purse.on(&replicas[n % 2]).hold(GenerationId::random(), PRICE)).await;
            assert_eq!(held.into_iter().filter_map(Result::unwrap).count(), 1);
            assert_eq!(purse.sound().await, (Money::ZERO, PRICE));
        }
        replicas[1].close().await;
    }

    async fn one_hold_told_fifty_times_is_one_transfer(test: TestDb) {
        let (a, _) = two_tenants(&test.db).await;
        let replicas = [test.db.clone(), test.again().await];
        for money in [PRICE, Money::kopecks(1_000_000)] {
            let (purse, generation) = (Purse::with(&test.db, &a, money).await, GenerationId::random());
            let held = at_once(50, |n| purse.on(&replicas[n % 2]).hold(generation.clone(), PRICE)).await;
            let ids: Vec<_> = held.into_iter().map(|held| held.unwrap().expect("the same fact again")).collect();
            assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
            assert_eq!(purse.sound().await, (money.minus(PRICE).unwrap(), PRICE));
        }
        replicas[1].close().await;
    }

    async fn a_capture_and_a_release_of_one_hold_never_both_happen(test: TestDb) {
        let (a, _) = two_tenants(&test.db).await;
        let other = test.again().await;
        let rounds = env::count(200, 4000);
        let purse = Purse::with(&test.db, &a, Money::kopecks(1414 * rounds as i64)).await;
        let mut captured = 0;
        for round in 0..rounds {
            let generation = GenerationId::random();
            let hold = purse.clone().hold(generation.clone(), PRICE).await.unwrap().unwrap();
            let (take, give) = (purse.on(&other), purse.clone());
            let (taken, given) = if round % 2 == 0 {
                let (g, h) = (generation.clone(), hold.clone());
                tokio::join!(take.capture(hold, generation, PRICE), give.release(h, g))
            } else {
                let (g, h) = (generation.clone(), hold.clone());
                let (given, taken) = tokio::join!(give.release(h, g), take.capture(hold, generation, PRICE));
                (taken, given)
            };
            match (taken.unwrap(), given.unwrap()) {
                (Captured::Now, false) => captured += 1,
                (Captured::Gone, true) => {}
                both => panic!("round {round}: {both:?}"),
            }
        }
        assert_eq!(purse.sound().await, (Money::kopecks(1414 * (rounds as i64 - captured)), Money::ZERO));
        other.close().await;
    }

    async fn one_capture_told_by_many_takes_once(test: TestDb) {
        let (a, _) = two_tenants(&test.db).await;
        let replicas = [test.db.clone(), test.again().await];
        let (purse, generation) = (Purse::with(&test.db, &a, PRICE).await, GenerationId::random());
        let hold = purse.clone().hold(generation.clone(), PRICE).await.unwrap().unwrap();
        let part = Money::kopecks(1000);
        let captured =
            at_once(32, |n| purse.on(&replicas[n % 2]).capture(hold.clone(), generation.clone(), part)).await;
        let captured: Vec<_> = captured.into_iter().map(Result::unwrap).collect();
        assert_eq!(captured.iter().filter(|c| **c == Captured::Now).count(), 1, "{captured:?}");
        assert_eq!(captured.iter().filter(|c| **c == Captured::Before).count(), 31, "{captured:?}");
        assert_eq!(purse.sound().await, (Money::kopecks(414), Money::ZERO));
        replicas[1].close().await;
    }

    async fn of_32_credits_under_one_key_one_is_added(test: TestDb) {
        let (a, _) = two_tenants(&test.db).await;
        let replicas = [test.db.clone(), test.again().await];
        let purse = Purse { db: test.db.clone(), tenant: a, user: UserRef::random() };
        let moved = at_once(32, |n| purse.on(&replicas[n % 2]).credit("operation".to_owned(), PRICE)).await;
        let moved: Vec<_> = moved.into_iter().map(Result::unwrap).collect();
        let done: Vec<_> = moved.iter().filter(|moved| matches!(moved, Moved::Done(_))).collect();
        let [Moved::Done(id)] = done[..] else { panic!("{moved:?}") };
        assert_eq!(moved.iter().filter(|moved| **moved == Moved::Exists(id.clone())).count(), 31);
        assert_eq!(purse.sound().await, (PRICE, Money::ZERO));
        replicas[1].close().await;
    }

    /// Credits lead to a person's account, captures away from it, and both also meet in the tenant's own accounts. A deadlock
    /// would be an error of one of them.
    async fn f_deadlock_money_in_both_directions_at_once_never_stops(test: TestDb) {
        let (a, _) = two_tenants(&test.db).await;
        let replicas = [test.db.clone(), test.again().await];
        let people: Vec<_> = (0..3)
            .map(|_| Purse { db: test.db.clone(), tenant: a.clone(), user: UserRef::random() })
            .collect();
        let rounds = env::count(25, 500);
        let failures = at_once(16, |n| {
            let purse = people[n % people.len()].on(&replicas[n % 2]);
            async move {
                for round in 0..rounds {
                    let generation = GenerationId::random();
                    purse.clone().credit(format!("{n}-{round}"), PRICE).await?;
                    // Somebody else's hold may be faster.
                    let Some(hold) = purse.clone().hold(generation.clone(), PRICE).await? else { continue };
                    let resolved = if round % 3 == 0 {
                        purse.clone().release(hold, generation).await?
                    } else {
                        purse.clone().capture(hold, generation, Money::kopecks(700)).await? == Captured::Now
                    };
                    assert!(resolved, "nobody else knows this hold");
                }
                Ok::<_, StoreError>(())
            }
        })
        .await;
        assert!(failures.iter().all(Result::is_ok), "{failures:?}");
        for purse in &people {
            assert_eq!(purse.sound().await.1, Money::ZERO);
        }
        replicas[1].close().await;
    }

    /// The first movements of a person open their accounts, and openings meet too.
    async fn first_movements_at_once_never_stop(test: TestDb) {
        let (a, b) = two_tenants(&test.db).await;
        let replicas = [test.db.clone(), test.again().await];
        for tenant in [a, b] {
            let people: Vec<_> = (0..16)
                .map(|_| Purse { db: test.db.clone(), tenant: tenant.clone(), user: UserRef::random() })
                .collect();
            let told = at_once(64, |n| {
                let purse = people[n % 16].on(&replicas[n % 2]);
                async move {
                    if n % 4 < 2 {
                        purse.credit(n.to_string(), PRICE).await.map(|_| ())
                    } else {
                        purse.hold(GenerationId::random(), PRICE).await.map(|_| ())
                    }
                }
            })
            .await;
            assert!(told.iter().all(Result::is_ok), "{told:?}");
            for purse in &people {
                purse.sound().await;
            }
        }
        replicas[1].close().await;
    }
}

/// 64 tasks of two replicas, 20,000 transactions on a few people: whatever meets whatever, no rule is broken and no kopeck is
/// missing from what the tasks know they moved.
#[test]
fn sixty_four_tasks_and_twenty_thousand_transactions_leave_no_violation() {
    on_postgres(|test| async move {
        const TASKS: usize = 64;
        let (a, _) = two_tenants(&test.db).await;
        let replicas = [test.db.clone(), test.again().await];
        let people: Vec<_> =
            (0..24).map(|_| Purse { db: test.db.clone(), tenant: a.clone(), user: UserRef::random() }).collect();
        let each = env::count(20_000, 200_000).div_ceil(TASKS as u64);
        let begun = std::time::Instant::now();
        let moved = at_once(TASKS, |n| {
            let purse = people[n % people.len()].on(&replicas[n % 2]);
            async move {
                let (mut credited, mut taken, mut told) = (0, 0, 0_u64);
                while told < each {
                    purse.clone().credit(format!("{n}-{told}"), PRICE).await?;
                    (credited, told) = (credited + PRICE.as_kopecks(), told + 1);
                    let generation = GenerationId::random();
                    let hold = purse.clone().hold(generation.clone(), PRICE).await?;
                    told += 1;
                    // Somebody else may have spent what was credited here.
                    let Some(hold) = hold else { continue };
                    let part = Money::kopecks(700 + i64::try_from(told % 700).unwrap_or(0));
                    if told % 3 == 0 {
                        assert!(purse.clone().release(hold, generation).await?);
                    } else {
                        assert_eq!(purse.clone().capture(hold, generation, part).await?, Captured::Now);
                        taken += part.as_kopecks();
                    }
                    told += 1;
                }
                Ok::<_, StoreError>((credited, taken, told))
            }
        })
        .await;
        let all: Vec<_> = moved.into_iter().map(Result::unwrap).collect();
        let told: u64 = all.iter().map(|(_, _, told)| told).sum();
        let left: i64 = all.iter().map(|(credited, taken, _)| credited - taken).sum();
        let mut found = 0;
        for purse in &people {
            let (available, held) = purse.sound().await;
            assert_eq!(held, Money::ZERO);
            found += available.as_kopecks();
        }
        assert_eq!(found, left, "what people have is not what was credited and not taken");
        let seconds = begun.elapsed().as_secs_f64();
        let said = format!("ledger: {told} transactions of {TASKS} tasks in {seconds:.1} s, no violation\n");
        std::io::Write::write_all(&mut std::io::stderr(), said.as_bytes()).unwrap();
        replicas[1].close().await;
    });
}
