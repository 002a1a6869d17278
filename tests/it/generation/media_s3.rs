//! The tenant's files in a bucket: the same promises as in the folder, over HTTP, with checked signatures.

use botyard::clients::s3::{S3Error, S3Refusal};
use botyard::clients::{Http, HttpSettings, Timeouts};
use botyard::config::{Settings, Sources};
use botyard::domain::{BotInstanceId, Clock, MediaPurpose};
use botyard::generation::{MediaError, MediaStore};

use super::world::World;
use crate::util::db::on_sqlite;
use crate::util::s3::TestS3;

/// The store that these settings name.
fn open_with(settings: &[(&str, &str)], clock: &Clock) -> MediaStore {
    let overrides = settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let settings = Settings::load(&Sources { overrides, ..Sources::default() }).unwrap();
    let second = std::time::Duration::from_secs(5);
    let timeouts = Timeouts { call: second, upload: second };
    let http = Http::new(&HttpSettings { timeouts, ..HttpSettings::default() }).unwrap();
    MediaStore::open(&settings, &http, clock).unwrap()
}

fn open(s3: &TestS3) -> MediaStore {
    open_with(&s3.settings(), &Clock::system())
}

/// The store that the settings name, after one of them was changed.
fn open_but(s3: &TestS3, name: &str, value: &str) -> MediaStore {
    let changed: Vec<_> = s3.settings().map(|(own, old)| (own, if own == name { value } else { old })).to_vec();
    open_with(&changed, &Clock::system())
}

fn told(result: Result<(), MediaError>) -> S3Error {
    match result {
        Err(MediaError::S3(error)) => error,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_file_in_a_bucket_is_read_back_whole_and_lies_sealed() {
    on_sqlite(async |db| {
        let (world, s3) = (World::new(db.db).await, TestS3::start().await);
        let store = open(&s3);
        store.look().await.unwrap();
        for size in [0, 1, 1 << 20, 3_000_000] {
            let content: Vec<u8> = b"a plain and recognisable text ".iter().copied().cycle().take(size).collect();
            let stored = store.put(&world.tenant, MediaPurpose::Result, "text/plain", &content).await.unwrap();
            assert_eq!(usize::try_from(stored.size).unwrap(), size);
            assert_eq!(store.get(&world.tenant, &stored.id).await.unwrap(), content, "{size}");
            let name = format!("media/tenant-a/{}", stored.id.as_str());
            assert_eq!(s3.names(), std::slice::from_ref(&name));
            assert!(!s3.object(&name).windows(12).any(|part| part == b"recognisable"));
            store.delete(&world.tenant.id, &stored.id).await.unwrap();
            store.delete(&world.tenant.id, &stored.id).await.unwrap();
            assert!(matches!(store.get(&world.tenant, &stored.id).await, Err(MediaError::Gone)));
        }
    });
}

#[test]
fn a_damaged_moved_or_broken_off_object_is_told_apart() {
    on_sqlite(async |db| {
        let (world, s3) = (World::new(db.db).await, TestS3::start().await);
        let store = open(&s3);
        let mut names = Vec::new();
        for content in [&b"first"[..], b"second"] {
            let stored = store.put(&world.tenant, MediaPurpose::Upload, "image/png", content).await.unwrap();
            names.push((format!("media/tenant-a/{}", stored.id.as_str()), stored.id));
        }
        let (first, id) = &names[0];
        let whole = s3.object(first);
        let swapped = [&whole[..10], &[whole[10] ^ 1], &whole[11..]].concat();
        for wrong in [&whole[..whole.len() - 1], &whole[..3], &b""[..], &swapped, &s3.object(&names[1].0)] {
            s3.put(first, wrong);
            assert!(matches!(store.get(&world.tenant, id).await, Err(MediaError::Damaged)), "{} bytes", wrong.len());
        }
        s3.put(first, &whole);
        s3.break_off(true);
        let broken = store.get(&world.tenant, id).await;
        assert!(broken.as_ref().is_err_and(MediaError::is_passing), "{broken:?}: the next try may get the rest");
        s3.break_off(false);
        assert_eq!(store.get(&world.tenant, id).await.unwrap().as_ref(), b"first");
    });
}

#[test]
fn all_files_of_a_tenant_go_page_by_page_and_nobody_elses() {
    on_sqlite(async |db| {
        let (world, s3) = (World::new(db.db).await, TestS3::start().await);
        let store = open(&s3);
        s3.pages_of(7);
        for n in 0..30 {
            s3.put(&format!("media/tenant-a/{n:02}"), b"x");
        }
        // Names that begin alike, and what is none of ours.
        let others =
            ["backup/tenant-a/1", "media/tenant-a", "media/tenant-a.b/1", "media/tenant-aa/1", "media/tenant-b/1"];
        for other in others {
            s3.put(other, b"x");
        }
        store.delete_all(&world.tenant.id).await.unwrap();
        assert_eq!(s3.names(), others);
        assert_eq!((s3.calls("GET /test-media/?"), s3.calls("DELETE ")), (5, 30));
        store.delete_all(&BotInstanceId::parse("tenant-zz").unwrap()).await.unwrap();
        assert_eq!(s3.names(), others);

        // A store that does not know prefixes must not lose what it was not asked about.
        s3.ignore_prefixes();
        assert!(matches!(told(store.delete_all(&world.tenant.id).await), S3Error::Garbled(200)));
        assert_eq!(s3.names(), others);
    });
}

#[test]
fn what_is_wrong_with_the_store_is_said_by_its_meaning() {
    on_sqlite(async |db| {
        let (world, s3) = (World::new(db.db).await, TestS3::start().await);
        let look = async |store: MediaStore| told(store.look().await);
        assert_eq!(look(open_but(&s3, "media.s3_bucket", "no-such-bucket")).await, S3Error::NoBucket);
        let refused = |why| S3Error::Refused(why);
        assert_eq!(look(open_but(&s3, "media.s3_key", "another-key")).await, refused(S3Refusal::UnknownKey));
        assert_eq!(look(open_but(&s3, "media.s3_secret", "another-secret")).await, refused(S3Refusal::WrongSignature));
        assert_eq!(look(open_but(&s3, "media.s3_region", "elsewhere-1")).await, S3Error::Elsewhere);
        assert!(matches!(look(open_but(&s3, "media.s3_endpoint", "http://127.0.0.1:1")).await, S3Error::Away(_)));
        let behind = Clock::manual(Clock::system().now().minus(std::time::Duration::from_hours(2)));
        assert_eq!(look(open_with(&s3.settings(), &behind)).await, refused(S3Refusal::Clock));

        let store = open(&s3);
        let stored = store.put(&world.tenant, MediaPurpose::Result, "image/png", b"x").await.unwrap();
        for (status, code, passing) in
            [(503, "SlowDown", true), (500, "InternalError", true), (403, "AccessDenied", false), (507, "", false)]
        {
            s3.fail_next(status, code);
            let error = store.get(&world.tenant, &stored.id).await.unwrap_err();
            assert!(matches!(error, MediaError::S3(_)) && error.is_passing() == passing, "{status} {code}: {error:?}");
            s3.fail_next(status, code);
            let error = store.put(&world.tenant, MediaPurpose::Result, "image/png", b"y").await.unwrap_err();
            assert_eq!(error.is_passing(), passing, "{status} {code}");
        }
        // A lost bucket is not a lost file: the people's files are still promised.
        let elsewhere = open_but(&s3, "media.s3_bucket", "no-such-bucket");
        let error = elsewhere.get(&world.tenant, &stored.id).await.unwrap_err();
        assert!(matches!(error, MediaError::S3(S3Error::NoBucket)), "{error:?}");
        assert_eq!(store.get(&world.tenant, &stored.id).await.unwrap().as_ref(), b"x");
        assert_eq!(s3.names().len(), 1);
    });
}
