//! The chain over a tenant's transfers (reliability.md 3.1, "Tamper evidence"): each is sealed once, by a keyed hash of what it
//! says and of the link before it. Sealing is not part of moving money: it follows in the background, in batches. A byte that
//! was changed later, a transfer that was deleted and a link that was cut out are found at their number.

use std::collections::BTreeMap;

use super::verify::Fault;
use crate::domain::transfer::TransferKind;
use crate::domain::{BotInstanceId, UnixMs};
use crate::store::{LedgerHead, SealRow, StoreError, TenantTx, UnsealedRow};
use crate::vault::{Purpose, Vault};

/// What one batch sealed.
#[derive(Debug)]
pub struct Sealed {
    /// How many transfers.
    pub count: usize,
    /// When the last of them was made.
    pub until: UnixMs,
    /// The accounts that they moved.
    pub accounts: Vec<String>,
    /// The chain's last link now.
    pub head: LedgerHead,
}

/// What one step along the chain came to.
#[derive(Debug)]
pub struct Walked {
    /// The last number that was looked at; where it began when there was nothing more.
    pub to: i64,
    /// That link's hash; empty at the chain's beginning.
    pub hash: String,
    /// What is wrong with the links in between.
    pub faults: Vec<Fault>,
}

/// Seals at most `most` transfers made at or after `since`. Whoever seals at the same time waits.
pub async fn seal(tx: &mut TenantTx, vault: &Vault, since: UnixMs, most: i64) -> Result<Sealed, StoreError> {
    let mut head = tx.ledger_head_lock().await?;
    let fresh = tx.ledger_unsealed(since, most).await?;
    let mut sums: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
    for row in &fresh {
        head.seq += 1;
        head.hash = link(vault, tx.tenant(), head.seq, &head.hash, &Said::of(row));
        head.reached = head.reached.max(row.created_at);
        tx.ledger_seal_put(head.seq, &row.id, &head.hash).await?;
        add(&mut sums, row);
    }
    for (account, (posted, held)) in &sums {
        tx.ledger_sum_add(account, *posted, *held).await?;
    }
    if !fresh.is_empty() {
        tx.ledger_head_put(&head).await?;
    }
    let until = fresh.last().map_or(since, |row| row.created_at);
    Ok(Sealed { count: fresh.len(), until, accounts: sums.into_keys().map(str::to_owned).collect(), head })
}

/// Compares at most `most` links after number `after` with the transfers they are of.
pub async fn walk(tx: &mut TenantTx, vault: &Vault, after: i64, most: i64) -> Result<Walked, StoreError> {
    let mut faults = Vec::new();
    let mut hash = String::new();
    if after > 0 {
        match tx.ledger_seal_get(after).await? {
            Some(before) => hash = before,
            None => faults.push(Fault::at("seal_missing", after, "")),
        }
    }
    let mut to = after;
    for row in tx.ledger_seals_after(after, most).await? {
        if row.seq != to + 1 {
            faults.push(Fault::at("seal_missing", to + 1, ""));
        } else if row.kind.is_none() {
            faults.push(Fault::at("transfer_missing", row.seq, &row.transfer_id));
        } else if Said::of_seal(&row).map(|said| link(vault, tx.tenant(), row.seq, &hash, &said)).as_ref()
            != Some(&row.hash)
        {
            faults.push(Fault::at("transfer_changed", row.seq, &row.transfer_id));
        }
        // Goes on from what is written: one changed transfer is one fault, not one for each link after it.
        (to, hash) = (row.seq, row.hash);
    }
    Ok(Walked { to, hash, faults })
}

/// What a transfer did to what its accounts hold.
fn add<'a>(sums: &mut BTreeMap<&'a str, (i64, i64)>, row: &'a UnsealedRow) {
    let (moved, reserved) = match TransferKind::parse(&row.kind) {
        Some(TransferKind::Single) => (row.amount, 0),
        Some(TransferKind::Pending) => (0, row.amount),
        Some(TransferKind::Post) => (row.amount, -row.was_held),
        Some(TransferKind::Void) => (0, -row.was_held),
        // The schema has no such row.
        None => (0, 0),
    };
    let debit = sums.entry(&row.debit).or_default();
    debit.0 -= moved;
    debit.1 += reserved;
    sums.entry(&row.credit).or_default().0 += moved;
}

/// What a link's hash is over.
struct Said<'a> {
    id: &'a str,
    texts: [Option<&'a str>; 9],
    amount: i64,
    created_at: UnixMs,
}

impl<'a> Said<'a> {
    fn of(row: &'a UnsealedRow) -> Self {
        let texts = [&row.kind, &row.code, &row.debit, &row.credit, &row.unit, &row.key, &row.req_hash, &row.corr];
        let mut said = [None; 9];
        for (at, text) in texts.into_iter().enumerate() {
            said[at] = Some(text.as_str());
        }
        said[8] = row.pending.as_deref();
        Self { id: &row.id, texts: said, amount: row.amount, created_at: row.created_at }
    }

    fn of_seal(row: &'a SealRow) -> Option<Self> {
        let texts = [
            &row.kind,
            &row.code,
            &row.debit,
            &row.credit,
            &row.unit,
            &row.key,
            &row.req_hash,
            &row.corr,
            &row.pending,
        ];
        Some(Self {
            id: &row.transfer_id,
            texts: texts.map(Option::as_deref),
            amount: row.amount?,
            created_at: row.created_at?,
        })
    }
}

/// Every part with its length, so that no two transfers read alike; an absent part is unlike an empty one.
fn link(vault: &Vault, tenant: &BotInstanceId, seq: i64, before: &str, said: &Said<'_>) -> String {
    let mut bytes = Vec::with_capacity(512);
    let mut part = |text: Option<&str>| match text {
        None => bytes.push(0),
        Some(text) => {
            bytes.push(1);
            bytes.extend((text.len() as u64).to_be_bytes());
            bytes.extend(text.as_bytes());
        }
    };
    part(Some(tenant.as_str()));
    part(Some(before));
    part(Some(said.id));
    said.texts.iter().for_each(|text| part(*text));
    for number in [seq, said.amount, said.created_at.0] {
        bytes.extend(number.to_be_bytes());
    }
    hex::encode(vault.keyed_hash(Purpose::LedgerChain, &bytes))
}
