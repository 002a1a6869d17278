//! Free generations of a day under the same discipline as money: told twice, asked for at once, settled once.

use botyard::domain::{BotInstanceId, GenerationId, UserRef};
use botyard::store::Db;

use super::races::at_once;
use crate::store::world::{NOON, two_tenants, within};
use crate::util::db::{TestDb, on_each_db};

const DAY: &str = "2026-11-22";

async fn reserve(db: Db, tenant: BotInstanceId, user: UserRef, generation: GenerationId) -> bool {
    let mut tx = db.tenant(&tenant).await.unwrap();
    let reserved = tx.free_reserve(&generation, &user, DAY, 1, 3, NOON).await.unwrap();
    tx.commit().await.unwrap();
    reserved
}

async fn left(db: &Db, tenant: &BotInstanceId, user: &UserRef) -> i64 {
    let (spent, reserved) = within(db, tenant, async |tx| tx.free_left_parts(user, DAY).await.unwrap()).await;
    3 - spent - reserved
}

on_each_db! {
    /// T10, the day's quota: three left, fifty at once.
    async fn money_promo_race_of_free_units(test: TestDb) {
        let (a, b) = two_tenants(&test.db).await;
        let user = UserRef::random();
        let replicas = [test.db.clone(), test.again().await];
        let reserved = at_once(50, |n| {
            reserve(replicas[n % 2].clone(), a.clone(), user.clone(), GenerationId::random())
        })
        .await;
        assert_eq!(reserved.iter().filter(|yes| **yes).count(), 3);
        assert_eq!(left(&test.db, &a, &user).await, 0);
        assert_eq!(left(&test.db, &b, &user).await, 3, "the same person elsewhere has a day of their own");
        replicas[1].close().await;
    }

    async fn one_generation_told_fifty_times_reserves_once_and_settles_once(test: TestDb) {
        let (a, _) = two_tenants(&test.db).await;
        let (user, generation) = (UserRef::random(), GenerationId::random());
        let told = at_once(50, |_| reserve(test.db.clone(), a.clone(), user.clone(), generation.clone())).await;
        assert!(told.iter().all(|yes| *yes));
        assert_eq!(left(&test.db, &a, &user).await, 2);
        let settled = at_once(50, |n| {
            let (db, a, generation) = (test.db.clone(), a.clone(), generation.clone());
            async move {
                let mut tx = db.tenant(&a).await.unwrap();
                // Half of them say that it was used, half that it was not: the first decides.
                let settled = tx.free_resolve(&generation, i64::from(n % 2 == 0)).await.unwrap();
                tx.commit().await.unwrap();
                settled
            }
        })
        .await;
        assert_eq!(settled.iter().filter(|yes| **yes).count(), 1);
        let taken = usize::from(settled.iter().position(|yes| *yes).unwrap() % 2 == 0);
        assert_eq!(left(&test.db, &a, &user).await, if taken == 1 { 2 } else { 3 });
        let parts = within(&test.db, &a, async |tx| tx.free_left_parts(&user, DAY).await.unwrap()).await;
        assert_eq!(parts, (taken as i64, 0), "nothing stays reserved");
    }
}
