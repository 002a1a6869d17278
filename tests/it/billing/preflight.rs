//! The billing preflight over planted bad rows (platform.md 5): each is found in its own section, with what to do; the report
//! itself is made all the same, and another bot's says nothing of it.

use botyard::store::{LedgerCheckRow, StarsCheckRow};
use serde_json::Value;

use super::raw::Above;
use crate::store::world::{NOON, generation, later, person, within};
use crate::util::db::{TestDb, on_each_db};
use crate::web::diag::{ask, site};
use crate::web::site::Site;

/// Below zero, without a transfer; and a balance that no transfer explains.
const BALANCES: &str = "INSERT INTO accounts (bot_instance_id, id, unit, posted, held, no_overdraft, created_at)
    VALUES ('tenant-a', 'user:below', 'RUB', -100, 0, TRUE, 0), ('tenant-a', 'user:above', 'RUB', 100, 0, TRUE, 0)";
/// Held for ever.
const HOLDS: &str = "INSERT INTO transfers (bot_instance_id, id, kind, code, debit_id, credit_id, unit, amount, pending_id,
      idem_key, req_hash, corr, created_at)
    VALUES ('tenant-a', 'trf_planted', 'pending', 'hold', 'user:above', 'tenant:sales', 'RUB', 10, NULL, 'planted', 'h', 'c', 0)";
/// More free generations than a day has.
const FREE: &str = "INSERT INTO free_days (bot_instance_id, user_ref, day, used, reserved)
    VALUES ('tenant-a', 'planted', '2026-11-22', 500, 0)";
/// One task of the provider's for two generations.
const DUPLICATES: &str = "UPDATE generations SET provider_task_id = 'the-same' WHERE bot_instance_id = 'tenant-a'";

/// Status of each section of a report, and what is to be done about it.
async fn sections(site: &Site, path: &str) -> Vec<(String, String, bool)> {
    let answer = ask(&site.client(), path).await;
    assert_eq!(answer.status, 200, "a bad row is a finding, not a failure: {}", answer.body);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let report = answer.json();
    assert_eq!(report["ok"], true, "{report}");
    let all = report["sections"].as_array().unwrap();
    all.iter().map(|s| (text(&s["name"]), text(&s["status"]), s["how_to_fix"].is_string())).collect()
}

/// The sections that are not well, each with something to do.
async fn wrong(site: &Site, path: &str) -> Vec<String> {
    let found = sections(site, path).await;
    for (name, status, fix) in &found {
        assert_eq!(status != "OK", *fix, "{path}: {name} is {status}");
    }
    found
        .into_iter()
        .filter(|(_, status, _)| status != "OK")
        .map(|(name, status, _)| format!("{name} {status}"))
        .collect()
}

const OF_A: &str = "billing_preflight?tenant=tenant-a";
const OF_B: &str = "billing_preflight?tenant=tenant-b";

on_each_db! {
    async fn preflight_names_each_planted_row_in_its_section(test: TestDb) {
        let Some(mut above) = Above::connect(&test).await else { return };
        let site = site(&test.db).await;
        assert_eq!(wrong(&site, OF_A).await, [""; 0]);
        let anna = person(&test.db, &site.a, botyard::domain::UserId(501)).await;

        for n in [-3_600_000, -3_599_000] {
            generation(&test.db, &site.a, &anna, n).await;
        }
        assert_eq!(wrong(&site, OF_A).await, ["attempts DEGRADED"], "two have stood for an hour");
        above.tear_down_the_rules().await;
        above.run(DUPLICATES).await.unwrap();
        assert_eq!(wrong(&site, OF_A).await, ["attempts FAIL"]);
        above.run(FREE).await.unwrap();
        assert_eq!(wrong(&site, OF_A).await, ["free_limits DEGRADED", "attempts FAIL"]);
        within(&test.db, &site.a, async |tx| {
            let drift = "stx-1 is not in the ledger\nstx-2 is not in the ledger".to_owned();
            tx.stars_check_put(&StarsCheckRow { checked_at: NOON, listed: 2, credited: 0, drift }).await.unwrap();
        })
        .await;
        assert_eq!(wrong(&site, OF_A).await, ["free_limits DEGRADED", "attempts FAIL", "payments DEGRADED"]);
        above.run(BALANCES).await.unwrap();
        let now = wrong(&site, OF_A).await;
        assert_eq!(now, ["balances FAIL", "free_limits DEGRADED", "attempts FAIL", "payments DEGRADED", "ledger FAIL"]);
        above.run(HOLDS).await.unwrap();
        let now = wrong(&site, OF_A).await;
        assert!(now.contains(&"holds DEGRADED".to_owned()) && now.len() == 6, "{now:?}");
        within(&test.db, &site.a, async |tx| {
            let detail = "transfer_changed: #1".to_owned();
            let row = LedgerCheckRow { checked_at: later(-1), full_at: NOON, sealed: 1, faults: 1, detail, turns: 1 };
            tx.ledger_check_put(&row).await.unwrap();
        })
        .await;
        let now = wrong(&site, OF_A).await;
        assert!(now.contains(&"ledger_chain FAIL".to_owned()) && now.len() == 7, "{now:?}");
        within(&test.db, &site.a, async |tx| tx.admins_replace(&[], NOON).await.unwrap()).await;
        let now = wrong(&site, OF_A).await;
        assert!(now.contains(&"tenant FAIL".to_owned()) && now.len() == 8, "{now:?}");

        assert_eq!(wrong(&site, OF_B).await, [""; 0], "the other bot is in order, and hears nothing of it");
        let whole = wrong(&site, "billing_preflight").await;
        for of_all in ["balances FAIL", "free_limits DEGRADED", "holds DEGRADED", "attempts DEGRADED", "payments DEGRADED"] {
            assert!(whole.contains(&of_all.to_owned()), "{of_all}: {whole:?}");
        }
        let report = ask(&site.client(), OF_A).await.json();
        assert_eq!((&report["status"], report["how_to_fix"].as_array().unwrap().len() >= 5), (&"FAIL".into(), true), "{report}");
        site.stop().await;
    }
}
