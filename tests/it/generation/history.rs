//! The history and repeats.

use botyard::catalog::{GenType, Selection, Value};
use botyard::domain::{GenerationId, MediaPurpose};
use botyard::generation::history::{self, Step, Turned};
use botyard::generation::{MediaStore, Order};
use botyard::store::Db;

use super::world::{ALICE, BOB, World, cheap};
use crate::util::db::on_each_db;

on_each_db! {
    async fn pages_run_from_the_newest_to_the_first(db: Db) {
        let world = World::with(db, |settings| settings.max_parallel = 20).await;
        let (alice, _) = (world.person(ALICE, 0).await, world.person(BOB, 0).await);
        let mut tx = world.tx(ALICE).await;
        assert!(history::newest(&mut tx, ALICE).await.unwrap().is_none());
        drop(tx);
        let mut ids = Vec::new();
        for n in 0..3 {
            ids.push(world.start(&alice, cheap(&format!("{n}"))).await.id);
            world.advance(1);
        }
        let mut tx = world.tx(ALICE).await;
        let mut page = history::newest(&mut tx, ALICE).await.unwrap().unwrap();
        for (index, id) in (1..).zip(ids.iter().rev()) {
            assert_eq!((&page.row.id, page.index, page.total), (id, index, 3));
            match history::turn(&mut tx, ALICE, id, Step::Older).await.unwrap() {
                Turned::Page(next) => page = *next,
                end => assert_eq!((end, index), (Turned::End, 3)),
            }
        }
        let newer = history::turn(&mut tx, ALICE, &ids[0], Step::Newer).await.unwrap();
        assert!(matches!(newer, Turned::Page(page) if page.row.id == ids[1]));
        assert_eq!(history::turn(&mut tx, ALICE, &ids[2], Step::Newer).await.unwrap(), Turned::End);
        assert_eq!(history::turn(&mut tx, BOB, &ids[0], Step::Newer).await.unwrap(), Turned::NotFound);
        let nobody = GenerationId::random();
        assert_eq!(history::turn(&mut tx, ALICE, &nobody, Step::Older).await.unwrap(), Turned::NotFound);
        assert!(history::at(&mut tx, BOB, &ids[0]).await.unwrap().is_none());
    }

    async fn a_repeat_has_the_whole_order_while_its_inputs_are_kept(db: Db) {
        let world = World::new(db).await;
        let alice = world.person(ALICE, 50_000).await;
        let folder = tempfile::tempdir().unwrap();
        let store = MediaStore::folder(folder.path());
        let stored = store.put(&world.tenant, MediaPurpose::Upload, "image/png", b"picture").await.unwrap();
        let expires = world.now().plus(std::time::Duration::from_hours(14 * 24));
        let mut tx = world.tx(ALICE).await;
        stored.record(&mut tx, expires, world.now()).await.unwrap();
        tx.commit().await.unwrap();
        let chosen = Selection::new()
            .with("prompt", Value::Text("waves".to_owned()))
            .with("image_input", Value::Files(vec![stored.value(None)]))
            .with("sound", Value::Bool(false));
        let model = world.catalog.model("kling-2.6/image-to-video").unwrap();
        let order = Order::new(model, GenType::ImageToVideo, &chosen, None);
        let row = world.start(&alice, order.clone()).await;
        let mut tx = world.tx(ALICE).await;
        let whole = history::repeat(&mut tx, &world.tenant, &row, world.now()).await.unwrap();
        assert_eq!((whole.order, whole.missing), (order, vec![]));
        let later = history::repeat(&mut tx, &world.tenant, &row, expires).await.unwrap();
        assert_eq!(later.missing, ["image_input"]);
        assert!(!later.order.selection.has("image_input") && later.order.selection.has("prompt"));
    }
}
