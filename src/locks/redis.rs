//! The books of all replicas. A call never waits for a connection: one task keeps it, calls use it or this process's books.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, FromRedisValue, RedisError, ScriptInvocation};
use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::memory::{Memory, owner};
use super::{BadRedisUrl, Budget, Lease, LockKey, Take, scripts};
use crate::domain::Secret;

/// No call takes longer: then Redis counts as away.
const CALL: Duration = Duration::from_millis(300);
/// A connection may take longer, nobody waits for it.
const CONNECT: Duration = Duration::from_secs(2);
const WATCH_EVERY: Duration = Duration::from_secs(5);
const RETRY_MIN: Duration = Duration::from_millis(100);
const RETRY_MAX: Duration = Duration::from_secs(1);
/// One warning in this time, however often Redis comes and goes.
const WARN_EVERY: Duration = Duration::from_mins(1);

/// Redis did not do it; the reason was logged or suppressed.
struct Away;

pub(super) struct Redis {
    client: Client,
    /// What this process does alone while Redis is away.
    own: Memory,
    connection: watch::Sender<Option<Live>>,
    warned: Mutex<Option<Instant>>,
}

#[derive(Clone)]
struct Live {
    number: u64,
    connection: MultiplexedConnection,
}

impl Redis {
    pub(super) fn new(url: &Secret, own: Memory) -> Result<Self, BadRedisUrl> {
        // The library's error quotes the URL.
        let client = Client::open(url.expose()).map_err(|_| BadRedisUrl)?;
        Ok(Self { client, own, connection: watch::Sender::new(None), warned: Mutex::new(None) })
    }

    pub(super) fn is_connected(&self) -> bool {
        self.connection.borrow().is_some()
    }

    pub(super) async fn connected(&self) {
        // The sender lives in `self`, so the channel cannot close meanwhile.
        let _ = self.connection.subscribe().wait_for(Option::is_some).await;
    }

    /// Connects, waits until the connection is lost, connects again. Ends with the soft stop; the connection stays, so that
    /// leases can be given back.
    pub(super) async fn stay_connected(self: std::sync::Arc<Self>, soft: CancellationToken) {
        let mut lost = self.connection.subscribe();
        let mut pause = RETRY_MIN;
        let mut number = 0;
        while !soft.is_cancelled() {
            match self.connect().await {
                Ok(connection) => {
                    number += 1;
                    self.found(Live { number, connection: connection.clone() });
                    let since = Instant::now();
                    tokio::select! {
                        () = soft.cancelled() => return,
                        _ = lost.wait_for(Option::is_none) => {}
                        () = self.watch_over(connection, number) => {}
                    }
                    if since.elapsed() > RETRY_MAX {
                        pause = RETRY_MIN;
                    }
                }
                Err(error) => self.warn(&error),
            }
            tokio::select! {
                () = soft.cancelled() => return,
                () = sleep(pause) => pause = (pause * 2).min(RETRY_MAX),
            }
        }
    }

    /// A connection counts when a write through it is answered as quickly as calls will need it: not by a server that is
    /// loading, a read-only replica, or one that takes seconds.
    async fn connect(&self) -> Result<MultiplexedConnection, String> {
        let config =
            AsyncConnectionConfig::new().set_connection_timeout(Some(CONNECT)).set_response_timeout(Some(CALL));
        let connecting = timeout(CONNECT, self.client.get_multiplexed_async_connection_with_config(&config));
        let mut connection =
            connecting.await.map_err(|_| "no connection in time".to_owned())?.map_err(|error| words(&error))?;
        probe(&mut connection).await?;
        Ok(connection)
    }

    /// Finds a dead connection before a call does; ends with it.
    async fn watch_over(&self, mut connection: MultiplexedConnection, number: u64) {
        loop {
            sleep(WATCH_EVERY).await;
            if let Err(error) = probe(&mut connection).await {
                return self.lose(number, &error);
            }
        }
    }

    pub(super) async fn acquire(&self, key: &LockKey, ttl: Duration) -> Option<Lease> {
        let owner = owner();
        let mut call = scripts::ACQUIRE.key(key.stored("lock"));
        call.key(key.fence()).arg(&owner).arg(ms(ttl));
        match self.call::<Option<u64>>(&call).await {
            Ok(fencing) => {
                let lease = Lease::new(key, owner, fencing?, true);
                self.own.shadow(&lease, ttl);
                Some(lease)
            }
            Err(Away) => self.own.acquire(key, ttl),
        }
    }

    pub(super) async fn renew(&self, lease: &mut Lease, ttl: Duration) -> bool {
        let held = if lease.in_redis {
            let mut call = scripts::RENEW.key(lease.key.stored("lock"));
            call.arg(&lease.owner).arg(ms(ttl));
            self.call::<bool>(&call).await
        } else {
            // It was granted while Redis was away: it stays held if no other replica took it since.
            let mut call = scripts::ACQUIRE.key(lease.key.stored("lock"));
            call.key(lease.key.fence()).arg(&lease.owner).arg(ms(ttl));
            let fencing = self.call::<Option<u64>>(&call).await;
            fencing.map(|fencing| fencing.map(|n| (lease.fencing, lease.in_redis) = (n, true)).is_some())
        };
        match held {
            Ok(true) => self.own.shadow(lease, ttl),
            Ok(false) => drop(self.own.release(lease)),
            Err(Away) => return self.own.renew(lease, ttl),
        }
        held.is_ok_and(|held| held)
    }

    pub(super) async fn release(&self, lease: &Lease) -> bool {
        let own = self.own.release(lease);
        let mut call = scripts::RELEASE.key(lease.key.stored("lock"));
        call.arg(&lease.owner);
        match self.call::<bool>(&call).await {
            Ok(held) if lease.in_redis => held,
            Ok(_) | Err(Away) => own,
        }
    }

    pub(super) async fn once(&self, key: &LockKey, ttl: Duration) -> bool {
        let mut call = scripts::ONCE.key(key.stored("once"));
        call.arg(ms(ttl));
        self.call(&call).await.unwrap_or_else(|Away| self.own.once(key, ttl))
    }

    pub(super) async fn take(&self, key: &LockKey, budget: Budget, n: u32) -> Take {
        let mut call = scripts::TAKE.key(key.stored("budget"));
        call.arg(budget.cost(n)).arg(budget.span());
        match self.call::<u64>(&call).await {
            Ok(0) => Take::Taken,
            Ok(wait) => Take::Wait(Duration::from_micros(wait)),
            Err(Away) => self.own.take(key, budget, n),
        }
    }

    /// `Taken` while Redis is away.
    pub(super) async fn take_shared(&self, budgets: &[(LockKey, Budget)]) -> Take {
        let Some(((key, first), rest)) = budgets.split_first() else { return Take::Taken };
        let mut call = scripts::TAKE.key(key.stored("budget"));
        call.arg(first.cost(1)).arg(first.span());
        for (key, budget) in rest {
            call.key(key.stored("budget")).arg(budget.cost(1)).arg(budget.span());
        }
        match self.call::<u64>(&call).await {
            Ok(0) | Err(Away) => Take::Taken,
            Ok(wait) => Take::Wait(Duration::from_micros(wait)),
        }
    }

    pub(super) async fn pause(&self, key: &LockKey, budget: Budget, rest: Duration) {
        // Also in the own books: a pause must outlive Redis.
        self.own.pause(key, budget, rest);
        let mut call = scripts::PAUSE.key(key.stored("budget"));
        call.arg(budget.paused(0, 0, rest));
        let _: Result<u64, Away> = self.call(&call).await;
    }

    async fn call<T: FromRedisValue>(&self, call: &ScriptInvocation<'_>) -> Result<T, Away> {
        let live = self.connection.borrow().clone();
        let Some(Live { number, mut connection }) = live else {
            metrics::counter!("botyard_locks_fallback_total").increment(1);
            return Err(Away);
        };
        let error = match timeout(CALL, call.invoke_async(&mut connection)).await {
            Ok(Ok(value)) => return Ok(value),
            Ok(Err(error)) => words(&error),
            Err(_) => "no answer in time".to_owned(),
        };
        metrics::counter!("botyard_locks_fallback_total").increment(1);
        self.lose(number, &error);
        Err(Away)
    }

    fn found(&self, live: Live) {
        self.connection.send_replace(Some(live));
        metrics::gauge!("botyard_redis_up").set(1.0);
        tracing::debug!("Redis answers: locks and budgets are shared");
    }

    /// Drops the connection, unless a newer one has taken its place.
    fn lose(&self, number: u64, error: &str) {
        let lost = self.connection.send_if_modified(|live| {
            let same = live.as_ref().is_some_and(|live| live.number == number);
            if same {
                *live = None;
            }
            same
        });
        if lost {
            self.warn(error);
        }
    }

    fn warn(&self, error: &str) {
        metrics::gauge!("botyard_redis_up").set(0.0);
        let mut warned = self.warned.lock().unwrap_or_else(PoisonError::into_inner);
        if warned.is_none_or(|at| at.elapsed() >= WARN_EVERY) {
            *warned = Some(Instant::now());
            tracing::warn!(error, "Redis is away: locks and budgets are this process's own until it answers");
        }
    }
}

impl std::fmt::Debug for Redis {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Not the client: it holds the password.
        f.debug_struct("Redis").field("connected", &self.is_connected()).finish_non_exhaustive()
    }
}

async fn probe(connection: &mut MultiplexedConnection) -> Result<(), String> {
    let mut write = redis::cmd("SET");
    write.arg("botyard:{*platform}:probe").arg(owner()).arg("PX").arg(1000);
    let answer = timeout(CALL, write.exec_async(connection)).await;
    answer.map_err(|_| "no answer in time".to_owned())?.map_err(|error| words(&error))
}

fn ms(ttl: Duration) -> u64 {
    u64::try_from(ttl.as_millis()).unwrap_or(u64::MAX).max(1)
}

/// The error without its detail, which may quote keys.
fn words(error: &RedisError) -> String {
    error.code().map_or_else(|| error.category().to_owned(), str::to_owned)
}
