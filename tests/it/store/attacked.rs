//! Each method of a tenant's transaction is attacked from the wrong tenant (`isolation.rs`, `proof.rs`, `rooms.rs`).

use crate::util::env::root;

/// Methods that only make rows of their own: their attack is a reference to another tenant's row, or a key that is taken there.
const ONLY_INSERT: [&str; 14] = [
    "ledger_be_patient",
    "hook_insert",
    "hook_job_put",
    "review_copy_put",
    "credit_copy_put",
    "outbox_put",
    "job_put",
    "media_insert",
    "error_put",
    "promo_insert",
    "audit_put",
    "manual_credit_put",
    "commit",
    "rollback",
];

#[test]
fn every_method_of_a_tenants_transaction_is_attacked() {
    let attacks = ["isolation", "proof", "rooms"].map(|file| {
        let path = root().join("tests/it/store").join(file).with_extension("rs");
        std::fs::read_to_string(path).unwrap()
    });
    let attacks = attacks.concat();
    let mut methods = Vec::new();
    for entry in std::fs::read_dir(root().join("src/store")).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        for block in text.split("\nimpl ").filter(|block| block.starts_with("TenantTx {")) {
            let names = block.split("pub async fn ").skip(1);
            methods.extend(names.map(|rest| rest.split('(').next().unwrap().to_owned()));
        }
    }
    assert!(methods.len() > 60, "only {methods:?}");
    methods.retain(|name| !ONLY_INSERT.contains(&name.as_str()) && !attacks.contains(&format!("tx.{name}(")));
    assert!(
        methods.is_empty(),
        "no attack on {methods:?}: whoever adds a method adds how the wrong tenant fails with it"
    );
}
