//! Long polling by two processes: one of them asks, the other one waits for its end.

use botyard::domain::UserId;
use botyard::sandbox::wire::CallFilter;

use super::pair::{Pair, Updates, on_pair};
use crate::web::rows;

const ANNA: UserId = UserId(101);

/// Who holds a role, as the leases say.
async fn holder(pair: &Pair, role: &str) -> String {
    let rows = rows::dump(&pair.db).await.remove("leases").unwrap();
    let row = rows.into_iter().find(|row| row.trim_start_matches('(').starts_with(&format!("{role},")));
    row.unwrap_or_else(|| panic!("no lease {role}")).split(',').nth(1).unwrap().to_owned()
}

/// How often Telegram said that two ask at once.
async fn conflicts(pair: &Pair) -> usize {
    let filter = CallFilter { method: Some("getUpdates".to_owned()), ..CallFilter::default() };
    pair.left.world.calls(&filter).await.unwrap().iter().filter(|call| call.status == 409).count()
}

#[test]
fn when_the_process_that_polls_is_killed_the_other_one_takes_over_and_answers_what_came_meanwhile() {
    on_pair(Updates::Polling, &[], async |mut pair| {
        pair.say(ANNA, "/start", "Доступно").await;
        let first = holder(&pair, "poller:first").await;
        // The one that came up first asks; the test does not rest on it.
        pair.kill(0).await;
        let newest = pair.newest(ANNA).await;
        let before = pair.messages(ANNA).await;
        for _ in 0..3 {
            pair.left.world.send_text(&pair.bot.username, ANNA.0, "/help").await.unwrap();
        }
        pair.hear(ANNA, &before, "/balance").await;
        pair.say(ANNA, "/start", "Доступно").await;
        pair.quiet().await;
        assert_eq!(pair.said_after(ANNA, newest).await.len(), 4, "three helps and a menu");
        let second = holder(&pair, "poller:first").await;
        // The other way round, with the killed one back.
        pair.start(0).await;
        pair.kill(1).await;
        pair.say(ANNA, "/help", "/balance").await;
        let third = holder(&pair, "poller:first").await;
        assert!(third != second && third != first, "{first} {second} {third}");
        assert_eq!(conflicts(&pair).await, 0, "they never asked at the same time");
        pair.finish().await;
    });
}

/// A life far longer than the test's patience: only a role that is given back is taken in time.
#[test]
fn a_process_that_stops_gives_its_roles_back() {
    on_pair(Updates::Polling, &[("leases.life", "10 min")], async |mut pair| {
        for n in [0, 1] {
            pair.say(ANNA, "/start", "Доступно").await;
            let role = holder(&pair, "registrar").await;
            pair.stop(n).await;
            pair.say(ANNA, "/help", "/balance").await;
            pair.start(n).await;
            if n == 0 {
                assert_ne!(holder(&pair, "registrar").await, role);
            }
        }
        assert_eq!(conflicts(&pair).await, 0);
        pair.finish().await;
    });
}
