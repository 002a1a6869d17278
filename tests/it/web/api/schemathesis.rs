//! The document exercised against the running server by a program that only knows the document: no 5xx, no status or shape
//! that it does not name.

use std::process::Stdio;

use botyard::store::Db;
use tokio::process::Command;

use super::{TOKEN, key_a, rich, site};
use crate::util::db::on_each_db;
use crate::util::env;

on_each_db! {
    async fn schemathesis_finds_nothing_that_is_not_in_the_document(db: Db) {
        let Some(program) = env::read_or_say(env::SCHEMATHESIS) else { return };
        let site = site(&db).await;
        let user = rich(&site, 501).await;
        let person = db.tenant_read(&site.a).await.unwrap().user_get(user).await.unwrap().unwrap();
        let generation = crate::store::world::generation(&db, &site.a, &person, 1).await;
        let key = key_a(&site).await;
        for (bearer, tenant) in [(key.as_str(), "tenant-a"), (TOKEN, "tenant-a")] {
            let folder = tempfile::tempdir().unwrap();
            let config = format!(
                "[[operations]]\ninclude-name = \"POST /api/v1/tenants\"\nenabled = false\n\n[parameters]\n\"query.tenant\" = \"{tenant}\"\n\"path.user\" = {user}\n\"path.generation\" = \"{generation}\"\n",
            );
            std::fs::write(folder.path().join("schemathesis.toml"), config).unwrap();
            let url = format!("http://{}/api/v1/openapi.json", site.main);
            let checks = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance";
            let ended = Command::new(&program)
                .args(["run", &url, "--checks", checks, "--max-examples", "12", "--phases", "examples,coverage,fuzzing"])
                .args(["--seed", "7", "--no-color", "--generation-database", "none", "--suppress-health-check", "all"])
                .args(["-H", &format!("Authorization: Bearer {bearer}")])
                .current_dir(folder.path())
                .stdin(Stdio::null())
                .output()
                .await
                .unwrap();
            let told = String::from_utf8_lossy(&ended.stdout);
            assert!(ended.status.success(), "{told}\n{}", String::from_utf8_lossy(&ended.stderr));
            // Not a run that found nothing to ask.
            let asked = told.lines().find_map(|line| line.trim().split_once(" generated, "));
            let asked = asked.unwrap_or_else(|| panic!("{told}"));
            assert!(asked.0.parse::<u32>().is_ok_and(|n| n > 500) && asked.1 == format!("{} passed", asked.0), "{told}");
        }
        site.stop().await;
    }
}
