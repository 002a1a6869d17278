//! `tenant limits`, `generation` and `statement`: what the installation's owner controls from a shell.

use serde_json::json;

use super::program::{Place, sandbox_with_a_bot};

#[tokio::test]
async fn limits_are_shown_changed_and_refused_with_their_rule() {
    let (sandbox, token) = sandbox_with_a_bot().await;
    let place = Place::beside(&sandbox);
    place.run_with(&["tenant", "add", "first", "--admin", "41"], &token).await.done();
    let shown = place.run(&["tenant", "limits", "first"]).await.done();
    assert!(shown.contains("own_credits_per_day") && shown.contains("1000000"), "{shown}");
    let change = ["--limit", "own_credits_per_day=5000", "--limit", "fee_basis_points=1250", "--json"];
    let limits = place.run(&[&["tenant", "limits", "first"][..], &change].concat()).await.json();
    assert_eq!(
        (&limits["limits"]["own_credits_per_day"], &limits["limits"]["users"]),
        (&json!(5000), &json!(1_000_000))
    );
    for (wrong, told) in [
        ("fee_basis_points=10001", "limits.fee_basis_points must be a whole number from 0 to 10000"),
        ("generation_off=2", "limits.generation_off must be 0 or 1"),
        ("own_credits=5", "limits.own_credits is not a limit"),
        ("users=many", "limits.users must be a whole number"),
    ] {
        let said = place.run(&["tenant", "limits", "first", "--limit", wrong]).await.refused(2);
        assert!(said.contains(told), "{said}");
    }
    let after = place.run(&["tenant", "limits", "first", "--json"]).await.json();
    assert_eq!(after, limits, "what is refused changes nothing");
}

#[tokio::test]
async fn generations_are_stopped_for_one_bot_or_all_and_go_on_again() {
    let (sandbox, token) = sandbox_with_a_bot().await;
    let place = Place::beside(&sandbox);
    place.run_with(&["tenant", "add", "first", "--admin", "41"], &token).await.done();
    assert!(place.run(&["generation", "show"]).await.done().contains("nothing is stopped"));
    let told = place.run(&["generation", "stop", "first", "--reason", "the bill is checked"]).await.done();
    assert!(told.contains("of first are stopped now"), "{told}");
    assert!(place.run(&["generation", "stop", "first"]).await.done().contains("stopped already"));
    assert!(place.run(&["generation", "stop"]).await.done().contains("of all bots are stopped now"));
    let all = place.run(&["generation", "show", "--json"]).await.json();
    assert_eq!((&all[0]["tenant"], &all[1]["tenant"]), (&json!(null), &json!("first")));
    assert_eq!(all[1]["reason"], json!("the bill is checked"));
    assert!(place.run(&["generation", "start"]).await.done().contains("of all bots go on now"));
    assert!(place.run(&["generation", "start", "first"]).await.done().contains("of first go on now"));
    assert!(place.run(&["generation", "start", "first"]).await.done().contains("were not stopped"));
    assert_eq!(place.run(&["generation", "show", "--json"]).await.json(), json!([]));
    let told = place.run(&["generation", "stop", "nobody"]).await.refused(1);
    assert!(told.contains("no bot is named nobody"), "{told}");
}

#[tokio::test]
async fn a_month_without_anything_is_a_statement_of_zeros() {
    let (sandbox, token) = sandbox_with_a_bot().await;
    let place = Place::beside(&sandbox);
    place.run_with(&["tenant", "add", "first", "--admin", "41"], &token).await.done();
    let made = place.run(&["statement", "first", "--month", "2026-11", "--json"]).await.json();
    assert_eq!((&made["revenue_kopecks"], &made["fee_kopecks"], &made["moved"]), (&json!(0), &json!(0), &json!({})));
    assert_eq!((&made["timezone"], &made["provider_key"]), (&json!("Europe/Moscow"), &json!("shared")));
    let shown = place.run(&["statement", "first", "--month", "2026-11"]).await.done();
    assert!(shown.starts_with("first, 2026-11 (Europe/Moscow)") && shown.contains("revenue, RUB"), "{shown}");
    let list = place.run(&["statement", "first", "--month", "2026-11", "--csv"]).await.done();
    assert_eq!(list.lines().count(), 1, "{list}");
    for wrong in ["2026-13", "november", "2026"] {
        let told = place.run(&["statement", "first", "--month", wrong]).await.refused(2);
        assert!(told.contains("expected YYYY-MM"), "{told}");
    }
}
