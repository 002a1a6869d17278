//! The same promises kept by memory and by Redis, and what happens when Redis does not.

use std::time::{Duration, Instant};

use super::test_server::RedisServer;
use super::{BadRedisUrl, Budget, LockKey, Locks, Notice, PlatformPurpose, Purpose, Reach, Take};
use crate::domain::{BotInstanceId, ChatId, Clock, Secret, UnixMs, UserId};
use crate::lifecycle::{Stopped, Tasks};

const LONG: Duration = Duration::from_mins(1);
/// "In time" on a busy machine.
const SOON: Duration = Duration::from_secs(20);

/// One of the two kinds, and a way to let time pass for it.
struct World {
    locks: Locks,
    clock: Option<Clock>,
    tasks: Tasks,
    server: Option<RedisServer>,
}

impl World {
    fn memory() -> Self {
        let clock = Clock::manual(UnixMs(1_790_000_000_000));
        Self { locks: Locks::memory(clock.clone()), clock: Some(clock), tasks: Tasks::new(), server: None }
    }

    async fn redis() -> Option<Self> {
        let server = RedisServer::start().await?;
        let tasks = Tasks::new();
        let locks = Locks::redis(&server.url(), Clock::system(), &tasks).unwrap();
        assert_eq!(locks.settled(SOON).await, Reach::Replicas);
        Some(Self { locks, clock: None, tasks, server: Some(server) })
    }

    /// Redis keeps its own time: there the test really waits.
    async fn pass(&self, time: Duration) {
        match &self.clock {
            Some(clock) => clock.advance(time),
            None => tokio::time::sleep(time).await,
        }
    }

    fn server(&mut self) -> &mut RedisServer {
        self.server.as_mut().unwrap()
    }

    async fn until(&self, reach: Reach) {
        let began = Instant::now();
        while self.locks.reach() != reach {
            assert!(began.elapsed() < SOON, "{:?} instead of {reach:?}", self.locks.reach());
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

async fn on_each(test: impl AsyncFn(&World)) {
    test(&World::memory()).await;
    if let Some(world) = World::redis().await {
        test(&world).await;
        assert_eq!(world.locks.reach(), Reach::Replicas, "the test ran on the fallback");
    }
}

fn key(purpose: Purpose) -> LockKey {
    LockKey::new(&BotInstanceId::parse("partner-01").unwrap(), purpose)
}

fn chat(n: i64) -> LockKey {
    key(Purpose::Chat(ChatId(n)))
}

#[tokio::test]
async fn a_lock_has_one_holder_and_fencing_numbers_grow() {
    on_each(async |world: &World| {
        let locks = &world.locks;
        let first = locks.try_acquire(&chat(1), LONG).await.unwrap();
        assert_eq!(locks.try_acquire(&chat(1), LONG).await, None);
        let other = locks.try_acquire(&chat(2), LONG).await.unwrap();
        assert!(other.fencing > first.fencing);
        let fencing = other.fencing;
        assert!(locks.release(first).await && locks.release(other).await);
        let again = locks.try_acquire(&chat(1), LONG).await.unwrap();
        assert!(again.fencing > fencing);
        assert_eq!(again.key(), &chat(1));
    })
    .await;
}

#[tokio::test]
async fn a_lock_ends_with_its_time_and_its_old_holder_can_do_nothing_to_the_new_one() {
    on_each(async |world: &World| {
        let locks = &world.locks;
        let mut old = locks.try_acquire(&chat(1), Duration::from_millis(60)).await.unwrap();
        world.pass(Duration::from_millis(120)).await;
        assert!(!locks.renew(&mut old, LONG).await, "nobody has it, but it was lost");
        let mut new = locks.try_acquire(&chat(1), LONG).await.unwrap();
        assert!(!locks.renew(&mut old, LONG).await);
        assert!(!locks.release(old).await);
        assert!(locks.renew(&mut new, LONG).await);
        assert!(locks.release(new).await);
    })
    .await;
}

#[tokio::test]
async fn a_renewed_lock_outlives_its_first_time() {
    on_each(async |world: &World| {
        let locks = &world.locks;
        let mut lease = locks.try_acquire(&chat(1), Duration::from_millis(500)).await.unwrap();
        assert!(locks.renew(&mut lease, LONG).await);
        world.pass(Duration::from_millis(700)).await;
        assert_eq!(locks.try_acquire(&chat(1), LONG).await, None);
        assert!(locks.release(lease).await);
    })
    .await;
}

#[tokio::test]
async fn of_fifty_who_want_a_lock_at_once_one_gets_it() {
    on_each(async |world: &World| {
        let wanted = chat(7);
        let asked = (0..50).map(|_| world.locks.try_acquire(&wanted, LONG));
        let granted = futures::future::join_all(asked).await;
        assert_eq!(granted.iter().flatten().count(), 1);
    })
    .await;
}

#[tokio::test]
async fn once_is_true_once_in_its_time_for_each_chat_and_tenant() {
    on_each(async |world: &World| {
        let locks = &world.locks;
        let notice = |chat| Purpose::Notice { kind: Notice::SlowDown, chat: ChatId(chat) };
        let ttl = Duration::from_millis(100);
        assert!(locks.once(&key(notice(1)), ttl).await);
        assert!(!locks.once(&key(notice(1)), ttl).await);
        assert!(locks.once(&key(notice(2)), ttl).await);
        let other = BotInstanceId::parse("partner-02").unwrap();
        assert!(locks.once(&LockKey::new(&other, notice(1)), ttl).await);
        world.pass(Duration::from_millis(200)).await;
        assert!(locks.once(&key(notice(1)), ttl).await);
    })
    .await;
}

#[tokio::test]
async fn a_budget_gives_its_burst_then_its_rate_and_says_how_long_to_wait() {
    on_each(async |world: &World| {
        // 2 a second, 3 at once.
        let budget = Budget::new(2, Duration::from_secs(1), 3);
        let mine = key(Purpose::Messages(UserId(5)));
        for _ in 0..3 {
            assert_eq!(world.locks.take(&mine, budget, 1).await, Take::Taken);
        }
        let Take::Wait(wait) = world.locks.take(&mine, budget, 1).await else { panic!("a fourth at once") };
        assert!(wait > Duration::from_millis(200) && wait <= Duration::from_millis(500), "{wait:?}");
        assert_eq!(world.locks.take(&key(Purpose::Messages(UserId(6))), budget, 3).await, Take::Taken);
        world.pass(wait + Duration::from_millis(1)).await;
        assert_eq!(world.locks.take(&mine, budget, 1).await, Take::Taken);
        let Take::Wait(wait) = world.locks.take(&mine, budget, 3).await else { panic!("three at once") };
        assert!(wait > Duration::from_secs(1), "all or nothing: {wait:?}");
    })
    .await;
}

#[tokio::test]
async fn of_a_hundred_who_ask_a_budget_at_once_its_burst_is_served() {
    on_each(async |world: &World| {
        let budget = Budget::new(1, LONG, 9);
        let cold = LockKey::platform(&PlatformPurpose::ColdTokens);
        let asked = (0..100).map(|_| world.locks.take(&cold, budget, 1));
        let taken = futures::future::join_all(asked).await.into_iter().filter(|take| *take == Take::Taken).count();
        assert_eq!(taken, 9);
    })
    .await;
}

#[tokio::test]
async fn a_paused_budget_gives_nothing_for_that_long_and_then_one() {
    on_each(async |world: &World| {
        let budget = Budget::new(1, Duration::from_secs(1), 1);
        let sends = key(Purpose::ChatSends(ChatId(1)));
        world.locks.pause(&sends, budget, Duration::from_millis(400)).await;
        let Take::Wait(wait) = world.locks.take(&sends, budget, 1).await else { panic!("paused") };
        assert!(wait > Duration::from_millis(200) && wait <= Duration::from_millis(400), "{wait:?}");
        world.pass(wait + Duration::from_millis(1)).await;
        assert_eq!(world.locks.take(&sends, budget, 1).await, Take::Taken);
    })
    .await;
}

#[tokio::test]
async fn what_is_stored_in_redis_names_its_tenant_and_ends_by_itself() {
    let Some(world) = World::redis().await else { return };
    let budget = Budget::new(1, Duration::from_secs(1), 5);
    let _lease = world.locks.try_acquire(&chat(1), LONG).await.unwrap();
    world.locks.once(&key(Purpose::Updates), LONG).await;
    world.locks.take(&key(Purpose::Sends), budget, 2).await;
    let server = world.server.as_ref().unwrap();
    let mut keys: Vec<String> = server.ask(&["KEYS", "*"]).await;
    keys.retain(|key| !key.ends_with("}:probe"));
    keys.sort();
    insta::assert_debug_snapshot!(keys, @r#"
    [
        "botyard:{partner-01}:chat:1:lock",
        "botyard:{partner-01}:fence",
        "botyard:{partner-01}:sends:budget",
        "botyard:{partner-01}:updates:once",
    ]
    "#);
    for key in keys {
        let left: i64 = server.ask(&["PTTL", &key]).await;
        assert!(left > 0, "{key} stays for ever");
    }
}

#[tokio::test]
async fn when_redis_dies_calls_go_on_at_once_in_the_process_and_return_to_it_by_themselves() {
    let Some(mut world) = World::redis().await else { return };
    let mut held = world.locks.try_acquire(&chat(1), LONG).await.unwrap();
    world.server().kill();
    let began = Instant::now();
    assert_eq!(world.locks.try_acquire(&chat(1), LONG).await, None, "still held in this process");
    assert!(world.locks.renew(&mut held, LONG).await);
    let mut meanwhile = world.locks.try_acquire(&chat(2), LONG).await.unwrap();
    assert!(meanwhile.fencing > held.fencing);
    assert!(world.locks.once(&key(Purpose::Updates), LONG).await);
    assert!(!world.locks.once(&key(Purpose::Updates), LONG).await);
    let budget = Budget::new(1, LONG, 1);
    assert_eq!(world.locks.take(&key(Purpose::Sends), budget, 1).await, Take::Taken);
    assert!(matches!(world.locks.take(&key(Purpose::Sends), budget, 1).await, Take::Wait(_)));
    assert!(began.elapsed() < Duration::from_secs(2), "{:?} for eight calls", began.elapsed());
    assert_eq!(world.locks.reach(), Reach::Fallback);

    world.server().start_again().await;
    world.until(Reach::Replicas).await;
    assert!(world.locks.renew(&mut meanwhile, LONG).await, "what was granted meanwhile moves to Redis");
    let moved: i64 = world.server().ask(&["EXISTS", "botyard:{partner-01}:chat:2:lock"]).await;
    assert_eq!(moved, 1);
    assert!(!world.locks.renew(&mut held, LONG).await, "Redis forgot it: its holder is told");
    assert!(world.locks.release(meanwhile).await);
}

#[tokio::test]
async fn a_redis_that_stalls_costs_one_bounded_call() {
    let Some(mut world) = World::redis().await else { return };
    world.server().signal("-STOP");
    let began = Instant::now();
    assert!(world.locks.once(&key(Purpose::Updates), LONG).await);
    let first = began.elapsed();
    assert!(first < Duration::from_secs(2), "the bound is 300 ms: {first:?}");
    let began = Instant::now();
    for n in 0..100 {
        assert!(world.locks.try_acquire(&chat(n), LONG).await.is_some());
    }
    assert!(began.elapsed() < Duration::from_millis(300), "the others did not wait: {:?}", began.elapsed());
    world.server().signal("-CONT");
    world.until(Reach::Replicas).await;
}

#[tokio::test]
async fn flushall_loses_throttles_and_nothing_else() {
    let Some(world) = World::redis().await else { return };
    let mut lease = world.locks.try_acquire(&chat(1), LONG).await.unwrap();
    let server = world.server.as_ref().unwrap();
    let () = server.ask(&["FLUSHALL"]).await;
    let () = server.ask(&["SCRIPT", "FLUSH"]).await;
    assert!(!world.locks.renew(&mut lease, LONG).await, "its holder is told");
    let next = world.locks.try_acquire(&chat(1), LONG).await.unwrap();
    assert!(next.fencing > lease.fencing, "numbers grow across the loss");
    assert!(!world.locks.release(lease).await);
    assert!(world.locks.release(next).await);
    assert_eq!(world.locks.reach(), Reach::Replicas);
}

#[tokio::test]
async fn without_redis_at_the_start_everything_works_in_the_process() {
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let tasks = Tasks::new();
    let locks = Locks::redis(&Secret::new(format!("redis://{nobody}")), Clock::system(), &tasks).unwrap();
    assert_eq!(locks.settled(Duration::from_millis(50)).await, Reach::Fallback);
    let lease = locks.try_acquire(&chat(1), LONG).await.unwrap();
    assert_eq!(locks.try_acquire(&chat(1), LONG).await, None);
    assert!(locks.release(lease).await);
    assert_eq!(tasks.shutdown(SOON).await, Stopped::Clean);
    assert_eq!(Locks::memory(Clock::system()).settled(LONG).await, Reach::Process);
}

#[tokio::test]
async fn tls_is_spoken_when_the_url_asks_for_it() {
    let Some(world) = World::redis().await else { return };
    let url = world.server.as_ref().unwrap().url().expose().replace("redis://", "rediss://");
    let tasks = Tasks::new();
    let locks = Locks::redis(&Secret::new(url), Clock::system(), &tasks).unwrap();
    // The server speaks no TLS: a client that did would not be satisfied, and must not panic for want of a TLS library.
    assert_eq!(locks.settled(Duration::from_millis(300)).await, Reach::Fallback);
    let keeper = tasks.health().tasks.into_iter().find(|task| task.name == "locks_redis").unwrap();
    assert_eq!((keeper.running, keeper.panics), (1, 0));
}

#[tokio::test]
async fn a_stop_keeps_the_connection_for_giving_locks_back() {
    let Some(world) = World::redis().await else { return };
    let lease = world.locks.try_acquire(&chat(1), LONG).await.unwrap();
    assert_eq!(world.tasks.shutdown(SOON).await, Stopped::Clean);
    assert!(world.locks.release(lease).await);
    let left: i64 = world.server.as_ref().unwrap().ask(&["EXISTS", "botyard:{partner-01}:chat:1:lock"]).await;
    assert_eq!(left, 0);
}

#[test]
fn a_wrong_url_is_refused_without_being_quoted() {
    for bad in ["", "http://:hunter2@host", "redis://:hunter2@"] {
        let refused = Locks::redis(&Secret::new(bad), Clock::system(), &Tasks::new());
        let BadRedisUrl = refused.unwrap_err();
        assert!(!BadRedisUrl.to_string().contains("hunter2"));
    }
}
