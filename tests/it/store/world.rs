//! Two tenants, people in them, and short ways to say things.

use botyard::domain::{
    BotInstanceId, ChatId, Corr, GenerationId, JobId, Lane, MessageClass, Money, Origin, OutboxId, Payer, QuoteId,
    QuoteState, TenantState, UnixMs, UserId,
};
use botyard::store::{Db, NewGeneration, NewJob, NewMessage, NewTenant, PlatformTx, QuoteRow, Seen, TenantTx, UserRow};

/// 2026-11-22 12:00 UTC: when the tests happen.
pub(crate) const NOON: UnixMs = UnixMs(1_795_348_800_000);
pub(crate) const ALICE: UserId = UserId(1001);
pub(crate) const BOB: UserId = UserId(1002);

pub(crate) fn later(ms: i64) -> UnixMs {
    UnixMs(NOON.0 + ms)
}

pub(crate) fn tenant(name: &str) -> BotInstanceId {
    BotInstanceId::parse(name).unwrap()
}

pub(crate) fn new_tenant(id: &BotInstanceId, bot_id: i64) -> NewTenant<'_> {
    NewTenant {
        tenant: id,
        partner_id: "partner",
        state: TenantState::Active,
        origin: Origin::Cli,
        managed: false,
        bot_id: UserId(bot_id),
        bot_username: None,
        token_fingerprint: id.as_str(),
        token_sealed: b"sealed token",
        webhook_secret_sealed: b"sealed secret",
        provider_key_sealed: None,
        data_key_wrapped: b"wrapped key",
        telegram_api_url: None,
        settings: "{}",
    }
}

/// Tenants `tenant-a` and `tenant-b`.
pub(crate) async fn two_tenants(db: &Db) -> (BotInstanceId, BotInstanceId) {
    let (a, b) = (tenant("tenant-a"), tenant("tenant-b"));
    let mut tx = db.platform().await.unwrap();
    tx.tenant_insert(&new_tenant(&a, 70_001), NOON).await.unwrap();
    tx.tenant_insert(&new_tenant(&b, 70_002), NOON).await.unwrap();
    tx.commit().await.unwrap();
    (a, b)
}

/// Runs one thing in a transaction of a tenant's and commits it.
pub(crate) async fn within<T>(db: &Db, id: &BotInstanceId, work: impl AsyncFnOnce(&mut TenantTx) -> T) -> T {
    let mut tx = db.tenant(id).await.unwrap();
    let out = work(&mut tx).await;
    tx.commit().await.unwrap();
    out
}

/// Runs one thing in a transaction over all tenants and commits it.
pub(crate) async fn above<T>(db: &Db, work: impl AsyncFnOnce(&mut PlatformTx) -> T) -> T {
    let mut tx = db.platform().await.unwrap();
    let out = work(&mut tx).await;
    tx.commit().await.unwrap();
    out
}

pub(crate) fn seen(user: UserId) -> Seen<'static> {
    Seen { user_id: user, username: Some("someone"), first_name: "Some", last_name: None, language_code: Some("ru") }
}

/// A person of the tenant.
pub(crate) async fn person(db: &Db, id: &BotInstanceId, user: UserId) -> UserRow {
    within(db, id, async |tx| tx.user_seen(&seen(user), NOON).await.unwrap()).await
}

/// Records a message; `key` is its dedupe key and its text.
pub(crate) async fn say(
    db: &Db,
    id: &BotInstanceId,
    chat: ChatId,
    class: MessageClass,
    key: &str,
    run_at: UnixMs,
) -> bool {
    let corr = Corr::random();
    let new = NewMessage {
        id: OutboxId::next(NOON),
        chat_id: chat,
        class,
        sealed: key.as_bytes(),
        dedupe_key: key,
        run_at,
        generation_id: None,
        quote_id: None,
        corr: &corr,
    };
    within(db, id, async |tx| tx.outbox_put(&new, NOON).await.unwrap()).await
}

/// An offer to `user`, open for a minute; `n` makes it and its fingerprint differ.
pub(crate) fn offer(user: UserId, n: i64) -> QuoteRow {
    QuoteRow {
        id: QuoteId::random(),
        user_id: user,
        chat_id: user.into(),
        message_id: None,
        model_id: "a/model".to_owned(),
        gen_type: "text_to_image".to_owned(),
        sealed: b"sealed request".to_vec(),
        fingerprint: format!("print-{n}"),
        price: Money::kopecks(550),
        units: 1,
        payer: Payer::Free,
        state: QuoteState::Open,
        generation_id: None,
        created_at: later(n),
        expires_at: later(n + 60_000),
    }
}

/// A generation of a person, confirmed at `later(n)`.
pub(crate) async fn generation(db: &Db, id: &BotInstanceId, person: &UserRow, n: i64) -> GenerationId {
    let (quote, generation, corr) = (offer(person.user_id, n), GenerationId::random(), Corr::random());
    within(db, id, async |tx| {
        tx.quote_insert(&quote).await.unwrap();
        assert!(tx.quote_use(&quote.id, &generation, None, later(n)).await.unwrap());
        let new = new_generation(&generation, &quote, person, &corr);
        assert!(tx.generation_insert(&new, later(n)).await.unwrap());
    })
    .await;
    generation
}

pub(crate) fn new_generation<'a>(
    id: &'a GenerationId,
    quote: &'a QuoteRow,
    person: &'a UserRow,
    corr: &'a Corr,
) -> NewGeneration<'a> {
    NewGeneration {
        id,
        user_id: person.user_id,
        user_ref: &person.user_ref,
        chat_id: quote.chat_id,
        quote_id: &quote.id,
        model_id: &quote.model_id,
        gen_type: &quote.gen_type,
        sealed: &quote.sealed,
        fingerprint: &quote.fingerprint,
        payer: quote.payer,
        price: quote.price,
        units: quote.units,
        hold_id: None,
        callback_hash: id.short(),
        progress_message_id: None,
        progress_stage: "start",
        corr,
    }
}

/// Puts a job that is due at `run_at`; `key` is its dedupe key.
pub(crate) async fn put_job(db: &Db, id: &BotInstanceId, lane: Lane, key: &str, run_at: UnixMs) -> bool {
    let corr = Corr::random();
    let new = NewJob {
        id: JobId::random(),
        lane,
        kind: "work",
        dedupe_key: key,
        run_at,
        max_attempts: 3,
        payload: "{}",
        corr: &corr,
    };
    within(db, id, async |tx| tx.job_put(&new, NOON).await.unwrap()).await
}
