//! Processes that start at the same moment, or beside one that serves alone.

use botyard::sandbox::wire::Person;

use super::pair::{Pair, Updates};

use crate::cli::program::fake_token;
use crate::util::db::on_postgres;
use crate::web::rows;

/// What makes a process of the installation one that serves alone: files in a folder.
const ALONE: [(&str, &str); 5] = [
    ("server.replicas", "1"),
    ("media.s3_endpoint", ""),
    ("media.s3_bucket", ""),
    ("media.s3_key", ""),
    ("media.s3_secret", ""),
];

#[test]
fn two_processes_that_start_at_once_apply_one_tenants_file() {
    on_postgres(|test| async move {
        let Some(mut pair) = Pair::prepare(&test, Updates::Webhook, &[]).await else { return };
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("tenants.toml");
        let world = &pair.left.world;
        let mut tenants = Vec::new();
        for n in 10..30 {
            world.register_bot(&fake_token(n), &format!("filed_{n}_bot"), "Filed").await.unwrap();
            tenants.push(format!(
                "[[tenant]]\nbot_instance_id = \"filed-{n}\"\nbot_token = \"{}\"\nadmin_ids = [900]\n",
                fake_token(n)
            ));
        }
        world.add_person(&Person::new(77, "Vera", "ru")).await.unwrap();
        std::fs::write(&file, tenants.join("\n")).unwrap();
        pair.set("files.tenants", &file.display().to_string());
        pair.start_both().await;
        assert_eq!(rows::count(&pair.db, "tenants").await, 21);
        let world = &pair.left.world;
        world.send_text("filed_29_bot", 77, "/help").await.unwrap();
        let heard = world.wait_text("filed_29_bot", 77, "/balance", crate::cli::program::PATIENCE * 2).await;
        heard.unwrap_or_else(|error| panic!("{error}\n{}", pair.logs()));
        pair.finish().await;
    });
}

#[test]
fn one_that_would_serve_alone_is_kept_away_from_those_that_serve_together_and_they_from_it() {
    on_postgres(|test| async move {
        let Some(mut pair) = Pair::prepare(&test, Updates::Webhook, &[]).await else { return };
        pair.start(0).await;
        let told = pair.beside(&ALONE).await.refused(1);
        assert!(told.contains("already serves this database") && told.contains("REDIS_URL"), "{told}");
        // Together they may.
        pair.start(1).await;
        pair.kill(0).await;
        pair.stop(1).await;
        let alone = pair.alone(&ALONE).await;
        let told = pair.beside(&[]).await.refused(1);
        assert!(told.contains("serves this database alone") && told.contains("BOTYARD_MEDIA_S3_"), "{told}");
        assert_eq!(alone.stop().await.0, Some(0));
        pair.start(0).await;
        pair.finish().await;
    });
}
