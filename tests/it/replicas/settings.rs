//! What is changed in one place holds in every process, and what is said once is said once by all of them.

use std::time::{Duration, Instant};

use botyard::domain::UserId;

use super::pair::{Pair, Updates, on_pair, text};
use crate::cli::program::PATIENCE;

/// Asks a process for help until its answer holds `part`; gives how many updates it took.
async fn until(pair: &Pair, n: usize, user: UserId, first: i64, part: &str) -> i64 {
    let (began, newest) = (Instant::now(), pair.newest(user).await);
    for tries in 0.. {
        assert_eq!(pair.post(n, &text(first + tries, user, "/help")).await, 200);
        pair.quiet().await;
        if pair.said_after(user, newest).await.iter().any(|m| m.text().contains(part)) {
            return tries;
        }
        assert!(began.elapsed() < PATIENCE, "«{part}» is not said by process {n}: {}", pair.logs());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    unreachable!("the loop ends by its answer or its patience")
}

#[test]
fn a_pause_by_command_is_known_to_both_and_told_once_to_a_chat() {
    on_pair(Updates::Webhook, &[], async |pair| {
        pair.command(&["tenant", "pause", "first"]).await;
        for (n, user) in [(0, UserId(101)), (1, UserId(102))] {
            until(&pair, n, user, 100_000 * i64::try_from(n + 1).unwrap(), "приостановлен").await;
        }
        // The notice comes once an hour and chat, whichever process is asked.
        for (n, user) in [(1, UserId(101)), (0, UserId(102))] {
            let newest = pair.newest(user).await;
            assert_eq!(pair.post(n, &text(400_000 + user.0, user, "/help")).await, 200);
            pair.quiet().await;
            assert_eq!(pair.said_after(user, newest).await.len(), 0, "told by the other process before");
        }
        pair.command(&["tenant", "resume", "first"]).await;
        for (n, user) in [(1, UserId(101)), (0, UserId(102))] {
            until(&pair, n, user, 500_000 + 100_000 * i64::try_from(n).unwrap(), "/balance").await;
        }
        pair.finish().await;
    });
}
