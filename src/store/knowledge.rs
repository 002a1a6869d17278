//! A tenant's knowledge base: articles, and the stems under which each is found (bot.md 13).

use super::rows::{all, maybe, row};
use super::{StoreError, TenantTx, on};
use crate::domain::{UnixMs, UserId};

/// Stems that one search takes.
pub const KNOWLEDGE_TERMS: usize = 16;
/// Rows that one search reads: the heaviest of a stem that nearly every article has.
const HITS: i64 = 5_000;
/// Stems written by one statement.
const BATCH: usize = 8;
/// Tries against others that add an article at the same moment.
const TRIES: usize = 5;

const KNOWLEDGE_ADD: &str =
    "INSERT INTO knowledge_articles (bot_instance_id, number, title, body, text_hash, added_by, created_at)
     SELECT CAST($1 AS TEXT), COALESCE(MAX(number), 0) + 1, CAST($2 AS TEXT), CAST($3 AS TEXT), CAST($4 AS TEXT),
       CAST($5 AS BIGINT), CAST($6 AS BIGINT)
     FROM knowledge_articles WHERE bot_instance_id = $1
     ON CONFLICT DO NOTHING RETURNING number";
const KNOWLEDGE_SAME: &str = "SELECT COUNT(*) FROM knowledge_articles
     WHERE bot_instance_id = $1 AND text_hash = $2 AND removed_at IS NULL";
/// What is missing in the last batch is its first row again.
const KNOWLEDGE_TERMS_ADD: &str = "INSERT INTO knowledge_terms (bot_instance_id, number, term, weight)
     VALUES ($1, $2, $3, $4), ($1, $2, $5, $6), ($1, $2, $7, $8), ($1, $2, $9, $10), ($1, $2, $11, $12),
       ($1, $2, $13, $14), ($1, $2, $15, $16), ($1, $2, $17, $18) ON CONFLICT DO NOTHING";
const KNOWLEDGE_GET: &str = "SELECT number, title, body, added_by, created_at FROM knowledge_articles
     WHERE bot_instance_id = $1 AND number = $2 AND removed_at IS NULL";
const KNOWLEDGE_PAGE: &str = "SELECT number, title, created_at AS added_at FROM knowledge_articles
     WHERE bot_instance_id = $1 AND number < $2 AND removed_at IS NULL ORDER BY number DESC LIMIT $3";
const KNOWLEDGE_HITS: &str = "SELECT number, term, weight FROM knowledge_terms
     WHERE bot_instance_id = $1
       AND term IN ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
     ORDER BY weight DESC, number, term LIMIT $18";
const KNOWLEDGE_COUNT: &str =
    "SELECT COUNT(*) FROM knowledge_articles WHERE bot_instance_id = $1 AND removed_at IS NULL";
const KNOWLEDGE_REMOVE: &str = "UPDATE knowledge_articles SET removed_at = $4, removed_by = $3
     WHERE bot_instance_id = $1 AND number = $2 AND removed_at IS NULL";
const KNOWLEDGE_TERMS_REMOVE: &str = "DELETE FROM knowledge_terms WHERE bot_instance_id = $1 AND number = $2";

row! {
    /// An article that is there.
    pub struct ArticleRow of "knowledge_articles" by "number" {
        /// Its number in this tenant's base, from 1; never given again.
        pub number: i64,
        /// One line.
        pub title: String,
        /// The rest; empty when there was one line.
        pub body: String,
        /// Which admin wrote it.
        pub added_by: UserId,
        /// When.
        pub created_at: UnixMs,
    }
}

row! {
    /// An article in a list.
    pub struct ArticleLine of "knowledge_articles" by "number" {
        /// Its number.
        pub number: i64,
        /// One line.
        pub title: String,
        /// When it was added.
        pub added_at: UnixMs,
    }
}

row! {
    /// A stem that an article has.
    pub struct KnowledgeHit of "knowledge_terms" by "number" {
        /// The article.
        pub number: i64,
        /// The stem.
        pub term: String,
        /// How much it weighs there: its occurrences, those of the title threefold.
        pub weight: i64,
    }
}

/// An article to be added.
#[derive(Debug, Clone, Copy)]
pub struct NewArticle<'a> {
    /// One line.
    pub title: &'a str,
    /// The rest.
    pub body: &'a str,
    /// Of the text without its spacing: one article of a base has it.
    pub text_hash: &'a str,
    /// Which admin writes it.
    pub added_by: UserId,
}

impl TenantTx {
    /// Adds an article under the stems it is found by, each once with its weight. Gives its number; `None`: the same text
    /// is there already.
    pub async fn knowledge_add(
        &mut self,
        new: &NewArticle<'_>,
        terms: &[(String, i64)],
        now: UnixMs,
    ) -> Result<Option<i64>, StoreError> {
        for _ in 0..TRIES {
            let same: i64 = on!(self.tx, c => sqlx::query_scalar(KNOWLEDGE_SAME).bind(self.id.as_str())
                .bind(new.text_hash).fetch_one(c).await)?;
            if same > 0 {
                return Ok(None);
            }
            let number: Option<i64> = on!(self.tx, c => sqlx::query_scalar(KNOWLEDGE_ADD).bind(self.id.as_str())
                .bind(new.title).bind(new.body).bind(new.text_hash).bind(new.added_by.0).bind(now.0)
                .fetch_optional(c).await)?;
            if let Some(number) = number {
                self.knowledge_terms_put(number, terms).await?;
                return Ok(Some(number));
            }
        }
        Err(StoreError::Busy)
    }

    async fn knowledge_terms_put(&mut self, number: i64, terms: &[(String, i64)]) -> Result<(), StoreError> {
        for batch in terms.chunks(BATCH) {
            on!(self.tx, c => {
                let mut query = sqlx::query(KNOWLEDGE_TERMS_ADD).bind(self.id.as_str()).bind(number);
                for n in 0..BATCH {
                    let (term, weight) = batch.get(n).unwrap_or(&batch[0]);
                    query = query.bind(term.as_str()).bind(*weight);
                }
                query.execute(c).await.map(|_| ())
            })?;
        }
        Ok(())
    }

    /// An article by its number, unless it was removed.
    pub async fn knowledge_get(&mut self, number: i64) -> Result<Option<ArticleRow>, StoreError> {
        on!(self.tx, c => maybe(sqlx::query(KNOWLEDGE_GET).bind(self.id.as_str()).bind(number).fetch_optional(c).await))
    }

    /// Articles with numbers below `before`, newest first.
    pub async fn knowledge_page(&mut self, before: i64, limit: i64) -> Result<Vec<ArticleLine>, StoreError> {
        on!(self.tx, c => all(sqlx::query(KNOWLEDGE_PAGE).bind(self.id.as_str()).bind(before).bind(limit).fetch_all(c)
            .await))
    }

    /// Which articles have which of these stems, at most [`KNOWLEDGE_TERMS`] of them, the heaviest first.
    pub async fn knowledge_hits(&mut self, terms: &[String]) -> Result<Vec<KnowledgeHit>, StoreError> {
        on!(self.tx, c => {
            let mut query = sqlx::query(KNOWLEDGE_HITS).bind(self.id.as_str());
            for n in 0..KNOWLEDGE_TERMS {
                query = query.bind(terms.get(n).map_or("", String::as_str));
            }
            all(query.bind(HITS).fetch_all(c).await)
        })
    }

    /// How many articles there are.
    pub async fn knowledge_count(&mut self) -> Result<i64, StoreError> {
        Ok(on!(self.tx, c => sqlx::query_scalar(KNOWLEDGE_COUNT).bind(self.id.as_str()).fetch_one(c).await)?)
    }

    /// Removes an article: it is found no more, and the row says who removed it. `false`: there is none.
    pub async fn knowledge_remove(&mut self, number: i64, by: UserId, now: UnixMs) -> Result<bool, StoreError> {
        let removed = on!(self.tx, c => sqlx::query(KNOWLEDGE_REMOVE).bind(self.id.as_str()).bind(number).bind(by.0)
            .bind(now.0).execute(c).await.map(|d| d.rows_affected()))?;
        on!(self.tx, c => sqlx::query(KNOWLEDGE_TERMS_REMOVE).bind(self.id.as_str()).bind(number).execute(c).await
            .map(|_| ()))?;
        Ok(removed == 1)
    }
}
