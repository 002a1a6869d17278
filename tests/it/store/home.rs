//! A tenant with one row or more in every table of its own, each in the state in which most can be done to it; and a picture
//! of all its rows, to see whether anything changed.

use botyard::billing::{self, Held};
use botyard::domain::{
    AdminRole, BotInstanceId, ChatId, Corr, GenerationId, GenerationState, Lane, MessageClass, MessageId, Money, Payer,
    TransferId, UpdateId, UserId,
};
use botyard::store::{Counter, Db, ErrorEntry, GenerationChange, JobRow, MediaRow, OutboxRow, QuoteRow, UserRow};
use sqlx::AssertSqlSafe;

use super::media::file;
use super::world::{NOON, above, new_generation, offer, person, put_job, say, within};

pub(crate) const DAY: &str = "2026-11-22";
pub(crate) const LEASE: i64 = 60_000;
pub(crate) const SHOWN: MessageId = MessageId(77);

/// What is in a tenant.
pub(crate) struct Home {
    pub(crate) user: UserRow,
    pub(crate) corr: Corr,
    /// Open, shown by message [`SHOWN`].
    pub(crate) quote: QuoteRow,
    /// Confirmed, paid by a hold, with one item that is not sent and a reservation of two free units.
    pub(crate) generation: GenerationId,
    pub(crate) used_quote: QuoteRow,
    pub(crate) hold: TransferId,
    /// Free, ended by its person after the provider had taken it; the task is not noted.
    pub(crate) ended: GenerationId,
    pub(crate) media: MediaRow,
    /// Claimed.
    pub(crate) job: JobRow,
    /// Claimed.
    pub(crate) message: OutboxRow,
    pub(crate) chat: ChatId,
}

/// Fills every table of a tenant that exists.
pub(crate) async fn furnish(db: &Db, id: &BotInstanceId, user: UserId) -> Home {
    let person = person(db, id, user).await;
    let (corr, generation, media) = (Corr::random(), GenerationId::random(), file(10));
    let quote = QuoteRow { message_id: Some(SHOWN), ..offer(user, 0) };
    let used_quote = QuoteRow { payer: Payer::Money, ..offer(user, 1) };
    let hold = within(db, id, async |tx| {
        tx.admins_replace(&[(user, AdminRole::Owner)], NOON).await.unwrap();
        tx.session_save(user, 0, b"sealed", NOON).await.unwrap();
        tx.update_record(UpdateId(1), &corr, NOON).await.unwrap();
        tx.counter_add(DAY, Counter::NewUsers, 1).await.unwrap();
        let entry = ErrorEntry {
            corr: &corr,
            stage: "s",
            handler: "h",
            class: "c",
            message: "m",
            update_id: Some(UpdateId(1)),
        };
        tx.error_put(&entry, NOON).await.unwrap();
        let (rich, price) = (Money::kopecks(100_000), used_quote.price);
        billing::credit(tx, &person.user_ref, "op", rich, &corr, NOON).await.unwrap();
        let placed = billing::hold(tx, &person.user_ref, &generation, 1, price, &corr, NOON).await.unwrap();
        let Held::Placed(hold) = placed else { panic!("there was enough") };
        tx.quote_insert(&quote).await.unwrap();
        tx.quote_insert(&used_quote).await.unwrap();
        tx.quote_use(&used_quote.id, &generation, None, NOON).await.unwrap();
        let mut new = new_generation(&generation, &used_quote, &person, &corr);
        new.hold_id = Some(&hold);
        assert!(tx.generation_insert(&new, NOON).await.unwrap());
        tx.media_insert(&media).await.unwrap();
        tx.item_insert(&generation, 0, "photo", Some(&media.id), NOON).await.unwrap();
        assert!(tx.free_reserve(&generation, &person.user_ref, DAY, 2, 3, NOON).await.unwrap());
        hold
    })
    .await;
    let ended = super::world::generation(db, id, &person, 2).await;
    within(db, id, async |tx| {
        let change = GenerationChange {
            cause: Some("by_user"),
            accepted_at: Some(NOON),
            finished_at: Some(NOON),
            ..GenerationChange::default()
        };
        let (from, to) = ([GenerationState::Created], GenerationState::Canceled);
        assert!(tx.generation_move(&ended, &from, to, &change, NOON).await.unwrap());
    })
    .await;
    let chat = ChatId::from(user);
    for key in ["first", "second"] {
        say(db, id, chat, MessageClass::MustArrive, key, NOON).await;
    }
    let message = within(db, id, async |tx| tx.outbox_claim_chat(chat, NOON, LEASE).await.unwrap()).await.remove(0);
    put_job(db, id, Lane::Submit, "work", NOON).await;
    put_job(db, id, Lane::Watch, "waiting", super::world::later(1_000)).await;
    let jobs = above(db, async |tx| tx.jobs_claim(Lane::Submit, NOON, LEASE, 10, 10).await.unwrap()).await;
    let job = jobs.into_iter().find(|job| job.tenant == *id).unwrap();
    Home { user: person, corr, quote, generation, used_quote, hold, ended, media, job, message, chat }
}

/// Every row of a tenant, as text.
pub(crate) async fn picture(db: &Db, id: &BotInstanceId) -> Vec<String> {
    let mut rows = Vec::new();
    for table in tenant_tables(db).await {
        let found: Vec<String> = match (db.raw_sqlite(), db.raw_postgres()) {
            (Some(pool), _) => {
                let columns: Vec<String> = sqlx::query_scalar("SELECT name FROM pragma_table_info($1) ORDER BY cid")
                    .bind(&table)
                    .fetch_all(pool)
                    .await
                    .unwrap();
                let all: Vec<String> = columns.iter().map(|column| format!("quote({column})")).collect();
                let sql = format!("SELECT {} FROM {table} WHERE bot_instance_id = $1", all.join(" || ',' || "));
                sqlx::query_scalar(AssertSqlSafe(sql)).bind(id.as_str()).fetch_all(pool).await.unwrap()
            }
            (_, Some(pool)) => {
                let mut tx = pool.begin().await.unwrap();
                sqlx::query("SET LOCAL ROLE botyard_platform").execute(&mut *tx).await.unwrap();
                let sql = format!("SELECT CAST(t AS TEXT) FROM {table} t WHERE bot_instance_id = $1");
                sqlx::query_scalar(AssertSqlSafe(sql)).bind(id.as_str()).fetch_all(&mut *tx).await.unwrap()
            }
            (None, None) => unreachable!("a database is SQLite or PostgreSQL"),
        };
        assert!(!found.is_empty(), "{id} has no row in {table}: the test would say nothing about it");
        rows.extend(found.into_iter().map(|row| format!("{table}: {row}")));
    }
    rows.sort();
    rows
}

/// Tables whose key begins with the tenant.
pub(crate) async fn tenant_tables(db: &Db) -> Vec<String> {
    let tables: Vec<String> = match (db.raw_sqlite(), db.raw_postgres()) {
        (Some(pool), _) => {
            let sql = "SELECT m.name FROM sqlite_schema m, pragma_table_info(m.name) c
                WHERE m.type = 'table' AND c.name = 'bot_instance_id' AND c.pk = 1 ORDER BY m.name";
            sqlx::query_scalar(sql).fetch_all(pool).await.unwrap()
        }
        (_, Some(pool)) => {
            let sql = "SELECT k.table_name::TEXT FROM information_schema.key_column_usage k
                JOIN information_schema.table_constraints c ON c.constraint_name = k.constraint_name
                  AND c.table_name = k.table_name
                WHERE c.constraint_type = 'PRIMARY KEY' AND k.column_name = 'bot_instance_id' AND k.ordinal_position = 1
                ORDER BY k.table_name";
            sqlx::query_scalar(sql).fetch_all(pool).await.unwrap()
        }
        (None, None) => unreachable!("a database is SQLite or PostgreSQL"),
    };
    assert!(tables.len() >= 17, "only {tables:?}");
    tables
}
