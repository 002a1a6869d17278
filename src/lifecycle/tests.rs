//! Start, supervision and stop, with short waits: order and counts, never seconds.

use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::time::Instant;

use super::*;

const QUICK: Pace = Pace {
    restart_min: Duration::from_millis(1),
    restart_max: Duration::from_millis(8),
    window: Duration::from_millis(400),
};

fn row(tasks: &Tasks, name: &str) -> TaskHealth {
    tasks.health().tasks.into_iter().find(|task| task.name == name).unwrap()
}

async fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < Duration::from_secs(20), "never: {what}");
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

#[tokio::test]
async fn a_panic_of_a_task_is_counted_and_leaves_the_others_alone() {
    let tasks = Tasks::new();
    let soft = tasks.soft();
    tasks.spawn("calm", async move { soft.cancelled().await });
    tasks.spawn("wild", async { panic!("out of luck") });
    until("the panic is over", || row(&tasks, "wild").running == 0).await;
    let wild = row(&tasks, "wild");
    assert_eq!((wild.panics, wild.started), (1, 1));
    assert_eq!(row(&tasks, "calm").running, 1);
    assert!(tasks.health().healthy);
    assert_eq!(tasks.shutdown(Duration::from_secs(20)).await, Stopped::Clean);
}

#[tokio::test]
async fn a_supervised_task_is_back_after_a_panic_and_after_an_early_return_until_it_is_stopped() {
    let tasks = Tasks::new();
    let (runs, soft) = (Arc::new(AtomicUsize::new(0)), tasks.soft());
    let counted = runs.clone();
    let began = Instant::now();
    tasks.spawn_supervised("loop", move || {
        let (run, soft) = (counted.fetch_add(1, Ordering::SeqCst), soft.clone());
        async move {
            match run {
                0 => panic!("first"),
                1 => {}
                _ => soft.cancelled().await,
            }
        }
    });
    until("the third run", || runs.load(Ordering::SeqCst) == 3).await;
    assert!(began.elapsed() >= Duration::from_millis(300), "it waited 100 and 200 ms, not spinning");
    let seen = row(&tasks, "loop");
    assert_eq!((seen.panics, seen.restarts, seen.running, seen.healthy), (1, 2, 1, true));
    assert_eq!(tasks.shutdown(Duration::from_secs(20)).await, Stopped::Clean);
    assert_eq!(runs.load(Ordering::SeqCst), 3, "a stopped task is not started again");
}

#[test]
fn no_restart_waits_longer_than_a_second() {
    let tasks = Tasks::new();
    let task = Supervised { kind: "x", name: "x".to_owned(), care: Care::Supervised, stop: tasks.soft(), make: () };
    let waits: Vec<u128> = (0..40).map(|_| tasks.restarted(&task).as_millis()).collect();
    assert_eq!(waits[..6], [100, 200, 400, 800, 1000, 1000]);
    assert_eq!(waits.iter().max(), Some(&1000));
}

#[tokio::test]
async fn more_than_three_restarts_in_the_window_are_unhealthy_until_the_window_has_passed() {
    let tasks = Tasks::with_pace(QUICK);
    let (runs, soft) = (Arc::new(AtomicUsize::new(0)), tasks.soft());
    let counted = runs.clone();
    let gate = CancellationToken::new();
    let open = gate.clone();
    tasks.spawn_supervised("sick", move || {
        let (run, soft, open) = (counted.fetch_add(1, Ordering::SeqCst), soft.clone(), open.clone());
        async move {
            if run == 3 {
                open.cancelled().await;
            }
            assert!(run >= 4, "sick");
            soft.cancelled().await;
        }
    });
    until("the fourth run", || runs.load(Ordering::SeqCst) == 4).await;
    assert!(tasks.health().healthy, "three restarts are allowed");
    gate.cancel();
    until("the fourth restart is too many", || !tasks.health().healthy).await;
    assert_eq!(row(&tasks, "sick").restarts, 4);
    until("the window has passed", || tasks.health().healthy).await;
}

#[tokio::test]
async fn a_part_that_keeps_failing_is_shown_but_leaves_the_process_ready_and_goes_when_stopped() {
    let tasks = Tasks::with_pace(QUICK);
    let stop = tasks.soft().child_token();
    tasks.spawn_supervised_part("poller", "partner-01", stop.clone(), || async { panic!("no") });
    until("the fifth panic", || row(&tasks, "poller/partner-01").panics > 4).await;
    assert!(!row(&tasks, "poller/partner-01").healthy);
    assert!(tasks.health().healthy);
    stop.cancel();
    until("it is gone", || tasks.health().tasks.is_empty()).await;
}

#[tokio::test]
async fn a_bounded_task_is_refused_above_its_limit_and_accepted_again_below_it() {
    let tasks = Tasks::new();
    let gate = CancellationToken::new();
    for _ in 0..2 {
        let gate = gate.clone();
        tasks.spawn_bounded("fetch", 2, async move { gate.cancelled().await }).unwrap();
    }
    assert_eq!(tasks.spawn_bounded("fetch", 2, async {}), Err(AtLimit { name: "fetch", limit: 2 }));
    gate.cancel();
    until("both ended", || row(&tasks, "fetch").running == 0).await;
    assert_eq!(tasks.spawn_bounded("fetch", 2, async {}), Ok(()));
}

#[tokio::test]
async fn a_stop_waits_for_work_in_hand_and_cuts_what_outlives_the_grace() {
    let tasks = Tasks::new();
    let finished = Arc::new(AtomicUsize::new(0));
    let (soft, done) = (tasks.soft(), finished.clone());
    tasks.spawn("brief", async move {
        soft.cancelled().await;
        tokio::time::sleep(Duration::from_millis(30)).await;
        done.fetch_add(1, Ordering::SeqCst);
    });
    tasks.spawn("stuck", std::future::pending());
    let began = Instant::now();
    assert_eq!(tasks.shutdown(Duration::from_millis(600)).await, Stopped::Cut(vec!["stuck".to_owned()]));
    assert!(began.elapsed() >= Duration::from_millis(600));
    assert_eq!(finished.load(Ordering::SeqCst), 1);
    assert_eq!(row(&tasks, "stuck").running, 0, "dropped");
    assert!(tasks.health().stopping);
}

#[tokio::test]
async fn the_first_signal_is_reported_and_the_second_is_the_hard_stop() {
    fn send(name: &str) {
        let pid = std::process::id().to_string();
        assert!(std::process::Command::new("kill").args([name, &pid]).status().unwrap().success());
    }
    let tasks = Tasks::new();
    // The handlers are in place once the first future of the pair has been polled.
    let (first, ()) = tokio::join!(tasks.wait_for_signal(), async { send("-TERM") });
    assert_eq!(first.unwrap(), "SIGTERM");
    assert!(!tasks.hard().is_cancelled());
    tasks.spawn("stuck", std::future::pending());
    let (stopped, ()) = tokio::join!(tasks.shutdown(Duration::from_mins(1)), async { send("-INT") });
    assert_eq!(stopped, Stopped::Cut(vec!["stuck".to_owned()]));
}
