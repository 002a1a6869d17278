//! Updates that both processes get.

use botyard::domain::{Money, UserId};

use super::pair::{AFTER, Updates, on_pair, pressed, text};
use crate::web::rows;

const ANNA: UserId = UserId(101);

#[test]
fn an_update_given_to_two_processes_ten_times_each_at_once_has_one_effect() {
    on_pair(Updates::Webhook, &[], async |pair| {
        let (newest, before) = (pair.newest(ANNA).await, rows::count(&pair.db, "updates").await);
        let update = text(500_000, ANNA, "/help");
        let all = futures::future::join_all((0..20).map(|n| pair.post(n % 2, &update))).await;
        assert!(all.iter().all(|status| matches!(status, 200 | 503)) && all.contains(&200), "{all:?}");
        assert_eq!(pair.post(1, &update).await, 200);
        pair.quiet().await;
        assert_eq!(rows::count(&pair.db, "updates").await, before + 1);
        assert_eq!(pair.said_after(ANNA, newest).await.len(), 1);
        pair.finish().await;
    });
}

#[test]
fn updates_of_one_chat_that_come_to_both_in_turn_are_answered_in_their_order() {
    on_pair(Updates::Webhook, &[], async |pair| {
        let newest = pair.newest(ANNA).await;
        let commands = ["/help", "/privacy", "/balance", "/help", "/privacy", "/balance", "/help", "/privacy"];
        for (n, command) in commands.iter().enumerate() {
            let update = text(600_000 + i64::try_from(n).unwrap(), ANNA, command);
            assert_eq!(pair.post(n % 2, &update).await, 200);
        }
        pair.quiet().await;
        let said: Vec<String> =
            pair.said_after(ANNA, newest).await.iter().map(|m| m.text().lines().next().unwrap().to_owned()).collect();
        assert_eq!(said.len(), commands.len(), "{said:?}");
        assert_eq!((&said[..2], &said[..2]), (&said[3..5], &said[6..]), "{said:?}");
        assert!(said[0] != said[1] && said[1] != said[2] && said[2] == said[5], "{said:?}");
        pair.finish().await;
    });
}

#[test]
fn twenty_presses_of_one_confirm_given_to_both_make_one_task_and_one_hold() {
    on_pair(Updates::Webhook, &[], async |pair| {
        let offer = pair.order(ANNA).await;
        let (_, data) = offer.buttons().into_iter().find(|(label, _)| label.contains("Генерировать")).unwrap();
        let before = pair.messages(ANNA).await;
        let presses = (0..20).map(|n| (n, pressed(700_000 + i64::try_from(n).unwrap(), ANNA, offer.id, &data)));
        let presses: Vec<_> = presses.collect();
        let all = futures::future::join_all(presses.iter().map(|(n, update)| pair.post(n % 2, update))).await;
        assert!(all.iter().all(|status| matches!(status, 200 | 503)) && all.contains(&200), "{all:?}");
        pair.hear(ANNA, &before, "94.89 ₽").await;
        pair.one_paid_picture(ANNA).await;
        assert_eq!(pair.pictures(ANNA).await, 1);
        let holds: Vec<String> = rows::dump(&pair.db).await.remove("transfers").unwrap();
        assert_eq!(holds.len(), 3, "a credit, a hold, its capture: {holds:#?}");
        assert_eq!(pair.balance(ANNA).await.available, AFTER);
        assert_eq!(pair.balance(UserId(102)).await.available, Money::ZERO);
        pair.finish().await;
    });
}
