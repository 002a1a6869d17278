//! The tenant's file store.

use botyard::domain::{BotInstanceId, MediaId, MediaPurpose};
use botyard::generation::{MediaError, MediaStore, sweep};
use botyard::store::Db;

use super::world::World;
use crate::util::db::{on_each_db, on_sqlite};

#[test]
fn a_file_is_read_back_whole_and_lies_sealed() {
    on_sqlite(async |db| {
        let world = World::new(db.db).await;
        let folder = tempfile::tempdir().unwrap();
        let store = MediaStore::folder(folder.path());
        let content: Vec<u8> = b"a plain and recognisable text ".iter().copied().cycle().take(3_000_000).collect();
        let stored = store.put(&world.tenant, MediaPurpose::Result, "text/plain", &content).await.unwrap();
        assert_eq!(stored.size, 3_000_000);
        assert_eq!(store.get(&world.tenant, &stored.id).await.unwrap(), content);
        let place = folder.path().join("media").join("tenant-a");
        let names: Vec<_> = std::fs::read_dir(&place).unwrap().map(|e| e.unwrap().file_name()).collect();
        assert_eq!(names, [stored.id.as_str()]);
        let raw = std::fs::read(place.join(stored.id.as_str())).unwrap();
        assert!(!raw.windows(12).any(|part| part == b"recognisable"));
    });
}

#[test]
fn a_damaged_moved_or_missing_file_is_told_apart() {
    on_sqlite(async |db| {
        let world = World::new(db.db).await;
        let folder = tempfile::tempdir().unwrap();
        let store = MediaStore::folder(folder.path());
        let a = store.put(&world.tenant, MediaPurpose::Upload, "image/png", b"first").await.unwrap();
        let b = store.put(&world.tenant, MediaPurpose::Upload, "image/png", b"second").await.unwrap();
        let place = |id: &MediaId| folder.path().join("media").join("tenant-a").join(id.as_str());
        let whole = std::fs::read(place(&a.id)).unwrap();
        std::fs::write(place(&a.id), &whole[..whole.len() - 1]).unwrap();
        assert!(matches!(store.get(&world.tenant, &a.id).await, Err(MediaError::Damaged)));
        std::fs::copy(place(&b.id), place(&a.id)).unwrap();
        assert!(matches!(store.get(&world.tenant, &a.id).await, Err(MediaError::Damaged)), "another file's content");
        store.delete(&world.tenant.id, &a.id).await.unwrap();
        store.delete(&world.tenant.id, &a.id).await.unwrap();
        assert!(matches!(store.get(&world.tenant, &a.id).await, Err(MediaError::Gone)));
        store.delete_all(&world.tenant.id).await.unwrap();
        assert!(matches!(store.get(&world.tenant, &b.id).await, Err(MediaError::Gone)));
        store.delete_all(&BotInstanceId::parse("tenant-b").unwrap()).await.unwrap();
    });
}

on_each_db! {
    async fn files_past_their_time_are_removed_with_their_rows(db: Db) {
        let world = World::new(db).await;
        let folder = tempfile::tempdir().unwrap();
        let store = MediaStore::folder(folder.path());
        let mut kept = Vec::new();
        let mut tx = world.db.tenant(&world.tenant.id).await.unwrap();
        for days in [1, 14] {
            let stored = store.put(&world.tenant, MediaPurpose::Result, "image/png", b"x").await.unwrap();
            let expires = world.now().plus(std::time::Duration::from_hours(24 * days));
            stored.record(&mut tx, expires, world.now()).await.unwrap();
            kept.push(stored.id);
        }
        tx.commit().await.unwrap();
        world.advance(2 * 24 * 3600);
        assert_eq!(sweep::media(&world.db, &store, world.now()).await.unwrap(), 1);
        assert_eq!(sweep::media(&world.db, &store, world.now()).await.unwrap(), 0);
        assert!(matches!(store.get(&world.tenant, &kept[0]).await, Err(MediaError::Gone)));
        assert_eq!(store.get(&world.tenant, &kept[1]).await.unwrap().as_ref(), b"x");
        let mut tx = world.db.tenant(&world.tenant.id).await.unwrap();
        assert!(tx.media_get(&kept[0]).await.unwrap().is_none());
        assert!(tx.media_get(&kept[1]).await.unwrap().is_some());
    }
}
