//! One of the processes dies in the middle of its work, and the other one ends it.

use std::time::Duration;

use botyard::domain::UserId;

use super::pair::{Updates, on_pair, pressed};

const ANNA: UserId = UserId(101);

#[test]
fn a_generation_whose_process_is_killed_is_ended_by_the_other_one() {
    on_pair(Updates::Webhook, &[], async |mut pair| {
        pair.provider_takes(Duration::from_secs(3)).await;
        let offer = pair.order(ANNA).await;
        let (_, data) = offer.buttons().into_iter().find(|(label, _)| label.contains("Генерировать")).unwrap();
        let before = pair.messages(ANNA).await;
        assert_eq!(pair.post(0, &pressed(700_000, ANNA, offer.id, &data)).await, 200);
        let began = std::time::Instant::now();
        while pair.left.world.kie_tasks().await.unwrap().is_empty() {
            assert!(began.elapsed() < crate::cli::program::PATIENCE, "no task: {}", pair.logs());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        pair.kill(0).await;
        pair.hear(ANNA, &before, "94.89 ₽").await;
        pair.one_paid_picture(ANNA).await;
        assert_eq!(pair.pictures(ANNA).await, 1);
        // What the first one made is shown by the one that never saw it made.
        pair.press(ANNA, "Мои генерации", "Гроза над полем").await;
        pair.finish().await;
    });
}
