//! The books of one process. Every entry has an end, so the map holds what lives and little more.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use dashmap::DashMap;
use dashmap::mapref::entry::Entry;

use super::{Budget, Lease, LockKey, Take};
use crate::domain::{Clock, UnixMs};

/// The most entries kept: beyond it those that end soonest go first, locks last.
const MOST: usize = 262_144;
/// Dead entries are looked for after this many new ones, or as many as lived at the last look, whichever is more.
const SWEEP_AFTER: usize = 1_024;

#[derive(Debug)]
pub(super) struct Memory {
    clock: Clock,
    most: usize,
    entries: DashMap<String, Slot>,
    fence: AtomicU64,
    new_since_sweep: AtomicUsize,
    sweep_after: AtomicUsize,
}

#[derive(Debug)]
struct Slot {
    until: UnixMs,
    held: Held,
}

#[derive(Debug)]
enum Held {
    Lock {
        owner: String,
    },
    Once,
    /// Microseconds since the epoch, see `Budget`.
    Bucket {
        full_at: u64,
    },
}

impl Memory {
    pub(super) fn new(clock: Clock) -> Self {
        Self::with_room(clock, MOST)
    }

    fn with_room(clock: Clock, most: usize) -> Self {
        Self {
            clock,
            most,
            entries: DashMap::new(),
            fence: AtomicU64::new(0),
            new_since_sweep: AtomicUsize::new(0),
            sweep_after: AtomicUsize::new(SWEEP_AFTER),
        }
    }

    pub(super) fn acquire(&self, key: &LockKey, ttl: Duration) -> Option<Lease> {
        let owner = owner();
        let held = Held::Lock { owner: owner.clone() };
        self.put_if_free(key.stored("lock"), held, ttl).then(|| Lease::new(key, owner, self.next_fence(), false))
    }

    /// Notes a lock that Redis granted, so that this process keeps to it when Redis goes away.
    pub(super) fn shadow(&self, lease: &Lease, ttl: Duration) {
        let held = Held::Lock { owner: lease.owner.clone() };
        self.entries.insert(lease.key.stored("lock"), Slot { until: self.clock.now().plus(ttl), held });
        self.fence.fetch_max(lease.fencing, Ordering::Relaxed);
        self.sweep_sometimes();
    }

    pub(super) fn renew(&self, lease: &Lease, ttl: Duration) -> bool {
        let now = self.clock.now();
        match self.entries.get_mut(&lease.key.stored("lock")) {
            Some(mut slot) if slot.until > now && slot.is_of(lease) => {
                slot.until = now.plus(ttl);
                true
            }
            _ => false,
        }
    }

    pub(super) fn release(&self, lease: &Lease) -> bool {
        let now = self.clock.now();
        self.entries
            .remove_if(&lease.key.stored("lock"), |_, slot| slot.is_of(lease))
            .is_some_and(|(_, s)| s.until > now)
    }

    pub(super) fn once(&self, key: &LockKey, ttl: Duration) -> bool {
        self.put_if_free(key.stored("once"), Held::Once, ttl)
    }

    pub(super) fn take(&self, key: &LockKey, budget: Budget, n: u32) -> Take {
        self.bucket(key, |full_at, now| budget.take(full_at, now, n)).map_or_else(Take::Wait, |()| Take::Taken)
    }

    pub(super) fn pause(&self, key: &LockKey, budget: Budget, rest: Duration) {
        let _: Result<(), ()> = self.bucket(key, |full_at, now| Ok(budget.paused(full_at, now, rest)));
    }

    fn bucket<E>(&self, key: &LockKey, change: impl FnOnce(u64, u64) -> Result<u64, E>) -> Result<(), E> {
        let now = u64::try_from(self.clock.now().0).unwrap_or(0).saturating_mul(1000);
        let slot = |full_at: u64| Slot {
            // A full bucket is as good as none.
            until: UnixMs(i64::try_from(full_at.div_ceil(1000)).unwrap_or(i64::MAX)),
            held: Held::Bucket { full_at },
        };
        match self.entries.entry(key.stored("budget")) {
            Entry::Occupied(mut entry) => {
                let full_at = if let Held::Bucket { full_at } = entry.get().held { full_at } else { 0 };
                entry.insert(slot(change(full_at, now)?));
            }
            Entry::Vacant(entry) => {
                drop(entry.insert(slot(change(0, now)?)));
                self.sweep_sometimes();
            }
        }
        Ok(())
    }

    fn put_if_free(&self, key: String, held: Held, ttl: Duration) -> bool {
        let now = self.clock.now();
        let slot = Slot { until: now.plus(ttl), held };
        match self.entries.entry(key) {
            Entry::Occupied(entry) if entry.get().until > now => return false,
            Entry::Occupied(mut entry) => drop(entry.insert(slot)),
            Entry::Vacant(entry) => drop(entry.insert(slot)),
        }
        self.sweep_sometimes();
        true
    }

    /// Grows with each grant, and with the clock: numbers of Redis, of this process and of its next start stay in order.
    fn next_fence(&self) -> u64 {
        let now = u64::try_from(self.clock.now().0).unwrap_or(0).saturating_mul(1000);
        let next = |last: u64| now.max(last + 1);
        let before = self.fence.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |last| Some(next(last)));
        next(before.unwrap_or_else(|last| last))
    }

    fn sweep_sometimes(&self) {
        let new = self.new_since_sweep.fetch_add(1, Ordering::Relaxed) + 1;
        if new < self.sweep_after.load(Ordering::Relaxed) && self.entries.len() <= self.most {
            return;
        }
        self.new_since_sweep.store(0, Ordering::Relaxed);
        let now = self.clock.now();
        self.entries.retain(|_, slot| slot.until > now);
        if self.entries.len() > self.most {
            self.make_room();
        }
        self.sweep_after.store(self.entries.len().max(SWEEP_AFTER), Ordering::Relaxed);
    }

    /// Drops the eighth of the entries that ends soonest: forgetting those changes least.
    fn make_room(&self) {
        let mut ends: Vec<UnixMs> = self.entries.iter().filter(|e| !e.is_lock()).map(|e| e.until).collect();
        let nth = (self.most / 8).min(ends.len().saturating_sub(1));
        if ends.is_empty() {
            return;
        }
        let (_, soonest, _) = ends.select_nth_unstable(nth);
        let soonest = *soonest;
        self.entries.retain(|_, slot| slot.is_lock() || slot.until > soonest);
        tracing::warn!(kept = self.entries.len(), "too many locks and budgets in memory: the oldest are forgotten");
    }
}

impl Slot {
    fn is_of(&self, lease: &Lease) -> bool {
        matches!(&self.held, Held::Lock { owner } if *owner == lease.owner)
    }

    fn is_lock(&self) -> bool {
        matches!(self.held, Held::Lock { .. })
    }
}

/// Who holds a lock: 128 random bits.
pub(super) fn owner() -> String {
    hex::encode(rand::random::<[u8; 16]>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{BotInstanceId, ChatId, UserId};
    use crate::locks::Purpose;

    fn key(purpose: Purpose) -> LockKey {
        LockKey::new(&BotInstanceId::parse("partner-01").unwrap(), purpose)
    }

    #[test]
    fn people_who_wrote_once_do_not_stay_in_memory() {
        let clock = Clock::manual(UnixMs(1_000_000));
        let memory = Memory::new(clock.clone());
        let budget = Budget::new(3, Duration::from_secs(2), 5);
        for user in 0..60_000 {
            assert_eq!(memory.take(&key(Purpose::Messages(UserId(user))), budget, 1), Take::Taken);
            clock.advance(Duration::from_millis(1));
        }
        assert!(memory.entries.len() < 3_000, "{} entries", memory.entries.len());
    }

    #[test]
    fn above_its_room_it_forgets_what_ends_soonest_and_keeps_locks() {
        let memory = Memory::with_room(Clock::manual(UnixMs(1_000)), 800);
        let lock = memory.acquire(&key(Purpose::Chat(ChatId(1))), Duration::from_secs(1)).unwrap();
        for user in 0..5_000u64 {
            assert!(memory.once(&key(Purpose::Messages(UserId(user as i64))), Duration::from_secs(10 + user)));
        }
        assert!(memory.entries.len() <= 801, "{} entries", memory.entries.len());
        assert!(!memory.once(&key(Purpose::Messages(UserId(4_999))), Duration::from_secs(1)));
        assert!(memory.release(&lock));
    }
}
