//! Short locks, throttles and budgets, in this process or in Redis behind one type.
//!
//! They keep order and save money and patience; they never decide what is true (architecture.md 1.5). Redis may stall, lose
//! everything or go away: each call is bounded, falls back to this process's own books, and Redis is used again as soon as
//! it answers (reliability.md F18). Work that must not run twice is guarded in the database, not here.
//!
//! ```ignore
//! let key = LockKey::new(&tenant, Purpose::Callbacks(user));
//! if let Take::Wait(wait) = locks.take(&key, Budget::new(2, Duration::from_secs(1), 6), 1).await {
//!     let notice = LockKey::new(&tenant, Purpose::Notice { kind: Notice::SlowDown, chat });
//!     if locks.once(&notice, Duration::from_secs(10)).await { say_slow_down(wait) }
//! }
//! ```

mod budget;
mod key;
mod memory;
mod redis;
mod scripts;
#[cfg(test)]
mod test_server;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

pub use budget::{Budget, Take};
pub use key::{LockKey, Notice, PlatformPurpose, Purpose};

use crate::domain::{Clock, Secret};
use crate::lifecycle::Tasks;
use memory::Memory;
use redis::Redis;

/// Where locks and budgets live. Cheap to clone; clones share them.
#[derive(Clone, Debug)]
pub struct Locks(Kind);

#[derive(Clone, Debug)]
enum Kind {
    Memory(Arc<Memory>),
    Redis(Arc<Redis>),
}

/// Why Redis cannot be used at all, however long one waits. Quotes nothing of the URL, which may hold a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("REDIS_URL: not an address of Redis; it looks like redis://user:password@host:6379/0 (rediss:// for TLS)")]
pub struct BadRedisUrl;

/// Who shares the locks now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// By choice only this process.
    Process,
    /// Every replica.
    Replicas,
    /// Only this process, because Redis does not answer.
    Fallback,
}

/// A lock that is held until it is released or its time is over.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "a lease that is dropped stays taken until its time is over"]
pub struct Lease {
    key: LockKey,
    owner: String,
    /// Grows with every grant of a tenant's locks, also across a loss of Redis: a store that remembers the highest one it
    /// saw can refuse a holder that lost its lock without noticing.
    pub fencing: u64,
    in_redis: bool,
}

impl Lease {
    fn new(key: &LockKey, owner: String, fencing: u64, in_redis: bool) -> Self {
        Self { key: key.clone(), owner, fencing, in_redis }
    }

    /// What is locked.
    pub fn key(&self) -> &LockKey {
        &self.key
    }
}

impl Locks {
    /// In this process only.
    pub fn memory(clock: Clock) -> Self {
        Self(Kind::Memory(Arc::new(Memory::new(clock))))
    }

    /// In Redis, shared by every replica. Returns at once; a task connects, and connects again whenever Redis was lost.
    pub fn redis(url: &Secret, clock: Clock, tasks: &Tasks) -> Result<Self, BadRedisUrl> {
        let redis = Arc::new(Redis::new(url, Memory::new(clock))?);
        let (kept, soft) = (redis.clone(), tasks.soft());
        tasks.spawn_supervised("locks_redis", move || kept.clone().stay_connected(soft.clone()));
        Ok(Self(Kind::Redis(redis)))
    }

    /// Who shares the locks now: for `/ready` and the boot report.
    pub fn reach(&self) -> Reach {
        match &self.0 {
            Kind::Memory(_) => Reach::Process,
            Kind::Redis(redis) if redis.is_connected() => Reach::Replicas,
            Kind::Redis(_) => Reach::Fallback,
        }
    }

    /// Waits at most `patience` for Redis's first answer; at once without Redis.
    pub async fn settled(&self, patience: Duration) -> Reach {
        if let Kind::Redis(redis) = &self.0 {
            // Without an answer in time `reach` says so.
            let _ = tokio::time::timeout(patience, redis.connected()).await;
        }
        self.reach()
    }

    /// Takes the lock for `ttl` if nobody holds it.
    pub async fn try_acquire(&self, key: &LockKey, ttl: Duration) -> Option<Lease> {
        match &self.0 {
            Kind::Memory(memory) => memory.acquire(key, ttl),
            Kind::Redis(redis) => redis.acquire(key, ttl).await,
        }
    }

    /// Holds the lock for `ttl` from now on. False: it was lost, and somebody else may hold it.
    pub async fn renew(&self, lease: &mut Lease, ttl: Duration) -> bool {
        match &self.0 {
            Kind::Memory(memory) => memory.renew(lease, ttl),
            Kind::Redis(redis) => redis.renew(lease, ttl).await,
        }
    }

    /// Gives the lock back, if it is still this lease's; somebody else's is left alone and gives false.
    pub async fn release(&self, lease: Lease) -> bool {
        match &self.0 {
            Kind::Memory(memory) => memory.release(&lease),
            Kind::Redis(redis) => redis.release(&lease).await,
        }
    }

    /// True for the first call within `ttl`: what is said once a minute, a press that counts once.
    pub async fn once(&self, key: &LockKey, ttl: Duration) -> bool {
        match &self.0 {
            Kind::Memory(memory) => memory.once(key, ttl),
            Kind::Redis(redis) => redis.once(key, ttl).await,
        }
    }

    /// Takes `n` from a budget, all or nothing. More than its burst counts as the whole burst, so that nobody waits for ever.
    pub async fn take(&self, key: &LockKey, budget: Budget, n: u32) -> Take {
        match &self.0 {
            Kind::Memory(memory) => memory.take(key, budget, n),
            Kind::Redis(redis) => redis.take(key, budget, n).await,
        }
    }

    /// Takes one from each of a tenant's budgets that replicas share, or from none of them. For callers that keep books of their
    /// own: where nothing is shared, by choice or because Redis is away, those decide, and this takes nothing.
    pub async fn take_shared(&self, budgets: &[(LockKey, Budget)]) -> Take {
        match &self.0 {
            Kind::Memory(_) => Take::Taken,
            Kind::Redis(redis) => redis.take_shared(budgets).await,
        }
    }

    /// Nothing more may be taken from a budget for this long: somebody outside said "retry after".
    pub async fn pause(&self, key: &LockKey, budget: Budget, rest: Duration) {
        match &self.0 {
            Kind::Memory(memory) => memory.pause(key, budget, rest),
            Kind::Redis(redis) => redis.pause(key, budget, rest).await,
        }
    }
}
