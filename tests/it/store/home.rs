//! A tenant with one row or more in every table of its own, each in the state in which most can be done to it; and a picture
//! of all its rows, to see whether anything changed.

use botyard::billing::{self, Held};
use botyard::domain::transfer::IdempotencyKey;
use botyard::domain::{
    AdminRole, BotInstanceId, BroadcastId, BroadcastKind, ChatId, Corr, GenerationId, GenerationState, Lane,
    MessageClass, MessageId, Money, Payer, PromoId, PromoTerms, TransferId, UpdateId, UserId, UserRef,
};
use botyard::store::{
    Counter, Db, ErasedMark, ErrorEntry, GenerationChange, JobRow, MediaRow, NewBroadcast, OutboxRow, PendingPromoRow,
    PromoTriesRow, QuoteRow, TenantTx, UserRow,
};
use sqlx::AssertSqlSafe;

use super::media::file;
use super::world::{NOON, above, later, new_generation, offer, person, put_job, say, within};

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
    /// A percent code, used once by its person and waiting for a top-up.
    pub(crate) promo: PromoId,
    /// Claimed.
    pub(crate) job: JobRow,
    /// Claimed.
    pub(crate) message: OutboxRow,
    pub(crate) chat: ChatId,
    /// Confirmed, with one recipient.
    pub(crate) broadcast: BroadcastId,
    /// Composed only.
    pub(crate) draft: BroadcastId,
    /// An open transfer, a picture under review and a charge of Stars.
    pub(super) till: super::payments::Till,
    /// For an endpoint that was not told yet.
    pub(super) told: botyard::domain::HookDeliveryId,
}

/// Fills every table of a tenant that exists.
#[expect(clippy::too_many_lines, reason = "one thing of each kind")]
pub(crate) async fn furnish(db: &Db, id: &BotInstanceId, user: UserId) -> Home {
    let person = person(db, id, user).await;
    let (corr, generation, media) = (Corr::random(), GenerationId::random(), file(10));
    let promo = PromoId::random();
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
        assert!(tx.erasure_request(user, &corr, NOON).await.unwrap());
        let mark = ErasedMark { mark: "of somebody".into(), day: DAY.into(), day_used: 2, gift: None, erased_at: NOON };
        tx.erased_mark_put(&mark).await.unwrap();
        let text = "Возврат денег\nДеньги возвращаются на баланс.";
        botyard::knowledge::add(tx, text, user, NOON).await.unwrap();
        assert!(tx.free_reserve(&generation, &person.user_ref, DAY, 2, 3, NOON).await.unwrap());
        bonuses(tx, &person, &promo, &corr).await;
        hold
    })
    .await;
    within(db, id, async |tx| super::admin::furnish(tx, &person, &corr).await).await;
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
    let till = within(db, id, async |tx| super::payments::fill(tx, &person, &corr).await).await;
    within(db, id, super::proof::fill).await;
    within(db, id, super::rooms::fill).await;
    let told = within(db, id, async |tx| super::programs::furnish(tx, &corr).await).await;
    let chat = ChatId::from(user);
    for key in ["first", "second"] {
        say(db, id, chat, MessageClass::MustArrive, key, NOON).await;
    }
    let message = within(db, id, async |tx| tx.outbox_claim_chat(chat, NOON, LEASE).await.unwrap()).await.remove(0);
    put_job(db, id, Lane::Submit, "work", NOON).await;
    put_job(db, id, Lane::Watch, "waiting", super::world::later(1_000)).await;
    let (broadcast, draft) = (BroadcastId::random(), BroadcastId::random());
    within(db, id, async |tx| {
        assert!(tx.user_started(user, NOON).await.unwrap());
        compose(tx, &broadcast, user, &corr).await;
        assert_eq!(tx.broadcast_confirm(&broadcast, 1, NOON, NOON).await.unwrap(), Some(1));
        assert_eq!(tx.recipients_gather(&broadcast, i64::MIN, 10, NOON).await.unwrap(), Some((user.0, 1)));
        compose(tx, &draft, user, &corr).await;
    })
    .await;
    let jobs = above(db, async |tx| tx.jobs_claim(Lane::Submit, NOON, LEASE, 10, 10).await.unwrap()).await;
    let job = jobs.into_iter().find(|job| job.tenant == *id).unwrap();
    Home {
        promo,
        user: person,
        corr,
        quote,
        generation,
        used_quote,
        hold,
        ended,
        media,
        job,
        message,
        chat,
        broadcast,
        draft,
        till,
        told,
    }
}

/// Link `token`, one invited person, five earned units, a gift of 12.34 ₽, the code `SUMMER` in use, one wrong code.
async fn bonuses(tx: &mut TenantTx, person: &UserRow, promo: &PromoId, corr: &Corr) {
    let user = &person.user_ref;
    assert!(tx.referral_link_put(user, "token", NOON).await.unwrap());
    assert!(tx.referral_put(&UserRef::random(), user, NOON).await.unwrap());
    let key = IdempotencyKey::referral(user, true);
    assert!(billing::bank_add(tx, user, 5, &key, corr, NOON).await.unwrap());
    assert!(tx.gift_put(user, Money::kopecks(1_234), NOON).await.unwrap());
    let terms = PromoTerms::parse("SUMMER 15% 500 1 14").unwrap();
    assert!(tx.promo_insert(promo, &terms, person.user_id, later(1_000_000), NOON).await.unwrap());
    assert!(tx.promo_count(promo, NOON).await.unwrap());
    assert_eq!(tx.promo_use(promo, user, 1, NOON).await.unwrap(), Some(1));
    let pending = PendingPromoRow { promo_id: promo.clone(), percent: 15, expires_at: later(1_000_000) };
    assert!(tx.promo_pending_put(user, &pending, NOON).await.unwrap());
    tx.promo_tries_put(user, &PromoTriesRow { wrong: 1, since: NOON, closed_until: later(1_000_000) }).await.unwrap();
    assert!(tx.viewer_add(person.user_id, person.user_id, NOON).await.unwrap());
    tx.support_grant(person.user_id, later(1_000_000), NOON).await.unwrap();
}

/// Records a draft of a broadcast.
pub(crate) async fn compose(tx: &mut TenantTx, id: &BroadcastId, admin: UserId, corr: &Corr) {
    let chat = ChatId::from(admin);
    let new = NewBroadcast { id, kind: BroadcastKind::Text, admin, chat, message: SHOWN, sealed: None, corr };
    tx.broadcast_compose(&new, NOON).await.unwrap();
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
