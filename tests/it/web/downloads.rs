//! Results handed over by a signed link (bot.md 10, reliability.md T27).

use std::time::Duration;

use botyard::accounts::downloads;
use botyard::domain::{BotInstanceId, MediaId, MediaPurpose};
use botyard::store::Db;

use super::site::{NOON, Site};
use crate::store::world::within;
use crate::util::db::on_each_db;

const DAY: Duration = Duration::from_hours(24);

/// Keeps a file of tenant A for two days.
async fn keep(site: &Site, db: &Db, purpose: MediaPurpose, mime: &str, content: &[u8]) -> MediaId {
    let tenant = site.platform.tenants.get(&site.a).unwrap();
    let stored = site.media.put(&tenant, purpose, mime, content).await.unwrap();
    within(db, &site.a, async |tx| stored.record(tx, NOON.plus(DAY * 2), NOON).await.unwrap()).await;
    stored.id
}

fn link(site: &Site, tenant: &BotInstanceId, media: &MediaId) -> String {
    downloads::path(&site.platform.vault, tenant, media, NOON.plus(DAY))
}

on_each_db! {
    async fn a_true_link_brings_the_file_as_an_attachment(db: Db) {
        let site = Site::start(&db).await;
        let media = keep(&site, &db, MediaPurpose::Result, "video/mp4", b"a long film").await;
        let got = site.client().get(&link(&site, &site.a, &media)).await;
        assert_eq!((got.status, got.body.as_str()), (200, "a long film"));
        let name = format!("attachment; filename=\"result-{}.mp4\"", media.short());
        assert_eq!((got.header("content-disposition"), got.header("content-type")), (name.as_str(), "video/mp4"));
        assert_eq!(got.header("content-security-policy"), "default-src 'none'; sandbox; frame-ancestors 'none'");
        assert_eq!((got.header("x-content-type-options"), got.header("cache-control")), ("nosniff", "no-store"));
        site.stop().await;
    }

    async fn what_could_run_in_a_browser_is_bytes(db: Db) {
        let site = Site::start(&db).await;
        for mime in ["text/html", "image/svg+xml", "application/xhtml+xml", "text/javascript", "application/octet-stream"] {
            let media = keep(&site, &db, MediaPurpose::Result, mime, b"<script>alert(1)</script>").await;
            let got = site.client().get(&link(&site, &site.a, &media)).await;
            assert_eq!((got.status, got.header("content-type")), (200, "application/octet-stream"), "{mime}");
            assert!(got.header("content-disposition").starts_with("attachment; "), "{mime}");
        }
        site.stop().await;
    }

    async fn a_link_is_for_one_file_of_one_bot_and_a_day(db: Db) {
        let site = Site::start(&db).await;
        let media = keep(&site, &db, MediaPurpose::Result, "video/mp4", b"a long film").await;
        let upload = keep(&site, &db, MediaPurpose::Upload, "image/png", b"a person's own picture").await;
        let client = site.client();
        let good = link(&site, &site.a, &media);
        let signature = good.rsplit('/').next().unwrap();
        let until = NOON.plus(DAY).0;
        for wrong in [
            format!("/file/tenant-b/{media}/{until}/{signature}"),
            format!("/file/tenant-a/{upload}/{until}/{signature}"),
            format!("/file/tenant-a/{media}/{}/{signature}", until + 1),
            format!("/file/tenant-a/{media}/{until}/{}", "0".repeat(64)),
            format!("/file/tenant-a/{media}/{until}/"),
            format!("/file/tenant-a/{media}/soon/{signature}"),
            format!("/file/tenant-a/../{media}/{until}/{signature}"),
        ] {
            let refused = client.get(&wrong).await;
            assert!(refused.status == 404 && !refused.body.contains("film"), "{wrong}: {}", refused.status);
        }
        let of_b = client.get(&link(&site, &site.b, &media)).await;
        assert_eq!(of_b.status, 410, "B has no such file");
        let private = client.get(&link(&site, &site.a, &upload)).await;
        assert_eq!(private.status, 410, "what a person sent is not handed out");
        assert_eq!(client.get(&good).await.status, 200);
        site.clock.advance(DAY + Duration::from_millis(1));
        let late = client.get(&good).await;
        assert_eq!((late.status, late.body.contains("Файла больше нет")), (410, true));
        site.stop().await;
    }
}
