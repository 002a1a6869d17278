//! Lists and stories are found along an index, however much a bot has: SQLite plans without figures of the data, as on a served
//! database, so an empty one shows what a million rows would cost.

use sqlx::{AssertSqlSafe, Row as _};

use crate::tidy::sql::statements;
use crate::util::db::on_sqlite;

/// How SQLite would run a statement, step by step.
async fn plan(pool: &sqlx::SqlitePool, sql: &str) -> Vec<String> {
    let rows = sqlx::query(AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"))).fetch_all(pool).await.unwrap();
    rows.iter().map(|row| row.get("detail")).collect()
}

#[test]
fn a_page_of_generations_begins_at_its_place_and_sorts_nothing_whole() {
    on_sqlite(|test| async move {
        let pages: Vec<_> = statements().into_iter().filter(|statement| statement.name.starts_with("WORKS")).collect();
        assert_eq!(pages.len(), 5, "each kind of the panel's list");
        for statement in pages {
            let steps = plan(test.db.raw_sqlite().unwrap(), &statement.sql).await;
            assert!(
                steps[0].starts_with("SEARCH g USING INDEX") && steps[0].contains("created_at<?"),
                "{}: {steps:?}",
                statement.name
            );
            assert!(!steps.iter().any(|step| step == "USE TEMP B-TREE FOR ORDER BY"), "{}: {steps:?}", statement.name);
        }
    });
}

#[test]
fn a_story_is_read_along_its_id() {
    on_sqlite(|test| async move {
        let of_story = |name: &str| name.starts_with("TRACE_") && name != "TRACE_UPDATE" || name.ends_with("_OF_CORR");
        let stories: Vec<_> = statements().into_iter().filter(|statement| of_story(&statement.name)).collect();
        assert!(
            stories.len() >= 9,
            "an update is found by its number, everything else by the story: {}",
            stories.len()
        );
        for statement in stories {
            let steps = plan(test.db.raw_sqlite().unwrap(), &statement.sql).await;
            assert!(steps[0].contains("(bot_instance_id=? AND corr=?)"), "{}: {steps:?}", statement.name);
        }
    });
}

#[test]
fn old_offers_are_found_without_a_look_at_the_rest() {
    on_sqlite(|test| async move {
        let of_offers: Vec<_> =
            statements().into_iter().filter(|s| ["QUOTES_EMPTY", "QUOTES_PURGE"].contains(&s.name.as_str())).collect();
        assert_eq!(of_offers.len(), 2);
        for statement in of_offers {
            let steps = plan(test.db.raw_sqlite().unwrap(), &statement.sql).await;
            assert!(
                steps.iter().any(|step| step == "SEARCH q USING INDEX quotes_kept (expires_at<?)"),
                "{}: {steps:?}",
                statement.name
            );
            assert!(!steps.iter().any(|step| step.starts_with("SCAN")), "{}: {steps:?}", statement.name);
        }
    });
}

#[test]
fn tasks_without_a_bill_are_counted_along_their_index() {
    on_sqlite(|test| async move {
        let names = ["GENERATIONS_IN_FLIGHT", "GENERATIONS_EXPECTED", "GENERATIONS_HANDED_OVER"];
        let sums: Vec<_> = statements().into_iter().filter(|sum| names.contains(&sum.name.as_str())).collect();
        assert_eq!(sums.len(), names.len());
        for statement in sums {
            let steps = plan(test.db.raw_sqlite().unwrap(), &statement.sql).await;
            assert!(
                steps
                    .iter()
                    .any(|step| step.contains("INDEX generations_without_bill") && step.contains("accepted_at>?")),
                "{}: {steps:?}",
                statement.name
            );
        }
    });
}
