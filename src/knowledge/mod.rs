//! A tenant's knowledge base (bot.md 13): articles that admins write, found by their words in Russian and English, whichever
//! form they stand in. Nothing is made up: an answer is always a piece of an article.
//!
//! Words become stems here, in Rust, and the stems are rows: both databases find the same articles in the same order.

mod article;
mod passages;
mod rank;
mod stop_words;
mod terms;

pub use article::{Added, BODY_MAX, Draft, TEXT_MIN, TITLE_MAX, add};
pub use rank::Ranked;

use std::collections::BTreeMap;

use crate::store::{StoreError, TenantTx};

/// Articles on a page of what was found (bot.md 13).
pub const PAGE: usize = 5;
/// Passages that answer a question at most.
const PASSAGES: usize = 3;
/// Characters of a passage at most.
const PASSAGE: usize = 400;
/// Characters around a hit.
const AROUND: usize = 100;
/// Articles whose passages are compared for an answer.
const COMPARED: usize = 5;
/// How much of a question an article must cover to answer it: below, «nothing was found» is more honest.
const THRESHOLD: f64 = 0.2;

/// One article of what was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Its number in the tenant's base.
    pub number: i64,
    /// Its title.
    pub title: String,
    /// What stands around the first hit.
    pub around: String,
}

/// One page of what was found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Page {
    /// The articles, best first.
    pub found: Vec<Found>,
    /// Which page this is, from 0: the nearest one to what was asked for.
    pub page: usize,
    /// How many pages there are.
    pub pages: usize,
    /// How many articles were found.
    pub total: usize,
}

/// A piece of an article that answers a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// Which article.
    pub number: i64,
    /// Its title.
    pub title: String,
    /// Whole sentences, word for word.
    pub text: String,
}

/// The articles that a query finds, best first, one page of them.
pub async fn search(tx: &mut TenantTx, query: &str, page: usize) -> Result<Page, StoreError> {
    let (ranked, weights) = ranked(tx, query).await?;
    let pages = ranked.len().div_ceil(PAGE).max(1);
    let page = page.min(pages - 1);
    let mut found = Vec::new();
    for hit in ranked.iter().skip(page * PAGE).take(PAGE) {
        if let Some(row) = tx.knowledge_get(hit.number).await? {
            let text = if row.body.is_empty() { &row.title } else { &row.body };
            let around = passages::around(text, &weights, AROUND);
            found.push(Found { number: row.number, title: row.title, around });
        }
    }
    Ok(Page { found, page, pages, total: ranked.len() })
}

/// The passages that answer a question, best first; none where no article covers enough of it.
pub async fn ask(tx: &mut TenantTx, question: &str) -> Result<Vec<Passage>, StoreError> {
    let (ranked, weights) = ranked(tx, question).await?;
    let mut candidates = Vec::new();
    for hit in ranked.iter().filter(|hit| hit.coverage >= THRESHOLD).take(COMPARED) {
        let Some(row) = tx.knowledge_get(hit.number).await? else { continue };
        let text = if row.body.is_empty() { row.title.clone() } else { row.body };
        for (place, (text, score)) in passages::cut(&text, &weights, PASSAGE).into_iter().enumerate() {
            // The title speaks for the whole article, so its first passage may answer without a hit of its own.
            if score > 0.0 || place == 0 {
                let passage = Passage { number: hit.number, title: row.title.clone(), text };
                candidates.push((score + hit.score, passage));
            }
        }
    }
    candidates.sort_by(|a, b| b.0.total_cmp(&a.0));
    Ok(candidates.into_iter().map(|(_, passage)| passage).take(PASSAGES).collect())
}

/// What a query finds and how much each of its stems says.
async fn ranked(tx: &mut TenantTx, query: &str) -> Result<(Vec<Ranked>, BTreeMap<String, f64>), StoreError> {
    let asked = terms::of_query(query);
    if asked.is_empty() {
        return Ok(Default::default());
    }
    let hits = tx.knowledge_hits(&asked).await?;
    let total = tx.knowledge_count().await?;
    let weights = rank::weights(&asked, &hits, total);
    Ok((rank::rank(&weights, &hits), weights))
}
