//! A transaction that ends nobody knows how: the task is dropped at its n-th wait, the commit's own included, and the fact is told
//! again (F13 without the network: `f_commit_unknown`).

use std::pin::Pin;
use std::task::{Context, Poll};

use botyard::billing::{self, Captured, Held};
use botyard::domain::{BotInstanceId, Corr, GenerationId, Money, TransferId, UserRef};
use botyard::store::{Db, StoreError};

use crate::store::world::{NOON, two_tenants, within};
use crate::util::db::on_each_db;
use crate::util::env;

const MONEY: i64 = 1_000_000_000;
const PRICE: Money = Money::kopecks(1414);
const PART: Money = Money::kopecks(1000);

/// A future that is dropped unfinished when it has waited `left` times.
struct Cut<F> {
    future: Option<Pin<Box<F>>>,
    left: usize,
}

impl<F: Future> Future for Cut<F> {
    /// `None`: it was cut.
    type Output = Option<F::Output>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        if self.left == 0 {
            self.future = None;
            return Poll::Ready(None);
        }
        self.left -= 1;
        let Some(future) = self.future.as_mut() else { return Poll::Ready(None) };
        future.as_mut().poll(context).map(Some)
    }
}

fn cut<F: Future>(future: F, left: usize) -> Cut<F> {
    Cut { future: Some(Box::pin(future)), left }
}

/// One generation of one person.
struct Story<'a> {
    db: &'a Db,
    tenant: &'a BotInstanceId,
    user: &'a UserRef,
    generation: GenerationId,
}

impl Story<'_> {
    async fn hold(&self) -> Result<TransferId, StoreError> {
        let mut tx = self.db.tenant(self.tenant).await?;
        let held = billing::hold(&mut tx, self.user, &self.generation, 1, PRICE, &Corr::random(), NOON).await?;
        tx.commit().await?;
        match held {
            Held::Placed(id) => Ok(id),
            Held::Insufficient(balance) => panic!("{balance:?}"),
        }
    }

    async fn capture(&self, hold: &TransferId) -> Result<Captured, StoreError> {
        let mut tx = self.db.tenant(self.tenant).await?;
        let captured = billing::capture(&mut tx, hold, &self.generation, PART, &Corr::random(), NOON).await?;
        tx.commit().await?;
        Ok(captured)
    }

    async fn release(&self, hold: &TransferId) -> Result<bool, StoreError> {
        let mut tx = self.db.tenant(self.tenant).await?;
        let released = billing::release(&mut tx, hold, &self.generation, 1, &Corr::random(), NOON).await?;
        tx.commit().await?;
        Ok(released)
    }

    /// Posted and held, after making sure that no rule is broken.
    async fn account(&self) -> (i64, i64) {
        within(self.db, self.tenant, async |tx| {
            assert_eq!(tx.ledger_violations().await.unwrap(), []);
            let balance = billing::balance(tx, self.user).await.unwrap();
            (balance.available.plus(balance.held).unwrap().as_kopecks(), balance.held.as_kopecks())
        })
        .await
    }
}

/// How often a fact was cut off before its end, and how often such a fact had taken effect all the same.
#[derive(Debug, Default)]
struct Seen {
    cut: u32,
    cut_and_done: u32,
}

impl Seen {
    fn note(&mut self, was_cut: bool, done: bool) {
        self.cut += u32::from(was_cut);
        self.cut_and_done += u32::from(was_cut && done);
    }
}

/// Tells a story with each of its facts cut off first and then told again; gives what it took from the person's balance.
async fn tell(story: &Story<'_>, round: usize, waits: usize, seen: &mut Seen) -> i64 {
    let before = story.account().await;
    let first = cut(story.hold(), waits).await;
    let reserved = story.account().await.1;
    let hold = story.hold().await.unwrap();
    seen.note(first.is_none(), reserved > 0);
    assert!(first.is_none_or(|id| id.unwrap() == hold), "wait {waits} of hold: two holds");
    assert_eq!(story.account().await, (before.0, PRICE.as_kopecks()), "wait {waits} of hold");
    if round.is_multiple_of(2) {
        let first = cut(story.capture(&hold), waits).await;
        let again = story.capture(&hold).await.unwrap();
        assert!(first.as_ref().is_none_or(|_| again == Captured::Before), "wait {waits} of capture: {again:?}");
        seen.note(first.is_none(), again == Captured::Before);
        assert_eq!(story.account().await, (before.0 - PART.as_kopecks(), 0), "wait {waits} of capture");
        PART.as_kopecks()
    } else {
        let first = cut(story.release(&hold), waits).await;
        let again = story.release(&hold).await.unwrap();
        assert!(first.as_ref().is_none_or(|_| !again), "wait {waits} of release");
        seen.note(first.is_none(), !again);
        assert_eq!(story.account().await, (before.0, 0), "wait {waits} of release");
        0
    }
}

on_each_db! {
    async fn f_commit_unknown_a_fact_cut_off_anywhere_and_told_again_has_one_effect(db: Db) {
        let (a, _) = two_tenants(&db).await;
        let user = UserRef::random();
        within(&db, &a, async |tx| {
            billing::credit(tx, &user, "first", Money::kopecks(MONEY), &Corr::random(), NOON).await.unwrap()
        })
        .await;
        let (mut seen, mut left) = (Seen::default(), MONEY);
        for round in 0..env::count(200, 4000) as usize {
            let story = Story { db: &db, tenant: &a, user: &user, generation: GenerationId::random() };
            // A fact waits about ten times. Both kinds of resolution meet every number of waits.
            left -= tell(&story, round, (round / 2) % 12, &mut seen).await;
            assert_eq!(story.account().await, (left, 0));
        }
        assert!(seen.cut > 100, "hardly anything was cut off: {seen:?}");
        assert!(seen.cut_and_done > 0, "no commit was ever cut off and done: {seen:?}");
    }
}
